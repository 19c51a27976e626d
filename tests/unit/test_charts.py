"""Owns what a chart must be: true to its values, inside its frame, and the same the other way round."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.web.charts import HEIGHT, WIDTH, Chart, Point, chart, nice_step

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=120)


def drawn(values: list[int], *, is_rtl: bool = False) -> Chart | None:
    points = [Point(str(place), value, str(value)) for place, value in enumerate(values)]
    return chart("c", points, title="t", what="w", how_much="h", is_rtl=is_rtl)


@given(VALUES)
def test_every_bar_stays_inside_the_chart_and_is_as_high_as_its_value(values: list[int]) -> None:
    found = drawn(values)
    if not any(values):
        assert found is None
        return
    assert found is not None
    top = found.lines[-1]
    scale = (found.lines[0].y - top.y) / int(top.words)
    for bar, value in zip(found.bars, values, strict=True):
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y + bar.height == found.lines[0].y < HEIGHT
        assert abs(bar.height - value * scale) <= 1
    assert all(one.x + one.width <= other.x for one, other in zip(found.bars, found.bars[1:], strict=False))


@given(VALUES)
def test_from_right_to_left_a_chart_is_its_own_mirror_image(values: list[int]) -> None:
    plain, mirrored = drawn(values), drawn(values, is_rtl=True)
    if plain is None or mirrored is None:
        assert plain is mirrored
        return
    for one, other in zip(plain.bars, mirrored.bars, strict=True):
        assert one.x + one.width + other.x == WIDTH
        assert (one.y, one.height, one.label) == (other.y, other.height, other.label)


@given(st.integers(1, 10**12))
def test_lines_are_few_and_their_numbers_round(highest: int) -> None:
    step = nice_step(highest)
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert -(-highest // step) <= 4
