"""Owns the record of a folder while a program works in it: SQLite's files and those opened by `os.open`.

It must not change what happens: every call goes on to the original, and only success is recorded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from kiosk.campaign.sqlite_shim import RecordingUnavailableError, shim
from kiosk.campaign.write_log import FolderSynced, Synced, WriteLog, Written

__all__ = ["RecordingUnavailableError", "recording"]


@contextmanager
def recording(folder: Path) -> Iterator[WriteLog]:
    """Records everything done to the files of `folder` (not of folders below) until the block ends.

    What is there at first counts as durable. Connections must be opened inside the block. Raises
    RecordingUnavailableError, and RuntimeError inside another recording.
    """
    folder = folder.resolve()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    log = WriteLog(folder, before, _names=set(before))
    sqlite = shim()
    with ExitStack() as undo:
        sqlite.start(log)
        undo.callback(sqlite.stop)
        _watch_os(log, undo)
        yield log


def _watch_os(log: WriteLog, undo: ExitStack) -> None:
    """Wraps the calls the lane's anchor is written with, until `undo` ends."""
    names: dict[int, str] = {}
    open_, close, pwrite, fsync = os.open, os.close, os.pwrite, os.fsync

    def watched_open(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        descriptor = open_(path, flags, *rest, **more)
        full = os.path.realpath(os.fspath(path))
        if full == str(log.folder):
            names[descriptor] = ""
        elif isinstance(full, str) and (name := log.name_of(full)) is not None:
            names[descriptor] = name
            log.opened(name)
        return descriptor

    def watched_close(descriptor: int) -> None:
        names.pop(descriptor, None)
        close(descriptor)

    def watched_pwrite(descriptor: int, content: Any, offset: int) -> int:
        count = pwrite(descriptor, content, offset)
        if name := names.get(descriptor):
            log.note(Written(name, offset, bytes(content[:count])))
        return count

    def watched_fsync(descriptor: Any) -> None:
        fsync(descriptor)
        name = names.get(descriptor)
        if name is not None:
            log.note(Synced(name) if name else FolderSynced())

    for name, watched in (
        ("open", watched_open),
        ("close", watched_close),
        ("pwrite", watched_pwrite),
        ("fsync", watched_fsync),
    ):
        undo.callback(setattr, os, name, getattr(os, name))
        setattr(os, name, watched)
