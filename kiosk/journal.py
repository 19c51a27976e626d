"""Owns the electronic journal (EJ) and the outbox: what the lane must never forget, in one SQLite file.

It must not know what an entry means. Append-only and hash-chained; WAL with synchronous=FULL, one writer,
the entry and what follows from it (a sale for the outbox) in one transaction. A small anchor file beside the
database holds the newest hash, so that a cut tail is seen as well as a changed byte.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from kiosk.anchor import Anchor, DamagedAnchorError, Head, anchor_path, read_anchor, sync_folder
from kiosk.failpoints import fp

__all__ = [
    "GENESIS",
    "Entry",
    "Head",
    "Journal",
    "JournalError",
    "Outgoing",
    "anchor_path",
    "entry_hash",
    "export_journal",
    "read_anchor",
    "read_entries",
    "read_file",
    "verify",
]

log = logging.getLogger(__name__)

GENESIS = "0" * 64
SCHEMA_VERSION = 1
_ENTRY_TYPES = (int, str, str, float, str, str, str, str)

_SCHEMA = """
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  at_utc TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  monotonic_s REAL NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TABLE outbox (
  message_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  sent_at_utc TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE sent_at_utc IS NULL;
CREATE TRIGGER entry_is_final_update BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'journal entries are final'); END;
CREATE TRIGGER entry_is_final_delete BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'journal entries are final'); END;
CREATE TRIGGER outbox_keeps BEFORE DELETE ON outbox
  BEGIN SELECT RAISE(ABORT, 'outbox rows are kept'); END;
"""
_BESIDE = """
CREATE TABLE IF NOT EXISTS sold_from (
  message_id TEXT PRIMARY KEY, catalogue_version INTEGER NOT NULL
) STRICT;
"""
"""What is told of a message beside its body, which never changes; programs before this one pass it over."""


class JournalError(Exception):
    """The journal cannot be opened, or an entry cannot be written. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. `hash` covers everything else, and through `previous_hash` all before it."""

    seq: int
    at_utc: datetime
    boot_id: str
    monotonic_s: float
    kind: str
    body: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for the store, kept until the store has said *created* or *exists*."""

    message_id: str
    body: str
    seq: int = 0
    catalogue_version: int = 0
    """Of a sale, the version it was sold from; 0 where nobody knows."""


