"""A plan moved to other boundaries of the same land: a newer vintage, codes split and merged.

The plan itself stays as it is: a copy of it is made on the new boundaries,
in the same line, once it is known what becomes of every code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tp_geo import cancelling
from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaIds, Items, Positions, frozen
from tp_geo.domain.commands import Apply, counted
from tp_geo.domain.crosswalk import Claims, Crosswalk, all_known, claims_of, greatest
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Texts
from tp_geo.domain.edits import diff
from tp_geo.domain.formulas import recalculated
from tp_geo.domain.revision import start
from tp_geo.domain.shares import Shares
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.files.build import content_key
from tp_geo.files.numbers import parse_numbers
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.locate import containers_of
from tp_geo.geometry.overlay import shares_of
from tp_geo.store import DatasetInfo, embedded
from tp_geo.workflow import clock
from tp_geo.workflow.apart import refuse_apart
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.importing import check_name
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

OLD, NEW, WEIGHT = ("old", "from", "source"), ("new", "to", "target"), ("weight", "share", "part")
"""What the columns of a crosswalk begin with, else they are the first three."""
_LISTED = 5


@dataclass(frozen=True, eq=False)
class Migration:
    """What a plan would be on other boundaries, and how its codes go over.

    ``weights`` is what each entry of the crosswalk counts for in its new
    container; ``apart`` are units that follow a container of another area than
    before.
    """

    plan: Plan
    revision: int
    old: Boundaries
    new: Boundaries
    crosswalk: Crosswalk
    weights: Floats
    claims: Claims
    dataset: Dataset
    alignment: Alignment
    apart: Positions

    @property
    def partly_held(self) -> Positions:
        """New containers of which some sources are held and others not: they are not held."""
        held = self.plan.alignment.held[: self.crosswalk.olds][self.crosswalk.old]
        some = np.bincount(self.crosswalk.new, held, self.crosswalk.news)
        return np.flatnonzero((some > 0) & (some < self.crosswalk.sources))

    def __str__(self) -> str:
        walk = self.crosswalk
        gone = set(self.old.codes) - set(self.new.codes)
        fresh = set(self.new.codes) - set(self.old.codes)
        return (
            f"{counted(walk.olds, 'codes')} to {walk.news:,}: {len(gone):,} gone, "
            f"{len(fresh):,} new, {int((walk.parts > 1).sum()):,} split, "
            f"{int((walk.sources > 1).sum()):,} made of several, "
            f"{int((walk.parts == 0).sum()):,} given up; "
            f"{len(self.claims.torn):,} between areas, {int(self.claims.tied.sum()):,} of them tied"
        )


def layer_named(planner: Planner, text: str) -> Boundaries:
    """Return the boundary set of a key, a title or a kind (its newest); refuse others."""
    found = boundary_sets(planner)
    wanted = text.strip().casefold()
    for name in ("key", "title", "kind"):
        alike = [s for s in found if getattr(s, name).casefold() == wanted]
        if alike:
            best = next((s for s in alike if s.active), alike[0])
            return planner.layer(best.kind if best.built_in else best.key)
    listed = "; ".join(f"{s.title} ({s.key})" for s in found)
    raise BadData(f"There are no boundaries {text!r}. There are: {listed}.")


def preview_migration(
    planner: Planner,
    plan: Plan,
    new: Boundaries,
    table: pd.DataFrame | None = None,
    *,
    by_area: bool = False,
    measure: str = "",
    dataset: str = "",
) -> Migration:
    """Return what a plan would be on other boundaries; nothing is changed.

    Parameters
    ----------
    table
        A crosswalk: old code, new code ("" gives the old one up), and how much
        of it: shares, areas, people, whatever; without it, parts are equal.
        Codes it leaves out go to the same code.
    by_area
        Find those that are in neither by where their areas overlap.
    measure
        What says whose a container becomes that was of several areas: who has
        most of it there. By default the first measure that adds up.
    dataset
        What to call the dataset on the new boundaries.
    """
    refuse_apart(plan.info, "moved to other boundaries")
    plan.refresh()
    old = plan.boundaries
    if old.key == new.key:
        raise Refused(f"{plan.info.name} is on {new.title} already.")
    walk = _walk(old, new, table, by_area=by_area)
    data, before = plan.dataset, plan.alignment
    name = dataset or f"{data.name} on {new.title}"
    check_name(name)
    size = _size(data, measure)
    weights = walk.weights(size, old.area_km2)
    claims = claims_of(walk, before.area_of[: walk.olds], weights)
    built_in = new.kind in embedded.KINDS and planner.layer(new.kind).key == new.key
    made = _dataset(replace(data, name=name, layer="" if built_in else new.key), new, walk)
    after = _alignment(before, made.items, walk, weights, claims)
    was, now = before.resolved[walk.olds :], after.resolved[walk.news :]
    return Migration(
        plan=plan,
        revision=plan.seq,
        old=old,
        new=new,
        crosswalk=walk,
        weights=weights,
        claims=claims,
        dataset=made,
        alignment=after,
        apart=walk.news + np.flatnonzero(was != now),
    )


def migrate(planner: Planner, found: Migration, name: str, *, by: str, note: str = "") -> Plan:
    """Make the plan of a preview: a copy on the new boundaries, in one revision."""
    plan = found.plan
    plan.refresh()
    if plan.seq != found.revision:
        raise Stale(f"{plan.info.name} has changed since the preview. Look at it again.")
    planner.check_free(name)
    text = f"moved {plan.info.name} at revision {plan.seq} to {found.new.title}: {found}"
    edits = diff(start(found.dataset.items), replace(found.alignment, signoffs={}))
    cancelling.keep()
    planner.store.put_dataset(_info(planner, plan, found.dataset), found.dataset)
    planner.keep_hidden(plan.dataset.name, found.dataset.name)
    return planner.copy_on(
        plan, name, found.dataset, Apply(edits, "migrate", text), by=by, note=note
    )


def _walk(
    old: Boundaries, new: Boundaries, table: pd.DataFrame | None, *, by_area: bool
) -> Crosswalk:
    """Return where every code goes: by the table, else to its like, else by area."""
    at, to = ({c: i for i, c in enumerate(b.codes)} for b in (old, new))
    olds, news, weights, given_up = _entries(table, at, to)
    left = np.setdiff1d(np.arange(len(old)), [*olds, *given_up])
    alike = [int(i) for i in left if old.codes[i] in to]
    olds += alike
    news += [to[old.codes[i]] for i in alike]
    weights += [1.0] * len(alike)
    lost = np.setdiff1d(left, alike)
    if len(lost) and by_area:
        shares = shares_of(old.polygons[lost], new.polygons, new.codes)
        olds += lost[shares.container].tolist()
        news += [to[code] for code in shares.county]
        weights += shares.share.tolist()
        lost = np.setdiff1d(lost, lost[shares.container])
    if len(lost):
        some = ", ".join(map(str, old.codes[lost][:_LISTED]))
        more = "Their areas touch none of the new ones. " if by_area else ""
        remedy = "" if by_area else "Find them where areas overlap (--by-area), or name "
        raise BadData(
            f"{counted(len(lost), 'codes')} of {old.title} lead nowhere in {new.title}: {some}. "
            f"{more}{remedy or 'Name '}them in the crosswalk, with a blank new code to give one up."
        )
    return Crosswalk.of(len(old), len(new), olds, news, weights)


def _entries(
    table: pd.DataFrame | None, at: dict[str, int], to: dict[str, int]
) -> tuple[list[int], list[int], list[float], list[int]]:
    """Return the entries of a crosswalk's table, and the old codes it gives up."""
    if table is None:
        return [], [], [], []
    old, new, weight = _columns(table)
    codes, into = (table[c].str.strip().tolist() for c in (old, new))
    stays = [bool(code) for code in into]
    weights = np.ones(len(table))
    if weight is not None:
        weights = parse_numbers(table[weight]).values
        if len(wrong := np.flatnonzero(~(weights >= 0) & np.array(stays, dtype=np.bool_))):
            row = int(wrong[0])
            raise BadData(
                f"Row {row + 2} of the crosswalk has {table[weight].iloc[row]!r} in {weight!r}. "
                "Write how much of the old code goes to the new one, 0 or more."
            )
    positions = all_known(codes, at, f"in the column {old!r} of the plan's boundaries")
    kept = [k for k, stay in enumerate(stays) if stay]
    news = all_known([into[k] for k in kept], to, f"in the column {new!r} of the new boundaries")
    olds = [positions[k] for k in kept]
    given_up = sorted({p for p, stay in zip(positions, stays, strict=True) if not stay} - {*olds})
    sums = np.bincount(olds, weights[kept], len(at)) if olds else np.zeros(len(at))
    if none := [codes[k] for k in kept if sums[positions[k]] <= 0]:
        raise BadData(
            f"{none[0]!r} weighs nothing in the crosswalk. Give one of its rows a weight, or one "
            "with a blank new code to give it up."
        )
    return olds, news, weights[kept].tolist(), given_up


