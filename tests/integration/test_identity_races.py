"""Who is let in when several ask at once, on both engines: one answer, one code, one passkey each time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.staff import Role
from inventory.services import badges, passkeys, sessions, staff, tablets
from inventory.services.enrolment import EnrolmentRefusedError
from inventory.services.passkey_check import RelyingParty
from inventory.services.passkeys import PasskeyRefusedError
from inventory.services.sessions import ANYWHERE, Place, Session
from tests.support.engines import NewStore
from tests.support.soft_passkey import SoftPasskey
from tests.support.store_samples import NOW, STORE_ID, opened_store

PARTY = RelyingParty("aurora.example", "https://aurora.example", "Aurora")
TOGETHER = 6
T = TypeVar("T")


@pytest.fixture
def database(new_store: NewStore, tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


@pytest.fixture
def ada(database: Database) -> str:
    with database.write() as uow:
        return staff.add(uow, STORE_ID, name="Ada", pin="860142", role=Role.MANAGER, now_utc=NOW)


def at_once(deed: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(TOGETHER) as pool:
        return [each.result() for each in [pool.submit(deed) for _ in range(TOGETHER)]]


def made(database: Database, staff_id: str) -> SoftPasskey:
    key = SoftPasskey(PARTY.origin, PARTY.rp_id)
    with database.write() as uow:
        told = passkeys.ask_to_make(uow, STORE_ID, PARTY, staff_id=staff_id, name="Ada", now_utc=NOW)
    answer = key.make(json.loads(told))
    passkeys.add(database, STORE_ID, PARTY, staff_id=staff_id, name="Key", answer=answer, now_utc=NOW)
    return key


def test_of_many_who_send_one_answer_one_is_let_in(database: Database, ada: str) -> None:
    key = made(database, ada)
    with database.write() as uow:
        answer = key.show(json.loads(passkeys.ask_to_show(uow, STORE_ID, PARTY, now_utc=NOW)))

    def send() -> bool:
        try:
            passkeys.sign_in(database, STORE_ID, PARTY, answer=answer, place=ANYWHERE, now_utc=NOW)
        except PasskeyRefusedError:
            return False
        return True

    assert sum(at_once(send)) == 1
    with database.read() as uow:
        assert len(sessions.open_of(uow, STORE_ID, ada, NOW)) == 1


def test_of_many_who_type_one_code_one_becomes_the_tablet(database: Database) -> None:
    with database.write() as uow:
        tablets.make_code(uow, STORE_ID, "Front", digits="48217730", by="Ada", now_utc=NOW)

    def type_it() -> bool:
        try:
            tablets.enrol(database, STORE_ID, digits="48217730", now_utc=NOW)
        except EnrolmentRefusedError:
            return False
        return True

    assert sum(at_once(type_it)) == 1
    with database.read() as uow:
        assert [each.name for each in tablets.enrolled(uow, STORE_ID)] == ["Front"]


def test_a_badge_given_again_names_one_person_and_a_lost_tablet_nobody(database: Database, ada: str) -> None:
    with database.write() as uow:
        old, new = [badges.give(uow, STORE_ID, ada, by="Ada", now_utc=NOW) for _ in range(2)]
        tablets.make_code(uow, STORE_ID, "Front", digits="48217730", by="Ada", now_utc=NOW)
    assert [badges.named(database, STORE_ID, each) for each in (old, new)] == ["", "Ada"]
    token = tablets.enrol(database, STORE_ID, digits="48217730", now_utc=NOW).token
    with database.read() as uow:
        tablet = tablets.of_token(uow, STORE_ID, token)
    assert tablet is not None
    key = made(database, ada)
    with database.write() as uow:
        answer = key.show(json.loads(passkeys.ask_to_show(uow, STORE_ID, PARTY, now_utc=NOW)))
    place = Place(tablet.tablet_id, tablet.name)
    begun = passkeys.sign_in(database, STORE_ID, PARTY, answer=answer, place=place, now_utc=NOW)
    assert isinstance(begun, Session)
    with database.write() as uow:
        tablets.revoke(uow, STORE_ID, tablet.tablet_id, by="Ada", now_utc=NOW)
    with database.read() as uow:
        assert tablets.of_token(uow, STORE_ID, token) is None
        assert sessions.session(uow, STORE_ID, token=begun.token, now_utc=NOW) is None
