"""Owns the words of the staff screens: the PIN pad, the price pad, and what staff may do at the lane.

It must not know Kivy. A PIN is shown as dots, and its digits are nowhere in a screen.
"""

from __future__ import annotations

from assets.texts import Texts
from inventory.domain.catalogue import SoldBy
from inventory.domain.correcting import PriceReason, lowest_minor, may_become
from inventory.domain.money import format_amount, format_money
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.messages import PinState, Sheet
from kiosk.checkout.state import MONEY_AT_RISK, AgeCheck, LaneState, Phase
from kiosk.ui.presenter import goods
from kiosk.ui.screen_model import (
    ButtonModel,
    PadModel,
    RowModel,
    ScreenName,
    StaffModel,
    StaffNeed,
    TileSheet,
)

KEPT_SHOWN = 4
"""The newest of the baskets that the lane keeps; a till finds the older ones."""


def pin_pad(state: LaneState, texts: Texts) -> tuple[ScreenName, PadModel]:
    """Who is asked for a PIN, how many digits there are, and why one was refused."""
    view = state.view
    badge = view.subject.startswith("STAFF-")
    title = texts("Staff") if badge else texts("Staff · %(name)s") % {"name": view.subject}
    return ScreenName.STAFF, PadModel(
        title=title,
        text=_pin_words(view.pin, texts),
        shown="•" * view.pin_count,
        alarm=view.pin not in (PinState.TYPING, PinState.CHECKING),
        erase=ButtonModel("erase-digit", texts("Delete"), "backspace"),
        ok=ButtonModel("pad-ok", texts("OK"), "tick", enabled=bool(view.pin_count)),
    )


def _pin_words(pin: PinState, texts: Texts) -> str:
    match pin:
        case PinState.TYPING:
            return texts("Type your PIN.")
        case PinState.CHECKING:
            return texts("One moment.")
        case PinState.WRONG:
            return texts("That PIN is not right. Try again.")
        case PinState.WAIT:
            return texts("Too many tries. Wait 15 minutes.")
        case PinState.LOCKED:
            return texts("This name is locked. A manager can unlock it.")
        case PinState.OFFLINE:
            return texts("The store does not answer. No PIN can be checked now.")
        case PinState.NOT_PRIVATE:
            return texts("This line to the store is not private. Use the tablet.")


def price_pad(state: LaneState, texts: Texts) -> tuple[ScreenName, PadModel]:
    line = state.basket.line(state.view.subject)
    code = line.item.gtin.lstrip("0") if line is not None else ""
    typed = int(state.view.query or "0")
    if line is not None and state.staff is not None and line.correctable:
        return _correction_pad(line, state.staff.price_cut_percent, state, texts)
    return ScreenName.STAFF, PadModel(
        title=texts("Price for one"),
        text=code,
        shown=format_money(typed, state.currency, state.language),
        alarm=False,
        erase=ButtonModel("erase-digit", texts("Delete"), "backspace"),
        ok=ButtonModel("pad-ok", texts("OK"), "tick", enabled=typed > 0),
    )


def _correction_pad(
    line: BasketLine, cut_percent: int, state: LaneState, texts: Texts
) -> tuple[ScreenName, PadModel]:
    """The pad for goods whose price is known: what it is now, and how far down this person may go."""
    typed = int(state.view.query or "0")
    by_weight = line.item.sold_by is SoldBy.WEIGHT
    now = line.catalogue_minor
    lowest = lowest_minor(now, cut_percent, weight_g=line.weight_g)
    limits = {
        "price": format_money(now, state.currency, state.language),
        "lowest": format_money(lowest, state.currency, state.language),
    }
    return ScreenName.STAFF, PadModel(
        title=texts("Price of a kilogram") if by_weight else texts("Price for one"),
        text=texts("Now %(price)s. You may go down to %(lowest)s.") % limits,
        shown=format_money(typed, state.currency, state.language),
        alarm=False,
        erase=ButtonModel("erase-digit", texts("Delete"), "backspace"),
        ok=ButtonModel(
            "pad-ok",
            texts("OK"),
            "tick",
            enabled=may_become(now, typed, cut_percent, weight_g=line.weight_g),
        ),
    )


