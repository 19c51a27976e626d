"""Owns the collecting of texts: from the source of lane and store to lanelight.pot and every language's file.

It must not know any text. What it writes depends on the sources alone: no names, no dates, no line numbers,
so that a catalogue changes only when a text does.

Run it after adding or changing a text, then translate what is empty::

    python -m assets.locale.update
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from assets.languages import LANGUAGES, TRANSLATED, cldr_of
from assets.texts import DOMAIN, LOCALE, catalogue_path

CHECKOUT: Final = LOCALE.parents[1]
ROOMS: Final = ("inventory", "kiosk")
TEMPLATE: Final = LOCALE / f"{DOMAIN}.pot"
KEYWORDS: Final = parse_keywords(
    ("texts", "text", "_text", "t", "_", "gettext", "said", "plural:1,2", "ngettext:1,2")
)

_ENTRY_WIDTH: Final = 0  # no folding: one text, one line, whatever the version of Babel


def extract_words(
    source: IO[bytes],
    keywords: Collection[str],
    _comment_tags: Collection[str],
    options: Mapping[str, str],
) -> Iterator[tuple[int, str, list[str | None], list[str]]]:
    """The texts of one Python file, in the order they stand, for Babel's `extract`.

    Babel's own reader works on tokens and misses a text inside an f-string before Python 3.12; this one reads
    the syntax tree. A call counts when its first argument is a plain string; where babel.cfg names `only` one
    function, no other does.
    """
    wanted = {options["only"]} if "only" in options else keywords
    for call in _calls(ast.parse(source.read())):
        name = _called(call.func)
        words = [_string(argument) for argument in call.args]
        if name in wanted and words and words[0]:
            yield call.lineno, name, words, []


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _string(argument: ast.expr) -> str | None:
    match argument:
        case ast.Constant(value=str(text)):
            return text
        case _:
            return None


def extract() -> Catalog:
    """A fresh template with every text of lane and store. Raises SyntaxError for a source that is none."""
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's gap
    template = Catalog(domain=DOMAIN, fuzzy=False)
    found = extract_from_dir(CHECKOUT, methods, options, KEYWORDS, directory_filter=_is_ours)
    for file_name, _line, text, _comments, context in found:
        template.add(text, locations=[(file_name, 0)], context=context)
    return template


def _is_ours(folder: str | os.PathLike[str]) -> bool:
    parts = Path(folder).relative_to(CHECKOUT).parts
    return parts[0] in ROOMS and not parts[-1].startswith((".", "_"))


def file_text(catalogue: Catalog, *, language: str = "") -> bytes:
    """A .pot (no language) or .po file, byte for byte the same for the same texts."""
    body = BytesIO()
    write_po(
        body, catalogue, omit_header=True, include_lineno=False, ignore_obsolete=True, width=_ENTRY_WIDTH
    )
    return _header(language).encode() + body.getvalue()


def _header(language: str) -> str:
    fields = {
        "Project-Id-Version": "lanelight",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language].plurals if language else "",
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items() if value)
    return f'# Texts of lane and store. English is the text itself.\nmsgid ""\nmsgstr ""\n{lines}\n'


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the template's texts: kept where known, empty where new."""
    path = catalogue_path(language)
    source = path.read_bytes() if path.is_file() else _header(language).encode()
    catalogue = read_po(BytesIO(source), locale=cldr_of(language), domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def missing(catalogue: Catalog) -> int:
    """How many texts have no translation, or one that nobody has confirmed."""
    return sum(
        1 for message in catalogue if message.id and (message.fuzzy or not all(_forms(message.string)))
    )


def _forms(string: str | Collection[str] | None) -> Collection[str]:
    return string if isinstance(string, (tuple, list)) else (str(string or ""),)


def main() -> int:
    """Write the template and every language; 1 if a language still has something to translate."""
    template = extract()
    TEMPLATE.write_bytes(file_text(template))
    left = 0
    for language in TRANSLATED:
        catalogue = updated(language, template)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_text(catalogue, language=language))
        left += missing(catalogue)
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {missing(catalogue)} to translate\n")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
