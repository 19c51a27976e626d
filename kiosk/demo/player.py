"""Owns the playing of a journey: each step done through the real window, devices and tablet, or looked for.

It must not know the lane's code: it touches glass, moves goods past the scanner and reads what is shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from hardware.bench import SimulatedBench
from hardware.simulators.printer import Roll
from hardware.simulators.zvt_cards import CardAction, CardScript
from hardware.simulators.zvt_personality import Personality
from kiosk.demo.film import Pose
from kiosk.demo.home import LaneProcess, LaneProcessError, RefusedError
from kiosk.demo.journey import DEFAULT_WAIT_S, Step
from kiosk.demo.tablet import Tablet, TabletError

LOOK_EVERY_S = 0.05
KEY_GAP_S = 0.02
HEARD_WITHIN_S = 5.0
"""How long a step waits for the lane to notice a device; a silent one is the journey's own matter."""
MOST_PAGES = 12
SAME_TAP_GAP_S = 0.6
"""No hand taps one place twice faster than this on purpose, and the glass takes such a pair for one tap."""

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_HELP_STATES = {
    "requested": {"requested", "delivered"},
    "accepted": {"accepted", "en-route", "arrived"},
    "resolved": {"resolved"},
    "cancelled": {"cancelled"},
}


_LIGHTS = {
    "free": "green steady",
    "calling": "amber slow",
    "calling-fast": "amber fast buzz",
    "coming": "amber steady",
    "here": "blue steady",
    "closed": "off steady",
}
"""What the simulated light is told for each name of the lamp."""


class UnmetError(Exception):
    """An expectation that did not come true in time: what was expected, what was seen."""


class Store(Protocol):
    """The store as a journey sees it (see `inventory.demo.DemoStore`)."""

    @property
    def url(self) -> str: ...
    def up(self) -> None: ...
    def down(self) -> None: ...
    def later(self, seconds: float) -> None: ...
    def sales(self) -> list[dict[str, Any]]: ...
    def on_hand(self) -> dict[str, int]: ...
    def help_state(self) -> str: ...


