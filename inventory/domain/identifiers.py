"""Owns the scan gate: what a scanned or keyed text stands for, before anybody looks it up.

It must not know items, prices or scanners. Element strings are believed only where the symbol itself says
GS1 (symbology identifier, FNC1 or Digital Link): a misread EAN often looks like one. A number of digits alone
is a GTIN with a right check digit, a PLU, or nothing. Sources: GS1 General Specifications §1.4, §3, §5.1 and
§7.9; GS1 Digital Link URI syntax 1.5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from biip import BiipException
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from biip.upc import Upc

from inventory.domain.catalogue import MAX_WEIGHT_G
from inventory.domain.money import MAX_AMOUNT_MINOR

MAX_CODE_LENGTH = 512
GROUP_SEPARATOR = "\x1d"
"""How scanners send FNC1 in the middle of a symbol."""

_GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_LENGTHS = frozenset({8, 12, 13, 14})
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LINK = re.compile(r"https?://", re.IGNORECASE)
# GenSpecs §1.4.2: UPC number system 5, 980 to 984 and 99 are coupons and refund slips.
_NOT_GOODS = re.compile(r"0(?:05|98[0-4]|99)")


class LabelKind(Enum):
    """What the digits of an in-store label measure."""

    PRICE = "price"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class RcnRule:
    """How one chain or country writes a measure into a 13-digit in-store number (RCN-13).

    `pattern` describes the 12 digits before the check digit: P item, V measure, C check digit of the measure.
    The number must begin with `prefix`. `decimals` are those of the price in major units or of kilograms.
    """

    prefix: str
    pattern: str
    kind: LabelKind
    decimals: int

    def __post_init__(self) -> None:
        assert re.fullmatch(r"(?=.*P)(?=.*V)[PVC]{12}", self.pattern), "twelve letters out of P, V and C"
        assert "C" not in self.pattern or self.pattern.count("V") in (4, 5), "GenSpecs §7.9.3 knows 4 and 5"
        assert self.prefix.isdigit(), "a rule without a prefix would swallow every product"
        assert 0 <= self.decimals <= 3, "prices and kilograms have at most three decimals here"


def _rules(prefixes: str, pattern: str, kind: LabelKind, *decimals: int) -> tuple[RcnRule, ...]:
    names = prefixes.split()
    each = decimals if len(decimals) == len(names) else decimals * len(names)
    return tuple(RcnRule(prefix, pattern, kind, places) for prefix, places in zip(names, each, strict=True))


_NORDIC_WEIGHT = _rules("23 24 25", "PPPPPPPPVVVV", LabelKind.WEIGHT, 3, 2, 1)
_SWEDISH = (*_rules("20 21 22", "PPPPPPPPVVVV", LabelKind.PRICE, 2, 1, 0), *_NORDIC_WEIGHT)
_UPC_PRICE = _rules("02", "PPPPPPPCVVVV", LabelKind.PRICE, 2)

RCN_RULES: dict[str, tuple[RcnRule, ...]] = {
    "it": _rules("2", "PPPPPPPVVVVV", LabelKind.PRICE, 2),
    "de": (
        *_rules("22 23", "PPPPPPCVVVVV", LabelKind.PRICE, 2),
        *_rules("28 29", "PPPPPPCVVVVV", LabelKind.WEIGHT, 3),
    ),
    "gb": _rules("20", "PPPPPPPCVVVV", LabelKind.PRICE, 2),
    "dk": (
        *_rules("21 22 23 24", "PPPPPPVVVVVV", LabelKind.PRICE, 2),
        *_rules("26 28", "PPPPPPVVVVVV", LabelKind.WEIGHT, 3),
        *_rules("27", "PPPPPPPVVVVV", LabelKind.WEIGHT, 3),
    ),
    "se": _SWEDISH,
    "no": _SWEDISH,
    "fi": _NORDIC_WEIGHT,
    "ee": _NORDIC_WEIGHT,
    "lv": _NORDIC_WEIGHT,
    "lt": _NORDIC_WEIGHT,
    "us": _UPC_PRICE,
    "ph": _UPC_PRICE,
}
"""In-store labels by region. Where no country rule is known a chain brings its own, so none is listed."""

DEFAULT_RCN_RULES = RCN_RULES["it"]


class UnreadableReason(Enum):
    """Why a text is nothing that can be sold."""

    EMPTY = "empty"
    CHECK_DIGIT = "check-digit"
    CONTROL_CHARACTERS = "control-characters"
    TOO_LONG = "too-long"
    NOT_A_PRODUCT = "not-a-product"


@dataclass(frozen=True, slots=True)
class GtinRead:
    """A product by GTIN-14, with what its symbol carried: net grams, minor units, lot, use-by date."""

    gtin: str
    weight_g: int | None = None
    price_minor: int | None = None
    lot: str = ""
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class LabelRead:
    """An in-store label with a price or a weight in it.

    Look up `gtin`, the whole number, first: some chains number plain goods this way. Only then
    `label_prefix`.
    """

    label_prefix: str
    price_minor: int | None
    weight_g: int | None
    gtin: str


@dataclass(frozen=True, slots=True)
class PluRead:
    """A short number keyed for loose goods, 4 or 5 digits."""

    plu: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing that can be sold."""

    reason: UnreadableReason


