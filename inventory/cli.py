"""Owns the store's part of the command line: store, catalogue, stock, and the demonstration's store.

It must not do the work: `inventory.commands` does. Without a `store.toml` the commands that only read work
on a freshly made demonstration store, and say so.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.command_error import CommandError
from inventory.demo_names import DEMO

if TYPE_CHECKING:
    from inventory.demo import DemoStore

__all__ = ["DEMO", "CommandError", "open_demo_store", "register"]

DEFAULT_CONFIG = Path("store.toml")
_KINDS = {".xlsx": "xlsx", ".json": "epcis", ".jsonld": "epcis"}
"""What a file's name asks for."""

Config = Annotated[
    Path | None, typer.Option("--config", help="The store's settings; ./store.toml if not given.")
]


def open_demo_store(folder: Path, port: int) -> DemoStore:
    """A seeded store on `port` (0: any). Raises CommandError with one sentence."""
    from inventory.demo import DemoStore  # noqa: PLC0415 - the database and the web only when asked for
    from inventory.web.server import ServerError  # noqa: PLC0415

    try:
        return DemoStore(folder, port)
    except ServerError as error:
        raise CommandError(str(error)) from error


def load_trial_store() -> ModuleType:
    """The store's side of a campaign (see `kiosk.campaign.run.TrialStore`)."""
    from inventory import trial_store  # noqa: PLC0415 - the database and the web only when asked for

    return trial_store


def register(app: typer.Typer) -> None:
    app.command("store")(_store)
    catalogue = typer.Typer(help="Bring items and prices in, take them out.", no_args_is_help=True)
    catalogue.command("import")(_import)
    catalogue.command("undo")(_undo)
    catalogue.command("export")(_export)
    app.add_typer(catalogue, name="catalogue")
    stock = typer.Typer(help="Look at the shelf.", no_args_is_help=True)
    stock.command("show")(_show)
    stock.command("labels")(_labels)
    app.add_typer(stock, name="stock")
    staff = typer.Typer(help="The people who may sign in.", no_args_is_help=True)
    staff.command("add")(_add_staff)
    app.add_typer(staff, name="staff")
    tablet = typer.Typer(help="The tablets they sign in from.", no_args_is_help=True)
    tablet.command("add")(_add_tablet)
    app.add_typer(tablet, name="tablet")
    webhook = typer.Typer(help="Other systems that are told of help.", no_args_is_help=True)
    webhook.command("test")(_test_webhook)
    app.add_typer(webhook, name="webhook")
    api = typer.Typer(help="Other systems that may ask the store.", no_args_is_help=True)
    token = typer.Typer(help="Their tokens.", no_args_is_help=True)
    token.command("add")(_add_token)
    token.command("list")(_list_tokens)
    token.command("revoke")(_revoke_token)
    api.add_typer(token, name="token")
    app.add_typer(api, name="api")


def _store(
    config: Annotated[Path, typer.Option("--config", help="The store's settings.")],
    database: Annotated[
        str | None, typer.Option("--database", help="A database URL, instead of the one in the settings.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
) -> None:
    """Run the store: lane API, staff tablet, manager console."""
    _commands().run_store(config, database, port)


def _import(
    file: Path,
    config: Config = None,
    confirmed: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--confirmed", help="Yes, many prices move a lot.")
    ] = False,
    leave_out_faulty: Annotated[  # noqa: FBT002
        bool, typer.Option("--leave-out-faulty", help="Take the right rows where others are wrong.")
    ] = False,
    format_name: Annotated[
        str, typer.Option("--format", help="The file's format; found out by itself if not given.")
    ] = "",
    decimal: Annotated[
        str, typer.Option("--decimal", help="The decimal sign of its prices: a comma or a point.")
    ] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="What it is written in, as utf-8.")] = "",
) -> None:
    """Import a file of goods, prices or stock: all of it or, with a list of what is wrong, nothing."""
    if config is None and not DEFAULT_CONFIG.exists():
        raise CommandError("There is no store.toml here: name the store's settings with --config.")
    commands = _catalogue_commands()
    commands.import_file(
        config or DEFAULT_CONFIG,
        file,
        commands.choices(format_name, decimal, encoding),
        confirmed=confirmed,
        without_faulty=leave_out_faulty,
    )


