"""How a lane is let in by a code, who is kept out, and what a lane keeps of it."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from inventory.db.unit_of_work import STAFF, Database, lane_audience
from inventory.opening import prepare
from inventory.services import enrolment, lanes, staff
from inventory.web.server import RunningStore
from kiosk.commands import CommandError
from kiosk.config import TOKEN_VARIABLE, read_lane_config
from kiosk.enrolment import enrol, read_invitation
from tests.support.web_store import STORE, StoreInTest, Visitor, config_for, lane_token

DIGITS = "48217730"
TOKEN = "a-token-the-lane-made-by-itself-43-letters"
PATH = "/api/v1/enrolments"


def make_code(store: StoreInTest, lane_id: str = "lane-9", digits: str = DIGITS) -> None:
    with store.database.write() as uow:
        enrolment.make(uow, STORE, lane_id, digits=digits, by="Ada", now_utc=store.clock())


def exchange(
    visitor: Visitor, code: str = DIGITS, *, lane_id: str = "lane-9", token: str = TOKEN
) -> httpx.Response:
    return visitor.client.post(PATH, json={"code": code, "lane_id": lane_id, "token": token})


def opens(visitor: Visitor, token: str = TOKEN) -> bool:
    answer = visitor.client.get("/api/v1/plan", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code in (204, 401)
    return answer.status_code == 204


def test_a_code_lets_one_lane_in_and_a_lost_answer_costs_nothing(
    empty_store: StoreInTest,
) -> None:
    visitor = empty_store.visitor()
    make_code(empty_store)
    first = exchange(visitor)
    assert (first.status_code, first.json()["lane_id"]) == (201, "lane-9")
    again = exchange(visitor)
    assert (again.status_code, again.content) == (201, first.content)
    assert opens(visitor)
    with empty_store.database.write() as uow:
        lanes.revoke(uow, STORE, "lane-9", by="Ada", now_utc=empty_store.clock())
    assert exchange(visitor).status_code == 403
    other = exchange(visitor, token=TOKEN.upper())
    assert other.status_code == 403
    assert not opens(visitor, TOKEN.upper())


def test_five_wrong_codes_from_anywhere_end_every_open_code(empty_store: StoreInTest) -> None:
    make_code(empty_store)
    for number in range(5):
        stranger = empty_store.visitor(base_url="https://aurora.example", address=f"10.0.0.{number}")
        assert exchange(stranger, f"0000000{number}").status_code == 403
    assert exchange(empty_store.visitor()).status_code == 403
    with empty_store.database.read() as uow:
        trail = [(entry.what, entry.detail) for entry in staff.audit_trail(uow, STORE, limit=5)]
    assert ("lane.code-dead", "lane-9: 5 wrong tries") in trail


def test_a_code_lives_ten_minutes_and_a_new_one_takes_the_place_of_the_old(empty_store: StoreInTest) -> None:
    visitor = empty_store.visitor()
    make_code(empty_store)
    empty_store.clock.advance(timedelta(minutes=10))
    assert exchange(visitor).status_code == 403
    make_code(empty_store, digits="11112222")
    make_code(empty_store, digits="33334444")
    assert exchange(visitor, "11112222").status_code == 403
    assert exchange(visitor, "33334444").status_code == 201


def test_a_code_is_for_one_lane_and_never_for_one_of_the_settings(empty_store: StoreInTest) -> None:
    visitor = empty_store.visitor()
    make_code(empty_store)
    assert exchange(visitor, lane_id="lane-8").status_code == 409
    assert exchange(visitor, lane_id="lane-1").status_code == 409
    taken = exchange(visitor, token=lane_token("lane-1"))
    assert taken.status_code == 403
    assert exchange(visitor).status_code == 201


def test_a_code_does_not_travel_where_others_can_read_it(empty_store: StoreInTest) -> None:
    make_code(empty_store)
    open_network = empty_store.visitor(base_url="http://192.168.1.5:8480", address="192.168.1.9")
    assert exchange(open_network).status_code == 403
    assert (
        exchange(empty_store.visitor(base_url="https://aurora.example", address="192.168.1.9")).status_code
        == 201
    )


def test_an_address_that_tries_and_tries_has_to_wait(empty_store: StoreInTest) -> None:
    visitor = empty_store.visitor()
    answers = [visitor.client.post(PATH, json={"code": "x"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "600"


def test_a_lane_let_in_by_code_stays_over_a_restart_until_it_is_revoked(empty_store: StoreInTest) -> None:
    visitor = empty_store.visitor()
    make_code(empty_store)
    exchange(visitor)
    prepare(empty_store.config, empty_store.database, empty_store.clock())
    assert opens(visitor)
    with empty_store.database.write() as uow:
        for lane_id in ("lane-9", "lane-1"):
            lanes.revoke(uow, STORE, lane_id, by="Ada", now_utc=empty_store.clock())
    prepare(empty_store.config, empty_store.database, empty_store.clock())
    assert not opens(visitor)
    assert not opens(visitor, lane_token("lane-1"))
    assert opens(visitor, lane_token("lane-2"))


def test_the_stream_of_a_lane_that_is_revoked_ends_and_no_other(empty_store: StoreInTest) -> None:
    async def revoked() -> list[bool]:
        streams = empty_store.broker.subscribe
        with (
            streams(STORE, lane_audience("lane-1")) as hers,
            streams(STORE, lane_audience("lane-2")) as other,
            streams(STORE, STAFF) as staff_page,
        ):
            with empty_store.database.write() as uow:
                lanes.revoke(uow, STORE, "lane-1", by="Ada", now_utc=empty_store.clock())
            await asyncio.sleep(0)
            return [each.is_ended for each in (hers, other, staff_page)]

    assert asyncio.run(revoked()) == [True, False, False]


def test_neither_code_nor_token_stands_in_the_database(empty_store: StoreInTest) -> None:
    make_code(empty_store)
    exchange(empty_store.visitor())
    database = Path(empty_store.config.database_url.get_secret_value().removeprefix("sqlite:///"))
    raw = b"".join(path.read_bytes() for path in database.parent.glob("store.db*"))
    assert b"lane-9" in raw
    assert DIGITS.encode() not in raw
    assert TOKEN.encode() not in raw


# --- the console ---------------------------------------------------------------------------------


def test_a_manager_makes_a_code_and_a_token_sees_each_once_and_revokes(empty_store: StoreInTest) -> None:
    ada = empty_store.signed_in("Ada")
    page = ada.submit("/manager/devices/codes", page="/manager/devices", lane_id="lane-9").text
    digits = re.search(r"--code (\d{8})<", page)
    assert digits is not None
    assert f"{digits[1][:4]} {digits[1][4:]}" in page
    assert digits[1] not in ada.get("/manager/devices").text
    assert exchange(ada, digits[1]).status_code == 201
    ada.submit("/manager/devices/lanes/lane-9/revoke", page="/manager/devices")
    assert not opens(ada)
    page = ada.submit("/manager/devices/tokens", page="/manager/devices", name="Odoo", role="manager").text
    token = re.search(r"lanelight_[\w-]{43}", page)
    assert token is not None
    header = {"authorization": f"Bearer {token[0]}"}
    assert empty_store.visitor().client.get("/api/v1/health", headers=header).status_code == 200
    page = ada.get("/manager/devices").text
    assert token[0] not in page
    revoke = re.search(r'action="(/manager/devices/tokens/\w+/revoke)"', page)
    assert revoke is not None
    ada.submit(revoke[1], page="/manager/devices")
    assert empty_store.visitor().client.get("/api/v1/health", headers=header).status_code == 401


def test_the_console_makes_no_code_that_could_not_work(empty_store: StoreInTest) -> None:
    ada = empty_store.signed_in("Ada")
    for lane_id in ("", "lane 9", "../lane", "lane-1", "x" * 33, "<b>"):
        answer = ada.submit("/manager/devices/codes", page="/manager/devices", lane_id=lane_id)
        assert answer.status_code == 422, lane_id
    answer = ada.submit("/manager/devices/tokens", page="/manager/devices", name=" ", role="manager")
    assert answer.status_code == 422


def test_only_a_manager_with_a_form_of_hers_lets_anybody_in(empty_store: StoreInTest) -> None:
    marco = empty_store.signed_in("Marco")
    assert marco.get("/manager/devices").status_code == 403
    ada = empty_store.signed_in("Ada")
    for path in ("codes", "tokens", "lanes/lane-1/revoke", "tokens/x/revoke"):
        assert ada.send(f"/manager/devices/{path}", {"form_token": "guessed"}).status_code == 403


# --- at the lane ---------------------------------------------------------------------------------

SETTINGS = """\
[lane]
id = "lane-9"  # the sign says 9
label = "9"
store_id = "aurora"
store_name = "Mercato Aurora"

