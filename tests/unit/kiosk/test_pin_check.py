"""A PIN on its way to the store: asked once, over a private line only, and every end is told."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import httpx
import pytest

from kiosk.checkout import messages as m
from kiosk.pin_check import PinCheck, is_private
from tests.support.device_events import wait_until

Answer = Callable[[httpx.Request], httpx.Response]


def outcome(answer: Answer, *, url: str = "https://store.example", offline: bool = False) -> list[m.Event]:
    heard: list[m.Event] = []
    client = httpx.Client(base_url=url, transport=httpx.MockTransport(answer))
    check = PinCheck(client, url, "lane-3", heard.append, lambda: offline, Random(1))
    check.ask("Marco", "205189")
    wait_until(lambda: bool(heard))
    return heard


def says(text: str, status: int = 200) -> Answer:
    return lambda _request: httpx.Response(status, text=text)


def never(_request: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing may be sent")


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def test_a_right_pin_brings_the_name_and_an_id_of_the_stay() -> None:
    (event,) = outcome(says('{"outcome": "right", "staff_name": "Marco"}'))
    assert isinstance(event, m.StaffEntered)
    assert event.staff_name == "Marco"
    assert len(event.session_id) == 16


@pytest.mark.parametrize(
    ("said", "reason"),
    [("wrong", m.PinState.WRONG), ("wait", m.PinState.WAIT), ("locked", m.PinState.LOCKED)],
)
def test_each_refusal_of_the_store_is_told_as_it_is(said: str, reason: m.PinState) -> None:
    assert outcome(says(f'{{"outcome": "{said}"}}')) == [m.PinRefused(reason)]


@pytest.mark.parametrize("answer", [broken, says("", 500), says("<html>", 200), says("no", 403)])
def test_a_store_that_cannot_answer_lets_nobody_in(answer: Answer) -> None:
    assert outcome(answer) == [m.PinRefused(m.PinState.OFFLINE)]


def test_a_lane_that_knows_it_is_offline_sends_nothing() -> None:
    assert outcome(never, offline=True) == [m.PinRefused(m.PinState.OFFLINE)]


def test_no_pin_travels_over_an_open_line() -> None:
    assert outcome(never, url="http://192.168.1.9:8480") == [m.PinRefused(m.PinState.NOT_PRIVATE)]


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://store.example", True),
        ("http://127.0.0.1:8480", True),
        ("http://[::1]:8480", True),
        ("http://localhost:8480", True),
        ("http://store.example", False),
        ("http://127.0.0.1.example.com", False),
        ("http://192.168.1.9", False),
        ("", False),
    ],
)
def test_a_line_is_private_when_encrypted_or_within_the_machine(url: str, private: bool) -> None:
    assert is_private(url) is private
