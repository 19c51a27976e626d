"""The console's import: a file is brought, read apart, shown, taken once, undone, and can do nothing else."""

from __future__ import annotations

import io
import os
import re
import socket
import time
import zipfile
from dataclasses import replace

import httpx
import pytest
from markupsafe import escape

from inventory.domain.import_batch import BatchState
from inventory.domain.stock import Movement, Reason
from inventory.services import catalogue, import_batches, stock
from inventory.web.server import RunningStore
from tests.support import goods_files as files
from tests.support.goods_files import workbook
from tests.support.web_store import MILK, STORE, SignedIn, StoreInTest, Visitor

BREAD = "08001234000011"
GOOD = f"gtin,name,price_minor,tax_class\n{MILK},Whole milk 1 L,135,standard\n"
MORE = f"{GOOD}{BREAD},Rye bread,340,standard\n"


def bring(visitor: Visitor, raw: str | bytes, name: str = "prices.csv", **fields: str) -> httpx.Response:
    """Sends a file and follows to what is shown of it once it was read."""
    answer = visitor.client.post(
        "/manager/import",
        data={"form_token": visitor.token_on("/manager/import"), **fields},
        files={"file": (name, raw.encode() if isinstance(raw, str) else raw, "text/csv")},
        headers={"origin": str(visitor.client.base_url).rstrip("/"), "accept": "text/html"},
    )
    return read_through(visitor, answer.headers["location"]) if answer.status_code == 303 else answer


def read_through(visitor: Visitor, path: str) -> httpx.Response:
    """What is shown of a file once it was read."""
    while "data-progress" in (page := visitor.get(path)).text:
        time.sleep(0.1)
    return page


def path_on(page: httpx.Response, what: str) -> str:
    found = re.search(rf'action="(/manager/import/[0-9a-f]+/{what})"', page.text)
    assert found is not None, f"the page offers nothing to {what}"
    return found[1]


def send(visitor: Visitor, page: httpx.Response, what: str, **fields: str) -> httpx.Response:
    return visitor.submit(path_on(page, what), page="/manager/import", **fields)


def price_of(store: StoreInTest, gtin: str) -> int | None:
    with store.database.read() as uow:
        found = catalogue.find_item(uow, STORE, gtin)
    return found.price_minor if found else None


