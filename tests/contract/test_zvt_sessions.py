"""Owns whole ZVT dialogues: recorded ones of a real terminal, and ours for every command we send.

It must not run the recordings without their folder beside the repository: it skips and says so.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from hardware.drivers.terminal_zvt import ZvtTerminal
from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    DayTotals,
    DeclineReason,
    DeviceEvent,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    QueryVerdict,
    Slip,
    TerminalPrinted,
)
from hardware.ports import OrderKind, PaymentRequest, TerminalOrder
from hardware.protocols.zvt_job import ZvtSettings
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from hardware.transport import Transport, open_transport
from tests.support.zvt_dialogue import ACCEPTED, ATTEMPT, Dialogue, frame_of

RECORDINGS: Final = Path(__file__).parents[3] / "shared" / "vectors" / "zvt_transcripts.jsonl"

Recording = dict[str, Any]
Steps = list[tuple[float, str, str]]

CLOSE_DAY: Final = TerminalOrder("order-1", OrderKind.END_OF_DAY)


def recordings() -> list[Recording]:
    if not RECORDINGS.exists():
        return []
    return [json.loads(line) for line in RECORDINGS.read_text("utf-8").splitlines()]


def named(part: str) -> list[Recording]:
    return [recording for recording in recordings() if part in recording["scenario"]]


needs_recordings = pytest.mark.skipif(not recordings(), reason="no recorded ZVT dialogues beside the repo")


def steps_of(recording: Recording) -> Steps:
    def seconds(at: str) -> float:
        return datetime.strptime(f"{at} +0000", "%Y/%m/%d %H:%M:%S %z").timestamp()

    start_s = seconds(recording["steps"][0][0])
    return [(seconds(at) - start_s, sender, apdu) for at, sender, apdu in recording["steps"]]


class Replay:
    """Plays the terminal's side of a recording and compares our answers with those it was given then."""

    def __init__(self, recording: Recording) -> None:
        self.dialogue = Dialogue(ZvtSettings(password="123456"))
        self.steps = steps_of(recording)
        self.answers = 0
        self._polls = 0
        if not self.steps[0][2].startswith("0600"):
            self.dialogue.registered()

    def run(self) -> Replay:
        for at_s, sender, apdu in self.steps:
            self.dialogue.wait_until(at_s)
            if sender == "pt->ecr":
                self._terminal_says(apdu)
            elif not self._lane_says(apdu):
                break
        return self

    def _terminal_says(self, apdu: str) -> None:
        if self._polls and apdu.startswith(("8000", "060f")):
            self._polls -= 1
        else:
            self.dialogue.hear(apdu)

    def _lane_says(self, apdu: str) -> bool:
        """Does what the recorded lane did; False where it began something else after its command."""
        dialogue = self.dialogue
        match apdu[:4]:
            case "8000" if dialogue.said:
                assert dialogue.said.popleft() == apdu
                self.answers += 1
            case "8000":
                return True  # that lane answered answers and its own polls too
            case "0501":
                self._polls = 2  # it asked for the state in mid-payment; its 80 00 and 06 0F are not ours
            case "0601":
                request = PaymentRequest(ATTEMPT, int(apdu[8:20]), "EUR")
                dialogue.do(dialogue.protocol.start(request, dialogue.now_s))
                assert dialogue.said.popleft() == "06010a" + apdu[6:20] + "490978"
            case "0650":
                dialogue.do(dialogue.protocol.carry_out(CLOSE_DAY, dialogue.now_s))
                assert dialogue.said.popleft() == apdu
            case "0600" if not dialogue.readies:
                dialogue.open()
                assert dialogue.said.popleft()[:12] == apdu[:12]
            case _:
                return False
        return True


def replayed(recording: Recording) -> Replay:
    replay = Replay(recording).run()
    assert not replay.dialogue.said
    return replay


def outcome(events: list[DeviceEvent]) -> DeviceEvent:
    kinds = (CardCompleted, CardDeclined, CardInDoubt, OrderDone, OrderFailed)
    (found,) = [event for event in events if isinstance(event, kinds)]
    return found


def name_of(recording: Recording) -> str:
    return str(recording["name"])


@needs_recordings
@pytest.mark.parametrize("recording", named("approved"), ids=name_of)
def test_a_recorded_approval_is_authorised_for_its_amount_and_completed(recording: Recording) -> None:
    replay = replayed(recording)
    (authorised,) = [event for event in replay.dialogue.events if isinstance(event, CardAuthorised)]
    assert authorised.evidence.amount_minor == int(replay.steps[0][2][8:20])
    assert authorised.evidence.card_name == "MAESTRO"
    assert outcome(replay.dialogue.events) == CardCompleted("terminal", ATTEMPT)
    assert replay.answers >= 4


