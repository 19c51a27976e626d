"""Who counts as one caller by address, and how many streams one may hold."""

from __future__ import annotations

import pytest

from inventory.web.callers import neighbourhood
from inventory.web.open_streams import OpenStreams


@pytest.mark.parametrize(
    ("host", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("a name", "a name"),
        ("", ""),
    ],
)
def test_whoever_has_a_line_is_one_caller_however_many_addresses_it_has(host: str, caller: str) -> None:
    assert neighbourhood(host) == caller


def test_a_further_stream_ends_the_oldest_of_the_same_caller() -> None:
    streams, ended = OpenStreams(most=2), []
    held = {}
    for name, caller in (("a", "lane"), ("b", "lane"), ("x", "other"), ("c", "lane")):
        held[name] = streams.one_of(caller, lambda name=name: ended.append(name))  # type: ignore[misc]
        held[name].__enter__()
    assert ended == ["a"]
    for name in ("b", "a", "c"):
        held[name].__exit__(None, None, None)
    with (
        streams.one_of("lane", lambda: ended.append("d")),
        streams.one_of("lane", lambda: ended.append("e")),
    ):
        assert ended == ["a"]
    held["x"].__exit__(None, None, None)
