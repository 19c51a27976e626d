"""Owns what the card of one good shows, as plain values: the presenter makes them, the window draws them.

It must not know Kivy or the lane's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.domain.store_map import StoreMap

if TYPE_CHECKING:  # the screen's values name this card among their bodies
    from kiosk.ui.screen_model import ButtonModel, FoundItem


@dataclass(frozen=True, slots=True)
class PhoneModel:
    """What a phone may read to take a good's place along; `qr` is an address."""

    title: str
    text: str
    qr: str
    close: ButtonModel


@dataclass(frozen=True, slots=True)
class ItemCardModel:
    """K15, one good: where it is, the way there sentence by sentence, and what can be done about it."""

    item: FoundItem
    way_title: str
    way: tuple[str, ...]
    map: StoreMap | None
    sizes_title: str
    sizes: tuple[FoundItem, ...]
    instead_title: str
    instead: tuple[FoundItem, ...]
    search: ButtonModel
    phone: PhoneModel | None
    basket_total: str
