"""Owns the change of one value in `lane.toml`: nothing else in the file moves, no comment is lost.

It must not know what the value means. A file whose writing is too unusual is left alone, with what to write.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from pathlib import Path

PRIVATE = 0o600
_HEADER = re.compile(r"\s*\[")


class LaneFileError(Exception):
    """The file cannot be changed; the text is a few words that say why, or what to write by hand."""


def with_number(text: str, section: str, key: str, value: float) -> str:
    """The same TOML with `section.key` set. LaneFileError where that would change anything else."""
    return _with(text, section, key, value, repr(value))


def with_text(text: str, section: str, key: str, value: str) -> str:
    """The same TOML with `section.key` set to printable ASCII. LaneFileError as above."""
    if not (value.isascii() and value.isprintable()):
        raise LaneFileError(f"{key} holds signs that no setting can")
    return _with(text, section, key, value, json.dumps(value))


def _with(text: str, section: str, key: str, value: float | str, literal: str) -> str:
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LaneFileError(f"it is not TOML: {error}") from error
    table = wanted.setdefault(section, {})
    changed = _changed(text, section, key, literal)
    if isinstance(table, dict):
        table[key] = value
    if _read(changed) != wanted:
        raise LaneFileError(f"write {key} = {literal} under [{section}] by hand")
    return changed


def write_number(path: Path, section: str, key: str, value: float) -> None:
    """Set one number in the file at `path`: all of the new file is there, or the old one."""
    try:
        text = path.read_bytes().decode("utf-8")
        _replace(path.resolve(), with_number(text, section, key, value))
    except OSError as error:
        raise LaneFileError(error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise LaneFileError("it is not UTF-8 text") from error


def write_secrets(path: Path, section: str, values: dict[str, str]) -> None:
    """Set texts in the file at `path`, which only its owner can read from then on: all of it, or nothing."""
    try:
        text = path.read_bytes().decode("utf-8")
        for key, value in values.items():
            text = with_text(text, section, key, value)
        _replace(path.resolve(), text, mode=PRIVATE)
    except OSError as error:
        raise LaneFileError(error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise LaneFileError("it is not UTF-8 text") from error


def write_secret_file(path: Path, secret: str) -> None:
    """Make or replace a file that holds one secret and that only its owner can read."""
    try:
        _replace(path.resolve(), f"{secret}\n", mode=PRIVATE)
    except OSError as error:
        raise LaneFileError(error.strerror or str(error)) from error


def _changed(text: str, section: str, key: str, literal: str) -> str:
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    named = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?$")
    start = next((at for at, line in enumerate(lines) if named.match(line.rstrip("\r\n"))), None)
    if start is None:
        gap = "" if not text else end if text.endswith("\n") else end * 2
        return f"{text}{gap}[{section}]{end}{key} = {literal}{end}"
    known = re.compile(rf"(\s*{re.escape(key)}\s*=\s*)" + r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#]+)""")
    for at in range(start + 1, len(lines)):
        if _HEADER.match(lines[at]):
            break
        if known.match(lines[at]):
            lines[at] = known.sub(lambda found: found[1] + literal, lines[at], count=1)
            return "".join(lines)
    header = lines[start] if lines[start].endswith("\n") else lines[start] + end
    lines[start : start + 1] = [header, f"{key} = {literal}{end}"]
    return "".join(lines)


def _read(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _replace(path: Path, text: str, *, mode: int | None = None) -> None:
    """A second file beside the first takes its place in one step, and survives a power cut whole.

    It belongs to whom the first belonged; a new file, to whom its folder does.
    """
    before = path.stat() if mode is None or path.exists() else None
    owner = before or path.parent.stat()
    mode = before.st_mode & 0o7777 if before is not None and mode is None else mode
    assert mode is not None, "a file that was there has a mode"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(mode)
        if os.geteuid() == 0:
            os.chown(fresh, owner.st_uid, owner.st_gid)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
