"""Bottom-up: areas that are there put under new ones."""

from __future__ import annotations

import numpy as np
import pytest
from squares import country, table
from trees import HERE, WITHIN, done, tree, where

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Change
from tp_geo.domain.hierarchy import find_area, levels
from tp_geo.errors import BadData, Refused
from tp_geo.workflow.grouping import (
    Group,
    group,
    group_by_column,
    group_by_nearness,
    group_by_table,
)
from tp_geo.workflow.model_columns import from_columns
from tp_geo.workflow.models import Adopt


def four() -> Alignment:
    model = from_columns(HERE, ["county"], within=WITHIN)
    return done(Alignment.empty(HERE.items), Adopt(model, ""))


def test_areas_are_grouped_under_new_ones() -> None:
    start = four()
    a1, a2, b1 = (find_area(start, n) for n in ("A1", "A2", "B1"))
    command = group(start, {"Left": (a1, a2), "Right": (b1,)}, "District")
    after = done(start, command)
    assert tree(after) == {"Left", "Right", "Left/A1", "Left/A2", "Right/B1", "B2"}
    assert np.array_equal(after.area_of, start.area_of)
    assert command.says(start, "") == (
        "grouped 3 areas into 2 of level District; 1 area stays beside them"
    )
    with pytest.raises(Refused, match="A1 is in two groups: Left and Right"):
        group(start, {"Left": (a1,), "Right": (a1,)}, "District")


def test_a_table_groups_into_districts_and_regions_at_once() -> None:
    start = four()
    rows = "territory|district|region\nA1|D1|R\nA2|D1|R\nB1|D2|R\nB2|D2|R"
    after = done(start, group_by_table(start, table(rows)))
    assert {"R/D1/A1", "R/D2/B2"} <= tree(after)
    assert levels(after)[:2] == ("region", "district")
    assert where(after, HERE) == where(start, HERE)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("territory|region\nQ|R", "Row 2, territory 'Q': There is no area called 'Q'"),
        ("territory|region\nA1|R\nA1|S", "Row 3, territory 'A1': is in the table already"),
        ("territory|region\nA1|", "Row 2, region: is blank. Name the group of 'A1'"),
        ("territory\nA1", "needs a column of areas and one for each level"),
    ],
)
def test_a_table_that_groups_nothing_is_refused_by_row(rows: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        group_by_table(four(), table(rows))


def test_areas_are_grouped_by_owner_or_attribute() -> None:
    start = done(four(), Change(AreaId(1), {"owner": "ann"}))
    start = done(start, Change(AreaId(3), {"owner": "bob", "attributes": {"tier": "gold"}}))
    assert done(start, group_by_column(start, "owner", "Region")).area(AreaId(5)).name == "ann"
    assert len(done(start, group_by_column(start, "tier", "Region")).areas) == 5
    with pytest.raises(Refused, match="No area at the top has a value of 'planet'"):
        group_by_column(start, "planet", "Region")


def test_near_areas_are_grouped() -> None:
    """A1 and A2 lie side by side on the left, B1 and B2 on the right."""
    start = four()
    after = done(start, group_by_nearness(start, country().xy, ["One", "Two"], "Region"))
    assert {"One/A1", "One/A2", "Two/B1", "Two/B2"} <= tree(after)
    with pytest.raises(Refused, match="4 areas can be put in 1 to 4 groups"):
        group_by_nearness(start, country().xy, [], "Region")


def test_a_group_needs_members_and_neighbors_in_the_tree() -> None:
    start = done(four(), group(four(), {"Left": (AreaId(1),)}, "Region"))
    with pytest.raises(Refused, match="below different parents"):
        done(start, group(start, {"X": (AreaId(1), AreaId(2))}, "Region"))
    with pytest.raises(Refused, match="nothing to group"):
        done(start, Group({}, ("Region",)))
    with pytest.raises(Refused, match="needs the name of its group"):
        done(start, Group({AreaId(2): ()}, ("Region",)))
