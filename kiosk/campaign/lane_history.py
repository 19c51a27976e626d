"""Owns a lane's history for the power-loss campaign: a dozen sales into a real journal, and how to judge it.

It must not write the journal in a way of its own: every entry is a checkout event, stepped and appended as
the lane does, its sale in the same transaction (P7).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    DeclineReason,
    LastPaymentReported,
    PrintFinished,
    QueryVerdict,
)
from inventory.domain.catalogue import Item
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import LaneState
from kiosk.checkout.tendering import next_receipt_no
from kiosk.journal import Entry, Journal, JournalError, Outgoing, anchor_path, verify
from kiosk.lane import replay

Finding = tuple[Literal["lost sale", "lost entry", "corrupt", "half"], str]

SALES = 12
RESTARTS_AT = (4, 9)
"""Before these sales the lane is stopped and started: the WAL is checkpointed, removed and made anew."""

CHECKPOINT_PAGES = 16
"""Instead of SQLite's 1,000, so that a short history meets checkpoints and a WAL begun again."""

_NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
_GOODS = Item(
    gtin="09520000000011",
    sku="CAMPAIGN-1",
    names={"en": "Campaign goods"},
    price_minor=129,
    currency="EUR",
    tax_class="standard",
    deposit_minor=25,
)


class BusyJournal(Journal):
    """The lane's journal with small checkpoints; `synchronous` other than None weakens it, for controls."""

    def __init__(self, path: Path, synchronous: Literal["NORMAL", "OFF"] | None = None) -> None:
        super().__init__(path)
        self._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if synchronous is not None:
            self._db.execute(f"PRAGMA synchronous = {synchronous}")


@dataclass(frozen=True, slots=True)
class _Written:
    """One entry of the history; its sale as it went into the outbox."""

    entry: Entry
    outgoing: tuple[Outgoing, ...]


