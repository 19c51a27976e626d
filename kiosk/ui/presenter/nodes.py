"""Owns the accessibility tree: what of a screen can be acted on or read, named, in reading order.

It must not know Kivy, keys or speech. It is computed from the ScreenModel alone, so that what is spoken and
tested needs no window; the window only finds the rectangle of a node's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from assets.texts import Texts
from kiosk.assist.spelling import spelled
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    ButtonModel,
    CardSheet,
    FindModel,
    FoundItem,
    HelpBanner,
    LastItem,
    NumberModel,
    PadModel,
    RowModel,
    RowSheet,
    ScreenModel,
    Step,
)
from kiosk.ui.talk_model import BubbleModel


class Role(Enum):
    """What a node is. All but TEXT can be reached with the keys."""

    BUTTON = "button"
    CHOICE = "choice"  # one of several, or a switch
    ROW = "row"  # goods in the basket
    OFFER = "offer"  # goods to choose from
    KEY = "key"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the screen. `id` is its tap id, or for a text the way to it in the model.

    `open` is what a loudspeaker may say of it; "" keeps it for the headset (EN 301 549, 5.1.3.9).
    """

    id: str
    role: Role
    name: str
    value: str = ""
    hint: str = ""
    enabled: bool = True
    chosen: bool = False
    section: str = ""
    open: str = ""

    @property
    def reachable(self) -> bool:
        return self.role is not Role.TEXT


_CHOICES = frozenset({"lang", "language", "prefer", "face", "reason"})
_NOT_WORDS = frozenset({"tap_id", "icon", "pictogram", "qr", "initial", "state", "other_titles", "map"})
_ATTRACT_TOOLS = ("no_barcode", "find", "questions")
_ATTRACT = frozenset({"title", "notice", "languages", *_ATTRACT_TOOLS})
_BASKET = frozenset(
    {"last", "rows", "empty_text", "tools", "total_label", "total", "saved", "pay", "pay_amount"}
)
_FIND = frozenset(
    {
        *("query", "placeholder", "results", "keys", "space", "erase", "accents", "basket_total"),
    }
)
_ROW_SHEET_ENDS = ("search", "remove", "done")


def nodes(model: ScreenModel) -> tuple[Node, ...]:
    """The whole tree, in reading order. A sheet hides what lies behind it, help and ♿ excepted."""
    walk = _Walk(model, Texts(model.language))
    if model.sheet is not None:
        parts = [*walk.part(model.sheet, "sheet")]
    else:
        parts = [
            *walk.top(),
            *walk.banner(model.banner),
            *walk.part(model.body, "body"),
            *walk.part(model.strip, "strip"),
        ]
    parts += [*walk.part(model.help, "help"), *walk.part(model.access, "help")]
    seen: dict[str, Node] = {}
    for node in parts:  # the way back may stand in the bar and below the text: it is one thing
        seen.setdefault(node.id, node)
    return tuple(seen.values())


def reachable(model: ScreenModel) -> tuple[Node, ...]:
    """What the keys move through, in order."""
    return tuple(node for node in nodes(model) if node.reachable)


