"""Owns what a desk's page must show and do: the calls of other stores that came before it, nothing else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import select

from inventory.approval_settings import ApprovalConfig
from inventory.config import StoreConfig
from inventory.db.tables import AuditRow
from inventory.db.unit_of_work import Database
from inventory.desk_settings import DeskConfig
from inventory.domain.help_desk import Cause, HelpReason, HelpState, InterventionKind
from inventory.domain.phrases import ShopperPhrase
from inventory.domain.staff import Role
from inventory.help_settings import HelpConfig
from inventory.opening import prepare, routing_rules
from inventory.services import desks, help_desk, help_routes, interventions, staff, talk
from inventory.services.help_desk import HelpRequest
from inventory.web.app import create_app
from inventory.web.events import Broker
from inventory.wire import HelpMessage, MirrorLine, PhraseMessage
from tests.support.web_store import NOON, PINS, STORE, Clock, StoreInTest, Visitor, config_for

DESK = "helpdesk"
WINE = MirrorLine(name="Red wine 0.75 L", quantity="2", amount_minor=1380, age_limit=18)
LINK = "https://meet.example/{call}"


@dataclass
class Chain:
    """A store with lanes and a desk that serves it, each with an application of its own on one file."""

    home: StoreInTest
    desk: StoreInTest

    def ring(self, help_id: str = "h1", lane_id: str = "lane-2", *, ago_s: int = 60) -> None:
        """A shopper calls, nobody at home is there, and the desk has somebody."""
        self.home.call(help_id, lane_id, ago_s=ago_s)
        help_routes.route(self.home.database, STORE, routing_rules(self.home.config), self.home.clock())

    def state_of(self, help_id: str = "h1") -> HelpRequest:
        with self.home.database.read() as uow:
            found = help_desk.find(uow, STORE, help_id)
        assert found is not None
        return found


@pytest.fixture(scope="session")
def chain_file(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store and its desk, made once: hashing PINs takes its time."""
    folder = tmp_path_factory.mktemp("chain")
    (folder / "store.db").write_bytes(first_morning.read_bytes())
    config = desk_config(folder)
    database = Database(config.database_url.get_secret_value())
    for each in (config, home_config(folder)):
        prepare(each, database, NOON)
    with database.write() as uow:
        for name, role in (("Giulia", Role.REMOTE), ("Marco", Role.ATTENDANT)):
            staff.add(uow, DESK, name=name, pin=PINS[name], role=role, now_utc=NOON)
    database.dispose()
    return folder / "store.db"


def desk_config(folder: Path) -> StoreConfig:
    return StoreConfig(
        store_id=DESK,
        name="Help desk Milano",
        timezone="Europe/Rome",
        database_url=SecretStr(f"sqlite:///{folder / 'store.db'}"),
        data_dir=folder,
        desk=DeskConfig(serves=(STORE,), languages=("it",)),
    )


def home_config(folder: Path) -> StoreConfig:
    approvals = ApprovalConfig(with_pin=("coupon",))
    return config_for(folder).model_copy(update={"help": HelpConfig(call_link=LINK), "approvals": approvals})


@pytest.fixture
def chain(chain_file: Path, tmp_path: Path) -> Iterator[Chain]:
    (tmp_path / "store.db").write_bytes(chain_file.read_bytes())
    clock, found = Clock(), []
    for config in (home_config(tmp_path), desk_config(tmp_path)):
        database, broker = Database(config.database_url.get_secret_value()), Broker()
        app = create_app(config, database, broker, clock=clock)
        found.append(StoreInTest(config, database, app, broker, clock))
    yield Chain(*found)
    for store in found:
        store.database.dispose()


@pytest.fixture
def giulia(chain: Chain) -> Visitor:
    return chain.desk.signed_in("Giulia")


def words_of(page: str) -> str:
    return html.unescape(page)


def test_a_desk_without_lanes_opens_with_the_calls_of_other_stores(chain: Chain, giulia: Visitor) -> None:
    answer = giulia.get("/staff")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/desk")
    page = giulia.get("/staff/desk").text
    assert "No other store asks for help." in page
    assert "Help desk Milano" in page
    chain.ring()
    for store in (chain.home, chain.desk):
        assert store.visitor().get("/staff/bell").json() == {"open": 1}
    home = chain.home.signed_in("Marco")
    assert "Calls of other stores" not in home.get("/staff").text
    with chain.home.database.write() as uow:
        desks.settle(uow, STORE, desks.DeskTerms(serves=("*",)))
    assert 'href="/staff/desk">Calls of other stores' in home.get("/staff").text


def test_a_call_is_shown_with_its_store_its_reason_and_why_it_came(chain: Chain, giulia: Visitor) -> None:
    chain.home.report("lane-2", "basket", WINE)
    chain.ring(ago_s=74)
    page = words_of(giulia.get("/staff/desk").text)
    for words in (
        "Mercato Aurora · Lane 2",
        "<b>Mercato Aurora</b>",
        "1:14",
        "Won’t scan.",
        "Nobody is signed in there.",
        ">IT<",
        "2 × Red wine 0.75 L",
        "18+",
    ):
        assert words in page, words


