"""Owns the proof that Concert V2 payments stay honest on a line that loses bytes and turns bits.

It must not share code with the protocol: the terminal here is a model of its own, and knows what it charged.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import CardAuthorised, CardCompleted, CardDeclined, CardInDoubt, DeviceEvent
from hardware.line import HangUp, Output, Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.concert import ConcertProtocol
from hardware.protocols.concert_settings import ConcertSettings

STEP_S = 0.25
AMOUNTS = (1010, 250, 1010, 1010)
SIGNS = (b"\x04", b"\x05", b"\x06", b"\x15")

Heard = bytes | None
Script = Generator[None, Heard, Heard]


def framed(text: str) -> bytes:
    body = text.encode() + b"\x03"
    return b"\x02" + body + bytes((reduce(xor, body),))


@dataclass
class Noise:
    """Loses a byte or turns one bit of it, each with the given chance."""

    chance: Random
    lost: float
    turned: float

    def __call__(self, data: bytes) -> bytes:
        kept = [byte for byte in data if self.chance.random() >= self.lost]
        return bytes(
            byte ^ (1 << self.chance.randrange(8)) if self.chance.random() < self.turned else byte
            for byte in kept
        )


@dataclass
class ModelTerminal:
    """Plays one card for each order it has taken. `charges` are (attempt, amount) as the bank sees them."""

    chance: Random
    attempt: int = 0
    charges: list[tuple[int, int]] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)
    _heard: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._life = self._live()
        next(self._life)

    def hear(self, data: bytes) -> None:
        self._heard += data

    def step(self) -> None:
        """One moment: everything that was heard, then nothing once."""
        while (part := self._cut()) is not None:
            self._life.send(part)
        self._life.send(None)

    def _cut(self) -> Heard:
        while self._heard:
            if self._heard[:1] == b"\x02":
                end = self._heard.find(b"\x03")
                part = bytes(self._heard[: end + 2] if end > 0 else self._heard)
                del self._heard[: len(part)]
                return part
            part = bytes(self._heard[:1])
            del self._heard[:1]
            if part in SIGNS:
                return part
        return None

    def _live(self) -> Script:
        while True:
            if (yield) == b"\x05":
                self.said.append(b"\x06")
                yield from self._take_order()

    def _take_order(self) -> Script:
        for _ in range(3):
            part = yield from self._await(3.0)
            if part is None or part == b"\x04":
                return None
            if self._is_order(part):
                self.said.append(b"\x06")
                attempt, text = self.attempt, part[1:-2].decode()
                while (part := (yield from self._await(1.0))) and self._is_order(part):
                    self.said.append(b"\x06")  # our ACK was not understood: the same order again
                return (yield from self._serve(attempt, text))
            self.said.append(b"\x15")
        return None

    def _is_order(self, part: bytes) -> bool:
        right = len(part) == 37 and part == framed(part[1:-2].decode("ascii", "replace").replace("\x03", ""))
        return right and part[1:11].isdigit() and part[14:17].isdigit()

    def _serve(self, attempt: int, text: str) -> Script:
        for _ in range(self.chance.randrange(1, 40)):
            if (yield) == b"\x05":
                self.said.append(b"\x15")  # busy
        result = self.chance.choice("00079")
        if result == "0":
            self.charges.append((attempt, int(text[2:10])))
        answer = framed(f"{text[:2]}{result}{text[2:10]}1{text[13:16]}{'0' * 10}")
        for _ in range(3):
            if (yield from self._deliver(answer)):
                break
        return None

    def _deliver(self, answer: bytes) -> Generator[None, Heard, bool]:
        self.said.append(b"\x05")
        if (yield from self._await(2.0, b"\x06")) is None:
            return False
        for _ in range(3):
            self.said.append(answer)
            sign = yield from self._await(4.5, b"\x06", b"\x15")
            if sign != b"\x15":
                self.said.append(b"\x04")
                return sign is not None
        return False

    def _await(self, limit_s: float, *signs: bytes) -> Script:
        for _ in range(int(limit_s / STEP_S)):
            part = yield
            if part is not None and (not signs or part in signs):
                return part
        return None


class Line:
    """The driver's protocol, the model terminal, and the noise between them; the lane confirms at once."""

    def __init__(self, seed: int, lost: float, turned: float) -> None:
        chance = Random(seed)
        self.noise = Noise(chance, lost, turned)
        self.terminal = ModelTerminal(chance)
        self.protocol = ConcertProtocol("terminal", ConcertSettings(answer_s=20.0))
        self.now_s = 0.0
        self.outcomes: list[DeviceEvent] = []
        self._is_open = True
        self._do(self.protocol.opened(0.0))

    def step(self) -> None:
        self.now_s += STEP_S
        if not self._is_open:
            self._is_open = True
            self._do(self.protocol.opened(self.now_s))
        self.terminal.step()
        said, self.terminal.said = self.terminal.said, []
        for data in said:
            if self._is_open:
                self._do(self.protocol.received(self.noise(data), self.now_s))
        if self._is_open:
            self._do(self.protocol.elapsed(self.now_s))

    def pay(self, attempt: int, amount_minor: int) -> DeviceEvent:
        """The one outcome of an attempt; AssertionError when there are more or none within 90 s."""
        before = len(self.outcomes)
        self.terminal.attempt = attempt
        request = PaymentRequest(str(attempt), amount_minor, "EUR")
        self._do(self.protocol.start(request, self.now_s))
        for _ in range(int(90 / STEP_S)):
            if len(self.outcomes) > before:
                break
            self.step()
        (outcome,) = self.outcomes[before:]
        return outcome

    def _do(self, outputs: object) -> None:
        hung_up = False
        for output in list(outputs):  # type: ignore[call-overload]
            hung_up = self._do_one(output, hung_up=hung_up) or hung_up
        if hung_up:
            self._is_open = False
            self._do(self.protocol.closed(self.now_s))

    def _do_one(self, output: Output, *, hung_up: bool) -> bool:
        match output:
            case Send(data) if not hung_up:
                self.terminal.hear(self.noise(data))
            case Report(CardAuthorised(_, attempt_id)):
                self._do(self.protocol.confirm(attempt_id, self.now_s))
            case Report(CardCompleted() | CardDeclined() | CardInDoubt() as event):
                self.outcomes.append(event)
            case HangUp():
                return True
        return False


