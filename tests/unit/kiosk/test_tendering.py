"""The verdict about a payment nobody is sure of, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import CardEvidence, LastPaymentReported, QueryVerdict
from kiosk.checkout.state import Attempt, TerminalMemory
from kiosk.checkout.tendering import (
    TIME_WINDOW_MIN,
    Verdict,
    authorisation_fits,
    judge,
    mark_of,
    next_receipt_no,
    remembered,
)
from tests.support.lane_fakes import TID, evidence

ATTEMPT = Attempt("try-1", 129, "EUR", TID, "0007", "0007", "1121120000", mark_of(evidence("0007")))
NEVER_USED = replace(ATTEMPT, base_receipt_no="", stored_receipt_no="", stored_mark="")
UNKNOWN_BASE = replace(NEVER_USED, terminal_id="")
AFTER_DECLINES = replace(ATTEMPT, base_receipt_no="0009")
LAST_OF_ALL = replace(
    ATTEMPT, base_receipt_no="9999", stored_receipt_no="9999", stored_mark=mark_of(evidence("9999"))
)
AFTER_AN_OLDER_PROGRAM = replace(ATTEMPT, stored_mark="")


def verdict(attempt: Attempt, how: QueryVerdict, found: CardEvidence | None = None) -> Verdict:
    return judge(attempt, LastPaymentReported("terminal", "try-1/1", how, found))[0]


@pytest.mark.parametrize(
    ("attempt", "found", "expected"),
    [
        (ATTEMPT, evidence("0008"), Verdict.PAID),
        (ATTEMPT, evidence("0007"), Verdict.NOT_PAID),
        (ATTEMPT, evidence("0007", trace_no="000999"), Verdict.DISPUTED),
        (ATTEMPT, evidence("0007", amount_minor=130), Verdict.DISPUTED),
        (ATTEMPT, evidence("0007", terminal_time="120031"), Verdict.DISPUTED),
        (ATTEMPT, evidence("0007", trace_no=""), Verdict.NOT_PAID),
        (ATTEMPT, evidence("0007", terminal_date="", terminal_time=""), Verdict.NOT_PAID),
        (ATTEMPT, evidence("0007", trace_no="", terminal_date="", terminal_time=""), Verdict.DISPUTED),
        (ATTEMPT, evidence("0008", trace_no="000040"), Verdict.DISPUTED),
        (AFTER_AN_OLDER_PROGRAM, evidence("0007"), Verdict.DISPUTED),
        (AFTER_AN_OLDER_PROGRAM, evidence("0008"), Verdict.PAID),
        (ATTEMPT, evidence("0008", result_code=0x6C), Verdict.NOT_PAID),
        (ATTEMPT, evidence("0009"), Verdict.DISPUTED),
        (ATTEMPT, evidence("0006"), Verdict.DISPUTED),
        (ATTEMPT, evidence(""), Verdict.DISPUTED),
        (ATTEMPT, evidence("0008", amount_minor=130), Verdict.DISPUTED),
        (ATTEMPT, evidence("0008", currency="RON"), Verdict.DISPUTED),
        (ATTEMPT, evidence("0008", terminal_id="99999999"), Verdict.DISPUTED),
        (ATTEMPT, evidence("0008", terminal_id=""), Verdict.DISPUTED),
        (LAST_OF_ALL, evidence("0001"), Verdict.PAID),
        (LAST_OF_ALL, evidence("9999"), Verdict.NOT_PAID),
        (LAST_OF_ALL, evidence("0000"), Verdict.DISPUTED),
        (NEVER_USED, evidence("0001"), Verdict.PAID),
        (NEVER_USED, evidence("0002"), Verdict.DISPUTED),
        (AFTER_DECLINES, evidence("0010"), Verdict.PAID),
        (AFTER_DECLINES, evidence("0007"), Verdict.NOT_PAID),
        (AFTER_DECLINES, evidence("0008"), Verdict.DISPUTED),
        (UNKNOWN_BASE, evidence("0008"), Verdict.DISPUTED),
        (UNKNOWN_BASE, evidence("0001"), Verdict.DISPUTED),
    ],
)
def test_what_the_terminal_found_is_judged(attempt: Attempt, found: CardEvidence, expected: Verdict) -> None:
    assert verdict(attempt, QueryVerdict.FOUND, found) is expected


@pytest.mark.parametrize(
    ("attempt", "how", "expected"),
    [
        (ATTEMPT, QueryVerdict.NO_ANSWER, Verdict.ASK_AGAIN),
        (UNKNOWN_BASE, QueryVerdict.NO_ANSWER, Verdict.ASK_AGAIN),
        (ATTEMPT, QueryVerdict.UNUSABLE, Verdict.DISPUTED),
        (ATTEMPT, QueryVerdict.FOUND, Verdict.DISPUTED),
        (ATTEMPT, QueryVerdict.NOTHING_STORED, Verdict.DISPUTED),
        (NEVER_USED, QueryVerdict.NOTHING_STORED, Verdict.NOT_PAID),
    ],
)
def test_an_answer_without_a_transaction_is_judged(
    attempt: Attempt, how: QueryVerdict, expected: Verdict
) -> None:
    assert verdict(attempt, how) is expected


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        ("1121120000", "120030", Verdict.PAID),
        ("1121120000", "113000", Verdict.PAID),
        ("1121120000", "123059", Verdict.PAID),
        ("1121120000", "112900", Verdict.DISPUTED),
        ("1121120000", "123100", Verdict.DISPUTED),
        ("1121235500", "001000", Verdict.PAID),
        ("1122000500", "234000", Verdict.PAID),
        ("1121235500", "003000", Verdict.DISPUTED),
        ("1121120000", "", Verdict.PAID),
        ("", "030000", Verdict.PAID),
    ],
)
def test_the_time_of_day_must_be_near_around_midnight_too(asked: str, found: str, expected: Verdict) -> None:
    attempt = replace(ATTEMPT, local_time=asked)
    assert verdict(attempt, QueryVerdict.FOUND, evidence("0008", terminal_time=found)) is expected


@given(asked_min=st.integers(0, 1439), apart_min=st.integers(-720, 720))
def test_the_window_is_the_same_at_every_hour(asked_min: int, apart_min: int) -> None:
    found_min = (asked_min + apart_min) % 1440
    attempt = replace(ATTEMPT, local_time=f"1121{asked_min // 60:02}{asked_min % 60:02}00")
    found = evidence("0008", terminal_time=f"{found_min // 60:02}{found_min % 60:02}00")
    is_near = abs(apart_min) <= TIME_WINDOW_MIN
    assert verdict(attempt, QueryVerdict.FOUND, found) is (Verdict.PAID if is_near else Verdict.DISPUTED)


ODD = {
    "receipt_no": st.sampled_from(["", "0000", "0001", "0006", "0007", "0009", "9999", "abcd"]),
    "amount_minor": st.integers(0, 10**8).filter(lambda amount: amount != 129),
    "currency": st.sampled_from(["", "RON", "eur"]),
    "result_code": st.integers(1, 255),
    "terminal_id": st.sampled_from(["", "0", "52000002"]),
}


@given(st.data())
def test_one_wrong_field_is_enough_not_to_be_paid(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ODD)))
    wrong: dict[str, Any] = {name: data.draw(ODD[name])}
    found = replace(evidence("0008"), **wrong)
    assert verdict(ATTEMPT, QueryVerdict.FOUND, found) is not Verdict.PAID


@given(st.integers(1, 9999))
def test_receipt_numbers_count_up_and_wrap_to_one(number: int) -> None:
    follows = next_receipt_no(f"{number:04d}")
    assert int(follows) == (1 if number == 9999 else number + 1)
    assert len(follows) == 4


@pytest.mark.parametrize("nothing", ["", "----", "none"])
def test_after_no_receipt_number_comes_the_first(nothing: str) -> None:
    assert next_receipt_no(nothing) == "0001"


def test_an_authorisation_must_be_for_what_was_asked() -> None:
    assert authorisation_fits(ATTEMPT, evidence("0008")) == ""
    assert "130 authorised, 129 asked for" in authorisation_fits(ATTEMPT, evidence(amount_minor=130))
    assert "RON" in authorisation_fits(ATTEMPT, evidence(currency="RON"))
    assert "result 6C" in authorisation_fits(ATTEMPT, evidence(result_code=0x6C))
    assert "terminal 9" in authorisation_fits(ATTEMPT, evidence(terminal_id="9"))
    assert authorisation_fits(UNKNOWN_BASE, evidence(terminal_id="9")) == ""


def test_what_is_remembered_of_a_transaction() -> None:
    before, after = mark_of(evidence("0007")), mark_of(evidence("0008"))
    old = TerminalMemory(TID, "0007", "0007", before)
    assert remembered(old, evidence("0008")) == TerminalMemory(TID, "0008", "0008", after)
    assert remembered(old, evidence("0008", result_code=0x6C)) == TerminalMemory(TID, "0008", "0007", before)
    assert remembered(old, evidence("", result_code=0x6C)) == old
    assert remembered(old, evidence("0008", terminal_id="")) == TerminalMemory(TID, "0008", "0008", after)
