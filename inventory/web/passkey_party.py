"""Owns who the store is to passkeys: its name, and the public address of its settings.

It must not know questions or answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inventory.config import StoreConfig

if TYPE_CHECKING:
    from inventory.services.passkey_check import RelyingParty


def party_of(config: StoreConfig) -> RelyingParty:
    """The store as passkeys know it; only where `public_url` is set."""
    from inventory.services.passkey_check import RelyingParty  # noqa: PLC0415 - see there

    address = urlsplit(config.public_url)
    assert address.hostname is not None, "the settings refuse another"
    return RelyingParty(address.hostname, origin_of(config), config.name)


def origin_of(config: StoreConfig) -> str:
    """The address as browsers write it, without a port that goes without saying; "" for none."""
    address = urlsplit(config.public_url.lower())
    usual = {"https": 443, "http": 80}.get(address.scheme)
    host = address.netloc.removesuffix(f":{usual}")
    return f"{address.scheme}://{host}" if host else ""
