"""Owns the long play of the API against its description: as many cases an operation as one has time for.

It must not judge: `tests.support.api_fuzz` does. Prints what was answered, and every finding.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

from tests.support.api_fuzz import CALLERS, api_in_test, play, playable, report


def main() -> int:
    """Plays; 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.api")
    parser.add_argument("--cases", type=int, default=100, help="of each operation, caller and kind of data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operations whose path holds this")
    wanted = parser.parse_args()
    warnings.simplefilter("ignore")
    findings = 0
    with tempfile.TemporaryDirectory(prefix="lanelight-api-") as folder, api_in_test(Path(folder)) as api:
        for operation in [each for each in playable() if wanted.only in each.path]:
            for caller in CALLERS:
                for bad in (False, True):
                    try:
                        play(api, operation, caller, examples=wanted.cases, draw=wanted.seed, bad=bad)
                    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - each finding is told
                        findings += 1
                        sys.stdout.write(f"{operation.method} {operation.path} as {caller}:\n")
                        sys.stdout.write("".join(traceback.format_exception_only(error))[:4000])
        sys.stdout.write(f"{report(api)}\n{sum(api.answers.values())} answers, {findings} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
