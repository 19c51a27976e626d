"""Owns the verdict over a trial: the books of lane, terminal and store read side by side, against the rules.

It must not run anything or trust anybody's word but the files. The rules are SQL (`invariants.sql`); this
module lays the tables out. The terminal's own journal is the oracle: the money that moved stands there.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardware.simulators.zvt_journal import APPROVED, REVERSED, TerminalJournal
from kiosk import inputs
from kiosk.anchor import DamagedAnchorError, read_anchor
from kiosk.campaign.puppet import STOPPED_ITSELF
from kiosk.checkout.machine import step
from kiosk.checkout.messages import Event, PaymentRequested
from kiosk.checkout.state import MONEY_AT_RISK, LaneState, PaymentState
from kiosk.journal import Entry, JournalError, read_file, verify

SQL_FILE = Path(__file__).with_name("invariants.sql")
INVARIANTS = ("I1", "I2", "I3", "I4", "I6", "I7", "I8", "I9", "I10", "I13", "I14")
_TITLE = re.compile(r"-- (?P<invariant>I\d+|unknown) (?P<count>\w+): (?P<words>.+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One query of `invariants.sql`. `count` names what its rows are counted as in a report."""

    invariant: str
    count: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Violation:
    rule: Rule
    words: str

    def __str__(self) -> str:
        return f"{self.rule.invariant} ({self.rule.words}) {self.words}"


@dataclass(frozen=True, slots=True)
class Books:
    """Where the books of one trial are."""

    journal: Path
    terminal: Path
    store: Path
    fired: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Telling:
    """One attempt as the lane's journal tells it. Times are UTC, `waited_s` the lane's own seconds.

    `outcome` is "out of turn" where the machine's tables do not allow that it was asked for.
    """

    attempt_id: str
    sale_id: str
    amount_minor: int
    intent_at: datetime
    outcome: str = "out of turn"
    was_paid: bool = False
    doubted_s: float | None = None
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What the books say: violations, how much there was to look at, and which steps were taken."""

    violations: tuple[Violation, ...]
    sales: int
    attempts: int
    charges: int
    cells: Counter[tuple[str, str]]

    def count(self, name: str) -> int:
        """How many rows were counted as `name`."""
        return sum(violation.rule.count == name for violation in self.violations)


def read_rules(text: str = "") -> tuple[Rule, ...]:
    """The queries of the file, each under its title."""
    rules, title, query = [], None, ""
    for line in (text or SQL_FILE.read_text("utf-8")).splitlines():
        if match := _TITLE.fullmatch(line):
            title, query = match, ""
        elif title is not None:
            query += line + "\n"
            if line.endswith(";"):
                rules.append(Rule(title["invariant"], title["count"], title["words"], query))
                title = None
    return tuple(rules)


def check(books: Books, fresh: LaneState) -> Findings:
    """Reads the books and applies every rule. `fresh` is the lane's state before its first entry."""
    with contextlib.closing(sqlite3.connect(":memory:", uri=True)) as db:
        db.execute("ATTACH ? AS lane", (f"{books.journal.absolute().as_uri()}?mode=ro",))
        db.execute("ATTACH ? AS store", (f"{books.store.absolute().as_uri()}?mode=ro",))
        db.create_function(
            "sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True
        )
        history = _History(fresh)
        _lay_out(db, books, history, _entries(books, history))
        violations = tuple(
            Violation(rule, str(row[0])) for rule in read_rules() for row in db.execute(rule.query)
        )
        return Findings(
            violations,
            sales=db.execute("SELECT count(*) FROM lane.outbox").fetchone()[0],
            attempts=db.execute("SELECT count(*) FROM attempt").fetchone()[0],
            charges=db.execute("SELECT count(*) FROM charge").fetchone()[0],
            cells=history.cells,
        )


class _History:
    """Replays a lane's journal by the machine's tables and notes what became of each attempt.

    Every request for payment is told of, also one that the tables would not have allowed: the terminal may
    have heard it.
    """

    def __init__(self, fresh: LaneState) -> None:
        self._state = fresh
        self.problems: list[str] = []
        self.cells: Counter[tuple[str, str]] = Counter()

    def tell(self, entries: list[Entry]) -> list[Telling]:
        told: dict[str, Telling] = {}
        is_legal = True
        for entry in entries:
            before = self._state
            try:
                event = inputs.decode(entry)
                if isinstance(event, PaymentRequested):
                    told[event.attempt_id] = _request(event, before, entry)
                if is_legal:
                    self._step(event, entry)
                    _note(told, before, self._state, entry.monotonic_s)
            except (AssertionError, JournalError) as error:
                is_legal = False
                self.problems.append(f"entry {entry.seq}, {entry.kind}: {error}")
        return list(told.values())

    def _step(self, event: Event, entry: Entry) -> None:
        before = self._state
        self._state, _ = step(before, event, entry.at_utc)
        self.cells[before.payment.state.value, entry.kind] += 1


