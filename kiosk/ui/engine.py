"""Owns the settings Kivy must find before its first import.

It must not know a screen. Import it before any kivy module: Kivy reads its environment once, at import.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from kiosk.ui.theme import Panel

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",  # the command line is the product's, not Kivy's
    "KIVY_NO_CONFIG": "1",  # a file in someone's home must not change a lane
    "KIVY_LOG_MODE": "PYTHON",  # leave the root logger alone
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_WINDOW": "sdl2",  # the X11 provider ends the whole process where there is no display
}
for _name, _value in _ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)

from kivy.config import Config  # noqa: E402  (reads the environment just written)

# Kivy picks its clock when kivy.clock is imported, long before a window is wanted.
Config.set("kivy", "kivy_clock", "interrupt")

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"


def configure(panel: Panel, *, fullscreen: bool) -> None:
    """Set up Kivy for one window of the panel's size; call before the window is made, in its thread."""
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    Config.set("kivy", "keyboard_mode", "system")
    Config.set("kivy", "log_level", "warning")
    Config.set("graphics", "width", str(panel.width_px))
    Config.set("graphics", "height", str(panel.height_px))
    Config.set("graphics", "multisamples", "0")
    Config.set("graphics", "maxfps", "60")
    Config.set("graphics", "vsync", "0")
    Config.set("graphics", "resizable", "0")
    Config.set("graphics", "fullscreen", "1" if fullscreen else "0")
    Config.set("graphics", "borderless", "1" if fullscreen else "0")
    Config.set("graphics", "show_cursor", "0" if fullscreen else "1")
    Config.set("graphics", "allow_screensaver", "0")
    for option in Config.options("input"):
        # SDL delivers fingers itself; a second reader of the same device would double every touch
        Config.remove_option("input", option)
    Config.set("input", "mouse", "mouse,disable_multitouch")
