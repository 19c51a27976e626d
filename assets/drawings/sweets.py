"""Pictograms of hot drinks, sweets and snacks.

It must not know prices, names or departments.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import (
    WHITE,
    Part,
    Shape,
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

RED = "#D8433F"
YELLOW = "#FFC93C"
WHEAT = "#FFE9B8"
BROWN = "#7A4A21"
GREEN = "#57A55A"
CRUST = "#E2A860"


def _bag(colour: str, *inside: Part) -> tuple[Shape, ...]:
    """A standing paper bag with a folded top."""
    return (
        *body("M22 30h56l4 54c0 4-2 6-6 6H24c-4 0-6-2-6-6z", colour, *inside, shade("M68 26h20v70H68z")),
        *body(rect((22, 14), (56, 17), r=4), colour, shade("M68 10h20v30H68z")),
    )


def _coffee() -> tuple[Part, ...]:
    bean = turn(
        28,
        (50, 64),
        body(ellipse((50, 64), (10, 14)), BROWN, line("M50 50c-5 8 5 18 0 28", WHEAT, width=3), width=3.2),
    )
    return (*_bag("#B5763E", solid("M10 42h80v44H10z", WHEAT)), bean)


def _tea() -> tuple[Part, ...]:
    return (
        line("M64 50V24c0-8 8-10 12-6", width=3),
        body(rect((70, 10), (18, 18), r=3), YELLOW, width=3.4),
        body("M70 54c16-4 22 4 18 12s-12 10-20 8z", WHITE),
        body("M12 46h62v20c0 14-10 24-24 24H36c-14 0-24-10-24-24z", "#DDEFE0", shade("M60 40h20v56H60z")),
        line("M22 58c0 10 3 16 8 20", WHITE, width=4),
        line("M30 36c-4-6 4-8 0-15M46 36c-4-6 4-8 0-15", "#6B7686", width=4),
    )


def _chocolate() -> tuple[Part, ...]:
    return (
        body(
            rect((24, 12), (52, 48), r=4),
            BROWN,
            shade("M64 8h20v60H64z"),
            line("M24 28h52M24 44h52M41 8v60M59 8v60", "#4E2D12", width=3),
        ),
        body(
            "M20 50l7 5 8-6 8 6 7-6 8 6 8-6 8 6 6-5v34c0 4-2 6-6 6H26c-4 0-6-2-6-6z",
            RED,
            solid("M14 66h72v12H14z", YELLOW),
            shade("M66 40h20v54H66z"),
        ),
    )


def _biscuits() -> tuple[Part, ...]:
    return (
        body(circle((62, 40), 27), "#C98A45", solid(dots(4.4, (62, 26), (76, 36), (70, 52)), "#5B3413")),
        body(
            circle((40, 60), 29),
            "#E2A860",
            shade("M58 38c12 20 2 42-18 52h40V38z"),
            solid(dots(4.8, (30, 48), (46, 50), (34, 66), (50, 68), (42, 80)), "#5B3413"),
        ),
    )


def _sweets() -> tuple[Part, ...]:
    return (
        body("M32 44 10 30c-3 8-3 12 0 18-4 6-5 10-2 20l26-10z", "#F6C1D5"),
        body("M68 44l22-14c3 8 3 12 0 18 4 6 5 10 2 20L66 58z", "#F6C1D5"),
        body(
            circle((50, 51), 24),
            "#C94F84",
            line("M36 24c18 10 24 34 14 60M58 24c18 14 18 40 4 58", "#F6C1D5", width=7),
            shine(circle((40, 42), 4)),
        ),
    )


def _crisps() -> tuple[Part, ...]:
    return (
        body(
            "M22 14c19 5 37 5 56 0 3 24 3 50 0 72-19 5-37 5-56 0-3-22-3-48 0-72z",
            YELLOW,
            solid("M10 8h80v18H10z", RED),
            solid("M10 76h80v20H10z", RED),
            shade("M70 6h20v90H70z"),
        ),
        body(
            "M34 54c4-12 16-16 28-8 6 4 6 10 2 14-6 6-16 4-22 6-6 1-10-5-8-12z",
            "#F2B84B",
            line("M44 56c4-4 8-4 12-3", "#B87932", width=3),
            width=3.4,
        ),
    )


def _nuts() -> tuple[Part, ...]:
    shell = "M50 8c13 0 22 9 22 21 0 9-6 13-6 20 0 6 10 10 10 23 0 12-11 20-26 20s-26-8-26-20c0-13 10-17 10-23 0-7-6-11-6-20 0-12 9-21 22-21z"
    return turn(
        32,
        (50, 50),
        body(
            shell,
            CRUST,
            shade("M60 4c6 30 6 60-4 92h30V4z"),
            shine("M33 29c1-7 5-11 10-13 3 3-4 6-5 13-1 4-5 4-5 0z"),
        ),
        line(
            "M42 28h6M54 22h6M54 36h6M44 44h5M40 64h6M54 60h6M62 72h5M48 76h6M36 76h3", "#8D6230", width=3.4
        ),
    )


def _snack_bar() -> tuple[Part, ...]:
    wrap = "M22 34 12 30l2 8-6 6 6 6-6 6 6 6-2 8 10-4h56l10 4-2-8 6-6-6-6 6-6-6-6 2-8-10 4z"
    return turn(
        -24,
        (50, 50),
        body(wrap, GREEN, solid("M36 24h28v60H36z", WHEAT), shade("M8 54h84v24H8z")),
        line("M22 34v32M78 34v32", width=3.2),
    )


PICTURES = {
    "biscuits": picture(*_biscuits()),
    "chocolate": picture(*_chocolate()),
    "coffee": picture(*_coffee()),
    "crisps": picture(*_crisps()),
    "nuts": picture(*_nuts()),
    "snack-bar": picture(*_snack_bar()),
    "sweets": picture(*_sweets()),
    "tea": picture(*_tea()),
}
