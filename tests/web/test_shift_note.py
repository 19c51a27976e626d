"""The note of a shift on the tablet: left with what is open, seen first by whoever signs in next."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from inventory.services import shift_notes
from inventory.services.shift_notes import ShiftNote
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor

NOTE = "/staff/note"


def words(visitor: Visitor, path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", visitor.get(path).text)).split())


def kept(store: StoreInTest) -> tuple[ShiftNote, ...]:
    with store.database.read() as uow:
        return shift_notes.newest(uow, STORE, store.clock())


def test_a_note_is_left_with_what_is_open_and_read_by_the_next_with_one_tap(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    store.call("h1", "lane-1")
    store.report("lane-2", "attract", printer="paper out")
    marco = signed_in("Marco")
    page = words(marco, NOTE)
    assert "Open calls: 1" in page
    assert "Lane 2: Printer: paper out" in page
    answer = marco.submit(NOTE, page=NOTE, words="Freezer <b>2</b> hums.\r\n\r\nKey in the drawer.")
    assert answer.status_code == 303
    assert "Your note is left." in words(marco, answer.headers["location"])
    assert "Note from Marco" not in words(marco, "/staff")
    giulia = signed_in("Giulia")
    page = giulia.get("/staff").text
    assert "Freezer &lt;b&gt;2&lt;/b&gt; hums.\n\nKey in the drawer." in page
    assert "Lane 2: Printer: paper out" in page
    (note,) = kept(store)
    giulia.submit("/staff/note/read", page="/staff", note_id=note.note_id)
    assert "Note from Marco" not in words(giulia, "/staff")
    assert "Read by Giulia (" in words(giulia, NOTE)


def test_a_note_written_again_in_the_same_shift_is_the_same_and_unread(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    marco.submit(NOTE, page=NOTE, words="First.")
    giulia.submit("/staff/note/read", page="/staff", note_id=kept(store)[0].note_id)
    assert ">First.</textarea>" in marco.get(NOTE).text
    marco.submit(NOTE, page=NOTE, words="Second.")
    assert [each.words for each in kept(store)] == ["Second."]
    assert "Second." in words(giulia, "/staff")


def test_the_newest_unread_note_stands_alone_before_the_older(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    signed_in("Ada").submit(NOTE, page=NOTE, words="Older.")
    store.clock.advance(timedelta(minutes=1))
    signed_in("Marco").submit(NOTE, page=NOTE, words="Newer.")
    giulia = signed_in("Giulia")
    page = words(giulia, "/staff")
    assert "Newer." in page
    assert "Older." not in page
    giulia.submit("/staff/note/read", page="/staff", note_id=kept(store)[0].note_id)
    assert "Older." in words(giulia, "/staff")


def test_a_note_that_says_nothing_or_too_much_is_not_left_and_nothing_typed_is_lost(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    for typed, said in (
        ("", "Nothing is open. Write what the next shift should know."),
        ("x" * 1001, "A note has 1000 letters at most."),
        ("card 4111 1111 1111 1111", "Please type no card numbers here."),
    ):
        answer = marco.submit(NOTE, page=NOTE, words=typed)
        assert answer.status_code == 422
        assert said in html.unescape(answer.text)
        assert f">{typed}</textarea>" in answer.text
    assert kept(store) == ()


def test_a_form_of_somebody_else_leaves_and_reads_nothing(store: StoreInTest, signed_in: SignedIn) -> None:
    signed_in("Ada").submit(NOTE, page=NOTE, words="Quiet.")
    (note,) = kept(store)
    marco = signed_in("Marco")
    stolen = {"form_token": "stolen", "words": "Evil.", "note_id": note.note_id}
    assert marco.send(NOTE, stolen).status_code == 403
    assert marco.send(f"{NOTE}/read", stolen).status_code == 403
    assert [(each.words, each.read_by) for each in kept(store)] == [("Quiet.", ())]
    assert marco.submit(f"{NOTE}/read", page="/staff", note_id="nobody").status_code == 303
