"""Whoever comes by a link without signing in: sees what it shows, and may do nothing."""

from __future__ import annotations

from dataclasses import dataclass

from tp_geo.domain.granted import About
from tp_geo.domain.rights import Action, Actor
from tp_geo.domain.rules import EVERYTHING, Remit
from tp_geo.errors import Refused

READ_ONLY = "This link is for reading: nothing can be changed by it. Ask whoever sent it to you."


@dataclass(frozen=True, slots=True)
class Reader(Actor):
    """A guest by a link that somebody made: sees no measure that is hidden from either."""

    maker: str = ""

    @property
    def free(self) -> bool:
        """Never: a guest is refused whatever is not reading, also where there are no rights."""
        return False

    def may(self, action: Action, about: About | None = None) -> bool:
        """Whether it is to see."""
        return action is Action.SEE

    def reach(self, action: Action, about: About) -> Remit | None:
        """Return everything to see, and nowhere for all else."""
        return EVERYTHING if self.may(action, about) else None

    def require(self, action: Action, about: About | None = None) -> None:
        """Raise ``Refused`` unless it is to see."""
        if not self.may(action, about):
            raise Refused(READ_ONLY)

    def sees_dataset(self, name: str) -> bool:
        """Whether a dataset is shared: only what the alignment stands on is to be seen."""
        return False

    def hidden(self, dataset: str) -> frozenset[str]:
        """Return what is hidden from people without a role, or from whoever made the link."""
        if not self.rights.on:
            return frozenset()
        alone = self.rights.hidden((), dataset)
        return alone | self.rights.actor(self.maker).hidden(dataset)
