"""The reach of a publish: which areas go out, and which territories of an org are its to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tp_geo.crm.naming import area_of, plan_of, shortened
from tp_geo.crm.rows import LINK, PARENT, TERRITORY, Key, Row, Rows
from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.errors import Refused


def published(alignment: Alignment, focus: AreaId | None, level: int) -> Iterator[AreaId]:
    """Yield the areas from a level on, parents first; areas above it that are not divided too."""
    tops = alignment.children(None) if focus is None else (alignment.area(focus).id,)
    for top in tops:
        for k in alignment.subtree(top):
            if alignment.depth(k) >= level or k in alignment.leaves:
                yield k


def parent_called(actual: Rows, name: str) -> Key:
    """Return the one territory of a name or developer name; refuse none and several."""
    found = [
        row.key
        for row in actual.of_object(TERRITORY)
        if name in (row.fields.get("Name"), row.key.name)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(f"The model has no territory {name!r} to publish below.")
    names = ", ".join(key.name for key in found[:5])
    raise Refused(f"{len(found)} territories are called {name!r}: {names}. Give one of these.")


def matching(
    alignment: Alignment,
    areas: Sequence[AreaId],
    actual: Rows,
    parent: Key | None,
    called: Mapping[str, str],
) -> Mapping[str, str]:
    """Return developer names of areas found by name, where they are in the same place.

    Only among territories that no plan has marked. Refuses several of a name.
    """
    there: dict[tuple[object, object], list[str]] = {}
    for row in actual.of_object(TERRITORY):
        if plan_of(_description(row)) is None:
            there.setdefault((row.fields["Name"], row.fields.get(PARENT)), []).append(row.key.name)
    found = dict(called)
    for k in areas:
        fits = there.get(
            (shortened(alignment.name(k)), _above(alignment, k, areas, found, parent)), []
        )
        if f"{k}" in found or not fits:
            continue
        if len(fits) > 1:
            raise Refused(
                f"{len(fits)} territories of the org are called {alignment.name(k)!r} in the same "
                f"place: {', '.join(fits)}. Rename all but one, or publish as new territories."
            )
        found[f"{k}"] = fits[0]
    return found


def deletable(
    actual: Rows, plan: str, inside: Sequence[AreaId] | None, mine: Callable[[Row], bool]
) -> Callable[[Row], bool]:
    """Return what tells whether a row may go: one that is ours and within what is published.

    ``inside`` are the areas that are published, ``None`` for the whole plan.
    """
    if inside is None:
        return mine
    reach = frozenset(inside)

    def told(row: Row) -> bool:
        return mine(row) and any(_area(actual[k], plan) in reach for k in _upward(actual, row))

    return told


def below(actual: Rows, parent: Key | None, mine: Callable[[Row], bool]) -> Callable[[Row], bool]:
    """Return what tells whether a row may go when all below a parent is overwritten."""
    under = {
        row.key
        for row in actual.of_object(TERRITORY)
        if parent is None or parent in list(_upward(actual, row))[1:]
    }
    return lambda row: mine(row) or row.key in under or not under.isdisjoint(row.refers())


def _above(
    alignment: Alignment,
    area: AreaId,
    areas: Sequence[AreaId],
    called: Mapping[str, str],
    parent: Key | None,
) -> Key | None:
    """Return the territory that an area's parent is, as far as it has a name already."""
    above = alignment.area(area).parent
    while above is not None and above not in areas:
        above = alignment.area(above).parent
    return parent if above is None else Key(TERRITORY, called.get(f"{above}", ""))


def _upward(actual: Rows, row: Row) -> Iterator[Key]:
    """Yield the territory of a row and those above it."""
    at = row.key if row.key.object == TERRITORY else row.fields.get("Territory2Id")
    if not isinstance(at, Key):
        rule = row.fields.get("RuleId", row.key)
        links = (r for r in actual.of_object(LINK) if r.fields.get("RuleId") == rule)
        at = next((r.fields.get("Territory2Id") for r in links), None)
    while isinstance(at, Key) and at in actual:
        yield at
        at = actual[at].fields.get(PARENT)


def _area(row: Row, plan: str) -> int | None:
    area = area_of(_description(row), plan)
    return int(area.partition(".")[0]) if area else None


def _description(row: Row) -> str:
    return str(row.fields.get("Description") or "")
