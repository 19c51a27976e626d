"""What managers' own systems may read and change over the API, and how each change is made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from inventory.domain.catalogue import Item
from inventory.domain.staff import Role
from inventory.services import api_tokens, catalogue, item_fields, sales, stock
from inventory.services.item_fields import Origin
from inventory.web.app import create_app
from inventory.web.throttle import Buckets
from tests.support.store_samples import line_of, sale_message
from tests.support.web_store import APPLES, MILK, STORE, AsgiTransport, StoreInTest, item, lane_token

BREAD = "08001234000011"
_ITEM = TypeAdapter(Item)
System = Callable[[Role], httpx.Client]


@pytest.fixture
def system(store: StoreInTest) -> System:
    def client(role: Role) -> httpx.Client:
        with store.database.write() as uow:
            token = api_tokens.make(uow, STORE, name=role.value, role=role, by="Ada", now_utc=store.clock())
        client = store.visitor().client
        client.headers["authorization"] = f"Bearer {token}"
        return client

    return client


@pytest.fixture
def manager(system: System) -> httpx.Client:
    return system(Role.MANAGER)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    return answer.status_code, told["type"].removeprefix("urn:lanelight:problem:")


def body_of(changed: Item) -> dict[str, Any]:
    return {"item": _ITEM.dump_python(changed, mode="json")}


def put(client: httpx.Client, changed: Item, *, key: str, **seen: str) -> httpx.Response:
    headers = {"idempotency-key": key} | {name.replace("_", "-"): value for name, value in seen.items()}
    return client.put(f"/api/v1/items/{changed.gtin}", json=body_of(changed), headers=headers)


# --- who -----------------------------------------------------------------------------------------


def test_an_attendants_token_reads_goods_and_stock_but_neither_sales_nor_changes(system: System) -> None:
    client = system(Role.ATTENDANT)
    for path in ("health", "items", f"items/{MILK}", "prices", "stock", f"movements?gtin={MILK}"):
        assert client.get(f"/api/v1/{path}").status_code == 200, path
    assert problem(client.get("/api/v1/sales")) == (403, "not-allowed")
    assert problem(put(client, item(BREAD, "Bread"), key="1", if_none_match="*")) == (403, "not-allowed")
    prices = {"prices": [{"gtin": MILK, "price_minor": 130}]}
    answer = client.post("/api/v1/prices", json=prices, headers={"idempotency-key": "2"})
    assert problem(answer) == (403, "not-allowed")


def test_a_revoked_token_opens_nothing(store: StoreInTest, manager: httpx.Client) -> None:
    assert manager.get("/api/v1/health").json()["store_id"] == STORE
    with store.database.write() as uow:
        (made,) = api_tokens.made(uow, STORE)
        assert made.used_at_utc == store.clock()
        assert api_tokens.revoke(uow, STORE, made.token_id, by="Ada", now_utc=store.clock())
        assert not api_tokens.revoke(uow, STORE, made.token_id, by="Ada", now_utc=store.clock())
    assert problem(manager.get("/api/v1/health")) == (401, "no-token")


def test_a_lane_is_no_system_a_system_is_no_lane_and_a_sign_in_is_neither(
    store: StoreInTest, manager: httpx.Client
) -> None:
    lane = store.visitor().client
    lane.headers["authorization"] = f"Bearer {lane_token('lane-1')}"
    assert problem(lane.get("/api/v1/items")) == (403, "not-allowed")
    assert problem(manager.get("/api/v1/catalogue")) == (403, "not-allowed")
    ada = store.signed_in("Ada").client
    assert problem(ada.get("/api/v1/items")) == (401, "no-token")
    for client in (lane, manager):
        assert client.get(f"/api/v1/stock/{MILK}").status_code == 200


def test_a_token_stands_nowhere_in_the_database(store: StoreInTest, manager: httpx.Client) -> None:
    token = manager.headers["authorization"].removeprefix("Bearer ")
    database = Path(store.config.database_url.get_secret_value().removeprefix("sqlite:///"))
    raw = b"".join(path.read_bytes() for path in database.parent.glob("store.db*"))
    assert raw
    assert token.encode() not in raw


# --- items ---------------------------------------------------------------------------------------


def test_an_item_is_made_changed_and_dropped_by_who_has_seen_it(
    store: StoreInTest, manager: httpx.Client
) -> None:
    bread = item(BREAD, "Rye bread", price_minor=249)
    made = put(manager, bread, key="make", if_none_match="*")
    assert made.status_code == 201
    read = manager.get(f"/api/v1/items/{BREAD}")
    assert read.headers["etag"] == made.headers["etag"]
    assert _ITEM.validate_python(read.json()["item"]) == bread
    same = manager.get(f"/api/v1/items/{BREAD}", headers={"if-none-match": made.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    dearer = item(BREAD, "Rye bread", price_minor=259)
    assert put(manager, dearer, key="dearer", if_match=made.headers["etag"]).status_code == 200
    assert problem(put(manager, bread, key="stale", if_match=made.headers["etag"])) == (412, "changed")
    tag = manager.get(f"/api/v1/items/{BREAD}").headers["etag"]
    dropped = manager.delete(f"/api/v1/items/{BREAD}", headers={"idempotency-key": "drop", "if-match": tag})
    assert dropped.status_code == 200
    assert problem(manager.get(f"/api/v1/items/{BREAD}")) == (404, "not-found")
    with store.database.read() as uow:
        assert catalogue.version(uow, STORE) == dropped.json()["version"] == made.json()["version"] + 2


def test_nobody_changes_an_item_unseen(manager: httpx.Client) -> None:
    milk = item(MILK, "Milk", price_minor=1)
    assert problem(put(manager, milk, key="1")) == (428, "say-which")
    assert problem(put(manager, milk, key="2", if_none_match="*")) == (412, "changed")
    assert problem(put(manager, milk, key="3", if_match='"guessed"')) == (412, "changed")
    assert problem(put(manager, milk, key="4", if_match="*")) == (412, "changed")
    answer = manager.delete(f"/api/v1/items/{MILK}", headers={"idempotency-key": "5"})
    assert problem(answer) == (428, "say-which")


def test_the_same_key_gets_the_first_answer_and_no_second_change(
    store: StoreInTest, manager: httpx.Client
) -> None:
    bread = item(BREAD, "Rye bread")
    first = put(manager, bread, key="k", if_none_match="*")
    again = put(manager, bread, key="k", if_none_match="*")
    assert (again.status_code, again.content, again.headers["etag"]) == (
        201,
        first.content,
        first.headers["etag"],
    )
    assert problem(put(manager, item(BREAD, "Other bread"), key="k", if_none_match="*")) == (409, "conflict")
    store.clock.advance(timedelta(days=401))
    put(manager, item("08001234000035", "Rolls"), key="prunes", if_none_match="*")
    assert problem(put(manager, bread, key="k", if_none_match="*")) == (412, "changed")


def test_a_change_without_a_key_is_refused(manager: httpx.Client) -> None:
    prices = {"prices": [{"gtin": MILK, "price_minor": 130}]}
    assert problem(manager.post("/api/v1/prices", json=prices)) == (400, "bad-request")
    answer = manager.post("/api/v1/prices", json=prices, headers={"idempotency-key": "two words"})
    assert problem(answer) == (400, "bad-request")


UNSELLABLE: tuple[dict[str, object], ...] = (
    {"price_minor": 0},
    {"price_minor": -5},
    {"price_minor": 2**63},
    {"price_minor": "129"},
    {"price_minor": 1.5},
    {"currency": "USD"},
    {"tax_class": "none"},
    {"names": {}},
    {"names": {"en": ""}},
    {"names": {"not a language": "x"}},
    {"names": {"en": "x\u0000"}},
    {"names": {"en": "\u202eevil"}},
    {"sku": "x" * 201},
    {"sku": "S00028"},
    {"plu": "abc"},
    {"season": [13]},
    {"shelf": 99},
    {"aliases": [""]},
    {"label_prefix": "1234567"},
    {"multipack_of": MILK},
    {"multipack_of": BREAD, "multipack_units": 6},
    {"multipack_of": "08001234000035", "multipack_units": 6},
    {"colour": "red"},
)


def test_an_item_that_cannot_be_sold_is_refused(manager: httpx.Client) -> None:
    headers = {"idempotency-key": "k", "if-none-match": "*"}
    for wrong in UNSELLABLE:
        body = {"item": body_of(item(BREAD, "Rye bread"))["item"] | wrong}
        answer = manager.put(f"/api/v1/items/{BREAD}", json=body, headers=headers)
        assert problem(answer) == (422, "not-valid"), wrong


def test_names_that_look_like_code_are_kept_as_they_are(manager: httpx.Client) -> None:
    name = "<script>alert(1)</script>'; DROP TABLE item; --"
    assert put(manager, item(BREAD, name), key="k", if_none_match="*").status_code == 201
    assert manager.get(f"/api/v1/items/{BREAD}").json()["item"]["names"] == {"en": name}


# --- prices --------------------------------------------------------------------------------------


def test_prices_change_together_in_one_version(store: StoreInTest, manager: httpx.Client) -> None:
    wanted = {"prices": [{"gtin": MILK, "price_minor": 139}, {"gtin": APPLES, "price_minor": 219}]}
    following = manager.get("/api/v1/prices").json()["version"] + 1
    answer = manager.post("/api/v1/prices", json=wanted, headers={"idempotency-key": "monday"})
    assert answer.json() == {"version": following}
    told = manager.get("/api/v1/prices").json()
    assert (told["prices"], told["version"], told["next"]) == (wanted["prices"], following, None)
    again = manager.post("/api/v1/prices", json=wanted, headers={"idempotency-key": "tuesday"})
    assert again.json() == {"version": following}


def test_many_prices_that_move_a_lot_are_asked_about(manager: httpx.Client) -> None:
    wanted = {"prices": [{"gtin": MILK, "price_minor": 13}, {"gtin": APPLES, "price_minor": 21}]}
    headers = {"idempotency-key": "typo"}
    assert problem(manager.post("/api/v1/prices", json=wanted, headers=headers)) == (409, "conflict")
    sure = wanted | {"confirmed": True}
    assert manager.post("/api/v1/prices", json=sure, headers=headers).status_code == 200


def test_one_unknown_item_and_no_price_changes(manager: httpx.Client) -> None:
    wanted = {"prices": [{"gtin": MILK, "price_minor": 139}, {"gtin": BREAD, "price_minor": 219}]}
    answer = manager.post("/api/v1/prices", json=wanted, headers={"idempotency-key": "k"})
    assert problem(answer) == (422, "not-valid")
    before = manager.get("/api/v1/prices").json()
    assert before["prices"][0]["price_minor"] == 129
    twice = {"prices": [{"gtin": MILK, "price_minor": 139}] * 2}
    assert problem(manager.post("/api/v1/prices", json=twice, headers={"idempotency-key": "k"}))[0] == 422
    assert manager.get("/api/v1/prices").json() == before


def test_a_price_set_by_a_system_of_the_store_is_the_stores_own(
    store: StoreInTest, manager: httpx.Client
) -> None:
    wanted = {"prices": [{"gtin": MILK, "price_minor": 139}]}
    manager.post("/api/v1/prices", json=wanted, headers={"idempotency-key": "k"})
    with store.database.read() as uow:
        kept = item_fields.of_item(uow, STORE, MILK)["price_minor"]
    assert (kept.origin, kept.who, kept.value, kept.hq_value) == (Origin.STORE, "manager", "139", "129")


# --- stock and sales -----------------------------------------------------------------------------


def movement(source_id: str, *, quantity_milli: int = 5000, reason: str = "RECEIPT") -> dict[str, object]:
    return {"source_id": source_id, "gtin": MILK, "reason": reason, "quantity_milli": quantity_milli}


def test_a_movement_is_posted_once_and_only_with_its_first_contents(
    store: StoreInTest, system: System
) -> None:
    client = system(Role.ATTENDANT)
    first = client.post("/api/v1/movements", json=movement("note-1"))
    assert (first.status_code, first.json()["outcome"]) == (201, "created")
    again = client.post("/api/v1/movements", json=movement("note-1"))
    assert (again.status_code, again.json()["outcome"]) == (200, "exists")
    other = client.post("/api/v1/movements", json=movement("note-1", quantity_milli=6000))
    assert problem(other) == (409, "conflict")
    with store.database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
        assert level is not None
        assert level.on_hand_milli == 5000
        assert stock.audit(uow, STORE) == []


def test_a_movement_of_a_pack_moves_its_pieces_and_may_say_where(
    store: StoreInTest, manager: httpx.Client
) -> None:
    six = replace(item(BREAD, "Milk, six"), multipack_of=MILK, multipack_units=6)
    assert put(manager, six, key="six", if_none_match="*").status_code == 201
    said = {"location": "backroom", "lot": "L1", "expires_on": "2026-12-31"}
    sent = movement("packs", quantity_milli=2000) | {"gtin": BREAD} | said
    for outcome in ("created", "exists"):
        answer = manager.post("/api/v1/movements", json=sent)
        assert answer.json()["outcome"] == outcome
        assert answer.json()["level"]["on_hand_milli"] == 2000
    (told,) = manager.get(f"/api/v1/movements?gtin={MILK}").json()["movements"]
    assert {name: told[name] for name in said} == said
    assert told["quantity_milli"] == 12_000


IMPOSSIBLE = (
    movement("a") | {"location": "a\u0007b"},
    movement("a") | {"expires_on": "tomorrow"},
    movement("a", quantity_milli=0),
    movement("a", quantity_milli=2**63),
    movement("a", reason="SALE"),
    movement("a", reason="MAGIC"),
    movement("'; DROP TABLE movement"),
    movement("../../etc/passwd"),
    movement("a") | {"gtin": "8001234000004"},
    movement("a") | {"at_utc": "2026-01-01T00:00:00Z"},
)


def test_a_movement_that_cannot_be_is_refused(manager: httpx.Client) -> None:
    for wrong in IMPOSSIBLE:
        assert problem(manager.post("/api/v1/movements", json=wrong)) == (422, "not-valid"), wrong


def test_a_movement_of_unknown_goods_is_not_posted(manager: httpx.Client) -> None:
    answer = manager.post("/api/v1/movements", json=movement("a") | {"gtin": BREAD})
    assert problem(answer) == (404, "not-found")


def read_through(client: httpx.Client, path: str, entries: str, *, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        more = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = client.get(path, params=httpx.QueryParams(httpx.URL(path).params).merge(more)).json()
        found += page[entries]
        if page["next"] is None:
            return found
        cursor = page["next"]


def test_pages_follow_each_other_without_gap_or_double(manager: httpx.Client, store: StoreInTest) -> None:
    for number in range(5):
        manager.post("/api/v1/movements", json=movement(f"note-{number}"))
        if number % 2:
            store.clock.advance(timedelta(seconds=1))
    sources = [
        each["source_id"]
        for each in read_through(manager, f"/api/v1/movements?gtin={MILK}", "movements", limit=2)
    ]
    assert sorted(source.rpartition(":")[2] for source in sources) == [f"note-{n}" for n in range(5)]
    assert [each["gtin"] for each in read_through(manager, "/api/v1/items", "items", limit=1)] == [
        MILK,
        APPLES,
    ]
    assert len(read_through(manager, "/api/v1/stock", "levels", limit=1)) == 2


def test_a_days_sales_come_in_the_order_they_were_paid(store: StoreInTest, manager: httpx.Client) -> None:
    milk = item(MILK, "Whole milk 1 L")
    with store.database.write() as uow:
        for number in range(3):
            message = sale_message(line_of(milk), sale_id=f"sale-{number}", receipt_no=number + 1)
            sales.record(uow, STORE, message, message.model_dump_json().encode(), store.clock())
    day = message.sale.paid_at_utc.date().isoformat()
    told = read_through(manager, f"/api/v1/sales?day={day}", "sales", limit=2)
    assert [each["sale"]["sale_id"] for each in told] == ["sale-0", "sale-1", "sale-2"]
    assert manager.get("/api/v1/sales?day=1999-01-01").json()["sales"] == []


def test_a_cursor_that_was_not_ours_is_refused(manager: httpx.Client) -> None:
    for path in ("items?", "prices?", "stock?", "sales?", f"movements?gtin={MILK}&"):
        for cursor in ("x", "W10", "WyJcdTAwMDAiXQ", "eyJhIjoxfQ", "=", "%00", "WyJcdWQ4MDAiXQ", "W" * 401):
            answer = manager.get(f"/api/v1/{path}cursor={cursor}")
            assert problem(answer) == (422, "not-valid"), (path, cursor)


# --- how often -----------------------------------------------------------------------------------


def test_a_bucket_holds_a_burst_and_fills_at_its_rate() -> None:
    now = [0.0]
    buckets = Buckets(per_second=50, burst=200, monotonic=lambda: now[0])
    assert [buckets.wait_s("a") for _ in range(200)] == [0.0] * 200
    assert buckets.wait_s("a") == pytest.approx(0.02)
    assert buckets.wait_s("b") == 0.0
    now[0] = 0.021
    assert buckets.wait_s("a") == 0.0
    assert buckets.wait_s("a") > 0


def test_who_asks_too_often_is_told_when_to_come_back(store: StoreInTest, manager: httpx.Client) -> None:
    slow = store.config.model_copy(update={"api_per_second": 1, "api_burst": 5})
    app = create_app(slow, store.database, store.broker, clock=store.clock)
    client = httpx.Client(transport=AsgiTransport(app, "127.0.0.1"), base_url=manager.base_url)
    answers = [client.get("/api/v1/health", headers=manager.headers) for _ in range(30)]
    assert answers[0].status_code == 200
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert {problem(answer) for answer in refused} == {(429, "too-many")}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert store.visitor().client.get("/healthz").status_code == 200
