"""What differs between two alignments, revisions or snapshots, and what changes for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import level_in
from tp_geo.cli.compare_reply import compared_reply
from tp_geo.cli.reply import Reply, Table, count
from tp_geo.cli.session import Progress, session_of
from tp_geo.errors import BadData

if TYPE_CHECKING:
    from tp_geo.workflow.differences import Differences, Side

commands = typer.Typer(rich_markup_mode=None)

_Side: TypeAlias = Annotated[
    str, typer.Argument(metavar="A", help="A, A@REVISION, A@SNAPSHOT or A@published.")
]
_Other: TypeAlias = Annotated[str, typer.Argument(metavar="B", help="The same.")]


@commands.command(rich_help_panel="Alignments")
def diff(
    ctx: typer.Context,
    before: _Side,
    after: _Other,
) -> Reply:
    """Show what differs from one alignment, revision or snapshot to another."""
    from tp_geo.workflow.differences import compare, find_side

    planner = session_of(ctx).planner
    sides = find_side(planner, before), find_side(planner, after)
    return _difference(compare(planner, *sides), *sides)


@commands.command("compare", rich_help_panel="Alignments")
def compare_two(
    ctx: typer.Context,
    before: _Side,
    after: _Other,
    *,
    level: Annotated[str, typer.Option(help="The level of areas, by name or number.")] = "1",
    measure: Annotated[
        str, typer.Option(help="What lists go by: a measure, units or containers.")
    ] = "",
    csv: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Also write every table as CSV there.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a workbook with every table.")
    ] = None,
    handover: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a zip with a workbook for each owner."),
    ] = None,
) -> Reply:
    """Tell what changes for whom: areas, owners, flows between them, kept relations."""
    from tp_geo.workflow.compare import compare_sides, exports_of, write_comparison, write_handover
    from tp_geo.workflow.differences import find_side

    book = xlsx and _workbook(xlsx)
    planner = session_of(ctx).planner
    sides = find_side(planner, before), find_side(planner, after)
    found = compare_sides(planner, *sides, level=level_in(sides[1].alignment, level))
    contents = exports_of(found, *sides)
    reply = compared_reply(contents, *sides, measure)
    for path in (csv, book):
        if path:
            write_comparison(contents, path)
    if handover:
        progress = Progress()
        write_handover(contents, handover, told=progress)
        progress.done()
    return reply


def _workbook(path: Path) -> Path:
    """Return the path of a workbook, or refuse one with another suffix."""
    if path.suffix.lower() != ".xlsx":
        raise BadData(f"{path.name} is no workbook: --xlsx takes a file that ends in .xlsx.")
    return path


def _difference(found: Differences, before: Side, after: Side) -> Reply:
    data = {
        "from": {"alignment": before.plan.info.name, "revision": before.revision},
        "to": {"alignment": after.plan.info.name, "revision": after.revision},
        "same": found.none,
        "areas": {"added": found.added, "removed": found.removed, "changed": found.changed},
        "items": {
            "moved": found.items,
            "moves": [
                {"from": m.source, "to": m.target, "containers": m.containers, "units": m.units}
                for m in found.moved
            ],
            "held": found.held,
            "released": found.released,
            "only_in_from": found.only_before,
            "only_in_to": found.only_after,
        },
    }
    return Reply(data, ["No difference."] if found.none else _told(found))


def _by_key(fields: Mapping[str, tuple[object, object]]) -> Iterator[tuple[str, object, object]]:
    """Yield what changed, before and after; each target and attribute by its name."""
    from tp_geo.domain.commands import attribute_label

    for name, (was, now) in fields.items():
        if not isinstance(was, Mapping) or not isinstance(now, Mapping):
            yield name, was, now
            continue
        for key in sorted(was.keys() | now.keys()):
            if was.get(key) != now.get(key):
                label = f"target {key}" if name == "targets" else attribute_label(key)
                yield label, was.get(key), now.get(key)


def _told(found: Differences) -> list[str | Table]:
    told: list[str | Table] = [f"+ {name}" for name in found.added]
    told += [f"- {name}" for name in found.removed]
    for change in found.changed:
        fields = "; ".join(f"{f}: {a!s} → {b!s}" for f, a, b in _by_key(change.fields))
        told.append(f"~ {change.area}: {fields}")
    if found.moved:
        rows = [(m.source, m.target, len(m.containers), len(m.units)) for m in found.moved]
        told.append(Table(("from", "to", "containers", "units"), rows))
    for what, codes in (
        ("held", found.held),
        ("released", found.released),
        ("only in the first", found.only_before),
        ("only in the second", found.only_after),
    ):
        if codes:
            few = ", ".join(codes[:5]) + (", …" if len(codes) > 5 else "")
            told.append(f"{count(len(codes), 'item')} {what}: {few}")
    return told
