"""Deliveries announced by hand: who sends what and when, changed while nothing has come, ticked off later."""

from __future__ import annotations

from datetime import date

from inventory.domain.documents import Document, State
from inventory.services import documents
from tests.support.web_store import APPLES, MILK, STORE, StoreInTest, Visitor
from tests.web.test_stock_pages import lying, open_paper

PATH = "/staff/deliveries"
HEAD = {"title": "Dairy Ltd", "number": "LS-7", "expected": "2026-11-24", "location": "backroom"}


def announced(visitor: Visitor, **lines: str) -> str:
    """Announces a delivery with quantities by code; answers its own address."""
    page = open_paper(visitor, PATH, **HEAD, then="announce")
    assert page.endswith("/announced")
    for code, quantity in lines.items():
        sent = visitor.submit(f"{page}/line", page=page, code=code, quantity=quantity)
        assert sent.status_code == 303
    return page.removesuffix("/announced")


def kept(store: StoreInTest, paper: str) -> Document:
    with store.database.read() as uow:
        found = documents.find(uow, STORE, paper.rpartition("/")[2])
    assert found is not None
    return found


def test_a_delivery_is_announced_with_its_lots_and_ticked_off_line_by_line(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco, **{APPLES: "12,5"})
    lot = {"code": MILK, "quantity": "24", "lot": "L7", "expires": "2026-12-24"}
    marco.submit(f"{paper}/announced/line", page=f"{paper}/announced", **lot)
    assert kept(store, paper).expected_on == date(2026, 11, 24)
    page = marco.get(paper).text
    assert "Dairy Ltd · LS-7" in page
    assert "Expected on 24 Nov 2026" in page
    assert page.count("As announced") == 2
    assert marco.submit(f"{paper}/rest?line={APPLES}", page=paper).status_code == 303
    assert marco.get(paper).text.count("As announced") == 1
    marco.submit(f"{paper}/line", page=paper, code=MILK, quantity="23", lot="L7", expires="2026-12-24")
    marco.submit(f"{paper}/post", page=paper)
    assert sorted(lying(store).values()) == [23_000]
    assert list(lying(store, APPLES).values()) == [12_500]


def test_each_announced_lot_is_ticked_off_by_its_own_line(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco)
    page = f"{paper}/announced"
    for lot, quantity in (("A", "10"), ("B", "5"), ("", "2")):
        marco.submit(f"{page}/line", page=page, code=MILK, quantity=quantity, lot=lot)
    for lot, quantity in (("B", "5"), ("", "2"), ("A", "9")):
        marco.submit(f"{paper}/line", page=paper, code=MILK, quantity=quantity, lot=lot)
    found = {line.place.lot: (line.expected_milli, line.quantity_milli) for line in kept(store, paper).lines}
    assert found == {"A": (10_000, 9000), "B": (5000, 5000), "": (2000, 2000)}


def test_what_is_announced_changes_until_something_has_come(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco, **{MILK: "24", APPLES: "3"})
    page = f"{paper}/announced"
    marco.submit(f"{page}/line", page=page, code=MILK, quantity="36")
    marco.submit(f"{page}/line", page=page, code=APPLES, quantity="0")
    marco.submit(page, page=page, title="Dairy & Co", number="LS-8", expected="")
    changed = kept(store, paper)
    assert [(line.gtin, line.expected_milli) for line in changed.lines] == [(MILK, 36_000)]
    assert (changed.title, changed.number, changed.expected_on) == ("Dairy & Co", "LS-8", None)
    token = marco.token_on(page)
    marco.submit(f"{paper}/rest", page=paper)
    late = marco.send(f"{page}/line", {"form_token": token, "code": MILK, "quantity": "48"})
    assert late.status_code == 303  # to where it is received: the page of what is announced is gone
    assert kept(store, paper).lines[0].expected_milli == 36_000
    assert marco.get(page).headers["location"] == paper
    assert "Change what is announced" not in marco.get(paper).text


def test_an_announced_delivery_is_cancelled_and_nothing_moves(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco, **{MILK: "24"})
    assert "24" in store.signed_in("Ada").get("/manager/reorder?export=csv").text
    marco.submit(f"{paper}/cancel", page=f"{paper}/announced")
    assert kept(store, paper).state is State.CANCELLED
    assert lying(store) == {}
    assert marco.get(f"{paper}/announced").status_code == 303
    assert "<td>Delivery · cancelled</td>" in store.signed_in("Ada").get("/manager/audit").text


def test_who_types_a_name_chooses_which_item_is_meant(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco)
    page = f"{paper}/announced"
    asked = marco.submit(f"{page}/line", page=page, code="whole mlik", quantity="6")
    assert asked.status_code == 409
    assert "Which item do you mean?" in asked.text
    assert f'name="pick" value="{MILK}"' in asked.text
    marco.submit(f"{page}/line", page=page, code="whole mlik", pick=MILK, quantity="6")
    assert [line.gtin for line in kept(store, paper).lines] == [MILK]
    nothing = marco.submit(f"{page}/line", page=page, code="zeppelin", quantity="6")
    assert "There is no item with this number." in nothing.text


def test_what_was_late_or_due_today_is_marked_in_the_list(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    open_paper(marco, PATH, title="Late", expected="2026-11-20", location="backroom")
    open_paper(marco, PATH, title="Today", expected="2026-11-21", location="backroom")
    open_paper(marco, PATH, title="Later", expected="2026-11-30", location="backroom")
    page = marco.get(f"{PATH}?sort=expected").text
    assert 'pill none"><span aria-hidden="true">✕</span> 20 Nov' in page
    assert 'pill few"><span aria-hidden="true">!</span> 21 Nov' in page
    assert "<td>30 Nov 2026" in page or 'num">30 Nov 2026' in page
    assert "Late" in marco.get(f"{PATH}?expected_to=2026-11-20").text
    assert marco.get(f"{PATH}?number=LS-7").text.count("<tr>") == 0


def test_what_another_store_sends_is_not_announced_by_hand(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    paper = announced(marco, **{MILK: "1"})
    assert marco.submit(f"{paper}/announced/line", page=paper, code=MILK, quantity="-1").status_code == 409
    assert marco.get("/staff/deliveries/nowhere/announced").status_code == 404