def charges_of(line: Line, attempt: int) -> list[int]:
    return [amount_minor for charged, amount_minor in line.terminal.charges if charged == attempt]


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from([0.0, 0.002, 0.02, 0.1]), st.sampled_from([0.0, 0.002, 0.02, 0.1])
)
def test_paid_was_charged_once_and_declined_never_whatever_the_line_does(
    seed: int, lost: float, turned: float
) -> None:
    line = Line(seed, lost, turned)
    results: list[DeviceEvent] = []
    for attempt, amount_minor in enumerate(AMOUNTS):
        for _ in range(20):
            line.step()
        results.append(line.pay(attempt, amount_minor))
    for _ in range(int(60 / STEP_S)):
        line.step()
    assert len(line.outcomes) == len(AMOUNTS)
    for attempt, (result, amount_minor) in enumerate(zip(results, AMOUNTS, strict=True)):
        charged = charges_of(line, attempt)
        assert len(charged) <= 1
        if isinstance(result, CardCompleted):
            assert charged == [amount_minor]
        if isinstance(result, CardDeclined):
            assert charged == []


def test_on_a_clean_line_nothing_is_in_doubt() -> None:
    for seed in range(40):
        line = Line(seed, 0.0, 0.0)
        for attempt, amount_minor in enumerate(AMOUNTS):
            for _ in range(20):
                line.step()
            outcome = line.pay(attempt, amount_minor)
            assert isinstance(outcome, CardCompleted | CardDeclined)
            charged = [amount_minor] if isinstance(outcome, CardCompleted) else []
            assert charges_of(line, attempt) == charged
