"""Owns the reading of answers to shoppers' questions: one small Markdown file a question and language.

It must not know which question is asked when. A shop's own folder goes before the built-in texts; a file that
cannot be read is told of once and the next one in the chain stands in, so a typing slip never closes a lane.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from assets import ROOT

log = logging.getLogger(__name__)

FAQ = ROOT / "faq"
FALLBACK_LANGUAGE = "en"
MAX_WORDS = 40
MAX_BLOCKS = 6
MAX_TITLE = 40
MAX_BYTES = 8 * 1024

_KEYS = ("title", "icon", "version")
_NAME = re.compile(r"[a-z][a-z-]{0,30}")
_VERSION = re.compile(r"[1-9][0-9]{0,5}")
_FORBIDDEN = re.compile(r"[<>`|\[\]_]|^[#*+=~]|^\d+[.)] ")
_UNSEEN = frozenset("\u00a0\u202f\u200c\u200d\u200e\u200f")
"""Spaces that hold words together, and marks that Persian, Hindi and mixed directions need."""
_HAN = re.compile(r"[\u3400-\u9fff]")


class AnswerError(Exception):
    """An answer that cannot be read; the text names the file, the line and what is wrong there."""


class BlockKind(Enum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or point of a list. `strong`: all of it is bold."""

    kind: BlockKind
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`icon` is a stem of assets/icons; `language` is the text's own, maybe not the one asked for."""

    language: str
    title: str
    icon: str
    version: int
    blocks: tuple[Block, ...]


# --- reading one file ----------------------------------------------------------------------------


def parse_answer(text: str, source: str, language: str) -> Answer:
    """The answer a file holds. Raises AnswerError for the first line that is not as it should be."""
    lines = text.split("\n")
    end, head = _front_matter(lines, source)
    blocks = _blocks(lines, end, source)
    if not blocks:
        raise AnswerError(f"{source}:{len(lines)}: there is no answer under the title")
    if len(blocks) > MAX_BLOCKS:
        raise AnswerError(f"{source}:{end + 1}: {len(blocks)} paragraphs and points; {MAX_BLOCKS} fit")
    words = sum(count_words(block.text) for block in blocks)
    if words > MAX_WORDS:
        raise AnswerError(f"{source}:{end + 1}: {words} words; an answer has at most {MAX_WORDS}")
    return Answer(language, head["title"], head["icon"], int(head["version"]), blocks)


