"""Owns what the four faces and the reasons behind a bad one are called on the store's pages.

It must not know which page.
"""

from __future__ import annotations

from inventory.domain.feedback import Face, FeedbackReason
from inventory.web.texts import Texts


def face_words(face: Face, texts: Texts) -> str:
    """A face by its name."""
    match face:
        case Face.GREAT:
            return texts.text("Great")
        case Face.GOOD:
            return texts.text("Good")
        case Face.BAD:
            return texts.text("Bad")
        case Face.AWFUL:
            return texts.text("Awful")


def reason_words(reason: FeedbackReason, texts: Texts) -> str:
    """What went wrong."""
    match reason:
        case FeedbackReason.SLOW:
            return texts.text("Too slow")
        case FeedbackReason.CONFUSING:
            return texts.text("Confusing")
        case FeedbackReason.WAITED:
            return texts.text("Waited for help")
        case FeedbackReason.PRICE:
            return texts.text("Price or offer")
        case FeedbackReason.PAYMENT:
            return texts.text("Paying")
        case FeedbackReason.MACHINE:
            return texts.text("The machine")
