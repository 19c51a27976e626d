"""Owns the comparison with recorded ZVT frames and dialogues of real terminals.

It must not run without the recordings, which are kept beside the repository: it skips and says so.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from hardware.events import CardAuthorised, CardCompleted, CardDeclined, DeclineReason, ProtocolError
from hardware.line import Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_apdu import Apdu, compose_apdu, parse_apdu, parse_status_information
from hardware.protocols.zvt_bmp import parse_bmps, parse_tlv
from hardware.protocols.zvt_codes import currency_name
from hardware.protocols.zvt_job import ZvtSettings
from hardware.protocols.zvt_link import Frame, FrameReceiver, encode_frame

VECTORS: Final = Path(__file__).parents[3] / "shared" / "vectors"

Vector = dict[str, Any]


def read(name: str) -> list[Vector]:
    path = VECTORS / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


FRAMES = read("zvt_frames.jsonl")
TRANSCRIPTS = read("zvt_transcripts.jsonl")

needs_recordings = pytest.mark.skipif(
    not FRAMES or not TRANSCRIPTS, reason="no recorded ZVT frames beside the repo"
)


def frames(layer: str, command: str = "", *, valid: bool = True) -> list[Vector]:
    return [
        vector
        for vector in FRAMES
        if vector["layer"] == layer
        and vector["valid"] is valid
        and (not command or vector["decoded"]["command"] == command)
    ]


def apdu_of(vector: Vector) -> Apdu:
    raw = bytes.fromhex(vector["hex"])
    if vector["layer"] == "serial":
        (event,) = FrameReceiver().feed(raw, 0.0)
        assert isinstance(event, Frame), vector["source"]
        raw = event.apdu
    return parse_apdu(raw)


@needs_recordings
def test_every_recorded_serial_frame_is_received_and_sent_alike() -> None:
    for vector in frames("serial"):
        apdu = apdu_of(vector)
        assert encode_frame(compose_apdu(apdu)).hex() == vector["hex"], vector["source"]


@needs_recordings
def test_every_recorded_apdu_is_read_and_written_alike() -> None:
    for vector in frames("apdu"):
        assert compose_apdu(apdu_of(vector)).hex() == vector["hex"], vector["source"]


@needs_recordings
def test_every_malformed_apdu_is_refused() -> None:
    for vector in frames("apdu", valid=False):
        with pytest.raises(ProtocolError):
            parse_bmps(apdu_of(vector).data)


@needs_recordings
def test_recorded_results_are_read_as_their_source_says() -> None:
    fields = {
        "receipt_no": "receipt_no",
        "tid": "terminal_id",
        "date_mmdd": "terminal_date",
        "time_hhmmss": "terminal_time",
        "auth_id": "authorisation_id",
        "card_name": "card_name",
    }
    for vector in frames("apdu", "Status-Information"):
        decoded, status = vector["decoded"], parse_status_information(apdu_of(vector).data)
        assert f"{status.result_code:02X}" == decoded["result_code"], vector["source"]
        assert status.amount_minor == decoded.get("amount_cents"), vector["source"]
        assert status.holds_totals == ("totals" in decoded), vector["source"]
        assert status.currency == (currency_name(decoded["currency"]) if "currency" in decoded else "")
        for theirs, ours in fields.items():
            assert getattr(status, ours) == decoded.get(theirs, ""), (vector["source"], theirs)
        number = decoded.get("pan", "").split("D")[0]
        assert status.card_last4 == number[-4:], vector["source"]


@needs_recordings
def test_recorded_containers_are_read_to_the_last_tag() -> None:
    def tree(data: bytes) -> list[list[Any]]:
        return [
            [f"{item.tag:02X}", tree(item.value) if item.constructed else item.value.hex()]
            for item in parse_tlv(data)
        ]

    compared = 0
    for vector in frames("apdu", "Status-Information"):
        if "tlv" in vector["decoded"]:
            assert tree(parse_bmps(apdu_of(vector).data)[0x06]) == vector["decoded"]["tlv"], vector["source"]
            compared += 1
    assert compared > 10


@needs_recordings
def test_recorded_states_aborts_and_completions_are_read_as_their_source_says() -> None:
    for vector in frames("apdu", "Intermediate-Status") + frames("serial", "Intermediate-Status"):
        status, decoded = zvt_apdu.parse_intermediate_status(apdu_of(vector).data), vector["decoded"]
        timeout = None if status.timeout_min is None else f"{status.timeout_min:02d}"
        assert f"{status.status:02X}" == decoded["intermediate_status"], vector["source"]
        assert timeout == decoded.get("timeout_min_bcd"), vector["source"]
    for vector in frames("apdu", "Abort(PT)"):
        code = zvt_apdu.parse_abort(apdu_of(vector).data)
        assert (f"{code:02X}" if code is not None else None) == vector["decoded"].get("result_code")
    for vector in frames("apdu", "Completion") + frames("serial", "Completion"):
        if "terminal_status" in vector["decoded"]:
            state = zvt_apdu.parse_enquiry_completion(apdu_of(vector).data)
            assert f"{state:02X}" == vector["decoded"]["terminal_status"], vector["source"]


# --- whole dialogues -----------------------------------------------------------------------------


def steps_of(transcript: Vector) -> list[tuple[float, str, str]]:
    """Steps of the payment alone: without the status polls some recordings slip in while it runs."""
    steps = [
        (datetime.strptime(at, "%Y/%m/%d %H:%M:%S").timestamp(), sender, apdu)  # noqa: DTZ007 - only differences count
        for at, sender, apdu in transcript["steps"]
    ]
    kept: list[tuple[float, str, str]] = []
    polled = False
    for step in steps:
        if step[1] == "ecr->pt":
            polled = step[2].startswith("0501") or (polled and step[2] == "800000")
            if step[2].startswith("0600") and kept:
                break
            if not polled:
                kept.append(step)
        elif not polled:
            kept.append(step)
        elif not step[2].startswith(("8000", "060f")):
            polled = False
            kept.append(step)
    return kept


class Replay:
    """Plays the terminal's side of a recording to our protocol and keeps what ours said."""

    def __init__(self) -> None:
        self.protocol = ZvtProtocol("terminal", ZvtSettings(password="123456"))
        self.now_s = 0.0
        self.said: list[Apdu] = []
        self.events: list[object] = []

    def take(self, outputs: Any) -> None:
        for output in list(outputs):
            match output:
                case Send(data) if data != b"\x06":
                    (event,) = FrameReceiver().feed(data, 0.0)
                    assert isinstance(event, Frame)
                    self.said.append(parse_apdu(event.apdu))
                    self.take(self.protocol.received(b"\x06", self.now_s))
                case Report(event):
                    self.events.append(event)
                    if isinstance(event, CardAuthorised):
                        self.take(self.protocol.confirm("attempt-1", self.now_s))

    def hear(self, apdu: str, at_s: float) -> None:
        self.now_s = at_s
        self.take(self.protocol.elapsed(at_s))
        self.take(self.protocol.received(encode_frame(bytes.fromhex(apdu)), at_s))

    def registered(self, at_s: float) -> Replay:
        self.now_s = at_s
        self.take(self.protocol.opened(at_s))
        for apdu in ("800000", "060f0a19002952000001490978"):
            self.hear(apdu, at_s)
        self.said.clear()
        return self


