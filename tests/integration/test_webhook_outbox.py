"""What other systems are told: written with what it tells of, sent until taken, never in a call's way."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from inventory import commands, webhook_link
from inventory.command_error import CommandError
from inventory.db.unit_of_work import Database
from inventory.domain.feedback import Face
from inventory.domain.feedback_alerts import Moment
from inventory.domain.help_desk import Escalate, HandOver, HelpState, Resolve, Take
from inventory.domain.help_waiting import Level
from inventory.domain.webhooks import GIVE_UP, WebhookEvent, signature
from inventory.help_settings import HelpConfig
from inventory.services import feedback_alerts, help_desk, tasks, webhook_outbox
from inventory.web.server import RunningStore
from inventory.web.texts import texts_for
from inventory.web.webhook_words import WebhookWords
from inventory.webhook_link import WebhookLink, client_for
from inventory.webhook_settings import WebhookConfig
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    OTHER_LANE_ID,
    STORE_ID,
    TOKENS,
    help_message,
    opened_store,
    store_config,
)
from tests.support.two_stores import call

SECRET = "a-secret-of-the-tests-0123"
WORDS = WebhookWords("Corner shop", texts_for("en"))
EVERYTHING = tuple(event.value for event in WebhookEvent if event is not WebhookEvent.TEST)


class Receiver:
    """Another system on this machine: keeps what it was sent and answers as it is told."""

    def __init__(self) -> None:
        self.status = 204
        self.location = ""
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                signed = signature(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
                assert headers["webhook-signature"] == signed
                receiver.got.append((headers, json.loads(body)))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("location", receiver.location)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + 20
        while len(self.got) < count:
            assert time.monotonic() < until, self.got
            time.sleep(0.02)

    @property
    def events(self) -> list[str]:
        return [body["event"] for _headers, body in self.got]


class Clock:
    def __init__(self) -> None:
        self.now_utc = NOW

    def __call__(self) -> datetime:
        return self.now_utc

    def advance(self, **step: float) -> None:
        self.now_utc += timedelta(**step)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore, clock: Clock) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        database.before_commit(lambda uow: webhook_outbox.note(uow, clock()))
        yield database


def wants(database: Database, *events: str, name: str = "pager") -> None:
    with database.write() as uow:
        webhook_outbox.settle(uow, STORE_ID, {name: events})


@contextmanager
def link(
    database: Database, url: str, clock: Clock, *, kind: str = "json", client: httpx.Client | None = None
) -> Iterator[WebhookLink]:
    config = WebhookConfig.model_validate(
        {"name": "pager", "url": SecretStr(url), "secret": SecretStr(SECRET), "kind": kind}
    )
    with client or client_for() as used:
        yield WebhookLink(config, database, STORE_ID, WORDS, clock=clock, client=used, chance=Random(1))


def climb(database: Database, level: Level, clock: Clock, help_id: str = "help-1") -> None:
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, help_id, Escalate(level), clock())


def step(database: Database, deed: Take | Resolve, clock: Clock, help_id: str = "help-1") -> None:
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, help_id, deed, clock())


def test_a_call_that_climbs_to_the_managers_is_told_once_with_nothing_about_anybody(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    wants(database, "escalated-manager")
    call(database, note="Signora Bianchi, via Roma 1")
    clock.advance(seconds=60)
    for _ in range(2):
        climb(database, Level.MANAGER, clock)
    with link(database, receiver.url, clock) as pager:
        assert (pager.round(), pager.round()) == (1, 0)
    ((headers, body),) = receiver.got
    assert body == {
        "at": "2026-05-04T10:31:00Z",
        "event": "escalated-manager",
        "lane": "1",
        "level": "manager",
        "reason": "unsaid",
        "store": STORE_ID,
        "waited_s": 60,
    }
    assert headers["webhook-id"].startswith("msg_")
    assert headers["user-agent"] == "Lanelight"


def test_the_whole_life_of_a_call_may_be_heard_and_each_turn_is_a_new_one(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    wants(database, *EVERYTHING)
    call(database)
    step(database, Take("Marco", HelpState.ACCEPTED), clock)
    step(database, Take("Marco", HelpState.ARRIVED), clock)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", HandOver("Marco"), clock())
    step(database, Resolve("Ada"), clock)
    with database.write() as uow:
        cancelled = help_message(HelpState.CANCELLED, help_id="help-2", lane_id=OTHER_LANE_ID)
        help_desk.receive(uow, STORE_ID, cancelled, clock())
    with link(database, receiver.url, clock) as pager:
        pager.round()
    assert sorted(receiver.events) == ["answered", "called", "called", "cancelled", "resolved"]
    assert "Marco" not in json.dumps(receiver.got)


def test_the_signal_goes_on_with_the_first_late_call_and_off_with_the_last(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    wants(database, "signal")
    for number, lane_id in ((1, LANE_ID), (2, OTHER_LANE_ID)):
        call(database, f"help-{number}", lane_id=lane_id)
        climb(database, Level.MANAGER, clock, f"help-{number}")
    step(database, Take("Marco", HelpState.ACCEPTED), clock)
    with link(database, receiver.url, clock) as pager:
        assert pager.round() == 1
        step(database, Resolve("Ada"), clock, "help-2")
        call(database, "help-3")
        assert pager.round() == 1
    assert [body["on"] for _headers, body in receiver.got] == [True, False]


def test_bad_faces_are_told_once_an_alert(database: Database, receiver: Receiver, clock: Clock) -> None:
    wants(database, "feedback")
    with database.write() as uow:
        moment = Moment(Face.AWFUL, clock(), None)
        feedback_alerts.face_heard(uow, STORE_ID, LANE_ID, "digest", moment, clock())
    with database.read() as uow:
        alerts = feedback_alerts.standing(uow, STORE_ID, clock())
    with link(database, receiver.url, clock) as pager:
        assert pager.round() == len(alerts)


def test_what_was_rolled_back_is_not_told(database: Database, receiver: Receiver, clock: Clock) -> None:
    wants(database, "called")

    def fail(_uow: object) -> None:
        raise ZeroDivisionError

    database.before_commit(fail)
    with pytest.raises(ZeroDivisionError):
        call(database)
    with link(database, receiver.url, clock) as pager:
        assert pager.round() == 0


def test_a_room_reads_a_sentence(database: Database, receiver: Receiver, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    with link(database, receiver.url, clock, kind="text") as room:
        room.round()
    assert [body for _headers, body in receiver.got] == [{"text": "Corner shop: Lane 1 calls for help. 0:00"}]


def test_a_refusal_is_tried_again_later_under_the_same_id(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    wants(database, "called")
    call(database)
    receiver.status = 503
    with link(database, receiver.url, clock) as pager:
        assert (pager.round(), pager.round(), len(receiver.got)) == (0, 0, 1)
        clock.advance(seconds=3)
        receiver.status = 200
        assert pager.round() == 1
    first, second = (headers["webhook-id"] for headers, _body in receiver.got)
    assert first == second


def test_no_redirect_is_followed(database: Database, receiver: Receiver, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    receiver.status, receiver.location = 307, f"{receiver.url}/inside"
    with link(database, receiver.url, clock) as pager:
        pager.round()
    assert len(receiver.got) == 1


def test_after_a_day_it_is_given_up_and_somebody_is_told(database: Database, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    rounds = 0
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with link(database, f"http://127.0.0.1:{port}/", clock) as pager:
        while clock() - NOW < GIVE_UP + timedelta(hours=1):
            rounds += 1
            pager.round()
            clock.advance(minutes=20)
    with database.read() as uow:
        (task,) = tasks.open_tasks(uow, STORE_ID)
        assert not webhook_outbox.is_due(uow, STORE_ID, "pager", clock() + timedelta(days=1))
    assert (task.kind, task.is_about_money) == (tasks.WEBHOOK, False)
    assert "pager did not take 1 messages for 24 hours" in task.words
    assert rounds > 70


def test_two_processes_never_send_one_message_at_once(database: Database, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    with database.write() as uow:
        assert webhook_outbox.claim(uow, STORE_ID, "pager", clock()) is not None
    with database.write() as uow:
        assert webhook_outbox.claim(uow, STORE_ID, "pager", clock()) is None
    clock.advance(seconds=61)
    with database.write() as uow:
        again = webhook_outbox.claim(uow, STORE_ID, "pager", clock())
    assert again is not None, "whoever had it has died"
    assert again.tries == 2


def test_a_webhook_that_left_the_settings_takes_what_waits_with_it(database: Database, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    wants(database, "called", name="room")
    with database.read() as uow:
        assert not webhook_outbox.is_due(uow, STORE_ID, "pager", clock())


@pytest.fixture
def hanging() -> Iterator[str]:
    """A server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_a_server_that_hangs_costs_a_call_nothing_and_stops_with_the_store(
    database: Database, hanging: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_link, "EVERY_S", 0.01)
    monkeypatch.setattr(webhook_link, "STOP_S", 0.1)
    wants(database, "called")
    call(database)
    with link(database, hanging, clock) as pager, pager:
        time.sleep(0.2)  # it is in the middle of its try by now
        began = time.monotonic()
        for number in range(2, 12):
            call(database, f"help-{number}")
        took_s = time.monotonic() - began
        stopped = time.monotonic()
    assert took_s < 5
    assert time.monotonic() - stopped < 5