@dataclass(slots=True)
class Player:
    """Plays steps on one stage. `out` gets the pictures; a journey's own files lie in `here`.

    With a `film` each screenshot is taken once more in every pose of it.
    """

    bench: SimulatedBench
    store: Store
    lane: LaneProcess
    attendant: Callable[[], Tablet]
    lane_id: str
    out: Path
    here: Path
    screenshots: list[str] = field(default_factory=list)
    film: tuple[Pose, ...] = ()
    _tablet: Tablet | None = None
    _last_tap: tuple[str, float] = ("", 0.0)
    _last_key: tuple[str, float] = ("", 0.0)
    _heard: int = 0
    """Number of the last sentence an `expect spoken` was content with: the next one looks behind it."""

    def play(self, step: Step) -> str:
        """Carries out one step and returns what was seen. Raises UnmetError."""
        verb, *thing = step.verb.split()
        try:
            if thing:
                return self._expect(thing[0], step.args, step.within_s)
            deed: Callable[..., str | None] = getattr(self, f"_do_{verb}")
            return deed(*step.args) or "done"
        except (RefusedError, LaneProcessError, TabletError, OSError) as error:
            raise UnmetError(f"expected: {step.text}; seen: {error}") from error

    # -- doing -----------------------------------------------------------------------------------

    def _do_scan(self, code: str) -> None:
        self._wait_heard("goods", 1)  # before its catalogue has come a new lane knows nothing
        self._wait_heard("scanner DeviceReady", 1)  # what is sent to a line not yet open is lost
        with self._heard_by_the_lane("scanner BarcodeRead"):
            self.bench.scanner.send(code)

    def _do_camera(self, file: str) -> None:
        with self._heard_by_the_lane("camera BarcodeRead"):
            self.lane.ask("camera", path=str((self.here / file).resolve()))

    def _do_weigh(self, grams: str) -> None:
        self.bench.scale.put(round(float(grams)))

    def _do_bag(self, _grams: str) -> None:
        raise UnmetError("this lane has no bagging scale")

    def _do_key(self, key: str) -> None:
        """A real key of the keypad; the same one twice waits, since the lane takes a fast pair for one."""
        self._wait_heard("keypad DeviceReady", 1)
        if key == self._last_key[0]:
            time.sleep(max(0.0, self._last_key[1] + SAME_TAP_GAP_S - time.monotonic()))
        self.bench.keypad.press(key)
        self._last_key = (key, time.monotonic())
        time.sleep(KEY_GAP_S)

    def _do_headset(self, where: str) -> None:
        self._wait_heard("keypad DeviceReady", 1)
        with self._heard_by_the_lane("keypad HeadsetChanged"):
            self.bench.keypad.plug(inserted=where == "in")

    def _do_tap(self, tap_id: str) -> None:
        """Waits for the target as a shopper would wait for a button to appear."""
        if tap_id == self._last_tap[0]:
            time.sleep(max(0.0, self._last_tap[1] + SAME_TAP_GAP_S - time.monotonic()))
        until_s = time.monotonic() + DEFAULT_WAIT_S
        while True:
            try:
                self.lane.ask("tap", id=self._target(tap_id))
                self._last_tap = (tap_id, time.monotonic())
                return
            except RefusedError:
                if time.monotonic() > until_s:
                    raise
                time.sleep(LOOK_EVERY_S)

    @contextmanager
    def _heard_by_the_lane(self, kind: str) -> Iterator[None]:
        """Waits till the lane has the event: a sheet opened before it would be closed by it."""
        before = self._heard_of(kind)
        yield
        self._wait_heard(kind, before + 1)

    def _wait_heard(self, kind: str, count: int) -> None:
        until_s = time.monotonic() + HEARD_WITHIN_S
        while self._heard_of(kind) < count and time.monotonic() < until_s:
            time.sleep(KEY_GAP_S)

    def _heard_of(self, kind: str) -> int:
        """How often the lane heard this since it started, such as "scanner BarcodeRead"."""
        return int(self.lane.ask("heard").get(kind, 0))

    def _target(self, tap_id: str) -> str:
        """`row:2`, `tile:1` and `result:1` count what is on screen; other ids are taken as they are."""
        kind, _, place = tap_id.partition(":")
        if kind not in ("row", "tile", "result") or not place.isdecimal() or len(place) > 3:
            return tap_id
        body = self._model()["body"]
        last = [body["last"]] if body.get("last") else []
        things = {"row": [*last, *body.get("rows", ())]}.get(kind) or body.get(f"{kind}s", ())
        if not 0 < int(place) <= len(things):
            raise RefusedError(f"there is no {tap_id} on screen, only {len(things)}")
        return str(things[int(place) - 1]["tap_id"])

    def _do_say(self, phrase: str) -> None:
        """Turns the pages of the conversation, opened first if need be, to the phrase's tile and taps it."""
        if self._model()["name"] != "talk":
            self._do_tap("write")
        self._expect("screen", ("talk",), DEFAULT_WAIT_S)
        for _ in range(MOST_PAGES):
            body = self._model()["body"]
            if any(tile["tap_id"] == f"say:{phrase}" for tile in body["tiles"]):
                self._do_tap(f"say:{phrase}")
                return
            if body["next"] is None:
                break
            self._do_tap(body["next"]["tap_id"])
        raise UnmetError(f"no page of the conversation has {phrase}")

    def _do_type(self, text: str) -> None:
        """On the screen's own keys where they have the character, else as a keyboard would."""
        for character in text.upper():
            if character == " ":
                self._do_tap("space")
            elif character in _LETTERS:
                self.lane.ask("tap", id=f"key:{character}")
            else:
                self.lane.ask("type", text=character)
            time.sleep(KEY_GAP_S)

    def _do_card(self, action: str, seconds: str = "0") -> None:
        match action:
            case "unplug":
                self.bench.terminal.unplug()
            case "replug":
                self.bench.terminal.replug()
            case "slow":
                self.bench.terminal.present(CardScript(CardAction.APPROVE, slow_s=float(seconds)))
            case _:
                self.bench.terminal.present(CardScript(CardAction(action)))

    def _do_terminal(self, personality: str) -> None:
        self.bench.terminal.adopt(Personality(personality).traits)

    def _do_paper(self, roll: str) -> None:
        self.bench.printer.set_roll(Roll(roll))

    def _do_store(self, what: str, seconds: str = "0") -> None:
        if what == "later":
            self.store.later(float(seconds))
            return
        self.store.up() if what == "up" else self.store.down()
        self._forget_tablet()

    def _do_staff(self, step: str, *more: str) -> None:
        if step == "say":
            self._answer(*more)
            return
        number, lane_id = (*more, "")[:2] if step in ("price", "count") else ("", "".join(more))
        typed = {step: number} if number else {}
        if self._tablet is None:
            self._tablet = self.attendant()
        if step == "pin":
            self._type_pin(self._tablet.pin)
            return
        until_s = time.monotonic() + DEFAULT_WAIT_S
        while not self._tablet.press(
            step, lane_id, price=typed.get("price", ""), counted=typed.get("count", "")
        ):
            if time.monotonic() > until_s:
                raise UnmetError(f"the tablet offers nothing to {step}")
            time.sleep(LOOK_EVERY_S * 2)

    def _answer(self, phrase: str, value: str = "") -> None:
        """Marco's answer in the conversation that the tablet shows."""
        if self._tablet is None:
            self._tablet = self.attendant()
        until_s = time.monotonic() + DEFAULT_WAIT_S
        while not self._tablet.say(phrase, value):
            if time.monotonic() > until_s:
                raise UnmetError(f"the tablet shows no conversation in which to say {phrase}")
            time.sleep(LOOK_EVERY_S * 2)

    def _type_pin(self, pin: str) -> None:
        """On the lane's own number pad, then OK."""
        for digit in pin:
            self._do_tap(f"digit:{digit}")
        self._do_tap("pad-ok")

    def _do_clock(self, ahead: str) -> None:
        self.lane.ask("clock", seconds=float(ahead))

    def _do_wait(self, seconds: str) -> None:
        time.sleep(float(seconds))

    def _do_kill(self) -> None:
        self.lane.kill()
        self._heard = 0

    def _do_restart(self) -> None:
        self.lane.stop()
        self.lane.start()
        self._heard = 0

    def _do_screenshot(self, name: str) -> str:
        stem = Path(name).name.removesuffix(".png")
        shown = self._photograph(stem)
        for pose in self.film:
            self.lane.ask("pose", language=pose.language, prefer=pose.prefer)
            self._photograph(f"{stem}@{pose.suffix}")
        if self.film:
            self.lane.ask("unpose")
        return shown

    def _photograph(self, stem: str) -> str:
        path = self.out / f"{stem}.png"
        self.lane.ask("screenshot", path=str(path.resolve()))
        self.screenshots.append(path.name)
        return path.name

    def close(self) -> None:
        self._forget_tablet()

    def _forget_tablet(self) -> None:
        if self._tablet is not None:
            self._tablet.close()
            self._tablet = None

    # -- knowing ---------------------------------------------------------------------------------

    def _expect(self, thing: str, args: tuple[str, ...], within_s: float) -> str:
        look: Callable[..., tuple[bool, str]] = getattr(self, "_see_" + thing.replace("-", "_"))
        until_s = time.monotonic() + within_s
        while True:
            true, seen = look(*args)
            if true:
                return seen
            if time.monotonic() > until_s:
                raise UnmetError(f"expected {thing} {' '.join(args)}; seen {seen}")
            time.sleep(LOOK_EVERY_S)

    def _model(self) -> dict[str, Any]:
        return dict(self.lane.ask("model") or {})

    def _facts(self) -> dict[str, Any]:
        return dict(self.lane.ask("facts"))

    def _see_screen(self, name: str) -> tuple[bool, str]:
        """`help` is the banner, which lies over any screen."""
        model = self._model()
        seen = str(model.get("name"))
        if name == "help":
            return model.get("banner") is not None, "help" if model.get("banner") else seen
        return seen == name, seen

    def _see_line(self, name: str, quantity: str, price: str) -> tuple[bool, str]:
        lines = self._facts()["lines"]
        wanted = (name, round(float(quantity) * 1000), minor(price))
        seen = [(line["name"], line["quantity_milli"], line["amount_minor"]) for line in lines]
        return wanted in seen, "; ".join(f"{n} {q / 1000:g} {a / 100:.2f}" for n, q, a in seen) or "no lines"

    def _see_no_line(self, name: str) -> tuple[bool, str]:
        names = [line["name"] for line in self._facts()["lines"]]
        return name not in names, "; ".join(names) or "no lines"

    def _see_total(self, amount: str) -> tuple[bool, str]:
        seen = int(self._facts()["total_minor"])
        return seen == minor(amount), f"{seen / 100:.2f}"

    def _see_paid(self, amount: str) -> tuple[bool, str]:
        seen = self._facts()["paid_minor"]
        return seen == minor(amount), "nothing" if seen is None else f"{seen / 100:.2f}"

    def _see_text(self, words: str) -> tuple[bool, str]:
        texts = [_one_line(text) for text in self.lane.ask("texts")]
        return any(_one_line(words) in text for text in texts), " | ".join(texts)

    def _see_receipt(self, words: str) -> tuple[bool, str]:
        text = _one_line(self.bench.printer.text())
        return _one_line(words) in text, text[-300:] or "no paper"

    def _see_stock(self, gtin: str, number: str) -> tuple[bool, str]:
        seen = self.store.on_hand().get(gtin.zfill(14))
        if seen is None:
            return False, f"the store knows no {gtin}"
        return seen == round(float(number) * 1000), f"{seen / 1000:g}"

    def _see_sales(self, number: str) -> tuple[bool, str]:
        count = len(self.store.sales())
        return count == int(number), str(count)

    def _see_help(self, state: str) -> tuple[bool, str]:
        """The shopper's side while a request is open, the store's record once it is over; or its phase."""
        facts = self._facts()
        if state not in _HELP_STATES:
            return state == facts["help_phase"] or (state == "late" and facts["help_late"]), (
                f"{facts['help_phase']}{', late' if facts['help_late'] else ''}"
            )
        seen = facts["help"] or self.store.help_state() or "none"
        return seen in _HELP_STATES[state], str(seen)

    def _see_light(self, name: str) -> tuple[bool, str]:
        """The lamp on the glass, and the simulated light over the lane: they say the same."""
        lamp, over = str(self._model()["top"]["lamp"]), self.bench.light.shown
        return lamp == name and over == _LIGHTS.get(name), f"{lamp}, over the lane {over or 'dark'}"

    def _see_spoken(self, words: str) -> tuple[bool, str]:
        """The next sentence with these words, behind the last one that was expected."""
        said = [each for each in self.lane.ask("spoken") if each["number"] > self._heard]
        for each in said:
            if _one_line(words) in _one_line(each["text"]):
                self._heard = int(each["number"])
                return True, str(each["text"])
        return False, " | ".join(each["text"] for each in said) or "silence"


def minor(amount: str) -> int:
    """An amount as people write it ("7.78", "€7,78", "7") in hundredths."""
    digits = re.search(r"-?\d+(?:[.,]\d{1,2})?", amount)
    assert digits is not None, "the grammar lets nothing else through"
    return round(float(digits.group().replace(",", ".")) * 100)


def _one_line(text: str) -> str:
    return " ".join(text.split())