payments = [transcript for transcript in TRANSCRIPTS if transcript["steps"][0][2].startswith("0601")]


@needs_recordings
@pytest.mark.parametrize("transcript", payments, ids=lambda transcript: str(transcript["name"]))
def test_a_recorded_payment_ends_as_it_did_on_the_real_terminal(transcript: Vector) -> None:
    steps = steps_of(transcript)
    request = parse_apdu(bytes.fromhex(steps[0][2]))
    amount_minor = int(parse_bmps(request.data)[0x04].hex())
    replay = Replay().registered(steps[0][0])
    replay.take(replay.protocol.start(PaymentRequest("attempt-1", amount_minor, "EUR"), steps[0][0]))
    for at_s, sender, apdu in steps[1:]:
        if sender == "pt->ecr":
            replay.hear(apdu, at_s)
    messages = [apdu for _, sender, apdu in steps[1:] if sender == "pt->ecr" and apdu[:2] not in ("80", "84")]
    assert replay.said == [zvt_apdu.authorisation(amount_minor, "0978"), *[zvt_apdu.ACCEPTED] * len(messages)]
    if "approved" in transcript["scenario"]:
        (authorised,) = [event for event in replay.events if isinstance(event, CardAuthorised)]
        assert authorised.evidence.amount_minor == amount_minor
        assert isinstance(replay.events[-1], CardCompleted)
    else:
        code = 0xF0 if "F0" in transcript["scenario"] else 0x6C
        reason = DeclineReason.TERMINAL_NOT_READY if code == 0xF0 else DeclineReason.CANCELLED
        assert replay.events[-1] == CardDeclined("terminal", "attempt-1", reason, code)


@needs_recordings
def test_every_message_of_every_recording_is_read() -> None:
    for transcript in TRANSCRIPTS:
        for _, _, raw in transcript["steps"]:
            apdu = parse_apdu(bytes.fromhex(raw))
            assert compose_apdu(apdu).hex() == raw
            if apdu.control == zvt_apdu.STATUS_INFORMATION:
                assert parse_status_information(apdu.data).result_code in (0x00, 0x6C, 0xF0)
