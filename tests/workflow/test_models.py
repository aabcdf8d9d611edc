"""Models: from tables, samples and other alignments, and splitting by what the data say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from squares import country, dataset, table, texts
from trees import HERE, WITHIN, done, tree, where

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.problems import problems
from tp_geo.errors import BadData, Refused
from tp_geo.geometry.boundaries import build_boundaries
from tp_geo.workflow.model_columns import from_columns
from tp_geo.workflow.model_tables import from_table
from tp_geo.workflow.models import Adopt, from_alignment, from_sample, split_by

# A table of areas


def test_a_table_gives_a_hierarchy_whatever_the_order_of_its_rows() -> None:
    model = from_table(
        table(
            """
            name       | parent | level  | owner | target people | Segment
            California | West   | State  | ann   | 1,200         | gold
            West       |        |        |       |               |
            Nevada     | West   | State  |       |               | 7
            """
        ),
        HERE.items,
        ["people"],
    )
    assert tree(model) == {"West", "West/California", "West/Nevada"}
    california = model.area(find_area(model, "California"))
    assert (california.owner, california.level) == ("ann", "State")
    assert california.targets == {"people": 1200.0}
    assert california.attributes == {"Segment": "gold"}
    assert model.area(find_area(model, "Nevada")).attributes == {"Segment": 7.0}
    assert model.area(find_area(model, "West")).level == "Region"


def test_a_table_with_ids_may_use_a_name_twice() -> None:
    model = from_table(
        table(
            """
            ID | Name  | ParentID
            1  | East  |
            2  | West  |
            3  | Metro | 1
            4  | Metro | 2
            """
        ),
        HERE.items,
    )
    assert tree(model) == {"East", "West", "East/Metro", "West/Metro"}


def test_a_parent_may_be_a_path() -> None:
    model = from_table(
        table(
            """
            name  | parent
            East  |
            West  |
            Metro | East
            Metro | West
            Inner | West/Metro
            """
        ),
        HERE.items,
    )
    assert "West/Metro/Inner" in tree(model)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("name|parent\nA|B\nB|A", r"Row 2, parent 'B': the areas are under themselves \(A → B → A"),
        ("name|parent\nA|A", r"Row 2, parent 'A': the areas are under themselves"),
        ("name|parent\nA|\nB|Aa", r"Row 3, parent 'Aa': is no area of this table; add a row"),
        ("name|parent\nA|\nB|A\nB|A", r"Row 4, name 'B': is there twice .* first in row 3"),
        ("name|parent\nA|\nB|\nX|A\nX|B\nY|X", r"Row 6, parent 'X': is the name of rows 4 and 5"),
        ("id|name|parent\n1|A|\n1|B|", r"Row 3, id '1': is that of row 2 already"),
        ("name|parent\n|\n|A\nA|", r"Row 3, name '': is blank"),
        (f"name|parent\n{'x' * 300}|", r"Row 2, name 'x{80}': has over 255 characters"),
        ("label|boss\nA|", r"no column 'parent'. Columns: label, boss"),
        ("name|parent", r"no rows"),
        ("name|parent|target people\nA||lots", r"Row 2, target people 'lots': is no target"),
        ("name|parent|target people\nA||-1", r"Row 2, target people '-1': is no target"),
        ("name|parent|color\nA||red", r"Row 2, color 'red': is no color"),
        ("name|parent|locked\nA||maybe", r"Row 2, locked 'maybe': is neither TRUE nor FALSE"),
        ("name|parent\nA|\nB|q\nC|r", r"Row 3, parent 'q'.*And 1 more in parent"),
    ],
)
def test_a_table_that_is_no_hierarchy_is_refused_by_row(rows: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        from_table(table(rows), HERE.items, ["people"])


def test_ten_levels_are_read_and_the_eleventh_is_refused() -> None:
    rows = [["L1", ""], *([f"L{i + 1}", f"L{i}"] for i in range(1, 10))]
    assert len(from_table(pd.DataFrame(rows, columns=["name", "parent"]), HERE.items).areas) == 10
    rows.append(["L11", "L10"])
    with pytest.raises(BadData, match=r"Row 12, parent 'L10': would be on level 11"):
        from_table(pd.DataFrame(rows, columns=["name", "parent"]), HERE.items)


def test_a_chain_of_many_rows_is_refused_in_good_time() -> None:
    rows = [["0", ""], *([str(i), str(i - 1)] for i in range(1, 40_000))]
    with pytest.raises(BadData, match="level 11"):
        from_table(pd.DataFrame(rows, columns=["name", "parent"]), HERE.items)


@settings(max_examples=60)
@given(st.lists(st.integers(-1, 8), min_size=1, max_size=9), st.randoms())
def test_every_tree_comes_back_from_its_table(above: list[int], random: object) -> None:
    parents = [min(p, i - 1) for i, p in enumerate(above)]
    rows = [[f"N{i}", "" if p < 0 else f"N{p}"] for i, p in enumerate(parents)]
    random.shuffle(rows)  # type: ignore[attr-defined]
    model = from_table(pd.DataFrame(rows, columns=["name", "parent"]), HERE.items)
    found = {a.name: a.parent and model.area(a.parent).name for a in model.areas.values()}
    assert found == {name: parent or None for name, parent in rows}
    assert problems(model) == ()


# Samples, and bringing a model in


def test_a_sample_starts_an_alignment() -> None:
    model = from_sample("States over counties", HERE, WITHIN)
    after = done(Alignment.empty(HERE.items), Adopt(model, "from a sample"))
    assert after == model
    with pytest.raises(Refused, match=r"no sample called 'Moon'\. Samples: Census regions"):
        from_sample("Moon", HERE, WITHIN)


def test_a_model_at_the_top_takes_only_what_is_unassigned() -> None:
    start = done(Alignment.empty(HERE.items), Branch(None, ("Mine",), "Region"))
    start = done(start, Move(np.array([0, 1]), AreaId(1)))
    after = done(start, Adopt(from_sample("States", HERE, WITHIN), "from a sample"))
    found = where(after, HERE)
    assert (found["01"], found["05"], found["03"]) == ("Mine", "AA", "BB")


def test_a_model_of_other_items_is_refused() -> None:
    with pytest.raises(Refused, match="is for 9 items, the alignment has 8"):
        other = from_columns(dataset({"a": "01"}), ["state"], within=WITHIN)
        done(Alignment.empty(HERE.items), Adopt(other, ""))
    with pytest.raises(Refused, match="no areas"):
        done(Alignment.empty(HERE.items), Adopt(Alignment.empty(HERE.items), ""))


def test_a_twin_at_the_top_is_refused_by_the_gate() -> None:
    start = done(Alignment.empty(HERE.items), Branch(None, ("AA",), "Region"))
    with pytest.raises(Refused, match="more than one area called AA at the top"):
        done(start, Adopt(from_sample("States", HERE, WITHIN), ""))


# Splitting


def test_a_leaf_is_split_by_state_and_by_county_below_it() -> None:
    start = done(Alignment.empty(HERE.items), Branch(None, ("All", "Rest"), "Region"))
    start = done(start, Move(np.arange(7), AreaId(1)))
    after = done(start, split_by(start, HERE, AreaId(1), "state", level="State", within=WITHIN))
    assert tree(after) == {"All", "Rest", "All/AA", "All/BB"}
    assert where(after, HERE)["08"] == "Unassigned"
    bb = find_area(after, "All/BB")
    command = split_by(after, HERE, bb, "county", within=WITHIN)
    assert command.says(after, "squares") == "split BB by county into 2 areas"
    assert where(done(after, command), HERE)["04"] == "B2"
    with pytest.raises(Refused, match="All is divided already"):
        split_by(after, HERE, AreaId(1), "state", within=WITHIN)


def test_a_split_by_a_column_makes_exceptions_and_gathers_the_rest() -> None:
    units = {"a": "01", "b": "01", "c": "01", "d": "02"}
    data = dataset(units, {"rep": {"a": "ann", "b": "bob", "c": "ann"}})
    start = done(Alignment.empty(data.items), Branch(None, ("All",), "Region"))
    start = done(start, Move(np.arange(8), AreaId(1)))
    start = done(start, HoldItems(np.array([data.units["d"]])))
    after = done(start, split_by(start, data, AreaId(1), "rep"))
    found = where(after, data)
    assert (found["01"], found["b"], found["02"], found["d"]) == ("ann", "bob", "Other", "Other")
    assert [data.codes[i] for i in after.exceptions] == ["b"]
    assert after.area_of[data.units["d"]] != FOLLOW
    assert problems(after) == ()


def test_what_is_unassigned_is_split_and_the_rest_stays() -> None:
    within = {**WITHIN, "zone": texts(["N", "N", "", "", "", "", "", ""])}
    start = Alignment.empty(HERE.items)
    after = done(start, split_by(start, HERE, None, "zone", within=within))
    assert tree(after) == {"N"}
    assert where(after, HERE)["03"] == "Unassigned"
    with pytest.raises(Refused, match="Unassigned has nothing with a value of zone"):
        split_by(after, HERE, None, "zone", within=within)


def test_a_locked_leaf_is_not_split() -> None:
    start = done(Alignment.empty(HERE.items), Branch(None, ("All",), "Region"))
    start = done(start, Move(np.arange(8), AreaId(1)))
    start = done(start, Change(AreaId(1), {"locked": True}))
    with pytest.raises(Refused, match="All is locked"):
        done(start, split_by(start, HERE, AreaId(1), "state", within=WITHIN))


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from([0, 1, 2]), min_size=8, max_size=8),
    st.lists(
        st.tuples(
            st.integers(0, 8),
            st.sampled_from([FOLLOW, 0, 1, 2]),
            st.booleans(),
            st.sampled_from(["", "ann", "bob"]),
        ),
        max_size=8,
    ),
    st.sampled_from([None, 1]),
)
def test_a_split_moves_nothing_in_or_out(
    containers: list[int], units: list[tuple[int, int, bool, str]], area: int | None
) -> None:
    codes = [f"{i + 1:02d}" for i in range(8)]
    homes = {f"u{i}": codes[at] if at < 8 else None for i, (at, *_) in enumerate(units)}
    data = dataset(homes, {"rep": {f"u{i}": rep for i, (*_, rep) in enumerate(units)}})
    entries = np.array([*containers, *(entry for _, entry, _, _ in units)], dtype=np.int32)
    held = np.array([False] * 8 + [on and e != FOLLOW for _, e, on, _ in units])
    areas = done(Alignment.empty(data.items), Branch(None, ("One", "Two"))).areas
    start = Alignment(data.items, areas, entries, held)
    here = None if area is None else AreaId(area)
    try:
        command = split_by(start, data, here, "rep")
    except Refused:
        return
    after = done(start, command)
    mine = (start.resolved == (here or UNASSIGNED)) & ((area is not None) | ~start.held)
    assert problems(after) == ()
    assert np.array_equal(after.resolved[~mine], start.resolved[~mine])
    inside = {UNASSIGNED, *after.areas} - set(areas) if here is None else set(after.subtree(here))
    assert set(after.resolved[mine].tolist()) <= inside
    for u, (_, _, _, rep) in enumerate(units):
        if mine[8 + u] and rep:
            assert after.name(AreaId(int(after.resolved[8 + u]))) == rep


# From another alignment


def test_an_alignment_is_carried_over_by_code_with_a_report() -> None:
    there = dataset({"a": "01", "b": "08", "gone": "01"}, boundaries=country(4, 2))
    other = done(
        Alignment.empty(there.items), Adopt(from_columns(there, ["state"], within=WITHIN), "")
    )
    other = done(other, Move(np.array([there.units["a"], there.units["gone"]]), AreaId(2)))
    other = done(other, HoldItems(np.array([there.units["a"]])))
    here = dataset({"a": "01", "b": "01"}, boundaries=country(4, 3))
    carried = from_alignment(other, there, here)
    found = where(carried.model, here)
    assert (found["01"], found["08"], found["12"]) == ("AA", "BB", "Unassigned")
    assert (found["a"], found["b"]) == ("BB", "AA")
    assert carried.model.held[here.units["a"]]
    assert (carried.matched, carried.lost, carried.unknown, carried.rehomed) == (
        10,
        ("gone",),
        4,
        1,
    )
    assert "1 not found here, the first is gone; 4 containers are new" in str(carried)
    after = done(Alignment.empty(here.items), Adopt(carried.model, "carried"))
    assert after == carried.model


def test_counties_carry_over_to_the_squares_inside_them() -> None:
    squares = country()
    outlines = squares.polygons[[0, 1, 2, 3]]
    codes = texts(["A1", "A2", "B1", "B2"])
    there = dataset(boundaries=build_boundaries(codes, codes, outlines, kind="county"))
    other = done(Alignment.empty(there.items), Branch(None, ("One",), "Region"))
    other = done(other, Move(np.array([0]), AreaId(1)))
    carried = from_alignment(other, there, HERE, via=WITHIN["county"])
    found = where(carried.model, HERE)
    assert [c for c, name in found.items() if name == "One"] == ["01", "05"]
    assert (carried.matched, carried.unknown, carried.lost) == (8, 0, ())


def test_carrying_over_to_the_same_dataset_changes_nothing() -> None:
    model = from_sample("States over counties", HERE, WITHIN)
    assert from_alignment(model, HERE, HERE).model == model
