"""Owns the model of a disk that loses power: what each file may hold when it comes back.

It must not touch a real disk. Assumed: a sector of 512 bytes is old or new, never half; what was synced
stays; names are kept once their file or their folder was synced. Everything else may or may not have
happened, each sector and each length for itself, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import assert_never

from kiosk.campaign.write_log import (
    Created,
    Deleted,
    FolderSynced,
    Operation,
    Promised,
    Resized,
    Synced,
    Written,
)

SECTOR = 512
"""Bytes a disk writes as one: the smallest unit any disk in use promises."""


class Mode(Enum):
    """What the disk did with everything that was not synced."""

    NONE = "none kept"
    TORN = "torn"
    ALL = "all kept"


@dataclass(slots=True, eq=False)
class _File:
    """One file, whatever its name: what is safe, what the program sees, and what lies between them."""

    durable: bytes = b""
    now: bytearray = field(default_factory=bytearray)
    unsynced: list[Written | Resized] = field(default_factory=list)

    def take(self, change: Written | Resized) -> None:
        self.unsynced.append(change)
        _apply(self.now, change)

    def sync(self) -> None:
        if self.unsynced:
            self.durable = bytes(self.now)
            self.unsynced.clear()

    def torn(self, chance: Random) -> bytes:
        """Any mixture: each sector as it was after one of its writes or before all, at one of its lengths."""
        if not self.unsynced:
            return self.durable
        image, lengths = bytearray(self.durable), [len(self.durable)]
        versions: dict[int, list[bytes]] = {}
        for change in self.unsynced:
            touched = _sectors(change, len(image))
            for sector in touched:
                versions.setdefault(sector, [_sector(image, sector)])
            _apply(image, change)
            for sector in touched:
                versions[sector].append(_sector(image, sector))
            lengths.append(len(image))
        kept = bytearray(self.durable)
        newest_share = chance.choice((0.1, 0.5, 0.9))
        for sector, seen in versions.items():
            content = seen[-1] if chance.random() < newest_share else chance.choice(seen)
            _apply(kept, Written("", sector * SECTOR, content))
        _apply(kept, Resized("", chance.choice(lengths)))
        return bytes(kept)


@dataclass(frozen=True, slots=True)
class _Naming:
    """A name not yet safe: given to a file, or taken away (None)."""

    name: str
    file: _File | None


class Disk:
    """The files of one folder while a program works on them."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self._now = {name: _File(content, bytearray(content)) for name, content in before.items()}
        self._durable = dict(self._now)
        self._unsynced: list[_Naming] = []

    def take(self, operation: Operation) -> None:
        match operation:
            case Created(name):
                self._now[name] = _File()
                self._unsynced.append(_Naming(name, self._now[name]))
            case Written(name) | Resized(name):
                self._now[name].take(operation)
            case Synced(name, folder_too):
                self._now[name].sync()
                self._keep_names(None if folder_too else self._now[name])
            case Deleted(name, folder_too):
                del self._now[name]
                self._unsynced.append(_Naming(name, None))
                if folder_too:
                    self._keep_names(None)
            case FolderSynced():
                self._keep_names(None)
            case Promised():
                pass
            case _:
                assert_never(operation)

    def after_a_power_cut(self, mode: Mode, chance: Random) -> dict[str, bytes]:
        """The files a start would find now, by name."""
        match mode:
            case Mode.NONE:
                return {name: file.durable for name, file in self._durable.items()}
            case Mode.ALL:
                return {name: bytes(file.now) for name, file in self._now.items()}
            case Mode.TORN:
                names = dict(self._durable)
                for naming in self._unsynced:
                    if chance.random() < 0.5:
                        _rename(names, naming)
                return {name: file.torn(chance) for name, file in names.items()}
            case _:
                assert_never(mode)

    def _keep_names(self, only: _File | None) -> None:
        """Makes names durable: all of them, or the one of a file that was synced itself."""
        rest: list[_Naming] = []
        for naming in self._unsynced:
            if only is None or naming.file is only:
                _rename(self._durable, naming)
                rest = [earlier for earlier in rest if earlier.name != naming.name]
            else:
                rest.append(naming)
        self._unsynced = rest


def _rename(names: dict[str, _File], naming: _Naming) -> None:
    if naming.file is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.file


def _apply(image: bytearray, change: Written | Resized) -> None:
    match change:
        case Written(_, offset, content):
            image.extend(bytes(max(0, offset - len(image))))
            image[offset : offset + len(content)] = content
        case Resized(_, length):
            del image[length:]
            image.extend(bytes(length - len(image)))


def _sectors(change: Written | Resized, length_now: int) -> range:
    """The sectors a change touches; a cut touches all it takes away."""
    match change:
        case Written(_, offset, content):
            return range(offset // SECTOR, -(-(offset + len(content)) // SECTOR))
        case Resized(_, length):
            return range(length // SECTOR, -(-length_now // SECTOR))


def _sector(image: bytearray, sector: int) -> bytes:
    """One sector as the disk holds it; zeros where the file does not reach."""
    return bytes(image[sector * SECTOR : (sector + 1) * SECTOR]).ljust(SECTOR, b"\0")
