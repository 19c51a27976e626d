"""Owns the help campaign in one process: real lanes' machine, the real help desk, and chance between them.

It must not know processes or sockets. What a line may do to a message is done to a value: it is lost, comes
late or twice, or its answer is. The same seed plays the same story, to the letter; the campaign of processes
plays what this one cannot: kills between two writes, and time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from inventory.db.unit_of_work import Announcement, Database, lane_audience
from inventory.domain.help_desk import HandOver, HelpState, Resolve, Take
from inventory.domain.help_waiting import Ladder
from inventory.opening import prepare
from inventory.services import escalation, help_desk
from inventory.services.help_desk import AlreadyTaken, HelpRequest, ImpossibleStepError, StaleTurnError
from inventory.wire import HelpMessage, HelpUpdateMessage
from kiosk.campaign.help_books import book_of, store_book
from kiosk.campaign.help_checks import Evidence, Fault, Finding, Told, check
from kiosk.checkout import messages as m
from kiosk.checkout.effects import SendHelp
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.machine import step
from kiosk.checkout.state import LaneState, View
from kiosk.voice import say
from tests.support.store_samples import STORE_ID, store_config

LANES = ("lane-1", "lane-2", "lane-3")
STAFF = ("Ada", "Giulia", "Noor")
LADDER = Ladder()
ACTS = 5
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass(slots=True)
class _Lane:
    """A lane: its state, what it wrote down, what it has yet to say, and the news on their way to it."""

    lane_id: str
    state: LaneState
    written: list[tuple[m.Event, datetime]] = field(default_factory=list)
    unsaid: dict[str, HelpMessage] = field(default_factory=dict)
    news: list[HelpUpdateMessage] = field(default_factory=list)
    is_heard: bool = True
    shown: dict[str, list[HelpState]] = field(default_factory=lambda: defaultdict(list))

    def say_help(self, message: HelpMessage) -> None:
        self.unsaid[message.help_id] = message

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Whatever else a lane says is of no matter here."""
        return lambda *_words, **_more: None

    def take(self, event: m.Event, at_utc: datetime) -> None:
        before = self.state
        self.state, effects = step(self.state, event, at_utc)
        if type(event) in JOURNALED and (effects or self.state != before):
            self.written.append((event, at_utc))
        for effect in effects:
            if isinstance(effect, SendHelp):
                say(self, effect, self.state, at_utc)
        if self.state.help is not None:
            states = self.shown[self.state.help.help_id]
            if states[-1:] != [self.state.help.state]:
                states.append(self.state.help.state)

    def hear(self, update: HelpUpdateMessage, at_utc: datetime) -> None:
        self.take(
            m.HelpUpdated(
                update.help_id, update.state, update.staff_name, turn=update.turn, level=update.level
            ),
            at_utc,
        )

    def start_again(self, fresh: LaneState, at_utc: datetime) -> None:
        """As after a kill: what was written down is stepped again, the rest is forgotten."""
        self.state, self.unsaid, self.news = fresh, {}, []
        for event, then_utc in self.written:
            self.state, _ = step(self.state, event, then_utc)
        self.state = replace(self.state, view=View())
        self.take(m.LaneStarted("boot"), at_utc)


