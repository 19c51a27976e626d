"""Owns what makes the tablet's page an app: its manifest, its worker, and the page for when no store answers.

It must not know calls, lanes or people: everybody may fetch these, signed in or not.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.web.events import Broker
from inventory.web.pages import Clock, Pages, asset_text, pages_for, stamp_of, utc_now

SCOPE: Final = "/staff"
_FILES: Final = (
    "web/base.css",
    "web/tablet.css",
    "web/offline.js",
    "web/view.js",
    "web/icon.svg",
    "fonts/NotoSans-Regular.ttf",
    "fonts/NotoSans-SemiBold.ttf",
    "fonts/NotoSans-Bold.ttf",
)
"""What the page without a store is drawn with."""
_NIGHT: Final = "#0E1B2E"


@dataclass(frozen=True, slots=True)
class TabletApp:
    """The app's three files of one store."""

    pages: Pages

    def manifest(self) -> Response:
        """The app's name, icons and colours (W3C Web Application Manifest)."""
        icons = [
            {"src": "/assets/web/icon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "/assets/web/icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "/assets/web/icon-512.png", "sizes": "512x512", "type": "image/png"},
            {
                "src": "/assets/web/icon-512.png",
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ]
        manifest = {
            "id": SCOPE,
            "name": f"{self.pages.texts.text('Lanes')} · {self.pages.store_name}",
            "short_name": self.pages.texts.text("Lanes"),
            "lang": self.pages.texts.language,
            "start_url": SCOPE,
            "scope": SCOPE,
            "display": "standalone",
            "background_color": _NIGHT,
            "theme_color": _NIGHT,
            "icons": icons,
        }
        return Response(json.dumps(manifest), media_type="application/manifest+json")

    def worker(self) -> Response:
        """The worker's script; its text changes with every file it keeps, and so it keeps them anew."""
        files = [f"/assets/{name}" for name in _FILES]
        shell = json.dumps([*files, f"{SCOPE}/offline"])
        head = f"const SHELL = {shell};\nconst VERSION = {json.dumps(_version())};\n"
        return Response(
            head + asset_text("web/worker.js"),
            media_type="text/javascript",
            headers={"service-worker-allowed": SCOPE},
        )

    def offline(self) -> Response:
        """The page that says that nothing answers."""
        return self.pages.answer("staff/offline.html", self.pages.frame())


@cache
def _version() -> str:
    return hashlib.sha256("".join(stamp_of(name) for name in _FILES).encode()).hexdigest()[:10]


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes that need no sign-in: nothing in them is about anybody."""
    del database, broker, clock
    app = TabletApp(pages_for(config.name, config.language))
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/staff/app.webmanifest", app.manifest, methods=["GET"], response_model=None)
    router.add_api_route("/staff/worker.js", app.worker, methods=["GET"], response_model=None)
    router.add_api_route("/staff/offline", app.offline, methods=["GET"], response_model=None)
    return router
