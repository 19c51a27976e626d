"""Owns what makes the tablet an app: what a browser installs, and what it may keep."""

from __future__ import annotations

import re

from inventory.web.pages import stamp_of
from inventory.web.tablet_app import SCOPE
from tests.support.web_store import SignedIn, Visitor


def test_the_app_is_named_after_the_store_and_opens_the_wall(visitor: Visitor) -> None:
    answer = visitor.get("/staff/app.webmanifest")
    manifest = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert (manifest["name"], manifest["display"]) == ("Lanes · Mercato Aurora", "standalone")
    assert (manifest["start_url"], manifest["scope"]) == (SCOPE, SCOPE)
    for icon in manifest["icons"]:
        assert visitor.get(icon["src"]).status_code == 200, icon


def test_the_worker_may_serve_the_wall_and_keeps_files_and_a_page_about_nobody(visitor: Visitor) -> None:
    answer = visitor.get("/staff/worker.js")
    assert answer.headers["service-worker-allowed"] == SCOPE
    assert answer.headers["content-type"].startswith("text/javascript")
    shell = re.findall(r'"([^"]+)"', answer.text.partition("\n")[0])
    assert "/staff/offline" in shell
    for path in shell:
        assert path == "/staff/offline" or path.startswith("/assets/"), path
        assert visitor.get(path).status_code == 200, path


def test_the_page_without_a_store_names_nobody_who_is_signed_in(signed_in: SignedIn) -> None:
    page = signed_in("Marco").get("/staff/offline").text
    assert "Look at the lanes themselves" in page
    assert "Marco" not in page
    assert "form_token" not in page


def test_the_wall_links_the_app(signed_in: SignedIn) -> None:
    page = signed_in("Marco").get("/staff").text
    assert '<link rel="manifest" href="/staff/app.webmanifest">' in page
    assert stamp_of("web/worker.js") != "none"
