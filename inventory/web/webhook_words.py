"""Owns the one sentence a chat room or a pager reads about help.

It must not know who reads it, nor how it gets there. No name, no note, nothing a shopper typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from inventory.domain.help_desk import HelpReason
from inventory.domain.webhooks import WebhookEvent
from inventory.services.webhook_outbox import Facts
from inventory.web.texts import Texts
from inventory.web.wall_words import lane_name_words, reason_words


@dataclass(frozen=True, slots=True)
class WebhookWords:
    """The words of one store in its language."""

    store_name: str
    texts: Texts

    def __call__(self, event: WebhookEvent, facts: Facts) -> str:
        return f"{self.store_name}: {_plain(self._said(event, facts))}"

    def _said(self, event: WebhookEvent, facts: Facts) -> str:
        t = self.texts.text
        lane = lane_name_words(str(facts.get("lane", "")), self.texts)
        match event:
            case WebhookEvent.CALLED | WebhookEvent.ESCALATED_MANAGER:
                calls = t("{lane} calls for help").format(lane=lane)
                return " ".join(filter(None, (f"{calls}.", self._reason(facts), _waited(facts))))
            case WebhookEvent.ANSWERED:
                return t("{lane}: somebody answered.").format(lane=lane)
            case WebhookEvent.RESOLVED:
                return t("{lane}: solved.").format(lane=lane)
            case WebhookEvent.CANCELLED:
                return t("{lane}: help is no longer needed.").format(lane=lane)
            case WebhookEvent.FEEDBACK:
                return t("{lane}: shoppers are not happy.").format(lane=lane)
            case WebhookEvent.SIGNAL:
                return t("Somebody has waited too long.") if facts.get("on") else t("Nobody waits any more.")
            case WebhookEvent.TEST:
                return t("This is a test.")
            case _:
                assert_never(event)

    def _reason(self, facts: Facts) -> str:
        return reason_words(HelpReason(facts["reason"]), self.texts) if "reason" in facts else ""


def _waited(facts: Facts) -> str:
    seconds = int(facts.get("waited_s", 0))
    return f"{seconds // 60}:{seconds % 60:02}"


def _plain(text: str) -> str:
    """Without the signs by which a chat room calls people or makes links, should a lane be named so."""
    return "".join(sign for sign in text if sign not in "<>@`*" and sign.isprintable())
