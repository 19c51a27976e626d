"""Owns the question which signs the lane's faces can draw, asked of the font files themselves.

It must not know the text engine: what is in no file cannot be drawn by any engine.
"""

from __future__ import annotations

from collections.abc import Iterable

from PIL import ImageFont

from assets import ROOT

WEIGHTS = ("Regular", "SemiBold", "Bold")
_UNASSIGNED = chr(0x0378)  # no face has a glyph for it
_SPACES = frozenset(" \u00a0\u202f\u200e\u200f\u061c")


def undrawable(signs: Iterable[str], weight: str) -> list[str]:
    """The signs for which no face of this weight has a glyph; scripts beside Latin have no semibold."""
    left = set(signs) - _SPACES
    folder = ROOT / "fonts"
    other = "Regular" if weight == "Regular" else "Bold"
    for path in (folder / f"NotoSans-{weight}.ttf", *sorted(folder.glob(f"NotoSans[A-Z]*-{other}.[to]tf"))):
        font = ImageFont.truetype(path, 32)
        missing_glyph = bytes(font.getmask(_UNASSIGNED))
        left = {sign for sign in left if bytes(font.getmask(sign)) == missing_glyph}
    return sorted(left)
