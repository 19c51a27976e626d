"""Owns what the two buttons of an alert about bad faces do, and the sentence for who comes too late.

It must not know how the tile looks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from inventory.db.unit_of_work import Database
from inventory.domain.feedback_alerts import AlertTakenError
from inventory.services import feedback_alerts
from inventory.services.feedback_alerts import AlertOverError
from inventory.web.pages import PageRefused
from inventory.web.texts import Texts

_STEPS: Final = {"see": feedback_alerts.take, "done": feedback_alerts.finish}


def step_on(
    database: Database, store_id: str, alert_id: str, step: str, *, by: str, now_utc: datetime, texts: Texts
) -> str:
    """Does the step; answers why not, or "". Raises PageRefused for a step that does not exist."""
    if step not in _STEPS:
        raise PageRefused(404, texts.text("There is no such step."), way_on="/staff")
    try:
        with database.write() as uow:
            _STEPS[step](uow, store_id, alert_id, by, now_utc)
    except AlertTakenError as taken:
        return texts.text("{name} sees to this already.").format(name=taken.by)
    except AlertOverError:
        return texts.text("This is over already.")
    return ""
