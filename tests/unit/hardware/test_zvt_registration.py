"""Owns the proof of how a ZVT line begins and ends: clear reasons, what the terminal needs, and log-off."""

from __future__ import annotations

import pytest

from hardware.events import CardDeclined, DeclineReason, LastPaymentReported, OrderDone, OrderFailed
from hardware.ports import OrderKind
from hardware.protocols.zvt_job import ZvtSettings
from tests.unit.hardware.zvt_bench import (
    APPROVED_10_10,
    COMPLETED,
    DIAGNOSIS,
    INITIALISATION,
    OK,
    PAY_10_10,
    Bench,
    declined,
)

LOG_OFF = "060200"
NEEDS_BOTH = "060f0a19032952000001490978"


def opened(settings: ZvtSettings | None = None) -> Bench:
    bench = Bench(settings)
    bench.open()
    bench.got()
    return bench


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["843700"], "the terminal refuses our password"),
        (["841e0137"], "the terminal refuses our password"),
        (["841e016f"], "the terminal does not take CHF"),
        (["841e036f0978"], "the terminal does not take CHF"),
        ([OK, "061e036f0978"], "the terminal does not take CHF"),
        (["848300"], "ZVT is switched off on this terminal"),
        (["841e00"], "the terminal refused the registration: 84 1E"),
        (["849c00"], "the terminal refused the registration: 84 9C"),
        ([OK, "061e016c"], "the terminal aborted the registration"),
        ([OK, "061e026c27"], "the terminal aborted the registration"),
    ],
)
def test_a_refused_registration_says_what_to_do_about_it(words: list[str], reason: str) -> None:
    bench = opened(ZvtSettings(currency="CHF"))
    bench.say(*words)
    assert bench.hang_ups == [reason]
    assert bench.readies == 0


@pytest.mark.parametrize("noise", [b"\x05", b"\x02VER|APP\x03", b"\x10\x02\x06\x0f", b"\x1002"])
def test_bytes_that_never_form_a_frame_mean_another_protocol(noise: bytes) -> None:
    bench = opened()
    bench.acknowledging = False
    for _ in range(4):
        bench.wire(noise)
        bench.wait(5)
    assert bench.hang_ups == ["the terminal speaks another protocol, or at another speed"]


def test_silence_is_not_taken_for_another_protocol() -> None:
    bench = opened()
    bench.acknowledging = False
    bench.wait(20)
    assert bench.hang_ups == ["the terminal does not answer"]


def test_noise_beside_good_frames_is_not_taken_for_another_protocol() -> None:
    bench = opened()
    bench.wire(b"\x05")
    bench.wait(1)
    bench.say("04ff010e")
    bench.wait(20)
    assert bench.hang_ups == ["the terminal does not answer"]


def test_what_was_heard_on_the_line_before_says_nothing_of_this_one() -> None:
    bench = opened()
    bench.wire(b"\x05\x05")
    bench.close()
    bench.acknowledging = False
    bench.open()
    bench.wait(20)
    assert bench.hang_ups == ["the terminal does not answer"]


# --- what the terminal needs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "needs"),
    [
        ("00", set()),
        ("01", {OrderKind.INITIALISATION}),
        ("02", {OrderKind.DIAGNOSIS}),
        ("13", {OrderKind.INITIALISATION, OrderKind.DIAGNOSIS}),
        ("1c", set()),
    ],
)
def test_a_terminal_that_needs_an_order_first_is_ready_and_says_so(
    status: str, needs: set[OrderKind]
) -> None:
    bench = opened()
    bench.say(OK, f"060f0a19{status}2952000001490978")
    assert (bench.readies, bench.hang_ups) == (1, [])
    assert bench.protocol.needs == needs


def test_its_payments_are_sent_and_declined_as_the_terminal_says() -> None:
    bench = opened()
    bench.say(OK, NEEDS_BOTH)
    bench.got()
    bench.start()
    assert bench.got() == [PAY_10_10]
    bench.say(OK, "061e0151")
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0x51)]