class LaneHistory:
    """A scenario of the power-loss campaign (see `kiosk.campaign.power_loss.Scenario`)."""

    name = "lane"

    def __init__(self, folder: Path, open_journal: Callable[[Path], Journal] = BusyJournal) -> None:
        self._path = folder / "journal.sqlite"
        self._open_journal = open_journal
        self._history: list[_Written] = []
        self._state = _fresh_state()

    # -- playing ---------------------------------------------------------------------------------

    def play(self, promise: Callable[[str], None]) -> None:
        """Sells; promises the number of each entry once `append` returned, and the id of each sale."""
        journal = self._open_journal(self._path)
        self._take(journal, m.LaneStarted("boot-0"), promise)
        self._take(journal, _base("0007"), promise)
        for number in range(SALES):
            if number in RESTARTS_AT:
                journal.close()
                journal = self._open_journal(self._path)
                self._take(journal, m.LaneStarted(f"boot-{number}"), promise)
            for event in self._visit(number):
                self._take(journal, event, promise)
            if number % 2:
                journal.mark_sent(journal.waiting(1)[0].message_id, self._now())
        journal.close()

    def _visit(self, number: int) -> Iterator[m.Event]:
        """One shopper: a basket, a declined card now and then, a sale, paper, good-bye."""
        for row in range(1 + (number % 4 == 3)):
            yield m.ItemScanned(BasketLine(f"line-{number}-{row}", _GOODS, 2200, units=row + 1))
        if number % 4 == 1:
            yield self._request(f"try-{number}-declined")
            declined = self._evidence(result_code=0x6C)
            yield CardDeclined(
                TERMINAL, f"try-{number}-declined", DeclineReason.REFUSED_BY_BANK, 0x6C, declined
            )
        yield self._request(f"try-{number}")
        yield CardAuthorised(TERMINAL, f"try-{number}", self._evidence())
        yield CardCompleted(TERMINAL, f"try-{number}")
        assert self._state.sale is not None, "a completed payment is a sale"
        if number % 3 == 0:
            yield m.ReceiptWanted()
            yield PrintFinished("printer", self._state.sale.sale_id)
        yield m.TimerExpired(m.Timer.THANKS)

    def _request(self, attempt_id: str) -> m.PaymentRequested:
        state = self._state
        return m.PaymentRequested(
            attempt_id,
            amount_minor=state.basket.total_minor,
            currency=state.currency,
            terminal_id=state.terminal.terminal_id,
            base_receipt_no=state.terminal.receipt_no,
            stored_receipt_no=state.terminal.stored_receipt_no,
            stored_mark=state.terminal.stored_mark,
            local_time=self._now().strftime("%m%d%H%M%S"),
            boot_id="boot",
            monotonic_s=0.0,
        )

    def _evidence(self, result_code: int = 0) -> CardEvidence:
        receipt_no = next_receipt_no(self._state.terminal.receipt_no)
        return _evidence(receipt_no, self._state.basket.total_minor, result_code)

    def _take(self, journal: Journal, event: m.Event, promise: Callable[[str], None]) -> None:
        after, effects = step(self._state, event, self._now())
        sales = [effect.sale for effect in effects if isinstance(effect, fx.QueueSale)]
        outgoing = tuple(Outgoing(sale.sale_id, inputs.encode_sale(sale)) for sale in sales)
        entry = journal.append(
            inputs.kind_of(event),
            inputs.encode(event),
            at_utc=self._now(),
            boot_id="boot",
            monotonic_s=float(len(self._history)),
            outgoing=outgoing,
        )
        promise(str(entry.seq))
        self._state = after
        self._history.append(_Written(entry, outgoing))

    def _now(self) -> datetime:
        return _NOON + timedelta(seconds=len(self._history))

    # -- judging ---------------------------------------------------------------------------------

    def judge(self, folder: Path, promised: Sequence[str]) -> Iterator[Finding]:
        """Starts the lane on what is left: verify, open, replay, go on selling."""
        path = folder / self._path.name
        newest = int(promised[-1]) if promised else 0
        try:
            yield from self._judge_start(path, newest)
        except (JournalError, sqlite3.Error) as error:
            yield "corrupt", f"the lane does not start: {error}".replace(f"{folder}/", "")
            yield from self._missing(_readable_entries(path), newest)

    def _judge_start(self, path: Path, newest: int) -> Iterator[Finding]:
        if path.exists() or anchor_path(path).exists():
            verify(path)
        journal = Journal(path)
        try:
            seq = journal.head.seq
            replay(_fresh_state(), journal)
            yield from self._missing(seq, newest)
            yield from self._judge_rows(path, seq)
            journal.append("LaneStarted", '{"boot_id":"x"}', at_utc=_NOON, boot_id="x", monotonic_s=0.0)
        finally:
            journal.close()
        if _readable_entries(path) != seq + 1:
            yield "corrupt", "an entry written after the start is not there"

    def _missing(self, seq: int, newest: int) -> Iterator[Finding]:
        """Entries `seq` + 1 to `newest` were promised and are gone."""
        if seq < newest:
            yield "lost entry", f"the journal ends at {seq}, entry {newest} was written"
        for written in self._history[seq:newest]:
            for message in written.outgoing:
                yield "lost sale", f"sale {message.message_id} was paid"

    def _judge_rows(self, path: Path, seq: int) -> Iterator[Finding]:
        with closing(sqlite3.connect(path)) as db:
            rows = db.execute("SELECT message_id, body, seq FROM outbox ORDER BY seq").fetchall()
            (integrity,) = db.execute("PRAGMA integrity_check").fetchone()
        if integrity != "ok":
            yield "corrupt", str(integrity)
        wanted = [
            (message.message_id, message.body, written.entry.seq)
            for written in self._history[:seq]
            for message in written.outgoing
        ]
        if rows != wanted:
            yield "half", f"{len(rows)} sales in the outbox, {len(wanted)} in the entries"


def _readable_entries(path: Path) -> int:
    """How many entries anybody could still read from a journal that does not start."""
    try:
        with closing(sqlite3.connect(path)) as db:
            return int(db.execute("SELECT COUNT(*) FROM entry").fetchone()[0])
    except sqlite3.Error:
        return 0


def _fresh_state() -> LaneState:
    return LaneState("store-1", "lane-1", currency="EUR", default_language="en", language="en")


def _base(receipt_no: str) -> LastPaymentReported:
    return LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, _evidence(receipt_no, 500))


def _evidence(receipt_no: str, amount_minor: int, result_code: int = 0) -> CardEvidence:
    return CardEvidence(
        terminal_id="52000001",
        receipt_no=receipt_no,
        trace_no=f"00{receipt_no}",
        amount_minor=amount_minor,
        currency="EUR",
        result_code=result_code,
        card_name="girocard",
        card_last4="4242",
        terminal_date=_NOON.strftime("%m%d"),
        terminal_time=_NOON.strftime("%H%M%S"),
    )
