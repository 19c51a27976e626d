"""Owns the paper of a preference card: a QR code to show at any lane, and what it is for.

It must not hold anything but the code: no date, shop, lane or name, so that nobody can be told by it.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.receipt import Align, Cut, Feed, Qr, ReceiptDocument, Text

Translate = Callable[[str], str]


def card_document(code: str, _: Translate) -> ReceiptDocument:
    """The whole paper. `code` is what `preference_card.card_text` wrote."""
    return ReceiptDocument(
        (
            Text(_("My settings"), Align.CENTER, bold=True, double=True),
            Feed(),
            Qr(code),
            Feed(),
            Text(_("Show it to the scanner at any lane."), Align.CENTER),
            Cut(),
        )
    )
