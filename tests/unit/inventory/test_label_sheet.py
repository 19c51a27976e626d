"""Shelf labels: in the order of the shelves, each with a code that leads to its item, whatever its name."""

from __future__ import annotations

import re
from dataclasses import replace

from inventory.label_sheet import label_sheet
from tests.support.store_samples import MIRROR, PEARS, WATER

URL = "https://store.example/"


def test_labels_come_in_the_order_of_aisles_and_bays_as_people_count() -> None:
    goods = [replace(MIRROR, aisle="10"), replace(WATER, aisle="2"), replace(PEARS, aisle="Z")]
    names = re.findall(r"<b>(.*?)</b>", label_sheet(goods, URL, "en"))
    assert names == ["Smug water", "Ominous mirror", "Brave pears"]


def test_a_label_speaks_the_store_s_language_and_carries_one_code() -> None:
    sheet = label_sheet([MIRROR], URL, "it")
    assert "Specchio sinistro" in sheet
    assert sheet.count("<svg") == 1
    assert "€" not in sheet


def test_no_name_becomes_markup() -> None:
    bad = replace(MIRROR, names={"en": "<script>alert(1)</script>"}, aisle="<b>", bay='"')
    sheet = label_sheet([bad], URL, "en")
    assert "<script" not in sheet
    assert "&lt;b&gt;" in sheet
