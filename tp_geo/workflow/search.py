"""Search: areas, owners, places, codes and accounts by the beginning or a part of their names."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Positions
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.hierarchy import path
from tp_geo.store import embedded
from tp_geo.workflow.default import KIND
from tp_geo.workflow.places import Places, find_places
from tp_geo.workflow.planner import Planner

LIMIT = 50
_EXACT, _PREFIX, _WORD, _INSIDE = range(4)
_END = "\U0010ffff"
_SPACED = str.maketrans(dict.fromkeys(",;-_/'’.()", " "))


class Sort(StrEnum):
    """What a hit is, in the order equal ones are told."""

    AREA = "area"
    OWNER = "owner"
    STATE = "state"
    COUNTY = "county"
    PLACE = "place"
    CONTAINER = "container"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Something that was found: what to call it, and the containers to look at.

    ``area`` is the area itself, of an owner the first one; ``item`` the
    position of a single container or unit.
    """

    sort: Sort
    label: str
    detail: str
    containers: Positions
    area: AreaId | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """Folded names in order, each with what it names; the names once more as one text."""

    keys: tuple[str, ...]
    refs: Positions
    text: str
    starts: Positions

    @classmethod
    def of(cls, named: Iterable[tuple[str, int]]) -> _Names:
        pairs = sorted((key, ref) for name, ref in named if (key := folded(name)))
        keys = tuple(key for key, _ in pairs)
        lengths = np.fromiter((len(key) + 1 for key in keys), np.intp, len(keys))
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if keys else lengths
        refs = np.fromiter((ref for _, ref in pairs), np.intp, len(pairs))
        return cls(keys, refs, "\n".join(keys), starts.astype(np.intp))

    def matches(self, wanted: str, limit: int) -> dict[int, int]:
        """Return how well things are named so, by what is named; the best ``limit``."""
        found: dict[int, int] = {}
        first = bisect_left(self.keys, wanted)
        last = bisect_left(self.keys, wanted + _END)
        for at in range(first, last):
            rank = _EXACT if self.keys[at] == wanted else _PREFIX
            found.setdefault(int(self.refs[at]), rank)
            if len(found) >= limit:
                return found
        for rank, part in ((_WORD, f" {wanted}"), (_INSIDE, wanted)):
            for at in self._holding(part):
                found.setdefault(int(self.refs[at]), rank)
                if len(found) >= limit:
                    return found
        return found

    def _holding(self, part: str) -> Iterator[int]:
        """Yield the places of names that hold a text, each once."""
        at = self.text.find(part)
        while at >= 0:
            name = int(np.searchsorted(self.starts, at, side="right")) - 1
            yield name
            end = int(self.starts[name]) + len(self.keys[name])
            at = self.text.find(part, end)


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What of a dataset can be searched, made once; areas and owners are looked up each time."""

    dataset: Dataset
    places: Mapping[Sort, Sequence[tuple[str, str, Positions]]]
    names: Mapping[Sort, _Names]

    def search(self, text: str, alignment: Alignment, limit: int = LIMIT) -> tuple[Hit, ...]:
        """Return what is called so: names that begin with the text first, at most ``limit``.

        Capitals, accents and punctuation don't matter. Where more is found,
        each sort keeps its share of the places.
        """
        wanted = folded(text)
        if not wanted:
            return ()
        owners = _owners(alignment)
        names = {
            Sort.AREA: _Names.of((area.name, k) for k, area in alignment.areas.items()),
            Sort.OWNER: _Names.of((owner, i) for i, owner in enumerate(owners)),
            **self.names,
        }
        found = {sort: names[sort].matches(wanted, limit) for sort in Sort if sort in names}
        chosen = _chosen(found, limit)
        return tuple(self._hit(sort, ref, alignment, owners) for sort, ref in chosen)

    def _hit(
        self, sort: Sort, ref: int, alignment: Alignment, owners: Mapping[str, list[AreaId]]
    ) -> Hit:
        match sort:
            case Sort.AREA:
                area = alignment.area(AreaId(ref))
                where = path(alignment, area.id).rpartition("/")[0]
                detail = f"{area.level} in {where}" if where else area.level
                return Hit(sort, area.name, detail, _held(alignment, [area.id]), area.id)
            case Sort.OWNER:
                owner, mine = list(owners.items())[ref]
                named = ", ".join(alignment.name(k) for k in mine[:3])
                more = f" and {len(mine) - 3:,} more" if len(mine) > 3 else ""
                return Hit(sort, owner, named + more, _held(alignment, mine), mine[0])
            case Sort.CONTAINER if ref < self.dataset.items.count:
                name = str(self.dataset.names[ref])
                return Hit(sort, str(self.dataset.codes[ref]), name, _one(ref), item=ref)
            case Sort.ACCOUNT:
                return self._account(ref)
            case _:
                at = ref if sort is not Sort.CONTAINER else ref - self.dataset.items.count
                label, detail, containers = self.places[sort][at]
                return Hit(sort, label, detail, containers)

    def _account(self, unit: int) -> Hit:
        home = int(self.dataset.items.container_of[unit - self.dataset.items.containers])
        code, name = str(self.dataset.codes[unit]), str(self.dataset.names[unit])
        where = f" in {self.dataset.codes[home]}" if home >= 0 else ", in no container"
        shown = _one(home) if home >= 0 else _one()
        return Hit(Sort.ACCOUNT, name or code, f"{code}{where}", shown, item=unit)


def index_of(planner: Planner, dataset: Dataset) -> Index:
    """Return the index of a dataset, made when it is first asked for."""
    return planner.once("search", dataset.seen_key, lambda: _build(planner, dataset))


def build_index(
    dataset: Dataset, places: Places, boxes: Sequence[tuple[str, str, str]] = ()
) -> Index:
    """Return the index of a dataset.

    ``boxes`` are codes without a shape, such as post office boxes: the code,
    what it is called, and the code of the container it lies in. A place is what containers
    are called; where none is called so, the boxes that are tell where it is.
    """
    n = dataset.items.containers
    codes, names = dataset.codes.tolist(), dataset.names.tolist()
    known = dataset.containers
    inside = [(c, name, known[at]) for c, name, at in boxes if at in known and c not in known]
    called = {*names[:n]}
    found: dict[Sort, Sequence[tuple[str, str, Positions]]] = {
        Sort.STATE: _lying_in(places, "state"),
        Sort.COUNTY: _lying_in(places, "county"),
        Sort.PLACE: _called(
            chain(
                zip(names[:n], range(n), strict=True),
                ((name, at) for _, name, at in inside if name not in called),
            )
        )
        if dataset.boundaries not in ("state", "county")
        else [],
        Sort.CONTAINER: [(c, f"{name}, in {codes[at]}", _one(at)) for c, name, at in inside],
    }
    total = dataset.items.count
    numbered = {
        sort: [(label, i) for i, (label, _, _) in enumerate(of)]
        for sort, of in found.items()
        if sort is not Sort.CONTAINER
    }
    short = [(detail, i) for i, (_, detail, _) in enumerate(found[Sort.STATE])]
    of_sort = {
        Sort.STATE: _Names.of([*numbered[Sort.STATE], *short]),
        Sort.COUNTY: _Names.of(numbered[Sort.COUNTY]),
        Sort.PLACE: _Names.of(numbered[Sort.PLACE]),
        Sort.CONTAINER: _Names.of(
            chain(
                zip(codes[:n], range(n), strict=True),
                ((c, total + i) for i, (c, _, _) in enumerate(inside)),
            )
        ),
        Sort.ACCOUNT: _Names.of(
            chain(
                zip(names[n:], range(n, total), strict=True),
                zip(codes[n:], range(n, total), strict=True),
            )
        ),
    }
    return Index(dataset, found, of_sort)


def folded(text: str) -> str:
    """Return a text without capitals, accents, punctuation and extra spaces."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(text.casefold().translate(_SPACED).split())


