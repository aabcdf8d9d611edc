"""What rights have to know: of a grant as it is kept, and of an alignment."""

from __future__ import annotations

from typing import Protocol


class Granted(Protocol):
    """A grant as it is kept, see `store.Grant`."""

    @property
    def subject(self) -> str:
        """Who: a person, ``*``, or ``role:`` with a role."""

    @property
    def object(self) -> str:
        """What: ``team``, or what `alignment_object` and its like return."""

    @property
    def level(self) -> str:
        """How far; "" takes the right."""


class About(Protocol):
    """What rights have to know of an alignment, see `store.AlignmentInfo`."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def by(self) -> str:
        """Who made it."""

    @property
    def base(self) -> str:
        """What it was copied from, ``id@seq``, or ""."""

    @property
    def draft(self) -> str:
        """The branch a draft may change, "" for what is no draft."""
