"""What ``optimize`` answers: figures before and after, what moves, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tp_geo.cli.reply import Cell, Reply, Table, count, share

if TYPE_CHECKING:
    from tp_geo.workflow.optimizing_proposal import Alternative, AreaRow, Moved, Proposal
    from tp_geo.workflow.plan import Plan

NAMED = 12
"""So many moves at most are told to people; programs get all of them."""


def reply(
    plan: Plan,
    proposal: Proposal,
    index: int,
    text: str,
    why: Mapping[str, list[str]],
    *,
    gap: float | None = None,
    changed: bool,
    preview: bool,
) -> Reply:
    """Return the figures of the plan that was chosen, and the others in short."""
    chosen = proposal.alternatives[index]
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "changed": changed,
        "text": text,
        "plan": chosen.label,
        "moved": _moved(chosen.moved),
        "assigned": _moved(chosen.assigned),
        "before": [_row(row, 0) for row in chosen.rows],
        "after": [_row(row, 1) for row in chosen.rows],
        "largest_deviation": chosen.largest,
        "mean_deviation": chosen.mean,
        "lower_bound": chosen.lower_bound,
        "least_moved": proposal.least_moved,
        "parts": chosen.parts,
        "split": {kind: {"before": a, "after": b} for kind, (a, b) in chosen.split.items()},
        "stopped": chosen.stopped,
        "seconds": chosen.seconds,
        "binding": chosen.binding,
        "issues": [*proposal.issues, *chosen.issues],
        "moves": chosen.moves,
        "owners": chosen.owners,
        "alternatives": [_short(a) for a in proposal.alternatives],
        "explained": why,
        "shape_gap": gap,
    }
    first = f"{plan.info.name}, revision {plan.seq}{', preview' if preview else ''}: {text}"
    proved = () if gap is None else (f"It could be rounder by {100 * gap:.1f} % at most.",)
    return Reply(data, (first, *_told(plan, proposal, chosen, why), *proved))


def _row(row: AreaRow, at: int) -> Mapping[str, object]:
    pairs = [(f.measure, (f.before, f.after), f) for f in row.figures]
    shape = row.shape[at]
    return {
        "id": row.id,
        "name": row.name,
        "locked": row.locked,
        "containers": row.containers[at],
        "units": row.units[at],
        "totals": {measure: values[at] for measure, values, _ in pairs},
        "targets": {measure: f.target for measure, _, f in pairs},
        "deviation": {
            measure: (f.deviation_before, f.deviation_after)[at] for measure, _, f in pairs
        },
        "parts": shape.parts,
        "polsby_popper": shape.roundness,
        "km": shape.km,
        "minutes": shape.minutes,
    }


def _moved(moved: Moved) -> Mapping[str, object]:
    return {"containers": moved.containers, "units": moved.units, **moved.shares}


def _short(a: Alternative) -> Mapping[str, object]:
    return {
        "plan": a.label,
        "text": a.text,
        "largest_deviation": a.largest,
        "lower_bound": a.lower_bound,
        "parts": a.parts,
        "moved": _moved(a.moved),
        "stopped": a.stopped,
        "seconds": a.seconds,
    }


def _told(
    plan: Plan, proposal: Proposal, chosen: Alternative, why: Mapping[str, Sequence[str]]
) -> Iterator[str | Table]:
    yield f"{chosen.text}; {chosen.stopped} after {chosen.seconds:.1f} s"
    yield _areas_table(plan, chosen)
    if chosen.moves:
        yield _moves_table(plan, proposal, chosen)
    if len(proposal.alternatives) > 1:
        rows = [(n, a.label, a.text) for n, a in enumerate(proposal.alternatives, start=1)]
        yield Table(("#", "plan", ""), rows)
    yield from (f"Limit that binds: {name}" for name in chosen.binding)
    yield from (issue.text for issue in (*proposal.issues, *chosen.issues))
    yield from (f"{code}: {' '.join(sentences)}" for code, sentences in why.items())


def _areas_table(plan: Plan, chosen: Alternative) -> Table:
    several = len(chosen.rows[0].figures) > 1
    columns = ["area", plan.noun, "parts"]
    for f in chosen.rows[0].figures:
        columns += [f.measure, "target", *(f"{w} ({f.measure})" if several else w for w in _OFF)]
    return Table(columns, [_area_cells(row) for row in chosen.rows])


_OFF = ("before", "after")


def _area_cells(row: AreaRow) -> list[Cell]:
    cells: list[Cell] = [f"{row.name}{' (locked)' if row.locked else ''}"]
    cells += [row.containers[1], row.shape[1].parts]
    for f in row.figures:
        cells += [f.after, f.target, share(f.deviation_before), share(f.deviation_after)]
    return cells


def _moves_table(plan: Plan, proposal: Proposal, chosen: Alternative) -> Table:
    names, alignment = proposal.setting.frame.columns, proposal.setting.frame.alignment
    rows: list[list[Cell]] = [
        [
            alignment.name(m.source),
            alignment.name(m.target),
            m.containers,
            m.units,
            *(m.amounts[name] for name in names),
        ]
        for m in chosen.moves[:NAMED]
    ]
    if more := len(chosen.moves) - NAMED:
        rows += [[f"and {count(more, 'more pair')}", "", "", "", *("" for _ in names)]] * (more > 0)
    return Table(("from", "to", plan.noun, "units", *names), rows)
