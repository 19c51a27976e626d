"""Owns the words for what a program asks of its disk, and the log they are kept in.

It must not know who writes it (`kiosk.campaign.recording`) or what may be left after a power cut
(`kiosk.campaign.disk`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Created:
    """A name appeared in the folder."""

    file: str


@dataclass(frozen=True, slots=True)
class Written:
    file: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    file: str
    length: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The file's content and its own name are durable now; with `folder_too` every name of the folder is."""

    file: str
    folder_too: bool = False


@dataclass(frozen=True, slots=True)
class FolderSynced:
    pass


@dataclass(frozen=True, slots=True)
class Deleted:
    file: str
    folder_too: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """The program told somebody that something is kept: a power cut may not take it back any more."""

    word: str


Operation = Created | Written | Resized | Synced | FolderSynced | Deleted | Promised


@dataclass(slots=True)
class WriteLog:
    """What the files of one folder were at first, and everything done to them since, in order."""

    folder: Path
    before: dict[str, bytes]
    operations: list[Operation] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def promise(self, word: str) -> None:
        self.operations.append(Promised(word))

    def name_of(self, path: str) -> str | None:
        """The file's name inside the folder, None for a file elsewhere."""
        head, _, name = path.rpartition("/")
        return name if head == str(self.folder) else None

    def opened(self, name: str) -> bool:
        """Notes an opened file; whether opening made it."""
        if name in self._names:
            return False
        self._names.add(name)
        self.operations.append(Created(name))
        return True

    def deleted(self, name: str, *, folder_too: bool) -> None:
        self._names.discard(name)
        self.operations.append(Deleted(name, folder_too))

    def note(self, operation: Operation) -> None:
        self.operations.append(operation)
