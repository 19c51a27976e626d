"""Owns the properties of the simulated terminal's own reading and writing of fields.

It must not import the lane's codecs.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardware.simulators.zvt_fields import command_fields, container, digits, element, tags
from hardware.simulators.zvt_wire import bcd

TAGS = st.sampled_from((0x07, 0x09, 0x1F07, 0x1F1F, 0x1F7E, 0xDF01))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reading_fail(data: bytes) -> None:
    fields = command_fields(data)
    assert fields is None or sum(len(value) for value in fields.values()) <= len(data)
    assert sum(len(value) for _, value in tags(data)) <= len(data)


@given(st.lists(st.tuples(TAGS, st.binary(max_size=300)), max_size=6))
def test_elements_are_read_as_they_were_written(items: list[tuple[int, bytes]]) -> None:
    content = b"".join(element(tag, value) for tag, value in items)
    assert tags(content) == items
    fields = command_fields(container(*(element(tag, value) for tag, value in items)))
    assert fields == ({0x06: content} if items else {})


@given(st.integers(0, 999_999_999_999))
def test_amounts_are_read_as_they_were_written(amount_minor: int) -> None:
    assert command_fields(b"\x04" + bcd(amount_minor, 6)) == {0x04: bcd(amount_minor, 6)}
    assert digits(bcd(amount_minor, 6)) == amount_minor


@given(st.dictionaries(st.sampled_from((0x04, 0x49, 0x87)), st.just(None), min_size=1), st.integers(1, 5))
def test_a_field_that_is_cut_short_or_there_twice_is_no_command(fields: dict[int, None], cut: int) -> None:
    sizes = {0x04: 6, 0x49: 2, 0x87: 2}
    whole = b"".join(bytes((number, *([0] * sizes[number]))) for number in fields)
    assert command_fields(whole) is not None
    assert command_fields(whole + whole) is None
    last = next(reversed(fields))
    assert command_fields(whole[: -min(cut, sizes[last])]) is None
