"""What goes from whom to whom between two alignments, by laws over any two on one dataset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grids import grid
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import alignments, datasets

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.comparison import Comparison, Ground, compared
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.pairing import How
from tp_geo.errors import BadData

ALL = int(np.iinfo(np.int32).max)
Two = tuple[Ground, Ground, int, int]


@st.composite
def two(draw: st.DrawFn) -> Two:
    """Two alignments on one dataset, a level, and up to which id areas are the same ones."""
    dataset = draw(datasets())
    assume(dataset.items.count)
    sums = tuple(replace(m, aggregate=Aggregate.SUM, weight=None) for m in dataset.measures)
    dataset = replace(dataset, measures=sums, values=dataset.values % 1e6)
    some = alignments(dataset.items)
    sides = Ground(draw(some), dataset), Ground(draw(some), dataset)
    return *sides, draw(st.integers(1, 4)), draw(st.sampled_from([0, 3, ALL]))


def found(given_: Two) -> Comparison:
    before, after, level, shared = given_
    return compared(before, after, level=level, shared=shared)


@given(two())
def test_what_leaves_arrives_and_nothing_else_does(given_: Two) -> None:
    told = found(given_)
    for places in (told.areas, told.owners):
        assert np.allclose(places.gained.sum(axis=0), places.lost.sum(axis=0))
        assert np.allclose(places.before + places.gained - places.lost, places.after)
        assert np.allclose(places.flows.amounts.sum(axis=0), places.gained.sum(axis=0))
        assert (places.flows.source != places.flows.target).all()


@given(two())
def test_an_alignment_compared_with_itself_has_no_flow(given_: Two) -> None:
    one, _, level, shared = given_
    told = compared(one, one, level=level, shared=shared)
    assert not told.areas.flows.count
    assert not told.owners.flows.count
    assert told.relations.kept == told.relations.had
    assert all(p.before == p.after for p in told.pairs)


@given(two())
def test_the_other_way_round_every_flow_goes_back(given_: Two) -> None:
    before, after, level, shared = given_
    there = found(given_)
    back = compared(after, before, level=level, shared=shared)
    at = {(p.after, p.before): i for i, p in enumerate(back.pairs)}
    turned = [at[p.before, p.after] for p in there.pairs]
    for figure in range(len(there.figures)):
        one = there.areas.flows.matrix(figure, there.areas.count)
        other = back.areas.flows.matrix(figure, back.areas.count)[np.ix_(turned, turned)]
        assert np.allclose(one, other.T)
        owned = [p.flows.matrix(figure, p.count) for p in (there.owners, back.owners)]
        assert np.allclose(owned[0], owned[1].T)


@given(two())
def test_every_area_of_the_level_is_in_one_pair(given_: Two) -> None:
    told = found(given_)
    for side in ("before", "after"):
        ids = [k for p in told.pairs if (k := getattr(p, side)) is not None]
        assert len(ids) == len(set(ids))
    kinds = {p.how for p in told.pairs if p.before is None or p.after is None}
    assert kinds <= {How.GONE, How.NEW}


def ground(rows: str, units: str = "", names: str = "", owners: str = "") -> Ground:
    """Return a picture as a ground; ``names`` and ``owners`` are those of the areas in order."""
    alignment = grid(rows, units)
    called = dict(enumerate(names.split(), start=1))
    owned = dict(enumerate(owners.split(), start=1))
    areas = {
        k: replace(a, name=called.get(k, a.name), owner=owned.get(k))
        for k, a in alignment.areas.items()
    }
    return Ground(replace(alignment, areas=areas), dataset_on(alignment))


def dataset_on(alignment: Alignment) -> Dataset:
    """Containers are worth 10 with all that lies in them, units 3."""
    items = alignment.items
    n, m = items.containers, len(items.container_of)
    return Dataset(
        name="grid",
        key="0" * 16,
        boundaries="state",
        items=items,
        codes=np.array([f"{i}" for i in range(n + m)], dtype=object),
        names=np.array([""] * (n + m), dtype=object),
        measures=(Measure("revenue", "Revenue"),),
        values=np.array([[10.0]] * n + [[3.0]] * m),
    )


def test_a_unit_takes_its_worth_out_of_a_container_that_stays():
    """
    A A B    The unit in the first cell goes to B by itself; its container stays in A.
    """
    told = compared(ground("AAB", "*.."), ground("AAB", "B.."), level=1, shared=ALL)
    assert told.figures == ("containers", "units", "revenue")
    assert told.areas.flows.amounts.tolist() == [[0.0, 1.0, 3.0]]
    assert told.areas.before[1].tolist() == [2.0, 1.0, 20.0]
    assert told.areas.after[1].tolist() == [2.0, 0.0, 17.0]


def test_areas_without_a_common_history_are_the_same_by_name_then_by_overlap():
    """
    West holds the same name; what was South lies mostly in Texas; East is only before.
    """
    before = ground("AAABBBC", names="West South East")
    after = ground("AAABBBB", names="West Texas")
    told = compared(before, after, level=1, shared=0)
    how = {(p.before, p.after): p.how for p in told.pairs[1:]}
    assert how == {(1, 1): How.NAME, (2, 2): How.OVERLAP, (3, None): How.GONE}
    assert told.areas.share(0) == pytest.approx(1 / 7)


def test_areas_of_one_history_are_never_taken_for_others():
    before, after = ground("AAA"), ground("AAA")
    alone = after.alignment.areas[AreaId(1)]
    other = replace(alone, id=AreaId(2))
    renumbered = replace(
        after.alignment, areas={AreaId(2): other}, area_of=after.alignment.area_of * 2
    )
    told = compared(before, Ground(renumbered, after.dataset), level=1, shared=ALL)
    assert [p.how for p in told.pairs[1:]] == [How.NEW, How.GONE]


def test_accounts_keep_their_owner_when_their_area_changes_but_not_its_owner():
    """
    A A B    A and B are ana's, C is ben's. Unit 1 goes from A to B, unit 2 from A to C.
    """
    before = ground("AABC", "AAB.", owners="ana ana ben")
    after = ground("AABC", "BCB.", owners="ana ana ben")
    told = compared(before, after, level=1, shared=ALL)
    kept = told.relations
    assert (kept.had, kept.kept, kept.other, kept.dropped, kept.begun) == (3, 2, 1, 0, 0)
    assert told.names == ("", "ana", "ben")
    assert told.owners.flows.amounts.tolist() == [[0.0, 1.0, 3.0]]


def test_a_figure_that_is_not_there_is_refused_with_those_that_are():
    told = compared(ground("AB"), ground("AB"), level=1, shared=ALL)
    with pytest.raises(BadData, match=r"no figure 'profit'.*containers, units, revenue"):
        told.figure("profit")
