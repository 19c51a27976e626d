"""The words that work a simulated device: what makes no sense is refused, and nobody takes the door away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.bench import SimulatedBench
from kiosk.commands import CommandError
from kiosk.demo.simulate import BenchDoor, run_simulator, tell_bench


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