@needs_recordings
@pytest.mark.parametrize("recording", [*named("STOP"), *named("PIN timeout")], ids=name_of)
def test_a_recorded_stop_or_pin_timeout_is_cancelled(recording: Recording) -> None:
    replay = replayed(recording)
    cancelled = CardDeclined("terminal", ATTEMPT, DeclineReason.CANCELLED, 0x6C)
    assert outcome(replay.dialogue.events) == cancelled
    assert replay.answers >= 5


@needs_recordings
@pytest.mark.parametrize("recording", named("F0"), ids=name_of)
def test_a_recorded_refusal_for_want_of_an_end_of_day_says_the_terminal_is_not_ready(
    recording: Recording,
) -> None:
    events = replayed(recording).dialogue.events
    assert outcome(events) == CardDeclined("terminal", ATTEMPT, DeclineReason.TERMINAL_NOT_READY, 0xF0)


@needs_recordings
@pytest.mark.parametrize("recording", [*named("STOP"), *named("F0")], ids=name_of)
def test_a_recorded_refusal_without_its_last_word_is_doubt_after_30_s(recording: Recording) -> None:
    replay = Replay(recording)
    end = next(n for n, (_, _, apdu) in enumerate(replay.steps) if apdu.startswith("061e"))
    replay.steps = replay.steps[:end]
    dialogue = replay.run().dialogue
    dialogue.wait_until(dialogue.now_s + 29.5)
    assert not any(isinstance(event, CardInDoubt | CardDeclined) for event in dialogue.events)
    dialogue.wait_until(dialogue.now_s + 1.0)
    assert isinstance(outcome(dialogue.events), CardInDoubt)


@needs_recordings
@pytest.mark.parametrize("recording", named("end-of-day OK"), ids=name_of)
def test_a_recorded_end_of_day_is_done_with_its_totals(recording: Recording) -> None:
    dialogue = replayed(recording).dialogue
    done = outcome(dialogue.events)
    assert isinstance(done, OrderDone)
    updates = "27 E0" in recording["scenario"]
    expected = (0, 0) if updates else (100, 1)
    assert done.totals is not None
    assert (done.totals.total_minor, done.totals.count) == expected
    assert bool(dialogue.hang_ups) is updates


@needs_recordings
@pytest.mark.parametrize("recording", named("registration"), ids=name_of)
def test_a_recorded_registration_makes_the_terminal_ready(recording: Recording) -> None:
    dialogue = replayed(recording).dialogue
    assert (dialogue.readies, dialogue.hang_ups, dialogue.protocol.needs) == (1, [], frozenset())


@needs_recordings
def test_every_recording_is_played_by_some_test() -> None:
    parts = ("approved", "STOP", "PIN timeout", "F0", "end-of-day OK", "registration")
    assert [
        name_of(each) for each in recordings() if not any(part in each["scenario"] for part in parts)
    ] == []


# --- dialogues of ours, one for every command ----------------------------------------------------

