"""What a sale costs in touches (UX §4.2), and that nothing but money ever stops the scanner.

A touch counts only where the screen offers it: enabled, in sight of the model, under that very name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random

import pytest

from hardware.events import (
    BarcodeRead,
    BarcodeRefused,
    CardAuthorised,
    CardCompleted,
    DeviceReady,
    LastPaymentReported,
    PrintFinished,
    QueryVerdict,
    ScanRefusal,
    WeightRefusal,
    WeightRefused,
    WeightSettled,
)
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import Decision
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import Phase
from kiosk.lane import Tapped
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, LastItem, PadModel, RowModel, ScreenModel, ScreenName
from tests.support.lane_fakes import (
    APPLES,
    BEER,
    BUN,
    MILK,
    WATER,
    LaneBench,
    Walk,
    evidence,
    line,
    shelf,
)
from tests.support.lane_walks import RandomWalk

GOODS = shelf()


def targets(value: object) -> Iterator[tuple[str, bool]]:
    """Everything on a screen that a finger can reach, and whether it does anything."""
    match value:
        case ButtonModel(tap_id=tap_id, enabled=enabled):
            yield tap_id, enabled
        case RowModel(tap_id=tap_id) | LastItem(tap_id=tap_id):
            yield tap_id, True
        case tuple():
            for part in value:
                yield from targets(part)
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = getattr(value, "tap_id", "")
            if named:
                yield named, True
            if isinstance(value, PadModel):  # the window draws its figures
                yield from ((f"digit:{figure}", True) for figure in range(10))
            for each in fields(value):
                yield from targets(getattr(value, each.name))
        case _:
            return


class Shopper:
    """Somebody at the lane who counts."""

    def __init__(self, bench: LaneBench) -> None:
        self.bench = bench
        self.touches = 0
        base = LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0007"))
        bench.work(DeviceReady(TERMINAL), base)

    @property
    def screen(self) -> ScreenModel:
        bench = self.bench
        scene = Scene(
            "Mercato Aurora", "3", bench.shelf, bench.clock.utc(), receipt_qr="QR", bag_gtin=BUN.gtin
        )
        return present(bench.state, scene)

    def where(self) -> ScreenName:
        return self.screen.name

    def scan(self, *goods: Item) -> None:
        for each in goods:
            self.bench.work(BarcodeRead("scanner", each.gtin.lstrip("0")))

    def tap(self, tap_id: str) -> None:
        reach = self.screen.sheet or self.screen
        found = dict(targets(reach)) | {self.screen.help.tap_id: True}
        assert found.get(tap_id), f"{tap_id} cannot be touched; there are {sorted(found)}"
        self.touches += 1
        self.bench.work(Tapped(tap_id))

    def tap_card(self) -> None:
        attempt = self.bench.state.payment.attempt
        assert attempt is not None, "the reader is armed"
        found = evidence("0008", attempt.amount_minor)
        self.bench.work(CardAuthorised(TERMINAL, attempt.attempt_id, found))
        self.bench.work(CardCompleted(TERMINAL, attempt.attempt_id))

    def pay(self) -> None:
        self.tap("pay")
        assert self.where() is ScreenName.PAY, "nothing stands between Pay and the card"
        self.tap_card()
        assert self.where() is ScreenName.THANKS


@pytest.fixture
def shopper(tmp_path: Path) -> Iterator[Shopper]:
    bench = LaneBench(tmp_path, bag_gtin=BUN.gtin)
    yield Shopper(bench)
    bench.close()


def test_the_first_scan_opens_the_basket_with_no_touch_at_all(shopper: Shopper) -> None:
    assert shopper.where() is ScreenName.ATTRACT
    shopper.scan(MILK)
    assert shopper.where() is ScreenName.BASKET
    assert [each.item for each in shopper.bench.state.basket.lines] == [MILK]
    assert shopper.touches == 0


@pytest.mark.parametrize("count", [1, 5, 30])
def test_any_number_of_items_paid_contactless_is_one_touch(shopper: Shopper, count: int) -> None:
    shopper.scan(*[(MILK, WATER)[number % 2] for number in range(count)])
    shopper.pay()
    shopper.bench.wait(11)
    assert shopper.where() is ScreenName.ATTRACT, "thanks closes by itself, the receipt is not forced"
    assert shopper.touches == 1


def test_a_bag_is_one_touch_more(shopper: Shopper) -> None:
    shopper.scan(MILK)
    shopper.tap("bag")
    assert [each.item for each in shopper.bench.state.basket.lines] == [MILK, BUN]
    shopper.pay()
    assert shopper.touches == 2


def test_loose_produce_is_two_touches(shopper: Shopper) -> None:
    shopper.tap("no-barcode")
    shopper.tap(f"tile:{APPLES.gtin}")
    shopper.bench.work(WeightSettled("scale", 485))
    assert shopper.bench.state.basket.lines[0].weight_g == 485
    assert shopper.touches == 2


@pytest.mark.parametrize("units", [2, 4, 6])
def test_a_quantity_is_two_touches_or_none(shopper: Shopper, units: int) -> None:
    shopper.scan(MILK)
    (line_id,) = [each.line_id for each in shopper.bench.state.basket.lines]
    shopper.tap(f"row:{line_id}")
    shopper.tap(f"units:{units}")
    assert shopper.bench.state.basket.lines[0].units == units
    assert shopper.touches == 2
    shopper.scan(MILK)
    assert shopper.bench.state.basket.lines[0].units == units + 1


def test_a_larger_quantity_is_three_touches_and_one_for_each_figure(shopper: Shopper) -> None:
    shopper.scan(MILK)
    (line_id,) = [each.line_id for each in shopper.bench.state.basket.lines]
    for touch in (f"row:{line_id}", "count", "digit:2", "digit:4", "pad-ok"):
        shopper.tap(touch)
    assert shopper.bench.state.basket.lines[0].units == 24
    assert shopper.touches == 3 + 2


def test_removing_an_item_is_two_touches_and_no_staff(shopper: Shopper) -> None:
    shopper.scan(MILK, WATER)
    shopper.tap(f"row:{shopper.bench.state.basket.lines[0].line_id}")
    shopper.tap("remove")
    assert [each.item for each in shopper.bench.state.basket.lines] == [WATER]
    assert shopper.touches == 2
    assert shopper.bench.voice.help == []


def test_removing_much_is_two_touches_each_and_stops_nobody_from_paying(shopper: Shopper) -> None:
    shopper.scan(MILK)
    for _ in range(4):
        shopper.scan(WATER)
        shopper.tap(f"row:{shopper.bench.state.basket.lines[-1].line_id}")
        shopper.tap("remove")
    assert shopper.touches == 8
    assert shopper.bench.voice.help == []
    assert [each.item for each in shopper.bench.state.basket.lines] == [MILK]
    shopper.pay()


def test_an_age_check_is_no_touch(shopper: Shopper) -> None:
    shopper.scan(BEER, MILK)
    check = shopper.bench.voice.interventions[-1]
    shopper.bench.work(m.InterventionDecided(check.intervention_id, Decision.APPROVED, "Marco"))
    shopper.pay()
    assert shopper.touches == 1


def test_help_is_one_touch_and_is_answered_on_the_screen_at_once(shopper: Shopper) -> None:
    shopper.tap("help")
    assert shopper.screen.banner is not None
    assert shopper.touches == 1


@pytest.mark.parametrize("where", ["attract", "basket", "pay", "thanks"])
def test_another_language_is_two_touches_on_any_screen(shopper: Shopper, where: str) -> None:
    if where != "attract":
        shopper.scan(MILK)
    if where in ("pay", "thanks"):
        shopper.tap("pay")
    if where == "thanks":
        shopper.tap_card()
    shopper.touches, basket = 0, shopper.bench.state.basket
    shopper.tap("language")
    shopper.tap("lang:it")
    assert (shopper.bench.state.language, shopper.touches) == ("it", 2)
    assert shopper.bench.state.basket == basket
    assert shopper.screen.name.value == where


def test_a_receipt_on_paper_is_one_touch_and_none_without(shopper: Shopper) -> None:
    shopper.scan(MILK)
    shopper.pay()
    shopper.touches = 0
    shopper.tap("print")
    shopper.bench.work(PrintFinished("printer", shopper.bench.sale().sale_id))
    assert shopper.touches == 1


def test_answering_for_a_silent_lane_is_one_touch(shopper: Shopper) -> None:
    shopper.scan(MILK)
    shopper.touches = 0
    for _ in range(12):
        shopper.bench.wait(91)
        assert shopper.where() is ScreenName.STILL_THERE
        shopper.tap("here")
        assert shopper.where() is ScreenName.BASKET
    assert shopper.touches == 12
    assert shopper.bench.state.basket.total_minor == MILK.price_minor


def test_a_touch_that_meets_nothing_keeps_the_lane_from_asking(shopper: Shopper) -> None:
    shopper.scan(MILK)
    for _ in range(5):
        shopper.bench.wait(80)
        shopper.bench.work(v.Touched())
    assert shopper.where() is ScreenName.BASKET
    assert "Touched" not in shopper.bench.kinds()


# --- the scanner never sleeps --------------------------------------------------------------------

_UNSETTLING = (
    lambda chance: WeightRefused("scale", chance.choice(tuple(WeightRefusal))),
    lambda chance: m.PlateSeen(chance.randint(-5, 500)),
    lambda chance: m.ScanRejected(chance.choice(tuple(m.ScanProblem)), "123"),
    lambda _chance: BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 600),
    lambda chance: m.SheetOpened(chance.choice(tuple(set(m.Sheet) - {m.Sheet.WEIGH})), "a"),
    lambda _chance: m.SheetOpened(m.Sheet.WEIGH, item=APPLES),
    lambda chance: m.PayObstructed(chance.choice(tuple(m.PayObstacle))),
    lambda chance: m.InterventionDecided("age-beer-1", chance.choice(tuple(Decision)), "Marco"),
    lambda _chance: m.HelpRequested("h"),
    lambda _chance: m.StoreReached(online=False),
    lambda chance: m.TimerExpired(chance.choice((m.Timer.IDLE, m.Timer.NOTICE))),
)


def test_weight_age_and_unknown_goods_never_disable_the_scanner() -> None:
    """A thousand random sequences; after each the next scan is in the basket."""
    for seed in range(1000):
        chance, walk = Random(seed), Walk()
        walk.scan(BEER, "beer-1")
        for _ in range(chance.randint(1, 12)):
            walk.take(chance.choice(_UNSETTLING)(chance))
        walk.take(m.ItemScanned(line(MILK, "next")))
        assert walk.state.phase is Phase.SCANNING
        assert walk.state.basket.line("next") is not None, seed


# --- what must not exist (UX §4.5) ---------------------------------------------------------------

_HATED = (
    "unexpected item",
    "tip",
    "donation",
    "charity",
    "approval needed",
    "call attendant",
    "start button",
)


def test_language_help_and_accessibility_are_on_every_screen_there_is() -> None:
    walk, chance = RandomWalk(), Random(8)
    for _ in range(2500):
        walk.wander(chance)
        scene = Scene("Mercato Aurora", "3", GOODS, walk.at, receipt_qr="QR")
        model = present(walk.state, scene)
        assert model.top.language is not None
        assert (model.help.tap_id, model.access.tap_id) == ("help", "accessibility")
        assert model.help.enabled


def test_no_screen_says_what_shoppers_hate() -> None:
    walk, chance = RandomWalk(), Random(9)
    for _ in range(1500):
        walk.wander(chance)
        said = str(present(walk.state, Scene("Aurora", "3", GOODS, walk.at))).lower()
        for words in _HATED:
            assert not re.search(rf"\b{words}\b", said)


def test_no_sound_is_made_without_something_that_happened_and_none_twice(shopper: Shopper) -> None:
    shopper.scan(MILK)
    shopper.bench.snapshots.clear()
    shopper.bench.wait(91)
    for _ in range(10):
        shopper.bench.wait(2)
    assert [each.sound for each in shopper.bench.snapshots if each.sound] == ["attention"]


def test_a_receipt_is_never_forced_on_anybody(shopper: Shopper) -> None:
    shopper.scan(MILK)
    shopper.pay()
    assert shopper.bench.printer.jobs == []
    shopper.bench.wait(11)
    assert shopper.bench.state.phase is Phase.ATTRACT
