"""Pictograms of the dry shelves: staples, tins and jars.

It must not know prices, names or departments.
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
    ellipse,
    line,
    picture,
    rect,
    shade,
    shine,
    solid,
    turn,
)

BLUE = "#2F6FB7"
SKY = "#4C9BE8"
RED = "#D8433F"
YELLOW = "#FFC93C"
WHEAT = "#FFE9B8"
BROWN = "#7A4A21"
GREEN = "#57A55A"
STEEL = "#C9D1DA"
GLASS = "#E4F1F5"


def _bag(colour: str, *inside: Part) -> tuple[Shape, ...]:
    """A standing paper bag with a folded top."""
    return (
        *body("M22 30h56l4 54c0 4-2 6-6 6H24c-4 0-6-2-6-6z", colour, *inside, shade("M68 26h20v70H68z")),
        *body(rect((22, 14), (56, 17), r=4), colour, shade("M68 10h20v30H68z")),
    )


def _pasta() -> tuple[Part, ...]:
    return (
        body(rect((24, 10), (52, 80), r=7), BLUE, shade("M66 6h14v88H66z"), solid("M20 18h60v9H20z", YELLOW)),
        body(
            rect((34, 38), (32, 42), r=6),
            WHEAT,
            line("M41 40v38M47 40v38M53 40v38M59 40v38", "#C89A3C", width=2.6),
            width=3.4,
        ),
    )


def _pasta_short() -> tuple[Part, ...]:
    return (
        body(rect((24, 10), (52, 80), r=7), RED, shade("M66 6h14v88H66z"), solid("M20 18h60v9H20z", WHEAT)),
        turn(
            -32,
            (50, 60),
            body(
                rect((30, 50), (40, 18), r=4),
                WHEAT,
                line("M36 56h30M36 62h30", "#C89A3C", width=2.4),
                width=3.4,
            ),
        ),
    )


def _rice() -> tuple[Part, ...]:
    grains = ((38, 64, -30), (50, 58, 20), (60, 66, -15), (45, 74, 35), (57, 77, -40))
    parts: list[Part] = [*_bag("#F4EBDD", solid("M10 38h80v10H10z", GREEN))]
    for x, y, lean in grains:
        parts.append(turn(lean, (x, y), body(ellipse((x, y), (3.6, 7)), WHITE, width=2.6)))
    return tuple(parts)


def _flour() -> tuple[Part, ...]:
    ear = "M50 52c-5-3-6-8-4-12 2 1 4 3 4 6 0-3 2-5 4-6 2 4 1 9-4 12z"
    return (
        *_bag("#FBF6EC", solid("M10 40h80v44H10z", "#E7B65C")),
        line("M50 82V52", WHITE, width=3.4),
        solid(ear, WHITE),
        solid(
            "M50 64c-8 0-12-5-12-10 6 0 11 4 12 10zM50 64c8 0 12-5 12-10-6 0-11 4-12 10zM50 77c-8 0-12-5-12-10 6 0 11 4 12 10zM50 77c8 0 12-5 12-10-6 0-11 4-12 10z",
            WHITE,
        ),
    )


def _sugar() -> tuple[Part, ...]:
    return (
        *_bag("#DCEBFA", solid("M10 40h80v10H10z", SKY)),
        body(rect((32, 60), (19, 19), r=3), WHITE, shade("M45 56h10v26H45z"), width=3.2),
        turn(14, (60, 70), body(rect((53, 62), (17, 17), r=3), WHITE, shade("M65 58h10v26H65z"), width=3.2)),
    )


def _salt() -> tuple[Part, ...]:
    return (
        body(
            "M32 32h36l8 52c0 4-2 6-6 6H30c-4 0-6-2-6-6z",
            WHITE,
            solid("M20 52h60v44H20z", SKY),
            shade("M62 28h20v66H62z"),
        ),
        body("M30 32c0-12 8-20 20-20s20 8 20 20z", STEEL, shade("M60 8h16v30H60z")),
        solid(dots(2.6, (42, 24), (50, 20), (58, 24), (50, 27.5)), INK),
    )


def _cereal() -> tuple[Part, ...]:
    return (
        body(rect((22, 10), (56, 80), r=5), YELLOW, shade("M68 6h14v88H68z"), solid("M18 8h64v16H18z", RED)),
        body("M30 58h40c0 12-8 19-20 19s-20-7-20-19z", WHITE, width=3.4),
        body(dots(5.4, (39, 50), (50, 46), (61, 50)), "#D98B45", width=3),
    )


def _tin(label: str, emblem: Part) -> tuple[Part, ...]:
    return (
        body(
            "M20 22v56c0 7 13 12 30 12s30-5 30-12V22z",
            STEEL,
            solid("M10 36h80v34H10z", label),
            shade("M66 16h18v80H66z"),
        ),
        body(ellipse((50, 22), (30, 11)), "#E8ECF1", width=4),
        line("M38 21c4-4 20-4 24 0", "#9AA7B5", width=3),
        emblem,
    )


def _fish_tin() -> tuple[Part, ...]:
    return (
        body(rect((8, 36), (84, 44), r=20), STEEL, shade("M8 62h84v24H8z")),
        body(rect((8, 26), (84, 42), r=19), SKY, shine(rect((22, 31), (36, 4), r=2))),
        body("M28 48c7-9 24-10 32-1l9-7v16l-9-7c-8 9-25 8-32-1z", WHITE, width=3.2),
        solid(circle((37, 47), 2.2), INK),
    )


def _jar(lid: str, content: str, *inside: Part) -> tuple[Part, ...]:
    return (
        body(
            "M28 28h44c7 5 9 9 9 16v38c0 5-3 8-8 8H27c-5 0-8-3-8-8V44c0-7 2-11 9-16z",
            GLASS,
            solid("M10 42h80v54H10z", content),
            shade("M68 20h20v76H68z"),
        ),
        body(rect((24, 11), (52, 17), r=4), lid, shade("M64 6h20v30H64z")),
        *inside,
    )


def _label(colour: str = WHITE) -> tuple[Shape, ...]:
    return body(rect((30, 50), (40, 26), r=4), colour, width=3.4)


def _bottle(glass: str, label: str, *inside: Part) -> tuple[Part, ...]:
    """A tall square-shouldered bottle, as for oil and vinegar."""
    return (
        body(
            "M43 22h14v12c1 6 13 8 13 20v30c0 4-2 6-6 6H36c-4 0-6-2-6-6V54c0-12 12-14 13-20z",
            glass,
            solid("M20 56h60v22H20z", label),
            shade("M60 16h20v80H60z"),
        ),
        body(rect((40, 10), (20, 13), r=3), BROWN),
        *inside,
    )


def _sauce() -> tuple[Part, ...]:
    return (
        body(
            "M38 34h24c8 8 10 14 10 22v28c0 4-2 6-6 6H34c-4 0-6-2-6-6V56c0-8 2-14 10-22z",
            RED,
            solid("M20 54h60v24H20z", WHITE),
            shade("M62 26h20v68H62z"),
        ),
        body("M38 34V24l8-4V10h8v10l8 4v10z", WHITE, shade("M56 8h10v30H56z")),
        solid(circle((48, 66), 7), RED),
        line("M48 58l3-3", "#3C8446", width=3.4),
    )


PICTURES = {
    "cereal": picture(*_cereal()),
    "fish-tin": picture(*_fish_tin()),
    "flour": picture(*_flour()),
    "honey": picture(
        *_jar(
            BROWN, "#F0A92E", _label("#FFF3DC"), body("M50 55l8 4.5v8.5l-8 4.5-8-4.5v-8.5z", YELLOW, width=3)
        )
    ),
    "jam": picture(
        *_jar(
            "#F4F6F8", "#B3273B", _label(), solid(dots(4.4, (44, 62), (56, 62)) + circle((50, 69), 4.4), RED)
        )
    ),
    "jar": picture(*_jar(GREEN, "#D8433F", _label(), line("M37 59h26M37 67h16", "#6B7686", width=3.4))),
    "oil": picture(
        *_bottle("#C7C445", WHEAT, solid("M50 59c5 6 7 8 7 11 0 4-3 6-7 6s-7-2-7-6c0-3 2-5 7-11z", "#8A9A2B"))
    ),
    "pasta": picture(*_pasta()),
    "pasta-short": picture(*_pasta_short()),
    "rice": picture(*_rice()),
    "salt": picture(*_salt()),
    "sauce": picture(*_sauce()),
    "sugar": picture(*_sugar()),
    "tin": picture(*_tin(RED, solid(circle((50, 54), 10), WHEAT))),
    "tin-beans": picture(
        *_tin(
            GREEN,
            solid("".join(ellipse(at, (5.4, 3.8)) for at in ((42, 50), (56, 52), (46, 61), (60, 62))), WHEAT),
        )
    ),
    "vinegar": picture(*_bottle("#8E4A5A", WHEAT, line("M40 64h20M40 71h12", "#8E4A5A", width=3))),
}