ORDERS: Final[dict[str, tuple[TerminalOrder, str, tuple[type[DeviceEvent], ...]]]] = {
    "reversal": (
        TerminalOrder("order-1", OrderKind.REVERSAL, "0008", 1010, "EUR"),
        """
        E 06 30 10 00 00 00 87 00 08 04 00 00 00 00 10 10 49 09 78
        P 80 00 00
        P 04 FF 01 0E
        E 80 00 00
        P 04 0F 18 27 00 04 00 00 00 00 10 10 49 09 78 0B 00 00 09 87 00 09 29 52 00 00 01
        E 80 00 00
        P 06 0F 00
        E 80 00 00
        """,
        (OrderDone,),
    ),
    "reversal of the receipt alone": (
        TerminalOrder("order-1", OrderKind.REVERSAL, "8"),
        """
        E 06 30 06 00 00 00 87 00 08
        P 80 00 00
        P 04 0F 02 27 B4
        E 80 00 00
        P 06 1E 01 B4   # already reversed
        E 80 00 00
        """,
        (OrderDone,),
    ),
    "reversal that is impossible": (
        TerminalOrder("order-1", OrderKind.REVERSAL, "0008"),
        """
        E 06 30 06 00 00 00 87 00 08
        P 80 00 00
        P 04 0F 02 27 B5
        E 80 00 00
        P 06 1E 01 B5
        E 80 00 00
        """,
        (OrderFailed,),
    ),
    "refund with a wrong PIN on the way": (
        TerminalOrder("order-1", OrderKind.REFUND, amount_minor=250, currency="EUR"),
        """
        E 06 31 0D 00 00 00 04 00 00 00 00 02 50 49 09 78
        P 80 00 00
        P 04 FF 01 0A
        E 80 00 00
        P 04 0F 02 27 37
        E 80 00 00
        P 04 0F 0C 27 00 04 00 00 00 00 02 50 87 00 10
        E 80 00 00
        P 04 FF 01 0B
        E 80 00 00
        P 06 0F 00
        E 80 00 00
        """,
        (OrderDone,),
    ),
    "end of day": (
        CLOSE_DAY,
        """
        E 06 50 03 00 00 00
        P 80 00 00
        P 04 FF 01 06
        E 80 00 00
        P 04 01 08 AA 26 03 09 0C 21 59 59
        E 80 00 00
        P 04 0F 46 27 00 04 00 00 00 00 12 60 0C 21 59 59 60 F0 F5 F3 00 07 00 09 02 00 00 00 00 10 10 \
01 00 00 00 00 02 50 {rest}
        E 80 00 00
        P 06 0F 00
        E 80 00 00
        """.replace("{rest}", "00 " * 35),
        (OrderDone,),
    ),
    "end of day that is impossible": (
        CLOSE_DAY,
        """
        E 06 50 03 00 00 00
        P 80 00 00
        P 04 0F 02 27 77
        E 80 00 00
        P 06 1E 01 77
        E 80 00 00
        """,
        (OrderFailed,),
    ),
    "diagnosis with a slip": (
        TerminalOrder("order-1", OrderKind.DIAGNOSIS),
        """
        E 06 70 05 06 03 1B 01 01
        P 80 00 00
        P 04 01 08 AA 26 03 09 0C 07 30 00
        E 80 00 00
        P 06 D1 0A 40 44 69 61 67 6E 6F 73 65 20
        E 80 00 00
        P 06 D1 03 81 6F 6B
        E 80 00 00
        P 06 0F 00
        E 80 00 00
        """,
        (TerminalPrinted, OrderDone),
    ),
    "initialisation": (
        TerminalOrder("order-1", OrderKind.INITIALISATION),
        """
        E 06 93 03 00 00 00
        P 80 00 00
        P 04 FF 01 CA
        E 80 00 00
        P 06 0F 00
        E 80 00 00
        """,
        (OrderDone,),
    ),
    "initialisation that the terminal does not know": (
        TerminalOrder("order-1", OrderKind.INITIALISATION),
        """
        E 06 93 03 00 00 00
        P 84 83 00
        """,
        (OrderFailed,),
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_is_spoken_as_the_documents_say(name: str) -> None:
    order, script, expected = ORDERS[name]
    dialogue = Dialogue().registered()
    dialogue.do(dialogue.protocol.carry_out(order, dialogue.now_s))
    dialogue.follow(script)
    assert tuple(type(event) for event in dialogue.events) == expected


def test_the_totals_of_the_day_are_counted_over_all_kinds_of_cards() -> None:
    order, script, _ = ORDERS["end of day"]
    dialogue = Dialogue().registered()
    dialogue.do(dialogue.protocol.carry_out(order, dialogue.now_s))
    dialogue.follow(script)
    totals = DayTotals(1260, "EUR", 3, "0007", "0009")
    assert dialogue.events == [OrderDone("terminal", "order-1", totals)]


PAYMENT: Final = """
E 06 01 0A 04 00 00 00 00 10 10 49 09 78
P 80 00 00
P 04 FF 01 0A
E 80 00 00
P 04 0F 1A 27 00 04 00 00 00 00 10 10 0B 00 00 07 87 00 08 8B F0 F7 42 41 4E 4B 88 4E 00
E 80 00 00
"""


def paid(settings: ZvtSettings, ending: str) -> Dialogue:
    dialogue = Dialogue(settings).registered()
    dialogue.do(dialogue.protocol.start(PaymentRequest(ATTEMPT, 1010, "EUR"), dialogue.now_s))
    return dialogue.follow(PAYMENT + ending)


def test_a_payment_is_spoken_as_the_documents_say() -> None:
    dialogue = paid(ZvtSettings(), "P 06 0F 00\nE 80 00 00")
    assert dialogue.events[-1] == CardCompleted("terminal", ATTEMPT)
    (authorised,) = [event for event in dialogue.events if isinstance(event, CardAuthorised)]
    assert authorised.evidence.card_name == "BANKêN"


def test_the_receipts_of_a_payment_come_as_slips_before_its_end_when_the_terminal_composes_them() -> None:
    ending = """
    P 06 D3 15 06 13 1F 07 01 01 25 0D 09 01 40 07 05 48 84 6E 64 6C 09 01 81
    E 80 00 00
    P 06 D3 12 06 10 1F 07 01 02 25 0A 07 05 4B 75 6E 64 65 09 01 FF
    E 80 00 00
    P 06 0F 00
    E 80 00 00
    """
    dialogue = paid(ZvtSettings(receipts="terminal"), ending)
    assert dialogue.events[-3:] == [
        TerminalPrinted("terminal", ATTEMPT, Slip.MERCHANT, ("Händl",)),
        TerminalPrinted("terminal", ATTEMPT, Slip.CUSTOMER, ("Kunde",)),
        CardCompleted("terminal", ATTEMPT),
    ]


def test_the_question_after_the_last_payment_is_spoken_as_the_documents_say() -> None:
    dialogue = Dialogue().registered()
    dialogue.do(dialogue.protocol.query_last("query-1", dialogue.now_s))
    dialogue.follow(
        """
        E 05 01 05 00 00 00 03 03
        P 80 00 00
        P 06 0F 01 00
        E 80 00 00
        E 06 00 10 00 00 00 3E 09 78 03 01 06 06 26 04 0A 02 06 D3
        P 80 00 00
        P 06 0F 0A 19 00 29 52 00 00 01 49 09 78
        E 80 00 00
        E 06 20 05 00 00 00 03 03
        P 84 83 00
        """
    )
    reason = "the terminal answered 84 83"
    assert dialogue.events == [
        LastPaymentReported("terminal", "query-1", QueryVerdict.UNUSABLE, None, reason, "52000001")
    ]


REGISTER: Final = "E 06 00 10 00 00 00 {} 09 78 03 01 06 06 26 04 0A 02 06 D3"
GOODBYES: Final[dict[str, Callable[[Dialogue], None]]] = {
    "answered": lambda dialogue: dialogue.hear(ACCEPTED),
    "refused": lambda dialogue: dialogue.hear("848300"),
    "ignored": lambda dialogue: dialogue.wait_until(dialogue.now_s + 30),
}


@pytest.mark.parametrize(("receipts", "config"), [("lane", "3E"), ("terminal", "BE")])
def test_registration_says_who_composes_the_receipts(receipts: str, config: str) -> None:
    dialogue = Dialogue(ZvtSettings(receipts=receipts))  # type: ignore[arg-type]
    dialogue.open()
    dialogue.follow(REGISTER.format(config))


@pytest.mark.parametrize("goodbye", GOODBYES)
def test_log_off_ends_with_its_answer_whatever_it_is(goodbye: str) -> None:
    dialogue = Dialogue().registered()
    dialogue.do(dialogue.protocol.log_off(dialogue.now_s))
    dialogue.follow("E 06 02 00")
    before = dialogue.protocol.has_parted
    GOODBYES[goodbye](dialogue)
    assert (before, dialogue.protocol.has_parted) == (False, True)
    assert (dialogue.events, dialogue.hang_ups, list(dialogue.said)) == ([], [], [])


# --- the driver takes its leave ------------------------------------------------------------------

LOG_OFF: Final = frame_of(bytes.fromhex("060200"))


class Tap:
    """A transport that remembers what was written."""

    def __init__(self, url: str, written: bytearray) -> None:
        self._inner: Transport = open_transport(url)
        self._written = written

    def fileno(self) -> int:
        return self._inner.fileno()

    def read(self) -> bytes:
        return self._inner.read()

    def write(self, data: bytes) -> None:
        self._written += data
        self._inner.write(data)

    def close(self) -> None:
        self._inner.close()


def closed(folder: Path, before_closing: Callable[[ZvtTerminal], None]) -> bytes:
    """What a driver writes on a cable to a simulated terminal from `before_closing` until it is closed."""
    simulator = ZvtTerminalSimulator(folder / "terminal", folder / "journal.jsonl")
    written, ready, progress = bytearray(), threading.Event(), threading.Event()

    def emit(event: DeviceEvent) -> None:
        (ready if isinstance(event, DeviceReady) else progress).set()

    driver = ZvtTerminal(
        "terminal",
        f"serial://{folder / 'terminal'}?baud=9600&stopbits=2",
        ZvtSettings(),
        emit,
        time.monotonic,
        open_pipe=lambda url: Tap(url, written),
    )
    simulator.start()
    driver.open()
    try:
        assert ready.wait(8)
        before_closing(driver)
        assert before_closing is be_idle or progress.wait(8)
        driver.close()
    finally:
        driver.close()
        simulator.stop()
    return bytes(written)


def be_idle(_: ZvtTerminal) -> None:
    """Nothing is open."""


def pay(driver: ZvtTerminal) -> None:
    driver.start(PaymentRequest(ATTEMPT, 1010, "EUR"))


def test_a_driver_closed_on_purpose_logs_off_an_idle_terminal(tmp_path: Path) -> None:
    assert closed(tmp_path, be_idle).count(LOG_OFF) == 1


def test_a_driver_closed_during_a_payment_says_nothing_more(tmp_path: Path) -> None:
    assert LOG_OFF not in closed(tmp_path, pay)
