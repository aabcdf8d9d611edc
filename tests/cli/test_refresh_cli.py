"""A plan put on newer data from the command line, and back."""

from __future__ import annotations

from pathlib import Path

WORDS = ("--id", "id", "--postal", "state", "--measure", "sold", "--boundaries", "state")


def imported(do, folder: Path, text: str) -> None:
    file = folder / "accounts.csv"
    file.write_text("id,state,sold\n" + text)
    do("import", file, "--dataset", "mine", *WORDS)


def test_a_refresh_is_told_done_and_taken_back(do, say, tmp_path: Path) -> None:
    imported(do, tmp_path, "a1,CA,1\na2,NV,2\na3,OR,4\n")
    do("new", "A", "--dataset", "mine", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "OR")
    imported(do, tmp_path, "a1,NV,1\na2,NV,5\na4,OR,8\n")
    told = do("refresh", "A", "--dry-run", "--csv", str(tmp_path / "report"))
    counts = ("new", "gone", "moved", "to_another_area", "dry_run")
    assert [told[k] for k in counts] == [1, 1, 1, 1, True]
    assert told["changed"]["sold"] == 4
    assert {p.name for p in (tmp_path / "report").iterdir()} == {
        "accounts.csv", "areas.csv", "measures.csv",
    }  # fmt: skip
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 5
    said = say("refresh", "A", "--note", "monthly").out
    assert said.startswith("1 account new, 1 gone, 1 moved, 1 of them to another area")
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 8
    assert do("history", "A")["revisions"][0]["kind"] == "data"
    assert say("refresh", "A").code == 1
    do("refresh", "A", "--back")
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 5
    assert "was not refreshed" in say("refresh", "A", "--back").err


def test_back_and_another_dataset_are_not_both(do, say) -> None:
    do("new", "A", "--dataset", "accounts")
    assert say("refresh", "A", "--back", "--dataset", "x").code == 2


def test_a_plan_is_moved_to_newer_boundaries_by_a_crosswalk(do, say, tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    def taken(title: str, shapes: dict[str, tuple[int, int]], *more: str) -> str:
        boxes = [shapely.box(a, 10, b, 11) for a, b in shapes.values()]
        file = tmp_path / f"{title}.geojson"
        gpd.GeoDataFrame({"BEAT": list(shapes)}, geometry=boxes, crs=4326).to_file(file)
        words = ("--kind", "beat", "--code", "BEAT", "--title", title, *more)
        return do("boundaries", "add", file, *words)["key"]

    taken("old", {"a": (0, 1), "b": (1, 2)})
    file = tmp_path / "accounts.csv"
    file.write_text("id,beat,sold\nx1,a,1\nx2,b,2\n")
    words = ("--id", "id", "--postal", "beat", "--measure", "sold", "--boundaries", "beat")
    do("import", file, "--dataset", "mine", *words)
    do("new", "A", "--dataset", "mine", "--names", "West,East")
    do("assign", "A", "--to", "West", "a", "b")
    taken("new", {"a": (0, 1), "b1": (1, 2)}, "--leave-plans")
    walk = tmp_path / "walk.csv"
    walk.write_text("old,new,weight\nb,b1,1\n")
    to = ("--to", "new", "--crosswalk", walk)
    told = do("boundaries", "migrate", "A", "A 2030", *to, "--dry-run", "--csv", tmp_path / "r")
    assert told["codes"] == [{"old code": "b", "new code": "b1", "what": "renamed", "share": 1}]
    assert len(list((tmp_path / "r").iterdir())) == 4
    assert say("show", "A 2030").code == 1
    said = say("boundaries", "migrate", "A", "A 2030", *to).out
    assert "2 codes to 2: 1 gone, 1 new" in said
    assert do("show", "A 2030")["areas"][0]["totals"]["sold"] == 3
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 3
