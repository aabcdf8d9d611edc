"""The dataset's own figures in a plan file, so that the plan can be opened where it is not."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from tp_geo.domain.alignment import Items, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Formula, Level, Measure, renamed
from tp_geo.domain.formulas import check_formulas
from tp_geo.errors import BadData
from tp_geo.files.plan_assignment import CONTAINER, UNIT, rows_of
from tp_geo.files.plan_json import Json, found, parsed, unparsed

DATASET, ITEMS = "dataset.json", "items.csv"
HEADER = ("kind", "code", "name", "container")


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    code: str
    name: str
    container: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


def figures_of(dataset: Dataset) -> dict[str, bytes]:
    """Return the parts of a plan file that hold a dataset's figures."""
    about: Json = {
        "measures": [
            {
                "name": m.name,
                "label": m.label,
                "unit": m.unit,
                "aggregate": str(m.aggregate),
                "weight": m.weight,
                "note": m.note,
            }
            for m in dataset.measures
        ],
        "attributes": list(dataset.attributes),
        "source": dataset.source,
        "made": dataset.made,
    }
    if dataset.formulas:
        about["formulas"] = [asdict(f) for f in dataset.formulas]
    return {DATASET: unparsed(about, indent=2), ITEMS: _items_to_csv(dataset)}


def dataset_from(
    figures: Mapping[str, bytes], layer: Dataset, *, name: str, key: str
) -> tuple[Dataset, tuple[str, ...]]:
    """Return the dataset of a plan file on the containers of another, and the codes these lack.

    ``layer`` gives the containers: their codes, names, kind and layer.
    Containers the file says nothing of have no figures; a unit whose
    container is not there lies in none.
    """
    about = parsed(figures[DATASET], DATASET)
    measures = _measures(about)
    texts = [str(a) for a in found(about, "attributes", list, DATASET, [])]
    rows = list(_rows(figures[ITEMS], len(measures), len(texts)))
    known, n = layer.containers, layer.items.containers
    units = [r for r in rows if r.kind == UNIT]
    inside = [r for r in rows if r.kind == CONTAINER and r.code in known]
    at = [known[r.code] for r in inside] + list(range(n, n + len(units)))
    values = np.full((n + len(units), len(measures)), np.nan)
    columns = np.full((len(texts), n + len(units)), "", dtype=object)
    for i, row in zip(at, [*inside, *units], strict=True):
        values[i], columns[:, i] = row.values, row.texts
    home = np.array([known.get(r.container, -1) for r in units], dtype=np.int32)
    built = replace(
        layer,
        name=name,
        key=key,
        items=Items(n, frozen(home)),
        codes=np.array([*layer.codes[:n], *(r.code for r in units)], dtype=object),
        names=np.array([*layer.names[:n], *(r.name for r in units)], dtype=object),
        measures=measures,
        values=values,
        attributes=dict(zip(texts, columns, strict=True)),
        source=found(about, "source", str, DATASET, ""),
        made=found(about, "made", str, DATASET, ""),
        formulas=_formulas(about, measures),
    )
    check_formulas(built)
    gone = [r.code for r in rows if r.kind == CONTAINER and r.code not in known]
    return built, tuple(gone)


def _items_to_csv(dataset: Dataset) -> bytes:
    n, home = dataset.items.containers, dataset.items.container_of
    around = np.where(home >= 0, dataset.codes[home], "") if n else np.full(len(home), "")
    inside = np.concatenate([np.full(n, "", dtype=object), around])
    kinds = [CONTAINER] * n + [UNIT] * len(home)
    figures = ([_number(v) for v in column] for column in dataset.values.T.tolist())
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([*HEADER, *(m.name for m in dataset.measures), *dataset.attributes])
    columns = (kinds, dataset.codes, dataset.names, inside, *figures, *dataset.attributes.values())
    writer.writerows(zip(*columns, strict=True))
    return made.getvalue().encode("utf-8", errors="surrogatepass")


def _number(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _measures(about: Json) -> tuple[Measure, ...]:
    measures = []
    for i, said in enumerate(found(about, "measures", list, DATASET), start=1):
        where = f"{DATASET}, measure {i}"
        name = found(said, "name", str, where)
        kind = found(said, "aggregate", str, where, "sum")
        if kind not in tuple(Aggregate):
            raise BadData(f"{where}: 'aggregate' is {kind[:40]!r}, not sum or mean.")
        weight = None if said.get("weight") is None else found(said, "weight", str, where)
        texts = {k: found(said, k, str, where, "") for k in ("unit", "note")}
        label = found(said, "label", str, where, name)
        made = Measure(name, label, aggregate=Aggregate(kind), weight=weight, **texts)
        measures.append(renamed(made))
    names = [m.name for m in measures]
    if len(set(names)) < len(names):
        raise BadData(f"{DATASET} has two measures of one name.")
    if lost := [m.weight for m in measures if m.weight is not None and m.weight not in names]:
        raise BadData(f"{DATASET}: the weight {lost[0]!r} is no measure.")
    return tuple(measures)


def _formulas(about: Json, measures: tuple[Measure, ...]) -> tuple[Formula, ...]:
    """Return the formulas of a dataset; those of units and containers are measures, too."""
    told = found(about, "formulas", list, DATASET, [])
    formulas = [_formula(said, f"{DATASET}, formula {i}") for i, said in enumerate(told, start=1)]
    if len({f.name for f in formulas}) < len(formulas):
        raise BadData(f"{DATASET} has two formulas of one name.")
    made = {m.name for m in measures}
    for f in formulas:
        if (f.level is Level.AREA) == (f.name in made):
            raise BadData(f"{DATASET}: {f.name!r} is a formula of {f.level}s, its measures differ.")
    return tuple(formulas)


def _formula(said: Json, where: str) -> Formula:
    texts = {k: found(said, k, str, where) for k in ("name", "text")}
    more = {k: found(said, k, str, where, "") for k in ("label", "unit")}
    return Formula(
        **texts,
        **more,
        level=Level(_one_of(said, "level", tuple(Level), where)),
        aggregate=Aggregate(_one_of(said, "aggregate", tuple(Aggregate), where)),
        weight=None if said.get("weight") is None else found(said, "weight", str, where),
    )


def _one_of(said: Json, key: str, words: Sequence[str], where: str) -> str:
    word = found(said, key, str, where)
    if word not in words:
        raise BadData(f"{where}: {key!r} is {word[:40]!r}, not {', '.join(words)}.")
    return str(word)


def _rows(data: bytes, measures: int, texts: int) -> list[_Row]:
    rows: dict[tuple[str, str], _Row] = {}
    for number, cells in rows_of(data, ITEMS, HEADER):
        kind, code, name, container = cells[:4]
        if len(cells) != len(HEADER) + measures + texts:
            raise BadData(
                f"{ITEMS} has {len(cells)} columns; {DATASET} names "
                f"{len(HEADER) + measures + texts}."
            )
        if kind not in (CONTAINER, UNIT):
            raise BadData(f"{ITEMS}, row {number}: kind is {kind[:40]!r}, not container or unit.")
        if (kind, code) in rows:
            raise BadData(f"{ITEMS}, row {number}: {kind} {code!r} is there twice.")
        values = tuple(_value(c, number) for c in cells[4 : 4 + measures])
        rows[kind, code] = _Row(kind, code, name, container, values, tuple(cells[4 + measures :]))
    return list(rows.values())


def _value(text: str, row: int) -> float:
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise BadData(f"{ITEMS}, row {row}: {text[:40]!r} is not a number.")
    return value
