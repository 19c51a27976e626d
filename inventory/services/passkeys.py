"""Owns passkeys: made by supervisors and managers for themselves, shown instead of a PIN, and taken away.

It must not know browsers, pages or cryptography. A question is asked once, for two minutes, and kept as its
hash; an answer uses it up whether it is right or not. What checks a signature is loaded when it is needed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

from sqlmodel import col, delete, select

from inventory.db.identity_table import PasskeyQuestionRow, PasskeyRow
from inventory.db.repositories import ordered_id, write_audit
from inventory.db.tables import StaffRow
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import MAX_NAME_LENGTH, Permission, Role, SignInMethod, may
from inventory.services import sessions
from inventory.services.sessions import Place, Session

if TYPE_CHECKING:
    from inventory.services.passkey_check import RelyingParty

QUESTION_LIFE = timedelta(minutes=2)
MOST_OF_A_PERSON = 10
_QUESTION_BYTES = 32
_ANYBODY = ""


class PasskeyRefusedError(Exception):
    """A passkey that opens nothing here. The text is a sentence for the trail, not for whoever tries."""


class PasskeyNameError(ValueError):
    """A passkey's name is empty, too long, or has signs that cannot be read."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey as it is listed."""

    passkey_id: str
    name: str
    made_at_utc: datetime
    used_at_utc: datetime | None


def ask_to_make(
    uow: UnitOfWork, store_id: str, party: RelyingParty, *, staff_id: str, name: str, now_utc: datetime
) -> str:
    """What somebody's browser is told to make a passkey with, as JSON."""
    from inventory.services import passkey_check  # noqa: PLC0415 - see there

    question = _asked(uow, store_id, staff_id, now_utc)
    known = [row.credential for row in _rows(uow, store_id, staff_id)]
    return passkey_check.to_make(party, question=question, staff_id=staff_id, name=name, known=known)


def ask_to_show(uow: UnitOfWork, store_id: str, party: RelyingParty, *, now_utc: datetime) -> str:
    """What a browser is told to show a passkey with, as JSON."""
    from inventory.services import passkey_check  # noqa: PLC0415

    return passkey_check.to_show(party, question=_asked(uow, store_id, _ANYBODY, now_utc))


def add(
    database: Database,
    store_id: str,
    party: RelyingParty,
    *,
    staff_id: str,
    name: str,
    answer: str,
    now_utc: datetime,
) -> None:
    """Keeps the passkey somebody made for themselves. Raises PasskeyNameError and PasskeyRefusedError."""
    from inventory.services import passkey_check  # noqa: PLC0415

    shown = _named(name)
    try:
        question = passkey_check.question_in(answer)
        with database.write() as uow:
            is_asked = _use_up(uow, store_id, staff_id, question, now_utc)
        if not is_asked:
            raise PasskeyRefusedError("the question was never asked, or too long ago")
        new = passkey_check.made(party, answer, question=question)
    except passkey_check.AnswerRefusedError as refused:
        raise PasskeyRefusedError(str(refused)) from None
    with database.write() as uow:
        person = _person(uow, store_id, staff_id)
        hashed = _credential_hash(new.credential)
        if _was_ever(uow, store_id, hashed):
            raise PasskeyRefusedError("it is known already")
        if len(_rows(uow, store_id, staff_id)) >= MOST_OF_A_PERSON:
            raise PasskeyRefusedError(f"{person.name} has {MOST_OF_A_PERSON} already")
        uow.session.add(
            PasskeyRow(
                store_id=store_id,
                passkey_id=ordered_id(now_utc),
                staff_id=staff_id,
                name=shown,
                credential_hash=hashed,
                credential=new.credential,
                public_key=new.public_key,
                sign_count=new.sign_count,
                made_at_utc=now_utc,
            )
        )
        _note(uow, person, "passkey.made", shown, by=person.name, now_utc=now_utc)


def sign_in(
    database: Database, store_id: str, party: RelyingParty, *, answer: str, place: Place, now_utc: datetime
) -> Session:
    """Begins the session of whoever showed their passkey. Raises PasskeyRefusedError, noted in the trail.

    The signature is checked between two transactions; in the second everything is looked at again, so that of
    two answers with one count only the first is taken.
    """
    from inventory.services import passkey_check  # noqa: PLC0415

    try:
        claim = passkey_check.claim_of(answer)
    except passkey_check.AnswerRefusedError as refused:
        raise PasskeyRefusedError(str(refused)) from None
    hashed = _credential_hash(claim.credential)
    with database.write() as uow:
        is_asked = _use_up(uow, store_id, _ANYBODY, claim.question, now_utc)
        row = _of_credential(uow, store_id, hashed)
        known = (row.staff_id, row.name, row.public_key, row.sign_count) if row is not None else None
    if known is None or not is_asked:
        raise PasskeyRefusedError("an unknown passkey, or a question never asked")
    staff_id, name, public_key, sign_count = known
    try:
        if not compare_digest(claim.user_handle, staff_id.encode()):
            raise passkey_check.AnswerRefusedError("it names somebody else")
        count = passkey_check.shown(
            party, answer, question=claim.question, public_key=public_key, sign_count=sign_count
        )
    except passkey_check.AnswerRefusedError as refused:
        _note_refused(database, store_id, staff_id, f"{name}: {refused}", now_utc)
        raise PasskeyRefusedError(str(refused)) from None
    with database.write() as uow:
        begun = _begin(uow, store_id, hashed, before=sign_count, count=count, place=place, now_utc=now_utc)
    if begun is None:
        _note_refused(database, store_id, staff_id, f"{name}: not theirs to use any more", now_utc)
        raise PasskeyRefusedError("not theirs to use any more")
    return begun


