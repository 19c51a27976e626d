"""Owns what counts as one caller where only an address is known.

It must not know how often a caller may ask, nor for what.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from fastapi import Request

_OF_ONE_LINE: Final = 64
"""Bits of an IPv6 address that name a line; whoever has the line chooses the other 64 (RFC 6177)."""


def caller_of(request: Request) -> str:
    """Where a request came from: an IPv4 address, or the network of an IPv6 address; "" for unknown."""
    return neighbourhood(request.client.host) if request.client else ""


@lru_cache(4096)
def neighbourhood(host: str) -> str:
    """The address, or of IPv6 the network that one line has. Other names stay as they are."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _OF_ONE_LINE), strict=False))
