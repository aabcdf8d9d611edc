"""Files come in through the pages: seen first, kept only when a person says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.geometry.boundaries import build_boundaries
from tp_geo.workflow.countries import combine
from tp_geo.workflow.layers import take_in
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]

ACCOUNTS = b"""Account Id,Account Name,Zip,Owner,Annual Revenue
A1,Acme,94103,ann,1000.50
A2,<b>Bold</b>,2139,bob,2000
A3,Lost,99999,ann,300
A4,"=cmd|x",10001,bob,n/a
"""


class Dialog:
    """A dialog held open: a test runs the whole app each time, which would close it."""

    def __init__(self, at: AppTest, name: str, *about: object) -> None:
        self.at, self.wanted = at, (name, about)
        self.run()

    def run(self) -> None:
        """Run until nothing is under way any more."""
        self.at.session_state["dialog"] = self.wanted
        self.at.run()
        assert not self.at.exception
        if self.at.get("progress"):
            self.run()

    def press(self, label: str) -> None:
        next(b for b in reversed(self.at.button) if b.label == label).click()
        self.run()

    def upload(self, name: str, content: bytes, at: int = 0) -> None:
        self.at.file_uploader[at].set_value((name, content, "text/csv"))
        self.run()


@pytest.fixture
def importing(opened: Opened) -> Dialog:
    dialog = Dialog(opened("data"), "import")
    dialog.upload("accounts.csv", ACCOUNTS)
    return dialog


def picked(at: AppTest, label: str) -> object:
    return next(s for s in at.selectbox if s.label == label).value


def test_columns_are_guessed(importing: Dialog) -> None:
    at = importing.at
    assert [picked(at, n) for n in ("Id", "Name", "Postal code", "Owner")] == [
        "Account Id",
        "Account Name",
        "Zip",
        "Owner",
    ]
    assert next(m for m in at.multiselect if m.label.startswith("Measures")).value == [
        "Annual Revenue"
    ]


def test_the_doctor_tells_every_problem_before_anything_is_kept(
    importing: Dialog, planner: Planner
) -> None:
    importing.press("Check the rows")
    at = importing.at
    assert {m.label: m.value for m in at.metric} == {
        "Rows": "4",
        "Matched": "75.0 %",
        "Repaired": "1",
        "In no postal code": "1",
    }
    problems = next(d.value for d in at.dataframe if "Problem" in d.value.columns)
    assert "row 4: 99999" in problems["Example"].tolist()
    assert "row 3: 2139" in problems["Example"].tolist()
    assert not planner.store.datasets()


def test_an_import_ends_with_totals_to_compare(importing: Dialog, planner: Planner) -> None:
    importing.press("Check the rows")
    importing.press("Import 4 rows")
    assert [i.name for i in planner.store.datasets()] == ["accounts"]
    dataset = planner.dataset("accounts")
    assert len(dataset.items.container_of) == 4
    totals = next(
        d.value for d in importing.at.dataframe if list(d.value.columns) == ["Measure", "Total"]
    )
    assert totals["Total"].tolist() == [4.0, 3300.5]


def test_the_dataset_of_the_plan_that_is_open_is_the_one_shown(
    importing: Dialog, opened: Opened, planner: Planner
) -> None:
    importing.press("Check the rows")
    importing.press("Import 4 rows")
    planner.create("Built in", by="anna")
    planner.create("Ours", "accounts", by="anna")
    shown = {
        name: [s.value for s in opened("data", alignment=name).subheader][1]
        for name in ("Built in", "Ours")
    }
    assert shown == {"Built in": "default", "Ours": "accounts"}


def test_a_repaired_file_mends_a_dataset_that_is_there(
    opened: Opened, importing: Dialog, planner: Planner
) -> None:
    importing.press("Check the rows")
    importing.press("Import 4 rows")
    importing.at.session_state["imported"] = "accounts"
    dialog = Dialog(importing.at, "repair", "accounts")
    mended = b"repair_id,Account Id,Zip\nA3,A3,60601\n"
    dialog.upload("repairs.csv", mended)
    dialog.press("Take in the repairs")
    assert not dialog.at.error
    assert planner.store.datasets()[0].report["unmatched"] == 0


def test_other_columns_mean_another_check(importing: Dialog) -> None:
    importing.press("Check the rows")
    at = importing.at
    next(s for s in at.selectbox if s.label == "Owner").select_index(0)
    importing.run()
    assert "Check the rows" in [b.label for b in at.button]


def test_a_repaired_file_is_taken_in_and_checked_again(importing: Dialog) -> None:
    importing.press("Check the rows")
    mended = b"repair_id,Account Id,Zip\nA3,A3,60601\n"
    importing.upload("repairs.csv", mended, at=1)
    importing.press("Take in the repairs")
    assert next(m for m in importing.at.metric if m.label == "In no postal code").value == "0"


def test_several_files_are_checked_as_one(importing: Dialog, planner: Planner) -> None:
    at = importing.at
    more = b"zip,account id,Region\n60601,B1,Mid\n00000,B2,Mid\n"
    files = [("accounts.csv", ACCOUNTS, "text/csv"), ("more.csv", more, "text/csv")]
    at.file_uploader[0].set_value(files)
    importing.run()
    assert any("Account Name" in c.value and "left empty" in c.value for c in at.caption)
    importing.press("Check the rows")
    problems = next(d.value for d in at.dataframe if "Problem" in d.value.columns)
    assert "more.csv, row 3: B2" not in problems["Example"].tolist()
    assert problems[problems["Outcome"] == "in no postal code"]["Rows"].tolist() == [2]
    importing.press("Import 6 rows")
    dataset = planner.dataset("accounts and 1 more")
    sources = dataset.attributes["source file"][dataset.items.containers :]
    assert sorted(set(sources)) == ["accounts.csv", "more.csv"]


def test_a_file_that_is_no_table_is_told_and_nothing_is_kept(
    opened: Opened, planner: Planner
) -> None:
    dialog = Dialog(opened("data"), "import")
    dialog.upload("accounts.xlsx", b"PK\x03\x04 this is no workbook")
    assert dialog.at.error
    assert not planner.store.datasets()


def test_own_boundaries_are_taken_in(opened: Opened, planner: Planner) -> None:
    box = (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"plz":"010"},'
        b'"geometry":{"type":"Polygon","coordinates":[[[9,50],[10,50],[10,51],[9,51],[9,50]]]}}]}'
    )
    dialog = Dialog(opened("data"), "own")
    dialog.upload("boxes.geojson", box)
    kind = next(s for s in dialog.at.selectbox if s.label == "Kind")
    kind.select("county")
    dialog.press("Add")
    assert [(i.kind, i.count) for i in planner.store.boundary_sets()] == [("county", 1)]
    assert not dialog.at.error


def test_a_table_changes_the_plan_only_after_its_preview(opened: Opened, planner: Planner) -> None:
    plan = planner.create("North", by="anna", areas=("West", "East"))
    dialog = Dialog(opened("data", alignment="North"), "supplement")
    dialog.upload("moves.csv", b"code,assign to\n94103,West\n10001,East\n99998,East\n")
    plan.refresh()
    assert plan.seq == 1
    changes = next(d.value for d in dialog.at.dataframe if "Change" in d.value.columns)
    assert changes.iloc[0].tolist()[:2] == ["Items moved", 2]
    dialog.press("Take it in")
    plan.refresh()
    assert len(plan.alignment.holds(AreaId(1))) == len(plan.alignment.holds(AreaId(2))) == 1


def test_the_boundaries_say_which_are_approximate(opened: Opened) -> None:
    at = opened("data")
    sets = next(d.value for d in at.dataframe if "Layer" in d.value.columns)
    assert sets.set_index("Kind")["Shapes"].to_dict() == {
        "postal": "approximate",
        "county": "exact",
        "state": "exact",
        "province": "exact",
        "municipality": "exact",
        "country": "exact",
    }


def test_countries_are_combined_to_boundaries_rows_can_be_put_into(
    opened: Opened, planner: Planner
) -> None:
    squares = [shapely.box(-100, 50, -99, 51), shapely.box(-99, 50, -98, 51)]
    codes = np.array(["K1A", "M5V"], dtype=object)
    canada = build_boundaries(
        codes, codes, np.array(squares, dtype=object), kind="fsa", title="FSAs", country="CA"
    )
    take_in(planner, canada)
    take_in(planner, combine(planner, "Both", {"US": "county", "CA": "fsa"})[0])
    dialog = Dialog(opened("data"), "combine")
    dialog.press("Combine")
    assert any("Give the combination a name" in e.value for e in dialog.at.error)
    next(s for s in dialog.at.selectbox if s.label == "Name").select("Both")
    dialog.run()
    chosen = {s.label: s for s in dialog.at.selectbox}
    assert chosen["Canada"].options[0] == "FSAs, 2 shapes"
    usa = chosen["United States"]
    assert "Counties" in usa.options[usa.index], "the set the combination is made of"
    usa.select_index(next(i for i, o in enumerate(usa.options) if "States" in o))
    dialog.press("Combine")
    newest = planner.store.boundary_sets()[0]
    assert (newest.kind, newest.count, newest.country) == ("Both", 53, "CA, US")
    importing = Dialog(opened("data"), "import")
    importing.upload("accounts.csv", b"Id,Zip,Country\n1,M5V 2T6,Canada\n2,TX,USA\n")
    kinds = next(s for s in importing.at.selectbox if s.label == "Boundaries to put rows into")
    assert "Both" in kinds.options
