"""Owns the first job on a fresh line: register with the terminal, or hang up with the reason.

It must not know payments. Source: VdTH PA00P015 section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.line import HangUp, Ready
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import Apdu, StatusInformation, registration
from hardware.protocols.zvt_job import (
    CONFIG_OWN_RECEIPTS,
    SERVICE_NO_MENU,
    Answered,
    Began,
    Elapsed,
    Failed,
    Finished,
    Step,
    Told,
    Turn,
    ZvtSettings,
    answer,
    command,
    stray_answer,
)


def registration_command(settings: ZvtSettings) -> Apdu:
    return registration(settings.password, CONFIG_OWN_RECEIPTS, SERVICE_NO_MENU, settings.currency_digits)


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
                return (HangUp(f"the terminal refused the registration: 84 {error:02X}"),)
            case Told(message):
                return self._told(message)
            case Failed(letter) if letter.is_command:
                return (HangUp("the terminal does not answer"),)
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
                return (reply, Ready(), Finished(self._confirmed))
            case zvt_apdu.ABORTED:
                return (reply, HangUp("the terminal aborted the registration"))
            case _:
                return (reply,)
