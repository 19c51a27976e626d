"""Owns sample screens of the search: with results, and the card of one good of every kind.

It must not know the lane: these are finished values.
"""

from __future__ import annotations

from dataclasses import replace

from inventory.domain.store_map import MapAisle, StoreMap
from kiosk.ui.item_card_model import ItemCardModel, PhoneModel
from kiosk.ui.screen_model import ButtonModel, FindModel, FoundItem, Good, NumberModel

MILK_1L = FoundItem(
    tap_id="found:1",
    name="Lactose-free milk 1 L",
    price="€1.59",
    place="Aisle 7 · Bay 3",
    bars=2,
    band="A few left",
    age="checked 12 min ago",
    pictogram="milk-lactose-free",
    chosen=True,
    actions=(ButtonModel("bring", "Bring it to me"), ButtonModel("shelf-empty", "Shelf is empty")),
)
MILK_HALF = replace(
    MILK_1L, tap_id="found:2", name="Lactose-free milk ½ L", price="€0.99", bars=3, band="Plenty", age=""
)
MAP = StoreMap(
    size=(10_000, 6_600),
    aisles=tuple(MapAisle(str(n + 1), (n * 1250, 1100), (n * 1250, 6600), chosen=n == 6) for n in range(9)),
    walkways=(((0, 1100), (10_000, 1100)), ((0, 6600), (10_000, 6600))),
    way=((4100, 0), (4100, 1100), (7500, 1100), (7500, 5700)),
    you="You",
    spoken="Aisle 7 · Bay 3 · eye level",
)
KEYS = tuple(tuple(row) for row in ("ÉÈÊÀÂÇÎÔÙŒ", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"))
PAD = tuple(tuple(row) for row in ("123-", "456½", "789%", ",0’"))
FIND = FindModel(
    query="lactose free mi",
    placeholder="What are you looking for?",
    results=(MILK_1L, replace(MILK_HALF, chosen=False, actions=())),
    empty_text="Nothing found. Try another word.",
    map=MAP,
    keys=KEYS,
    space=ButtonModel("space", "space"),
    erase=ButtonModel("erase", "", icon="backspace"),
    accents=ButtonModel("accents", "123"),
    basket_total="Basket €7.78",
)


def sticker_samples() -> dict[str, NumberModel]:
    """The number on a sticker: none yet, one that a good carries, and one that nobody knows."""
    pad = NumberModel(
        title="Type the number on the sticker",
        text="It has four or five digits.",
        number="",
        found=None,
        alarm=False,
        erase=ButtonModel("erase", "Delete", "backspace", enabled=False),
        ok=ButtonModel("number-ok", "OK", "tick", enabled=False),
    )
    erase, ok = replace(pad.erase, enabled=True), replace(pad.ok, enabled=True)
    unknown = "I do not know this number. Check it, or tap Help."
    return {
        "sticker": pad,
        "sticker-found": replace(
            pad,
            text="Is it this one? Then tap OK.",
            number="4011",
            found=Good("Bananas", "€1.69/kg", "banana"),
            erase=erase,
            ok=ok,
        ),
        "sticker-unknown": replace(pad, text=unknown, number="4999", alarm=True, erase=erase),
    }


def cards() -> dict[str, ItemCardModel]:
    """One good of every kind: all known, nothing known, not here, and on the way to a phone."""
    closed = replace(MILK_HALF, chosen=False, actions=())
    oat = replace(closed, tap_id="found:3", name="Oat drink 1 L", price="€1.89")
    more = (*MILK_1L.actions, ButtonModel("phone", "Send to phone", "phone"))
    card = ItemCardModel(
        item=replace(MILK_1L, actions=more, detail="€1.59 per L"),
        way_title="The way from here",
        way=(
            "Walk straight ahead.",
            "Turn right.",
            "Turn left into aisle 7. It is the third one.",
            "Bay 3 is on your left, at eye level.",
        ),
        map=MAP,
        sizes_title="Other sizes",
        sizes=(closed,),
        instead_title="Instead of it",
        instead=(oat, replace(oat, tap_id="found:4", name="Soya drink 1 L", price="€1.75")),
        search=ButtonModel("results", "Search by name", "find"),
        phone=None,
        basket_total="Basket €7.78",
    )
    unknown = replace(card.item, place="", band="Ask us if it is here", bars=0, age="", actions=more[2:])
    phone = PhoneModel(
        "Take it along on your phone",
        "Point its camera here. No app, no account.",
        "https://aurora.example/find/09520000030056?lane=lane-3&lang=en",
        ButtonModel("no-phone", "Done", "tick"),
    )
    gone = replace(card.item, band="Not here today", bars=0, age="checked 2 hours ago", actions=more[2:])
    return {
        "item": card,
        "item-unknown": replace(card, item=unknown, way=(), map=None, sizes=(), instead=()),
        "item-not-here": replace(card, item=gone),
        "item-phone": replace(card, item=replace(card.item, actions=()), phone=phone),
    }