[store]
url = "http://127.0.0.1:1"
{more}
"""


@pytest.fixture
def running(tmp_path: Path, first_morning: Path) -> Iterator[tuple[RunningStore, Database]]:
    config = config_for(tmp_path, port=0)
    database = Database(config.database_url.get_secret_value())
    store = RunningStore(config, database)
    yield store, database
    store.close()
    database.dispose()


@pytest.fixture
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)


def code_for(database: Database, digits: str) -> str:
    with database.write() as uow:
        enrolment.make(uow, STORE, "lane-9", digits=digits, by="Ada", now_utc=datetime.now(UTC))
    return digits


def knows(store: RunningStore, token: str) -> bool:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.get(f"{store.url}/api/v1/plan", headers=headers).status_code == 204


def test_the_command_keeps_the_token_where_the_settings_look_for_it_and_from_everybody_else(
    running: tuple[RunningStore, Database], tmp_path: Path, no_token: None
) -> None:
    store, database = running
    settings = tmp_path / "lane.toml"
    for number, more in enumerate(
        ("", 'token = "old"  # to be changed', f'token_file = "{tmp_path}/secret"')
    ):
        settings.write_text(SETTINGS.format(more=more))
        settings.chmod(0o644)
        code = code_for(database, f"4821773{number}")
        words = enrol(settings, store_url=store.url, told=f"{code[:4]} {code[4:]}")
        assert words == "Mercato Aurora knows lane-9 now."
        read = read_lane_config(settings, {})
        assert knows(store, read.store.token.get_secret_value())
        assert read.store.url == store.url
        holder = tmp_path / "secret" if "token_file" in more else settings
        assert holder.stat().st_mode & 0o777 == 0o600
        assert "# the sign says 9" in settings.read_text()


def test_a_scanned_square_names_the_store_itself(
    running: tuple[RunningStore, Database], tmp_path: Path, no_token: None
) -> None:
    store, database = running
    settings = tmp_path / "lane.toml"
    settings.write_text(SETTINGS.format(more=""))
    code = code_for(database, DIGITS)
    enrol(settings, store_url="", told=f"lanelight:enrol?store={store.url}&lane=lane-9&code={code}\n")
    assert tomllib.loads(settings.read_text())["store"]["url"] == store.url


def test_a_refused_lane_changes_no_file(
    running: tuple[RunningStore, Database], tmp_path: Path, no_token: None
) -> None:
    store, _ = running
    settings = tmp_path / "lane.toml"
    settings.write_text(SETTINGS.format(more=""))
    for url, told, words in (
        (store.url, "00000000", "Ask for a new one"),
        (store.url, "1234", "eight digits"),
        (store.url, "lanelight:enrol?lane=lane-2&code=00000000", "is for lane-2"),
        ("http://192.168.0.9", "00000000", "only over https"),
    ):
        with pytest.raises(CommandError, match=words):
            enrol(settings, store_url=url, told=told)
    assert settings.read_text() == SETTINGS.format(more="")


@pytest.mark.parametrize("told", ["", "1234567", "123456789", "lanelight:enrol?", "١٢٣٤٥٦٧٨", "12345678x"])
def test_what_is_no_code_is_no_code(told: str) -> None:
    with pytest.raises(CommandError, match="eight digits"):
        read_invitation(told)
