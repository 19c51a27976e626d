"""Owns the way of words between an open call and the store: typed texts are put in and taken out on it.

It must not know how anything travels, nor what a lane makes of it.
"""

from __future__ import annotations

import logging

from inventory.domain.phrases import PhraseFault, Side, read_phrase
from inventory.wire import PhraseMessage, StaffPhraseMessage
from kiosk.checkout.talk import PhraseHeard
from kiosk.jottings import Jottings

log = logging.getLogger(__name__)


def worded(message: PhraseMessage, jottings: Jottings) -> PhraseMessage | None:
    """The message with the text it stands for; None where the text is gone and nothing can be passed on."""
    if message.phrase:
        return message
    text = jottings.get(message.phrase_id)
    return message.model_copy(update={"text": text}) if text else None


def heard(message: StaffPhraseMessage, jottings: Jottings) -> PhraseHeard | None:
    """What staff said; a text is kept before it is told of. None for what only a newer store knows."""
    phrase = read_phrase(Side.STAFF, message.phrase, message.slots) if message.phrase else None
    if isinstance(phrase, PhraseFault):
        log.warning("a phrase this version does not know: %s", phrase.value)
        return None
    if phrase is None and not jottings.get(message.phrase_id):
        jottings.put(message.phrase_id, message.text)
    return PhraseHeard(message.phrase_id, message.help_id, message.staff_name, phrase, message.language)
