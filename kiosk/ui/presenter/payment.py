"""Owns the words while money moves: pay, paying, not paid, checking, thanks.

It must not know Kivy. It tells the truth in failure: you have, you have not, or you may have been charged.
"""

from __future__ import annotations

from assets.texts import Texts
from hardware.events import CardPhase, DeclineReason
from inventory.domain.feedback import Face, FeedbackReason
from inventory.domain.money import format_money
from kiosk.checkout import contradicting
from kiosk.checkout.state import BAD_FACES, LaneState, PaymentState, ReceiptState
from kiosk.ui.presenter import degraded
from kiosk.ui.presenter.questions import entry
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    ButtonModel,
    CheckingModel,
    NotPaidModel,
    PayModel,
    ScreenName,
    Step,
    ThanksModel,
)


def paying(state: LaneState, texts: Texts) -> tuple[ScreenName, PayModel]:
    """PAY while the reader waits for a card, PAYING from then on; both are one picture with other words."""
    phase = state.view.card_phase
    waiting = state.payment.state is PaymentState.INTENT and phase in (None, CardPhase.PRESENT_CARD)
    return ScreenName.PAY if waiting else ScreenName.PAYING, PayModel(
        amount_label=texts("To pay"),
        amount=_attempt_amount(state),
        headline=_card_words(state, phase, texts),
        steps=_steps(state, phase, texts),
        hint=_hint(state, waiting, texts),
        busy=not waiting,
        buttons=_beside(state, texts) if waiting else (),
        pin=phase in (CardPhase.ENTER_PIN, CardPhase.WRONG_PIN),
    )


def _beside(state: LaneState, texts: Texts) -> tuple[ButtonModel, ...]:
    """What can be done instead while the reader waits for a card."""
    leaving = state.payment.going_elsewhere
    return (entry(texts),) if leaving else (other_ways(texts), entry(texts))


def other_ways(texts: Texts) -> ButtonModel:
    """The lane takes no cash itself and splits no sum: both are done at the till, with the basket's code."""
    return ButtonModel("other-ways", texts("Cash or voucher"), "voucher")


def _attempt_amount(state: LaneState) -> str:
    attempt = state.payment.attempt
    assert attempt is not None, "paying without an attempt"
    return format_money(attempt.amount_minor, attempt.currency, state.language)


def _card_words(state: LaneState, phase: CardPhase | None, texts: Texts) -> str:
    if state.payment.state is PaymentState.AUTHED:
        return texts("Approved. One moment.")
    match phase:
        case CardPhase.ENTER_PIN:
            return texts("Enter your PIN on the reader")
        case CardPhase.WRONG_PIN:
            return texts("That PIN did not fit. Try again on the reader.")
        case CardPhase.CONTACTING_BANK:
            return texts("Asking your bank")
        case CardPhase.REMOVE_CARD:
            return texts("Take your card")
        case CardPhase.PRESENT_CARD | None:
            return texts("Tap card or phone on the reader")


def _hint(state: LaneState, waiting: bool, texts: Texts) -> str:  # noqa: FBT001
    if state.payment.added_while_paying:
        return texts("One more item is waiting. It joins your basket.")
    return texts("Missed something? Just scan it.") if waiting else ""


def _steps(state: LaneState, phase: CardPhase | None, texts: Texts) -> tuple[Step, ...]:
    labels = (texts("Tap"), texts("PIN"), texts("Bank"), texts("Paid"))
    if state.payment.state is PaymentState.AUTHED:
        now = 3
    else:
        now = {
            CardPhase.ENTER_PIN: 1,
            CardPhase.WRONG_PIN: 1,
            CardPhase.CONTACTING_BANK: 2,
            CardPhase.REMOVE_CARD: 2,
        }.get(phase or CardPhase.PRESENT_CARD, 0)
    return tuple(
        Step(label, "done" if place < now else "now" if place == now else "next")
        for place, label in enumerate(labels)
    )


def checking(state: LaneState, texts: Texts) -> tuple[ScreenName, CheckingModel]:
    attempt = state.payment.attempt
    called = attempt is not None and attempt.called_staff
    name = state.help.staff_name if state.help else ""
    if called and name:
        told = texts("%(name)s has been told.") % {"name": name}
    elif called or state.devices.storage_failed:  # called unwritten, with the disk full
        told = texts("A colleague has been called.")
    else:
        told = texts("This takes up to 30 seconds.")
    why = texts("We lost the card reader for a moment and are asking it what happened.")
    return ScreenName.CHECKING, CheckingModel(
        headline=texts("Your payment is being checked."),
        warning=texts("Please do not pay again."),
        text=f"{why} {told}",
    )


