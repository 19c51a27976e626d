"""Owns the short campaigns of every test run, and the proof that a campaign sees what it looks for.

It must not judge how fast anything is. The long campaigns are the same commands with larger numbers.
"""

from __future__ import annotations

import json
import mmap
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from crccheck.crc import Crc16Kermit

from hardware.events import BarcodeRead, LastPaymentReported
from hardware.line import Output, Report
from hardware.protocols.zvt_link import Frame, FrameReceiver
from kiosk.checkout import paying
from kiosk.checkout.state import Attempt, PaymentState
from kiosk.checkout.tendering import Verdict, judge
from tests.campaigns import corrupted, mutation, zvt_frames
from tests.campaigns.corrupted import play
from tests.campaigns.fuzz import Campaign, Findings
from tests.campaigns.paying_lane import PayingLane
from tests.campaigns.paying_terminal import Cut, PayingTerminal, Script
from tests.campaigns.rig import Parser, Rig, Target
from tests.campaigns.targets import TARGETS
from tests.support.card_scan import CANARIES

ROOT = Path(__file__).parents[2]
FRAMES = 20_000
PAYMENTS = 2_000


def campaign(*arguments: str) -> dict[str, Any]:
    """Runs in a process of its own, so that memory is the campaign's alone."""
    command = [sys.executable, "-m", "tests.campaigns.fuzz", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, found
    return found


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_frames_raise_nothing_hang_nowhere_and_leave_memory_flat(name: str) -> None:
    found = campaign(name, "--frames", str(FRAMES), "--seed", "7")
    assert (found["errors"], found["frames"]) == (0, FRAMES)
    assert found["events"] > 0


def test_no_corrupted_payment_is_accepted_for_another_than_was_asked_for() -> None:
    found = campaign("corrupted", "--payments", str(PAYMENTS), "--seed", "7")
    wrong = ("wrong_amount", "wrong_currency", "wrong_terminal_id", "wrong_receipt_no")
    assert [found[name] for name in wrong] == [0, 0, 0, 0]
    assert [found[name] for name in ("paid_uncharged", "charged_unpaid", "errors")] == [0, 0, 0]
    assert found["accepted"] > PAYMENTS // 10
    assert found["past_the_checksum"] > PAYMENTS // 2


def test_a_seed_repeats_a_campaign() -> None:
    first, second = (Campaign("zvt", TARGETS["zvt"](), 500, seed=3).run() for _ in range(2))
    assert (first.events, first.errors) == (second.events, second.errors)
    tallies = [corrupted.run(50, seed=3) for _ in range(2)]
    assert tallies[0].accepted == tallies[1].accepted


# --- a campaign sees what it looks for -------------------------------------------------------------


class Faulty:
    """A LineProtocol that does one wrong thing with every frame it gets."""

    def __init__(self, wrong: Callable[[bytes], Iterable[Output]]) -> None:
        self._wrong = wrong

    def opened(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - a protocol's shape
        return []

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - the same
        return self._wrong(data)

    def elapsed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - a protocol's shape
        return []

    def closed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - a protocol's shape
        return []


def findings(wrong: Callable[[bytes], Iterable[Output]], *parsers: Parser, frames: int = 100) -> Findings:
    target = Target(scenes=(lambda: Rig(Faulty(wrong)),), whole=(b"whole", b"other"), parsers=parsers)
    return Campaign("faulty", target, frames, seed=1).run()


def fine(_data: bytes) -> Iterable[Output]:
    return [Report(BarcodeRead("scanner", "1"))]


def test_a_protocol_without_fault_passes() -> None:
    assert findings(fine, Parser(bytes.decode, UnicodeDecodeError)).passed


def test_an_exception_out_of_received_is_found_with_the_frames_number() -> None:
    def wrong(data: bytes) -> Iterable[Output]:
        raise IndexError(data)

    found = findings(wrong)
    assert (found.errors, found.passed) == (100, False)
    assert found.first_errors[0] == "frame 0: IndexError in received"


def test_an_exception_that_is_not_the_parsers_own_is_found() -> None:
    found = findings(fine, Parser(lambda data: data[9], ValueError))
    assert found.errors > 0
    assert "IndexError in a parser" in found.first_errors[0]


def test_a_card_number_in_an_event_is_found_also_as_bytes() -> None:
    packed: Any = bytes.fromhex(CANARIES[0])  # no event has bytes today
    for content in (CANARIES[0], packed):
        leak = [Report(BarcodeRead("scanner", content))]
        found = findings(lambda _data, leak=leak: leak)  # type: ignore[misc]
        assert found.errors == 100
        assert CANARIES[0] not in str(found)


def test_a_frame_that_takes_long_is_found() -> None:
    def wrong(_data: bytes) -> Iterable[Output]:
        until_s = time.thread_time() + 0.06
        while time.thread_time() < until_s:
            continue
        return fine(b"")

    found = findings(wrong, frames=1)
    assert found.slowest_ms > 50
    assert not found.passed


def test_memory_that_grows_is_found() -> None:
    kept: list[mmap.mmap] = []

    def wrong(_data: bytes) -> Iterable[Output]:
        kept.append(mmap.mmap(-1, 40_000))  # fresh pages: the heap may have room left from other tests
        kept[-1].write(b"x" * 40_000)
        return fine(b"")

    found = findings(wrong, frames=200)
    for pages in kept:
        pages.close()
    assert found.rss_growth_kib > 1024
    assert not found.passed


def test_frames_of_the_campaign_are_right_by_our_own_receiver() -> None:
    messages = [*zvt_frames.ordinary(), *zvt_frames.leaky_results(), *zvt_frames.slips()]
    for message in messages:
        assert FrameReceiver().feed(zvt_frames.framed(message), 0.0) == [Frame(message)]
    assert Crc16Kermit.calc(b"123456789") == 0x2189


def test_splitting_loses_no_byte() -> None:
    chance = Random(1)
    for _ in range(500):
        data = mutation.noise(chance)
        assert b"".join(mutation.split(data, chance)) == data


# --- the payments' campaign ------------------------------------------------------------------------


def script(*, approves: bool = True, cut: Cut = Cut.NEVER, keeps: bool = True) -> Script:
    return Script(1010, 8, 1010, approves, cut, keeps)


@pytest.mark.parametrize(
    ("told", "wanted", "charged"),
    [
        (script(), PaymentState.PAID, True),
        (script(approves=False), PaymentState.DECLINED, False),
        (script(cut=Cut.BEFORE_RESULT), PaymentState.PAID, True),
        (script(cut=Cut.BEFORE_ANSWER), PaymentState.PAID, True),
        (script(cut=Cut.AFTER_ANSWER), PaymentState.PAID, True),
        (script(cut=Cut.BEFORE_ANSWER, keeps=False), PaymentState.DECLINED, False),
        (script(cut=Cut.BEFORE_RESULT, keeps=False), PaymentState.DECLINED, False),
    ],
)
def test_without_corruption_the_lane_ends_where_the_terminal_does(
    told: Script, wanted: PaymentState, charged: bool
) -> None:
    lane, terminal = PayingLane(), PayingTerminal(told)
    play(lane, terminal, None, "try-1")
    assert (lane.state.payment.state, terminal.charged) == (wanted, charged)


def test_without_the_cross_checks_the_campaign_finds_wrong_payments(monkeypatch: pytest.MonkeyPatch) -> None:
    def believes(attempt: Attempt, report: LastPaymentReported) -> tuple[Verdict, str]:
        return (Verdict.PAID, "") if report.evidence else judge(attempt, report)

    monkeypatch.setattr(paying, "authorisation_fits", lambda _attempt, _evidence: "")
    monkeypatch.setattr(paying, "judge", believes)
    tally = corrupted.run(1_500, seed=5)
    assert tally.wrong_amount > 0
    assert tally.wrong_terminal_id > 0
    assert tally.wrong_receipt_no > 0
    assert not tally.passed
