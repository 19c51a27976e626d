"""Owns the settings of one webhook: where to, with which secret, about what, and in which words.

It must not know who uses them; `inventory.config` reads them as `[[help.webhooks]]` of `store.toml`. An
address comes from here alone, so that nobody can make the store speak to another.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from inventory.domain.webhooks import WebhookEvent

MIN_SECRET_LENGTH = 22
LONGEST_URL = 2000


def _url(url: SecretStr) -> SecretStr:
    if not is_allowed(url.get_secret_value()):
        raise ValueError("a webhook's url is https, or http on this machine, without a name or a password")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
        raise ValueError(f"a webhook's secret has {MIN_SECRET_LENGTH} characters at least (128 random bits)")
    return secret


def _event(word: str) -> str:
    known = [event.value for event in WebhookEvent if event is not WebhookEvent.TEST]
    if word not in known:
        raise ValueError(f"“{word}” is no event; there are {', '.join(known)}")
    return word


class WebhookConfig(BaseModel):
    """One system that is told. The address itself may be a secret, as those of chat rooms are."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
    url: Annotated[SecretStr, AfterValidator(_url)]
    secret: Annotated[SecretStr, AfterValidator(_secret)]
    events: Annotated[
        tuple[Annotated[str, AfterValidator(_event)], ...], Field(strict=False, min_length=1, max_length=20)
    ] = (WebhookEvent.ESCALATED_MANAGER.value,)
    kind: Literal["json", "text"] = "json"


def is_allowed(url: str) -> bool:
    """Whether a webhook may live there: https, or http without leaving this machine."""
    if not (url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL):
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment or "\\" in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