def not_paid(state: LaneState, texts: Texts) -> tuple[ScreenName, NotPaidModel]:
    kept = texts("Your basket is kept.")
    back = ButtonModel("back", texts("Back to basket"), "basket")
    if contradicting.is_shown(state):
        return ScreenName.NOT_PAID, NotPaidModel(
            headline=texts("Your card may have been charged after all."),
            assurance=texts("Please do not pay again."),
            text=f"{texts('A colleague has been called.')} {kept}",
            buttons=(back,),
        )
    is_other = state.payment.decline is DeclineReason.OTHER_AMOUNT
    way_on = texts("Please try again, or tap Help.") if is_other else ""
    again = texts("Try again") if is_other else texts("Try another card")
    return ScreenName.NOT_PAID, NotPaidModel(
        headline=_decline_words(state.payment.decline, texts),
        assurance=texts("You have not been charged."),
        text=f"{way_on} {kept}".strip(),
        buttons=(ButtonModel("pay", again, "card"), other_ways(texts), back, entry(texts)),
    )


def _decline_words(reason: DeclineReason | None, texts: Texts) -> str:
    match reason:
        case DeclineReason.REFUSED_BY_BANK:
            return texts("Your bank said no to this card")
        case DeclineReason.CANCELLED:
            return texts("The payment was cancelled")
        case DeclineReason.TIMED_OUT:
            return texts("The reader waited too long")
        case DeclineReason.CARD_UNREADABLE:
            return texts("The reader could not read the card")
        case DeclineReason.CARD_EXPIRED:
            return texts("This card has expired")
        case DeclineReason.WRONG_PIN:
            return texts("The PIN did not fit")
        case DeclineReason.TERMINAL_NOT_READY:
            return texts("The card reader was not ready")
        case DeclineReason.OTHER_AMOUNT:
            return texts("The card reader used another amount")
        case DeclineReason.OTHER | None:
            return texts("The payment did not go through")


def thanks(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, ThanksModel]:
    sale = state.sale
    assert sale is not None, "thanks without a sale"
    return ScreenName.THANKS, ThanksModel(
        headline=texts("Paid %(amount)s")
        % {"amount": format_money(sale.total_minor, sale.currency, state.language)},
        text=_left_out(state, texts) or texts("Take your bags and your card."),
        qr=scene.receipt_qr,
        receipt_title=texts("Your receipt"),
        receipt_text=_receipt_words(state, texts),
        print_button=_print_button(state, scene, texts),
        question=_question(state, texts),
        faces=() if state.face else _faces(texts),
        reasons=_reasons(texts) if _asks_why(state) else (),
        closing=texts("Closes by itself"),
        person=f"{texts('Want a hand?')} {texts('Please tap Help.')}" if _offers_help(state) else "",
    )


def _asks_why(state: LaneState) -> bool:
    return state.face in BAD_FACES and state.face_reason is None


def _offers_help(state: LaneState) -> bool:
    """Softly, to who was not content at all, as long as nobody is called already."""
    return state.face == Face.AWFUL.value and state.help is None


def _question(state: LaneState, texts: Texts) -> str:
    if _asks_why(state):
        return texts("What went wrong? You need not answer.")
    return texts("Thank you for telling us.") if state.face else texts("How was it?")


def _faces(texts: Texts) -> tuple[ButtonModel, ...]:
    return (
        ButtonModel("face:great", texts("Great"), "face-great"),
        ButtonModel("face:good", texts("Good"), "face-good"),
        ButtonModel("face:bad", texts("Bad"), "face-bad"),
        ButtonModel("face:awful", texts("Awful"), "face-awful"),
    )


def _reasons(texts: Texts) -> tuple[ButtonModel, ...]:
    words = (
        (FeedbackReason.SLOW, texts("Too slow")),
        (FeedbackReason.CONFUSING, texts("Confusing")),
        (FeedbackReason.WAITED, texts("Waited for help")),
        (FeedbackReason.PRICE, texts("Price or offer")),
        (FeedbackReason.PAYMENT, texts("Paying")),
        (FeedbackReason.MACHINE, texts("The machine")),
    )
    return tuple(ButtonModel(f"why:{reason.value}", label) for reason, label in words)


def _left_out(state: LaneState, texts: Texts) -> str:
    names = ", ".join(line.item.name(state.language) for line in state.left_out)
    return texts("Not paid yet, please scan again: %(names)s") % {"names": names} if names else ""


def _receipt_words(state: LaneState, texts: Texts) -> str:
    match state.receipt:
        case ReceiptState.PRINTING:
            return texts("It is being printed.")
        case ReceiptState.PRINTED:
            return texts("Take it from the printer below.")
        case ReceiptState.FAILED:
            return texts("The printer stopped. Your payment is safe: use the QR code.")
        case _:
            return texts("Point your phone at it, no app needed.")


def _print_button(state: LaneState, scene: Scene, texts: Texts) -> ButtonModel | None:
    if degraded.Lack.PAPER in degraded.lacks(state, scene) or state.receipt is ReceiptState.PRINTING:
        return None
    again = state.receipt in (ReceiptState.PRINTED, ReceiptState.FAILED)
    return ButtonModel("print", texts("Print a copy") if again else texts("Print it"), "printer")
