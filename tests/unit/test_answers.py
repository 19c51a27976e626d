"""Answers to shoppers' questions: every file is readable and short, and a broken one harms nobody."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.answers import (
    FAQ,
    MAX_WORDS,
    Answer,
    AnswerError,
    Answers,
    Block,
    BlockKind,
    count_words,
    languages_for,
    parse_answer,
)
from assets.languages import SHIPPED
from kiosk.assist.faq import Question

HEAD = "---\ntitle: Card refused\nicon: card\nversion: 2\n---\n"


def parse(body: str, head: str = HEAD) -> Answer:
    return parse_answer(head + body, "card.md", "en")


def test_headings_paragraphs_points_and_bold_lines_are_read() -> None:
    answer = parse("# First\nA line\nthat goes on.\n\n**Loud.**\n\n- one\n- two\n  and more\n")
    assert (answer.title, answer.icon, answer.version) == ("Card refused", "card", 2)
    assert answer.blocks == (
        Block(BlockKind.HEADING, "First"),
        Block(BlockKind.PARAGRAPH, "A line that goes on."),
        Block(BlockKind.PARAGRAPH, "Loud.", strong=True),
        Block(BlockKind.ITEM, "one"),
        Block(BlockKind.ITEM, "two and more"),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("no dashes", "card.md:1: the file begins"),
        ("---\ntitle: A", "card.md:2: a second line of three dashes"),
        ("---\ntitle: A\nicon: card\n---\nWords.", "card.md:4: version is missing"),
        ("---\ntitle: A\ntitle: B\n---\n", "card.md:3: title stands twice"),
        ("---\ncolour: red\n---\n", "card.md:2: expected one of title, icon, version"),
        ("---\ntitle:\n---\n", "card.md:2: a title has 1 to 40 characters"),
        (f"---\ntitle: {'x' * 41}\n---\n", "card.md:2: a title has"),
        ("---\nicon: ../card\n---\n", "card.md:2: there is no icon"),
        ("---\nicon: unicorn\n---\n", "card.md:2: there is no icon"),
        ("---\nversion: 0\n---\n", "card.md:2: the version is a whole number"),
        (HEAD, "card.md:6: there is no answer"),
        (HEAD + "Go to [our page](x).", "card.md:6: only"),
        (HEAD + "Fine.\n\n<b>no</b>", "card.md:8: only"),
        (HEAD + "## Too deep", "card.md:6: only"),
        (HEAD + "1. First", "card.md:6: only"),
        (HEAD + "A **bold** word", "card.md:6: only a whole line can be bold"),
        (HEAD + "A\u202ebackward line", "card.md:6: there is a character"),
        (HEAD + "word " * 41, f"41 words; an answer has at most {MAX_WORDS}"),
        (HEAD + "- x\n" * 7, "7 paragraphs and points; 6 fit"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(text: str, complaint: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_answer(text, "card.md", "en")
    assert complaint in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_an_answer_or_a_complaint(text: str) -> None:
    for whole in (text, HEAD + text):
        with contextlib.suppress(AnswerError):
            answer = parse_answer(whole, "any.md", "en")
            assert sum(count_words(block.text) for block in answer.blocks) <= MAX_WORDS


def test_chinese_counts_two_characters_as_a_word() -> None:
    assert count_words("把条码对准玻璃") == 4
    assert count_words("点 Bag 购买") == 3


@pytest.mark.parametrize("language", SHIPPED)
def test_every_question_is_answered_in_every_language_of_the_lane(language: str) -> None:
    answers = Answers()
    for question in Question:
        answer = answers.get(question.value, language)
        assert answer is not None
        assert answer.language == language, f"{question.value} is missing in {language}"


def test_no_built_in_answer_is_broken_or_unknown() -> None:
    assert Answers().complaints() == ()
    names = {path.stem for path in FAQ.glob("*/*.md")}
    assert names == {question.value for question in Question}


def test_a_language_leads_over_its_script_to_english() -> None:
    assert languages_for("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh", "en")
    assert languages_for("en") == ("en",)


def write(folder: Path, language: str, body: str) -> None:
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / "returns.md").write_text(HEAD + body, "utf-8")


def test_a_shop_s_own_answer_goes_before_the_built_in_one(tmp_path: Path) -> None:
    write(tmp_path, "it", "Il banco è aperto fino alle otto.")
    answers = Answers(tmp_path)
    own, built_in = answers.get("returns", "it"), answers.get("returns", "ro")
    assert own is not None
    assert own.blocks[0].text == "Il banco è aperto fino alle otto."
    assert built_in is not None
    assert built_in.language == "ro"


def test_a_language_without_answers_falls_back_to_english(tmp_path: Path) -> None:
    answer = Answers(tmp_path).get("returns", "sw")
    assert answer is not None
    assert answer.language == "en"


def test_a_broken_answer_of_the_shop_is_told_of_and_the_built_in_one_stands_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "en", "See <b>us</b>")
    answers = Answers(tmp_path)
    assert answers.get("returns", "en") == Answers().get("returns", "en")
    assert "returns.md:6" in caplog.text
    assert len(answers.complaints()) == 1


def test_a_folder_that_is_not_there_and_files_that_are_no_text_are_harmless(tmp_path: Path) -> None:
    assert Answers(tmp_path / "nowhere").get("scan", "en") is not None
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "scan.md").write_bytes(b"\xff\xfe" * 9000)
    answer = Answers(tmp_path).get("scan", "en")
    assert answer is not None
    assert answer == Answers().get("scan", "en")
    assert Answers().get("no-such-question", "en") is None
