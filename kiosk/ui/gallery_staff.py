"""Owns the sample screens around goods nobody knows and around staff at the lane, for tests and pictures.

It must not decide anything: every value is one that the presenter could make.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.ui.screen_model import (
    BasketModel,
    Body,
    ButtonModel,
    Lamp,
    PadModel,
    RowModel,
    RowSheet,
    ScreenName,
    StaffModel,
    StaffNeed,
    Strip,
    TileSheet,
    TopBar,
)

ERASE = ButtonModel("erase-digit", "Delete", "backspace")
OK = ButtonModel("pad-ok", "OK", "tick")
TOOLS = (
    ButtonModel("ask-void-all", "Void all", "trash"),
    ButtonModel("reprint", "Last receipt", "printer"),
    ButtonModel("close-lane", "Close lane"),
    ButtonModel("self-test", "Self-test"),
)
NEEDS = (
    StaffNeed(
        "Adult check: 18 or older?",
        "person",
        (ButtonModel("adult", "Adult", "tick"), ButtonModel("not-adult", "Refuse", "close")),
    ),
    StaffNeed("No price: 4006381333931", "clock", (ButtonModel("price:u", "Give a price"),)),
)
TESTS = (
    StaffNeed("Printer: cover open", "exclamation", ()),
    StaffNeed("Scanner: works", "tick", (), well=True),
    StaffNeed("Terminal: works", "tick", (), well=True),
    StaffNeed("Store: works", "tick", (), well=True),
)
PENDING_STRIP = Strip(
    "We do not know this one yet.",
    "Staff give the price. Keep scanning.",
    "clock",
    ButtonModel("skip:u", "Skip it"),
)
LIMITS = "Now €1.29. You may go down to €0.91."
REASONS = TileSheet(
    "Why €0.99?",
    (
        ButtonModel("because:label", "Wrong label"),
        ButtonModel("because:offer", "Missing offer"),
        ButtonModel("because:damaged", "Damaged goods"),
    ),
    ButtonModel("close", "Back", "back"),
)
PENDING_ROW = RowModel("row:u", "Unknown item", "Price pending · 4006381333931", "–", "box")


def screens(rows: tuple[RowModel, ...]) -> tuple[tuple[str, ScreenName, Body], ...]:
    """Title, name and body of every staff screen, over a basket with these rows."""
    end = ButtonModel("staff-end", "End", "tick")
    title, text, nothing = "Staff · Marco", "Staff is working here.", "Nothing waits for you here."
    back = (ButtonModel("close", "Back", "back"),)
    staff = ScreenName.STAFF
    return (
        ("staff", staff, StaffModel(title, text, NEEDS, nothing, (PENDING_ROW, *rows), TOOLS, end)),
        ("staff-idle", staff, StaffModel(title, text, (), nothing, (), TOOLS, end)),
        ("staff-test", staff, StaffModel(title, text, TESTS, nothing, (), back, end)),
        ("staff-pin", staff, PadModel(title, "Type your PIN.", "••••", False, ERASE, OK)),  # noqa: FBT003
        (
            "staff-pin-wrong",
            staff,
            PadModel(title, "That PIN is not right. Try again.", "", True, ERASE, OK),  # noqa: FBT003
        ),
        ("staff-price", staff, PadModel("Price for one", "4006381333931", "€3.40", False, ERASE, OK)),  # noqa: FBT003
        ("staff-correct", staff, PadModel("Price for one", LIMITS, "€0.99", False, ERASE, OK)),  # noqa: FBT003
    )


def add_staff_samples(add: Callable[..., None], basket: BasketModel, bar: TopBar, close: ButtonModel) -> None:
    """Adds the basket with a row that waits for its price, and every staff screen."""
    pending = replace(basket, rows=(PENDING_ROW, *basket.rows))
    add("price-pending", ScreenName.BASKET, pending, strip=PENDING_STRIP)
    here = replace(bar, lamp=Lamp.HERE, back=None)
    for title, name, body in screens(basket.rows):
        is_pad = isinstance(body, PadModel)
        add(title, name, body, top=replace(here, back=close) if is_pad else here)
    (_, name, body), *_ = screens(basket.rows)
    add("staff-reason", name, body, top=here, sheet=REASONS)


def pending_sheet() -> RowSheet:
    """The sheet of goods nobody knows: wait, find by name, or leave out."""
    return RowSheet(
        name="Unknown item",
        detail="4006381333931",
        amount="Price pending",
        pictogram="box",
        quantity="1",
        less=None,
        more=None,
        remove=ButtonModel("remove", "Skip it", icon="trash"),
        done=ButtonModel("done", "Done", icon="tick"),
        search=ButtonModel("search", "Search by name", icon="find"),
    )
