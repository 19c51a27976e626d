"""Owns the small words of the lane wall: waits, lanes, lines, payments, reasons and screens.

It must not know tiles or buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from inventory.domain.help_desk import HelpReason
from inventory.domain.money import format_money
from inventory.domain.neighbours import lane_label
from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts
from inventory.web.wall_parts import Fact
from inventory.wire import MirrorLine


def waited(since_utc: datetime, now_utc: datetime) -> str:
    """A wait as the wall counts it: `0:14`, and `1 h 5 m` from an hour on. The page ticks it the same way."""
    seconds = max(0, int((now_utc - since_utc).total_seconds()))
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02}"
    return f"{seconds // 3600} h {seconds // 60 % 60} m"


def lane_number(lane: LaneOnWall) -> str:
    """`3` for a lane that is only called `lane-3`; a name somebody chose stays whole."""
    return lane_label(lane.name)


def lane_words(lane: LaneOnWall, texts: Texts) -> str:
    """A lane in a sentence: `Lane 3`, or the name somebody chose."""
    return lane_name_words(lane.name, texts)


def lane_name_words(name: str, texts: Texts) -> str:
    """The same of a lane of which only the name is at hand."""
    number = lane_label(name)
    return texts.text("Lane {number}").format(number=number) if number.isdecimal() else number


def pieces(line: MirrorLine) -> int:
    """How many things a line is for a count: weighed goods are one."""
    count = line.quantity.strip(" ×x")
    return int(count) if count.isascii() and count.isdigit() else 1


def line_words(line: MirrorLine) -> str:
    """A line with its quantity: `2 × Yogurt`, `Apples 0.485 kg`."""
    quantity = line.quantity.strip(" ×x")
    if quantity in ("", "1"):
        return line.name
    return f"{quantity} × {line.name}" if quantity.isdigit() else f"{line.name} {quantity}"


def language_tag(language: str, texts: Texts) -> str:
    """`IT`; only a language that is not the reader's own is worth a tag."""
    return "" if language == texts.language else language.upper()


def payment_facts(facts: Iterable[str], texts: Texts) -> tuple[Fact, ...]:
    """What a lane knows of a payment in doubt: amount, `€1.29`, time, `13:05`, and the terminal's answer.

    Lanes send minor units with their currency, their wall clock as MMDDhhmmss, and words. What reads
    otherwise is shown as it was sent.
    """
    return tuple(_payment_fact(fact, texts) for fact in facts if fact)


def _payment_fact(fact: str, texts: Texts) -> Fact:
    t = texts.text
    amount = re.fullmatch(r"([0-9]{1,15}) ([A-Z]{3})", fact)
    if amount:
        return Fact(t("Amount"), format_money(int(amount[1]), amount[2], texts.language))
    moment = re.fullmatch(r"(0[1-9]|1[0-2])([0-3][0-9])([01][0-9]|2[0-3])([0-5][0-9])[0-5][0-9]", fact)
    if moment:
        return Fact(t("Time"), f"{moment[3]}:{moment[4]}")
    return Fact(t("Terminal says"), fact)


def reason_words(reason: HelpReason, texts: Texts) -> str:
    """What the shopper said it is about, "" when nothing was said."""
    match reason:
        case HelpReason.UNSAID:
            return ""
        case HelpReason.PRICE:
            return texts.text("About a price.")
        case HelpReason.WONT_SCAN:
            return texts.text("Won’t scan.")
        case HelpReason.PAYMENT:
            return texts.text("About paying.")
        case HelpReason.FIND:
            return texts.text("Looks for something.")
        case HelpReason.AGE:
            return texts.text("About an age check.")
        case HelpReason.OTHER:
            return texts.text("Something else.")
        case HelpReason.BRING:
            return texts.text("Bring it to the lane.")
        case HelpReason.SHELF_EMPTY:
            return texts.text("The shelf is empty.")
        case HelpReason.SALES:
            return texts.text("Wants to know more.")


def screen_words(screen: str, texts: Texts) -> str:
    """What a lane does, by the screen it shows; every screen of a basket is scanning."""
    match screen:
        case "attract":
            return texts.text("Free")
        case "pay" | "paying":
            return texts.text("Paying")
        case "checking":
            return texts.text("Checking the payment")
        case "not-paid":
            return texts.text("Not paid yet")
        case "thanks":
            return texts.text("Done")
        case "degraded":
            return texts.text("Needs staff")
        case "staff":
            return texts.text("Staff menu")
        case _:
            return texts.text("Scanning")
