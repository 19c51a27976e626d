"""Owns what the command line asks of a lane: run it, look into its journal, say what is connected.

It must not print tracebacks to a person: every failure a person can mend is one sentence (`CommandError`).
"""

from __future__ import annotations

import gc
import logging
import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.answers import Answers
from hardware.events import Key, TransportError
from hardware.transport import open_transport
from kiosk.config import ConfigError, LaneConfig, read_lane_config
from kiosk.journal import Head, JournalError, export_journal, read_file, verify

if TYPE_CHECKING:
    from kiosk.bootstrap import WholeLane

log = logging.getLogger(__name__)


class CommandError(Exception):
    """Why a command cannot be done: one sentence for whoever typed it."""


# --- lane ----------------------------------------------------------------------------------------


def run_lane(config_path: Path, remote: Path | None = None) -> None:
    """Runs a lane with its window until the window is closed. Raises CommandError."""
    config = _config(config_path)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_worth_a_line)
    try:
        from kiosk.bootstrap import LaneError, WholeLane  # noqa: PLC0415 - Kivy and drivers only for a lane
        from kiosk.ui.app import LaneWindow, WindowError  # noqa: PLC0415
        from kiosk.ui.theme import Panel  # noqa: PLC0415
    except ImportError as error:
        raise CommandError(f"A library is missing: {error}. Run `make setup`.") from error
    panel = Panel(config.panel.width_px, config.panel.height_px, config.panel.diagonal_in)

    def tapped(tap_id: str) -> None:
        lane.tapped(tap_id)

    def touched() -> None:
        lane.touched()

    def pressed(key: Key) -> None:
        lane.pressed(key)

    window = LaneWindow(
        panel,
        tapped,
        on_touch=touched,
        fullscreen=config.panel.fullscreen,
        pressed=pressed,
        brand=config.panel.brand,
    )
    try:
        lane = WholeLane(config, window.show, window.stop, focus=window.focus)
    except (LaneError, ValueError) as error:
        raise CommandError(str(error)) from error
    try:
        _run_window(lane, window, remote)
    except WindowError as error:
        raise CommandError(f"The lane does not start: {error}.") from error
    if lane.lane.failure is not None:
        raise CommandError(f"The lane stopped to keep the money safe: {lane.lane.failure}.")


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Kivy and httpx tell of every start and request; a lane's log holds what went wrong."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in ("kivy", "httpx")


def _run_window(lane: WholeLane, window: Any, remote: Path | None) -> None:
    signal.signal(signal.SIGTERM, lambda _signal, _frame: window.stop())
    hand = None
    lane.open()
    # a catalogue stays as long as the lane runs: to walk 100,000 goods for garbage would halt it for 0.25 s
    gc.freeze()
    try:
        if remote is not None:
            from kiosk.ui.hand import Hand  # noqa: PLC0415
            from kiosk.ui.remote import RemoteHand  # noqa: PLC0415

            hand = RemoteHand(remote, Hand(window), lane.deeds(), window.wait_until_running)
            hand.open()
        window.run()
    finally:
        if hand is not None:
            hand.close()
        lane.close()


# --- journal -------------------------------------------------------------------------------------


def verify_journal(path: Path, anchor: str = "") -> None:
    """Says whether a journal is whole. `anchor` is SEQ:HASH of an entry, as the store keeps it."""
    try:
        head = verify(path, _anchor(anchor))
    except JournalError as error:
        raise CommandError(f"{path} does not verify: {error}.") from error
    _say(f"{path} is whole: {head.seq} entries, head {head.hash[:16]}")


def show_journal(path: Path, last: int) -> None:
    """Prints the newest entries, one a line."""
    entries = _entries(path)
    for entry in entries[-last:]:
        _say(f"{entry.seq:6} {entry.at_utc:%Y-%m-%d %H:%M:%S} {entry.kind:22} {entry.body[:120]}")


def write_journal(path: Path, file: Path) -> None:
    """Writes every entry as one JSON object a line."""
    try:
        count = export_journal(path, file)
    except JournalError as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
    _say(f"{count} entries written to {file}")


def _entries(path: Path) -> list[Any]:
    try:
        return read_file(path)
    except JournalError as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error


def _anchor(text: str) -> Head | None:
    if not text:
        return None
    seq, _, digest = text.partition(":")
    if not seq.isdecimal() or len(digest) != 64:
        raise CommandError("An anchor is SEQ:HASH with the hash's 64 hexadecimal digits.")
    return Head(int(seq), digest)


# --- doctor --------------------------------------------------------------------------------------


