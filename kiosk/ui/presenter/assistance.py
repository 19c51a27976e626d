"""Owns the words around help: the fixed button, the banner over the screen, the strip over the total.

It must not know Kivy. The machine is to blame in every sentence, never the shopper.
"""

from __future__ import annotations

from assets.texts import Texts
from inventory.domain.help_desk import OPEN_STATES, HelpReason, HelpState
from kiosk.assist.faq import may_ask
from kiosk.assist.help_call import call_words
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.messages import PayObstacle, ScanProblem, Sheet
from kiosk.checkout.preferences import Preference
from kiosk.checkout.state import AgeCheck, HelpCall, LaneState, Phase
from kiosk.ui.presenter import degraded, news, settings
from kiosk.ui.presenter.questions import entry
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, HelpBanner, Strip, TileSheet


def help_button(state: LaneState, texts: Texts) -> ButtonModel:
    called = state.help is not None and state.help.state in OPEN_STATES
    return ButtonModel("help", texts("Called") if called else texts("Help"), "help", chosen=called)


def accessibility_sheet(state: LaneState, texts: Texts) -> TileSheet:
    words = (
        (Preference.LARGE_TEXT, texts("Larger text"), "larger"),
        (Preference.HIGH_CONTRAST, texts("More contrast"), "contrast"),
        (Preference.REACH, texts("Everything lower"), "lower"),
        (Preference.SPEAK, texts("Read aloud"), "speaker"),
        (Preference.SLOWER, texts("More time"), "clock"),
        (Preference.REDUCED_MOTION, texts("Less motion"), "still"),
        (Preference.SIMPLE, texts("One thing at a time"), "single"),
    )
    return TileSheet(
        title=texts("How can we make it easier?"),
        tiles=(
            *(
                ButtonModel(f"prefer:{preference.value}", label, icon, chosen=preference in state.preferences)
                for preference, label, icon in words
            ),
            *settings.more_tiles(state, texts),
        ),
        close=ButtonModel("close", texts("Done"), "tick"),
    )


def banner(state: LaneState, scene: Scene, texts: Texts) -> HelpBanner | None:
    call = state.help
    words = call_words(state, texts, desk=scene.help_desk_place)
    if call is None or words is None or _is_staff_s(state):
        return None
    end = ButtonModel("cancel", texts("Cancel"))
    over = call.state is HelpState.RESOLVED
    here = call.state is HelpState.ARRIVED and call.staff_name != "" and state.phase is not Phase.PAYING
    asks = not over and not here and call.reason is not HelpReason.SALES
    reasons = _reasons(call, texts) if asks else ()
    if not over:
        reasons += (ButtonModel("staff", texts("Staff")),) if here else _way_to_questions(state, texts)
    return HelpBanner(
        title=words.title,
        text=words.text,
        initial=call.staff_name[:1],
        cancel=ButtonModel("all-fixed", texts("Yes, thanks")) if over else end,
        prompt=texts("Tell us what it is about, if you like") if asks else "",
        reasons=reasons,
        again=ButtonModel("help:again", texts("Still need help"), "help") if over else None,
    )


def _is_staff_s(state: LaneState) -> bool:
    """Whether the screen is the staff's: whoever has come needs no banner that says so."""
    return state.staff is not None or state.view.sheet is Sheet.STAFF_PIN


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


def _way_to_questions(state: LaneState, texts: Texts) -> tuple[ButtonModel, ...]:
    """While somebody is on the way an answer may do."""
    return (entry(texts),) if may_ask(state) and state.view.sheet is not Sheet.QUESTIONS else ()


def is_urgent(state: LaneState) -> bool:
    """Whether the strip says something that stops paying, did not work, or can be taken back now."""
    view = state.view
    said = view.obstacle is not None or view.problem is not None or view.card_read
    said = said or state.news is not None
    return said or state.removed is not None or state.ladder.offered or state.age is AgeCheck.REFUSED


