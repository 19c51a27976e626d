"""Owns the proof that an installer can measure a glass by touch alone, and reads how high every control is.

It must not know how the numbers are computed. The walks run in a process of their own: Kivy is one to each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from kiosk.ui import panel_wizard, theme
from kiosk.ui.calibration import drawing_panel, room_px
from kiosk.ui.presenter.panel import screen
from kiosk.ui.reach import Control
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, Panel
from tests.integration.test_command_line import ROOT, run, write_lane_config
from tests.support.desk import Desk
from tests.support.layout_probes import EVERYWHERE

pytestmark = pytest.mark.window

PANELS = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "small": Panel(800, 1280, 8.0),
    "large-landscape": Panel(3840, 2160, 32.0),
}


def _pages(panel: Panel) -> dict[str, ScreenModel]:
    begun = panel_wizard.begin(panel, None)
    width_px, height_px = room_px(begun.box.glass_px)
    controls = tuple(Control(True, "item-not-here", f"found:{n}", 1240 - n * 40) for n in range(6))
    asked = panel_wizard.saved(begun)
    wizards = {
        "fits": begun,
        "skewed": panel_wizard.tapped(begun, f"box:width:{begun.box.coarse_px * 2}")[0],
        "largest": replace(begun, box=replace(begun.box, width_px=width_px, height_px=height_px)),
        "standing": panel_wizard.tapped(begun, "box-turn")[0],
        "refused": panel_wizard.refused(begun, "Read-only file system"),
        "height": asked,
        "too-high": replace(asked, typed="2300"),
        "reached": panel_wizard.measured(asked, controls),
    }
    return {name: screen(wizard, "en", 1) for name, wizard in wizards.items()}


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
@pytest.mark.parametrize("name", _pages(PORTRAIT))
def test_every_page_of_the_measuring_is_legible_and_touchable(desk: Desk, name: str, panel: Panel) -> None:
    desk.show(_pages(panel)[name], drawing_panel(panel))
    for probe in EVERYWHERE:
        assert desk.look_at(probe) == [], probe.__name__
    assert "help" not in desk.hand.rectangles(), "an installer calls nobody"


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_the_box_has_just_the_pixels_that_are_said_and_no_warning_moves_it(desk: Desk, panel: Panel) -> None:
    boxes = []
    for name in ("fits", "refused"):
        desk.show(_pages(panel)[name], drawing_panel(panel))
        # a window that was turned off screen promises no pixel beyond the width it began with
        boxes.append(_blue_part_of(desk.pixels().crop((0, 0, PORTRAIT.width_px, PORTRAIT.width_px))))
    assert boxes[0] == boxes[1]
    left, top, right, bottom = boxes[0]
    edges = 2 * drawing_panel(panel).px(theme.EDGE_WIDTH)
    assert right - left == pytest.approx(476 - edges, abs=2)
    assert bottom - top == pytest.approx(300 - edges, abs=2)


def _blue_part_of(picture: Image.Image) -> tuple[int, int, int, int]:
    """The rectangle of the box inside its edge."""
    soft = Image.new("RGB", picture.size, theme.PRIMARY_SOFT.code())
    is_soft = ImageChops.difference(picture, soft).convert("L").point(lambda level: 0 if level else 255)
    found = is_soft.getbbox()
    assert found is not None
    return found


def _walk(config: Path, *taps: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.support.panel_walk", str(config), *taps],
        cwd=ROOT,
        env={**os.environ, "HOME": str(config.parent)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_an_installer_fits_the_card_saves_and_reads_who_reaches_what(tmp_path: Path) -> None:
    config = write_lane_config(tmp_path)
    before = config.read_text("utf-8") + "[panel] # the glass\ndiagonal_in = 17.0  # off the carton\n"
    config.write_text(f"{before}fullscreen = false\n", "utf-8")
    done = _walk(
        config,
        *("?How large", "box:width:20", "?457 pixels", "box:width:20", "?477 pixels", "?differ by"),
        *("box:height:20", "?295 pixels", "box:height:1", "?296", "box:height:1", "?297", "box-save"),
        *("?How high", "digit:7", "?7 mm", "digit:8", "?78 mm", "digit:0", "?780 mm", "pad-ok"),
        *("?Everybody reaches", "staff-end"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kept = tomllib.loads(config.read_text("utf-8"))["panel"]
    assert kept == {"bottom_edge_mm": 780, "diagonal_in": 15.72, "fullscreen": False}
    assert "# off the carton" in config.read_text("utf-8")
    assert "With “Everything lower”:" in done.stdout
    assert "basket: pay, within reach of everybody" in done.stdout
    assert "0 over the limit" in done.stdout


def test_who_cancels_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    config = write_lane_config(tmp_path)
    before = config.read_bytes()
    done = _walk(config, "?How large", "box:width:20", "?496 pixels", "box-turn", "?313 pixels", "close")
    assert done.returncode == 0, done.stdout + done.stderr
    assert config.read_bytes() == before
    assert done.stdout == ""


def test_a_file_that_cannot_be_changed_is_told_on_the_glass_and_stays(tmp_path: Path) -> None:
    config = write_lane_config(tmp_path)
    text = config.read_text("utf-8")
    config.write_text(f"panel.diagonal_in = 15.6\n{text}", "utf-8")
    before = config.read_bytes()
    done = _walk(config, "?How large", "box-save", "?Not saved", "?by hand", "close")
    assert done.returncode == 0, done.stdout + done.stderr
    assert config.read_bytes() == before
    assert "keeps its diagonal_in" in done.stdout


def test_the_heights_can_be_asked_for_without_the_glass(tmp_path: Path) -> None:
    done = run("panel", "--config", str(write_lane_config(tmp_path)), "--bottom-edge-mm", "1130")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("✕ with “Everything lower”")
    assert sum("basket: pay," in line for line in done.stdout.splitlines()) == 2
