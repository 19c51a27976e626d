"""Owns what the console shows of people and of what they did, in words.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from inventory.domain.documents import State
from inventory.domain.moments import format_moment
from inventory.domain.staff import Role, SignInMethod, SignInReason
from inventory.services.passkeys import Passkey
from inventory.services.sessions import OpenSession
from inventory.services.staff import AuditEntry, StaffMember
from inventory.web import stock_views
from inventory.web.squares import qr_squares
from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class PersonLine:
    staff_id: str
    name: str
    role: str
    lock: str
    sessions: int
    has_left: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    session_id: str
    tablet: str
    method: str
    began: str
    seen: str


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    passkey_id: str
    name: str
    made: str
    used: str


@dataclass(frozen=True, slots=True)
class BadgeView:
    """A new badge: its text, and a square to print. `squares` is an SVG path in modules."""

    text: str
    size: int
    squares: str


@dataclass(frozen=True, slots=True)
class RoleChoice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AuditLine:
    when: str
    who: str
    what: str
    detail: str


def person_line(member: StaffMember, texts: Texts) -> PersonLine:
    return PersonLine(
        member.staff_id,
        member.name,
        role_words(member.role, texts),
        lock_words(member.lock, texts),
        member.sessions,
        member.has_left,
    )


def role_words(role: Role, texts: Texts) -> str:
    """What somebody is."""
    match role:
        case Role.ATTENDANT:
            return texts.text("attendant")
        case Role.SUPERVISOR:
            return texts.text("supervisor")
        case Role.MANAGER:
            return texts.text("manager")
        case Role.REMOTE:
            return texts.text("helper elsewhere")
        case _ as never:
            assert_never(never)


def role_of(word: str) -> Role:
    """The role a form names; a word that is none is the one that may least at a lane."""
    return next((role for role in Role if role.value == word), Role.ATTENDANT)


def role_choices(texts: Texts, *, chosen: Role) -> tuple[RoleChoice, ...]:
    """Every role, as a form offers them."""
    return tuple(RoleChoice(role.value, role_words(role, texts), role is chosen) for role in Role)


def session_line(begun: OpenSession, texts: Texts, *, zone: ZoneInfo) -> SessionLine:
    """One open sign-in in words."""

    def when(at_utc: datetime) -> str:
        return format_moment(at_utc.astimezone(zone), texts.language)

    tablet = begun.tablet or texts.text("another device")
    method = method_words(begun.method, texts)
    return SessionLine(begun.session_id, tablet, method, when(begun.began_at_utc), when(begun.seen_at_utc))


def passkey_line(passkey: Passkey, texts: Texts, *, zone: ZoneInfo) -> PasskeyLine:
    """One passkey in words."""
    used = passkey.used_at_utc
    seen = format_moment(used.astimezone(zone), texts.language) if used else texts.text("never")
    made = format_moment(passkey.made_at_utc.astimezone(zone), texts.language)
    return PasskeyLine(passkey.passkey_id, passkey.name, made, seen)


def method_words(method: SignInMethod, texts: Texts) -> str:
    """How somebody showed who they are."""
    match method:
        case SignInMethod.PIN:
            return texts.text("PIN")
        case SignInMethod.BADGE:
            return texts.text("badge and PIN")
        case SignInMethod.PASSKEY:
            return texts.text("passkey")
        case _ as never:
            assert_never(never)


def badge_view(text: str) -> BadgeView:
    """A badge's text with the square that says it."""
    return BadgeView(text, *qr_squares(text))


def lock_words(lock: SignInReason | None, texts: Texts) -> str:
    """Why a name may not sign in now, or ""."""
    match lock:
        case SignInReason.WAIT:
            return texts.text("waits 15 minutes")
        case SignInReason.LOCKED | SignInReason.WRONG:
            return texts.text("locked")
        case None:
            return ""


