"""Pictograms of personal care.

It must not know prices, names or departments.
"""

from assets.drawings.shapes import (
    WHITE,
    Part,
    body,
    circle,
    dots,
    ellipse,
    line,
    picture,
    rect,
    shade,
    shine,
    solid,
    turn,
)

SKY = "#4C9BE8"
BLUE = "#2F6FB7"
TEAL = "#49B3A8"
YELLOW = "#FFC93C"
RED = "#D8433F"
PINK = "#F6C1D5"
VIOLET = "#8A6BC9"
PAPER = "#FBF6EC"
CARD = "#D9B07A"
STEEL = "#C9D1DA"


def _soap() -> tuple[Part, ...]:
    return (
        body(rect((12, 44), (76, 38), r=16), PINK, shade("M12 66h80v24H12z")),
        line(rect((28, 54), (44, 16), r=8), "#C94F84", width=3.4),
        body(circle((34, 26), 10), "#DDEFFA", shine(circle((31, 22), 2.8)), width=3.4),
        body(circle((56, 20), 7), "#DDEFFA", width=3.4),
        body(circle((68, 33), 5), "#DDEFFA", width=3.4),
    )


def _pump(colour: str, label: str, *inside: Part) -> tuple[Part, ...]:
    return (
        body(
            "M34 36h32c6 2 8 6 8 12v36c0 4-2 6-6 6H32c-4 0-6-2-6-6V48c0-6 2-10 8-12z",
            colour,
            solid("M20 52h60v24H20z", label),
            shade("M62 30h20v64H62z"),
        ),
        line("M50 34V20", width=6),
        line("M36 20h20", width=8),
        body(rect((42, 26), (16, 10), r=3), STEEL, width=3.4),
        *inside,
    )


def _shampoo() -> tuple[Part, ...]:
    return (
        body(
            "M34 34h32c6 2 8 6 8 12v38c0 4-2 6-6 6H32c-4 0-6-2-6-6V46c0-6 2-10 8-12z",
            VIOLET,
            solid("M20 52h60v22H20z", WHITE),
            shade("M62 28h20v66H62z"),
        ),
        body("M36 34V16c0-3 2-5 5-5h18c3 0 5 2 5 5v18z", "#6A4BA8", shade("M56 8h14v30H56z")),
        line("M40 60c4-4 7 4 11 0s5-2 8-2M40 67c4-4 7 4 11 0s5-2 8-2", VIOLET, width=3),
    )


def _toothpaste() -> tuple[Part, ...]:
    return turn(
        -28,
        (50, 50),
        body(
            "M10 32h8l56 8v22l-56 8h-8z",
            WHITE,
            solid("M30 20h16v60H30z", SKY),
            solid("M46 20h7v60h-7z", RED),
            shade("M6 54h80v24H6z"),
        ),
        body(rect((74, 42), (14, 18), r=3), SKY),
        line("M18 34v34", width=3),
    )


def _toothbrush() -> tuple[Part, ...]:
    return turn(
        -36,
        (50, 50),
        body(
            rect((58, 32), (30, 16), r=3),
            "#DDEFFA",
            line("M66 32v14M73 32v14M80 32v14", SKY, width=2.6),
            width=3.6,
        ),
        body(rect((6, 44), (86, 13), r=6.5), TEAL, shade("M6 52h90v10H6z")),
    )


def _roll(core: str) -> tuple[Part, ...]:
    return (
        body(
            "M28 20h42c11 0 18 12 18 28v40c-4-4-8-4-12 0-4-4-8-4-12 0V62H28z",
            WHITE,
            shade("M64 58c12-10 12-26 6-40h26v80H64z"),
            line("M74 58v22", "#C9D1DA", width=3),
        ),
        body(ellipse((28, 41), (17, 21)), PAPER, shade("M28 18h20v46H28z")),
        body(ellipse((28, 41), (6, 8)), core, width=3.4),
    )


def _tissues() -> tuple[Part, ...]:
    return (
        body(
            "M34 46c-6-12-2-22 8-32 4 8 10 8 16 2 10 10 12 20 8 30z",
            WHITE,
            shade("M54 14c8 10 8 22 4 34h16V14z"),
        ),
        body(
            rect((12, 46), (76, 42), r=5), "#7FC4DE", solid("M8 66h84v9H8z", WHITE), shade("M72 42h20v50H72z")
        ),
        line("M34 46h32", width=6),
    )


def _nappy() -> tuple[Part, ...]:
    return (
        body(
            "M8 28h84c2 10 0 20-4 26-16 2-24 12-28 28-4 6-16 6-20 0-4-16-12-26-28-28-4-6-6-16-4-26z",
            WHITE,
            shade("M62 86c6-20 16-30 34-34v40z"),
            solid("M2 20h96v20H2z", "#BFE3F5"),
        ),
        line("M10 40h80", "#7FBBDD", width=3),
        body(rect((12, 30), (16, 13), r=3), YELLOW, width=3.4),
        body(rect((72, 30), (16, 13), r=3), YELLOW, width=3.4),
    )


def _plaster() -> tuple[Part, ...]:
    return turn(
        -38,
        (50, 50),
        body(rect((8, 34), (84, 32), r=16), "#E9B98E", shade("M8 54h84v20H8z")),
        line("M34 34v32M66 34v32", width=3.4),
        solid(dots(2.6, (44, 44), (56, 44), (44, 56), (56, 56)), "#8D6230"),
    )


def _deodorant() -> tuple[Part, ...]:
    return (
        body(
            "M34 40h32c3 0 6 3 6 6v38c0 4-2 6-6 6H34c-4 0-6-2-6-6V46c0-3 3-6 6-6z",
            TEAL,
            solid("M20 56h60v18H20z", WHITE),
            shade("M60 34h20v60H60z"),
        ),
        body("M32 40V24c0-8 8-14 18-14s18 6 18 14v16z", "#E8ECF1", shade("M58 6h16v38H58z")),
    )


def _razor() -> tuple[Part, ...]:
    return turn(
        32,
        (50, 50),
        body(
            rect((43, 34), (14, 58), r=7),
            BLUE,
            shade("M51 30h14v66H51z"),
            line("M40 62h20M40 70h20M40 78h20", "#BFE3F5", width=2.6),
        ),
        body(rect((22, 12), (56, 24), r=6), STEEL, line("M28 20h44M28 27h44", "#6B7686", width=3)),
    )


PICTURES = {
    "deodorant": picture(*_deodorant()),
    "hand-soap": picture(
        *_pump("#8FD0C8", WHITE, solid(dots(3.6, (44, 66), (55, 62)) + circle((52, 71), 2.4), TEAL))
    ),
    "nappy": picture(*_nappy()),
    "paper-roll": picture(*_roll(CARD)),
    "plaster": picture(*_plaster()),
    "razor": picture(*_razor()),
    "shampoo": picture(*_shampoo()),
    "soap": picture(*_soap()),
    "tissues": picture(*_tissues()),
    "toothbrush": picture(*_toothbrush()),
    "toothpaste": picture(*_toothpaste()),
}
