"""Owns the tile of an alert about bad faces: what was touched, who is there still, who sees to it.

It must not know HTTP, the database or the clock. Nobody called: it is told softly, and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from inventory.domain.feedback import Face
from inventory.domain.feedback_alerts import Alert
from inventory.services.feedback_alerts import StandingAlert
from inventory.services.lanes import LaneOnWall
from inventory.web.feedback_words import face_words, reason_words
from inventory.web.texts import Texts
from inventory.web.wall_parts import Action, Tile, Tone, Urgency
from inventory.web.wall_words import lane_number, lane_words, waited


def alert_tiles(
    lanes: Mapping[str, LaneOnWall], alerts: Iterable[StandingAlert], me: str, now_utc: datetime, texts: Texts
) -> Iterator[Tile]:
    """A tile for each alert at a lane of the wall, as `me` sees it."""
    for standing in alerts:
        lane = lanes.get(standing.lane_id)
        if lane is not None:
            yield _tile(lane, standing, me, now_utc, texts)


def _tile(lane: LaneOnWall, standing: StandingAlert, me: str, now_utc: datetime, texts: Texts) -> Tile:
    t, alert = texts.text, standing.alert
    is_pressing = alert.is_pressing and lane.is_online
    title = f"{lane_number(lane)} · {t('Feedback')}"
    reasons = sorted(reason_words(each, texts) for each in alert.reasons)
    return Tile(
        key=f"alert-{standing.alert_id}",
        lane_id=lane.lane_id,
        tone=Tone.UNHAPPY if is_pressing else (Tone.TAKEN if alert.taken_by else Tone.CALM),
        mark="☹",
        title=title,
        urgency=_urgency(alert, me, is_pressing=is_pressing),
        lines=tuple(
            filter(None, (_faces(alert, texts), ", ".join(reasons), _who_is_there(lane, alert, texts)))
        ),
        since_utc=alert.opened_at_utc,
        waited=waited(alert.opened_at_utc, now_utc),
        taken_by=_taken_words(alert, me, texts),
        is_chiming=is_pressing,
        spoken=t("{lane}: a shopper is not happy").format(lane=lane_words(lane, texts)),
        actions=tuple(_actions(standing, me, title, texts)),
    )


def _faces(alert: Alert, texts: Texts) -> str:
    """`Awful, Bad × 2`."""
    told = ((Face.AWFUL, alert.awful), (Face.BAD, alert.bad))
    words = (
        f"{face_words(face, texts)} × {count}" if count > 1 else face_words(face, texts)
        for face, count in told
        if count
    )
    return ", ".join(words)


def _who_is_there(lane: LaneOnWall, alert: Alert, texts: Texts) -> str:
    """Nothing of a lane that fell silent."""
    if not alert.is_here:
        return texts.text("The shopper has left.")
    return texts.text("The shopper is still at the lane.") if lane.is_online else ""


def _urgency(alert: Alert, me: str, *, is_pressing: bool) -> Urgency:
    """Behind who calls; a shopper who is gone waits for nobody."""
    if is_pressing or alert.taken_by == me:
        return Urgency.MINE
    return Urgency.OTHERS


def _taken_words(alert: Alert, me: str, texts: Texts) -> str:
    if not alert.taken_by:
        return ""
    return (
        texts.text("Yours")
        if alert.taken_by == me
        else texts.text("Taken by {name}").format(name=alert.taken_by)
    )


def _actions(standing: StandingAlert, me: str, about: str, texts: Texts) -> Iterator[Action]:
    """One button: the next step. A colleague's alert has none."""
    key = f"tile-{standing.alert_id}-0"
    path = f"/staff/alerts/{standing.alert_id}"
    if not standing.alert.taken_by:
        yield Action(key, f"{path}/see", texts.text("I see to it"), "go", about)
    elif standing.alert.taken_by == me:
        yield Action(key, f"{path}/done", texts.text("Done"), "ok", about)
