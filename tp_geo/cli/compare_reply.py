"""What ``tp-geo compare`` answers: figures side by side, flows, winners and losers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tp_geo.cli.reply import Cell, Reply, Table, amount, count

if TYPE_CHECKING:
    from tp_geo.domain.comparison import Comparison, Places
    from tp_geo.files.exports_compare import Compared
    from tp_geo.workflow.differences import Side

_LISTED = 30
"""Lines of a table in text; JSON and files have all."""


def compared_reply(contents: Compared, before: Side, after: Side, measure: str) -> Reply:
    """Return a comparison as data and as text; lists go by ``measure``, else by what moves."""
    found = contents.found
    by = found.figure(measure) if measure else _telling(found)
    data = {
        "from": _side(before),
        "to": _side(after),
        "level": found.level,
        "figures": found.figures,
        "changes_area": _moved(found, found.areas),
        "changes_owner": _moved(found, found.owners),
        "relations": found.relations,
        "areas": _areas(contents),
        "owners": _places(contents, found.owners, contents.owner_names()),
        "flows": _flows(found, found.areas, _names(contents)),
        "owner_flows": _flows(found, found.owners, contents.owner_names()),
        "only_in_from": found.only_before,
        "only_in_to": found.only_after,
    }
    return Reply(data, tuple(_text(contents, by)))


def _telling(found: Comparison) -> int:
    """Return what lists go by unless told otherwise: the first measure, else units."""
    return 2 if len(found.figures) > 2 else int(found.areas.before[:, 1].any())


def _side(side: Side) -> dict[str, object]:
    return {"alignment": side.plan.info.name, "revision": side.revision}


def _moved(found: Comparison, places: Places) -> dict[str, dict[str, float]]:
    return {
        name: {"amount": places.moved(i), "share": places.share(i)}
        for i, name in enumerate(found.figures)
    }


def _areas(contents: Compared) -> list[dict[str, Any]]:
    found = contents.found
    told = _places(contents, found.areas, _names(contents))
    for row, pair in zip(told, found.pairs, strict=True):
        old, new = contents.owners(pair)
        row |= {"before_id": pair.before, "after_id": pair.after, "found_by": str(pair.how)}
        row |= {"owner_before": old or None, "owner_after": new or None}
    return told


def _names(contents: Compared) -> list[str]:
    return [contents.name(pair) for pair in contents.found.pairs]


def _places(contents: Compared, places: Places, names: Sequence[str]) -> list[dict[str, Any]]:
    figures = contents.found.figures
    words = ("before", "after", "gained", "lost")
    return [
        {"name": name}
        | {w: dict(zip(figures, getattr(places, w)[at].tolist(), strict=True)) for w in words}
        for at, name in enumerate(names)
    ]


def _flows(found: Comparison, places: Places, names: Sequence[str]) -> list[dict[str, Any]]:
    flows = places.flows
    return [
        {"from": names[a], "to": names[b], **dict(zip(found.figures, row, strict=True))}
        for a, b, row in zip(
            flows.source.tolist(), flows.target.tolist(), flows.amounts.tolist(), strict=True
        )
    ]


def _text(contents: Compared, by: int) -> Iterator[str | Table]:
    found = contents.found
    if not found.areas.flows.count and not found.owners.flows.count:
        yield "Nothing changes its area or its owner."
        return
    for what, places in (("area", found.areas), ("owner", found.owners)):
        told = (
            f"{amount(places.moved(i))} {name} ({places.share(i):.1%})".replace("%", " %")
            for i, name in enumerate(found.figures)
            if found.areas.before[:, i].any()
        )
        yield f"Changes {what}: {', '.join(told)}."
    yield from _related(found)
    yield from _table(contents, found.areas, ("area", _names(contents)), by)
    yield from _table(contents, found.owners, ("owner", contents.owner_names()), by)
    yield from _flow_table(contents, by)


def _related(found: Comparison) -> Iterator[str]:
    r = found.relations
    if r.had:
        yield (
            f"Owners kept: {r.kept:,} of {r.had:,}; with another one: {r.other:,}; "
            f"with none after: {r.dropped:,}; new for those without one: {r.begun:,}."
        )
    if found.only_before or found.only_after:
        yield (
            f"Not compared: {count(found.only_before, 'item')} only in the first, "
            f"{found.only_after:,} only in the second."
        )


def _table(
    contents: Compared, places: Places, named: tuple[str, Sequence[str]], by: int
) -> Iterator[str | Table]:
    what, names = named
    net = places.after[:, by] - places.before[:, by]
    there = [i for i in range(places.count) if places.gained[i].any() or places.lost[i].any()]
    rows: list[list[Cell]] = [
        [
            names[i], places.before[i, by], places.gained[i, by], places.lost[i, by],
            places.after[i, by], f"{net[i]:+,.0f}",
        ]
        for i in sorted(there, key=lambda i: (-net[i], names[i]))
    ]  # fmt: skip
    if rows:
        head = (what, "before", "gained", "lost", "after", "net")
        yield f"By {what}, {contents.found.figures[by]}:"
        yield Table(head, rows[:_LISTED])
        yield from _left_out(rows)


def _flow_table(contents: Compared, by: int) -> Iterator[str | Table]:
    found, names = contents.found, _names(contents)
    flows = found.areas.flows
    there = [i for i in range(len(found.figures)) if found.areas.before[:, i].any()]
    rows: list[list[Cell]] = [
        [names[flows.source[i]], names[flows.target[i]], *flows.amounts[i, there].tolist()]
        for i in flows.largest(by).tolist()
    ]
    if rows:
        yield Table(("from", "to", *(found.figures[i] for i in there)), rows[:_LISTED])
        yield from _left_out(rows)


def _left_out(rows: Sequence[object]) -> Iterator[str]:
    if len(rows) > _LISTED:
        yield f"{len(rows) - _LISTED:,} more are in --json, --csv and --xlsx."