def _columns(table: pd.DataFrame) -> tuple[str, str, str | None]:
    """Return the columns of old code, new code and weight."""
    names = [str(c) for c in table.columns]
    if len(names) < 2:
        raise BadData("A crosswalk has at least two columns: the old code and the new one.")
    found: list[str | None] = []
    for place, words in enumerate((OLD, NEW, WEIGHT)):
        alike = (n for n in names if n.strip().casefold().startswith(words) and n not in found)
        usual = names[place] if place < len(names) else None
        found.append(next(alike, usual if usual not in found else None))
    old, new, weight = found
    if old is None or new is None:
        raise BadData(
            f"The columns of the crosswalk are not clear: {', '.join(names)}. "
            "Call them old, new and weight."
        )
    return old, new, weight


def _size(data: Dataset, measure: str) -> Floats:
    """Return what containers weigh when it is decided whose a new one becomes."""
    n = data.items.containers
    if measure:
        return data.column(measure)[:n]
    first = next((m.name for m in data.measures if m.aggregate is Aggregate.SUM), "")
    return data.column(first)[:n] if first else np.zeros(n)


def _dataset(data: Dataset, new: Boundaries, walk: Crosswalk) -> Dataset:
    """Return the dataset on the new boundaries: own figures by share, units whole."""
    n, units = walk.olds, data.items.container_of
    inside = _inside(data, new, walk)
    values = np.full((walk.news + len(units), len(data.measures)), np.nan)
    values[walk.news :] = data.values[n:]
    for k, measure in enumerate(data.measures):
        if measure.aggregate is Aggregate.SUM:
            values[: walk.news, k] = _summed(data.values[:, k], units, inside, walk)
        else:
            totals, weights = (a[:n] for a in data.amounts[k])
            values[: walk.news, k] = walk.mixed(totals, weights)
    source_of = greatest(walk.new, walk.old, walk.share, walk.news)
    made = replace(
        data,
        key="",
        boundaries=new.kind,
        items=Items(walk.news, frozen(inside)),
        codes=np.concatenate([new.codes, data.codes[n:]]),
        names=np.concatenate([new.names, data.names[n:]]),
        values=frozen(values),
        attributes={title: _texts(texts, source_of, n) for title, texts in data.attributes.items()},
    )
    made = recalculated(made)
    return replace(made, key=content_key(made))


