"""Owns the way from any older shape of the tables to the newest: alembic, driven without an ini file.

It must not know services. Every migration is checked by hand and runs on SQLite and PostgreSQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

if TYPE_CHECKING:
    from inventory.db.unit_of_work import Database


def settings(connection: Connection) -> Config:
    """Alembic's settings for one open connection; its transaction is the caller's."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the tables up to `revision`, in one transaction. Raises ValueError for unknown tables."""
    with database.write_connection() as connection:
        try:
            command.upgrade(settings(connection), revision)
        except CommandError as error:
            raise ValueError(
                f"The database was made by another version of this program, probably a newer one: {error}."
            ) from error


def downgrade(database: Database, revision: str = "base") -> None:
    """Takes the tables back to `revision`. Their rows go with them."""
    with database.write_connection() as connection:
        command.downgrade(settings(connection), revision)
