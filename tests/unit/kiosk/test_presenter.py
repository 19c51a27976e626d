"""From state to screen: every state has a screen in every language, and the words tell the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.languages import FIRST_TIER, SHIPPED
from hardware.events import (
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    DeviceReady,
    LastPaymentReported,
    Paper,
    PaperChanged,
    PrintFailed,
    QueryVerdict,
    WeightRefusal,
    WeightRefused,
)
from inventory.domain.help_desk import Decision, HelpState
from kiosk.checkout import messages as m
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import LaneState, Phase
from kiosk.shelf import Shelf, shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    ButtonModel,
    CheckingModel,
    FindModel,
    Lamp,
    NoBarcodeModel,
    NotPaidModel,
    PayModel,
    ScreenModel,
    ScreenName,
    ThanksModel,
    WeighModel,
)
from tests.support.lane_fakes import APPLES, BEER, MILK, NOON, WATER, Walk, catalogue, evidence, item, shelf
from tests.support.lane_walks import RandomWalk

SHELF = shelf()


def scene(goods: Shelf = SHELF) -> Scene:
    return Scene("Mercato Aurora", "3", goods, NOON, receipt_qr="RECEIPT")


def shown(walk: Walk, goods: Shelf = SHELF) -> ScreenModel:
    return present(walk.state, scene(goods))


def everything(value: object) -> Iterator[object]:
    """Every value inside a model, however deep."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from everything(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from everything(each)


def strings(model: ScreenModel) -> list[str]:
    return [value for value in everything(model) if isinstance(value, str)]


def buttons(model: ScreenModel) -> dict[str, ButtonModel]:
    return {value.tap_id: value for value in everything(model) if isinstance(value, ButtonModel)}


def check(state: LaneState) -> None:
    for language in SHIPPED:
        model = present(replace(state, language=language), scene())
        assert model.language == language
        assert model.help.tap_id == "help", "help is on every screen"
        assert not [text for text in strings(model) if "%(" in text], "a place in a text was not filled"
        for button in buttons(model).values():
            assert button.tap_id
            assert button.label or button.icon


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60))
def test_every_state_a_lane_can_reach_has_a_screen_in_every_language(seed: int, steps: int) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(steps):
        walk.wander(chance)
    check(walk.state)


def test_a_long_day_never_meets_a_state_without_a_screen() -> None:
    walk, chance = RandomWalk(), Random(5)
    names: set[ScreenName] = set()
    for number in range(12_000):
        walk.wander(chance)
        if number % 50 == 0:  # a repaired disk, or the walk would see a closed lane only
            walk.state = replace(walk.state, devices=replace(walk.state.devices, storage_failed=""))
        names.add(present(walk.state, scene()).name)
    assert set(ScreenName) - names <= {ScreenName.HELP}, "help is a banner, every other name is a screen"


def test_the_same_state_gives_the_same_screen() -> None:
    walk = Walk().scan()
    assert shown(walk) == shown(walk)


# --- before and during scanning ------------------------------------------------------------------


def attract(model: ScreenModel) -> AttractModel:
    assert isinstance(model.body, AttractModel)
    return model.body


def test_what_does_not_work_is_said_before_the_first_scan() -> None:
    walk = Walk()
    assert "No cards at this lane now." in attract(shown(walk)).notice
    assert "getting its prices" in attract(shown(walk, Shelf())).notice
    walk.take(DeviceReady(TERMINAL))
    assert attract(shown(walk)).notice == ""


def test_the_welcome_stands_there_in_every_language() -> None:
    body = attract(shown(Walk()))
    assert len({body.title, *body.other_titles}) == len(FIRST_TIER)
    assert [button.tap_id for button in body.languages if button.chosen] == ["lang:en"]


def basket(model: ScreenModel) -> BasketModel:
    assert isinstance(model.body, BasketModel)
    return model.body


def test_the_newest_row_is_big_and_the_others_follow_newest_first() -> None:
    body = basket(shown(Walk().scan(MILK, "a").scan(WATER, "b").scan(BEER, "c")))
    assert body.last is not None
    assert (body.last.tap_id, body.last.tick) == ("row:c", "Added")
    assert [row.tap_id for row in body.rows] == ["row:b", "row:a"]
    assert body.total == body.pay_amount == "€4.42"


def test_a_row_shows_what_its_price_is_made_of() -> None:
    walk = Walk().scan(WATER, "b", units=2)
    walk.scan(APPLES, "w", weight_g=435)
    body = basket(shown(walk))
    assert body.last is not None
    assert body.last.detail == "0.435 kg × €2.09/kg"
    assert body.rows[0].name == "2 × Water"
    assert "€0.50" in body.rows[0].detail
    assert body.rows[0].amount == "2.28"


