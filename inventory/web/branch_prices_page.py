"""Owns the console's page of the prices that a headquarters sets for one zone or one store, and ends.

It must not know what a branch makes of a price (services.hq_branches and the feed do). A store without
branches has no such page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.money import MAX_AMOUNT_MINOR, to_decimal
from inventory.domain.pricing import typed_minor
from inventory.services import hq_branches, item_codes
from inventory.services.listing import ListRow
from inventory.web import item_views as views
from inventory.web.auth import Guard, session_of
from inventory.web.console_frame import ConsolePage, add_routes, to
from inventory.web.events import Broker
from inventory.web.exchange_page import PATH as EXCHANGE
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.price_plans import price_range_words
from inventory.web.table_view import Cell, Column, Table

PATH: Final = "/manager/exchange/prices"
_MOST_CHARS: Final = 200
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class PriceForm:
    """What was typed, as typed; `is_known` where it is about a price that there is, which can be ended."""

    code: str = ""
    scope: str = ""
    price: str = ""
    is_known: bool = False


class PriceRefusedError(ValueError):
    """What was typed cannot be done; its text is one sentence in the reader's language."""


class BranchPricesPage(ConsolePage):
    """Exceptions to the chain's prices: one item, one zone or store, one price."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock) -> None:
        super().__init__(config, database, pages=pages_for(config.name, config.language), clock=clock)

    def prices(self, request: Request, code: str = "", where: str = "") -> Response:
        form = PriceForm(code[:_MOST_CHARS], where[:_MOST_CHARS])
        if code:
            with self._database.read() as uow:
                form = self._known(uow, form)
        return self._show(request, form)

    def put(self, request: Request, code: Text = "", scope: Text = "", price: Text = "") -> Response:
        code, scope, price = (each[:_MOST_CHARS].strip() for each in (code, scope, price))
        return self._done(request, PriceForm(code, scope, price))

    def end(self, request: Request, code: Text = "", scope: Text = "") -> Response:
        return self._done(request, PriceForm(code[:_MOST_CHARS], scope[:_MOST_CHARS], is_known=True))

    def _done(self, request: Request, form: PriceForm) -> Response:
        """Sets the price of the form, or ends the one it is about."""
        who, now_utc = session_of(request).name, self._clock()
        try:
            with self._database.write() as uow:
                gtin = self._gtin(uow, form)
                price_minor = None if form.is_known else self._price(uow, form)
                before = hq_branches.price_at(uow, self._store_id, form.scope, gtin)
                if (before.price_minor if before else None) != price_minor:
                    wanted = {gtin: price_minor}
                    hq_branches.set_prices(uow, self._store_id, form.scope, wanted, who=who, now_utc=now_utc)
        except PriceRefusedError as fault:
            return self._show(request, form, refusal=str(fault))
        return to(f"{PATH}?{urlencode({'search': gtin})}")

    def _gtin(self, uow: UnitOfWork, form: PriceForm) -> str:
        """The item that the form is about. A price can be ended when its item is gone."""
        coded = item_codes.find(uow, self._store_id, form.code)
        if coded is not None:
            return coded.item.gtin
        if form.is_known and hq_branches.price_at(uow, self._store_id, form.scope, form.code) is not None:
            return form.code
        raise PriceRefusedError(self.texts.text("There is no item with this number."))

    def _price(self, uow: UnitOfWork, form: PriceForm) -> int:
        if form.scope not in hq_branches.scopes(uow, self._store_id):
            raise PriceRefusedError(self.texts.text("Choose a zone or a store."))
        price_minor = typed_minor(form.price, self._currency)
        if price_minor is None or not 1 <= price_minor <= MAX_AMOUNT_MINOR:
            raise PriceRefusedError(price_range_words(self._currency, self.texts))
        return price_minor

    def _known(self, uow: UnitOfWork, form: PriceForm) -> PriceForm:
        """The form filled with a price that there is."""
        found = hq_branches.price_at(uow, self._store_id, form.scope, form.code)
        if found is None:
            return form
        price = f"{to_decimal(found.price_minor, self._currency):f}"
        return PriceForm(found.gtin, found.scope, price, is_known=True)

    def _show(self, request: Request, form: PriceForm, *, refusal: str = "") -> Response:
        with self._database.read() as uow:
            scopes = {scope: self._words(scope) for scope in hq_branches.scopes(uow, self._store_id)}
            coded = item_codes.find(uow, self._store_id, form.code) if form.is_known else None
        name = coded.item.name(self.texts.language) if coded is not None else form.code
        return self.table_page(
            request,
            "branch_prices",
            self._table(scopes),
            here=EXCHANGE,
            form=form,
            name=name,
            where=self._words(form.scope),
            scopes=scopes,
            refusal=refusal,
            status=422 if refusal else 200,
        )

    def _table(self, scopes: dict[str, str]) -> Table:
        t = self.texts.text
        return Table(
            name="branch-prices",
            path=PATH,
            caption=t("Prices of zones and stores"),
            listing=hq_branches.price_list(self.texts.language),
            columns=(
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("name", t("Item"), link=_form_path, css="long"),
                Column("scope", t("Zone or store"), words=scopes, show=self._scope),
                Column("price", t("Price there"), show=self._price_there),
                Column("usual", t("Price elsewhere"), show=self._price_elsewhere),
                Column("at", t("When")),
                Column("who", t("By")),
            ),
            empty=t("Every store sells at the price of the item."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def _scope(self, row: ListRow) -> Cell:
        return Cell(self._words(row["scope"]))

    def _price_there(self, row: ListRow) -> Cell:
        return views.price_cell(row["price"], self._currency, row["sold_by"] or "", self.texts)

    def _price_elsewhere(self, row: ListRow) -> Cell:
        if row["usual"] is None:
            return Cell("–")
        return views.price_cell(row["usual"], self._currency, row["sold_by"] or "", self.texts)

    def _words(self, scope: str) -> str:
        """A zone or a store as people say it."""
        kind, _, name = scope.partition(":")
        words = self.texts.text("Zone: {name}") if kind == "zone" else self.texts.text("Store: {name}")
        return words.format(name=name)


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager/exchange/prices; none where the settings name no branches."""
    del broker
    router = APIRouter(include_in_schema=False)
    if not config.branches:
        return router
    shown = BranchPricesPage(config, database, clock=clock)
    add_routes(
        router,
        Guard(config, database, clock=clock),
        reads=((PATH, shown.prices),),
        posts=((PATH, shown.put), (f"{PATH}/end", shown.end)),
    )
    return router


def _form_path(row: ListRow) -> str:
    return f"{PATH}?{urlencode({'code': row['gtin'], 'where': row['scope']}, quote_via=quote)}"
