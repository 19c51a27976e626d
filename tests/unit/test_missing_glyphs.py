"""Owns the proof that no shopper sees a missing character: not in our texts, not in ten thousand names.

It must not trust the typesetter's own table of what a face covers: the faces' pictures are asked too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PIL import ImageFont

from assets import ROOT
from assets.languages import LANGUAGES
from assets.typesetting.clean import clean
from assets.typesetting.clusters import clusters
from assets.typesetting.faces import FAMILIES, Family, Weight, covered, family_for, invisible

CATALOGUES = sorted(path.parts[-3] for path in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
SIZES = ("250 g", "0,5 L", "1 kg", "6 × 33 cl", "12 pz.", "½ dz.", "€1.29/kg", "3 + 1", "№ 7", "18 %")
GOODS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ar": (
        ("حليب", "خبز", "جبنة", "تفاح", "شاي", "أرز", "زيتون", "بيض"),
        ("طازج", "كامل الدسم", "بلا سكر", "عضوي", "محمّص", "للأطفال"),
    ),
    "he": (
        ("חלב", "לחם", "גבינה", "תפוחים", "תה", "אורז", "זיתים", "ביצים"),
        ("טרי", "מלא", "ללא סוכר", "אורגני", "קלוי", "צ׳יפס"),
    ),
    "fa": (
        ("شیر", "نان", "پنیر", "سیب", "چای", "برنج", "زیتون", "گوجه"),
        ("تازه", "پرچرب", "بدون شکر", "می‌خواهم", "ژله‌ای", "گرم"),
    ),
    "ur": (
        ("دودھ", "روٹی", "پنیر", "سیب", "چائے", "چاول", "انڈے", "ٹماٹر"),
        ("تازہ", "خالص", "میٹھا", "ڈبہ", "بڑا", "گھریلو"),
    ),
    "hi": (
        ("दूध", "रोटी", "पनीर", "सेब", "चाय", "चावल", "अंडे", "टमाटर"),
        ("ताज़ा", "शुद्ध", "मीठा", "जैविक", "छोटा", "विशेष"),
    ),
    "bn": (
        ("দুধ", "রুটি", "পনির", "আপেল", "চা", "চাল", "ডিম", "টমেটো"),
        ("তাজা", "খাঁটি", "মিষ্টি", "জৈব", "ছোট", "বিশেষ"),
    ),
    "th": (
        ("นม", "ขนมปัง", "ชีส", "แอปเปิล", "ชา", "ข้าว", "ไข่", "น้ำผึ้ง"),
        ("สด", "จืด", "ไม่มีน้ำตาล", "อินทรีย์", "เผ็ด", "ใหญ่"),
    ),
    "zh-Hans": (
        ("牛奶", "面包", "奶酪", "苹果", "茶叶", "大米", "鸡蛋", "榴莲"),
        ("新鲜", "全脂", "无糖", "有机", "麻辣", "家庭装"),
    ),
    "ja": (
        ("牛乳", "食パン", "チーズ", "りんご", "お茶", "白米", "卵", "苺"),
        ("新鮮", "低脂肪", "無糖", "有機", "辛口", "徳用"),
    ),
    "ko": (
        ("우유", "식빵", "치즈", "사과", "녹차", "쌀", "달걀", "딸기"),
        ("신선한", "저지방", "무설탕", "유기농", "매운", "대용량"),
    ),
    "el": (
        ("γάλα", "ψωμί", "τυρί", "μήλα", "τσάι", "ρύζι", "αυγά", "ελιές"),
        ("φρέσκο", "πλήρες", "χωρίς ζάχαρη", "βιολογικό", "ΐσιο", "Ώριμο"),
    ),
    "uk": (
        ("молоко", "хліб", "сир", "яблука", "чай", "рис", "яйця", "ґрінки"),
        ("свіже", "цільне", "без цукру", "органічне", "їстівне", "єдине"),
    ),
    "vi": (
        ("sữa", "bánh mì", "phô mai", "táo", "trà", "gạo", "trứng", "ổi"),
        ("tươi", "nguyên kem", "không đường", "hữu cơ", "cay", "lớn"),
    ),
    "ro": (
        ("lapte", "pâine", "brânză", "mere", "ceai", "orez", "ouă", "țuică"),
        ("proaspăt", "integral", "fără zahăr", "bio", "prăjit", "românească"),
    ),
    "tr": (
        ("süt", "ekmek", "peynir", "elma", "çay", "pirinç", "yumurta", "zeytin"),
        ("taze", "tam yağlı", "şekersiz", "İzmir", "acı", "ığdır"),
    ),
}


def demo_names() -> Iterator[tuple[str, str]]:
    """Every name of the demonstration's catalogue, in sizes a shop might add."""
    with (ROOT / "demo" / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [column for column in rows[0] if column.startswith("name")]
    for row, column, size in product(rows, columns, SIZES):
        if row[column]:
            yield f"{row[column]} {size}", "en"


def made_up_names() -> Iterator[tuple[str, str]]:
    for language, (goods, kinds) in GOODS.items():
        for good, kind, size in product(goods, kinds, SIZES):
            yield f"{good} {kind} Aurora {size}", language


def boxed(text: str, language: str) -> list[str]:
    """The clusters of a text that no face can draw."""
    return [
        cluster
        for cluster in clusters(clean(text).replace("\n", " "))
        if not all(invisible(c) for c in cluster) and family_for(cluster, language) is None
    ]


@pytest.mark.parametrize("language", CATALOGUES)
def test_no_text_of_the_interface_lacks_a_letter(language: str) -> None:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "lanelight.po").open("rb") as file:
        messages = [m for m in read_po(file) if m.id]
    assert messages
    said = [
        text
        for message in messages
        for texts in (message.id, message.string)
        for text in ((texts,) if isinstance(texts, str) else texts or ())
    ]
    assert {text: boxed(text, language) for text in said if boxed(text, language)} == {}


def test_every_language_names_itself_in_letters_we_have() -> None:
    assert {
        code: boxed(each.own_name, code) for code, each in LANGUAGES.items() if boxed(each.own_name, code)
    } == {}


def test_no_letter_is_missing_in_ten_thousand_names_of_goods() -> None:
    names = {*demo_names(), *made_up_names()}
    assert len(names) >= 10_000
    missing = {name: boxed(name, language) for name, language in names}
    assert {name: lost for name, lost in missing.items() if lost} == {}


def test_the_names_of_a_strange_script_are_seen_to_lack_their_letters() -> None:
    assert boxed("ᚠᚢ 500 g", "en") == ["ᚠ", "ᚢ"]


@pytest.mark.parametrize("family", FAMILIES, ids=[family.stem for family in FAMILIES])
@pytest.mark.parametrize("weight", Weight)
def test_a_face_has_a_picture_of_its_own_for_what_it_says_it_covers(family: Family, weight: Weight) -> None:
    font = ImageFont.truetype(Path(family.path(weight)), 20)
    nothing = bytes(font.getmask("\U000eeeee"))
    assert nothing, "the face shows what it lacks"
    said = sorted(covered(family))
    for point in said[:: max(1, len(said) // 400)]:
        if clean(chr(point)) != chr(point):
            continue  # never reaches a face
        assert bytes(font.getmask(chr(point))) != nothing, f"U+{point:04X}"
