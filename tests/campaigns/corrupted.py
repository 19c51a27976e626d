"""Owns the campaign of corrupted payments: what a checksum lets through must still never be taken for paid.

It must not repair anything. Each payment has bytes of a deciding frame changed on the way: on the wire, which
the checksum nearly always sees, or before the checksum is made, as if it had not seen it. The lane is
ZvtProtocol and the checkout's own steps; what is true the model terminal knows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Final

from hardware.events import CardEvidence
from kiosk.checkout.state import PaymentState, TerminalMemory
from tests.campaigns.mutation import damaged
from tests.campaigns.paying_lane import PayingLane, shopping
from tests.campaigns.paying_terminal import DECIDING, Cut, PayingTerminal, Script
from tests.campaigns.zvt_frames import ACK, TERMINAL_ID, framed

AMOUNTS: Final = (
    1,
    2,
    9,
    10,
    89,
    100,
    101,
    110,
    129,
    999,
    1000,
    1001,
    1010,
    1100,
    2020,
    4999,
    9999,
    10_000,
    16_003,
)
WAITS_S: Final = (0.3, 6.0, 3.5, 35.0, 3.5, 190.0, 3.5, 3.5, 210.0, 3.5, 3.5, 3.5)
"""Silences after which the lane's own timers move it on: T1, T2 and T3, a poll, the last word, T4 ..."""

TRANSMISSIONS: Final = 3
_OPEN: Final = (PaymentState.INTENT, PaymentState.AUTHED, PaymentState.UNKNOWN)
_COSMETIC: Final = (
    "trace_no",
    "card_name",
    "card_last4",
    "authorisation_id",
    "terminal_date",
    "terminal_time",
)


@dataclass
class Tally:
    """What became of the payments. The `wrong` four, the two that are unpaid, and `errors` must stay 0.

    The rest is what no cross-check of one message can see, told apart: a receipt number changed in the
    authorisation itself (nothing else names it there), and `cosmetic` fields. `charged_unpaid` and
    `paid_uncharged` compare the lane's end with the terminal's truth.
    """

    payments: int
    seed: int
    errors: int = 0
    wrong_amount: int = 0
    wrong_currency: int = 0
    wrong_terminal_id: int = 0
    wrong_receipt_no: int = 0
    receipt_no_of_authorisation: int = 0
    paid_uncharged: int = 0
    charged_unpaid: int = 0
    cosmetic: int = 0
    accepted: int = 0
    not_paid: int = 0
    left_to_staff: int = 0
    corrupted_frames: int = 0
    past_the_checksum: int = 0
    payments_per_s: int = 0
    first_errors: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        wrong = self.wrong_amount + self.wrong_currency + self.wrong_terminal_id + self.wrong_receipt_no
        untrue = self.paid_uncharged + self.charged_unpaid
        return not (wrong or untrue or self.errors) and self.accepted > 0


class Corruption:
    """The line between terminal and lane, for one payment."""

    def __init__(self, chance: Random, tally: Tally) -> None:
        self._chance = chance
        self._tally = tally
        self._skip = chance.choice((0, 0, 0, 1, 1, 2, 3, 4))
        self._past_checksum = chance.random() < 0.7
        self.frames = 0

    def carry(self, apdu: bytes) -> bytes:
        """The frame as it arrives."""
        if apdu[:2] not in DECIDING:
            return _framed(apdu)
        self._skip -= 1
        if self._skip >= 0 or (self.frames and self._chance.random() < 0.8):
            return _framed(apdu)
        self.frames += 1
        self._tally.corrupted_frames += 1
        if not self._past_checksum:
            return damaged(_framed(apdu), self._chance, (apdu,))
        self._tally.past_the_checksum += 1
        return framed(_changed(apdu, self._chance))


def _changed(apdu: bytes, chance: Random) -> bytes:
    """One to three bytes of a message become others; mostly it keeps its length, so that it is read."""
    if chance.random() < 0.1:
        return damaged(apdu, chance, (apdu,))
    broken = bytearray(apdu)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(broken))
        match chance.randrange(4):
            case 0:
                broken[at] ^= 1 << chance.randrange(8)
            case 1:
                broken[at] = chance.randrange(256)
            case _:  # another decimal digit: what a reader of BCD cannot refuse
                high = chance.randrange(2) * 4
                broken[at] = (broken[at] & (0xF0 >> high)) | (chance.randrange(10) << high)
    return bytes(broken)


@lru_cache(4096)
def _framed(apdu: bytes) -> bytes:
    return framed(apdu)


# --- one payment after another ---------------------------------------------------------------------


