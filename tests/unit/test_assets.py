"""Owns what the drawn, heard and printed assets promise: faces with our signs, fresh pictures, clean sounds.

It must not know screens or languages.
"""

import math
import wave
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from assets import ROOT, draw
from assets.drawings import icons, illustrations
from assets.drawings.paths import flatten, turned
from assets.drawings.raster import to_image
from assets.drawings.shapes import TINT, Fade, Picture, Shape, circle, line, picture, rect, solid
from assets.drawings.svg import to_svg
from assets.sounds import make

FACES = ("Regular", "SemiBold", "Bold")
PRINTED = "–—’‘“”…•×−·½¼¾€₱£₹₺₫₽₴șțğłőĂâ°№"
UNSEEN = "\u200e\u200f\u200b\u202a\u202c\u2066\u2069"
FOLDERS: tuple[tuple[str, dict[str, Picture], int | None], ...] = (
    ("pictograms", draw.groceries(), draw.PICTOGRAM_PX),
    ("icons", icons.PICTURES, draw.ICON_PX),
    ("illustrations", illustrations.PICTURES, None),
)
COORDINATE = st.floats(min_value=-500, max_value=500, allow_nan=False)


def face_of(weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(ROOT / "fonts" / f"NotoSans-{weight}.ttf", 40)


@pytest.mark.parametrize("weight", FACES)
def test_a_face_prints_every_sign_the_lane_needs(weight: str) -> None:
    font = face_of(weight)
    missing_glyph = bytes(font.getmask(chr(0x0378)))
    assert [sign for sign in PRINTED if bytes(font.getmask(sign)) == missing_glyph] == []


@pytest.mark.parametrize("weight", FACES)
def test_spaces_and_direction_marks_leave_no_ink(weight: str) -> None:
    font = face_of(weight)
    assert [mark for mark in UNSEEN if font.getlength(mark) != 0 or font.getmask(mark).getbbox()] == []
    for space in "\u00a0\u202f\u2009":
        assert font.getmask(space).getbbox() is None
        assert font.getlength(space) > 0


@pytest.mark.parametrize("weight", FACES)
def test_figures_are_equally_wide_so_that_a_running_total_stands_still(weight: str) -> None:
    font = face_of(weight)
    assert len({font.getlength(figure) for figure in "0123456789"}) == 1


@pytest.mark.parametrize("weight", FACES)
def test_a_face_stays_small_enough_to_load_at_once(weight: str) -> None:
    assert (ROOT / "fonts" / f"NotoSans-{weight}.ttf").stat().st_size < 200_000


@pytest.mark.parametrize(("folder", "pictures", "width_px"), FOLDERS, ids=[name for name, _, _ in FOLDERS])
def test_the_files_of_a_folder_are_those_the_script_draws(
    folder: str, pictures: dict[str, Picture], width_px: int | None
) -> None:
    there = {path.name for path in (ROOT / folder).iterdir() if path.suffix in {".png", ".svg"}}
    assert there == {f"{name}.{kind}" for name in pictures for kind in ("png", "svg")}
    for name, drawing in pictures.items():
        assert (ROOT / folder / f"{name}.svg").read_text(encoding="utf-8") == to_svg(drawing, name)
        with Image.open(ROOT / folder / f"{name}.png") as image:
            assert image.mode == "RGBA"
            assert image.width == (width_px or drawing.width)
            assert image.height == round(image.width * drawing.height / drawing.width)


@pytest.mark.parametrize(("folder", "pictures", "width_px"), FOLDERS, ids=[name for name, _, _ in FOLDERS])
def test_no_picture_is_cut_off_at_its_edge(
    folder: str, pictures: dict[str, Picture], width_px: int | None
) -> None:
    for name in pictures:
        with Image.open(ROOT / folder / f"{name}.png") as image:
            alpha = image.getchannel("A")
            left, top, right, bottom = alpha.getbbox() or (0, 0, 0, 0)
            assert 0 < left < right < image.width, name
            assert 0 < top < bottom < image.height, name


def test_icons_are_white_so_that_a_window_can_tint_them() -> None:
    for name, drawing in icons.PICTURES.items():
        assert {shape.fill or shape.stroke for shape in drawing.shapes} == {TINT}
        with Image.open(ROOT / "icons" / f"{name}.png") as image:
            colours = image.convert("RGB")
            colours.paste((255, 255, 255), mask=image.getchannel("A").point([255] + [0] * 255))
            assert colours.getextrema() == ((255, 255), (255, 255), (255, 255)), name


def test_a_picture_with_clip_turn_and_fade_is_sound_svg() -> None:
    frame = rect((10, 10), (80, 80), r=8)
    drawing = picture(
        Shape(data=circle((50, 50), 40), fill="#FFFFFF", clip=frame, turn=(30, (50, 50))),
        Shape(data=frame, fill="#FFB84D", fade=Fade(left=10, left_opacity=0, right=90, right_opacity=1)),
        line("M10 10L90 90"),
    )
    root = ElementTree.fromstring(to_svg(drawing, "probe"))
    identifiers = {element.get("id") for element in root.iter() if element.get("id")}
    assert identifiers == {"probe-c1", "probe-f2"}
    assert len(root.findall("{http://www.w3.org/2000/svg}path")) == 3


def test_what_a_path_covers_twice_is_a_hole() -> None:
    ring = picture(solid(circle((50, 50), 40) + circle((50, 50), 20), "#D8433F"))
    image = to_image(ring, 100)
    assert image.getpixel((50, 50)) == (0, 0, 0, 0)
    assert image.getpixel((50, 20)) == (0xD8, 0x43, 0x3F, 255)


def test_a_clip_keeps_the_inside_and_a_fade_runs_from_left_to_right() -> None:
    half = Shape(data=rect((0, 0), (100, 100)), fill="#000000", clip=rect((0, 0), (50, 100)))
    faded = Shape(
        data=rect((0, 0), (100, 100)),
        fill="#000000",
        fade=Fade(left=0, left_opacity=0, right=100, right_opacity=1),
    )
    clipped = to_image(picture(half), 100).getchannel("A")
    assert (clipped.getpixel((25, 50)), clipped.getpixel((75, 50))) == (255, 0)
    ramp = to_image(picture(faded), 100).getchannel("A").crop((0, 50, 100, 51)).tobytes()
    assert list(ramp) == sorted(ramp)
    assert ramp[0] < 5
    assert ramp[-1] > 250


def test_relative_and_absolute_path_data_draw_the_same() -> None:
    absolute = flatten("M10 10L20 10H30V20C30 30 20 30 20 20S10 30 10 20Q5 15 10 10A5 5 0 0 1 20 10Z")
    relative = flatten("m10 10l10 0h10v10c0 10-10 10-10 0s-10 10-10 0q-5-5 0-10a5 5 0 0 1 10 0z")
    assert len(absolute) == len(relative) == 1
    for (x1, y1), (x2, y2) in zip(absolute[0].points, relative[0].points, strict=True):
        assert (x1, y1) == pytest.approx((x2, y2))


@pytest.mark.parametrize("data", ["M0 0T5 5", "M0", "M0 0L3"])
def test_path_data_that_cannot_be_drawn_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="path command"):
        flatten(data)


