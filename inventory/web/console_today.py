"""Owns the console's first page: the day so far and what to repair.

It must not know how figures are drawn (today_views does).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.services import answers, catalogue, help_desk, sales, sales_list, searches, shelves, stock
from inventory.web import today_views as views
from inventory.web.console_frame import ConsolePage
from inventory.web.question_views import ROWS_SHOWN, missed_lines, question_lines, repairs_of_searches
from inventory.web.stock_views import repair_below_nothing, repair_of_place

ASKED_SINCE: Final = timedelta(days=7)


class TodayPage(ConsolePage):
    """What a manager sees first."""

    def today(self, request: Request) -> Response:
        texts = self.texts
        now = self._clock().astimezone(self._zone)
        day = now.date()
        midnight = datetime.combine(day, time(), tzinfo=now.tzinfo)
        since = now - ASKED_SINCE
        with self._database.read() as uow:
            lanes = sales_list.lane_names(uow, self._store_id)
            missed = searches.missed(uow, self._store_id, since_utc=since, limit=ROWS_SHOWN)
            view = views.today_view(
                sales.today(uow, self._store_id, day),
                help_desk.seconds_to_answer(uow, self._store_id, since_utc=midnight),
                [
                    *self._stock_repairs(uow),
                    *views.repairs_of_sales(sales.flagged(uow, self._store_id, day), texts, lanes=lanes),
                    *repairs_of_searches(missed, texts),
                ],
                lanes=lanes,
                now=now,
                texts=texts,
            )
            asked = question_lines(answers.summaries(uow, self._store_id, since_utc=since), texts)
        return self.page(
            request, "today", here="/manager", today=view, asked=asked, missed=missed_lines(missed)
        )

    def _stock_repairs(self, uow: UnitOfWork) -> list[views.Repair]:
        texts = self.texts
        found = [views.repair_of_ledger(each, texts) for each in stock.audit(uow, self._store_id)]
        for short in stock.negative(uow, self._store_id):
            item = catalogue.find_item(uow, self._store_id, short.gtin)
            found.append(views.repair_below_zero(item, short.gtin, short.on_hand_milli, texts))
        return [*found, *self._place_repairs(uow)]

    def _place_repairs(self, uow: UnitOfWork) -> list[views.Repair]:
        """Places whose books are wrong, and places that goods left without a word."""
        differences = shelves.audit(uow, self._store_id)
        short = shelves.below_nothing(uow, self._store_id)
        items = catalogue.find_items(uow, self._store_id, [each.gtin for each in short])
        return [
            *(repair_of_place(each, self.texts) for each in differences),
            *(repair_below_nothing(each, items.get(each.gtin), self.texts) for each in short),
        ]
