"""Owns the port for voice and video: an address for one call, or none.

It must not make calls. The built-in port formats a template of the settings with a room that only the store's
own key can make (`inventory.domain.call_link`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.call_link import CallAddress, address
from inventory.services import help_desk, help_terms, link_keys
from inventory.services.help_rows import HelpRequest


class CallLink(Protocol):
    """Where the helper of a call can speak with the shopper."""

    def of(self, uow: UnitOfWork, store_id: str, call: HelpRequest, now_utc: datetime) -> CallAddress | None:
        """The address of an open call, the same at every look; None where there is none (any more)."""


class NoCallLink:
    """Of a store that has no such service."""

    def of(self, uow: UnitOfWork, store_id: str, call: HelpRequest, now_utc: datetime) -> CallAddress | None:
        del uow, store_id, call, now_utc
        return None


class TemplateCallLink:
    """Rooms of a service that opens one for whoever comes first, such as most do."""

    def __init__(self, template: str) -> None:
        self._template = template

    def of(self, uow: UnitOfWork, store_id: str, call: HelpRequest, now_utc: datetime) -> CallAddress | None:
        if not call.case.is_open:
            return None
        key = link_keys.key_of(uow, store_id)
        return address(self._template, key, store_id, call.help_id, call.waiting_since_utc, now_utc)


def call_link_for(template: str) -> CallLink:
    """The port that the settings ask for; "" is none."""
    return TemplateCallLink(template) if template else NoCallLink()


def of_helper(uow: UnitOfWork, store_id: str, name: str, now_utc: datetime) -> dict[str, str]:
    """The addresses of the calls that somebody of the store has, by the calls' ids."""
    template = help_terms.terms_of(uow, store_id).call_link
    if not template:
        return {}
    port = call_link_for(template)
    mine = [
        call
        for call in help_desk.open_requests(uow, store_id)
        if (call.staff_name, call.case.desk) == (name, "") and not call.case.is_waiting
    ]
    found = {call.help_id: port.of(uow, store_id, call, now_utc) for call in mine}
    return {help_id: place.url for help_id, place in found.items() if place is not None}
