"""Owns a running store with something to see on every page, for tests that look at pages with a browser.

It must not know what any test expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from assets import ROOT as ASSETS
from inventory.config import BranchConfig
from inventory.db.identity_table import PasskeyRow, TabletRow
from inventory.db.tables import SessionRow, StaffRow
from inventory.db.unit_of_work import Database
from inventory.domain.approving import AskedRow, row_facts
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.documents import Document, Kind
from inventory.domain.feedback import Face, FeedbackReason
from inventory.domain.help_desk import HelpState, InterventionKind
from inventory.domain.places import BACKROOM, SHELF, Place
from inventory.domain.questions import AnswerOutcome
from inventory.domain.reordering import ReorderRule
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines
from inventory.domain.stock import Movement, Reason
from inventory.hq_wire import BranchEnvelope, FieldMark, HqEvent, HqPage, ProposalMessage
from inventory.services import (
    answers,
    catalogue,
    counts,
    feedback,
    help_desk,
    hq_branches,
    hq_inbox,
    hq_intake,
    hq_outbox,
    interventions,
    item_fields,
    lanes,
    pins,
    receiving,
    reorder,
    sales,
    searches,
    shift_notes,
    stock,
    synonyms,
    tasks,
)
from inventory.services.counts import Scope
from inventory.web.server import RunningStore
from inventory.wire import (
    AnswerCountMessage,
    AnswerReport,
    FeedbackMessage,
    HelpMessage,
    InterventionMessage,
    LaneStateMessage,
    MirrorLine,
    SaleMessage,
)
from tests.support.web_store import APPLES, MILK, STORE, config_for, item, people

PAGES = {
    "sign-in": "/sign-in",
    "sign-in after a while": "/sign-in?next=/staff",
    "lanes": "/staff",
    "one lane": "/staff?lane=lane-1",
    "doors": "/staff/doors",
    "work": "/staff/tasks",
    "shift note": "/staff/note",
    "day close": "/staff/day",
    "no such receipt": "/staff/day?receipt=999",
    "a sale": "/staff/day/sale?id=sale-1",
    "today": "/manager",
    "sales": "/manager/sales",
    "items": "/manager/items",
    "no such item": "/manager/items?search=xyzzy",
    "planned prices": "/manager/prices",
    "stock": "/manager/stock",
    "an item's stock": f"/manager/stock/{MILK}",
    "places": "/manager/places",
    "deliveries": "/staff/deliveries",
    "a delivery": "/staff/deliveries/delivery-1",
    "an announced delivery": "/staff/deliveries/delivery-2/announced",
    "a count": "/staff/counts/count-1",
    "waste": "/staff/waste",
    "reorder": "/manager/reorder",
    "told to shoppers": "/manager/shelves?about=Dairy",
    "import": "/manager/import",
    "help": "/manager/help",
    "calls for help": "/manager/help/calls",
    "feedback": "/manager/feedback?span=7",
    "data exchange": "/manager/exchange",
    "prices of branches": "/manager/exchange/prices",
    "a price of a branch": f"/manager/exchange/prices?code={MILK}&where=zone:coast",
    "an item's form": f"/manager/stock/{MILK}/edit",
    "tasks": "/manager/tasks",
    "list of lanes": "/manager/lanes",
    "words": "/manager/words?term=moo",
    "staff": "/manager/staff",
    "a person": "/manager/staff/0123456789abcdef",
    "devices": "/manager/devices",
    "my passkeys": "/staff/passkeys",
    "a tablet's code": "/tablet",
    "what was done": "/manager/audit",
    "that did not work": "/manager/stock/00000000000000",
    "phone": f"/find/{MILK}?lane=lane-3",
    "phone, start": "/find",
    "phone, department": "/find?department=Dairy",
    "phone, search": "/find?q=milk",
    "phone, is it back": f"/find/{MILK}/back",
    "phone, nothing found": "/find/00000000000000",
}
"""Every page a person can come to, by what it shows."""
BRANCHES = {"harbour": BranchConfig(token=SecretStr("token-of-the-harbour-0001"), zone="coast")}
OPEN_TO_ALL = frozenset(
    {
        "sign-in",
        "sign-in after a while",
        "a tablet's code",
        "phone",
        "phone, start",
        "phone, department",
        "phone, search",
        "phone, is it back",
        "phone, nothing found",
    }
)

SHEET = "gtin,name,price_minor\n8001234000004,Whole milk 1 L,139\n8001234000011,Rye bread,abc\n"
"""A price file with a change and a fault."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """A store in one language, running, its pages full."""

    url: str
    language: str

    def address(self, page: str) -> str:
        path = PAGES[page]
        if page.startswith("phone"):
            path += ("&" if "?" in path else "?") + f"lang={self.language}"
        return self.url + path


Say = Callable[[str], str]
"""What a free text becomes: itself, or itself with something nasty behind it."""


def plainly(text: str) -> str:
    return text


@contextmanager
def furnished(folder: Path, language: str, say: Say = plainly) -> Iterator[Furnished]:
    """Opens a store whose pages are in `language`; `say` is asked for every text that somebody typed."""
    database = Database(f"sqlite:///{folder / 'store.db'}")
    config = config_for(folder, port=0).model_copy(
        update={
            "language": language,
            "plan": ASSETS / "demo" / "plan.toml",
            "branches": BRANCHES,
            "public_url": "https://store.example",
            "name": say("Mercato Aurora"),
        }
    )
    running = RunningStore(config, database)
    try:
        now = datetime.now(UTC)
        people(database, now)
        _goods(database, now, say)
        stockroom(database, now, say)
        _sale(database, now, say)
        _faces(database, now, say)
        _floor(database, now, say)
        _exchange(database, now, say)
        _identities(database, now, say)
        _work(database, now, say)
        yield Furnished(running.url, language)
    finally:
        running.close()
        database.dispose()


def _identities(database: Database, now: datetime, say: Say) -> None:
    """A supervisor with a tablet, a session on it, and a passkey; and a passkey of Ada's."""
    with database.write() as uow:
        ada = pins.person_named(uow, STORE, "Ada")
        assert ada is not None
        who = StaffRow(
            store_id=STORE, staff_id="0123456789abcdef", name=say("Noa"), pin_hash="", role="supervisor"
        )
        tablet = TabletRow(
            store_id=STORE,
            tablet_id="t1",
            name=say("Front"),
            token_hash="1",
            enrolled_by="Ada",
            enrolled_at_utc=now,
        )
        session = SessionRow(
            store_id=STORE,
            token_hash="1",
            staff_id=who.staff_id,
            csrf_secret="",
            created_at_utc=now,
            last_seen_at_utc=now,
            tablet_id="t1",
        )
        uow.session.add_all([who, tablet, session])
        for number, staff_id in enumerate((who.staff_id, ada.staff_id)):
            passkey = PasskeyRow(
                store_id=STORE,
                passkey_id=f"p{number}",
                staff_id=staff_id,
                name=say("Phone"),
                credential_hash=str(number),
                credential="",
                public_key="",
                made_at_utc=now,
            )
            uow.session.add(passkey)