@dataclass(frozen=True, slots=True)
class _Walk:
    model: ScreenModel
    texts: Texts

    def top(self) -> Iterator[Node]:
        bar = self.model.top
        lane = ", ".join(filter(None, (bar.lane, bar.note)))
        yield Node("top.lane", Role.TEXT, lane, section="top")
        for button in (bar.back, bar.language):
            yield from self.part(button, "top")

    def banner(self, banner: HelpBanner | None) -> Iterator[Node]:
        if banner is None:
            return
        words = " ".join(filter(None, (_sentence(banner.title), banner.text)))
        whole = f"{_sentence(words)} {banner.news}" if banner.news else words
        yield Node("banner.title", Role.TEXT, whole, section="banner", open=words)
        for button in (*banner.answers, *banner.reasons):
            yield from self.part(button, "banner")

    def part(self, value: Any, path: str) -> Iterator[Node]:
        """The nodes of anything a model may hold; unknown shapes are walked field by field."""
        match value:
            case str() if value.strip():
                yield Node(path, Role.TEXT, value, section=_section_of(path))
            case ButtonModel():
                yield replace(self._button(value), section=_section_of(path))
            case RowModel() | LastItem():
                yield self._row(value)
            case FoundItem():
                yield replace(_offer(value), section="body.offers")
                for action in value.actions:
                    yield replace(self._button(action), section="body.offers")
            case BubbleModel():
                words = " ".join(filter(None, (f"{value.who}: {_sentence(value.text)}", value.note)))
                yield Node(path, Role.TEXT, words, section=_section_of(path))
            case Step():  # of a line of steps only the present one is news
                yield from self.part(value.label if value.state == "now" else "", path)
            case tuple():
                for number, each in enumerate(value):
                    yield from self.part(each, f"{path}.{number}")
            case _ if is_dataclass(value):
                yield from self._shape(value, path)
            case _:
                return  # numbers, switches and what is not there are no words

    def _shape(self, value: Any, path: str) -> Iterator[Node]:
        match value:
            case BasketModel():
                yield from self._basket(value)
            case AttractModel():
                yield from self._attract(value)
            case FindModel():
                yield from self._find(value)
            case NumberModel():
                yield from self._number(value)
            case PadModel():
                yield from self._pad(value)
            case RowSheet():
                yield from self._fields(value, path, last=_ROW_SHEET_ENDS)
            case CardSheet():
                yield from self._fields(value, path, last=("close",))
            case _:
                yield from self._fields(value, path)

    def _fields(self, value: Any, path: str, last: tuple[str, ...] = ()) -> Iterator[Node]:
        """Field by field; those named `last` come last, as they stand on the glass."""
        names = [field.name for field in fields(value) if field.name not in {*_NOT_WORDS, *last}]
        names += last
        for name in names:
            inner = getattr(value, name)
            if name.endswith("_label") and name.removesuffix("_label") in names:
                amount = getattr(value, name.removesuffix("_label"))
                yield Node(f"{path}.{name}", Role.TEXT, inner, amount, section=path)
            elif f"{name}_label" not in names:
                yield from self.part(inner, f"{path}.{name}")

    def _rest(self, body: Any, known: frozenset[str], path: str = "body") -> Iterator[Node]:
        """What a body holds beside the fields that have an order of their own."""
        for field in fields(body):
            if field.name not in known | _NOT_WORDS:
                yield from self.part(getattr(body, field.name), f"{path}.{field.name}")

    def _basket(self, basket: BasketModel) -> Iterator[Node]:
        goods = (*((basket.last,) if basket.last else ()), *basket.rows)
        for row in goods:
            yield from self.part(row, "body.rows")
        if not goods:
            yield from self.part(basket.empty_text, "body.rows")
        for tool in basket.tools:
            yield replace(self._button(tool), section="body.tools")
        yield from self._rest(basket, _BASKET)
        yield Node("body.total", Role.TEXT, basket.total_label, basket.total, section="body.pay")
        yield from self.part(basket.saved, "body.pay")
        pay = self._button(basket.pay)
        yield replace(pay, value=basket.pay_amount, section="body.pay")

    def _attract(self, attract: AttractModel) -> Iterator[Node]:
        for name in ("title", "notice"):
            yield from self.part(getattr(attract, name), f"body.{name}")
        yield from self._rest(attract, _ATTRACT)
        for name in _ATTRACT_TOOLS:
            yield from self.part(getattr(attract, name), f"body.{name}")
        for button in attract.languages:
            yield replace(self._button(button), section="body.languages")

    def _find(self, find: FindModel) -> Iterator[Node]:
        name = self.texts("Search for an item")
        yield Node("body.query", Role.TEXT, name, find.query or find.placeholder, section="body.query")
        yield from self.part(find.results, "body.offers")
        yield from self._rest(find, _FIND)
        section = "body.keys"
        for number, row in enumerate(find.keys):
            section = f"body.keys.{number}"
            for key in row:
                word = spelled(key, self.model.language)
                yield Node(f"key:{key}", Role.KEY, key, word, section=section, open=key)
        yield replace(self._button(find.erase), section=section)  # it ends the last row
        for button in (find.space, find.accents):
            yield replace(self._button(button), section="body.keys.last")

    def _number(self, pad: NumberModel) -> Iterator[Node]:
        """What was found stands before the keys: it is what the digits are typed for."""
        for name in ("title", "text", "number"):
            yield from self.part(getattr(pad, name), f"body.{name}")
        if pad.found is not None:
            yield Node("body.found", Role.TEXT, pad.found.name, pad.found.price, section="body.found")
        yield from self._digits(pad.erase, pad.ok, is_open=True)

    def _pad(self, pad: PadModel) -> Iterator[Node]:
        """Which key is meant is for the headset alone."""
        for name in ("title", "text", "shown"):
            yield from self.part(getattr(pad, name), f"body.{name}")
        yield from self._digits(pad.erase, pad.ok, is_open=False)

    def _digits(self, erase: ButtonModel, ok: ButtonModel, *, is_open: bool) -> Iterator[Node]:
        """A telephone's keys, as they stand: erase, nought and OK in the last line."""
        for digit in "123456789":
            yield Node(
                f"digit:{digit}", Role.KEY, digit, section="body.digits", open=digit if is_open else ""
            )
        yield replace(self._button(erase), section="body.digits")
        yield Node("digit:0", Role.KEY, "0", section="body.digits", open="0" if is_open else "")
        yield replace(self._button(ok), section="body.digits")

    def _button(self, button: ButtonModel) -> Node:
        verb = button.tap_id.partition(":")[0]
        is_choice = verb in _CHOICES and ":" in button.tap_id
        name = button.label.strip() or self._name_of(button.icon)
        if verb == "accents":
            name = self.texts("Numbers and accents")
        elif verb == "count":
            name = self.texts("Another number")
        elif verb == "language":
            name = f"{self.texts('Language')}: {name}"
        return Node(
            button.tap_id,
            Role.CHOICE if is_choice else Role.BUTTON,
            name,
            enabled=button.enabled,
            chosen=button.chosen,
            open=name,
        )

    def _name_of(self, icon: str) -> str:
        """A button that is only a picture still has a name."""
        match icon:
            case "minus":
                return self.texts("One less")
            case "plus":
                return self.texts("One more")
            case "backspace":
                return self.texts("Delete")
            case "close":
                return self.texts("Close")
            case _:
                return ""

    def _row(self, row: RowModel | LastItem) -> Node:
        amount = row.amount if isinstance(row, RowModel) else row.price
        if isinstance(row, RowModel) and self.model.currency:
            amount = f"{amount} {self.model.currency}"  # a column of prices shows its sign once, below
        value = ", ".join(filter(None, (amount, row.detail)))
        hint = self.texts("Press select to change it.")
        is_open = self.texts("An item in your basket")
        return Node(row.tap_id, Role.ROW, row.name, value, hint, section="body.rows", open=is_open)


def _offer(item: FoundItem) -> Node:
    value = ", ".join(filter(None, (item.price, item.detail, item.place, item.band, item.age)))
    return Node(item.tap_id, Role.OFFER, item.name, value, chosen=item.chosen, open=item.name)


def _section_of(path: str) -> str:
    """`body.faces` of `body.faces.2`; a part of its own is its own section."""
    parts = path.split(".")
    return parts[0] if len(parts) < 3 else ".".join(parts[:-1])


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".?…" else f"{text}."
