"""Owns the choice of a role: demo, lane, simulate, journal, doctor, campaign, store, catalogue, …

It must not do anything itself. Kivy would read our command line and install log handlers; the two variables
below stop that, and it is imported only where a window is opened.
"""

from __future__ import annotations

import os

os.environ.setdefault("KIVY_NO_ARGS", "1")
os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")

import sys

import typer

from inventory import cli as store_side
from kiosk import cli as lane_side
from kiosk.campaign import cli as campaign

app = typer.Typer(
    help="Lanelight: a self-checkout lane and the store behind it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
lane_side.register(app, open_demo_store=store_side.open_demo_store, demo=store_side.DEMO)
store_side.register(app)
campaign.register(app, load_store=store_side.load_trial_store)


def cli() -> None:
    """The `lanelight` command: exit code 0, 1 (it did not come true), or 2 (it could not be done)."""
    try:
        app()
    except (lane_side.CommandError, store_side.CommandError) as error:
        sys.stderr.write(f"lanelight: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    cli()
