"""Large drawings that show the shopper what to do: hold a pack to the scanner, hold a card to the reader.

It must not know words or languages: the pictures carry none.
"""

from assets.drawings.shapes import (
    INK,
    WHITE,
    Fade,
    Part,
    Picture,
    Shape,
    body,
    circle,
    line,
    picture,
    rect,
    shade,
    shine,
    solid,
    turn,
)

NIGHT = "#16283F"
DEEP = "#0A1422"
STEEL = "#43597A"
AMBER = "#FFB84D"
BLUE = "#2F6FB7"
PRIMARY = "#0B5FCC"
PRIMARY_DARK = "#084A9F"
CREAM = "#FFE9B8"
PAY = "#0A6B3D"
PAY_SOFT = "#E3F3EA"
BARS = (10, 5, 14, 6, 6, 11, 5, 16, 6, 9, 5, 12)
GAPS = (4, 7, 4, 8, 5, 4, 8, 5, 7, 4, 6, 0)


def _bars(left: float, top: float, *, height: float) -> str:
    """Path data of a bar code that says nothing."""
    data, x = "", left
    for bar, gap in zip(BARS, GAPS, strict=True):
        data += rect((x, top), (bar, height))
        x += bar + gap
    return data


def _pack() -> tuple[Shape, ...]:
    """A pack leaning towards the scanner, bar code in front."""
    front = rect((540, 130), (220, 330), r=26)
    return turn(
        7,
        (650, 295),
        solid(front, "#F8FAFC"),
        Shape(data="M540 120h220v170H540z", fill=BLUE, clip=front),
        Shape(data="M736 120h40v350h-40z", fill=INK, opacity=0.12, clip=front),
        solid(circle((650, 210), 44), CREAM),
        solid("M626 214c8-18 30-22 44-8l10-8v26l-10-8c-14 14-36 10-44-2z", BLUE),
        solid(_bars(562, 328, height=104), INK),
    )


def _scanner() -> tuple[Part, ...]:
    return (
        solid(rect((84, 150), (190, 340), r=44), NIGHT),
        line(rect((84, 150), (190, 340), r=44), STEEL, width=5),
        solid(rect((134, 206), (90, 228), r=20), DEEP),
        solid("M196 214c12 0 20 8 20 20v90l-34-110z", WHITE, opacity=0.08),
        line(rect((134, 206), (90, 228), r=20), AMBER, width=5),
        line("M150 320h58", AMBER, width=6),
        solid(circle((179, 462), 7), "#1E9E5A"),
    )


def _scan() -> Picture:
    beam = Shape(
        data="M274 320 562 214 600 440z",
        fill=AMBER,
        fade=Fade(left=274, left_opacity=0.12, right=590, right_opacity=0.62),
    )
    return picture(
        beam,
        *_scanner(),
        _pack(),
        line("M470 320H352M392 276l-44 44 44 44", WHITE, width=13),
        size=(860, 640),
    )


def _card() -> tuple[Shape, ...]:
    front = rect((366, 176), (250, 160), r=22)
    return turn(
        -14,
        (490, 256),
        solid(front, PRIMARY),
        Shape(data="M366 208h250v34H366z", fill=PRIMARY_DARK, clip=front),
        Shape(data="M560 160h70v190h-120z", fill=WHITE, opacity=0.10, clip=front),
        solid(rect((388, 262), (44, 34), r=8), AMBER),
        line("M388 279h44M410 262v34", "#B87932", width=3),
        solid(rect((388, 308), (96, 12), r=6), WHITE, opacity=0.85),
    )


def _reader() -> Picture:
    keys = "".join(circle((x, y), 20) for y in (344, 406, 468) for x in (134, 200, 266))
    case = rect((60, 90), (280, 470), r=48)
    return picture(
        solid(case, NIGHT),
        Shape(data="M300 80h50v490h-50z", fill=INK, opacity=0.28, clip=case),
        solid(rect((96, 130), (208, 150), r=18), DEEP),
        line("M158 178c22 16 22 38 0 54M188 158c40 28 40 66 0 94M218 140c58 38 58 92 0 130", AMBER, width=12),
        solid(keys, STEEL),
        solid(rect((110, 514), (60, 20), r=10), "#B3171B"),
        solid(rect((230, 514), (60, 20), r=10), "#1E9E5A"),
        _card(),
        line("M480 456H384M424 412l-44 44 44 44", INK, width=14),
        size=(640, 640),
    )


def _paid() -> Picture:
    return picture(
        solid(circle((320, 320), 280), PAY_SOFT),
        line(circle((320, 320), 280), PAY, width=10),
        line("M190 334l92 88 168-206", PAY, width=44),
        size=(640, 640),
    )


def _weigh() -> Picture:
    """Fruit on the scale, for loose goods."""
    return picture(
        solid(rect((120, 420), (620, 130), r=34), NIGHT),
        solid(rect((330, 456), (200, 62), r=14), DEEP),
        line("M362 488h20M398 488h20M450 488h20M486 488h14", AMBER, width=12),
        solid(rect((90, 372), (680, 40), r=20), "#C9D1DA"),
        body(
            circle((330, 282), 92),
            "#D8433F",
            shade("M380 190c50 60 20 150-60 190h130V190z"),
            shine("M258 280c2-28 16-46 40-52 10 8-18 24-20 52-2 14-20 14-20 0z"),
            width=14,
        ),
        body(
            circle((510, 282), 92),
            "#F2CC45",
            shade("M560 190c50 60 20 150-60 190h130V190z"),
            shine("M438 280c2-28 16-46 40-52 10 8-18 24-20 52-2 14-20 14-20 0z"),
            width=14,
        ),
        line("M330 200c0-28 8-50 24-66M510 200c0-28 8-50 24-66", width=14),
        body("M354 168c16-34 48-42 76-36-6 30-38 48-76 36z", "#57A55A", width=12),
        body("M534 168c16-34 48-42 76-36-6 30-38 48-76 36z", "#57A55A", width=12),
        size=(860, 640),
    )


PICTURES = {"paid": _paid(), "reader": _reader(), "scan": _scan(), "weigh": _weigh()}
