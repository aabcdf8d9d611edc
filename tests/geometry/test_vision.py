"""Colors as people see them, against published figures."""

from __future__ import annotations

import numpy as np
import pytest

from tp_geo.geometry.vision import EYES, difference, lab, least_difference, rgb


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
        ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_published_with_the_formula(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    """Sharma, Wu, Dalal 2005, table 1."""
    assert float(difference(np.array(one), np.array(other))) == pytest.approx(expected, abs=1e-4)
    assert float(difference(np.array(other), np.array(one))) == pytest.approx(expected, abs=1e-4)


def test_white_and_red_are_where_they_belong() -> None:
    assert lab(rgb(["#ffffff"]))[0] == pytest.approx([100.0, 0.0, 0.0], abs=1e-3)
    assert lab(rgb(["#ff0000"]))[0] == pytest.approx([53.24, 80.09, 67.20], abs=0.01)


@pytest.mark.parametrize("eye", EYES)
def test_grays_stay_gray_to_every_eye(eye: str) -> None:
    grays = rgb(["#000000", "#404040", "#808080", "#ffffff"])
    assert np.abs(lab(grays, eye)[:, 1:]).max() < 0.01


def test_red_and_green_are_close_to_those_who_lack_one_of_them() -> None:
    """Two colors of Matplotlib's default cycle, which is not made for them."""
    green, red = rgb(["#2ca02c"]), rgb(["#d62728"])
    assert float(difference(lab(green), lab(red))[0]) > 60
    assert float(difference(lab(green, "deuteranopia"), lab(red, "deuteranopia"))[0]) < 15
    assert least_difference(green, red)[0, 0] < 15
