"""The lane's conversation with the store over real HTTP: offline is normal, nothing is lost or doubled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest

from assets import ROOT as ASSETS
from inventory.demo import DemoStore
from inventory.demo_names import DEMO
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.help_desk import Decision, HelpReason, HelpState, InterventionKind
from inventory.domain.item_sets import sum_of
from inventory.domain.neighbours import OpenLane
from inventory.domain.orders import Order, OrderKind, OrderOutcome, OrderState
from inventory.domain.questions import AnswerOutcome
from inventory.domain.sales import Sale
from inventory.domain.store_plan import read_plan
from inventory.wire import (
    KNOWS,
    CatalogueChangedMessage,
    CatalogueDelta,
    CatalogueMessage,
    DecisionMessage,
    DoorMessage,
    HelpMessage,
    HelpUpdateMessage,
    InterventionMessage,
    LaneStateMessage,
    OpenLanesMessage,
    OrderMessage,
    OrderReport,
    PlanMessage,
    StockMessage,
)
from kiosk import failpoints, inputs, store_line, store_link
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.messages import (
    Event,
    HelpUpdated,
    InterventionDecided,
    ItemScanned,
    OrderReceived,
    StoreReached,
)
from kiosk.checkout.visit_events import DoorOrdered
from kiosk.clock import Clock
from kiosk.journal import Journal, Outgoing
from kiosk.shelf import Shelf, load_catalogue, load_plan, save_copy, shelf_from
from kiosk.store_line import StoreAddress
from kiosk.store_link import StoreLink
from tests.support import device_events
from tests.support.fake_store import Answer, FakeStore
from tests.support.lane_fakes import BUN, ITEMS, MILK, NOON, Walk, catalogue, item

wait_until = partial(device_events.wait_until, timeout_s=20)

LANE = "lane-3"
STORE_ID = DEMO.store_id


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A lane that waits for hundredths of a second where a real one waits for seconds."""
    monkeypatch.setattr(store_link, "pause_s", lambda _failures, _chance: 0.02)
    monkeypatch.setattr(store_link, "MIRROR_GAP_S", 0.0)
    monkeypatch.setattr(store_link, "NEWS_SILENCE_S", 3.0)
    yield
    failpoints._armed.clear()


@pytest.fixture
def store() -> Iterator[FakeStore]:
    store = FakeStore(catalogue())
    store.up()
    yield store
    store.down()


class LaneSide:
    """A StoreLink with the journal and the ear of a lane."""

    def __init__(
        self, folder: Path, url: str, *, token: str = "lane-token", shelf: Shelf | None = None
    ) -> None:
        self.folder = folder
        self.journal = Journal(folder / "journal.sqlite")
        self.heard: list[Event] = []
        self.refreshed = 0
        self.link = StoreLink(
            StoreAddress(url, token, LANE),
            journal=self.journal,
            clock=Clock(),
            catalogue_path=folder / "catalogue.json",
            shelf=shelf or Shelf(),
            post=self.heard.append,
            refresh=self._refresh,
            mirror=self._mirror,
            chance=Random(1),
        )

    def open(self) -> LaneSide:
        self.link.open()
        self.link.mirror_changed()
        return self

    def close(self) -> None:
        self.link.close()
        self.journal.close()

    def sell(self, number: int, goods: Item = MILK) -> Sale:
        """A paid sale in the outbox."""
        rate_bp = self.link.shelf.tax_rates_bp.get(goods.tax_class, 1000)
        walk = Walk().know_terminal()
        walk.take(ItemScanned(BasketLine(f"sale-{number:04}", goods, rate_bp, units=1)))
        sale = walk.pay().authorise().complete().state.sale
        assert sale is not None
        sale = replace(sale, receipt_no=number, store_id=STORE_ID)
        self.journal.append(
            "CardCompleted",
            "{}",
            at_utc=NOON,
            boot_id="boot",
            monotonic_s=1.0,
            outgoing=(
                Outgoing(
                    sale.sale_id,
                    inputs.encode_sale(sale),
                    catalogue_version=self.link.shelf.version,
                ),
            ),
        )
        self.link.sales_waiting()
        return sale

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.heard if isinstance(event, kind)]

    def _refresh(self) -> None:
        self.refreshed += 1

    def _mirror(self) -> LaneStateMessage:
        return LaneStateMessage(
            lane_id=LANE,
            screen="basket",
            language="en",
            currency="EUR",
            total_minor=129,
            outbox_waiting=self.journal.waiting_count(),
            at_utc=NOON,
        )


