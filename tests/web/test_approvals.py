"""Answers by policy on the tablet: the tick for an age check, the PIN a store asks for, and the batch."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from inventory.approval_settings import ApprovalConfig
from inventory.domain.approving import mark_of
from inventory.domain.help_desk import InterventionKind
from inventory.domain.staff import Role
from inventory.services import interventions, staff
from inventory.web.app import create_app
from tests.support.web_store import PINS, STORE, SignedIn, StoreInTest, as_role

FEW = ("Yogurt", "2", "198 EUR")
MANY = ("Caviar", "40", "400000 EUR")
Form = dict[str, str | list[str]]


def open_ids(store: StoreInTest) -> set[str]:
    with store.database.read() as uow:
        return {each.intervention_id for each in interventions.waiting(uow, STORE)}


def last_words(store: StoreInTest) -> str:
    with store.database.read() as uow:
        trail = staff.audit_trail(uow, STORE, limit=20)
    return next((each.detail for each in trail if each.what.startswith("intervention.")), "")


def with_policy(store: StoreInTest, approvals: ApprovalConfig) -> StoreInTest:
    config = store.config.model_copy(update={"approvals": approvals})
    app = create_app(config, store.database, store.broker, clock=store.clock)
    return replace(store, config=config, app=app)


def shown_on(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'name="shown" value="([^"]+)"', page)]


def test_an_age_check_takes_the_tick_and_the_trail_keeps_its_words(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.ask("age", "lane-1", InterventionKind.AGE_CHECK, "Red wine", "18+")
    marco = signed_in("Marco")
    for sight in ("", "no", "on", "YES"):
        answer = marco.submit("/staff/interventions/age/approve", page="/staff", sight=sight)
        assert "Tick first that you can see the shopper." in answer.text
    assert open_ids(store) == {"age"}
    assert marco.submit("/staff/interventions/age/approve", page="/staff", sight="yes").status_code == 303
    assert last_words(store) == "age-check on lane-1 (age), in sight: Red wine; 18+ – “I can see the shopper”"


def test_an_age_check_is_refused_without_the_tick(store: StoreInTest, signed_in: SignedIn) -> None:
    store.ask("age", "lane-1", InterventionKind.AGE_CHECK, "Red wine", "18+")
    assert signed_in("Marco").submit("/staff/interventions/age/refuse", page="/staff").status_code == 303
    assert open_ids(store) == set()


def test_a_store_may_leave_age_to_the_lane_itself(store: StoreInTest) -> None:
    strict = with_policy(store, ApprovalConfig(at_lane=("age-check",)))
    strict.ask("age", "lane-1", InterventionKind.AGE_CHECK, "Red wine", "18+")
    marco = strict.signed_in("Marco")
    page = marco.get("/staff").text
    assert "Somebody at the lane decides this." in page
    assert "/staff/interventions/age" not in page
    marco.submit("/staff/interventions/age/approve", page="/staff", sight="yes")
    assert open_ids(strict) == {"age"}


def test_a_store_may_ask_for_the_pin_of_any_kind(store: StoreInTest) -> None:
    strict = with_policy(store, ApprovalConfig(with_pin=("void", "age-check", "price")))
    strict.ask("void", "lane-1", InterventionKind.VOID, *FEW)
    strict.ask("age", "lane-2", InterventionKind.AGE_CHECK, "Red wine", "18+")
    strict.ask("price", "lane-3", InterventionKind.PRICE, "09780201379624", "1")
    marco = strict.signed_in("Marco")
    assert marco.get("/staff/wall").text.count('name="pin"') >= 3
    bread = {"name": "Bread", "price": "1.20", "tax_class": "standard"}
    for path, fields in (
        ("interventions/void", {}),
        ("interventions/age", {"sight": "yes"}),
        ("prices/price", bread),
    ):
        for pin, words in (("", "Type your PIN to decide this."), ("999990", "The PIN is not right.")):
            answer = marco.submit(f"/staff/{path}/approve", page="/staff", pin=pin, **fields)
            assert words in answer.text
        answer = marco.submit(f"/staff/{path}/approve", page="/staff", pin=PINS["Marco"], **fields)
        assert answer.status_code == 303
    assert open_ids(strict) == set()


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (InterventionKind.QUANTITY, ("Yogurt", "12", "1188 EUR"), ("So many?", "12 × Yogurt · €11.88")),
        (InterventionKind.VOID, ("Yogurt", "99 EUR"), ("Take out?", "Yogurt · €0.99")),
        (
            InterventionKind.WEIGHT,
            ("Rice", "500 g", "530 g"),
            ("Weight?", "Expected 500 g, the scale shows 530 g."),
        ),
        (InterventionKind.COUPON, ("<b>Ten</b>", "200 EUR"), ("Coupon?", "&lt;b&gt;Ten&lt;/b&gt; · €2.00")),
        (InterventionKind.COUPON, ("Ten", "what?"), ("Coupon?", "what?")),
    ],
)
def test_a_question_about_a_row_says_which_and_has_a_yes_and_a_no(
    store: StoreInTest,
    signed_in: SignedIn,
    kind: InterventionKind,
    facts: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    store.ask("q", "lane-2", kind, *facts)
    marco = signed_in("Marco")
    page = marco.get("/staff/wall?lane=lane-2").text
    for each in (*words, "/staff/interventions/q/approve", "/staff/interventions/q/refuse"):
        assert each in page, each
    assert marco.submit("/staff/interventions/q/approve", page="/staff").status_code == 303
    assert open_ids(store) == set()


def test_the_batch_approves_what_the_button_showed_and_says_what_became_of_it(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    for each in ("a", "b", "c"):
        store.ask(each, "lane-1", InterventionKind.QUANTITY, *FEW)
    store.ask("age", "lane-2", InterventionKind.AGE_CHECK, "Red wine", "18+")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    page = marco.get("/staff").text
    assert "Approve all low-risk (3)" in page
    shown = shown_on(page)
    store.ask("later", "lane-3", InterventionKind.QUANTITY, *FEW)
    store.ask("b", "lane-1", InterventionKind.QUANTITY, "Yogurt", "9", "891 EUR")
    giulia.submit("/staff/interventions/a/approve", page="/staff")
    form: Form = {"form_token": marco.token_on("/staff"), "shown": shown}
    answer = marco.send("/staff/approvals", form)
    assert "Approved: 1. Decided before by Giulia: 1. Changed meanwhile, look again: 1." in answer.text
    assert open_ids(store) == {"later", "b", "age"}


def test_no_button_for_one_alone_nor_for_what_is_not_of_low_risk(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.ask("a", "lane-1", InterventionKind.QUANTITY, *FEW)
    store.ask("many", "lane-1", InterventionKind.QUANTITY, *MANY)
    store.ask("pay", "lane-2", InterventionKind.PAYMENT_IN_DOUBT, "129 EUR")
    marco = signed_in("Marco")
    page = marco.get("/staff").text
    assert "/staff/approvals" not in page
    made_up = [f"{mark_of(MANY)} many", f"{mark_of(('129 EUR',))} pay", "nonsense", "", "x y"]
    form: Form = {"form_token": marco.token_on("/staff"), "shown": made_up}
    answer = marco.send("/staff/approvals", form)
    assert "Approved: 0." in answer.text
    assert open_ids(store) == {"a", "many", "pay"}


def test_a_batch_without_the_forms_token_approves_nothing(store: StoreInTest, signed_in: SignedIn) -> None:
    store.ask("a", "lane-1", InterventionKind.QUANTITY, *FEW)
    form: Form = {"form_token": "stolen", "shown": [f"{mark_of(FEW)} a"]}
    assert signed_in("Marco").send("/staff/approvals", form).status_code == 403
    assert open_ids(store) == {"a"}


def test_a_helper_elsewhere_approves_a_little_and_is_told_where_it_ends(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    as_role(store, "Marco", Role.REMOTE)
    store.ask("few", "lane-1", InterventionKind.QUANTITY, *FEW)
    store.ask("many", "lane-2", InterventionKind.QUANTITY, *MANY)
    store.ask("age", "lane-3", InterventionKind.AGE_CHECK, "Red wine", "18+")
    marco = signed_in("Marco")
    assert marco.get("/staff/wall").text.count("Somebody at the lane decides this.") == 2
    for each, fields in (("few", {}), ("many", {}), ("age", {"sight": "yes"})):
        marco.submit(f"/staff/interventions/{each}/approve", page="/staff", **fields)
    assert open_ids(store) == {"many", "age"}