def test_a_file_is_shown_first_taken_once_and_undone(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    shown = bring(ada, MORE)
    for words in ("Lanelight · CSV “,” · UTF-8", "Nothing is written yet.", "€1.29", "€1.35", "+4.7 %"):
        assert words in shown.text, words
    assert (price_of(store, MILK), price_of(store, BREAD)) == (129, None)
    asked = send(ada, shown, "take")
    assert asked.status_code == 409
    assert "must be confirmed" in asked.text
    assert price_of(store, MILK) == 129
    taken = send(ada, shown, "take", confirmed="yes")
    assert taken.status_code == 303
    assert (price_of(store, MILK), price_of(store, BREAD)) == (135, 340)
    after = ada.get(taken.headers["location"])
    assert "Price list 3 is live" in after.text
    assert send(ada, shown, "take", confirmed="yes").status_code == 409
    undone = send(ada, after, "undo")
    assert undone.status_code == 303
    assert "The import is undone." in ada.get(undone.headers["location"]).text
    assert (price_of(store, MILK), price_of(store, BREAD)) == (129, None)
    again = send(ada, after, "undo")
    assert again.status_code == 409
    assert "imported a price file" in ada.get("/manager/staff").text


def test_an_undo_is_refused_where_somebody_changed_the_same_item_since(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    taken = send(ada, bring(ada, MORE), "take", confirmed="yes")
    with store.database.write() as uow:
        milk = catalogue.find_item(uow, STORE, MILK)
        assert milk is not None
        catalogue.change_items(uow, STORE, put=[replace(milk, price_minor=99)], now_utc=store.clock())
    refused = send(ada, ada.get(taken.headers["location"]), "undo")
    assert refused.status_code == 409
    assert "these items changed since this import: Whole milk 1 L." in refused.text
    assert (price_of(store, MILK), price_of(store, BREAD)) == (99, 340)


def test_an_undo_names_new_items_that_moved_and_can_keep_them(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    taken = send(ada, bring(ada, MORE), "take", confirmed="yes")
    with store.database.write() as uow:
        sold = Movement(BREAD, Reason.SALE, -1000, "sale:1", "lane-1", store.clock())
        stock.post_all(uow, STORE, [sold], as_of_utc=store.clock())
    refused = send(ada, ada.get(taken.headers["location"]), "undo")
    assert "came or went since: Rye bread." in refused.text
    assert (price_of(store, MILK), price_of(store, BREAD)) == (135, 340)
    assert send(ada, refused, "undo", keep_moved="yes").status_code == 303
    assert (price_of(store, MILK), price_of(store, BREAD)) == (129, 340)


def test_faulty_rows_are_named_offered_as_a_file_and_left_out_only_when_told(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    shown = bring(ada, f"{MORE}08001234000012,Bad digit,100,standard\n{MILK},Twice,1,standard\n")
    assert '<td class="num">4</td>' in shown.text
    assert f"{MILK} stands on line 2 and on line 5." in shown.text
    rejected = ada.get(path_on(shown, "take").replace("/take", "/rejected")).text
    assert rejected.splitlines()[1].startswith("4,gtin,")
    refused = send(ada, shown, "take", confirmed="yes")
    assert refused.status_code == 409
    assert "The file was not taken: 3 mistakes; the first: Line 4, gtin" in refused.text
    assert price_of(store, BREAD) is None
    assert send(ada, shown, "take", confirmed="yes", without_faulty="yes").status_code == 303
    assert (price_of(store, BREAD), price_of(store, MILK)) == (340, 129)


def test_names_that_are_scripts_are_shown_and_not_run(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    evil = "<img src=x onerror=alert(1)>'; DROP TABLE item;--"
    name = f"../../{evil}.csv"
    shown = bring(ada, f'gtin,name,price_minor\n{MILK},"{evil}",999\n', name=name)
    assert "<img" not in shown.text
    assert str(escape(evil)) in shown.text
    assert str(escape(f"{evil}.csv")) in shown.text
    assert "../.." not in shown.text


def test_a_repeated_import_changes_nothing(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    send(ada, bring(ada, MORE), "take", confirmed="yes")
    with store.database.read() as uow:
        version = catalogue.version(uow, STORE)
    shown = bring(ada, MORE)
    assert "The file changes nothing" in shown.text
    assert send(ada, shown, "drop").status_code == 303
    with store.database.read() as uow:
        assert catalogue.version(uow, STORE) == version
        assert import_batches.waiting(uow, STORE) == ()


def test_a_file_is_worth_nothing_to_another_manager(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    ada.submit("/manager/staff", page="/manager/staff", name="Bea", pin="740921", role="manager")
    shown = bring(ada, MORE)
    bea = store.visitor()
    bea.sign_in("Bea", pin="740921")
    assert send(bea, shown, "take", confirmed="yes").status_code == 404
    assert price_of(store, MILK) == 129


def test_a_file_that_is_no_table_is_refused_in_one_sentence(signed_in: SignedIn) -> None:
    answer = bring(signed_in("Ada"), b"\x00\x01\x02 not a table")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_workbook_that_unpacks_to_a_flood_is_refused_and_leaves_nothing(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    answer = bring(signed_in("Ada"), raw.getvalue(), name="bomb.xlsx")
    assert answer.status_code == 422
    assert "unpacks to more than 100 times its size" in answer.text
    assert price_of(store, MILK) == 129


def test_a_waiting_file_is_read_again_as_told(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    shown = bring(ada, workbook(["gtin", "name", "price"], [MILK, "Whole milk 1 L", "1.350"]), name="a.xlsx")
    assert "may be thousands or thousandths" in shown.text
    told = send(ada, shown, "again", decimal=".", format="lanelight")
    page = read_through(ada, told.headers["location"]).text
    assert "Lanelight · Excel · 1 234.50" in page
    assert "€1.35" in page


def test_a_reading_that_ended_with_the_program_is_begun_again(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    shown = bring(ada, MORE)
    batch_id = path_on(shown, "take").split("/")[3]
    with store.database.write() as uow:
        import_batches.become(uow, STORE, batch_id, BatchState.READING, store.clock())
    assert ada.get(f"/manager/import/{batch_id}/progress").json()["is_reading"]
    page = read_through(ada, f"/manager/import/{batch_id}")
    assert "Rye bread" in page.text
    assert path_on(page, "take")


def test_stock_is_booked_once_and_taken_back(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    report = files.INVRPT.replace(files.SOAP[1:], MILK[1:]).replace("202605040900", "202611211100")
    shown = bring(ada, report, name="IR-1.edi")
    for words in ("EDIFACT INVRPT · ISO8859-1", "Whole milk 1 L", "Count"):
        assert words in shown.text, words
    taken = send(ada, shown, "take", without_faulty="yes")
    assert on_hand(store) == 7000
    assert "The file changes nothing" not in (again := bring(ada, report)).text
    assert send(ada, again, "drop").status_code == 303
    send(ada, ada.get(taken.headers["location"]), "undo")
    assert on_hand(store) == 0
    send(ada, bring(ada, report), "take", without_faulty="yes")
    assert on_hand(store) == 7000


def on_hand(store: StoreInTest) -> int:
    with store.database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
        assert stock.audit(uow, STORE) == []
    return level.on_hand_milli if level else 0


@pytest.mark.parametrize("stated", ["content-length: 2147483648", "transfer-encoding: chunked"])
def test_two_gigabytes_are_refused_before_they_are_read(store: StoreInTest, stated: str) -> None:
    running = RunningStore(store.config.model_copy(update={"port": 0}), store.database)
    try:
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
            host = f"127.0.0.1:{running.port}"
            head = ("POST /manager/import HTTP/1.1", f"host: {host}", f"origin: http://{host}", stated)
            line.sendall("\r\n".join((*head, "", "")).encode())
            answer = line.recv(64)
    finally:
        running.close()
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("catalogue.csv", b"\xef\xbb\xbfgtin,sku,plu,name,"),
        ("catalogue.xlsx", b"PK"),
        ("stock.csv", b"\xef\xbb\xbfgtin,sku,name,department"),
        ("ledger.jsonld", b'{"@context": ["https://ref.gs1.org'),
    ],
)
def test_goods_stock_and_ledger_are_taken_away_as_files(
    signed_in: SignedIn, name: str, begins: bytes
) -> None:
    answer = signed_in("Ada").get(f"/manager/export/{name}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(begins)


def test_what_is_taken_away_comes_back_unchanged(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    for name in ("catalogue.csv", "catalogue.xlsx"):
        shown = bring(ada, ada.get(f"/manager/export/{name}").content, name=name)
        assert "The file changes nothing" in shown.text
    assert ada.get("/manager/export/passwords.csv").status_code == 404


def test_what_is_no_longer_wanted_lies_on_no_disk_and_breaks_no_page(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    left, coming = (store.config.data_dir / "imports" / f"incoming-{name}" for name in ("left", "now"))
    for each in (left, coming):
        each.mkdir(parents=True)
    os.utime(left, (0, 0))
    ada = signed_in("Ada")
    page = bring(ada, MORE)
    assert (left.exists(), coming.exists()) == (False, True)
    rejected = path_on(page, "drop").replace("/drop", "/rejected")
    assert ada.get(rejected).status_code == 200
    send(ada, page, "drop")
    assert ada.get(rejected).status_code == 409
