"""Owns the generated parts of the pages in docs/: diagrams, the list of modules, languages and their words.

It must not know what the rest of a page says: it replaces what stands between two markers and nothing else.
`python -m tests.architecture.blocks` renews the pages.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from assets.locale import glossary
from kiosk.checkout import diagram
from tests.architecture import help_deeds, sharding

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "The program": ("main.py",),
    "hardware/": ("hardware",),
    "kiosk/": ("kiosk",),
    "inventory/": ("inventory",),
    "assets/": ("assets",),
}


def product_modules() -> tuple[Path, ...]:
    """Every Python file of the product, tests and these pages aside."""
    return tuple(path for names in ROOMS.values() for name in names for path in _files(name))


def owned(path: Path) -> str:
    """The first sentence or line of a module's docstring: what it owns; "" for an empty file."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ").strip()


def module_tables() -> str:
    """One table a room: file and what it owns."""
    return "\n\n".join(_room(title, names) for title, names in ROOMS.items())


def _room(title: str, names: tuple[str, ...]) -> str:
    rows = [
        f"| `{path.relative_to(ROOT)}` | {_cell(owned(path))} |"
        for name in names
        for path in _files(name)
        if owned(path)
    ]
    return "\n".join((f"## {title}", "", "| file | what it owns |", "|---|---|", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _files(name: str) -> Iterator[Path]:
    place = ROOT / name
    yield from sorted(place.rglob("*.py")) if place.is_dir() else (place,)


BLOCKS: dict[str, Callable[[], str]] = {
    "phases": diagram.phase_diagram,
    "payments": diagram.payment_diagram,
    "coupling": diagram.coupling_table,
    "help": diagram.help_diagram,
    "deeds": help_deeds.deed_table,
    "events": diagram.event_table,
    "modules": module_tables,
    "languages": glossary.language_table,
    "glossary": glossary.glossary_table,
    "citus": sharding.statements,
}
PAGES = tuple(
    ROOT / "docs" / name for name in ("architecture.md", "modules.md", "languages.md", "scale.md", "help.md")
)


def renewed(text: str) -> str:
    """A page's text with every block as the code has it now. Raises ValueError for a lost end marker."""
    for name, make in BLOCKS.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        if found:
            _, closed, after = rest.partition(end)
            if not closed:
                raise ValueError(f"the block {name} has no end marker")
            text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