def reason_sheet(state: LaneState, texts: Texts) -> TileSheet:
    """Nobody corrects a price without saying why."""
    amount = format_money(int(state.view.query or "0"), state.currency, state.language)
    return TileSheet(
        title=texts("Why %(amount)s?") % {"amount": amount},
        tiles=tuple(
            ButtonModel(f"because:{reason.value}", goods.reason_words(reason, texts))
            for reason in PriceReason
        ),
        close=ButtonModel("close", texts("Back"), "back"),
    )


def mode(state: LaneState, texts: Texts) -> tuple[ScreenName, StaffModel]:
    """What waits for a person here, the basket, and the deeds; or the devices, one by one."""
    assert state.staff is not None, "the staff screen has somebody of the staff"
    tested = state.view.sheet is Sheet.STAFF_TEST
    return ScreenName.STAFF, StaffModel(
        title=texts("Staff · %(name)s") % {"name": state.staff.staff_name},
        text=texts("Staff is working here."),
        needs=_tests(state, texts) if tested else _needs(state, texts),
        empty_text=texts("Nothing waits for you here."),
        rows=() if tested else _rows(state, texts),
        tools=(ButtonModel("close", texts("Back"), "back"),) if tested else _tools(state, texts),
        end=ButtonModel("staff-end", texts("End"), "tick"),
    )


def _rows(state: LaneState, texts: Texts) -> tuple[RowModel, ...]:
    return tuple(goods.row(line, state, texts) for line in reversed(state.basket.lines))


def _needs(state: LaneState, texts: Texts) -> tuple[StaffNeed, ...]:
    needs: list[StaffNeed] = []
    if state.payment.state in MONEY_AT_RISK:
        text = texts("A payment is in doubt. Decide it on the tablet.")
        needs.append(StaffNeed(text, "exclamation", ()))
    if state.age is AgeCheck.WAITING:
        text = texts("Adult check: %(age)s or older?") % {"age": state.basket.age_limit}
        adult = ButtonModel("adult", texts("Adult"), "tick")
        needs.append(StaffNeed(text, "person", (adult, ButtonModel("not-adult", texts("Refuse"), "close"))))
    for line in state.basket.pending if state.phase is Phase.SCANNING else ():
        text = texts("No price: %(code)s") % {"code": line.item.gtin.lstrip("0")}
        needs.append(StaffNeed(text, "clock", (ButtonModel(f"price:{line.line_id}", texts("Give a price")),)))
    if state.phase is Phase.ATTRACT:
        for kept in reversed(state.parked[-KEPT_SHOWN:]):
            text = texts("Kept basket %(code)s") % {"code": kept.code}
            bring = ButtonModel(f"recall:{kept.code}", texts("Bring it back"), "basket")
            needs.append(StaffNeed(text, "basket", (bring,)))
    return tuple(needs)


def _tools(state: LaneState, texts: Texts) -> tuple[ButtonModel, ...]:
    can_void = state.phase is Phase.SCANNING and bool(state.basket.lines)
    is_free = state.payment.state not in MONEY_AT_RISK
    door = (
        ButtonModel("open-lane", texts("Open lane"), enabled=is_free)
        if state.closed_by
        else ButtonModel("close-lane", texts("Close lane"), enabled=is_free)
    )
    return (
        ButtonModel("ask-void-all", texts("Void all"), "trash", enabled=can_void),
        ButtonModel(
            "reprint", texts("Last receipt"), "printer", enabled=is_free and state.last_sale is not None
        ),
        door,
        ButtonModel("self-test", texts("Self-test")),
    )


def _tests(state: LaneState, texts: Texts) -> tuple[StaffNeed, ...]:
    """Every device by its name in the settings, and the store: works, or why not."""
    devices = state.devices
    lines = [(name, "") for name in sorted(devices.ready)] + sorted(devices.lost.items())
    lines.append((texts("store"), "" if devices.store_online else texts("does not answer")))
    works = texts("works")
    return tuple(
        StaffNeed(f"{name.capitalize()}: {why or works}", "exclamation" if why else "tick", (), well=not why)
        for name, why in lines
    )


def confirm_sheet(state: LaneState, texts: Texts) -> TileSheet:
    """Taking a whole basket away is asked for twice."""
    total = format_amount(state.basket.total_minor, state.currency, state.language)
    return TileSheet(
        title=texts("Void the whole basket, %(amount)s?") % {"amount": total},
        tiles=(ButtonModel("void-all", texts("Void all"), "trash"),),
        close=ButtonModel("close", texts("Keep it"), "back"),
    )
