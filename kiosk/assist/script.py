"""Owns the words of the audio script: what is said of a screen, a change of it, or one thing on it.

It must not know voices, keys or outputs. Every line has two forms: the full one for the headset, and what a
loudspeaker may say of it, in which no price, no goods, no age and no card result ever stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from assets.languages import own_name_of
from assets.texts import Texts
from kiosk.assist.spoken import as_spoken, holds_money
from kiosk.assist.surroundings import Surroundings, printer_words, reader_words, scanner_words
from kiosk.ui.presenter.nodes import Node, Role, nodes
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    CheckingModel,
    LastItem,
    NotPaidModel,
    NumberModel,
    PayModel,
    ScreenModel,
    ScreenName,
    ThanksModel,
)
from kiosk.ui.staff_model import PadModel


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say. `open` is for the loudspeaker, "" says nothing there.

    `prompt` names a recording that may be played instead; only lines without a variable part have one.
    """

    text: str
    open: str = ""
    prompt: str = ""
    language: str = ""


def public(text: str, prompt: str = "") -> Line:
    """A line that everybody may hear."""
    return Line(text, text, prompt)


def greeting(model: ScreenModel, place: Surroundings) -> tuple[Line, ...]:
    """What a shopper hears first after the headset went in."""
    texts = Texts(model.language)
    lane = model.top.lane.replace(" · ", ", ")
    name = own_name_of(model.language)
    who = texts("Self checkout. %(lane)s. %(language)s.") % {"lane": lane, "language": name}
    keys = texts("Press right for other languages, question mark for help.")
    if not isinstance(model.body, AttractModel):
        keys = texts("Press down to move, select to choose, question mark for help.")
    return (public(who), public(keys, "keys"), *screen(model, place))


def screen(model: ScreenModel, place: Surroundings) -> tuple[Line, ...]:
    """What a screen says when it comes up, and again when asked."""
    texts, body = Texts(model.language), model.body
    if model.sheet is not None:
        return (_texts_of(model),)
    match body:
        case AttractModel():
            notice = public(body.notice)
            start = public(f"{_stop(body.title)} {scanner_words(place, texts)}", "start")
            return (notice, start) if body.notice else (start,)
        case BasketModel():
            return _basket(model, body, texts)
        case PayModel() if body.pin:
            return (pin_line(model),)
        case PayModel() if model.name is ScreenName.PAY:
            amount = as_spoken(body.amount, model.language)
            where = reader_words(place, texts)
            return (Line(f"{texts('Pay')}, {amount}. {where}", f"{texts('Pay')}. {where}"),)
        case PayModel():
            return (public(_stop(body.headline)),)
        case NotPaidModel():
            whole = f"{_stop(body.headline)} {_stop(body.assurance)} {body.text}"
            return (Line(whole, texts("The payment did not go through.")),)
        case CheckingModel():
            return (public(f"{_stop(body.headline)} {_stop(body.warning)} {body.text}"),)
        case PadModel() if body.spoken:
            return (_typed(model, body),)
        case PadModel():  # staff type a PIN here: nothing of what was typed is said, not even how much
            return (public(_stop(body.title)),)
        case NumberModel():
            return (_number(model, body),)
        case ThanksModel():
            return _thanks(model, body, place, texts)
        case _:
            return (_texts_of(model),)


def pin_line(model: ScreenModel) -> Line:
    """All that is ever said while a PIN is being entered, on any output."""
    texts = Texts(model.language)
    return public(
        f"{texts('The reader asks for your PIN.')} {texts('Its keys have a raised dot on 5.')}", "pin"
    )


def added(model: ScreenModel, item: LastItem, total: str) -> Line:
    """A scan that worked: what it was, what it costs, what all costs."""
    texts = Texts(model.language)
    name = as_spoken(item.name, model.language)
    price, sum_ = as_spoken(item.price, model.language), as_spoken(total, model.language)
    count = f", {model.top.note}" if model.top.note else ""
    return Line(f"{name}, {price}. {texts('Total')} {sum_}{count}.", texts("Added."))


def problem(model: ScreenModel, text: str, *, repeated: bool) -> Line:
    """A scan that failed. From the third on, other ways are offered too."""
    texts = Texts(model.language)
    more = texts("Press down for No barcode, or question mark for help.") if repeated else ""
    return public(" ".join(filter(None, (text, more))))


