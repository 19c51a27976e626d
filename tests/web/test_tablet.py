"""Owns what the tablet must show and do, seen through its pages."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_desk import Decision, HelpState, InterventionKind
from inventory.services import help_desk, interventions, staff
from inventory.services.staff import AuditEntry
from inventory.web.pages import pages_for
from inventory.web.staff_news import StaffNews
from inventory.web.staff_view import StaffView
from inventory.web.texts import texts_for
from inventory.web.wall_words import payment_facts, waited
from inventory.wire import InterventionMessage, MirrorLine
from tests.support.web_store import NOON, PINS, STORE, SignedIn, StoreInTest

WINE = MirrorLine(name="Red wine 0.75 L", quantity="2", amount_minor=1380, age_limit=18)
PEARS = MirrorLine(name="Pears", quantity="0.485 kg", amount_minor=101)


def tile_order(page: str) -> list[str]:
    return re.findall(r'<li id="([^"]+)"', page)


def state_of(store: StoreInTest, help_id: str) -> HelpState:
    with store.database.read() as uow:
        found = [each.state for each in help_desk.open_requests(uow, STORE) if each.help_id == help_id]
    return found[0] if found else HelpState.RESOLVED


def test_before_any_lane_reports_the_wall_says_so(signed_in: SignedIn) -> None:
    page = signed_in("Marco").get("/staff").text
    assert page.count("This lane has never reported.") >= 3
    assert "Choose a lane" not in page


def test_tiles_stand_by_urgency_and_then_by_wait(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-1", "basket", PEARS)
    store.report("lane-2", "basket", PEARS)
    store.report("lane-3", "attract")
    marco = signed_in("Marco")
    assert tile_order(marco.get("/staff/wall").text) == ["lane-lane-1", "lane-lane-2", "lane-lane-3"]
    store.call("late", "lane-3", ago_s=5)
    store.call("early", "lane-2", ago_s=60)
    store.ask("doubt", "lane-1", InterventionKind.PAYMENT_IN_DOUBT, "€4.20")
    store.ask("age", "lane-1", InterventionKind.AGE_CHECK, "Red wine")
    page = marco.get("/staff/wall").text
    assert tile_order(page) == ["decision-doubt", "help-early", "help-late", "decision-age"]
    assert ">4</b> open" in page


def test_a_call_shows_its_wait_reason_language_and_basket(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-2", "basket", WINE, PEARS)
    store.call("h1", "lane-2", ago_s=74, note="Won't take my coupon")
    page = signed_in("Marco").get("/staff/wall").text
    for words in ("2 · Help", "1:14", "Won’t scan.", "3 items, €14.81", ">IT<", "Italiano", "my coupon"):
        assert words in page, words


def test_the_mirror_shows_the_basket_of_the_chosen_lane(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-2", "basket", WINE, PEARS, scanner="ready", printer="paper low")
    page = signed_in("Marco").get("/staff/wall?lane=lane-2").text
    assert "Lane 2 · mirror" in page
    for words in (
        "2 × Red wine 0.75 L",
        "18+",
        "Pears 0.485 kg",
        "14.81",
        "Printer: paper low",
    ):
        assert words in page, words


def test_while_a_pin_is_typed_the_mirror_says_no_more_than_that(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.report("lane-2", "paying", WINE)
    panel = signed_in("Marco").get("/staff/wall?lane=lane-2").text.partition("<aside")[2]
    assert "PIN in progress" in panel
    assert "wine" not in panel
    assert "13.80" not in panel


def test_a_lane_that_fell_silent_is_offline(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-2", "basket", WINE)
    marco = signed_in("Marco")
    assert "2 · Scanning" in marco.get("/staff/wall").text
    store.clock.advance(timedelta(seconds=40))
    page = marco.get("/staff/wall").text
    assert "2 · Offline" in page
    assert "0:40" in page


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        ("attract", "Free"),
        ("basket", "Scanning"),
        ("pay", "Paying"),
        ("checking", "Checking the payment"),
        ("degraded", "Needs staff"),
    ],
)
def test_each_screen_of_a_lane_has_its_words(
    store: StoreInTest, signed_in: SignedIn, screen: str, words: str
) -> None:
    store.report("lane-2", screen)
    assert f"2 · {words}" in signed_in("Marco").get("/staff/wall").text


def test_a_call_goes_from_coming_to_solved_one_button_after_another(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-1")
    marco = signed_in("Marco")
    for step, state, words in (
        ("accept", HelpState.ACCEPTED, "On my way"),
        ("en-route", HelpState.EN_ROUTE, "I’m here"),
        ("arrive", HelpState.ARRIVED, "Solved"),
    ):
        assert marco.submit(f"/staff/help/h1/{step}", page="/staff").status_code == 303
        assert state_of(store, "h1") is state
        assert words in marco.get("/staff/wall").text
    marco.submit("/staff/help/h1/resolve", page="/staff")
    assert "help-h1" not in marco.get("/staff/wall").text


def test_a_call_somebody_has_taken_shows_their_name_and_cannot_be_taken_twice(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-1")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    stale = giulia.token_on("/staff")
    marco.submit("/staff/help/h1/accept", page="/staff")
    late = giulia.send("/staff/help/h1/accept", {"form_token": stale, "lane": "lane-1"})
    assert "Marco has taken this call already." in late.text
    page = giulia.get("/staff/wall").text
    assert "Taken by Marco" in page
    assert "/staff/help/h1/accept" not in page
    assert "data-call" not in page


def test_an_age_check_is_approved_once_and_the_second_hears_who_was_first(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.ask("i1", "lane-1", InterventionKind.AGE_CHECK, "Red wine 0.75 L, 18+")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    page = marco.get("/staff").text
    assert "I can see the shopper" in page
    assert "Red wine 0.75 L, 18+" in page
    stale = giulia.token_on("/staff")
    assert marco.submit("/staff/interventions/i1/approve", page="/staff", sight="yes").status_code == 303
    late = giulia.send("/staff/interventions/i1/refuse", {"form_token": stale})
    assert "Marco has approved this already." in late.text
    with store.database.read() as uow:
        decisions = interventions.decisions_of_lane(uow, STORE, "lane-1", since_utc=NOON)
    assert [(each.decision, each.staff_name) for each in decisions] == [(Decision.APPROVED, "Marco")]


def in_doubt(store: StoreInTest) -> None:
    """A payment of €1.29 that nobody knows the end of, on lane 1."""
    kind = InterventionKind.PAYMENT_IN_DOUBT
    store.ask("pay-1", "lane-1", kind, "129 EUR", "1121130509", "the terminal's number is two ahead")


def decisions(store: StoreInTest) -> list[tuple[Decision, str, str]]:
    with store.database.read() as uow:
        found = interventions.decisions_of_lane(uow, STORE, "lane-1", since_utc=NOON)
    return [(each.decision, each.staff_name, each.reason) for each in found]


def trail(store: StoreInTest) -> list[AuditEntry]:
    """What was written down since the sign-ins, oldest first."""
    with store.database.read() as uow:
        entries = staff.audit_trail(uow, STORE, limit=50)
    return [entry for entry in reversed(entries) if entry.what.split(".")[0] in ("pin", "intervention")]


def test_a_payment_in_doubt_asks_in_words_with_the_sum_the_time_and_the_reason(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    in_doubt(store)
    page = html.unescape(signed_in("Marco").get("/staff?lane=lane-1").text)
    for part in page.partition("<aside")[::2]:
        for words in (
            "Look at the terminal’s slip: was the card charged?",
            "€1.29",
            ">13:05<",
            "the terminal's number is two ahead",
            "Your PIN",
            ">Charged<",
            ">Not charged<",
        ):
            assert words in part, words
    assert "129 EUR" not in page
    assert "Adult" not in page


def test_a_charge_that_contradicts_a_decision_asks_for_somebody_and_for_no_answer_about_money(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    kind = InterventionKind.CHARGE_CONTRADICTED
    store.ask("charged-1", "lane-1", kind, "129 EUR", "1121130509")
    marco = signed_in("Marco")
    page = html.unescape(marco.get("/staff?lane=lane-1").text)
    for words in (
        "Charged after all",
        "The terminal shows a charge for the payment that was decided as not charged.",
        "Amount: €1.29",
        "Time: 13:05",
        "I see to it",
    ):
        assert words in page, words
    assert ">Charged<" not in page
    assert "Adult" not in page
    assert marco.submit("/staff/interventions/charged-1/approve", page="/staff").status_code == 303
    assert decisions(store) == [(Decision.APPROVED, "Marco", "")]
    assert "charged-1" not in marco.get("/staff/wall").text


def test_a_basket_nobody_stands_at_is_a_soft_call_that_somebody_takes(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.ask("left-1", "lane-1", InterventionKind.BASKET_LEFT, "3")
    marco = signed_in("Marco")
    page = html.unescape(marco.get("/staff?lane=lane-1").text)
    assert "Basket left?" in page
    assert "Nobody answers at this lane. The basket is kept for 15 minutes." in page
    assert "Adult" not in page
    assert marco.submit("/staff/interventions/left-1/approve", page="/staff").status_code == 303
    assert "left-1" not in marco.get("/staff/wall").text


def test_what_a_shopper_took_out_is_shown_without_ringing_and_somebody_may_look_in(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.ask("removed-1", "lane-1", InterventionKind.ITEMS_REMOVED, "Milk · €1.29", "Olive oil · €9.00")
    marco = signed_in("Marco")
    page = html.unescape(marco.get("/staff?lane=lane-1").text)
    for words in ("Items taken out", "Milk · €1.29", "Olive oil · €9.00", "I see to it"):
        assert words in page, words
    assert marco.submit("/staff/interventions/removed-1/approve", page="/staff").status_code == 303
    assert "removed-1" not in marco.get("/staff/wall").text


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (
            ("129 EUR", "0229235959", "no answer"),
            (("Amount", "€1.29"), ("Time", "23:59"), ("Terminal says", "no answer")),
        ),
        (("500 JPY", "", ""), (("Amount", "JP¥500"),)),
        (("12.90 EUR", "1332256161"), (("Terminal says", "12.90 EUR"), ("Terminal says", "1332256161"))),
        ((), ()),
    ],
)
def test_facts_of_a_payment_are_labelled_and_written_for_people_or_shown_as_they_came(
    facts: tuple[str, ...], shown: tuple[tuple[str, str], ...]
) -> None:
    found = payment_facts(facts, texts_for("en"))
    assert tuple((fact.label, fact.value) for fact in found) == shown


@given(st.text(max_size=20))
def test_no_fact_a_lane_may_send_breaks_the_wall(fact: str) -> None:
    shown = payment_facts((fact,), texts_for("en"))
    assert len(shown) == (1 if fact else 0)


@pytest.mark.parametrize(
    ("word", "decision", "charge"),
    [
        ("approve", Decision.APPROVED, "the card was charged"),
        ("refuse", Decision.REFUSED, "the card was not charged"),
    ],
)
def test_a_payment_is_decided_with_the_pin_and_written_down(
    store: StoreInTest, signed_in: SignedIn, word: str, decision: Decision, charge: str
) -> None:
    in_doubt(store)
    marco = signed_in("Marco")
    answer = marco.submit(f"/staff/interventions/pay-1/{word}", page="/staff", pin=PINS["Marco"])
    assert answer.status_code == 303
    assert decisions(store) == [(decision, "Marco", charge)]
    (entry,) = trail(store)
    assert (entry.at_utc, entry.who, entry.what) == (NOON, "Marco", f"intervention.{decision.value}")
    facts = "129 EUR; 1121130509; the terminal's number is two ahead"
    about = f"payment-in-doubt on lane-1 (pay-1), from the tablet: {facts}"
    assert entry.detail == f"{about} – {charge}"
    assert "pay-1" not in marco.get("/staff/wall").text


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("", "Type your PIN to decide this."),
        ("999990", "The PIN is not right. Nothing was decided."),
        (PINS["Ada"], "The PIN is not right. Nothing was decided."),
        ("9" * 5000, "The PIN is not right. Nothing was decided."),
    ],
)
def test_without_the_right_pin_nothing_is_decided(
    store: StoreInTest, signed_in: SignedIn, pin: str, words: str
) -> None:
    in_doubt(store)
    marco = signed_in("Marco")
    answer = marco.submit("/staff/interventions/pay-1/approve", page="/staff", pin=pin)
    assert words in answer.text
    assert pin not in answer.text or not pin
    assert decisions(store) == []
    assert "/staff/interventions/pay-1/approve" in marco.get("/staff/wall").text
    assert [entry.what for entry in trail(store)] == (["pin.refused"] if pin else [])


def test_wrong_pins_at_decisions_and_at_the_sign_in_count_together(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    in_doubt(store)
    marco, stranger = signed_in("Marco"), store.visitor()
    for _ in range(2):
        stranger.sign_in("Marco", pin="999990")
    for _ in range(3):
        late = marco.submit("/staff/interventions/pay-1/refuse", page="/staff", pin="999990")
    assert "Wait 15 minutes" in late.text
    right = marco.submit("/staff/interventions/pay-1/refuse", page="/staff", pin=PINS["Marco"])
    assert "Wait 15 minutes" in right.text
    assert "Wait 15 minutes" in stranger.sign_in("Marco").text
    assert decisions(store) == []
    assert [(entry.what, entry.detail) for entry in trail(store)] == [
        ("pin.refused", f"{count} wrong in a row") for count in (3, 4, 5)
    ]
    assert "gave a wrong PIN" in signed_in("Ada").get("/manager/staff").text


def test_a_right_pin_at_a_decision_forgets_the_wrong_ones_before(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    in_doubt(store)
    marco = signed_in("Marco")
    for _ in range(4):
        marco.submit("/staff/interventions/pay-1/approve", page="/staff", pin="999990")
    marco.submit("/staff/interventions/pay-1/approve", page="/staff", pin=PINS["Marco"])
    store.visitor().sign_in("Marco", pin="999990")
    assert store.visitor().sign_in("Marco").status_code == 303


@pytest.mark.parametrize(("word", "said"), [("approve", "charged."), ("refuse", "not charged.")])
def test_the_second_to_decide_a_payment_hears_what_the_first_said(
    store: StoreInTest, signed_in: SignedIn, word: str, said: str
) -> None:
    in_doubt(store)
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    form = {"form_token": giulia.token_on("/staff"), "pin": PINS["Giulia"]}
    marco.submit(f"/staff/interventions/pay-1/{word}", page="/staff", pin=PINS["Marco"])
    late = giulia.send("/staff/interventions/pay-1/refuse", form)
    assert f"Marco has decided already: {said}" in late.text
    assert len(decisions(store)) == 1


def test_a_payment_the_lane_has_settled_itself_is_not_decided(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    in_doubt(store)
    marco = signed_in("Marco")
    form = {"form_token": marco.token_on("/staff"), "pin": PINS["Marco"]}
    with store.database.write() as uow:
        withdrawn = InterventionMessage(
            intervention_id="pay-1",
            lane_id="lane-1",
            kind=InterventionKind.PAYMENT_IN_DOUBT,
            raised_at_utc=NOON,
            withdrawn=True,
        )
        interventions.receive(uow, STORE, withdrawn, NOON)
    assert "no longer waits" in marco.send("/staff/interventions/pay-1/approve", form).text
    assert decisions(store) == []


def test_a_pin_at_a_decision_is_not_taken_over_an_open_network(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    in_doubt(store)
    signed = signed_in("Marco")
    away = store.visitor(base_url="http://aurora.example", address="10.0.0.7")
    away.client.cookies.set("lanelight", signed.client.cookies["lanelight"])
    form = {"form_token": signed.token_on("/staff"), "pin": PINS["Marco"]}
    refused = away.send("/staff/interventions/pay-1/approve", form)
    assert refused.status_code == 403
    assert "open network" in refused.text
    assert decisions(store) == []


def test_an_age_check_asks_for_no_pin(store: StoreInTest, signed_in: SignedIn) -> None:
    store.ask("i1", "lane-1", InterventionKind.AGE_CHECK, "Wine")
    page = signed_in("Marco").get("/staff?lane=lane-1").text
    assert "Your PIN" not in page
    assert "Adult" in page
    assert "Refuse" in page


def test_enter_alone_presses_neither_answer(store: StoreInTest, signed_in: SignedIn) -> None:
    in_doubt(store)
    marco = signed_in("Marco")
    page = marco.get("/staff").text
    forms = re.findall(r'<form class="ask".*?</form>', page, re.DOTALL)
    assert forms
    for form in forms:
        first_button = re.search(r"<button[^>]*>", form)
        assert first_button is not None
        assert first_button[0] == "<button disabled hidden>"
        action = re.search(r'<form[^>]* action="([^"]+)"', form)
        assert action is not None
        answer = marco.submit(action[1], page="/staff", pin=PINS["Marco"])
        assert answer.status_code == 404
    assert decisions(store) == []


def test_a_script_gets_the_wall_back_and_a_plain_form_a_page(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-1")
    marco = signed_in("Marco")
    form = {"form_token": marco.token_on("/staff"), "lane": "lane-1"}
    fragment = marco.send("/staff/help/h1/accept", form, **{"x-fragment": "wall"})
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert "Yours · accepted" in fragment.text
    assert marco.send("/staff/help/h1/en-route", form).headers["location"] == "/staff?lane=lane-1"


@pytest.mark.parametrize(
    "path",
    ["/staff/help/none/accept", "/staff/interventions/none/approve"],
)
def test_a_call_nobody_knows_is_answered_in_words(signed_in: SignedIn, path: str) -> None:
    answer = signed_in("Marco").submit(path, page="/staff")
    assert answer.status_code == 200
    assert "not known here" in answer.text


@pytest.mark.parametrize("path", ["/staff/help/h1/fly", "/staff/interventions/i1/perhaps"])
def test_a_step_that_does_not_exist_is_not_found(store: StoreInTest, signed_in: SignedIn, path: str) -> None:
    store.call("h1", "lane-1")
    assert signed_in("Marco").submit(path, page="/staff").status_code == 404
    assert state_of(store, "h1") is HelpState.DELIVERED


def test_every_button_names_what_it_is_about(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-1")
    store.ask("i1", "lane-2", InterventionKind.AGE_CHECK, "Wine")
    page = signed_in("Marco").get("/staff/wall").text
    labels = re.findall(r'<button[^>]*aria-label="([^"]+)"', page)
    assert labels
    assert all(": " in label for label in labels)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_news_says_only_that_something_changed(store: StoreInTest) -> None:
    async def listen() -> list[str]:
        tablet = _tablet(store)
        stream = tablet.news(token)
        heard = [await anext(stream)]
        await asyncio.to_thread(store.call, "h1", "lane-1", note="secret words")
        heard.append(await anext(stream))
        await stream.aclose()
        return heard

    token = store.signed_in("Marco").client.cookies["lanelight"]
    first, second = asyncio.run(listen())
    assert first.endswith("event: changed\ndata: wall\n\n")
    assert second == "event: changed\ndata: wall\n\n"


def test_baskets_that_change_are_told_by_lane_and_many_in_one_word(store: StoreInTest) -> None:
    async def listen() -> list[str]:
        stream = _tablet(store).news(token)
        heard = [await anext(stream)]
        for lane_id in ("lane-2", "lane-1", "lane-2"):
            await asyncio.to_thread(store.report, lane_id, "basket", WINE)
        heard.append(await anext(stream))
        await stream.aclose()
        return heard

    token = store.signed_in("Marco").client.cookies["lanelight"]
    assert asyncio.run(listen())[1] == "event: lanes\ndata: lane-2 lane-1\n\n"


def test_the_mirror_alone_has_the_basket_of_one_lane_and_no_other(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.report("lane-1", "basket", PEARS)
    store.report("lane-2", "basket", WINE)
    marco = signed_in("Marco")
    mirror = marco.get("/staff/mirror?lane=lane-2").text
    assert "2 × Red wine 0.75 L" in mirror
    assert "Pears" not in mirror
    assert "<main" not in mirror
    store.report("lane-2", "paying", WINE)
    assert "wine" not in marco.get("/staff/mirror?lane=lane-2").text
    assert "Choose a lane" in marco.get("/staff/mirror?lane=nowhere").text
    assert store.visitor().get("/staff/mirror?lane=lane-2", **{"x-fragment": "wall"}).status_code == 401


def test_a_tile_drawn_once_for_all_follows_its_lane(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-2", "basket", WINE)
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    assert "2 items, €13.80" in marco.get("/staff/wall?lane=lane-1").text
    store.report("lane-2", "basket", WINE, PEARS)
    for visitor in (giulia, marco):
        page = visitor.get("/staff/wall?lane=lane-1").text
        assert "3 items, €14.81" in page
        assert "2 items, €13.80" not in page


def test_the_news_ends_for_a_session_that_ended(store: StoreInTest) -> None:
    async def listen() -> list[str]:
        stream = _tablet(store).news(token)
        heard = [await anext(stream)]
        store.clock.advance(timedelta(minutes=6))
        await asyncio.to_thread(store.call, "h1", "lane-1")
        return heard + [news async for news in stream]

    token = store.signed_in("Marco").client.cookies["lanelight"]
    assert asyncio.run(listen())[1:] == ["event: signed-out\ndata: now\n\n"]


def _tablet(store: StoreInTest) -> StaffNews:
    view = StaffView(store.config.store_id, store.database, pages_for("Aurora"), store.clock)
    return StaffNews(view, store.broker)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0:00"),
        (0, "0:00"),
        (9, "0:09"),
        (74, "1:14"),
        (3599, "59:59"),
        (3600, "1 h 0 m"),
        (7500, "2 h 5 m"),
    ],
)
def test_a_wait_reads_as_minutes_and_seconds_and_later_as_hours(seconds: int, words: str) -> None:
    assert waited(NOON, NOON + timedelta(seconds=seconds)) == words
