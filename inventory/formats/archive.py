"""Owns the limits of a packed file: how many members, how large unpacked, how well packed, and what inside.

It must not unpack anything into memory: members are run through once, a piece at a time, and thrown away.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from inventory.formats.table import MIB, SheetError

MAX_MEMBERS = 1000
MAX_UNPACKED_BYTES = 200 * MIB
MAX_RATIO = 100
_SMALL_BYTES = MIB
"""Whatever its ratio, so little harms nobody: an empty sheet packs very well."""
_PIECE_BYTES = 256 * 1024
_LONGEST_MARK = 16
_DTD_MARKS = (b"<!DOCTYPE", b"<!ENTITY")


def check_archive(source: BinaryIO) -> None:
    """Raises SheetError unless the archive keeps the limits and holds neither macros nor entities.

    The sizes an archive states are not believed: each member is unpacked to nowhere and counted.
    """
    source.seek(0)
    try:
        with ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise SheetError(f"The file holds more than {MAX_MEMBERS:,} parts.")
            _check_total(sum(member.file_size for member in members), members)
            unpacked = 0
            for member in members:
                if member.filename.lower().endswith("vbaproject.bin"):
                    raise SheetError("The file holds macros; save it as a workbook without them (.xlsx).")
                unpacked += _run_through(archive, member, MAX_UNPACKED_BYTES - unpacked)
            _check_total(unpacked, members)
    except (
        BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError("The file is damaged, or locked with a password.") from None


def _check_total(unpacked: int, members: list[ZipInfo]) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise SheetError(f"The file unpacks to more than {MAX_UNPACKED_BYTES // MIB} MiB.")
    packed = sum(member.compress_size for member in members)
    if unpacked > _SMALL_BYTES and unpacked > packed * MAX_RATIO:
        raise SheetError(f"The file unpacks to more than {MAX_RATIO} times its size.")


def _run_through(archive: ZipFile, member: ZipInfo, room: int) -> int:
    """The member's true size; refuses one larger than `room`, and XML that declares entities."""
    size, tail = 0, b""
    with archive.open(member) as opened:
        while piece := opened.read(_PIECE_BYTES):
            size += len(piece)
            if size > room:
                raise SheetError(f"The file unpacks to more than {MAX_UNPACKED_BYTES // MIB} MiB.")
            seen = tail + piece
            if any(mark in seen for mark in _DTD_MARKS) and not member.filename.startswith("xl/media/"):
                raise SheetError("The file declares entities, which no workbook needs.")
            tail = seen[-_LONGEST_MARK:]
    return size
