"""Owns the words and figures of the search: results, the card of one good, its way, its map, its errands.

It must not know Kivy, nor decide what is offered beyond what the shelf and the plan say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assets.texts import Texts
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.help_desk import OPEN_STATES, HelpReason, HelpState
from inventory.domain.money import format_money
from inventory.domain.store_map import StoreMap, store_map
from inventory.domain.store_plan import Level
from inventory.domain.unit_price import unit_price
from inventory.domain.way import Way, way_to
from kiosk.assist.directions import directions, level_words
from kiosk.checkout import errands
from kiosk.checkout.errand import Errand
from kiosk.checkout.state import LaneState
from kiosk.ui.item_card_model import ItemCardModel, PhoneModel
from kiosk.ui.presenter import keys
from kiosk.ui.presenter.goods import full_name, price_words
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.presenter.stock_words import stock_words
from kiosk.ui.screen_model import (
    ButtonModel,
    FindModel,
    FoundItem,
    ScreenName,
    Strip,
)

# --- the search ----------------------------------------------------------------------------------


def find(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, FindModel | ItemCardModel]:
    """The card of the good that was chosen or scanned, else the search with what it finds."""
    chosen = scene.shelf.by_gtin.get(state.view.chosen)
    if chosen is not None:
        return ScreenName.FIND, _card(chosen, state, scene, texts)
    items = scene.shelf.finder.search(state.view.query, state.language)
    results = tuple(_found(item, state, scene, texts, is_open=not place) for place, item in enumerate(items))
    return ScreenName.FIND, FindModel(
        query=state.view.query,
        placeholder=texts("Type a name, or scan any pack"),
        results=results,
        empty_text=_nothing(state, texts),
        map=_map(items[0], _way(items[0], state, scene), state, scene, texts) if items else None,
        keys=keys.rows(state),
        space=ButtonModel("space", texts("space")),
        erase=ButtonModel("erase", texts("Delete"), "backspace"),
        accents=keys.other_page(state),
        basket_total=_basket_total(state, texts),
    )


def asked_for(state: LaneState, scene: Scene, texts: Texts) -> tuple[FoundItem, ...]:
    """The goods one may ask staff about; where each stands is said here already."""
    items = scene.shelf.finder.search(state.view.query, state.language)
    found = (_found(item, state, scene, texts, is_open=False) for item in items)
    return tuple(replace(each, tap_id=f"ask:{item.gtin}") for item, each in zip(items, found, strict=True))


def _nothing(state: LaneState, texts: Texts) -> str:
    is_asked = len(state.view.query.strip()) > 1
    return texts("Nothing found. Try another word, or tap Help.") if is_asked else ""


def _basket_total(state: LaneState, texts: Texts) -> str:
    if not state.basket.lines:
        return ""
    return f"{texts('Basket')} {format_money(state.basket.total_minor, state.currency, state.language)}"


def _found(item: Item, state: LaneState, scene: Scene, texts: Texts, *, is_open: bool) -> FoundItem:
    known = scene.shelf.availability(item, scene.now_utc)
    stock = stock_words(item, known, scene.now_utc, texts, exact=is_open)
    return FoundItem(
        tap_id=f"result:{item.gtin}",
        name=full_name(item, state.language),
        price=price_words(item, state.language),
        place=_place(item, scene, texts),
        bars=stock.bars,
        band=stock.word,
        age=stock.age if is_open else "",
        pictogram=item.pictogram,
        chosen=is_open,
        actions=_at_hand(item, state, scene, texts) if is_open else (),
    )


# --- one good ------------------------------------------------------------------------------------


def _card(item: Item, state: LaneState, scene: Scene, texts: Texts) -> ItemCardModel:
    way = _way(item, state, scene)
    level = _level(item, scene)
    words = directions(way, item.bay, level, texts) if way else ()
    sizes = scene.shelf.alternatives.other_sizes(item)
    instead = scene.shelf.alternatives.instead_of(item, lambda other: _is_here(other, scene))
    return ItemCardModel(
        item=replace(
            _found(item, state, scene, texts, is_open=True),
            actions=_actions(item, state, scene, texts) if not state.view.phone else (),
            detail=_unit_price(item, state, texts),
        ),
        way_title=texts("The way from here"),
        way=words,
        map=_map(item, way, state, scene, texts),
        sizes_title=texts("Other sizes"),
        sizes=_briefly(sizes, state, scene, texts),
        instead_title=texts("Instead of it"),
        instead=_briefly(instead, state, scene, texts),
        search=ButtonModel("results", texts("Search by name"), "find"),
        phone=_phone(item, state, scene, texts) if state.view.phone else None,
        basket_total=_basket_total(state, texts),
    )


def _briefly(items: Iterable[Item], state: LaneState, scene: Scene, texts: Texts) -> tuple[FoundItem, ...]:
    return tuple(_found(item, state, scene, texts, is_open=False) for item in items)


def _actions(item: Item, state: LaneState, scene: Scene, texts: Texts) -> tuple[ButtonModel, ...]:
    """Add only what is in the hand: scanned here, sought for a row of the basket, or without a barcode."""
    view = state.view
    add = view.scanned or bool(view.subject) or bool(item.plu) or item.sold_by is SoldBy.WEIGHT
    return (
        *((_add_button(item, texts),) if add else ()),
        *_errand_buttons(item, state, scene, texts),
        _more_button(item, state, texts),
        *((ButtonModel("phone", texts("Send to phone"), "phone"),) if scene.shopper_url else ()),
    )


def _at_hand(item: Item, state: LaneState, scene: Scene, texts: Texts) -> tuple[ButtonModel, ...]:
    """What the first result offers before its card is opened."""
    if state.view.subject:  # goods that nobody knew by their number are being looked for by name
        return (_add_button(item, texts),)
    return (*_errand_buttons(item, state, scene, texts), _more_button(item, state, texts))


def _more_button(item: Item, state: LaneState, texts: Texts) -> ButtonModel:
    """Somebody who knows the goods comes, and sees which one it is about."""
    call, tap_id = state.help, f"tell-more:{item.gtin}"
    if call is not None and call.is_open and (call.reason, call.gtin) == (HelpReason.SALES, item.gtin):
        return ButtonModel(tap_id, texts("Called"), "tick", enabled=False)
    return ButtonModel(tap_id, texts("Tell me more"))


def _add_button(item: Item, texts: Texts) -> ButtonModel:
    return ButtonModel(f"add:{item.gtin}", texts("Add to basket"), "plus")


def _errand_buttons(item: Item, state: LaneState, scene: Scene, texts: Texts) -> tuple[ButtonModel, ...]:
    """One tap each. Nobody is sent for what the records say is not here."""
    known = scene.shelf.availability(item, scene.now_utc)
    bring = errands.of_item(state, HelpReason.BRING, item.gtin)
    shelf = errands.of_item(state, HelpReason.SHELF_EMPTY, item.gtin)
    is_full = len(state.errands) >= errands.MAX_ERRANDS
    buttons: list[ButtonModel] = []
    if known is None or known.is_here or bring is not None:
        words = texts("Asked for") if bring else texts("Bring it to me")
        buttons.append(_asking(f"bring:{item.gtin}", words, bring, is_full=is_full))
        words = texts("Staff know") if shelf else texts("Shelf is empty")
        buttons.append(_asking(f"shelf-empty:{item.gtin}", words, shelf, is_full=is_full))
    return tuple(buttons)


def _asking(tap_id: str, label: str, errand: Errand | None, *, is_full: bool) -> ButtonModel:
    asked = errand is not None
    return ButtonModel(tap_id, label, "tick" if asked else "", enabled=not asked and not is_full)


def _unit_price(item: Item, state: LaneState, texts: Texts) -> str:
    found = unit_price(item)
    if found is None or found[0] == item.price_minor:
        return ""
    amount = format_money(found[0], item.currency, state.language)
    return texts("%(price)s per %(unit)s") % {"price": amount, "unit": found[1].value}


def _phone(item: Item, state: LaneState, scene: Scene, texts: Texts) -> PhoneModel:
    known = scene.shelf.availability(item, scene.now_utc)
    address = f"{scene.shopper_url}/find/{item.gtin}"
    if known is not None and not known.is_here:
        title, qr = texts("Tell me when it is back"), f"{address}/back?lang={state.language}"
    else:
        title = texts("Take it along on your phone")
        qr = f"{address}?lane={state.lane_id}&lang={state.language}"
    return PhoneModel(
        title=title,
        text=texts("Point its camera here. No app, no account."),
        qr=qr,
        close=ButtonModel("no-phone", texts("Done"), "tick"),
    )


# --- where it is ---------------------------------------------------------------------------------


def _place(item: Item, scene: Scene, texts: Texts) -> str:
    level = _level(item, scene)
    parts = [
        texts("Aisle %(aisle)s") % {"aisle": item.aisle} if item.aisle else "",
        texts("Bay %(bay)s") % {"bay": item.bay} if item.bay else "",
        level_words(level, texts) if level and item.bay else "",
    ]
    return " · ".join(filter(None, parts))


def _level(item: Item, scene: Scene) -> Level | None:
    return scene.shelf.plan.level(item.shelf) if scene.shelf.plan else None


def _way(item: Item, state: LaneState, scene: Scene) -> Way | None:
    plan = scene.shelf.plan
    spot = plan.lanes.get(state.lane_id) if plan else None
    if plan is None or spot is None or not item.aisle:
        return None
    return way_to(plan, spot.at, spot.shopper_faces, item.aisle, item.bay)


def _map(item: Item, way: Way | None, state: LaneState, scene: Scene, texts: Texts) -> StoreMap | None:
    plan = scene.shelf.plan
    if plan is None or way is None:
        return None
    facing = plan.lanes[state.lane_id].shopper_faces
    return store_map(plan, way, facing, item.aisle, you=texts("You"), spoken=_place(item, scene, texts))


# --- how many there are --------------------------------------------------------------------------


def _is_here(item: Item, scene: Scene) -> bool:
    known = scene.shelf.availability(item, scene.now_utc)
    return known is not None and known.is_here


# --- what was asked for --------------------------------------------------------------------------


def errand_strip(state: LaneState, scene: Scene, texts: Texts) -> Strip | None:
    """How far the newest thing is that somebody is to bring here."""
    brought = [each for each in state.errands if each.reason is HelpReason.BRING]
    if not brought:
        return None
    errand = brought[-1]
    is_open = errand.state in OPEN_STATES
    label = texts("Cancel") if is_open else texts("OK")
    return Strip(
        _errand_words(errand, state, scene, texts),
        full_name(errand.item, state.language),
        "person" if errand.staff_name else "clock",
        ButtonModel(f"errand:{errand.errand_id}", label),
    )


def _errand_words(errand: Errand, state: LaneState, scene: Scene, texts: Texts) -> str:
    who = {"name": errand.staff_name or texts("A colleague"), "lane": scene.lane_label}
    match errand.state:
        case HelpState.ACCEPTED | HelpState.EN_ROUTE:
            return texts("%(name)s brings it to lane %(lane)s.") % who
        case HelpState.ARRIVED | HelpState.RESOLVED:
            return texts("%(name)s has brought it. Please scan it.") % who
        case HelpState.REQUESTED if not state.devices.store_online:
            return texts("Staff cannot hear us now. We keep asking.")
        case _:
            return texts("We asked a colleague to bring it.")
