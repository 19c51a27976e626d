"""Owns the campaign's store: the real store with a handful of goods, in a process that anybody may kill.

It must not know what is tried on it. It can kill itself before or after a commit, and its clock can be
moved; nothing else differs from a shop's store.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.orm import configure_mappers

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.identifiers import with_check_digit
from inventory.domain.staff import Role
from inventory.domain.stock import Movement, Reason
from inventory.opening import prepare
from inventory.power_history import StoreHistory
from inventory.services import catalogue, staff, stock
from inventory.web.app import create_app
from inventory.web.events import Broker
from inventory.web.server import RunningStore

__all__ = ["StoreHistory", "make_store", "run_store", "warm"]

STORE_ID = "trial"
LANE_ID = "lane-1"
ATTENDANT = "Marco"
NAMES = (ATTENDANT, "Giulia", "Ada", "Noor", "Ivo", "Lin", "Pau", "Zoe")
TAX_RATES_BP = {"standard": 2200, "reduced": 1000}
OPENING_MILLI = 1_000_000
FAILPOINTS = ("store-before-commit", "store-after-commit")

GOODS = tuple(
    Item(
        gtin="0" + with_check_digit(f"952{number:09}"),
        sku=f"T-{number}",
        names={"en": f"Goods {number}"},
        price_minor=price_minor,
        currency="EUR",
        tax_class=tax_class,
        deposit_minor=deposit_minor,
    )
    for number, price_minor, tax_class, deposit_minor in (
        (1, 129, "reduced", 0),
        (2, 129, "reduced", 0),  # the same price: an old charge can look like a new one
        (3, 250, "standard", 25),
        (4, 1, "standard", 0),
        (5, 9_999, "standard", 0),
    )
)


@cache
def warm() -> None:
    """Loads what every store needs to open, once in the process that stores are forked from."""
    configure_mappers()
    import_module("inventory.db.migrations")  # a store that only reads does without
    with TemporaryDirectory() as folder:
        database = Database(_url(Path(folder)))  # never asked: no connection is open when others are forked
        create_app(_config(Path(folder), 0, {}), database, Broker())


def make_store(folder: Path, *, lanes: int = 1, people: int = 1) -> dict[str, Any]:
    """A seeded database in `folder`, closed again: a template to copy; at most as many people as `NAMES`.

    Answers what lanes and staff must know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = {f"lane-{number + 1}": secrets.token_urlsafe(32) for number in range(lanes)}
    pins = {name: staff.random_pin() for name in NAMES[:people]}
    database = Database(_url(folder))
    now_utc = datetime.now(UTC)
    prepare(_config(folder, 0, tokens), database, now_utc)
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, GOODS, TAX_RATES_BP, now_utc)
        opening = [
            Movement(item.gtin, Reason.COUNT, OPENING_MILLI, f"opening:{item.gtin}", "trial", now_utc)
            for item in GOODS
        ]
        stock.post_all(uow, STORE_ID, opening, as_of_utc=now_utc)
        for name, pin in pins.items():
            staff.add(uow, STORE_ID, name=name, pin=pin, role=Role.ATTENDANT, now_utc=now_utc)
    database.dispose()
    return {
        "store_id": STORE_ID,
        "lane_id": LANE_ID,
        "token": tokens[LANE_ID],
        "tokens": tokens,
        "attendant": ATTENDANT,
        "pin": pins[ATTENDANT],
        "pins": pins,
        "gtins": [item.gtin for item in GOODS],
    }


def run_store(settings: dict[str, Any], line: socket.socket, prepare_first: Callable[[], None]) -> None:
    """Serves the store in `settings["folder"]` until `line` is cut; says its port on it first.

    `settings["failpoint"]` names a place of `FAILPOINTS` and `passing` which of its passings kills;
    `settings["ahead_s"]` is how far its clock is off, and each number said on `line` moves it by so many
    seconds more.
    """
    prepare_first()
    folder = Path(settings["folder"])
    database = Database(_url(folder))
    tokens = settings.get("tokens") or {LANE_ID: settings["token"]}
    ahead = [timedelta(seconds=settings.get("ahead_s", 0))]
    config = _config(folder, settings["port"], tokens)
    running = RunningStore(config, database, clock=lambda: datetime.now(UTC) + ahead[0])
    line.sendall(json.dumps({"port": running.port}).encode() + b"\n")
    if settings["failpoint"]:  # only now: who dies before saying its port seems not to open
        _arm(database, settings["failpoint"], settings["passing"], Path(settings["notes"]))
    for seconds in line.makefile("r", encoding="ascii"):
        ahead[0] += timedelta(seconds=float(seconds))


def _arm(database: Database, name: str, passing: int, notes: Path) -> None:
    assert name in FAILPOINTS, name
    left = [passing]

    def pass_by(_connection: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            with notes.open("a", encoding="ascii") as file:
                file.write(f"{name} - - kill\n")
            os.kill(os.getpid(), signal.SIGKILL)

    if name == "store-before-commit":
        event.listen(Engine, "commit", pass_by)
    else:
        database.listen(pass_by)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.sqlite'}"


def _config(folder: Path, port: int, tokens: dict[str, str]) -> StoreConfig:
    return StoreConfig(
        store_id=STORE_ID,
        name="Trial",
        port=port,
        database_url=SecretStr(_url(folder)),
        data_dir=folder,
        tax_rates_bp=TAX_RATES_BP,
        lanes={lane_id: SecretStr(token) for lane_id, token in tokens.items()},
    )