def test_an_empty_basket_cannot_be_paid() -> None:
    walk = Walk().scan()
    assert basket(shown(walk)).pay.enabled
    walk.take(m.LineRemoved("a"))
    assert not basket(shown(walk)).pay.enabled
    assert basket(shown(walk)).last is None


@pytest.mark.parametrize("problem", list(m.ScanProblem))
def test_every_refused_scan_is_explained(problem: m.ScanProblem) -> None:
    walk = Walk().scan()
    walk.take(m.ScanRejected(problem))
    strip = shown(walk).strip
    assert strip is not None
    assert strip.text


@pytest.mark.parametrize("obstacle", list(m.PayObstacle))
def test_every_reason_why_pay_cannot_start_is_explained(obstacle: m.PayObstacle) -> None:
    walk = Walk().scan()
    walk.take(m.PayObstructed(obstacle))
    strip = shown(walk).strip
    assert strip is not None
    assert strip.lead


def test_only_countable_rows_have_plus_and_minus() -> None:
    walk = Walk().scan(MILK, "a").scan(APPLES, "w", weight_g=435)
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"))
    assert {"more", "less", "remove"} <= set(buttons(shown(walk)))
    assert not buttons(shown(walk))["less"].enabled, "the last piece goes by Remove"
    walk.take(m.SheetOpened(m.Sheet.ROW, "w"))
    assert not {"more", "less"} & set(buttons(shown(walk)))
    assert shown(walk).name is ScreenName.ROW


def test_the_row_s_sheet_of_a_row_that_has_gone_is_not_drawn() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ROW, "gone"))
    assert shown(walk).name is ScreenName.BASKET
    assert shown(walk).sheet is None


# --- search, loose goods, scale ------------------------------------------------------------------


def finding(query: str, goods: Shelf = SHELF, chosen: str = "", now: timedelta = timedelta()) -> FindModel:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), m.QueryTyped(query), CardOpened(chosen))
    body = present(walk.state, replace(scene(goods), now_utc=NOON + now)).body
    assert isinstance(body, FindModel)
    return body


def test_the_first_result_is_open_and_without_a_plan_there_is_no_map() -> None:
    body = finding("milk")
    assert [found.chosen for found in body.results] == [True]
    assert body.map is None
    assert body.results[0].place == "Aisle 7 · Bay 2"


def test_a_result_that_has_left_the_catalogue_is_no_longer_open() -> None:
    assert finding("milk", chosen="00000000000000").results[0].chosen


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-90), "checked just now"),
        (timedelta(seconds=59), "checked just now"),
        (timedelta(minutes=1), "checked 1 minute ago"),
        (timedelta(minutes=59), "checked 59 minutes ago"),
        (timedelta(hours=1), "checked 1 hour ago"),
        (timedelta(days=3), "checked 72 hours ago"),
    ],
)
def test_a_stock_band_has_the_age_of_its_record(ago: timedelta, words: str) -> None:
    found = finding("milk", now=ago).results[0]
    assert (found.bars, found.band, found.age) == (3, "Plenty", words)


def test_stock_that_nobody_knows_is_not_guessed() -> None:
    found = finding("water").results[0]
    assert (found.bars, found.age) == (0, "")


def test_no_exact_number_of_pieces_is_ever_shown() -> None:
    assert "40" not in " ".join(text for text in strings_of(finding("milk")) if "€" not in text)


def strings_of(body: FindModel) -> list[str]:
    return [value for found in body.results for value in everything(found) if isinstance(value, str)]


def tiles(page: int, count: int) -> NoBarcodeModel:
    loose = tuple(item(200 + n, f"Fruit {n:02}", plu=f"{4000 + n}") for n in range(count))
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.NO_BARCODE), m.ResultChosen(page=page))
    goods = shelf_from(catalogue(*loose)) if loose else Shelf()
    body = shown(walk, goods).body
    assert isinstance(body, NoBarcodeModel)
    return body


@pytest.mark.parametrize("page", [-5, 0, 1, 2, 3, 10**9])
def test_tiles_come_page_by_page_and_no_page_is_out_of_reach(page: int) -> None:
    body = tiles(page, 14)
    place = min(max(page, 0), 2)
    assert [tile.name for tile in body.tiles] == [
        f"Fruit {n:02}" for n in range(place * 6, min(14, place * 6 + 6))
    ]
    assert (body.previous is None) == (place == 0)
    assert (body.next is None) == (place == 2)


def test_without_loose_goods_the_page_is_empty_and_can_be_left() -> None:
    body = tiles(0, 0)
    assert (body.tiles, body.previous, body.next) == ((), None, None)