def of_person(uow: UnitOfWork, store_id: str, staff_id: str) -> tuple[Passkey, ...]:
    """The passkeys that open something for a person, the oldest first."""
    return tuple(
        Passkey(row.passkey_id, row.name, row.made_at_utc, row.used_at_utc)
        for row in _rows(uow, store_id, staff_id)
    )


def revoke(
    uow: UnitOfWork, store_id: str, staff_id: str, passkey_id: str, *, by: str, now_utc: datetime
) -> None:
    """Takes a passkey away for good, with every sign-in that was made with one. Others' are passed over."""
    row = uow.session.get(PasskeyRow, (store_id, passkey_id), with_for_update=True)
    if row is None or row.staff_id != staff_id or row.revoked_at_utc is not None:
        return
    row.revoked_at_utc = now_utc
    uow.session.add(row)
    sessions.end_sessions_by(uow, store_id, staff_id, SignInMethod.PASSKEY, now_utc)
    person = _person(uow, store_id, staff_id)
    _note(uow, person, "passkey.revoked", f"{person.name}: {row.name}", by=by, now_utc=now_utc)


def _begin(
    uow: UnitOfWork, store_id: str, hashed: str, *, before: int, count: int, place: Place, now_utc: datetime
) -> Session | None:
    row = _of_credential(uow, store_id, hashed)
    person = uow.session.get(StaffRow, (store_id, row.staff_id)) if row is not None else None
    if row is None or row.sign_count != before or person is None or person.left_at_utc is not None:
        return None
    if not may(Role(person.role), Permission.HOLD_PASSKEY):
        return None
    row.sign_count, row.used_at_utc = count, now_utc
    uow.session.add(row)
    return sessions.begin(uow, person, place, SignInMethod.PASSKEY, now_utc)


def _asked(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> bytes:
    """A new question; those that nobody answered in time go."""
    uow.session.execute(
        delete(PasskeyQuestionRow).where(
            col(PasskeyQuestionRow.store_id) == store_id, col(PasskeyQuestionRow.ends_at_utc) <= now_utc
        )
    )
    question = secrets.token_bytes(_QUESTION_BYTES)
    uow.session.add(
        PasskeyQuestionRow(
            store_id=store_id,
            question_hash=sha256(question).hexdigest(),
            staff_id=staff_id,
            ends_at_utc=now_utc + QUESTION_LIFE,
        )
    )
    return question


def _use_up(uow: UnitOfWork, store_id: str, staff_id: str, question: bytes, now_utc: datetime) -> bool:
    """Whether this was asked of them and may be answered now; it cannot be answered again."""
    row = uow.session.get(PasskeyQuestionRow, (store_id, sha256(question).hexdigest()), with_for_update=True)
    if row is None:
        return False
    uow.session.delete(row)
    return row.staff_id == staff_id and now_utc < row.ends_at_utc


def _rows(uow: UnitOfWork, store_id: str, staff_id: str) -> list[PasskeyRow]:
    return list(
        uow.session.exec(
            select(PasskeyRow)
            .where(
                PasskeyRow.store_id == store_id,
                PasskeyRow.staff_id == staff_id,
                col(PasskeyRow.revoked_at_utc).is_(None),
            )
            .order_by(col(PasskeyRow.passkey_id))
        )
    )


def _of_credential(uow: UnitOfWork, store_id: str, hashed: str) -> PasskeyRow | None:
    return uow.session.exec(
        select(PasskeyRow)
        .where(
            PasskeyRow.store_id == store_id,
            PasskeyRow.credential_hash == hashed,
            col(PasskeyRow.revoked_at_utc).is_(None),
        )
        .with_for_update()
    ).first()


def _was_ever(uow: UnitOfWork, store_id: str, hashed: str) -> bool:
    """Whether this was kept before: one that was taken away does not come back."""
    known = select(PasskeyRow.passkey_id).where(
        PasskeyRow.store_id == store_id, PasskeyRow.credential_hash == hashed
    )
    return uow.session.exec(known).first() is not None


def _credential_hash(credential: str) -> str:
    return sha256(credential.encode()).hexdigest()


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not (0 < len(plain) <= MAX_NAME_LENGTH and plain.isprintable()):
        raise PasskeyNameError(f"A name has 1 to {MAX_NAME_LENGTH} characters.")
    return plain


def _person(uow: UnitOfWork, store_id: str, staff_id: str) -> StaffRow:
    person = uow.session.get(StaffRow, (store_id, staff_id))
    assert person is not None, "people are never deleted"
    return person


def _note_refused(database: Database, store_id: str, staff_id: str, why: str, now_utc: datetime) -> None:
    with database.write() as uow:
        person = _person(uow, store_id, staff_id)
        _note(uow, person, "passkey.refused", why, by=person.name, now_utc=now_utc)


def _note(uow: UnitOfWork, person: StaffRow, what: str, detail: str, *, by: str, now_utc: datetime) -> None:
    write_audit(uow.session, person.store_id, who=by, what=what, detail=detail, at_utc=now_utc)