def _request(event: PaymentRequested, before: LaneState, entry: Entry) -> Telling:
    sale_id = event.sale_id or before.basket.sale_id
    return Telling(event.attempt_id, sale_id, event.amount_minor, entry.at_utc)


def _note(told: dict[str, Telling], before: LaneState, after: LaneState, now_s: float) -> None:
    attempt = after.payment.attempt or before.payment.attempt
    if attempt is None:
        return
    telling = told[attempt.attempt_id]
    same = after.payment.attempt is not None and after.payment.attempt.attempt_id == telling.attempt_id
    money = after.payment.state if same else PaymentState.NONE
    if money is PaymentState.PAID:
        telling.outcome, telling.was_paid = "paid", True
    elif money in MONEY_AT_RISK:
        telling.outcome = "open"
    elif before.payment.state in MONEY_AT_RISK:
        telling.outcome = "not paid"
    in_doubt = money in (PaymentState.UNKNOWN, PaymentState.DISPUTED)
    called = same and after.payment.attempt is not None and after.payment.attempt.called_staff
    if in_doubt and telling.doubted_s is None:
        telling.doubted_s = now_s
    if telling.doubted_s is not None and (called or not in_doubt):
        telling.waited_s = max(telling.waited_s, now_s - telling.doubted_s)
        telling.doubted_s = None


def _entries(books: Books, history: _History) -> list[Entry]:
    for name, money, event in books.fired:
        if name == STOPPED_ITSELF:
            history.problems.append(f"the lane stopped itself at {event} while the money was {money}")
    try:
        return read_file(books.journal)
    except JournalError as error:
        history.problems.append(str(error))
        return []


def _lay_out(db: sqlite3.Connection, books: Books, history: _History, entries: list[Entry]) -> None:
    told = history.tell(entries)
    since = entries[0].at_utc if entries else None
    db.executescript(
        "CREATE TABLE attempt (attempt_id TEXT PRIMARY KEY, sale_id, amount_minor, intent_at, outcome,"
        " was_paid, waited_s);"
        "CREATE TABLE charge (trace_no, receipt_no, amount_minor, at_utc, reversed, attempt_id);"
        "CREATE TABLE chain (problem); CREATE TABLE history (problem);"
    )
    db.executemany(
        "INSERT INTO attempt VALUES (?,?,?,?,?,?,?)",
        [
            (
                t.attempt_id,
                t.sale_id,
                t.amount_minor,
                t.intent_at.isoformat(),
                t.outcome,
                t.was_paid,
                t.waited_s,
            )
            for t in told
        ],
    )
    db.executemany("INSERT INTO charge VALUES (?,?,?,?,?,?)", list(_charges(books.terminal, told, since)))
    db.executemany("INSERT INTO history VALUES (?)", [(problem,) for problem in history.problems])
    db.executemany("INSERT INTO chain VALUES (?)", [(problem,) for problem in _chain_problems(books.journal)])


def _chain_problems(journal: Path) -> Iterator[str]:
    """What the chain says of itself, and whether its anchor holds it.

    A lane that was killed between an entry and its anchor is one entry ahead, never more.
    """
    try:
        head = verify(journal)
        anchor = read_anchor(journal)
    except (JournalError, DamagedAnchorError) as error:
        yield str(error)
        return
    if head.seq > 0 and (anchor is None or anchor.seq < head.seq - 1):
        yield f"the anchor holds entry {anchor.seq if anchor else 'none'}, the journal ends at {head.seq}"


def _charges(
    path: Path, told: list[Telling], since: datetime | None
) -> Iterator[tuple[int, int, int, str, bool, str | None]]:
    """The terminal's charges, each with the attempt whose turn it was; none from before the lane's time."""
    records = TerminalJournal(path).records()
    reversed_traces = {record.trace_no for record in records if record.state == REVERSED}
    for record in records:
        at = datetime.fromisoformat(record.at_utc)
        if record.state != APPROVED or since is None or at < since:
            continue
        asked = [telling.attempt_id for telling in told if telling.intent_at <= at]
        yield (
            record.trace_no,
            record.receipt_no,
            record.amount_minor,
            record.at_utc,
            record.trace_no in reversed_traces,
            asked[-1] if asked else None,
        )
