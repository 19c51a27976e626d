"""Owns the console's pages of the floor: every lane with what it said last, and every task, open or done.

It must not answer calls or end tasks: the tablet's wall and the day close do.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from inventory.domain.moments import format_moment
from inventory.domain.money import format_money
from inventory.services import sales_list, staff_list
from inventory.services.lane_list import LANES, Lag, lags
from inventory.services.lanes import SILENCE
from inventory.services.listing import ListRow
from inventory.web.console_frame import ConsolePage
from inventory.web.lane_facts import devices_of
from inventory.web.table_view import Cell, Column, Table
from inventory.web.wall_words import lane_name_words, screen_words
from inventory.wire import LaneStateMessage

LANES_PATH: Final = "/manager/lanes"
TASKS_PATH: Final = "/manager/tasks"


class FloorPages(ConsolePage):
    """Lanes and tasks."""

    def lanes(self, request: Request) -> Response:
        t = self.texts.text
        with self._database.read() as uow:
            behind = lags(uow, self._store_id)
        table = Table(
            name="lanes",
            path=LANES_PATH,
            caption=t("Lanes"),
            listing=LANES,
            columns=(
                Column("name", t("Lane"), show=self._lane),
                Column("state", t("State"), show=self._state),
                Column("devices", t("Devices"), show=self._devices, css="long"),
                Column("waiting", t("Sales waiting"), show=self._waiting, css="n"),
                Column("catalogue", t("Price list"), show=partial(self._price_list, behind=behind)),
                Column("heard", t("Last heard")),
                Column("journal", t("Journal entries")),
                Column("enrolled", t("Known since")),
            ),
            empty=t("The store knows no lane yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(request, "lanes", table, here=LANES_PATH)

    def tasks(self, request: Request) -> Response:
        t = self.texts.text
        with self._database.read() as uow:
            names = sales_list.lane_names(uow, self._store_id)
        lanes = {key: lane_name_words(each, self.texts) for key, each in names.items()}
        states = {"open": t("open"), "done": t("Done")}
        table = Table(
            name="tasks",
            path=TASKS_PATH,
            caption=t("Tasks"),
            listing=staff_list.TASKS,
            columns=(
                Column("made", t("When")),
                Column("state", t("State"), words=states, show=self._task_state),
                Column("lane", t("Lane"), words=lanes),
                Column("words", t("What"), css="long", link=_task_path),
                Column("amount", t("Amount"), show=self._amount),
                Column("done_by", t("By")),
                Column("done", t("Done"), css="num"),
                Column("note", t("What you found"), css="long"),
            ),
            empty=t("There was never a task."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(request, "tasks", table, here=TASKS_PATH)

    def _lane(self, row: ListRow) -> Cell:
        path = f"/staff?lane={quote(row['lane_id'], safe='')}"
        return Cell(lane_name_words(row["name"], self.texts), href=path)

    def _state(self, row: ListRow) -> Cell:
        state, t = _said(row), self.texts.text
        if state is None:
            return Cell(t("has never reported"), look="quiet")
        if self._clock() - row["heard"] > SILENCE:
            return Cell(t("Offline"), look="none", mark="✕")
        if state.closed_by:
            return Cell(t("Closed"), look="quiet", mark="■", note=state.closed_by)
        is_down = state.screen == "degraded"
        words = screen_words(state.screen, self.texts)
        return Cell(words, look="few" if is_down else "plenty", mark="⚠" if is_down else "●")

    def _devices(self, row: ListRow) -> Cell:
        state = _said(row)
        if state is None:
            return Cell("")
        unwell = [each.words for each in devices_of(state) if not each.is_well]
        return Cell("; ".join(unwell), is_bad=True) if unwell else Cell(self.texts.text("All is well"))

    def _waiting(self, row: ListRow) -> Cell:
        state = _said(row)
        return Cell("" if state is None else str(state.outbox_waiting))

    def _price_list(self, row: ListRow, *, behind: Mapping[int, Lag]) -> Cell:
        """The version a lane sells from, and how far behind the newest that is."""
        version = row["catalogue"]
        lag = behind.get(version) if version else None
        if lag is None:
            return Cell(str(version or ""))
        since = format_moment(lag.since_utc.astimezone(self._zone), self.texts.language)
        words = self.texts.text("{count} behind since {since}").format(count=lag.versions, since=since)
        return Cell(str(version), look="few", mark="!", note=words)

    def _task_state(self, row: ListRow) -> Cell:
        if row["state"] == "open":
            return Cell(self.texts.text("open"), look="few", mark="!")
        return Cell(self.texts.text("Done"), look="plenty", mark="✓")

    def _amount(self, row: ListRow) -> Cell:
        if not row["amount"]:
            return Cell("")
        return Cell(format_money(row["amount"], row["currency"] or self._currency, self.texts.language))


def _said(row: Mapping[str, str]) -> LaneStateMessage | None:
    return LaneStateMessage.model_validate_json(row["state"]) if row["state"] else None


def _task_path(row: ListRow) -> str:
    if row["sale_id"]:
        return f"/staff/day/sale?id={quote(row['sale_id'], safe='')}"
    return "/staff/day" if row["state"] == "open" else ""
