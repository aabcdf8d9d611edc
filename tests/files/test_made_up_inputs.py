"""Whatever a parser is given: it takes it, or says in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import made_up
import pytest
from hypothesis import given, settings
from made_up import parsers

INPUTS = 400


def test_all_parsers_are_tried() -> None:
    assert tuple(parsers()) == made_up.NAMES


@pytest.fixture(scope="module", autouse=True)
def _room() -> Iterator[None]:
    yield
    made_up.leave()


@pytest.mark.parametrize("name", made_up.NAMES)
def test_the_examples_are_taken(name: str) -> None:
    """What is made of them is worth something only when they are understood."""
    assert made_up.run(parsers()[name], parsers()[name].samples[0]) == ""


@pytest.mark.parametrize("name", made_up.NAMES)
def test_bad_inputs_end_as_words(name: str) -> None:
    parser = parsers()[name]

    @settings(max_examples=INPUTS)
    @given(made_up.inputs(parser))
    def tried(data: bytes) -> None:
        made_up.run(parser, data)

    tried()


@pytest.mark.parametrize("name", [made_up.PARTS, made_up.MAP])
def test_anything_in_any_place_ends_as_words(name: str) -> None:
    parser = parsers()[name]
    assert parser.made is not None

    @settings(max_examples=INPUTS)
    @given(parser.made)
    def tried(data: bytes) -> None:
        made_up.run(parser, data)

    tried()
