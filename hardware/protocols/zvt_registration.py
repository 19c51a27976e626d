"""Owns the first job on a fresh line, to register or hang up with the reason, and the last one, to log off.

It must not know payments. Sources: VdTH PA00P015 sections 2.1 and 2.24.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.events import ProtocolError
from hardware.line import HangUp, Ready
from hardware.protocols import zvt_apdu, zvt_codes
from hardware.protocols.zvt_apdu import Apdu, StatusInformation, parse_abort, registration
from hardware.protocols.zvt_commands import LOG_OFF
from hardware.protocols.zvt_job import (
    SERVICE_NO_MENU,
    Answered,
    Began,
    Closed,
    Elapsed,
    Failed,
    Finished,
    Learned,
    Step,
    Told,
    Turn,
    ZvtSettings,
    answer,
    command,
    stray_answer,
)
from hardware.protocols.zvt_standing import parse_standing


def registration_command(settings: ZvtSettings) -> Apdu:
    return registration(settings.password, settings.config_byte, SERVICE_NO_MENU, settings.currency_digits)


class Registering:
    """06 00 until 06 0F. `confirmed` is what the lane had confirmed before the line was lost."""

    def __init__(self, settings: ZvtSettings, confirmed: StatusInformation | None = None) -> None:
        self._settings = settings
        self._confirmed = confirmed
        self._due_s: float | None = None

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:
        match turn:
            case Began():
                return (command(registration_command(self._settings)),)
            case Answered(_, None):
                self._due_s = now_s + self._settings.command_limit_s
                return ()
            case Answered(_, int(error)):
                otherwise = f"refused the registration: 84 {error:02X}"
                return (HangUp(self._refusal(turn.code, otherwise)),)
            case Told(message):
                return self._told(message)
            case Failed(letter, noise) if letter.is_command:
                foreign = "the terminal speaks another protocol, or at another speed"
                return (HangUp(foreign if noise else "the terminal does not answer"),)
            case Elapsed() if self._due_s is not None and now_s >= self._due_s:
                return (HangUp("the terminal did not complete the registration"),)
            case _:
                return ()

    def _told(self, message: Apdu) -> Iterable[Step]:
        reply = answer(stray_answer(message, self._confirmed))
        if self._due_s is None:  # left over from before: the terminal has not yet taken our command
            return (reply,)
        match message.control:
            case zvt_apdu.COMPLETION:
                return (reply, Learned(parse_standing(message.data)), Ready(), Finished(self._confirmed))
            case zvt_apdu.ABORTED:
                return (reply, HangUp(self._refusal(_abort_code(message), "aborted the registration")))
            case _:
                return (reply,)

    def _refusal(self, code: int | None, otherwise: str) -> str:
        match code:
            case zvt_codes.RESULT_WRONG_PASSWORD:
                return "the terminal refuses our password"
            case zvt_codes.RESULT_CURRENCY:
                return f"the terminal does not take {self._settings.currency}"
            case zvt_codes.RESULT_UNSUPPORTED:
                return "ZVT is switched off on this terminal"
            case _:
                return f"the terminal {otherwise}"


def _abort_code(message: Apdu) -> int:
    try:
        return parse_abort(message.data) or 0
    except ProtocolError:
        return 0


class LoggingOff:
    """06 02 on a line that is closed on purpose. It ends with its answer, whatever that is."""

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:  # noqa: ARG002 - a job's shape
        match turn:
            case Began():
                return (command(LOG_OFF),)
            case Answered() | Closed():
                return (Finished(),)
            case Failed(letter) if letter.is_command:
                return (Finished(),)
            case Told(message):
                return (answer(stray_answer(message, None)),)
            case _:
                return ()
