"""Owns docs/trust-report.md: runs every campaign, keeps what each said under build/trust, writes the page.

It must not word a figure that no run gave. `python -m tests.campaigns.trust_report` does all of it;
`--reuse` takes what an earlier run left, part by part, and each part names the commit it ran on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.campaigns.targets import TARGETS

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ROOT / "build" / "trust"
PAGE: Final = ROOT / "docs" / "trust-report.md"
TEMPLATE: Final = "trust_report.md.j2"

INVARIANTS: Final = {
    "I1": "at most one unreversed charge for a basket, and for an attempt",
    "I2": "every charge has its sale, every card sale its charge, of the same amount",
    "I3": "stock is the sum of its movements; each line moved once",
    "I4": "lane and store hold the same sales, each once",
    "I6": "the journal is one unbroken chain, and the store's copies of its heads agree",
    "I7": "receipt numbers rise by one",
    "I8": "lines, tax, tenders and total agree",
    "I9": "every step was legal; the lane never stopped itself",
    "I10": "money is whole minor units with a currency",
    "I13": "what was final stayed as it was",
    "I14": "nobody waited: a doubt of five minutes has a person, and everything comes to an end",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One run: its name under build/trust and its command, without the interpreter.

    A command that ends in an option for a file gets the file; the others write their JSON to stdout.
    """

    name: str
    words: tuple[str, ...]

    @property
    def writes_file(self) -> bool:
        return self.words[-1] in ("--report", "--json")


def parts(options: argparse.Namespace) -> list[Part]:
    seed, workers, frames = str(options.seed), str(options.workers), str(options.frames)
    campaign, fuzz = ("main.py", "campaign"), ("-m", "tests.campaigns.fuzz")
    crashes = ("--crashes", str(options.crashes), "--seed", seed)
    states = ("--states", str(options.states), "--seed", seed)
    return [
        Part("payments", (*campaign, "payments", *crashes, "--workers", workers, "--report")),
        Part("matrix", (*campaign, "matrix", "--part", options.part, "--workers", workers, "--report")),
        Part("power-loss", (*campaign, "power-loss", *states, "--report")),
        Part("help", (*campaign, "help", "--requests", str(options.requests), "--seed", seed, "--report")),
        Part("mutants", ("-m", "tests.campaigns.mutants", "--json")),
        *(Part(f"fuzz-{name}", (*fuzz, name, "--frames", frames, "--seed", seed)) for name in TARGETS),
        Part("corrupted", (*fuzz, "corrupted", "--payments", frames, "--seed", seed)),
    ]


def run(part: Part, *, reuse: bool) -> dict[str, Any]:
    """The part's result and how it came about. Raises SystemExit when its program could not run."""
    kept = PARTS / f"{part.name}.json"
    if reuse and kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
        return found
    PARTS.mkdir(parents=True, exist_ok=True)
    file = PARTS / f"{part.name}.part"
    sys.stderr.write(f"{part.name} …\n")
    began_s, commit = time.monotonic(), _git("rev-parse", "--short", "HEAD")
    command = [sys.executable, *part.words, *([str(file)] if part.writes_file else [])]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{part.name} could not be run: {' '.join(part.words)}")
    found = {
        "run": {
            "commit": commit,
            "clean": not _git(
                "status", "--porcelain", "--untracked-files=no", "--", "kiosk", "hardware", "inventory"
            ),
            "command": " ".join(("python", *part.words[: -1 if part.writes_file else None])),
            "exit_code": ended.returncode,
            "seconds": round(time.monotonic() - began_s),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            "date": time.strftime("%Y-%m-%d"),
        },
        "result": json.loads(file.read_text("utf-8") if part.writes_file else ended.stdout),
    }
    kept.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    file.unlink(missing_ok=True)
    return found


def page(found: dict[str, dict[str, Any]]) -> str:
    """The whole page in Markdown. Raises jinja2.UndefinedError for a figure that no run gave."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, keep_trailing_newline=True
    )
    text = environment.get_template(TEMPLATE).render(
        found=found,
        fuzzed=[part["result"] for name, part in found.items() if name.startswith("fuzz-")],
        invariants=INVARIANTS,
        machines=sorted({part["run"]["machine"] for part in found.values()}),
    )
    return text.lstrip()


def _git(*words: str) -> str:
    ended = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stdout.strip()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Run every campaign and write docs/trust-report.md.")
    parser.add_argument("--crashes", type=int, default=10_000)
    parser.add_argument("--states", type=int, default=100_000, help="power cuts")
    parser.add_argument(
        "--frames", type=int, default=1_000_000, help="for each protocol; damaged payments too"
    )
    parser.add_argument("--requests", type=int, default=10_000, help="calls for help")
    parser.add_argument("--part", default="1/1", help="of the matrix")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--reuse", action="store_true", help="take the parts that build/trust has")
    parser.add_argument("--only", default="", help="run this part alone, and write no page")
    options = parser.parse_args(arguments)
    chosen = [part for part in parts(options) if options.only in ("", part.name)]
    found = {part.name: run(part, reuse=options.reuse) for part in chosen}
    if not options.only:
        PAGE.write_text(page(found), "utf-8")
        sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
    return max((part["run"]["exit_code"] for part in found.values()), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