class Journal:
    """The open journal of one lane; the process holds its lock, a second one is refused (P2, C30)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_file = _lock(path)
        with contextlib.ExitStack() as opened:
            opened.callback(self._lock_file.close)
            try:
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                opened.callback(self._db.close)
                _set_up(self._db, path)
                row = self._db.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            except sqlite3.Error as error:
                raise JournalError(f"{path}: {error}") from error
            opened.pop_all()
        self._head = Head(*row) if row else Head(0, GENESIS)
        # The lane appends while the store link marks what was sent: one connection, one of them at a time.
        self._turn = threading.Lock()
        self._anchor = Anchor(path, self._head)

    @property
    def head(self) -> Head:
        return self._head

    def append(
        self,
        kind: str,
        body: str,
        *,
        at_utc: datetime,
        boot_id: str,
        monotonic_s: float,
        outgoing: tuple[Outgoing, ...] = (),
    ) -> Entry:
        """Writes one entry and its outgoing messages, durably, or raises JournalError and writes nothing."""
        with self._turn:
            return self._append(kind, body, at_utc, boot_id, monotonic_s, outgoing)

    def _append(
        self,
        kind: str,
        body: str,
        at_utc: datetime,
        boot_id: str,
        monotonic_s: float,
        outgoing: tuple[Outgoing, ...],
    ) -> Entry:
        seq = self._head.seq + 1
        # The column holds a float: 5 would come back as 5.0, and with another hash.
        fields = (seq, at_utc.isoformat(), boot_id, float(monotonic_s), kind, body, self._head.hash)
        digest = entry_hash(*fields)
        try:
            fp("before-commit")
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?)", (*fields, digest))
            self._db.executemany(
                "INSERT INTO outbox (message_id, seq, body) VALUES (?,?,?)",
                [(message.message_id, seq, message.body) for message in outgoing],
            )
            self._db.executemany(
                "INSERT INTO sold_from VALUES (?,?)",
                [(each.message_id, each.catalogue_version) for each in outgoing if each.catalogue_version],
            )
            fp("in-transaction")
            self._db.execute("COMMIT")
            fp("after-commit")
        except (sqlite3.Error, OSError) as error:
            # A failed fsync is never retried: the entry does not exist and the lane stops selling on it.
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise JournalError(f"{self.path}: {error}") from error
        self._head = Head(seq, digest)
        self._anchor.write(self._head)
        return Entry(seq, at_utc, boot_id, monotonic_s, kind, body, fields[6], digest)

    def entries(self) -> Iterator[Entry]:
        return read_entries(self._db)

    def waiting(self, limit: int = 50) -> list[Outgoing]:
        """Unsent messages, oldest first."""
        with self._its_turn():  # else a message could leave before the commit that makes it true
            rows = self._db.execute(
                "SELECT message_id, body, seq, coalesce(catalogue_version, 0) FROM outbox "
                "LEFT JOIN sold_from USING (message_id) WHERE sent_at_utc IS NULL ORDER BY seq LIMIT ?",
                (limit,),
            ).fetchall()
        return [Outgoing(*row) for row in rows]

    def waiting_count(self) -> int:
        with self._its_turn():
            return int(
                self._db.execute("SELECT COUNT(*) FROM outbox WHERE sent_at_utc IS NULL").fetchone()[0]
            )

    def hash_of(self, seq: int) -> str:
        with self._its_turn():
            row = self._db.execute("SELECT hash FROM entry WHERE seq = ?", (seq,)).fetchone()
        return str(row[0]) if row else GENESIS

    def hash_of_message(self, message_id: str) -> str:
        """The hash of the entry that put a message into the outbox."""
        with self._its_turn():
            row = self._db.execute("SELECT seq FROM outbox WHERE message_id = ?", (message_id,)).fetchone()
        return self.hash_of(int(row[0])) if row else GENESIS

    def mark_sent(self, message_id: str, at_utc: datetime) -> None:
        """Raises JournalError when that cannot be written; the message then goes out once more."""
        with self._its_turn():
            self._db.execute(
                "UPDATE outbox SET sent_at_utc = ? WHERE message_id = ? AND sent_at_utc IS NULL",
                (at_utc.isoformat(), message_id),
            )

    def close(self) -> None:
        with self._turn:
            self._db.close()
            self._anchor.close()
        self._lock_file.close()

    @contextlib.contextmanager
    def _its_turn(self) -> Iterator[None]:
        """The connection for one statement of any thread. Raises JournalError for what SQLite refuses."""
        with self._turn:
            try:
                yield
            except sqlite3.Error as error:
                raise JournalError(f"{self.path}: {error}") from error


def entry_hash(
    seq: int, at_utc: str, boot_id: str, monotonic_s: float, kind: str, body: str, previous: str
) -> str:
    """SHA-256 over the canonical JSON array of an entry's fields, as 64 hexadecimal digits."""
    canonical = json.dumps([seq, at_utc, boot_id, monotonic_s, kind, body, previous], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_entries(db: sqlite3.Connection) -> Iterator[Entry]:
    """All entries, oldest first. Raises JournalError for a row that is no entry."""
    rows = db.execute(
        "SELECT seq, at_utc, boot_id, monotonic_s, kind, body, previous_hash, hash FROM entry ORDER BY seq"
    )
    for row in rows:
        if tuple(map(type, row)) != _ENTRY_TYPES:  # a damaged page holds what no STRICT table would take
            raise JournalError(f"entry {row[0]} was changed after it was written")
        seq, at_utc, boot_id, monotonic_s, kind, body, previous_hash, digest = row
        try:
            moment = datetime.fromisoformat(at_utc)
        except ValueError as error:
            raise JournalError(f"entry {seq} has no readable time: {error}") from error
        if moment.isoformat() != at_utc:  # the hash is over the text, which two spellings must not share
            raise JournalError(f"entry {seq} was changed after it was written")
        yield Entry(seq, moment, boot_id, monotonic_s, kind, body, previous_hash, digest)


def read_file(path: Path) -> list[Entry]:
    """All entries of a journal file, read-only and without proof. Raises JournalError."""
    if not path.is_file():
        raise JournalError("there is no journal here")
    try:
        with contextlib.closing(_read_only(path)) as db:
            return list(read_entries(db))
    except sqlite3.Error as error:
        raise JournalError(str(error)) from error


def export_journal(path: Path, file: Path) -> int:
    """Writes every entry of a journal as one JSON object a line; how many. Raises JournalError, OSError."""
    entries = read_file(path)
    rows = ({**asdict(entry), "at_utc": entry.at_utc.isoformat()} for entry in entries)
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return len(entries)


def verify(path: Path, anchor: Head | None = None) -> Head:
    """Walks the whole chain of a journal file, read-only, and returns its head.

    Raises JournalError naming the first entry that was changed, is missing, or was cut from the end: a cut
    is seen against `anchor` (a head the store has kept) or the anchor file. An anchor file that cannot be
    read is warned of and passed over: a power cut may do that to it.
    """
    if not path.is_file():
        raise JournalError(f"{path}: there is no journal here")
    anchor = anchor or _file_anchor(path)
    try:
        _roll_back(path)
        with contextlib.closing(_read_only(path)) as db:
            head = Head(0, GENESIS) if _is_unborn(db) else _walk(db, anchor)
    except sqlite3.Error as error:
        raise JournalError(f"{path}: {error}") from error
    if anchor is not None and head.seq < anchor.seq:
        raise JournalError(
            f"the journal ends at entry {head.seq}, but entry {anchor.seq} once existed: tail cut"
        )
    return head


def _file_anchor(path: Path) -> Head | None:
    try:
        return read_anchor(path)
    except DamagedAnchorError as error:
        log.warning("%s; a cut tail would not be seen", error)
        return None
    except OSError as error:
        raise JournalError(f"{anchor_path(path)}: {error.strerror}") from error


def _roll_back(path: Path) -> None:
    """Lets SQLite undo what a power cut interrupted while it made the file: only a writer may."""
    if path.with_name(f"{path.name}-journal").exists():
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version")


def _is_unborn(db: sqlite3.Connection) -> bool:
    """Whether the power was cut before the tables were made: nothing was ever promised of such a file."""
    (tables,) = db.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return bool(tables == 0 and version == 0)


def _walk(db: sqlite3.Connection, anchor: Head | None) -> Head:
    head = Head(0, GENESIS)
    for entry in read_entries(db):
        if entry.seq != head.seq + 1:
            raise JournalError(f"entry {head.seq + 1} is missing")
        if entry.previous_hash != head.hash:
            raise JournalError(f"entry {entry.seq} does not follow entry {head.seq}")
        expected = entry_hash(
            entry.seq,
            entry.at_utc.isoformat(),
            entry.boot_id,
            entry.monotonic_s,
            entry.kind,
            entry.body,
            entry.previous_hash,
        )
        if entry.hash != expected:
            raise JournalError(f"entry {entry.seq} was changed after it was written")
        head = Head(entry.seq, entry.hash)
        if anchor is not None and head.seq == anchor.seq and head.hash != anchor.hash:
            raise JournalError(f"entry {head.seq} is not the one the anchor knows")
    return head


def _lock(path: Path) -> IO[bytes]:
    """Takes the lane's lock for the life of the process."""
    try:
        _make_folder(path.parent)
        handle = path.with_suffix(".lock").open("ab")
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise JournalError(f"{path}: another process runs this lane") from error
    return handle


def _make_folder(folder: Path) -> None:
    """Makes a folder and those above it durably: a sale in a folder that is forgotten is forgotten too."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def _set_up(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA trusted_schema=OFF")
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    _prepare(db)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _prepare(db: sqlite3.Connection) -> None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version == 0:
        db.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
    elif version != SCHEMA_VERSION:
        raise sqlite3.DatabaseError(f"journal format {version} is newer than this program's {SCHEMA_VERSION}")
    db.executescript(_BESIDE)