def test_an_order_that_was_carried_out_is_needed_no_more() -> None:
    bench = opened()
    bench.say(OK, NEEDS_BOTH)
    bench.order(INITIALISATION)
    bench.say(OK, COMPLETED)
    assert bench.protocol.needs == {OrderKind.DIAGNOSIS}
    bench.order(DIAGNOSIS)
    bench.say(OK, "061e0164")
    assert bench.protocol.needs == {OrderKind.DIAGNOSIS}
    assert [type(event) for event in bench.told()] == [OrderDone, OrderFailed]


@pytest.mark.parametrize("words", ["060f0119", "060f0729aa0000011901", "060f021900", "060f0100"])
def test_a_registration_whose_end_cannot_be_read_is_still_one(words: str) -> None:
    bench = opened()
    bench.say(OK, words)
    assert (bench.readies, bench.protocol.needs) == (1, frozenset())


def test_a_query_tells_the_terminals_id_even_when_it_holds_nothing() -> None:
    bench = opened()
    bench.say(OK, "060f0a19002952000001490978")
    bench.query()
    bench.say(OK, "060f0100", OK, "060f0a19012952000002490978", "848300")
    (report,) = bench.told()
    assert isinstance(report, LastPaymentReported)
    assert (report.terminal_id, report.evidence) == ("52000002", None)
    assert bench.protocol.needs == {OrderKind.INITIALISATION}


def test_a_query_without_an_answer_tells_the_id_of_the_last_registration() -> None:
    bench = opened()
    bench.say(OK, "060f0a19002952000001490978")
    bench.close()
    bench.query()
    bench.wait(201)
    (report,) = bench.told()
    assert isinstance(report, LastPaymentReported)
    assert report.terminal_id == "52000001"


# --- log-off -------------------------------------------------------------------------------------


def test_an_idle_terminal_is_logged_off() -> None:
    bench = Bench().registered()
    bench.log_off()
    assert bench.got() == [LOG_OFF]
    before = bench.protocol.has_parted
    bench.say(OK)
    assert (before, bench.protocol.has_parted) == (False, True)
    assert (bench.told(), bench.hang_ups) == ([], [])


@pytest.mark.parametrize("end", ["refused", "silence", "line lost"])
def test_a_log_off_that_is_not_answered_well_is_over_too(end: str) -> None:
    bench = Bench().registered()
    bench.log_off()
    match end:
        case "refused":
            bench.say("04ff010e", "848300")
        case "silence":
            bench.wait(6)
        case _:
            bench.close()
    assert bench.protocol.has_parted
    assert (bench.told(), bench.hang_ups) == ([], [])


def test_nothing_is_said_to_a_terminal_that_is_not_idle_or_in_doubt() -> None:
    silent = Bench().paying()
    silent.wait(181)
    silent.say(OK)
    silent.told()
    lost = Bench()
    querying = Bench().registered()
    querying.query()
    for bench in (
        Bench().paying(),
        Bench().authorised(),
        Bench().ordering(DIAGNOSIS),
        silent,
        lost,
        querying,
    ):
        bench.got()
        bench.log_off()
        assert bench.got() == []
        assert bench.protocol.has_parted
        assert bench.told() == []


def test_a_doubt_that_a_query_settled_no_longer_keeps_the_log_off_back() -> None:
    bench = Bench().paying()
    bench.close()
    bench.registered()
    bench.query()
    repeated = (OK, APPROVED_10_10, COMPLETED)
    bench.say(OK, "060f0100", OK, COMPLETED, *repeated, *repeated)
    bench.got()
    bench.log_off()
    assert bench.got() == [LOG_OFF]


def test_a_payment_asked_during_the_log_off_is_declined() -> None:
    bench = Bench().registered()
    bench.log_off()
    bench.got()
    bench.start()
    assert bench.got() == []
    assert [type(event) for event in bench.told()] == [CardDeclined]


@pytest.mark.parametrize("settings", [{"charset": "cp1252"}, {"receipts": "nobody"}])
def test_settings_that_there_are_not_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"character set|receipts"):
        ZvtSettings(**settings)  # type: ignore[arg-type]
