"""Owns the proof that the bad cable spoils what its plan says and nothing else, and that money survives it.

It must not trust the line's own counts alone: bytes are compared on both ends.
"""

from __future__ import annotations

import errno
import os
import select
import time
import tty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.drivers.terminal_zvt import ZvtTerminal
from hardware.events import CardAuthorised, CardCompleted, CardDeclined, CardInDoubt, DeviceReady
from hardware.ports import PaymentRequest
from hardware.protocols.zvt_job import ZvtSettings
from hardware.simulators.fault_line import FaultLine
from hardware.simulators.fault_plan import Direction, Fault, FaultPlan, Spoiler, Tally
from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_cards import CardScript
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from tests.support.device_events import EventLog, wait_until

PIECES = st.lists(st.binary(min_size=1, max_size=40), max_size=20)
LIMIT_S = 5.0


def passed(plan: FaultPlan, seed: int, pieces: list[bytes]) -> tuple[list[bytes], dict[str, int]]:
    """What comes out of one direction, piece by piece, and the counts."""
    tally = Tally(plan.most_faults)
    spoiler = Spoiler(plan, seed, Direction.TO_LANE, tally)
    out = [piece.data for data in pieces for piece in spoiler.spoil(data).pieces]
    return [*out, spoiler.release()], tally.counts()


def only(kind: Fault, rate: float = 1.0) -> FaultPlan:
    changed: dict[str, Any] = {kind.value: rate}
    return replace(FaultPlan(), **changed)


# --- plan and spoiler ------------------------------------------------------------------------------


@given(pieces=PIECES, seed=st.integers(0, 1000))
def test_a_plan_without_rates_changes_nothing(pieces: list[bytes], seed: int) -> None:
    out, counts = passed(FaultPlan(), seed, pieces)
    assert out[:-1] == pieces
    assert counts == dict.fromkeys((kind.value for kind in Fault), 0)


@given(pieces=PIECES, seed=st.integers(0, 1000))
def test_the_same_pieces_and_seed_are_spoilt_the_same_way(pieces: list[bytes], seed: int) -> None:
    plan = FaultPlan.drawn(seed)
    assert passed(plan, seed, pieces) == passed(plan, seed, pieces)


@given(
    pieces=PIECES, seed=st.integers(0, 1000), kind=st.sampled_from((Fault.SPLIT, Fault.MERGE, Fault.DELAY))
)
def test_splitting_merging_and_delaying_lose_no_byte(pieces: list[bytes], seed: int, kind: Fault) -> None:
    out, _ = passed(only(kind, 0.5), seed, pieces)
    assert b"".join(out) == b"".join(pieces)


@pytest.mark.parametrize(
    ("kind", "lengths"),
    [
        (Fault.DROP, {0, 9}),
        (Fault.DUPLICATE, {11, 20}),
        (Fault.FLIP, {10}),
        (Fault.INSERT, {11}),
        (Fault.HANG_UP, {0}),
    ],
)
def test_each_kind_does_what_its_name_says(kind: Fault, lengths: set[int]) -> None:
    data = bytes(range(10))
    outs = [b"".join(passed(only(kind), seed, [data])[0]) for seed in range(40)]
    assert {len(out) for out in outs} == lengths
    assert data not in outs
    assert len(set(outs)) > 1 or kind is Fault.HANG_UP
    assert passed(only(kind), 1, [data])[1][kind.value] == 1


def test_a_flip_turns_exactly_one_bit() -> None:
    data = bytes(10)
    for seed in range(20):
        (out, _), _ = passed(only(Fault.FLIP), seed, [data])
        assert int.from_bytes(out, "big").bit_count() == 1


def test_a_merged_piece_comes_with_the_next_one() -> None:
    spoiler = Spoiler(only(Fault.MERGE), 1, Direction.TO_LANE, Tally(None))
    assert (spoiler.spoil(b"one").pieces, spoiler.merge_limit_s) == ((), FaultPlan().delay_s[1])
    assert [piece.data for piece in spoiler.spoil(b"two").pieces] == [b"onetwo"]
    assert spoiler.merge_limit_s is None


