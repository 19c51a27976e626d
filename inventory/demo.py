"""Owns the demonstration store: invented goods and staff in an embedded database, up or down at a word.

It must not know lanes, devices or journeys. It is the real store with invented data.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from assets import ROOT as ASSETS
from inventory.config import StoreConfig
from inventory.db.help_table import HelpRequestRow
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import Database
from inventory.demo_names import DEMO
from inventory.domain.staff import Role
from inventory.opening import prepare
from inventory.services import imports, staff, stock
from inventory.services.sales import find_sale
from inventory.web.server import RunningStore

CATALOGUE = ASSETS / "demo" / "catalogue.csv"
PLAN = ASSETS / "demo" / "plan.toml"
STORE_ID = DEMO.store_id
TAX_RATES_BP = {"standard": 2200, "reduced": 1000, "super": 400}
PEOPLE = (("Marco", Role.ATTENDANT), ("Sara", Role.MANAGER))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; the PIN is made afresh for every demonstration."""

    name: str
    pin: str
    role: str


class DemoStore:
    """A seeded store in `folder`. `port` 0 takes a free one and keeps it while the store goes down and up."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lane_token = secrets.token_urlsafe(32)
        self.people = tuple(Person(name, staff.random_pin(), role.value) for name, role in PEOPLE)
        self._config = demo_config(folder / "store.sqlite", port=port, lane_token=self.lane_token)
        self._database = Database(self._config.database_url.get_secret_value())
        _seed(self._config, self._database, self.people)
        self._running: RunningStore | None = None
        self._ahead = timedelta()
        self.up()

    @property
    def url(self) -> str:
        return f"http://{self._config.host}:{self._config.port}"

    def up(self) -> None:
        """Opens the store's doors; nothing happens when they are open. Raises ServerError."""
        if self._running is None:
            self._running = RunningStore(self._config, self._database, clock=self._now)
            self._config = self._config.model_copy(update={"port": self._running.port})

    def down(self) -> None:
        """As if the store's machine were switched off: no answer on its port."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def later(self, seconds: float) -> None:
        """The store's clock jumps ahead; lanes and terminals do not notice."""
        self._ahead += timedelta(seconds=seconds)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def close(self) -> None:
        self.down()
        self._database.dispose()

    # -- what is true in the store ---------------------------------------------------------------

    def sales(self) -> list[dict[str, Any]]:
        """Every sale the store has, oldest first."""
        with self._database.read() as uow:
            ids = uow.session.exec(select(SaleRow.sale_id).order_by(col(SaleRow.receipt_no))).all()
            found = [find_sale(uow, STORE_ID, sale_id) for sale_id in ids]
        return [
            {
                "id": sale.sale_id,
                "state": "PAID",
                "total_minor": sale.total_minor,
                "currency": sale.currency,
                "lines": [_plain_line(asdict(line)) for line in sale.lines],
                "receipt_no": sale.receipt_no,
            }
            for sale in found
            if sale is not None
        ]

    def on_hand(self) -> dict[str, int]:
        """GTIN-14 -> thousandths of a piece, or grams."""
        with self._database.read() as uow:
            page = stock.levels(uow, STORE_ID, limit=100_000)
        return {level.item.gtin: level.on_hand_milli for level in page.levels}

    def help_state(self) -> str:
        """The newest help request's state, "" when there was none."""
        newest = col(HelpRequestRow.requested_at_utc).desc()
        with self._database.read() as uow:
            row = uow.session.exec(select(HelpRequestRow).order_by(newest)).first()
        return row.state if row else ""


def demo_config(database: Path, *, port: int, lane_token: str) -> StoreConfig:
    """The demonstration store's settings, on loopback only."""
    return StoreConfig(
        store_id=STORE_ID,
        name=DEMO.store_name,
        host="127.0.0.1",
        port=port,
        database_url=SecretStr(f"sqlite:///{database}"),
        data_dir=database.parent,
        tax_rates_bp=TAX_RATES_BP,
        lanes={DEMO.lane_id: SecretStr(lane_token)},
        plan=PLAN,
    )


def write_demo_store(folder: Path) -> Path:
    """Makes a seeded store that is not open, for commands that only read; returns its settings file."""
    database_path = folder / "store.sqlite"
    token = secrets.token_urlsafe(32)
    config = demo_config(database_path, port=0, lane_token=token)
    database = Database(config.database_url.get_secret_value())
    _seed(config, database, ())
    database.dispose()
    path = folder / "store.toml"
    rates = ", ".join(f"{name} = {rate}" for name, rate in TAX_RATES_BP.items())
    path.write_text(
        f'store_id = "{config.store_id}"\nname = "{config.name}"\n'
        f'database_url = "sqlite:///{database_path}"\n'
        f'plan = "{PLAN}"\n'
        f"tax_rates_bp = {{ {rates} }}\n"
        f'lanes = {{ {DEMO.lane_id} = "{token}" }}\n',
        "utf-8",
    )
    return path


def _seed(config: StoreConfig, database: Database, people: tuple[Person, ...]) -> None:
    now_utc = datetime.now(UTC)
    prepare(config, database, now_utc)
    with database.write() as uow:
        imports.apply(uow, STORE_ID, CATALOGUE.read_bytes(), "demo", now_utc, confirmed=True)
        known = {member.name for member in staff.members(uow, STORE_ID, now_utc=now_utc)}
        for person in people:
            if person.name not in known:
                staff.add(
                    uow, STORE_ID, name=person.name, pin=person.pin, role=Role(person.role), now_utc=now_utc
                )


def _plain_line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "sold_by": line["sold_by"].value}
