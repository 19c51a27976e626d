"""The scan gate and the taps: raw happenings become events, and no rubbish ever raises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    BarcodeRead,
    CardDeclined,
    CardInDoubt,
    DeclineReason,
    WeightRefusal,
    WeightRefused,
    WeightSettled,
)
from inventory.domain.catalogue import MAX_WEIGHT_G, SoldBy
from inventory.domain.help_desk import Decision, HelpReason
from inventory.domain.identifiers import with_check_digit
from inventory.domain.pricing import GivenPrice
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import Devices, LaneState, Phase, View
from kiosk.intake import MAX_LABEL_MINOR, QUERY_LIMIT, Intake
from kiosk.shelf import Shelf, shelf_from
from tests.support.lane_fakes import (
    APPLES,
    BEER,
    BUN,
    HAM,
    ITEMS,
    MILK,
    TID,
    WATER,
    HandClock,
    Walk,
    catalogue,
    counter,
    evidence,
    fresh_state,
    item,
    lane_config,
)

EAN = MILK.gtin.lstrip("0")


def gate(shelf: Shelf | None = None, **lane: str) -> Intake:
    goods = shelf or shelf_from(catalogue())
    config = lane_config(Path("nowhere"), **lane)
    return Intake(config, HandClock(), counter(), "boot-1", lambda: goods)


def scan(
    text: str, state: LaneState | None = None, intake: Intake | None = None, symbology: str | None = None
) -> m.Event:
    event = (intake or gate()).barcode(BarcodeRead("scanner", text, symbology), state or fresh_state())
    assert event is not None
    return event


def scanned(event: m.Event) -> BasketLine:
    assert isinstance(event, m.ItemScanned), event
    return event.line


def problem(event: m.Event) -> m.ScanProblem:
    assert isinstance(event, m.ScanRejected), event
    return event.problem


def price_label(prefix: str, measure: int) -> str:
    return with_check_digit(f"{prefix}{measure:05d}")


@pytest.mark.parametrize("prefix", ["981", "984", "990", "999"])
def test_a_coupon_is_called_a_coupon(prefix: str) -> None:
    assert problem(scan(with_check_digit(f"{prefix}000000123"))) is m.ScanProblem.COUPON


def test_a_bag_is_taken_back_one_by_one() -> None:
    intake = gate(bag_gtin=BUN.gtin)
    walk = Walk().scan()
    assert intake.tap("bag-less", walk.state) is None
    walk.scan(BUN, "bag", units=2)
    assert intake.tap("bag-less", walk.state) == m.UnitsChanged("bag", -1)


@pytest.mark.parametrize(
    ("tapped", "delta"), [("units:4", 3), ("units:1", None), ("units:0", None), ("units:77", None)]
)
def test_a_number_sets_the_pieces_of_the_open_row(tapped: str, delta: int | None) -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"))
    wanted = None if delta is None else m.UnitsChanged("a", delta)
    assert gate().tap(tapped, walk.state) == wanted


# --- barcodes ------------------------------------------------------------------------------------


def test_a_barcode_of_the_catalogue_is_one_piece_at_today_s_price_and_tax() -> None:
    assert scanned(scan(EAN)) == BasketLine("id-1", MILK, 1000, units=1)


def test_every_line_has_an_id_of_its_own() -> None:
    intake = gate()
    ids = {scanned(scan(EAN, intake=intake)).line_id for _ in range(5)}
    assert len(ids) == 5


def test_goods_nobody_knows_become_a_row_that_waits_for_its_price() -> None:
    row = scanned(scan("9506000134352"))
    assert (row.pending, row.units, row.amount_minor, row.item.gtin) == (True, 1, 0, "09506000134352")


def test_goods_that_staff_priced_in_this_basket_are_priced_at_once_when_scanned_again() -> None:
    walk = Walk().scan()
    walk.take(scan("9506000134352", walk.state))
    (row,) = walk.state.basket.pending
    given = GivenPrice("Rye bread", 340, "EUR", "reduced", 1000)
    walk.take(m.InterventionDecided(f"price-{row.line_id}", Decision.APPROVED, "Marco", given))
    walk.take(scan("9506000134352", walk.state))
    assert walk.state.basket.pending == ()
    assert walk.state.basket.lines[-1].units == 2
    assert walk.state.basket.total_minor == 129 + 680


def test_who_asks_in_the_search_what_goods_cost_gets_no_row() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND))
    event = scan("9506000134352", walk.state)
    assert event == m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, "9506000134352")


def test_an_empty_shelf_knows_nothing() -> None:
    assert problem(scan(EAN, intake=gate(Shelf()))) is m.ScanProblem.UNKNOWN_ITEM


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EAN[:-1] + str((int(EAN[-1]) + 1) % 10), m.ScanProblem.UNREADABLE),
        ("", m.ScanProblem.UNREADABLE),
        ("   ", m.ScanProblem.UNREADABLE),
        (EAN + "\x00", m.ScanProblem.UNREADABLE),
        ("\x1b[2J" + EAN, m.ScanProblem.UNREADABLE),
        ("9" * 10_240, m.ScanProblem.UNREADABLE),
        ("https://example.com/" + "a" * 10_000, m.ScanProblem.UNREADABLE),
        ("https://example.com/", m.ScanProblem.NOT_A_PRODUCT),
        ("Robert'); DROP TABLE entry;--", m.ScanProblem.NOT_A_PRODUCT),
        ("123", m.ScanProblem.NOT_A_PRODUCT),
        ("٤٠٢٠", m.ScanProblem.UNREADABLE),
    ],
)
def test_what_is_no_product_is_refused_and_never_raises(text: str, expected: m.ScanProblem) -> None:
    assert problem(scan(text)) is expected


@given(text=st.text(max_size=600), symbology=st.sampled_from([None, "]E0", "]C1", "]d2", "]Q3", "", "]"]))
def test_no_text_of_any_scanner_raises(text: str, symbology: str | None) -> None:
    event = scan(text, symbology=symbology)
    assert isinstance(event, m.ItemScanned | m.ScanRejected | m.SheetOpened)


def test_a_refused_code_is_kept_short() -> None:
    element_string = f"010{with_check_digit('950600013435')}10" + "A" * 20 + "\x1d21" + "B" * 20
    event = scan(element_string, symbology="]C1")
    assert len(scanned(event).item.gtin) == 14

    event = scan(element_string, symbology="]C1", intake=gate(Shelf()))
    assert isinstance(event, m.ScanRejected)
    assert len(event.code) <= QUERY_LIMIT


def test_a_price_label_sells_by_its_price() -> None:
    sold = scanned(scan(price_label(HAM.label_prefix, 945)))
    assert (sold.item, sold.units, sold.label_price_minor, sold.goods_minor) == (HAM, 1, 945, 945)


def test_a_price_label_of_a_piece_sold_by_the_unit_sells_by_its_price_too() -> None:
    pie = replace(HAM, sold_by=SoldBy.UNIT, price_minor=100)
    sold = scanned(scan(price_label(pie.label_prefix, 945), intake=gate(shelf_from(catalogue(pie)))))
    assert (sold.units, sold.goods_minor) == (1, 945)


def test_a_label_price_beyond_reason_is_refused() -> None:
    assert scanned(scan(price_label(HAM.label_prefix, MAX_LABEL_MINOR))).goods_minor == MAX_LABEL_MINOR
    too_dear = price_label(HAM.label_prefix, MAX_LABEL_MINOR + 1)
    assert problem(scan(too_dear)) is m.ScanProblem.LABEL_PRICE


def test_a_label_nobody_prints_here_waits_for_a_price_and_its_own_is_not_believed() -> None:
    row = scanned(scan(price_label("2999999", 100)))
    assert (row.pending, row.amount_minor) == (True, 0)


def test_a_number_that_only_looks_like_a_label_is_its_own_product_first() -> None:
    number = price_label(HAM.label_prefix, 945)
    own = item(99, "House biscuits", 250)
    goods = (*ITEMS, replace(own, gtin=number.zfill(14)))
    sold = scanned(scan(number, intake=gate(shelf_from(catalogue(*goods)))))
    assert (sold.item.name("en"), sold.goods_minor, sold.label_price_minor) == ("House biscuits", 250, None)


def test_a_weight_label_sells_by_its_weight_where_the_region_prints_such() -> None:
    ham = replace(HAM, label_prefix="28123456"[:6])
    intake = gate(shelf_from(catalogue(ham)), label_region="de")
    reading = next(
        event
        for check in range(10)
        if isinstance(event := scan(with_check_digit(f"281234{check}00435"), intake=intake), m.ItemScanned)
    )
    assert (reading.line.weight_g, reading.line.units) == (435, 0)


def test_a_weight_inside_the_symbol_is_taken() -> None:
    text = f"01{APPLES.gtin}3103000435"
    sold = scanned(scan(text, symbology="]e0"))
    assert (sold.item, sold.weight_g) == (APPLES, 435)


def test_a_plu_of_loose_goods_opens_the_scale_and_one_by_the_piece_is_added() -> None:
    assert scan(APPLES.plu) == m.SheetOpened(m.Sheet.WEIGH, item=APPLES)
    assert scanned(scan(BUN.plu)).units == 1
    assert problem(scan("9999")) is m.ScanProblem.UNKNOWN_ITEM


@pytest.mark.parametrize("phase", [Phase.PAYING, Phase.CHECKING])
def test_while_paying_there_is_no_room_for_the_scale(phase: Phase) -> None:
    state = replace(fresh_state(), phase=phase)
    assert problem(scan(APPLES.plu, state)) is m.ScanProblem.WHILE_PAYING
    assert isinstance(scan(EAN, state), m.ItemScanned)


def test_an_unknown_label_region_falls_back_to_the_usual_rules() -> None:
    event = scan(price_label(HAM.label_prefix, 945), intake=gate(label_region="xx"))
    assert scanned(event).goods_minor == 945


# --- weights -------------------------------------------------------------------------------------


def weighing(plate_g: int = 0) -> LaneState:
    view = View(sheet=m.Sheet.WEIGH, weighing=APPLES)
    return replace(fresh_state(), view=view, devices=Devices(plate_g=plate_g))


def weight(weight_g: int, state: LaneState | None = None) -> m.Event | None:
    return gate().weight(WeightSettled("scale", weight_g), state or weighing())


def test_a_settled_weight_becomes_a_line() -> None:
    event = weight(435)
    assert isinstance(event, m.ItemScanned)
    assert (event.line.item, event.line.weight_g) == (APPLES, 435)


@pytest.mark.parametrize("weight_g", [-40, -1, 0, 4])
def test_a_crumb_a_breeze_and_less_than_nothing_are_no_goods(weight_g: int) -> None:
    assert weight(weight_g) == m.PlateSeen(weight_g)


@pytest.mark.parametrize("weight_g", [MAX_WEIGHT_G + 1, 10**9])
def test_a_weight_beyond_the_scale_is_implausible(weight_g: int) -> None:
    assert weight(weight_g) == WeightRefused("scale", WeightRefusal.IMPLAUSIBLE)


@pytest.mark.parametrize(("weight_g", "is_new"), [(435, False), (431, False), (439, False), (445, True)])
def test_what_still_lies_there_from_before_is_not_sold_again(weight_g: int, is_new: bool) -> None:
    event = weight(weight_g, weighing(plate_g=435))
    assert isinstance(event, m.ItemScanned) is is_new
    assert is_new or event == m.PlateSeen(weight_g)


def test_a_weight_nobody_asked_for_is_nothing() -> None:
    assert weight(435, fresh_state()) is None
    assert weight(435, replace(weighing(), view=View(weighing=APPLES))) is None


@given(weight_g=st.integers(-(10**6), 10**6), plate_g=st.integers(0, MAX_WEIGHT_G))
def test_no_weight_raises_and_none_is_sold_that_no_scale_shows(weight_g: int, plate_g: int) -> None:
    event = weight(weight_g, weighing(plate_g))
    if isinstance(event, m.ItemScanned):
        assert 0 < event.line.weight_g <= MAX_WEIGHT_G
        assert event.line.weight_g == weight_g


# --- taps ----------------------------------------------------------------------------------------


def paid() -> Walk:
    return Walk().know_terminal().scan().pay().authorise().complete()


def doubtful() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    return walk


def declined() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.OTHER, 1))
    return walk


PLACES: dict[str, Callable[[], Walk]] = {
    "attract": Walk,
    "scanning": lambda: Walk().scan().scan(WATER, "b"),
    "paying": lambda: Walk().know_terminal().scan().pay(),
    "checking": doubtful,
    "not paid": declined,
    "thanks": paid,
}

VERBS = (
    *("pay", "help", "cancel", "all-fixed", "reason", "lang", "language", "find", "no-barcode", "done"),
    *("close", "weigh-back", "back", "print", "face", "row", "more", "less", "remove", "bag", "result"),
    *("tile", "add", "page", "accents", "key", "space", "erase", "again", "nonsense", ""),
)
SUBJECTS = (
    *("", "x", "garbage", "-1", "0", "1", "2", "999", "99999999999", "²", "١", "1.5", "1e9", "en", "good"),
    *("price", "a", MILK.gtin, APPLES.gtin, "😀", "a" * 5000, "9" * 5000, "\x00", ":", "a:b"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("verb", VERBS)
def test_no_tap_id_is_harmful_in_any_place(verb: str, place: str) -> None:
    intake = gate(bag_gtin=BUN.gtin)
    for subject in SUBJECTS:
        for tap_id in (f"{verb}:{subject}", verb):
            walk = PLACES[place]()
            event = intake.tap(tap_id, walk.state)
            if event is not None:
                walk.take(event)


@given(tap_id=st.text(max_size=40), place=st.sampled_from(sorted(PLACES)))
def test_no_text_at_all_is_harmful_as_a_tap(tap_id: str, place: str) -> None:
    walk = PLACES[place]()
    event = gate().tap(tap_id, walk.state)
    assert event is None or walk.take(event) is not None


@pytest.mark.parametrize(
    "tap_id", ["reason:garbage", "reason:", "page:x", "page:-1", "page:²", "page:" + "9" * 5000, "lang:xx"]
)
def test_a_tap_with_a_subject_that_means_nothing_is_nothing(tap_id: str) -> None:
    assert gate().tap(tap_id, Walk().scan().state) is None


@pytest.mark.parametrize(
    ("tap_id", "event"),
    [
        ("help", m.HelpRequested("id-1")),
        ("cancel", m.HelpCancelled()),
        ("all-fixed", m.HelpCancelled()),
        ("reason:wont-scan", m.HelpReasonGiven(HelpReason.WONT_SCAN)),
        ("lang:fil", m.LanguageChosen("fil")),
        ("language", m.SheetOpened(m.Sheet.LANGUAGE)),
        ("find", m.SheetOpened(m.Sheet.FIND)),
        ("no-barcode", m.SheetOpened(m.Sheet.NO_BARCODE)),
        ("close", m.SheetClosed()),
        ("print", m.ReceiptWanted()),
        ("face:awful", m.FeedbackGiven("awful", "id-1")),
        ("row:1", m.SheetOpened(m.Sheet.ROW, "b")),
        ("row:2", m.SheetOpened(m.Sheet.ROW, "a")),
        ("row:3", None),
        ("row:0", None),
        ("row:a", m.SheetOpened(m.Sheet.ROW, "a")),
        ("row:gone", None),
        ("page:3", m.ResultChosen(page=3)),
        ("back", m.SheetClosed()),
        ("bag", None),
        (f"result:{MILK.gtin}", CardOpened(MILK.gtin)),
        ("result:unknown", None),
        (f"tile:{APPLES.gtin}", m.SheetOpened(m.Sheet.WEIGH, item=APPLES)),
        ("again", None),
        ("key:m", None),
        ("space", None),
        ("erase", m.QueryTyped("")),
    ],
)
def test_what_a_tap_in_the_basket_means(tap_id: str, event: m.Event | None) -> None:
    state = Walk().scan().scan(WATER, "b").state
    assert gate().tap(tap_id, state) == event


def test_the_row_s_buttons_are_about_the_open_row() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"))
    assert gate().tap("more", walk.state) == m.UnitsChanged("a", 1)
    assert gate().tap("less", walk.state) == m.UnitsChanged("a", -1)
    assert gate().tap("remove", walk.state) == m.LineRemoved("a", 3, 2000)


def test_the_bag_is_whatever_the_configuration_names() -> None:
    event = gate(bag_gtin=BUN.gtin).tap("bag", Walk().scan().state)
    assert isinstance(event, m.ItemScanned)
    assert event.line.item == BUN


def test_what_is_typed_stays_short_and_printable_and_needs_the_search_open() -> None:
    searching = replace(fresh_state(), view=View(sheet=m.Sheet.FIND, query="mil"))
    assert gate().typed("k\r\n\x1b", searching) == m.QueryTyped("milk")
    assert gate().typed("x" * 500, searching) == m.QueryTyped("mil" + "x" * (QUERY_LIMIT - 3))
    assert gate().typed("k", fresh_state()) is None
    assert gate().tap("space", searching) == m.QueryTyped("mil ")
    assert gate().tap("erase", searching) == m.QueryTyped("mi")


# --- paying --------------------------------------------------------------------------------------


def ready(walk: Walk) -> LaneState:
    return replace(walk.state, devices=replace(walk.state.devices, ready=frozenset({TERMINAL})))


def test_p1_a_tap_on_pay_carries_all_that_a_recovery_needs() -> None:
    state = ready(Walk().know_terminal("0007").scan())
    assert gate().tap("pay", state) == m.PaymentRequested(
        attempt_id="id-1",
        amount_minor=129,
        currency="EUR",
        terminal_id=TID,
        base_receipt_no="0007",
        stored_receipt_no="0007",
        local_time="1121120000",
        boot_id="boot-1",
        monotonic_s=1000.0,
        sale_id=state.basket.sale_id,
        stored_mark="000040 129 1121120030",
    )
    assert state.basket.sale_id


def test_a_base_moved_by_declined_tries_is_told_apart_from_what_is_stored() -> None:
    walk = Walk().know_terminal("0007").scan().pay()
    used = evidence("0008", result_code=0x6C)
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.OTHER, 0x6C, used))
    event = gate().tap("pay", ready(walk))
    assert isinstance(event, m.PaymentRequested)
    assert (event.base_receipt_no, event.stored_receipt_no) == ("0008", "0007")


@pytest.mark.parametrize("place", ["attract", "paying", "checking", "thanks"])
def test_pay_means_nothing_where_nothing_can_be_paid(place: str) -> None:
    assert gate().tap("pay", ready(PLACES[place]())) is None


def test_an_empty_basket_cannot_be_paid() -> None:
    walk = Walk().scan()
    walk.take(m.LineRemoved("a"))
    assert gate().tap("pay", ready(walk)) is None


def test_each_obstacle_is_named_the_gravest_first() -> None:
    def obstacle(state: LaneState) -> m.Event | None:
        return gate().tap("pay", state)

    walk = Walk().scan(BEER, "b")
    assert obstacle(ready(walk)) == m.PayObstructed(m.PayObstacle.AGE_CHECK)
    walk.take(m.InterventionDecided("age-b", Decision.REFUSED, "Marco"))
    assert obstacle(ready(walk)) == m.PayObstructed(m.PayObstacle.AGE_REFUSED)
    assert obstacle(Walk().scan().state) == m.PayObstructed(m.PayObstacle.TERMINAL)
    walk.take(m.StorageFailed("", "disk full"))
    assert obstacle(ready(walk)) == m.PayObstructed(m.PayObstacle.STORAGE)


def test_the_headset_s_taps_set_speech_however_often_they_come() -> None:
    state = fresh_state()
    told = gate().tap("speak:on", state)
    assert isinstance(told, m.PreferencesChosen)
    assert Preference.SPEAK in told.preferences
    spoken = replace(state, preferences=told.preferences)
    assert gate().tap("speak:on", spoken) is None
    assert gate().tap("speak:off", spoken) == m.PreferencesChosen(Preferences())
