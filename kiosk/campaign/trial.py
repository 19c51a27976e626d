"""Owns one trial: shoppers and an attendant in one shop, the faults that strike it, and its quiet end.

It must not judge: `kiosk.campaign.checks` reads the books afterwards. The attendant is honest: they look at
the terminal's own journal, as a person looks at its slip, and decide by it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

from hardware.simulators.printer import Roll
from hardware.simulators.zvt_cards import CardScript
from hardware.simulators.zvt_journal import REVERSED
from kiosk.campaign.plan import Fault, Kind, Visit, draw_visit, goods_codes
from kiosk.campaign.shop import Shop, ShopError
from kiosk.demo.tablet import Tablet, TabletError
from kiosk.failpoints import NAMES

VISIT_LIMIT_S = 120.0
"""Real seconds, 2400 of the shop's own: longer than any doubt may last, on a busy machine too."""

PATIENCE_S = 0.3
"""How long a shopper waits before they tap again."""

STILLBORN_LIMIT = 5
"""So many starts in a row without a screen: the lane does not come back."""

QUIET_TRIES = 4
SELLS_NOTHING = frozenset({"amount-altered", "end-of-day-due"})
"""Terminals at which no payment may ever come true."""

QUIET = Visit(goods=(0,), card=CardScript())


@dataclass(slots=True)
class Story:
    """What happened in a trial: counts, and what already went wrong while it ran."""

    visits: int = 0
    lane_kills: int = 0
    store_kills: int = 0
    random_kills: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    recoveries_s: list[float] = field(default_factory=list)
    """From the start of a lane after a kill to its first screen, in seconds."""
    decisions: int = 0
    elapsed_s: float = 0.0
    stuck: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    """Last words of lanes that died though nobody had killed them."""
    struck: list[int] = field(default_factory=list)
    """Of visits that were prescribed: the places of those in which every failpoint fired."""

    @property
    def crashes(self) -> int:
        return self.lane_kills + self.store_kills


@dataclass(slots=True)
class _Errand:
    """One shopper's way through a visit."""

    visit: Visit
    left: list[str]
    pays: int = 0
    printed: bool = False


