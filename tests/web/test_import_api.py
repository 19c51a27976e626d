"""Files that managers' own systems bring: shown, taken once, undone, and refused in one sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from inventory.domain.staff import Role
from inventory.services import api_tokens, catalogue
from tests.support.web_store import APPLES, MILK, STORE, StoreInTest, lane_token

IMPORTS = "/api/v1/imports"
BREAD = "08001234000011"
DEAR = f"gtin,name,price_minor,tax_class\n{MILK},Whole milk 1 L,135,standard\n"
MORE = f"{DEAR}{BREAD},Rye bread,340,standard\n"
FAULTY = f"{MORE}08001234000012,Bad digit,100,standard\n{APPLES},Apples,0,standard\n"

System = Callable[[str, Role], httpx.Client]


@pytest.fixture
def system(store: StoreInTest) -> System:
    def client(name: str, role: Role) -> httpx.Client:
        with store.database.write() as uow:
            token = api_tokens.make(uow, STORE, name=name, role=role, by="Ada", now_utc=store.clock())
        client = store.visitor().client
        client.headers["authorization"] = f"Bearer {token}"
        return client

    return client


@pytest.fixture
def office(system: System) -> httpx.Client:
    return system("Back office", Role.MANAGER)


def send(client: httpx.Client, raw: str | bytes, *, key: str = "k1", **choices: str) -> httpx.Response:
    return client.post(
        IMPORTS,
        params={"name": "prices.csv", **choices},
        content=raw,
        headers={"idempotency-key": key, "content-type": "text/csv"},
    )


def bring(client: httpx.Client, raw: str | bytes, *, key: str = "k1", **choices: str) -> dict[str, Any]:
    """Sends a file and waits until it was read."""
    answer = send(client, raw, key=key, **choices)
    assert answer.status_code == 202, answer.text
    return read_through(client, answer.json()["import_id"])


def read_through(client: httpx.Client, import_id: str) -> dict[str, Any]:
    while (found := client.get(f"{IMPORTS}/{import_id}").json())["state"] == "reading":
        time.sleep(0.1)
    return dict(found)


def ask(client: httpx.Client, import_id: str, what: str, **words: object) -> httpx.Response:
    return client.post(f"{IMPORTS}/{import_id}/{what}", json=words if what == "apply" else None)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def prices(store: StoreInTest) -> dict[str, int]:
    with store.database.read() as uow:
        found = {gtin: catalogue.find_item(uow, STORE, gtin) for gtin in (MILK, BREAD, APPLES)}
    return {gtin: item.price_minor for gtin, item in found.items() if item is not None}


def test_a_file_is_shown_asked_about_twice_taken_once_and_undone(
    store: StoreInTest, office: httpx.Client
) -> None:
    before = prices(store)
    found = bring(office, MORE)
    shown = found["preview"]
    assert (found["state"], shown["new"], shown["changed"], shown["kept"]) == ("ready", 1, 1, 1)
    assert shown["price_changes"] == [
        {
            "gtin": MILK,
            "name": "Whole milk 1 L",
            "old_minor": 129,
            "new_minor": 135,
            "tenths_of_percent": 47,
        }
    ]
    assert shown["needs_confirmation"]
    import_id = found["import_id"]
    for said in ({}, {"confirmed_price_changes": 2}):
        status, why = refusal(ask(office, import_id, "apply", **said))
        assert status == 409
        assert "Send confirmed_price_changes: 1 to say yes." in why
        assert prices(store) == before
    taken = ask(office, import_id, "apply", confirmed_price_changes=1)
    assert (taken.status_code, taken.json()["state"], taken.json()["version"]) == (200, "taken", 3)
    assert ask(office, import_id, "apply").json() == taken.json()
    assert prices(store) == {**before, MILK: 135, BREAD: 340}
    undone = ask(office, import_id, "undo")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    assert ask(office, import_id, "undo").json() == undone.json()
    assert prices(store) == before
    assert refusal(ask(office, import_id, "apply", confirmed_price_changes=1))[0] == 409


def test_the_same_file_under_the_same_key_is_one_import(store: StoreInTest, office: httpx.Client) -> None:
    first = bring(office, MORE)
    again = send(office, MORE)
    assert (again.status_code, again.json()) == (202, {"import_id": first["import_id"]})
    for other in (send(office, DEAR), send(office, MORE, decimal=",")):
        assert refusal(other) == (409, "“k1” was used before for another request.")
    ask(office, first["import_id"], "apply", confirmed_price_changes=1)
    repeated = bring(office, MORE, key="k2")
    assert (repeated["preview"]["new"], repeated["preview"]["changed"]) == (0, 0)
    assert ask(office, repeated["import_id"], "apply").json()["version"] == 3


def test_faulty_rows_are_told_page_by_page_and_left_out_only_when_told(
    store: StoreInTest, office: httpx.Client
) -> None:
    found = bring(office, FAULTY)
    import_id, errors = found["import_id"], found["preview"]["errors"]
    assert [(each["line_no"], each["column"]) for each in errors] == [(4, "gtin"), (5, "price_minor")]
    first = office.get(f"{IMPORTS}/{import_id}/rejected", params={"limit": 1}).json()
    rest = office.get(f"{IMPORTS}/{import_id}/rejected", params={"cursor": first["next"]}).json()
    assert ([*first["rows"], *rest["rows"]], rest["next"]) == (errors, None)
    status, why = refusal(ask(office, import_id, "apply", confirmed_price_changes=1))
    assert status == 409
    assert "2 mistakes; the first: Line 4, gtin" in why
    assert "Send without_faulty: true" in why
    asked = refusal(ask(office, import_id, "apply", without_faulty=True))
    assert "Send confirmed_price_changes: 1" in asked[1]
    done = ask(office, import_id, "apply", without_faulty=True, confirmed_price_changes=1)
    assert (done.json()["new"], prices(store)[BREAD]) == (1, 340)
    assert refusal(office.get(f"{IMPORTS}/{import_id}/rejected"))[0] == 409
    assert refusal(office.delete(f"{IMPORTS}/{import_id}"))[0] == 409


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(office: httpx.Client) -> None:
    found = bring(office, "name\nSoap\n")
    assert (found["state"], found["preview"]) == ("refused", None)
    assert "lacks the columns gtin and price_minor" in found["reason"]
    assert refusal(ask(office, found["import_id"], "apply"))[0] == 409
    assert refusal(ask(office, found["import_id"], "undo"))[0] == 409


def test_a_file_that_waits_is_forgotten_on_request(store: StoreInTest, office: httpx.Client) -> None:
    import_id = bring(office, DEAR)["import_id"]
    for _ in range(2):
        assert office.delete(f"{IMPORTS}/{import_id}").status_code == 204
    assert office.get(f"{IMPORTS}/{import_id}").json()["state"] == "dropped"
    assert refusal(ask(office, import_id, "apply", confirmed_price_changes=1))[0] == 409
    assert prices(store)[MILK] == 129
    assert not list((store.config.data_dir / "imports").iterdir())


def test_only_a_managers_system_brings_files_and_it_sees_its_own_alone(
    store: StoreInTest, office: httpx.Client, system: System
) -> None:
    lane = store.visitor().client
    lane.headers["authorization"] = f"Bearer {lane_token('lane-1')}"
    assert refusal(send(lane, DEAR))[0] == 403
    assert refusal(send(system("Till", Role.ATTENDANT), DEAR))[0] == 403
    assert refusal(send(store.visitor().client, DEAR))[0] == 401
    other, import_id = system("Other", Role.MANAGER), bring(office, DEAR)["import_id"]
    for answer in (
        other.get(f"{IMPORTS}/{import_id}"),
        other.delete(f"{IMPORTS}/{import_id}"),
        other.get(f"{IMPORTS}/{import_id}/rejected"),
        ask(other, import_id, "apply", confirmed_price_changes=1),
        ask(other, import_id, "undo"),
        office.get(f"{IMPORTS}/..%2f..%2fstore.db"),
        office.get(f"{IMPORTS}/0"),
    ):
        assert answer.status_code == 404
    assert prices(store)[MILK] == 129


UNREAD: tuple[tuple[dict[str, str], dict[str, str], str, tuple[int, str]], ...] = (
    ({"idempotency-key": ""}, {}, DEAR, (400, "Idempotency-Key is wanted")),
    ({}, {}, "", (422, "The body is empty")),
    ({}, {"format": "pdf"}, DEAR, (422, "format is one of")),
    ({}, {"decimal": ";"}, DEAR, (422, "decimal is one of")),
    ({}, {"encoding": "utf-7"}, DEAR, (422, "encoding is one of")),
    ({}, {"name": "x" * 201}, DEAR, (422, "at most 200")),
    ({"content-type": "multipart/form-data; boundary=x"}, {}, DEAR, (422, "not a form")),
    ({"content-length": str(2 * 1024**3)}, {}, DEAR, (413, "50 MiB at most")),
    ({"content-length": "9" * 400}, {}, DEAR, (413, "50 MiB at most")),
)


def test_what_cannot_be_a_file_is_refused_before_it_is_read(store: StoreInTest, office: httpx.Client) -> None:
    for headers, choices, raw, (status, words) in UNREAD:
        sent = {"idempotency-key": "k1", **headers}
        told = refusal(office.post(IMPORTS, params=choices, content=raw, headers=sent))
        assert (told[0], words in told[1]) == (status, True), told
    assert not (store.config.data_dir / "imports").exists()


def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_limit(
    store: StoreInTest, office: httpx.Client
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(51):
            yield b"0" * 1024 * 1024

    answer = office.post(IMPORTS, content=endless(), headers={"idempotency-key": "k1"})
    assert refusal(answer) == (413, "A file may have 50 MiB at most.")
    assert not (store.config.data_dir / "imports").exists()