@pytest.mark.parametrize("place", ["attract", "scanning", "not paid", "thanks"])
def test_goods_for_the_scale_are_shown_wherever_they_were_scanned(place: str) -> None:
    walk = PLACES[place]()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES))
    body = shown(walk).body
    assert isinstance(body, WeighModel)
    assert (body.name, body.price, body.again) == ("Apples", "€2.09/kg", None)
    assert "close" in buttons(shown(walk)), "there is a way back"


@pytest.mark.parametrize("reason", list(WeightRefusal))
def test_every_refused_weight_is_explained_and_can_be_tried_again(reason: WeightRefusal) -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES), WeightRefused("scale", reason))
    body = shown(walk).body
    assert isinstance(body, WeighModel)
    assert body.again is not None
    assert body.text


# --- money ---------------------------------------------------------------------------------------


def doubtful() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    return walk


def declined(reason: DeclineReason = DeclineReason.REFUSED_BY_BANK) -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", reason, 0x6C))
    if walk.state.phase is Phase.SCANNING:
        walk.pay("try-2").take(CardDeclined(TERMINAL, "try-2", DeclineReason.OTHER, 0x6C))
    return walk


def paid() -> Walk:
    return Walk().know_terminal().scan().pay().authorise().complete()


PLACES: dict[str, Callable[[], Walk]] = {
    "attract": Walk,
    "scanning": lambda: Walk().scan(),
    "not paid": declined,
    "thanks": paid,
}


def paying(model: ScreenModel) -> PayModel:
    assert isinstance(model.body, PayModel)
    return model.body


def test_the_steps_of_paying_go_forwards_with_the_terminal() -> None:
    walk = Walk().know_terminal().scan().pay()
    assert (shown(walk).name, paying(shown(walk)).busy) == (ScreenName.PAY, False)
    places = []
    for phase in (CardPhase.PRESENT_CARD, CardPhase.ENTER_PIN, CardPhase.CONTACTING_BANK):
        walk.take(CardProgress(TERMINAL, "try-1", phase))
        places.append([step.state for step in paying(shown(walk)).steps].index("now"))
    assert places == [0, 1, 2]
    assert shown(walk.authorise()).name is ScreenName.PAYING
    assert [step.state for step in paying(shown(walk)).steps] == ["done", "done", "done", "now"]


@pytest.mark.parametrize("phase", list(CardPhase))
def test_every_phase_of_the_card_has_words(phase: CardPhase) -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardProgress(TERMINAL, "try-1", phase))
    assert paying(shown(walk)).headline


def test_a_wrong_pin_stays_on_the_screen_while_the_reader_asks_for_the_next() -> None:
    walk = Walk().know_terminal().scan().pay()
    wrong = "That PIN did not fit. Try again on the reader."
    for phase, words in (
        (CardPhase.ENTER_PIN, "Enter your PIN on the reader"),
        (CardPhase.WRONG_PIN, wrong),
        (CardPhase.ENTER_PIN, wrong),
        (CardPhase.CONTACTING_BANK, "Asking your bank"),
        (CardPhase.ENTER_PIN, "Enter your PIN on the reader"),
    ):
        walk.take(CardProgress(TERMINAL, "try-1", phase))
        assert paying(shown(walk)).headline == words


def test_what_is_charged_is_the_attempt_s_amount_whatever_was_scanned_since() -> None:
    walk = Walk().know_terminal().scan().pay().scan(WATER, "b")
    assert paying(shown(walk)).amount == "€1.29"
    assert "waiting" in paying(shown(walk)).hint


@pytest.mark.parametrize(
    "reason", [reason for reason in DeclineReason if reason is not DeclineReason.CANCELLED]
)
def test_every_decline_says_that_nothing_was_charged(reason: DeclineReason) -> None:
    body = shown(declined(reason)).body
    assert isinstance(body, NotPaidModel)
    assert body.headline
    assert body.assurance == "You have not been charged."


def test_another_amount_is_said_with_what_to_do_and_help_is_named() -> None:
    body = shown(declined(DeclineReason.OTHER_AMOUNT)).body
    assert isinstance(body, NotPaidModel)
    assert body.headline == "The card reader used another amount"
    assert body.text == "Please try again, or tap Help. Your basket is kept."
    assert [button.label for button in body.buttons] == [
        "Try again",
        "Cash or voucher",
        "Back to basket",
        "Questions",
    ]


