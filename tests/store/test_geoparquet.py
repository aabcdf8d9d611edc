from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from squares import country

from tp_geo.errors import BadData
from tp_geo.geometry.boundaries import Boundaries, Shares
from tp_geo.store.geoparquet import from_geoparquet, to_geoparquet


def alike(a: Boundaries, b: Boundaries) -> bool:
    return (
        a.about == b.about
        and a.key == b.key
        and a.codes.tolist() == b.codes.tolist()
        and a.names.tolist() == b.names.tolist()
        and bool(shapely.equals_exact(a.polygons, b.polygons).all())
        and np.allclose(a.xy, b.xy, atol=1e-6)
        and np.allclose(a.area_km2, b.area_km2, atol=1e-6)
        and {k: v.tolist() for k, v in a.within.items()}
        == {k: v.tolist() for k, v in b.within.items()}
    )


def test_what_is_written_is_read_back():
    assert alike(from_geoparquet(to_geoparquet(country())), country())


def test_shares_come_back_also_for_containers_without_any():
    shares = Shares(
        np.array([0, 0, 2], dtype=np.int32),
        np.array(["A1", "A2", "B1"], dtype=object),
        np.array([0.25, 0.75, 1.0]),
    )
    found = from_geoparquet(to_geoparquet(replace(country(), shares=shares))).shares
    assert found is not None
    assert found.container.tolist() == [0, 0, 2]
    assert found.county.tolist() == ["A1", "A2", "B1"]
    assert found.share.tolist() == [0.25, 0.75, 1.0]


def test_a_file_is_read_like_its_bytes(tmp_path: Path):
    path = tmp_path / "squares.parquet"
    path.write_bytes(to_geoparquet(country()))
    assert alike(from_geoparquet(path), country())


def test_names_of_any_script_and_markup_are_kept_as_they_are():
    names = country().names.copy()
    names[:3] = ["<b>x</b>", "=1+1", "ירושלים"]
    odd = replace(country(), names=names)
    assert from_geoparquet(to_geoparquet(odd)).names.tolist() == names.tolist()


def test_other_programs_read_it_as_geoparquet():
    table = gpd.read_parquet(io.BytesIO(to_geoparquet(country())))
    assert table.crs == "EPSG:4326"
    assert table["code"].tolist() == country().codes.tolist()
    assert table.geometry.iloc[0].equals(country().polygons[0])


def test_bytes_that_are_no_parquet_are_refused():
    with pytest.raises(BadData, match="The boundary file is not a Parquet file, or is damaged"):
        from_geoparquet(b"PAR1 and nothing else")


def test_half_a_file_is_refused(tmp_path: Path):
    path = tmp_path / "half.parquet"
    whole = to_geoparquet(country())
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadData, match=r"half\.parquet is not a Parquet file, or is damaged"):
        from_geoparquet(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
def test_damage_within_a_file_is_refused(share: float):
    data = bytearray(to_geoparquet(country()))
    at = 4 + int(share * len(data))
    data[at : at + 40] = bytes(octet ^ 0x5A for octet in data[at : at + 40])
    with pytest.raises(BadData, match="The boundary file is not a Parquet file, or is damaged"):
        from_geoparquet(bytes(data))


def test_a_table_without_the_columns_is_refused_with_the_way_to_bring_it_in():
    out = io.BytesIO()
    pq.write_table(pa.table({"code": ["1"], "name": ["One"]}), out)
    with pytest.raises(BadData, match=r"lacks geometry, lon, lat, area_km2\. Bring it in with"):
        from_geoparquet(out.getvalue())
