"""Owns the benchmark of a call for help: from the lane's message to the word on the attendant's tablet.

It must not know what a tablet shows. The store runs on a thread of this process, spoken to over HTTP.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from inventory.demo import DemoStore
from inventory.domain.help_desk import HelpState
from inventory.wire import HelpMessage
from tests.benchmarks.figures import Effort, Figure, spread
from tests.benchmarks.samples import LANE_ID, NOW
from tests.support.web_store import Visitor

NEWS_LIMIT_S = 5.0
SETTLE_S = 0.02


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    store = DemoStore(folder)
    try:
        yield spread("help_to_tablet", _calls(store, effort.of(200, 30)), "ms")
    finally:
        store.close()


def _calls(store: DemoStore, count: int) -> list[float]:
    person = store.people[0]
    headers = {"Authorization": f"Bearer {store.lane_token}"}
    with (
        httpx.Client(base_url=store.url, trust_env=False) as browser,
        httpx.Client(base_url=store.url, headers=headers, trust_env=False) as lane,
    ):
        assert Visitor(browser).sign_in(person.name, pin=person.pin).status_code == 303
        tablet = _Tablet(browser)
        samples_s = [_call(lane, tablet, number) for number in range(count + 3)]
        store.down()  # ends the stream, and with it the tablet's thread
        tablet.join()
    return samples_s[3:]


def _call(lane: httpx.Client, tablet: _Tablet, number: int) -> float:
    """One call and its end; seconds until the tablet was told of the call."""
    tablet.settle()
    start_s = time.perf_counter()
    _say(lane, number, HelpState.REQUESTED)
    waited_s = tablet.told_at() - start_s
    _say(lane, number, HelpState.CANCELLED)
    tablet.told_at()
    return waited_s


def _say(lane: httpx.Client, number: int, state: HelpState) -> None:
    message = HelpMessage(help_id=f"help-{number}", lane_id=LANE_ID, state=state, requested_at_utc=NOW)
    path = f"/api/v1/help/{message.help_id}"
    lane.put(path, content=message.model_dump_json()).raise_for_status()


class _Tablet:
    """A subscriber of the tablet's stream that notes when each piece of news came in."""

    def __init__(self, browser: httpx.Client) -> None:
        self._browser = browser
        self._news: queue.Queue[float] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, name="tablet", daemon=True)
        self._thread.start()
        self.told_at()  # the stream's first word: it is open

    def told_at(self) -> float:
        """When the next news came, in `perf_counter` seconds."""
        return self._news.get(timeout=NEWS_LIMIT_S)

    def settle(self) -> None:
        """Waits a moment and forgets the news of what happened before."""
        time.sleep(SETTLE_S)
        while not self._news.empty():
            self._news.get_nowait()

    def join(self) -> None:
        self._thread.join(NEWS_LIMIT_S)

    def _listen(self) -> None:
        with self._browser.stream("GET", "/staff/events", timeout=None) as stream:
            for line in stream.iter_lines():
                if line == "event: changed":
                    self._news.put(time.perf_counter())
