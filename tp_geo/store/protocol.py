"""What the project asks of a store, whatever engine keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tp_geo.domain.dataset import Dataset
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


class Store(Protocol):
    """Where alignments, datasets, boundaries and reference layers are kept.

    Safe to use from many threads. What a method has returned from is on the
    disk. Nothing is ever changed or removed: a newer version is put above.
    """

    @property
    def address(self) -> str:
        """Where the store is, as it may be shown: a path, or an address without its password."""

    @property
    def beside(self) -> Path:
        """Where files of this machine that belong to the store are put: names begin like this."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found and mended while opening, for the reader; empty when all was well."""

    def alignments(self) -> tuple[AlignmentInfo, ...]:
        """Return the latest version of every alignment, the one touched last first."""

    def enlist(self, info: AlignmentInfo) -> None:
        """Record an alignment as `put_alignment` does.

        Raises ``Refused`` when another one that is not archived has its name.
        """

    def put_alignment(self, info: AlignmentInfo) -> None:
        """Record an alignment, or a new version of it (renamed, archived)."""

    def append(self, entry: Entry) -> None:
        """Record a revision; raise ``Stale`` unless its ``seq`` is the head plus one."""

    def append_all(self, entries: Sequence[Entry]) -> None:
        """Record revisions, all or none; raise ``Stale`` unless each follows the one before."""

    def entries(self, alignment: str, draft: str = "main", after: int = 0) -> tuple[Entry, ...]:
        """Return the revisions of a draft behind a position, in order."""

    def head(self, alignment: str, draft: str = "main") -> int:
        """Return the last ``seq`` of a draft, 0 when it is empty."""

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Return the last ``seq`` of draft main and when it was made, by alignment."""

    def snapshots(self, alignment: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of an alignment, in the order they were put."""

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Record a snapshot; raise ``Refused`` when the alignment has one of that name."""

    def comments(self, alignment: str) -> tuple[Comment, ...]:
        """Return the latest version of every comment of an alignment, in the order of numbers."""

    def put_comment(self, comment: Comment) -> None:
        """Record a comment under the next number, or a new version of one.

        Raises ``Stale`` when the number is another comment's, or one is left out.
        """

    def put_comments(self, comments: Sequence[Comment]) -> None:
        """Record comments, all or none, each as `put_comment` does."""

    def challenges(self, alignment: str) -> tuple[ChallengeRow, ...]:
        """Return the latest version of every challenge of an alignment, in order of numbers."""

    def put_challenge(self, row: ChallengeRow) -> None:
        """Record a challenge under the next number, or what was decided of an open one.

        Raises ``Stale`` when the number is another challenge's, one is left
        out, or it was decided already.
        """

    def put_challenges(self, rows: Sequence[ChallengeRow]) -> None:
        """Record challenges of one alignment, all or none, each as `put_challenge` does."""

    def grants(self) -> tuple[Grant, ...]:
        """Return the latest grant of every subject and object, in the order they were put."""

    def put_grants(self, grants: Sequence[Grant]) -> None:
        """Record rights that were given or taken, all or none."""

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return the latest dataset of every name, in order of name."""

    def put_dataset(self, info: DatasetInfo, dataset: Dataset) -> None:
        """Keep a dataset under its key, and make it the one its name means."""

    def dataset(self, key: str) -> Dataset:
        """Return a dataset by key; raise ``BadData`` when there is none."""

    def boundary_sets(self) -> tuple[BoundaryInfo, ...]:
        """Return every boundary set that was put, newest first; of a kind the first counts."""

    def put_boundaries(self, info: BoundaryInfo, blob: bytes) -> None:
        """Keep a boundary set (GeoParquet), and make it the active one of its kind."""

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return the latest version of every reference layer not removed, in order of name."""

    def put_layer(self, info: LayerInfo, blob: bytes | None = None) -> None:
        """Keep a reference layer, or a new version of one: other shapes, removed (no blob)."""

    def blob(self, key: str) -> bytes | None:
        """Return the bytes kept under a key."""

    def put_blob(self, key: str, data: bytes) -> None:
        """Keep bytes under a key that names their content; what is there already stays."""

    def setting(self, key: str) -> str | None:
        """Return the value remembered under a key."""

    def put_setting(self, key: str, value: str) -> None:
        """Remember a value under a key."""

    def news(self) -> int:
        """Return the number of the last commit, of whatever process: it grows with each."""

    def follow(self) -> None:
        """Hear of commits of other processes from now on, and ask nothing twice between them.

        For who stays: what is read is then at most two seconds old.
        """

    def show_up(self, alignment: str, window: str, person: str) -> None:
        """Say that a person looks at an alignment in a window; again every few seconds."""

    def people(self, alignment: str) -> frozenset[str]:
        """Return who looks at an alignment now, in whatever process."""

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""

    def backup(self, path: Path) -> None:
        """Write a store of its own to a new file, as it is at this moment."""

    def close(self) -> None:
        """Give the store back; the last one to do so in the process frees the file."""
