"""Owns the contract of the simulated card terminal, as a till that was written for these tests finds it.

It must not import the lane's codecs. What was charged is read from the terminal's own journal.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.simulators.zvt_canary import CANARY_NUMBERS
from hardware.simulators.zvt_cards import CardAction, CardScript, Habit
from hardware.simulators.zvt_journal import APPROVED, DAY_CLOSED, REFUNDED, REVERSED, TerminalJournal
from hardware.simulators.zvt_personality import Personality, Traits
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from tests.support.zvt_till import EUR, PASSWORD, YES, Said, Till, container_length, digits, elements

LIFE = Tempo()
FAST = Tempo(speed=10.0)
"""Only for what waits: on a busy machine a till of flesh and threads answers late."""
OTHERS_THAT_CHARGE = [
    personality
    for personality in Personality
    if personality not in (Personality.SYNCHRONISES, Personality.OTHER_PROTOCOL, Personality.END_OF_DAY_DUE)
    and not personality.traits.bank_s
]
BLOCKS = bytes.fromhex("06 06 26 04 0A 02 06 D3")


class Shop:
    """A folder with one terminal at a time and tills on its line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[Till] = []
        self.terminal = self._made(Traits())

    def _made(
        self, traits: Traits, *, canary: bool = False, tempo: Tempo = LIFE, seed: int = 1
    ) -> ZvtTerminalSimulator:
        link, journal = self._folder / "terminal", self._folder / "journal.jsonl"
        return ZvtTerminalSimulator(link, journal, traits=traits, tempo=tempo, canary=canary, seed=seed)

    def start(
        self,
        traits: Traits | Personality = Personality.KEEPS,
        *,
        canary: bool = False,
        tempo: Tempo = LIFE,
        seed: int = 1,
    ) -> Till:
        """A terminal and a till on its line that is not registered yet."""
        chosen = traits.traits if isinstance(traits, Personality) else traits
        self.terminal = self._made(chosen, canary=canary, tempo=tempo, seed=seed)
        self.terminal.start()
        return self.till()

    def open(
        self,
        traits: Traits | Personality = Personality.KEEPS,
        *,
        canary: bool = False,
        tempo: Tempo = LIFE,
        config: int = 0x3E,
        container: bytes = b"\x06\x00",
        seed: int = 1,
    ) -> Till:
        till = self.start(traits, canary=canary, tempo=tempo, seed=seed)
        till.register(config, container)
        return till

    def till(self) -> Till:
        till = Till(self._folder / "terminal")
        self._open.append(till)
        return till

    @property
    def journal(self) -> TerminalJournal:
        return self.terminal.journal

    def pay(self, till: Till, amount_minor: int = 1010, script: CardScript = CardScript()) -> list[Said]:  # noqa: B008
        self.terminal.present(script)
        return till.pay(amount_minor)

    def close(self) -> None:
        for till in self._open:
            till.close()
        self.terminal.stop()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


def patient(speed: float) -> Tempo:
    """Everything faster but the wait for the till, which lives in this world."""
    return Tempo(speed=speed, acknowledge_s=5.0 * speed, answer_s=5.0 * speed)


def controls(heard: list[Said]) -> list[str]:
    return [said.control for said in heard]


def results(heard: list[Said]) -> list[Said]:
    return [said for said in heard if said.control == "040f"]


def reverse(till: Till, receipt_no: int, amount_minor: int | None = None) -> list[Said]:
    amount = b"" if amount_minor is None else b"\x04" + digits(amount_minor, 6)
    return till.order("0630", PASSWORD + b"\x87" + digits(receipt_no, 2) + amount)


def hear_result(till: Till) -> None:
    """Answers what comes up to the result, and not that."""
    while (said := till.hear()).control != "040f":
        if said.control != "8000":
            till.send("8000")


def until_booked(shop: Shop, state: str) -> None:
    deadline_s = time.monotonic() + 5.0
    while all(record.state != state for record in shop.journal.records()):
        assert time.monotonic() < deadline_s, f"no {state} in {shop.journal.records()}"
        time.sleep(0.005)


