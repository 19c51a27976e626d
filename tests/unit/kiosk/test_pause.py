"""Owns the proof that speech can be stopped and taken up again, and never talks over what comes after."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from hardware.events import Key
from kiosk.assist import reading
from kiosk.assist.reading import Output, Pause, Reader, Say
from kiosk.speech_queue import Voice
from tests.support.device_events import wait_until
from tests.support.lane_fakes import Walk
from tests.unit.kiosk.test_presenter import shown


class _HeldMouth:
    """Says a sentence until it is let go or stopped."""

    def __init__(self) -> None:
        self._goes_on = threading.Event()
        self.stops = 0

    def speak(self, say: Say, began: Callable[[], None]) -> None:
        began()
        assert self._goes_on.wait(5), say.text
        self._goes_on.clear()

    def stop(self) -> None:
        self.stops += 1
        self._goes_on.set()

    def finish(self) -> None:
        self._goes_on.set()


@pytest.fixture
def mouth() -> _HeldMouth:
    return _HeldMouth()


@pytest.fixture
def voice(mouth: _HeldMouth) -> Iterator[Voice]:
    voice = Voice(mouth, time.monotonic)
    voice.open()
    yield voice
    voice.close()


def sentence(text: str, *, interrupt: bool = False) -> Say:
    return Say(text, Output.HEADSET, "en", 100, 6, interrupt)


def said(voice: Voice) -> list[str]:
    return [entry.text for entry in voice.spoken() if entry.began_s]


def until(voice: Voice, *texts: str) -> None:
    wait_until(lambda: said(voice) == list(texts))


def test_the_broken_sentence_is_said_again_from_its_beginning_and_then_the_rest(
    voice: Voice, mouth: _HeldMouth
) -> None:
    voice.say(sentence("Milk."))
    voice.say(sentence("Total."))
    until(voice, "Milk.")
    voice.pause()
    assert mouth.stops == 1
    time.sleep(0.05)
    assert said(voice) == ["Milk."], "nothing is said while it pauses"
    voice.pause()
    until(voice, "Milk.", "Milk.")
    mouth.finish()
    until(voice, "Milk.", "Milk.", "Total.")


def test_news_wait_while_it_pauses_and_what_the_shopper_does_ends_the_pause(
    voice: Voice, mouth: _HeldMouth
) -> None:
    voice.say(sentence("Milk."))
    until(voice, "Milk.")
    voice.pause()
    voice.say(sentence("Marco is coming."))
    time.sleep(0.05)
    assert said(voice) == ["Milk."]
    voice.say(sentence("Bread.", interrupt=True))
    until(voice, "Milk.", "Bread.")


def test_a_pause_in_silence_keeps_no_news_back(voice: Voice) -> None:
    voice.pause()
    voice.say(sentence("Marco is coming."))
    until(voice, "Marco is coming.")


def test_the_key_pauses_only_where_something_is_read() -> None:
    model = shown(Walk().scan())
    reader, _ = reading.shown(Reader(headset=True), model)
    assert reading.pressed(reader, Key.PAUSE) == (reader, (Pause(),))
    silent, _ = reading.shown(Reader(), model)
    assert reading.pressed(silent, Key.PAUSE) == (silent, ())
