"""Owns the bugs of the store: what it may do to a sale or to a lane's call that it must not.

It must not play them.
"""

from __future__ import annotations

from inventory.db import sale_rows
from inventory.services import interventions, prepared_sales, sales
from inventory.web.hot_routes import HotRoutes
from kiosk.campaign.plan import Fault, Kind, Visit
from kiosk.campaign.trial import QUIET
from tests.campaigns.mutants_checkout import CARD, MUTE_TERMINAL, SALE
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_lane import killed_at
from tests.campaigns.mutants_playing import Mutant, Room, Shoppers

RESENT = killed_at("after-send-sale")
_SEEN_BEFORE = "    outcomes |= _told_again(uow, store_id, seen_before)"
_WAITS = "            waiting.append((place, arrival))"
_TAKEN = (
    "    outcome = await self._answers.of(self._intake.take(Arrival(message, body, catalogue_in(request))))"
)

AS_ANOTHER = """\
    for each in seen_before:
        again = replace(each.sale, sale_id=each.sale.sale_id[:-1] + "!")
        ready = [replace(each, sale=again, lines=())]
        (outcomes[each.sale.sale_id],) = record_prepared(uow, store_id, ready, now_utc, known=known)"""
MOVED_AGAIN = """\
    from inventory.domain.stock import Movement, Reason

    for each in seen_before:
        again = [
            Movement(gtin, Reason.SALE, milli, source_id + ":again", lane_id, now_utc)
            for _, source_id, gtin, milli, lane_id, _ in move_rows(each, there)
        ]
        stock.post_all(uow, store_id, again, as_of_utc=now_utc)
"""
WRITTEN_OVER = """\
    for each in seen_before:
        message = SaleMessage.model_validate_json(each.text)
        sale = replace(message.sale, paid_at_utc=now_utc)
        later = message.model_copy(update={"sale": sale}).model_dump_json()
        tell = uow.session.connection().exec_driver_sql
        tell("DROP TRIGGER IF EXISTS sale_never_update")
        tell("UPDATE sale SET body = ? WHERE sale_id = ?", (later, sale.sale_id))
"""
KNOWN_BY_ITS_TOTAL = """\
            known_total = "SELECT 1 FROM sale WHERE total_minor = ?"
            total = (arrival.sale.total_minor,)
            if uow.session.connection().exec_driver_sql(known_total, total).first():
                outcomes[place] = (
                    HTTPStatus.OK, SaleAnswer(outcome="created", sale_id=arrival.sale.sale_id, flags=())
                )
                continue
"""
ANSWERED_FIRST = """\
    import threading

    from inventory.wire import SaleAnswer

    threading.Timer(0.3, self._intake.take, (Arrival(message, body),)).start()
    outcome = (
        HTTPStatus.CREATED, SaleAnswer(outcome="created", sale_id=message.sale.sale_id, flags=())
    )"""


def _mutant(name: str, breaks: str, shows_as: str, sabotage: tuple[Edit, ...], jobs: Shoppers) -> Mutant:
    return Mutant(name, Room.STORE, breaks, shows_as, sabotage, jobs)


RESENDING = (
    _mutant(
        "a-resent-sale-is-another-sale",
        "A sale that comes a second time is recorded a second time, under an id of the store's own.",
        r"^I4 .*the lane 0 times",
        (edit(sales._record_strangers, _SEEN_BEFORE, AS_ANOTHER),),
        RESENT,
    ),
    _mutant(
        "a-resent-sale-moves-stock-again",
        "A sale that comes a second time takes its goods off the shelf a second time.",
        r"^I3 .*moved .* instead of",
        (edit(sales._record_strangers, _SEEN_BEFORE, MOVED_AGAIN + _SEEN_BEFORE),),
        RESENT,
    ),
    _mutant(
        "a-resent-sale-is-written-over",
        "A sale that comes a second time is kept with the time of its second coming.",
        r"^I13 .*another text",
        (edit(sales._record_strangers, _SEEN_BEFORE, WRITTEN_OVER + _SEEN_BEFORE),),
        RESENT,
    ),
    _mutant(
        "the-same-total-is-the-same-sale",
        "A sale with the total of an older one is taken for that one sent again.",
        r"^I4 .*was sent and the store does not have it",
        (edit(sales.record_prepared, _WAITS, KNOWN_BY_ITS_TOTAL + _WAITS),),
        Shoppers((QUIET, Visit((0,), CARD))),
    ),
    _mutant(
        "answered-before-the-commit",
        "The store says that it has a sale while it still has to write it down.",
        r"^I4 .*was sent and the store does not have it",
        (edit(HotRoutes.post_sale, _TAKEN, ANSWERED_FIRST),),
        Shoppers((Visit((0,), CARD, faults=(Fault(Kind.STORE_FAILPOINT, points="store-before-commit@2"),)),)),
    ),
)

BOOKING = (
    _mutant(
        "each-line-is-booked-twice",
        "Every line of a sale moves stock twice.",
        r"^I3 .*moved .* instead of",
        (
            edit(
                prepared_sales.move_rows,
                "enumerate(sale.lines, start=1)",
                "enumerate(sale.lines * 2, start=1)",
            ),
        ),
        SALE,
    ),
    _mutant(
        "only-the-first-line-is-booked",
        "Only the first line of a sale moves stock.",
        r"^I3 .*moved .* by 0 instead of",
        (
            edit(
                sales._written,
                "for row in move_rows(each, there)",
                "for row in list(move_rows(each, there))[:1]",
            ),
        ),
        Shoppers((QUIET, Visit((0, 2), CARD))),
    ),
    _mutant(
        "on-hand-stands-still",
        "A movement is booked and the sum on hand does not follow.",
        r"^I3 .*its movements make",
        (edit(sale_rows._move, "sums[gtin] += quantity_milli", "sums[gtin] += 0"),),
        SALE,
    ),
    _mutant(
        "the-store-keeps-whole-euros",
        "The store keeps totals in major units.",
        r"^I10 .*kept with a total of type real",
        (edit(prepared_sales.sale_row, "sale.total_minor,", "sale.total_minor / 100,"),),
        SALE,
    ),
)

CALLS = (
    _mutant(
        "a-call-is-closed-as-it-comes",
        "The store takes a call about a payment for one that was withdrawn.",
        r"^I14 .*store knows of nothing",
        (edit(interventions._new_row, "_WITHDRAWN if message.withdrawn else _OPEN", "_WITHDRAWN"),),
        MUTE_TERMINAL,
    ),
    _mutant(
        "every-decision-is-a-refusal",
        "Whatever the attendant decides, the lane hears that the card was not charged.",
        r"^I1 .*charged \d times|^I2 .*was charged, attempt .* ended not paid",
        (edit(interventions._decision_of, "decision=Decision(row.state),", "decision=Decision.REFUSED,"),),
        MUTE_TERMINAL,
    ),
)

MUTANTS = (*RESENDING, *BOOKING, *CALLS)