# --- registration and payment ----------------------------------------------------------------------


def test_a_registration_is_answered_with_terminal_and_currency(shop: Shop) -> None:
    till = shop.start()
    heard = till.register()
    assert controls(heard) == ["8000", "060f"]
    assert (heard[1].fields[0x29].hex(), heard[1].fields[0x49].hex()) == ("52000001", "0978")


@pytest.mark.parametrize("control", ["0600", "0620", "0630", "0631", "0650", "0693", "0501"])
def test_a_wrong_password_is_refused(shop: Shop, control: str) -> None:
    heard = shop.open().order(control, bytes.fromhex("111111 3e 0978"))
    assert controls(heard) == ["8437"]


def test_a_payment_goes_the_way_the_documents_draw(shop: Shop) -> None:
    heard = shop.pay(shop.open())
    assert controls(heard) == ["8000", "04ff", "04ff", "04ff", "040f", "04ff", "060f"]
    (charge,) = shop.journal.charges()
    (result,) = results(heard)
    assert result.fields[0x27] == b"\x00"
    assert (result.number(0x04), result.number(0x87)) == (1010, charge.receipt_no)
    assert (charge.amount_minor, charge.currency_number) == (1010, "0978")


def test_the_journal_tells_when_each_line_was_written(shop: Shop) -> None:
    before = datetime.now(UTC)
    till = shop.open()
    shop.pay(till)
    reverse(till, 1)
    after = datetime.now(UTC)
    charged, taken_back = shop.journal.records()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", charged.at_utc)
    times = [datetime.fromisoformat(record.at_utc) for record in (charged, taken_back)]
    assert before <= times[0] < times[1] <= after


def test_a_journal_from_before_times_were_kept_is_still_read(tmp_path: Path) -> None:
    line = {
        "state": APPROVED,
        "trace_no": 7,
        "receipt_no": 3,
        "amount_minor": 500,
        "currency_number": "0978",
    }
    (tmp_path / "journal").write_text(json.dumps(line) + "\n", "utf-8")
    journal = TerminalJournal(tmp_path / "journal")
    assert journal.records()[0].at_utc == ""
    assert (journal.next_trace_no(), journal.next_receipt_no()) == (8, 4)


def test_a_terminal_that_was_not_registered_takes_no_payment(shop: Shop) -> None:
    till = shop.open()
    till.send("0602")
    assert till.hear() == Said("8000", b"")
    heard = shop.pay(till)
    assert (heard[-1].control, heard[-1].data) == ("061e", b"\x6b")
    assert shop.journal.records() == ()


def test_a_payment_in_another_currency_is_refused_with_the_right_one(shop: Shop) -> None:
    heard = shop.open().order("0601", b"\x04" + digits(100, 6) + bytes.fromhex("490840"))
    assert (heard[-1].control, heard[-1].data.hex()) == ("061e", "6f0978")


@pytest.mark.parametrize(
    ("control", "data"),
    [
        ("06aa", b""),
        ("06e0", b"\xf1\xf1\x41"),
        ("0601", b"\x04" + digits(100, 6) + b"\xee\x01"),
        ("0601", b"\x04" + digits(100, 6)[:3]),
        ("0601", b"\x04" + digits(0, 6)),
        ("0601", EUR),
        ("0630", PASSWORD + b"\x04" + digits(100, 6)),
        ("0631", PASSWORD + EUR),
        ("0691", b"\xaa\x26\x11\x22"),
    ],
)
def test_what_it_does_not_know_or_cannot_read_is_answered_84_83(
    shop: Shop, control: str, data: bytes
) -> None:
    assert controls(shop.open().order(control, data)) == ["8483"]
    assert shop.journal.records() == ()


def test_goods_that_are_not_ready_have_the_result_offered_again_and_then_taken_back(shop: Shop) -> None:
    till = shop.open(tempo=FAST)
    shop.terminal.present(CardScript())
    wait = bytes.fromhex("849c00")
    heard = till.pay(1010, lambda said: wait if said.control == "040f" else YES)
    assert [said.fields[0x27].hex() for said in results(heard)] == ["00", "00", "00", "6c"]
    assert (heard[-1].control, shop.journal.charged_minor()) == ("061e", 0)