def strip(state: LaneState, scene: Scene, texts: Texts) -> Strip | None:
    """One message at a time; what stops paying goes before what failed, and that before news."""
    if state.view.obstacle is not None:
        return _obstacle(state.view.obstacle, state, texts)
    if state.news is not None:
        return news.strip(state, texts)
    if state.view.problem is not None:
        return Strip(_refused_lead(state, texts), problem_words(state, texts), "exclamation")
    if state.view.card_read:
        return Strip(texts("Your settings are on."), texts("They end with this visit."), "accessibility")
    if state.removed is not None and state.phase is Phase.SCANNING:
        name = state.removed.item.name(state.language)
        if state.told_removed:  # said, not asked: nothing waits for anybody
            name = texts("A colleague has been told. Just go on.")
        return Strip(texts("Removed."), name, "trash", ButtonModel("undo", texts("Undo"), "back"))
    if state.ladder.offered:
        return _offer(texts)
    match state.age:
        case AgeCheck.WAITING:
            return _age_strip(state, texts)
        case AgeCheck.REFUSED:
            return _obstacle(PayObstacle.AGE_REFUSED, state, texts)
        case _:
            pass
    if state.basket.pending:
        return _price_strip(state, texts)
    return degraded.strip(state, scene, texts)


def _offer(texts: Texts) -> Strip:
    """An offer, never a call: nobody comes unless the shopper says so."""
    return Strip(
        lead=texts("Want a hand?"),
        text=texts("A colleague can come."),
        icon="person",
        action=ButtonModel("help:offer", texts("Help"), "help"),
        second=ButtonModel("not-now", texts("Not now")),
    )


def _refused_lead(state: LaneState, texts: Texts) -> str:
    match state.view.problem:
        case ScanProblem.CARD:
            return texts("Settings not changed.")
        case ScanProblem.NOT_FOR_SALE:
            return texts("Taken out.")
        case _:
            return texts("Not added.")


def _age_strip(state: LaneState, texts: Texts) -> Strip:
    count = sum(1 for line in state.basket.lines if line.item.age_limit)
    lead = texts.plural("Adult check for %(n)d item.", "Adult check for %(n)d items.", count)
    return Strip(lead, texts("A colleague is looking at it, keep scanning."), "clock")


def _price_strip(state: LaneState, texts: Texts) -> Strip:
    """Right after its scan what it is about, later how many there are; scanning goes on either way."""
    rows = state.basket.pending
    added = state.basket.line(state.view.added_line_id)
    if added is not None and added.pending:
        lead, text = texts("We do not know this one yet."), texts("Staff give the price. Keep scanning.")
        return Strip(lead, text, "clock", _skip(added, texts))
    lead = texts.plural("Price pending for %(n)d item.", "Price pending for %(n)d items.", len(rows))
    action = _skip(rows[0], texts) if len(rows) == 1 else None
    return Strip(lead, texts("Staff are looking at it. Keep scanning."), "clock", action)


def _skip(line: BasketLine, texts: Texts) -> ButtonModel:
    return ButtonModel(f"skip:{line.line_id}", texts("Skip it"))


def _obstacle(obstacle: PayObstacle, state: LaneState, texts: Texts) -> Strip:
    match obstacle:
        case PayObstacle.AGE_CHECK:
            return Strip(
                texts("One moment before you pay."), texts("A colleague still has to check an item."), "clock"
            )
        case PayObstacle.AGE_REFUSED:
            text = texts("Tap it in the list and choose Remove.")
            return Strip(texts("One item cannot be sold now."), text, "exclamation")
        case PayObstacle.PRICE_PENDING:
            rows = state.basket.pending
            return Strip(
                texts("One price is still missing."),
                texts("Staff are looking at it. Or skip the item."),
                "clock",
                _skip(rows[0], texts) if len(rows) == 1 else None,
            )
        case PayObstacle.TERMINAL:
            text = texts("Please tap Help, or pay at the till.")
            return Strip(texts("The card reader is not ready."), text, "card", degraded.till(texts))
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
        case ScanProblem.CARD:
            return texts("I could not read these settings. Choose them under Accessibility.")
        case ScanProblem.COUPON:
            return texts("This lane cannot take coupons yet. Staff can help.")
        case ScanProblem.WHILE_PAYING:
            return texts("Go back to the basket to weigh this.")
        case ScanProblem.LANE_CLOSED:
            return texts("This lane is closed. Please use another lane.")
        case ScanProblem.NOT_FOR_SALE:
            return texts("Staff cannot sell this one. Please leave it here.")
        case None:
            return ""
