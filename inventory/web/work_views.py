"""Owns the list of what is to be done on the floor, in words: work, its buttons, and what was done.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from inventory.domain.floor_work import Work, WorkKind, urgency
from inventory.domain.moments import format_moment
from inventory.services.tasks import Task
from inventory.web.texts import Texts
from inventory.web.wall_words import waited

_ENDED_HERE = frozenset({WorkKind.WRITTEN, WorkKind.UNKNOWN_ITEM})
_ENDED_AT_DAY_CLOSE = frozenset({WorkKind.MONEY, WorkKind.GOODS})
_ERRANDS = frozenset({WorkKind.BRING, WorkKind.SHELF_EMPTY})


@dataclass(frozen=True, slots=True)
class Step:
    """A button: where it posts, what it carries."""

    path: str
    label: str
    tone: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do. `note_step` ends it with words, which may be left out."""

    key: str
    kind: str
    words: str
    facts: tuple[str, ...]
    is_pressing: bool
    is_mine: bool
    since_utc: datetime | None
    waited: str
    steps: tuple[Step, ...] = ()
    note_step: Step | None = None
    wants_note: bool = False
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DoneLine:
    words: str
    who: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class WorkWriter:
    """Writes the list for one person at one moment; `lanes` are the names of lanes by id."""

    me: str
    now_utc: datetime
    texts: Texts
    lanes: Mapping[str, str] = field(default_factory=dict)

    def lines(self, works: Iterable[Work]) -> tuple[WorkLine, ...]:
        return tuple(self._line(slot, work) for slot, work in enumerate(works))

    def done(self, tasks: Iterable[Task], zone: ZoneInfo) -> tuple[DoneLine, ...]:
        """What was done, in the order given."""
        return tuple(
            DoneLine(
                task.words,
                task.done_by,
                format_moment(task.done_at_utc.astimezone(zone), self.texts.language),
                task.note,
            )
            for task in tasks
            if task.done_at_utc is not None
        )

    def _line(self, slot: int, work: Work) -> WorkLine:
        return WorkLine(
            key=f"work-{work.ref or slot}",
            kind=kind_words(work.kind, self.texts),
            words=work.words or kind_words(work.kind, self.texts),
            facts=tuple(filter(None, self._facts(work))),
            is_pressing=urgency(work) == 0,
            is_mine=work.taken_by == self.me,
            since_utc=work.since_utc,
            waited=waited(work.since_utc, self.now_utc) if work.since_utc else "",
            steps=self._steps(work),
            note_step=self._ending(work),
            wants_note=work.kind is WorkKind.UNKNOWN_ITEM,
            link=self._link(work),
        )

    def _facts(self, work: Work) -> tuple[str, ...]:
        t = self.texts.text
        has_it = t("Yours") if work.taken_by == self.me else t("Taken by {name}").format(name=work.taken_by)
        return (
            t("Urgent") if work.is_urgent else "",
            self.lanes.get(work.lane_id, work.lane_id),
            t("For {name}").format(name=work.meant_for) if work.meant_for else "",
            t("From {name}").format(name=work.made_by) if work.made_by else "",
            has_it if work.taken_by else "",
        )

    def _steps(self, work: Work) -> tuple[Step, ...]:
        t = self.texts.text
        if not work.ref:
            return ()
        if work.kind in _ERRANDS:
            turn = (("help_id", work.ref), ("turn", str(work.turn)))
            accept = Step("/staff/tasks/errand", t("I’ll do it"), "go", (*turn, ("step", "accept")))
            done = Step("/staff/tasks/errand", t("Done"), "ok", (*turn, ("step", "resolve")))
            return (accept,) if not work.taken_by else ((done,) if work.taken_by == self.me else ())
        if work.taken_by == self.me:
            return ()
        label = t("Take over") if work.taken_by else t("I’ll do it")
        fields = (("task_id", work.ref), ("after", work.taken_by))
        return (Step("/staff/tasks/take", label, "" if work.taken_by else "go", fields),)

    def _ending(self, work: Work) -> Step | None:
        if work.kind not in _ENDED_HERE:
            return None
        return Step("/staff/tasks/done", self.texts.text("Done"), "ok", (("task_id", work.ref),))

    def _link(self, work: Work) -> tuple[str, str] | None:
        if work.kind in _ENDED_AT_DAY_CLOSE or (work.kind is WorkKind.TROUBLE and work.ref):
            return "/staff/day", self.texts.text("Day close")
        if work.kind in (WorkKind.TROUBLE, WorkKind.RUNS_LOW) and work.lane_id:
            return f"/staff?lane={work.lane_id}", self.texts.text("Mirror")
        return None


def kind_words(kind: WorkKind, texts: Texts) -> str:
    match kind:
        case WorkKind.BRING:
            return texts.text("Bring")
        case WorkKind.TROUBLE:
            return texts.text("Trouble")
        case WorkKind.MONEY:
            return texts.text("Money")
        case WorkKind.WRITTEN:
            return texts.text("Task")
        case WorkKind.SHELF_EMPTY:
            return texts.text("Shelf")
        case WorkKind.GOODS:
            return texts.text("Goods")
        case WorkKind.RUNS_LOW:
            return texts.text("Runs low")
        case WorkKind.UNKNOWN_ITEM:
            return texts.text("Unknown item")
        case _ as never:
            assert_never(never)
