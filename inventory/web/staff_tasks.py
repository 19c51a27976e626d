"""Owns the tablet's list of what is to be done: writing, taking and ending tasks, and what was done.

It must not know where work comes from (the floor's list does), nor how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.card_digits import holds_card_number
from inventory.domain.help_desk import Deed, HelpState, Resolve, Take
from inventory.domain.staff import Permission, may
from inventory.services import empty_shelves, floor_work, help_desk, lanes, staff, stores, tasks
from inventory.services.help_desk import AlreadyTaken, ImpossibleStepError, UnknownRequestError
from inventory.services.tasks import MAX_TITLE_LENGTH, TaskGone, TaskTaken, TitleFault
from inventory.web.auth import FRAGMENT_HEADER, session_of
from inventory.web.call_form import CallForm
from inventory.web.form_text import is_id, one_line
from inventory.web.pages import PageRefused
from inventory.web.staff_view import Check, Route, StaffView
from inventory.web.wall_words import lane_name_words
from inventory.web.work_views import WorkWriter

PATH: Final = "/staff/tasks"
HISTORY: Final = timedelta(days=7)
Text = Annotated[str, Form()]


class TaskForm(BaseModel):
    """What a browser sends; every field may hold anything."""

    title: str = ""
    lane_id: str = ""
    meant_for: str = ""
    urgent: str = ""

    @property
    def plain_title(self) -> str:
        """On one line, without what no page or table can show."""
        return one_line(self.title)


@dataclass(frozen=True, slots=True)
class StaffTasks:
    """The page and what its buttons do."""

    view: StaffView

    def page(self, request: Request, who: str = "") -> Response:
        return self._answer(request, "staff/tasks.html", who=who)

    def rows(self, request: Request, who: str = "") -> Response:
        """The page's list alone, for its script."""
        return self._answer(request, "staff/task_rows.html", who=who)

    def write(self, request: Request, form: Annotated[TaskForm, Form()]) -> Response:
        """Writes a task for a colleague, or for anybody."""
        view, title = self.view, form.plain_title
        fault = tasks.title_fault(title)
        if fault is not None:
            return self._after(request, notice=self._fault_words(fault))
        with view.database.write() as uow:
            lane_ids = {each.lane_id for each in lanes.wall(uow, view.store_id, view.clock())}
            tasks.write_down(
                uow,
                view.store_id,
                title,
                who=session_of(request).name,
                now_utc=view.clock(),
                lane_id=form.lane_id if form.lane_id in lane_ids else "",
                meant_for=form.meant_for if form.meant_for in self._names(uow) else "",
                is_urgent=form.urgent == "yes",
            )
        return self._after(request)

    def take(self, request: Request, task_id: Text = "", after: Text = "") -> Response:
        view, notice = self.view, ""
        try:
            with view.database.write() as uow:
                who = session_of(request).name
                _check(task_id)
                tasks.take(uow, view.store_id, task_id, who=who, now_utc=view.clock(), after=after)
        except TaskTaken as taken:
            notice = view.text("{name} has taken this already.").format(name=taken.by)
        except TaskGone as gone:
            notice = self._gone_words(gone)
        return self._after(request, notice=notice)

    def done(self, request: Request, task_id: Text = "", note: Text = "") -> Response:
        """Ends what somebody wrote down, or an unknown item; the others end at the day close."""
        view, notice, words = self.view, "", one_line(note)
        if holds_card_number(words):
            return self._after(request, notice=self._fault_words(TitleFault.CARD_NUMBER))
        try:
            with view.database.write() as uow:
                _check(task_id)
                task = tasks.find(uow, view.store_id, task_id)
                if task is None or task.kind not in (tasks.WRITTEN, tasks.UNKNOWN_ITEM):
                    raise TaskGone
                who = session_of(request).name
                tasks.finish(uow, view.store_id, task_id, who=who, note=words, now_utc=view.clock())
        except TaskGone as gone:
            notice = self._gone_words(gone)
        except tasks.NoteMissing:
            notice = view.text("Write what you found.")
        return self._after(request, notice=notice)

    def errand(
        self, request: Request, form: Annotated[CallForm, Form()], help_id: Text = "", step: Text = ""
    ) -> Response:
        """A shopper's errand: taken, or done."""
        view, notice, name = self.view, "", session_of(request).name
        steps: dict[str, Deed] = {"accept": Take(name, HelpState.ACCEPTED), "resolve": Resolve(name)}
        if step not in steps or not is_id(help_id):
            raise PageRefused(404, view.text("There is no such step."), way_on=PATH)
        try:
            with view.database.write() as uow:
                empty_shelves.do(uow, view.store_id, help_id, steps[step], view.clock(), turn=form.seen_turn)
        except AlreadyTaken as taken:
            notice = view.text("{name} has taken this call already.").format(name=taken.by)
        except (help_desk.StaleTurnError, ImpossibleStepError):
            notice = view.text("This call is over already.")
        except UnknownRequestError:
            notice = view.text("This call is not known here.")
        return self._after(request, notice=notice)

    def back(self) -> Response:
        """Whoever reloads the address of a form gets the page, and nothing is done again."""
        return RedirectResponse(PATH, status_code=303)

    def _after(self, request: Request, *, notice: str = "") -> Response:
        if FRAGMENT_HEADER in request.headers:
            return self._answer(request, "staff/task_rows.html", notice=notice)
        return self._answer(request, "staff/tasks.html", notice=notice) if notice else self.back()

    def _answer(self, request: Request, template: str, *, who: str = "", notice: str = "") -> Response:
        view, now_utc = self.view, self.view.clock()
        with view.database.read() as uow:
            wall = lanes.wall(uow, view.store_id, now_utc)
            works = floor_work.work_of(wall, tasks.open_tasks(uow, view.store_id))
            zone = ZoneInfo(stores.find_store(uow, view.store_id).timezone)
            names = self._names(uow)
            wanted = who if who in names else ""
            done = tasks.done_since(uow, view.store_id, now_utc - HISTORY, who=wanted)
        lane_names = {each.lane_id: lane_name_words(each.name, view.pages.texts) for each in wall}
        writer = WorkWriter(session_of(request).name, now_utc, view.pages.texts, lane_names)
        return view.page(
            request,
            template,
            lines=writer.lines(works),
            may_do=may(session_of(request).role, Permission.WORK_AT_LANE),
            done=writer.done(done, zone),
            who=wanted,
            source=f"{PATH}/rows?{urlencode({'who': wanted})}",
            names=names,
            lanes=lane_names,
            notice=notice,
            now_utc=now_utc,
            most_letters=MAX_TITLE_LENGTH,
            most_note=tasks.MAX_NOTE_LENGTH,
        )

    def _names(self, uow: UnitOfWork) -> tuple[str, ...]:
        """Whoever a task may be for."""
        people = staff.members(uow, self.view.store_id, now_utc=self.view.clock())
        return tuple(each.name for each in people if not each.has_left)

    def _gone_words(self, gone: TaskGone) -> str:
        if not gone.by:
            return self.view.text("There is no such task.")
        return self.view.text("{name} has done this already.").format(name=gone.by)

    def _fault_words(self, fault: TitleFault) -> str:
        match fault:
            case TitleFault.EMPTY:
                return self.view.text("Write what is to be done.")
            case TitleFault.TOO_LONG:
                words = self.view.text("A task has {count} letters at most.")
                return words.format(count=MAX_TITLE_LENGTH)
            case TitleFault.CARD_NUMBER:
                return self.view.text("Please type no card numbers here.")


def _check(task_id: str) -> None:
    if not is_id(task_id):
        raise TaskGone


def routes(view: StaffView) -> tuple[Route, ...]:
    """The list, and what its buttons post to."""
    here = StaffTasks(view)
    return (
        Route(PATH, here.page, Permission.SEE_LANES, Check.READS),
        Route(f"{PATH}/rows", here.rows, Permission.SEE_LANES, Check.WATCHES),
        Route(PATH, here.write, Permission.ANSWER_CALLS),
        Route(f"{PATH}/take", here.take, Permission.WORK_AT_LANE),
        Route(f"{PATH}/done", here.done, Permission.WORK_AT_LANE),
        Route(f"{PATH}/errand", here.errand, Permission.WORK_AT_LANE),
    )
