"""Owns the tablet's side of a conversation: what is said now, and an answer read and said once.

It must not know HTTP nor how a conversation looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Final
from uuid import UUID, uuid5

from pydantic import BaseModel

from inventory.db.repositories import items_by_gtin
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.phrases import SLOT_OF, PhraseFault, Slot, SlotValue, StaffPhrase, TextFault
from inventory.domain.pricing import typed_minor
from inventory.services import desk_calls, help_desk, stores, talk
from inventory.services.desk_calls import Helper
from inventory.services.help_desk import AlreadyTaken, HelpRequest, ImpossibleStepError, UnknownRequestError
from inventory.services.talk import CallFullError, CannotBeSaidError, TooFastError
from inventory.web.talk_parts import Talks
from inventory.web.talk_views import TalkWriter, asked_items
from inventory.web.texts import Texts

_SPACE: Final = UUID("9b6f2a0e-3c0d-4a55-9e0b-6f9b5a1f7f46")
_PHRASES: Final = {phrase.value: phrase for phrase in StaffPhrase}
_LONGEST_FIELD: Final = 400


class TalkForm(BaseModel):
    """What a browser sends; every field may hold anything. `mark` is the drawing the tap was made on."""

    lane: str = ""
    mark: str = ""
    value: str = ""
    text: str = ""


def answered(
    database: Database,
    store_id: str,
    help_id: str,
    phrase: str,
    form: TalkForm,
    *,
    who: str,
    texts: Texts,
    now_utc: datetime,
    desk: str = "",
) -> str:
    """Says it; answers why not, or "". The same tap sent twice is said once.

    `desk` is where `who` sits, "" in the call's own store.
    """
    t = texts.text
    told = (help_id, phrase, form.mark, form.value, form.text, who)
    phrase_id = str(uuid5(_SPACE, "\n".join(each[:_LONGEST_FIELD] for each in told)))
    try:
        with database.write() as uow:
            if desk:
                desk_calls.before_writing(uow, Helper(desk, who), store_id, help_id, now_utc)
            said = _read(phrase, form, stores.find_store(uow, store_id).currency)
            talk.staff_said(
                uow,
                store_id,
                help_id,
                said,
                now_utc,
                phrase_id=phrase_id,
                who=who,
                language=texts.language,
                desk=desk,
            )
    except CannotBeSaidError as error:
        return fault_words(error, texts)
    except AlreadyTaken as taken:
        return t("{name} has taken this call already.").format(name=taken.by)
    except (CallFullError, ImpossibleStepError):
        return t("This call is over already.")
    except UnknownRequestError:
        return t("This call is not known here.")
    except TooFastError:
        return t("That was a lot at once. Please wait a moment.")
    return ""


def talks_now(uow: UnitOfWork, store_id: str, language: str, currency: str) -> Talks:
    """The conversations of all open calls."""
    return talks_of(uow, store_id, help_desk.open_requests(uow, store_id), language, currency)


def talks_of(
    uow: UnitOfWork, store_id: str, calls: Sequence[HelpRequest], language: str, currency: str
) -> Talks:
    """The conversations of some calls."""
    entries = talk.of_calls(uow, store_id, [call.help_id for call in calls])
    items = items_by_gtin(uow.session, store_id, asked_items(entries))
    return TalkWriter(language, currency, items).talks(calls, entries, token_hex(8))


def fault_words(error: CannotBeSaidError, texts: Texts) -> str:
    """Why something was not said, to whoever typed it."""
    t = texts.text
    if error.args == (TextFault.CARD_NUMBER.value,):
        return t("Please type no card numbers here.")
    if error.args == (TextFault.EMPTY.value,):
        return t("Type something first.")
    if error.args[0] in {fault.value for fault in PhraseFault}:
        return t("Please fill in the field of this answer first.")
    return t("This text cannot be passed on.")


def _read(phrase: str, form: TalkForm, currency: str) -> talk.Said:
    if not phrase:
        return talk.read_staff_text(form.text)
    known = _PHRASES.get(phrase)
    slot = SLOT_OF.get(known) if known is not None else None
    slots = {} if slot is None else {slot.value: _typed(slot, form.value.strip(), currency)}
    return talk.read_staff_phrase(phrase, slots)


def _typed(slot: Slot, value: str, currency: str) -> SlotValue:
    """What a field holds, as its slot wants it; what is no number is none of the right size."""
    match slot:
        case Slot.MINUTES | Slot.LANE:
            return int(value) if value.isdecimal() and len(value) < 6 else -1
        case Slot.AMOUNT:
            amount = typed_minor(value, currency)
            return -1 if amount is None else amount
        case _:
            return value
