"""Owns the till's vocabulary: words that are the same wherever they stand, and the page that shows them.

It must not know how a word is translated: it asks the catalogues, so that page and lane cannot differ.
"""

from __future__ import annotations

from typing import Final

from assets.languages import LANGUAGES, SHIPPED
from assets.texts import Texts

TERMS: Final = (
    *("Lane", "Basket", "Item", "Goods", "Quantity", "Price", "Amount", "Total", "VAT", "Deposit"),
    *("Scanning", "No barcode", "Bag +", "Added", "Add to basket", "One more", "One less", "Remove"),
    *("Delete", "Find", "Search", "Find an item", "Put it on the scale", "Weigh again"),
    *("Aisle %(aisle)s", "Bay %(bay)s", "Plenty", "A few left", "Last ones", "Not here today", "Stock"),
    *("Pay", "To pay", "Payment", "Paid", "Not paid yet", "Card", "Tap", "PIN", "Bank", "Try again"),
    *("Try another card", "Charged", "Not charged", "Take back payment", "Back to basket"),
    *("Back on the shelf", "Receipt", "Your receipt", "COPY", "Print it", "Print a copy", "Card slip"),
    *("Terminal receipt", "Approval", "Help", "Help is called", "Called", "A colleague", "Staff"),
    *("Age check", "Cancel", "Close", "Done", "More", "Accessibility", "Larger text", "More contrast"),
    *("Everything lower", "Read aloud", "More time", "Less motion", "One thing at a time"),
    *("Choose your language", "Thank you", "Store", "Terminal", "Day close", "Offline", "Free"),
)
"""Texts as they stand in the source, in the order of a visit."""


def glossary_table() -> str:
    """The terms in every shipped language, as Markdown."""
    heads = [f"{LANGUAGES[code].own_name} `{code}`" for code in SHIPPED]
    texts = [Texts(code) for code in SHIPPED]
    rows = [[text(term).replace("|", "\\|") for text in texts] for term in TERMS]
    return "\n".join(map(_row, (heads, ["---"] * len(heads), *rows)))


def language_table() -> str:
    """The table of languages, as Markdown."""
    rows = [
        [f"`{each.code}`", each.own_name, each.tier.value, each.direction.value, f"`{each.voice}`"]
        for each in LANGUAGES.values()
    ]
    named = [[*row[:4], row[4].replace("``", "none")] for row in rows]
    heads = ["code", "name on its button", "rank", "read", "voice (espeak-ng)"]
    return "\n".join(map(_row, (heads, ["---"] * len(heads), *named)))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