@given(seed=st.integers(0, 1000))
def test_a_kind_that_is_switched_off_leaves_the_others_as_they_were(seed: int) -> None:
    pieces = [bytes((number,)) * 8 for number in range(20)]
    plan = replace(FaultPlan(), flip=0.3, insert=0.0)
    both = replace(plan, split=0.3)
    assert passed(plan, seed, pieces)[1]["flip"] == passed(both, seed, pieces)[1]["flip"]
    assert b"".join(passed(plan, seed, pieces)[0]) == b"".join(passed(both, seed, pieces)[0])


@pytest.mark.parametrize("most", [0, 1, 5])
def test_no_more_faults_than_allowed_happen(most: int) -> None:
    plan = replace(FaultPlan(), drop=1.0, insert=1.0, most_faults=most)
    _, counts = passed(plan, 1, [b"0123456789"] * 50)
    assert sum(counts.values()) == most


def test_a_direction_that_is_not_in_the_plan_is_left_alone() -> None:
    plan = replace(only(Fault.DROP), directions=frozenset({Direction.TO_DEVICE}))
    assert passed(plan, 1, [b"abc"])[0] == [b"abc", b""]


@given(seed=st.integers(0, 100_000))
def test_a_drawn_plan_keeps_to_its_limits_and_is_drawn_again_the_same(seed: int) -> None:
    plan = FaultPlan.drawn(seed, longest_delay_s=2.0)
    assert plan == FaultPlan.drawn(seed, longest_delay_s=2.0)
    assert all(0.0 <= plan.rate(kind) <= 0.30 for kind in Fault)
    assert 0.0 <= plan.delay_s[0] <= plan.delay_s[1] <= 2.0


def test_drawn_plans_have_rates_of_nothing_and_high_rates() -> None:
    plans = [FaultPlan.drawn(seed) for seed in range(100)]
    for kind in Fault:
        rates = [plan.rate(kind) for plan in plans]
        assert 20 < rates.count(0.0) < 80
        assert max(rates) > (0.02 if kind is Fault.HANG_UP else 0.2)


@pytest.mark.parametrize("kind", Fault)
@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_rate_that_is_no_share_is_refused(kind: Fault, rate: float) -> None:
    with pytest.raises(ValueError, match="share"):
        only(kind, rate)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        FaultPlan(delay_s=(2.0, 1.0))


# --- the line --------------------------------------------------------------------------------------


