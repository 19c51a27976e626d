"""Owns connections and transactions: one writer, many readers, and news told only after it is true.

It must not know tables, services or the web. A write holds the process lock and a lock file, because SQLite
before 3.51.3 can damage a WAL that two connections write or checkpoint at once.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from inventory.db.glance import Glances
from inventory.db.server_engine import server_engine
from inventory.db.turns import Turns
from inventory.wire import Message

_log = logging.getLogger(__name__)

EVERYONE = "everyone"
STAFF = "staff"
"""Audience of news that lanes have no part in. Staff pages hear all other audiences as well."""

SHUT_OUT = "shut-out"
"""News that ends the streams of those it is for."""

_READERS = 48
"""More than the 40 threads that serve requests: a reader never waits for another's connection."""


def lane_audience(lane_id: str) -> str:
    """Audience of news for one lane (and the staff)."""
    return f"lane:{lane_id}"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One piece of news: the event's name on the stream, its message, and who may hear it."""

    store_id: str
    event_name: str
    message: Message
    audience: str = EVERYONE


Listener = Callable[[tuple[Announcement, ...]], None]


@dataclass(slots=True)
class UnitOfWork:
    """One transaction. Announcements are told after the commit and forgotten by a rollback."""

    session: Session
    announcements: list[Announcement] = field(default_factory=list)

    def announce(self, store_id: str, event_name: str, *, message: Message, audience: str = EVERYONE) -> None:
        """Tells `audience` about `message` once this unit of work is committed."""
        self.announcements.append(Announcement(store_id, event_name, message, audience))


class Database:
    """A store's database by URL: `sqlite:///path` or `postgresql+psycopg://…`.

    Raises ValueError for another kind of URL, and for SQLite without a file: an in-memory store would forget
    sales it has answered for.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = parsed
        self._listeners: list[Listener] = []
        self._before_commit: list[Callable[[UnitOfWork], None]] = []
        self._turns = Turns()
        self._lock_path: Path | None = None
        self._glances: Glances | None = None
        match parsed.get_backend_name():
            case "sqlite":
                if parsed.database in (None, "", ":memory:"):
                    raise ValueError("A store needs a database file; SQLite in memory forgets its sales.")
                self._lock_path = Path(f"{parsed.database}.writer")
                _make_folder(self._lock_path.parent)
                self._writer = _sqlite_engine(parsed, "BEGIN IMMEDIATE", connections=1)
                self._reader = _sqlite_engine(parsed, "BEGIN", connections=_READERS)
                self._glances = Glances(self._reader)
            case "postgresql":
                self._writer = server_engine(parsed, connections=_READERS)
                self._reader = self._writer.execution_options(postgresql_readonly=True)
            case other:
                raise ValueError(f"A store cannot live on {other}; use sqlite or postgresql+psycopg.")

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a file of this machine: readers then wait for nobody."""
        return self._lock_path is not None

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that is committed at the end, or rolled back when an exception passes.

        Listeners hear the announcements after the commit and in its order; they must be quick, and never
        write themselves. Whatever the driver raises by itself comes as the toolkit's error of that kind.
        """
        with self._exclusive(), self._translated():
            with Session(self._writer, expire_on_commit=False) as session:
                uow = UnitOfWork(session)
                yield uow
                for callback in self._before_commit:
                    callback(uow)
                session.commit()
            self._tell(tuple(uow.announcements))

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that sees one moment and cannot write."""
        with self._translated(), Session(self._reader) as session:
            yield UnitOfWork(session)

    def glance(self, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, object]) -> Any:
        """The first row of one small question, with its columns as attributes, or None.

        A transaction of its own, and much quicker than `read` in a file. Keep the statement; its parameters
        are text and numbers.
        """
        if self._glances is not None:
            return self._glances.first(statement, parameters)
        with self.read() as uow:
            return uow.session.connection().execute(statement, dict(parameters)).first()

    @contextmanager
    def write_connection(self) -> Iterator[Connection]:
        """The writer's connection in a transaction, for migrations."""
        with self._exclusive(), self._writer.begin() as connection:
            yield connection

    def listen(self, callback: Listener) -> None:
        """Calls `callback` with the announcements of every later commit, on the committing thread."""
        self._listeners.append(callback)

    def before_commit(self, callback: Callable[[UnitOfWork], None]) -> None:
        """Calls `callback` at the end of every later write, in its transaction and on its thread."""
        self._before_commit.append(callback)

    def tell(self, announcements: tuple[Announcement, ...]) -> None:
        """Hands the listeners news of a commit that another process made."""
        self._tell(announcements)

    def migrate(self) -> None:
        """Brings the tables to the newest shape; does nothing where they have it."""
        from inventory.db.migrations import upgrade  # noqa: PLC0415 - alembic costs every reader its start-up

        upgrade(self)

    def dispose(self) -> None:
        """Closes every connection. The last one to close checkpoints the WAL, hence the lock."""
        with self._exclusive():
            if self._glances is not None:
                self._glances.close()
            self._reader.dispose()
            self._writer.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        raised: type[Exception] = self._writer.dialect.loaded_dbapi.Error
        try:
            yield
        except raised as error:
            raise DBAPIError.instance(None, None, error, raised) from error

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self._lock_path is None:
            yield
            return
        with self._turns:
            lock_file = os.open(self._lock_path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(lock_file, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock_file)

    def _tell(self, announcements: tuple[Announcement, ...]) -> None:
        for listener in self._listeners if announcements else ():
            try:
                listener(announcements)
            except Exception:  # noqa: BLE001 - any listener, any failure
                # The commit stands; a listener that fails may not make its caller believe otherwise.
                _log.exception("A listener failed after a commit.")


def _make_folder(folder: Path) -> None:
    """Makes a folder and those above it durably: a forgotten folder takes its database along."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    above = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(above)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot sync folders
            raise
    finally:
        os.close(above)


def _sqlite_engine(url: URL, begin: str, *, connections: int) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0, connect_args={"timeout": 10})
    is_writer = begin == "BEGIN IMMEDIATE"

    def prepare(connection: SqliteConnection, _record: Any) -> None:
        # The driver's own BEGIN is deferred and late; ours below is explicit.
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA foreign_keys = ON")
        if is_writer:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -65536")
        else:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("PRAGMA query_only = ON")

    def start(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine
