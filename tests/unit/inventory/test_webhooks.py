"""Words to other systems: where they may go, how they are signed, when tried again, what they say."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from inventory.config import read_store_config
from inventory.domain.call_link import LASTS, address, template_fault
from inventory.domain.help_desk import HelpState
from inventory.domain.help_waiting import Level
from inventory.domain.webhooks import (
    LONGEST_WAIT_S,
    WebhookEvent,
    events_of,
    public_id,
    signature,
    wait_s,
)
from inventory.services.webhook_outbox import Facts
from inventory.web.texts import texts_for
from inventory.web.webhook_words import WebhookWords
from inventory.webhook_settings import WebhookConfig, is_allowed

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
SECRET = "a-secret-of-the-tests-0123"
KEY = "the-key-of-a-store"


@pytest.mark.parametrize(
    "url",
    [
        "https://pager.example/notify",
        "https://pager.example:8443/a?b=c",
        "http://127.0.0.1:9000/x",
        "http://[::1]:9000/x",
        "http://localhost/x",
    ],
)
def test_words_go_over_https_or_stay_on_this_machine(url: str) -> None:
    assert is_allowed(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://pager.example/notify",
        "http://192.168.0.7/notify",
        "http://127.0.0.1.pager.example/x",
        "http://somewhere/latest/meta-data",
        "https://user:pass@pager.example/x",
        "https://127.0.0.1@pager.example/x",
        "https:///x",
        "https://pager.example/x#part",
        "https://pager.example\\@127.0.0.1/x",
        "https://pager.example/a b",
        "https://pager.example:port/x",
        "file:///etc/passwd",
        "ftp://pager.example/x",
        "//pager.example/x",
        "https://pagér.example/x",
        "",
        f"https://pager.example/{'x' * 2000}",
    ],
)
def test_words_go_nowhere_else(url: str) -> None:
    assert not is_allowed(url)
    with pytest.raises(ValidationError, match="https, or http on this machine"):
        WebhookConfig(name="pager", url=SecretStr(url), secret=SecretStr(SECRET))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("secret", SecretStr("short"), "22 characters at least"),
        ("events", ("called", "exploded"), "“exploded” is no event"),
        ("events", ("test",), "“test” is no event"),
        ("events", (), "at least 1"),
        ("name", "the pager", "pattern"),
        ("kind", "xml", "'json' or 'text'"),
    ],
)
def test_a_mistake_in_the_settings_is_told(field: str, value: object, said: str) -> None:
    good = {"name": "pager", "url": SecretStr("https://p.example/"), "secret": SecretStr(SECRET)}
    with pytest.raises(ValidationError, match=said):
        WebhookConfig.model_validate({**good, field: value})


def test_address_and_secret_may_lie_elsewhere_and_are_never_shown(tmp_path: Path) -> None:
    text = """
