"""Owns the bugs of the lane around its checkout: its journal, its outbox, its link to the store.

It must not play them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kiosk import bootstrap, journal, lane, store_link
from kiosk.anchor import Anchor
from kiosk.campaign.plan import Fault, Kind, Visit
from kiosk.campaign.trial import QUIET
from kiosk.journal import GENESIS, Journal, entry_hash
from tests.campaigns.mutants_checkout import CARD, KILLED_CHARGED, SALE
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_playing import Mutant, Room, Shoppers, kill


def _mutant(name: str, breaks: str, shows_as: str, sabotage: tuple[Edit, ...], jobs: Shoppers) -> Mutant:
    return Mutant(name, Room.LANE, breaks, shows_as, sabotage, jobs)


def _fault(points: str) -> Fault:
    return Fault(Kind.FAILPOINT, points=points)


def killed_at(*points: str) -> Shoppers:
    return Shoppers((QUIET, Visit((0,), CARD, faults=kill(*points))))


QUEUED_AFTERWARDS = """\
        self._db.executemany(
            "INSERT INTO outbox (message_id, seq, body) VALUES (?,?,?)",
            [(each.message_id, seq, each.body) for each in outgoing],
        )
"""
CHANGED_AFTERWARDS = """\
        self._db.execute("DROP TRIGGER IF EXISTS entry_is_final_update")
        self._db.execute("UPDATE entry SET boot_id = 'another' WHERE seq = 1")
"""
CUT_AFTERWARDS = """\
    if kind in ("ReceiptWanted", "PrintFinished"):
        self._db.execute("DROP TRIGGER IF EXISTS entry_is_final_delete")
        self._db.execute("DELETE FROM entry WHERE seq = ?", (seq,))
"""
ASKED_FIRST = """\
    if isinstance(event, m.PaymentRequested):
        for effect in effects:
            self._perform(effect)
        threading.Event().wait(0.1)
        effects = ()
"""
DROPPED_WHEN_UNANSWERED = """\
            try:
                fp("before-send-sale")
                answer = self._send("POST", "/api/v1/sales", message, version=outgoing.catalogue_version)
            except (OSError, httpx.HTTPError):
                self._journal.mark_sent(outgoing.message_id, self._clock.utc())
                raise
"""


def rewrite_history(path: Path) -> None:
    """Changes the first entry and makes every hash after it anew, as a patient forger would."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("DROP TRIGGER IF EXISTS entry_is_final_update")
    db.execute("UPDATE entry SET boot_id = 'another' WHERE seq = 1")
    previous = GENESIS
    for row in db.execute(
        "SELECT seq, at_utc, boot_id, monotonic_s, kind, body FROM entry ORDER BY seq"
    ).fetchall():
        digest = entry_hash(row[0], row[1], row[2], row[3], row[4], row[5], previous)
        db.execute("UPDATE entry SET previous_hash = ?, hash = ? WHERE seq = ?", (previous, digest, row[0]))
        previous = digest
    db.close()
    path.with_suffix(".anchor").unlink()


