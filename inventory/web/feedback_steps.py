"""Owns what the two buttons of an alert about bad faces do, and the sentence for who comes too late.

It must not know how the tile looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.feedback_alerts import AlertTakenError
from inventory.domain.staff import Permission
from inventory.services import feedback_alerts
from inventory.services.feedback_alerts import AlertOverError
from inventory.web.auth import session_of
from inventory.web.pages import PageRefused
from inventory.web.staff_view import Route, StaffView

_STEPS: Final = {"see": feedback_alerts.take, "done": feedback_alerts.finish}


@dataclass(frozen=True, slots=True)
class FeedbackSteps:
    """What the buttons of an alert do."""

    view: StaffView

    def alert(
        self, request: Request, alert_id: str, step: str, lane: Annotated[str, Form()] = ""
    ) -> Response:
        """Sees to an alert of bad faces, or is done with it."""
        view, notice = self.view, ""
        if step not in _STEPS:
            raise PageRefused(404, view.text("There is no such step."), way_on="/staff")
        try:
            with view.database.write() as uow:
                _STEPS[step](uow, view.store_id, alert_id, session_of(request).name, view.clock())
        except AlertTakenError as taken:
            notice = view.text("{name} sees to this already.").format(name=taken.by)
        except AlertOverError:
            notice = view.text("This is over already.")
        return view.after_action(request, lane=lane, notice=notice)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What an alert's buttons post to."""
    return (Route("/staff/alerts/{alert_id}/{step}", FeedbackSteps(view).alert, Permission.ANSWER_CALLS),)
