"""Owns what tests share: one desk a process, since Kivy is one to a process, and one database server.

They must not be asked for by tests that need none.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.desk import Desk, open_desk
from tests.support.engines import NewStore, NoServerError, Server, on_file, running_server
from tests.support.store_samples import make_ready


@pytest.fixture(scope="session")
def opened() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.posted.clear()
    opened.drew.clear()
    return opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this process's own, or a skip."""
    try:
        with running_server() as server:
            server.prepare_template(make_ready)
            yield server
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Where a store lives: a test that asks for it runs once on each engine."""
    if request.param == "sqlite":
        return on_file
    server: Server = request.getfixturevalue("server")
    return server.new_store