CodeReading = GtinRead | LabelRead | PluRead | Unreadable


def read_code(
    text: str,
    symbology: str | None = None,
    *,
    rules: tuple[RcnRule, ...] = DEFAULT_RCN_RULES,
    minor_digits: int = 2,
) -> CodeReading:
    """What `text` stands for. Never raises, never opens a link.

    `symbology` is the AIM identifier (`]E0`) if the scanner sends one; one at the start of `text` is taken
    too. `minor_digits` are the currency's decimals, for prices inside the symbol.
    """
    text = text.strip(" ")
    if symbology is None and (sent := _SYMBOLOGY.match(text)):
        symbology, text = sent[0], text[3:]
    if not text:
        return Unreadable(UnreadableReason.EMPTY)
    if len(text) > MAX_CODE_LENGTH:
        return Unreadable(UnreadableReason.TOO_LONG)
    if not all(" " <= char <= "~" or char == GROUP_SEPARATOR for char in text):
        return Unreadable(UnreadableReason.CONTROL_CHARACTERS)
    if _LINK.match(text):
        return _read_link(text, minor_digits)
    if symbology in _GS1_SYMBOLOGIES or GROUP_SEPARATOR in text:
        return _read_message(text.strip(GROUP_SEPARATOR), minor_digits)
    if text.isdigit():
        return _read_digits(text, symbology or "", rules, minor_digits)
    return Unreadable(UnreadableReason.NOT_A_PRODUCT)


def gtin_14(digits: str) -> str | None:
    """GTIN-14 text of 8, 12, 13 or 14 ASCII digits with a right check digit; None for anything else."""
    if len(digits) not in _LENGTHS or not (digits.isascii() and digits.isdigit()):
        return None
    if int(digits) == 0 or gs1_standard_check_digit(digits[:-1]) != int(digits[-1]):
        return None
    return digits.zfill(14)


def with_check_digit(payload: str) -> str:
    """`payload` (7, 11, 12 or 13 digits) with its GS1 check digit behind it (GenSpecs §7.9.1)."""
    return f"{payload}{gs1_standard_check_digit(payload)}"


def _read_digits(digits: str, symbology: str, rules: tuple[RcnRule, ...], minor_digits: int) -> CodeReading:
    if len(digits) in (4, 5):
        return PluRead(digits)
    gtin = _gtin_of_digits(digits, symbology)
    if gtin is None:
        is_length_of_gtin = len(digits) in _LENGTHS
        return Unreadable(
            UnreadableReason.CHECK_DIGIT if is_length_of_gtin else UnreadableReason.NOT_A_PRODUCT
        )
    if _NOT_GOODS.match(gtin) and not gtin.startswith("000000"):
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    return _read_label(gtin, rules, minor_digits) or GtinRead(gtin)


