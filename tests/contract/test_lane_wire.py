"""The wire between lane and store: what each request is answered, over real HTTP and event streams."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assets import ROOT as ASSETS
from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.approving import ABOUT_ONE_ROW, PLAIN_POLICY, AskedRow, row_facts
from inventory.domain.help_desk import Decision, HelpState, InterventionKind, Take
from inventory.domain.orders import OrderKind, OrderOutcome, OrderState
from inventory.domain.staff import Role
from inventory.domain.stock import Movement, Reason
from inventory.services import approvals, catalogue, help_desk, interventions, orders, stock
from inventory.services.approvals import Decider
from inventory.web.app import create_app
from inventory.web.events import Broker
from inventory.web.reception import utc_now
from inventory.web.server import RunningStore, ServerError, listen
from inventory.wire import (
    MAX_BODY_BYTES,
    CatalogueMessage,
    DecisionMessage,
    HelpUpdateMessage,
    OrderMessage,
    OrderReport,
    PlanMessage,
    SaleAnswer,
    StockMessage,
)
from tests.support.store_samples import (
    ITEMS,
    LANE_ID,
    MIRROR,
    NOW,
    OTHER_LANE_ID,
    PEARS,
    RATES,
    SIX_WATERS,
    STORE_ID,
    TOKENS,
    WATER,
    body_of,
    gtin,
    help_message,
    intervention_message,
    lane_state,
    line_of,
    sale_message,
    store_config,
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> StoreConfig:
    return store_config(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def database(config: StoreConfig) -> Iterator[Database]:
    database = Database(config.database_url.get_secret_value())
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def store(config: StoreConfig, database: Database) -> Iterator[RunningStore]:
    store = RunningStore(config, database)
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, ITEMS, RATES, NOW)
    yield store
    store.close()


@pytest.fixture
def lane(store: RunningStore) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=store.url, headers={"authorization": f"Bearer {TOKENS[LANE_ID]}"}, timeout=5
    ) as client:
        yield client


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    return answer.status_code, told["detail"]


def test_a_lane_fetches_the_catalogue_once_a_version(lane: httpx.Client) -> None:
    message = CatalogueMessage.model_validate_json(lane.get("/api/v1/catalogue").content)
    assert {item.gtin: item for item in message.items} == {item.gtin: item for item in ITEMS}
    assert message.tax_rates_bp == RATES
    unchanged = lane.get("/api/v1/catalogue", params={"since": message.version})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert lane.get("/api/v1/catalogue", params={"since": message.version - 1}).status_code == 200


def test_a_sale_is_created_then_exists_then_conflicts(lane: httpx.Client) -> None:
    body = body_of(sale_message(line_of(MIRROR), sale_id="wire-1"))
    created = lane.post("/api/v1/sales", content=body)
    assert (created.status_code, SaleAnswer.model_validate_json(created.content).outcome) == (201, "created")
    again = lane.post("/api/v1/sales", content=body)
    assert (again.status_code, SaleAnswer.model_validate_json(again.content).outcome) == (200, "exists")
    other = body_of(sale_message(line_of(WATER), sale_id="wire-1"))
    assert problem(lane.post("/api/v1/sales", content=other))[0] == 409


def test_stock_falls_with_a_sale_and_unknown_items_are_not_found(lane: httpx.Client) -> None:
    lane.post("/api/v1/sales", content=body_of(sale_message(line_of(WATER), sale_id="wire-2", receipt_no=2)))
    level = StockMessage.model_validate_json(lane.get(f"/api/v1/stock/{WATER.gtin}").content)
    assert level.on_hand_milli <= -1000
    packs = StockMessage.model_validate_json(lane.get(f"/api/v1/stock/{SIX_WATERS.gtin}").content)
    assert packs.on_hand_milli == level.on_hand_milli // 6000 * 1000
    assert packs.as_of_utc == level.as_of_utc
    assert problem(lane.get(f"/api/v1/stock/{gtin(999)}"))[0] == 404
    assert problem(lane.get("/api/v1/stock/hello"))[0] == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong-token-of-right-length", "Basic eDp5"])
@pytest.mark.parametrize("path", ["/api/v1/catalogue", "/api/v1/events", f"/api/v1/stock/{MIRROR.gtin}"])
def test_nobody_speaks_without_a_token(store: RunningStore, path: str, header: str) -> None:
    answer = httpx.get(store.url + path, headers={"authorization": header} if header else {})
    assert problem(answer)[0] == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def answer_report(report_id: str, lane_id: str) -> dict[str, object]:
    count = {"question": "scan", "language": "it", "outcome": "not helped", "count": 2}
    return {"report_id": report_id, "lane_id": lane_id, "counts": [count]}


def test_counts_of_answers_are_taken_once_and_under_their_own_id(lane: httpx.Client) -> None:
    report = answer_report("report-1", LANE_ID)
    for _ in range(2):
        assert lane.put("/api/v1/answers/report-1", json=report).status_code == 204
    assert problem(lane.put("/api/v1/answers/report-2", json=report))[0] == 422
    assert problem(lane.put("/api/v1/answers/report-1", json=report | {"counts": []}))[0] == 422


def face(feedback_id: str, lane_id: str, **more: str) -> dict[str, str]:
    at = "2026-11-21T12:00:00Z"
    return {"feedback_id": feedback_id, "lane_id": lane_id, "face": "bad", "at_utc": at} | more


def test_a_face_is_taken_once_under_its_own_id_and_later_its_reason(lane: httpx.Client) -> None:
    for said in (face("f1", LANE_ID), face("f1", LANE_ID), face("f1", LANE_ID, reason="slow")):
        assert lane.put("/api/v1/feedback/f1", json=said).status_code == 204
    assert problem(lane.put("/api/v1/feedback/f2", json=face("f1", LANE_ID)))[0] == 422
    assert problem(lane.put("/api/v1/feedback/f1", json=face("f1", LANE_ID, face="furious")))[0] == 422
    assert problem(lane.put("/api/v1/feedback/f1", json=face("f1", LANE_ID, name="Mara")))[0] == 422


def test_a_lane_speaks_for_itself_alone(lane: httpx.Client) -> None:
    sale = body_of(sale_message(line_of(MIRROR), sale_id="theirs", lane_id=OTHER_LANE_ID))
    call = help_message(help_id="theirs", lane_id=OTHER_LANE_ID).model_dump_json()
    look = intervention_message(intervention_id="theirs", lane_id=OTHER_LANE_ID).model_dump_json()
    ended = order_report("theirs", lane_id=OTHER_LANE_ID)
    state = lane_state().model_dump_json()
    answers = [
        lane.post("/api/v1/sales", content=sale),
        lane.put("/api/v1/help/theirs", content=call),
        lane.put("/api/v1/interventions/theirs", content=look),
        lane.put("/api/v1/orders/theirs", content=ended),
        lane.put("/api/v1/answers/theirs", json=answer_report("theirs", OTHER_LANE_ID)),
        lane.put("/api/v1/feedback/theirs", json=face("theirs", OTHER_LANE_ID)),
        lane.post(f"/api/v1/lanes/{OTHER_LANE_ID}/state", content=state),
    ]
    assert [problem(answer)[0] for answer in answers] == [403] * 7


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"\xff", 422),
        (b'{"surprise": 1}', 422),
        (b"[" * 100_000, 422),
        (b" " * (MAX_BODY_BYTES + 1), 413),
    ],
)
def test_a_body_that_is_no_message_is_a_problem_and_no_more(
    lane: httpx.Client, body: bytes, status: int
) -> None:
    for answer in (
        lane.post("/api/v1/sales", content=body),
        lane.put("/api/v1/help/x", content=body),
        lane.put("/api/v1/interventions/x", content=body),
        lane.put("/api/v1/orders/x", content=body),
        lane.post(f"/api/v1/lanes/{LANE_ID}/state", content=body),
    ):
        assert problem(answer)[0] == status


def test_numbers_no_table_can_hold_are_a_problem(lane: httpx.Client) -> None:
    raw = json.loads(body_of(sale_message(line_of(MIRROR), sale_id="huge")))
    raw["journal_seq"] = 10**30
    assert problem(lane.post("/api/v1/sales", json=raw))[0] == 422
    state = json.loads(lane_state().model_dump_json()) | {"journal_seq": 10**30}
    assert problem(lane.post(f"/api/v1/lanes/{LANE_ID}/state", json=state))[0] == 422


@pytest.mark.parametrize(
    "absurd",
    [
        {"total_minor": 10**40},
        {"outbox_waiting": -(10**40)},
        {"lines": [{"name": "x", "quantity": "1", "amount_minor": -(10**40)}]},
    ],
)
def test_an_absurd_number_in_a_lane_s_state_is_refused(lane: httpx.Client, absurd: dict[str, object]) -> None:
    state = json.loads(lane_state().model_dump_json()) | absurd
    assert problem(lane.post(f"/api/v1/lanes/{LANE_ID}/state", json=state))[0] == 422


def test_text_no_table_can_hold_is_a_problem(lane: httpx.Client) -> None:
    call = json.loads(help_message(help_id="nul").model_dump_json()) | {"note": "a\0b"}
    assert problem(lane.put("/api/v1/help/nul", json=call))[0] == 422


def test_an_id_in_the_path_is_the_one_in_the_body(lane: httpx.Client) -> None:
    assert problem(lane.put("/api/v1/help/a", content=help_message(help_id="b").model_dump_json()))[0] == 422
    long_id = "x" * 65
    body = help_message(help_id=long_id).model_dump_json()
    assert problem(lane.put(f"/api/v1/help/{long_id}", content=body))[0] == 422


def test_a_call_for_help_may_be_put_again_and_cancelled(lane: httpx.Client) -> None:
    path = "/api/v1/help/wire-help"
    states = [
        HelpUpdateMessage.model_validate_json(lane.put(path, content=message.model_dump_json()).content).state
        for message in (
            help_message(help_id="wire-help"),
            help_message(help_id="wire-help"),
            help_message(HelpState.CANCELLED, help_id="wire-help"),
        )
    ]
    assert states == [HelpState.DELIVERED, HelpState.DELIVERED, HelpState.CANCELLED]
    wrong = help_message(HelpState.RESOLVED, help_id="wire-help").model_dump_json()
    assert problem(lane.put(path, content=wrong))[0] == 422


def test_an_intervention_is_accepted_and_later_answered(lane: httpx.Client, database: Database) -> None:
    body = intervention_message(intervention_id="wire-look").model_dump_json()
    waiting = lane.put("/api/v1/interventions/wire-look", content=body)
    assert (waiting.status_code, waiting.content) == (202, b"")
    with database.write() as uow:
        interventions.decide(uow, STORE_ID, "wire-look", Decision.APPROVED, "Marco", "", utc_now())
    decided = lane.put("/api/v1/interventions/wire-look", content=body)
    assert DecisionMessage.model_validate_json(decided.content).decision is Decision.APPROVED


@pytest.mark.parametrize("kind", [kind for kind in InterventionKind if kind in ABOUT_ONE_ROW])
def test_a_question_about_a_row_is_accepted_approved_by_policy_and_answered_with_who(
    lane: httpx.Client, database: Database, kind: InterventionKind
) -> None:
    grams = (500, 510) if kind is InterventionKind.WEIGHT else ()
    facts = row_facts(AskedRow("Yogurt", 2, 198, "EUR", grams))
    asked = intervention_message(intervention_id=f"wire-{kind.value}").model_copy(
        update={"kind": kind, "facts": facts}
    )
    path, body = f"/api/v1/interventions/{asked.intervention_id}", asked.model_dump_json()
    assert lane.put(path, content=body).status_code == 202
    with database.write() as uow:
        (found,) = [each for each in interventions.waiting(uow, STORE_ID) if each.kind is kind]
        desk = Decider("Desk", Role.REMOTE)
        approvals.decide(uow, STORE_ID, found, Decision.APPROVED, desk, PLAIN_POLICY, utc_now())
    told = DecisionMessage.model_validate_json(lane.put(path, content=body).content)
    assert (told.decision, told.staff_name) == (Decision.APPROVED, "Desk")


def order_report(order_id: str, *, lane_id: str = LANE_ID, state: OrderState = OrderState.SENT) -> str:
    outcome = OrderOutcome(order_id, OrderKind.CLOSE_DAY, lane_id, state, "EUR")
    return OrderReport(outcome=outcome).model_dump_json()


def test_an_order_is_told_at_every_connection_until_the_lane_has_reported_its_end(
    lane: httpx.Client, database: Database
) -> None:
    with database.write() as uow:
        order = orders.close_day(uow, STORE_ID, LANE_ID, who="Ada", now_utc=utc_now())
    path = f"/api/v1/orders/{order.order_id}"
    for state in (OrderState.OPEN, OrderState.SENT):
        if state is not OrderState.OPEN:
            assert lane.put(path, content=order_report(order.order_id, state=state)).status_code == 204
        with lane.stream("GET", "/api/v1/events") as answer:
            told = next(data for name, data in events(answer) if name == "order")
        assert OrderMessage.model_validate(told) == OrderMessage(order=order, state=state)
    for _ in range(2):
        ended = order_report(order.order_id, state=OrderState.FAILED)
        assert lane.put(path, content=ended).status_code == 204
    with database.read() as uow:
        assert orders.of_lane(uow, STORE_ID, LANE_ID) == []


def test_an_order_s_report_that_does_not_fit_is_a_problem(lane: httpx.Client) -> None:
    assert problem(lane.put("/api/v1/orders/a", content=order_report("b")))[0] == 422
    huge = json.loads(order_report("huge"))
    huge["outcome"]["amount_minor"] = 10**30
    assert problem(lane.put("/api/v1/orders/huge", json=huge))[0] == 422


def test_a_lanes_state_is_kept(lane: httpx.Client) -> None:
    answer = lane.post(f"/api/v1/lanes/{LANE_ID}/state", content=lane_state().model_dump_json())
    assert (answer.status_code, answer.json()) == (200, {"lanes": []})


def events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, object]]]:
    """The stream's events as (name, data)."""
    event_name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            event_name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield event_name, json.loads(line.removeprefix("data: "))


