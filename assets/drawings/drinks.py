"""Pictograms of drinks, with and without alcohol, and of empties.

It must not know prices, ages or deposits.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import (
    INK,
    WHITE,
    Part,
    Shape,
    body,
    circle,
    dots,
    line,
    picture,
    rect,
    shade,
    shine,
    solid,
)

SKY = "#4C9BE8"
RED = "#D8433F"
GREEN = "#57A55A"
AMBER = "#FFB84D"
BROWN = "#7A4A21"
PAPER = "#FFF3DC"

LONG_NECK = "M43 20h14v12c1 9 12 14 12 26v26c0 4-2 6-6 6H37c-4 0-6-2-6-6V58c0-12 11-17 12-26z"
WINE = "M43 18h14v22c1 7 12 10 12 22v22c0 4-2 6-6 6H37c-4 0-6-2-6-6V62c0-12 11-15 12-22z"
FLASK = "M42 22h16v10c1 6 15 8 15 20v32c0 4-2 6-6 6H33c-4 0-6-2-6-6V52c0-12 14-14 15-20z"


def _beer(glass: str, label: str, cap: str) -> tuple[Part, ...]:
    return (
        body(
            LONG_NECK,
            glass,
            solid("M20 58h60v21H20z", label),
            solid("M38 36h24v8H38z", label),
            shade("M59 16h20v80H59z"),
        ),
        body(rect((40, 9), (20, 11), r=3), cap),
    )


def _wine(glass: str, foil: str) -> tuple[Part, ...]:
    return (
        body(
            WINE,
            glass,
            solid("M20 60h60v20H20z", PAPER),
            solid("M30 16h40v18H30z", foil),
            shade("M59 10h20v86H59z"),
            line("M44 67h12M44 73h8", foil, width=2.8),
        ),
        body(rect((41, 9), (18, 9), r=2.5), foil),
    )


def _sparkling() -> tuple[Part, ...]:
    return (
        body(
            WINE,
            "#3C6B43",
            solid("M20 62h60v19H20z", PAPER),
            solid("M30 16h40v26H30z", "#E7B65C"),
            shade("M59 10h20v86H59z"),
        ),
        body("M42 18c-5-4-2-11 8-11s13 7 8 11z", "#E7B65C"),
        solid(dots(2.6, (80, 30), (86, 44), (78, 54), (18, 36), (14, 50)), "#E7B65C"),
    )


def _spirits() -> tuple[Part, ...]:
    return (
        body(
            FLASK,
            "#E8F2F7",
            solid("M20 46h60v50H20z", "#C9823A"),
            solid("M20 56h60v20H20z", PAPER),
            shade("M62 16h20v80H62z"),
            line("M42 63h16M42 69h10", "#7A4A21", width=2.8),
        ),
        body(rect((40, 9), (20, 14), r=3), INK),
    )


def _water(cap: str, band: str) -> tuple[Part, ...]:
    return (
        body(
            "M43 20h14c0 8 12 12 13 24 1 8-3 10-3 16 0 8 3 10 3 24 0 4-2 6-6 6H36c-4 0-6-2-6-6 0-14 3-16 3-24 0-6-4-8-3-16 1-12 13-16 13-24z",
            "#CFE9F8",
            solid("M20 48h60v20H20z", band),
            shade("M60 14h20v82H60z"),
            shine("M37 40c1-5 4-8 7-10 2 2-2 5-3 10-1 3-4 3-4 0z"),
        ),
        body(rect((40, 9), (20, 12), r=3), cap),
        line("M38 78h24", "#7FBBDD", width=3.2),
    )


def _soda(drink: str, cap: str) -> tuple[Part, ...]:
    return (
        body(
            "M43 20h14c0 8 13 12 13 26v38c0 4-2 6-6 6H36c-4 0-6-2-6-6V46c0-14 13-18 13-26z",
            drink,
            solid("M20 50h60v20H20z", WHITE),
            shade("M60 14h20v82H60z"),
            line("M30 62c8-8 14 4 22-2s12-2 18-4", cap, width=5),
        ),
        body(rect((40, 9), (20, 12), r=3), cap),
    )


def _can(colour: str, band: str) -> tuple[Part, ...]:
    return (
        body(
            "M32 12h36l7 12v54l-7 12H32l-7-12V24z",
            colour,
            solid("M10 40 90 28v24L10 66z", band),
            solid("M10 8h80v14H10z", "#C9D1DA"),
            solid("M10 80h80v14H10z", "#C9D1DA"),
            shade("M63 6h20v90H63z"),
            line("M20 23h60M20 79h60", width=3),
        ),
        line("M44 12h12", width=4),
    )


def _carton(colour: str, emblem: Part) -> tuple[Part, ...]:
    return (
        line("M60 22V10l12-4", RED, width=4.5),
        body(
            rect((26, 20), (48, 70), r=6), PAPER, solid("M20 12h60v24H20z", colour), shade("M64 12h16v84H64z")
        ),
        emblem,
    )


def _orange_slice() -> tuple[Shape, ...]:
    spokes = line("M50 50v24M38 62h24M42 54l16 16M58 54 42 70", PAPER, width=2.4)
    return body(circle((50, 62), 14), "#F08A33", spokes, width=3.4)


def _small_apple() -> tuple[Shape, ...]:
    fruit = "M50 54c6-5 15-3 15 8 0 9-6 15-11 15-2 0-3-1-4-1s-2 1-4 1c-5 0-11-6-11-15 0-11 9-13 15-8z"
    return (*body(fruit, "#8CC96B", width=3.4), line("M50 54c0-4 1-6 4-8", width=3.4))


def _smoothie() -> tuple[Part, ...]:
    return (
        body(
            "M40 22h20v8c6 4 11 10 11 20v34c0 4-2 6-6 6H35c-4 0-6-2-6-6V50c0-10 5-16 11-20z",
            "#B94C8C",
            solid("M20 54h60v20H20z", WHITE),
            shade("M60 14h20v82H60z"),
        ),
        body(rect((37, 9), (26, 14), r=3), GREEN),
        solid(dots(4, (42, 64), (51, 64)) + circle((60, 64), 4), "#7B4FA8"),
    )


def _deposit() -> tuple[Part, ...]:
    return (
        body(
            "M35 24h12c0 7 10 11 10 23v37c0 4-2 6-6 6H31c-4 0-6-2-6-6V47c0-12 10-16 10-23z",
            "#9FD0B0",
            solid("M18 52h46v18H18z", WHITE),
            shade("M48 18h16v78H48z"),
        ),
        body(rect((32, 12), (18, 12), r=3), GREEN),
        body(circle((70, 66), 20), WHITE, width=3.8),
        line("M60 66c0-12 13-14 18-6M80 66c0 12-13 14-18 6", "#0A6B3D", width=4.4),
        line("M79 53v8h-8M61 79v-8h8", "#0A6B3D", width=4.4),
    )


def _cider() -> tuple[Part, ...]:
    return _beer("#4E8B57", "#F2CC45", RED)


PICTURES = {
    "beer": picture(*_beer(BROWN, "#FFD36B", "#E7B65C")),
    "beer-can": picture(*_can(AMBER, "#7A2A1E")),
    "can": picture(*_can("#49B3A8", "#FFD36B")),
    "cider": picture(*_cider()),
    "cola": picture(*_soda("#5B2E1A", AMBER)),
    "deposit-bottle": picture(*_deposit()),
    "juice": picture(*_carton("#F08A33", _orange_slice())),
    "juice-apple": picture(*_carton("#8CC96B", _small_apple())),
    "lemonade": picture(*_soda("#F6E27A", GREEN)),
    "smoothie": picture(*_smoothie()),
    "sparkling-wine": picture(*_sparkling()),
    "spirits": picture(*_spirits()),
    "water": picture(*_water(SKY, "#2F6FB7")),
    "water-sparkling": picture(*_water(GREEN, GREEN)),
    "wine": picture(*_wine("#5A2136", "#B3273B")),
    "wine-rose": picture(*_wine("#F0A3A0", "#C94F84")),
    "wine-white": picture(*_wine("#C9CF7A", "#8A9A2B")),
}