def _goods(database: Database, now: datetime, say: Say) -> None:
    milk = replace(item(MILK, say("Whole milk 1 L")), shelf=4, net_content="1", net_unit="l")
    milk = replace(milk, sku=say("S1"), department=say("Dairy"), aliases=(say("latte"),))
    apples = item(APPLES, say("Apples"), price_minor=209, sold_by=SoldBy.WEIGHT)
    apples = replace(apples, aisle=say("7"), bay=say("4"))
    with database.write() as uow:
        catalogue.replace_items(uow, STORE, [milk, apples], {"standard": 2200}, now)
        counted = Movement(MILK, Reason.COUNT, 6_000, "count:1", "Ada", now - timedelta(minutes=12))
        stock.post_all(uow, STORE, [counted], as_of_utc=now)
        failed = AnswerCountMessage(
            question="returns", language="it", outcome=AnswerOutcome.NOT_HELPED, count=3
        )
        answers.receive(uow, STORE, AnswerReport(report_id="r1", lane_id="lane-1", counts=(failed,)), now)


def stockroom(database: Database, now: datetime, say: Say = plainly) -> None:
    """Lots on the shelf and behind it, an open delivery, an open count, waste, and a rule."""
    soon, later = now.date() + timedelta(days=1), now.date() + timedelta(days=9)

    def paper(document_id: str, kind: Kind, title: str, location: str = BACKROOM) -> Document:
        return Document(document_id, kind, say(title), say("Marco"), now, location, why=say("burst"))

    with database.write() as uow:
        lots = [(MILK, Place(SHELF, "L7", soon), 4_000), (MILK, Place(BACKROOM, "L8", later), 24_000)]
        receiving.record(uow, STORE, paper("in-1", Kind.DELIVERY, "Dairy 41"), lots)
        receiving.record(uow, STORE, paper("w-1", Kind.WASTE, "", SHELF), [(MILK, Place(), 1000)])
        announced = {MILK: 48_000, APPLES: 20_000}
        receiving.expect(uow, STORE, paper("delivery-1", Kind.DELIVERY, "Dairy 42"), announced)
        due = replace(paper("delivery-2", Kind.DELIVERY, "Dairy"), number=say("43"), expected_on=later)
        receiving.expect(uow, STORE, due, announced)
        place = Place(BACKROOM, "L9", later)
        receiving.fill(uow, STORE, "delivery-1", MILK, 46_000, place=place, who="Marco", now_utc=now)
        counts.open_count(uow, STORE, paper("count-1", Kind.COUNT, "Aisle 7", SHELF), Scope(aisle="7"))
        counts.count_line(uow, STORE, "count-1", MILK, 7000, place=Place(), who="Marco", now_utc=now)
        reorder.put_rule(uow, STORE, ReorderRule(APPLES, 10_000, 40_000), who="Ada", now_utc=now)