class Trial:
    """`run` until `crashes` processes were killed; then everything is mended and comes to rest."""

    def __init__(self, shop: Shop, chance: Random) -> None:
        self.shop = shop
        self.story = Story()
        self._chance = chance
        self._tablet: Tablet | None = None
        self._carded: set[str] = set()
        self._faults: list[Fault] = []
        self._timed: tuple[float, Fault] | None = None
        self._mends: list[tuple[float, str]] = []
        self._acted_on: dict[str, Any] = {}
        self._acted_s = 0.0
        self._decided_s = 0.0
        # Of its own: how often a cable is mended depends on timing, and the plan must not.
        self._mending = Random(chance.random())  # noqa: S311
        self._deaths_noted = 0
        self._lane_started_s: float | None = None
        self._stillborn = 0

    def run(self, crashes: int) -> Story:
        """Drawn visits until so many processes were killed."""
        while self.story.crashes < crashes and not self.story.stuck:
            self.visit(draw_visit(self._chance, len(self.shop.words["gtins"])))
        self.come_to_rest()
        return self.story

    def play(self, visits: Iterable[Visit]) -> Story:
        """These visits, one after another; notes in which of them every failpoint struck."""
        for place, visit in enumerate(visits):
            if self.story.stuck:
                break
            before = self._lane_failpoints_fired()
            self.visit(visit)
            self._calm_down()
            ordered = sum(fault.kind is Kind.FAILPOINT for fault in visit.faults)
            if self._lane_failpoints_fired() - before >= ordered:
                self.story.struck.append(place)
        self.come_to_rest()
        return self.story

    def visit(self, visit: Visit) -> None:
        """A basket from the first scan to its receipt, or to a shopper who gives up."""
        self.story.visits += 1
        errand = _Errand(visit, list(goods_codes(self.shop.words["gtins"], visit)))
        self._faults = list(visit.faults)
        self._line_up()
        until_s = time.monotonic() + VISIT_LIMIT_S
        while not self.story.stuck:
            self._tend()
            if self.shop.facts and self._shop(errand, self.shop.facts):
                return
            if time.monotonic() > until_s:
                self.story.stuck.append(f"a visit did not end: {self.shop.facts}")

    def come_to_rest(self) -> None:
        """Nothing strikes any more: one quiet visit, then no money is open and every message has left."""
        self._calm_down()
        for _ in range(QUIET_TRIES):
            if self.story.stuck:
                break
            self.visit(QUIET)
            if self.shop.facts.get("phase") == "thanks":
                break
        else:
            if self.shop.personality not in SELLS_NOTHING:
                self.story.stuck.append("nothing can be sold any more, though nothing is broken")
        until_s = time.monotonic() + VISIT_LIMIT_S
        self.shop.facts = {}  # a tap may still be on its way: what was seen before it counts no more
        while not self.story.stuck and not self._is_at_rest():
            self.shop.tell_lane(look="")
            self._tend()
            if time.monotonic() > until_s:
                self.story.stuck.append(f"the shop did not come to rest: {self.shop.facts}")

    def _lane_failpoints_fired(self) -> int:
        return sum(name in NAMES for name, _, _ in self.shop.fired())

    def _is_at_rest(self) -> bool:
        """Whether no money is open and every message has left; else somebody acts on what is seen."""
        seen = self.shop.facts
        if not seen:
            return False
        match seen["phase"]:
            case "paying":
                self._at_the_reader(_Errand(QUIET, []), seen)
            case "checking":
                self._decide(seen)
            case _:
                return not seen["outbox"]
        return False

    def _calm_down(self) -> None:
        self.shop.tell_lane(disarm="")
        self._faults, self._timed = [], None
        self._mend_all()

    # -- the shopper -----------------------------------------------------------------------------

    def _shop(self, errand: _Errand, seen: dict[str, Any]) -> bool:
        """One glance at the screen and what follows from it; True when the visit is over."""
        match seen["phase"]:
            case "paying":
                self._at_the_reader(errand, seen)
            case "checking":
                self._decide(seen)
            case "thanks" if errand.pays:
                return self._leave(errand, seen)
            case "not paid" if errand.pays > 3:
                return True
            case "scanning" | "not paid" if seen["storage_failed"]:
                return False  # the lane says that it cannot take payments now
            case "not paid":
                self._pay(errand, seen)
            case "scanning" if seen["lines"] and not errand.left:
                self._pay(errand, seen)
            case "attract" | "scanning" | "thanks":
                self._scan(errand, seen)
        return False

    def _scan(self, errand: _Errand, seen: dict[str, Any]) -> None:
        if self._may_act(seen):
            code = errand.left.pop(0) if errand.left else self.shop.words["gtins"][0].lstrip("0")
            self.shop.tell_lane(scan=code)

    def _pay(self, errand: _Errand, seen: dict[str, Any]) -> None:
        if "terminal" in seen["ready"] and self._may_act(seen):
            errand.pays += 1
            self.shop.tell_lane(tap="pay")
            self._set_timer()

    def _at_the_reader(self, errand: _Errand, seen: dict[str, Any]) -> None:
        attempt = seen["attempt"]
        if seen["payment"] != "intent" or attempt in self._carded:
            return
        self._carded.add(attempt)
        if errand.visit.turns_back and errand.pays == 1:
            self.shop.tell_lane(tap="back")
        else:
            self.shop.terminal.present(errand.visit.card if errand.pays == 1 else CardScript())

    def _leave(self, errand: _Errand, seen: dict[str, Any]) -> bool:
        if errand.printed or seen["receipt"] == "printed":
            return True
        if self._may_act(seen):
            errand.printed = True
            self.shop.tell_lane(tap="print")
        return False

    def _may_act(self, seen: dict[str, Any]) -> bool:
        """Once for each thing seen, and again when nothing comes of it."""
        now_s = time.monotonic()
        if seen is self._acted_on and now_s - self._acted_s < PATIENCE_S:
            return False
        self._acted_on, self._acted_s = seen, now_s
        return True

    # -- the attendant ---------------------------------------------------------------------------

    def _decide(self, seen: dict[str, Any]) -> None:
        """Reads the terminal's journal once the terminal is at rest, then says what it says, with the PIN."""
        now_s = time.monotonic()
        if not seen["called"] or now_s - self._decided_s < PATIENCE_S or not self.shop.terminal.at_rest:
            return
        self._decided_s = now_s
        charged = self._is_charged(seen)
        if self._tablet is None:
            words = self.shop.words
            self._tablet = Tablet(self.shop.store_url, words["attendant"], words["pin"])
        try:
            if self._tablet.press("approve" if charged else "refuse", self.shop.words["lane_id"]):
                self.story.decisions += 1
        except TabletError:
            self._tablet.close()
            self._tablet = None  # the store is down, or forgot who signed in: another day's work

    def _is_charged(self, seen: dict[str, Any]) -> bool:
        """What the terminal's journal says; a charge of another amount than asked for is taken back there."""
        journal, asked_at = self.shop.terminal.journal, self.shop.asked_at(seen["attempt"])
        charges = [
            charge for charge in journal.charges() if datetime.fromisoformat(charge.at_utc) >= asked_at
        ]
        if not charges:
            return False
        if charges[-1].amount_minor == seen["amount_minor"]:
            return True
        journal.add(replace(charges[-1], state=REVERSED, cause="by hand"))
        return False

    # -- what strikes ----------------------------------------------------------------------------

    def _line_up(self) -> None:
        """Makes the next fault ready: failpoints at once, others from the next Pay or start on."""
        while self._faults and self._faults[0].kind is Kind.STORE_FAILPOINT:
            name, _, passing = self._faults.pop(0).points.partition("@")
            self.story.store_kills += self.shop.kill_store()
            self.shop.open_store(name, int(passing))
        if self._faults and self._faults[0].kind is Kind.FAILPOINT:
            self.shop.tell_lane(arm=self._faults.pop(0).points)

    def _set_timer(self) -> None:
        by_itself = (Kind.FAILPOINT, Kind.STORE_FAILPOINT)
        if self._timed is None and self._faults and self._faults[0].kind not in by_itself:
            fault = self._faults.pop(0)
            self._timed = (time.monotonic() + fault.after_s, fault)

    def _strike(self, fault: Fault) -> None:
        self.story.injected[fault.kind.value] += 1
        mend_at_s = time.monotonic() + fault.lasts_s
        match fault.kind:
            case Kind.KILL:
                self.story.random_kills += 1
                self.shop.kill_lane()
                self._lane_died(ordered=True)
            case Kind.FREEZE:
                self.shop.freeze_lane(fault.lasts_s)
            case Kind.CABLE:
                self.shop.terminal.unplug()
            case Kind.STORE_KILL | Kind.STORE_DOWN:
                self.story.store_kills += self.shop.kill_store()
                self._mends.append((mend_at_s, "store"))
            case Kind.PAPER:
                self.shop.printer.set_roll(Roll.OUT)
                self._mends.append((mend_at_s, "paper"))
            case Kind.FAILPOINT | Kind.STORE_FAILPOINT:
                raise AssertionError("failpoints strike by themselves")
        self._line_up()

    # -- keeping the shop going ------------------------------------------------------------------

    def _tend(self) -> None:
        """Hears the lane, buries the dead, strikes what is due, mends what has lasted long enough."""
        alive = self.shop.hear(0.01)
        if not alive:
            noted, self._deaths_noted = self._deaths_noted, self.shop.lane_deaths_noted()
            self._lane_died(ordered=self._deaths_noted > noted)
        elif self.shop.facts:
            self._look()
        if self.shop.store_died():
            self.story.injected[Kind.STORE_FAILPOINT.value] += 1
            self.story.store_kills += 1
            self.shop.open_store()
        if self._timed is not None and time.monotonic() >= self._timed[0]:
            fault, self._timed = self._timed[1], None
            self._strike(fault)
        for due_s, what in [mend for mend in self._mends if mend[0] <= time.monotonic()]:
            self._mends.remove((due_s, what))
            self._mend(what)
        if not self.shop.terminal.plugged and not any(what == "cable" for _, what in self._mends):
            self._mends.append((time.monotonic() + self._mending.choice((0.02, 0.2, 0.5)), "cable"))

    def _look(self) -> None:
        """Notes the first screen after a start."""
        if self._lane_started_s is not None:
            self.story.recoveries_s.append(time.monotonic() - self._lane_started_s)
            self._lane_started_s, self._stillborn = None, 0

    def _lane_died(self, *, ordered: bool) -> None:
        """Counts it, and starts the lane anew, with the next failpoint armed if one is to strike again.

        A death that nobody ordered and no failpoint explains is a finding: that lane crashed by itself.
        """
        if ordered:
            self.story.lane_kills += 1
        else:
            self.story.crashed.append(self.shop.last_words())
        self._restart_lane()

    def _restart_lane(self) -> None:
        points = ""
        if self._faults and self._faults[0].kind is Kind.FAILPOINT:
            points = self._faults.pop(0).points
        self._stillborn += 1
        if self._stillborn > STILLBORN_LIMIT:
            self.story.stuck.append(f"the lane does not come back: {self.shop.last_words()}")
            return
        self._lane_started_s = time.monotonic()
        self.shop.start_lane(points)
        self._set_timer()

    def _mend(self, what: str) -> None:
        match what:
            case "store":
                if self.shop.store is None:
                    self.shop.open_store()
            case "paper":
                self.shop.printer.set_roll(Roll.IN)
            case "cable":
                self.shop.terminal.replug()
            case _:
                raise ShopError(f"nobody mends {what}")

    def _mend_all(self) -> None:
        self._mends = []
        for what in ("store", "paper", "cable"):
            self._mend(what)
