"""Owns the proof that a print job is supervised: asked before and after, answered once, never repeated."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import DeviceEvent, Paper, PaperChanged, PrintFailed, PrintFinished
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.protocols.printer_status import (
    AFTER_JOB_LIMIT_S,
    ANSWER_LIMIT_S,
    CHUNK_BYTES,
    JOB_LIMIT,
    POLL_S,
    PrinterProtocol,
    parse_status,
)

NAME = "printer"
GOOD = {1: 0x12, 2: 0x12, 4: 0x12}
OUT = {1: 0x1A, 2: 0x32, 4: 0x7E}
LOW = {1: 0x12, 2: 0x12, 4: 0x1E}
COVER = {1: 0x1A, 2: 0x16, 4: 0x12}


class Peer:
    """A printer on paper: answers each DLE EOT with what `answers` holds and keeps the other bytes."""

    def __init__(self) -> None:
        self.protocol = PrinterProtocol(NAME)
        self.answers: dict[int, int] | None = GOOD
        self.paper = bytearray()
        self.events: list[DeviceEvent] = []
        self.hang_ups = 0
        self.ready = 0
        self.now_s = 0.0

    def open(self) -> Peer:
        self.play(self.protocol.opened(self.now_s))
        return self

    def print(self, job_id: str, content: bytes) -> None:
        self.play(self.protocol.print_job(job_id, content, now_s=self.now_s))

    def wait(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += 0.1
            self.play(self.protocol.elapsed(self.now_s))

    def close(self) -> None:
        self.play(self.protocol.closed(self.now_s))

    def take_events(self) -> list[DeviceEvent]:
        taken, self.events = self.events, []
        return taken

    def play(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data) if data.startswith(b"\x10\x04"):
                    if self.answers is not None:
                        self.play(self.protocol.received(bytes((self.answers[data[2]],)), self.now_s))
                case Send(data):
                    self.paper += data
                case Report(event):
                    self.events.append(event)
                case Ready():
                    self.ready += 1
                case HangUp():
                    self.hang_ups += 1
                    self.close()


def test_a_printer_that_answers_is_ready_once_and_tells_its_paper() -> None:
    peer = Peer().open()
    peer.wait(3 * POLL_S)
    assert (peer.ready, peer.events) == (1, [PaperChanged(NAME, Paper.OK)])


@pytest.mark.parametrize(
    ("answers", "paper", "trouble"),
    [
        (GOOD, Paper.OK, ""),
        (LOW, Paper.LOW, ""),
        (OUT, Paper.OUT, "the paper is out"),
        (COVER, Paper.UNKNOWN, "the cover is open"),
        ({1: 0x1A, 2: 0x12, 4: 0x12}, Paper.UNKNOWN, "the printer is off line"),
        ({1: 0x1A, 2: 0x52, 4: 0x12}, Paper.UNKNOWN, "the printer reports an error"),
        ({1: 0x12, 2: 0x12, 4: 0x72}, Paper.OUT, "the paper is out"),
    ],
)
def test_status_answers_become_paper_and_trouble(answers: dict[int, int], paper: Paper, trouble: str) -> None:
    found = parse_status(answers[1], answers[2], answers[4])
    assert (found.paper, found.trouble) == (paper, trouble)


def test_each_change_of_paper_is_told_once() -> None:
    peer = Peer().open()
    for answers in (LOW, LOW, OUT, GOOD):
        peer.answers = answers
        peer.wait(POLL_S + 0.2)
    papers = [event.paper for event in peer.events if isinstance(event, PaperChanged)]
    assert papers == [Paper.OK, Paper.LOW, Paper.OUT, Paper.OK]


def test_a_job_is_sent_whole_in_chunks_and_then_finished() -> None:
    peer = Peer().open()
    content = bytes(range(0x20, 0x70)) * 50
    peer.print("job-1", content)
    assert len(peer.paper) == CHUNK_BYTES
    peer.wait(1.0)
    assert bytes(peer.paper) == content
    assert peer.events[1:] == [PrintFinished(NAME, "job-1")]


def test_a_job_without_paper_sends_no_byte_and_fails() -> None:
    peer = Peer().open()
    peer.answers = OUT
    peer.print("job-1", b"receipt\n")
    assert (bytes(peer.paper), peer.events[1:]) == (
        b"",
        [PaperChanged(NAME, Paper.OUT), PrintFailed(NAME, "job-1", "the paper is out")],
    )


def test_paper_that_ends_inside_a_job_fails_it_and_nothing_prints_again() -> None:
    peer = Peer().open()
    peer.print("job-1", b"x" * (CHUNK_BYTES + 1))
    peer.answers = OUT
    peer.wait(0.2)
    assert peer.events[-1] == PrintFailed(NAME, "job-1", "the paper is out")
    peer.answers = GOOD
    peer.wait(10.0)
    assert len(peer.paper) == CHUNK_BYTES + 1


def test_an_open_cover_after_a_job_fails_it() -> None:
    peer = Peer().open()
    peer.print("job-1", b"x" * (CHUNK_BYTES + 1))
    peer.answers = COVER
    peer.wait(0.2)
    assert peer.events[-2:] == [
        PaperChanged(NAME, Paper.UNKNOWN),
        PrintFailed(NAME, "job-1", "the cover is open"),
    ]


def test_silence_after_a_job_is_no_success() -> None:
    peer = Peer().open()
    peer.print("job-1", b"x" * (CHUNK_BYTES + 1))
    peer.answers = None
    peer.wait(AFTER_JOB_LIMIT_S + 0.5)
    assert PrintFailed(NAME, "job-1", "the printer does not answer") in peer.events
    assert not any(isinstance(event, PrintFinished) for event in peer.events)


def test_a_silent_printer_has_unknown_paper_and_is_hung_up() -> None:
    peer = Peer().open()
    peer.take_events()
    peer.answers = None
    peer.wait(3 * (POLL_S + ANSWER_LIMIT_S) + 1)
    assert (peer.take_events(), peer.hang_ups) == ([PaperChanged(NAME, Paper.UNKNOWN)], 1)


def test_a_printer_that_never_answers_is_never_ready() -> None:
    peer = Peer()
    peer.answers = None
    peer.open().wait(5.0)
    assert (peer.ready, peer.hang_ups) == (0, 1)


def test_no_question_is_asked_in_the_middle_of_a_job() -> None:
    protocol = PrinterProtocol(NAME)
    sent = list(protocol.opened(0.0))
    for _ in range(3):
        sent = list(protocol.received(b"\x12", 0.0))
    protocol.print_job("job-1", b"x" * (CHUNK_BYTES * 3), now_s=0.0)
    protocol.received(b"\x12\x12", 0.0)
    sent = list(protocol.received(b"\x12", 0.0))
    sent += protocol.elapsed(POLL_S * 2)
    assert sent == [Send(b"x" * CHUNK_BYTES)] * 2


def test_jobs_wait_their_turn() -> None:
    peer = Peer().open()
    for number in range(3):
        peer.print(f"job-{number}", b"%d" % number * (CHUNK_BYTES + 1))
    peer.wait(2.0)
    assert peer.events[1:] == [PrintFinished(NAME, f"job-{number}") for number in range(3)]
    assert bytes(peer.paper) == b"".join(b"%d" % number * (CHUNK_BYTES + 1) for number in range(3))


def test_a_job_too_many_is_refused() -> None:
    peer = Peer().open()
    for number in range(JOB_LIMIT + 1):
        peer.print(f"job-{number}", b"x" * (CHUNK_BYTES + 1))
    assert peer.events[-1] == PrintFailed(NAME, f"job-{JOB_LIMIT}", "too many receipts wait")


def test_a_job_for_a_lost_printer_fails_at_once() -> None:
    peer = Peer()
    peer.print("job-1", b"x")
    assert peer.events == [PrintFailed(NAME, "job-1", "the printer is not connected")]


def test_a_lost_line_fails_the_running_job_and_all_that_wait() -> None:
    peer = Peer().open()
    peer.print("job-1", b"x" * 5000)
    peer.print("job-2", b"y")
    peer.take_events()
    peer.close()
    assert peer.take_events() == [
        PaperChanged(NAME, Paper.UNKNOWN),
        PrintFailed(NAME, "job-1", "the printer was lost"),
        PrintFailed(NAME, "job-2", "the printer was lost"),
    ]
    peer.open().wait(5.0)
    assert not any(isinstance(event, PrintFinished) for event in peer.events)


def test_flow_control_and_automatic_status_are_no_answers() -> None:
    protocol = PrinterProtocol(NAME)
    protocol.opened(0.0)
    assert list(protocol.received(b"\x11\x13\x10\x00\x00\x00", 0.1)) == []
    assert list(protocol.received(b"\x12", 0.2)) == [Send(b"\x10\x04\x02")]


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=8), st.integers(0, 9)), max_size=60))
def test_each_job_gets_exactly_one_answer_whatever_the_printer_says(script: list[bytes | int]) -> None:
    protocol = PrinterProtocol(NAME)
    outputs: list[Output] = list(protocol.opened(0.0))
    asked = 0
    now_s = 0.0
    for step in script:
        now_s += 0.3
        if isinstance(step, int):
            asked += 1
            outputs += protocol.print_job(f"job-{asked}", b"x" * step, now_s=now_s)
        else:
            outputs += protocol.received(step, now_s)
        outputs += protocol.elapsed(now_s)
    outputs += protocol.closed(now_s)
    answered = [
        output.event.job_id
        for output in outputs
        if isinstance(output, Report) and isinstance(output.event, PrintFinished | PrintFailed)
    ]
    assert sorted(answered) == sorted(f"job-{number}" for number in range(1, asked + 1))
