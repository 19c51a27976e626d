"""Pictograms of bread, cake, milk, cheese and eggs.

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
)

CRUST = "#E2A860"
CRUST_DARK = "#B87932"
CREAM = "#FFF3DC"
BLUE = "#4C9BE8"
PINK = "#F6D6E4"
BERRY = "#C94F84"
YELLOW = "#FFC93C"


def _bread() -> tuple[Part, ...]:
    loaf = "M10 44c0-17 16-26 40-26s40 9 40 26c0 8-4 11-8 13v23c0 4-3 7-7 7H25c-4 0-7-3-7-7V57c-4-2-8-5-8-13z"
    return (
        body(
            loaf, CRUST, shade("M76 16v76h24V16z"), shine("M18 43c1-10 8-14 17-16 3 4-9 6-11 16-1 5-6 5-6 0z")
        ),
        line("M37 34l-6 15M53 32l-6 17M69 34l-6 15", CRUST_DARK, width=4.4),
    )


def _baguette() -> tuple[Part, ...]:
    stick = "M76 12c10-2 15 4 12 13C80 48 50 80 26 89c-10 4-18-4-15-14C20 50 52 18 76 12z"
    return (
        body(
            stick,
            CRUST,
            shade("M92 20C80 54 46 88 16 96h80z"),
            shine("M20 72c6-16 24-36 42-48 3 3-14 18-34 47-3 5-10 6-8 1z"),
        ),
        line(
            "M66 28c2 6 5 9 10 11M52 40c2 6 5 9 10 11M38 54c2 6 5 9 10 11M25 69c2 6 5 8 9 10",
            CRUST_DARK,
            width=4.2,
        ),
    )


def _roll() -> tuple[Part, ...]:
    return (
        body(
            "M10 58c0-22 18-36 40-36s40 14 40 36c0 14-14 24-40 24S10 72 10 58z",
            CRUST,
            shade("M78 22c8 24-2 50-28 62h50V22z"),
            shine("M19 54c2-12 9-19 19-21 4 4-10 8-13 21-1 5-7 5-6 0z"),
        ),
        line("M50 30c-6 10-6 20 0 30M66 36c-3 8-3 14 0 21M34 36c-3 8-3 14 0 21", CRUST_DARK, width=4.2),
    )


def _croissant() -> tuple[Part, ...]:
    moon = "M8 66c0-28 18-46 42-46s42 18 42 46c0 8-8 12-14 6-6-8-14-14-28-14s-22 6-28 14c-6 6-14 2-14-6z"
    return (
        body(moon, CRUST, shade("M80 26c4 20 4 30-2 50h20V26z")),
        line(
            "M38 23c-4 11-3 22 2 36M62 23c4 11 3 22-2 36M21 36c1 9 4 17 10 26M79 36c-1 9-4 17-10 26",
            CRUST_DARK,
            width=4,
        ),
    )


def _cake() -> tuple[Part, ...]:
    return (
        body(
            "M12 50 66 26c14 4 22 12 22 24v30c0 4-3 6-6 6H18c-3 0-6-2-6-6z",
            CREAM,
            solid("M8 20h84v32H8z", BERRY),
            solid("M8 62h84v9H8z", BERRY),
            shade("M72 20h24v70H72z"),
        ),
        line("M12 51h76"),
        body(circle((56, 22), 9), "#D8433F", shine(circle((53, 19), 2.6)), width=3.4),
    )


def _milk(*, band: str) -> tuple[Part, ...]:
    return (
        body(
            "M24 40 38 22h26l12 18v45c0 3-2 5-5 5H29c-3 0-5-2-5-5z",
            WHITE,
            solid("M10 54h80v22H10z", band),
            shade("M60 40h20v54H60z"),
            shade("M64 22 52 40h30z"),
        ),
        line("M24 40h52M64 22 56 40v50", width=3.4),
        body(rect((36, 11), (30, 12), r=2.5), WHITE, shade("M60 8h8v20h-8z"), width=3.6),
    )


def _cheese() -> tuple[Part, ...]:
    return (
        body(
            "M10 58 62 22c16 3 26 16 28 36v22c0 3-2 5-5 5H15c-3 0-5-2-5-5z",
            YELLOW,
            solid("M4 10h92v48H4z", "#FFE08A"),
            solid(dots(6.5, (34, 72), (74, 74)) + circle((56, 70), 4), "#E0A21B"),
            solid(ellipse((62, 44), (8, 6)), "#E0A21B"),
        ),
        line("M10 58h80"),
    )


def _mozzarella() -> tuple[Part, ...]:
    return (
        body(circle((38, 58), 27), WHITE, shade("M36 90c10-4 20-14 24-26l10 30z")),
        body(circle((66, 66), 22), WHITE, shade("M76 44c10 16 4 34-14 46h36V44z")),
        body("M44 34c-2-12 6-20 18-22 4 12-4 22-18 22z", "#57A55A", width=3.4),
    )


def _yogurt() -> tuple[Part, ...]:
    return (
        body("M23 34h54l-7 50c-1 4-3 6-7 6H37c-4 0-6-2-7-6z", PINK, shade("M62 30h20l-10 64H56z")),
        body(rect((17, 20), (66, 14), r=6), BERRY, shine(rect((24, 23), (34, 3), r=1.5))),
        body("M49 54c5-4 13-2 13 5 0 7-7 16-12 16s-13-9-13-16c0-7 8-9 12-5z", "#D8433F", width=3.2),
        line("M49 54l-4-4M50 54l5-4", "#3C8446", width=3.2),
    )


def _butter() -> tuple[Part, ...]:
    return (
        body(
            "M16 46 28 28h50l8 18v24c0 3-2 5-5 5H21c-3 0-5-2-5-5z",
            "#FFE08A",
            solid("M4 46h92v40H4z", YELLOW),
            solid("M36 20h22l6 70H30z", WHITE),
            shade("M70 20h26v70H70z"),
        ),
        line("M16 46h70"),
        line("M8 84h84", width=5),
    )


def _eggs() -> tuple[Part, ...]:
    parts: list[Part] = []
    for x, shell in ((28, CREAM), (72, CREAM), (50, "#F3CFA4")):
        egg = f"M{x} 20c10 0 17 15 17 27s-7 19-17 19-17-7-17-19 7-27 17-27z"
        parts.append(body(egg, shell, shade(f"M{x + 6} 18c10 20 8 38-6 50h24V18z")))
    parts.append(
        body(
            "M6 54c8-3 14 6 22 6s14-6 22-6 14 6 22 6 14-9 22-6l-6 28c-1 4-3 6-7 6H19c-4 0-6-2-7-6z",
            "#9AA7B5",
            shade("M76 50h24v44H72z"),
        )
    )
    return tuple(parts)


def _cream() -> tuple[Part, ...]:
    return (
        body(
            "M28 34h44l6 12v38c0 4-2 6-6 6H28c-4 0-6-2-6-6V46z",
            "#EAF3FC",
            solid("M16 56h68v20H16z", BLUE),
            shade("M64 30h20v64H64z"),
        ),
        body(rect((36, 16), (28, 18), r=5), BLUE),
        line("M34 66h18", WHITE, width=4),
    )


def _sandwich() -> tuple[Part, ...]:
    return (
        body("M8 70 50 20l42 50z", CREAM, shade("M60 14l40 60H76z")),
        body("M8 70h84v7c0 3-2 5-5 5H13c-3 0-5-2-5-5z", CRUST),
        line("M14 66c6 5 12-4 18 0s12 4 18 0 12-4 18 0 12 4 18 0", "#57A55A", width=6),
        line("M32 54h36", "#D8433F", width=5),
    )


PICTURES = {
    "baguette": picture(*_baguette()),
    "bread": picture(*_bread()),
    "butter": picture(*_butter()),
    "cake": picture(*_cake()),
    "cheese": picture(*_cheese()),
    "cream": picture(*_cream()),
    "croissant": picture(*_croissant()),
    "egg": picture(*_eggs()),
    "milk": picture(*_milk(band=BLUE)),
    "milk-lactose-free": picture(*_milk(band="#8A6BC9")),
    "mozzarella": picture(*_mozzarella()),
    "roll": picture(*_roll()),
    "sandwich": picture(*_sandwich()),
    "yogurt": picture(*_yogurt()),
}