Opened = Callable[..., LaneSide]


@pytest.fixture
def lanes(tmp_path: Path) -> Iterator[Callable[..., LaneSide]]:
    made: list[LaneSide] = []

    def make(url: str, **how: str) -> LaneSide:
        made.append(LaneSide(tmp_path, url, **how))  # type: ignore[arg-type]  # only a token is ever given
        return made[-1]

    yield make
    for lane in made:
        lane.close()


def listening(store: FakeStore, lane: LaneSide) -> None:
    wait_until(lambda: store.listeners == 1 and bool(lane.of(StoreReached)))


def sent(lane: LaneSide) -> bool:
    return lane.journal.waiting_count() == 0


# --- going up and down ---------------------------------------------------------------------------


def test_c22_a_lane_that_starts_without_a_store_catches_up_when_it_comes(
    store: FakeStore, lanes: Opened
) -> None:
    store.down()
    lane = lanes(store.url)
    sales = [lane.sell(number).sale_id for number in (1, 2, 3)]
    lane.open()
    wait_until(lambda: lane.heard == [StoreReached(online=False)])
    assert lane.link.shelf.version == 0
    store.up()
    wait_until(lambda: sent(lane) and lane.link.shelf.version == 1)
    assert store.sales == store.sale_posts == sales, "oldest first, each once"
    wait_until(lambda: lane.heard[-1] == StoreReached(online=True))