def test_the_largest_amount_is_still_charged_as_it_is_told(shop: Shop) -> None:
    result = results(shop.pay(shop.open(Personality.AMOUNT_ALTERED), 999_999_999_999))[0]
    assert result.number(0x04) == shop.journal.charged_minor() == 999_999_999_999


def test_nonsense_in_sound_frames_never_ends_the_terminal(shop: Shop) -> None:
    till = shop.open(Personality.SYNCHRONISES, tempo=Tempo(speed=5000.0))
    chance = random.Random(1)
    controls_known = ["0600", "0601", "0602", "0501", "0620", "0630", "0631", "0650", "0670", "0691", "0693"]
    for _ in range(150):
        control = chance.choice([*controls_known, chance.randbytes(2).hex()])
        data = chance.choice([b"", PASSWORD]) + chance.randbytes(chance.randrange(20))
        till.send(control, data)
        till.write(chance.randbytes(chance.randrange(3)))
        till.ignore(silence_s=0.005)
    till.ignore(silence_s=0.3)
    assert till.order("0501")[-1].data[:1] in (b"\x00", b"\x9c")


# --- reversal, refund, end of day ------------------------------------------------------------------


def test_a_reversal_takes_the_charge_back_and_is_a_transaction_of_its_own(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till)
    heard = reverse(till, 1, 1010)
    (result,) = results(heard)
    assert controls(heard)[-1] == "060f"
    assert (result.number(0x04), result.number(0x87), result.number(0x37)) == (1010, 2, 1)
    assert shop.journal.charges() == ()
    last = shop.journal.records()[-1]
    assert (last.state, last.trace_no, last.booked_receipt_no, last.cause) == (REVERSED, 1, 2, "ordered")
    assert results(shop.pay(till))[0].number(0x87) == 3


@pytest.mark.parametrize(
    ("receipt_no", "amount_minor", "code"),
    [(1, None, 0xB4), (9, None, 0xB5), (2, 999, 0xB7), (3, 300, 0xB5)],
    ids=["already reversed", "unknown", "another amount", "a reversal itself"],
)
def test_a_reversal_that_cannot_be_is_refused_with_the_reason(
    shop: Shop, receipt_no: int, amount_minor: int | None, code: int
) -> None:
    till = shop.open()
    for amount in (300, 400):
        shop.pay(till, amount)
    assert controls(reverse(till, 1))[-1] == "060f"
    heard = reverse(till, receipt_no, amount_minor)
    assert (heard[-1].control, heard[-1].data) == ("061e", bytes((code,)))
    assert shop.journal.charged_minor() == 400


def test_a_charge_of_a_closed_day_cannot_be_reversed(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till)
    till.order("0650", PASSWORD)
    assert reverse(till, 1)[-1].data == b"\xb5"
    assert shop.journal.charged_minor() == 1010


def test_a_refund_wants_a_card_and_is_no_charge(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till)
    shop.terminal.present(CardScript())
    heard = till.order("0631", PASSWORD + b"\x04" + digits(250, 6) + EUR)
    assert (results(heard)[0].number(0x04), results(heard)[0].number(0x87)) == (250, 2)
    (refund,) = shop.journal.refunds()
    assert (refund.state, refund.amount_minor, shop.journal.charged_minor()) == (REFUNDED, 250, 1010)


def test_a_refund_the_bank_refuses_moves_nothing(shop: Shop) -> None:
    till = shop.open()
    shop.terminal.present(CardScript(CardAction.DECLINE))
    heard = till.order("0631", PASSWORD + b"\x04" + digits(250, 6) + EUR)
    assert (heard[-1].control, heard[-1].data, shop.journal.refunds()) == ("061e", b"\x05", ())


