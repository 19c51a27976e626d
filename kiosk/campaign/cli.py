"""Owns the words of the campaign on the command line: payments, matrix, power loss, help.

It must not do the work, nor know how a store is made: the store under trial is handed in.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.commands import CommandError

if TYPE_CHECKING:
    from kiosk.campaign.trials import TrialStore

ReportFile = Annotated[Path | None, typer.Option("--report", help="Write the report here as JSON.")]
Seed = Annotated[int, typer.Option("--seed", help="What is drawn; the same seed draws the same plan.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Keep the files of trials with a finding here.")]
OneTrial = Annotated[int | None, typer.Option("--trial", min=0, help="Play only this trial again.")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="Trials side by side.")]


def register(app: typer.Typer, *, load_store: Callable[[], TrialStore]) -> None:
    """Adds `campaign`. `load_store` loads the store's side only when a campaign runs."""
    campaign = typer.Typer(
        help="Break lanes, stores and terminals on purpose, then check their books.",
        no_args_is_help=True,
        context_settings={"obj": load_store},
    )
    campaign.command("payments")(_payments)
    campaign.command("matrix")(_matrix)
    campaign.command("power-loss")(_power_loss)
    campaign.command("help")(_help)
    app.add_typer(campaign, name="campaign")


def _payments(
    context: typer.Context,
    crashes: Annotated[int, typer.Option("--crashes", min=1, help="How many processes to kill.")] = 300,
    seed: Seed = 1,
    personality: Annotated[
        list[str] | None,
        typer.Option("--personality", help="Only this kind of terminal; may be repeated."),
    ] = None,
    report: ReportFile = None,
    workers: Workers = 4,
    keep: Keep = None,
    trial: OneTrial = None,
) -> None:
    """Kill real lanes and stores while simulated cards are charged; exit 1 when a book is wrong."""
    from kiosk.campaign.run import CampaignOptions, run_campaign  # noqa: PLC0415
    from kiosk.campaign.shop import ShopError  # noqa: PLC0415

    options = CampaignOptions(crashes, seed, _personalities(personality), workers, keep, trial)
    try:
        tally = run_campaign(options, context.obj(), _say)
    except ShopError as error:
        raise CommandError(f"The campaign could not be run, so it proved nothing: {error}.") from error
    _finish(tally.as_json(), report, sound=tally.sound)


def _matrix(
    context: typer.Context,
    part: Annotated[
        str, typer.Option("--part", help="N/M: every M-th cell, beginning with the N-th.")
    ] = "1/1",
    report: ReportFile = None,
    workers: Workers = 4,
    keep: Keep = None,
    trial: OneTrial = None,
) -> None:
    """Every crash point with every outcome and state of the store, and every pair of crash points."""
    from kiosk.campaign.run import MatrixOptions, run_matrix  # noqa: PLC0415
    from kiosk.campaign.shop import ShopError  # noqa: PLC0415

    number, of = _part(part)
    try:
        tally, reached = run_matrix(MatrixOptions(number - 1, of, workers, keep, trial), context.obj(), _say)
    except ShopError as error:
        raise CommandError(f"The matrix could not be run, so it proved nothing: {error}.") from error
    _finish({**tally.as_json(), "matrix": reached}, report, sound=tally.sound)


def _power_loss(
    context: typer.Context,
    states: Annotated[int, typer.Option("--states", min=1, help="How many power cuts to try.")] = 2000,
    seed: Seed = 1,
    report: ReportFile = None,
) -> None:
    """Cut the power after every write of a lane and a store; exit 1 when anything promised is lost."""
    from kiosk.campaign.power_loss import run_power_loss  # noqa: PLC0415
    from kiosk.campaign.recording import RecordingUnavailableError  # noqa: PLC0415

    started_s = time.monotonic()
    try:
        found = run_power_loss(states, seed, context.obj().StoreHistory)
    except RecordingUnavailableError as error:
        raise CommandError(f"The power cannot be cut on this machine: {error}.") from error
    elapsed_s = time.monotonic() - started_s
    rate = {"elapsed_s": round(elapsed_s, 1), "states_per_s": round(states / elapsed_s)}
    _finish({"seed": seed, **found.as_dict(), **rate}, report, sound=found.is_clean)


def _help(
    context: typer.Context,
    requests: Annotated[int, typer.Option("--requests", min=1, help="How many calls to make.")] = 300,
    seed: Seed = 1,
    report: ReportFile = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="Shops side by side.")] = 2,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep the files of rounds with a finding here.")
    ] = None,
    only: Annotated[
        int | None, typer.Option("--round", min=0, help="Play only this round of the seed again.")
    ] = None,
) -> None:
    """Call for help while lanes and stores die and cables break; exit 1 when one is lost or taken twice."""
    from kiosk.campaign.help_rounds import HelpOptions, run_help  # noqa: PLC0415
    from kiosk.campaign.shop import ShopError  # noqa: PLC0415

    try:
        tally = run_help(HelpOptions(requests, seed, workers, keep, only), context.obj(), _say)
    except ShopError as error:
        raise CommandError(f"The campaign could not be run, so it proved nothing: {error}.") from error
    _finish(tally.as_json(), report, sound=tally.sound)


def _part(text: str) -> tuple[int, int]:
    """N and M of "N/M", 1 <= N <= M."""
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise CommandError(f"A part is N/M with N from 1 to M, not {text!r}.")
    return int(number), int(of)


def _personalities(chosen: list[str] | None) -> tuple[str, ...]:
    from kiosk.campaign.shop import PERSONALITIES  # noqa: PLC0415

    unknown = [name for name in chosen or () if name not in PERSONALITIES]
    if unknown:
        raise CommandError(f"No terminal is like {unknown[0]!r}; there are: {', '.join(PERSONALITIES)}.")
    return tuple(chosen or PERSONALITIES)


def _finish(report: dict[str, Any], file: Path | None, *, sound: bool) -> None:
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
    sys.stdout.write(text)
    if not sound:
        raise typer.Exit(1)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
