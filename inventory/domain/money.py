"""Owns money arithmetic: integer minor units, rounding, and how an amount is written for people.

It must not know prices, taxes or screens. No float ever holds an amount.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.units import format_unit

from assets.languages import cldr_of

MAX_AMOUNT_MINOR = 99_999_999
"""Largest amount one basket may reach: eight digits fit every terminal protocol we speak."""

_SHOP_SIGN = {("ro", "RON"): "lei", ("ro", "EUR"): "€"}
"""What shops write where CLDR writes the currency's code."""

_WHOLE_IN_SHOPS = frozenset({"IDR"})
"""Currencies whose hundredths are in the standard but in no purse; a sum that has some still shows them."""

# Fonts, receipts and searches all want the plain space where CLDR asks for a narrow or a fixed one.
_PLAIN_SPACE = str.maketrans({"\u00a0": " ", "\u202f": " "})


def round_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero. `denominator` > 0."""
    assert denominator > 0, "a denominator is a positive scale"
    sign = -1 if numerator < 0 else 1
    return sign * ((abs(numerator) * 2 + denominator) // (denominator * 2))


def minor_digits(currency: str) -> int:
    """Decimal places of an ISO 4217 currency: 2 for EUR, 0 for JPY."""
    return int(get_currency_precision(currency))


def to_decimal(amount_minor: int, currency: str) -> Decimal:
    """The amount in major units, exact."""
    return Decimal(amount_minor).scaleb(-minor_digits(currency))


@lru_cache(maxsize=4096)
def format_money(amount_minor: int, currency: str, language: str) -> str:
    """The amount with its sign of currency, as people who read `language` write it."""
    text = str(
        format_currency(
            to_decimal(amount_minor, currency),
            currency,
            _pattern(amount_minor, currency, language),
            locale=_locale(language),
            currency_digits=False,
        )
    )
    sign = _SHOP_SIGN.get((language, currency))
    return (text.replace(currency, sign) if sign else text).translate(_PLAIN_SPACE)


@lru_cache(maxsize=4096)
def format_amount(amount_minor: int, currency: str, language: str) -> str:
    """The amount without its sign of currency: a column of prices under one total."""
    digits = _digits_shown(amount_minor, currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(
        format_decimal(to_decimal(amount_minor, currency), pattern, locale=_locale(language))
    ).translate(_PLAIN_SPACE)


def format_per_kilogram(price_minor: int, currency: str, language: str) -> str:
    """The price of a kilogram: `€2.09/kg`."""
    return f"{format_money(price_minor, currency, language)}/{kilogram_of(language)}"


@lru_cache(maxsize=1024)
def format_weight(weight_g: int, language: str) -> str:
    """Kilograms with three decimals, as trade scales show them: `0.485 kg`."""
    return _in_kilograms(Decimal(weight_g).scaleb(-3), language)


@lru_cache(maxsize=64)
def kilogram_of(language: str) -> str:
    """What a kilogram is called beside a price."""
    return _in_kilograms(Decimal("0.000"), language).rpartition(" ")[2]


def _in_kilograms(weight_kg: Decimal, language: str) -> str:
    text = format_unit(weight_kg, "mass-kilogram", "short", "0.000", locale=_locale(language))
    return str(text).translate(_PLAIN_SPACE)


def _digits_shown(amount_minor: int, currency: str) -> int:
    digits = minor_digits(currency)
    return 0 if currency in _WHOLE_IN_SHOPS and amount_minor % 10**digits == 0 else digits


def _pattern(amount_minor: int, currency: str, language: str) -> str:
    """The language's own pattern of money, with the decimals that shops show."""
    digits = _digits_shown(amount_minor, currency)
    decimals = "." + "0" * digits if digits else ""
    pattern = str(_locale(language).currency_formats["standard"].pattern)
    return pattern.replace(".00", decimals)


def _locale(language: str) -> Locale:
    return Locale.parse(cldr_of(language))
