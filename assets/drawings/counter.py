"""Pictograms of meat, fish, the deli counter and the freezer.

It must not know prices, names or departments.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import (
    INK,
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

MEAT = "#D9605C"
FAT = "#FBE3DA"
ICE = "#BFE3F5"
ICE_DARK = "#3E93C9"
BONE = "#FFF6E8"


def _meat() -> tuple[Part, ...]:
    steak = "M22 34c10-16 40-20 56-8 14 10 14 30 2 40-8 6-16 4-24 10-10 8-26 14-36 6C8 72 12 50 22 34z"
    return (
        body(
            steak,
            FAT,
            solid(
                "M28 40c8-12 32-16 44-6 10 8 10 20 2 28-7 6-15 4-23 10-8 7-18 10-25 5-8-8-5-25 2-37z", MEAT
            ),
        ),
        body(circle((58, 46), 8), FAT, width=3.4),
        line("M36 50c2 6 2 12-1 18", FAT, width=4),
    )


def _poultry() -> tuple[Part, ...]:
    leg = "M60 14c18 0 30 14 28 32-2 16-16 24-30 24-6 0-10 4-16 4-8 0-14-6-13-14 1-6 4-10 4-18 2-16 11-28 27-28z"
    return (
        body("M28 62 16 74c-6-2-10 4-7 9 1 2 3 3 5 3 0 2 1 4 3 5 5 3 11-1 9-7l12-12z", BONE),
        body(
            leg,
            "#D98B45",
            shade("M80 18c8 24-10 50-40 56h60V18z"),
            shine("M40 44c1-11 7-17 15-19 4 4-7 8-9 19-1 5-6 5-6 0z"),
        ),
    )


def _fish() -> tuple[Part, ...]:
    shape = "M6 52c12-20 30-27 46-24 10 2 17 8 22 14 5-6 10-10 18-12-4 14-4 28 0 42-8-2-13-6-18-12-5 6-12 12-22 14C36 77 18 70 6 52z"
    return (
        body(
            shape,
            "#8FC1DC",
            solid("M0 56c20 12 44 12 74 0l26 30H0z", "#D9ECF5"),
            shade("M74 42l30-20v60L74 62z"),
        ),
        line("M33 36c6 10 6 22 0 33", width=3.4),
        solid(circle((22, 47), 3.6), INK),
        line("M48 44c3 3 3 7 0 10M59 46c3 3 3 7 0 10", "#4C87A8", width=3.2),
    )


def _prawn() -> tuple[Part, ...]:
    shell = "M70 20C40 14 14 34 14 58c0 18 14 30 32 30 6 0 10-4 10-9 0-6-5-9-11-9-8 0-12-5-12-11 0-9 10-16 37-15 10 0 16-4 16-12s-6-11-16-12z"
    return (
        line("M76 22c6-6 12-8 18-8M78 26c6-2 10-2 16 0", width=3.4),
        body(shell, "#F28A6B", shade("M30 62c0 20 10 26 30 30H10V62z")),
        line("M57 20v24M42 25l4 20M28 37l9 12M18 56l15 3M24 76l12-8", "#B84F35", width=3.4),
        solid(circle((73, 30), 3.4), INK),
        body("M50 72c8 0 14 4 16 12-8 4-16 2-20-4z", "#F28A6B", width=3.4),
    )


def _mince() -> tuple[Part, ...]:
    heap = "M16 66c-2-10 4-16 10-18 0-9 8-14 15-12 5-9 18-9 23-1 9-2 16 4 16 12 7 3 9 11 5 19z"
    return (
        body(heap, MEAT, shade("M78 30c6 14 4 30-10 40h30V30z")),
        line("M30 54c4-4 8-4 12 0M48 46c4-4 8-4 12 0M58 58c4-4 8-4 12 0M40 62c3-3 6-3 9 0", FAT, width=3.4),
        body("M8 66h84l-6 16c-1 3-3 4-6 4H20c-3 0-5-1-6-4z", "#E8ECF1", shade("M74 60h24v30H68z")),
    )


def _sausage() -> tuple[Part, ...]:
    return (
        line("M16 28 8 20M84 28l8-8", width=5),
        body(
            "M14 26c8-4 12 2 15 9 4 10 11 15 21 15s17-5 21-15c3-7 7-13 15-9 9 5 6 16 3 24-6 18-21 28-39 28S17 68 11 50c-3-8-6-19 3-24z",
            "#B5533B",
            shine("M17 36c4 16 14 28 28 31 1 4-6 4-12 1C21 62 13 48 13 38c0-4 3-5 4-2z"),
        ),
        line("M36 60l6-8M58 60l-5-8", "#7C2F1D", width=3.4),
    )


def _ham() -> tuple[Part, ...]:
    return (
        body(
            "M20 22c12-12 44-14 58 2 14 17 12 44-4 56-14 10-40 10-52-2C8 64 8 36 20 22z",
            FAT,
            solid("M27 28c10-9 34-10 45 2 11 14 9 34-3 43-11 8-31 7-40-2-11-11-11-33-2-43z", "#F09A94"),
        ),
        body(ellipse((48, 50), (10, 8)), FAT, width=3.2),
        line("M32 44c0-5 2-8 5-10M64 64c3-3 5-7 5-12", "#D8706B", width=3.4),
    )


def _salami() -> tuple[Part, ...]:
    return (
        body(
            "M40 18 78 34c12 6 16 20 12 34-3 10-12 16-22 12L30 66z",
            "#8E2F2A",
            shade("M34 52l60 26-20 16-50-22z"),
        ),
        body(
            ellipse((34, 42), (24, 26)),
            "#C2403A",
            solid(
                dots(3, (26, 34), (38, 28), (44, 42), (30, 46), (38, 56), (22, 54)) + circle((44, 52), 2), FAT
            ),
        ),
    )


def _olives() -> tuple[Part, ...]:
    return (
        body(
            "M50 34C60 14 78 10 92 16c-8 14-24 22-42 18z",
            "#57A55A",
            line("M52 33 82 20", "#3C8446", width=2.8),
            width=3.4,
        ),
        line("M50 34c-8 2-12 8-14 14M50 34c6 4 12 8 14 14"),
        body(
            ellipse((32, 66), (19, 23)),
            "#6E8C2F",
            shade("M42 42c12 20 4 40-10 50h30V42z"),
            shine(ellipse((25, 58), (4, 7))),
        ),
        body(
            ellipse((68, 66), (19, 23)),
            "#4A3A5C",
            shade("M78 42c12 20 4 40-10 50h30V42z"),
            shine(ellipse((61, 58), (4, 7))),
        ),
    )


def _ready_meal() -> tuple[Part, ...]:
    return (
        line("M34 14c-4 6 4 8 0 15M50 12c-4 6 4 9 0 17M66 14c-4 6 4 8 0 15", "#6B7686", width=4.2),
        body(
            "M20 48c4-8 14-12 30-12s26 4 30 12z",
            "#E8A23C",
            solid(dots(4, (38, 44), (54, 42), (66, 46)), "#D8433F"),
        ),
        body("M8 48h84l-8 30c-1 4-4 6-8 6H24c-4 0-7-2-8-6z", "#E8ECF1", shade("M74 44h24v44H66z")),
        line("M30 62h40", "#9AA7B5", width=4),
    )


def _flake(x: float, y: float, *, r: float) -> str:
    slant, half = r * 0.866, r * 0.5
    return (
        f"M{x:g} {y - r:g}V{y + r:g}M{x - slant:g} {y - half:g}L{x + slant:g} {y + half:g}"
        f"M{x - slant:g} {y + half:g}L{x + slant:g} {y - half:g}"
    )


def _frozen() -> tuple[Part, ...]:
    return (
        body(
            "M20 20c20 4 40 4 60 0 4 20 4 42 0 64-20 4-40 4-60 0-4-22-4-44 0-64z",
            ICE,
            solid("M10 10h80v22H10z", ICE_DARK),
            shade("M70 10h24v80H66z"),
        ),
        line(_flake(50, 58, r=17), WHITE, width=9),
        line(_flake(50, 58, r=17), ICE_DARK, width=4.6),
        line("M20 20c20 4 40 4 60 0", width=4),
    )


def _frozen_vegetables() -> tuple[Part, ...]:
    return (
        body(
            "M20 20c20 4 40 4 60 0 4 20 4 42 0 64-20 4-40 4-60 0-4-22-4-44 0-64z",
            "#DDF0D2",
            solid("M10 10h80v24H10z", "#3C8446"),
            shade("M70 10h24v80H66z"),
        ),
        line(_flake(50, 25.5, r=6), WHITE, width=2.4),
        body(dots(8.5, (34, 54), (54, 50), (44, 68)), "#6DB85E", width=3.2),
        body(rect((58, 60), (13, 13), r=3), "#F08A33", width=3.2),
    )


def _ice_cream() -> tuple[Part, ...]:
    return (
        body(
            "M30 50h40L52 90c-1 2-3 2-4 0z",
            "#E2A860",
            line("M34 46l22 40M48 46l12 22M66 46 44 86M52 46 40 68", "#B87932", width=3),
        ),
        body(
            "M24 50c-6 0-8-8-3-12 0-18 12-28 29-28s29 10 29 28c5 4 3 12-3 12-4 0-6-2-8-5-3 6-11 6-14 0-2 7-10 7-12 0-3 5-9 6-12 1-2 3-4 4-6 4z",
            "#F6C1D5",
            shade("M66 8c8 12 8 30 0 46h30V8z"),
            shine("M29 34c1-8 6-13 13-14 3 4-6 6-8 14-1 4-6 4-5 0z"),
        ),
    )


def _ice_lolly() -> tuple[Part, ...]:
    return (
        body(rect((43, 66), (14, 26), r=6), "#E7C88E", width=3.6),
        body(
            "M26 34c0-14 10-24 24-24s24 10 24 24v34c0 3-2 5-5 5H31c-3 0-5-2-5-5z",
            "#F2695C",
            solid("M20 46h60v32H20z", "#FFC93C"),
            shade("M60 6h20v72H60z"),
        ),
        line("M40 30v24M60 30v24", WHITE, width=4, opacity=0.7),
    )


def _pizza() -> tuple[Part, ...]:
    return (
        body("M12 26C34 12 66 12 88 26L54 88c-2 3-6 3-8 0z", "#FFD36B", shade("M70 16l24 10-46 70z")),
        body(
            "M10 30c-4-6-2-11 4-14 22-12 50-12 72 0 6 3 8 8 4 14-2 3-6 4-9 2-20-11-42-11-62 0-3 2-7 1-9-2z",
            "#D98B45",
        ),
        body(dots(7, (38, 42), (60, 46), (49, 66)), "#D8433F", width=3.2),
        line("M50 34l4 3M40 56l-2 3M62 60l3-2", "#3C8446", width=4),
    )


PICTURES = {
    "fish": picture(*_fish()),
    "frozen": picture(*_frozen()),
    "frozen-vegetables": picture(*_frozen_vegetables()),
    "ham": picture(*_ham()),
    "ice-cream": picture(*_ice_cream()),
    "ice-lolly": picture(*_ice_lolly()),
    "meat": picture(*_meat()),
    "mince": picture(*_mince()),
    "olives": picture(*_olives()),
    "pizza": picture(*_pizza()),
    "poultry": picture(*_poultry()),
    "prawn": picture(*_prawn()),
    "ready-meal": picture(*_ready_meal()),
    "salami": picture(*_salami()),
    "sausage": picture(*_sausage()),
}