def deed_words(texts: Texts) -> dict[str, str]:
    """What the trail's entries say, by the name they are kept under."""
    return {
        "sign-in.done": texts.text("signed in"),
        "sign-in.refused": texts.text("gave a wrong PIN"),
        "sign-in.out": texts.text("signed out"),
        "sign-in.elsewhere": texts.text("was signed out: the sign-in was used on another device"),
        "pin.refused": texts.text("gave a wrong PIN"),
        "lane.not-here": texts.text("was not let in at a lane"),
        "tablet.code": texts.text("made a code for a tablet"),
        "tablet.code-dead": texts.text("lost a code to wrong tries"),
        "tablet.enrol": texts.text("let a tablet in"),
        "tablet.rename": texts.text("renamed a tablet"),
        "tablet.revoke": texts.text("locked a tablet out"),
        "staff.pin-changed": texts.text("changed the PIN of"),
        "staff.role-changed": texts.text("changed the role of"),
        "staff.left": texts.text("let go"),
        "staff.came-back": texts.text("let in again"),
        "staff.added": texts.text("was added"),
        "staff.unlocked": texts.text("unlocked"),
        "staff.session-ended": texts.text("ended a session of"),
        "passkey.made": texts.text("made a passkey"),
        "passkey.revoked": texts.text("took away a passkey"),
        "passkey.refused": texts.text("showed a passkey that was refused"),
        "badge.given": texts.text("gave a badge to"),
        "badge.taken": texts.text("took back the badge of"),
        "staff.sessions-ended": texts.text("ended the sessions of"),
        "catalogue.import": texts.text("imported a price file"),
        "price.planned": texts.text("planned a price"),
        "price.applied": texts.text("planned this price, which came or went"),
        "price.called-off": texts.text("called a planned price off"),
        "help.afar": texts.text("helped from elsewhere"),
        "intervention.approved": texts.text("approved"),
        "intervention.refused": texts.text("refused"),
        "order.close-day": texts.text("ordered the day’s end"),
        "order.take-back": texts.text("ordered a payment back"),
        "task.done": texts.text("ended a task"),
        "task.written": texts.text("wrote a task"),
        "note.left": texts.text("left a note for the next shift"),
        "item.fields": texts.text("changed an item"),
        "item.drop": texts.text("took an item out"),
        "catalogue.undo": texts.text("undid an import"),
        "bundle.changed": texts.text("changed a bundle"),
        "bundle.dropped": texts.text("took a bundle apart"),
        "reorder.set": texts.text("set when to reorder"),
        "shelf.counted": texts.text("counted a shelf"),
        "shelf.rule": texts.text("set what shoppers are told"),
        "synonym.add": texts.text("added a search word"),
        "synonym.remove": texts.text("removed a search word"),
        "branch.prices": texts.text("set a price of a zone or store"),
        "conflict.decided": texts.text("decided a conflict"),
        "proposal.decided": texts.text("decided a proposal"),
        "token.make": texts.text("let a system in"),
        "token.revoke": texts.text("locked a system out"),
        "goods.back": texts.text("put goods back on the shelf"),
        "goods.gone": texts.text("said that goods are not back"),
        **_paper_words(texts),
    }


def _paper_words(texts: Texts) -> dict[str, str]:
    """Papers of stock that were booked or cancelled."""
    kinds, states = stock_views.kind_words(texts), stock_views.state_words(texts)
    ended = (State.POSTED.value, State.CANCELLED.value)
    return {f"{kind}.{end}": f"{words} · {states[end]}" for kind, words in kinds.items() for end in ended}


def audit_line(entry: AuditEntry, texts: Texts, *, zone: ZoneInfo) -> AuditLine:
    """One line of the trail in words; a kind of entry without words is shown by its name."""
    words = deed_words(texts)
    when = format_moment(entry.at_utc.astimezone(zone), texts.language)
    return AuditLine(when, entry.who, words.get(entry.what, entry.what), entry.detail)
