"""Bundles of different items: what they are booked as, how many are whole, and which are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.bundles import BundleError, Part, check_parts, explode, parts_of, whole_bundles_milli
from tests.support.store_samples import MIRROR, PEARS, SIX_WATERS, WATER, gtin

BREAKFAST = replace(MIRROR, gtin=gtin(7), sku="BREAKFAST")
PARTS = (Part(WATER.gtin, 2000), Part(PEARS.gtin, 350))
ITEMS = {item.gtin: item for item in (MIRROR, WATER, SIX_WATERS, PEARS, BREAKFAST)}


def test_a_bundle_is_its_parts_a_pack_its_singles_and_all_else_itself() -> None:
    assert parts_of(BREAKFAST, PARTS) == PARTS
    assert parts_of(SIX_WATERS) == (Part(WATER.gtin, 6000),)
    assert parts_of(MIRROR) == (Part(MIRROR.gtin, 1000),)
    assert explode(PARTS, -3000) == ((WATER.gtin, -6000), (PEARS.gtin, -1050))
    assert explode(parts_of(PEARS), -1234) == ((PEARS.gtin, -1234),)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_whole_bundles_can_be_made_of_the_parts_and_one_more_cannot(waters: int, pears: int) -> None:
    there = {WATER.gtin: waters, PEARS.gtin: pears}
    whole = whole_bundles_milli(PARTS, there)
    assert all(milli <= there[part] for part, milli in explode(PARTS, whole))
    assert any(milli > there[part] for part, milli in explode(PARTS, whole + 1000))


def test_a_bundle_lacking_a_part_is_not_there() -> None:
    assert whole_bundles_milli(PARTS, {WATER.gtin: 9000}) == 0
    assert whole_bundles_milli(PARTS, {WATER.gtin: -1000, PEARS.gtin: 5000}) == -1000


@pytest.mark.parametrize(
    ("bundle", "parts", "words"),
    [
        (SIX_WATERS, PARTS, "multipack"),
        (BREAKFAST, (), "between 1"),
        (BREAKFAST, (PARTS[0], PARTS[0]), "twice"),
        (BREAKFAST, (Part(gtin(99), 1000),), "no item"),
        (BREAKFAST, (Part(SIX_WATERS.gtin, 1000),), "sold as others"),
        (BREAKFAST, (Part(BREAKFAST.gtin, 1000),), "sold as others"),
        (BREAKFAST, (Part(MIRROR.gtin, 1000),), "sold as others"),
        (BREAKFAST, (Part(WATER.gtin, 0),), "holds nothing"),
    ],
)
def test_what_makes_no_bundle_is_refused(bundle: object, parts: tuple[Part, ...], words: str) -> None:
    assert isinstance(bundle, type(MIRROR))
    with pytest.raises(BundleError, match=words):
        check_parts(bundle, parts, ITEMS, {MIRROR.gtin})
