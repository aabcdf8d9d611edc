"""What an optimizer found, in planners' words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.commands import counted
from tp_geo.optimize.solution import Issue
from tp_geo.workflow.optimizing_frame import Frame
from tp_geo.workflow.optimizing_problem import Setting
from tp_geo.workflow.optimizing_proposal import AreaRow, MoveRow, Said

NAMED = 4
"""Of so many areas or items at most the names are told."""

STOPPED: Mapping[str, str] = MappingProxyType(
    {
        "done": "all was tried that was planned",
        "time": "the time was up",
        "iterations": "the number of tries was reached",
        "no improvement": "nothing better was found for long",
        "halted": "it was stopped by hand",
    }
)
"""Why a run ended, by the word of the rule that ended it."""

OWN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "beyond-distance": "Some items are farther from every center than they may be and stay "
        "where they are",
        "disconnected": "The focus is in pieces that nothing links, so no area can reach across",
        "unassigned": "Some items could not be given to any area",
    }
)
"""Sentences for issues that are told without figures."""

_NUMBERED = re.compile(r"\b(measure|area|item) (\d+)\b", re.IGNORECASE)
_ONE = re.compile(r"^1 (\w+)s are\b")
_PERCENT = re.compile(r"(\d)%")


def percent(value: float, *, signed: bool = False) -> str:
    """Return a share in percent."""
    return f"{value:+.1%}".replace("%", " %") if signed else f"{value:.1%}".replace("%", " %")


def headline(
    rows: Sequence[AreaRow], moves: Sequence[MoveRow], largest: float, bound: float
) -> str:
    """Return a plan in one sentence: how near to the targets, and what it takes."""
    moved = sum(m.containers + m.units for m in moves if m.source != UNASSIGNED)
    given = sum(m.containers + m.units for m in moves if m.source == UNASSIGNED)
    said = [f"every area within {percent(largest)} of its target"]
    if bound > 0:
        said[0] += f" (no plan can be below {percent(bound)})"
    said += [f"{counted(moved, 'items')} moved"] if moved else []
    said += [f"{counted(given, 'items')} assigned"] if given else []
    return ", ".join(said if moved or given else [*said, "nothing moves"])


def stopped_said(stopped: str) -> str:
    """Return why a run ended."""
    return STOPPED.get(stopped, stopped)


def issues_said(frame: Frame, issues: Sequence[Issue]) -> tuple[Said, ...]:
    """Return what stands in the way, with the names of the areas and items that are meant."""
    return tuple(
        Said(i.name, _with_names(frame, i), tuple(frame.areas[a] for a in i.areas)) for i in issues
    )


def binding_said(setting: Setting, names: Sequence[str]) -> tuple[str, ...]:
    """Return which limits bind, by their names as planners know them."""
    labels = {m.name: m.label for m in setting.frame.dataset.measures}
    return tuple(dict.fromkeys(labels.get(name, name) for name in names))


def listed(names: Sequence[str], total: int | None = None) -> str:
    """Return the first of some names, and how many more there are."""
    total = len(names) if total is None else total
    more = f" and {total - NAMED:,} more" if total > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def item_name(frame: Frame, item: int) -> str:
    """Return what to call an item of the dataset: its code, with its name if that says more."""
    code, name = str(frame.dataset.codes[item]), str(frame.dataset.names[item])
    return f"{name} ({code})" if name and name != code else code


def _with_names(frame: Frame, issue: Issue) -> str:
    """Return an issue's sentence with names for numbers, and the names of what it is about."""
    text = OWN_WORDS.get(issue.name, issue.text).rstrip(".")
    text = _NUMBERED.sub(lambda found: _called(frame, found[1].lower(), int(found[2]) - 1), text)
    areas = [frame.name(a) for a in issue.areas[:NAMED]]
    items = [str(frame.dataset.codes[frame.items[i]]) for i in issue.items[:NAMED]]
    said = [listed(areas, len(issue.areas))] if areas else []
    said += [listed(items, len(issue.items))] if items else []
    text = _ONE.sub(r"1 \1 is", _PERCENT.sub(r"\1 %", text))
    return f"{text}: {'; '.join(said)}." if said else f"{text}."


def _called(frame: Frame, what: str, number: int) -> str:
    """Return what planners call a measure, an area or an item of a number."""
    if what == "area":
        return frame.name(number)
    if what == "item":
        return str(frame.dataset.codes[frame.items[number]])
    if number >= len(frame.columns):
        return "units"
    return frame.dataset.measure(frame.columns[number]).label
