"""Pictograms of household goods and things sold at the lane itself.

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

SKY = "#4C9BE8"
BLUE = "#2F6FB7"
TEAL = "#49B3A8"
GREEN = "#57A55A"
YELLOW = "#FFC93C"
RED = "#D8433F"
PAPER = "#FBF6EC"
CARD = "#D9B07A"
STEEL = "#C9D1DA"


def _detergent() -> tuple[Part, ...]:
    return (
        body(
            "M28 28h28c16 0 24 10 24 24v32c0 4-2 6-6 6H26c-4 0-6-2-6-6V42c0-8 2-12 8-14z",
            SKY,
            solid("M14 54h76v24H14z", WHITE),
            shade("M68 22h20v74H68z"),
        ),
        body("M58 38c8 0 12 4 12 10H54c-2-6 0-10 4-10z", "#F4F6F8", width=3.6),
        body(rect((30, 12), (24, 17), r=4), BLUE),
        body("M46 57c5 6 7 8 7 12 0 4-3 6-7 6s-7-2-7-6c0-4 2-6 7-12z", SKY, width=3),
    )


def _washing_up() -> tuple[Part, ...]:
    return (
        body(
            "M36 34h28c6 6 8 12 6 20-3 10-2 18 0 28 1 5-2 8-6 8H36c-4 0-7-3-6-8 2-10 3-18 0-28-2-8 0-14 6-20z",
            "#9BD36A",
            solid("M20 52h60v24H20z", WHITE),
            shade("M60 28h20v66H60z"),
        ),
        body("M38 34c0-7 4-10 8-12V11h8v11c4 2 8 5 8 12z", YELLOW),
        solid(dots(4, (44, 66), (56, 62)) + circle((51, 70), 2.6), "#4E9A3A"),
    )


def _spray() -> tuple[Part, ...]:
    return (
        body(
            "M40 40h22c8 6 10 12 10 22v22c0 4-2 6-6 6H36c-4 0-6-2-6-6V62c0-10 2-16 10-22z",
            TEAL,
            solid("M20 60h60v18H20z", WHITE),
            shade("M60 34h20v60H60z"),
        ),
        body("M34 12h28c6 0 10 4 10 9 0 4-3 6-8 6h-2v13H42V27l-8-3z", RED, shade("M54 8h22v36H54z")),
        line("M34 27c-1 6-4 9-8 11", width=5),
        line("M20 14h4M18 22h5", SKY, width=3.4),
    )


def _pet_food() -> tuple[Part, ...]:
    return (
        body(
            "M22 18h56l6 66c0 4-2 6-6 6H22c-4 0-6-2-6-6z",
            "#B5763E",
            solid("M8 38h84v40H8z", PAPER),
            shade("M70 12h24v84H70z"),
        ),
        line("M22 18h56", width=5),
        solid(
            ellipse((50, 66), (11, 9))
            + ellipse((35, 56), (4.4, 5.6))
            + ellipse((44, 49), (4.4, 6))
            + ellipse((56, 49), (4.4, 6))
            + ellipse((65, 56), (4.4, 5.6)),
            INK,
        ),
    )


def _battery() -> tuple[Part, ...]:
    return (
        body(rect((42, 10), (16, 10), r=3), STEEL),
        body(
            rect((30, 19), (40, 71), r=7),
            "#3D4654",
            solid("M20 14h60v26H20z", "#E7B65C"),
            shade("M58 10h20v84H58z"),
        ),
        solid("M53 46 40 68h9l-3 15 14-22h-9z", YELLOW),
    )


def _bulb() -> tuple[Part, ...]:
    return (
        body(
            "M50 10c17 0 28 12 28 27 0 12-8 18-12 28H34c-4-10-12-16-12-28 0-15 11-27 28-27z",
            "#FFE08A",
            shine("M32 36c1-8 6-13 13-14 3 4-6 6-8 14-1 4-6 4-5 0z"),
        ),
        line("M42 40l8 8 8-8M50 48v16", "#C98A12", width=3.4),
        body("M34 65h32l-3 20c-1 3-3 5-6 5H43c-3 0-5-2-6-5z", STEEL, line("M32 73h36M33 81h34", width=3)),
    )


def _magazine() -> tuple[Part, ...]:
    return (
        body(
            "M26 10h50c3 0 5 2 5 5v70c0 3-2 5-5 5H26z",
            RED,
            shade("M68 6h20v90H68z"),
            solid("M26 30h60v40H26z", "#DDEFFA"),
            solid("M26 70l16-20 14 12 12-16 20 24z", GREEN),
            solid(circle((44, 42), 6), YELLOW),
        ),
        body("M19 15c0-3 2-5 5-5h4v80h-4c-3 0-5-2-5-5z", "#A32B28", width=3.6),
        line("M36 20h34", WHITE, width=5),
        line("M36 80h22", WHITE, width=4),
    )


def _flower() -> tuple[Part, ...]:
    petals = ((50, 17), (67, 29), (61, 49), (39, 49), (33, 29))
    parts: list[Part] = [line("M50 44v48", "#14181F", width=8), line("M50 44v46", GREEN, width=3)]
    parts.append(body("M50 82c-2-14-12-20-26-19 2 13 12 20 26 19z", GREEN, width=3.4))
    parts.append(body("M50 88c2-14 12-20 26-19-2 13-12 20-26 19z", GREEN, width=3.4))
    parts.extend(body(circle(at, 11.5), "#F07FA5", width=3.6) for at in petals)
    parts.append(body(circle((50, 34), 10), YELLOW, width=3.6))
    return tuple(parts)


def _bag() -> tuple[Part, ...]:
    return (
        line("M36 36V26c0-18 28-18 28 0v10", width=5),
        body(
            "M20 34h60l4 51c0 3-2 5-5 5H21c-3 0-5-2-5-5z",
            CARD,
            shade("M66 30h22v66H66z"),
            solid("M10 34h80v6H10z", "#B98E56"),
        ),
        solid("M38 74c-2-14 8-22 26-22 0 16-8 26-22 24z", "#57A55A"),
        line("M36 80c3-8 8-13 15-17", "#3C8446", width=3.4),
    )


def _box() -> tuple[Part, ...]:
    return (
        body(
            "M12 32 50 14l38 18v40L50 90 12 72z",
            CARD,
            shade("M50 50l40-20v44L50 94z"),
            solid("M30 22 68 41v12l8-4V37L38 18z", "#F4E3C4"),
        ),
        line("M12 32l38 18 38-18M50 50v40"),
    )


def _candle() -> tuple[Part, ...]:
    return (
        body(
            "M50 8c8 9 11 13 11 19 0 6-5 10-11 10s-11-4-11-10c0-6 3-10 11-19z",
            "#FFB84D",
            solid("M50 20c3 4 5 7 5 10s-2 5-5 5-5-2-5-5 2-6 5-10z", "#FFF3DC"),
            width=3.6,
        ),
        line("M50 36v10", width=3.6),
        body(
            "M30 46h40v38c0 4-3 6-6 6H36c-3 0-6-2-6-6z",
            "#F6D6E4",
            shade("M58 42h20v52H58z"),
            solid("M30 46h10v16c0 6-10 6-10 0z", WHITE),
        ),
    )


def _sponge() -> tuple[Part, ...]:
    return (
        body("M10 40 24 26h66v30L76 70H10z", YELLOW, solid("M10 56h68l14-14v30H10z", "#E0A21B")),
        body("M10 56h66l14-14v18L76 76H14c-3 0-4-1-4-4z", GREEN, shade("M76 50h20v30H76z")),
        solid(dots(3, (30, 38), (48, 34), (64, 40), (40, 46), (76, 34)), "#C98A12"),
    )


PICTURES = {
    "bag": picture(*_bag()),
    "battery": picture(*_battery()),
    "box": picture(*_box()),
    "bulb": picture(*_bulb()),
    "candle": picture(*_candle()),
    "cleaner": picture(*_spray()),
    "detergent": picture(*_detergent()),
    "flower": picture(*_flower()),
    "magazine": picture(*_magazine()),
    "pet-food": picture(*_pet_food()),
    "sponge": picture(*_sponge()),
    "washing-up": picture(*_washing_up()),
}
