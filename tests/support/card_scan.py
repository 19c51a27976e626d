"""Owns the look through what a test run left behind: files, databases, archives, captured texts.

It must not write a card number anywhere, and its alarms show four digits at most. Beside whatever looks like
a card number (`hardware.card_numbers`) it knows the numbers that tests send through devices on purpose: those
it finds in any place and packing. Not looked into: the pixels of pictures, compressed streams outside zip and
PNG, encrypted data, base64.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from hardware.card_numbers import find_card_numbers_in_bytes, mask_card_numbers, passes_luhn, unescaped

CHUNK_BYTES: Final = 4 << 20
PAGE_BYTES: Final = 4096
"""Of SQLite, as it makes its files."""
OVERLAP_BYTES: Final = 512
"""More than any number takes in any form, so that none hides on the border of two chunks."""

_ANCHOR: Final = re.compile(rb"0{8}\d{12} [0-9a-f]{64} [0-9a-f]{16}\n")
"""One record of a journal's anchor (`kiosk.anchor`)."""
_SQLITE: Final = b"SQLite format 3\0"
_WRITE_AHEAD: Final = b"\x37\x7f\x06"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ZIP: Final = b"PK\x03\x04"
_OTHER_PICTURES: Final = (b"\xff\xd8\xff", b"GIF8", b"RIFF")
_TEXT_CHUNKS: Final = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def made_number(prefix: str, length: int) -> str:
    """A number of `length` digits that passes Luhn; made at run time so that none stands in a file."""
    noise = str(int(hashlib.sha256(f"canary {prefix} {length}".encode()).hexdigest(), 16))
    body = (prefix + noise)[: length - 1]
    return body + next(digit for digit in "0123456789" if passes_luhn(body + digit))


CANARIES: Final = tuple(
    made_number(prefix, length)
    for prefix, length in (("4929", 16), ("5301", 16), ("374", 15), ("672590", 19), ("50180", 17))
)
"""What tests give to devices to see that nothing gets through: one of each length."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A card number where none may be. `where` is a path, with `!member` for a part of a file."""

    where: str
    offset: int
    form: str
    masked: str

    def __str__(self) -> str:
        return f"{self.where} at {self.offset}: {self.masked} as {self.form}"


@dataclass
class ScanReport:
    """What was looked through, and what was found there."""

    files: int = 0
    texts: int = 0
    size_bytes: int = 0
    alarms: set[Alarm] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    """Databases and archives looked through as plain bytes only; tests damage some on purpose."""
    unread: list[str] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set, repr=False)
    """Digests of the rows and pages looked through: most databases of a run are copies of one another."""

    def is_new(self, piece: bytes) -> bool:
        """Whether nothing just like it was looked through before; from now on it was."""
        digest = hashlib.blake2b(piece, digest_size=16).digest()
        was_new = digest not in self.seen
        self.seen.add(digest)
        return was_new

    def summary(self) -> str:
        size = f"{self.size_bytes / 1e6:.1f} MB"
        seen = f"{self.files} files and {self.texts} captured texts, {size}, looked through"
        broken = f", {len(self.broken)} of them damaged and read as bytes only" if self.broken else ""
        unread = f", {len(self.unread)} could not be read" if self.unread else ""
        return f"card numbers: {len(self.alarms) or 'none'} found; {seen}{broken}{unread}"


def scan_folders(folders: Iterable[Path]) -> ScanReport:
    """Everything below `folders`; links are not followed, a file that cannot be read is named."""
    report = ScanReport()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                scan_file(path, report)
    return report


def scan_file(path: Path, report: ScanReport) -> None:
    """Adds one file, its name included, to `report`."""
    report.files += 1
    report.alarms |= set(_alarms_in(f"{mask_card_numbers(str(path))} (its name)", str(path).encode()))
    try:
        with path.open("rb") as source:
            _scan_source(path, source, report)
    except (zipfile.BadZipFile, sqlite3.Error, struct.error, zlib.error) as error:
        report.broken.append(f"{path}: {error}")
    except OSError as error:
        report.unread.append(f"{path}: {error}")


def scan_text(where: str, text: str, report: ScanReport) -> None:
    """Adds a text that is in no file, such as what a test wrote to its log."""
    scan_data(where, text.encode("utf-8", "surrogateescape"), report)


def scan_data(where: str, data: bytes, report: ScanReport) -> None:
    """Adds bytes that are in no file, such as what went over a cable."""
    report.texts += 1
    report.size_bytes += len(data)
    report.alarms |= set(_alarms_in(where, data))


def _scan_source(path: Path, source: BinaryIO, report: ScanReport) -> None:
    head = source.read(16)
    source.seek(0)
    if head.startswith(_PNG):
        report.size_bytes += path.stat().st_size
        for offset, text in _png_texts(source.read()):
            report.alarms |= set(_alarms_in(f"{path}!text", text, offset))
        return
    if head.startswith(_OTHER_PICTURES):
        return
    if head == _SQLITE and _scan_database(path, report):
        source.seek(0)
        _scan_pages(str(path), source, report)  # freed pages too
        return
    if head.startswith(_WRITE_AHEAD) and _is_read_with_its_database(path):
        _scan_pages(str(path), source, report)
        return
    if head.startswith(_ZIP) and _scan_archive(path, report):
        _scan_known(str(path), source, report)
        return
    _scan_stream(str(path), source, report)


