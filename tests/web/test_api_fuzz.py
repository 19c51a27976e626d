"""The whole API against its own description, each operation by each kind of caller."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inventory.web.hq_operations import HQ_OPERATIONS
from tests.support.api_fuzz import CALLERS, ApiInTest, api_in_test, may, play, playable

CASES = 2
SEED = 5


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiInTest]:
    with api_in_test(tmp_path_factory.mktemp("api")) as api:
        yield api


@pytest.mark.parametrize("caller", ["branch", "manager"])
def test_what_branches_ask_of_a_headquarters_is_answered_as_described(api: ApiInTest, caller: str) -> None:
    for operation in HQ_OPERATIONS:
        play(api, operation, caller, examples=4, draw=SEED, bad=False)
        play(api, operation, caller, examples=4, draw=SEED, bad=True)


@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_is_as_described_and_nobody_passes_who_may_not(api: ApiInTest, caller: str) -> None:
    for operation in playable():
        allowed = may(operation, caller)
        play(api, operation, caller, examples=CASES if allowed else 1, draw=SEED, bad=False)
        if allowed:
            play(api, operation, caller, examples=CASES, draw=SEED, bad=True)
