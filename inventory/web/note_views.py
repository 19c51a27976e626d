"""Owns the note of a shift in words: who left it, what was open, and who has read it.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from inventory.domain.moments import format_moment
from inventory.services.shift_notes import Fact, FactKind, NoteFault, Reading, ShiftNote
from inventory.web.texts import Texts
from inventory.web.wall_parts import NotePart
from inventory.web.wall_words import lane_name_words


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note of the list, and its readers."""

    note: NotePart
    readers: str


@dataclass(frozen=True, slots=True)
class NoteWriter:
    """Writes notes; `lanes` are the names of lanes by id."""

    texts: Texts
    zone: ZoneInfo
    lanes: Mapping[str, str]

    def part(self, note: ShiftNote) -> NotePart:
        when = format_moment(note.written_at_utc.astimezone(self.zone), self.texts.language)
        title = self.texts.text("Note from {name}").format(name=note.staff_name)
        return NotePart(note.note_id, title, when, self.facts(note.facts), note.words)

    def kept(self, notes: Iterable[ShiftNote]) -> tuple[KeptNote, ...]:
        return tuple(KeptNote(self.part(note), self._readers(note.read_by)) for note in notes)

    def facts(self, facts: Iterable[Fact]) -> tuple[str, ...]:
        """What was open, a line each."""
        return tuple(map(self._fact, facts))

    def _fact(self, fact: Fact) -> str:
        t = self.texts.text
        match fact.kind:
            case FactKind.CALLS:
                return t("Open calls: {count}").format(count=fact.count)
            case FactKind.TASKS:
                return t("Open tasks: {count}").format(count=fact.count)
            case FactKind.MONEY:
                return t("Tasks about money: {count}").format(count=fact.count)
            case FactKind.TROUBLE:
                name = self.lanes.get(fact.lane_id, fact.lane_id)
                return f"{lane_name_words(name, self.texts)}: {fact.words}" if name else fact.words
            case _ as never:
                assert_never(never)

    def _readers(self, read_by: Iterable[Reading]) -> str:
        said = [
            f"{each.name} ({format_moment(each.at_utc.astimezone(self.zone), self.texts.language)})"
            for each in read_by
        ]
        if not said:
            return self.texts.text("Nobody has read it yet.")
        return self.texts.text("Read by {names}").format(names=", ".join(said))


def fault_words(fault: NoteFault, most: int, texts: Texts) -> str:
    """Why a note was not taken, and what to do."""
    match fault:
        case NoteFault.TOO_LONG:
            return texts.text("A note has {count} letters at most.").format(count=most)
        case NoteFault.CARD_NUMBER:
            return texts.text("Please type no card numbers here.")
        case NoteFault.NOTHING:
            return texts.text("Nothing is open. Write what the next shift should know.")
        case _ as never:
            assert_never(never)
