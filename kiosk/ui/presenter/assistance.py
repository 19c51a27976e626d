"""Owns the words around help: the fixed button, the banner over the screen, the strip over the total.

It must not know Kivy. The machine is to blame in every sentence, never the shopper.
"""

from __future__ import annotations

from assets.texts import Texts
from hardware.events import Paper
from inventory.domain.help_desk import OPEN_STATES, HelpReason, HelpState
from kiosk.checkout.messages import PayObstacle, ScanProblem
from kiosk.checkout.state import AgeCheck, HelpCall, LaneState, Phase
from kiosk.ui.screen_model import ButtonModel, HelpBanner, Strip


def help_button(state: LaneState, texts: Texts) -> ButtonModel:
    called = state.help is not None and state.help.state in OPEN_STATES
    return ButtonModel("help", texts("Called") if called else texts("Help"), "help", chosen=called)


def banner(state: LaneState, texts: Texts) -> HelpBanner | None:
    call = state.help
    if call is None or call.state is HelpState.CANCELLED:
        return None
    if call.state is HelpState.RESOLVED:
        return HelpBanner(
            title=texts("All fixed?"),
            text=texts("If not, tap Help again: you come first."),
            initial=call.staff_name[:1],
            cancel=ButtonModel("all-fixed", texts("Yes, thanks")),
            prompt="",
            reasons=(),
        )
    title, text = _call_words(call, state, texts)
    return HelpBanner(
        title=title,
        text=text,
        initial=call.staff_name[:1],
        cancel=ButtonModel("cancel", texts("Cancel")),
        prompt=texts("Tell us what it is about, if you like"),
        reasons=_reasons(call, texts),
    )


def _call_words(call: HelpCall, state: LaneState, texts: Texts) -> tuple[str, str]:
    name = call.staff_name or texts("A colleague")
    if state.phase is Phase.CHECKING:
        return _words_while_checking(call, state, texts, name)
    match call.state:
        case HelpState.ACCEPTED:
            return texts("%(name)s is coming") % {"name": name}, texts("About one minute. Keep scanning.")
        case HelpState.EN_ROUTE:
            return texts("%(name)s is on the way") % {"name": name}, texts("Keep scanning if you like.")
        case HelpState.ARRIVED:
            return texts("%(name)s is here") % {"name": name}, ""
        case _:
            pass
    if not state.devices.store_online:
        return texts("The light is on"), texts("Staff can see it. Keep scanning.")
    return texts("Help is called"), texts("Keep scanning.")


def _words_while_checking(call: HelpCall, state: LaneState, texts: Texts, name: str) -> tuple[str, str]:
    """While a payment is being checked nothing can be scanned, so nobody is asked to."""
    match call.state:
        case HelpState.ACCEPTED:
            return texts("%(name)s is coming") % {"name": name}, texts("About one minute.")
        case HelpState.EN_ROUTE:
            return texts("%(name)s is on the way") % {"name": name}, ""
        case HelpState.ARRIVED:
            return texts("%(name)s is here") % {"name": name}, ""
        case _:
            pass
    if not state.devices.store_online:
        return texts("The light is on"), texts("Staff can see it.")
    return texts("Help is called"), ""


def _reasons(call: HelpCall, texts: Texts) -> tuple[ButtonModel, ...]:
    words = (
        (HelpReason.PRICE, texts("Price")),
        (HelpReason.WONT_SCAN, texts("Won’t scan")),
        (HelpReason.PAYMENT, texts("Payment")),
        (HelpReason.FIND, texts("Find")),
        (HelpReason.AGE, texts("Age")),
        (HelpReason.OTHER, texts("Other")),
    )
    return tuple(
        ButtonModel(f"reason:{reason.value}", label, chosen=reason is call.reason) for reason, label in words
    )


def strip(state: LaneState, texts: Texts) -> Strip | None:
    """One message at a time; what stops paying goes before what failed, and that before news."""
    if state.view.obstacle is not None:
        return _obstacle(state.view.obstacle, texts)
    if state.view.problem is not None:
        return Strip(texts("Not added."), problem_words(state, texts), "exclamation")
    match state.age:
        case AgeCheck.WAITING:
            return _age_strip(state, texts)
        case AgeCheck.REFUSED:
            return _obstacle(PayObstacle.AGE_REFUSED, texts)
        case _:
            pass
    if state.devices.paper is Paper.OUT:
        return Strip(texts("No paper today."), texts("You get your receipt as a QR code."), "printer")
    return None


def _age_strip(state: LaneState, texts: Texts) -> Strip:
    count = sum(1 for line in state.basket.lines if line.item.age_limit)
    lead = texts.plural("Adult check for %(n)d item.", "Adult check for %(n)d items.", count)
    return Strip(lead, texts("A colleague is looking at it, keep scanning."), "clock")


def _obstacle(obstacle: PayObstacle, texts: Texts) -> Strip:
    match obstacle:
        case PayObstacle.AGE_CHECK:
            return Strip(
                texts("One moment before you pay."), texts("A colleague still has to check an item."), "clock"
            )
        case PayObstacle.AGE_REFUSED:
            text = texts("Tap it in the list and choose Remove.")
            return Strip(texts("One item cannot be sold now."), text, "exclamation")
        case PayObstacle.TERMINAL:
            return Strip(texts("The card reader is not ready."), texts("Please tap Help."), "card")
        case PayObstacle.STORAGE:
            return Strip(
                texts("This lane cannot take payments now."), texts("Please tap Help."), "exclamation"
            )


def problem_words(state: LaneState, texts: Texts) -> str:
    match state.view.problem:
        case ScanProblem.UNKNOWN_ITEM:
            return texts("We do not know this one yet. Staff can help.")
        case ScanProblem.UNREADABLE:
            return texts("I could not read that. Turn the pack and try again.")
        case ScanProblem.NOT_A_PRODUCT:
            return texts("That code is not on a product. Try the other barcode.")
        case ScanProblem.LABEL_PRICE:
            return texts("I could not read the price on that label. Tap Help.")
        case ScanProblem.LIMIT:
            return texts("That is more than one basket can hold. Tap Help.")
        case ScanProblem.WHILE_PAYING:
            return texts("Go back to the basket to weigh this.")
        case None:
            return ""
