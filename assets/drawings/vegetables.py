"""Pictograms of vegetables.

It must not know prices, names or departments.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import Part, body, line, picture, rect, shade, shine, solid

LEAF = "#57A55A"
LEAF_DARK = "#3C8446"
LEAF_LIGHT = "#8CC96B"
RED = "#D8433F"
ORANGE = "#F08A33"


def _tomato() -> tuple[Part, ...]:
    fruit = "M50 32c20-10 39 1 39 24 0 21-17 33-39 33S11 77 11 56c0-23 19-34 39-24z"
    star = "M50 34c-5 5-11 6-17 3 3-3 5-4 7-7-4 0-8-2-10-5 7-2 12-1 17 2-1-5 0-9 3-14 3 4 5 9 4 14 5-3 10-4 17-2-2 3-6 5-10 5 2 3 4 4 7 7-7 3-13 2-18-3z"
    return (
        body(
            fruit,
            RED,
            shade("M74 28c16 28 2 52-26 62h50V28z"),
            shine("M20 56c0-9 4-15 10-17 4 3-3 8-4 17 0 5-6 5-6 0z"),
        ),
        body(star, LEAF, width=3.4),
    )


def _potato() -> tuple[Part, ...]:
    tuber = "M22 38c10-16 34-20 50-10 17 10 20 32 8 47-11 14-34 17-51 8-18-9-18-28-7-45z"
    return (
        body(
            tuber,
            "#D9A866",
            shade("M80 28c8 30-16 50-48 56h64V28z"),
            shine("M27 46c5-9 13-13 20-13 2 4-11 6-15 15-3 5-8 3-5-2z"),
        ),
        line("M42 50h5M60 42h4M66 60h5M48 70h5M34 64h3", "#8D6230", width=3.6),
    )


def _carrot() -> tuple[Part, ...]:
    root = "M62 34c9 9 8 16 0 25C48 73 28 87 14 90c-3 0-4-1-4-4C13 72 27 52 41 38c9-9 13-12 21-4z"
    return (
        body(
            "M58 40c-4-10-2-20 6-28 6 4 8 12 6 18 4-6 10-9 20-8 0 8-6 16-16 18-4 4-10 6-16 0z",
            LEAF,
            line("M62 36 68 22M64 38l14-6", LEAF_DARK, width=2.6),
        ),
        body(root, ORANGE, shade("M66 40c-10 24-36 44-62 54h70z")),
        line("M34 46l8 7M24 60l7 6M46 62l6 6", "#B85C12", width=3.2),
    )


def _onion() -> tuple[Part, ...]:
    bulb = "M50 14c0 14 4 16 14 22 15 8 22 17 22 28 0 15-16 24-36 24S14 79 14 64c0-11 7-20 22-28 10-6 14-8 14-22z"
    return (
        line("M40 88c1 3 0 5-1 6M50 88v6M60 88c-1 3 0 5 1 6", width=3),
        body(
            bulb,
            "#E7B062",
            shade("M72 34c18 24 8 44-14 56h40V34z"),
            shine("M22 64c0-8 4-13 9-16 4 2-2 8-3 16 0 5-6 5-6 0z"),
        ),
        line("M50 40c-12 14-12 32-4 46M52 40c14 14 14 32 6 46", "#A86F22", width=3),
    )


def _garlic() -> tuple[Part, ...]:
    bulb = "M50 12c-2 14-5 20-16 26-14 8-20 17-20 28 0 15 16 22 36 22s36-7 36-22c0-11-6-20-20-28-11-6-14-12-16-26z"
    return (
        body(bulb, "#F6EFE6", shade("M72 36c18 24 8 44-14 54h40V36z"), solid("M14 84h72v12H14z", "#D8C6DF")),
        line("M50 40c-14 12-15 32-9 46M50 40c14 12 15 32 9 46", "#9D86A8", width=3),
    )


def _pepper() -> tuple[Part, ...]:
    fruit = (
        "M50 32c10-8 34-6 34 16 0 22-10 42-20 42-5 0-8-2-14-2s-9 2-14 2c-10 0-20-20-20-42 0-22 24-24 34-16z"
    )
    return (
        body(
            fruit,
            RED,
            shade("M68 26c10 24 4 50-10 68h38V26z"),
            shine("M25 46c1-6 4-9 9-10 3 3-3 6-3 12-1 12-7 10-6-2z"),
        ),
        line("M50 36c-4 16-4 34 0 50", "#9E2723", width=3),
        body("M38 34c4-5 7-6 9-7 0-5-2-8-5-11l7-4c5 5 7 9 7 15 3 1 5 3 8 7-9 5-18 5-26 0z", LEAF, width=3.4),
    )


def _courgette() -> tuple[Part, ...]:
    fruit = "M70 22c9 7 11 15 6 24C64 68 44 84 26 90c-10 3-17-6-13-15C22 58 38 38 56 24c5-4 10-5 14-2z"
    return (
        body(
            fruit,
            LEAF_DARK,
            solid("M20 82C38 64 56 46 72 26l-6-8C44 36 26 58 12 82z", LEAF_LIGHT, opacity=0.85),
            shade("M84 36C70 64 44 84 14 94h76z"),
        ),
        body("M60 20 74 10l12 10-10 16c-3-7-9-13-16-16z", "#C9B26A", width=3.4),
    )


def _salad() -> tuple[Part, ...]:
    head = "M50 14c9-5 20-1 22 8 10 1 16 11 12 20 8 7 7 19-1 24 0 10-9 17-18 15-5 8-16 9-21 3-8 5-19 1-21-8-9-2-13-13-8-21-7-8-4-20 6-23 1-11 15-18 29-18z"
    return (
        body(head, LEAF_LIGHT, shade("M84 26c6 34-16 56-44 64h60V26z")),
        body("M50 34c12-6 24 2 23 15 6 10-3 25-16 25-8 7-24 2-26-10-7-10 2-28 19-30z", LEAF, width=3.4),
        line(
            "M50 84c-3-16-3-28 1-42M49 62c-5-4-9-6-13-6M50 58c4-5 8-7 13-8M50 72c6-4 10-5 14-5",
            "#E9F5D8",
            width=3.2,
        ),
    )


def _mushroom() -> tuple[Part, ...]:
    return (
        body(
            "M38 50h24c-1 12 2 22 6 30 2 6-3 10-8 10H40c-5 0-10-4-8-10 4-8 7-18 6-30z",
            "#FFF6E8",
            shade("M56 46c2 18 4 32 10 46h20V46z"),
        ),
        body(
            "M10 52c0-24 18-40 40-40s40 16 40 40c0 5-4 6-8 6H18c-4 0-8-1-8-6z",
            "#D3A57C",
            shade("M74 16c10 14 10 28 0 46h24V16z"),
            shine("M20 46c2-14 10-20 18-22 4 4-9 8-11 22-1 5-7 5-7 0z"),
        ),
    )


def _broccoli() -> tuple[Part, ...]:
    crown = "M20 56c-10-2-12-18-2-22 0-11 13-16 20-9 5-12 22-14 28-3 10-3 18 5 16 15 9 4 8 18-2 20-4 6-11 6-15 2-5 5-13 5-17 0-6 6-15 6-19-1-4 2-7 1-9-2z"
    return (
        body("M34 52h32l-6 18 2 14c0 4-3 6-6 6H44c-3 0-6-2-6-6l2-14z", "#B5D98A", shade("M54 48h20v46H56z")),
        line("M50 66V54", "#7BAA55", width=3),
        body(crown, LEAF, shade("M84 26c2 22-18 36-44 36h56V26z")),
        line(
            "M34 36c4-3 8-3 11 0M56 32c4-2 8-1 10 2M30 48c3-2 6-2 9 0M60 48c4-3 8-3 11 0",
            LEAF_DARK,
            width=3.2,
        ),
    )


def _herbs() -> tuple[Part, ...]:
    leaves = (
        "M50 46C34 44 26 32 28 14c16 2 24 16 22 32z",
        "M50 46c16-2 24-14 22-32-16 2-24 16-22 32z",
        "M50 62C36 66 22 60 14 46c14-6 30-2 36 16z",
        "M50 62c14 4 28-2 36-16-14-6-30-2-36 16z",
    )
    parts: list[Part] = [line("M50 40v50", width=8), line("M50 40v48", LEAF_LIGHT, width=3)]
    for data in leaves:
        parts.append(body(data, LEAF, width=3.4))
    parts.append(line("M48 40 36 24M52 40l12-16M44 60 26 50M56 60l18-10", LEAF_DARK, width=2.6))
    parts.append(body(rect((38, 74), (24, 9), r=4), RED, width=3.4))
    return tuple(parts)


PICTURES = {
    "broccoli": picture(*_broccoli()),
    "carrot": picture(*_carrot()),
    "courgette": picture(*_courgette()),
    "garlic": picture(*_garlic()),
    "herbs": picture(*_herbs()),
    "mushroom": picture(*_mushroom()),
    "onion": picture(*_onion()),
    "pepper": picture(*_pepper()),
    "potato": picture(*_potato()),
    "salad": picture(*_salad()),
    "tomato": picture(*_tomato()),
}
