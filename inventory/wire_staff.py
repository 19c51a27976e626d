"""Owns what the store tells its own pages of the people signed in.

It must not say more than that somebody has to be asked about again: a page reads the rest from the store.
"""

from __future__ import annotations

from inventory.wire import Message


class SignedOutMessage(Message):
    """Event `signed-out`: a sign-in of this person was ended from elsewhere."""

    staff_id: str
