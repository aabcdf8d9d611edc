from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import stamina
from census_server import CensusServer, census_table, serving, zipped
from filelock import FileLock

from tp_geo.cancelling import Cancelling, within
from tp_geo.errors import BadData, Cancelled, Unavailable
from tp_geo.geometry.adjacency import rook
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.store.embedded import load_boundaries
from tp_geo.workflow import boundaries as workflow
from tp_geo.workflow.boundaries import (
    get_official,
    in_counties,
    official_boundaries,
    own_boundaries,
)

PATH = workflow.OFFICIAL["zcta2020"].path
FILE = workflow.OFFICIAL["zcta2020"].file


@pytest.fixture(scope="module")
def postal() -> Boundaries:
    return load_boundaries("postal")


@pytest.fixture(scope="module")
def rhode_island(postal: Boundaries) -> gpd.GeoDataFrame:
    here = postal.within["state"] == "RI"
    return census_table(postal, here)


@pytest.fixture(scope="module")
def census_file(rhode_island: gpd.GeoDataFrame) -> bytes:
    """A zipped shapefile as the Census makes it, of Rhode Island only."""
    return zipped(rhode_island)


@pytest.fixture
def census(census_file: bytes) -> Iterator[CensusServer]:
    with serving({PATH: census_file}) as server:
        yield server


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def test_the_official_file_is_fetched_with_progress(
    census: CensusServer, census_file: bytes, tmp_path: Path
):
    seen: list[tuple[int, int | None]] = []
    found = get_official(url=census.url, cache_dir=tmp_path, progress=lambda *at: seen.append(at))
    assert found == tmp_path / FILE
    assert found.read_bytes() == census_file
    assert seen[-1] == (len(census_file), len(census_file))
    assert [have for have, _ in seen] == sorted(have for have, _ in seen)


def test_a_file_in_the_cache_is_not_fetched_again(census: CensusServer, tmp_path: Path):
    get_official(url=census.url, cache_dir=tmp_path)
    get_official(url=census.url, cache_dir=tmp_path)
    assert len(census.asked) == 1


def test_a_file_that_changed_in_the_cache_is_fetched_again(
    census: CensusServer, census_file: bytes, tmp_path: Path
):
    path = get_official(url=census.url, cache_dir=tmp_path)
    path.write_bytes(census_file[:-1] + b"?")
    assert get_official(url=census.url, cache_dir=tmp_path).read_bytes() == census_file
    assert len(census.asked) == 2


