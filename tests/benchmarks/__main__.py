"""Owns the command: which benchmarks run, in what order, and where their figures go.

It must not know how anything is measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.benchmarks import (
    books,
    calls,
    chain,
    floor,
    glass,
    goods,
    machine,
    neighbours,
    pure,
    report,
    rush,
    screens,
    tablets,
)
from tests.benchmarks.figures import Effort, Figure, Skipped

RESULT = Path("build") / "bench.json"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One measurement and the figures it yields."""

    figures: tuple[str, ...]
    measure: Callable[[Path, Effort], Iterator[Figure]]
    is_large: bool = False
    """Takes many minutes and gigabytes of disk: measured with --large, or when it is named."""


# The window first: it is the most sensitive to a machine that is warm from other work.
BENCHMARKS = (
    Benchmark(("help_to_banner", "help_to_light"), glass.measure_help),
    Benchmark(("scan_to_screen", "scan_to_state", "full_redraw"), glass.measure_scans),
    Benchmark(("first_frame",), glass.measure_first_frame),
    Benchmark(
        ("touch_to_screen", "rows_60", "rows_300", "scroll_frame", "idle_frames"), glass.measure_window
    ),
    Benchmark(("memory",), glass.measure_memory),
    Benchmark(("step", "present", "payment_overhead", "receipt_render"), pure.measure),
    Benchmark(
        ("sqlite_full_commit", "journal_append", "journal_replay", "journal_verify"), books.measure_journal
    ),
    Benchmark(
        ("sale_recorded", "sale_recorded_rate", "sale_posted", "sale_posted_rate"), books.measure_sales
    ),
    Benchmark(
        (
            "disk_syncs",
            "sale_rush_rate",
            "sale_rush",
            "sale_rows_rate",
            "sale_rush_cpu",
            "sale_naive_orm",
            "sale_rush_http_rate",
            "sale_rush_http",
            "stock_rush_http_rate",
            "stock_rush_http",
        ),
        rush.measure,
    ),
    Benchmark(("sale_rush_server_rate", "sale_rush_server"), rush.measure_server),
    Benchmark(("raw_to_200_sockets", "queues_to_200_screens", "stock_to_200_screens"), screens.measure),
    Benchmark(("help_to_tablet",), calls.measure),
    Benchmark(("ring_on_30_tablets", "lane_reports_200"), floor.measure),
    Benchmark(("basket_to_mirror",), tablets.measure),
    Benchmark(
        (
            "shelf_built_100k",
            "catalogue_lookup_100k_lane",
            "catalogue_lookup_100k",
            "catalogue_lookup_100k_session",
            "search_100k",
            "search_100k_typo",
        ),
        goods.measure,
    ),
)
_LARGE = (
    Benchmark(
        (
            "large_first_load",
            "large_refresh",
            "large_unchanged",
            "large_memory",
            "large_lookup",
            "large_search",
            "large_search_typo",
        ),
        chain.measure_catalogue,
        is_large=True,
    ),
    Benchmark(
        (
            "nearest_10_sold",
            "nearest_10_any",
            "nearest_10_common",
            "nearest_10_middling",
            "nearest_10_rare",
            "nearest_10_join",
            "stock_sold_out",
        ),
        neighbours.measure,
        is_large=True,
    ),
)
NAMES = tuple(name for benchmark in (*BENCHMARKS, *_LARGE) for name in benchmark.figures)


def main() -> None:
    words = _words()
    RESULT.parent.mkdir(exist_ok=True)
    console = Console(width=max(Console().width, 132))
    header = machine.describe(RESULT.parent)
    figures: list[Figure] = []
    skipped: dict[str, str] = {}
    for benchmark in (*BENCHMARKS, *_LARGE):
        is_named = bool(set(benchmark.figures) & set(words.only or ()))
        if not is_named and (words.only or benchmark.is_large != words.large):
            continue
        sys.stderr.write(f"measuring {', '.join(benchmark.figures)} …\n")
        try:
            figures += _measured(benchmark, Effort(quick=words.quick))
        except Skipped as reason:
            skipped |= dict.fromkeys(benchmark.figures, str(reason))
    header["video"] = next((figure.note for figure in figures if figure.note), "no window was opened")
    report.show(console, header, figures, skipped)
    report.save(RESULT, header, figures, skipped)
    console.print(f"Written to {RESULT}.", highlight=False)


def _measured(benchmark: Benchmark, effort: Effort) -> list[Figure]:
    """Each benchmark works in a fresh folder on the disk that `build` is on, never on a memory disk."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=RESULT.parent) as folder:
        return list(benchmark.measure(Path(folder).resolve(), effort))


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure this machine.")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="few samples: shows that everything runs")
    parser.add_argument(
        "--large",
        action="store_true",
        help="the large ones alone: 3,000,000 items, 50,000 stores; a quarter of an hour",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
