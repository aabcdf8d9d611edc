"""What can be wrong with a row, in words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a reason matters."""

    NOTE = "note"
    """Counted, nothing to do."""
    REPAIRED = "repaired"
    """Mended here; the row is used."""
    CHECK = "check"
    """The row is used, but somebody should look."""
    UNMATCHED = "unmatched"
    """The row lies in no container."""


class Reason(StrEnum):
    """Why a row is reported; one row can have several."""

    LOST_LEADING_ZERO = "lost_leading_zero"
    PLUS_4 = "zip_plus_4"
    KEY = "key_with_country_or_county"
    DECIMAL = "decimal_postal"
    CUT = "longer_postal"
    PO_BOX = "po_box_attached"
    PLACED_BY_POINT = "placed_by_point"
    PLACED_BY_ZIP_POINT = "placed_by_own_point_of_postal"
    SWAPPED = "latitude_longitude_swapped"
    LOST_SIGN = "longitude_lost_its_minus"
    JUST_OUTSIDE = "point_just_outside"
    MISSING_POSTAL = "missing_postal"
    UNKNOWN_POSTAL = "unknown_postal"
    STAND_IN = "stand_in_postal"
    STAND_IN_USED = "stand_in_postal_used"
    NO_AREA = "postal_outside_boundaries"
    MILITARY = "military_postal"
    AMBIGUOUS = "ambiguous_between_countries"
    AMBIGUOUS_BY_POINT = "ambiguous_placed_by_point"
    OUT_OF_COUNTRY = "out_of_country"
    OUTSIDE = "point_outside_boundaries"
    ZERO_COORDINATES = "zero_coordinates"
    BAD_COORDINATES = "bad_coordinates"
    OUT_OF_RANGE = "coordinates_out_of_range"
    DISAGREE = "postal_and_point_disagree"
    DUPLICATE_ID = "duplicate_id"
    MISSING_ID = "missing_id"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative_value"
    MISSING_VALUE = "missing_value"

    @property
    def told(self) -> Told:
        """How the reason is put to people."""
        return _TOLD[self]


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words: what is wrong, and what was done or can be done."""

    weight: Weight
    problem: str
    remedy: str


_TOLD = {
    Reason.LOST_LEADING_ZERO: Told(
        Weight.REPAIRED,
        "The postal code had lost its leading zeros",
        "Filled up with zeros. Format the column as text before you save it.",
    ),
    Reason.PLUS_4: Told(
        Weight.REPAIRED, "The postal code was a ZIP+4", "Cut to the five digits planned with."
    ),
    Reason.KEY: Told(
        Weight.REPAIRED,
        "The postal code had a country or county before it",
        "Only the code was used.",
    ),
    Reason.DECIMAL: Told(
        Weight.REPAIRED, "The postal code was a decimal number", "The decimals were dropped."
    ),
    Reason.CUT: Told(
        Weight.REPAIRED,
        "The postal code was longer than those planned with",
        "Cut to the part that is planned with.",
    ),
    Reason.PO_BOX: Told(
        Weight.REPAIRED,
        "The postal code is of PO boxes or of one large receiver and has no boundary of its own",
        "Put into the postal code around it.",
    ),
    Reason.PLACED_BY_POINT: Told(
        Weight.REPAIRED,
        "The postal code is not one of the boundaries' codes",
        "Placed by its coordinates. Correct the code if it is wrong.",
    ),
    Reason.PLACED_BY_ZIP_POINT: Told(
        Weight.REPAIRED,
        "The postal code is known, but has no boundary of its own here",
        "Placed by the known point of the code.",
    ),
    Reason.SWAPPED: Told(
        Weight.REPAIRED,
        "Latitude and longitude were swapped",
        "Taken the other way round. Correct them in the source.",
    ),
    Reason.LOST_SIGN: Told(
        Weight.REPAIRED,
        "The longitude had the wrong sign",
        "Taken with the other sign. Correct it in the source; west is negative.",
    ),
    Reason.JUST_OUTSIDE: Told(
        Weight.REPAIRED,
        "The point lies within 2 km of the boundaries, but in none, as at a coast",
        "Put into the nearest.",
    ),
    Reason.MISSING_POSTAL: Told(
        Weight.UNMATCHED,
        "There is no postal code, and no coordinates that help",
        "Fill in a postal code or coordinates.",
    ),
    Reason.UNKNOWN_POSTAL: Told(
        Weight.UNMATCHED,
        "The postal code is not known, and no coordinates help",
        "Correct the postal code, or fill in coordinates.",
    ),
    Reason.STAND_IN: Told(
        Weight.UNMATCHED,
        "The postal code stands for an unknown one, as 00000 and 99999 do",
        "Fill in the true one, or coordinates.",
    ),
    Reason.STAND_IN_USED: Told(
        Weight.CHECK,
        "The postal code exists, but mostly stands for an unknown one, as 12345 does",
        "It was followed. Fill in the true one if it was made up.",
    ),
    Reason.NO_AREA: Told(
        Weight.UNMATCHED,
        "The postal code exists, but lies outside these boundaries",
        "Leave it out, or add boundaries that reach there.",
    ),
    Reason.MILITARY: Told(
        Weight.UNMATCHED,
        "The postal code is of the military or diplomatic post and has no place",
        "Fill in the postal code it should be planned with, or leave it without a place.",
    ),
    Reason.AMBIGUOUS: Told(
        Weight.UNMATCHED,
        "The postal code is ambiguous between countries, and the row states none",
        "Fill in the country, or write it before the code, as in US_94110.",
    ),
    Reason.AMBIGUOUS_BY_POINT: Told(
        Weight.REPAIRED,
        "The postal code is ambiguous between countries, and the row states none",
        "Placed by its coordinates. Fill in the country.",
    ),
    Reason.OUT_OF_COUNTRY: Told(
        Weight.UNMATCHED,
        "The row is in another country than the boundaries",
        "Leave it out, correct the country, or add boundaries of that country.",
    ),
    Reason.OUTSIDE: Told(
        Weight.UNMATCHED,
        "The point lies in no boundary: at sea, abroad or in a gap",
        "Correct latitude and longitude, or fill in a postal code.",
    ),
    Reason.ZERO_COORDINATES: Told(
        Weight.CHECK,
        "Latitude and longitude are both 0, which stands for unknown",
        "Empty both, or fill in the true ones.",
    ),
    Reason.BAD_COORDINATES: Told(
        Weight.CHECK,
        "Latitude or longitude is missing or no number",
        "Correct them in decimal degrees, or empty both.",
    ),
    Reason.OUT_OF_RANGE: Told(
        Weight.CHECK,
        "Latitude is beyond 90 degrees, or longitude beyond 180: no place on Earth",
        "Correct them in decimal degrees, or empty both. Are the two swapped, or in metres?",
    ),
    Reason.DISAGREE: Told(
        Weight.CHECK,
        "The point lies far from the postal code, which was followed",
        "Correct whichever is wrong.",
    ),
    Reason.DUPLICATE_ID: Told(
        Weight.CHECK,
        "The id was there before",
        "It goes on with a number behind it; give each row an id of its own.",
    ),
    Reason.MISSING_ID: Told(
        Weight.CHECK,
        "There is no id",
        "One was made from the row's content; it changes when the row does. Fill in an id.",
    ),
    Reason.NOT_A_NUMBER: Told(
        Weight.CHECK, "The value is not a number and counts as unknown", "Fill in a number."
    ),
    Reason.NEGATIVE: Told(
        Weight.CHECK,
        "The value is negative; it is summed as it is, but cannot be balanced on",
        "Fill in 0 or more if the measure is to be balanced.",
    ),
    Reason.MISSING_VALUE: Told(
        Weight.NOTE, "There is no value", "It counts as unknown and adds nothing."
    ),
}
