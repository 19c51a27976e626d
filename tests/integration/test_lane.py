"""The lane's shell on a real journal: what is on disk when a device hears of it, and after a power cut."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.events import (
    BarcodeRead,
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    DeclineReason,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    PrintFinished,
    QueryVerdict,
    Slip,
    TerminalPrinted,
    WeightSettled,
)
from inventory.domain.help_desk import Decision, HelpState
from inventory.domain.orders import Order, OrderKind, OrderState
from inventory.domain.sales import disagreements
from kiosk import failpoints, inputs
from kiosk.bootstrap import LaneError, _open_journal
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.printing import SLIP_COLUMNS, SLIP_LINES
from kiosk.checkout.state import DELAYS_S, PaymentState, Phase, ReceiptState
from kiosk.journal import GENESIS, JournalError, anchor_path, read_file, verify
from kiosk.lane import QUEUE_LIMIT, Refresh, Snapshot, Tapped, Typed, replay
from tests.support.device_events import wait_until
from tests.support.lane_fakes import APPLES, BEER, MILK, LaneBench, durable, evidence, fresh_state

MILK_READ = BarcodeRead("scanner", MILK.gtin.lstrip("0"))
BASE = LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0007"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LaneBench]:
    bench = LaneBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints._armed.clear()


def attempt_id(bench: LaneBench) -> str:
    assert bench.state.payment.attempt is not None
    return bench.state.payment.attempt.attempt_id


def receipt(bench: LaneBench) -> ReceiptState:
    return bench.state.receipt


def phase_of(bench: LaneBench) -> Phase:
    return bench.state.phase


def to_reader(bench: LaneBench) -> str:
    """One milk, the terminal known and asked; the attempt's id."""
    bench.work(DeviceReady(TERMINAL), BASE, MILK_READ, Tapped("pay"))
    return attempt_id(bench)


def authorise(bench: LaneBench, found: CardEvidence | None = None) -> None:
    bench.work(CardAuthorised(TERMINAL, attempt_id(bench), found or evidence("0008")))


def complete(bench: LaneBench) -> None:
    bench.work(CardCompleted(TERMINAL, attempt_id(bench)))


def sell(bench: LaneBench) -> None:
    to_reader(bench)
    authorise(bench)
    complete(bench)


def answer(bench: LaneBench, verdict: QueryVerdict, found: CardEvidence | None = None) -> None:
    query_id = bench.terminal.named("query")[-1]
    bench.work(LastPaymentReported(TERMINAL, query_id, verdict, found))


def on_disk(bench: LaneBench) -> list[str]:
    """The kinds of all entries as another process would read them at this moment."""
    return [entry.kind for entry in read_file(bench.journal_path)]


# --- first on disk, then to the world ------------------------------------------------------------


def test_p1_the_intent_is_on_disk_when_the_terminal_is_asked(bench: LaneBench) -> None:
    seen: list[list[str]] = []
    bench.on_terminal = lambda call: seen.append(on_disk(bench)) if call == "start" else None
    to_reader(bench)
    assert [kinds[-1] for kinds in seen] == ["PaymentRequested"]


def test_p6_the_authorisation_is_on_disk_when_the_terminal_is_told_yes(bench: LaneBench) -> None:
    to_reader(bench)
    seen: list[list[str]] = []
    bench.on_terminal = lambda call: seen.append(on_disk(bench)) if call == "confirm" else None
    authorise(bench)
    assert [kinds[-1] for kinds in seen] == ["CardAuthorised"]


def test_p7_paid_and_its_sale_are_one_transaction_on_disk_before_any_screen_says_so(bench: LaneBench) -> None:
    to_reader(bench)
    authorise(bench)
    seen: list[tuple[list[tuple[int, int]], str]] = []

    def look(snapshot: Snapshot) -> None:
        if snapshot.state.phase is Phase.THANKS:
            with closing(sqlite3.connect(bench.journal_path)) as db:
                rows = db.execute(
                    "SELECT entry.seq, outbox.seq FROM entry JOIN outbox USING (seq) "
                    "WHERE kind = 'CardCompleted'"
                ).fetchall()
            seen.append((rows, snapshot.sale_head))

    bench.on_publish = look
    complete(bench)
    assert seen
    for rows, head in seen:
        assert len(rows) == 1
        assert head == bench.journal.hash_of(rows[0][0]) != GENESIS


def test_the_sale_in_the_outbox_is_the_sale_on_the_screen(bench: LaneBench) -> None:
    sell(bench)
    (waiting,) = bench.journal.waiting()
    sale = inputs.decode_sale(waiting.body)
    assert sale == bench.sale()
    assert waiting.message_id == sale.sale_id
    assert disagreements(sale) == ()
    assert bench.voice.sales == 1


def test_what_only_the_screen_needs_is_not_written(bench: LaneBench) -> None:
    bench.work(MILK_READ)
    before = bench.kinds()
    bench.work(Tapped("find"), Typed("mi"), Tapped("close"), DeviceReady("printer"), Refresh())
    assert bench.kinds() == before
    assert before == ["LaneStarted", "ItemScanned"]


def test_an_event_that_changes_nothing_leaves_no_entry(bench: LaneBench) -> None:
    before = bench.kinds()
    bench.work(
        CardCompleted(TERMINAL, "nobody"), m.HelpCancelled(), m.HelpUpdated("x", HelpState.RESOLVED, "")
    )
    assert bench.kinds() == before


def test_a_whole_visit_replays_to_the_state_the_lane_is_in(bench: LaneBench) -> None:
    bench.work(Tapped("lang:it"), MILK_READ, Tapped(f"tile:{APPLES.gtin}"), WeightSettled("scale", 435))
    bench.work(Tapped("help"), Tapped("row:1"), Tapped("remove"))
    sell(bench)
    assert replay(fresh_state(), bench.journal) == durable(bench.state)
    assert verify(bench.journal_path) == bench.journal.head


# --- a disk that refuses -------------------------------------------------------------------------


def test_c15_a_full_disk_at_the_authorisation_sends_the_charge_back(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    failpoints.arm("before-commit=io-error")
    authorise(bench)
    assert bench.terminal.named("refuse") == [attempt]
    assert bench.terminal.named("confirm") == []
    assert bench.state.payment.state is PaymentState.INTENT
    assert bench.state.devices.storage_failed
    assert on_disk(bench)[-1] == "PaymentRequested"


def test_a_full_disk_at_the_intent_leaves_the_terminal_alone(bench: LaneBench) -> None:
    bench.work(DeviceReady(TERMINAL), BASE, MILK_READ)
    failpoints.arm("before-commit=io-error")
    bench.work(Tapped("pay"))
    assert bench.terminal.named("start") == []
    assert phase_of(bench) is Phase.SCANNING
    failpoints._armed.clear()
    bench.work(Tapped("pay"))
    assert bench.state.view.obstacle is m.PayObstacle.STORAGE
    assert bench.terminal.named("start") == []


def test_a_full_disk_at_the_completion_says_nothing_of_paid_and_a_restart_finds_out(bench: LaneBench) -> None:
    to_reader(bench)
    authorise(bench)
    failpoints.arm("before-commit=io-error")
    complete(bench)
    assert bench.state.payment.state is PaymentState.AUTHED
    assert bench.journal.waiting() == []
    assert all(snapshot.state.phase is not Phase.THANKS for snapshot in bench.snapshots)
    failpoints._armed.clear()
    bench.restart()
    answer(bench, QueryVerdict.FOUND, evidence("0008"))
    assert phase_of(bench) is Phase.THANKS
    assert bench.journal.waiting_count() == 1


def test_a_scan_that_cannot_be_written_is_not_in_the_basket(bench: LaneBench) -> None:
    failpoints.arm("before-commit=io-error")
    bench.work(MILK_READ)
    assert not bench.state.basket.lines


def test_help_can_be_called_with_a_full_disk(bench: LaneBench) -> None:
    bench.work(MILK_READ)
    failpoints.arm("before-commit=io-error")
    bench.work(Tapped("help"), Tapped("reason:payment"))
    assert [message.state for message in bench.voice.help] == [HelpState.REQUESTED] * 2
    assert bench.state.help is not None
    failpoints._armed.clear()
    bench.work(Tapped("cancel"))
    assert replay(fresh_state(), bench.journal).help is None


def test_a_slip_that_cannot_be_written_is_dropped_and_the_payment_goes_on(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    authorise(bench)
    failpoints.arm("before-commit=io-error")
    bench.work(TerminalPrinted(TERMINAL, attempt, Slip.CUSTOMER, ("APPROVED",)))
    failpoints._armed.clear()
    assert bench.state.devices.storage_failed == ""
    complete(bench)
    assert phase_of(bench) is Phase.THANKS
    assert bench.state.payment.attempt is not None
    assert bench.state.payment.attempt.slip == ()


# --- slips of the terminal -----------------------------------------------------------------------


def test_a_slip_is_on_disk_cut_to_its_bounds_and_comes_back_after_a_power_cut(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    bench.work(TerminalPrinted(TERMINAL, attempt, Slip.CUSTOMER, ("x" * 5000,) * 500))
    entry = list(bench.journal.entries())[-1]
    assert entry.kind == "TerminalPrinted"
    assert len(entry.body) < 2 * SLIP_LINES * SLIP_COLUMNS
    authorise(bench)
    complete(bench)
    bench.restart()
    assert bench.state.payment.attempt is not None
    assert len(bench.state.payment.attempt.slip) == SLIP_LINES


def test_a_slip_that_is_dropped_leaves_a_line_in_the_log_without_its_words(
    bench: LaneBench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    to_reader(bench)
    before = bench.kinds()
    bench.work(TerminalPrinted(TERMINAL, "of yesterday", Slip.MERCHANT, ("EUR 1.29", "APPROVED")))
    assert "a merchant slip of 2 lines was dropped" in caplog.text
    assert "APPROVED" not in caplog.text
    assert bench.kinds() == before


# --- power cuts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "phase", "sales"),
    [(evidence("0008"), Phase.THANKS, 1), (evidence("0007"), Phase.NOT_PAID, 0)],
    ids=["charged", "not charged"],
)
@pytest.mark.parametrize("authorised", [False, True])
def test_c05_to_c13_after_a_power_cut_the_terminal_tells_what_happened(
    bench: LaneBench, authorised: bool, found: CardEvidence, phase: Phase, sales: int
) -> None:
    attempt = to_reader(bench)
    if authorised:
        authorise(bench)
    bench.restart()
    assert phase_of(bench) is Phase.CHECKING
    assert bench.terminal.named("query")[-1] == f"{attempt}/1"
    answer(bench, QueryVerdict.FOUND, found)
    assert phase_of(bench) is phase
    assert bench.journal.waiting_count() == sales
    assert bench.terminal.named("start") == [attempt], "no payment command is ever sent twice (P3)"
    assert bench.state.basket.total_minor == 129


def test_c26_a_power_cut_during_the_recovery_changes_nothing(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    for _ in range(3):
        bench.restart()
    assert bench.terminal.named("query")[-3:] == [f"{attempt}/{number}" for number in (1, 2, 3)]
    answer(bench, QueryVerdict.FOUND, evidence("0008"))
    assert bench.journal.waiting_count() == 1


def test_c27_a_dispute_outlives_a_power_cut_until_a_person_decides(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    bench.work(CardInDoubt(TERMINAL, attempt, "line lost"))
    answer(bench, QueryVerdict.FOUND, evidence("0042"))
    bench.restart()
    assert bench.state.payment.state is PaymentState.DISPUTED
    raised = [message.intervention_id for message in bench.voice.interventions if not message.withdrawn]
    assert raised == [f"pay-{attempt}"] * 2
    bench.work(m.InterventionDecided(f"pay-{attempt}", Decision.APPROVED, "Marco"))
    assert phase_of(bench) is Phase.THANKS
    assert bench.sale().tenders[0].kind == "card, confirmed by Marco"


def test_c02_a_basket_is_given_back_after_a_power_cut(bench: LaneBench) -> None:
    bench.work(MILK_READ, MILK_READ)
    bench.restart()
    assert bench.state.basket.piece_count == 2
    assert phase_of(bench) is Phase.SCANNING


def test_c03_help_and_age_check_are_said_again_under_their_ids(bench: LaneBench) -> None:
    bench.work(BarcodeRead("scanner", BEER.gtin.lstrip("0")), Tapped("help"))
    bench.restart()
    assert len({message.help_id for message in bench.voice.help}) == 1
    assert len(bench.voice.help) == 2
    assert len({message.intervention_id for message in bench.voice.interventions}) == 1
    assert len(bench.voice.interventions) == 2


def test_c18_to_c20_a_power_cut_at_the_printer(bench: LaneBench) -> None:
    sell(bench)
    bench.restart()
    assert receipt(bench) is ReceiptState.OFFERED
    bench.work(Tapped("print"))
    bench.restart()
    assert receipt(bench) is ReceiptState.FAILED
    bench.work(Tapped("print"))
    assert [content.endswith(b"True") for _, content in bench.printer.jobs] == [False, True]


def test_the_paper_after_a_restart_carries_the_journal_head_of_its_sale(bench: LaneBench) -> None:
    sell(bench)
    head = bench.journal.hash_of_message(bench.sale().sale_id)
    bench.restart()
    bench.work(Tapped("print"))
    assert head[:8].encode() in bench.printer.jobs[-1][1]
    assert bench.snapshots[-1].sale_head == head


def test_c18_a_shop_that_always_prints_prints_after_a_power_cut_too(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path, receipt_always=True)
    to_reader(bench)
    authorise(bench)
    failpoints.arm("before-effect=io-error")
    with pytest.raises(failpoints.FailpointError):
        complete(bench)
    failpoints._armed.clear()
    assert bench.printer.jobs == []
    bench.restart()
    assert [job_id for job_id, _ in bench.printer.jobs] == [bench.sale().sale_id]
    bench.close()


def test_receipt_numbers_never_come_twice_over_restarts(bench: LaneBench) -> None:
    numbers = []
    for receipt_no in ("0008", "0009", "0010"):
        bench.work(DeviceReady(TERMINAL), MILK_READ, Tapped("pay"))
        authorise(bench, evidence(receipt_no))
        complete(bench)
        numbers.append(bench.sale().receipt_no)
        bench.wait(DELAYS_S[m.Timer.THANKS])
        bench.restart()
    assert numbers == [1, 2, 3]


def test_a_journal_whose_history_is_illegal_does_not_replay(bench: LaneBench) -> None:
    bench.work(MILK_READ)
    forged = m.PaymentRequested("try-x", 1, "EUR", "", "", "", "", "boot", 1.0)
    bench.journal.append(
        "PaymentRequested",
        inputs.encode(forged),
        at_utc=bench.clock.utc(),
        boot_id="boot",
        monotonic_s=1.0,
    )
    with pytest.raises(JournalError, match="entry 3: the intent names the basket's total"):
        replay(fresh_state(), bench.journal)


def test_i6_a_lane_whose_journal_was_taken_away_does_not_begin_a_new_one(bench: LaneBench) -> None:
    sell(bench)
    bench.power_cut()
    bench.journal_path.unlink()
    assert anchor_path(bench.journal_path).exists()
    with pytest.raises(LaneError, match="no journal here"):
        _open_journal(bench.journal_path)
    assert not bench.journal_path.exists()


# --- timers --------------------------------------------------------------------------------------


def test_the_thanks_screen_goes_by_itself(bench: LaneBench) -> None:
    sell(bench)
    bench.wait(DELAYS_S[m.Timer.THANKS] - 0.1)
    assert phase_of(bench) is Phase.THANKS
    bench.wait(0.1)
    assert phase_of(bench) is Phase.ATTRACT


def test_paper_keeps_the_thanks_screen_a_little_longer(bench: LaneBench) -> None:
    sell(bench)
    bench.wait(9)
    bench.work(Tapped("print"))
    bench.wait(9)
    assert phase_of(bench) is Phase.THANKS
    bench.work(PrintFinished("printer", bench.sale().sale_id))
    bench.wait(9)
    assert receipt(bench) is ReceiptState.PRINTED


def test_p8_silence_is_asked_about_again_and_a_person_is_called_once(
    bench: LaneBench,
) -> None:
    attempt = to_reader(bench)
    bench.work(CardInDoubt(TERMINAL, attempt, "line lost"))
    for _ in range(20):
        answer(bench, QueryVerdict.NO_ANSWER)
        bench.wait(DELAYS_S[m.Timer.QUERY])
    assert len(bench.terminal.named("query")) > 15
    assert len(set(bench.terminal.named("query"))) == len(bench.terminal.named("query"))
    raised = [message for message in bench.voice.interventions if not message.withdrawn]
    assert [message.intervention_id for message in raised] == [f"pay-{attempt}"]
    assert len(bench.voice.help) == 1


def test_a_payment_that_is_settled_calls_nobody_later(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    bench.work(CardInDoubt(TERMINAL, attempt, "line lost"))
    answer(bench, QueryVerdict.FOUND, evidence("0008"))
    bench.wait(60)
    assert bench.voice.interventions == []
    assert bench.voice.help == []


def test_a_timer_goes_off_once(bench: LaneBench) -> None:
    attempt = to_reader(bench)
    bench.work(CardInDoubt(TERMINAL, attempt, "line lost"))
    answer(bench, QueryVerdict.NO_ANSWER)
    for _ in range(3):
        bench.wait(DELAYS_S[m.Timer.QUERY])
    assert bench.terminal.named("query")[-2:] == [f"{attempt}/1", f"{attempt}/2"]


def test_a_timer_that_was_stopped_does_not_go_off(bench: LaneBench) -> None:
    bench.work(Tapped("lang:it"), MILK_READ)
    bench.wait(DELAYS_S[m.Timer.IDLE] + 1)
    assert bench.state.language == "it"
    assert bench.state.basket.lines


# --- the shell -----------------------------------------------------------------------------------


def test_an_item_scanned_while_paying_arms_the_reader_again_with_the_new_total(bench: LaneBench) -> None:
    first = to_reader(bench)
    bench.work(MILK_READ)
    assert bench.terminal.named("abort") == [first]
    bench.work(CardDeclined(TERMINAL, first, DeclineReason.CANCELLED, 0x6C))
    assert len(bench.terminal.named("start")) == 2
    assert bench.state.payment.attempt is not None
    assert bench.state.payment.attempt.amount_minor == 258
    assert bench.kinds()[-2:] == ["CardDeclined", "PaymentRequested"]


def test_a_lane_without_a_terminal_or_printer_says_so_and_goes_on(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path, devices=False)
    bench.work(MILK_READ)
    bench.work(Tapped("pay"))
    assert bench.state.view.obstacle is m.PayObstacle.TERMINAL
    bench.work(DeviceReady(TERMINAL), Tapped("pay"))
    assert phase_of(bench) is Phase.NOT_PAID
    assert bench.state.payment.decline is DeclineReason.TERMINAL_NOT_READY
    bench.close()


def test_a_full_queue_never_makes_the_lane_wait_for_itself(tmp_path: Path) -> None:
    """What the lane tells itself has no need of room among a thousand scans."""
    bench = LaneBench(tmp_path, devices=False)
    bench.work(MILK_READ, DeviceReady(TERMINAL))
    bench.lane.post(Tapped("pay"))
    for _ in range(QUEUE_LIMIT - 1):
        bench.lane.post(Refresh())

    def last_free_place() -> str:
        bench.lane._queue.put_nowait(None)
        return "try-1"

    bench.new_id = last_free_place
    worker = threading.Thread(target=drain, args=(bench,), daemon=True)
    worker.start()
    worker.join(10)
    assert not worker.is_alive()
    assert phase_of(bench) is Phase.NOT_PAID
    bench.close()


def drain(bench: LaneBench) -> None:
    while (happening := bench.lane._next()) is not None:
        bench.lane._take(happening)


def test_p10_an_illegal_step_stops_the_lane_and_tells_why(bench: LaneBench) -> None:
    ended: list[str] = []
    bench.work(MILK_READ)
    bench.lane.post(m.PaymentRequested("try-x", 1, "EUR", "", "", "", "", "boot", 1.0))
    bench.lane.post(MILK_READ)
    bench.lane.run(lambda: ended.append("ended"))
    assert ended == ["ended"]
    assert isinstance(bench.lane.failure, AssertionError)
    assert bench.state.basket.piece_count == 1, "nothing after it was taken"
    assert bench.terminal.named("start") == []


def test_a_lane_on_its_own_thread_takes_what_any_thread_posts(bench: LaneBench) -> None:
    ended = threading.Event()
    thread = bench.lane.start(ended.set)
    posters = [threading.Thread(target=bench.lane.post, args=(MILK_READ,)) for _ in range(20)]
    for poster in posters:
        poster.start()
    wait_until(lambda: bench.state.basket.piece_count == 20)
    bench.lane.stop()
    thread.join(5)
    assert ended.is_set()
    assert bench.lane.failure is None
    for poster in posters:
        poster.join(5)


def test_every_published_state_is_a_later_one(bench: LaneBench) -> None:
    sell(bench)
    phases = [snapshot.state.phase for snapshot in bench.snapshots]
    order = [Phase.ATTRACT, Phase.SCANNING, Phase.PAYING, Phase.THANKS]
    assert sorted(phases, key=order.index) == phases
    assert bench.snapshots[-1].sound == "paid"


RUBBISH = ("reason:garbage", "page:x", "row:²", "", ":", "lang:", "add:0", "key:" + "x" * 99)


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_no_tap_stops_the_lane(bench: LaneBench, rubbish: str) -> None:
    bench.work(MILK_READ)
    bench.work(Tapped(rubbish), Tapped("find"), Tapped(rubbish), Tapped("close"))
    assert bench.state.basket.piece_count == 1


# --- orders --------------------------------------------------------------------------------------


def close_day(bench: LaneBench, order_id: str = "order-1") -> m.OrderReceived:
    return m.OrderReceived(Order(order_id, OrderKind.CLOSE_DAY, bench.state.lane_id, "Ada"))


def told(bench: LaneBench) -> list[tuple[str, OrderState]]:
    return [(each.outcome.order_id, each.outcome.state) for each in bench.voice.orders]


def test_p1_an_order_is_on_disk_twice_before_the_terminal_hears_of_it(bench: LaneBench) -> None:
    seen: list[list[str]] = []
    bench.on_terminal = lambda call: seen.append(bench.kinds()) if call == "carry out" else None
    bench.work(DeviceReady(TERMINAL), BASE, close_day(bench))
    assert bench.terminal.named("carry out") == ["order-1"]
    assert [kind for kind in seen[0] if kind.startswith("Order")] == ["OrderReceived", "OrderBegun"]
    assert told(bench) == [("order-1", OrderState.SENT)]
    bench.work(OrderDone(TERMINAL, "order-1"))
    assert told(bench)[-1] == ("order-1", OrderState.DONE)
    assert bench.terminal.calls[-1] == ("query", BASE_QUERY)


def test_an_order_waits_for_the_terminal_and_for_the_answer_it_owes(bench: LaneBench) -> None:
    bench.work(close_day(bench))
    assert bench.terminal.calls == []
    bench.work(DeviceReady(TERMINAL))
    assert bench.terminal.named("carry out") == []
    bench.work(BASE)
    assert bench.terminal.named("carry out") == ["order-1"]


def test_orders_run_one_after_another(bench: LaneBench) -> None:
    bench.work(DeviceReady(TERMINAL), BASE, close_day(bench), close_day(bench, "order-2"))
    assert bench.terminal.named("carry out") == ["order-1"]
    bench.work(OrderDone(TERMINAL, "order-1"))
    assert bench.terminal.named("carry out") == ["order-1"], "its last transaction was asked for first"
    bench.work(BASE)
    assert bench.terminal.named("carry out") == ["order-1", "order-2"]


def test_p9_after_a_power_cut_a_begun_order_is_unclear_and_is_never_sent_again(bench: LaneBench) -> None:
    bench.work(DeviceReady(TERMINAL), BASE, close_day(bench))
    bench.restart()
    assert told(bench)[-1] == ("order-1", OrderState.UNCLEAR)
    bench.work(DeviceReady(TERMINAL), BASE, close_day(bench))
    assert bench.terminal.named("carry out") == ["order-1"]
    assert told(bench)[-1] == ("order-1", OrderState.UNCLEAR)


def test_a_waiting_order_outlives_a_power_cut(bench: LaneBench) -> None:
    bench.work(MILK_READ, close_day(bench))
    bench.restart()
    bench.work(DeviceReady(TERMINAL), BASE, Tapped("row:1"), Tapped("remove"))
    assert bench.terminal.named("carry out") == [], "the shopper has only just put it back"
    bench.wait(DELAYS_S[m.Timer.IDLE])
    assert bench.terminal.named("carry out") == ["order-1"]


def test_while_the_terminal_works_for_staff_pay_says_so_and_sends_nothing(bench: LaneBench) -> None:
    bench.work(DeviceReady(TERMINAL), BASE, close_day(bench), MILK_READ, Tapped("pay"))
    assert bench.state.view.obstacle is m.PayObstacle.TERMINAL
    assert bench.terminal.named("start") == []
    bench.work(OrderDone(TERMINAL, "order-1"), Tapped("pay"))
    assert len(bench.terminal.named("start")) == 1


def test_an_order_that_cannot_be_written_down_is_not_begun(bench: LaneBench) -> None:
    bench.work(DeviceReady(TERMINAL), BASE)
    with closing(sqlite3.connect(bench.journal_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        bench.journal._db.execute("PRAGMA busy_timeout = 0")
        bench.work(close_day(bench))
        assert bench.terminal.named("carry out") == []
        assert bench.voice.orders == []
    assert bench.state.orders.waiting == ()


def test_a_lane_without_a_terminal_says_at_once_that_it_cannot(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path, devices=False)
    bench.work(close_day(bench))
    assert [state for _, state in told(bench)] == [OrderState.SENT, OrderState.FAILED]
    bench.close()