def test_an_end_of_day_counts_each_kind_of_card_and_begins_a_new_day(shop: Shop) -> None:
    till = shop.open()
    for amount, name in ((100, "girocard"), (250, "Visa"), (300, "Visa"), (50, "Trombone")):
        shop.pay(till, amount, CardScript(card_name=name))
    reverse(till, 2)
    totals = results(till.order("0650", PASSWORD))[0].fields
    numbers = totals[0x60].hex()
    assert (int(totals[0x04].hex()), numbers[:8]) == (450, "00010004")
    groups = [numbers[at : at + 14] for at in range(8, len(numbers), 14)]
    sums = {(int(group[:2], 16), int(group[2:])) for group in groups if int(group[2:])}
    assert sums == {(1, 100), (1, 300), (1, 50)}
    assert shop.journal.records()[-1].state == DAY_CLOSED
    again = results(till.order("0650", PASSWORD))[0]
    assert again.number(0x04) == 0


# --- service commands ------------------------------------------------------------------------------


@pytest.mark.parametrize(("control", "data"), [("0670", b""), ("0693", PASSWORD)])
def test_diagnosis_and_initialisation_hand_over_the_clock(shop: Shop, control: str, data: bytes) -> None:
    heard = shop.open().order(control, data)
    assert controls(heard) == ["8000", "04ff", "0401", "060f"]
    told = heard[2].fields
    stamp = datetime.strptime(told[0xAA].hex() + told[0x0C].hex(), "%y%m%d%H%M%S").astimezone()
    assert abs((datetime.now(UTC) - stamp).total_seconds()) < 120


def test_the_clock_can_be_set(shop: Shop) -> None:
    heard = shop.open().order("0691", bytes.fromhex("aa261122 0c101112"))
    assert controls(heard) == ["8000", "060f"]


@pytest.mark.parametrize(
    ("service", "has_result", "has_slip"),
    [(b"", False, True), (b"\x03\x01", True, True), (b"\x03\x03", True, False)],
)
def test_a_repeat_sends_what_its_service_byte_asks_for(
    shop: Shop, service: bytes, has_result: bool, has_slip: bool
) -> None:
    till = shop.open(Personality.PRINTS_THROUGH_ECR, config=0xBE)
    shop.pay(till)
    heard = controls(till.order("0620", PASSWORD + service))
    assert ("040f" in heard, "06d1" in heard, heard[-1]) == (has_result, has_slip, "060f")


def test_a_repeat_with_nothing_stored_is_refused(shop: Shop) -> None:
    assert controls(shop.open().order("0620", PASSWORD + b"\x03\x03")) == ["8483"]


def test_a_repeat_tells_the_last_transaction_that_stands(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till, 100)
    shop.pay(till, 200)
    shop.terminal.present(CardScript())
    till.pay(300, lambda said: bytes.fromhex("846600") if said.control == "040f" else YES)
    (result,) = results(till.order("0620", PASSWORD + b"\x03\x03"))
    assert (result.number(0x04), result.number(0x87)) == (200, 2)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", b"\x00"),
        (PASSWORD + b"\x03\x03", b"\x00"),
        (PASSWORD + b"\x03\x01", b"\xf0\xf1\xf1LANELIGHT-1\x00"),
    ],
)
def test_a_status_tells_its_version_only_when_asked(shop: Shop, data: bytes, expected: bytes) -> None:
    assert shop.open().order("0501", data)[-1] == Said("060f", expected)


def test_a_status_tells_more_facts_when_asked(shop: Shop) -> None:
    data = shop.open().order("0501", PASSWORD + b"\x03\x07")[-1].data
    assert (data[0], data[1]) == (0x00, 0x06)
    size, at = container_length(data, 2)
    ((tag, facts),) = elements(data[at : at + size])
    assert (tag, dict(elements(facts))[0x1F40]) == (0xE4, b"SIMULATOR")


def test_a_terminal_in_a_payment_says_that_it_is_busy(shop: Shop) -> None:
    till = shop.open()
    till.send("0601", b"\x04" + digits(100, 6) + EUR)
    assert [till.hear().control, till.hear().control] == ["8000", "04ff"]
    till.send("8000")
    assert till.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x9c"
    assert controls(till.order("0620", PASSWORD + b"\x03\x03")) == ["8483"]
    till.send("06b0")
    assert [till.hear().control for _ in range(2)] == ["8000", "040f"]


