"""Owns the lane's part of the command line: lane, demo, simulate, journal, doctor.

It must not do the work, nor know how a store is made: the demonstration's store is handed in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from kiosk import commands
from kiosk.commands import CommandError
from kiosk.config import LANGUAGES

__all__ = ["CommandError", "register"]

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "main.py"))
"""This program again, for the lane's own process: in a checkout and in an installed package alike."""

DEFAULT_JOURNAL = Path("lane-data") / "journal.sqlite"

JournalFile = Annotated[Path, typer.Option("--journal", help="The lane's journal file.")]


class Simulated(Enum):
    SCANNER = "scanner"
    TERMINAL = "terminal"
    PRINTER = "printer"
    SCALE = "scale"


def register(app: typer.Typer, *, open_demo_store: Callable[[Path, int], Any], demo: Any) -> None:
    """Adds the commands. `demo` names the demonstration's store, lane and bag."""

    @app.command("demo")
    def _demo(
        headless: Annotated[  # noqa: FBT002 - typer makes flags of these
            bool, typer.Option("--headless", help="No window on a display: play a journey off screen.")
        ] = False,
        journey: Annotated[
            Path | None, typer.Option("--journey", help="A journey to play; the first sale if not given.")
        ] = None,
        out: Annotated[Path, typer.Option("--out", help="Where result, pictures and receipt go.")] = Path(
            "build/demo"
        ),
        language: Annotated[str, typer.Option("--language", help=", ".join(LANGUAGES))] = "en",
        landscape: Annotated[bool, typer.Option("--landscape/--portrait")] = False,  # noqa: FBT002
        port: Annotated[
            int, typer.Option("--port", min=0, max=65535, help="The store's port while somebody watches.")
        ] = 8480,
    ) -> None:
        """Show a whole lane and its store with simulated devices: no hardware, no server, no account."""
        from kiosk.demo.start import DemoChoice, start_demo  # noqa: PLC0415

        if language not in LANGUAGES:
            raise CommandError(
                f"{language!r} is not a language of the lane; there are {', '.join(LANGUAGES)}."
            )
        choice = DemoChoice(
            program=PROGRAM,
            journey=journey,
            out=out,
            language=language,
            landscape=landscape,
            headless=headless,
            names=demo,
            port=port,
        )
        if not start_demo(choice, open_demo_store):
            raise typer.Exit(1)

    app.command("lane")(_lane)
    app.command("simulate")(_simulate)
    journal = typer.Typer(help="Look into a lane's journal.", no_args_is_help=True)
    journal.command("verify")(_verify)
    journal.command("show")(_show)
    journal.command("export")(_export)
    app.add_typer(journal, name="journal")
    app.command("doctor")(_doctor)


def _lane(
    config: Annotated[Path, typer.Option("--config", help="The lane's settings: lane.toml.")],
    remote: Annotated[
        Path | None,
        typer.Option("--remote", help="A Unix socket for journeys; never in a shop.", hidden=True),
    ] = None,
) -> None:
    """Run one lane: window, devices, journal."""
    commands.run_lane(config, remote)


def _simulate(
    device: Simulated,
    words: Annotated[
        list[str] | None, typer.Argument(help="What it shall do at once; without words it says what it can.")
    ] = None,
    link: Annotated[
        Path | None, typer.Option("--link", help="Path the device appears at; made by this command.")
    ] = None,
    bench: Annotated[
        Path | None, typer.Option("--bench", help="A running demonstration's bench, to speak to its devices.")
    ] = None,
) -> None:
    """Run one simulated device on a serial line of its own, or speak to one of a running demonstration."""
    from kiosk.demo.simulate import run_simulator, tell_bench  # noqa: PLC0415

    if bench is not None:
        tell_bench(bench, device.value, words or [])
    else:
        run_simulator(device.value, link or Path(f"{device.value}-line"), words or [])


def _verify(
    journal: JournalFile = DEFAULT_JOURNAL,
    anchor: Annotated[
        str, typer.Option("--anchor", help="SEQ:HASH of an entry, as the store keeps it with each sale.")
    ] = "",
) -> None:
    """Prove that no entry was changed, removed or cut off."""
    commands.verify_journal(journal, anchor)


def _show(journal: JournalFile = DEFAULT_JOURNAL, last: Annotated[int, typer.Option(min=1)] = 30) -> None:
    """Print the newest entries."""
    commands.show_journal(journal, last)


def _export(file: Path, journal: JournalFile = DEFAULT_JOURNAL) -> None:
    """Write all entries as JSON lines."""
    commands.write_journal(journal, file)


def _doctor(
    config: Annotated[Path | None, typer.Option("--config", help="A lane's settings.")] = None,
) -> None:
    """Say what is connected and what is missing, each with what to do."""
    fine = commands.examine_lane(config) if config else commands.examine_machine()
    if not fine:
        raise typer.Exit(1)
