"""Owns the anchor file beside a journal: the newest entry's number and hash, to see a cut tail by.

It must not know what a journal is. One record of fixed length inside one sector, with a check of its own. It
is made durably and then overwritten without a sync, after the entry itself was synced: a power cut may leave
the record of an earlier entry, never of a later one. So a readable anchor that leads the chain means that
somebody cut the chain, and one that cannot be read tells nothing and is set aside.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

_RECORD = re.compile(rb"(\d{20} [0-9a-f]{64}) ([0-9a-f]{16})\n")


class DamagedAnchorError(Exception):
    """The file holds no whole record: torn by a failing medium, never filled, or overwritten by somebody."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number (0 when empty) and its hash."""

    seq: int
    hash: str


class Anchor:
    """The open anchor of a journal. No failure here stops a sale: the chain is the truth."""

    def __init__(self, journal: Path, head: Head) -> None:
        """Keeps the record that is there, even one that leads `head`: it may be all that shows a cut."""
        self._file: int | None = None
        try:
            self._open(anchor_path(journal), head, is_kept=_is_kept(journal))
        except OSError as error:
            log.warning("%s: %s; a cut tail would not be seen", anchor_path(journal), error.strerror)

    def _open(self, path: Path, head: Head, *, is_kept: bool) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        if not is_kept:
            self.write(head)
            os.fsync(self._file)
            sync_folder(path.parent)

    def write(self, head: Head) -> None:
        """Puts `head` in the place of what was there."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk already stopped the commit
                os.pwrite(self._file, _record(head), 0)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def anchor_path(journal: Path) -> Path:
    return journal.with_suffix(".anchor")


def read_anchor(journal: Path) -> Head | None:
    """The head the anchor holds, None when there is no such file. Raises DamagedAnchorError, OSError."""
    try:
        content = anchor_path(journal).read_bytes()
    except FileNotFoundError:
        return None
    found = _RECORD.fullmatch(content)
    if found is None or _check(found[1]) != found[2]:
        raise DamagedAnchorError(f"{anchor_path(journal)} holds no whole record")
    seq, digest = found[1].decode().split()
    return Head(int(seq), digest)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the file system knows such a thing. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # what fsync(2) answers for a thing that cannot be synced
            raise
    finally:
        os.close(opened)


def _is_kept(journal: Path) -> bool:
    """Whether a whole record is there; anything else is put aside, for somebody to look at."""
    try:
        return read_anchor(journal) is not None
    except DamagedAnchorError as error:
        aside = journal.with_suffix(".anchor-damaged")
        anchor_path(journal).replace(aside)
        log.warning("%s; set aside as %s", error, aside)
        return False


def _record(head: Head) -> bytes:
    content = f"{head.seq:020d} {head.hash}".encode()
    return content + b" " + _check(content) + b"\n"


def _check(content: bytes) -> bytes:
    """The first 64 bits of the content's SHA-256, as 16 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:16].encode()
