"""Owns the comparison of what `decode` tells with what other people's decoders found in the same frames.

It must not run without the recordings, which are kept beside the repository: it skips and says so.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from hardware.protocols.zvt_codes import currency_name
from hardware.protocols.zvt_shown import Charset
from kiosk.wire_reader import Wire, read_line

VECTORS: Final = Path(__file__).parents[3] / "shared" / "vectors"

Told = dict[str, Any]


def read(name: str) -> list[Told]:
    path = VECTORS / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


ZVT = read("zvt_frames.jsonl")
CONCERT = read("concert_frames.jsonl")
needs_zvt = pytest.mark.skipif(not ZVT, reason="no recorded ZVT frames beside the repo")
needs_concert = pytest.mark.skipif(not CONCERT, reason="no recorded Concert frames beside the repo")

COMMANDS: Final = {
    "Abort(ECR)": "abort",
    "Abort(PT)": "abort",
    "Ack": "positive answer",
    "Authorisation": "authorisation",
    "Completion": "completion",
    "Diagnosis": "diagnosis",
    "Display Text": "display text",
    "End-of-Day": "end-of-day",
    "Initialisation": "initialisation",
    "Intermediate-Status": "intermediate status",
    "Log-Off": "log-off",
    "Negative/positive response 8437": "negative answer",
    "Negative/positive response 8483": "negative answer",
    "Partial-Reversal": "partial reversal",
    "Pre-Auth Reversal": "pre-authorisation reversal",
    "Pre-Authorisation": "pre-authorisation",
    "Print Line": "print line",
    "Print Text-Block": "print text block",
    "Registration": "registration",
    "Repeat Receipt": "repeat receipt",
    "Reset Terminal": "reset",
    "Status-Enquiry": "status enquiry",
    "Status-Information": "status information",
}

NOT_SHOWN: Final = {"password": ("password", 3), "expiry_yymm": ("card_expiry", 2)}
"""What their decoders show and ours keeps back on purpose, with its size in bytes."""

TAGS_NOT_SHOWN: Final = {"10", "40", "1F05", "E9", "F2"}
"""Tags without a name in our table: number and length only."""

SAME: Final = {
    "auth_id": "authorisation_id",
    "card_name": "card_name",
    "card_seq": "card_sequence_no",
    "orig_trace": "original_trace_no",
    "receipt_no": "receipt_no",
    "sw_version": "version",
    "text": "text",
    "tid": "terminal_id",
    "trace": "trace_no",
    "turnover_no": "turnover_no",
    "vu_number": "merchant_no",
}
HEX: Final = {
    "attribute": "attribute",
    "card_type": "card_type",
    "config_byte": "config",
    "service_byte": "service_byte",
    "terminal_status": "state",
}
NUMBERS: Final = {
    "max_status_infos": "max_status_infos",
    "operator_card_type": "operator_card_type",
    "result_code_as": "host_result",
}
TEXT_TAGS: Final = {"07", "15", "44", "46", "47", "1F17", "1F40", "1F41"}
TOTALS_GROUPS: Final = {"girocard": "girocard", "eurocard": "Mastercard"}


def tell(vector: Told, charset: Charset = Charset.CP437) -> Told:
    return read_line(vector["hex"], Wire.ZVT, None, charset)


def undone(field: str, fields: Told, vector: Told) -> object:
    """Our field in the shape of theirs, so that the two can be compared."""
    if field in SAME:
        return fields[SAME[field]].lower() if field == "receipt_no" else fields[SAME[field]]
    if field in HEX:
        return fields[HEX[field]]["hex"]
    if field in NUMBERS:
        return f"{fields[NUMBERS[field]]:02X}"
    match field:
        case "amount_cents":
            return fields["amount"]["amount_minor"]
        case "result_code":
            return fields["result"]["result_hex"]
        case "time_hhmmss" | "date_mmdd":
            return re.sub(r"[:-]", "", fields[field[:4]])
        case "payment_type_or_status_byte":
            return (fields.get("payment_type") or fields["terminal_status"])["hex"]
        case "intermediate_status":
            return fields["status"]["status_hex"]
        case "timeout_min_bcd":
            return f"{fields['timeout_min']:02}"
        case "additional_text":  # their decoder took this field alone for ISO 8859-1
            return tell(vector, Charset.LATIN_1)["fields"]["additional_text"]
        case "bmp_F1" | "bmp_F2" | "bmp_F3":
            return fields[f"text_line_{field[-1]}"].encode("cp437").hex()
        case "tlv":
            return [tree_of(item) for item in fields["tlv"]]
        case _:
            raise AssertionError(f"nothing compares {field}")


def tree_of(item: Told) -> list[object]:
    if item["tag"] in TAGS_NOT_SHOWN:
        assert item.keys() == {"tag", "length"}
        return [item["tag"], item["length"]]
    if "items" in item:
        return [item["tag"], [tree_of(child) for child in item["items"]]]
    value = item["value"]
    match value:
        case {"hex": shown}:
            return [item["tag"], shown.lower()]
        case int():
            return [item["tag"], f"{value:x}".rjust(4 if item["tag"] == "1A" else 2, "0")]
        case _ if item["tag"] in TEXT_TAGS:
            return [item["tag"], value.encode("cp437").hex()]
        case _:
            return [item["tag"], re.sub(r"[ :-]", "", value).lower()]


def their_tree(tree: list[Any]) -> list[object]:
    shown: list[object] = []
    for tag, value in tree:
        if tag in TAGS_NOT_SHOWN:
            shown.append([tag, size_of(value)])
        else:
            shown.append([tag, their_tree(value) if isinstance(value, list) else value])
    return shown


def size_of(value: Any) -> int:
    """Bytes of a tag's value, all of whose lengths fit one byte."""
    if isinstance(value, str):
        return len(value) // 2
    return sum(len(tag) // 2 + 1 + size_of(inner) for tag, inner in value)


def compare(field: str, wanted: Any, told: Told, vector: Told) -> None:
    fields = told["fields"]
    match field:
        case "command":
            assert told["command"] == COMMANDS[wanted]
        case "positive":
            assert (told["command"] == "positive answer") is wanted
        case "currency":
            assert fields["currency"] == currency_name(wanted)
        case "pan":
            number = wanted.split("D")[0]
            assert fields["card_number"] == "************" + number[-4:]
        case "totals":
            compare_totals(wanted, fields["totals"])
        case "tlv":
            assert undone(field, fields, vector) == their_tree(wanted)
        case _ if field in NOT_SHOWN:
            name, size = NOT_SHOWN[field]
            assert fields[name] == f"not shown, {size} bytes"
        case _:
            assert undone(field, fields, vector) == wanted, field


def compare_totals(wanted: Told, totals: Told) -> None:
    counted = {name: group for name, group in totals["groups"].items() if group["count"]}
    named = {TOTALS_GROUPS[name]: group for name, group in wanted.items() if not name.startswith("receipt_")}
    assert (totals["receipt_from"], totals["receipt_to"]) == (wanted["receipt_from"], wanted["receipt_to"])
    assert {name: (group["count"], group["amount_minor"]) for name, group in counted.items()} == {
        name: (group["count"], group["cents"]) for name, group in named.items()
    }


def compare_text_block(wanted: Told, told: Told) -> None:
    kind, block = told["fields"]["tlv"]
    lines = [item["value"] for item in block["items"] if item["tag"] == "07"]
    looks = [look for item in block["items"] if item["tag"] == "09" for look in item["value"]]
    assert (told["length"], told["length_form"][:2]) == (wanted["extended_length"], "FF")
    assert [kind["tag"], block["tag"]] == wanted["tlv_top"]
    assert kind["value"]["hex"] == wanted["receipt_type"]
    assert looks[-1]["hex"].lower() == wanted["last_attribute"]
    assert (len(lines), lines[: len(wanted["first_lines"])]) == (wanted["line_count"], wanted["first_lines"])


@needs_zvt
@pytest.mark.parametrize(
    "vector", [each for each in ZVT if each["valid"]], ids=lambda each: str(each["hex"])[:24]
)
def test_a_recorded_frame_is_told_field_by_field_as_its_source_says(vector: Told) -> None:
    told, decoded = tell(vector), vector["decoded"]
    assert told["layer"] == vector["layer"]
    assert told["direction"] in (vector["direction"], "either")
    if decoded["command"] == "Print Text-Block":
        assert told["command"] == COMMANDS[decoded["command"]]
        compare_text_block(decoded, told)
        return
    for field, wanted in decoded.items():
        compare(field, wanted, told, vector)


@needs_zvt
def test_nothing_is_told_of_a_recorded_result_that_its_source_does_not_know() -> None:
    counted = 0
    for vector in ZVT:
        if vector["valid"] and vector["decoded"]["command"] == "Status-Information":
            assert len(tell(vector)["fields"]) == len(vector["decoded"]) - 1, vector["source"]
            counted += 1
    assert counted > 20


@needs_zvt
def test_every_malformed_zvt_frame_is_refused_with_a_place_in_it() -> None:
    malformed = [vector for vector in ZVT if not vector["valid"]]
    assert len(malformed) == 10
    for vector in malformed:
        told = tell(vector)
        assert told["refused"], vector["source"]
        assert 0 <= told["offset"] <= len(vector["hex"]) // 2


CONCERT_FIELDS: Final = {
    "pos": "till_no",
    "private": "private",
    "answer_flag": "answer",
    "payment_mode": "payment_mode",
    "transaction_type": "payment_kind",
    "delay": "delay",
    "auth": "authorisation",
    "result": "result",
}


@needs_concert
def test_recorded_concert_frames_are_told_as_their_source_says() -> None:
    compared = 0
    for vector in CONCERT:
        told = read_line(vector["hex"], Wire.CONCERT, None)
        if vector["protocol"] != "concert-e+":
            continue
        assert told["direction"] in (vector["direction"], "either")
        for field, wanted in vector["meaning"].items():
            fields: Any = told["fields"]
            match field:
                case "EOT":
                    assert told["command"] == "EOT"
                case "lrc":
                    assert vector["hex"].endswith(wanted)
                case "amount_cents":
                    assert fields["amount"] == {"amount_minor": wanted, "currency": "EUR"}
                case "currency":
                    assert fields["currency"] == currency_name(f"0{wanted}")
                case "pos" | "private":
                    assert fields[CONCERT_FIELDS[field]] == wanted
                case _:
                    assert fields[CONCERT_FIELDS[field]]["code"] == wanted.split()[0]
            compared += 1
    assert compared > 15


@needs_concert
def test_frames_of_other_protocols_are_refused_as_concert() -> None:
    others = [vector for vector in CONCERT if vector["protocol"] != "concert-e+"]
    assert sum(vector["meaning"].get("must_raise", False) for vector in others) == 3
    for vector in others:
        told = read_line(vector["hex"], Wire.CONCERT, None)
        assert (told["refused"], told["offset"]) == ("a Concert V2 frame begins with 02", 0)
