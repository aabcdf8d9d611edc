"""Breaking a publish at every call in turn, each time from the same start.

A process that is killed leaves its org and its journals as they are between
two calls. So one run that nothing disturbs, looked at before and after every
call, shows all that a kill can leave; each is put back and gone on from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from wired import Killed, Way, Wire, wired

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import read_journal
from tp_geo.crm.org.service import Org
from tp_geo.crm.rows import ACCOUNTS, MODEL, OBJECTS
from tp_geo.errors import CrmFailure

Contents = Mapping[str, object]


class Scene(Protocol):
    """An org, a client of it, and the wire between them."""

    org: Org
    crm: Salesforce
    wire: Wire


@dataclass(frozen=True)
class Left:
    """What an org and the journals of it hold at one moment."""

    org: bytes
    journals: tuple[tuple[Path, bytes], ...]


class Breaking:
    """Breaks what is done to an org at its calls, and looks at what becomes of it.

    ``act`` is what somebody asks for, and asks for again after it failed;
    ``journals`` the folder where it is written down.
    """

    def __init__(self, scene: Scene, act: Callable[[], object], journals: Path) -> None:
        self.scene, self.act, self.journals = scene, act, journals
        self.start = self._look()
        self.left, self.writes, self.reads = self._undisturbed()
        self.end = self._look()
        self.calm = self.contents()

    def killed(self, *, meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
        """Yield where a kill ends otherwise, of all calls; ``meanwhile`` passes before the next."""
        for number, left in enumerate(self.left):
            self.put_back(left)
            meanwhile()
            self.act()
            yield from self._other(f"what was left {number}. of {len(self.left)}")

    def broken(self, way: Way) -> Iterator[str]:
        """Yield where a break ends otherwise, of every call that writes in turn."""
        for at in range(1, self.writes + 1):
            self.put_back(self.start)
            self.scene.wire.break_at(way, (at,))
            try:
                self.act()
            except (Killed, CrmFailure) as error:
                if isinstance(error, CrmFailure) and way not in (Way.HELD, Way.EXPIRED):
                    yield f"{way} at write {at}: {error}"
                self._again(way)
            self.scene.wire.mend()
            yield from self._other(f"{way} at write {at}")

    def tried_again(self, way: Way, *, reads: bool) -> Iterator[str]:
        """Yield where it ends otherwise when each call breaks once, and is tried again at once."""
        self.put_back(self.start)
        count = self.reads if reads else self.writes
        self.scene.wire.break_at(way, range(1, 2 * count, 2), reads=reads)
        self.act()
        self.scene.wire.mend()
        yield from self._other(f"{way} at every call")

    def put_back(self, left: Left) -> None:
        """Let the org and its journals be as they were left at one moment, and sign in anew."""
        org = self.scene.org
        org.state._connection.deserialize(left.org)
        org.bulk._rows = ("", [])
        for path in self.journals.rglob("*.jsonl"):
            path.unlink()
        for path, held in left.journals:
            path.write_bytes(held)
        self.scene.crm, self.scene.wire = wired(org)

    def contents(self) -> Contents:
        """Return what the org holds of all models, how many of each, and what the journals say."""
        state = self.scene.org.state
        names = sorted(str(name) for (name,) in state.rows(f"select DeveloperName from {MODEL}"))
        rows = {
            row.key: {k: v for k, v in row.fields.items() if v is not None}
            for name in names
            for row in read_model(self.scene.crm, name)
        }
        files = self._look().journals
        return {
            "rows": rows,
            "counts": {name: state.count(name) for name in OBJECTS},
            "accounts": [_fields(one) for one in state.find(ACCOUNTS)],
            **{f"{path.name}, {k}": v for path, _ in files for k, v in _told(path).items()},
        }

    def _again(self, way: Way) -> None:
        self.scene.wire.mend()
        if way is Way.EXPIRED:
            self.scene.crm, self.scene.wire = wired(self.scene.org)
        self.act()

    def _undisturbed(self) -> tuple[Sequence[Left], int, int]:
        wire, left = self.scene.wire, dict[Left, None]()
        wire.writes = wire.reads = 0
        wire.watch = lambda: left.setdefault(self._look())
        self.act()
        wire.watch = lambda: None
        return tuple(left), wire.writes, wire.reads

    def _other(self, where: str) -> Iterator[str]:
        now = self.contents()
        yield from (
            f"{where}: {what} are {now[what]}, not {calm}"
            for what, calm in self.calm.items()
            if now[what] != calm
        )

    def _look(self) -> Left:
        files = sorted(self.journals.rglob("*.jsonl"))
        held = self.scene.org.state._connection.serialize()
        return Left(held, tuple((path, path.read_bytes()) for path in files))


def _fields(account: Mapping[str, Any]) -> Mapping[str, Any]:
    return {k: v for k, v in account.items() if k not in ("LastModifiedDate", "SystemModstamp")}


def _told(path: Path) -> Contents:
    """Return what a journal says in the end, but for when and on which way."""
    last = read_journal(path)
    return {
        "before": {row.key: row.fields for row in last.before},
        "wanted": {row.key: row.fields for row in last.wanted},
        "written": {w.key for w in last.written},
        "ended": last.ended,
    }