def examine_lane(config_path: Path) -> bool:
    """Prints what works and what does not, each with what to do; True when all does."""
    config = _config(config_path)
    checks = [*_libraries(), *_cables(config), _journal(config), *_answers(config), *_heights(config)]
    for fine, words in checks:
        _say(f"{'✓' if fine else '✕'} {words}")
    return all(fine for fine, _ in checks)


def examine_machine() -> bool:
    """The same without a lane's configuration: only this machine's libraries."""
    checks = _libraries()
    for fine, words in checks:
        _say(f"{'✓' if fine else '✕'} {words}")
    return all(fine for fine, _ in checks)


def _libraries() -> list[tuple[bool, str]]:
    from hardware.drivers.camera import CameraUnavailable, load_decoders  # noqa: PLC0415

    checks: list[tuple[bool, str]] = [(True, f"Python {sys.version.split()[0]}")]
    try:
        load_decoders()
        checks.append((True, "barcode decoders: zbar and zxing-cpp"))
    except CameraUnavailable as error:
        checks.append((False, str(error)))
    try:
        checks.append((True, f"window library: Kivy {version('kivy')}"))
    except PackageNotFoundError:
        checks.append((False, "window library: Kivy is missing; run `make setup`"))
    return [*checks, *_text()]


def _text() -> list[tuple[bool, str]]:
    from assets.typesetting.bidi import MISSING, orders_text  # noqa: PLC0415
    from assets.typesetting.faces import missing_files  # noqa: PLC0415

    missing = missing_files()
    faces = (
        f"text faces are missing: {', '.join(missing)}; install Lanelight again" if missing else "text faces"
    )
    order = "text order: libfribidi and Raqm" if orders_text() else MISSING
    return [(orders_text(), order), (not missing, faces)]


def _cables(config: LaneConfig) -> list[tuple[bool, str]]:
    checks: list[tuple[bool, str]] = []
    for name in ("scanner", "terminal", "printer", "scale", "keypad", "headset", "light"):
        url = getattr(config.devices, name)
        if url is None:
            checks.append((name not in ("scanner", "terminal"), f"{name}: none configured"))
            continue
        try:
            open_transport(url).close()
            checks.append((True, f"{name}: {url} opens"))
        except TransportError as error:
            checks.append((False, f"{name}: {error}"))
    return checks


def _answers(config: LaneConfig) -> list[tuple[bool, str]]:
    """The shop's own answers, where it has any: a folder that is not there is a slip, too."""
    own = config.lane.answers
    if own is None:
        return []
    if not own.is_dir():
        return [(False, f"answers: {own} is not a folder")]
    complaints = [(False, f"answers: {complaint}") for complaint in Answers(own).complaints()]
    return complaints or [(True, f"answers: {own} can be read")]


def _heights(config: LaneConfig) -> list[tuple[bool, str]]:
    """How high the highest control is; only with everything lower does it have to be within reach."""
    if config.panel.bottom_edge_mm is None:
        return [
            (True, "reach: not measured; set panel.bottom_edge_mm to the height of the glass’s lower edge")
        ]
    from kiosk.ui.reach import GOAL_MM, LIMIT_MM  # noqa: PLC0415 - Kivy only where the glass is measured
    from kiosk.ui.self_check import all_controls, highest_of  # noqa: PLC0415
    from kiosk.ui.theme import Panel  # noqa: PLC0415

    panel = Panel(config.panel.width_px, config.panel.height_px, config.panel.diagonal_in)
    controls = all_controls(panel, config.panel.bottom_edge_mm)
    usual, lowered = highest_of(controls, lowered=False), highest_of(controls, lowered=True)
    where = f"{lowered.tap_id} of {lowered.screen} is {lowered.height_mm} mm above the floor"
    fine = lowered.height_mm <= LIMIT_MM
    return [
        (True, f"reach: without “Everything lower” controls stand up to {usual.height_mm} mm high"),
        (fine, f"reach: with it, {where}: {lowered.verdict.value} (goal {GOAL_MM} mm, limit {LIMIT_MM} mm)"),
    ]


def _journal(config: LaneConfig) -> tuple[bool, str]:
    if not config.journal_path.exists():
        return True, f"journal: none yet at {config.journal_path}"
    try:
        head = verify(config.journal_path)
    except JournalError as error:
        return False, f"journal: {error}"
    return True, f"journal: whole, {head.seq} entries"


def _config(path: Path) -> LaneConfig:
    try:
        return read_lane_config(path)
    except ConfigError as error:
        raise CommandError(str(error)) from error


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
