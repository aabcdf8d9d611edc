"""Records for tests, and a model of the store in dicts to hold it against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.store import AlignmentInfo, BoundaryInfo, DatasetInfo, Entry, LayerInfo, Snapshot

AT = "2026-11-22T03:00:00+00:00"


def entry(seq: int, alignment: str = "a", draft: str = "main", payload: str = "{}") -> Entry:
    """A revision like any other."""
    return Entry(alignment, draft, seq, "ann", AT, "move", "moved 3", "", "", 0, payload)


def info(id_: str = "a", name: str = "West") -> AlignmentInfo:
    """An alignment like any other."""
    return AlignmentInfo(id_, name, "default", "k", "ann", AT)


def dataset_info(dataset: Dataset, name: str) -> DatasetInfo:
    """What an import would say of a dataset."""
    return DatasetInfo(name, dataset.key, "postal", "b", AT, "x.csv", {"rows": 3, "by": {"a": 1}})


def boundary_info(kind: str, key: str) -> BoundaryInfo:
    """A boundary set like any other."""
    return BoundaryInfo(kind, key, "Title", "2020", "Census", "public", "US", True, 3, AT)


def layer_info(name: str, key: str, *, removed: bool = False) -> LayerInfo:
    """A reference layer like any other."""
    return LayerInfo(name, key, "#c2410c", "NAME", 3, "roads.geojson", "ann", AT, removed)


@dataclass
class Model:
    """What a store ought to answer, by the simplest means."""

    infos: dict[str, AlignmentInfo] = field(default_factory=dict)
    logs: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    marks: dict[str, list[Snapshot]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    sets: dict[str, DatasetInfo] = field(default_factory=dict)
    layers: list[BoundaryInfo] = field(default_factory=list)
    reference: dict[str, LayerInfo] = field(default_factory=dict)
    kept: dict[str, Dataset] = field(default_factory=dict)

    def put_alignment(self, info: AlignmentInfo) -> None:
        """Latest wins, and comes first."""
        self.infos.pop(info.id, None)
        self.infos[info.id] = info

    def append(self, entry: Entry) -> None:
        """Only at the head."""
        log = self.logs.setdefault((entry.alignment, entry.draft), [])
        if entry.seq != len(log) + 1:
            raise Stale
        log.append(entry)

    def append_all(self, entries: Sequence[Entry]) -> None:
        """All or none."""
        before = {key: list(log) for key, log in self.logs.items()}
        try:
            for entry in entries:
                self.append(entry)
        except Stale:
            self.logs = before
            raise

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """A name once."""
        marks = self.marks.setdefault(snapshot.alignment, [])
        if any(m.name == snapshot.name for m in marks):
            raise Refused
        marks.append(snapshot)

    def put_dataset(self, info: DatasetInfo, dataset: Dataset) -> None:
        """The first content of a key stays."""
        if info.key != dataset.key:
            raise BadData
        self.kept.setdefault(info.key, dataset)
        self.sets[info.name] = info