@given(x=COORDINATE, y=COORDINATE, r=st.floats(min_value=0.5, max_value=200))
def test_every_point_of_a_circle_lies_on_it(x: float, y: float, r: float) -> None:
    (run,) = flatten(f"M{x - r!r} {y!r}a{r!r} {r!r} 0 1 1 {2 * r!r} 0a{r!r} {r!r} 0 1 1 {-2 * r!r} 0z")
    assert run.closed
    for px, py in run.points:
        assert math.hypot(px - x, py - y) == pytest.approx(r, rel=1e-4, abs=1e-3)


@given(x=COORDINATE, y=COORDINATE, degrees=st.floats(min_value=-360, max_value=360))
def test_turning_back_brings_a_point_home(x: float, y: float, degrees: float) -> None:
    away = turned(((x, y),), degrees=degrees, centre=(50, 50))
    ((back_x, back_y),) = turned(away, degrees=-degrees, centre=(50, 50))
    assert (back_x, back_y) == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize("name", sorted(make.SOUNDS))
def test_a_sound_is_short_mono_and_free_of_clicks(name: str) -> None:
    with wave.open(str(ROOT / "sounds" / f"{name}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        frames = file.readframes(file.getnframes())
    values = [int.from_bytes(frames[at : at + 2], "little", signed=True) for at in range(0, len(frames), 2)]
    assert 0.05 < len(values) / 22_050 < 1
    assert 6_000 < max(map(abs, values)) < 30_000
    assert max(map(abs, values[:4] + values[-4:])) < 300


@pytest.mark.parametrize("name", sorted(make.SOUNDS))
def test_a_sound_file_is_what_the_script_computes(name: str, tmp_path: Path) -> None:
    make.write(tmp_path / "again.wav", make.SOUNDS[name])
    assert (tmp_path / "again.wav").read_bytes() == (ROOT / "sounds" / f"{name}.wav").read_bytes()
