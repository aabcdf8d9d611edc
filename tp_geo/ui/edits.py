"""What the map asks for, done once each: operations in order, refusals with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import HoldItems, Move
from tp_geo.errors import BadData, TpGeoError
from tp_geo.ui.wire import decode_positions
from tp_geo.workflow.plan import Plan

KEPT_REFUSALS = 50
LONGEST_CLIENT = 64
HIGHEST = 2**53 - 1
"""Whole numbers up to here are exact in a browser."""


@dataclass(slots=True)
class Answers:
    """What one session has answered of the operations of map clients."""

    done: dict[str, int] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def acks(self, plan: Plan) -> Mapping[str, int]:
        """Return, by client that spoke to this session, its last operation that was answered."""
        logged = plan.acks()
        return {client: max(seq, logged.get(client, 0)) for client, seq in self.done.items()}

    def take(self, message: Mapping[str, Any], plan: Plan, *, by: str) -> int:
        """Do every operation of a message that was not answered before; return how many."""
        client, ops = str(message.get("client", "")), message.get("ops")
        named = 0 < len(client) <= LONGEST_CLIENT and ":" not in client
        if not named or not isinstance(ops, list):
            raise BadData("The map sent something that is no edit. Reload the page.")
        last = max(self.done.get(client, 0), plan.acks().get(client, 0))
        self.done[client] = last
        fresh = [op for op in ops if isinstance(op, dict) and _number(op) > last]
        for op in sorted(fresh, key=_number):
            self._answer(client, op, plan, by)
        return len(fresh)

    def _answer(self, client: str, op: Mapping[str, Any], plan: Plan, by: str) -> None:
        seq = _number(op)
        try:
            _do(op, plan, by=by, origin=f"{client}:{seq}")
        except TpGeoError as why:
            self.refused.append({"client": client, "seq": seq, "reason": str(why)})
            del self.refused[:-KEPT_REFUSALS]
        self.done[client] = seq


def _do(op: Mapping[str, Any], plan: Plan, *, by: str, origin: str) -> None:
    match op:
        case {"kind": "assign", "to": int(to), "items": list(steps)}:
            items = decode_positions(steps, plan.dataset.items.count)
            plan.ask(Move(items, AreaId(to)), by=by, origin=origin)
        case {"kind": "hold", "held": bool(held), "items": list(steps)}:
            items = decode_positions(steps, plan.dataset.items.count)
            plan.ask(HoldItems(items, held), by=by, origin=origin)
        case {"kind": "undo"}:
            plan.undo(by=by, origin=origin)
        case {"kind": "redo"}:
            plan.redo(by=by, origin=origin)
        case _:
            raise BadData(f"The map asked for {str(op.get('kind'))[:40]!r}, which is unknown.")


def _number(op: Mapping[str, Any]) -> int:
    seq = op.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool):
        return 0
    return seq if 0 < seq <= HIGHEST else 0
