"""Pictograms of fruit.

It must not know prices, names or departments.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import INK, Part, body, circle, dots, ellipse, line, picture, shade, shine, solid

LEAF = "#57A55A"
LEAF_DARK = "#3C8446"
RED = "#D8433F"
ORANGE = "#F08A33"
YELLOW = "#FFC93C"
BROWN = "#7A4A21"
APPLE = "M50 33c12-11 37-7 37 20 0 23-16 37-27 37-4 0-6-2-10-2s-6 2-10 2C29 90 13 76 13 53c0-27 25-31 37-20z"
PEAR = (
    "M50 22c11 0 15 9 16 19 2 13 15 17 15 31 0 13-13 19-31 19s-31-6-31-19c0-14 13-18 15-31 1-10 5-19 16-19z"
)


def _leaf(data: str) -> tuple[Part, ...]:
    return (body(data, LEAF, width=3.4),)


def _apple(skin: str) -> tuple[Part, ...]:
    return (
        body(
            APPLE,
            skin,
            shade("M66 28c22 18 16 46-12 64h40V28z"),
            shine("M22 52c0-10 4-15 11-17 3 3-4 7-5 17-1 5-6 5-6 0z"),
        ),
        line("M50 34c0-10 2-17 8-22"),
        *_leaf("M57 25c5-11 16-14 24-12-2 9-12 16-24 12z"),
    )


def _round_fruit(skin: str) -> tuple[Part, ...]:
    ball = circle((50, 55), 35)
    return (
        body(
            ball,
            skin,
            shade("M72 24c20 28 6 56-26 68h50V24z"),
            shine("M23 54c0-12 6-19 14-22 4 3-6 10-7 22-1 6-7 6-7 0z"),
        ),
    )


def _grapes() -> tuple[Part, ...]:
    berries = (
        (34, 42),
        (50, 40),
        (66, 42),
        (27, 54),
        (42, 55),
        (58, 55),
        (73, 54),
        (35, 68),
        (50, 69),
        (65, 68),
        (43, 81),
        (57, 81),
        (50, 90),
    )
    parts: list[Part] = [line("M50 34V12c6 2 10 2 16-1", width=4.5)]
    for x, y in reversed(berries):
        ball = circle((x, min(y, 86)), 9.2)
        parts.append(body(ball, "#7B4FA8", shine(circle((x - 3, min(y, 86) - 3), 2.6)), width=3.2))
    parts.append(
        body(
            "M48 30C34 34 24 28 22 16c12-4 24 0 26 14z",
            LEAF,
            line("M48 30 30 20", LEAF_DARK, width=2.4),
            width=3.4,
        )
    )
    return tuple(parts)


def _strawberry() -> tuple[Part, ...]:
    fruit = "M50 30c16-8 34-1 34 16 0 18-20 44-34 44S16 64 16 46c0-17 18-24 34-16z"
    seeds = dots(2.2, (34, 50), (50, 48), (66, 50), (42, 62), (58, 62), (50, 75), (28, 42), (72, 42))
    return (
        body(fruit, RED, shade("M70 26c8 24-6 50-24 66h50V26z"), solid(seeds, "#FFE9B8")),
        body(
            "M50 34c-8 4-16 2-22-6 6-1 9-2 12-4-2-3-3-6-3-9 5 1 8 3 13 8 5-5 8-7 13-8 0 3-1 6-3 9 3 2 6 3 12 4-6 8-14 10-22 6z",
            LEAF,
            width=3.4,
        ),
    )


def _banana() -> tuple[Part, ...]:
    fruit = "M30 12c6-2 9-2 11 2 0 6-2 8-1 14 4 24 20 36 44 38 5 1 6 8 2 11-8 6-16 9-26 9C32 86 18 58 30 30c2-5 2-10 0-18z"
    return (
        body(
            fruit,
            YELLOW,
            solid("M24 40c-2 24 14 44 36 46 14 1 24-6 34-12l4 20H20z", "#E8A91F"),
            solid("M26 8h18v10H28z", BROWN),
            solid("M82 64l10 4-4 12-8-4z", BROWN),
        ),
        line("M33 32c2 22 16 38 38 43", "#C98A12", width=3),
    )


def _citrus(skin: str, flesh: str) -> tuple[Part, ...]:
    return (
        body(
            "M12 55c2-20 16-31 35-31 12 0 20 4 26 10l12 4c3 1 3 5 1 8 1 4 1 8 0 12-4 19-19 30-38 30-15 0-27-8-32-20-5-3-6-9-4-13z",
            skin,
            shade("M76 30c10 26-8 50-40 62h60V30z"),
            shine("M22 54c1-12 8-19 17-21 4 3-8 9-10 21-1 6-7 6-7 0z"),
        ),
        solid(dots(1.7, (46, 50), (58, 44), (66, 56), (54, 64), (44, 72), (64, 70)), flesh),
    )


def _avocado() -> tuple[Part, ...]:
    return (
        body(PEAR, LEAF_DARK),
        solid(
            "M50 30c7 0 9 6 10 14 2 12 14 17 14 28 0 9-10 13-24 13s-24-4-24-13c0-11 12-16 14-28 1-8 3-14 10-14z",
            "#DDE88F",
        ),
        body(circle((50, 66), 12), BROWN, shine(circle((46, 62), 3.4)), width=3.4),
    )


def _pear() -> tuple[Part, ...]:
    return (
        body(
            PEAR,
            "#C7CF4A",
            shade("M66 24c8 20 12 48-14 68h50V24z"),
            shine("M27 70c0-8 5-12 10-15 4 2-3 8-4 15-1 5-6 5-6 0z"),
        ),
        line("M50 23c-1-6 1-10 5-13", width=5),
        *_leaf("M55 18c5-8 13-9 19-7-2 7-10 12-19 7z"),
    )


def _melon() -> tuple[Part, ...]:
    slice_edge = "M8 36h84c0 28-18 50-42 50S8 64 8 36z"
    return (
        body(
            slice_edge,
            LEAF_DARK,
            solid("M14 30h72c0 28-16 48-36 48S14 58 14 30z", "#F2F4D0"),
            solid("M19 30h62c0 24-14 42-31 42S19 54 19 30z", "#E85A5A"),
        ),
        solid(
            "".join(ellipse(at, (2, 3.2)) for at in ((34, 46), (50, 44), (66, 46), (42, 58), (58, 58))), INK
        ),
    )


def _cherry() -> tuple[Part, ...]:
    return (
        line("M32 58c2-20 14-34 34-44M66 62C70 42 70 28 66 14"),
        *_leaf("M64 16C54 6 42 6 34 12c6 9 18 12 30 4z"),
        body(
            circle((30, 70), 19),
            "#B3273B",
            shade("M40 50c10 20 2 34-10 42h30V50z"),
            shine(circle((23, 63), 4)),
        ),
        body(circle((68, 72), 19), RED, shade("M78 52c10 20 2 34-10 42h30V52z"), shine(circle((61, 65), 4))),
    )


PICTURES = {
    "apple": picture(*_apple(RED)),
    "apple-golden": picture(*_apple("#F2CC45")),
    "avocado": picture(*_avocado()),
    "banana": picture(*_banana()),
    "cherry": picture(*_cherry()),
    "grapes": picture(*_grapes()),
    "lemon": picture(*_citrus("#FFD94A", "#C99A16")),
    "melon": picture(*_melon()),
    "orange": picture(
        *_round_fruit(ORANGE),
        solid(dots(1.7, (46, 56), (58, 48), (64, 62), (52, 70)), "#B85C12"),
        *_leaf("M50 24c4-10 14-13 24-10-3 9-12 14-24 10z"),
        line("M50 26v-8"),
    ),
    "peach": picture(
        *_round_fruit("#F6A27A"),
        line("M52 24c-12 14-14 32-6 48", "#C4623D", width=3.2),
        *_leaf("M50 22c4-10 14-12 24-9-3 9-12 13-24 9z"),
    ),
    "pear": picture(*_pear()),
    "strawberry": picture(*_strawberry()),
}
