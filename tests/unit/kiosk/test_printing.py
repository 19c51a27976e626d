"""Slips a terminal composes: kept with their payment or order, bounded, printed, and never deciding."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import CardInDoubt, OrderFailed, PrintFinished, QueryVerdict, Slip, TerminalPrinted
from inventory.domain.orders import Order, OrderKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.printing import CUT_LINE, SLIP_COLUMNS, SLIP_LINES, bounded
from kiosk.checkout.state import PaymentState, Phase
from tests.support.lane_fakes import NOON, Walk, evidence, fresh_state, journaled
from tests.support.lane_walks import RandomWalk

LINES = ("** CUSTOMER RECEIPT **", "EUR 1.29", "APPROVED")
CLOSE = Order("order-1", OrderKind.CLOSE_DAY, fresh_state().lane_id, "Ada")


def slip(
    *lines: str, whom: Slip = Slip.CUSTOMER, job: str = "try-1", device: str = TERMINAL
) -> TerminalPrinted:
    return TerminalPrinted(device, job, whom, lines or LINES)


def paying() -> Walk:
    return Walk().know_terminal().scan().pay()


def printed(walk: Walk) -> tuple[fx.PrintReceipt, ...]:
    walk.take(m.ReceiptWanted())
    return tuple(effect for effect in walk.effects if isinstance(effect, fx.PrintReceipt))


# --- a payment's ---------------------------------------------------------------------------------


def test_the_customer_s_slip_is_printed_with_the_receipt_and_with_every_copy() -> None:
    walk = paying().authorise()
    assert walk.take(slip()) == ()
    walk.complete()
    (first,) = printed(walk)
    assert (first.copy, first.slip) == (False, LINES)
    walk.take(PrintFinished("printer", first.sale.sale_id))
    (again,) = printed(walk)
    assert (again.copy, again.slip) == (True, LINES)


def test_a_slip_that_comes_after_paid_is_still_on_the_paper_and_after_the_paper_on_its_copy() -> None:
    walk = paying().authorise().complete()
    walk.take(slip("late"))
    assert printed(walk)[0].slip == ("late",)
    walk.take(slip("later"))
    assert walk.state.sale is not None
    walk.take(PrintFinished("printer", walk.state.sale.sale_id))
    assert printed(walk)[0].slip == ("late", "later")


@pytest.mark.parametrize(
    "other", [slip(job="try-0"), slip(job=""), slip(whom=Slip.MERCHANT), slip(whom=Slip.ADMIN)]
)
def test_what_is_not_for_this_shopper_is_dropped(other: TerminalPrinted) -> None:
    walk = paying()
    before = walk.state
    assert walk.take(other) == ()
    assert walk.state == before


def test_the_next_shopper_s_receipt_has_nothing_of_the_one_before() -> None:
    walk = paying()
    walk.take(slip())
    walk.authorise().complete().take(m.TimerExpired(m.Timer.THANKS))
    walk.scan(line_id="b").pay("try-2").take(slip("of the first, late"))
    walk.authorise(receipt_no="0009").complete()
    assert printed(walk)[0].slip == ()


def test_a_slip_of_a_declined_try_is_not_printed_with_the_next() -> None:
    walk = paying()
    walk.take(slip("Declined"), CardInDoubt(TERMINAL, "try-1", "line lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert walk.state.phase is Phase.NOT_PAID
    walk.pay("try-2").authorise().complete()
    assert printed(walk)[0].slip == ()


def test_a_slip_in_pieces_is_one_and_the_same_piece_twice_in_a_row_is_taken_once() -> None:
    walk = paying()
    walk.take(slip("one"), slip("one"), slip("two", "three"), slip("two", "three"))
    assert walk.attempt.slip == ("one", "two", "three")


def test_a_printed_slip_alone_pays_nothing_and_a_doubt_stays_one() -> None:
    walk = paying()
    walk.take(slip("PAID"), CardInDoubt(TERMINAL, "try-1", "line lost"), slip("PAID AGAIN"))
    assert walk.state.payment.state is PaymentState.UNKNOWN
    walk.take(m.LaneStarted("after a power cut"))
    assert walk.attempt.slip == ("PAID", "PAID AGAIN")
    assert walk.state.payment.state is PaymentState.UNKNOWN


@given(st.integers(0, 2**32))
def test_no_slip_ever_changes_more_than_the_slip(seed: int) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(40):
        walk.wander(chance)
    attempt, running = walk.state.payment.attempt, walk.state.orders.running
    jobs = ["", "other", *([attempt.attempt_id] if attempt else []), *([running.order_id] if running else [])]
    event = slip(*LINES[: chance.randint(1, 3)], whom=chance.choice(tuple(Slip)), job=chance.choice(jobs))
    after, effects = step(walk.state, event, NOON)
    assert effects == ()
    without = replace(after, orders=replace(after.orders, slip=walk.state.orders.slip))
    if without.payment.attempt is not None and attempt is not None:
        kept = replace(without.payment.attempt, slip=attempt.slip)
        without = replace(without, payment=replace(without.payment, attempt=kept))
    assert without == walk.state


def test_a_slip_survives_a_power_cut() -> None:
    walk = paying()
    walk.take(slip())
    walk.authorise().complete()
    state = journaled(walk.history)
    assert state.payment.attempt is not None
    assert state.payment.attempt.slip == LINES


# --- an order's ----------------------------------------------------------------------------------


@pytest.mark.parametrize("whom", [Slip.ADMIN, Slip.MERCHANT])
def test_what_is_printed_for_an_order_goes_to_the_store_with_its_report(whom: Slip) -> None:
    walk = Walk().know_terminal()
    walk.take(m.OrderReceived(CLOSE), m.OrderBegun("order-1"), slip("TOTALS", whom=whom, job="order-1"))
    walk.take(OrderFailed(TERMINAL, "order-1", 0x77, "not possible now"))
    (told,) = (effect for effect in walk.effects if isinstance(effect, fx.ReportOrder))
    assert told.outcome.slip == ("TOTALS",)
    assert walk.state.orders.slip == ()


def test_an_order_that_a_restart_cut_off_reports_what_was_printed_until_then() -> None:
    walk = Walk().know_terminal()
    walk.take(m.OrderReceived(CLOSE), m.OrderBegun("order-1"), slip("TOT", whom=Slip.ADMIN, job="order-1"))
    walk.take(m.LaneStarted("again"))
    (told,) = (effect for effect in walk.effects if isinstance(effect, fx.ReportOrder))
    assert told.outcome.slip == ("TOT",)


def test_a_slip_of_an_order_that_does_not_run_and_a_customer_s_of_one_are_dropped() -> None:
    walk = Walk().know_terminal()
    walk.take(m.OrderReceived(CLOSE))
    before = walk.state
    walk.take(slip("early", whom=Slip.ADMIN, job="order-1"))
    assert walk.state == before
    walk.take(m.OrderBegun("order-1"), slip("yours", job="order-1"))
    assert walk.state.orders.slip == ()


# --- how much is kept ----------------------------------------------------------------------------


def test_a_slip_of_the_longest_length_is_kept_whole() -> None:
    lines = tuple(f"{number:02}".ljust(SLIP_COLUMNS, ".") for number in range(SLIP_LINES))
    assert bounded(slip(*lines)).lines == lines


def test_a_longer_slip_is_cut_and_says_so_in_one_piece_and_in_many() -> None:
    lines = tuple(str(number) for number in range(SLIP_LINES + 1))
    expected = (*lines[: SLIP_LINES - 1], CUT_LINE)
    assert bounded(slip(*lines)).lines == expected
    walk = paying()
    walk.take(*(slip(line) for line in lines))
    assert walk.attempt.slip == expected
    before = walk.state
    walk.take(slip("more"))
    assert walk.state == before


def test_a_line_that_is_too_long_ends_in_dots() -> None:
    (line,) = bounded(slip("x" * (SLIP_COLUMNS + 1))).lines
    assert line == "x" * (SLIP_COLUMNS - 3) + "..."


@given(st.lists(st.text(max_size=60), max_size=80), st.lists(st.text(max_size=60), max_size=80))
def test_whatever_is_printed_stays_within_its_bounds_and_bounding_twice_changes_nothing(
    one: list[str], two: list[str]
) -> None:
    event = TerminalPrinted(TERMINAL, "try-1", Slip.CUSTOMER, tuple(one))
    assert bounded(bounded(event)) == bounded(event)
    walk = paying()
    walk.take(event, replace(event, lines=tuple(two)))
    assert len(walk.attempt.slip) <= SLIP_LINES
    assert all(len(line) <= SLIP_COLUMNS for line in walk.attempt.slip)