def _sale(database: Database, now: datetime, say: Say) -> None:
    line = SaleLine(MILK, "S1", say("Whole milk 1 L"), SoldBy.UNIT, 1000, 129, 129, 0, "standard", 2200)
    tender = Tender("card", 129, "a1", "52000001", "0008", card_name=say("girocard"), card_last4="4242")
    sale = Sale(
        sale_id="sale-1",
        store_id=STORE,
        lane_id="lane-1",
        receipt_no=1,
        paid_at_utc=now,
        currency="EUR",
        language="en",
        lines=(line,),
        taxes=tax_of_lines((line,)),
        tenders=(tender,),
        total_minor=129,
    )
    message = SaleMessage(sale=sale, journal_seq=1, journal_head="")
    with database.write() as uow:
        sales.record(uow, STORE, message, message.model_dump_json().encode(), now)


def _faces(database: Database, now: datetime, say: Say) -> None:
    """Lane 1 has enough of them to show, lane 2 too few."""
    said = [Face.GREAT] * 9 + [Face.GOOD] * 6 + [Face.BAD] * 3 + [Face.AWFUL]
    with database.write() as uow:
        for number, face in enumerate((*said, *said[:4])):
            message = FeedbackMessage(
                feedback_id=f"f{number}",
                lane_id="lane-1" if number < len(said) else "lane-2",
                face=face,
                reason=FeedbackReason.WAITED if face is Face.BAD else None,
                at_utc=now,
            )
            feedback.receive(uow, STORE, message, now)
        synonyms.add(uow, STORE, term=say("moo juice"), meaning=say("milk"), who=say("Ada"), now_utc=now)
        searches.count_missed(uow, STORE, "lievito", "it", now)


def _floor(database: Database, now: datetime, say: Say) -> None:
    """Lane 1 shops and asks for everything at once, lane 2 lacks a device, lane 3 was never switched on."""
    asked = (
        (InterventionKind.PAYMENT_IN_DOUBT, ("129 EUR", "1121130509", say("the terminal does not answer"))),
        (InterventionKind.AGE_CHECK, (say("Red wine"), say("18+"))),
        (InterventionKind.PRICE, ("04006381333931", "1")),
    )
    with database.write() as uow:
        for lane_id, devices in (
            ("lane-1", {"terminal": "ready"}),
            ("lane-2", {"printer": say("out of paper")}),
        ):
            state = LaneStateMessage(
                lane_id=lane_id,
                screen="basket",
                language="ar",
                currency="EUR",
                total_minor=129,
                lines=(MirrorLine(name=say("Whole milk 1 L"), quantity="1", amount_minor=129),),
                devices=devices,
                at_utc=now,
            )
            lanes.report_state(uow, STORE, state, now)
        for number, (kind, facts) in enumerate(asked):
            question = InterventionMessage(
                intervention_id=f"i{number}", lane_id="lane-1", kind=kind, raised_at_utc=now, facts=facts
            )
            interventions.receive(uow, STORE, question, now)
        for help_id, lane_id in (("h1", "lane-1"), ("h2", "lane-2")):
            call = HelpMessage(
                help_id=help_id,
                lane_id=lane_id,
                state=HelpState.REQUESTED,
                language="it",
                requested_at_utc=now,
                note=say("near the bread"),
            )
            help_desk.receive(uow, STORE, call, now)