def test_a_stream_tells_first_what_is_open_and_then_what_happens(
    lane: httpx.Client, database: Database
) -> None:
    lane.put("/api/v1/help/stream-help", content=help_message(help_id="stream-help").model_dump_json())
    with lane.stream("GET", "/api/v1/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = events(answer)
        assert next(stream)[0] == "catalogue"
        assert any(data.get("help_id") == "stream-help" for name, data in stream if name == "help")
        with database.write() as uow:
            other = help_message(help_id="not-yours", lane_id=OTHER_LANE_ID)
            help_desk.receive(uow, STORE_ID, other, NOW)
            help_desk.do(uow, STORE_ID, "stream-help", Take("Marco", HelpState.ACCEPTED), NOW)
            movement = Movement(PEARS.gtin, Reason.RECEIPT, 1000, "stream-receipt", "Ada", utc_now())
            stock.post(uow, STORE_ID, movement)
        told = []
        for name, data in stream:
            told.append((name, data))
            if data.get("gtin") == PEARS.gtin:
                break
    assert ("help", "accepted") in [(name, data.get("state")) for name, data in told]
    assert "not-yours" not in str(told)


def test_a_lane_that_was_away_hears_the_decision_it_missed(lane: httpx.Client, database: Database) -> None:
    body = intervention_message(intervention_id="missed").model_dump_json()
    lane.put("/api/v1/interventions/missed", content=body)
    with database.write() as uow:
        interventions.decide(uow, STORE_ID, "missed", Decision.REFUSED, "Marco", "", utc_now())
    with lane.stream("GET", "/api/v1/events") as answer:
        decisions = (data["intervention_id"] for name, data in events(answer) if name == "decision")
        assert "missed" in decisions


def test_health_pages_need_no_token(store: RunningStore) -> None:
    answers = [httpx.get(store.url + path) for path in ("/healthz", "/readyz")]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "ok\n"), (200, "ready\n")]


