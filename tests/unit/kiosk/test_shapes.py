"""Owns the proof that a panel stretched from a small picture is the panel that was asked for.

It must not draw in a window: the triangles are painted here, pixel by pixel.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.shapes import Corners, corners_of, coverage, stretched

SIDES = st.integers(1, 300)


def _covered(width: int, height: int, corners: Corners, *, hollow: bool) -> float:
    """The area of all triangles; those of a panel never lie on one another."""
    vertices, indices = stretched(0, 0, width, height, corners.side, hollow=hollow)
    points = [(vertices[at], vertices[at + 1]) for at in range(0, len(vertices), 4)]
    area = 0.0
    for at in range(0, len(indices), 3):
        (ax, ay), (bx, by), (cx, cy) = (points[index] for index in indices[at : at + 3])
        area += abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    return area


@given(SIDES, SIDES, st.integers(0, 200))
def test_the_triangles_of_a_panel_cover_its_rectangle_once(width: int, height: int, radius: int) -> None:
    corners = corners_of(width, height, radius)
    assert abs(_covered(width, height, corners, hollow=False) - width * height) < 0.01


@given(SIDES, SIDES, st.integers(0, 40), st.integers(1, 9))
def test_an_edge_leaves_out_the_middle_only(width: int, height: int, radius: int, edge: int) -> None:
    side = corners_of(width, height, radius, edge).side
    left_out = (width - side) * (height - side)
    covered = _covered(width, height, corners_of(width, height, radius, edge), hollow=True)
    assert abs(covered - (width * height - left_out)) < 0.01


@given(SIDES, SIDES, st.integers(0, 200), st.integers(0, 9))
def test_corners_are_never_larger_than_the_panel(width: int, height: int, radius: int, edge: int) -> None:
    corners = corners_of(width, height, radius, edge)
    assert 1 <= corners.side <= min(width, height)
    assert 2 * corners.radius <= corners.side
    assert 2 * corners.edge <= corners.side


def test_a_panel_is_empty_at_its_corners_and_full_in_its_middle_and_along_its_sides() -> None:
    picture = coverage(corners_of(400, 200, 20))
    last = picture.width - 1
    assert [picture.getpixel(at) for at in ((0, 0), (last, 0), (0, last), (last, last))] == [0, 0, 0, 0]
    assert picture.getpixel((21, 21)) == 255
    assert [picture.getpixel(at) for at in ((21, 0), (0, 21), (21, last), (last, 21))] == [255] * 4


def test_between_empty_and_full_a_corner_is_soft() -> None:
    values = set(coverage(corners_of(400, 200, 20)).tobytes())
    assert {0, 255} < values
    assert len(values) > 10


def test_an_edge_is_as_wide_as_was_asked_and_hollow_inside() -> None:
    picture = coverage(corners_of(400, 200, 20, 3))
    down = [picture.getpixel((21, y)) for y in range(6)]
    assert down == [255, 255, 255, 0, 0, 0]


def test_a_panel_as_wide_as_high_with_all_the_roundness_there_is_is_a_disc() -> None:
    picture = coverage(corners_of(50, 50, 1000))
    full = sum(picture.tobytes()) / 255
    assert abs(full - 3.14159 * 25 * 25) < 10