def _work(database: Database, now: datetime, say: Say) -> None:
    """Two questions of low risk, a task for a colleague, one that is done, and a note of the shift before."""
    with database.write() as uow:
        for number in (1, 2):
            message = InterventionMessage(
                intervention_id=f"many-{number}",
                lane_id="lane-2",
                kind=InterventionKind.QUANTITY,
                raised_at_utc=now,
                facts=row_facts(AskedRow(say("Yogurt"), 8, 792, "EUR")),
            )
            interventions.receive(uow, STORE, message, now)
        tasks.write_down(
            uow,
            STORE,
            say("Sweep aisle 4"),
            who="Marco",
            now_utc=now,
            lane_id="lane-1",
            meant_for="Ada",
            is_urgent=True,
        )
        done = tasks.write_down(uow, STORE, say("Refill the bags"), who="Marco", now_utc=now)
        tasks.tick_off(uow, STORE, done, who="Marco", note=say("two rolls left"), now_utc=now)
        trouble = shift_notes.Fact(shift_notes.FactKind.TROUBLE, lane_id="lane-1", words=say("Printer: lost"))
        shift_notes.leave(
            uow,
            STORE,
            staff_id="somebody",
            staff_name="Marco",
            words=say("Freezer 2 hums."),
            facts=(shift_notes.Fact(shift_notes.FactKind.CALLS, 2), trouble),
            now_utc=now,
        )


def _exchange(database: Database, now: datetime, say: Say) -> None:
    """A price that store and headquarters have both changed, an event that cannot be used, a proposal.

    The store is headquarters and branch at once, so that one page shows everything.
    """
    apples = item(APPLES, say("Apples"), price_minor=209, sold_by=SoldBy.WEIGHT)
    with database.write() as uow:
        hq_outbox.open_line(uow, STORE)
        hq_intake.apply_page(uow, STORE, _page("", "1", apples, now), now)
        own = {"price_minor": 219}
        item_fields.set_fields(
            uow, STORE, APPLES, own, origin=item_fields.Origin.STORE, who=say("Ada"), now_utc=now
        )
        later = _page("1", "2", replace(apples, price_minor=199), now)
        broken = {"event_id": "9:1", "gtin": MILK, "item": {"gtin": MILK}, "at_utc": now.isoformat()}
        hq_intake.apply_page(uow, STORE, later.model_copy(update={"events": (*later.events, broken)}), now)
        hq_outbox.reached(uow, STORE, now_utc=now)
        hq_outbox.reached(uow, STORE, now_utc=now, problem=say("[Errno 111] Connection refused"))
        hq_branches.set_prices(uow, STORE, "zone:coast", {MILK: 139}, who=say("Ada"), now_utc=now)
        hq_branches.set_prices(uow, STORE, "store:harbour", {APPLES: 189}, who="Ada", now_utc=now)
        branch = hq_branches.find(uow, STORE, "harbour")
        assert branch is not None
        proposal = ProposalMessage(gtin=MILK, field="price_minor", value="135", who=say("Ben"), at_utc=now)
        envelope = BranchEnvelope(message_id="m1", message=proposal)
        hq_inbox.receive(uow, STORE, branch, envelope, now)


def _page(position: str, after: str, goods: Item, now: datetime) -> HqPage:
    mark = FieldMark(who="Harriet", at_utc=now)
    event = HqEvent(
        event_id=f"{after}:{goods.gtin}",
        gtin=goods.gtin,
        item=item_fields.plain_item(goods),
        at_utc=now,
        fields={"price_minor": mark},
    )
    return HqPage(position=position, next=after, behind=3, events=(event.model_dump(mode="json"),))
