"""Owns the answers of the tablet in a conversation: one tap a phrase, or a text.

It must not know what can be said (`inventory.domain.phrases`), nor how a conversation looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.staff import Permission
from inventory.web.auth import session_of
from inventory.web.staff_view import Route, StaffView
from inventory.web.talk_form import TalkForm, answered


@dataclass(frozen=True, slots=True)
class StaffTalk:
    """What the buttons of a conversation do."""

    view: StaffView

    def say(
        self, request: Request, help_id: str, form: Annotated[TalkForm, Form()], phrase: str = ""
    ) -> Response:
        view = self.view
        notice = answered(
            view.database,
            view.store_id,
            help_id,
            phrase,
            form,
            who=session_of(request).name,
            texts=view.pages.texts,
            now_utc=view.clock(),
        )
        return view.after_action(request, lane=form.lane, notice=notice)

    def write(self, request: Request, help_id: str, form: Annotated[TalkForm, Form()]) -> Response:
        return self.say(request, help_id, form)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What a conversation posts to."""
    talk = StaffTalk(view)
    return (
        Route("/staff/talk/{help_id}", talk.write, Permission.ANSWER_CALLS),
        Route("/staff/talk/{help_id}/{phrase}", talk.say, Permission.ANSWER_CALLS),
    )
