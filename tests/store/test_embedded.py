from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tp_geo.domain.dataset import Aggregate
from tp_geo.errors import BadData, Unavailable
from tp_geo.store import embedded


def test_the_data_can_be_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = embedded.data_dir()
    (tmp_path / "boundaries").mkdir()
    for kind in ("postal", "state"):
        shutil.copy(source / "boundaries" / f"{kind}.parquet", tmp_path / "boundaries")
    monkeypatch.setenv(embedded.DATA_ADDRESS, str(tmp_path))
    assert embedded.data_dir() == tmp_path
    assert len(embedded.load_boundaries("state")) == 51


def test_a_directory_without_data_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(embedded.DATA_ADDRESS, str(tmp_path))
    with pytest.raises(Unavailable, match=r"TP_GEO_DATA says .*no boundaries/postal\.parquet"):
        embedded.load_boundaries("postal")


def test_without_a_tree_the_installed_package_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "tp_geo_data"
    (package / "boundaries").mkdir(parents=True)
    shutil.copy(embedded.data_dir() / "boundaries" / "postal.parquet", package / "boundaries")
    monkeypatch.setattr(embedded, "_IN_TREE", tmp_path / "nothing")
    monkeypatch.syspath_prepend(tmp_path)
    assert embedded.data_dir() == package


def test_without_any_data_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "_IN_TREE", tmp_path / "nothing")
    monkeypatch.setattr(embedded, "_PACKAGE", "tp_geo_data_that_is_not_there")
    with pytest.raises(Unavailable, match=r"not installed.*TP_GEO_DATA"):
        embedded.data_dir()


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(BadData, match="no embedded 'parish'; there are: postal, county, state"):
        embedded.load_boundaries("parish")
    with pytest.raises(BadData, match="no embedded 'state'; there are: postal, county"):
        embedded.load_measures("state")


def test_an_income_is_averaged_by_households_and_the_rest_is_summed():
    told = {m.name: (m.aggregate, m.weight) for m in embedded.describe_measures("postal")}
    assert told.pop("income") == (Aggregate.MEAN, "households")
    assert set(told.values()) == {(Aggregate.SUM, None)}
