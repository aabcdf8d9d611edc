"""The sorts of records that are journaled, and the statements that keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Final, TypeAlias

from tp_geo.errors import BadData
from tp_geo.store.connect import Run
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

Record: TypeAlias = AlignmentInfo | Entry | Snapshot | Comment | ChallengeRow | Grant | Setting
Check: TypeAlias = Callable[[Run], None]


@dataclass(frozen=True, slots=True)
class Logged:
    """A sort of record that is journaled: its name there, its statements, its type.

    ``insert`` takes a list of values for each column.
    """

    kind: str
    type: type[Record]
    insert: str
    since: str
    last: str


ALIGNMENT: Final = Logged(
    "alignment",
    AlignmentInfo,
    "insert into alignment_version (id, name, dataset, dataset_key, made_by, made_at, note, base, "
    "archived, profile, scenario, valid_from, valid_until, draft, n) select unnest($1), "
    "unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), "
    "unnest($9), unnest($10), unnest($11), unnest($12), unnest($13), unnest($14), unnest($15)",
    "select id, name, dataset, dataset_key, made_by, made_at, note, base, archived, profile, "
    "scenario, valid_from, valid_until, draft, n from alignment_version where n > $1",
    "select coalesce(max(n), 0) from alignment_version",
)
REVISION: Final = Logged(
    "revision",
    Entry,
    "insert into revision (alignment, draft, seq, made_by, made_at, kind, label, note, origin, "
    "reverts, payload, n) select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), "
    "unnest($6), unnest($7), unnest($8), unnest($9), unnest($10), unnest($11), unnest($12)",
    "select alignment, draft, seq, made_by, made_at, kind, label, note, origin, reverts, payload, "
    "n from revision where n > $1",
    "select coalesce(max(n), 0) from revision",
)
SNAPSHOT: Final = Logged(
    "snapshot",
    Snapshot,
    "insert into snapshot (alignment, draft, name, seq, made_by, made_at, n) "
    "select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7)",
    "select alignment, draft, name, seq, made_by, made_at, n from snapshot where n > $1",
    "select coalesce(max(n), 0) from snapshot",
)
COMMENT: Final = Logged(
    "comment",
    Comment,
    "insert into comment_version (alignment, number, about, label, made_by, made_at, resolved_by, "
    "resolved_at, n) select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), "
    "unnest($6), unnest($7), unnest($8), unnest($9)",
    "select alignment, number, about, label, made_by, made_at, resolved_by, resolved_at, n "
    "from comment_version where n > $1",
    "select coalesce(max(n), 0) from comment_version",
)
CHALLENGE: Final = Logged(
    "challenge",
    ChallengeRow,
    "insert into challenge_version (alignment, number, wish, area, receiver, codes, label, "
    "made_by, made_at, verdict, answer, decided_by, decided_at, revision, n) "
    "select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), "
    "unnest($8), unnest($9), unnest($10), unnest($11), unnest($12), unnest($13), unnest($14), "
    "unnest($15)",
    "select alignment, number, wish, area, receiver, codes, label, made_by, made_at, verdict, "
    " answer, decided_by, decided_at, revision, n from challenge_version where n > $1",
    "select coalesce(max(n), 0) from challenge_version",
)
GRANT: Final = Logged(
    "grant",
    Grant,
    "insert into grant_version (subject, object, level, made_by, made_at, n) "
    "select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)",
    "select subject, object, level, made_by, made_at, n from grant_version where n > $1",
    "select coalesce(max(n), 0) from grant_version",
)
SETTING: Final = Logged(
    "setting",
    Setting,
    "insert into setting (key, value, n) select unnest($1), unnest($2), unnest($3)",
    "select key, value, n from setting where n > $1",
    "select coalesce(max(n), 0) from setting",
)
LOGGED: Final[Mapping[str, Logged]] = {
    k.kind: k for k in (ALIGNMENT, REVISION, SNAPSHOT, COMMENT, CHALLENGE, GRANT, SETTING)
}


def checked(record: Record | DatasetInfo | BoundaryInfo | LayerInfo) -> tuple[object, ...]:
    """Return the values of a record; raise ``BadData`` for text no database can keep."""
    values: tuple[object, ...] = astuple(record)
    for field, value in zip(fields(record), values, strict=True):
        if isinstance(value, str):
            check_text(field.name, value)
    return values


def check_text(name: str, value: str) -> None:
    """Raise ``BadData`` for text that no database can keep: NUL and half characters."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadData(
            f"The {name} {value!r:.60} has half a character at {error.start}. Type it anew."
        ) from error
    if "\0" in value:
        raise BadData(f"The {name} {value!r:.60} has a NUL character. Take it out.")
