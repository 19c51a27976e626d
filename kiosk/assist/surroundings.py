"""Owns where a lane's things are, for somebody who cannot see them: from the hardware profile to sentences.

It must not know a screen or a device. Nothing of it is taken for granted: an installer
says it in `lane.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from assets.texts import Texts


class Side(Enum):
    """Seen by a shopper who faces the screen."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    BELOW = "below"


class Height(Enum):
    WAIST = "waist"
    CHEST = "chest"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where hands find scanner, card reader and receipt."""

    scanner: Side = Side.FRONT
    scanner_height: Height = Height.WAIST
    reader: Side = Side.RIGHT
    reader_cm: int = 20
    printer: Side = Side.BELOW


def scanner_words(place: Surroundings, texts: Texts) -> str:
    match place.scanner:
        case Side.FRONT:
            where = texts("The scanner glass is in front of you.")
        case Side.LEFT:
            where = texts("The scanner glass is at your left hand.")
        case Side.RIGHT:
            where = texts("The scanner glass is at your right hand.")
        case Side.BELOW:
            where = texts("The scanner glass is below the screen.")
        case _:
            assert_never(place.scanner)
    at = (
        texts("It is at waist height.")
        if place.scanner_height is Height.WAIST
        else texts("It is at chest height.")
    )
    return f"{where} {at}"


def reader_words(place: Surroundings, texts: Texts) -> str:
    match place.reader:
        case Side.FRONT:
            where = texts("The card reader is in front of you.")
        case Side.LEFT:
            where = texts("The card reader is at your left hand.")
        case Side.RIGHT:
            where = texts("The card reader is at your right hand.")
        case Side.BELOW:
            where = texts("The card reader is below the screen.")
        case _:
            assert_never(place.reader)
    away = texts("It is %(cm)d centimetres away.") % {"cm": place.reader_cm} if place.reader_cm else ""
    return " ".join(filter(None, (where, away, texts("Hold the card flat on top."))))


def printer_words(place: Surroundings, texts: Texts) -> str:
    match place.printer:
        case Side.FRONT:
            return texts("It comes out in front of you.")
        case Side.LEFT:
            return texts("It comes out at your left hand.")
        case Side.RIGHT:
            return texts("It comes out at your right hand.")
        case Side.BELOW:
            return texts("It comes out below the screen.")
        case _:
            assert_never(place.printer)
