"""Writes every pictogram, icon and illustration as SVG (web pages) and PNG (the lane's window).

It must not know where a picture is shown.

Run it after changing a drawing::

    python -m assets.draw
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from assets.drawings import (
    bakery_dairy,
    care,
    counter,
    drinks,
    fruit,
    home,
    icons,
    illustrations,
    pantry,
    sweets,
    vegetables,
)
from assets.drawings.raster import to_image
from assets.drawings.shapes import Picture
from assets.drawings.svg import to_svg

ASSETS = Path(__file__).parent
PICTOGRAM_PX = 256
ICON_PX = 128


def groceries() -> dict[str, Picture]:
    """Every pictogram by the stem of its files."""
    pictograms: dict[str, Picture] = {}
    for shelf in (fruit, vegetables, bakery_dairy, counter, pantry, sweets, drinks, home, care):
        pictograms.update(shelf.PICTURES)
    return pictograms


def write(pictures: Mapping[str, Picture], folder: Path, *, width_px: int | None = None) -> int:
    """Write all `pictures` into `folder`, their PNG `width_px` wide, or as wide as their grid."""
    folder.mkdir(exist_ok=True)
    for name, drawing in pictures.items():
        (folder / f"{name}.svg").write_text(to_svg(drawing, name), encoding="utf-8")
        to_image(drawing, width_px or drawing.width).save(folder / f"{name}.png", optimize=True)
    return len(pictures)


def main() -> int:
    """Write the three folders next to this script."""
    counts = (
        write(groceries(), ASSETS / "pictograms", width_px=PICTOGRAM_PX),
        write(icons.PICTURES, ASSETS / "icons", width_px=ICON_PX),
        write(illustrations.PICTURES, ASSETS / "illustrations"),
    )
    sys.stdout.write("{} pictograms, {} icons, {} illustrations\n".format(*counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
