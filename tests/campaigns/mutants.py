"""Owns the list of all mutants, and the command that plays them and says which were caught, and by what.

It must not know how one is played. A campaign that finds nothing proves something only if it would have found
these: `python -m tests.campaigns.mutants [--json FILE] [NAME ...]` ends with 1 when one escapes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.campaigns import (
    mutants_checkout,
    mutants_disk,
    mutants_driver,
    mutants_lane,
    mutants_sales,
    mutants_store,
)
from tests.campaigns.mutants_playing import Caught, Mutant, PowerCuts, Shoppers, play, play_unbroken

ROOMS: dict[str, tuple[Mutant, ...]] = {
    "checkout": mutants_checkout.MUTANTS,
    "sales": mutants_sales.MUTANTS,
    "lane": mutants_lane.MUTANTS,
    "driver": mutants_driver.MUTANTS,
    "store": mutants_store.MUTANTS,
    "disk": mutants_disk.MUTANTS,
}
MUTANTS: dict[str, Mutant] = {mutant.name: mutant for each in ROOMS.values() for mutant in each}


def play_by_name(name: str) -> tuple[str, tuple[str, ...]]:
    """The finding that tells of a mutant, "" when none does, and all there were."""
    caught = play(MUTANTS[name])
    return caught.finding, caught.found


def play_room_unbroken(room: str) -> list[str]:
    """What the jobs of a room's mutants find in the product as it is; a job two rooms share only once."""
    return play_unbroken(controls()[room])


def controls() -> dict[str, list[Shoppers | PowerCuts]]:
    """Every job of all mutants once, under the first room that has it."""
    seen: set[Shoppers | PowerCuts] = set()
    jobs: dict[str, list[Shoppers | PowerCuts]] = {}
    for room, mutants in ROOMS.items():
        jobs[room] = [job for job in dict.fromkeys(mutant.jobs for mutant in mutants) if job not in seen]
        seen.update(jobs[room])
    return jobs


def as_json(every: Iterable[Caught]) -> dict[str, Any]:
    """The report. `caught_by` is the finding with its invariant, "" for a mutant that escaped."""
    each = [
        {
            "name": caught.mutant.name,
            "room": caught.mutant.room.value,
            "breaks": caught.mutant.breaks,
            "caught_by": caught.finding,
            "seconds": round(caught.seconds, 1),
        }
        for caught in every
    ]
    return {"mutants": len(each), "caught": sum(bool(row["caught_by"]) for row in each), "each": each}


def line_of(caught: Caught) -> str:
    """One line for people: the invariant, the seconds, the name and what it breaks."""
    sign = re.match(r"I\d+|\w+", caught.finding)
    by = "ESCAPED" if sign is None else "power" if isinstance(caught.mutant.jobs, PowerCuts) else sign[0]
    return f"{by:8} {caught.seconds:5.1f} s  {caught.mutant.name}: {caught.mutant.breaks}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report here")
    words = parser.parse_args(arguments)
    if unknown := set(words.names) - MUTANTS.keys():
        parser.error(f"there is no mutant {', '.join(sorted(unknown))}")
    every = []
    for name in words.names or MUTANTS:
        caught = play(MUTANTS[name])
        every.append(caught)
        sys.stdout.write(line_of(caught) + "\n")
        if not caught.finding:
            sys.stdout.writelines(f"           {finding}\n" for finding in caught.found)
        sys.stdout.flush()
    report = as_json(every)
    sys.stdout.write(f"{report['caught']} of {report['mutants']} mutants caught\n")
    if words.json:
        words.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0 if report["caught"] == report["mutants"] else 1


if __name__ == "__main__":
    sys.exit(main())
