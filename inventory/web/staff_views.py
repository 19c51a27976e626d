"""Owns what the console shows of people and of what they did, in words.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inventory.domain.moments import format_moment
from inventory.domain.staff import Role, SignInReason
from inventory.services.staff import AuditEntry, StaffMember
from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class PersonLine:
    staff_id: str
    name: str
    role: str
    lock: str
    sessions: int


@dataclass(frozen=True, slots=True)
class AuditLine:
    when: str
    who: str
    what: str
    detail: str


def person_line(member: StaffMember, texts: Texts) -> PersonLine:
    match member.lock:
        case SignInReason.WAIT:
            lock = texts.text("waits 15 minutes")
        case SignInReason.LOCKED | SignInReason.WRONG:
            lock = texts.text("locked")
        case None:
            lock = ""
    role = texts.text("manager") if member.role is Role.MANAGER else texts.text("attendant")
    return PersonLine(member.staff_id, member.name, role, lock, member.sessions)


def audit_line(entry: AuditEntry, texts: Texts, *, zone: ZoneInfo) -> AuditLine:
    """One line of the trail in words; a kind of entry without words here is shown by its name."""
    words = {
        "sign-in.done": texts.text("signed in"),
        "sign-in.refused": texts.text("gave a wrong PIN"),
        "pin.refused": texts.text("gave a wrong PIN"),
        "staff.added": texts.text("was added"),
        "staff.unlocked": texts.text("unlocked"),
        "staff.sessions-ended": texts.text("ended the sessions of"),
        "catalogue.import": texts.text("imported a price file"),
        "price.planned": texts.text("planned a price"),
        "price.applied": texts.text("planned this price, which came or went"),
        "price.called-off": texts.text("called a planned price off"),
        "intervention.approved": texts.text("approved"),
        "intervention.refused": texts.text("refused"),
        "order.close-day": texts.text("ordered the day’s end"),
        "order.take-back": texts.text("ordered a payment back"),
        "task.done": texts.text("ended a task"),
        "goods.back": texts.text("put goods back on the shelf"),
        "goods.gone": texts.text("said that goods are not back"),
    }
    when = format_moment(entry.at_utc.astimezone(zone), texts.language)
    return AuditLine(when, entry.who, words.get(entry.what, entry.what), entry.detail)
