"""The scan gate: what each kind of code stands for, and that nothing makes it raise."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.domain.catalogue import MAX_WEIGHT_G
from inventory.domain.identifiers import (
    DEFAULT_RCN_RULES,
    RCN_RULES,
    GtinRead,
    LabelKind,
    LabelRead,
    PluRead,
    RcnRule,
    Unreadable,
    UnreadableReason,
    gtin_14,
    read_code,
    with_check_digit,
)

digits = st.text(alphabet=string.digits)
gs1_text = st.text(alphabet=string.digits + string.ascii_letters + "\x1d()]/?=:&.", max_size=60)


def refused(reason: UnreadableReason) -> Unreadable:
    return Unreadable(reason)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("96385074", "00000096385074"),
        ("614141543212", "00614141543212"),
        ("9506000134352", "09506000134352"),
        ("19506000134359", "19506000134359"),
        (" 9506000134352 ", "09506000134352"),
        ("]E09506000134352", "09506000134352"),
    ],
)
def test_a_number_with_a_right_check_digit_is_a_gtin_of_fourteen_digits(text: str, gtin: str) -> None:
    assert read_code(text, None, rules=DEFAULT_RCN_RULES) == GtinRead(gtin)


def test_upc_e_is_read_as_the_long_number_it_stands_for() -> None:
    assert read_code("04252614", None) == GtinRead("00042100005264")
    assert read_code("425261", "]E0") == GtinRead("00042100005264")


def test_a_short_upc_e_that_was_keyed_is_not_believed() -> None:
    assert read_code("425261", None) == refused(UnreadableReason.NOT_A_PRODUCT)


def test_ean_8_stays_ean_8_when_the_scanner_says_so() -> None:
    both = "04252614"
    assert read_code(both, "]E4") == refused(UnreadableReason.CHECK_DIGIT)
    assert read_code("96385074", "]E4") == GtinRead("00000096385074")


@pytest.mark.parametrize("text", ["10614141543210", "9788679912070", "8001234567890"])
def test_a_misread_number_is_never_taken_for_element_strings(text: str) -> None:
    assert read_code(text, None) == refused(UnreadableReason.CHECK_DIGIT)
    assert read_code(text, "]E0") == refused(UnreadableReason.CHECK_DIGIT)


@pytest.mark.parametrize("symbology", ["]C1", "]e0", "]d2", "]Q3", "]J1"])
def test_element_strings_are_read_where_the_symbol_says_gs1(symbology: str) -> None:
    reading = read_code("0109506000134352310300175017261231" + "10ABC", symbology)
    assert reading == GtinRead("09506000134352", weight_g=1750, lot="ABC", expiry=date(2026, 12, 31))


def test_element_strings_are_read_where_fnc1_stands_between_them() -> None:
    reading = read_code("010950600013435210LOT\x1d3922345", None)
    assert reading == GtinRead("09506000134352", price_minor=345, lot="LOT")


def test_a_price_inside_the_symbol_follows_the_currencys_decimals() -> None:
    reading = read_code("01095060001343523922345", "]C1", minor_digits=0)
    assert isinstance(reading, GtinRead)
    assert reading.price_minor == 3


def test_a_digital_link_gives_its_gtin_and_weight_without_being_opened() -> None:
    reading = read_code("https://shop.invalid/it/01/09506000134352/10/L7?3103=000485", None)
    assert reading == GtinRead("09506000134352", weight_g=485, lot="L7")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", UnreadableReason.EMPTY),
        ("   ", UnreadableReason.EMPTY),
        ("9506000134352\x00", UnreadableReason.CONTROL_CHARACTERS),
        ("95060001343\n52", UnreadableReason.CONTROL_CHARACTERS),
        ("٩٥٠٦٠٠٠١٣٤٣٥٢", UnreadableReason.CONTROL_CHARACTERS),
        ("9" * 513, UnreadableReason.TOO_LONG),
        ("123", UnreadableReason.NOT_A_PRODUCT),
        ("hello", UnreadableReason.NOT_A_PRODUCT),
        ("https://example.invalid/", UnreadableReason.NOT_A_PRODUCT),
        ("00000000", UnreadableReason.CHECK_DIGIT),
        (with_check_digit("981000000000"), UnreadableReason.NOT_A_PRODUCT),
    ],
)
def test_what_cannot_be_sold_is_refused_with_its_reason(text: str, reason: UnreadableReason) -> None:
    assert read_code(text, None) == refused(reason)


@pytest.mark.parametrize(
    "text",
    [
        "3103001750",  # a weight without a product
        "010950600013435201095060001343" + "52",  # two products
        "0109506000134352" + "3100099999",  # more than any scale weighs
        "0109506000134352" + "3103000000",  # nothing
    ],
)
def test_element_strings_that_name_no_sellable_thing_are_refused(text: str) -> None:
    assert read_code(text, "]C1") == refused(UnreadableReason.NOT_A_PRODUCT)


def test_element_strings_with_a_wrong_check_digit_are_refused() -> None:
    assert read_code("0109506000134353", "]C1") == refused(UnreadableReason.CHECK_DIGIT)


@pytest.mark.parametrize("text", ["4011", "94011"])
def test_four_or_five_digits_are_a_plu(text: str) -> None:
    assert read_code(text, None) == PluRead(text)


def test_an_italian_price_label_gives_prefix_and_cents() -> None:
    code = with_check_digit("212345600345")
    assert read_code(code, None) == LabelRead("2123456", 345, None, gtin="0" + code)


def test_a_label_without_a_price_stays_a_plain_number() -> None:
    code = with_check_digit("212345600000")
    assert read_code(code, None) == GtinRead("0" + code)


def test_a_german_label_needs_the_right_check_digit_of_its_weight() -> None:
    # 00485: the fifth digits of GenSpecs §7.9.4 weigh 5, 2, 5-, 5+ and 2-.
    readings = [
        read_code(with_check_digit(f"281234{c}00485"), None, rules=RCN_RULES["de"]) for c in range(10)
    ]
    labels = [reading for reading in readings if isinstance(reading, LabelRead)]
    assert [(label.label_prefix, label.weight_g) for label in labels] == [("281234", 485)]


def test_a_label_heavier_than_any_scale_stays_a_plain_number() -> None:
    code = with_check_digit("251234567890")
    rules = (RcnRule("25", "PPPPPVVVVVVV", LabelKind.WEIGHT, 3),)
    assert read_code(code, None, rules=rules) == GtinRead("0" + code)


def test_without_rules_an_in_store_number_stays_a_plain_number() -> None:
    code = with_check_digit("212345600345")
    assert read_code(code, None, rules=()) == GtinRead("0" + code)


@given(st.integers(0, 999_999), st.integers(1, 99_999))
def test_every_italian_label_gives_back_the_price_it_was_made_with(item: int, price_minor: int) -> None:
    reading = read_code(with_check_digit(f"2{item:06}{price_minor:05}"), None)
    assert isinstance(reading, LabelRead)
    assert (reading.label_prefix, reading.price_minor) == (f"2{item:06}", price_minor)


@given(st.text(max_size=40) | digits | gs1_text, st.sampled_from([None, "]C1", "]d2", "]E0", "]E4", "]"]))
@example("]", None)
@example("]0", None)
@example("]C1", "]C1")
@example("http://", None)
def test_no_text_makes_the_gate_raise(text: str, symbology: str | None) -> None:
    reading = read_code(text, symbology)
    assert isinstance(reading, GtinRead | LabelRead | PluRead | Unreadable)
    if isinstance(reading, GtinRead):
        assert gtin_14(reading.gtin) == reading.gtin
        assert reading.weight_g is None or 0 < reading.weight_g <= MAX_WEIGHT_G


@given(digits.filter(lambda text: len(text) in (7, 11, 12, 13) and int(text) > 0), st.integers(1, 9))
def test_one_wrong_digit_at_the_end_is_always_noticed(payload: str, off_by: int) -> None:
    right = with_check_digit(payload)
    wrong = payload + str((int(right[-1]) + off_by) % 10)
    assert gtin_14(right) == right.zfill(14)
    assert gtin_14(wrong) is None


@pytest.mark.parametrize("region", sorted(RCN_RULES))
def test_the_rules_of_a_region_never_claim_the_same_prefix_twice(region: str) -> None:
    prefixes = [rule.prefix for rule in RCN_RULES[region]]
    assert len(set(prefixes)) == len(prefixes)


def test_a_rule_with_a_broken_pattern_is_a_programmers_error() -> None:
    with pytest.raises(AssertionError):
        RcnRule("2", "PPPP", LabelKind.PRICE, 2)
