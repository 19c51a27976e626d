"""Owns the sheets of shelf labels: a code that a phone reads, the item's name, and where it stands.

It must not know the database; it turns items into one page for a printer. No price: that is on the price tag.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import segno

from inventory.domain.catalogue import Item

_STYLE = """
@page { size: A4; margin: 10mm; }
body { margin: 0; font-family: "Noto Sans", system-ui, sans-serif; color: #000; }
main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 2mm; }
figure { margin: 0; height: 33mm; padding: 2mm; display: grid; grid-template-columns: 28mm 1fr; gap: 2mm;
  align-items: center; border: 0.2mm dashed #888; break-inside: avoid; overflow: hidden; }
svg { width: 28mm; height: 28mm; }
b { display: block; font-size: 10pt; line-height: 1.2; } span { font-size: 9pt; }
"""


def label_sheet(items: Iterable[Item], url: str, language: str) -> str:
    """An HTML page of labels in the order of the shelves; `url` is the store's address for phones."""
    ordered = sorted(items, key=lambda item: (_place(item), item.shelf, item.name(language)))
    labels = "\n".join(_label(item, url.rstrip("/"), language) for item in ordered)
    head = f'<meta charset="utf-8"><title>Labels</title><style>{_STYLE}</style>'
    body = f"<body><main>\n{labels}\n</main></body>"
    return f'<!doctype html>\n<html lang="{escape(language)}">\n<head>{head}</head>\n{body}\n</html>\n'


def _label(item: Item, url: str, language: str) -> str:
    code = segno.make(f"{url}/find/{item.gtin}", error="m", micro=False).svg_inline(border=2, omitsize=True)
    place = " · ".join(filter(None, (item.aisle, item.bay)))
    return (
        f"<figure>{code}<div><b>{escape(item.name(language))}</b><span>{escape(place)}</span></div></figure>"
    )


def _place(item: Item) -> tuple[tuple[int, str], tuple[int, str]]:
    """Aisles and bays in the order of their numbers, those with letters behind."""
    return _in_order(item.aisle), _in_order(item.bay)


def _in_order(sign: str) -> tuple[int, str]:
    return (int(sign), "") if sign.isascii() and sign.isdecimal() else (1 << 30, sign)
