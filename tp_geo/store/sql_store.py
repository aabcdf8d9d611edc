"""The store, in plain SQL that DuckDB and PostgreSQL take alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.store.connect import Row, Run
from tp_geo.store.copy import back_up
from tp_geo.store.dataset_parquet import from_parquet, to_parquet
from tp_geo.store.home import HEAD, TAKEN
from tp_geo.store.keeper import Keeper
from tp_geo.store.known import Known
from tp_geo.store.logged import (
    ALIGNMENT,
    CHALLENGE,
    COMMENT,
    GRANT,
    REVISION,
    SETTING,
    SNAPSHOT,
    check_text,
    checked,
)
from tp_geo.store.records import (
    AlignmentInfo,
    BoundaryInfo,
    ChallengeRow,
    Comment,
    DatasetInfo,
    Entry,
    Grant,
    LayerInfo,
    Setting,
    Snapshot,
)

_ALIGNMENTS: Final = (
    "select v.id, v.name, v.dataset, v.dataset_key, v.made_by, v.made_at, v.note, v.base, "
    "v.archived, v.profile, v.scenario, v.valid_from, v.valid_until, v.draft "
    "from alignment_version v "
    "join (select id, max(n) as n from alignment_version group by id) latest "
    "on v.id = latest.id and v.n = latest.n order by v.n desc"
)
_ENTRIES: Final = (
    "select alignment, draft, seq, made_by, made_at, kind, label, note, origin, reverts, payload "
    "from revision where alignment = $1 and draft = $2 and seq > $3 order by seq"
)
_HEADS: Final = (
    "select r.alignment, r.seq, r.made_at from revision r join (select alignment, max(seq) as seq "
    "from revision where draft = 'main' group by alignment) h "
    "on r.alignment = h.alignment and r.seq = h.seq where r.draft = 'main'"
)
_SNAPSHOTS: Final = (
    "select alignment, draft, name, seq, made_by, made_at from snapshot "
    "where alignment = $1 order by n"
)
_COMMENTS: Final = (
    "select v.alignment, v.number, v.about, v.label, v.made_by, v.made_at, v.resolved_by, "
    "v.resolved_at from comment_version v join (select number, max(n) as n from comment_version "
    "where alignment = $1 group by number) latest on v.number = latest.number and v.n = latest.n "
    "where v.alignment = $1 order by v.number"
)
_SAID: Final = (
    "select label, made_by, made_at from comment_version where alignment = $1 and number = $2"
)
_LAST_COMMENT: Final = "select coalesce(max(number), 0) from comment_version where alignment = $1"
_CHALLENGES: Final = (
    "select v.alignment, v.number, v.wish, v.area, v.receiver, v.codes, v.label, v.made_by, "
    "v.made_at, v.verdict, v.answer, v.decided_by, v.decided_at, v.revision "
    "from challenge_version v join (select number, max(n) as n from challenge_version "
    "where alignment = $1 group by number) latest on v.number = latest.number and v.n = latest.n "
    "where v.alignment = $1 order by v.number"
)
_SETTING: Final = "select value from setting where key = $1 order by n desc limit 1"
_GRANTS: Final = (
    "select v.subject, v.object, v.level, v.made_by, v.made_at from grant_version v "
    "join (select subject, object, max(n) as n from grant_version group by subject, object) latest "
    "on v.subject = latest.subject and v.object = latest.object and v.n = latest.n order by v.n"
)
_DATASETS: Final = (
    "select v.name, v.key, v.boundaries_kind, v.boundaries_key, v.made, v.source, v.report "
    "from dataset_version v join (select name, max(n) as n from dataset_version group by name) "
    "latest on v.name = latest.name and v.n = latest.n order by v.name"
)
_PUT_DATASET: Final = (
    "insert into dataset_version (name, key, boundaries_kind, boundaries_key, made, source, "
    "report, n) values ($1, $2, $3, $4, $5, $6, $7, $8)"
)
_LAST_DATASET: Final = "select coalesce(max(n), 0) from dataset_version"
_BOUNDARY_SETS: Final = (
    "select kind, key, title, vintage, source, licence, country, approximate, count, made "
    "from boundary_version order by n desc"
)
_PUT_BOUNDARIES: Final = (
    "insert into boundary_version (kind, key, title, vintage, source, licence, country, "
    "approximate, count, made, n) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
)
_LAST_BOUNDARIES: Final = "select coalesce(max(n), 0) from boundary_version"
_LAYERS: Final = (
    "select v.name, v.key, v.color, v.label, v.count, v.source, v.made_by, v.made_at, v.removed "
    "from layer_version v join (select name, max(n) as n from layer_version group by name) latest "
    "on v.name = latest.name and v.n = latest.n where not v.removed order by v.name"
)
_PUT_LAYER: Final = (
    "insert into layer_version (name, key, color, label, count, source, made_by, made_at, removed, "
    "n) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_LAST_LAYER: Final = "select coalesce(max(n), 0) from layer_version"
_BLOB: Final = "select data from blob where key = $1"
_PUT_BLOB: Final = "insert into blob (key, data) values ($1, $2) on conflict do nothing"


class SqlStore:
    """A handle on a store; all handles of one store in a process share its home."""

    def __init__(self, home: Keeper) -> None:
        """Use a home; closing the handle closes it."""
        self._home = home
        self._known = Known(home.stamp, home.rows)

    @property
    def address(self) -> str:
        """Where the store is, without any password."""
        return self._home.address

    @property
    def beside(self) -> Path:
        """Where files of this machine that belong to the store are put."""
        return self._home.beside

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found and mended while opening."""
        return tuple(self._home.notes)

    def alignments(self) -> tuple[AlignmentInfo, ...]:
        """Return the latest version of every alignment, the one touched last first."""
        return tuple(AlignmentInfo(*row) for row in self._rows(_ALIGNMENTS))

    def enlist(self, info: AlignmentInfo) -> None:
        """Record an alignment; raise ``Refused`` when another one in the list has its name."""

        def check(run: Run) -> None:
            others = (AlignmentInfo(*row) for row in run(_ALIGNMENTS))
            if any(i.name == info.name and i.id != info.id and not i.archived for i in others):
                raise Refused(
                    f"There is an alignment called {info.name!r} already. Choose another name."
                )

        self._home.commit(ALIGNMENT, info, check)

    def put_alignment(self, info: AlignmentInfo) -> None:
        """Record an alignment, or a new version of it."""
        self._home.commit(ALIGNMENT, info)

    def append(self, entry: Entry) -> None:
        """Record a revision; raise ``Stale`` unless its ``seq`` is the head plus one."""
        self.append_all((entry,))

    def append_all(self, entries: Sequence[Entry]) -> None:
        """Record revisions, all or none; raise ``Stale`` unless each follows the one before."""

        def check(run: Run) -> None:
            heads: dict[tuple[str, str], int] = {}
            for entry in entries:
                log = entry.alignment, entry.draft
                head = heads[log] if log in heads else int(run(HEAD, *log)[0][0])
                if entry.seq != head + 1:
                    raise Stale(
                        f"Revision {entry.seq} can't follow: draft {entry.draft} of alignment "
                        f"{entry.alignment} is at {head}. Reload it and decide again."
                    )
                heads[log] = entry.seq

        if entries:
            self._home.commit_all(REVISION, entries, check)

    def entries(self, alignment: str, draft: str = "main", after: int = 0) -> tuple[Entry, ...]:
        """Return the revisions of a draft behind a position, in order."""
        if self.head(alignment, draft) <= after:
            return ()
        found = self._home.rows(_ENTRIES, alignment, draft, after)
        return tuple(Entry(*row) for row in found)

    def head(self, alignment: str, draft: str = "main") -> int:
        """Return the last ``seq`` of a draft, 0 when it is empty."""
        return int(self._rows(HEAD, alignment, draft)[0][0])

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Return the last ``seq`` of draft main and when it was made, by alignment."""
        return {alignment: (seq, at) for alignment, seq, at in self._rows(_HEADS)}

    def snapshots(self, alignment: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of an alignment, in the order they were put."""
        return tuple(Snapshot(*row) for row in self._rows(_SNAPSHOTS, alignment))

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Record a snapshot; raise ``Refused`` when the alignment has one of that name."""

        def check(run: Run) -> None:
            if run(TAKEN, snapshot.alignment, snapshot.name):
                raise Refused(
                    f"There is a snapshot {snapshot.name!r} already. Choose another name."
                )

        self._home.commit(SNAPSHOT, snapshot, check)

    def comments(self, alignment: str) -> tuple[Comment, ...]:
        """Return the latest version of every comment of an alignment, in the order of numbers."""
        return tuple(Comment(*row) for row in self._rows(_COMMENTS, alignment))

    def put_comment(self, comment: Comment) -> None:
        """Record a comment or a new version; raise ``Stale`` when a number would be left out."""
        self.put_comments((comment,))

    def put_comments(self, comments: Sequence[Comment]) -> None:
        """Record comments, all or none, each as `put_comment` does."""

        def check(run: Run) -> None:
            lasts: dict[str, int] = {}
            for comment in comments:
                last = lasts.get(comment.alignment, -1)
                last = int(run(_LAST_COMMENT, comment.alignment)[0][0]) if last < 0 else last
                there = run(_SAID, comment.alignment, comment.number)
                same = there and there[0] == (comment.text, comment.by, comment.at)
                if not same and (there or comment.number != last + 1):
                    raise Stale(f"Comment {comment.number} can't follow number {last}. Try again.")
                lasts[comment.alignment] = max(last, comment.number)

        if comments:
            self._home.commit_all(COMMENT, comments, check)

    def challenges(self, alignment: str) -> tuple[ChallengeRow, ...]:
        """Return the latest version of every challenge of an alignment, in order of numbers."""
        return tuple(ChallengeRow(*row) for row in self._rows(_CHALLENGES, alignment))

    def put_challenge(self, row: ChallengeRow) -> None:
        """Record a challenge or what was decided of an open one, else raise ``Stale``."""
        self.put_challenges((row,))

    def put_challenges(self, rows: Sequence[ChallengeRow]) -> None:
        """Record challenges of one alignment, all or none, each as `put_challenge` does."""

        def check(run: Run) -> None:
            there = [ChallengeRow(*found) for found in run(_CHALLENGES, rows[0].alignment)]
            for row in rows:
                asked = there[row.number - 1] if 1 <= row.number <= len(there) else None
                last = len(there)
                if asked is None and row.number != last + 1:
                    raise Stale(f"Challenge {row.number} can't follow number {last}. Try again.")
                if asked is not None and asked != row.undecided():
                    raise Stale(
                        f"Challenge {row.number} is {asked.verdict} already. Look at it again."
                    )
                if asked is None:
                    there.append(row)

        if rows:
            self._home.commit_all(CHALLENGE, rows, check)

    def grants(self) -> tuple[Grant, ...]:
        """Return what counts of each subject and object, in the order it was put."""
        return tuple(Grant(*row) for row in self._rows(_GRANTS))

    def put_grants(self, grants: Sequence[Grant]) -> None:
        """Record rights that were given or taken, all or none."""
        if grants:
            self._home.commit_all(GRANT, grants)

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return the latest dataset of every name, in order of name."""
        return tuple(
            DatasetInfo(*(*about, json.loads(report))) for *about, report in self._rows(_DATASETS)
        )

    def put_dataset(self, info: DatasetInfo, dataset: Dataset) -> None:
        """Keep a dataset under its key, and make it the one its name means."""
        if info.key != dataset.key:
            raise BadData(f"Dataset {info.name} has key {dataset.key}, not {info.key}.")
        *about, _ = checked(info)
        report = json.dumps(dict(info.report))
        data = to_parquet(dataset)

        def work(run: Run, n: int) -> None:
            run(_PUT_BLOB, info.key, data)
            run(_PUT_DATASET, *about, report, n)

        self._home.keep(work, _LAST_DATASET)

    def dataset(self, key: str) -> Dataset:
        """Return a dataset by key; raise ``BadData`` when there is none."""
        data = self.blob(key)
        if data is None:
            raise BadData(f"Dataset {key} is not in {self.address}. Import its file again.")
        return from_parquet(data)

    def boundary_sets(self) -> tuple[BoundaryInfo, ...]:
        """Return every boundary set that was put, newest first; of a kind the first counts."""
        return tuple(BoundaryInfo(*row) for row in self._rows(_BOUNDARY_SETS))

    def put_boundaries(self, info: BoundaryInfo, blob: bytes) -> None:
        """Keep a boundary set (GeoParquet), and make it the active one of its kind."""
        values = checked(info)

        def work(run: Run, n: int) -> None:
            run(_PUT_BLOB, info.key, blob)
            run(_PUT_BOUNDARIES, *values, n)

        self._home.keep(work, _LAST_BOUNDARIES)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return the latest version of every reference layer not removed, in order of name."""
        return tuple(LayerInfo(*row) for row in self._rows(_LAYERS))

    def put_layer(self, info: LayerInfo, blob: bytes | None = None) -> None:
        """Keep a reference layer, or a new version of one: other shapes, removed (no blob)."""
        values = checked(info)

        def work(run: Run, n: int) -> None:
            if blob is not None:
                run(_PUT_BLOB, info.key, blob)
            run(_PUT_LAYER, *values, n)

        self._home.keep(work, _LAST_LAYER)

    def blob(self, key: str) -> bytes | None:
        """Return the bytes kept under a key."""
        found = self._home.rows(_BLOB, key)
        return bytes(found[0][0]) if found else None

    def put_blob(self, key: str, data: bytes) -> None:
        """Keep bytes under a key that names their content; what is there already stays."""
        check_text("key", key)
        self._home.put_once(_PUT_BLOB, key, data)

    def setting(self, key: str) -> str | None:
        """Return the value remembered under a key."""
        found = self._rows(_SETTING, key)
        return str(found[0][0]) if found else None

    def put_setting(self, key: str, value: str) -> None:
        """Remember a value under a key."""
        self._home.commit(SETTING, Setting(key, value))

    def news(self) -> int:
        """Return the number of the last commit, of whatever process."""
        return self._home.news()

    def follow(self) -> None:
        """Hear of commits of other processes from now on, and ask nothing twice between them."""
        self._home.follow()

    def show_up(self, alignment: str, window: str, person: str) -> None:
        """Say that a person looks at an alignment in a window; again every few seconds."""
        self._home.attendance.show_up(alignment, window, person)

    def people(self, alignment: str) -> frozenset[str]:
        """Return who looks at an alignment now, in whatever process."""
        return self._home.attendance.people(alignment)

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""
        return self._home.wait_for_news(after, timeout_s)

    def backup(self, path: Path) -> None:
        """Write a store of its own to a new file, as it is at this moment."""
        back_up(self._home, path)

    def close(self) -> None:
        """Close the store."""
        self._home.close()

    def _rows(self, sql: str, *values: object) -> list[Row]:
        return self._known.rows(sql, *values)
