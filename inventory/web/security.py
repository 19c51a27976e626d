"""Owns what every answer and every request must pass: headers, same-origin posts, size of a form.

It must not know people or pages; who may see what is auth's. Pure ASGI: event streams pass unbuffered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style, nothing from elsewhere (ASVS 5.0 section 3.4.3)."""

_EVERY_ANSWER: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}
_HSTS: Final = "max-age=31536000"

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MACHINE_PREFIX: Final = "/api/"
"""Lanes speak with a bearer token and no cookie, so a foreign page cannot speak for them."""
LONG_LIVED_PREFIX: Final = "/assets/"

MAX_FORM_BYTES: Final = 64 * 1024
MAX_UPLOAD_BYTES: Final = 50 * 1024 * 1024 + MAX_FORM_BYTES
UPLOAD_PATH: Final = "/manager/import"


MayUpload = Callable[[Request], bool]


def protect(app: FastAPI, *, may_upload: MayUpload) -> None:
    """Put the guards of this module around the application; `may_upload` says whose files are read at all."""
    app.add_middleware(FormLimit, may_upload=may_upload)
    app.add_middleware(SameOriginOnly)
    app.add_middleware(SecurityHeaders)


class SecurityHeaders:
    """Adds the security headers to every answer; pages are never kept by a browser or a proxy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _of_every_answer(scope["scheme"]).items():
                    headers[name] = value
                if not scope["path"].startswith(LONG_LIVED_PREFIX):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_guarded)


def headers_of_every_answer(scheme: str) -> tuple[tuple[bytes, bytes], ...]:
    """The same, for an answer that passes by this guard and is kept nowhere."""
    told = {**_of_every_answer(scheme), "cache-control": "no-store"}
    return tuple((name.encode(), value.encode()) for name, value in told.items())


@cache
def _of_every_answer(scheme: str) -> dict[str, str]:
    return {**_EVERY_ANSWER, **({"strict-transport-security": _HSTS} if scheme == "https" else {})}


class SameOriginOnly:
    """Refuses an unsafe method that another site's page sent (ASVS 5.0 section 3.5.1)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _needs_same_origin(scope) and not is_same_origin(Headers(scope=scope), scheme=scope["scheme"]):
            refusal = PlainTextResponse("This form was sent from another site.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class FormLimit:
    """Refuses a body larger than a form may be, or in letters no browser sends; unread in either case.

    Only a file of goods may be large, and only from somebody who may bring one.
    """

    def __init__(self, app: ASGIApp, *, may_upload: MayUpload) -> None:
        self._app = app
        self._may_upload = may_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(scope) if _needs_same_origin(scope) else None
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        size = _stated_size(headers)
        if size is None or size > (MAX_UPLOAD_BYTES if scope["path"] == UPLOAD_PATH else MAX_FORM_BYTES):
            return PlainTextResponse("This is more than the form may carry.", status_code=413)
        if not _is_utf_8(headers.get("content-type", "")):
            return PlainTextResponse("A form is sent in UTF-8.", status_code=415)
        if size > MAX_FORM_BYTES and not await run_in_threadpool(self._may_upload, Request(scope)):
            # The form is read before any page's guard: a stranger's 50 MiB would lie on the disk by then.
            return RedirectResponse(f"/sign-in?next={UPLOAD_PATH}", status_code=303)
        return None


def _stated_size(headers: Headers) -> int | None:
    """How long the body is, None for one that cannot be judged before it is read; no browser sends a form so.

    Where both headers stand, the server follows the second, and the first means nothing (RFC 9112 §6.3).
    """
    stated = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (stated.isascii() and stated.isdecimal() and len(stated) < 16):
        return None
    return int(stated)


def _is_utf_8(content_type: str) -> bool:
    """Whether a form's letters are those of UTF-8: other charsets bring what no table can hold."""
    _kind, told = parse_options_header(content_type)  # as the form's own reader will
    return told.get(b"charset", b"utf-8").lower() in (b"utf-8", b"utf8")


def is_same_origin(headers: Mapping[str, str], *, scheme: str) -> bool:
    """Whether a request names this server as its origin; a request that names none is refused.

    Sec-Fetch-Site is asked first (Fetch Metadata, W3C), then Origin against Host (RFC 6454).
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin)[:2] == (scheme, headers.get("host", ""))


def is_private_channel(*, scheme: str, client_host: str) -> bool:
    """Whether a PIN may travel this way: over https, or without ever leaving this machine."""
    if scheme == "https":
        return True
    try:
        return ip_address(client_host).is_loopback
    except ValueError:
        return False


def _needs_same_origin(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] not in SAFE_METHODS
        and not scope["path"].startswith(MACHINE_PREFIX)
    )