class HelpModel:
    """One store, its lanes and its staff, led by chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = Random(seed)
        self._now_utc = NOON
        self._database = Database(f"sqlite:///{folder / 'store.db'}")
        self._path = folder / "store.db"
        prepare(store_config(folder), self._database, NOON)
        self._database.listen(self._tell)
        self._lanes = [_Lane(lane_id, _fresh(lane_id)) for lane_id in LANES]
        self._walls: dict[str, list[HelpRequest]] = {name: [] for name in STAFF}
        self._told: list[Told] = []
        self._late: list[HelpMessage] = []
        self._findings: list[Finding] = []
        self._ids = 0

    def play(self, steps: int) -> tuple[Finding, ...]:
        """So many things happen in each of several acts, after which all is mended and looked through."""
        found: list[Finding] = []
        for _ in range(ACTS):
            self._act(steps)
            self._mend()
            found += check(self._evidence())
        self._database.dispose()
        return (*self._findings, *found)

    def _act(self, steps: int) -> None:
        for _ in range(steps):
            self._now_utc += timedelta(seconds=self._chance.choice((0, 1, 1, 2, 5)))
            self._chance.choices(
                (self._tap, self._send, self._hear, self._look, self._press, self._climb, self._trouble),
                (14, 22, 22, 14, 26, 4, 9),
            )[0]()

    # -- people ----------------------------------------------------------------------------------

    def _tap(self) -> None:
        lane = self._chance.choice(self._lanes)
        call = lane.state.help
        self._ids += 1
        if call is None or not call.is_open:
            asked: m.Event = m.HelpRequested(f"call-{self._ids:04}")
            lane.take(
                asked if call is None or self._chance.random() < 0.6 else m.HelpCancelled(), self._now_utc
            )
        elif self._chance.random() < 0.35:
            lane.take(m.HelpCancelled(), self._now_utc)

    def _look(self) -> None:
        with self._database.read() as uow:
            calls = help_desk.open_requests(uow, STORE_ID)
        self._walls[self._chance.choice(STAFF)] = calls
        self._check_order(calls)

    def _press(self) -> None:
        """On what this tablet saw last, which may be long ago."""
        name = self._chance.choice(STAFF)
        if not self._walls[name]:
            return
        seen = self._chance.choice(self._walls[name][:2])
        mine = seen.staff_name == name
        deed: Any = Take(name, HelpState.ACCEPTED)
        if mine:
            deed = self._chance.choice(
                (Take(name, HelpState.ARRIVED), Resolve(name), Resolve(name), HandOver(name))
            )
        turn = seen.case.turn if self._chance.random() < 0.8 else None
        with suppress(AlreadyTaken, ImpossibleStepError, StaleTurnError), self._database.write() as uow:
            help_desk.do(uow, STORE_ID, seen.help_id, deed, self._now_utc, turn=turn)
        with self._database.read() as uow:
            self._walls[name] = help_desk.open_requests(uow, STORE_ID)
        for call in self._walls[name]:
            if call.help_id == seen.help_id and call.staff_name == name:
                self._told.append(Told(call.help_id, name, call.case.turn))

    def _climb(self) -> None:
        escalation.climb(self._database, STORE_ID, LADDER, self._now_utc)
        with self._database.read() as uow:
            for call in help_desk.open_requests(uow, STORE_ID):
                waited_s = (self._now_utc - call.ringing_since_utc).total_seconds()
                due = sum(waited_s >= limit_s for limit_s in (15, 30, 60))
                if call.case.is_waiting and call.case.level < due:
                    words = f"waited {waited_s:.0f} s and rings at level {int(call.case.level)}"
                    self._findings.append(Finding(Fault.STALE, call.help_id, words))

    def _check_order(self, calls: list[HelpRequest]) -> None:
        waiting = [call for call in calls if call.case.is_waiting]
        for first, second in pairwise(waiting):
            if second.case.is_reopened and not first.case.is_reopened:
                self._findings.append(Finding(Fault.STALE, second.help_id, "was reopened and is not first"))

    # -- lines -----------------------------------------------------------------------------------

    def _send(self) -> None:
        lane = self._chance.choice(self._lanes)
        if not lane.unsaid:
            return
        message = next(iter(lane.unsaid.values()))
        luck = self._chance.random()
        if luck < 0.1:
            return
        if luck < 0.2:
            self._late.append(message)
            return
        answer = self._received(message)
        if luck < 0.3:
            return
        if lane.unsaid.get(message.help_id) is message:
            del lane.unsaid[message.help_id]
        if self._chance.random() < 0.3:
            lane.news.insert(self._chance.randint(0, len(lane.news)), answer)  # it overtakes, or is overtaken
        else:
            lane.hear(answer, self._now_utc)

    def _hear(self) -> None:
        lane = self._chance.choice(self._lanes)
        if lane.news:
            lane.hear(lane.news.pop(0), self._now_utc)

    def _received(self, message: HelpMessage) -> HelpUpdateMessage:
        with self._database.write() as uow:
            return help_desk.receive(uow, STORE_ID, message, self._now_utc)

    def _tell(self, news: tuple[Announcement, ...]) -> None:
        for each in news:
            for lane in self._lanes:
                is_for_it = each.audience == lane_audience(lane.lane_id)
                if lane.is_heard and is_for_it and isinstance(each.message, HelpUpdateMessage):
                    lane.news.append(each.message)

    def _trouble(self) -> None:
        lane = self._chance.choice(self._lanes)
        match self._chance.randrange(4):
            case 0:
                lane.start_again(_fresh(lane.lane_id), self._now_utc)
                self._reconnect(lane)
            case 1:
                lane.is_heard, lane.news = False, []
            case 2:
                self._reconnect(lane)
            case _ if self._late:
                self._received(self._late.pop(self._chance.randrange(len(self._late))))

    def _reconnect(self, lane: _Lane) -> None:
        lane.is_heard = True
        with self._database.read() as uow:
            missed = help_desk.requests_of_lane(
                uow, STORE_ID, lane.lane_id, since_utc=self._now_utc - timedelta(hours=1)
            )
        lane.news = list(missed)

    # -- the end ---------------------------------------------------------------------------------

    def _mend(self) -> None:
        while self._late:
            self._received(self._late.pop())
        for lane in self._lanes:
            self._reconnect(lane)
        for _ in range(30):  # two sides that never agree are a finding, not a reason to wait
            for lane in self._lanes:
                for message in list(lane.unsaid.values()):
                    del lane.unsaid[message.help_id]
                    lane.hear(self._received(message), self._now_utc)
                while lane.news:
                    lane.hear(lane.news.pop(0), self._now_utc)

    def _evidence(self) -> Evidence:
        with self._database.read() as uow:
            shown_now = frozenset(call.help_id for call in help_desk.open_requests(uow, STORE_ID))
        return Evidence(
            lanes=tuple(book_of(lane.written, _fresh(lane.lane_id)) for lane in self._lanes),
            kept=store_book(self._path),
            shown={help_id: tuple(states) for lane in self._lanes for help_id, states in lane.shown.items()},
            told=tuple(self._told),
            walls={"everybody": shown_now},
        )


def _fresh(lane_id: str) -> LaneState:
    return LaneState(STORE_ID, lane_id, "EUR", "en", "en")