def test_the_address_can_come_from_the_environment(
    census: CensusServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(workflow.CENSUS_ADDRESS, census.url)
    assert get_official(cache_dir=tmp_path).is_file()


def test_a_broken_connection_is_resumed_where_it_broke(
    census: CensusServer,
    census_file: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    census.break_after = 17_000
    found = get_official(url=census.url, cache_dir=tmp_path)
    assert found.read_bytes() == census_file
    assert [of for _, of in census.asked] == [None, "bytes=16384-"]
    assert capsys.readouterr().out == ""


def test_a_later_call_resumes_what_an_earlier_one_left(
    census: CensusServer, census_file: bytes, tmp_path: Path
):
    census.break_after = 17_000
    with stamina.set_testing(True, attempts=1), pytest.raises(Unavailable, match=r"fetched"):
        get_official(url=census.url, cache_dir=tmp_path)
    assert get_official(url=census.url, cache_dir=tmp_path).read_bytes() == census_file
    assert census.asked[-1][1] == "bytes=16384-"


def test_a_cancelled_download_ends_at_once_and_goes_on_later(
    census: CensusServer, census_file: bytes, tmp_path: Path
):
    """The server says nothing more: only an end of the wait can end it."""
    census.hold_after = 17_000
    work = Cancelling()

    def fetch() -> Path:
        with within(work):
            return get_official(url=census.url, cache_dir=tmp_path)

    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(fetch)
        part = tmp_path / f"{FILE}.part"
        while not (part.is_file() and part.stat().st_size):
            assert not fetched.done()
        work.cancel()
        with pytest.raises(Cancelled):
            fetched.result()
    assert not census.go.is_set()
    census.hold_after = None
    assert get_official(url=census.url, cache_dir=tmp_path).read_bytes() == census_file
    assert census.asked[-1][1] == "bytes=16384-"


def test_another_file_on_the_server_is_not_glued_to_the_old_half(
    census: CensusServer, census_file: bytes, tmp_path: Path
):
    census.break_after = 17_000
    with stamina.set_testing(True, attempts=1), pytest.raises(Unavailable, match=r"fetched"):
        get_official(url=census.url, cache_dir=tmp_path)
    census.tag = '"second"'
    assert get_official(url=census.url, cache_dir=tmp_path).read_bytes() == census_file


def test_of_two_downloads_at_a_time_the_second_waits_no_longer_than_is_polite(
    census: CensusServer, tmp_path: Path
):
    with (
        FileLock(tmp_path / f"{FILE}.lock"),
        pytest.raises(Unavailable, match=f"Another process is fetching {FILE}"),
    ):
        get_official(url=census.url, cache_dir=tmp_path)


def test_a_server_that_is_busy_is_asked_again(census: CensusServer, tmp_path: Path):
    census.failures = [503, 500]
    assert get_official(url=census.url, cache_dir=tmp_path).is_file()


def test_a_missing_file_is_not_asked_for_again(tmp_path: Path):
    with serving({}) as server:
        with pytest.raises(Unavailable, match="answered 404"):
            get_official(url=server.url, cache_dir=tmp_path)
        assert len(server.asked) == 1


def test_a_wrong_checksum_throws_the_file_away(census: CensusServer, tmp_path: Path):
    with pytest.raises(Unavailable, match=r"has the checksum .*, not 00"):
        get_official(url=census.url, cache_dir=tmp_path, sha256="00")
    assert not list(tmp_path.glob("*.zip*.part")) and not (tmp_path / FILE).exists()


def test_the_right_checksum_is_taken(census: CensusServer, census_file: bytes, tmp_path: Path):
    digest = hashlib.sha256(census_file).hexdigest()
    assert get_official(url=census.url, cache_dir=tmp_path, sha256=digest).is_file()


def test_a_page_in_between_is_not_taken_for_the_file(tmp_path: Path):
    with (
        serving({PATH: b"<html>Please sign in</html>"}) as server,
        pytest.raises(Unavailable, match="is no zip file"),
    ):
        get_official(url=server.url, cache_dir=tmp_path)


def test_a_zip_with_a_damaged_member_is_refused(census_file: bytes, tmp_path: Path):
    at = len(census_file) // 3
    damaged = census_file[:at] + bytes(40) + census_file[at + 40 :]
    with serving({PATH: damaged}) as server, pytest.raises(Unavailable, match="is damaged"):
        get_official(url=server.url, cache_dir=tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "cache").write_text("no folder")
    with pytest.raises(Unavailable, match=r"zip can't be written: .* Look whether the disk .* add"):
        get_official(cache_dir=tmp_path / "cache")


def test_without_a_network_the_way_by_hand_is_told(tmp_path: Path):
    with pytest.raises(Unavailable) as caught:
        get_official(url="http://127.0.0.1:9", cache_dir=tmp_path)
    assert "there is no connection" in str(caught.value)
    assert f"{workflow.CENSUS}/{PATH}" in str(caught.value)
    assert (
        "tp-geo boundaries add cb_2020_us_zcta520_500k.zip "
        "--kind postal --code ZCTA5CE20 --name ZCTA5CE20"
    ) in str(caught.value)


def test_an_unknown_kind_of_official_boundaries_is_refused(tmp_path: Path):
    with pytest.raises(BadData, match="no official boundaries 'zcta1990'; there are: zcta2020"):
        get_official("zcta1990", cache_dir=tmp_path)


@pytest.fixture(scope="module")
def official(census_file: bytes, tmp_path_factory: pytest.TempPathFactory) -> Boundaries:
    file = tmp_path_factory.mktemp("by hand") / FILE
    file.write_bytes(census_file)
    return official_boundaries(file)[0]


def test_official_boundaries_know_their_counties_and_names(
    postal: Boundaries, official: Boundaries
):
    here = postal.within["state"] == "RI"
    assert official.codes.tolist() == postal.codes[here].tolist()
    assert official.names.tolist() == postal.names[here].tolist()
    for level in ("county", "state", "division", "region"):
        assert official.within[level].tolist() == postal.within[level][here].tolist()
    assert np.allclose(np.bincount(official.shares.container, official.shares.share), 1)


def test_official_boundaries_say_what_they_are(official: Boundaries):
    assert not official.approximate
    assert (official.kind, official.vintage, official.country) == ("postal", "2020", "US")


def test_official_boundaries_have_the_neighbors_of_their_file(
    postal: Boundaries, official: Boundaries
):
    expected = rook(postal.polygons[postal.within["state"] == "RI"])
    assert np.array_equal(rook(official.polygons).pairs, expected.pairs)


def test_boundaries_of_another_country_have_no_counties(tmp_path: Path):
    file = tmp_path / "bezirke.geojson"
    squares = [shapely.box(13.3 + k / 10, 52.5, 13.4 + k / 10, 52.6) for k in range(3)]
    table = gpd.GeoDataFrame({"plz": ["10115", "10117", "10119"]}, geometry=squares, crs=4326)
    table.to_file(file)
    found, mendings = own_boundaries(file, kind="plz", code="plz", name="plz", country="DE")
    assert found.within == {} and found.shares is None and mendings == ()
    assert found.codes.tolist() == ["10115", "10117", "10119"]


def test_a_country_nobody_named_is_found_out_by_place(postal: Boundaries):
    """Squares beside Detroit: the one in the river's far side is Canada and gets no county."""
    shapes = np.array(
        [shapely.box(-83.2, 42.35, -83.1, 42.45), shapely.box(-82.9, 42.1, -82.8, 42.2)]
    )
    made, _ = workflow.mended(
        shapes, np.array(["a", "b"], object), np.array(["", ""], object), kind="x"
    )
    placed = in_counties(made, "")
    assert placed.within["county"].tolist() == ["26163", ""]
    assert placed.within["state"].tolist() == ["MI", ""]
    assert placed.country == ""


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        ("state", ["division", "region"]),
        ("county", ["state", "division", "region"]),
        ("sales zone", ["county", "state", "division", "region"]),
    ],
)
def test_a_container_lies_in_what_holds_half_of_it(kind: str, levels: list[str]):
    """Colorado and Wyoming: in one division each, in no one county."""
    states = load_boundaries("state")
    two = np.isin(states.codes.astype(str), ["CO", "WY"])
    made = build_boundaries(states.codes[two], states.names[two], states.polygons[two], kind=kind)
    placed = in_counties(made, "US")
    assert list(placed.within) == levels
    assert placed.within["division"].tolist() == ["Mountain", "Mountain"]
    assert set(placed.within.get("county", [""])) == {""}
    assert placed.shares is None


def test_a_layer_with_very_many_corners_is_drawn_with_fewer(
    postal: Boundaries,
    rhode_island: gpd.GeoDataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    file = tmp_path / "fine.geojson"
    dense = shapely.segmentize(rhode_island.to_crs(4326).geometry.to_numpy(), 0.0005)
    rhode_island.set_geometry(dense, crs=4326).to_file(file)
    monkeypatch.setattr(workflow, "MANY_CORNERS", 1000)
    found, mendings = own_boundaries(file, kind="postal", code="ZCTA5CE20", country="US")
    told = {m.what: m.count for m in mendings}
    assert told["Corners left out to within 170 m"] > 1000
    assert bool(shapely.coverage_is_valid(found.polygons))
    here = postal.within["state"] == "RI"
    assert np.allclose(found.area_km2, postal.area_km2[here], rtol=0.1)