def run(payments: int, seed: int) -> Tally:
    """Plays until `payments` have met a corrupted frame; a seed repeats them exactly."""
    tally, chance, lane = Tally(payments, seed), Random(seed), PayingLane()
    began_s = time.perf_counter()
    met, number = 0, 0
    while met < payments:
        number += 1
        script, corruption = _script(chance), Corruption(chance, tally)
        terminal = PayingTerminal(script)
        try:
            play(lane, terminal, corruption, f"try-{number}")
        except Exception as error:  # noqa: BLE001 - whatever comes out is what the campaign looks for
            tally.errors += 1
            tally.first_errors = [*tally.first_errors, f"payment {number}: {type(error).__name__}"][:20]
            lane, met = PayingLane(), met + 1
            continue
        if corruption.frames:
            met += 1
            _count(tally, lane, terminal)
        if lane.state.payment.state in _OPEN or script.cut is not Cut.NEVER:
            lane = PayingLane()  # nothing of an unfinished payment goes over into the next
    tally.payments_per_s = int(number / (time.perf_counter() - began_s))
    return tally


def _script(chance: Random) -> Script:
    amount_minor = chance.choice(AMOUNTS)
    return Script(
        amount_minor,
        receipt_no=chance.randrange(2, 9999) if chance.random() < 0.5 else 8,
        earlier_amount_minor=amount_minor if chance.random() < 0.5 else chance.choice(AMOUNTS),
        approves=chance.random() < 0.85,
        cut=chance.choice((Cut.NEVER, Cut.NEVER, Cut.NEVER, *Cut)),
        keeps=chance.random() < 0.5,
    )


def play(lane: PayingLane, terminal: PayingTerminal, corruption: Corruption | None, attempt_id: str) -> None:
    base = f"{terminal.script.receipt_no - 1:04d}"
    # Trace, amount and time of the payment before, as the model terminal stores it.
    mark = f"000040 {terminal.script.earlier_amount_minor} 1121120030"
    memory = TerminalMemory(TERMINAL_ID, base, base, mark)
    state = replace(shopping(terminal.script.amount_minor), terminal=memory)
    lane.begin(state, attempt_id)
    _converse(lane, terminal, None)
    lane.pay()
    waits = iter(WAITS_S)
    cut = terminal.script.cut
    while True:
        cut = _converse(lane, terminal, corruption, cut)
        if lane.state.payment.state not in _OPEN:
            _converse(lane, terminal, None)
            return
        pause_s = next(waits, None)
        if pause_s is None:
            return
        lane.wait(pause_s)


def _converse(
    lane: PayingLane, terminal: PayingTerminal, corruption: Corruption | None, cut: Cut = Cut.NEVER
) -> Cut:
    """Both speak until both wait; returns the cut that is still to come."""
    while True:
        for apdu in lane.said():
            terminal.hear(apdu)
        if cut is Cut.AFTER_ANSWER and terminal.charged:
            return _cut(lane, terminal)
        said = terminal.next()
        if said is None:
            return cut
        is_result = said[:2] == b"\x04\x0f"
        if cut is Cut.BEFORE_RESULT and is_result:
            return _cut(lane, terminal)
        _deliver(lane, said, corruption)
        if cut is Cut.BEFORE_ANSWER and is_result:
            return _cut(lane, terminal)


def _cut(lane: PayingLane, terminal: PayingTerminal) -> Cut:
    terminal.lose_line()
    lane.cut()
    return Cut.NEVER


def _deliver(lane: PayingLane, apdu: bytes, corruption: Corruption | None) -> None:
    for _ in range(TRANSMISSIONS):
        wire = _framed(apdu) if corruption is None else corruption.carry(apdu)
        if lane.receive(wire) == ACK:
            return


def _count(tally: Tally, lane: PayingLane, terminal: PayingTerminal) -> None:
    match lane.state.payment.state:
        case PaymentState.PAID:
            tally.accepted += 1
            tally.paid_uncharged += not terminal.charged
            _compare(tally, lane, terminal.script)
        case PaymentState.DECLINED | PaymentState.NONE:
            tally.not_paid += 1
            tally.charged_unpaid += terminal.charged
        case _:
            tally.left_to_staff += 1


def _compare(tally: Tally, lane: PayingLane, script: Script) -> None:
    evidence, attempt = lane.evidence, lane.state.payment.attempt
    assert evidence is not None, "nothing is paid without evidence"
    assert attempt is not None, "nor without an attempt"
    tally.wrong_amount += evidence.amount_minor != script.amount_minor
    tally.wrong_currency += evidence.currency != "EUR"
    tally.wrong_terminal_id += evidence.terminal_id != TERMINAL_ID
    if evidence.receipt_no != f"{script.receipt_no:04d}":
        if attempt.queries:
            tally.wrong_receipt_no += 1
        else:
            tally.receipt_no_of_authorisation += 1
    asked = _beside_the_money()
    tally.cosmetic += any(getattr(evidence, name) != getattr(asked, name) for name in _COSMETIC)


@lru_cache(1)
def _beside_the_money() -> CardEvidence:
    """The fields beside the money, as `zvt_frames.result` fills them."""
    return CardEvidence(
        TERMINAL_ID,
        "",
        "000041",
        0,
        "EUR",
        0,
        "girocard",
        "4242",
        "A7",
        terminal_date="1121",
        terminal_time="120030",
    )
