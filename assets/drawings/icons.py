"""Signs of the user interface, on a grid of 48, in one colour that takes the colour of its surroundings.

It must not know screens, phrases or colours of a theme.
"""
# ruff: noqa: E501 - a path is one word; broken over lines it can no longer be pasted into a drawing program

from assets.drawings.shapes import TINT, Part, Picture, Shape, circle, dots, line, picture, rect, solid

WEIGHT = 3.6


def _sign(*parts: Part) -> Picture:
    return picture(*parts, size=(48, 48))


def _pen(data: str, *, width: float = WEIGHT) -> Shape:
    return line(data, TINT, width=width)


def _fill(data: str) -> Shape:
    return solid(data, TINT)


def _face(mouth: str, eyes: Part) -> Picture:
    return _sign(_pen(circle((24, 24), 19.5)), _pen(mouth), eyes)


EYES = _fill(dots(2.6, (17, 19), (31, 19)))

PICTURES = {
    "accessibility": _sign(
        _fill(circle((24, 8), 4.8)), _pen("M8 17c10 3.4 22 3.4 32 0M24 19.5V30M24 30l-8 14M24 30l8 14")
    ),
    "arrow-left": _sign(_pen("M42 24H7M21 9 6 24l15 15", width=4.6)),
    "arrow-right": _sign(_pen("M6 24h35M27 9l15 15-15 15", width=4.6)),
    "arrow-down": _sign(_pen("M24 6v35M9 27l15 15 15-15", width=4.6)),
    "arrow-up": _sign(_pen("M24 42V7M9 21 24 6l15 15", width=4.6)),
    "back": _sign(_pen("M31 7 14 24l17 17", width=5)),
    "backspace": _sign(
        _pen("M17 10h24c2 0 3 1 3 3v22c0 2-1 3-3 3H17L4 24z"), _pen("M23 18l12 12M35 18 23 30")
    ),
    "bag": _sign(_pen("M8 16h32l-3 26H11z"), _pen("M16 22v-6c0-14 16-14 16 0v6")),
    "barcode": _sign(_pen("M6 10v28M13 10v28M19.5 10v28M26 10v28M34 10v28M42 10v28", width=3.2)),
    "basket": _sign(_pen("M4 19h40l-5 22H9z"), _pen("M13 19 21 6M35 19 27 6M18 26v8M24 26v8M30 26v8")),
    "card": _sign(_pen(rect((4, 10), (40, 28), r=4)), _fill("M4 16h40v7H4z"), _pen("M11 31h9")),
    "clock": _sign(_pen(circle((24, 24), 19.5)), _pen("M24 12.5V24l8.5 5.5")),
    "close": _sign(_pen("M10 10l28 28M38 10 10 38", width=4.6)),
    "contactless": _sign(
        _pen(
            "M11 18c3.4 3.8 3.4 8.2 0 12M19 13c6 6.6 6 15.4 0 22M27 8.5c8.6 9.4 8.6 21.6 0 31M35 4c11.2 12 11.2 28 0 40",
            width=4,
        )
    ),
    "contrast": _sign(_pen(circle((24, 24), 19.5)), _fill("M24 4.5a19.5 19.5 0 0 1 0 39z")),
    "cross": _sign(_pen("M9 9l30 30M39 9 9 39", width=6)),
    "exclamation": _sign(_pen("M24 6v23", width=6.4), _fill(circle((24, 40.5), 3.9))),
    "face-awful": _face(
        "M14 35c4-8.5 16-8.5 20 0",
        (_pen("M12.5 15l8 4M35.5 15l-8 4"), _fill(dots(2.2, (17.5, 22), (30.5, 22)))),
    ),
    "face-bad": _face("M15.5 33.5c4.6-4.6 12.4-4.6 17 0", EYES),
    "face-good": _face("M15.5 29c4.6 4.8 12.4 4.8 17 0", EYES),
    "face-great": _face(
        "M12.5 27h23c-1.5 12.5-21.5 12.5-23 0z",
        _pen("M13.5 19.5c1.8-3.4 5.2-3.4 7 0M27.5 19.5c1.8-3.4 5.2-3.4 7 0"),
    ),
    "find": _sign(_pen(circle((20, 20), 14), width=4), _pen("M30.5 30.5 43 43", width=4.6)),
    "globe": _sign(
        _pen(circle((24, 24), 19.5)),
        _pen("M5 24h38M24 4.5c6.6 5.4 9 12 9 19.5s-2.4 14.1-9 19.5c-6.6-5.4-9-12-9-19.5s2.4-14.1 9-19.5z"),
    ),
    "help": _sign(
        _pen("M14 15.5C14 9 18.4 5.5 24 5.5S34.5 9 34.5 15c0 7.5-10.5 8.5-10.5 16", width=5.4),
        _fill(circle((24, 41), 3.5)),
    ),
    "lamp": _sign(
        _pen("M24 4v5M7 14l4 3.4M41 14l-4 3.4"),
        _pen("M12 36V28c0-7 5-12 12-12s12 5 12 12v8"),
        _pen("M6 37h36v7H6z"),
        _pen("M19 29c0-3 2-5 5-5"),
    ),
    "larger": _sign(_pen("M4 41 16 9l12 32M8.5 30h15", width=4.2), _pen("M31 41l6.5-17L44 41M33.2 35h8.6")),
    "lock": _sign(
        _pen(rect((8, 21), (32, 22), r=4)),
        _pen("M15 21v-6c0-12 18-12 18 0v6"),
        _fill(circle((24, 30.5), 3)),
        _pen("M24 31v5"),
    ),
    "lower": _sign(_pen("M24 5v25M13 20l11 11 11-11", width=4.6), _pen("M7 42h34", width=4.6)),
    "minus": _sign(_pen("M8 24h32", width=5)),
    "more": _sign(_fill(dots(4.4, (9, 24), (24, 24), (39, 24)))),
    "no-barcode": _sign(
        _pen("M6 12v23M13 12v16M19.5 12v9M27.5 27v9M35 19.5v16.5M42 12v24", width=3.4),
        _pen("M5 44 43 4", width=3.8),
    ),
    "person": _sign(_pen(circle((24, 14), 9)), _pen("M6 43c0-11 7-17 18-17s18 6 18 17")),
    "phone": _sign(_pen(rect((12, 4), (24, 40), r=5)), _pen("M21 37.5h6")),
    "plus": _sign(_pen("M8 24h32M24 8v32", width=5)),
    "printer": _sign(
        _pen("M13 17V5h22v12"),
        _pen("M12 35H5V21c0-2.4 1.6-4 4-4h30c2.4 0 4 1.6 4 4v14h-7"),
        _pen("M13 28h22v15H13z"),
        _fill(circle((36, 23), 2)),
    ),
    "questions": _sign(
        _pen("M8 6h32c2 0 3 1 3 3v22c0 2-1 3-3 3H24L13 44V34H8c-2 0-3-1-3-3V9c0-2 1-3 3-3z"),
        _pen("M18.5 16c.6-7 11-7 11 0 0 4-5.5 4-5.5 7.5", width=3.4),
        _fill(circle((24, 28.8), 2.3)),
    ),
    "receipt": _sign(
        _pen("M10 4.5h28v39l-4.6-4-4.7 4-4.7-4-4.7 4-4.7-4-4.6 4z"), _pen("M17 14h14M17 22h14M17 30h8")
    ),
    "scale": _sign(
        _pen("M5 18c0 6 8 8 19 8s19-2 19-8z"),
        _pen("M24 26v5"),
        _pen("M12 31h24l4 12H8z"),
        _pen("M20 38h8", width=3.2),
        _pen("M24 6v6M18 9l6-5 6 5"),
    ),
    "single": _sign(_pen(rect((6, 6), (36, 36), r=6)), _fill(circle((24, 24), 7))),
    "speaker": _sign(
        _pen("M5 18h8L24 8v32L13 30H5z"), _pen("M31 17c4 4 4 10 0 14M37 11c7.6 7.6 7.6 18.4 0 26")
    ),
    "sticker": _sign(
        _pen("M24 4.5c13 0 21 8 21 19.5S37 43.5 24 43.5 3 35.5 3 24 11 4.5 24 4.5z"),
        _pen("M14 21h21M13 28.5h21M21 14l-3.5 21M31 14l-3.5 21", width=3.2),
    ),
    "still": _sign(_pen(circle((24, 24), 19.5)), _pen("M18.5 16.5v15M29.5 16.5v15", width=4.6)),
    "returns": _sign(_pen("M17 8 6 18l11 10", width=4.4), _pen("M8 18h21c17 0 17 22 0 22H15", width=4.4)),
    "tick": _sign(_pen("M7 26l12 11.5L41 11", width=6)),
    "trash": _sign(
        _pen("M6 12h36M18 12V6h12v6"), _pen("M10 12l3 31h22l3-31"), _pen("M20 20l1 15M28 20l-1 15")
    ),
    "voucher": _sign(
        _pen("M4 12h40v8c-5 0-5 8 0 8v8H4v-8c5 0 5-8 0-8z"),
        _pen("M19 30 29 18"),
        _fill(dots(2.3, (19, 19), (29, 29))),
    ),
    "write": _sign(_pen("M6 8h36v26H23l-10 9v-9H6z"), _pen("M14 17h20M14 25h13")),
    "wifi-off": _sign(
        _pen(
            "M4 18c4-4 9-7 14-8M27 9.6c6 .8 12 3.6 17 8.4M10.5 26c3-3 6.4-5 10-5.8M32 22.2c2 1 3.8 2.2 5.5 3.8M17.5 33c2-2 4.2-3 6.5-3"
        ),
        _fill(circle((24, 39.5), 3.4)),
        _pen("M8 4l32 38"),
    ),
}
