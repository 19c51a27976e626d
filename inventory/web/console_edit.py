"""Owns the console's form that changes an item.

It must not know what an item may be: services.item_edit asks the reader of catalogue files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.money import to_decimal
from inventory.domain.pricing import typed_minor
from inventory.domain.tax import DEPOSIT_TAX_CLASS
from inventory.services import catalogue, item_edit, item_list
from inventory.services.item_edit import EditRefused
from inventory.services.item_fields import UnknownItemError
from inventory.services.listing import values_of
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.console_items import STOCK
from inventory.web.import_views import in_words
from inventory.web.pages import PageRefused
from inventory.web.price_plans import price_range_words
from inventory.web.texts import own_name

_MONEY: Final = ("price_minor", "deposit_minor")
_MOST_CHARS: Final = 400


async def typed_fields(request: Request) -> dict[str, str]:
    """What a form sent, by name: the names of an item's languages are not known beforehand."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str) and name != "form_token"}


@dataclass(frozen=True, slots=True)
class EditField:
    """One field of the form. `options` make it a choice; `problem` says what is wrong with what was typed."""

    name: str
    label: str
    value: str
    hint: str = ""
    problem: str = ""
    options: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


class EditPage(ConsolePage):
    """One item's form."""

    def form(self, request: Request, gtin: str) -> Response:
        with self._database.read() as uow:
            item = self._item(uow, gtin)
            return self._page(request, uow, item, item_edit.cells_to_edit(item))

    def change(
        self, request: Request, gtin: str, typed: Annotated[dict[str, str], Depends(typed_fields)]
    ) -> Response:
        """Takes what was typed. A form that is refused comes back as it was, with what was wrong."""
        cells, problems = self._cells(typed)
        try:
            if problems:
                raise EditRefused(tuple(problems.items()))
            with self._database.write() as uow:
                item_edit.edit(
                    uow, self._store_id, gtin, cells, who=session_of(request).name, now_utc=self._clock()
                )
        except UnknownItemError:
            raise self._unknown() from None
        except EditRefused as refused:
            said = {name: in_words(problem, self.texts) for name, problem in refused.problems}
            with self._database.read() as uow:
                item = self._item(uow, gtin)
                return self._page(request, uow, item, typed, problems=said)
        return to(f"{STOCK}/{quote(gtin)}")

    def _cells(self, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Amounts in minor units, as a file has them; and those that are no amounts."""
        cells = {name: text[:_MOST_CHARS] for name, text in typed.items()}
        problems: dict[str, str] = {}
        for name in _MONEY:
            text = cells.get(name, "").strip()
            minor = typed_minor(text, self._currency) if text else None
            if text and minor is None:
                problems[name] = price_range_words(self._currency, self.texts)
            cells[name] = "" if minor is None else str(minor)
        return cells, problems

    def _page(
        self,
        request: Request,
        uow: UnitOfWork,
        item: Item,
        cells: Mapping[str, str],
        *,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        found = problems or {}
        shown = dict(cells)
        if problems is None:
            for name in _MONEY:
                minor = int(cells[name] or 0)
                shown[name] = str(to_decimal(minor, self._currency)) if minor else ""
            shown["age_limit"] = cells["age_limit"].removeprefix("0")
        return self.page(
            request,
            "item_edit",
            here=STOCK,
            status=422 if found else 200,
            item=item,
            name=item.name(self.texts.language),
            fields=self._fields(uow, item, shown, found),
            refusal=found.get("", ""),
            problem_count=len(found),
        )

    def _fields(
        self, uow: UnitOfWork, item: Item, cells: Mapping[str, str], problems: Mapping[str, str]
    ) -> list[EditField]:
        t = self.texts.text
        classes = tuple(sorted(set(catalogue.tax_rates(uow, self._store_id)) - {DEPOSIT_TAX_CLASS}))
        offered = {"tax_class": tuple(dict.fromkeys((item.tax_class, *classes)))}
        known = {"department": values_of(uow, self._store_id, item_list.DEPARTMENT)}
        others = sorted({*item.names, self.texts.language} - {FALLBACK_LANGUAGE})
        named = t("Name, {language}")
        labels = {
            "name": named.format(language=own_name(FALLBACK_LANGUAGE)),
            **{f"name_{code}": named.format(language=own_name(code)) for code in others},
            "price_minor": f"{t('Price')} ({self._currency})",
            "deposit_minor": f"{t('Deposit')} ({self._currency})",
            "tax_class": t("Tax"),
            "age_limit": t("Age"),
            "department": t("Department"),
            "aisle": t("Aisle"),
            "bay": t("Bay"),
            "shelf": t("Shelf"),
            "sku": "SKU",
            "plu": "PLU",
            "net_content": t("Net content"),
            "net_unit": t("Unit"),
            "season": t("Season"),
            "aliases": t("Other names"),
        }
        hints = {"season": "5-9, 11-2", "aliases": "… | …"}
        return [
            EditField(
                name,
                label,
                cells.get(name, ""),
                hints.get(name, ""),
                problems.get(name, ""),
                offered.get(name, ()),
                known.get(name, ()),
            )
            for name, label in labels.items()
        ]

    def _item(self, uow: UnitOfWork, gtin: str) -> Item:
        item = catalogue.find_item(uow, self._store_id, gtin)
        if item is None:
            raise self._unknown()
        return item

    def _unknown(self) -> PageRefused:
        text = self.texts.text
        return PageRefused(
            404, text("There is no item with this number."), way_on=STOCK, way_on_label=text("Stock")
        )