def _scan_archive(path: Path, report: ScanReport) -> bool:
    """Every member of an archive, unpacked, and its name; False when it is too damaged to be read so.

    Packed bytes are as good as random: in them only numbers known beforehand tell anything.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                where = f"{path}!{member.filename}"
                report.alarms |= set(_alarms_in(where, member.filename.encode() + _APART + member.comment))
                with archive.open(member) as part:
                    _scan_stream(where, part, report)
            report.alarms |= set(_alarms_in(f"{path}!comment", archive.comment))
    except (zipfile.BadZipFile, zlib.error, struct.error) as error:
        report.broken.append(f"{path}: {error}")
        return False
    return True


def _is_read_with_its_database(path: Path) -> bool:
    """Whether this write-ahead log lies beside the database that is read through it, value by value."""
    database = path.with_name(path.name.removesuffix("-wal"))
    if database == path or not database.is_file():
        return False
    with database.open("rb") as source:
        return source.read(16) == _SQLITE


def _scan_stream(where: str, source: object, report: ScanReport) -> None:
    for offset, data in _pieces(source, CHUNK_BYTES, report):
        report.alarms |= set(_alarms_in(where, data, offset))


def _scan_pages(where: str, source: object, report: ScanReport) -> None:
    """Of a database that is read value by value: only numbers known beforehand tell anything in its pages."""
    for offset, data in _pieces(source, PAGE_BYTES, report):
        if report.is_new(data):
            report.alarms |= set(_canaries_in(where, data, offset))


def _scan_known(where: str, source: object, report: ScanReport) -> None:
    for offset, data in _pieces(source, CHUNK_BYTES, report):
        report.alarms |= set(_canaries_in(where, data, offset))


def _pieces(source: object, size: int, report: ScanReport) -> Iterator[tuple[int, bytes]]:
    """What `source` holds, by offset, each piece with the end of the one before it."""
    read = getattr(source, "read")  # noqa: B009 - a file and a zip member share nothing else
    offset, kept = 0, b""
    while chunk := read(size):
        report.size_bytes += len(chunk)
        data = kept + chunk
        yield offset, data
        kept = data[-OVERLAP_BYTES:]
        offset += len(data) - len(kept)


def _scan_database(path: Path, report: ScanReport) -> bool:
    """Every value of every table; False when the file is too damaged to be read so.

    In the pages themselves a long value may be cut, numbers are packed, and the digits of neighbouring
    columns run together and can look like a card number.
    """
    try:
        _scan_values(path, report)
    except sqlite3.Error as error:
        report.broken.append(f"{path}: {error}")
        return False
    return True


_REAL_TABLES: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
"""A virtual table may refuse to be read through; what it keeps lies in real tables beside it."""


_APART: Final = b"\xff"
"""Between the values of a row: no digit, nor, behind a value that ends in Z, the length of an EMV tag."""


def _scan_values(path: Path, report: ScanReport) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for ending in ("", "-wal"):
            if (part := Path(f"{path}{ending}")).exists():
                shutil.copy(part, f"{copy}{ending}")
        with closing(sqlite3.connect(copy)) as database:
            database.text_factory = bytes
            tables = database.execute(_REAL_TABLES).fetchall()
            for (table,) in tables:
                name = table.decode().replace('"', '""')
                for row, values in enumerate(database.execute(f'SELECT * FROM "{name}"')):
                    text = _APART.join(_bytes_of(value) for value in values)
                    if report.is_new(text):
                        report.alarms |= set(_alarms_in(f"{path}!{name} row {row}", text))


def _bytes_of(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _png_texts(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = len(_PNG)
    while offset + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        if kind in _TEXT_CHUNKS:
            body = data[offset + 8 : offset + 8 + size]
            yield offset, body
            packed = body.find(b"\x78")  # zTXt and a packed iTXt hold a zlib stream behind their keywords
            if kind in (b"zTXt", b"iTXt") and packed >= 0:
                yield offset, _unpacked(body[packed:])
        offset += size + 12


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:  # plain text after all, and looked through as such
        return b""


# --- one piece of data -----------------------------------------------------------------------------


def _blank(record: re.Match[bytes]) -> bytes:
    """A number and two digests: in thousands of them chance writes what looks like a card number."""
    return b"#" * len(record[0])


def _alarms_in(where: str, data: bytes, offset: int = 0) -> Iterator[Alarm]:
    for found in find_card_numbers_in_bytes(_ANCHOR.sub(_blank, data)):
        yield Alarm(where, offset + found.offset, found.form.value, found.masked)
    yield from _canaries_in(where, data, offset)


def _canaries_in(where: str, data: bytes, offset: int = 0) -> Iterator[Alarm]:
    plain = unescaped(data) if b"\\x" in data else b""
    for digits, form, written in _CANARY_FORMS:
        at = data.find(written)
        if at >= 0:
            yield Alarm(where, offset + at, f"canary in {form}", "*" * (len(digits) - 4) + digits[-4:])
        elif plain and form == "BCD" and written in plain:
            yield Alarm(where, offset, f"canary in {form} in a repr", "*" * (len(digits) - 4) + digits[-4:])


def _forms_of(digits: str) -> Iterator[tuple[str, bytes]]:
    yield "text", digits.encode()
    yield "UTF-16", digits.encode("utf-16-le")[:-1]  # without the last zero it is big-endian as well
    yield "hex of text", digits.encode().hex().encode()
    for first in (0, 1):  # packed from the left, or with half a byte before it
        even = digits[first : len(digits) - (len(digits) - first) % 2]
        packed = bytes.fromhex(even)
        yield "BCD", packed
        for between in (" ", ":", "-", ", 0x", "\\x"):
            yield "hex", between.join(f"{byte:02x}" for byte in packed).encode()
    yield "groups", " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)).encode()


_CANARY_FORMS: Final = tuple(
    (digits, form, written) for digits in CANARIES for form, written in _forms_of(digits)
)
