"""Owns the process that reads one upload: it gives away what it could harm, then reads.

It must not open the store's database, and knows no secret. What it has to say goes out as lines of JSON; the
limits are TRUST's: two minutes of CPU, 512 MiB, a few files, no core dump, and nobody's rights.
"""

from __future__ import annotations

import codecs
import gc
import json
import os
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from inventory.formats.edifact import CODECS
from inventory.formats.entries import ReadOptions
from inventory.formats.numbers import DecimalSign
from inventory.formats.sheet import ENCODINGS
from inventory.formats.table import SheetError
from inventory.intake.reading import read_into
from inventory.intake.staged import StagedFile

REFUSED = 3
"""Exit code of a file that cannot be taken; the last line says why."""
CPU_S = 120
MEMORY_BYTES = 512 * 1024 * 1024
WRITTEN_BYTES = 2 * 1024 * 1024 * 1024
FILES = 32
NO_MEMORY = "The file needs more memory than an import may take (512 MiB)."
_NOBODY = 65534
_SAY_EVERY_S = 0.1
_LATER = ("cp437", "utf-16-le", "utf-16-be", "utf-8-sig")
"""Codecs, with the formats' own, that Python would look for when nobody may read its folder any more."""


def main(arguments: list[str]) -> int:
    """Reads the upload argv[0] into the staging file argv[1], told how by the JSON of argv[2]."""
    upload, staging, told = arguments
    for codec in {*ENCODINGS, *CODECS.values(), *_LATER}:
        codecs.lookup(codec)
    options = options_from(json.loads(told))
    gc.disable()  # the process lives for one file; its memory is limited in any case
    _limit()
    staged = StagedFile(Path(staging))
    with Path(upload).open("rb") as source:
        _become_nobody()
        try:
            read_into(staged, source, options, _Speaker().progress)
        except SheetError as error:
            _say(refused=str(error))
            return REFUSED
        except MemoryError:
            _say(refused=NO_MEMORY)
            return REFUSED
        except sqlite3.Error:  # the only limit a staging file meets is that of its size
            _say(refused="The file makes more rows than an import may hold.")
            return REFUSED
    staged.close()
    return 0


def options_from(told: dict[str, Any]) -> ReadOptions:
    """The options that `options_to` wrote."""
    decimal = told.pop("decimal")
    return ReadOptions(**told, decimal=DecimalSign(decimal) if decimal else None)


def options_to(options: ReadOptions) -> dict[str, Any]:
    """The options as JSON can carry them."""
    return {
        "currency": options.currency,
        "minor_digits": options.minor_digits,
        "store_id": options.store_id,
        "language": options.language,
        "format_name": options.format_name,
        "encoding": options.encoding,
        "decimal": options.decimal.value if options.decimal else "",
    }


class _Speaker:
    """Says how far the reading is, but not more often than anybody looks."""

    def __init__(self) -> None:
        self._said_at = 0.0

    def progress(self, share: int, rows: int) -> None:
        now = time.monotonic()
        if share >= 1000 or now - self._said_at >= _SAY_EVERY_S:
            self._said_at = now
            _say(share=share, rows=rows)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _become_nobody() -> None:
    """Where the store runs as root, its readers do not; both files are open by now."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


def _say(**words: Any) -> None:
    sys.stdout.write(f"{json.dumps(words)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
