"""Every exception the project raises. Messages are for the reader: what, where, what to do."""

from __future__ import annotations


class TpGeoError(Exception):
    """Anything that went wrong in a way we foresaw; the text can be shown as it is."""


class Refused(TpGeoError):
    """Something the rules of planning do not allow now."""


class BadData(TpGeoError):
    """Input that cannot be used; names the row, the field, the value and the remedy."""


class Stale(TpGeoError):
    """Somebody else's revision came first; reload, decide again, append."""


class StoreBusy(TpGeoError):
    """Another process holds the store."""


class StoreDamaged(TpGeoError):
    """The store's file cannot be read as it is; says how to recover."""


class Unavailable(TpGeoError):
    """Something outside, such as the network, cannot be reached; says the way without it."""


class StoreAway(Unavailable):
    """The server of a store does not answer; it may in a moment."""


class Cancelled(TpGeoError):
    """Somebody cancelled the work; nothing of it was kept."""


class CrmFailure(TpGeoError):
    """An org refused or could not be reached; ``code`` is the org's own, "" where it has none."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


class Unsure(CrmFailure):
    """Nobody knows whether an org did what it was asked to: read back before asking again."""
