"""A log entry, and what the log says about undo and redo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tp_geo.domain.alignment import Alignment, Items
from tp_geo.domain.edits import Edit, PutArea
from tp_geo.domain.signing import KINDS

UNDO, REDO, TAKE_BACK = "undo", "redo", "take back"
DATA = "data"
"""The kind of a revision that edits nothing: the plan stands on other data from there on."""


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """One step of an alignment: who, when, what in words, why, and the edits that replay reads.

    ``at`` is UTC in ISO 8601. ``origin`` is ``client:number`` of the map
    operation it answers. ``reverts`` is the ``seq`` it takes back, 0 for none.
    """

    seq: int
    by: str
    at: str
    kind: str
    text: str
    edits: tuple[Edit, ...]
    note: str = ""
    origin: str = ""
    reverts: int = 0


@dataclass(frozen=True, slots=True)
class UndoStack:
    """What a person can undo and redo now, newest last; numbers are ``seq``."""

    undo: tuple[int, ...] = ()
    redo: tuple[int, ...] = ()


def undo_stack(history: Iterable[Revision], by: str) -> UndoStack:
    """Return what ``by`` can undo and redo, read off the log alone.

    An undo moves the revision it reverts to the redo side, a redo moves it
    back; any other revision of theirs empties the redo side. What somebody
    has taken back is on neither side for as long as that stands. Steps of
    signing off and other data are on none: each has an opposite of its own.
    """
    log = tuple(history)
    undo: dict[int, None] = {}
    redo: dict[int, None] = {}
    for revision in log:
        if revision.by != by or revision.kind in (*KINDS, DATA):
            continue
        if revision.kind == UNDO:
            undo.pop(revision.reverts, None)
            redo[revision.seq] = None
        elif revision.kind == REDO:
            redo.pop(revision.reverts, None)
            undo[revision.seq] = None
        else:
            redo.clear()
            undo[revision.seq] = None
    void = _void(log)
    return UndoStack(
        tuple(seq for seq in undo if seq not in void),
        tuple(seq for seq in redo if seq not in void),
    )


def start(items: Items) -> Alignment:
    """Return the alignment before its first revision: no areas, everything unassigned."""
    return Alignment.empty(items)


def last_id(edits: Iterable[Edit]) -> int:
    """Return the highest area id that edits ever used; ids are never given twice."""
    return max((e.area.id for e in edits if isinstance(e, PutArea)), default=0)


def _void(log: tuple[Revision, ...]) -> frozenset[int]:
    """Return the revisions that one which stands has taken back."""
    void: set[int] = set()
    for revision in reversed(log):
        if revision.reverts and revision.seq not in void:
            void.add(revision.reverts)
    return frozenset(void)
