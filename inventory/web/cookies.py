"""Owns the cookies of staff's pages: what they are called, and that no script and no other site gets at them.

It must not know what stands in one.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from fastapi import Request
from fastapi.responses import Response

SESSION_COOKIE: Final = "lanelight"
FORM_COOKIE: Final = "lanelight-form"
TABLET_COOKIE: Final = "lanelight-tablet"
HOST_PREFIX: Final = "__Host-"

FOR_LONG: Final = timedelta(days=400)
"""No browser keeps a cookie longer (RFC 6265bis section 5.5); every sign-in there begins it anew."""


def cookie(request: Request, name: str) -> str:
    """What the browser keeps under this name, or ""."""
    return request.cookies.get(cookie_name(name, request), "")


def cookie_name(name: str, request: Request) -> str:
    """`__Host-` binds a cookie to this host over https; browsers refuse the prefix on plain http."""
    return f"{HOST_PREFIX}{name}" if request.url.scheme == "https" else name


def set_cookie(
    answer: Response, request: Request, name: str, value: str, *, kept: timedelta | None = None
) -> None:
    """Gives the browser a cookie, until it closes or for as long as `kept` says."""
    answer.set_cookie(
        cookie_name(name, request),
        value,
        max_age=int(kept.total_seconds()) if kept is not None else None,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def drop_cookie(answer: Response, request: Request, name: str) -> None:
    """Takes a cookie back."""
    answer.delete_cookie(
        cookie_name(name, request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def form_token_of(request: Request) -> str:
    """What the forms of somebody who is not signed in carry: the browser's own, or a new one."""
    return cookie(request, FORM_COOKIE) or secrets.token_urlsafe(24)


def is_own_form(request: Request, form_token: str) -> bool:
    """Whether a form of somebody not signed in is one that this browser was given."""
    expected = cookie(request, FORM_COOKIE)
    return bool(expected) and compare_digest(form_token.encode(), expected.encode())
