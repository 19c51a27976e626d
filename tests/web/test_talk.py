"""Owns what a conversation in a call must do: over the lanes' API, on the tablet, in a lane's stream."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from markupsafe import escape

from inventory.domain.help_desk import Cancel
from inventory.domain.phrases import MOST_ENTRIES, MOST_OF_ONE_SIDE
from inventory.services import help_desk, talk
from inventory.wire import HelpMessage, PhraseMessage
from tests.support.web_store import MILK, NOON, STORE, SignedIn, StoreInTest, Visitor, lane_token

XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></li><svg/onload=alert(1)>",
    "javascript:alert(1)//",
    "{{ 7 * 7 }}",
    "' autofocus onfocus=alert(1) '",
    "<!--<b>",
)


def lane_client(store: StoreInTest, lane_id: str = "lane-2") -> httpx.Client:
    client = store.visitor().client
    client.headers["authorization"] = f"Bearer {lane_token(lane_id)}"
    return client


def put(
    store: StoreInTest, phrase_id: str = "p1", *, lane_id: str = "lane-2", help_id: str = "h1", **more: Any
) -> httpx.Response:
    body = {
        "phrase_id": phrase_id,
        "help_id": help_id,
        "lane_id": lane_id,
        "language": "it",
        "at_utc": NOON.isoformat(),
        **(more or {"phrase": "item_wont_scan"}),
    }
    store.clock.advance(timedelta(milliseconds=1))
    path = f"/api/v1/help/{help_id}/phrases/{phrase_id}"
    return lane_client(store, lane_id).put(path, content=json.dumps(body))


def answer(visitor: Visitor, phrase: str = "", help_id: str = "h1", **fields: str) -> httpx.Response:
    path = f"/staff/talk/{help_id}/{phrase}" if phrase else f"/staff/talk/{help_id}"
    form = {"lane": "lane-2", "mark": "m1", **fields}
    return visitor.send(path, {"form_token": visitor.token_on("/staff"), **form}, **{"x-fragment": "wall"})


def said(store: StoreInTest, help_id: str = "h1") -> list[tuple[str, str, str]]:
    with store.database.read() as uow:
        entries = talk.of_calls(uow, STORE, [help_id]).get(help_id, ())
    return [
        (each.side.value, each.phrase.phrase_id.value if each.phrase else "", each.text) for each in entries
    ]


def panel(visitor: Visitor) -> str:
    return html.unescape(visitor.get("/staff/wall?lane=lane-2").text.partition('<section class="talk"')[2])


@pytest.fixture
def call(store: StoreInTest) -> StoreInTest:
    store.report("lane-2", "basket")
    store.call("h1", "lane-2")
    return store


# --- lane to store -------------------------------------------------------------------------------


def test_a_phrase_is_kept_once_however_often_it_is_sent(call: StoreInTest) -> None:
    assert [put(call).status_code for _ in range(3)] == [204, 204, 204]
    assert put(call, phrase="thanks").status_code == 409, "the same id says something else"
    assert said(call) == [("shopper", "item_wont_scan", "")]


REFUSED: tuple[dict[str, Any], ...] = (
    {"phrase": "open_sesame"},
    {"phrase": "coming", "slots": {"min": 1}},
    {"phrase": "where_is"},
    {"phrase": "where_is", "slots": {"item": "<b>"}},
    {"phrase": "thanks", "slots": {"n": 1}},
    {"phrase": "thanks", "text": "and more"},
    {"phrase": ""},
    {"text": "my card is 4111 1111 1111 1111"},
    {"text": "x" * 201},
    {"text": "two\nlines"},
    {"text": "a\0b"},
    {"text": "ciao", "language": "<i>"},
)


def test_what_cannot_be_said_is_refused_in_words_and_nothing_is_kept(call: StoreInTest) -> None:
    for more in REFUSED:
        refused = put(call, **more)
        assert refused.status_code == 422, more
        assert "4111" not in refused.text
    assert said(call) == []


def test_an_unknown_a_foreign_and_a_closed_call_are_told_apart(call: StoreInTest) -> None:
    assert put(call, help_id="never-made").status_code == 404
    call.report("lane-3", "basket")
    assert put(call, lane_id="lane-3").status_code == 403
    with call.database.write() as uow:
        help_desk.do(uow, STORE, "h1", Cancel(), call.clock())
    over = put(call)
    assert (over.status_code, over.json()["detail"]) == (409, "This call is over.")
    assert said(call) == []


def test_a_shopper_leaves_staff_room_for_an_answer_and_sends_ten_texts_a_minute(call: StoreInTest) -> None:
    codes = [put(call, f"t{n}", text=f"ciao {n}").status_code for n in range(11)]
    assert codes == [204] * 10 + [429]
    call.clock.advance(timedelta(minutes=2))
    assert put(call, "t10", text="ciao").status_code == 204
    codes = [put(call, f"p{n}").status_code for n in range(MOST_OF_ONE_SIDE - 10)]
    assert codes == [204] * (MOST_OF_ONE_SIDE - 11) + [409]
    assert len(said(call)) == MOST_OF_ONE_SIDE < MOST_ENTRIES


def test_a_lost_child_goes_before_every_other_call(call: StoreInTest, signed_in: SignedIn) -> None:
    call.report("lane-3", "basket")
    call.call("early", "lane-3", ago_s=300)
    assert put(call, phrase="lost_child").status_code == 204
    with call.database.read() as uow:
        first, *_ = help_desk.open_requests(uow, STORE)
    assert (first.help_id, first.is_safety) == ("h1", True)
    assert "A child is lost" in panel(signed_in("Marco"))


def test_what_was_said_goes_after_ninety_days(call: StoreInTest) -> None:
    put(call, text="ciao")
    call.clock.advance(timedelta(days=91))
    call.call("h2", "lane-2")
    assert put(call, "later", help_id="h2").status_code == 204
    assert said(call) == []
    assert len(said(call, "h2")) == 1


# --- on the tablet -------------------------------------------------------------------------------


def test_the_attendant_reads_the_shopper_in_their_own_language(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    put(call, "p1", phrase="where_is", slots={"item": MILK})
    put(call, "p2", text="Ce l’avete biologico?")
    page = panel(signed_in("Marco"))
    assert re.search(r"Where do I find [^<]*[Mm]ilk", page)
    assert re.search(r'<p dir="auto" lang="it">Ce l’avete biologico\?</p>', page)
    assert '<span class="tag" title="Italian">IT</span>' in page


def test_the_tile_shows_what_the_shopper_said_until_somebody_answers(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    put(call, phrase="card_declined")
    assert "✎ My card was not accepted" in marco.get("/staff/wall").text
    call.clock.advance(timedelta(seconds=1))
    answer(marco, "card_try_insert")
    assert "✎" not in marco.get("/staff/wall").text


ANSWERS = (
    ("coming", "2", "I will be there in 2 minutes"),
    ("price_is", "3,40", "The price is €3.40"),
    ("offer_ended", "2026-10-03", "The offer ended on 3 Oct 2026"),
    ("use_lane", "4", "Please use lane 4"),
    ("colleague_speaks", "fil", "A colleague speaks Filipino"),
    ("cannot_sell_item", "recalled", "We cannot sell this item: the maker has called it back"),
    ("on_my_way", "", "I am on my way"),
)


def test_an_answer_with_its_field_is_said_and_shown(call: StoreInTest, signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    for phrase, value, words in ANSWERS:
        call.clock.advance(timedelta(seconds=1))
        assert words in html.unescape(answer(marco, phrase, value=value).text)
    assert said(call) == [("staff", phrase, "") for phrase, _, _ in ANSWERS]


SLIPS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("coming", {"value": "soon"}, "fill in the field"),
    ("coming", {"value": "61"}, "fill in the field"),
    ("coming", {}, "fill in the field"),
    ("price_is", {"value": "3.4.0"}, "fill in the field"),
    ("offer_ended", {"value": "yesterday"}, "fill in the field"),
    ("colleague_speaks", {"value": "<b>"}, "fill in the field"),
    ("thanks", {}, "fill in the field"),
    ("nothing_like_it", {}, "fill in the field"),
    ("", {"text": " "}, "Type something first."),
    ("", {"text": "5555 5555 5555 4444"}, "no card numbers"),
    ("", {"text": "a\u202eb"}, "cannot be passed on"),
    ("", {"text": "y" * 201}, "cannot be passed on"),
)


def test_a_slip_of_the_attendant_s_says_what_is_missing_and_tells_nobody(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    for phrase, fields, notice in SLIPS:
        assert notice in html.unescape(answer(marco, phrase, **fields).text), phrase
    assert said(call) == []


def test_the_same_tap_sent_twice_is_said_once_and_the_next_one_anew(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    for mark in ("m1", "m1", "m2"):
        answer(marco, "sorry_wait", mark=mark)
    assert len(said(call)) == 2


def test_who_answers_first_has_the_call_and_a_colleague_is_told_so(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    answer(marco, "on_my_way")
    assert "Marco has taken this call already." in answer(giulia, "sorry_wait").text
    with call.database.read() as uow:
        found = help_desk.find(uow, STORE, "h1")
    assert found is not None
    assert (found.staff_name, found.case.is_written) == ("Marco", True)
    assert said(call) == [("staff", "on_my_way", "")]


def test_a_call_that_is_over_or_unknown_is_not_answered(call: StoreInTest, signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    assert "not known here" in answer(marco, "on_my_way", help_id="nobody").text
    with call.database.write() as uow:
        help_desk.do(uow, STORE, "h1", Cancel(), call.clock())
    assert "over already" in answer(marco, "on_my_way").text


def test_nothing_typed_on_either_side_becomes_a_part_of_the_page(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    for number, text in enumerate(XSS):
        assert put(call, f"x{number}", text=text).status_code == 204
        answer(marco, text=text)
        page = marco.get("/staff/wall?lane=lane-2").text
        assert page.count(str(escape(text))) >= 2, text
        assert text not in page or not set(text) & set("<>\"'"), text


def test_an_answer_needs_the_sign_in_and_the_token_of_the_form(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    assert marco.send("/staff/talk/h1/on_my_way", {"mark": "m"}).status_code == 403
    assert call.visitor().send("/staff/talk/h1/on_my_way", {"form_token": "x"}).status_code in (303, 401, 403)
    assert said(call) == []


def test_an_errand_has_no_conversation(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-2", "basket")
    with store.database.write() as uow:
        message = HelpMessage.model_validate(
            {
                "help_id": "bring-1",
                "lane_id": "lane-2",
                "state": "requested",
                "reason": "bring",
                "requested_at_utc": store.clock(),
            }
        )
        help_desk.receive(uow, STORE, message, store.clock())
    assert panel(signed_in("Marco")) == ""


# --- store to lane -------------------------------------------------------------------------------


def test_a_lane_that_comes_back_hears_all_that_was_said_in_its_open_call(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    answer(marco, "coming", value="3")
    call.clock.advance(timedelta(seconds=1))
    answer(marco, text="Ti vedo")
    call.clock.advance(timedelta(hours=3))
    with call.database.read() as uow:
        told = talk.told_to_lane(uow, STORE, "lane-2", since_utc=call.clock(), open_ids={"h1"})
        others = talk.told_to_lane(uow, STORE, "lane-3", since_utc=call.clock(), open_ids={"h1"})
    assert [(each.phrase, each.slots, each.text) for each in told] == [
        ("coming", {"min": 3}, ""),
        ("", {}, "Ti vedo"),
    ]
    assert {each.staff_name for each in told} == {"Marco"}
    assert others == []


def test_staff_are_told_at_once_and_the_lane_alone_hears_the_answer(
    call: StoreInTest, signed_in: SignedIn
) -> None:
    news: list[tuple[str, str]] = []
    call.database.listen(lambda told: news.extend((each.event_name, each.audience) for each in told))
    put(call)
    answer(signed_in("Marco"), "on_my_way")
    phrases = [audience for name, audience in news if name == "phrase"]
    assert phrases == ["staff", "lane:lane-2"]


def test_a_message_says_a_phrase_or_a_text(call: StoreInTest) -> None:
    message = PhraseMessage.model_validate(
        {"phrase_id": "p", "help_id": "h1", "lane_id": "lane-2", "at_utc": call.clock()}
    )
    with pytest.raises(talk.CannotBeSaidError), call.database.write() as uow:
        talk.shopper_said(uow, STORE, message, call.clock())