def test_a_busy_terminal_answers_on_a_new_connection_and_does_not_finish_the_old_talk_there(
    shop: Shop,
) -> None:
    till = shop.open()
    shop.terminal.present(CardScript(slow_s=0.6))
    till.send("0601", b"\x04" + digits(100, 6) + EUR)
    assert till.hear().control == "8000"
    for _ in range(3):
        assert till.hear().control == "04ff"
        till.send("8000")
    shop.terminal.unplug()
    shop.terminal.replug()
    second = shop.till()
    assert second.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x9c"
    until_booked(shop, APPROVED)
    assert second.is_silent_for(0.2)
    assert second.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x00"
    assert shop.journal.charged_minor() == 100


# --- tempo -----------------------------------------------------------------------------------------


def test_the_speed_divides_every_wait() -> None:
    life, fast = Tempo(pace_s=1.0), Tempo(pace_s=1.0, speed=20.0).at_speed()
    for name in ("byte_gap_s", "acknowledge_s", "answer_s", "card_wait_s", "wait_notice_s", "goods_pause_s"):
        assert getattr(fast, name) == pytest.approx(getattr(life, name) / 20)
    assert fast.pace_s == pytest.approx(0.05)
    assert fast.speed == 1.0


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Tempo(speed=speed)


def test_nobody_with_a_card_ends_the_payment_after_the_card_wait(shop: Shop) -> None:
    till = shop.open(tempo=patient(600.0))
    assert till.pay(100)[-1] == Said("061e", b"\x6c")
    assert shop.journal.records() == ()


# --- characters ------------------------------------------------------------------------------------


def test_every_character_has_a_name_and_one_line_about_it() -> None:
    lines = [personality.description for personality in Personality]
    assert len(set(lines)) == len(lines) == len({personality.traits for personality in Personality})
    assert [line for line in lines if not 20 < len(line) < 110 or "\n" in line] == []


@pytest.mark.parametrize(("habit", "charged_minor"), [(Habit.KEEPS, 1010), (Habit.AUTO_REVERSES, 0)])
def test_a_result_nobody_answers_is_kept_or_taken_back_by_habit(
    shop: Shop, habit: Habit, charged_minor: int
) -> None:
    till = shop.open(Traits(habit=habit), tempo=FAST)
    shop.terminal.present(CardScript())
    till.send("0601", b"\x04" + digits(1010, 6) + EUR)
    hear_result(till)
    until_booked(shop, REVERSED if habit is Habit.AUTO_REVERSES else APPROVED)
    while not till.is_silent_for(1.0):  # what it still says is left unanswered as well
        continue
    assert shop.journal.charged_minor() == charged_minor


def synced(receipt_no: int) -> bytes:
    return bytes.fromhex("06 05 1f1f 02") + digits(receipt_no, 2)


def told_number(said: Said, at: int = 0) -> int:
    """The receipt number in tag 1F1F of the container that begins at `at`."""
    assert said.data[at] == 0x06
    size, start = container_length(said.data, at + 1)
    return int(dict(elements(said.data[start : start + size]))[0x1F1F].hex())


def test_a_synchronising_terminal_tells_its_last_receipt_number_everywhere(shop: Shop) -> None:
    till = shop.open(Personality.SYNCHRONISES)
    heard = shop.pay(till)
    assert dict(elements(results(heard)[0].fields[0x06]))[0x1F1F] == digits(1, 2)
    assert told_number(heard[-1]) == 1
    assert told_number(till.order("0501", PASSWORD + b"\x03\x03")[-1], at=1) == 1
    assert dict(elements(till.register()[-1].fields[0x06]))[0x1F1F] == digits(1, 2)


def test_it_tells_nothing_to_a_lane_that_did_not_ask_for_containers(shop: Shop) -> None:
    till = shop.open(Personality.SYNCHRONISES, container=b"")
    heard = shop.pay(till)
    assert (0x06 in results(heard)[0].fields, heard[-1].data) == (False, b"")


