"""Owns what must hold when a person signs in: hashes, tokens, locks and the trail, against a real file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from inventory.db.tables import SessionRow, StaffRow
from inventory.db.unit_of_work import Database
from inventory.domain.staff import FAILURES_TO_WAIT, LOCK_WAIT, PinFault, Role, SignInReason
from inventory.services import pins, sessions, staff
from inventory.services.pins import PinCheck, PinRefused
from inventory.services.sessions import Session
from inventory.services.staff import PinError, StaffNameError

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
) -> Session | PinRefused:
    checked = pins.check(database, STORE, name=name, pin=pin)
    with database.write() as uow:
        return sessions.sign_in(uow, STORE, checked, now_utc=at)


def signed_in(database: Database, *, at: datetime = NOON) -> Session:
    outcome = sign_in(database, at=at)
    assert isinstance(outcome, Session)
    return outcome


def is_open(database: Database, token: str, *, at: datetime = NOON) -> bool:
    with database.read() as uow:
        return sessions.session(uow, STORE, token=token, now_utc=at) is not None


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
    refused = PinRefused(SignInReason.WRONG)
    assert sign_in(database, name="Nobody") == refused
    assert sign_in(database, pin="205188") == refused


@pytest.mark.usefixtures("marco")
def test_after_five_wrong_pins_the_right_one_waits_fifteen_minutes(database: Database) -> None:
    for _ in range(5):
        sign_in(database, pin="000001")
    assert sign_in(database) == PinRefused(SignInReason.WAIT, NOON + LOCK_WAIT)
    assert isinstance(sign_in(database, at=NOON + LOCK_WAIT), Session)


def settle_at_once(database: Database, checked: list[PinCheck]) -> list[Session | PinRefused]:
    """Every guess was worked on before the first is counted, and all are counted on threads of their own."""
    outcomes: list[Session | PinRefused] = []
    ready = threading.Barrier(len(checked))

    def settle(guess: PinCheck) -> None:
        ready.wait()
        with database.write() as uow:
            outcomes.append(sessions.sign_in(uow, STORE, guess, now_utc=NOON))

    threads = [threading.Thread(target=settle, args=(guess,)) for guess in checked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def failures_of(database: Database, staff_id: str) -> int:
    with database.read() as uow:
        person = uow.session.get(StaffRow, (STORE, staff_id))
    assert person is not None
    return person.failures


@pytest.mark.parametrize("guesses", [4, 5, 12])
def test_wrong_pins_at_once_are_each_counted_until_the_name_waits(
    database: Database, marco: str, guesses: int
) -> None:
    wrong = pins.check(database, STORE, name="Marco", pin="000001")
    outcomes = settle_at_once(database, [wrong] * guesses)
    counted = min(guesses, FAILURES_TO_WAIT)
    assert failures_of(database, marco) == counted
    waiting = PinRefused(SignInReason.WAIT, NOON + LOCK_WAIT)
    assert outcomes.count(PinRefused(SignInReason.WRONG)) == min(guesses, FAILURES_TO_WAIT - 1)
    assert outcomes.count(waiting) == max(0, guesses - FAILURES_TO_WAIT + 1)
    assert isinstance(sign_in(database), Session) == (guesses < FAILURES_TO_WAIT)


def test_whole_wrong_sign_ins_at_once_lock_the_name(database: Database, marco: str) -> None:
    threads = [threading.Thread(target=sign_in, args=(database,), kwargs={"pin": "000001"}) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures_of(database, marco) == FAILURES_TO_WAIT
    assert sign_in(database) == PinRefused(SignInReason.WAIT, NOON + LOCK_WAIT)


@pytest.mark.usefixtures("marco")
def test_a_right_pin_that_was_worked_on_before_the_lock_fell_does_not_pass_it(database: Database) -> None:
    right = pins.check(database, STORE, name="Marco", pin=PIN)
    for _ in range(FAILURES_TO_WAIT):
        sign_in(database, pin="000001")
    assert settle_at_once(database, [right]) == [PinRefused(SignInReason.WAIT, NOON + LOCK_WAIT)]


def test_a_pin_that_was_changed_since_it_was_worked_on_is_a_wrong_one(database: Database, marco: str) -> None:
    right = pins.check(database, STORE, name="Marco", pin=PIN)
    with database.write() as uow:
        person = uow.session.get(StaffRow, (STORE, marco))
        assert person is not None
        person.pin_hash = pins.hash_of("417093")
        uow.session.add(person)
    assert settle_at_once(database, [right]) == [PinRefused(SignInReason.WRONG)]
    assert failures_of(database, marco) == 1


@pytest.mark.usefixtures("marco")
def test_sales_go_on_while_a_pin_is_worked_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    class Slow:
        """Works on a PIN for as long as it takes somebody else to write."""

        def verify(self, _pin: str, pin_hash: str) -> bool:
            with database.write():
                written.append(pin_hash)
            return False

    monkeypatch.setattr(pins, "_HASHER", Slow())
    assert not pins.check(database, STORE, name="Marco", pin="000001").is_right
    assert len(written) == 1


@pytest.mark.parametrize("name", ["Marco", "Nobody"])
@pytest.mark.usefixtures("marco")
def test_an_unknown_name_is_worked_on_like_a_known_one(
    database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    worked_on = []
    hasher = pins._HASHER

    class Counting:
        def verify(self, pin: str, pin_hash: str) -> bool:
            worked_on.append(pin_hash[:40])
            return hasher.verify(pin, pin_hash)

    pins._hash_of_nobody()
    monkeypatch.setattr(pins, "_HASHER", Counting())
    assert not pins.check(database, STORE, name=name, pin="000001").is_right
    assert [settings.rpartition("$")[0] for settings in worked_on] == ["$argon2id$v=19$m=19456,t=3,p=1"]


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
    assert sign_in(database, at=late + timedelta(days=30)) == PinRefused(SignInReason.LOCKED)
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
        sessions.touch(uow, STORE, token=token, now_utc=four)
    assert is_open(database, token, at=NOON + timedelta(minutes=8))
    assert not is_open(database, token, at=NOON + timedelta(minutes=9))


@pytest.mark.usefixtures("marco")
def test_signing_out_ends_the_session_at_the_server(database: Database) -> None:
    gone, kept = signed_in(database).token, signed_in(database).token
    with database.write() as uow:
        sessions.sign_out(uow, STORE, token=gone, now_utc=NOON)
    assert not is_open(database, gone)
    assert is_open(database, kept)


def test_a_manager_ends_every_session_of_a_person(database: Database, marco: str) -> None:
    tokens = [signed_in(database).token for _ in range(2)]
    with database.write() as uow:
        assert sessions.revoke_all(uow, STORE, staff_id=marco, by="Ada", now_utc=NOON) == 2
    assert not any(is_open(database, token) for token in tokens)


def test_a_session_of_one_store_is_none_in_another(database: Database, marco: str) -> None:
    token = signed_in(database).token
    with database.read() as uow:
        assert sessions.session(uow, "other", token=token, now_utc=NOON) is None
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
        sessions.revoke_all(uow, STORE, staff_id=marco, by="Ada", now_utc=NOON)
    with database.read() as uow:
        trail = staff.audit_trail(uow, STORE, limit=10)
    assert {entry.what for entry in trail} == {
        "staff.added",
        "sign-in.refused",
        "sign-in.done",
        "staff.sessions-ended",
    }
    assert not any(PIN in repr(entry) or "000001" in repr(entry) for entry in trail)