def count_words(text: str) -> int:
    """Words between spaces; of Chinese, which writes none, two characters count as one word."""
    characters = len(_HAN.findall(text))
    return len(_HAN.sub(" ", text).split()) if not characters else -(-characters // 2) + _latin_words(text)


def _latin_words(text: str) -> int:
    return sum(1 for word in _HAN.sub(" ", text).split() if any(map(str.isalnum, word)))


def _front_matter(lines: list[str], source: str) -> tuple[int, dict[str, str]]:
    """The index of the line after the front matter, and its values."""
    if lines[0].strip() != "---":
        raise AnswerError(f"{source}:1: the file begins with a line of three dashes")
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            missing = [key for key in _KEYS if key not in head]
            if missing:
                raise AnswerError(f"{source}:{number}: {missing[0]} is missing above this line")
            return number, head
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if not colon or key not in _KEYS:
            raise AnswerError(f"{source}:{number}: expected one of {', '.join(_KEYS)}, then a colon")
        if key in head:
            raise AnswerError(f"{source}:{number}: {key} stands twice")
        _check_value(key, value, f"{source}:{number}")
        head[key] = value
    raise AnswerError(f"{source}:{len(lines)}: a second line of three dashes is missing")


def _check_value(key: str, value: str, where: str) -> None:
    if key == "title" and not (0 < len(value) <= MAX_TITLE and _can_be_shown(value)):
        raise AnswerError(f"{where}: a title has 1 to {MAX_TITLE} characters")
    if key == "version" and not _VERSION.fullmatch(value):
        raise AnswerError(f"{where}: the version is a whole number from 1")
    if key == "icon":
        known = _NAME.fullmatch(value) and (ROOT / "icons" / f"{value}.png").is_file()
        if not known:
            raise AnswerError(f"{where}: there is no icon of that name in assets/icons")


def _blocks(lines: list[str], start: int, source: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    is_open = False  # the paragraph or point that the next line continues
    for number, line in enumerate(lines[start:], start=start + 1):
        text = line.strip()
        if not text:
            is_open = False
            continue
        if not _can_be_shown(text):
            raise AnswerError(f"{source}:{number}: there is a character that cannot be shown")
        block = _block(text, f"{source}:{number}")
        if is_open and block.kind is BlockKind.PARAGRAPH and not block.strong and not blocks[-1].strong:
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {block.text}")
        else:
            blocks.append(block)
        is_open = block.kind is not BlockKind.HEADING
    return tuple(blocks)


def _can_be_shown(text: str) -> bool:
    return all(character.isprintable() or character in _UNSEEN for character in text)


def _block(text: str, where: str) -> Block:
    kind = BlockKind.PARAGRAPH
    for mark, marked in (("# ", BlockKind.HEADING), ("- ", BlockKind.ITEM)):
        if text.startswith(mark):
            kind, text = marked, text.removeprefix(mark).strip()
    strong = len(text) > 4 and text.startswith("**") and text.endswith("**")
    text = text[2:-2].strip() if strong else text
    if "**" in text:
        raise AnswerError(f"{where}: only a whole line can be bold")
    if not text or _FORBIDDEN.search(text):
        raise AnswerError(
            f"{where}: only “# ” headings, paragraphs, “- ” points and **bold** lines are known"
        )
    return Block(kind, text, strong)


# --- the chain of files --------------------------------------------------------------------------


class Answers:
    """All answers of the built-in folder and, before it, of the shop's own. Files are read when needed."""

    def __init__(self, own: Path | None = None) -> None:
        self._folders = (FAQ,) if own is None else (own, FAQ)
        self._known: dict[tuple[str, str], Answer | None] = {}

    def get(self, question: str, language: str) -> Answer | None:
        """The answer in `language`, else in the next language of its chain; None where nobody wrote any."""
        for tongue in languages_for(language):
            if (answer := self._in_language(question, tongue)) is not None:
                return answer
        return None

    def complaints(self) -> tuple[str, ...]:
        """What is wrong with any file of any folder, a sentence each."""
        found: list[str] = []
        for folder in self._folders:
            for path in sorted(folder.glob("*/*.md")):
                try:
                    read_answer(path, path.parent.name)
                except AnswerError as error:
                    found.append(str(error))
        return tuple(found)

    def _in_language(self, question: str, language: str) -> Answer | None:
        key = (question, language)
        if key not in self._known:
            self._known[key] = self._read(question, language)
        return self._known[key]

    def _read(self, question: str, language: str) -> Answer | None:
        for folder in self._folders:
            path = folder / language / f"{question}.md"
            try:
                if path.is_file():
                    return read_answer(path, language)
            except AnswerError as error:
                log.warning("an answer is left out: %s", error)
        return None


def read_answer(path: Path, language: str) -> Answer:
    """Raises AnswerError, also for a file that cannot be opened or is no UTF-8 text."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise AnswerError(f"{path}: the file cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise AnswerError(f"{path}: the file is larger than {MAX_BYTES // 1024} KiB")
    return parse_answer(text.replace("\r\n", "\n").removeprefix("\ufeff"), str(path), language)


def languages_for(language: str) -> tuple[str, ...]:
    """The language, then itself without script or region, then English: zh-Hans, zh, en."""
    chain = [language]
    while "-" in chain[-1]:
        chain.append(chain[-1].rpartition("-")[0])
    return tuple(dict.fromkeys((*chain, FALLBACK_LANGUAGE)))
