"""Any JSON in any place of some JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st


def values(keys: Iterable[str], texts: Iterable[str]) -> st.SearchStrategy[Any]:
    """Any value of JSON as a browser or a file may bring it, some keys and texts more often."""
    numbers = st.integers(-2, 60) | st.sampled_from([2**31, 2**63, 10**400, -(10**19)])
    known = st.sampled_from(sorted({"", "\ud800", "\0", "x" * 3_000, *texts}))
    leaves = st.none() | st.booleans() | numbers | st.floats() | known | st.text(max_size=5)
    names = st.sampled_from(sorted(keys)) | st.text(max_size=3)

    def inside(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(of, max_size=4) | st.dictionaries(names, of, max_size=5)

    return st.recursive(leaves, inside, max_leaves=8)


def keys_in(said: Any) -> Iterator[str]:
    """Yield every key of every object in a value."""
    for one, key in _places(said):
        if isinstance(one, dict):
            yield key


def misplace(draw: st.DrawFn, said: Any, any_value: st.SearchStrategy[Any] | None = None) -> None:
    """Put anything into a place in a value, or take what is there out."""
    places = [*_places(said)]
    if not places:
        return
    one, key = draw(st.sampled_from(places))
    if draw(st.integers(0, 5)) == 0:
        del one[key]
    else:
        one[key] = draw(any_value if any_value is not None else _ANY)


def _places(said: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [said]
    while waiting:
        one = waiting.pop()
        for key, value in [*(one.items() if isinstance(one, dict) else enumerate(one))]:
            yield one, key
            if isinstance(value, dict | list):
                waiting.append(value)


_ANY = values(("id", "name", "area"), ("CA", "West", "1", "move", "submitted"))
