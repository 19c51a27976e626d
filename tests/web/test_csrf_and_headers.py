"""Owns what every page and every form must carry, found by walking the application's own routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st

from inventory.web.security import CONTENT_SECURITY_POLICY, is_private_channel, is_same_origin
from tests.support.web_store import SignedIn, StoreInTest, Visitor

PAGES = (
    "/sign-in",
    "/staff",
    "/staff/day",
    "/staff/doors",
    "/staff/note",
    "/staff/tasks",
    "/manager",
    "/manager/items",
    "/manager/stock",
    "/manager/import",
    "/manager/staff",
)


def unsafe_paths(store: StoreInTest) -> Iterator[str]:
    values: dict[str, str] = {"step": "accept", "decision": "approve"}
    for path, methods in routes(store.app):
        if "POST" in methods and not path.startswith("/api/") and path != "/sign-in":
            yield re.sub(r"{(\w+)}", lambda found: values.get(found[1], "x1"), path)


def routes(app: Any) -> list[tuple[str, set[str]]]:
    found: list[tuple[str, set[str]]] = []
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        if isinstance(route, APIRoute):
            found.append((route.path, route.methods or set()))
        else:
            pending.extend(getattr(getattr(route, "original_router", route), "routes", ()))
    return found


def test_every_page_carries_the_policy_and_is_never_kept(signed_in: SignedIn) -> None:
    visitor = signed_in("Ada")
    for page in PAGES:
        answer = visitor.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers


def test_the_policy_allows_nothing_inline_and_no_frame() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in CONTENT_SECURITY_POLICY


def test_no_page_has_a_script_or_a_style_inside(signed_in: SignedIn) -> None:
    visitor = signed_in("Ada")
    for page in PAGES:
        text = visitor.get(page).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick" not in text
        assert "<script>" not in text


def test_even_a_refusal_carries_the_policy(visitor: Visitor) -> None:
    for answer in (visitor.get("/nowhere"), visitor.get("/staff"), visitor.send("/sign-out", {})):
        assert answer.status_code in (303, 401, 404)
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_over_https_browsers_are_told_to_stay_there(store: StoreInTest) -> None:
    answer = store.visitor(base_url="https://aurora.example").get("/sign-in")
    assert "max-age" in answer.headers["strict-transport-security"]


def test_every_form_without_its_token_is_refused(store: StoreInTest, signed_in: SignedIn) -> None:
    visitor = signed_in("Ada")
    paths = list(unsafe_paths(store))
    assert len(paths) >= 9
    for path in paths:
        for form in ({}, {"form_token": "made-up"}, {"form_token": "é"}):
            assert visitor.send(path, form).status_code == 403, path
    assert visitor.get("/manager").status_code == 200


def test_a_token_of_another_session_is_refused(signed_in: SignedIn) -> None:
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    stolen = giulia.token_on("/staff")
    assert marco.send("/sign-out", {"form_token": stolen}).status_code == 403


def test_every_form_from_another_site_is_refused_even_with_its_token(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    visitor = signed_in("Ada")
    form = {"form_token": visitor.token_on("/manager")}
    for path in [*unsafe_paths(store), "/sign-in"]:
        for headers in (
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:9999"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            assert visitor.send(path, form, **headers).status_code == 403, (path, headers)
    assert visitor.get("/manager").status_code == 200


def test_a_form_that_names_no_origin_at_all_is_refused(signed_in: SignedIn) -> None:
    visitor = signed_in("Marco")
    form = {"form_token": visitor.token_on("/staff")}
    answer = visitor.client.post("/sign-out", data=form, follow_redirects=False)
    assert answer.status_code == 403


def test_the_token_may_come_in_a_header_instead(signed_in: SignedIn) -> None:
    visitor = signed_in("Marco")
    token = visitor.token_on("/staff")
    assert visitor.send("/staff/seen", {}, **{"x-form-token": token}).status_code == 204


def test_a_sign_in_without_the_form_before_it_is_refused(store: StoreInTest) -> None:
    visitor = store.visitor()
    assert visitor.send("/sign-in", {"name": "Marco", "pin": "205189"}).status_code == 403
    assert "lanelight" not in visitor.client.cookies


def test_an_attendant_is_kept_out_of_every_page_of_the_console(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    visitor = signed_in("Marco")
    token = visitor.token_on("/staff")
    for path, methods in routes(store.app):
        if path.startswith("/manager"):
            filled = path.replace("{gtin}", "x1").replace("{staff_id}", "x1")
            answer = visitor.get(filled) if "GET" in methods else visitor.send(filled, {"form_token": token})
            assert answer.status_code == 403, path


def test_nobody_signed_out_reaches_anything_but_the_door(store: StoreInTest) -> None:
    visitor = store.visitor()
    public = {
        "/",
        "/sign-in",
        "/tablet",
        "/staff/bell",
        "/healthz",
        "/readyz",
        "/assets/{folder}/{path:path}",
    }
    app = ("/staff/app.webmanifest", "/staff/worker.js", "/staff/offline")
    for_phones = ("/find", "/back")
    for path, methods in routes(store.app):
        if path in public or path.startswith(("/api/", *app, *for_phones)):
            continue
        filled = path.replace("{", "").replace("}", "")
        answer = visitor.get(filled) if "GET" in methods else visitor.send(filled, {})
        assert answer.status_code in (303, 401), path


def test_a_form_larger_than_forms_are_is_refused_unread(signed_in: SignedIn) -> None:
    visitor = signed_in("Ada")
    assert visitor.send("/manager/staff", {"name": "x" * 70_000}).status_code == 413


def test_only_files_a_page_needs_are_served(visitor: Visitor) -> None:
    assert visitor.get("/assets/web/base.css").status_code == 200
    assert visitor.get("/assets/fonts/NotoSans-Regular.ttf").status_code == 200
    for path in (
        "/assets/demo/catalogue.csv",
        "/assets/fonts/subset.py",
        "/assets/web/..%2fdraw.py",
        "/assets/web/..%2f..%2fpyproject.toml",
        "/assets/locale/it/LC_MESSAGES/lanelight.po",
    ):
        assert visitor.get(path).status_code == 404, path


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"origin": "http://till:8480", "host": "till:8480"}, True),
        ({"origin": "http://till:8480", "host": "till:8480", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "host": "till:8480"}, True),
        ({"origin": "http://till", "host": "till:8480"}, False),
        ({"origin": "https://till:8480", "host": "till:8480"}, False),
        ({"origin": "http://till:8480.evil.example", "host": "till:8480"}, False),
        ({"host": "till:8480"}, False),
        ({}, False),
    ],
)
def test_same_origin_means_the_same_scheme_host_and_port(headers: dict[str, str], is_ours: bool) -> None:
    assert is_same_origin(headers, scheme="http") is is_ours


@given(st.text(max_size=40))
def test_no_origin_but_our_own_ever_passes(origin: str) -> None:
    if is_same_origin({"origin": origin, "host": "till:8480"}, scheme="http"):
        assert origin.lower().startswith("http://till:8480")


def test_a_private_channel_is_https_or_this_machine() -> None:
    assert is_private_channel(scheme="https", client_host="10.0.0.7")
    assert is_private_channel(scheme="http", client_host="127.0.0.1")
    assert is_private_channel(scheme="http", client_host="::1")
    assert not is_private_channel(scheme="http", client_host="10.0.0.7")
    assert not is_private_channel(scheme="http", client_host="")


def test_a_page_that_is_not_there_is_a_page_with_a_way_back(visitor: Visitor) -> None:
    missing = visitor.get("/manager/nowhere")
    assert missing.status_code == 404
    assert "There is no such page." in missing.text
    assert 'href="/staff"' in missing.text
    assert visitor.get("/assets/web/nowhere.css", accept="text/css").text == '{"detail":"Not Found"}'
    assert visitor.get("/api/v1/nowhere").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("charset", ["unicode_escape", '"utf-7"', "utf-8; charset=utf-16"])
@pytest.mark.parametrize("path", ["/sign-in", "/manager/words"])
def test_a_form_in_letters_that_no_browser_sends_is_refused(
    store: StoreInTest, charset: str, path: str
) -> None:
    part = b'--B\r\ncontent-disposition: form-data; name="form_token"\r\n\r\n\\ud800\r\n--B--\r\n'
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    client = store.visitor().client
    sent = {"origin": "http://127.0.0.1:8480", "content-type": kind}
    assert client.post(path, content=part, headers=sent).status_code == 415


def test_a_form_of_two_lengths_is_refused_unread(visitor: Visitor) -> None:
    sent = {"transfer-encoding": "chunked", "content-length": "10"}
    assert visitor.send("/sign-in", {"name": "Ada"}, **sent).status_code == 413


def test_the_file_of_somebody_who_may_not_bring_one_is_not_read(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    for visitor in (store.visitor(), signed_in("Marco")):
        answer = visitor.send("/manager/import", {"file": "x" * 70_000})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/manager/import")
    assert signed_in("Ada").send("/manager/import", {"file": "x" * 70_000}).status_code in (403, 422)


def test_a_version_of_five_thousand_digits_is_no_version(signed_in: SignedIn) -> None:
    assert signed_in("Ada").get("/manager/import?done=" + "9" * 5000).status_code == 200
