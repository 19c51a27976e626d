"""Owns the lane's part of the command line: lane, demo, simulate, decode, journal, doctor, panel.

It must not do the work, nor know how a store is made: the demonstration's store is handed in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from assets.languages import ENGLISH, LANGUAGES, SHIPPED, unknown_language
from kiosk import commands
from kiosk.commands import CommandError
from kiosk.wire_reader import Charset, Layer, Wire, read_wire

__all__ = ["CommandError", "register"]

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "main.py"))
"""This program again, for the lane's own process: in a checkout and in an installed package alike."""

DEFAULT_JOURNAL = Path("lane-data") / "journal.sqlite"

JournalFile = Annotated[Path, typer.Option("--journal", help="The lane's journal file.")]


class Simulated(Enum):
    SCANNER = "scanner"
    TERMINAL = "terminal"
    CONCERT = "concert"
    PRINTER = "printer"
    SCALE = "scale"
    KEYPAD = "keypad"


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
        language: Annotated[str, typer.Option("--language", help=", ".join(SHIPPED))] = ENGLISH,
        landscape: Annotated[bool, typer.Option("--landscape/--portrait")] = False,  # noqa: FBT002
        port: Annotated[
            int, typer.Option("--port", min=0, max=65535, help="The store's port while somebody watches.")
        ] = 8480,
        personality: Annotated[
            str, typer.Option("--personality", help="The terminal's; `simulate terminal` lists them.")
        ] = "keeps",
        film: Annotated[
            str, typer.Option("--film", help="Languages: each screenshot again in these, and in every look.")
        ] = "",
    ) -> None:
        """Show a whole lane and its store with simulated devices: no hardware, no server, no account."""
        from kiosk.demo.start import DemoChoice, start_demo  # noqa: PLC0415

        poses = tuple(filter(None, film.split(",")))
        for code in (language, *poses):
            if code not in LANGUAGES:
                raise CommandError(unknown_language(code))
        choice = DemoChoice(
            program=PROGRAM,
            journey=journey,
            out=out,
            language=language,
            landscape=landscape,
            headless=headless,
            names=demo,
            port=port,
            personality=personality,
            film=poses,
        )
        if not start_demo(choice, open_demo_store):
            raise typer.Exit(1)

    _register_lane(app)
    app.command("simulate")(_simulate)
    app.command("decode")(_decode)
    journal = typer.Typer(help="Look into a lane's journal.", no_args_is_help=True)
    journal.command("verify")(_verify)
    journal.command("show")(_show)
    journal.command("export")(_export)
    app.add_typer(journal, name="journal")
    app.command("doctor")(_doctor)
    app.command("panel")(_panel)


def _register_lane(app: typer.Typer) -> None:
    lane = typer.Typer(help="Run one lane: window, devices, journal; or let it in at its store.")
    lane.callback(invoke_without_command=True)(_lane)
    lane.command("enrol")(_enrol)
    app.add_typer(lane, name="lane")


def _lane(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="The lane's settings: lane.toml; needed to run it.")
    ] = None,
    remote: Annotated[
        Path | None,
        typer.Option("--remote", help="A Unix socket for journeys; never in a shop.", hidden=True),
    ] = None,
) -> None:
    """Run one lane: window, devices, journal; or let it in at its store."""
    if context.invoked_subcommand is not None:
        return
    if config is None:
        raise CommandError("Name the lane's settings with --config.")
    commands.run_lane(config, remote)


def _enrol(
    config: Annotated[Path, typer.Option("--config", help="The lane's settings.")] = Path("lane.toml"),
    store: Annotated[
        str, typer.Option("--store", help="The store's address; the settings' own if not given.")
    ] = "",
    code: Annotated[
        str,
        typer.Option("--code", help="The code of the console; asked for, typed or scanned, if not given."),
    ] = "",
) -> None:
    """Exchange a code of the store's console for the lane's token, and keep it in the settings."""
    from kiosk.enrolment import enrol  # noqa: PLC0415 - the network only when asked for

    told = code or typer.prompt("Code")
    typer.echo(enrol(config, store_url=store, told=told))


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
    personality: Annotated[
        str, typer.Option("--personality", help="Which terminal it is; `list` shows them all.")
    ] = "keeps",
    canary: Annotated[  # noqa: FBT002
        bool, typer.Option("--canary", help="The terminal lets whole test card numbers out.")
    ] = False,
    speed: Annotated[float, typer.Option("--speed", help="What divides all the terminal's waits.")] = 1.0,
    faults: Annotated[
        int | None, typer.Option("--faults", help="Puts a bad cable before the terminal, drawn by this seed.")
    ] = None,
) -> None:
    """Run one simulated device on a serial line of its own, or speak to one of a running demonstration."""
    from kiosk.demo import simulate  # noqa: PLC0415

    choice = simulate.TerminalChoice(personality=personality, canary=canary, speed=speed, faults=faults)
    if personality == "list":
        simulate.list_personalities()
    elif bench is None:
        simulate.run_simulator(device.value, link or Path(f"{device.value}-line"), words or [], choice)
    elif choice == simulate.PLAIN:
        simulate.tell_bench(bench, device.value, words or [])
    else:
        raise CommandError("With --bench, say what the terminal shall be in words: personality NAME.")


def _decode(
    wire: Annotated[Wire, typer.Argument(help="The protocol that was recorded.")],
    file: Annotated[
        Path | None, typer.Argument(help="Lines of hexadecimal text; standard input if not given.")
    ] = None,
    layer: Annotated[
        Layer | None, typer.Option("--layer", help="What a line holds; told by its beginning if not given.")
    ] = None,
    charset: Annotated[Charset, typer.Option("--charset", help="What texts are written in.")] = Charset.CP437,
) -> None:
    """Say in words what recorded lines of a payment terminal's wire mean; one JSON object a line."""
    if wire is Wire.CONCERT and layer is Layer.APDU:
        raise CommandError("Concert has no layer apdu: its messages exist in frames only.")
    try:
        with file.open("rb") if file else nullcontext(sys.stdin.buffer) as source:
            all_read = read_wire(source, _say_now, wire, layer=layer, charset=charset)
    except BrokenPipeError:  # whoever read our lines has seen enough; nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        raise CommandError(f"{file or 'Standard input'} cannot be read: {error.strerror}.") from error
    if not all_read:
        raise typer.Exit(1)


def _say_now(line: str) -> None:
    """One line of UTF-8 whatever the locale, at once: a trace may be read while it is written."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


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


def _panel(
    config: Annotated[Path, typer.Option("--config", help="The lane's settings: lane.toml.")],
    bottom_edge_mm: Annotated[
        int | None,
        typer.Option(
            "--bottom-edge-mm",
            min=0,
            max=2000,
            help="Only say how high every control is; the glass's lower edge is this high above the floor.",
        ),
    ] = None,
) -> None:
    """Measure a glass with a bank card, and say whether everybody reaches every control."""
    from kiosk.panel_command import check_reach, measure_panel  # noqa: PLC0415

    fine = measure_panel(config) if bottom_edge_mm is None else check_reach(config, bottom_edge_mm)
    if not fine:
        raise typer.Exit(1)