store_id = "corner"
name = "Corner shop"
[[help.webhooks]]
name = "room"
url = "env:ROOM_URL"
secret = "file:room.secret"
kind = "text"
"""
    (tmp_path / "store.toml").write_text(text, "utf-8")
    (tmp_path / "room.secret").write_text(SECRET, "utf-8")
    url = "https://chat.example/hooks/T0K3N"
    config = read_store_config(tmp_path / "store.toml", environment={"ROOM_URL": url})
    (webhook,) = config.help.webhooks
    assert (webhook.url.get_secret_value(), webhook.secret.get_secret_value()) == (url, SECRET)
    assert not any(secret in repr(config) for secret in ("T0K3N", SECRET))


def test_a_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification's own libraries.
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(min_size=1).filter(lambda text: text.isascii()), st.binary())
def test_any_secret_signs_and_another_body_has_another_signature(secret: str, body: bytes) -> None:
    signed = signature(secret, "msg_1", 1, body)
    assert signed == signature(secret, "msg_1", 1, body)
    assert len({signed, signature(secret, "msg_1", 1, body + b"!"), signature(secret, "msg_2", 1, body)}) == 3
    if not secret.startswith("whsec_"):
        digest = hmac.new(secret.encode(), b"msg_1.1." + body, hashlib.sha256).digest()
        assert signed == f"v1,{base64.b64encode(digest).decode()}"


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_and_end_at_a_quarter_of_an_hour(tries: int, chance: float) -> None:
    assert 0 < wait_s(tries, chance) <= LONGEST_WAIT_S
    assert wait_s(tries, 0) <= wait_s(tries, chance) <= wait_s(tries, 1) <= wait_s(tries + 1, 1)


def test_an_id_is_the_same_at_every_try_and_tells_nothing_of_the_call() -> None:
    assert public_id("corner", "help-1:0:called") == public_id("corner", "help-1:0:called")
    assert "help" not in public_id("corner", "help-1:0:called")
    assert public_id("corner", "1") != public_id("other", "1")


@pytest.mark.parametrize(
    ("state", "level", "events"),
    [
        (HelpState.DELIVERED, Level.SUPERVISOR, "called"),
        (HelpState.DELIVERED, Level.MANAGER, "called escalated-manager"),
        (HelpState.ARRIVED, Level.MANAGER, "answered"),
        (HelpState.RESOLVED, Level.MANAGER, "resolved"),
        (HelpState.CANCELLED, Level.EVERYONE, "cancelled"),
    ],
)
def test_what_a_call_is_told_as(state: HelpState, level: Level, events: str) -> None:
    assert [event.value for event in events_of(state, level)] == events.split()


def test_every_event_has_a_sentence_in_which_nobody_is_called_by_a_name_of_a_lane() -> None:
    words = WebhookWords("Mercato Aurora", texts_for("en"))
    facts: Facts = {"lane": "<!channel> @here", "reason": "wont-scan", "waited_s": 65, "level": "manager"}
    for event in WebhookEvent:
        said = words(event, facts)
        assert said.startswith("Mercato Aurora: ")
        assert not set(said) & set("<>@")
    assert words(WebhookEvent.CALLED, {**facts, "lane": "3"}) == (
        "Mercato Aurora: Lane 3 calls for help. Won’t scan. 1:05"
    )
    assert words(WebhookEvent.SIGNAL, {"on": True}) != words(WebhookEvent.SIGNAL, {"on": False})


# --- the link to talk -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "http://meet.example/{call}",
        "https://meet.example/",
        "https://meet.example/{call}/{call}",
        "https://meet.example/{call}/{name}",
        "https://{call}.example/",
        "https://user@meet.example/{call}",
        "https://meet.example/{call}'onclick=",
        "javascript:alert('{call}')",
        "https://meet.example/ {call}",
        f"https://meet.example/{'x' * 500}{{call}}",
    ],
)
def test_a_template_that_leads_astray_is_refused_with_a_sentence(template: str) -> None:
    assert template_fault(template).startswith("a call link ")


def test_a_link_is_the_same_at_every_look_ends_and_is_no_other_calls() -> None:
    template = "https://meet.example/r/{call}?quiet=1"
    assert template_fault(template) == ""

    def link(key: str = KEY, store_id: str = "corner", help_id: str = "help-1", *, minutes: int = 0) -> str:
        found = address(template, key, store_id, help_id, NOW, NOW + timedelta(minutes=minutes))
        return found.url if found is not None else ""

    assert link() == link(minutes=59)
    assert link(minutes=LASTS // timedelta(minutes=1)) == ""
    assert len({link(), link("another key"), link(store_id="other"), link(help_id="help-2")}) == 4


@given(st.text(), st.text())
def test_nothing_that_a_lane_made_up_gets_into_a_link(store_id: str, help_id: str) -> None:
    found = address("https://meet.example/{call}", KEY, store_id, help_id, NOW, NOW)
    assert found is not None
    room = found.url.removeprefix("https://meet.example/")
    assert len(room) == 32
    assert room.isascii()
    assert room.isalnum()
