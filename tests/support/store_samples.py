"""Owns samples of the store for tests: items, baskets, messages, and a store opened on a file.

It must not check anything; tests do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Announcement, Database
from inventory.domain.catalogue import Item, SoldBy, price_of_weight
from inventory.domain.help_desk import HelpReason, HelpState, InterventionKind
from inventory.domain.identifiers import with_check_digit
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines, total_of_lines
from inventory.opening import prepare
from inventory.services import catalogue
from inventory.wire import HelpMessage, InterventionMessage, LaneStateMessage, SaleMessage
from tests.support.engines import NewStore, on_file

STORE_ID = "corner"
LANE_ID = "lane-1"
OTHER_LANE_ID = "lane-2"
TOKENS = {LANE_ID: "first-lane-token-of-tests-0001", OTHER_LANE_ID: "other-lane-token-of-tests-0002"}
NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
RATES = {"reduced": 1000, "standard": 2200, "super": 400}


def gtin(number: int) -> str:
    """A GTIN-14 of the range that GS1 keeps for examples."""
    return "0" + with_check_digit(f"952{number:09}")


MIRROR = Item(
    gtin=gtin(1),
    sku="OMINOUS-MIRROR",
    names={"en": "Ominous mirror", "it": "Specchio sinistro"},
    price_minor=1999,
    currency="EUR",
    tax_class="standard",
    department="household",
    aisle="4",
)
WATER = Item(
    gtin=gtin(2),
    sku="SMUG-WATER",
    names={"en": "Smug water"},
    price_minor=89,
    currency="EUR",
    tax_class="reduced",
    deposit_minor=25,
    department="drinks",
    aisle="2",
)
SIX_WATERS = Item(
    gtin=gtin(3),
    sku="SMUG-WATER-6",
    names={"en": "Six smug waters"},
    price_minor=499,
    currency="EUR",
    tax_class="reduced",
    deposit_minor=150,
    department="drinks",
    aisle="2",
    multipack_of=WATER.gtin,
    multipack_units=6,
)
PEARS = Item(
    gtin=gtin(4),
    sku="BRAVE-PEARS",
    names={"en": "Brave pears"},
    price_minor=299,
    currency="EUR",
    tax_class="super",
    sold_by=SoldBy.WEIGHT,
    plu="4409",
    department="produce",
    aisle="1",
    label_prefix="2123456",
)
ITEMS = (MIRROR, WATER, SIX_WATERS, PEARS)


def store_config(tmp_path: Path, *, rates: Mapping[str, int] = RATES) -> StoreConfig:
    """Settings of a store with two lanes and a file of its own, on a free port."""
    return StoreConfig(
        store_id=STORE_ID,
        name="Corner shop",
        currency="EUR",
        timezone="Europe/Rome",
        port=0,
        database_url=SecretStr(f"sqlite:///{tmp_path / 'store.db'}"),
        data_dir=tmp_path,
        tax_rates_bp=dict(rates),
        lanes={lane_id: SecretStr(token) for lane_id, token in TOKENS.items()},
    )


@contextmanager
def opened_store(
    tmp_path: Path, *, items: tuple[Item, ...] = ITEMS, new_store: NewStore = on_file
) -> Iterator[Database]:
    """A store's database, ready for business, with `items` in its catalogue; on a file if nothing is said."""
    with new_store(tmp_path) as url:
        is_ready = url.startswith("postgresql") or _copied(tmp_path / "store.db")
        database = Database(url)
        try:
            if not is_ready:
                prepare(store_config(tmp_path), database, NOW)
            with database.write() as uow:
                catalogue.replace_items(uow, STORE_ID, items, RATES, NOW)
            yield database
        finally:
            database.dispose()


def _copied(path: Path) -> bool:
    """Whether a store's file was not there, and is one made ready now."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_ready_file())
    return True


@cache
def _ready_file() -> bytes:
    """Made once a process: bringing tables up takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        make_ready(f"sqlite:///{path}")
        return path.read_bytes()


def make_ready(url: str) -> None:
    """A store's database with tables, lanes and rates, for copies to be taken of."""
    database = Database(url)
    try:
        prepare(store_config(Path()), database, NOW)
    finally:
        database.dispose()


def heard(database: Database) -> list[Announcement]:
    """A list that grows with everything the database announces from now on."""
    announcements: list[Announcement] = []
    database.listen(announcements.extend)
    return announcements


def line_of(item: Item, quantity_milli: int = 1000) -> SaleLine:
    """An honest line: priced and taxed as the catalogue says."""
    is_weighed = item.sold_by is SoldBy.WEIGHT
    pieces = 0 if is_weighed else quantity_milli // 1000
    return SaleLine(
        gtin=item.gtin,
        sku=item.sku,
        name=item.name("en"),
        sold_by=item.sold_by,
        quantity_milli=quantity_milli,
        unit_price_minor=item.price_minor,
        amount_minor=price_of_weight(item.price_minor, quantity_milli)
        if is_weighed
        else item.price_minor * pieces,
        deposit_minor=item.deposit_minor * pieces,
        tax_class=item.tax_class,
        tax_rate_bp=RATES[item.tax_class],
    )


def sale_message(
    *lines: SaleLine,
    sale_id: str = "sale-1",
    lane_id: str = LANE_ID,
    receipt_no: int = 1,
    paid_at_utc: datetime = NOW,
) -> SaleMessage:
    """A sale whose sums agree."""
    total_minor = total_of_lines(lines)
    return SaleMessage(
        sale=Sale(
            sale_id=sale_id,
            store_id=STORE_ID,
            lane_id=lane_id,
            receipt_no=receipt_no,
            paid_at_utc=paid_at_utc,
            currency="EUR",
            language="it",
            lines=lines,
            taxes=tax_of_lines(lines),
            tenders=(Tender("card", total_minor, "attempt-1", card_last4="4242"),),
            total_minor=total_minor,
        ),
        journal_seq=7,
        journal_head="ab" * 32,
    )


def body_of(message: SaleMessage) -> bytes:
    """The message as a lane sends it."""
    return message.model_dump_json().encode()


def help_message(
    state: HelpState = HelpState.REQUESTED,
    *,
    help_id: str = "help-1",
    lane_id: str = LANE_ID,
    reason: HelpReason = HelpReason.UNSAID,
    at_utc: datetime = NOW,
) -> HelpMessage:
    """A shopper's call."""
    return HelpMessage(
        help_id=help_id, lane_id=lane_id, state=state, reason=reason, language="it", requested_at_utc=at_utc
    )


def intervention_message(
    *, intervention_id: str = "look-1", lane_id: str = LANE_ID, withdrawn: bool = False
) -> InterventionMessage:
    """A lane that waits for somebody to look at the shopper's age."""
    return InterventionMessage(
        intervention_id=intervention_id,
        lane_id=lane_id,
        kind=InterventionKind.AGE_CHECK,
        raised_at_utc=NOW,
        facts=("18 or older", "Brave beer"),
        withdrawn=withdrawn,
    )


def lane_state(
    *, lane_id: str = LANE_ID, screen: str = "basket", total_minor: int = 1999
) -> LaneStateMessage:
    """What a lane says every ten seconds."""
    return LaneStateMessage(
        lane_id=lane_id,
        screen=screen,
        language="it",
        currency="EUR",
        total_minor=total_minor,
        devices={"printer": "ready"},
        at_utc=NOW,
    )