def test_the_api_describes_itself(store: RunningStore) -> None:
    paths = httpx.get(f"{store.url}/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/sales", "/api/v1/events", "/api/v1/catalogue"} <= paths.keys()


def test_an_unknown_path_is_a_problem_too(lane: httpx.Client) -> None:
    assert problem(lane.get("/api/v1/nothing"))[0] == 404
    assert problem(lane.delete("/api/v1/sales"))[0] == 405


def test_a_port_in_use_is_one_clear_sentence(store: RunningStore, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=f"Port {store.port} on 127.0.0.1 is in use"):
        listen("127.0.0.1", store.port)


def test_an_address_that_is_not_ours_is_one_clear_sentence() -> None:
    with pytest.raises(ServerError, match=r"cannot listen on 192\.0\.2\.1:0"):
        listen("192.0.2.1", 0)


def test_a_server_stops_though_streams_are_open(tmp_path: Path) -> None:
    config = store_config(tmp_path)
    database = Database(config.database_url.get_secret_value())
    store = RunningStore(config, database)
    headers = {"authorization": f"Bearer {TOKENS[LANE_ID]}"}
    with httpx.stream("GET", f"{store.url}/api/v1/events", headers=headers, timeout=5) as answer:
        stream = answer.iter_lines()
        assert next(stream) == "event: catalogue"
        store.close()
        assert 'data: {"version":1}' in list(stream)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", store.port)) != 0
    database.dispose()


