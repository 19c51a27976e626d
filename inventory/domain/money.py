"""Owns money arithmetic: integer minor units, rounding, and how an amount is written for people.

It must not know prices, taxes or screens. No float ever holds an amount.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_decimal, get_currency_precision

MAX_AMOUNT_MINOR = 99_999_999
"""Largest amount one basket may reach: eight digits fit every terminal protocol we speak."""

_SHOP_SIGN = {("ro", "RON"): "lei", ("ro", "EUR"): "€"}
"""What shops write where CLDR writes the currency's code."""

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
    text = str(format_currency(to_decimal(amount_minor, currency), currency, locale=_locale(language)))
    sign = _SHOP_SIGN.get((language, currency))
    return (text.replace(currency, sign) if sign else text).translate(_PLAIN_SPACE)


@lru_cache(maxsize=4096)
def format_amount(amount_minor: int, currency: str, language: str) -> str:
    """The amount without its sign of currency: a column of prices under one total."""
    digits = minor_digits(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(
        format_decimal(to_decimal(amount_minor, currency), pattern, locale=_locale(language))
    ).translate(_PLAIN_SPACE)


@lru_cache(maxsize=1024)
def format_weight(weight_g: int, language: str) -> str:
    """Kilograms with three decimals, as trade scales show them: `0.485 kg`."""
    return f"{format_decimal(Decimal(weight_g).scaleb(-3), '0.000', locale=_locale(language))} kg".translate(
        _PLAIN_SPACE
    )


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
