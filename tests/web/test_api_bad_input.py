"""What the API is sent by mistake or in malice: each refusal is a problem in one sentence, none a failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from inventory.wire import MAX_BODY_BYTES
from tests.support.web_store import StoreInTest, lane_token

STATE = "/api/v1/lanes/lane-1/state"


@pytest.fixture
def lane(store: StoreInTest) -> httpx.Client:
    client = store.visitor().client
    client.headers["authorization"] = f"Bearer {lane_token('lane-1')}"
    return client


def state(**changed: object) -> dict[str, object]:
    return {
        "lane_id": "lane-1",
        "screen": "welcome",
        "language": "en",
        "currency": "EUR",
        "total_minor": 0,
        "at_utc": "2026-11-21T12:00:00Z",
    } | changed


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["detail"]
    return answer.status_code, told["type"].removeprefix("urn:lanelight:problem:")


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"{}{}",
    "a list": b"[]",
    "deep": b'{"lane_id":' + b"[" * 100_000,
    "deep and whole": b"[" * 60_000 + b"]" * 60_000,
    "not UTF-8": b'{"lane_id":"\xff\xfe"}',
    "UTF-16": json.dumps(state()).encode("utf-16"),
    "half a sign": json.dumps(state(screen="\ud800")).encode(),
    "NUL": json.dumps(state(screen="a\0b")).encode(),
    "one key twice": json.dumps(state()).encode()[:-1] + b',"screen":"other"}',
    "one key twice below": json.dumps(state(devices={}))
    .encode()
    .replace(b'"devices": {}', b'"devices": {"a": "1", "a": "2"}'),
}
BAD_NUMBERS = (
    b"1e1000000", b"NaN", b"Infinity", b"-Infinity", b"9223372036854775808", b"1" * 5000, b"-1e400",
    b"1.5", b'"12"', b"0x10", b"1_000", "١٢".encode(), b"true", b"null", b"00", b"+1", b"9007199254740993",
)  # fmt: skip


def test_bodies_that_are_no_message_are_refused(lane: httpx.Client) -> None:
    for name, body in BAD_BODIES.items():
        assert problem(lane.post(STATE, content=body)) == (422, "not-valid"), name


def test_numbers_that_are_no_amount_are_refused(lane: httpx.Client) -> None:
    for number in BAD_NUMBERS:
        body = json.dumps(state()).encode().replace(b'"total_minor": 0', b'"total_minor": ' + number)
        assert problem(lane.post(STATE, content=body)) == (422, "not-valid"), number


def test_a_body_says_what_it_is(lane: httpx.Client) -> None:
    body = json.dumps(state())
    for media_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/json",
        "x",
    ):
        answer = lane.post(STATE, content=body, headers={"content-type": media_type})
        assert problem(answer) == (415, "not-json"), media_type
    for media_type in ("application/json", "Application/JSON; charset=utf-8"):
        answer = lane.post(STATE, content=body, headers={"content-type": media_type})
        assert answer.status_code == 200, media_type


def test_paths_and_methods_that_are_not_there(lane: httpx.Client) -> None:
    for path in ("/api/v1/none", "/api/v2/catalogue", "/api/v1/stock/../../etc/passwd/x", "/api/v1/"):
        assert problem(lane.get(path)) == (404, "not-found"), path
    for tricky in (
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "8001234000004%27%20OR%201=1",
        "%ff",
        "x" * 5000,
        "٨" * 13,
    ):
        answer = lane.get(f"/api/v1/stock/{tricky}")
        assert problem(answer) == (404, "not-found"), tricky
    for method, path in (("DELETE", STATE), ("PUT", "/api/v1/sales"), ("PATCH", "/api/v1/plan")):
        answer = lane.request(method, path)
        assert problem(answer) == (405, "wrong-method")
        assert answer.headers["allow"]


def test_gtins_that_are_none_are_not_found(lane: httpx.Client) -> None:
    for wrong in ("8001234000005", "08001234000005", "123", "0" * 15, "-8001234000004", "8001234000004.0"):
        assert problem(lane.get(f"/api/v1/stock/{wrong}")) == (404, "not-found"), wrong


def test_a_body_too_large_is_refused_long_before_its_end(store: StoreInTest) -> None:
    """Two gigabytes are offered; the store takes no more than it must to know."""
    piece, offered = b"x" * 65_536, 32_768
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(offered):
            taken += len(piece)
            yield piece

    async def post(headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(store.app, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8480") as client:
            sent = {"authorization": f"Bearer {lane_token('lane-1')}", **headers}
            return await client.post(STATE, content=endless(), headers=sent)

    assert problem(asyncio.run(post({}))) == (413, "too-large")
    assert taken <= MAX_BODY_BYTES + 2 * len(piece)
    taken = 0
    declared = asyncio.run(post({"content-length": str(offered * len(piece))}))
    assert problem(declared) == (413, "too-large")
    assert taken == 0