def _build(planner: Planner, dataset: Dataset) -> Index:
    places = find_places(planner, dataset, ("county", "state"))
    return build_index(dataset, places, _boxes() if dataset.boundaries == KIND else ())


def _boxes() -> list[tuple[str, str, str]]:
    table = embedded.load_lookup()
    table = table[table["container"] != ""]
    called = table["city"] + ", " + table["state"]
    columns = (table["code"], called, table["container"])
    return list(zip(*(c.tolist() for c in columns), strict=True))


def _lying_in(places: Places, level: str) -> list[tuple[str, str, Positions]]:
    """Return name, detail and containers of every state or county."""
    if level not in places.within:
        return []
    of = places.within[level].astype(str)
    names = places.labels.get(level, {})
    state = places.within.get("state")
    found = []
    for code, containers in _by_text(of.tolist()).items():
        beside = str(state[containers[0]]) if state is not None and level != "state" else code
        found.append((names.get(code) or code, beside, containers))
    return found


def _called(named: Iterable[tuple[str, int]]) -> list[tuple[str, str, Positions]]:
    """Return every name with the containers that have it."""
    of: dict[str, list[int]] = {}
    for name, at in named:
        if name:
            of.setdefault(name, []).append(at)
    return [(name, "", np.unique(np.array(at, np.intp))) for name, at in of.items()]


def _by_text(texts: Sequence[str]) -> dict[str, Positions]:
    of: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        if text:
            of.setdefault(text, []).append(at)
    return {text: np.array(at, dtype=np.intp) for text, at in of.items()}


def _owners(alignment: Alignment) -> dict[str, list[AreaId]]:
    found: dict[str, list[AreaId]] = {}
    for k, area in sorted(alignment.areas.items()):
        if area.owner:
            found.setdefault(area.owner, []).append(k)
    return found


def _held(alignment: Alignment, areas: Sequence[AreaId]) -> Positions:
    mine = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
    for area in areas:
        mine[list(alignment.subtree(area))] = True
    return np.flatnonzero(mine[alignment.area_of[: alignment.items.containers]])


def _one(*items: int) -> Positions:
    return np.array(items, dtype=np.intp)


def _chosen(found: Mapping[Sort, Mapping[int, int]], limit: int) -> list[tuple[Sort, int]]:
    """Return the best of each sort, as many as its share, then the next best of all."""
    ranked = sorted(
        (rank, place, i, sort, ref)
        for place, (sort, refs) in enumerate(found.items())
        for i, (ref, rank) in enumerate(sorted(refs.items(), key=lambda pair: pair[1]))
    )
    share = limit // max(sum(map(bool, found.values())), 1)
    first = [one for one in ranked if one[2] < share]
    rest = [one for one in ranked if one[2] >= share]
    return [(sort, ref) for *_, sort, ref in sorted([*first, *rest[: limit - len(first)]])]
