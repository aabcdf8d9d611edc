"""A store as a guest may use it: one alignment is to be seen, nothing is to be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tp_geo.domain.dataset import Dataset
from tp_geo.domain.reader import READ_ONLY
from tp_geo.errors import Refused
from tp_geo.store.protocol import Store
from tp_geo.store.records import (
    AlignmentInfo,
    BoundaryInfo,
    ChallengeRow,
    Comment,
    DatasetInfo,
    Entry,
    Grant,
    LayerInfo,
    Snapshot,
)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ReadingStore:
    """A store that shows the alignment of this id alone and refuses to keep anything.

    All that changes a plan ends in its store, so that what gets past the pages is refused here.
    Blobs may be put: they are shapes drawn for maps, under names of their content.
    """

    store: Store
    alignment: str

    @property
    def address(self) -> str:
        """Where the store is."""
        return self.store.address

    @property
    def beside(self) -> Path:
        """Where files that belong to the store are put."""
        return self.store.beside

    def news(self) -> int:
        """Return the number of the last commit."""
        return self.store.news()

    def follow(self) -> None:
        """Hear of commits of other processes."""
        self.store.follow()

    def show_up(self, alignment: str, window: str, person: str) -> None:
        """Say nothing: guests are not told of."""

    def people(self, alignment: str) -> frozenset[str]:
        """Return nobody: a guest need not know who plans."""
        return frozenset()

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""
        return self.store.wait_for_news(after, timeout_s)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing: a guest need not know what was mended."""
        return ()

    def alignments(self) -> tuple[AlignmentInfo, ...]:
        """Return the one alignment."""
        return tuple(i for i in self.store.alignments() if i.id == self.alignment)

    def entries(self, alignment: str, draft: str = "main", after: int = 0) -> tuple[Entry, ...]:
        """Return the revisions of the one alignment."""
        return self.store.entries(alignment, draft, after) if alignment == self.alignment else ()

    def head(self, alignment: str, draft: str = "main") -> int:
        """Return the last ``seq`` of the one alignment."""
        return self.store.head(alignment, draft) if alignment == self.alignment else 0

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Return the last ``seq`` of the one alignment, and when it was made."""
        return {k: v for k, v in self.store.heads().items() if k == self.alignment}

    def snapshots(self, alignment: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of the one alignment."""
        return self.store.snapshots(alignment) if alignment == self.alignment else ()

    def comments(self, alignment: str) -> tuple[Comment, ...]:
        """Return the comments of the one alignment."""
        return self.store.comments(alignment) if alignment == self.alignment else ()

    def challenges(self, alignment: str) -> tuple[ChallengeRow, ...]:
        """Return the challenges of the one alignment."""
        return self.store.challenges(alignment) if alignment == self.alignment else ()

    def grants(self) -> tuple[Grant, ...]:
        """Return nothing: a guest need not know who may do what."""
        return ()

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return the dataset that the one alignment stands on, if it is of the store."""
        keys = {i.dataset_key for i in self.alignments()}
        return tuple(i for i in self.store.datasets() if i.key in keys)

    def dataset(self, key: str) -> Dataset:
        """Return a dataset by key."""
        return self.store.dataset(key)

    def boundary_sets(self) -> tuple[BoundaryInfo, ...]:
        """Return every boundary set."""
        return self.store.boundary_sets()

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return the reference layers."""
        return self.store.layers()

    def blob(self, key: str) -> bytes | None:
        """Return the bytes kept under a key."""
        return self.store.blob(key)

    def put_blob(self, key: str, data: bytes) -> None:
        """Keep bytes under a key that names their content."""
        self.store.put_blob(key, data)

    def setting(self, key: str) -> str | None:
        """Return the value remembered under a key."""
        return self.store.setting(key)

    def enlist(self, info: AlignmentInfo) -> None:
        """Refuse."""
        _refuse()

    def put_alignment(self, info: AlignmentInfo) -> None:
        """Refuse."""
        _refuse()

    def append(self, entry: Entry) -> None:
        """Refuse."""
        _refuse()

    def append_all(self, entries: Sequence[Entry]) -> None:
        """Refuse."""
        _refuse()

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Refuse."""
        _refuse()

    def put_comment(self, comment: Comment) -> None:
        """Refuse."""
        _refuse()

    def put_comments(self, comments: Sequence[Comment]) -> None:
        """Refuse."""
        _refuse()

    def put_challenges(self, rows: Sequence[ChallengeRow]) -> None:
        """Refuse."""
        _refuse()

    def put_challenge(self, row: ChallengeRow) -> None:
        """Refuse."""
        _refuse()

    def put_grants(self, grants: Sequence[Grant]) -> None:
        """Refuse."""
        _refuse()

    def put_dataset(self, info: DatasetInfo, dataset: Dataset) -> None:
        """Refuse."""
        _refuse()

    def put_boundaries(self, info: BoundaryInfo, blob: bytes) -> None:
        """Refuse."""
        _refuse()

    def put_layer(self, info: LayerInfo, blob: bytes | None = None) -> None:
        """Refuse."""
        _refuse()

    def put_setting(self, key: str, value: str) -> None:
        """Refuse."""
        _refuse()

    def backup(self, path: Path) -> None:
        """Refuse: a copy would hold every plan."""
        _refuse()

    def close(self) -> None:
        """Leave the store open: it is another's."""


def _refuse() -> NoReturn:
    raise Refused(READ_ONLY)
