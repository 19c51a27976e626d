"""Owns the shim between SQLite and the operating system that writes down what is asked of a file.

It must not change what happens. It is a copy of SQLite's default VFS (SQLite documentation, "The SQLite OS
Interface or VFS"), registered in the library Python itself uses. The `-shm` index never comes by here: it is
shared memory, which no power cut survives.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from kiosk.campaign.write_log import Resized, Synced, WriteLog, Written


class RecordingUnavailableError(Exception):
    """This Python's SQLite cannot be reached from outside; the text says why."""


_P, _INT, _INT64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_INT, _P, _P, _P, _INT, _P)
_DELETE = ctypes.CFUNCTYPE(_INT, _P, _P, _INT)
_CLOSE = ctypes.CFUNCTYPE(_INT, _P)
_WRITE = ctypes.CFUNCTYPE(_INT, _P, _P, _INT, _INT64)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _P, _INT64)
_SYNC = ctypes.CFUNCTYPE(_INT, _P, _INT)

_OK = 0
_DIRECTORY_IS_SYNCED_FOR = 0x00000800 | 0x00004000 | 0x00080000
"""SQLITE_OPEN_MAIN_JOURNAL, _SUPER_JOURNAL and _WAL: os_unix.c syncs the folder with their first sync."""


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("iVersion", _INT),
        ("szOsFile", _INT),
        ("mxPathname", _INT),
        ("pNext", _P),
        ("zName", ctypes.c_char_p),
        ("pAppData", _P),
        ("xOpen", _OPEN),
        ("xDelete", _DELETE),
        *((name, _P) for name in ("xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose")),
        *((name, _P) for name in ("xRandomness", "xSleep", "xCurrentTime", "xGetLastError")),
        *(
            (name, _P)
            for name in ("xCurrentTimeInt64", "xSetSystemCall", "xGetSystemCall", "xNextSystemCall")
        ),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = (
        ("iVersion", _INT),
        ("xClose", _CLOSE),
        ("xRead", _P),
        ("xWrite", _WRITE),
        ("xTruncate", _TRUNCATE),
        ("xSync", _SYNC),
        *((name, _P) for name in ("xFileSize", "xLock", "xUnlock", "xCheckReservedLock", "xFileControl")),
        *((name, _P) for name in ("xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock")),
        *((name, _P) for name in ("xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch")),
    )


class _File(ctypes.Structure):
    """sqlite3_file: whatever follows belongs to the VFS."""

    _fields_ = (("pMethods", ctypes.POINTER(_Methods)),)


@dataclass(slots=True)
class _Watched:
    """An open file of the recorded folder. `syncs_folder`: its next sync makes its folder durable too."""

    log: WriteLog
    name: str
    original: Any
    syncs_folder: bool


class Shim:
    """The copied VFS. It lives as long as the process: a file may be closed after its recording ended."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._register, self._unregister = library.sqlite3_vfs_register, library.sqlite3_vfs_unregister
        self._original: _Vfs = library.sqlite3_vfs_find(None).contents
        self._vfs = _Vfs.from_buffer_copy(self._original)
        self._vfs.zName, self._vfs.pNext = b"lanelight-write-log", None
        self._vfs.xOpen, self._vfs.xDelete = _OPEN(self._open), _DELETE(self._delete)
        self._files: dict[int, _Watched] = {}
        self._tables: dict[int, _Methods] = {}
        self._log: WriteLog | None = None

    def start(self, log: WriteLog) -> None:
        if self._log is not None:
            raise RuntimeError("one recording at a time")
        self._log = log
        self._register(ctypes.byref(self._vfs), 1)

    def stop(self) -> None:
        self._log = None
        self._unregister(ctypes.byref(self._vfs))

    def _open(self, vfs: int, path: int | None, file: int, flags: int, out_flags: int) -> int:
        result = int(self._original.xOpen(vfs, path, file, flags, out_flags))
        if result != _OK or path is None or self._log is None:  # without a path: a temporary file
            return result
        name = self._log.name_of(os.fsdecode(ctypes.string_at(path)))
        if name is not None:
            is_new = self._log.opened(name)
            head = _File.from_address(file)
            original = head.pMethods.contents
            syncs_folder = is_new and bool(flags & _DIRECTORY_IS_SYNCED_FOR)
            self._files[file] = _Watched(self._log, name, original, syncs_folder)
            head.pMethods = ctypes.pointer(self._table(original))
        return result

    def _table(self, original: _Methods) -> _Methods:
        address = ctypes.addressof(original)
        if address not in self._tables:
            table = _Methods.from_buffer_copy(original)
            table.xClose, table.xWrite = _CLOSE(self._close), _WRITE(self._write)
            table.xTruncate, table.xSync = _TRUNCATE(self._truncate), _SYNC(self._sync)
            self._tables[address] = table
        return self._tables[address]

    def _delete(self, vfs: int, path: int, sync_folder: int) -> int:
        result = int(self._original.xDelete(vfs, path, sync_folder))
        if result == _OK and self._log is not None:
            name = self._log.name_of(os.fsdecode(ctypes.string_at(path)))
            if name is not None:
                self._log.deleted(name, folder_too=bool(sync_folder))
        return result

    def _close(self, file: int) -> int:
        return int(self._files.pop(file).original.xClose(file))

    def _write(self, file: int, content: int, length: int, offset: int) -> int:
        watched = self._files[file]
        result = int(watched.original.xWrite(file, content, length, offset))
        if result == _OK:
            watched.log.note(Written(watched.name, offset, ctypes.string_at(content, length)))
        return result

    def _truncate(self, file: int, length: int) -> int:
        watched = self._files[file]
        result = int(watched.original.xTruncate(file, length))
        if result == _OK:
            watched.log.note(Resized(watched.name, length))
        return result

    def _sync(self, file: int, flags: int) -> int:
        watched = self._files[file]
        result = int(watched.original.xSync(file, flags))
        if result == _OK:
            watched.log.note(Synced(watched.name, watched.syncs_folder))
            watched.syncs_folder = False
        return result


@cache
def shim() -> Shim:
    """The one shim of this process. Raises RecordingUnavailableError."""
    return Shim(_library())


def _library() -> ctypes.CDLL:
    """The SQLite that the sqlite3 module uses. Raises RecordingUnavailableError when it is out of reach."""
    import _sqlite3  # noqa: PLC0415 - the module whose library is looked for; it is not part of any interface

    try:
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        source_id: Callable[[], bytes] = library.sqlite3_sourceid
        find, register = library.sqlite3_vfs_find, library.sqlite3_vfs_register
        unregister = library.sqlite3_vfs_unregister
    except (OSError, AttributeError) as error:
        raise RecordingUnavailableError(f"Python's SQLite cannot be reached: {error}") from error
    library.sqlite3_sourceid.restype = ctypes.c_char_p
    find.argtypes, find.restype = (ctypes.c_char_p,), ctypes.POINTER(_Vfs)
    register.argtypes, unregister.argtypes = (_P, _INT), (_P,)
    with closing(sqlite3.connect(":memory:")) as db:
        used = str(db.execute("SELECT sqlite_source_id()").fetchone()[0])
    if source_id().decode() != used:
        raise RecordingUnavailableError(f"Python uses SQLite {used}, the library found is another")
    if find(None).contents.iVersion < 3:
        raise RecordingUnavailableError("this SQLite's file layer is older than the record knows")
    return library