class Cable:
    """A device's end, a fault line, and a lane's end."""

    def __init__(self, folder: Path) -> None:
        self.device = PtyPort(folder / "inner")
        self.outer = folder / "outer"
        self._folder = folder
        self._ends: list[int] = []
        self.device.open()
        self.line = self.made(FaultPlan())

    def made(self, plan: FaultPlan, seed: int = 1) -> FaultLine:
        return FaultLine(self._folder / "inner", self.outer, plan, seed)

    def start(self, plan: FaultPlan) -> int:
        self.line = self.made(plan)
        self.line.start()
        return self.lane()

    def lane(self) -> int:
        end = os.open(self.outer, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(end)
        self._ends.append(end)
        return end

    def close(self) -> None:
        self.line.stop()
        for end in self._ends:
            os.close(end)
        self.device.close()


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    cable = Cable(tmp_path)
    yield cable
    cable.close()


def heard(end: int, size: int) -> bytes:
    deadline_s = time.monotonic() + LIMIT_S
    data = b""
    while len(data) < size and select.select([end], [], [], max(0.0, deadline_s - time.monotonic()))[0]:
        data += os.read(end, size)
    return data


def is_dead(end: int) -> bool:
    """Whether the other end of this pty has gone: nothing more will ever come."""
    try:
        return os.read(end, 10) == b""
    except OSError as error:
        return error.errno == errno.EIO


def heard_by_device(device: PtyPort, size: int) -> bytes:
    deadline_s = time.monotonic() + LIMIT_S
    data = b""
    while len(data) < size and (left_s := deadline_s - time.monotonic()) > 0:
        data += device.read(left_s)
    return data


def test_a_good_cable_carries_every_byte_both_ways(cable: Cable) -> None:
    end = cable.start(FaultPlan())
    every = bytes(range(256))
    cable.device.write(every)
    os.write(end, every[::-1])
    assert heard(end, 256) == every
    assert heard_by_device(cable.device, 256) == every[::-1]
    assert sum(cable.line.counts().values()) == 0


def test_a_delayed_piece_comes_later_and_the_next_one_behind_it(cable: Cable) -> None:
    plan = replace(only(Fault.DELAY), delay_s=(0.2, 0.2), most_faults=1)
    end = cable.start(plan)
    began_s = time.monotonic()
    cable.device.write(b"first")
    wait_until(lambda: cable.line.counts()["delay"] == 1)
    cable.device.write(b"second")
    assert heard(end, 11) == b"firstsecond"
    assert time.monotonic() - began_s >= 0.2


def test_a_piece_that_waits_for_another_is_let_go_when_none_comes(cable: Cable) -> None:
    end = cable.start(replace(only(Fault.MERGE), delay_s=(0.0, 0.1), most_faults=1))
    os.write(end, b"alone")
    assert heard_by_device(cable.device, 5) == b"alone"


def test_a_hang_up_ends_the_old_line_and_comes_back_under_another_name(cable: Cable) -> None:
    plan = replace(only(Fault.HANG_UP), away_s=(0.1, 0.1), most_faults=1)
    end = cable.start(plan)
    old = cable.outer.readlink()
    cable.device.write(b"lost")
    wait_until(lambda: not cable.outer.is_symlink())
    wait_until(cable.outer.exists)
    assert is_dead(end)
    assert cable.outer.readlink() != old
    fresh = cable.lane()
    cable.device.write(b"found")
    assert heard(fresh, 5) == b"found"
    assert cable.line.counts()["hang_up"] == 1
    assert cable.device.plugged


def test_a_device_that_is_unplugged_takes_the_lanes_end_with_it_and_brings_it_back(cable: Cable) -> None:
    cable.start(FaultPlan())
    cable.device.unplug()
    wait_until(lambda: not cable.outer.is_symlink())
    cable.device.replug()
    wait_until(cable.outer.exists)
    fresh = cable.lane()
    cable.device.write(b"back")
    assert heard(fresh, 4) == b"back"


def test_a_line_without_its_device_cannot_start(tmp_path: Path) -> None:
    line = FaultLine(tmp_path / "nothing", tmp_path / "outer", FaultPlan(), 1)
    with pytest.raises(FileNotFoundError):
        line.start()
    line.stop()
    assert not (tmp_path / "outer").is_symlink()


# --- money over a bad cable ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_payment_over_a_bad_cable_is_charged_at_most_once_and_never_completed_in_vain(
    tmp_path: Path, seed: int
) -> None:
    terminal = ZvtTerminalSimulator(tmp_path / "inner", tmp_path / "journal", tempo=Tempo(speed=20.0))
    terminal.start()
    plan = replace(FaultPlan.drawn(seed, longest_delay_s=0.1), most_faults=20)
    line = FaultLine(tmp_path / "inner", tmp_path / "outer", plan, seed)
    line.start()
    events = EventLog()
    settings = ZvtSettings(
        t1_s=0.02, t2_s=0.25, t3_s=0.25, t4_s=3.0, hold_limit_s=0.2, final_word_s=1.0, command_limit_s=1.0
    )
    url = f"serial://{tmp_path / 'outer'}?stopbits=2"
    driver = ZvtTerminal("terminal", url, settings, events, time.monotonic)
    driver.open()
    try:
        events.wait_for(DeviceReady, timeout_s=20.0)
        terminal.present(CardScript())
        driver.start(PaymentRequest("attempt-1", 1010, "EUR"))
        _confirm_and_wait(driver, events)
        outcomes = [e for e in events.events if isinstance(e, CardCompleted | CardDeclined | CardInDoubt)]
        assert len(outcomes) == 1
        if not isinstance(outcomes[0], CardInDoubt):
            paid = isinstance(outcomes[0], CardCompleted)
            wait_until(lambda: terminal.journal.charged_minor() == (1010 if paid else 0))
        assert len([r for r in terminal.journal.records() if r.state == "approved"]) <= 1
    finally:
        driver.close()
        line.stop()
        terminal.stop()


def _confirm_and_wait(driver: ZvtTerminal, events: EventLog) -> None:
    def is_over() -> bool:
        if events.count(CardAuthorised):
            driver.confirm("attempt-1")
        return any(isinstance(e, CardCompleted | CardDeclined | CardInDoubt) for e in events.events)

    wait_until(is_over, timeout_s=20.0)
