"""Owns the part of a tile about an empty shelf: what the records say, and the field for what is really there.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from inventory.domain.catalogue import SoldBy
from inventory.domain.help_desk import HelpReason
from inventory.services.empty_shelves import MissedGood
from inventory.services.help_desk import HelpRequest
from inventory.web.texts import Texts
from inventory.web.wall_parts import Action, CountQuestion

MOST_DIGITS = 5


Shelves = Mapping[str, MissedGood]
"""By GTIN; of every good that an open call is about."""


def count_question(
    request: HelpRequest, about: str, shelves: Shelves, texts: Texts, *, place: str
) -> CountQuestion | None:
    """The field for a count; None where the call is about no shelf, or about what is not counted itself."""
    shelf = shelves.get(request.gtin)
    if request.reason is not HelpReason.SHELF_EMPTY or shelf is None:
        return None
    t = texts.text
    is_weighed = shelf.item.sold_by is SoldBy.WEIGHT
    key, available = f"{place}-{request.help_id}-count", shelf.level.facts.available_milli
    return CountQuestion(
        key=key,
        about=about,
        records=f"{t('Records say')} {f'{available} g' if is_weighed else available // 1000}",
        label=t("How many grams are here?") if is_weighed else t("How many are here?"),
        most_digits=MOST_DIGITS,
        answer=Action(f"{key}-set", f"/staff/shelf/{request.help_id}/count", t("Counted"), "ok", about)
        if shelf.is_countable
        else None,
    )


def read_count(text: str) -> int | None:
    """The number somebody typed; None for what is none. Digits of any script are understood."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None
