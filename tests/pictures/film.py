"""Owns docs/gallery: every screen as one contact sheet an orientation, languages across and looks down.

It must not change a picture by hand: `python -m tests.pictures film` plays its journey twice and writes all.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.demo.film import LOOKS, Pose, poses_of

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "docs" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
JOURNEY = Path(__file__).with_name("film.journey")
FONT = ROOT / "assets" / "fonts" / "NotoSans-SemiBold.ttf"

LANGUAGES = ("en", "it", "ro", "fil", "ar", "zh-Hans")
ORIENTATIONS = ("portrait", "landscape")
SHORT_SIDE_PX = 252
GAP_PX = 12
CAPTION_PX = 34
GROUND = "#E9EDF2"
INK = "#14181F"

_LOOK_NAMES = {(): "light", ("high-contrast",): "high contrast", ("large-text",): "large text"}

HEAD = """# Gallery

Every screen in {languages} languages ({codes}), in light, high contrast and large text, upright and across.
The program itself made all of it: `make screenshots` plays [a journey](../tests/pictures/film.journey) off
screen and photographs each screen in every language and look.
"""


def make() -> None:
    """Play, photograph, and write every sheet and the page that shows them."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    for stale in GALLERY.glob("*.webp"):
        stale.unlink()
    names: list[str] = []
    for orientation in ORIENTATIONS:
        with tempfile.TemporaryDirectory() as folder:
            _play(orientation, Path(folder))
            names = sorted(path.stem for path in Path(folder).glob("[0-9]*.png") if "@" not in path.stem)
            for name in names:
                sheet = contact_sheet(Path(folder), name, poses_of(LANGUAGES))
                sheet.save(GALLERY / f"{name}-{orientation}.webp", quality=78, method=6)
    PAGE.write_text("\n".join(_page(names)) + "\n", "utf-8")


def _play(orientation: str, folder: Path) -> None:
    words = ("--headless", "--journey", str(JOURNEY), "--out", str(folder), f"--{orientation}")
    command = [sys.executable, "main.py", "demo", *words, "--film", ",".join(LANGUAGES)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def contact_sheet(folder: Path, name: str, poses: tuple[Pose, ...]) -> Image.Image:
    """One screen's pictures side by side: a column a language, a row a look."""
    with Image.open(folder / f"{name}.png") as first:
        scale = SHORT_SIDE_PX / min(first.size)
        size = round(first.width * scale), round(first.height * scale)
    columns, rows = len({pose.language for pose in poses}), len(LOOKS)
    width = columns * (size[0] + GAP_PX) + GAP_PX
    sheet = Image.new("RGB", (width, rows * (size[1] + CAPTION_PX) + GAP_PX), GROUND)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 20)
    for number, pose in enumerate(poses):
        column, row = divmod(number, rows)
        x, y = GAP_PX + column * (size[0] + GAP_PX), row * (size[1] + CAPTION_PX)
        draw.text((x, y + 4), f"{pose.language} · {_LOOK_NAMES[pose.prefer]}", INK, font)
        with Image.open(folder / f"{name}@{pose.suffix}.png") as picture:
            small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        sheet.paste(small, (x, y + CAPTION_PX))
    return sheet


def _page(names: list[str]) -> Iterator[str]:
    yield HEAD.format(languages=len(LANGUAGES), codes=", ".join(LANGUAGES)).rstrip()
    for name in names:
        title = name.partition("-")[2].replace("-", " ")
        yield f"\n## {title.capitalize()}\n"
        for orientation in ORIENTATIONS:
            words = f"The {title} screen, {orientation}, in {len(LANGUAGES)} languages and {len(LOOKS)} looks"
            yield f"![{words}](gallery/{name}-{orientation}.webp)\n"
