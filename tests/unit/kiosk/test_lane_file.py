"""Owns the proof that setting one number in a lane's settings changes that number and nothing else.

It must not know what the number is for.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.lane_file import LaneFileError, with_number, write_number

SAMPLE = Path("docs/samples/lane.toml").read_text("utf-8")


def test_only_the_number_changes_and_its_comment_stays() -> None:
    changed = with_number(SAMPLE, "panel", "diagonal_in", 21.52)
    line = "diagonal_in = 15.6               # every size on screen follows from pixels and inches"
    assert line in SAMPLE
    assert changed == SAMPLE.replace(line, line.replace("15.6 ", "21.52 ", 1))


def test_a_number_that_was_not_there_is_put_in_its_section() -> None:
    changed = with_number(SAMPLE, "panel", "bottom_edge_mm", 780)
    assert changed == SAMPLE.replace("[panel]\n", "[panel]\nbottom_edge_mm = 780\n")
    assert with_number('[lane]\nid = "a"', "panel", "x", 7) == '[lane]\nid = "a"\n\n[panel]\nx = 7\n'
    assert with_number("", "panel", "x", 7) == "[panel]\nx = 7\n"
    assert with_number("[panel]", "panel", "x", 7) == "[panel]\nx = 7\n"


def test_lines_of_another_system_keep_their_ends() -> None:
    text = "[panel]\r\nx = 1 # one\r\ny = 2\r\n"
    assert with_number(text, "panel", "x", 3) == "[panel]\r\nx = 3 # one\r\ny = 2\r\n"
    assert with_number(text, "panel", "z", 3) == "[panel]\r\nz = 3\r\nx = 1 # one\r\ny = 2\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "panel = { x = 1 }\n",
        "panel.x = 1\n",
        '[lane]\nnote = """\n[panel]\nx = 1\n"""\n[panel]\nx = 2\n',
        "[panel]\nx = [\n1]\n",
        "panel = 3\n",
    ],
)
def test_what_is_written_unusually_is_left_alone_with_what_to_write(text: str) -> None:
    with pytest.raises(LaneFileError, match=r"write x = 5 under \[panel\] by hand"):
        with_number(text, "panel", "x", 5)


def test_what_is_no_toml_is_left_alone() -> None:
    with pytest.raises(LaneFileError, match="it is not TOML"):
        with_number("[panel\n", "panel", "x", 5)


NAMES = st.sampled_from(["x", "y", "panel", "lane", "x_y"])
VALUES = st.sampled_from(
    ["1", "2.5", '"#"', '"[panel]"', "[1, 2]", "true", '"x = 1"', "'''\n[panel]\nx = 9\n'''"]
)
COMMENTS = st.sampled_from(["", " # [panel]", "  # x = 3", " #"])
LINES = st.builds(lambda name, value, comment: f"{name} = {value}{comment}", NAMES, VALUES, COMMENTS)
HEADERS = st.sampled_from(
    ["[panel]", " [ panel ] # glass", "[lane]", "[[shelf]]", "[panel.more]", "# [panel]", ""]
)


@given(
    st.lists(LINES | HEADERS, max_size=12).map("\n".join),
    NAMES,
    st.integers(0, 3000) | st.floats(7, 65).map(lambda value: round(value, 2)),
)
def test_of_any_file_either_one_number_changes_or_nothing_does(text: str, key: str, value: float) -> None:
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(LaneFileError):
            with_number(text, "panel", key, value)
        return
    try:
        changed = with_number(text, "panel", key, value)
    except LaneFileError:
        return
    after = tomllib.loads(changed)
    told = before.setdefault("panel", {})
    replaced = str(told.get(key, "")).count("#")  # in a text, where it begins no comment
    told[key] = value
    assert after == before
    assert changed.count("#") == text.count("#") - replaced, "no comment is lost"


def test_the_file_is_replaced_whole_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "lane.toml"
    path.write_text(SAMPLE, "utf-8")
    path.chmod(0o640)
    (tmp_path / "link.toml").symlink_to(path)
    write_number(tmp_path / "link.toml", "panel", "diagonal_in", 21.5)
    assert tomllib.loads(path.read_text("utf-8"))["panel"]["diagonal_in"] == 21.5
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.toml").is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["lane.toml", "link.toml"]


def test_a_disk_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lane.toml"
    path.write_text(SAMPLE, "utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LaneFileError, match="No space left on device"):
        write_number(path, "panel", "diagonal_in", 21.5)
    assert path.read_text("utf-8") == SAMPLE
    assert [each.name for each in tmp_path.iterdir()] == ["lane.toml"]


def test_a_file_that_is_not_there_or_no_text_is_said_in_a_few_words(tmp_path: Path) -> None:
    with pytest.raises(LaneFileError, match="No such file"):
        write_number(tmp_path / "none.toml", "panel", "x", 1)
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LaneFileError, match="not UTF-8"):
        write_number(tmp_path / "odd.toml", "panel", "x", 1)
