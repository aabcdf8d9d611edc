"""Names that an org does not take whole: what they are cut to, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tp_geo.crm.naming import MAX_NAME, shortened
from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.workflow.publishing_staff import Problem

_LONG = 40


def cut_names(
    alignment: Alignment, areas: Iterable[AreaId], types: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield what becomes of names of areas and of levels that an org does not take whole.

    ``types`` are the developer names of territory types, by level.
    """
    same: dict[tuple[AreaId | None, str], list[AreaId]] = {}
    for k in areas:
        name = alignment.name(k)
        if (cut := shortened(name)) != name:
            same.setdefault((alignment.area(k).parent, cut), []).append(k)
            yield Problem(
                f"{_begun(name)} The territory and its rules are called {cut!r}, unless you give "
                "the area a shorter name.",
                area=k,
            )
    for (_, cut), alike in same.items():
        if len(alike) > 1:
            yield Problem(
                f"{len(alike)} areas in one place are called {cut!r} in the org, and nobody can "
                "tell them apart there by name. Let their names differ at the beginning.",
                area=alike[0],
            )
    yield from _levels(types)


def _levels(types: Mapping[str, str]) -> Iterator[Problem]:
    by_type: dict[str, list[str]] = {}
    for level, kind in types.items():
        by_type.setdefault(kind, []).append(level)
        if (cut := shortened(level)) != level:
            yield Problem(
                f"Level {_begun(level)} The territory type is called {cut!r}, unless you give the "
                "level a shorter name."
            )
    yield from (_one_type(kind, some) for kind, some in by_type.items() if len(some) > 1)


def _one_type(kind: str, levels: Sequence[str]) -> Problem:
    names = ", ".join(repr(shortened(level)) for level in levels)
    return Problem(
        f"The levels {names} become one territory type ({kind}): an org tells them by letters, "
        "digits and the first 80 characters alone. Let their names differ there for a type each."
    )


def _begun(name: str) -> str:
    return f"{name[:_LONG]}…: its name has {len(name)} characters and an org takes {MAX_NAME}."
