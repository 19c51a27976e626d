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
from kiosk.failpoints import NAMES, FailpointError, arm, fp, here


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
    arm("before-commit=io-error,in-transaction=io-error")
    with pytest.raises(FailpointError, match="before-commit"):
        fp("before-commit")
    with pytest.raises(OSError, match="in-transaction"):
        fp("in-transaction")
    fp("after-commit")


def test_a_place_fails_once_and_only_with_the_event_and_at_the_passing_it_was_armed_for() -> None:
    arm("before-commit/CardAuthorised@2=io-error")
    here("intent", "CardDeclined")
    fp("before-commit")
    here("intent", "CardAuthorised")
    fp("before-commit")
    with pytest.raises(FailpointError):
        fp("before-commit")
    fp("before-commit")


def test_what_fires_is_noted_with_the_money_s_state_and_the_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(failpoints.NOTES_VARIABLE, str(tmp_path / "notes"))
    here("authed", "CardCompleted")
    arm("before-commit=io-error")
    with pytest.raises(FailpointError):
        fp("before-commit")
    assert (tmp_path / "notes").read_text("ascii") == "before-commit authed CardCompleted io-error\n"


def test_disarming_lets_everything_pass_again() -> None:
    arm("before-commit=io-error")
    failpoints.disarm()
    fp("before-commit")
    assert failpoints._armed == {}


@pytest.mark.parametrize(
    "words",
    [
        *("nowhere=kill", "before-commit=explode", "before-commit", "=kill", "before-commit@0=kill"),
        *("after-commit=io-error", "before-commit/=kill", "before-commit@x=kill"),
    ],
)
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
