"""The store answers like a few dicts, whatever is done in whatever order."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from strategies import datasets, texts

from store.postgres_server import shared
from store.samples import Model, boundary_info, dataset_info, layer_info
from store.test_dataset_parquet import same
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import Refused, Stale, TpGeoError
from tp_geo.store import AlignmentInfo, Entry, Snapshot, copy_store, open_store
from tp_geo.store.home import journal_path
from tp_geo.store.journal import read

IDS = st.sampled_from(["a", "b", "O'Brien", "עִבְרִית"])
DRAFTS = st.sampled_from(["main", "draft of ann"])
KEYS = st.sampled_from(["k1", "k2", "k3"])


class Twins(RuleBasedStateMachine):
    """A store and its model, side by side."""

    def made(self) -> str:
        """The address of a new store."""
        return str(self.folder / "st öre.duckdb")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.address = self.made()
        self.store = open_store(self.address)
        self.model = Model()

    def teardown(self) -> None:
        self.store.close()
        self.check_journal()
        shutil.rmtree(self.folder)

    def check_journal(self) -> None:
        """The journal tells the same."""
        journaled: dict[tuple[str, str], list[Entry]] = {}
        for line in read(journal_path(Path(self.address))):
            if line.kind == "revision":
                made = Entry(**line.row)
                journaled.setdefault((made.alignment, made.draft), []).append(made)
        assert journaled == {key: log for key, log in self.model.logs.items() if log}

    @rule(made=st.builds(AlignmentInfo, IDS, *[texts()] * 7, archived=st.booleans()))
    def put_alignment(self, made: AlignmentInfo) -> None:
        self.store.put_alignment(made)
        self.model.put_alignment(made)

    @rule(
        made=st.builds(Entry, IDS, DRAFTS, st.just(0), *[texts()] * 6, st.integers(0, 9), texts()),
        ahead=st.sampled_from([1, 1, 1, 0, 2, -1]),
    )
    def append(self, made: Entry, ahead: int) -> None:
        log = self.model.logs.get((made.alignment, made.draft), [])
        made = replace(made, seq=len(log) + ahead)
        self.both(Stale, lambda side: side.append(made))

    @rule(
        made=st.lists(
            st.builds(Entry, IDS, DRAFTS, st.just(0), *[texts()] * 6, st.integers(0, 9), texts()),
            max_size=5,
        ),
        wrong=st.sampled_from([None, None, 0, 2]),
    )
    def append_all(self, made: list[Entry], wrong: int | None) -> None:
        heads = {key: len(log) for key, log in self.model.logs.items()}
        entries = []
        for k, one in enumerate(made):
            key = one.alignment, one.draft
            heads[key] = heads.get(key, 0) + 1
            entries.append(replace(one, seq=heads[key] + (k == wrong)))
        self.both(Stale, lambda side: side.append_all(entries))

    @rule(made=st.builds(Snapshot, IDS, DRAFTS, texts(1), st.integers(0, 9), texts(), texts()))
    def put_snapshot(self, made: Snapshot) -> None:
        self.both(Refused, lambda side: side.put_snapshot(made))

    @rule(key=KEYS, value=texts())
    def put_setting(self, key: str, value: str) -> None:
        self.store.put_setting(key, value)
        self.model.settings[key] = value

    @rule(key=KEYS, data=st.binary(max_size=50))
    def put_blob(self, key: str, data: bytes) -> None:
        self.store.put_blob(key, data)
        self.model.blobs.setdefault(key, data)

    @rule(name=texts(1), dataset=datasets(3, 2))
    def put_dataset(self, name: str, dataset: Dataset) -> None:
        self.store.put_dataset(dataset_info(dataset, name), dataset)
        self.model.put_dataset(dataset_info(dataset, name), dataset)
        assert same(self.store.dataset(dataset.key), self.model.kept[dataset.key])

    @rule(kind=st.sampled_from(["postal", "county"]), key=KEYS)
    def put_boundaries(self, kind: str, key: str) -> None:
        made = boundary_info(kind, key)
        self.store.put_boundaries(made, b"geo")
        self.model.layers.insert(0, made)
        self.model.blobs.setdefault(key, b"geo")

    @rule(name=texts(1), key=KEYS, removed=st.booleans())
    def put_layer(self, name: str, key: str, *, removed: bool) -> None:
        made = layer_info(name, key, removed=removed)
        self.store.put_layer(made, None if removed else b"shapes")
        self.model.reference[name] = made
        if not removed:
            self.model.blobs.setdefault(key, b"shapes")

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self.store = open_store(self.address)
        assert self.store.notes == ()

    @precondition(lambda self: not (self.folder / "copy.duckdb").exists())
    @rule()
    def back_up_and_go_on_with_the_copy(self) -> None:
        self.store.backup(self.folder / "copy.duckdb")
        self.store.close()
        self.address = self.gone_on()
        self.store = open_store(self.address)

    def gone_on(self) -> str:
        """The address of the copy."""
        return str(self.folder / "copy.duckdb")

    @invariant()
    def answers_are_the_same(self) -> None:
        store, model = self.store, self.model
        assert store.alignments() == tuple(reversed(model.infos.values()))
        for (alignment, draft), log in model.logs.items():
            assert store.entries(alignment, draft) == tuple(log)
            assert store.entries(alignment, draft, after=1) == tuple(log[1:])
            assert store.head(alignment, draft) == len(log)
        main = {a: log for (a, draft), log in model.logs.items() if draft == "main" and log}
        assert store.heads() == {a: (len(log), log[-1].at) for a, log in main.items()}
        for alignment, marks in model.marks.items():
            assert store.snapshots(alignment) == tuple(marks)
        assert {k: store.setting(k) for k in model.settings} == model.settings
        assert {k: store.blob(k) for k in model.blobs} == model.blobs
        assert {d.name: d for d in store.datasets()} == model.sets
        assert store.boundary_sets() == tuple(model.layers)
        there = {name: made for name, made in model.reference.items() if not made.removed}
        assert {made.name: made for made in store.layers()} == there

    def both(self, expected: type[TpGeoError], act: Callable[..., None]) -> None:
        """Do it to both, and see that they refuse the same things."""
        try:
            act(self.model)
        except expected:
            try:
                act(self.store)
            except expected:
                return
            raise AssertionError(f"the store took what is {expected.__name__}") from None
        act(self.store)


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)


class TeamTwins(Twins):
    """The same on PostgreSQL; its copies go to a file and back."""

    def made(self) -> str:
        """The address of an empty schema."""
        return shared().fresh()

    def gone_on(self) -> str:
        """The address of an empty schema that the copy was put into."""
        address = self.made()
        copy_store(str(self.folder / "copy.duckdb"), address)
        return address

    def check_journal(self) -> None:
        """There is none."""


TestTeamTwins = TeamTwins.TestCase
TestTeamTwins.settings = settings(max_examples=4, stateful_step_count=20, deadline=None)
