"""When bad faces alarm somebody: the window, lanes' clocks, and any order of the same faces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.feedback import BAD_FACES, Face, FeedbackReason
from inventory.domain.feedback_alerts import (
    AHEAD,
    ENOUGH,
    WINDOW,
    AlertTakenError,
    Moment,
    Mood,
    Seen,
    has_left,
    heard,
    is_at_lane,
    is_timely,
    settled,
    taken,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = Seen("thanks", NOON)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def mood_after(*moments: Moment, seen: Seen | None = HERE, start: Mood | None = None) -> Mood:
    """Each face is heard at once."""
    mood = start or Mood()
    for moment in moments:
        mood = heard(mood, moment, moment.at_utc, seen)
    return mood


def test_one_awful_is_an_alert_and_two_bad_ones_are_none() -> None:
    assert mood_after(Moment(Face.AWFUL, NOON)).alert is not None
    assert mood_after(Moment(Face.BAD, NOON), Moment(Face.BAD, at(1))).alert is None


def test_three_bad_faces_within_fifteen_minutes_are_an_alert() -> None:
    alert = mood_after(*(Moment(Face.BAD, at(60 * minute)) for minute in (0, 7, 14.9))).alert
    assert alert is not None
    assert (alert.bad, alert.awful) == (3, 0)


def test_three_bad_faces_over_a_longer_time_are_none() -> None:
    mood = mood_after(*(Moment(Face.BAD, at(60 * minute)) for minute in (0, 7.5, 15)))
    assert mood.alert is None
    assert len(mood.moments) == 2  # the first is forgotten


@pytest.mark.parametrize("face", [Face.GREAT, Face.GOOD])
def test_a_good_face_changes_nothing(face: Face) -> None:
    mood = mood_after(Moment(Face.BAD, NOON), Moment(Face.BAD, NOON))
    assert heard(mood, Moment(face, NOON), NOON, HERE) == mood


@pytest.mark.parametrize(
    ("at_utc", "is_heard"),
    [
        (NOON - WINDOW, False),  # the lane was cut off meanwhile
        (NOON - WINDOW + timedelta(seconds=1), True),
        (NOON + AHEAD, True),
        (NOON + AHEAD + timedelta(seconds=1), False),  # its clock runs ahead
        (NOON + timedelta(days=400), False),
    ],
)
def test_what_comes_late_or_from_the_future_alarms_nobody(at_utc: datetime, is_heard: bool) -> None:
    assert (heard(Mood(), Moment(Face.AWFUL, at_utc), NOON, HERE).alert is not None) is is_heard


def test_a_second_reason_to_worry_joins_the_alert_that_stands() -> None:
    first = mood_after(Moment(Face.AWFUL, NOON, FeedbackReason.SLOW))
    alert = mood_after(Moment(Face.AWFUL, at(60), FeedbackReason.PRICE), start=first).alert
    assert alert is not None
    assert (alert.awful, alert.opened_at_utc) == (2, NOON)
    assert alert.reasons == {FeedbackReason.SLOW, FeedbackReason.PRICE}


def test_an_alert_lapses_when_nothing_befell_it_for_the_window() -> None:
    mood = mood_after(Moment(Face.AWFUL, NOON), Moment(Face.BAD, at(600)))
    assert settled(mood, at(600) + WINDOW - timedelta(seconds=1)).alert is not None
    assert settled(mood, at(600) + WINDOW) == Mood()


def test_of_two_who_see_to_it_the_first_does_and_the_second_hears_who() -> None:
    alert = mood_after(Moment(Face.AWFUL, NOON)).alert
    assert alert is not None
    mine = taken(alert, "Marco", at(20))
    assert taken(mine, "Marco", at(40)) == mine
    with pytest.raises(AlertTakenError) as refused:
        taken(mine, "Lucia", at(21))
    assert refused.value.by == "Marco"


def test_a_face_told_late_does_not_say_who_stands_there_now() -> None:
    mood = mood_after(Moment(Face.AWFUL, at(120)), seen=Seen("attract", at(121)))
    late = heard(mood, Moment(Face.AWFUL, at(5)), at(122), Seen("thanks", at(30)))
    assert late.alert is not None
    assert (late.alert.awful, late.alert.is_here) == (2, False)


@pytest.mark.parametrize(
    ("screen", "seen_after_s", "is_there"),
    [
        ("thanks", 0, True),
        ("thanks", 20, True),
        ("thanks", 600, False),  # another shopper's
        ("language", 2, True),  # laid over the last screen
        ("attract", 1, False),
        ("basket", 1, False),
        ("paying", -3, True),  # what it showed before the face
    ],
)
def test_who_is_there_follows_from_what_the_lane_shows(
    screen: str, seen_after_s: int, is_there: bool
) -> None:
    assert is_at_lane(NOON, Seen(screen, at(seen_after_s))) is is_there


def test_at_a_lane_that_fell_silent_nobody_is_known_to_be() -> None:
    assert not is_at_lane(NOON, None)


def test_the_next_screen_says_that_the_shopper_left() -> None:
    alert = mood_after(Moment(Face.AWFUL, NOON)).alert
    assert alert is not None
    assert alert.is_pressing
    assert not has_left(alert, Seen("thanks", at(5)))
    assert not has_left(alert, Seen("paying", at(-5)))
    assert has_left(alert, Seen("attract", at(5)))


FACES = st.builds(
    Moment,
    st.sampled_from(Face),
    st.integers(-20 * 60, 120).map(at),
    st.none() | st.sampled_from(FeedbackReason),
)


@given(st.lists(FACES, max_size=8).flatmap(lambda faces: st.tuples(st.just(faces), st.permutations(faces))))
def test_the_same_faces_in_any_order_are_the_same_alert(pair: tuple[list[Moment], list[Moment]]) -> None:
    found = []
    for faces in pair:
        mood = Mood()
        for face in faces:
            mood = heard(mood, face, NOON, HERE)
        found.append((frozenset(mood.moments), mood.alert))
    assert found[0] == found[1]


ARRIVALS = st.lists(st.tuples(FACES, st.integers(0, 40 * 60)), max_size=12)


@given(ARRIVALS)
def test_there_is_an_alert_exactly_when_what_is_known_by_then_alarms(
    arrivals: Sequence[tuple[Moment, int]],
) -> None:
    mood, told = Mood(), False
    timely: list[tuple[Moment, datetime]] = []
    for face, arrives_s in sorted(arrivals, key=lambda each: each[1]):
        now = at(arrives_s)
        had_alert = settled(mood, now).alert is not None
        mood = heard(mood, face, now, None)
        if face.face in BAD_FACES and is_timely(face.at_utc, now):
            timely.append((face, now))
        known = [each for each, _ in timely if is_timely(each.at_utc, now)]
        alarms = any(each.face is Face.AWFUL for each in known) or len(known) >= ENOUGH
        assert len(mood.moments) < ENOUGH
        assert not (mood.alert and mood.moments)  # one or the other, never both
        if not told and not had_alert:
            assert (mood.alert is not None) is alarms
        told = told or mood.alert is not None
