"""Owns what must hold when a person signs in: hashes, tokens, locks and the trail, against a real file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from inventory.db.tables import SessionRow, StaffRow
from inventory.db.unit_of_work import Database
from inventory.domain.staff import LOCK_WAIT, PinFault, Role, SignInReason
from inventory.services import staff
from inventory.services.staff import PinError, Session, SignInRefused, StaffNameError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STORE = "aurora"
PIN = "205189"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'store.db'}")
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def marco(database: Database) -> str:
    with database.write() as uow:
        return staff.add(uow, STORE, name="Marco", pin=PIN, role=Role.ATTENDANT, now_utc=NOON)


def sign_in(
    database: Database, *, name: str = "Marco", pin: str = PIN, at: datetime = NOON
) -> Session | SignInRefused:
    with database.write() as uow:
        return staff.sign_in(uow, STORE, name=name, pin=pin, now_utc=at)


def signed_in(database: Database, *, at: datetime = NOON) -> Session:
    outcome = sign_in(database, at=at)
    assert isinstance(outcome, Session)
    return outcome


def is_open(database: Database, token: str, *, at: datetime = NOON) -> bool:
    with database.read() as uow:
        return staff.session(uow, STORE, token=token, now_utc=at) is not None


def test_the_right_pin_opens_a_session_that_carries_name_and_role(database: Database, marco: str) -> None:
    session = signed_in(database)
    assert (session.staff_id, session.name, session.role) == (marco, "Marco", Role.ATTENDANT)
    assert is_open(database, session.token)


@pytest.mark.usefixtures("marco")
def test_a_name_is_found_whatever_its_capitals_and_blanks(database: Database) -> None:
    assert isinstance(sign_in(database, name="  mARCO "), Session)


@pytest.mark.usefixtures("marco")
def test_neither_pin_nor_token_is_kept_as_it_is(database: Database) -> None:
    session = signed_in(database)
    with database.read() as uow:
        person = uow.session.exec(select(StaffRow)).one()
        row = uow.session.exec(select(SessionRow)).one()
    assert person.pin_hash.startswith("$argon2id$")
    assert PIN not in person.pin_hash
    assert session.token not in (row.token_hash, row.csrf_secret)
    assert len(row.token_hash) == 64


@pytest.mark.usefixtures("marco")
def test_neither_token_shows_when_a_session_is_printed(database: Database) -> None:
    session = signed_in(database)
    assert session.token not in repr(session)
    assert session.form_token not in repr(session)


@pytest.mark.usefixtures("marco")
def test_every_sign_in_has_a_new_token_of_at_least_128_bits(database: Database) -> None:
    tokens = {signed_in(database).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) * 6 >= 128 for token in tokens)


@pytest.mark.usefixtures("marco")
def test_an_unknown_name_and_a_wrong_pin_are_answered_the_same(database: Database) -> None:
    refused = SignInRefused(SignInReason.WRONG)
    assert sign_in(database, name="Nobody") == refused
    assert sign_in(database, pin="205188") == refused


@pytest.mark.usefixtures("marco")
def test_after_five_wrong_pins_the_right_one_waits_fifteen_minutes(database: Database) -> None:
    for _ in range(5):
        sign_in(database, pin="000001")
    assert sign_in(database) == SignInRefused(SignInReason.WAIT, NOON + LOCK_WAIT)
    assert isinstance(sign_in(database, at=NOON + LOCK_WAIT), Session)


@pytest.mark.usefixtures("marco")
def test_guesses_during_the_wait_are_not_counted(database: Database) -> None:
    for _ in range(12):
        sign_in(database, pin="000001")
    assert isinstance(sign_in(database, at=NOON + LOCK_WAIT), Session)


def test_after_ten_wrong_pins_only_a_manager_opens_the_name(database: Database, marco: str) -> None:
    for _ in range(5):
        sign_in(database, pin="000001")
    late = NOON + timedelta(days=1)
    for _ in range(5):
        sign_in(database, pin="000001", at=late)
    assert sign_in(database, at=late + timedelta(days=30)) == SignInRefused(SignInReason.LOCKED)
    with database.write() as uow:
        staff.unlock(uow, STORE, staff_id=marco, by="Ada", now_utc=late)
    assert isinstance(sign_in(database, at=late), Session)


@pytest.mark.usefixtures("marco")
def test_a_right_pin_forgets_the_wrong_ones_before(database: Database) -> None:
    for _ in range(4):
        for _ in range(4):
            sign_in(database, pin="000001")
        assert isinstance(sign_in(database), Session)


@pytest.mark.usefixtures("marco")
def test_a_session_ends_after_five_idle_minutes_unless_it_is_touched(database: Database) -> None:
    token = signed_in(database).token
    four = NOON + timedelta(minutes=4)
    with database.write() as uow:
        staff.touch(uow, STORE, token=token, now_utc=four)
    assert is_open(database, token, at=NOON + timedelta(minutes=8))
    assert not is_open(database, token, at=NOON + timedelta(minutes=9))


@pytest.mark.usefixtures("marco")
def test_signing_out_ends_the_session_at_the_server(database: Database) -> None:
    gone, kept = signed_in(database).token, signed_in(database).token
    with database.write() as uow:
        staff.sign_out(uow, STORE, token=gone, now_utc=NOON)
    assert not is_open(database, gone)
    assert is_open(database, kept)


def test_a_manager_ends_every_session_of_a_person(database: Database, marco: str) -> None:
    tokens = [signed_in(database).token for _ in range(2)]
    with database.write() as uow:
        assert staff.revoke_all(uow, STORE, staff_id=marco, by="Ada", now_utc=NOON) == 2
    assert not any(is_open(database, token) for token in tokens)


def test_a_session_of_one_store_is_none_in_another(database: Database, marco: str) -> None:
    token = signed_in(database).token
    with database.read() as uow:
        assert staff.session(uow, "other", token=token, now_utc=NOON) is None
        assert [member.staff_id for member in staff.members(uow, STORE, now_utc=NOON)] == [marco]


@pytest.mark.usefixtures("marco")
def test_sessions_past_their_longest_life_are_cleared_away(database: Database) -> None:
    signed_in(database)
    fresh = signed_in(database, at=NOON + timedelta(hours=13))
    with database.read() as uow:
        rows = uow.session.exec(select(SessionRow)).all()
    assert len(rows) == 1
    assert is_open(database, fresh.token, at=NOON + timedelta(hours=13))


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Mar\x07co", "marco"])
@pytest.mark.usefixtures("marco")
def test_a_name_nobody_can_read_or_somebody_has_is_refused(database: Database, name: str) -> None:
    with database.write() as uow, pytest.raises(StaffNameError):
        staff.add(uow, STORE, name=name, pin=PIN, role=Role.ATTENDANT, now_utc=NOON)


def test_a_weak_pin_is_refused_with_its_fault(database: Database) -> None:
    with database.write() as uow, pytest.raises(PinError) as caught:
        staff.add(uow, STORE, name="Ada", pin="123456", role=Role.MANAGER, now_utc=NOON)
    assert caught.value.fault is PinFault.TOO_SIMPLE


def test_the_trail_names_who_and_what_and_never_a_pin(database: Database, marco: str) -> None:
    sign_in(database, pin="000001")
    signed_in(database)
    with database.write() as uow:
        staff.revoke_all(uow, STORE, staff_id=marco, by="Ada", now_utc=NOON)
    with database.read() as uow:
        trail = staff.audit_trail(uow, STORE, limit=10)
    assert {entry.what for entry in trail} == {
        "staff.added",
        "sign-in.refused",
        "sign-in.done",
        "staff.sessions-ended",
    }
    assert not any(PIN in repr(entry) or "000001" in repr(entry) for entry in trail)
