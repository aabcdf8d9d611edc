"""How far apart colors look, to readers with normal and with deficient color vision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tp_geo.geometry.earth import Floats

EYES: Mapping[str, Floats] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What becomes of linear sRGB in the eye; the deficiencies at full severity.

Source: Machado, Oliveira, Fernandes, A Physiologically-based Model for
Simulation of Color Vision Deficiency, IEEE TVCG 15(6), 2009, 1291-1298.
"""

_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_FAR = 25.0**7


def rgb(colors: Sequence[str]) -> Floats:
    """Return ``#rrggbb`` as sRGB in 0..1, (colors, 3)."""
    found = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colors]
    return np.array(found, dtype=np.float64).reshape(-1, 3) / 255


def lab(srgb: Floats, eye: str = "normal") -> Floats:
    """Return sRGB in 0..1 as CIELAB under D65, as an eye of ``EYES`` has it."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ EYES[eye].T, 0.0, 1.0) @ _XYZ.T / _XYZ.sum(axis=1)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def least_difference(one: Floats, other: Floats) -> Floats:
    """Return how far apart sRGB colors look to those who tell them apart least, (one, other)."""
    seen = [difference(lab(one, e)[:, None], lab(other, e)[None]) for e in EYES]
    found: Floats = np.min(seen, axis=0)
    return found


def difference(one: Floats, other: Floats) -> Floats:
    """Return the CIEDE2000 difference of CIELAB colors; about 1 is just seen side by side.

    Source: Sharma, Wu, Dalal, The CIEDE2000 Color-Difference Formula, Color
    Research & Application 30(1), 2005, 21-30; numbers are those of its equations.
    """
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    gray = 1.5 - 0.5 * _saturation((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)  # (4), 1 + G
    c1, c2 = np.hypot(gray * a1, b1), np.hypot(gray * a2, b2)
    h1, h2 = np.arctan2(b1, gray * a1), np.arctan2(b2, gray * a2)
    turn = np.where(c1 * c2 == 0, 0.0, (h2 - h1 + np.pi) % (2 * np.pi) - np.pi)  # (10)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = np.where(c1 * c2 == 0, h1 + h2, h1 + turn / 2)  # (14)
    d_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / (1 + 0.015 * chroma * _hue_weight(hue))
    bent = np.radians(60 * np.exp(-((((np.degrees(hue) % 360) - 275) / 25) ** 2)))  # (16)
    rotated = -2 * _saturation(chroma) * np.sin(bent) * d_chroma * d_hue
    found: Floats = np.sqrt(d_light**2 + d_chroma**2 + d_hue**2 + rotated)
    return found


def _saturation(chroma: Floats) -> Floats:
    found: Floats = np.sqrt(chroma**7 / (chroma**7 + _FAR))
    return found


def _hue_weight(hue: Floats) -> Floats:
    """Return T of the formula (15) for a hue in radians."""
    found: Floats = (
        1
        - 0.17 * np.cos(hue - np.radians(30))
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + np.radians(6))
        - 0.20 * np.cos(4 * hue - np.radians(63))
    )
    return found
