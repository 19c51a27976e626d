"""Owns the proof that every line of a trace is answered with exactly one JSON object, whatever it holds."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card_numbers import passes_luhn
from hardware.protocols.zvt_link import encode_frame
from kiosk import wire_reader
from kiosk.wire_reader import Charset, Layer, LineError, Wire, hex_bytes, read_line, read_wire


def read(text: bytes, wire: Wire = Wire.ZVT, layer: Layer | None = None) -> tuple[bool, list[dict[str, Any]]]:
    written: list[str] = []
    fine = read_wire(io.BytesIO(text), written.append, wire, layer=layer)
    return fine, [json.loads(line) for line in written]


# --- hexadecimal text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["800000", "80 00 00", "80:00:00", "80-00-00", "0x80 0x00 0X00", "0x800000", "80,00,00", "80\t00\t00"],
)
def test_hexadecimal_text_is_taken_in_every_usual_shape(text: str) -> None:
    assert hex_bytes(text) == b"\x80\x00\x00"
    assert hex_bytes(text.upper().replace("0X", "0x")) == b"\x80\x00\x00"


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("zz", "not hexadecimal", 0),
        ("80 00 0g", "not hexadecimal", 2),
        ("8000zz", "not hexadecimal", 2),
        ("80 00 0", "half a byte", 2),
        ("8 0", "half a byte", 0),
        ("80 é", "not hexadecimal", 1),
        ("x80", "not hexadecimal", 0),
    ],
)
def test_what_is_not_hexadecimal_is_refused_with_the_place(text: str, reason: str, offset: int) -> None:
    with pytest.raises(LineError, match=reason) as refused:
        hex_bytes(text)
    assert refused.value.offset == offset


@given(st.binary(max_size=60), st.sampled_from(["", " ", ":", "-"]), st.booleans())
def test_bytes_come_back_from_their_hexadecimal_text(raw: bytes, between: str, upper: bool) -> None:
    text = between.join(f"{byte:02x}" for byte in raw)
    assert hex_bytes(text.upper() if upper else text) == raw


# --- lines -----------------------------------------------------------------------------------------


def test_lines_keep_their_numbers_and_blank_ones_and_remarks_say_nothing() -> None:
    fine, told = read(b"\n# from the till\n800000\r\n   \n  060f00  ")
    assert fine
    assert [(line["line"], line["command"]) for line in told] == [(3, "positive answer"), (5, "completion")]


def test_one_line_that_cannot_be_read_stops_nothing() -> None:
    fine, told = read(b"800000\nhello\n060f00\n")
    assert not fine
    assert [("refused" in line, line["line"]) for line in told] == [(False, 1), (True, 2), (False, 3)]
    assert told[1] == {"line": 2, "refused": "not hexadecimal", "offset": 0}


def test_a_told_line_has_all_its_keys() -> None:
    _, (told,) = read(b"1002 8000 00 1003 f51f")
    assert told == {
        "line": 1,
        "layer": "serial",
        "direction": "either",
        "command": "positive answer",
        "control": "80 00",
        "length": 0,
        "length_form": "one byte",
        "fields": {},
    }


def test_an_answer_of_the_link_before_a_frame_is_told_with_it() -> None:
    _, (told,) = read(b"06 1002 8000 00 1003 f51f")
    assert (told["link"], told["command"]) == (["ACK"], "positive answer")


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        (b"10028000001003f51f", "serial"),
        (b"06", "serial"),
        (b"15", "serial"),
        (b"060f00", "apdu"),
        (b"800000", "apdu"),
        (b"06100300 0000", "apdu"),
    ],
)
def test_the_layer_is_told_by_the_beginning(text: bytes, layer: str) -> None:
    fine, (told,) = read(text)
    assert fine
    assert told["layer"] == layer


@pytest.mark.parametrize(("layer", "offset"), [(Layer.SERIAL, 1), (Layer.APDU, 9)])
def test_a_layer_that_was_asked_for_is_the_one_that_is_read(layer: Layer, offset: int) -> None:
    text = "060f00" if layer is Layer.SERIAL else "10028000001003f51f"
    told = read_line(text, Wire.ZVT, layer)
    assert (told["layer"], told["offset"]) == (layer.value, offset)


def test_concert_is_read_as_concert() -> None:
    fine, told = read(b"05\n10028000001003f51f\n", Wire.CONCERT)
    assert not fine
    assert told[0] == {
        "line": 1,
        "layer": "serial",
        "direction": "either",
        "command": "ENQ",
        "control": "05",
        "length": 0,
        "fields": {},
    }
    assert (told[1]["refused"], told[1]["offset"]) == ("a Concert V2 frame begins with 02", 0)


def test_a_byte_order_mark_and_a_missing_last_line_end_do_no_harm() -> None:
    fine, (told,) = read(b"\xef\xbb\xbf800000")
    assert fine
    assert told["line"] == 1


@pytest.mark.parametrize("end", [b"\n060f00", b"", b"\n"])
def test_a_line_without_end_is_refused_and_the_next_one_read(end: bytes) -> None:
    longest = wire_reader.LONGEST_LINE
    for size in (longest + 1, longest + 2, 2 * longest + 5):
        fine, told = read(b"8" * size + end)
        assert not fine
        assert told[0] == {"line": 1, "refused": "longer than 1048576 bytes", "offset": 0}
        assert [line["line"] for line in told[1:]] == ([2] if end == b"\n060f00" else [])


def test_a_line_as_long_as_allowed_is_read() -> None:
    size = wire_reader.LONGEST_LINE
    _, (told,) = read(b"800000".ljust(size - 1) + b"\n")
    assert told["command"] == "positive answer"


def test_a_refusal_never_repeats_what_the_line_held() -> None:
    for text in ("4242424242424242x", "4242424242424242", "1002" + "4242424242424242" + "1003ffff"):
        shown = json.dumps(read_line(text, Wire.ZVT, None))
        assert "refused" in shown
        assert "4242" not in shown


# --- whatever comes --------------------------------------------------------------------------------

rubbish = st.binary(max_size=200) | st.text(max_size=80).map(str.encode)
hex_lines = st.binary(max_size=60).map(lambda raw: raw.hex().encode())
frames = st.binary(max_size=60).map(lambda raw: encode_frame(raw).hex().encode())


@given(
    st.lists(rubbish | hex_lines | frames, max_size=6).map(b"\n".join),
    st.sampled_from(Wire),
    st.sampled_from([*Layer, None]),
)
def test_every_line_of_anything_becomes_exactly_one_object(
    text: bytes, wire: Wire, layer: Layer | None
) -> None:
    written: list[str] = []
    fine = read_wire(io.BytesIO(text), written.append, wire, layer=layer, charset=Charset.UTF_8)
    wanted = [
        number
        for number, line in enumerate(text.split(b"\n"), start=1)
        if (bare := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip(b" \t\r\n"))
        and not bare.startswith(b"#")
    ]
    told = [json.loads(line) for line in written]
    assert [line["line"] for line in told] == wanted
    assert all(("refused" in line) == ("offset" in line) != ("fields" in line) for line in told)
    assert fine == all("refused" not in line for line in told)
    assert all(line.isprintable() for line in written)
    for run in re.findall(r"\d{13,}", "\n".join(written)):
        assert not any(
            passes_luhn(run[at : at + size]) for size in range(13, 20) for at in range(len(run) - size + 1)
        )