@pytest.mark.parametrize(("known", "charged_minor"), [(2, 300), (1, 100), (3, 300)])
def test_a_lane_that_is_one_receipt_behind_has_the_last_charge_reversed(
    shop: Shop, known: int, charged_minor: int
) -> None:
    till = shop.open(Personality.SYNCHRONISES)
    for amount in (100, 200):
        shop.pay(till, amount)
    till.order("0501", PASSWORD + b"\x03\x03" + synced(known))
    assert shop.journal.charged_minor() == charged_minor


@pytest.mark.parametrize("personality", OTHERS_THAT_CHARGE)
def test_no_other_terminal_reverses_by_a_receipt_number(shop: Shop, personality: Personality) -> None:
    till = shop.open(personality)
    shop.pay(till)
    till.order("0501", PASSWORD + b"\x03\x03" + synced(0))
    assert len(shop.journal.charges()) == 1


def test_a_question_overtakes_a_payment_that_lies_in_the_queue(shop: Shop) -> None:
    till = shop.open(Traits(status_lag_s=600.0), tempo=Tempo(), seed=3)
    till.send("0601", b"\x04" + digits(1010, 6) + EUR)
    assert till.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x00"


def test_a_question_overtakes_a_booking_by_a_moment(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till, 100)
    shop.terminal.adopt(Traits(status_lag_s=0.5))
    shop.pay(till, 200)
    first = results(till.order("0620", PASSWORD + b"\x03\x03"))
    deadline_s = time.monotonic() + 3.0
    while results(till.order("0620", PASSWORD + b"\x03\x03"))[0].number(0x04) != 200:
        assert time.monotonic() < deadline_s
    assert first[0].number(0x04) == 100
    assert shop.journal.charged_minor() == 300


def test_an_empty_repeat_ends_without_a_result(shop: Shop) -> None:
    till = shop.open(Personality.REPEAT_RECEIPT_EMPTY)
    shop.pay(till)
    assert controls(till.order("0620", PASSWORD + b"\x03\x03")) == ["8000", "060f"]


def test_receipts_count_from_one_again_after_a_pulled_cable_and_an_end_of_day(shop: Shop) -> None:
    till = shop.open(Personality.COUNTER_RESET)
    assert [results(shop.pay(till))[0].number(0x87) for _ in range(2)] == [1, 2]
    till.order("0650", PASSWORD)
    assert results(shop.pay(till))[0].number(0x87) == 1
    shop.terminal.unplug()
    shop.terminal.replug()
    till = shop.till()
    till.register()
    assert results(shop.pay(till))[0].number(0x87) == 1
    assert len(shop.journal.charges()) == 4


@pytest.mark.parametrize("seed", range(5))
def test_an_altered_amount_is_charged_and_told(shop: Shop, seed: int) -> None:
    result = results(shop.pay(shop.open(Personality.AMOUNT_ALTERED, seed=seed)))[0]
    assert 1 <= shop.journal.charged_minor() - 1010 <= 99
    assert result.number(0x04) == shop.journal.charged_minor()


def test_a_pin_is_wrong_twice_and_then_right(shop: Shop) -> None:
    heard = shop.pay(shop.open(Personality.WRONG_PIN_TWICE))
    assert [said.fields[0x27].hex() for said in results(heard)] == ["37", "37", "00"]
    assert (heard[-1].control, shop.journal.charged_minor()) == ("060f", 1010)


def test_a_slow_terminal_is_never_silent_for_half_a_minute(shop: Shop) -> None:
    till = shop.open(Personality.SLOW, tempo=patient(300.0))
    heard = shop.pay(till)
    waits = [said for said in heard if said.data == b"\x0e"]
    assert Tempo().wait_notice_s < 30
    assert len(waits) >= 180 / Tempo().wait_notice_s
    assert shop.journal.charged_minor() == 1010


