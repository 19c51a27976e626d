"""Owns the console's page of the exchange with lanes, headquarters and branches, and what is decided there.

It must not know what a decision does; the services do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import (
    catalogue,
    conflicts,
    hq_branches,
    hq_inbox,
    hq_intake,
    hq_outbox,
    lane_list,
    lanes,
    quarantine,
)
from inventory.services.conflicts import Choice
from inventory.services.item_fields import ItemFieldError, UnknownItemError
from inventory.web.auth import Guard, session_of
from inventory.web.console_frame import ConsolePage, add_routes, to
from inventory.web.events import Broker
from inventory.web.exchange_views import (
    Frame,
    branch_line,
    conflict_line,
    hq_state,
    lane_line,
    proposal_line,
)
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.wall_words import lane_name_words

PATH: Final = "/manager/exchange"
Text = Annotated[str, Form()]
_CHOICES: Final = {"keep": Choice.KEEP, "take": Choice.TAKE, "propose": Choice.PROPOSE}
_MESSAGE_WORDS: Final = {"day": "Sales", "stock": "Stock", "proposal": "Proposals"}


class ExchangePage(ConsolePage):
    """Lag and backlog, conflicts, what was put aside; at headquarters the branches and their proposals."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock) -> None:
        super().__init__(config, database, pages=pages_for(config.name, config.language), clock=clock)
        self._is_headquarters = bool(config.branches)

    def exchange(self, request: Request) -> Response:
        return self.show(request)

    def show(self, request: Request, *, status: int = 200, refusal: str = "") -> Response:
        with self._database.read() as uow:
            values = self._values(uow)
        return self.page(request, "exchange", here=PATH, status=status, refusal=refusal, **values)

    def decide(self, request: Request, conflict_id: str, choice: Text = "") -> Response:
        wanted = _CHOICES.get(choice)
        if wanted is None:
            return to(PATH)

        def done(uow: UnitOfWork, who: str) -> None:
            conflicts.decide(uow, self._store_id, conflict_id, wanted, who=who, now_utc=self._clock())

        return self._done(request, done)

    def settle_aside(self, request: Request, event_id: str, action: Text = "") -> Response:
        def done(uow: UnitOfWork, who: str) -> None:
            if action == "drop":
                quarantine.drop(uow, self._store_id, event_id, who=who, now_utc=self._clock())
            else:
                hq_intake.retry(uow, self._store_id, self._clock())

        return self._done(request, done)

    def send_again(self, request: Request, message_id: str) -> Response:
        return self._done(request, lambda uow, _who: hq_outbox.try_again(uow, self._store_id, message_id))

    def answer_proposal(self, request: Request, proposal_id: str, choice: Text = "") -> Response:
        def done(uow: UnitOfWork, who: str) -> None:
            now_utc, hq_id = self._clock(), self._store_id
            if choice == "refuse":
                hq_inbox.refuse(uow, hq_id, proposal_id, who=who, now_utc=now_utc)
            elif choice in ("here", "everywhere"):
                everywhere = choice == "everywhere"
                hq_inbox.accept(uow, hq_id, proposal_id, everywhere=everywhere, who=who, now_utc=now_utc)

        return self._done(request, done)

    def _done(self, request: Request, done: Callable[[UnitOfWork, str], object]) -> Response:
        try:
            with self._database.write() as uow:
                done(uow, session_of(request).name)
        except (conflicts.DecidedError, hq_inbox.NotOpenError):
            words = self.texts.text("Somebody has decided this already.")
            return self.show(request, status=409, refusal=words)
        except (ItemFieldError, UnknownItemError, ValueError) as error:
            return self.show(request, status=422, refusal=str(error))
        return to(PATH)

    def _values(self, uow: UnitOfWork) -> dict[str, Any]:
        frame = Frame(self.texts, self._zone, self._currency)
        line = hq_outbox.line(uow, self._store_id)
        wall = lanes.wall(uow, self._store_id, self._clock())
        behind = lane_list.lags(uow, self._store_id)
        aside = quarantine.waiting(uow, self._store_id, limit=50)
        refused = hq_outbox.refusals(uow, self._store_id)
        return {
            "is_headquarters": self._is_headquarters,
            "lanes": [
                lane_line(each, lane_name_words(each.name, self.texts), behind, frame) for each in wall
            ],
            "hq": hq_state(line, frame) if line is not None else None,
            "conflicts": [
                conflict_line(each, frame) for each in conflicts.open_conflicts(uow, self._store_id)
            ],
            "conflict_count": conflicts.count(uow, self._store_id),
            "aside": [(each, frame.moment(each.at_utc)) for each in aside],
            "aside_count": quarantine.count(uow, self._store_id),
            "refused": [
                (message_id, self.texts.text(_MESSAGE_WORDS.get(kind, kind)), problem)
                for message_id, kind, problem in refused
            ],
            "branches": [branch_line(each, frame) for each in hq_branches.branches(uow, self._store_id)],
            "proposals": [
                proposal_line(each, self._name(uow, each.gtin), frame)
                for each in hq_inbox.proposals(uow, self._store_id)
            ],
        }

    def _name(self, uow: UnitOfWork, gtin: str) -> str:
        item = catalogue.find_item(uow, self._store_id, gtin)
        return item.name(self.texts.language) if item is not None else gtin


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager/exchange."""
    del broker
    shown = ExchangePage(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    add_routes(
        router,
        Guard(config, database, clock=clock),
        reads=((PATH, shown.exchange),),
        posts=(
            (f"{PATH}/conflicts/{{conflict_id}}", shown.decide),
            (f"{PATH}/aside/{{event_id}}", shown.settle_aside),
            (f"{PATH}/messages/{{message_id}}", shown.send_again),
            (f"{PATH}/proposals/{{proposal_id}}", shown.answer_proposal),
        ),
    )
    return router