def test_p8_a_charge_the_terminal_shows_after_all_is_not_called_uncharged_and_nobody_is_asked_to_pay() -> (
    None
):
    walk = doubtful()
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    assert "You have not been charged." in strings(shown(walk))
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0008")))
    model = shown(walk)
    assert isinstance(model.body, NotPaidModel)
    assert "You have not been charged." not in strings(model)
    assert "Please do not pay again." in strings(model)
    assert [button.tap_id for button in model.body.buttons] == ["back"]


def test_p8_while_checking_nobody_is_asked_to_pay_again() -> None:
    walk = doubtful()
    model = shown(walk)
    assert isinstance(model.body, CheckingModel)
    assert "Please do not pay again." in strings(model)
    assert not {"pay", "back"} & set(buttons(model))
    assert "30 seconds" in model.body.text
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    assert "A colleague has been called." in shown(walk).body.text  # type: ignore[union-attr]  # as above


def test_c15_a_payment_that_cannot_be_written_down_is_never_shown_as_waiting_for_a_card() -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(m.StorageFailed("try-1", "disk full"))
    model = shown(walk)
    assert isinstance(model.body, CheckingModel)
    assert "Please do not pay again." in strings(model)
    assert "A colleague has been called." in model.body.text
    assert model.top.lamp is Lamp.CLOSED


def test_a_lane_that_cannot_write_says_so_and_offers_no_payment() -> None:
    walk = Walk().scan()
    walk.take(m.StorageFailed("", "disk full"))
    model = shown(walk)
    assert model.name is ScreenName.DEGRADED
    assert "pay" not in buttons(model)


def thanks(model: ScreenModel) -> ThanksModel:
    assert isinstance(model.body, ThanksModel)
    return model.body


def test_thanks_name_the_amount_and_what_was_not_paid_yet() -> None:
    assert thanks(shown(paid())).headline == "Paid €1.29"
    walk = Walk().know_terminal().scan().pay().authorise().scan(WATER, "b").complete()
    assert thanks(shown(walk)).text == "Not paid yet, please scan again: Water"


def test_without_paper_there_is_a_code_and_no_print_button() -> None:
    walk = paid()
    assert thanks(shown(walk)).print_button is not None
    walk.take(PaperChanged("printer", Paper.OUT))
    assert thanks(shown(walk)).print_button is None
    assert thanks(shown(walk)).qr == "RECEIPT"


def test_after_a_failed_print_the_payment_is_called_safe_and_a_copy_is_offered() -> None:
    walk = paid()
    walk.take(m.ReceiptWanted())
    assert thanks(shown(walk)).print_button is None
    walk.take(PrintFailed("printer", "a", "cover open"))
    assert "Your payment is safe" in thanks(shown(walk)).receipt_text
    button = thanks(shown(walk)).print_button
    assert button is not None
    assert button.label == "Print a copy"


# --- help ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "lamp"),
    [
        (HelpState.REQUESTED, Lamp.CALLING),
        (HelpState.DELIVERED, Lamp.CALLING),
        (HelpState.ACCEPTED, Lamp.COMING),
        (HelpState.EN_ROUTE, Lamp.COMING),
        (HelpState.ARRIVED, Lamp.HERE),
        (HelpState.RESOLVED, Lamp.FREE),
    ],
)
def test_the_lamp_shows_how_far_help_has_come(state: HelpState, lamp: Lamp) -> None:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=True), m.HelpRequested("help-1"))
    walk.take(m.HelpUpdated("help-1", state, "Marco"))
    model = shown(walk)
    assert model.top.lamp is lamp
    assert model.banner is not None
    assert model.banner.initial == ("" if state is HelpState.REQUESTED else "M")


def test_offline_help_promises_only_the_light() -> None:
    walk = Walk().scan()
    walk.take(m.HelpRequested("help-1"))
    banner = shown(walk).banner
    assert banner is not None
    assert banner.title == "The light is on"
    walk.take(m.StoreReached(online=True))
    banner = shown(walk).banner
    assert banner is not None
    assert banner.title == "Help is called"


@pytest.mark.parametrize("state", [HelpState.REQUESTED, HelpState.ACCEPTED, HelpState.EN_ROUTE])
@pytest.mark.parametrize("online", [True, False])
def test_nobody_is_asked_to_scan_while_a_payment_is_checked(state: HelpState, online: bool) -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(
        m.StoreReached(online=online), m.HelpRequested("help-1"), m.HelpUpdated("help-1", state, "Marco")
    )
    before = shown(walk).banner
    assert before is not None
    assert "scanning" in before.text
    walk.complete()  # without an authorisation: a doubt
    assert walk.state.phase is Phase.CHECKING
    checking = shown(walk).banner
    assert checking is not None
    assert checking.title == before.title
    assert "scan" not in checking.text.lower()
