"""Owns a store's history for the power-loss campaign: sales into a real database, and the judge of the rest.

It must not know the campaign, which lies above this room: it fits `kiosk.campaign.power_loss.Scenario` by its
shape. Sales are recorded as the lane API does it, by the writer that callers share.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines, total_of_lines
from inventory.opening import prepare
from inventory.services import catalogue, sales
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_intake import SaleIntake
from inventory.wire import SaleMessage

Finding = tuple[Literal["lost sale", "lost entry", "corrupt", "half"], str]

SALES = 16
RESTARTS_AT = (5, 11)
"""Before these sales the store is closed and opened: the WAL is checkpointed, removed and made anew."""

CHECKPOINT_PAGES = 24
"""Instead of SQLite's 1,000, so that a short history meets checkpoints and a WAL begun again."""

_STORE_ID, _LANE_ID = "store-1", "lane-1"
_RATES = {"standard": 2200}
_NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
_GOODS = tuple(
    Item(
        gtin=gtin,
        sku=f"CAMPAIGN-{gtin[-2:]}",
        names={"en": f"Campaign goods {gtin[-2:]}"},
        price_minor=129,
        currency="EUR",
        tax_class="standard",
    )
    for gtin in ("09520000000011", "09520000000028", "09520000000035", "09520000000042")
)


class StoreHistory:
    """A scenario of the power-loss campaign. The empty store is made before the power may fail."""

    name = "store"

    def __init__(self, folder: Path, open_database: Callable[[str], Database] = Database) -> None:
        self._path = folder / "store.db"
        self._open_database = open_database
        self._bodies: dict[str, str] = {}
        self._sources: dict[str, frozenset[str]] = {}
        config = StoreConfig(
            store_id=_STORE_ID,
            name="Campaign store",
            database_url=SecretStr(self._url),
            tax_rates_bp=_RATES,
            lanes={_LANE_ID: SecretStr("a-token-for-campaigns-only")},
        )
        database = Database(self._url)
        try:
            prepare(config, database, _NOON)
            with database.write() as uow:
                catalogue.replace_items(uow, _STORE_ID, _GOODS, _RATES, _NOON)
        finally:
            database.dispose()

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._path}"

    # -- playing ---------------------------------------------------------------------------------

    def play(self, promise: Callable[[str], None]) -> None:
        """Records sales, some of them sent twice; promises the id of each once its transaction returned."""
        database = self._open()
        intake = SaleIntake(database, _STORE_ID, lambda: _NOON)
        for number in range(SALES):
            if number in RESTARTS_AT:
                database.dispose()
                database = self._open()
                intake = SaleIntake(database, _STORE_ID, lambda: _NOON)
            message = _sale_message(number)
            self._remember(message)
            arrival = Arrival(message, self._bodies[message.sale.sale_id].encode())
            sent = [intake.take(arrival) for _ in range(2 if number % 4 == 2 else 1)]
            wait(sent)
            promise(message.sale.sale_id)
            if number % 3 == 1:
                with database.read() as uow:
                    sales.today(uow, _STORE_ID, _NOON.date())
        database.dispose()

    def _open(self) -> Database:
        database = self._open_database(self._url)
        with database.write_connection() as connection:
            connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        return database

    def _remember(self, message: SaleMessage) -> None:
        sale = message.sale
        self._bodies[sale.sale_id] = message.model_dump_json()
        self._sources[sale.sale_id] = frozenset(
            f"sale:{sale.sale_id}:{line_no}" for line_no in range(1, len(sale.lines) + 1)
        )

    # -- judging ---------------------------------------------------------------------------------

    def judge(self, folder: Path, promised: Sequence[str]) -> Iterator[Finding]:
        """Opens what is left as a store does, and compares every table a sale stands in."""
        try:
            with closing(sqlite3.connect(folder / self._path.name)) as db:
                yield from self._judge_tables(db, promised)
        except sqlite3.Error as error:
            yield "corrupt", f"the store's database cannot be read: {error}"

    def _judge_tables(self, db: sqlite3.Connection, promised: Sequence[str]) -> Iterator[Finding]:
        db.execute("PRAGMA journal_mode = WAL")
        bodies = dict(db.execute("SELECT sale_id, body FROM sale").fetchall())
        for sale_id in promised:
            if sale_id not in bodies:
                yield "lost sale", f"sale {sale_id} was acknowledged"
        for (fault,) in db.execute("PRAGMA integrity_check").fetchall():
            if fault != "ok":
                yield "corrupt", str(fault)
        yield from self._judge_parts(db, bodies)

    def _judge_parts(self, db: sqlite3.Connection, bodies: dict[str, str]) -> Iterator[Finding]:
        wanted = set[str]().union(*(self._sources.get(sale_id, frozenset()) for sale_id in bodies))
        lines = {
            f"sale:{sale_id}:{no}" for sale_id, no in db.execute("SELECT sale_id, line_no FROM sale_line")
        }
        movements = {source_id for (source_id,) in db.execute("SELECT source_id FROM movement")}
        for what, there in (("lines", lines), ("movements", movements)):
            if there != wanted:
                yield "half", f"{len(there)} {what} for {len(bodies)} sales, {len(wanted)} expected"
        if any(body != self._bodies.get(sale_id) for sale_id, body in bodies.items()):
            yield "half", "a sale is not what the lane sent"
        if db.execute(_DIFFERENCES).fetchone() != (0,):
            yield "half", "on-hand is not the sum of the movements (I3)"


_DIFFERENCES = """
SELECT COUNT(*) FROM (
  SELECT gtin, on_hand_milli AS quantity_milli FROM on_hand WHERE on_hand_milli <> 0
  EXCEPT SELECT gtin, SUM(quantity_milli) FROM movement GROUP BY gtin
) UNION ALL SELECT COUNT(*) FROM (
  SELECT gtin, SUM(quantity_milli) FROM movement GROUP BY gtin
  EXCEPT SELECT gtin, on_hand_milli FROM on_hand
)
ORDER BY 1 DESC
"""


def _sale_message(number: int) -> SaleMessage:
    """A sale of one to four lines whose sums agree."""
    lines = tuple(_line(item, 1 + number % 2) for item in _GOODS[: 1 + number % len(_GOODS)])
    total_minor = total_of_lines(lines)
    sale = Sale(
        sale_id=f"sale-{number}",
        store_id=_STORE_ID,
        lane_id=_LANE_ID,
        receipt_no=number + 1,
        paid_at_utc=_NOON + timedelta(seconds=number),
        currency="EUR",
        language="en",
        lines=lines,
        taxes=tax_of_lines(lines),
        tenders=(Tender("card", total_minor, f"try-{number}", card_last4="4242"),),
        total_minor=total_minor,
    )
    return SaleMessage(sale=sale, journal_seq=number + 1, journal_head="ab" * 32)


def _line(item: Item, pieces: int) -> SaleLine:
    return SaleLine(
        gtin=item.gtin,
        sku=item.sku,
        name=item.name("en"),
        sold_by=item.sold_by,
        quantity_milli=pieces * 1000,
        unit_price_minor=item.price_minor,
        amount_minor=item.price_minor * pieces,
        deposit_minor=0,
        tax_class=item.tax_class,
        tax_rate_bp=_RATES[item.tax_class],
    )
