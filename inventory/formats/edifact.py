"""Owns EDIFACT interchanges as messages of segments: their characters, their decimal sign, their limits.

It must not know what a message is about. The tokens are pydifact's; levels A to F and Y of ISO 9735 say how
bytes become letters.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydifact.control.characters import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.tokenizer import Tokenizer

from inventory.formats.table import MAX_FILE_BYTES, MIB, SheetError, clean

CODECS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
_HEAD = re.compile(rb"\s*(UNA.{6}\s*)?UNB.(UNO[A-Z])", re.DOTALL)
_MESSAGE = re.compile(rb"UNH[^'\r\n]{0,80}?([A-Z]{6})")
MAX_SEGMENTS = 3_000_000
MAX_SEGMENT_CHARS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, and data elements of components. `number` counts from 1 in the interchange."""

    number: int
    tag: str
    elements: tuple[tuple[str, ...], ...]

    def get(self, element: int, component: int = 0) -> str:
        """A component by its places, counted from 0 after the tag; "" where the segment is shorter."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return clean(self.elements[element][component])


@dataclass(frozen=True, slots=True)
class Interchange:
    """An interchange whose segments are parsed as they are asked for."""

    encoding: str
    segments: Iterator[Segment]


def message_kind(head: bytes) -> str:
    """What the first message of an interchange is, as `PRICAT`; "" for what is no interchange."""
    if not _HEAD.match(head):
        return ""
    found = _MESSAGE.search(head)
    return found[1].decode() if found else ""


def open_interchange(source: BinaryIO) -> Interchange:
    """The segments of an interchange. Raises SheetError here and while segments are read."""
    if source.seek(0, io.SEEK_END) > MAX_FILE_BYTES:
        raise SheetError(f"The file is larger than {MAX_FILE_BYTES // MIB} MiB.")
    source.seek(0)
    raw = source.read()
    head = _HEAD.match(raw)
    if head is None:
        raise SheetError("The file is not an EDIFACT interchange: it does not begin with UNA or UNB.")
    codec = CODECS.get(head[2].decode(), "iso8859-1")
    try:
        text = raw.decode("iso8859-1" if codec == "ascii" else codec).lstrip()
    except UnicodeDecodeError as error:
        raise SheetError(
            f"The file is not {codec} as it says: byte {error.start + 1} cannot be read."
        ) from None
    if re.search(r"'\s*UN[AB]", text[9:]):
        raise SheetError("The file holds several interchanges; bring them one by one.")
    return Interchange(codec.upper(), _segments(text))


def _segments(text: str) -> Iterator[Segment]:
    # Without a UNA the signs are those of ISO 9735 §5. Segments are taken as they are split: pydifact's own
    # classes check them against a directory it does not have for these messages.
    has_una = text.startswith("UNA")
    characters = Characters.from_str(text[:9] if has_una else "UNA:+.? '")
    tokens = Tokenizer().get_tokens(text[9:].lstrip() if has_una else text, characters)
    if re.search(f"[^{re.escape(characters.segment_terminator)}]{{{MAX_SEGMENT_CHARS + 1}}}", text):
        raise SheetError(f"The file has a segment of more than {MAX_SEGMENT_CHARS} characters.")
    try:
        for number, found in enumerate(Parser().convert_tokens_to_raw_segments(tokens), start=1):
            if number > MAX_SEGMENTS:
                raise SheetError(f"The file has more than {MAX_SEGMENTS:,} segments.")
            tag, *elements = map(_components, found)
            yield Segment(number, "".join(tag), tuple(elements))
    except SheetError:
        raise
    except (EDISyntaxError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        raise SheetError("The file breaks the rules of EDIFACT.") from None


def _components(element: object) -> tuple[str, ...]:
    if isinstance(element, str):
        return (element,)
    if isinstance(element, list | tuple):
        return tuple(part if isinstance(part, str) else "" for part in element)
    return ("",)