def test_a_due_end_of_day_stops_every_payment_until_it_was_done(shop: Shop) -> None:
    till = shop.open(Personality.END_OF_DAY_DUE)
    for _ in range(2):
        heard = shop.pay(till)
        assert (results(heard)[0].fields[0x27], heard[-1]) == (b"\xf0", Said("061e", b"\xf0"))
    till.order("0650", PASSWORD)
    shop.pay(till)
    assert shop.journal.charged_minor() == 1010


def test_slips_go_through_the_lane_line_by_line(shop: Shop) -> None:
    till = shop.open(Personality.PRINTS_THROUGH_ECR, config=0xBE)
    heard = shop.pay(till)
    lines = [said.data for said in heard if said.control == "06d1"]
    for kind in (1, 2):
        mine = [line for line in lines if line.endswith(bytes.fromhex("06041f0701") + bytes((kind,)))]
        assert [line[0] for line in mine] == [0x40, *[0x00] * (len(mine) - 2), 0x81]
        assert any(b"EUR 10.10" in line for line in mine)
    order = controls(heard)
    assert order.index("040f") < order.index("06d1") < order.index("060f")


def test_slips_go_through_the_lane_in_blocks_when_it_named_them(shop: Shop) -> None:
    till = shop.open(Personality.PRINTS_THROUGH_ECR, config=0xBE, container=BLOCKS)
    blocks = [said.fields[0x06] for said in shop.pay(till) if said.control == "06d3"]
    kinds = [dict(elements(block))[0x1F07] for block in blocks]
    assert kinds == [b"\x01", b"\x02"]
    for block in blocks:
        items = elements(dict(elements(block))[0x25])
        assert items[-1] == (0x09, b"\xff")
        assert (0x07, b"EUR 10.10") in items


def test_a_lane_that_did_not_ask_for_slips_gets_none(shop: Shop) -> None:
    heard = shop.pay(shop.open(Personality.PRINTS_THROUGH_ECR, container=BLOCKS))
    assert {"06d1", "06d3"}.isdisjoint(controls(heard))


@pytest.mark.parametrize(("habit", "charged_minor"), [(Habit.KEEPS, 1010), (Habit.AUTO_REVERSES, 0)])
def test_an_unanswered_slip_leaves_the_charge_to_the_habit(
    shop: Shop, habit: Habit, charged_minor: int
) -> None:
    traits = replace(Personality.PRINTS_THROUGH_ECR.traits, habit=habit)
    till = shop.open(traits, tempo=FAST, config=0xBE, container=BLOCKS)
    shop.terminal.present(CardScript())
    till.pay(1010, lambda said: b"" if said.control == "06d3" else YES)
    assert shop.journal.charged_minor() == charged_minor


def test_a_failed_payment_is_never_closed_by_a_terminal_that_forgets_it(shop: Shop) -> None:
    till = shop.open(Personality.ABORT_FRAME_MISSING)
    shop.terminal.present(CardScript(CardAction.DECLINE))
    till.send("0601", b"\x04" + digits(100, 6) + EUR)
    hear_result(till)
    till.send("8000")
    assert till.is_silent_for(0.2)
    assert till.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x00"


def test_a_terminal_that_waits_on_charges_a_card_while_the_cable_is_out(shop: Shop) -> None:
    till = shop.open(Personality.WAITS_ON)
    till.send("0601", b"\x04" + digits(100, 6) + EUR)
    assert [till.hear().control, till.hear().control] == ["8000", "04ff"]
    till.send("8000")
    shop.terminal.unplug()
    shop.terminal.present(CardScript())
    until_booked(shop, APPROVED)
    assert shop.journal.charged_minor() == 100


def test_a_new_connection_can_stop_a_terminal_that_waits_on(shop: Shop) -> None:
    till = shop.open(Personality.WAITS_ON)
    till.send("0601", b"\x04" + digits(100, 6) + EUR)
    assert [till.hear().control, till.hear().control] == ["8000", "04ff"]
    till.send("8000")
    shop.terminal.unplug()
    shop.terminal.replug()
    second = shop.till()
    assert second.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x9c"
    second.send("06b0")
    assert second.hear().control == "8000"
    shop.terminal.present(CardScript())
    assert second.order("0501", PASSWORD + b"\x03\x03")[-1].data == b"\x00"
    assert shop.journal.records() == ()


