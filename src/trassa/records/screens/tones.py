"""Colours of stages and options as tones of chips.

A strict content security policy forbids style attributes, so a chip's colour becomes the nearest tone
that the style sheet knows by class; stripes and dots keep the exact colour as an attribute of their SVG.
"""

import colorsys
from functools import lru_cache

#: Upper bounds of hue in degrees.
_HUES = (
    (18, "bad"),
    (60, "warn"),
    (160, "ok"),
    (190, "teal"),
    (242, "accent"),
    (285, "violet"),
    (342, "pink"),
    (361, "bad"),
)
#: Below this difference between its strongest and weakest part a colour reads as grey.
_LEAST_CHROMA = 0.15


@lru_cache(maxsize=512)
def tone_of(color: str) -> str:
    """The tone nearest to "#rrggbb"; "" (grey) for anything else."""
    digits = color.removeprefix("#")
    try:
        red, green, blue = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    except ValueError:
        return ""
    if max(red, green, blue) - min(red, green, blue) < _LEAST_CHROMA:
        return ""
    hue, _lightness, _saturation = colorsys.rgb_to_hls(red, green, blue)
    return next(name for bound, name in _HUES if hue * 360 < bound)
