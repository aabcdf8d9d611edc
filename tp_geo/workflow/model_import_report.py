"""What an import of a model found and did, in figures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from tp_geo.crm.imported import KeptRule
from tp_geo.domain.alignment import MAX_LEVELS
from tp_geo.domain.commands import counted
from tp_geo.workflow.model_import_areas import Model
from tp_geo.workflow.model_import_people import inactive

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A territory model of an org."""

    id: str
    name: str
    developer_name: str
    state: str
    description: str
    territories: int


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many areas a level has."""

    name: str
    areas: int


@dataclass(frozen=True, slots=True)
class RuleTaken:
    """A rule that became containers, and how many its territory has."""

    territory: str
    rule: str
    containers: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found, or would.

    ``accounts`` are those that were read or, in a preview, there are; ``None``
    where none are. ``placed`` and ``not_placed``, by reason, make them up once
    they are read; ``exceptions`` are in another area than their container.
    """

    model: ModelInfo
    levels: tuple[LevelCount, ...]
    areas: int
    containers: int
    users: int
    rules: tuple[RuleTaken, ...]
    kept: tuple[KeptRule, ...]
    notes: tuple[str, ...]
    accounts: int | None = None
    placed: int | None = None
    not_placed: Mapping[str, int] = field(default_factory=dict)
    exceptions: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        kept = [
            {"territory": k.territory, "rule": k.rule, "text": k.text, "why": k.why}
            for k in self.kept
        ]
        return {**asdict(self), "kept": kept}

    def noting(self, *notes: str) -> ImportReport:
        """Return the report with more notes; empty ones are none."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))


def report_of(info: ModelInfo, model: Model) -> ImportReport:
    """Return what a model is as areas."""
    areas = model.areas
    levels: dict[str, int] = {}
    for area in areas.values():
        levels[area.level] = levels.get(area.level, 0) + 1
    users = {
        user.id for t in model.teams.values() for user in (t.owner, *t.others) if user is not None
    }
    return ImportReport(
        info,
        tuple(LevelCount(name, count) for name, count in levels.items()),
        len(areas),
        int((model.imported.holds >= 0).sum()),
        len(users),
        tuple(_rules(model)),
        model.imported.kept,
        tuple(_notes(info, model)),
    )


def _rules(model: Model) -> Iterator[RuleTaken]:
    found, nodes = model.imported, model.imported.nodes
    for key, takes in found.takes.items():
        at = found.tree.node_of[key]
        held = int((found.holds == found.rest.get(at, at)).sum())
        yield RuleTaken(nodes[at].name, takes.rule.label if takes.rule else "handed down", held)


def _notes(info: ModelInfo, model: Model) -> Iterator[str]:
    found = model.imported
    if info.state not in {"Planning", "Active"}:
        yield f"The model is {info.state}: it can be imported, but not published to any more."
    if gone := inactive(model.teams.values()):
        yield f"Not active in the org, and owners of nothing here: {_some(gone)}."
    if found.tree.deep:
        yield (
            f"{counted(found.tree.deep, 'territories')} lie deeper than {MAX_LEVELS} levels: what "
            "they hold is with the area above, and they stay in the org."
        )
    if renamed := found.tree.renamed:
        said = [f"{was} is {now}" for was, now in renamed]
        yield f"Names that an alignment can't have twice or at all: {_some(said, '; ')}."
    if found.contested:
        yield (
            f"{counted(found.contested, 'postal codes')} fit rules of several territories; each is "
            "with the first of them, and the rules stay as they are."
        )
    if found.apart:
        yield (
            f"{counted(found.apart, 'postal codes')} without an area of their own are in another "
            "territory than the area they lie in, and stay there in the org."
        )
    if found.rest:
        yield (
            f"{counted(len(found.rest), 'areas')} stand for what divided territories take "
            "themselves; they are called after them, with the word rest."
        )
    if found.loose:
        names = [rule.label for rule in found.loose]
        yield f"Rules of no territory were left: {_some(names)}."


def _some(texts: Sequence[str], joint: str = ", ") -> str:
    more = f" and {len(texts) - _SHOWN:,} more" if len(texts) > _SHOWN else ""
    return joint.join(texts[:_SHOWN]) + more
