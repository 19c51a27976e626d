"""Owns the grammar of journeys: text to steps, every verb with the words it takes.

It must not know how a step is carried out. One step a line; `#` starts a comment.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from hardware.simulators.zvt_personality import Personality

DEFAULT_WAIT_S = 10.0

SCREENS = (
    *("attract", "basket", "row", "no-barcode", "weigh", "pay", "paying", "not-paid", "checking"),
    *(
        "thanks",
        "help",
        "find",
        "questions",
        "language",
        "accessibility",
        "settings-card",
        "still-there",
        "kept",
        "parked",
        "degraded",
        "staff",
        "talk",
    ),
)

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,3})?", re.ASCII)
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)
_AMOUNT = re.compile(r"[^\d-]{0,4}-?\d{1,9}([.,]\d{1,2})?[^\d]{0,5}")
_COUNT = re.compile(r"\d{1,5}", re.ASCII)
_NAME = re.compile(r"\w[\w.-]{0,79}", re.ASCII)
_PHRASE = re.compile(r"[a-z_]{3,40}", re.ASCII)
_CLOCK = re.compile(r"\+\d{1,9}(\.\d{1,3})?", re.ASCII)

# What may follow a verb: a set of words, or a pattern, or None for any text. `?` ends an optional word.
_DOING: dict[str, tuple[object, ...]] = {
    "scan": (None,),
    "camera": (None,),
    "weigh": (_NUMBER,),
    "bag": (_NUMBER,),
    "tap": (None,),
    "key": (
        frozenset(
            {"up", "down", "select", "back", "next", "help", "volume-up", "volume-down", "read", "pause"}
        ),
    ),
    "say": (_PHRASE,),
    "type": (None,),
    "headset": (frozenset({"in", "out"}),),
    "card": (
        frozenset({"approve", "decline", "cancel", "wrong-pin", "silent", "unplug", "replug", "slow"}),
        "seconds?",
    ),
    "terminal": (frozenset(personality.value for personality in Personality),),
    "paper": (frozenset({"out", "low", "in"}),),
    "store": (frozenset({"down", "up", "later"}), "seconds?"),
    "staff": (
        frozenset(
            {"accept", "en-route", "arrive", "resolve", "approve", "refuse", "price", "count", "pin", "say"}
        ),
        "amount-or-lane?",
        "lane?",
    ),
    "clock": (_CLOCK,),
    "wait": (_SECONDS,),
    "kill": (),
    "restart": (),
    "screenshot": (_NAME,),
}
_KNOWING: dict[str, tuple[object, ...]] = {
    "screen": (frozenset(SCREENS),),
    "line": (None, _NUMBER, _AMOUNT),
    "no-line": (None,),
    "total": (_AMOUNT,),
    "paid": (_AMOUNT,),
    "text": (None,),
    "receipt": (None,),
    "stock": (None, _NUMBER),
    "sales": (re.compile(r"\d{1,6}", re.ASCII),),
    "help": (
        frozenset({"requested", "accepted", "resolved", "cancelled"})
        | frozenset({"offline", "reopened", "escalated", "chat", "late"}),
    ),
    "light": (None,),
    "spoken": (None,),
}

VERBS = (*_DOING, "expect")
KNOWN_THINGS = tuple(_KNOWING)


class JourneyError(Exception):
    """A journey that cannot be read or did not come true; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line. `verb` is "scan", …, or "expect screen", …; `within_s` how long an expectation may take."""

    line: int
    text: str
    verb: str
    args: tuple[str, ...]
    within_s: float = DEFAULT_WAIT_S


def read_journey(path: Path) -> tuple[Step, ...]:
    """All steps of a file. Raises JourneyError for the first line that is none."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise JourneyError(f"{path}: the journey cannot be read: {error}") from error
    return parse_journey(text, str(path))


def parse_journey(text: str, source: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
            if words:
                steps.append(_step(number, line.strip(), words))
        except ValueError as error:
            raise JourneyError(f"{source}:{number}: {error}") from error
    return tuple(steps)


def _step(number: int, text: str, words: list[str]) -> Step:
    verb, *args = words
    if verb == "type" and args:
        args = [" ".join(args)]  # a text of several words needs no quotes
    if verb in _DOING:
        _check(verb, _DOING[verb], args)
        return Step(number, text, verb, tuple(args))
    if verb != "expect":
        raise ValueError(f"unknown verb {verb!r}; known: {', '.join(VERBS)}")
    within_s, args = _within(args)
    if not args or args[0] not in _KNOWING:
        raise ValueError(f"expect what? known: {', '.join(KNOWN_THINGS)}")
    _check(f"expect {args[0]}", _KNOWING[args[0]], args[1:])
    return Step(number, text, f"expect {args[0]}", tuple(args[1:]), within_s)


def _within(args: list[str]) -> tuple[float, list[str]]:
    """`within SECONDS` may stand right after `expect` or at the end of the line."""
    for at in (0, len(args) - 2):
        if 0 <= at < len(args) - 1 and args[at] == "within":
            if not _SECONDS.fullmatch(args[at + 1]):
                raise ValueError(f"within how many seconds? {args[at + 1]!r} is no number")
            return float(args[at + 1]), args[:at] + args[at + 2 :]
    return DEFAULT_WAIT_S, args


def _check(verb: str, wanted: tuple[object, ...], args: list[str]) -> None:
    needed = [what for what in wanted if not (isinstance(what, str) and what.endswith("?"))]
    if not len(needed) <= len(args) <= len(wanted):
        raise ValueError(f"{verb} takes {len(needed)} word(s), found {len(args)}")
    for what, arg in zip(wanted, args, strict=False):
        if isinstance(what, frozenset) and arg not in what:
            raise ValueError(f"{verb}: {arg!r} is not one of {', '.join(sorted(what))}")
        if not arg:
            raise ValueError(f"{verb}: an empty text says nothing")
        if what is _NAME and not _NAME.fullmatch(arg):
            raise ValueError(
                f"{verb}: {arg!r} is not a name of letters, digits, dots, hyphens and underscores"
            )
        if isinstance(what, re.Pattern) and not what.fullmatch(arg):
            raise ValueError(f"{verb}: {arg!r} is not a number of the right form")
    if verb == "staff" and not _is_staff_step(args):
        raise ValueError(
            "staff price takes an amount and staff count a number, both perhaps a lane; staff say takes a "
            "phrase and what is to be filled in; "
            "the other steps a lane at most"
        )
    if verb == "store" and (
        (args[0] == "later") != (len(args) == 2) or not _SECONDS.fullmatch((*args, "0")[1])
    ):
        raise ValueError("store later takes its seconds, store down and up take nothing")
    if verb == "card" and (
        (args[0] == "slow") != (len(args) == 2) or not _SECONDS.fullmatch((*args, "0")[1])
    ):
        raise ValueError("card slow takes its seconds, the other cards take nothing")


def _is_staff_step(args: list[str]) -> bool:
    if args[0] == "price":
        return len(args) > 1 and _AMOUNT.fullmatch(args[1]) is not None
    if args[0] == "count":
        return len(args) > 1 and _COUNT.fullmatch(args[1]) is not None
    if args[0] == "say":
        return len(args) > 1 and _PHRASE.fullmatch(args[1]) is not None
    return len(args) < 3