def _gtin_of_digits(digits: str, symbology: str) -> str | None:
    """A leading 0 makes eight digits a UPC-E where both readings check; `]E4` says EAN-8 outright."""
    upc_e = None if symbology == "]E4" else _expanded_upc_e(digits, symbology)
    plain = gtin_14(digits)
    return (upc_e or plain) if digits.startswith("0") else (plain or upc_e)


def _expanded_upc_e(digits: str, symbology: str) -> str | None:
    # Six or seven digits carry no check digit of their own: only a scanner checks the parity behind them.
    if len(digits) != 8 and not (len(digits) in (6, 7) and symbology.startswith("]E")):
        return None
    try:
        return gtin_14(Upc.parse(digits).as_upc_a())
    except (BiipException, ValueError):
        return None


def _read_label(gtin: str, rules: tuple[RcnRule, ...], minor_digits: int) -> LabelRead | None:
    payload = gtin[1:13]
    if gtin[0] != "0" or gtin.startswith("000000"):
        return None
    for rule in rules:
        if not payload.startswith(rule.prefix):
            continue
        parts = {
            letter: "".join(
                digit for digit, place in zip(payload, rule.pattern, strict=True) if place == letter
            )
            for letter in "PVC"
        }
        if int(parts["V"]) == 0 or not _is_measure_checked(parts["V"], parts["C"]):
            continue  # a plain number of the chain, not a label
        measure = Decimal(parts["V"]).scaleb(-rule.decimals)
        match rule.kind:
            case LabelKind.PRICE:
                return LabelRead(parts["P"], _whole(measure, minor_digits), None, gtin)
            case LabelKind.WEIGHT:
                weight_g = _whole(measure, 3)
                if weight_g <= MAX_WEIGHT_G:
                    return LabelRead(parts["P"], None, weight_g, gtin)
    return None


def _is_measure_checked(measure: str, check: str) -> bool:
    return not check or gs1_price_weight_check_digit(measure) == int(check)


def _read_link(url: str, minor_digits: int) -> CodeReading:
    try:
        elements = GS1DigitalLinkURI.parse(url).element_strings
    except (BiipException, ValueError, IndexError):
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    return _read_elements(list(elements), minor_digits)


def _read_message(text: str, minor_digits: int) -> CodeReading:
    try:
        elements = GS1Message.parse(text).element_strings
    except (BiipException, ValueError, IndexError):
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    return _read_elements(list(elements), minor_digits)


def _read_elements(elements: list[GS1ElementString], minor_digits: int) -> CodeReading:
    """The product of AI (01), with 10, 17, 310n and 392n/393n. The same AI twice is a broken symbol."""
    found = {_family(element.ai.ai): element for element in elements}
    if len(found) != len(elements) or "01" not in found:
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    gtin = gtin_14(found["01"].value)
    if gtin is None:
        return Unreadable(UnreadableReason.CHECK_DIGIT)
    weight, price = found.get("310"), found.get("392") or found.get("393")
    weight_g = _whole(weight.decimal, 3) if weight and weight.decimal is not None else None
    price_minor = _whole(price.decimal, minor_digits) if price and price.decimal is not None else None
    if weight_g is not None and not 0 < weight_g <= MAX_WEIGHT_G:
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    if price_minor is not None and not 0 < price_minor <= MAX_AMOUNT_MINOR:
        return Unreadable(UnreadableReason.NOT_A_PRODUCT)
    return GtinRead(
        gtin,
        weight_g,
        price_minor,
        lot=found["10"].value if "10" in found else "",
        expiry=found["17"].date if "17" in found else None,
    )


def _family(ai: str) -> str:
    # The fourth digit of a measure's AI is its number of decimals.
    return ai[:3] if ai.startswith(("310", "392", "393")) else ai


def _whole(amount: Decimal, digits: int) -> int:
    """`amount` in units of ten to the power of minus `digits`, halves up. `amount` is never negative here."""
    return int(amount.scaleb(digits) + Decimal("0.5"))