def test_a_database_that_does_not_answer_asks_the_lane_to_come_back(tmp_path: Path) -> None:
    config = store_config(tmp_path)
    database = Database(config.database_url.get_secret_value())
    app = create_app(config, database, Broker())

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://127.0.0.1",
            headers={"authorization": f"Bearer {TOKENS[LANE_ID]}"},
        ) as client:
            return [await client.get(path) for path in ("/readyz", "/api/v1/catalogue")]

    answers = asyncio.run(ask())
    assert [(problem(answer)[0], answer.headers["retry-after"]) for answer in answers] == [(503, "2")] * 2
    database.dispose()


def test_a_store_without_a_plan_says_so_and_a_plan_is_sent_once_a_version(
    lane: httpx.Client, config: StoreConfig, database: Database
) -> None:
    assert lane.get("/api/v1/plan").status_code == 204
    planned = config.model_copy(update={"plan": ASSETS / "demo" / "plan.toml"})
    running = RunningStore(planned.model_copy(update={"port": 0}), database)
    key = {"authorization": f"Bearer {TOKENS[LANE_ID]}"}
    with httpx.Client(base_url=running.url, headers=key, timeout=5) as client:
        plan = PlanMessage.model_validate_json(client.get("/api/v1/plan").content).plan
        assert plan.aisle("7") is not None
        assert client.get("/api/v1/plan", params={"known": plan.version}).status_code == 304
        assert client.get("/api/v1/plan", params={"known": "older"}).status_code == 200
        assert client.get("/api/v1/plan", headers={"authorization": ""}).status_code == 401
    running.close()


def test_the_answer_to_a_lanes_state_names_the_lanes_that_are_open(lane: httpx.Client) -> None:
    state = lane_state().model_copy(update={"devices": {"terminal": "ready"}})
    answer = lane.post(f"/api/v1/lanes/{LANE_ID}/state", content=state.model_dump_json())
    assert [each["lane_id"] for each in answer.json()["lanes"]] == [LANE_ID]