JOURNAL = (
    _mutant(
        "a-sale-in-a-transaction-of-its-own",
        "The sale goes into the outbox after the commit of the entry that made it.",
        r"^I2 .*is paid and has 0 sales",
        (
            Edit(
                Journal._append,
                (
                    ("[(message.message_id, seq, message.body) for message in outgoing]", "[]"),
                    ('fp("after-commit")\n', 'fp("after-commit")\n' + QUEUED_AFTERWARDS),
                ),
            ),
        ),
        killed_at("after-commit/CardCompleted"),
    ),
    _mutant(
        "no-outbox-row",
        "A sale is made and never put into the outbox.",
        r"^I2 .*is paid and has 0 sales",
        (
            edit(
                lane.Lane._advance,
                "outgoing=tuple(self._outgoing(sale) for sale in sales)",
                "outgoing=()",
            ),
        ),
        SALE,
    ),
    _mutant(
        "confirmed-although-the-disk-refused",
        "An authorisation that could not be written down is confirmed all the same.",
        r"^I9 .*was made, and its attempt is open",
        (
            edit(lane.Lane._advance, "if type(event) not in WORTH_DOING_UNWRITTEN:", "if False:"),
            edit(
                lane.Lane._cannot_write,
                'event.attempt_id if isinstance(event, CardAuthorised) else ""',
                '""',
            ),
        ),
        Shoppers(
            (
                QUIET,
                Visit(
                    (0,),
                    CARD,
                    faults=(_fault("before-commit/CardAuthorised@1=io-error"),),
                ),
            )
        ),
    ),
    _mutant(
        "asked-for-before-it-is-written",
        "The terminal is asked for the money before the request is on the disk.",
        r"^I2 .*was charged without any attempt",
        (
            edit(
                lane.Lane._advance,
                "    if type(event) in JOURNALED",
                ASKED_FIRST + "    if type(event) in JOURNALED",
            ),
        ),
        Shoppers((Visit((0,), CARD, faults=kill("before-commit/PaymentRequested")),), shows_card_early=True),
    ),
    _mutant(
        "nothing-is-replayed",
        "A lane that starts again does not read its journal.",
        r"^I1 .*charged \d times|^I2 .*was charged, attempt",
        (edit(lane.replay, "for entry in journal.entries():", "for entry in ():"),),
        KILLED_CHARGED,
    ),
    _mutant(
        "a-hash-over-another-order",
        "The hash of an entry covers its fields in another order than is laid down.",
        r"^I6 .*was changed after it was written",
        (edit(journal.entry_hash, "kind, body, previous]", "body, kind, previous]"),),
        SALE,
    ),
    _mutant(
        "no-chain",
        "An entry does not name the hash of the one before.",
        r"^I6 .*does not follow",
        (edit(Journal._append, "kind, body, self._head.hash)", "kind, body, GENESIS)"),),
        SALE,
    ),
    _mutant(
        "an-old-entry-is-changed",
        "The journal's first entry is written again with each new one.",
        r"^I6 .*entry 1 was changed",
        (edit(Journal._append, 'fp("after-commit")\n', 'fp("after-commit")\n' + CHANGED_AFTERWARDS),),
        SALE,
    ),
    _mutant(
        "an-entry-is-left-out",
        "The entry of a request for payment is counted and not written.",
        r"^I6 .*entry \d+ is missing",
        (
            edit(
                Journal._append,
                'self._db.execute("INSERT INTO entry',
                'kind == "PaymentRequested" or self._db.execute("INSERT INTO entry',
            ),
        ),
        SALE,
    ),
    _mutant(
        "the-tail-is-cut",
        "What follows a sale is taken out of the journal again.",
        r"^I6 .*(tail cut|is missing)",
        (
            edit(
                Journal._append,
                "    self._anchor.write(self._head)\n",
                "    self._anchor.write(self._head)\n" + CUT_AFTERWARDS,
            ),
        ),
        SALE,
    ),
    _mutant(
        "no-anchor",
        "The anchor is never written, so that nobody would see a cut tail.",
        r"^I6 .*(the anchor holds entry|no whole record)",
        (edit(Anchor.write, "if self._file is not None:", "if self._file is None:"),),
        SALE,
    ),
    _mutant(
        "history-is-rewritten",
        "A lane that starts changes an old entry, makes all hashes anew and throws the anchor away.",
        r"^I6 .*names entry \d+ with another hash",
        (
            edit(
                bootstrap._open_journal,
                "        verify(path)",
                "        from tests.campaigns.mutants_lane import rewrite_history\n"
                "            rewrite_history(path)",
            ),
        ),
        killed_at("after-commit/ItemScanned"),
    ),
)

LINK = (
    _mutant(
        "sent-before-it-was-sent",
        "A sale is marked as sent before it goes out.",
        r"^I4 .*was sent and the store does not have it",
        (
            edit(
                store_link.StoreLink._send_sales,
                'fp("before-send-sale")\n',
                "self._journal.mark_sent(outgoing.message_id, self._clock.utc())\n"
                '            fp("before-send-sale")\n',
            ),
        ),
        killed_at("before-send-sale"),
    ),
    _mutant(
        "what-failed-once-is-dropped",
        "A sale the store did not answer for is not sent again.",
        r"^I4 .*was sent and the store does not have it",
        (
            edit(
                store_link.StoreLink._send_sales,
                '            fp("before-send-sale")\n'
                '            answer = self._send("POST", "/api/v1/sales", message, '
                "version=outgoing.catalogue_version)\n",
                DROPPED_WHEN_UNANSWERED,
            ),
        ),
        Shoppers((QUIET, Visit((0,), CARD, faults=(_fault("before-send-sale@1=io-error"),)))),
    ),
    _mutant(
        "an-id-for-each-sending",
        "A sale gets a new id each time it is sent.",
        r"^I4 .*(does not have it|the lane 0 times)",
        (
            edit(
                store_link.StoreLink._send_sales,
                "sale=inputs.decode_sale(outgoing.body),",
                "sale=replace(inputs.decode_sale(outgoing.body), sale_id=str(self._chance.random())),",
            ),
        ),
        SALE,
    ),
    _mutant(
        "another-sale-is-sent",
        "What goes to the store is not what the lane made final.",
        r"^I13 .*another text",
        (
            edit(
                store_link.StoreLink._send_sales,
                "sale=inputs.decode_sale(outgoing.body),",
                "sale=replace(inputs.decode_sale(outgoing.body), language='de'),",
            ),
        ),
        SALE,
    ),
)

MUTANTS = (*JOURNAL, *LINK)
