"""Draws every screen in every language, look and panel, and has every probe look at each.

`python -m tests.campaigns.looks` takes all of it; `--share 1/2` every second group, for two processes at
once; `--language`, `--panel`, `--mode`, `--screen` (patterns) a part. It prints what it found, a line each,
and how many layouts it made; it exits with 1 when a probe found anything.

It must not stop at a finding, nor know a screen: `tests.support.lane_screens` leads a lane to each.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import product

from assets.languages import LANGUAGES, Direction, direction_of
from kiosk.checkout.preferences import Preference
from kiosk.ui.area import Area
from kiosk.ui.manner import manner_of
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, Panel
from tests.campaigns.looks_known import KNOWN, Case, Finding, Known
from tests.support import lane_screens
from tests.support.desk import open_desk
from tests.support.focus_probes import BY_KEY
from tests.support.glass import Board, Glass
from tests.support.layout_probes import EVERYWHERE

PANELS: dict[str, Panel] = {
    "15.6-portrait": PORTRAIT,
    "15.6-landscape": LANDSCAPE,
    "21.5-portrait": Panel(1080, 1920, 21.5),
    "21.5-landscape": Panel(1920, 1080, 21.5),
}
_P = Preference
MODES: dict[str, frozenset[Preference]] = {
    "default": frozenset(),
    "contrast": frozenset({_P.HIGH_CONTRAST}),
    "large": frozenset({_P.LARGE_TEXT}),
    "reach": frozenset({_P.REACH}),
    "simple": frozenset({_P.SIMPLE}),
    "all": frozenset({_P.HIGH_CONTRAST, _P.LARGE_TEXT, _P.REACH, _P.SIMPLE, _P.REDUCED_MOTION}),
}
SCREENS = tuple(lane_screens.LED)

_HOUR_S = 3600.0

_CLOSE_PX = 1
_KEPT_WAY_ROUND = ("key:", "erase", "digit:", "pad-ok", "number-ok")
"""Keys of letters and of figures: they are learnt by hand."""


def every_case() -> list[Case]:
    """The whole matrix, grouped as a board likes it: panel and mode first."""
    return [Case(*each) for each in product(PANELS, MODES, LANGUAGES, SCREENS)]


@dataclass
class Tally:
    layouts: int = 0
    findings: list[Finding] = field(default_factory=list)
    known: Counter[Known] = field(default_factory=Counter)
    stale: list[str] = field(default_factory=list)

    def take(self, found: Iterable[Finding]) -> None:
        """Count a layout's findings; what is known is counted beside."""
        self.layouts += 1
        for finding in found:
            row = next((known for known in KNOWN if known.covers(finding)), None)
            if row is None:
                self.findings.append(finding)
            else:
                self.known[row] += 1


class Draughtsman:
    """Makes the layouts one after the other and has them looked at; on the window's thread."""

    def __init__(self) -> None:
        self._board, self._group = Board(), ("", "")

    def look(self, case: Case) -> list[Finding]:
        """Everything any probe finds on that layout."""
        if self._group != (case.panel, case.mode):  # stages of another panel are not needed again
            self._board, self._group = Board(), (case.panel, case.mode)
        model = lane_screens.screen(case.screen, case.language, MODES[case.mode])
        panel = PANELS[case.panel]
        found: list[Finding] = []
        if direction_of(case.language) is Direction.RIGHT_TO_LEFT:
            found += [Finding(case, "not_mirrored", words) for words in self._not_mirrored(case)]
        glass = self._board.lay_out(model, panel)
        for probe in (*EVERYWHERE, *BY_KEY):
            found += [Finding(case, probe.__name__, words) for words in probe(glass)]
        return found

    def _not_mirrored(self, case: Case) -> list[str]:
        """Targets that do not stand where the mirror image of the same words from left to right has them."""
        model = lane_screens.screen(case.screen, case.language, MODES[case.mode])
        panel = PANELS[case.panel]
        manner = manner_of(model, still=True)
        straight = _spots(self._board.lay_out(model, panel, replace(manner, mirrored=False)))
        turned = _spots(self._board.lay_out(model, panel))
        wrong = [f"{tap_id} on one side only" for tap_id in straight.keys() ^ turned.keys()]
        for tap_id in straight.keys() & turned.keys():
            spot, image = straight[tap_id], turned[tap_id]
            mirrored = Area(panel.width_px - spot.right, spot.y, spot.w, spot.h)
            if not _is_close(mirrored, image) and not tap_id.startswith(_KEPT_WAY_ROUND):
                wrong.append(tap_id)
        return wrong


