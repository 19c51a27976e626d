"""Owns the reading of a settings file's text: TOML, unknown keys, and the line a mistake stands on.

It must not open files nor know which settings exist; the lane and the store bring their own key trees.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

KeyTree = Mapping[str, "KeyTree | None"]
"""Known keys. None stands for a plain value, or for a table whose keys are free (names of lanes, rates)."""


class SettingsError(ValueError):
    """A settings file that cannot be used; its text is one sentence for a person, beginning with the file."""


def read_settings(text: str, *, source: str, known: KeyTree) -> dict[str, Any]:
    """The tables of a TOML text, every key of which is in `known`.

    `source` is the file's name for messages. Raises SettingsError.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source}: this is not TOML: {error}.") from error
    _refuse_unknown(tables, known, text=text, source=source, path=())
    return tables


def complaint(problem: str, *, source: str, text: str, path: Iterable[object]) -> str:
    """One sentence that names file, line where it can be found, key and problem."""
    keys = [str(part) for part in path]
    line_no = line_of(text, keys)
    place = f"{source}:{line_no}" if line_no else source
    return f"{place}: {'.'.join(keys) or 'the file'}: {problem}"


def line_of(text: str, path: Iterable[object]) -> int | None:
    """Line (from 1) on which a key stands, or None. A key inside a table is sought below its heading."""
    keys = [str(part) for part in path]
    if not keys:
        return None
    lines = text.splitlines()
    start = 0
    for depth in range(len(keys) - 1, 0, -1):
        heading = _heading(keys[:depth])
        start = next((at for at, line in enumerate(lines) if heading.match(line)), 0)
        if start:
            break
    wanted = re.compile(rf"""\s*(?:\[+\s*)?(?:[\w.-]+\.)?["']?{re.escape(keys[-1])}["']?\s*(?:[=\].])""")
    for at in range(start, len(lines)):
        if wanted.match(lines[at]):
            return at + 1
    return line_of(text, keys[:-1])


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean “currency”?`, or a full stop when nothing comes near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean “{near[0]}”?" if near else "."


def _heading(keys: list[str]) -> re.Pattern[str]:
    dotted = r"\s*\.\s*".join(rf"""["']?{re.escape(key)}["']?""" for key in keys)
    return re.compile(rf"\s*\[+\s*{dotted}\s*\]")


def _refuse_unknown(
    tables: Mapping[str, Any], known: KeyTree, *, text: str, source: str, path: tuple[str, ...]
) -> None:
    for key, value in tables.items():
        here = (*path, key)
        if key not in known:
            problem = f"unknown key{suggestion(key, known)}"
            raise SettingsError(complaint(problem, source=source, text=text, path=here))
        below = known[key]
        if below is not None and isinstance(value, Mapping):
            _refuse_unknown(value, below, text=text, source=source, path=here)
