"""Owns how figures are shown: a table for people, `bench.json` for programs.

It must not measure or judge.
"""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figure

_COLUMNS = ("p50", "p95", "p99", "max", "rate")


def show(console: Console, machine: dict[str, str], figures: list[Figure], skipped: dict[str, str]) -> None:
    """Prints the machine, then one row a figure, then what could not run and why."""
    for what, value in machine.items():
        console.print(f"{what.replace('_', ' '):16} {value}", highlight=False)
    table = Table("figure", *_COLUMNS, "unit", "n", "floor", "of the floor", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for figure in figures:
        table.add_row(*_row(figure))
    console.print(table)
    for name, reason in skipped.items():
        console.print(f"{name}: skipped, {reason}", highlight=False)


def save(path: Path, machine: dict[str, str], figures: list[Figure], skipped: dict[str, str]) -> None:
    """Writes every figure under its name, beside `machine` and `skipped`. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    measured = {figure.name: figure.as_json() for figure in figures}
    document = {"machine": machine, "skipped": skipped, **measured}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _row(figure: Figure) -> list[str]:
    values = [_number(figure.values.get(column)) for column in _COLUMNS]
    floor = "" if figure.floor is None else f"{_number(figure.floor)} ({figure.floor_name})"
    return [figure.name, *values, figure.unit, str(figure.n), floor, _ratio(figure)]


def _ratio(figure: Figure) -> str:
    ours = figure.values.get("p50", figure.values.get("rate"))
    return f"{ours / figure.floor:.2f} ×" if ours is not None and figure.floor else ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"
