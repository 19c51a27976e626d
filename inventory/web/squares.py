"""Owns the drawing of a QR code on a page: dark squares as one path, without a picture or a style.

It must not know what a code says.
"""

from __future__ import annotations

import segno


def qr_squares(told: str) -> tuple[int, str]:
    """How many modules wide the code is, and its dark ones as the path of an SVG."""
    matrix = segno.make(told, error="m").matrix
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark
    )
    return len(matrix), path
