"""Owns the names of what stands in a shopper's way: why a scan was not taken, why Pay cannot start.

It must not know the words for them, nor what is done about it.
"""

from __future__ import annotations

from enum import Enum


class ScanProblem(Enum):
    """Why a scan did not reach the basket, in the shopper's terms."""

    UNKNOWN_ITEM = "unknown item"
    UNREADABLE = "unreadable"
    NOT_A_PRODUCT = "not a product"
    LABEL_PRICE = "label price"
    LIMIT = "limit"
    CARD = "card"
    COUPON = "coupon"
    WHILE_PAYING = "while paying"
    NOT_FOR_SALE = "not for sale"
    LANE_CLOSED = "lane closed"


class PayObstacle(Enum):
    """Why Pay cannot start now."""

    AGE_CHECK = "age check"
    AGE_REFUSED = "age refused"
    PRICE_PENDING = "price pending"
    TERMINAL = "terminal"
    STORAGE = "storage"
