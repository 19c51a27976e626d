"""Owns the switch that writes golden files anew.

It must not be set by any script: what it writes is to be looked at.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="write golden files anew from what the code does now"
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files shall become what is drawn now."""
    return bool(request.config.getoption("--accept", default=False))
