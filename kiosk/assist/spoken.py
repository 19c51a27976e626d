"""Owns how written amounts, weights and sizes are said: "€1.29" becomes "1 euro 29".

It must not know screens or voices. Names of currencies and units are CLDR's, in the listener's language, so
that an engine says numbers as words; what is no amount passes unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from babel.units import format_unit

from assets.languages import cldr_of
from assets.texts import Texts
from inventory.domain.money import format_money, minor_digits

CURRENCIES = ("EUR", "RON", "IDR", "PHP", "USD", "GBP", "CHF", "MXN", "AED", "CNY", "SAR", "EGP")
"""The currencies whose signs are looked for in a text."""

_WITH_CENTS = frozenset({"EUR", "USD"})
_UNITS = {
    "kg": "mass-kilogram",
    "g": "mass-gram",
    "l": "volume-liter",
    "cl": "volume-centiliter",
    "ml": "volume-milliliter",
}
_SIZE = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d{1,3})?)\s?(kg|g|[Ll]|cl|ml)\b")
_UNSAID = {0xA0: " ", 0x202F: " ", **dict.fromkeys((0x200E, 0x200F, *range(0x2066, 0x206A)))}
"""Fixed spaces become plain ones; marks of direction are for eyes."""
_TIMES = re.compile(r"^(\d+) × ")


def spoken_money(amount_minor: int, currency: str, language: str) -> str:
    """The amount as it is said: `1 euro 29`, `20 de lei`, `18500 rupiah`, `29 cents`."""
    digits = minor_digits(currency)
    sign, amount = ("-", -amount_minor) if amount_minor < 0 else ("", amount_minor)
    major, minor = divmod(amount, 10**digits)
    if not major and minor and currency in _WITH_CENTS:
        return sign + Texts(language).plural("%(n)d cent", "%(n)d cents", minor)
    words = f"{sign}{major} {_name(currency, major, language)}"
    return f"{words} {minor:0{digits}d}" if minor else words


def as_spoken(text: str, language: str) -> str:
    """`text` with every amount, weight and size in the words a voice can say."""
    text = text.translate(_UNSAID)
    text = _TIMES.sub(r"\1 ", text).replace(" × ", ", ").replace(" · ", ", ")
    money, replacement = _money_in(language)
    text = money.sub(replacement, text)
    return _SIZE.sub(lambda found: _spoken_size(found, language), text).removesuffix(" +")


def holds_money(text: str, language: str) -> bool:
    """Whether an amount of money stands in the text."""
    return _money_in(language)[0].search(text.translate(_UNSAID)) is not None


def _name(currency: str, count: int, language: str) -> str:
    """The everyday name: CLDR's says of a national currency whose it is, which nobody does at home."""
    plural = _locale(language).plural_form(count)
    match language, currency:
        case "ro", "RON":
            return {"one": "leu", "few": "lei"}.get(plural, "de lei")
        case "id", "IDR":
            return "rupiah"
        case "fil", "PHP":
            return "piso"
        case _:
            return str(get_currency_name(currency, count=count, locale=_locale(language)))


@lru_cache(maxsize=32)
def _money_in(language: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    signs: dict[str, str] = {}
    for currency in CURRENCIES:
        shown = format_money(0, currency, language)
        own = re.sub(r"[\d.,\s\u200e\u200f]", "", shown)
        for sign in (own, currency, get_currency_symbol(currency, locale=_locale(language))):
            if sign:
                signs.setdefault(sign, currency)
    symbols = _locale(language).number_symbols
    symbols = symbols.get("latn", symbols)
    group, point = (
        str(symbols["group"]).replace("\u202f", " ").replace("\u00a0", " "),
        str(symbols["decimal"]),
    )
    either = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    number = rf"\d+(?:{re.escape(group)}\d{{3}})*(?:{re.escape(point)}\d+)?"
    per_kilo = r"(?P<kilo>/kg)?"
    pattern = (
        rf"(?P<minus>-)?(?:(?P<before>{either})\s?(?P<first>{number})"
        rf"|(?<![\d.,])(?P<last>{number})\s?(?P<after>{either})(?!\w)){per_kilo}"
    )

    def said(found: re.Match[str]) -> str:
        currency = signs[found["before"] or found["after"]]
        plain = (found["first"] or found["last"]).replace(group, "").replace(point, ".")
        amount = int(Decimal(plain).scaleb(minor_digits(currency)).to_integral_value())
        words = spoken_money(-amount if found["minus"] else amount, currency, language)
        return Texts(language)("%(price)s a kilo") % {"price": words} if found["kilo"] else words

    return re.compile(pattern), said


def _spoken_size(found: re.Match[str], language: str) -> str:
    size, unit = Decimal(found[1].replace(",", ".")), found[2].lower()
    if unit == "kg" and size < 1:
        size, unit = size * 1000, "g"
    size = size.quantize(Decimal(1)) if size == size.to_integral_value() else size.normalize()
    words = format_unit(size, _UNITS[unit], "long", locale=_locale(language))
    # CLDR has no long name of every unit in every language; Babel then answers with its key
    return found[0] if _UNITS[unit] in words else words.replace("\u00a0", " ")


def _locale(language: str) -> Locale:
    return Locale.parse(cldr_of(language))
