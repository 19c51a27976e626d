"""What a person gets who pipes a trace into `lanelight decode`: one JSON object a line, and an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import pages

ROOT = Path(__file__).parents[2]


def decode(*words: str, given: bytes = b"", locale: str = "C") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "decode", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": locale},
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def test_a_trace_from_standard_input_is_told_line_by_line() -> None:
    done = decode("zvt", given=b"060f00\n06d1 02 00 e1\n1002 8000 00 1003 f51f\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line["command"] for line in lines(done)] == ["completion", "print line", "positive answer"]
    assert "ß".encode() in done.stdout  # UTF-8 whatever the locale


def test_a_trace_from_a_file_is_told_and_a_refused_line_is_worth_exit_code_1(tmp_path: Path) -> None:
    trace = tmp_path / "trace.hex"
    trace.write_bytes(b"060f00\nnonsense\n\xff\xfe\x00\n060f00\n")
    done = decode("zvt", str(trace))
    assert (done.returncode, done.stderr) == (1, b"")
    assert [("refused" in line, line["line"]) for line in lines(done)] == [
        (False, 1),
        (True, 2),
        (True, 3),
        (False, 4),
    ]


def test_layer_and_characters_can_be_asked_for() -> None:
    serial = decode("zvt", "--layer", "serial", given=b"060f00\n")
    latin = decode("zvt", "--charset", "latin-1", given=b"06d1 02 00 fc\n")
    assert serial.returncode == 1
    assert lines(serial)[0]["offset"] == 1
    assert lines(latin)[0]["fields"] == {"attribute": {"hex": "00", "meaning": []}, "text": "ü"}


def test_concert_is_told_too() -> None:
    done = decode("concert", given=b"05\n")
    assert done.returncode == 0
    assert lines(done)[0]["command"] == "ENQ"


def test_nothing_to_read_is_nothing_wrong() -> None:
    done = decode("zvt", given=b"# only a remark\n\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("zvt", "no-such-file.hex"), "No such file"),
        (("zvt", "docs"), "Is a directory"),
        (("concert", "--layer", "apdu"), "no layer apdu"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], reason: str) -> None:
    done = decode(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    (sentence,) = done.stderr.decode().splitlines()
    assert reason in sentence


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    trace = tmp_path / "trace.hex"
    trace.write_bytes(b"060f00\n" * 50_000)
    decoding = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "decode", "zvt", str(trace)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert decoding.stdout is not None
    assert json.loads(decoding.stdout.readline())["command"] == "completion"
    decoding.stdout.close()
    assert decoding.stderr is not None
    assert decoding.stderr.read() == b""
    decoding.stderr.close()
    assert decoding.wait(timeout=60) == 1


def test_the_example_for_support_staff_is_told_as_the_page_says() -> None:
    page = pages.read("docs/support.md")
    (trace,), (told,) = pages.fenced(page, "trace"), pages.fenced(page, "json")
    done = decode("zvt", given=trace.encode())
    assert done.returncode == 1
    assert lines(done) == [json.loads(line) for line in told.splitlines()]
