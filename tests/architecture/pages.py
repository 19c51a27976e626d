"""Owns the reading of the project's pages: files, links, headings, fenced blocks, tables.

It must not know what any page ought to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = frozenset({"build", "dist", "demo-data", "node_modules", "__pycache__"})

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page; `target` is as written."""

    page: Path
    target: str


def files(*suffixes: str) -> tuple[Path, ...]:
    """Files of the repository by suffix (all without one); hidden folders and what is built are left out."""
    return tuple(sorted(path for path in _walk(ROOT) if not suffixes or path.suffix in suffixes))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if not path.name.startswith(".") and path.name not in LEFT_OUT:
                yield from _walk(path)
        else:
            yield path


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def links(page: Path) -> tuple[Link, ...]:
    text = _FENCE.sub("", page.read_text("utf-8"))
    return tuple(Link(page, target) for target in _LINK.findall(text))


def anchors(page: Path) -> frozenset[str]:
    """The names a link may point at: headings in lower case, blanks as hyphens, other signs dropped."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    return frozenset(
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in _HEADING.findall(text)
    )


def fenced(text: str, language: str = "") -> tuple[str, ...]:
    """The contents of the fenced blocks marked with `language` ("": those without a mark)."""
    return tuple(body for found, body in _FENCE.findall(text) if found == language)


def section(text: str, title: str) -> str:
    """What stands below a heading up to the next one of its level or above; "" when there is none."""
    found = re.search(rf"^(#+) +{re.escape(title)} *$", text, re.MULTILINE)
    if found is None:
        return ""
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a text's tables, cells without blanks around them; rulers are left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return tuple(row for row in cells if not all(set(cell) <= set("-: ") for cell in row))