def _undo(
    config: Config = None,
    *,
    keep_moved: Annotated[
        bool, typer.Option("--keep-moved", help="Keep new items of which goods came or went since.")
    ] = False,
) -> None:
    """Undo the last import: the catalogue as it was before, as one more version."""
    _catalogue_commands().undo_import(config or DEFAULT_CONFIG, keep_moved=keep_moved)


def _export(
    file: Path,
    config: Config = None,
    kind: Annotated[
        str, typer.Option("--kind", help="csv or xlsx (goods), stock, or epcis (the ledger).")
    ] = "",
    since: Annotated[datetime | None, typer.Option("--since", help="The ledger from this day on.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", help="The ledger before this day.")] = None,
) -> None:
    """Export goods as CSV or Excel, the stock as CSV, or the ledger as GS1 EPCIS 2.0 events."""
    with _settings(config) as path:
        _catalogue_commands().export_file(
            path,
            file,
            kind=kind or _KINDS.get(file.suffix.lower(), "csv"),
            since_utc=since and since.replace(tzinfo=UTC),
            until_utc=until and until.replace(tzinfo=UTC),
        )


def _show(gtin: str, config: Config = None) -> None:
    """Show one item's stock: on hand and the last movements."""
    with _settings(config) as path:
        _commands().show_stock(path, gtin)


def _labels(
    file: Path,
    url: Annotated[str, typer.Option("--url", help="The store's address as shoppers' phones reach it.")],
    department: Annotated[str, typer.Option("--department", help="Of this department alone.")] = "",
    config: Config = None,
) -> None:
    """Write shelf labels with a code for phones, as a page for the printer."""
    with _settings(config) as path:
        _commands().write_labels(path, file, url, department)


def _add_staff(
    name: str,
    role: Annotated[
        str, typer.Option("--role", help="attendant, supervisor, manager or remote")
    ] = "attendant",
    config: Config = None,
) -> None:
    """Let somebody sign in; prints the PIN made for them, once."""
    _commands().add_staff(config or DEFAULT_CONFIG, name, role)


def _add_tablet(name: str, config: Config = None) -> None:
    """Make a code that lets one tablet in; prints it, once."""
    _commands().add_tablet(config or DEFAULT_CONFIG, name)


def _add_token(
    name: str,
    role: Annotated[str, typer.Option("--role", help="attendant or manager")] = "attendant",
    config: Config = None,
) -> None:
    """Make a token for a system of the store's; prints it, once."""
    _commands().add_token(config or DEFAULT_CONFIG, name, role)


def _list_tokens(config: Config = None) -> None:
    """List the tokens that were made: id, name, role, last use."""
    _commands().list_tokens(config or DEFAULT_CONFIG)


def _revoke_token(token_id: str, config: Config = None) -> None:
    """Lock a token out for good."""
    _commands().revoke_token(config or DEFAULT_CONFIG, token_id)


def _test_webhook(name: str, config: Config = None) -> None:
    """Send one message to a webhook of the settings, now."""
    _commands().try_webhook(config or DEFAULT_CONFIG, name)


def _commands() -> ModuleType:
    """The database and the web are loaded only when asked for: a lane starts without them."""
    from inventory import commands  # noqa: PLC0415

    return commands


def _catalogue_commands() -> ModuleType:
    from inventory import catalogue_commands  # noqa: PLC0415

    return catalogue_commands


@contextmanager
def _settings(config: Path | None) -> Iterator[Path]:
    """The settings to work on; a demonstration store's when there are none."""
    if config is not None or DEFAULT_CONFIG.exists():
        yield config or DEFAULT_CONFIG
        return
    from inventory.demo import write_demo_store  # noqa: PLC0415

    sys.stderr.write("lanelight: no store.toml here, so this is the demonstration store\n")
    with tempfile.TemporaryDirectory(prefix="lanelight-") as folder:
        yield write_demo_store(Path(folder))