def test_a_server_that_says_nothing_is_left_in_time(database: Database, hanging: str, clock: Clock) -> None:
    wants(database, "called")
    call(database)
    client = httpx.Client(timeout=0.05, trust_env=False)
    with link(database, hanging, clock, client=client) as pager:
        assert pager.round() == 0
    with database.read() as uow:
        assert webhook_outbox.is_due(uow, STORE_ID, "pager", clock() + timedelta(seconds=3))


# --- in a running store, and from the command line -------------------------------------------------


def test_a_running_store_tells_of_a_call_by_itself(tmp_path: Path, receiver: Receiver) -> None:
    pager = {
        "name": "pager",
        "url": SecretStr(receiver.url),
        "secret": SecretStr(SECRET),
        "events": ("called",),
    }
    told = HelpConfig(webhooks=(WebhookConfig.model_validate(pager),))
    config = store_config(tmp_path).model_copy(update={"help": told})
    database = Database(config.database_url.get_secret_value())
    store = RunningStore(config, database)
    try:
        headers = {"authorization": f"Bearer {TOKENS[LANE_ID]}"}
        body = help_message(at_utc=datetime.now(UTC)).model_dump_json()
        answer = httpx.put(f"{store.url}/api/v1/help/help-1", content=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text
        receiver.wait_for(1)
    finally:
        store.close()
        database.dispose()
    assert receiver.events == ["called"]


def test_a_message_can_be_tried_from_the_command_line(
    tmp_path: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "store.toml"
    path.write_text(
        f"""
store_id = "corner"
name = "Corner shop"
[[help.webhooks]]
name = "pager"
url = "{receiver.url}"
secret = "{SECRET}"
kind = "text"
""",
        "utf-8",
    )
    commands.try_webhook(path, "pager")
    assert "pager has taken the message msg_" in capsys.readouterr().out
    assert [body for _headers, body in receiver.got] == [{"text": "Corner shop: This is a test."}]
    receiver.status = 500
    with pytest.raises(CommandError, match="pager did not take the message: it answered 500"):
        commands.try_webhook(path, "pager")
    with pytest.raises(CommandError, match="name no webhook room; there are: pager"):
        commands.try_webhook(path, "room")
    assert not (tmp_path / "store.db").exists(), "nothing but the address is touched"
