"""What commands that change an alignment have in common: find it, ask, say what was done."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.reply import Reply
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.alignment import Alignment, AreaId, Profile
    from tp_geo.domain.commands import Command
    from tp_geo.domain.dataset import Dataset
    from tp_geo.domain.revision import Revision
    from tp_geo.domain.shares import Overlap
    from tp_geo.workflow.plan import Plan

PlanName: TypeAlias = Annotated[str, typer.Argument(metavar="A", help="The alignment.")]
AreaName: TypeAlias = Annotated[
    str, typer.Argument(metavar="AREA", help="Its name, path (West/California) or #id.")
]
Note: TypeAlias = Annotated[str, typer.Option(help="Why, for the history.")]
Level: TypeAlias = Annotated[str, typer.Option(help="What areas of this level are called.")]
ProfileName: TypeAlias = Annotated[
    str | None,
    typer.Option("--profile", help="Of areas made later: contiguous or non-contiguous."),
]
OverlapName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--overlap", help="Whether areas may share containers: none, full (for each), even (split)."
    ),
]
Description: TypeAlias = Annotated[str | None, typer.Option(help="What it is for.")]
Count: TypeAlias = Annotated[int, typer.Option("--areas", min=0, help="How many areas.")]
Names: TypeAlias = Annotated[
    list[str] | None, typer.Option(help='Names: West,East or "West, Inc." in quotes.')
]
More: TypeAlias = Annotated[list[str] | None, typer.Argument(hidden=True)]


def ask(ctx: typer.Context, name: str, make: Callable[[Plan], Command], note: str) -> Reply:
    """Open an alignment, ask what ``make`` returns for it, and reply with what was done."""
    session = session_of(ctx)
    plan = session.plan(name)
    return done(plan, plan.ask(make(plan), by=session.user, note=note))


def done(plan: Plan, revision: Revision | None) -> Reply:
    """Return the reply to a change; ``None`` is a change that changed nothing."""
    text = "nothing changed" if revision is None else revision.text
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "changed": revision is not None,
        "text": text,
    }
    return Reply(data, (f"{plan.info.name}, revision {plan.seq}: {text}",))


def area_in(plan: Plan, text: str) -> AreaId:
    """Return the area a text means."""
    from tp_geo.domain.hierarchy import find_area
    from tp_geo.errors import Refused

    area = find_area(plan.alignment, text)
    if not area:
        raise Refused("Unassigned is no area: it has no name, owner, target or lock to change.")
    return area


def level_in(alignment: Alignment, text: str) -> int:
    """Return the depth of the level a text means: its name in any case, or its number."""
    from tp_geo.domain.hierarchy import levels
    from tp_geo.errors import Refused

    names = levels(alignment)
    folded = [name.casefold() for name in names]
    if text.strip().casefold() in folded:
        return folded.index(text.strip().casefold()) + 1
    if text.isdecimal() and 1 <= int(text) <= max(len(names), 1):
        return int(text)
    raise Refused(f"There is no level {text!r}. Levels: {', '.join(names) or 'none'}.")


def profile_of(value: str) -> Profile:
    """Return the profile a text means."""
    from tp_geo.domain.alignment import Profile

    if value not in {p.value for p in Profile}:
        raise typer.BadParameter(f"{value!r} is neither contiguous nor non-contiguous")
    return Profile(value)


def overlap_of(value: str) -> Overlap:
    """Return how areas may overlap by a text."""
    from tp_geo.domain.shares import Overlap

    if value not in {o.value for o in Overlap}:
        raise typer.BadParameter(f"{value!r} is none of none, full and even")
    return Overlap(value)


def measure_in(dataset: Dataset, text: str) -> str:
    """Return the name of the measure a text means: its name, or its label in any case."""
    wanted = text.strip().casefold()
    alike = (m.name for m in dataset.measures if wanted in (m.name.casefold(), m.label.casefold()))
    return text if any(m.name == text for m in dataset.measures) else next(alike, text)


def place(text: str) -> tuple[float, float]:
    """Return longitude and latitude of ``LON,LAT``."""
    parts = text.replace(";", ",").split(",")
    try:
        lon, lat = (float(p) for p in parts)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no LON,LAT, as in -122.4,37.8") from error
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise typer.BadParameter(f"{text!r} is no place: LON is up to 180 degrees, LAT up to 90")
    return lon, lat


def all_names(
    given: Sequence[str] | None, more: Sequence[str] | None, option: str = "--names"
) -> tuple[str, ...]:
    """Return names from options, split at commas outside quotes, and the words after them."""
    if more and not given:
        raise typer.BadParameter(f"{more[0]!r} is one argument too many; names come by {option}")
    rows = csv.reader(given or (), skipinitialspace=True)
    found = [cell.strip() for row in rows for cell in row]
    return tuple(name for name in [*found, *(more or ())] if name)
