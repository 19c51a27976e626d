"""Owns the comparison with another author's Concert V2: pyTeliumManager, and frames recorded from it.

It must not check one half of ours with the other: our simulated terminal answers pyTeliumManager, the frames
of our driver are those it makes, and our parser reads what its encoder wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telium import Telium, TeliumAsk, TeliumResponse

from hardware.protocols.concert_link import AnswerFrame, AnswerReceiver, encode_frame
from hardware.protocols.concert_message import Answer, compose_order, parse_answer
from hardware.simulators.concert_terminal import ConcertTerminalSimulator
from hardware.simulators.zvt_cards import CardAction, CardScript

VECTORS: Final = Path(__file__).parents[3] / "shared" / "vectors" / "concert_frames.jsonl"

amounts_minor = st.integers(100, 9_999_999)
"""1.00 to 99999.99: what pyTeliumManager agrees to ask for."""


def ask(amount_minor: int, **how: Any) -> TeliumAsk:
    how = {"target_currency": "EUR", "collect_payment_source_info": False, **how}
    return TeliumAsk.new_payment(amount_minor / 100, **how)


def read(frame: bytes) -> Answer:
    (event,) = AnswerReceiver().feed(frame, 0.0)
    assert isinstance(event, AnswerFrame)
    return parse_answer(event.text)


# --- their till, our terminal --------------------------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[ConcertTerminalSimulator]:
    terminal = ConcertTerminalSimulator(tmp_path / "terminal", tmp_path / "journal.jsonl")
    terminal.start()
    yield terminal
    terminal.stop()


@pytest.fixture
def till(terminal: ConcertTerminalSimulator, tmp_path: Path) -> Iterator[Telium]:
    till = Telium(str(tmp_path / "terminal"), timeout=3)
    yield till
    till.close()


def test_their_till_finds_our_terminal_ready(till: Telium) -> None:
    assert till.is_ok()
    assert till.is_ok()


@pytest.mark.parametrize("with_report", [False, True])
@pytest.mark.parametrize(
    ("action", "result"), [(CardAction.APPROVE, 0), (CardAction.DECLINE, 7), (CardAction.CANCEL, 9)]
)
def test_their_till_is_answered_by_our_terminal(
    till: Telium, terminal: ConcertTerminalSimulator, action: CardAction, result: int, with_report: bool
) -> None:
    order = ask(1010, collect_payment_source_info=with_report, checkout_unique_id="7")
    terminal.present(CardScript(action))
    assert till.ask(order)
    answer = till.verify(order, waiting_timeout=5)
    assert answer is not None
    assert (answer.transaction_result, answer.has_succeeded) == (result, result == 0)
    assert (answer.amount, answer.currency_numeric, answer.pos_number) == (10.10, "978", "07")
    assert len(answer.repport) == (55 if with_report else 0)
    charged = [charge.amount_minor for charge in terminal.journal.charges()]
    assert charged == ([1010] if result == 0 else [])


def test_their_till_pays_several_times_and_each_charge_has_its_own_number(
    till: Telium, terminal: ConcertTerminalSimulator
) -> None:
    numbers = set()
    for amount_minor in (100, 2999, 9_999_999):
        terminal.present(CardScript())
        order = ask(amount_minor)
        assert till.ask(order)
        answer = till.verify(order, waiting_timeout=5)
        assert answer is not None
        assert answer.amount == amount_minor / 100
        numbers.add(answer.transaction_id)
    assert len(numbers) == 3
    assert [charge.amount_minor for charge in terminal.journal.charges()] == [100, 2999, 9_999_999]


def test_their_till_may_be_answered_at_once_and_no_card_is_charged(
    till: Telium, terminal: ConcertTerminalSimulator
) -> None:
    order = ask(1010, wait_for_transaction_to_end=False)
    assert till.ask(order)
    assert till.verify(order, waiting_timeout=5) is not None
    assert terminal.journal.charges() == ()


# --- our frames and theirs -----------------------------------------------------------------------


@given(amounts_minor, st.integers(1, 99), st.sampled_from(["EUR", "USD", "CHF", "GBP"]))
def test_our_orders_are_theirs_byte_for_byte(amount_minor: int, pos_number: int, currency: str) -> None:
    theirs = ask(amount_minor, target_currency=currency, checkout_unique_id=str(pos_number))
    ours = encode_frame(compose_order(pos_number, amount_minor, theirs.currency_numeric))
    assert ours == theirs.encode().encode("ascii")


@given(amounts_minor, st.integers(1, 99))
def test_they_read_our_orders(amount_minor: int, pos_number: int) -> None:
    read_back = TeliumAsk.decode(encode_frame(compose_order(pos_number, amount_minor, "978")))
    assert round(read_back.amount * 100) == amount_minor
    assert (read_back.pos_number, read_back.currency_numeric) == (f"{pos_number:02d}", "978")
    assert (read_back.answer_flag, read_back.delay, read_back.authorization) == ("0", "A010", "B010")
    assert (read_back.transaction_type, read_back.payment_mode) == ("0", "1")


@given(
    amounts_minor,
    st.integers(0, 99),
    st.sampled_from([0, 7, 9]),
    st.sampled_from(["", "*" * 12 + "4242" + " " * 39]),
    st.integers(0, 9_999_999_999),
)
def test_we_read_the_answers_they_write(
    amount_minor: int, pos_number: int, result: int, report: str, private: int
) -> None:
    theirs = TeliumResponse(
        f"{pos_number:02d}", result, amount_minor / 100, "1", report, "978", f"{private:010d}"
    )
    answer = read(theirs.encode().encode("ascii"))
    assert answer == Answer(pos_number, result, amount_minor, "978")


# --- recorded frames -----------------------------------------------------------------------------


def recorded() -> list[dict[str, Any]]:
    return [json.loads(line) for line in VECTORS.read_text().splitlines()] if VECTORS.exists() else []


needs_recordings = pytest.mark.skipif(not recorded(), reason="no recorded Concert frames beside the repo")


def concert(direction: str) -> list[dict[str, Any]]:
    return [
        vector
        for vector in recorded()
        if (vector["protocol"], vector["direction"]) == ("concert-e+", direction)
    ]


@needs_recordings
def test_recorded_orders_are_composed_alike() -> None:
    orders = [vector for vector in concert("ecr->pt") if vector["meaning"].get("answer_flag") == "0"]
    assert orders
    for vector in orders:
        meaning = vector["meaning"]
        order = compose_order(int(meaning["pos"]), meaning["amount_cents"], meaning["currency"])
        assert encode_frame(order).hex() == vector["hex"]


@needs_recordings
def test_recorded_answers_are_read_as_their_source_says() -> None:
    answers = concert("pt->ecr")
    assert len(answers) >= 3
    facts = {"pos": "01", "amount_cents": 1010, "currency": "978"}
    for vector in answers:
        said = {**facts, **vector["meaning"]}
        answer = read(bytes.fromhex(vector["hex"]))
        assert (answer.pos_number, answer.amount_minor) == (int(said["pos"]), said["amount_cents"])
        assert answer.currency_digits == said["currency"]
        assert answer.result_code == int(said["result"][0])


@needs_recordings
def test_what_must_be_refused_is_no_answer_bare_or_framed() -> None:
    bad = [bytes.fromhex(vector["hex"]) for vector in recorded() if "must_raise" in vector["meaning"]]
    bad += [bytes.fromhex(vector["hex"]) for vector in recorded() if vector["protocol"] != "concert-e+"]
    assert len(bad) >= 4
    for text in bad:
        for wire in (text, encode_frame(text.decode("ascii"))):
            events = AnswerReceiver().feed(wire, 0.0)
            assert not any(isinstance(event, AnswerFrame) for event in events)
