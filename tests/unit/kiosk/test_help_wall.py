"""A tablet's page as the campaign reads it: the calls on it, what their buttons send, and whose they are."""

from __future__ import annotations

from kiosk.campaign.help_wall import read_wall

PAGE = """
<p class="notice">Yours is none of this</p><ul><li id="lane-lane-2" class="tile"><p>free</p></li>
<li id="help-h1" class="tile"><ul class="tags"><li class="tag">again</li></ul><p>● Yours · accepted</p>
<form method="post" action="/staff/help/h1/arrive"><input type="hidden" name="form_token" value="a&amp;b">
<input type="hidden" name="turn" value="2"><button>I’m here</button></form>
<form action="/staff/help/h1/hand-over"><input type="hidden" name="turn" value="2">
<select name="to"><option value="">Everyone</option><option value="Noor">Noor</option></select></form></li>
<li id="help-h2" class="tile"><p>Taken by Noor</p></li></ul>
<aside><form action="/staff/help/h2/resolve"></form></aside>
"""


def test_a_call_is_read_with_its_buttons_what_they_send_and_whose_it_is() -> None:
    wall = read_wall(PAGE)
    assert list(wall.calls) == ["h1", "h2"]
    mine, other = wall.calls.values()
    assert (mine.is_mine, mine.turn, mine.colleagues) == (True, 2, ["Noor"])
    assert mine.steps == {"arrive": {"turn": "2"}, "hand-over": {"turn": "2"}}
    assert (other.is_mine, other.turn, other.steps) == (False, None, {})
    assert wall.form_token == "a&b"


def test_a_page_without_calls_has_none() -> None:
    assert read_wall("<main></main>").calls == {}
