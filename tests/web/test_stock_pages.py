"""The pages about stock: goods received, moved, counted, thrown away and ordered by people, each once."""

from __future__ import annotations

import re

from inventory.domain.bundles import Part
from inventory.domain.places import BACKROOM, Place
from inventory.domain.stock import Movement, Reason
from inventory.services import bundles, documents, shelves, stock, stock_upkeep
from inventory.services.stores import Store, open_store
from tests.support.web_store import APPLES, MILK, NOON, STORE, StoreInTest, Visitor


def lying(store: StoreInTest, gtin: str = MILK) -> dict[Place, int]:
    with store.database.read() as uow:
        assert shelves.audit(uow, STORE) == []
        assert stock.audit(uow, STORE) == []
        return {each.place: each.quantity_milli for each in shelves.lying(uow, STORE, [gtin])}


def open_paper(visitor: Visitor, path: str, **fields: str) -> str:
    page = visitor.get(path).text
    found = re.search(r'name="paper_id" value="([^"]+)"', page)
    assert found is not None
    answer = visitor.submit(path, page=path, paper_id=found[1], **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_an_attendant_receives_a_delivery_with_its_lots(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = open_paper(marco, "/staff/deliveries", title="Dairy Ltd, note 7", location="backroom")
    line = {"code": MILK, "quantity": "24", "lot": "L7", "expires": "2026-12-24"}
    assert marco.submit(f"{paper}/line", page=paper, **line).status_code == 303
    assert marco.submit(f"{paper}/line", page=paper, code=APPLES, quantity="12,5").status_code == 303
    assert "24 Dec 2026" in marco.get(paper).text
    assert marco.submit(f"{paper}/post", page=paper).status_code == 303
    (milk,) = lying(store).items()
    assert (milk[0].location, milk[0].lot, milk[1]) == (BACKROOM, "L7", 24_000)
    assert lying(store, APPLES) == {Place(BACKROOM): 12_500}
    assert "booked" in marco.get(paper).text
    assert marco.send(f"{paper}/post", {"form_token": marco.token_on(paper)}).status_code == 303
    assert len(lying(store)) == 1


def test_a_symbol_with_lot_and_date_needs_no_typing(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = open_paper(marco, "/staff/deliveries", title="Dairy", location="shelf")
    scanned = f"]d201{MILK}1726122410L7"
    marco.submit(f"{paper}/line", page=paper, code=scanned, quantity="2")
    marco.submit(f"{paper}/post", page=paper)
    (place,) = lying(store)
    assert (place.lot, str(place.expires_on)) == ("L7", "2026-12-24")


def test_what_cannot_be_read_is_refused_and_stays_typed(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = open_paper(marco, "/staff/deliveries", title="Dairy", location="shelf")
    for fields, words in (
        ({"code": "4006381333931", "quantity": "1"}, "There is no item with this number."),
        ({"code": MILK, "quantity": "1e9"}, "Type the quantity as a number"),
        ({"code": MILK, "quantity": "1", "expires": "soon"}, "or the date is none"),
        ({"code": MILK, "quantity": "999999999"}, "No store has so much"),
        ({"code": MILK, "quantity": "-1"}, "or less than none"),
    ):
        answer = marco.submit(f"{paper}/line", page=paper, **fields)
        assert answer.status_code == 409
        assert words in answer.text
        assert f'value="{fields["quantity"]}"' in answer.text
    assert lying(store) == {}


def test_a_count_is_blind_for_who_counts_and_a_manager_books_it(store: StoreInTest) -> None:
    with store.database.write() as uow:
        moved = Movement(MILK, Reason.RECEIPT, 10_000, "in", "Ada", NOON)
        stock.post_all(uow, STORE, [moved], as_of_utc=NOON)
    marco, ada = store.signed_in("Marco"), store.signed_in("Ada")
    paper = open_paper(marco, "/staff/counts", department="Dairy", location="shelf")
    marco.submit(f"{paper}/line", page=paper, code=MILK, quantity="8")
    seen = marco.get(paper).text
    assert "Difference" not in seen
    assert "Book it" not in seen
    assert marco.submit(f"{paper}/post", page=paper).status_code == 403
    assert lying(store) == {Place(): 10_000}
    assert "−2" in ada.get(paper).text
    assert ada.submit(f"{paper}/post", page=paper).status_code == 303
    assert lying(store) == {Place(): 8000}
    assert "Difference" in ada.get(f"{paper}?export=csv").text


def test_a_count_of_nothing_is_refused(store: StoreInTest) -> None:
    ada = store.signed_in("Ada")
    answer = ada.submit("/staff/counts", page="/staff/counts", paper_id="c1", aisle="99", location="shelf")
    assert answer.status_code == 422
    assert "nothing to count" in answer.text


def test_waste_sent_twice_is_wasted_once(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    form = {"paper_id": "w1", "kind": "waste", "code": MILK, "quantity": "2", "why": "burst"}
    for _ in range(2):
        assert marco.submit("/staff/waste", page="/staff/waste", location="shelf", **form).status_code == 303
    assert lying(store) == {Place(): -2000}
    assert "burst" in marco.get("/staff/waste?done=1").text
    form = {"paper_id": "w2", "kind": "correction", "code": MILK, "quantity": "-2", "why": "typed"}
    marco.submit("/staff/waste", page="/staff/waste", location="shelf", **form)
    with store.database.read() as uow:
        refused = documents.find(uow, STORE, "w2")
    assert refused is None


def test_a_move_brings_goods_from_the_backroom_to_the_shelf(store: StoreInTest) -> None:
    ada = store.signed_in("Ada")
    form = {"code": MILK, "quantity": "3", "location": "backroom"}
    ada.submit("/manager/moves", page="/manager/moves", paper_id="m1", to_location="shelf", **form)
    ada.submit("/manager/moves", page="/manager/moves", paper_id="m2", other="cold store", **form)
    assert lying(store) == {Place(): 3000, Place(BACKROOM): -6000, Place("cold store"): 3000}
    same = ada.submit("/manager/moves", page="/manager/moves", paper_id="m3", to_location="backroom", **form)
    assert "two different places" in same.text


def test_a_transfer_to_a_store_of_this_database_waits_there_to_be_received(store: StoreInTest) -> None:
    with store.database.write() as uow:
        open_store(uow, Store("uptown", "Uptown", "EUR", "UTC"))
    ada = store.signed_in("Ada")
    paper = open_paper(ada, "/manager/transfers", title="Surplus", partner="uptown", location="shelf")
    ada.submit(f"{paper}/line", page=paper, code=MILK, quantity="5")
    ada.submit(f"{paper}/post", page=paper)
    assert lying(store) == {Place(): -5000}
    with store.database.read() as uow:
        there = documents.find(uow, "uptown", paper.rpartition("/")[2])
    assert there is not None
    assert [(line.gtin, line.expected_milli) for line in there.lines] == [(MILK, 5000)]
    assert stock_upkeep.run(store.database, STORE, store.clock()).announced == 0


def test_what_is_low_is_listed_with_how_much_to_order(store: StoreInTest) -> None:
    with store.database.write() as uow:
        sold = Movement(MILK, Reason.SALE, -40_000, "sale:s:1", "lane-1", NOON)
        stock.post_all(uow, STORE, [sold], as_of_utc=NOON)
    ada = store.signed_in("Ada")
    assert ada.submit("/manager/reorder/suggestions", page="/manager/reorder").status_code == 303
    page = ada.get("/manager/reorder?state=low&set=1").text
    assert "1 rule set" in page
    assert re.search(r"Milk.*?low.*?60.*?−40", page, re.DOTALL | re.IGNORECASE)
    rule = {"code": MILK, "point": "10", "target": "5"}
    assert "Fill up to at least" in ada.submit("/manager/reorder", page="/manager/reorder", **rule).text
    rule["target"] = "30"
    assert ada.submit("/manager/reorder", page="/manager/reorder", **rule).status_code == 303
    assert "70" in ada.get("/manager/reorder?export=csv").text


def test_what_expires_first_stands_first_and_leads_to_its_waste(store: StoreInTest) -> None:
    marco, ada = store.signed_in("Marco"), store.signed_in("Ada")
    paper = open_paper(marco, "/staff/deliveries", title="Dairy", location="shelf")
    for lot, day in (("LATE", "2026-12-24"), ("GONE", "2026-11-20")):
        marco.submit(f"{paper}/line", page=paper, code=MILK, quantity="6", lot=lot, expires=day)
    marco.submit(f"{paper}/post", page=paper)
    page = ada.get("/manager/expiry").text
    assert page.index("20 Nov 2026") < page.index("24 Dec 2026")
    way = re.search(r'href="(/staff/waste[^"]+)">GONE', page)
    assert way is not None
    assert 'value="GONE"' in ada.get(way[1].replace("&amp;", "&")).text
    assert "Backroom" in ada.get("/manager/places?location=shelf").text


def test_upkeep_takes_sold_goods_off_their_lots(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = open_paper(marco, "/staff/deliveries", title="Dairy", location="shelf")
    marco.submit(f"{paper}/line", page=paper, code=MILK, quantity="6", lot="A", expires="2026-12-24")
    marco.submit(f"{paper}/post", page=paper)
    with store.database.write() as uow:
        sold = Movement(MILK, Reason.SALE, -4000, "sale:s:1", "lane-1", NOON)
        stock.post_all(uow, STORE, [sold], as_of_utc=NOON)
    assert stock_upkeep.run(store.database, STORE, store.clock()).settled == 1
    assert stock_upkeep.run(store.database, STORE, store.clock()) == stock_upkeep.Kept()
    assert list(lying(store).values()) == [2000]


def test_an_attendant_finds_what_is_done_on_the_floor_and_not_what_managers_do(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    rail = marco.get("/staff/waste").text
    assert "/staff/counts" in rail
    assert "/manager/expiry" not in rail
    for path in ("/manager/places", "/manager/expiry", "/manager/reorder", "/manager/transfers"):
        assert marco.get(path).status_code == 403
    assert marco.get("/staff/deliveries/nowhere").status_code == 404


def test_bundles_are_known_to_the_reorder_list_as_nothing_to_order(store: StoreInTest) -> None:
    with store.database.write() as uow:
        bundles.put(uow, STORE, MILK, [Part(APPLES, 500)], who="Ada", now_utc=NOON)
    assert MILK not in store.signed_in("Ada").get("/manager/reorder").text


def test_a_bundle_is_made_part_by_part_and_taken_apart_again(store: StoreInTest) -> None:
    ada = store.signed_in("Ada")
    page = "/manager/bundles"
    part = {"bundle": MILK, "code": APPLES, "quantity": "0.5"}
    assert ada.submit(page, page=page, **part).status_code == 303
    with store.database.read() as uow:
        assert bundles.all_bundles(uow, STORE) == {MILK: (Part(APPLES, 500),)}
    assert "0.500" in ada.get(page).text
    itself = ada.submit(page, page=page, bundle=APPLES, code=MILK, quantity="1")
    assert "That makes no bundle" in itself.text
    nowhere = ada.submit(page, page=page, bundle="4006381333931", code=APPLES, quantity="1")
    assert "There is no item with this number." in nowhere.text
    assert ada.submit(page, page=page, **{**part, "quantity": "0"}).status_code == 303
    with store.database.read() as uow:
        assert bundles.all_bundles(uow, STORE) == {}
