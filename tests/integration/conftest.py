"""Owns what the window's tests share: one desk a process, since Kivy is one to a process.

It must not be asked for by tests that need no window.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.desk import Desk, open_desk


@pytest.fixture(scope="session")
def opened() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.posted.clear()
    opened.drew.clear()
    return opened
