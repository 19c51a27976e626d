"""Owns what the buttons of a call do, what its tile tells of it, and whose tablet rings."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from inventory.domain.help_desk import Cause, Escalate, HandOver, HelpState, Resolve, Take
from inventory.domain.help_waiting import Level
from inventory.domain.staff import Role
from inventory.services import help_desk, lanes
from inventory.services.help_desk import HelpRequest
from inventory.wire import HelpMessage, LaneStateMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor, as_role


def call_of(store: StoreInTest, help_id: str = "h1") -> HelpRequest:
    with store.database.read() as uow:
        found = help_desk.find(uow, STORE, help_id)
    assert found is not None
    return found


def do(store: StoreInTest, deed: Escalate | HandOver | Take, *, note: str = "") -> None:
    with store.database.write() as uow:
        help_desk.do(uow, STORE, "h1", deed, store.clock(), note=note)


def tile(visitor: Visitor, help_id: str = "h1") -> str:
    page = visitor.get("/staff/wall").text
    return html.unescape(
        page.partition(f'<li id="help-{help_id}"')[2].partition("<li id=")[0].partition("</main>")[0]
    )


def press(visitor: Visitor, step: str, **fields: str) -> str:
    """Sends a button of the call and answers with what the page says of it."""
    answer = visitor.submit(f"/staff/help/h1/{step}", page="/staff", **fields)
    if answer.status_code == 303:
        return ""
    found = re.search(r'<p class="notice" role="status">([^<]*)', answer.text)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("cause", list(Cause))
def test_one_tap_says_what_a_call_turned_out_to_be(
    store: StoreInTest, signed_in: SignedIn, cause: Cause
) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    press(marco, "accept")
    assert f'name="cause" value="{cause.value}"' in tile(marco)
    assert press(marco, "resolve", cause=cause.value) == ""
    assert (call_of(store).state, call_of(store).case.cause) == (HelpState.RESOLVED, cause)


def test_a_call_is_solved_without_a_word_too(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    press(signed_in("Marco"), "resolve", cause="whatever")
    assert (call_of(store).state, call_of(store).case.cause) == (HelpState.RESOLVED, None)


def test_a_call_handed_to_a_colleague_shows_whom_it_is_for_and_the_note(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-2")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    press(marco, "accept")
    assert '<option value="Giulia">' in tile(marco)
    assert '<option value="Marco">' not in tile(marco)
    assert press(marco, "hand-over", turn="0", to="Giulia", note="The  scale\nis <stuck>") == ""
    case = call_of(store).case
    assert (case.state, case.meant_for, case.turn) == (HelpState.DELIVERED, "Giulia", 1)
    assert 'dir="auto">The scale is <stuck>' in tile(giulia)
    assert "For you" in tile(giulia)
    assert "For Giulia" in tile(marco)
    assert 'data-ring="for-you"' in tile(giulia)
    assert "data-ring" not in tile(marco)
    do(store, Escalate(Level.AGAIN))
    assert 'data-ring="call"' in tile(marco)


def test_a_note_of_more_than_200_letters_is_not_cut_but_refused(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    assert press(marco, "hand-over", note="x" * 201) == "A note has 200 letters at most."
    assert call_of(store).case.turn == 0
    assert press(marco, "hand-over", note="é" * 200) == ""
    assert call_of(store).hand_note == "é" * 200


def test_nobody_who_is_not_signed_in_is_handed_a_call(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    assert press(signed_in("Marco"), "hand-over", to="Giulia") == "Giulia is not signed in any more."
    assert call_of(store).case.turn == 0


def test_a_tap_on_a_call_that_was_given_on_since_does_nothing(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-2")
    do(store, Take("Giulia", HelpState.ACCEPTED))
    do(store, HandOver("Giulia"))
    marco = signed_in("Marco")
    assert press(marco, "accept", turn="0") == "This call was given on meanwhile."
    assert call_of(store).state is HelpState.DELIVERED
    assert press(marco, "accept", turn="1") == ""


@pytest.mark.parametrize("step", ["accept", "en-route", "arrive", "resolve", "escalate", "hand-over"])
def test_a_tap_that_comes_twice_is_one_step(store: StoreInTest, signed_in: SignedIn, step: str) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    press(marco, step, turn="0", level="2")
    once = call_of(store)
    with store.database.read() as uow:
        deeds = len(help_desk.history(uow, STORE, "h1"))
    press(marco, step, turn="0", level="2")
    assert call_of(store) == once
    with store.database.read() as uow:
        assert len(help_desk.history(uow, STORE, "h1")) == deeds


def test_an_earlier_step_that_arrives_late_takes_nothing_back(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    press(marco, "arrive", turn="0")
    assert press(marco, "accept", turn="0") == ""
    assert call_of(store).state is HelpState.ARRIVED


def test_who_cannot_end_a_call_gives_it_to_a_supervisor(store: StoreInTest, signed_in: SignedIn) -> None:
    as_role(store, "Giulia", Role.SUPERVISOR)
    store.call("h1", "lane-2")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    assert "data-ring" not in tile(giulia)
    press(marco, "accept")
    assert press(marco, "escalate", turn="0", level="2") == ""
    case = call_of(store).case
    assert (case.state, case.level, case.staff_name) == (HelpState.DELIVERED, Level.SUPERVISOR, "")
    assert 'data-ring="lead"' in tile(giulia)
    assert "Nobody came yet: supervisors called" in tile(marco)
    assert "Call a manager" in tile(marco)


def test_each_level_rings_anew(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    assert 'data-key="h1.0.0"' in tile(marco)
    do(store, Escalate(Level.AGAIN))
    assert 'data-key="h1.0.1"' in tile(marco)
    assert "Nobody came yet" in tile(marco)


def test_a_manager_alone_in_the_store_hears_every_call(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    ada = signed_in("Ada")
    assert 'data-ring="call"' in tile(ada)
    signed_in("Marco")
    assert "data-ring" not in tile(ada)


def test_who_called_again_stands_before_who_waits_longer(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    do(store, Take("Marco", HelpState.ARRIVED))
    marco = signed_in("Marco")
    press(marco, "resolve")
    store.call("old", "lane-1", ago_s=90)
    again = HelpMessage(
        help_id="h2",
        lane_id="lane-2",
        state=HelpState.REQUESTED,
        requested_at_utc=store.clock(),
        reopens="h1",
    )
    with store.database.write() as uow:
        help_desk.receive(uow, STORE, again, store.clock())
    order = re.findall(r'<li id="(help-[^"]+)"', marco.get("/staff/wall").text)
    assert order == ["help-h2", "help-old"]
    assert "Called again" in tile(marco, "h2")
    assert "For you" in tile(marco, "h2")


def test_a_tile_tells_what_is_known_of_its_lane(store: StoreInTest, signed_in: SignedIn) -> None:
    state = LaneStateMessage(
        lane_id="lane-2",
        screen="pay",
        language="it",
        currency="EUR",
        total_minor=0,
        devices={"printer": "paper low", "scanner": "ready"},
        modes=("speak", "large-text", "of-tomorrow"),
        at_utc=store.clock(),
    )
    with store.database.write() as uow:
        lanes.report_state(uow, STORE, state, store.clock(), catalogue_version=0)
    store.call("h1", "lane-2")
    found = tile(signed_in("Marco"))
    for words in ("Paying", "Read aloud", "Larger text", "Printer: paper low", ">IT<"):
        assert words in found, words
    assert "Scanner" not in found
    assert "tomorrow" not in found


def test_an_idle_colleague_is_not_offered(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    signed_in("Giulia")
    store.clock.advance(timedelta(minutes=6))
    assert '<option value="Giulia">' not in tile(signed_in("Marco"))


def test_a_step_that_does_not_exist_is_refused(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-2")
    marco = signed_in("Marco")
    assert marco.submit("/staff/help/h1/undo", page="/staff").status_code == 404


def reopened(store: StoreInTest) -> None:
    message = HelpMessage(
        help_id="h2",
        lane_id="lane-2",
        state=HelpState.REQUESTED,
        requested_at_utc=store.clock(),
        reopens="h1",
    )
    with store.database.write() as uow:
        help_desk.receive(uow, STORE, message, store.clock())


def test_a_reopened_call_rings_first_where_whoever_was_there_is(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    store.call("h1", "lane-2")
    press(marco, "resolve")
    reopened(store)
    assert 'data-ring="for-you"' in tile(marco, "h2")
    assert "data-ring" not in tile(giulia, "h2")


@pytest.mark.parametrize("desk", ["", "hub"])
def test_a_reopened_call_rings_at_once_where_whoever_was_there_is_gone_or_sits_elsewhere(
    store: StoreInTest, signed_in: SignedIn, desk: str
) -> None:
    store.call("h1", "lane-2")
    with store.database.write() as uow:
        help_desk.do(uow, STORE, "h1", Resolve("Marco" if not desk else "Giulia", desk=desk), store.clock())
    giulia = signed_in("Giulia")
    reopened(store)
    assert 'data-ring="call"' in tile(giulia, "h2")
    assert "For " not in tile(giulia, "h2")
