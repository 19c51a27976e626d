"""Owns the lane's copies of what the store hands out: catalogue, stock and plan, fetched and kept on disk.

It must not decide when to fetch; `store_link` does. A delta that does not add up is thrown away whole, and
the whole catalogue fetched in its place: what is sold from is never half of one version.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
from pydantic import ValidationError

from inventory.wire import CatalogueDelta, CatalogueMessage, PlanMessage, ShelvesMessage, StockMessage
from kiosk.shelf import Shelf, changed, plan_path, save_copy, shelf_from

log = logging.getLogger(__name__)

TOLD_TWICE = timedelta(minutes=5)
"""News of stock may overtake each other by this much in the store; told twice does no harm."""


class StoreCopies:
    """What the lane can sell and tell with the store down. One thread fetches, any may read `shelf`."""

    def __init__(
        self, client: httpx.Client, *, catalogue_path: Path, shelf: Shelf, refresh: Callable[[], None]
    ) -> None:
        self._client = client
        self._catalogue_path = catalogue_path
        self._plan_path = plan_path(catalogue_path)
        self.shelf = shelf
        self._refresh = refresh

    def stock_moved(self, message: StockMessage) -> None:
        self.shelf = self.shelf.with_stock(message)
        self._refresh()

    def told_anew(self, message: ShelvesMessage) -> None:
        self.shelf = self.shelf.with_rules(message)
        self._refresh()

    def news_since(self) -> dict[str, str]:
        """What to ask of the event stream: all stock that moved after the newest this lane knows.

        The instant is the store's own; the lane's clock may be wrong.
        """
        known = max((each.as_of_utc for each in self.shelf.stock.values()), default=None)
        return {} if known is None else {"since": (known - TOLD_TWICE).isoformat()}

    def fetch_catalogue(self) -> None:
        """Raises httpx.HTTPError and ValidationError; the copy is then the old one."""
        shelf = self.shelf
        answer = self._ask(shelf.version, shelf.source.mark if shelf.source else "")
        if answer.status_code == HTTPStatus.IM_USED:
            message = self._patched(shelf, answer.content)
            if message is None:
                answer = self._ask(None, "")
        if answer.status_code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return
        if answer.status_code != HTTPStatus.IM_USED:
            answer.raise_for_status()
            message = CatalogueMessage.model_validate_json(answer.content)
        assert message is not None, "a delta that cannot be used was asked for again as a whole"
        self.shelf = replace(shelf_from(message), plan=self.shelf.plan, rules=self.shelf.rules)
        self._refresh()
        self._keep(self._catalogue_path, message)

    def fetch_plan(self) -> None:
        """A store without a plan, or one that cannot be read, means no map: no reason to stop listening."""
        known = self.shelf.plan.version if self.shelf.plan else ""
        answer = self._client.get("/api/v1/plan", params={"known": known})
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            return
        message = None
        if answer.status_code == HTTPStatus.OK:
            try:
                message = PlanMessage.model_validate_json(answer.content)
            except ValidationError as error:
                log.warning("the store's plan cannot be used: %s", error)
        elif answer.status_code not in (204, 404):  # 404: a store older than this lane
            answer.raise_for_status()
        if message is not None:
            self._keep(self._plan_path, message)
        elif self.shelf.plan is None:
            return
        else:
            self._plan_path.unlink(missing_ok=True)
        self.shelf = replace(self.shelf, plan=message.plan if message else None)
        self._refresh()

    def _ask(self, since: int | None, mark: str) -> httpx.Response:
        """`mark` says that this lane understands deltas. Without `since` the store sends the whole."""
        params: dict[str, str | int] = {"mark": mark} if since is None else {"since": since, "mark": mark}
        return self._client.get("/api/v1/catalogue", params=params)

    def _patched(self, shelf: Shelf, content: bytes) -> CatalogueMessage | None:
        try:
            message = changed(shelf, CatalogueDelta.model_validate_json(content))
        except ValidationError as error:
            log.warning("the store's changes cannot be read, so all is fetched: %s", error)
            return None
        if message is None:
            log.warning("the store's changes do not add up with what is here, so all is fetched")
        return message

    def _keep(self, path: Path, message: CatalogueMessage | PlanMessage) -> None:
        try:
            save_copy(path, message)
        except OSError as error:
            log.warning("the copy %s could not be kept: %s", path.name, error)
