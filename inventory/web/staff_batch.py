"""Owns the tablet's one tap for many questions of low risk.

It must not know which those are (the policy does), nor how the button looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.staff import Permission
from inventory.services import approvals
from inventory.services.approvals import MOST_AT_ONCE, Decider
from inventory.web.auth import session_of
from inventory.web.batch_part import outcome_words, read_shown
from inventory.web.staff_view import Route, StaffView


@dataclass(frozen=True, slots=True)
class StaffBatch:
    """What the button does."""

    view: StaffView

    def approve(
        self,
        request: Request,
        shown: Annotated[list[str] | None, Form()] = None,
        lane: Annotated[str, Form()] = "",
    ) -> Response:
        """Approves what the button showed, each once."""
        view, person = self.view, session_of(request)
        them = read_shown((shown or [])[:MOST_AT_ONCE])
        with view.database.write() as uow:
            outcome = approvals.approve_all(
                uow, view.store_id, them, Decider(person.name, person.role), view.policy, view.clock()
            )
        notice = outcome_words(outcome, view.pages.texts)
        return view.after_action(request, lane=lane, notice=notice)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What the button posts to."""
    return (Route("/staff/approvals", StaffBatch(view).approve, Permission.APPROVE_FROM_AFAR),)