def test_the_store_is_lost_and_found_again_and_said_once_each(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.down()
    lane.link.mirror_changed()
    wait_until(lambda: lane.heard[-1] == StoreReached(online=False))
    store.up()
    wait_until(lambda: lane.heard[-1] == StoreReached(online=True))
    assert [event.online for event in lane.heard if isinstance(event, StoreReached)] == [True, False, True]


def test_every_request_shows_the_lane_s_token(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url, token="token-of-three").open()
    lane.sell(1)
    wait_until(lambda: sent(lane) and store.listeners == 1)
    assert store.tokens == {"Bearer token-of-three"}


def test_the_token_stands_in_no_log(
    store: FakeStore, lanes: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="kiosk")
    store.spoil = lambda _method, path, _body: (500, b"") if path.endswith("state") else None
    lane = lanes(store.url, token="token-of-three").open()
    wait_until(lambda: StoreReached(online=False) in lane.heard)
    assert "token-of-three" not in caplog.text


def test_a_stumble_of_the_sender_is_not_taken_for_ever_as_a_lost_store(
    store: FakeStore, lanes: Opened
) -> None:
    """The stream of news may stay open all the time, so only the sender can say that it is back."""
    lane = lanes(store.url).open()
    listening(store, lane)
    store.spoil = lambda _method, path, _body: (503, b"") if path.endswith("state") else None
    lane.link.mirror_changed()
    wait_until(lambda: lane.heard[-1] == StoreReached(online=False))
    store.spoil = lambda _method, _path, _body: None
    wait_until(lambda: lane.heard[-1] == StoreReached(online=True))
    assert store.listeners == 1


# --- sales ---------------------------------------------------------------------------------------


def test_c23_a_sale_whose_acknowledgement_was_lost_is_sent_again_and_counted_once(
    store: FakeStore, lanes: Opened
) -> None:
    failpoints.arm("after-send-sale=io-error")
    lane = lanes(store.url).open()
    sale = lane.sell(1)
    wait_until(lambda: len(store.sale_posts) >= 3)
    assert lane.journal.waiting_count() == 1
    failpoints._armed.clear()
    wait_until(lambda: sent(lane))
    assert store.sales == [sale.sale_id]
    assert set(store.sale_posts) == {sale.sale_id}


def test_a_sale_says_from_which_prices_it_was_made_however_late_it_is_sent(
    store: FakeStore, lanes: Opened
) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    wait_until(lambda: lane.link.shelf.version == store.catalogue.version)
    before = store.catalogue.version
    store.down()
    first = lane.sell(1)
    store.catalogue = store.catalogue.model_copy(update={"version": before + 1})
    store.up()
    wait_until(lambda: lane.link.shelf.version == before + 1 and sent(lane))
    second = lane.sell(2)
    wait_until(lambda: sent(lane))
    assert (store.sold_from[first.sale_id], store.sold_from[second.sale_id]) == (str(before), str(before + 1))
    wait_until(lambda: store.state_versions[-1:] == [str(before + 1)])


def test_what_was_acknowledged_is_never_sent_again(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    lane.sell(1)
    wait_until(lambda: sent(lane))
    lane.sell(2)
    wait_until(lambda: sent(lane))
    assert store.sale_posts == ["sale-0001", "sale-0002"]


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_sale_the_store_cannot_take_is_kept_and_blocks_none_behind_it(
    store: FakeStore, lanes: Opened, status: int
) -> None:
    store.spoil = lambda _method, _path, body: (status, b"no") if b"sale-0001" in body else None
    lane = lanes(store.url)
    for number in (1, 2, 3):
        lane.sell(number)
    lane.open()
    wait_until(lambda: lane.journal.waiting_count() == 1)
    assert store.sales == ["sale-0002", "sale-0003"]
    assert [message.message_id for message in lane.journal.waiting()] == ["sale-0001"]


def test_any_number_of_refused_sales_blocks_none_behind_them(
    store: FakeStore, lanes: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_link, "SALES_AT_ONCE", 3)
    count = 8
    store.spoil = lambda _method, path, body: (
        (422, b"no") if path.endswith("sales") and b"sale-9999" not in body else None
    )
    lane = lanes(store.url)
    for number in range(count):
        lane.sell(number)
    lane.sell(9999)
    lane.open()
    wait_until(lambda: store.sales == ["sale-9999"])
    wait_until(lambda: lane.journal.waiting_count() == count)  # the lane notes it once it has the answer


def test_a_call_for_help_does_not_wait_behind_a_queue_of_sales(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url)
    for number in range(6):
        lane.sell(number)

    heard: list[str] = []

    def call_at_the_second_sale(_method: str, path: str, body: bytes) -> Answer | None:
        is_second = path.endswith("/sales") and b"sale-0001" in body
        heard.append("second sale" if is_second else path.rpartition("/")[2])
        if is_second:
            lane.link.say_help(help_message())
        return None

    store.spoil = call_at_the_second_sale
    lane.open()
    wait_until(lambda: lane.journal.waiting_count() == 0)
    assert heard[heard.index("second sale") + 1 :][:2] == ["help-1", "sales"]
    assert heard.index("state") < len(heard) - 1 - heard[::-1].index("sales"), (
        "the wall sees the lane meanwhile"
    )


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_store_in_trouble_is_asked_until_it_takes_the_sale(
    store: FakeStore, lanes: Opened, status: int
) -> None:
    tries: list[int] = []

    def troubled(_method: str, path: str, _body: bytes) -> Answer | None:
        if not path.endswith("sales") or len(tries) >= 3:
            return None
        tries.append(1)
        return status, b""

    store.spoil = troubled
    lane = lanes(store.url).open()
    lane.sell(1)
    wait_until(lambda: sent(lane))
    assert store.sales == ["sale-0001"]


@pytest.mark.parametrize("content", [b"<html>Please sign in</html>", b"", b"{}", b'{"outcome":"perhaps"}'])
def test_only_the_store_s_own_word_counts_as_taken(store: FakeStore, lanes: Opened, content: bytes) -> None:
    """A gateway between lane and store may answer 200 to anything."""
    store.spoil = lambda _method, path, _body: (200, content) if path.endswith("sales") else None
    lane = lanes(store.url).open()
    lane.sell(1)
    wait_until(lambda: StoreReached(online=False) in lane.heard)
    assert lane.journal.waiting_count() == 1
    store.spoil = lambda _method, _path, _body: None
    wait_until(lambda: sent(lane))
    assert store.sales == ["sale-0001"]


def test_a_journal_that_cannot_note_the_answer_does_not_end_the_conversation(
    store: FakeStore, lanes: Opened
) -> None:
    lane = lanes(store.url)
    lane.sell(1)
    lane.journal._db.execute("PRAGMA query_only = ON")
    lane.open()
    wait_until(lambda: len(store.sale_posts) >= 2)
    with lane.journal._turn:
        lane.journal._db.execute("PRAGMA query_only = OFF")
    wait_until(lambda: sent(lane))
    assert store.sales == ["sale-0001"]


# --- help and decisions --------------------------------------------------------------------------


def help_message(state: HelpState = HelpState.REQUESTED, help_id: str = "help-1") -> HelpMessage:
    return HelpMessage(
        help_id=help_id, lane_id=LANE, state=state, reason=HelpReason.PRICE, requested_at_utc=NOON
    )


def intervention(intervention_id: str = "age-1") -> InterventionMessage:
    return InterventionMessage(
        intervention_id=intervention_id, lane_id=LANE, kind=InterventionKind.AGE_CHECK, raised_at_utc=NOON
    )


def test_a_call_for_help_reaches_the_store_and_its_answer_the_lane(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    lane.link.say_help(help_message())
    wait_until(lambda: HelpUpdated("help-1", HelpState.DELIVERED, "") in lane.heard)
    assert store.said[0][0] == "/api/v1/help/help-1"
    assert store.said[0][1]["reason"] == "price"


def test_i5_what_could_not_be_said_is_said_later_and_only_the_newest_word_of_it(
    store: FakeStore, lanes: Opened
) -> None:
    store.down()
    lane = lanes(store.url).open()
    lane.link.say_help(help_message())
    lane.link.say_intervention(intervention())
    lane.link.say_help(help_message(HelpState.CANCELLED))
    wait_until(lambda: bool(lane.heard))
    store.up()
    wait_until(lambda: len(store.said) == 2)
    assert [(path, body.get("state")) for path, body in store.said] == [
        ("/api/v1/help/help-1", "cancelled"),
        ("/api/v1/interventions/age-1", None),
    ]


def test_a_word_said_while_an_older_one_is_on_its_way_is_not_lost(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url)

    def meanwhile(_method: str, path: str, body: bytes) -> Answer | None:
        if path.endswith("help-1") and b"requested" in body.partition(b"requested_at")[0]:
            lane.link.say_help(help_message(HelpState.CANCELLED))
        return None

    store.spoil = meanwhile
    lane.link.say_help(help_message())
    lane.open()
    wait_until(lambda: [body["state"] for _, body in store.said] == ["requested", "cancelled"])


def test_a_call_is_still_one_that_reopens_another_when_its_lane_has_only_just_started(
    store: FakeStore, lanes: Opened
) -> None:
    store.knows = KNOWS
    lane = lanes(store.url)
    lane.link.say_help(help_message(help_id="help-2").model_copy(update={"reopens": "help-1"}))
    lane.open()
    wait_until(lambda: bool(store.said))
    assert store.said[0][1].get("reopens") == "help-1"


def test_a_picture_the_store_refuses_keeps_no_call_waiting(store: FakeStore, lanes: Opened) -> None:
    store.spoil = lambda _method, path, _body: (422, b"no") if path.endswith("/state") else None
    lane = lanes(store.url)
    lane.link.say_help(help_message())
    lane.open()
    wait_until(lambda: HelpUpdated("help-1", HelpState.DELIVERED, "") in lane.heard)


def test_a_word_the_store_refuses_is_dropped_and_the_next_is_heard(store: FakeStore, lanes: Opened) -> None:
    store.spoil = lambda _method, path, _body: (422, b"no") if path.endswith("help-1") else None
    lane = lanes(store.url).open()
    lane.link.say_help(help_message())
    lane.link.say_help(help_message(help_id="help-2"))
    wait_until(lambda: HelpUpdated("help-2", HelpState.DELIVERED, "") in lane.heard)
    assert [path for path, _ in store.said] == ["/api/v1/help/help-2"]


def test_counts_of_answers_wait_for_the_store_and_go_as_one_report(store: FakeStore, lanes: Opened) -> None:
    store.down()
    lane = lanes(store.url).open()
    lane.link.count_answer("scan", "it", AnswerOutcome.NOT_HELPED)
    lane.link.count_answer("age", "it", AnswerOutcome.CALLED)
    wait_until(lambda: bool(lane.heard))
    store.up()
    wait_until(lambda: sum(len(body.get("counts", ())) for _, body in store.said) == 2)
    for path, body in store.said:
        assert path == f"/api/v1/answers/{body['report_id']}"
        assert body["lane_id"] == LANE


def test_counts_of_searches_outlive_a_power_cut_and_reach_the_store_once(
    store: FakeStore, lanes: Opened
) -> None:
    store.down()
    lane = lanes(store.url).open()
    lane.link.count_search("lievito", "it")
    lane.link.count_search("lievito", "it")
    wait_until(lambda: bool(lane.heard))
    store.up()
    wait_until(lambda: any(path.startswith("/api/v1/searches/") for path, _ in store.said))
    (told,) = [each for each in store.said if each[0].startswith("/api/v1/searches/")]
    assert told[0] == f"/api/v1/searches/{told[1]['report_id']}"
    assert told[1]["lane_id"] == LANE
    assert told[1]["counts"] == [{"term": "lievito", "language": "it", "count": 2}]


def test_an_answer_that_cannot_be_read_does_not_end_the_conversation(store: FakeStore, lanes: Opened) -> None:
    store.spoil = lambda _method, path, _body: (200, b"<html>") if path.endswith("help-1") else None
    lane = lanes(store.url).open()
    lane.link.say_help(help_message())
    wait_until(lambda: StoreReached(online=False) in lane.heard)
    lane.link.say_help(help_message(help_id="help-2"))
    lane.sell(1)
    wait_until(lambda: sent(lane) and HelpUpdated("help-2", HelpState.DELIVERED, "") in lane.heard)


def test_news_of_help_and_decisions_reach_the_lane_they_are_for(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    for lane_id in ("lane-1", LANE):
        store.tell(
            "help",
            HelpUpdateMessage(
                help_id=f"of-{lane_id}", lane_id=lane_id, state=HelpState.ACCEPTED, staff_name="Marco"
            ),
        )
        store.tell(
            "decision",
            DecisionMessage(
                intervention_id=f"of-{lane_id}",
                lane_id=lane_id,
                decision=Decision.APPROVED,
                staff_name="Marco",
            ),
        )
    expected = [
        HelpUpdated("of-lane-3", HelpState.ACCEPTED, "Marco"),
        InterventionDecided("of-lane-3", Decision.APPROVED, "Marco"),
    ]
    wait_until(lambda: [event for event in lane.heard if not isinstance(event, StoreReached)] == expected)


def test_a_decision_made_while_the_lane_was_away_comes_with_the_answer(
    store: FakeStore, lanes: Opened
) -> None:
    store.decisions["age-1"] = DecisionMessage(
        intervention_id="age-1", lane_id=LANE, decision=Decision.REFUSED, staff_name="Sara"
    )
    lane = lanes(store.url).open()
    lane.link.say_intervention(intervention())
    wait_until(lambda: InterventionDecided("age-1", Decision.REFUSED, "Sara") in lane.heard)


@pytest.mark.parametrize(
    "nonsense", ["{", "[]", '{"help_id": 7}', "x" * (store_line.MAX_EVENT_BYTES + 10)], ids=len
)
def test_nonsense_among_the_news_is_survived(store: FakeStore, lanes: Opened, nonsense: str) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.tell("help", nonsense)
    news = HelpUpdateMessage(help_id="help-1", lane_id=LANE, state=HelpState.ARRIVED, staff_name="Marco")

    def heard() -> bool:
        store.tell("help", news)
        return HelpUpdated("help-1", HelpState.ARRIVED, "Marco") in lane.heard

    wait_until(heard)


def test_news_this_program_does_not_know_are_passed_over(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.tell("weather", '{"rain": true}')
    store.tell("stock", StockMessage(gtin=BUN.gtin, on_hand_milli=5000, as_of_utc=NOON))
    wait_until(lambda: BUN.gtin in lane.link.shelf.stock)
    assert StoreReached(online=False) not in lane.heard


# --- the catalogue -------------------------------------------------------------------------------


def test_the_catalogue_is_fetched_kept_and_shown(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    wait_until(lambda: lane.refreshed == 1 and (lane.folder / "catalogue.json").exists())
    assert lane.link.shelf.by_gtin[MILK.gtin] == MILK
    assert lane.link.shelf.stock[MILK.gtin].on_hand_milli == 40_000
    assert load_catalogue(lane.folder / "catalogue.json") == store.catalogue


def test_a_newer_catalogue_is_fetched_when_the_store_says_so_and_the_same_one_is_not(
    store: FakeStore, lanes: Opened
) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.tell("catalogue", CatalogueChangedMessage(version=1))
    store.catalogue = catalogue(*ITEMS, item(77, "Novelty", 999), version=2)
    store.tell("catalogue", CatalogueChangedMessage(version=2))
    wait_until(lambda: lane.link.shelf.version == 2)
    assert lane.link.shelf.by_gtin[item(77).gtin].price_minor == 999
    assert store.catalogue_asked == ["since=0&mark=", "since=1&mark="]
    wait_until(lambda: lane.refreshed == 2)


def test_a_lane_with_the_newest_copy_fetches_nothing(store: FakeStore, tmp_path: Path) -> None:
    lane = LaneSide(tmp_path, store.url, shelf=shelf_from(catalogue())).open()
    listening(store, lane)
    assert store.catalogue_asked == ["since=1&mark="]
    assert lane.refreshed == 0
    lane.close()


NOVELTY = item(77, "Novelty", 999)


def marked(*items: Item, version: int) -> CatalogueMessage:
    goods = items or ITEMS
    update = {"mark": f"mark-{version}", "checksum": sum_of(goods)}
    return catalogue(*goods, version=version).model_copy(update=update)


def delta(**changes: object) -> CatalogueDelta:
    """From `marked(version=1)` to the novelty."""
    after = marked(*ITEMS, NOVELTY, version=2)
    made = CatalogueDelta(
        since=1,
        since_mark="mark-1",
        version=2,
        mark=after.mark,
        checksum=after.checksum,
        item_count=len(after.items),
        tax_rates_bp=after.tax_rates_bp,
        items=(NOVELTY,),
        dropped=(),
        stock=(StockMessage(gtin=NOVELTY.gtin, on_hand_milli=7000, as_of_utc=NOON),),
    )
    return made.model_copy(update=changes)


def test_changes_alone_are_fetched_put_to_the_copy_and_kept(store: FakeStore, lanes: Opened) -> None:
    store.catalogue = marked(version=1)
    lane = lanes(store.url).open()
    listening(store, lane)
    moved = StockMessage(gtin=MILK.gtin, on_hand_milli=1000, as_of_utc=NOON)
    store.tell("stock", moved)
    store.catalogue, store.deltas = marked(*ITEMS, NOVELTY, version=2), {1: delta()}
    store.tell("catalogue", CatalogueChangedMessage(version=2))
    wait_until(lambda: lane.link.shelf.version == 2)
    assert lane.link.shelf.by_gtin[NOVELTY.gtin].price_minor == 999
    assert lane.link.shelf.stock[NOVELTY.gtin].on_hand_milli == 7000
    assert lane.link.shelf.stock[MILK.gtin] == moved
    assert store.catalogue_asked == ["since=0&mark=", "since=1&mark=mark-1"]
    kept = lane.folder / "catalogue.json"
    wait_until(lambda: (found := load_catalogue(kept)) is not None and found.version == 2)
    found = load_catalogue(kept)
    assert found is not None
    assert {each.gtin for each in found.items} == {each.gtin for each in (*ITEMS, NOVELTY)}
    assert moved in found.stock


@pytest.mark.parametrize(
    "spoiled", [{"checksum": "0" * 32}, {"item_count": 1}, {"since_mark": "other"}, {"since": 0}, None]
)
def test_changes_that_do_not_add_up_make_the_lane_fetch_all(
    store: FakeStore, lanes: Opened, spoiled: dict[str, object] | None
) -> None:
    store.catalogue = marked(version=1)
    lane = lanes(store.url).open()
    listening(store, lane)
    store.catalogue = marked(*ITEMS, NOVELTY, version=2)
    if spoiled is None:
        store.spoil = lambda _method, path, _body: (226, b"{}") if "since=1" in path else None
    else:
        store.deltas = {1: delta(**spoiled)}
    store.tell("catalogue", CatalogueChangedMessage(version=2))
    wait_until(lambda: lane.link.shelf.version == 2)
    assert lane.link.shelf.by_gtin[NOVELTY.gtin] == NOVELTY
    assert store.catalogue_asked[-1] == "mark="
    assert StoreReached(online=False) not in lane.heard


def test_a_lane_asks_for_the_stock_that_moved_since_the_newest_it_knows(
    store: FakeStore, lanes: Opened
) -> None:
    asked: list[str] = []
    store.on_listen = asked.append
    lane = lanes(store.url).open()
    listening(store, lane)
    since = NOON - timedelta(minutes=5)
    assert asked == [f"/api/v1/events?since={quote(since.isoformat())}"]


def test_new_stock_is_shown_at_once(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.tell("stock", StockMessage(gtin=MILK.gtin, on_hand_milli=1000, as_of_utc=NOON))
    wait_until(lambda: lane.link.shelf.stock[MILK.gtin].on_hand_milli == 1000)
    wait_until(lambda: lane.refreshed == 2)


def test_the_plan_is_fetched_kept_and_given_up_when_the_store_has_none(
    store: FakeStore, lanes: Opened
) -> None:
    plan = read_plan((ASSETS / "demo" / "plan.toml").read_text("utf-8"), source="plan.toml")
    store.plan = PlanMessage(plan=plan)
    lane = lanes(store.url).open()
    wait_until(lambda: lane.link.shelf.plan == plan)
    wait_until(lambda: load_plan(lane.folder / "plan.json") == plan)
    store.tell("catalogue", CatalogueChangedMessage(version=7))
    wait_until(lambda: len(store.catalogue_asked) > 1)
    assert lane.link.shelf.plan == plan  # new prices are no reason to forget the shop
    store.plan = None
    store.down()
    store.up()
    wait_until(lambda: lane.link.shelf.plan is None)
    assert not (lane.folder / "plan.json").exists()


@pytest.mark.parametrize("answer", [(404, b"{}"), (200, b'{"plan": 7}'), (200, b"")])
def test_a_store_with_an_unusable_plan_is_listened_to_all_the_same(
    store: FakeStore, lanes: Opened, answer: tuple[int, bytes]
) -> None:
    store.spoil = lambda _method, path, _body: answer if "/plan" in path else None
    lane = lanes(store.url).open()
    listening(store, lane)
    assert lane.link.shelf.plan is None


def test_a_catalogue_that_cannot_be_kept_is_sold_from_all_the_same(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url)
    (lane.folder / "catalogue.new").mkdir()
    lane.open()
    wait_until(lambda: lane.link.shelf.version == 1 and store.listeners == 1)
    assert not (lane.folder / "catalogue.json").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xff", b'{"version": "x"}'])
def test_a_damaged_copy_is_no_copy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalogue.json"
    assert load_catalogue(path) is None
    path.write_bytes(content)
    assert load_catalogue(path) is None
    save_copy(path, catalogue())
    assert load_catalogue(path) == catalogue()


def test_goods_of_an_unknown_tax_class_are_not_sold_at_a_guess() -> None:
    strange = item(88, "Strange", tax_class="luxury", plu="4999")
    shelf = shelf_from(catalogue(MILK, strange))
    assert set(shelf.by_gtin) == {MILK.gtin}
    assert shelf.by_plu == {}
    assert shelf.finder.items == (MILK,)


# --- the mirror ----------------------------------------------------------------------------------


def test_the_tablet_s_picture_of_the_lane_is_sent_when_it_changes(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    wait_until(lambda: len(store.states) >= 1)
    before = len(store.states)
    lane.link.mirror_changed()
    wait_until(lambda: len(store.states) > before)
    assert store.states[-1]["total_minor"] == 129


# --- the real store ------------------------------------------------------------------------------


def test_the_real_store_takes_each_sale_once_and_stock_falls(tmp_path: Path) -> None:
    store = DemoStore(tmp_path / "store")
    lane = LaneSide(tmp_path, store.url, token=store.lane_token).open()
    try:
        wait_until(lambda: lane.link.shelf.version > 0)
        goods = next(each for each in lane.link.shelf.by_gtin.values() if each.sold_by is SoldBy.UNIT)
        before = store.on_hand()[goods.gtin]
        store.down()
        sold = [lane.sell(number, goods) for number in (1, 2)]
        failpoints.arm("after-send-sale=io-error")
        store.up()
        wait_until(lambda: len(store.sales()) == 1)
        failpoints._armed.clear()
        wait_until(lambda: sent(lane))
        assert [sale["id"] for sale in store.sales()] == [sale.sale_id for sale in sold]
        assert [sale["total_minor"] for sale in store.sales()] == [sale.total_minor for sale in sold]
        assert store.on_hand()[goods.gtin] == before - 2000
    finally:
        lane.close()
        store.close()


# --- orders to the terminal ----------------------------------------------------------------------

CLOSE = Order("order-1", OrderKind.CLOSE_DAY, LANE, "Ada")


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.SENT])
def test_an_order_reaches_the_lane_with_what_the_store_knows_of_it(
    store: FakeStore, lanes: Opened, state: OrderState
) -> None:
    side = lanes(store.url).open()
    wait_until(lambda: store.listeners == 1)
    store.tell("order", OrderMessage(order=CLOSE, state=state))
    wait_until(lambda: bool(side.of(OrderReceived)))
    assert side.of(OrderReceived) == [OrderReceived(CLOSE, was_sent=state is OrderState.SENT)]


def test_a_day_s_report_leaves_after_the_sales_it_is_compared_with(store: FakeStore, lanes: Opened) -> None:
    asked: list[str] = []

    def first_sale_fails(method: str, path: str, _body: bytes) -> Answer | None:
        if method == "GET" or path.endswith("/state"):
            return None
        asked.append(path)
        return (503, b"") if path.endswith("/sales") and asked.count(path) == 1 else None

    store.spoil = first_sale_fails
    side = lanes(store.url)
    side.link.say_order(
        OrderReport(outcome=OrderOutcome("order-1", OrderKind.CLOSE_DAY, LANE, OrderState.DONE, "EUR"))
    )
    side.sell(1)
    side.open()
    wait_until(lambda: any(path.endswith("/orders/order-1") for path, _ in store.said))
    assert asked == ["/api/v1/sales", "/api/v1/sales", "/api/v1/orders/order-1"]


def test_the_store_s_answer_to_a_picture_says_which_lanes_are_open(store: FakeStore, lanes: Opened) -> None:
    told = OpenLanesMessage(lanes=(OpenLane("lane-1", "1"), OpenLane("lane-3", "3")))
    body = told.model_dump_json().encode()
    store.spoil = lambda _method, path, _body: (200, body) if path.endswith("/state") else None
    lane = lanes(store.url).open()
    wait_until(lambda: lane.link.open_lanes == told.lanes and lane.refreshed > 0)


def test_a_door_moved_on_the_tablet_reaches_its_own_lane_alone(store: FakeStore, lanes: Opened) -> None:
    lane = lanes(store.url).open()
    listening(store, lane)
    store.tell("door", DoorMessage(door_id="d0", lane_id="lane-9", closed=True, staff_name="Marco"))
    store.tell("door", DoorMessage(door_id="d1", lane_id=LANE, closed=True, staff_name="Marco"))
    wait_until(lambda: lane.of(DoorOrdered) == [DoorOrdered("d1", True, "Marco")])
