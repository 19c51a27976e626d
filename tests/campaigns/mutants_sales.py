"""Owns the bugs in making a sale of a paid basket: its sums, its numbers, what it says of the money.

It must not play them.
"""

from __future__ import annotations

from kiosk.campaign.plan import Visit
from kiosk.checkout import machine, paying, selling
from tests.campaigns.mutants_checkout import CARD, NO_TABLES, SALE
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_playing import Mutant, Room, Shoppers, kill


def _mutant(name: str, breaks: str, shows_as: str, sabotage: tuple[Edit, ...], jobs: Shoppers) -> Mutant:
    return Mutant(name, Room.CHECKOUT, breaks, shows_as, sabotage, jobs)


_WITH_THE_AMOUNT = "        amount_minor=attempt.amount_minor,"

MUTANTS = (
    _mutant(
        "the-basket-grows-while-the-money-is-open",
        "Goods join the basket after the amount was asked for.",
        r"^I8 .*lines (\d+), tenders (\d+), total \2",
        (
            edit(
                paying.card_authorised,
                "    return state, (ConfirmPayment(event.attempt_id),)",
                "    state = replace(state, basket=replace(state.basket, lines=state.basket.lines * 2))\n"
                "    return state, (ConfirmPayment(event.attempt_id),)",
            ),
            NO_TABLES,
        ),
        SALE,
    ),
    _mutant(
        "the-total-is-a-fraction",
        "The total of a sale is a floating-point number.",
        r"^I10 .*total_minor",
        (
            edit(
                selling.sale_of, "total_minor=attempt.amount_minor,", "total_minor=attempt.amount_minor / 1,"
            ),
        ),
        SALE,
    ),
    _mutant(
        "the-tender-is-text",
        "The amount of a tender is text.",
        r"^I10 .*amount_minor",
        (edit(selling.sale_of, _WITH_THE_AMOUNT, "        amount_minor=str(attempt.amount_minor),"),),
        SALE,
    ),
    _mutant(
        "no-tender",
        "A sale does not say how it was paid.",
        r"^I8 .*tenders 0, total [1-9]",
        (edit(selling.sale_of, "tenders=(tender,),", "tenders=(),"),),
        SALE,
    ),
    _mutant(
        "a-tender-of-another-amount",
        "The tender of a sale is one cent less than its total.",
        r"^I8 .*lines (\d+), tenders (?!\1)\d+, total \1",
        (edit(selling.sale_of, _WITH_THE_AMOUNT, "        amount_minor=attempt.amount_minor - 1,"),),
        SALE,
    ),
    _mutant(
        "a-tax-line-is-dropped",
        "The first tax class of a sale is left out of its tax table.",
        r"^I8 .*taxed 0 of [1-9]",
        (edit(selling.sale_of, "taxes=tax_of_lines(lines),", "taxes=tax_of_lines(lines)[1:],"),),
        SALE,
    ),
    _mutant(
        "a-receipt-number-is-skipped",
        "Every sale takes two receipt numbers.",
        r"^I7 .*receipt 4 follows 2",
        (edit(selling.sale_of, "state.last_receipt_no + 1", "state.last_receipt_no + 2"),),
        SALE,
    ),
    _mutant(
        "receipt-numbers-begin-anew",
        "Receipt numbers begin at 1 with each start of the lane.",
        r"^I7 .*receipt 1 follows \d",
        (edit(machine._lane_started, "view=View()))", "view=View(), last_receipt_no=0))"),),
        Shoppers((Visit((0,), CARD), Visit((0,), CARD, faults=kill("after-commit/ItemScanned")))),
    ),
)
