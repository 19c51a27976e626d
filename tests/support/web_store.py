"""Owns a small store for web tests: people, lanes, items, and a visitor with a browser's manners.

It must not know what any test expects.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.help_desk import HelpReason, HelpState, InterventionKind
from inventory.domain.staff import Role
from inventory.services import catalogue, help_desk, interventions, lanes, pins, staff, staff_changes
from inventory.web.events import Broker
from inventory.wire import HelpMessage, InterventionMessage, LaneStateMessage, MirrorLine

STORE = "aurora"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PINS = {"Marco": "205189", "Giulia": "318064", "Ada": "860142"}
MILK, APPLES = "08001234000004", "08001234000028"


class AsgiTransport(httpx.BaseTransport):
    """Hands each request of a plain client to an application, without a socket between."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self._inner = httpx.ASGITransport(app, client=(address, 50_000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await self._inner.handle_async_request(sent)
        body = await answer.aread()  # unpacked already
        headers = [
            (name, value) for name, value in answer.headers.multi_items() if name != "content-encoding"
        ]
        return httpx.Response(answer.status_code, headers=headers, content=body)


def lane_token(lane_id: str) -> str:
    return f"token-of-{lane_id}-0123456789abcdef"


@dataclass
class Clock:
    """The store's clock, moved by hand."""

    now_utc: datetime = NOON

    def __call__(self) -> datetime:
        return self.now_utc

    def advance(self, step: timedelta) -> None:
        self.now_utc += step


@dataclass
class Visitor:
    """A browser without scripts: keeps cookies, sends forms with their tokens from its own origin."""

    client: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        sent = {"accept": "text/html", **headers}
        return self.client.get(path, headers=sent, follow_redirects=False)

    def token_on(self, path: str) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.get(path).text)
        assert found is not None, f"no form on {path}"
        return found[1]

    def send(self, path: str, form: Mapping[str, str | list[str]], **headers: str) -> httpx.Response:
        """Sends a form exactly as given."""
        sent = {"origin": str(self.client.base_url).rstrip("/"), "accept": "text/html", **headers}
        return self.client.post(path, data=form, headers=sent, follow_redirects=False)

    def sign_in(self, name: str, *, pin: str | None = None) -> httpx.Response:
        token = self.token_on("/sign-in")
        return self.send("/sign-in", {"name": name, "pin": pin or PINS[name], "form_token": token})

    def submit(self, path: str, *, page: str, **fields: str) -> httpx.Response:
        """Sends a form with the token that `page` carries."""
        return self.send(path, {"form_token": self.token_on(page), **fields})


@dataclass
class StoreInTest:
    """A store with its database, application and clock."""

    config: StoreConfig
    database: Database
    app: FastAPI
    broker: Broker
    clock: Clock

    def visitor(self, *, base_url: str = "http://127.0.0.1:8480", address: str = "127.0.0.1") -> Visitor:
        return Visitor(httpx.Client(transport=AsgiTransport(self.app, address), base_url=base_url))

    def signed_in(self, name: str) -> Visitor:
        visitor = self.visitor()
        assert visitor.sign_in(name).status_code == 303
        return visitor

    def call(self, help_id: str, lane_id: str, *, ago_s: int = 0, note: str = "") -> None:
        with self.database.write() as uow:
            message = HelpMessage(
                help_id=help_id,
                lane_id=lane_id,
                state=HelpState.REQUESTED,
                reason=HelpReason.WONT_SCAN,
                language="it",
                requested_at_utc=self.clock() - timedelta(seconds=ago_s),
                note=note,
            )
            help_desk.receive(uow, STORE, message, self.clock())

    def ask(self, intervention_id: str, lane_id: str, kind: InterventionKind, *facts: str) -> None:
        with self.database.write() as uow:
            message = InterventionMessage(
                intervention_id=intervention_id,
                lane_id=lane_id,
                kind=kind,
                raised_at_utc=self.clock(),
                facts=facts,
            )
            interventions.receive(uow, STORE, message, self.clock())

    def report(self, lane_id: str, screen: str, *lines: MirrorLine, **devices: str) -> None:
        with self.database.write() as uow:
            message = LaneStateMessage(
                lane_id=lane_id,
                screen=screen,
                language="en",
                currency="EUR",
                total_minor=sum(line.amount_minor for line in lines),
                lines=lines,
                devices=devices,
                at_utc=self.clock(),
            )
            lanes.report_state(uow, STORE, message, self.clock())


def item(gtin: str, name: str, *, price_minor: int = 129, sold_by: SoldBy = SoldBy.UNIT) -> Item:
    return Item(
        gtin=gtin,
        sku=f"S{gtin[-5:]}",
        names={"en": name},
        price_minor=price_minor,
        currency="EUR",
        tax_class="standard",
        sold_by=sold_by,
        department="Dairy" if sold_by is SoldBy.UNIT else "Fruit",
        aisle="7",
        bay="3",
    )


def config_for(folder: Path, *, port: int = 8480) -> StoreConfig:
    return StoreConfig(
        store_id=STORE,
        name="Mercato Aurora",
        timezone="Europe/Rome",
        port=port,
        database_url=SecretStr(f"sqlite:///{folder / 'store.db'}"),
        data_dir=folder,
        lanes={lane_id: SecretStr(lane_token(lane_id)) for lane_id in ("lane-1", "lane-2", "lane-3")},
    )


def people(database: Database, now_utc: datetime) -> None:
    with database.write() as uow:
        for name, pin in PINS.items():
            role = Role.MANAGER if name == "Ada" else Role.ATTENDANT
            staff.add(uow, STORE, name=name, pin=pin, role=role, now_utc=now_utc)


def as_role(store: StoreInTest, name: str, role: Role) -> None:
    """Gives a person another role."""
    with store.database.write() as uow:
        person = pins.person_named(uow, STORE, name)
        assert person is not None
        staff_changes.set_role(uow, STORE, person.staff_id, role=role, by="Ada", now_utc=store.clock())


def stocked(database: Database, config: StoreConfig, now_utc: datetime) -> None:
    items = [item(MILK, "Whole milk 1 L"), item(APPLES, "Apples", price_minor=209, sold_by=SoldBy.WEIGHT)]
    with database.write() as uow:
        catalogue.replace_items(uow, STORE, items, config.tax_rates_bp, now_utc)


SignedIn = Callable[[str], Visitor]
