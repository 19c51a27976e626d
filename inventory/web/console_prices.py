"""Owns the console's pages of planned prices: all of them, and planning or calling off one on an item's page.

It must not know what a plan may be (services.prices does) nor its words (price_plans does).
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.price_plan import PlanState
from inventory.services import prices
from inventory.services.listing import ListRow
from inventory.services.prices import PlanRefused
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.console_items import STOCK, ItemPages
from inventory.web.pages import Clock, Pages
from inventory.web.price_plans import PlanForm, PlanFormError, read_form, refusal_words, state_words
from inventory.web.table_view import Cell, Column, Table

PATH: Final = "/manager/prices"
_MOST_CHARS: Final = 200
Text = Annotated[str, Form()]


class PricePages(ConsolePage):
    """Prices from when to when."""

    def __init__(
        self, config: StoreConfig, database: Database, items: ItemPages, *, pages: Pages, clock: Clock
    ) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._items = items

    def prices(self, request: Request) -> Response:
        t = self.texts.text
        states = {state.value: state_words(state, self.texts) for state in PlanState}
        table = Table(
            name="prices",
            path=PATH,
            caption=t("Planned prices"),
            listing=prices.plans(self.texts.language),
            columns=(
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("name", t("Item"), link=_item_path, css="long"),
                Column("price", t("New price")),
                Column("former", t("Former price")),
                Column("from", t("From")),
                Column("until", t("Until"), css="num"),
                Column("state", t("State"), words=states, show=lambda row: _state(row, states)),
                Column("reason", t("Reason"), css="long"),
                Column("who", t("By")),
            ),
            empty=t("No price is planned. Plan one on the page of its item."),
            empty_link=("/manager/items", t("Items and prices")),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(request, "prices", table, here=PATH)

    def plan(
        self,
        request: Request,
        gtin: str,
        price: Text = "",
        begin: Text = "",
        end: Text = "",
        reason: Text = "",
    ) -> Response:
        form = PlanForm(*(each[:_MOST_CHARS] for each in (price, begin, end, reason)))
        now_utc, texts = self._clock(), self.texts
        try:
            wanted = read_form(form, now_utc=now_utc, zone=self._zone, currency=self._currency, texts=texts)
            with self._database.write() as uow:
                prices.plan(
                    uow,
                    self._store_id,
                    gtin,
                    price_minor=wanted.price_minor,
                    from_utc=wanted.from_utc,
                    until_utc=wanted.until_utc,
                    reason=wanted.reason,
                    who=session_of(request).name,
                    now_utc=now_utc,
                )
                prices.apply_due(uow, self._store_id, now_utc)
        except PlanFormError as refused:
            return self._items.item_page(request, gtin, form=form, refusal=str(refused))
        except PlanRefused as refused:
            words = refusal_words(refused, zone=self._zone, currency=self._currency, texts=texts)
            return self._items.item_page(request, gtin, form=form, refusal=words)
        return to(f"{STOCK}/{quote(gtin)}#prices")

    def call_off(self, request: Request, gtin: str, plan_id: str) -> Response:
        who = session_of(request).name
        try:
            with self._database.write() as uow:
                prices.cancel(uow, self._store_id, plan_id, who=who, now_utc=self._clock())
        except PlanRefused as refused:
            words = refusal_words(refused, zone=self._zone, currency=self._currency, texts=self.texts)
            return self._items.item_page(request, gtin, refusal=words)
        return to(f"{STOCK}/{quote(gtin)}#prices")


def _item_path(row: ListRow) -> str:
    return f"{STOCK}/{row['gtin']}"


def _state(row: ListRow, words: dict[str, str]) -> Cell:
    looks = {PlanState.PLANNED.value: "few", PlanState.RUNNING.value: "plenty"}
    return Cell(words[row["state"]], look=looks.get(row["state"], "quiet"))
