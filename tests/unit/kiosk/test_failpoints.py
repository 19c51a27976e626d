"""Failpoints: asleep unless armed by name, and each does what it was told."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk import failpoints
from kiosk.failpoints import NAMES, FailpointError, arm, fp


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    failpoints._armed.clear()
    yield
    failpoints._armed.clear()


def test_an_unarmed_place_lets_everything_pass() -> None:
    arm("")
    for name in NAMES:
        fp(name)
    assert failpoints._armed == {}


def test_an_armed_place_fails_and_the_others_do_not() -> None:
    arm("before-commit=io-error,after-effect=io-error")
    with pytest.raises(FailpointError, match="before-commit"):
        fp("before-commit")
    with pytest.raises(OSError, match="after-effect"):
        fp("after-effect")
    fp("after-commit")


@pytest.mark.parametrize("words", ["nowhere=kill", "before-commit=explode", "before-commit", "=kill"])
def test_a_place_or_a_deed_that_does_not_exist_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="names: before-commit"):
        arm(words)
    assert failpoints._armed == {}


def test_kill_leaves_no_chance_to_tidy_up() -> None:
    code = "from kiosk.failpoints import arm, fp; arm('after-commit=kill'); fp('after-commit'); print(1)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == ""


def test_every_name_stands_at_a_place_in_the_code_and_every_place_has_a_name() -> None:
    folder = Path(kiosk.__file__).parent
    places = {
        name
        for source in folder.rglob("*.py")
        for name in re.findall(r'\bfp\("([^"]+)"\)', source.read_text("utf-8"))
    }
    assert places == set(NAMES)
