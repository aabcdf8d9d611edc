"""What the map draws of a dataset: shapes packed once, figures packed once, each under a key."""

from __future__ import annotations

import hashlib

from tp_geo.domain.dataset import Dataset
from tp_geo.files.countries import country_names
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.combining import COUNTRY, JOINT, adjacency_of
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.topology import Fact, build_facts, build_topology
from tp_geo.store import embedded
from tp_geo.workflow.land import around
from tp_geo.workflow.planner import Planner

FORMAT = "tpg4"


def shapes_key(planner: Planner, dataset: Dataset) -> str:
    """Return the name of the shapes of a dataset's containers; other shapes, other name."""
    if not dataset.layer:
        return f"{FORMAT}-{hashlib.sha256(shapes(planner, dataset)).hexdigest()[:16]}"
    return f"{FORMAT}-{dataset.layer}"


def shapes(planner: Planner, dataset: Dataset) -> bytes:
    """Return the packed shapes: built in, from the store, or built now and kept there."""
    if not dataset.layer:
        return planner.once("shapes", dataset.boundaries, lambda: _built_in(planner, dataset))
    return planner.once("shapes", dataset.layer, lambda: _kept(planner, dataset))


def facts_key(dataset: Dataset) -> str:
    """Return the name of a dataset's figures as the map gets them."""
    return f"facts-{dataset.seen_key}"


def facts(planner: Planner, dataset: Dataset) -> bytes:
    """Return the packed figures of the containers."""
    return planner.once("facts", dataset.seen_key, lambda: _figures(dataset))


def _figures(dataset: Dataset) -> bytes:
    told = [Fact(m.name, m.label, m.unit, m.aggregate, m.weight) for m in dataset.measures]
    return build_facts(told, dataset.values[: dataset.items.containers])


def _built_in(planner: Planner, dataset: Dataset) -> bytes:
    packed = embedded.data_dir() / "topology" / f"{dataset.boundaries}.tpg"
    return packed.read_bytes() if packed.exists() else _packed(planner, dataset)


def _kept(planner: Planner, dataset: Dataset) -> bytes:
    name = shapes_key(planner, dataset)
    packed = planner.store.blob(name)
    if packed is None:
        packed = _packed(planner, dataset)
        planner.store.put_blob(name, packed)
    return packed


def _packed(planner: Planner, dataset: Dataset) -> bytes:
    return pack_shapes(planner.boundaries(dataset), planner.adjacency(dataset))


def pack_shapes(layer: Boundaries, adjacency: Adjacency | None = None) -> bytes:
    """Return a boundary set as the map draws it; who is next to whom is found where not given."""
    if adjacency is None:
        adjacency = adjacency_of(layer)
    return build_topology(
        layer.polygons,
        layer.within,
        layer.codes,
        layer.names,
        projection_for(layer.country, layer.xy),
        points=layer.xy,
        parents=_names_of_parents(layer),
        neighbors=adjacency.pairs,
        around=around(),
    )


def _names_of_parents(layer: Boundaries) -> dict[str, dict[str, str]]:
    countries = layer.country.split(JOINT)
    found = {COUNTRY: country_names(countries)}
    if "US" in countries:
        sets = {kind: embedded.load_boundaries(kind) for kind in ("county", "state")}
        found |= {k: dict(zip(s.codes, s.names, strict=True)) for k, s in sets.items()}
    return found