def node_line(node: Node, number: int, count: int, language: str) -> Line:
    """One thing the keys have come to: name, value, what it is, where it stands among the others."""
    texts = Texts(language)
    position = texts("%(number)d of %(count)d") % {"number": number, "count": count}
    states = [
        texts("chosen") if node.chosen else "",
        "" if node.enabled else texts("not available"),
    ]
    tail = [*filter(None, (role_word(node.role, texts), *states)), position]
    whole = [node.name, node.value, *tail]
    own = node.id.partition(":")[2] if node.id.startswith("lang:") else ""
    open_words = ", ".join([node.open, *tail]) if node.open else ""
    if holds_money(node.open, language):
        open_words = ""
    text = as_spoken(", ".join(filter(None, whole)), language)
    if node.hint:
        text = f"{text}. {node.hint}"
    if own:  # a language is named in its own voice, and nothing else is
        return Line(node.name, node.name, language=own)
    return Line(text, as_spoken(open_words, language))


def role_word(role: Role, texts: Texts) -> str:
    match role:
        case Role.BUTTON:
            return texts("button")
        case Role.CHOICE:
            return texts("choice")
        case Role.ROW | Role.OFFER:
            return texts("item")
        case Role.KEY:
            return texts("key")
        case Role.TEXT:
            return ""


def _basket(model: ScreenModel, body: BasketModel, texts: Texts) -> tuple[Line, ...]:
    if body.last is None:
        return (public(body.empty_text),)
    total = as_spoken(body.total, model.language)
    count = f", {model.top.note}" if model.top.note else ""
    way_on = texts("Scan, or press down to move.")
    return (Line(f"{texts('Total')} {total}{count}. {way_on}", way_on),)


def _number(model: ScreenModel, body: NumberModel) -> Line:
    """What to type, or what was typed digit by digit and what it is; goods are for the headset alone."""
    typed = ", ".join(body.number)
    found = ", ".join(filter(None, (body.found.name, body.found.price))) if body.found else ""
    parts = [
        _stop(part) for part in (typed if body.found or body.alarm else body.title, found, body.text) if part
    ]
    return Line(as_spoken(" ".join(parts), model.language), _stop(body.text))


def _typed(model: ScreenModel, body: PadModel) -> Line:
    """What is asked, then what was typed so far; how many of what is for the headset alone."""
    if body.alarm:
        return Line(f"{_stop(body.shown)} {body.text}", body.text)
    if body.shown:
        return Line(body.shown)
    return Line(f"{_stop(body.title)} {_stop(as_spoken(body.text, model.language))}", body.title)


def _thanks(model: ScreenModel, body: ThanksModel, place: Surroundings, texts: Texts) -> tuple[Line, ...]:
    paid = Line(_stop(as_spoken(body.headline, model.language)), texts("Paid."))
    what = Line(body.text)  # it may name goods that were left out
    faces = (opinion(model, body),) if body.question else ()
    if body.print_button is None:
        return paid, what, public(body.receipt_text), *faces
    ask = texts("Receipt: press select to print it, or do nothing.")
    return paid, what, public(f"{ask} {printer_words(place, texts)}", "receipt"), *faces


def opinion(model: ScreenModel, body: ThanksModel) -> Line:
    """The question about the visit, and how to answer; or thanks for the answer."""
    how = Texts(model.language)("Press down to answer.") if body.faces or body.reasons else ""
    return public(" ".join(filter(None, (body.question, how, body.person))))


def _texts_of(model: ScreenModel) -> Line:
    """Every text of the front of the screen, for a screen the script has no line of its own for."""
    front = "sheet" if model.sheet is not None else "body"
    words = [
        ", ".join(filter(None, (node.name, node.value)))
        for node in nodes(model)
        if node.role is Role.TEXT and node.section.partition(".")[0] == front
    ]
    title = getattr(model.sheet or model.body, "title", "")
    open_title = title if isinstance(title, str) and not holds_money(title, model.language) else ""
    return Line(" ".join(_stop(as_spoken(text, model.language)) for text in words), open_title)


def _stop(text: str) -> str:
    return text if not text or text[-1] in ".?…。؟" else f"{text}."
