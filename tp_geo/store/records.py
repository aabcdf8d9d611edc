"""What the store keeps, as plain values; texts are stored as they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class AlignmentInfo:
    """What is known of an alignment beside its revisions; the latest version put is the one read.

    ``note`` describes it; ``base`` is "id@seq" of the alignment this one was
    copied from, or ""; ``profile`` is that of areas made without their own.
    ``scenario`` is JSON of what a scenario assumes, "" for what is none;
    ``valid_from`` and ``valid_until`` are days in ISO 8601, or ""; ``draft``
    is the branch that a draft may change (`domain.drafts.Draft`), "" for what
    is none.
    """

    id: str
    name: str
    dataset: str
    dataset_key: str
    by: str
    at: str
    note: str = ""
    base: str = ""
    archived: bool = False
    profile: str = "contiguous"
    scenario: str = ""
    valid_from: str = ""
    valid_until: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision; ``seq`` counts from 1 in each draft, ``payload`` is the text of `codec.dumps`.

    ``origin`` is "client:seq" of the browser that asked, or ""; ``reverts``
    is the revision taken back, 0 for none.
    """

    alignment: str
    draft: str
    seq: int
    by: str
    at: str
    kind: str
    text: str
    note: str
    origin: str
    reverts: int
    payload: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A name for a revision of a draft; one name is used once in an alignment."""

    alignment: str
    draft: str
    name: str
    seq: int
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says of an alignment; of a number the latest version put is the one read.

    ``number`` counts from 1 in each alignment. ``about`` is "" for the whole,
    else ``area:`` with an id or ``item:`` with a code. ``resolved_by`` is "" as
    long as it is open.
    """

    alignment: str
    number: int
    about: str
    text: str
    by: str
    at: str
    resolved_by: str = ""
    resolved_at: str = ""


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """What somebody asks for an area; of a number the latest version put is the one read.

    ``number`` counts from 1 in each alignment. ``codes`` is a JSON object: the
    containers and units, each with the area that held it when it was asked.
    ``revision`` is the one that did what was asked, 0 when there is none.
    """

    alignment: str
    number: int
    wish: str
    area: int
    to: int
    codes: str
    reason: str
    by: str
    at: str
    verdict: str = "open"
    answer: str = ""
    decided_by: str = ""
    decided_at: str = ""
    revision: int = 0

    def undecided(self) -> ChallengeRow:
        """Return it as it was asked."""
        return replace(self, verdict="open", answer="", decided_by="", decided_at="", revision=0)


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that was given or taken; of a subject and an object the latest counts.

    ``subject`` is a person, ``*`` for everybody who signs in, or ``role:`` with
    a role; ``object`` and ``level`` are those of `domain.rights`, "" takes it.
    """

    subject: str
    object: str
    level: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that is remembered under a key; the latest counts."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What is known of an imported dataset; ``report`` holds the counts of its import."""

    name: str
    key: str
    boundaries_kind: str
    boundaries_key: str
    made: str
    source: str
    report: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What is known of a reference layer; the latest version of a name put is the one read.

    Its shapes lie in the blob of the same key, ``label`` is the column they
    have their names from, or "".
    """

    name: str
    key: str
    color: str
    label: str
    count: int
    source: str
    by: str
    at: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryInfo:
    """What is known of a boundary set; its GeoParquet lies in the blob of the same key."""

    kind: str
    key: str
    title: str
    vintage: str
    source: str
    licence: str
    country: str
    approximate: bool
    count: int
    made: str
