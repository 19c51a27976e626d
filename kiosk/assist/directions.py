"""Owns the way to a good in words: short sentences, the same on the glass and for the ear.

It must not know how the way was found, nor screens. One thing to do a sentence, in the order it is done.
"""

from __future__ import annotations

from assets.texts import Texts
from inventory.domain.store_plan import Level, Side
from inventory.domain.way import Leg, Turn, Way


def directions(way: Way, bay: str, level: Level | None, texts: Texts) -> tuple[str, ...]:
    """What to do, sentence by sentence; `bay` is "" where it is not known."""
    said = [_leg(leg, texts) for leg in way.legs]
    said.append(_arrival(way, bay, level, texts))
    return tuple(filter(None, said))


def level_words(level: Level, texts: Texts) -> str:
    """The height of a board as it stands beside aisle and bay."""
    match level:
        case Level.BOTTOM:
            return texts("bottom shelf")
        case Level.KNEE:
            return texts("knee height")
        case Level.WAIST:
            return texts("waist height")
        case Level.EYE:
            return texts("eye level")
        case Level.TOP:
            return texts("top shelf")


def _leg(leg: Leg, texts: Texts) -> str:
    if not leg.aisle:
        return _turn(leg.turn, texts)
    into = _turn_into(leg, texts)
    return f"{into} {_which(leg.opening, texts)}".rstrip()


def _turn(turn: Turn, texts: Texts) -> str:
    match turn:
        case Turn.AHEAD:
            return texts("Walk straight ahead.")
        case Turn.HALF_RIGHT:
            return texts("Turn a little to the right and walk.")
        case Turn.RIGHT:
            return texts("Turn right.")
        case Turn.SHARP_RIGHT:
            return texts("Turn far to the right and walk.")
        case Turn.AROUND:
            return texts("Turn around and walk.")
        case Turn.SHARP_LEFT:
            return texts("Turn far to the left and walk.")
        case Turn.LEFT:
            return texts("Turn left.")
        case Turn.HALF_LEFT:
            return texts("Turn a little to the left and walk.")


def _turn_into(leg: Leg, texts: Texts) -> str:
    match leg.turn:
        case Turn.RIGHT:
            words = texts("Turn right into aisle %(aisle)s.")
        case Turn.LEFT:
            words = texts("Turn left into aisle %(aisle)s.")
        case Turn.AHEAD:
            words = texts("Walk straight into aisle %(aisle)s.")
        case _:
            walk = texts("Walk along aisle %(aisle)s.")
            words = f"{_turn(leg.turn, texts)} {walk}"
    return words % {"aisle": leg.aisle}


def _which(opening: int, texts: Texts) -> str:
    """Which of the aisles on that side it is: counted, because signs are hard to see for many."""
    words = {
        1: texts("It is the first one."),
        2: texts("It is the second one."),
        3: texts("It is the third one."),
        4: texts("It is the fourth one."),
        5: texts("It is the fifth one."),
        6: texts("It is the sixth one."),
    }
    if opening in words:
        return words[opening]
    return texts("It is number %(n)d on that side.") % {"n": opening} if opening else ""


def _arrival(way: Way, bay: str, level: Level | None, texts: Texts) -> str:
    if not bay:
        return ""
    match way.side:
        case Side.LEFT:
            where = texts("Bay %(bay)s is on your left") % {"bay": bay}
        case Side.RIGHT:
            where = texts("Bay %(bay)s is on your right") % {"bay": bay}
        case None:
            where = texts("Look for bay %(bay)s") % {"bay": bay}
    return f"{where}, {_at(level, texts)}." if level else f"{where}."


def _at(level: Level, texts: Texts) -> str:
    match level:
        case Level.BOTTOM:
            return texts("on the bottom shelf")
        case Level.KNEE:
            return texts("at knee height")
        case Level.WAIST:
            return texts("at waist height")
        case Level.EYE:
            return texts("at eye level")
        case Level.TOP:
            return texts("on the top shelf")
