"""Owns the window an installer measures a glass in: it draws the wizard's pages and carries out its orders.

It must not decide anything or write a file itself: how a number is kept is handed in.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.ui import panel_wizard
from kiosk.ui.app import LaneWindow
from kiosk.ui.calibration import drawing_panel, measure_of
from kiosk.ui.hand import Hand
from kiosk.ui.panel_wizard import Order, Wizard
from kiosk.ui.presenter.panel import screen
from kiosk.ui.self_check import measured_in
from kiosk.ui.theme import Panel

_LEFT = "close"


class NotKeptError(Exception):
    """A number could not be written; the text is why, in a few words."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What becomes of the two numbers; each raises NotKeptError."""

    diagonal_in: Callable[[float], None]
    bottom_edge_mm: Callable[[int], None]


class PanelWindow:
    """One installer at one glass. `run` returns when they leave."""

    def __init__(
        self,
        panel: Panel,
        bottom_edge_mm: int | None,
        keeping: Keeping,
        *,
        language: str = "en",
        fullscreen: bool = False,
    ) -> None:
        self._panel = panel
        self._keeping = keeping
        self._language = language
        self._serial = 0
        self._taps: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.wizard = panel_wizard.begin(panel, bottom_edge_mm)
        self.window = LaneWindow(
            drawing_panel(panel), self._taps.put, fullscreen=fullscreen, reduced_motion=True
        )

    def run(self) -> None:
        """Open the window and serve the installer; call it in the thread that shall own the window."""
        serving = threading.Thread(target=self._serve, name="panel")
        serving.start()
        try:
            self.window.run()
        finally:
            self._taps.put(_LEFT)  # the window may have been closed from outside
            serving.join()

    def _serve(self) -> None:
        try:
            if not self.window.wait_until_running(20):
                return
            self._show()
            while self._serve_one(self._taps.get()):
                self._show()
        except RuntimeError:
            if self.window.wait_until_running(0):  # else it was closed in the middle of measuring
                raise
        finally:
            self.window.stop()

    def _show(self) -> None:
        self._serial += 1
        self.window.show(screen(self.wizard, self._language, self._serial))

    def _serve_one(self, tap_id: str) -> bool:
        """Whether the installer stays."""
        self.wizard, order = panel_wizard.tapped(self.wizard, tap_id)
        match order:
            case None:
                return True
            case Order.LEAVE:
                return False
            case Order.SAVE:
                self.wizard = self._save()
            case Order.MEASURE:
                self.wizard = self._measure()
        return True

    def _save(self) -> Wizard:
        try:
            self._keeping.diagonal_in(measure_of(self.wizard.box).diagonal_in)
        except NotKeptError as error:
            return panel_wizard.refused(self.wizard, str(error))
        return panel_wizard.saved(self.wizard)

    def _measure(self) -> Wizard:
        """Every screen is shown once on this very glass, at the size it will have."""
        edge_mm = self.wizard.edge_mm
        try:
            self._keeping.bottom_edge_mm(edge_mm)
        except NotKeptError as error:
            return panel_wizard.refused(self.wizard, str(error))
        diagonal_in = measure_of(self.wizard.box).diagonal_in
        real = Panel(self._panel.width_px, self._panel.height_px, diagonal_in)
        self.window.call(lambda: self.window.turn_to(real))
        try:
            controls = measured_in(self.window, Hand(self.window), edge_mm)
        finally:
            self.window.call(lambda: self.window.turn_to(drawing_panel(self._panel)))
        while not self._taps.empty():  # whoever touched one of the screens meant nothing by it
            self._taps.get()
        return panel_wizard.measured(self.wizard, controls)
