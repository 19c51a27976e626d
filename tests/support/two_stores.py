"""Owns two stores and a desk in one database for tests of help from elsewhere.

It must not know what any test expects.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from inventory.config import StoreConfig
from inventory.db.repositories import put
from inventory.db.tables import SessionRow
from inventory.db.unit_of_work import Database
from inventory.desk_settings import DeskConfig
from inventory.opening import prepare
from inventory.services import help_desk
from inventory.services.desk_calls import Helper
from inventory.wire import HelpMessage
from tests.support.engines import NewStore, on_file
from tests.support.store_samples import NOW, STORE_ID, help_message, opened_store

DESK, OTHER = "helpdesk", "kiosk-hall"
INES, MARCO_AFAR = Helper(DESK, "Ines"), Helper(DESK, "Marco")
"""Two people at the desk; in the store there is a Marco as well."""


def desk_config(url: str, folder: Path, *, serves: tuple[str, ...] = (STORE_ID,)) -> StoreConfig:
    return StoreConfig(
        store_id=DESK,
        name="Help desk Milano",
        timezone="Europe/Rome",
        port=0,
        database_url=SecretStr(url),
        data_dir=folder,
        desk=DeskConfig(serves=serves, languages=("it", "fil")),
    )


@contextmanager
def two_stores(
    folder: Path, *, new_store: NewStore = on_file, serves: tuple[str, ...] = (STORE_ID,)
) -> Iterator[Database]:
    """A store with lanes, another one, and a desk that serves the first."""
    with opened_store(folder, new_store=new_store) as database:
        url = database.url.render_as_string(hide_password=False)
        prepare(desk_config(url, folder, serves=serves), database, NOW)
        other = desk_config(url, folder).model_copy(update={"store_id": OTHER, "name": "Hall", "desk": None})
        prepare(other, database, NOW)
        yield database


def be_there(database: Database, store_id: str, name: str, *, at_utc: datetime = NOW) -> None:
    """Somebody is signed in at a place, and has touched a page just now."""
    row = SessionRow(
        store_id=store_id,
        token_hash=f"{store_id}-{name}",
        staff_id=name,
        csrf_secret=name,
        created_at_utc=at_utc,
        last_seen_at_utc=at_utc,
    )
    with database.write() as uow:
        put(uow.session, row)


def call(
    database: Database,
    help_id: str = "help-1",
    *,
    store_id: str = STORE_ID,
    after_s: int = 0,
    **fields: object,
) -> None:
    at_utc = NOW + timedelta(seconds=after_s)
    message: HelpMessage = help_message(help_id=help_id, at_utc=at_utc).model_copy(update=fields)
    with database.write() as uow:
        help_desk.receive(uow, store_id, message, at_utc)
