"""Owns sample screens of the ends of a visit: the shopper is away, goes to the till, or says what went wrong.

It must not know the lane: these are finished values.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui.screen_model import (
    BasketModel,
    Body,
    ButtonModel,
    PadModel,
    ParkedModel,
    ScreenModel,
    ScreenName,
    StillThereModel,
    Strip,
    ThanksModel,
)


def samples(others: dict[str, ScreenModel]) -> dict[str, ScreenModel]:
    """The screens by name, under the bars and the banner that `others` have."""
    plain = replace(others["basket"], strip=None)
    veiled = replace(plain.top, note="")
    aside = replace(veiled, aside=others["thanks"].top.aside)
    asks = ScreenName.STILL_THERE
    paid = others["thanks"]
    row = replace(
        plain,
        name=ScreenName.ROW,
        top=replace(plain.top, back=ButtonModel("count-back", "Back", icon="back")),
    )
    return {
        "count": replace(row, body=count("Strawberry yogurt", "12")),
        "count-too-many": replace(
            row, body=count("At most 99 of one item. Staff can help with more.", "120")
        ),
        "count-help": replace(others["help"], name=ScreenName.ROW, body=count("Strawberry yogurt", "")),
        "basket-offer": replace(others["basket"], strip=offer()),
        "basket-undo": replace(others["basket"], body=with_bags(others["basket"].body), strip=undo()),
        "thanks-why": replace(paid, body=why(paid.body)),
        "still-there": replace(plain, name=asks, body=still_there()),
        "still-there-help": replace(others["help"], name=asks, body=still_there()),
        "kept": replace(plain, name=ScreenName.KEPT, body=kept(), top=veiled),
        "parked": replace(plain, name=ScreenName.PARKED, body=parked(), top=aside),
    }


def count(text: str, typed: str) -> PadModel:
    """How many of one row, more than a tap sets."""
    too_many = len(typed) > 2
    return PadModel(
        title="How many?",
        text=text,
        shown=typed,
        alarm=too_many,
        erase=ButtonModel("erase-digit", "Delete", "backspace"),
        ok=ButtonModel("pad-ok", "OK", "tick", enabled=bool(typed) and not too_many),
        spoken=True,
    )


def thanks() -> ThanksModel:
    """Paid, with everything that may be asked."""
    faces = (("great", "Great"), ("good", "Good"), ("bad", "Bad"), ("awful", "Awful"))
    return ThanksModel(
        headline="Paid €7.78",
        text="Take your bags and your card.",
        qr="https://aurora.example/r/7Q2M9K4TX1",
        receipt_title="Your receipt",
        receipt_text="Point your phone at it, no app needed.",
        print_button=ButtonModel("print", "Print it", icon="printer"),
        question="How was it?",
        faces=tuple(ButtonModel(f"face:{code}", label, icon=f"face-{code}") for code, label in faces),
        closing="Closing in 10 s",
    )


def why(body: Body) -> Body:
    """The thanks screen after a bad face."""
    assert isinstance(body, ThanksModel), "only thanks has faces"
    labels = ("Too slow", "Confusing", "Waited for help", "Price or offer", "Paying", "The machine")
    reasons = tuple(ButtonModel(f"why:{number}", label) for number, label in enumerate(labels))
    asked = "What went wrong? You need not answer."
    return replace(body, question=asked, faces=(), reasons=reasons, person="Want a hand? Please tap Help.")


def offer() -> Strip:
    """A hand is offered."""
    take, leave = ButtonModel("help:offer", "Help", icon="help"), ButtonModel("not-now", "Not now")
    return Strip("Want a hand?", "A colleague can come.", "person", take, leave)


def undo() -> Strip:
    """A row was removed."""
    return Strip("Removed.", "Whole milk 1 L", "trash", ButtonModel("undo", "Undo", icon="back"))


def with_bags(body: Body) -> Body:
    """The basket's tools when some bags are in it."""
    assert isinstance(body, BasketModel), "only the basket has tools"
    less = ButtonModel("bag-less", "Bag", icon="minus")
    more = ButtonModel("bag", "2 bags", icon="plus")
    return replace(body, tools=(body.tools[0], less, more, *body.tools[2:]))


def still_there() -> StillThereModel:
    text = "Take your time. Your basket is kept."
    return StillThereModel("Are you still there?", text, ButtonModel("here", "I’m here"), asks=True)


def kept() -> StillThereModel:
    text = "Touch the screen to go on. A scan starts a new basket."
    return StillThereModel("Your basket is kept", text, ButtonModel("here", "Go on"), asks=False)


def parked() -> ParkedModel:
    return ParkedModel(
        headline="Pay at the till",
        code="A37",
        text="Take your goods along and say this code.",
        qr="lanelight:basket:aurora-1:lane-3:A37",
        buttons=(ButtonModel("back", "Back to basket", icon="basket"),),
    )