def test_while_a_pin_is_typed_there_the_desk_sees_no_more_than_that(chain: Chain, giulia: Visitor) -> None:
    chain.home.report("lane-2", "paying", WINE)
    chain.ring()
    panel = giulia.get("/staff/desk/wall").text.partition("<aside")[2]
    assert "PIN in progress" in panel
    assert "wine" not in panel


def test_taking_solving_and_the_trail_of_both_stores(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    path = f"/staff/desk/{STORE}/help/h1"
    assert giulia.submit(f"{path}/accept", page="/staff/desk", turn="0").status_code == 303
    call = chain.state_of()
    assert (call.state, call.staff_name, call.case.desk) == (HelpState.ACCEPTED, "Giulia", DESK)
    wall = words_of(chain.home.signed_in("Marco").get("/staff").text)
    assert "Taken by Giulia" in wall
    assert "Yours" in giulia.get("/staff/desk").text
    giulia.submit(f"{path}/resolve", page="/staff/desk", turn="0", cause="price")
    call = chain.state_of()
    assert (call.state, call.case.cause, call.case.desk) == (HelpState.RESOLVED, Cause.PRICE, DESK)
    assert "No other store asks for help." in giulia.get("/staff/desk").text
    with chain.home.database.read() as uow:
        rows = uow.session.exec(select(AuditRow).where(AuditRow.what == "help.afar")).all()
    assert {row.store_id for row in rows} == {STORE, DESK}


def test_who_is_second_reads_who_was_faster_and_loses_the_basket(chain: Chain, giulia: Visitor) -> None:
    chain.home.report("lane-2", "basket", WINE)
    chain.ring()
    marco = chain.home.signed_in("Marco")
    marco.submit("/staff/help/h1/accept", page="/staff")
    answer = giulia.submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    assert "Marco has taken this call already." in words_of(answer.text)
    assert "Red wine" not in giulia.get(f"/staff/desk?lane={STORE}/h1").text


def test_the_same_name_at_home_and_at_the_desk_are_two_people(chain: Chain, giulia: Visitor) -> None:
    del giulia  # she is there
    chain.ring()
    chain.desk.signed_in("Marco").submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    marco = chain.home.signed_in("Marco")
    answer = marco.submit("/staff/help/h1/en-route", page="/staff")
    assert "Marco has taken this call already." in words_of(answer.text)
    assert "Yours" not in answer.text


def test_giving_back_leaves_a_note_and_rings_at_home(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    path = f"/staff/desk/{STORE}/help/h1"
    giulia.submit(f"{path}/accept", page="/staff/desk")
    giulia.submit(f"{path}/give-back", page="/staff/desk", note="the <b>printer</b> is jammed")
    assert chain.state_of().case.is_waiting
    assert "the &lt;b&gt;printer&lt;/b&gt; is jammed" in chain.home.signed_in("Marco").get("/staff").text
    assert "No other store" in giulia.get("/staff/desk").text


def test_staff_send_a_call_to_a_desk_that_can_take_it(chain: Chain, giulia: Visitor) -> None:
    marco = chain.home.signed_in("Marco")
    chain.home.call("h1", "lane-2")
    page = words_of(marco.get("/staff?lane=lane-2").text)
    assert f'<option value=" {DESK}">↗ Help desk Milano</option>' in page
    marco.submit(
        "/staff/help/h1/hand-over", page="/staff", to=f" {DESK}", note="wants it gift-wrapped", turn="0"
    )
    shown = words_of(giulia.get("/staff/desk").text)
    assert "Sent by Marco." in shown
    assert "wants it gift-wrapped" in shown
    chain.home.call("h2", "lane-3")
    answer = marco.submit("/staff/help/h2/hand-over", page="/staff", to=" nowhere")
    assert "Nobody there can take this call now." in words_of(answer.text)


def test_the_conversation_goes_on_from_the_desk_in_its_own_words(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    said = PhraseMessage(
        phrase_id="p1",
        help_id="h1",
        lane_id="lane-2",
        phrase=ShopperPhrase.ITEM_WONT_SCAN.value,
        language="it",
        at_utc=NOON,
    )
    with chain.home.database.write() as uow:
        talk.shopper_said(uow, STORE, said, NOON)
    page = giulia.get("/staff/desk").text
    found = re.search(rf'action="(/staff/desk/{STORE}/talk/h1/[a-z_]+)"', page)
    assert found is not None
    assert "on_my_way" not in page, "nobody walks up from there"
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark is not None
    giulia.submit(found[1], page="/staff/desk", mark=mark[1], value="2")
    call = chain.state_of()
    assert (call.staff_name, call.case.desk, call.case.is_written) == ("Giulia", DESK, True)


def ask(chain: Chain, kind: InterventionKind, *facts: str) -> None:
    chain.home.ask("q1", "lane-2", kind, *facts)


def decide(visitor: Visitor, decision: str = "approve", *, question: str = "q1", **fields: str) -> str:
    path = f"/staff/desk/{STORE}/interventions/{question}/{decision}"
    return words_of(visitor.submit(path, page="/staff/desk", **fields).text)


def decided(chain: Chain) -> bool:
    with chain.home.database.read() as uow:
        return not interventions.waiting(uow, STORE)


def test_low_risk_is_approved_from_afar_once_the_call_is_theirs(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    ask(chain, InterventionKind.WEIGHT, "Pears", "500 g", "510 g")
    assert "This question is not known here." in decide(giulia)
    giulia.submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    assert "✓ Approve" in giulia.get("/staff/desk").text
    decide(giulia)
    assert decided(chain)


def test_nothing_else_is_decided_from_afar_whatever_the_role(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    giulia.submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    visitors = (giulia, chain.desk.signed_in("Marco"))
    asked: tuple[tuple[InterventionKind, tuple[str, ...]], ...] = (
        (InterventionKind.AGE_CHECK, ("Red wine",)),
        (InterventionKind.PAYMENT_IN_DOUBT, ("420 EUR",)),
        (InterventionKind.WEIGHT, ("Pears", "500 g", "2500 g")),
        (InterventionKind.VOID, ("Red wine", "99900 EUR")),
    )
    for number, (kind, facts) in enumerate(asked):
        chain.home.ask(f"q{number}", "lane-2", kind, *facts)
        for visitor in visitors:
            answer = decide(visitor, question=f"q{number}", sight="yes", pin=PINS["Giulia"])
            assert "Somebody at the lane decides this." in answer, kind
    with chain.home.database.read() as uow:
        assert len(interventions.waiting(uow, STORE)) == 4


def test_the_home_stores_policy_asks_the_desk_for_its_pin(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    ask(chain, InterventionKind.COUPON, "Ten off", "500 EUR")
    giulia.submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    assert "Type your PIN to decide this." in decide(giulia)
    assert "The PIN is not right." in decide(giulia, pin="999111")
    assert not decided(chain)
    decide(giulia, pin=PINS["Giulia"])
    assert decided(chain)


def test_whoever_has_a_call_finds_the_link_to_talk_and_nobody_else(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    assert "meet.example" not in giulia.get("/staff/desk").text
    giulia.submit(f"/staff/desk/{STORE}/help/h1/accept", page="/staff/desk")
    found = re.search(
        r'href="https://meet.example/([a-z0-9]+)"[^>]*rel="noopener noreferrer"',
        giulia.get("/staff/desk").text,
    )
    assert found is not None
    assert len(found[1]) == 32
    assert "meet.example" not in chain.desk.signed_in("Marco").get("/staff/desk").text
    marco = chain.home.signed_in("Marco")
    assert "meet.example" not in marco.get("/staff?lane=lane-2").text
    marco.submit("/staff/help/h1/resolve", page="/staff")
    chain.home.call("h2", "lane-2")
    marco.submit("/staff/help/h2/accept", page="/staff")
    own = re.search(r'href="https://meet.example/([a-z0-9]+)"', marco.get("/staff?lane=lane-2").text)
    assert own is not None
    assert own[1] != found[1]
    chain.home.clock.advance(timedelta(hours=1))
    assert "meet.example" not in chain.home.signed_in("Marco").get("/staff?lane=lane-2").text


def test_the_desk_sees_and_moves_nothing_that_did_not_come_before_it(chain: Chain, giulia: Visitor) -> None:
    chain.home.report("lane-3", "basket", WINE)
    chain.home.call("age", "lane-3")
    with chain.home.database.write() as uow:
        found = help_desk.find(uow, STORE, "age")
        assert found is not None
        message = help_message_of(found)
        help_desk.receive(uow, STORE, message, NOON)
    help_routes.route(chain.home.database, STORE, routing_rules(chain.home.config), NOON)
    page = giulia.get(f"/staff/desk?lane={STORE}/age").text
    assert "Red wine" not in page
    for path in (
        f"/staff/desk/{STORE}/help/age/accept",
        f"/staff/desk/{STORE}/help/age/give-back",
        f"/staff/desk/{DESK}/help/age/accept",
        f"/staff/desk/{STORE}/talk/age/coming",
        "/staff/desk/nowhere/help/age/accept",
    ):
        answer = giulia.submit(path, page="/staff/desk", value="1", mark="m")
        assert "This call is not known here." in words_of(answer.text), path
    assert chain.state_of("age").case.is_waiting


def help_message_of(call: HelpRequest) -> HelpMessage:
    return HelpMessage(
        help_id=call.help_id,
        lane_id=call.lane_id,
        state=HelpState.REQUESTED,
        reason=HelpReason.AGE,
        language="it",
        requested_at_utc=NOON,
    )


def test_a_form_without_its_token_or_from_nobody_does_nothing(chain: Chain, giulia: Visitor) -> None:
    chain.ring()
    path = f"/staff/desk/{STORE}/help/h1/accept"
    assert giulia.send(path, {"form_token": "x"}).status_code == 403
    assert chain.desk.visitor().send(path, {"form_token": "x"}).status_code == 303
    assert chain.home.signed_in("Ada").submit(path, page="/staff").status_code == 200, (
        "a store that is no desk"
    )
    assert chain.state_of().case.is_waiting