@pytest.mark.parametrize("control", ["0600", "0601", "0501", "06aa"])
def test_another_protocol_answers_every_frame_with_its_own_no(shop: Shop, control: str) -> None:
    till = shop.start(Personality.OTHER_PROTOCOL)
    till.send(control, PASSWORD)
    heard = b""
    while len(heard) < 3:
        heard += till.listen(5.0)
    assert heard == bytes.fromhex("150369")


def test_a_terminal_can_become_another_between_two_payments(shop: Shop) -> None:
    till = shop.open()
    shop.pay(till)
    shop.terminal.adopt(Personality.END_OF_DAY_DUE.traits)
    assert shop.pay(till)[-1].data == b"\xf0"


# --- card numbers ----------------------------------------------------------------------------------


def luhn_holds(number: str) -> bool:
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def card_numbers(raw: bytes) -> set[str]:
    """Runs of 13 to 19 digits that pass the Luhn check, in packed halves and in text, spaces apart."""
    texts = (raw.hex(), raw.decode("latin-1").replace(" ", ""))
    runs = [run for text in texts for run in re.findall(r"\d{13,}", text)]
    windows = {run[at : at + n] for run in runs for n in (14, 15, 16) for at in range(len(run) - n + 1)}
    return {window for window in windows if luhn_holds(window)} & set(CANARY_NUMBERS)


def test_the_canaries_are_valid_numbers_of_the_test_ranges() -> None:
    assert len(set(CANARY_NUMBERS)) == len(CANARY_NUMBERS) >= 10
    assert [number for number in CANARY_NUMBERS if not luhn_holds(number)] == []
    assert "4242" * 4 in CANARY_NUMBERS


def test_a_canary_sings_in_every_place_a_card_number_can_stand(shop: Shop) -> None:
    till = shop.open(Personality.PRINTS_THROUGH_ECR, canary=True, config=0xBE, container=BLOCKS)
    heard = shop.pay(till)
    number = CANARY_NUMBERS[1]
    fields = results(heard)[0].fields
    assert fields[0x22].hex().rstrip("f") == number
    assert fields[0x23].hex().startswith(number + "d")
    assert fields[0x24].hex().startswith("01" + number)
    assert {
        tag: number in (value.hex() + value.decode("latin-1")) for tag, value in elements(fields[0x06])
    } == {
        0x1F7E: True,
        0xDF01: True,
    }
    spaced = " ".join(number[at : at + 4] for at in range(0, len(number), 4)).encode()
    blocks = [said.data for said in heard if said.control == "06d3"]
    assert [spaced in block for block in blocks] == [True, True]


def test_a_canary_sings_in_a_refusal_too(shop: Shop) -> None:
    heard = shop.pay(shop.open(canary=True), script=CardScript(CardAction.DECLINE))
    assert results(heard)[0].fields[0x22].hex().rstrip("f") in CANARY_NUMBERS


@pytest.mark.parametrize("personality", [Personality.KEEPS, Personality.PRINTS_THROUGH_ECR])
def test_without_canaries_no_card_number_ever_leaves_the_terminal(
    shop: Shop, personality: Personality
) -> None:
    till = shop.open(personality, config=0xBE, container=BLOCKS)
    for _ in CANARY_NUMBERS:
        shop.pay(till)
    till.order("0620", PASSWORD + b"\x03\x01")
    assert card_numbers(till.raw) == set()


def test_each_canary_has_its_turn_and_the_journal_keeps_four_digits_of_it(shop: Shop, tmp_path: Path) -> None:
    till = shop.open(canary=True)
    for _ in CANARY_NUMBERS:
        shop.pay(till)
    assert card_numbers(till.raw) == set(CANARY_NUMBERS)
    assert {record.card_last4 for record in shop.journal.charges()} == {n[-4:] for n in CANARY_NUMBERS}
    assert card_numbers((tmp_path / "journal.jsonl").read_bytes()) == set()