def _texts(texts: Texts, source_of: Positions, n: int) -> Texts:
    """Return an attribute: of a container that of its greatest source, of units their own."""
    top = np.append(texts[:n], "")[source_of]
    return np.concatenate([top, texts[n:]]).astype(object)


def _summed(column: Floats, units: AreaIds, inside: AreaIds, walk: Crosswalk) -> Floats:
    """Return figures of containers: their own go by share, those of units where these go."""
    figures, n = column[walk.olds :], walk.olds
    known = (units >= 0) & ~np.isnan(figures)
    own = column[:n] - np.bincount(units[known], figures[known], n)
    carried = walk.carried(own)
    there = (inside >= 0) & ~np.isnan(figures)
    added = np.bincount(inside[there], figures[there], walk.news)
    some = np.bincount(inside[there], minlength=walk.news) > 0
    return np.where(some, np.nan_to_num(carried) + added, carried)


def _inside(data: Dataset, new: Boundaries, walk: Crosswalk) -> AreaIds:
    """Return the new container of each unit: of a split one, where its point lies."""
    units = np.asarray(data.items.container_of)
    found = np.where(units >= 0, np.append(walk.main, -1)[units], -1)
    split = np.flatnonzero((units >= 0) & (walk.parts[units] > 1))
    if len(split) and {"lat", "lon"} <= set(data.attributes):
        n = data.items.containers
        lon, lat = (
            parse_numbers(pd.Series(data.attributes[a][n:][split], dtype=object)).values
            for a in ("lon", "lat")
        )
        there = ~(np.isnan(lon) | np.isnan(lat))
        split, lon, lat = split[there], lon[there], lat[there]
        place = containers_of(lon, lat, new)
        pairs = set(zip(walk.old.tolist(), walk.new.tolist(), strict=True))
        fits = [(o, p) in pairs for o, p in zip(units[split].tolist(), place.tolist(), strict=True)]
        found[split[fits]] = place[fits]
    return found.astype(np.int32)


def _alignment(
    before: Alignment, items: Items, walk: Crosswalk, weights: Floats, claims: Claims
) -> Alignment:
    """Return the alignment on the new containers; units keep what they are by themselves."""
    n = walk.olds
    held = np.bincount(walk.new, before.held[:n][walk.old], walk.news)
    all_held = (walk.sources > 0) & (held == walk.sources)
    units = before.area_of[n:]
    area_of = np.concatenate([claims.area, units]).astype(np.int32)
    stays = np.concatenate([all_held & (claims.area != UNASSIGNED), before.held[n:]])
    return replace(
        before,
        items=items,
        area_of=frozen(area_of),
        held=frozen(stays),
        shares=_shares(before, walk, weights, claims),
    )


def _shares(before: Alignment, walk: Crosswalk, weights: Floats, claims: Claims) -> Shares:
    """Return which further areas hold the new containers: those of the greatest source."""
    old = before.shared
    source_of = greatest(walk.new, walk.old, weights, walk.news)
    items, areas = list[int](), list[int]()
    by_item: dict[int, list[int]] = {}
    for item, area in zip(old.items.tolist(), old.areas.tolist(), strict=True):
        by_item.setdefault(item, []).append(area)
    for j, source in enumerate(source_of.tolist()):
        for area in by_item.get(source, ()):
            if area != claims.area[j] and claims.area[j] != UNASSIGNED:
                items.append(j)
                areas.append(area)
    return Shares.of(np.array(items, dtype=np.intp), np.array(areas, dtype=np.int32))


def _info(planner: Planner, plan: Plan, made: Dataset) -> DatasetInfo:
    rows: Mapping[str, object] = {"rows": len(made.items.container_of)}
    known = (i.report for i in planner.store.datasets() if i.key == plan.dataset.key)
    return DatasetInfo(
        name=made.name,
        key=made.key,
        boundaries_kind=made.boundaries,
        boundaries_key=made.layer,
        made=clock.now(),
        source=made.source,
        report=next(known, rows),
    )