def _spots(glass: Glass) -> dict[str, Area]:
    return {part.tap_id: seen for part, seen in glass.targets}


def _is_close(one: Area, other: Area) -> bool:
    sides = ((one.x, other.x), (one.y, other.y), (one.w, other.w), (one.h, other.h))
    return all(abs(side - image) <= _CLOSE_PX for side, image in sides)


# --- the command ---------------------------------------------------------------------------------


def _chosen(cases: Iterable[Case], wanted: argparse.Namespace) -> Iterator[Case]:
    """The part of the matrix that was asked for; a share takes every nth group of panel and mode."""
    part, shares = wanted.share
    groups = list(product(PANELS, MODES))
    for case in cases:
        pairs = (
            (case.panel, wanted.panel),
            (case.mode, wanted.mode),
            (case.language, wanted.language),
            (case.screen, wanted.screen),
        )
        mine = groups.index((case.panel, case.mode)) % shares == part - 1
        if mine and all(any(fnmatchcase(value, each) for each in some) for value, some in pairs):
            yield case


def _share(text: str) -> tuple[int, int]:
    part, _, shares = text.partition("/")
    if not (part.isdecimal() and shares.isdecimal() and 1 <= int(part) <= int(shares)):
        raise argparse.ArgumentTypeError(f"{text!r} is no share; 1/2 is the first of two")
    return int(part), int(shares)


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.looks")
    parser.add_argument("--share", type=_share, default=(1, 1), metavar="K/N")
    for axis, values in (("language", LANGUAGES), ("panel", PANELS), ("mode", MODES), ("screen", SCREENS)):
        few = ", ".join(values) if len(values) < 20 else f"{len(values)} screens"
        parser.add_argument(f"--{axis}", nargs="+", default=["*"], metavar="NAME", help=few)
    return parser.parse_args(words)


def stale() -> list[str]:
    """Rows of the table of what is known whose own layout shows nothing of it any more."""
    draughtsman = Draughtsman()
    rows = sorted(KNOWN, key=lambda row: row.seen)
    return [str(row.seen) for row in rows if not any(map(row.covers, draughtsman.look(row.seen)))]


def run(cases: Iterable[Case]) -> Tally:
    """Look at all of them, on one window's thread."""
    tally = Tally()
    with open_desk() as desk:

        def work() -> None:
            draughtsman = Draughtsman()
            for case in cases:
                tally.take(draughtsman.look(case))

        desk.window.call(work, _HOUR_S)
        tally.stale = desk.window.call(stale, _HOUR_S)
    return tally


def main(words: list[str]) -> int:
    wanted = _arguments(words)
    began_s, cpu_s = time.perf_counter(), time.process_time()
    tally = run(_chosen(every_case(), wanted))
    took_s, worked_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    for finding in tally.findings:
        _say(str(finding))
    for row, count in tally.known.items():
        _say(f"known: {count} × {row.seen} | {row.reason}")
    for old in tally.stale:
        _say(f"no longer needed among what is known: {old}")
    _say(
        f"{tally.layouts} layouts in {took_s:.0f} s ({tally.layouts / max(worked_s, 0.01):.0f} for each "
        f"second of one processor), {len(tally.findings)} findings, {sum(tally.known.values())} known"
    )
    return 1 if tally.findings or tally.stale or not tally.layouts else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
