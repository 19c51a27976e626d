"""The words that work a simulated device: what makes no sense is refused, and nobody takes the door away."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.bench import SimulatedBench
from hardware.drivers.keypad import InputKeypad
from hardware.events import HeadsetChanged, Key, KeyPressed
from hardware.ports import Health
from hardware.simulators.zvt_personality import Personality
from kiosk.commands import CommandError
from kiosk.demo.simulate import (
    HINTS,
    BenchDoor,
    TerminalChoice,
    list_personalities,
    run_simulator,
    tell_bench,
)
from tests.support.device_events import EventLog, wait_until


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "bench"
    simulated = SimulatedBench(folder, pace_s=0.0)
    simulated.start()
    door = BenchDoor(simulated, folder)
    yield folder
    door.close()
    simulated.stop()


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("terminal", ["slow", "nan"]),
        ("terminal", ["slow", "inf"]),
        ("terminal", ["slow", "-1"]),
        ("terminal", ["maybe"]),
        ("printer", ["full"]),
        ("scale", ["heavy"]),
        ("scanner", ["two", "codes"]),
        ("scanner", []),
        ("keypad", ["sideways"]),
        ("keypad", ["up", "nan"]),
        ("keypad", ["up", "60"]),
        ("keypad", ["up", "1", "2"]),
        ("keypad", ["in", "2"]),
    ],
)
def test_words_a_device_does_not_know_are_answered_with_those_it_does(
    bench: Path, device: str, words: list[str]
) -> None:
    with pytest.raises(CommandError, match=f"The {device} takes: "):
        tell_bench(bench, device, words)


def test_somebody_who_hangs_up_does_not_close_the_door_for_the_next(bench: Path) -> None:
    for words in (b"scale\x1f485", b"", b"\xff\xfe"):
        with socket.socket(socket.AF_UNIX) as rude:
            rude.connect(str(bench / "door"))
            rude.sendall(words)
    tell_bench(bench, "scale", ["485"])


def test_a_line_that_another_simulator_holds_is_left_alone(bench: Path) -> None:
    link = next(path for path in bench.iterdir() if path.is_symlink())
    held = link.readlink()
    with pytest.raises(CommandError, match="is there already"):
        run_simulator("scanner", link, [])
    assert link.readlink() == held


def test_a_bench_says_which_device_it_does_not_have(bench: Path) -> None:
    with pytest.raises(CommandError, match="no concert"):
        tell_bench(bench, "concert", ["approve"])


# --- a terminal of another protocol ---------------------------------------------------------------


def test_a_concert_terminal_of_its_own_obeys_what_is_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "line"
    lines = (
        "approve\ndecline\ncancel\nslow 2\nsilent\nunplug\nreplug\nwrong-pin\nslow nan\npersonality slow\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    run_simulator("concert", link, [])
    said = capsys.readouterr()
    assert f"A simulated Concert terminal is at serial://{link}" in said.out
    assert said.err.splitlines() == [f"The concert takes: {HINTS['concert']}."] * 3
    assert not link.is_symlink()


def test_a_concert_terminal_has_no_personality(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not the concert"):
        run_simulator("concert", tmp_path / "line", [], TerminalChoice(personality="slow"))


# --- terminals with a character --------------------------------------------------------------------


def test_the_terminal_of_a_bench_becomes_another_by_its_name(bench: Path) -> None:
    tell_bench(bench, "terminal", ["personality", "auto-reverses"])
    with pytest.raises(CommandError, match="personality NAME"):
        tell_bench(bench, "terminal", ["personality", "grumpy"])


def test_the_list_has_every_personality_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    list_personalities()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(Personality)
    for personality, line in zip(Personality, lines, strict=True):
        assert line.split(maxsplit=1) == [personality.value, personality.description]


def test_a_personality_that_is_none_is_refused_and_the_list_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="grumpy"):
        run_simulator("terminal", tmp_path / "line", [], TerminalChoice(personality="grumpy"))
    assert "repeat-receipt-empty" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("speed", [0.0, -2.0, float("nan")])
def test_a_speed_that_is_none_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(CommandError, match="no speed"):
        run_simulator("terminal", tmp_path / "line", [], TerminalChoice(speed=speed, faults=1))


def test_a_scale_has_no_personality(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not the scale"):
        run_simulator("scale", tmp_path / "line", [], TerminalChoice(canary=True))


def test_a_terminal_of_its_own_obeys_what_is_typed_and_tidies_up_behind_a_bad_cable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "line"
    monkeypatch.setattr("sys.stdin", io.StringIO("approve\npersonality slow\nsing\n"))
    run_simulator("terminal", link, ["decline"], TerminalChoice(faults=7, speed=20.0))
    said = capsys.readouterr()
    assert f"serial://{link}" in said.out
    assert said.out.splitlines()[-1].startswith("Faults: ")
    assert said.err.startswith("The terminal takes: approve")
    assert not any(path.is_symlink() for path in tmp_path.iterdir())


# --- a keypad ------------------------------------------------------------------------------------


def test_a_keypad_on_the_bench_presses_holds_and_plugs_as_it_is_told(bench: Path) -> None:
    events = EventLog()
    driver = InputKeypad("keypad", f"input://{bench / 'keypad'}", emit=events, monotonic=time.monotonic)
    driver.open()
    try:
        wait_until(lambda: driver.health() is Health.READY)
        tell_bench(bench, "keypad", ["next"])
        assert events.wait_for(KeyPressed).key is Key.NEXT
        tell_bench(bench, "keypad", ["up", "2.1"])
        assert events.wait_for(KeyPressed).key is Key.READ, "held for two seconds it reads the screen"
        tell_bench(bench, "keypad", ["in"])
        assert events.wait_for(HeadsetChanged).inserted
        tell_bench(bench, "keypad", ["out"])
        assert not events.wait_for(HeadsetChanged).inserted
    finally:
        driver.close()


def test_a_keypad_of_its_own_says_under_which_address_a_lane_finds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("select\nin\nsideways\n"))
    run_simulator("keypad", tmp_path / "keys", [])
    said = capsys.readouterr()
    assert f"A simulated keypad is at input://{tmp_path / 'keys'}" in said.out
    assert said.err == f"The keypad takes: {HINTS['keypad']}.\n"
