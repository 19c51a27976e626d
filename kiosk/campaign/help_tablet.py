"""Owns a member of staff's tablet as the campaign drives it: a signed-in browser without a screen.

It must not know the store's insides, nor decide what to press: it sees what a browser sees.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time

import httpx

from kiosk.campaign.help_checks import Told
from kiosk.campaign.help_wall import CallTile, read_wall

PATIENCE_S = 3.0
LOOK_GAP_S = 0.2
"""In a rush of news the wall is fetched no more often: nobody reads faster."""

_SIGNED_OUT = (401, 403)
_TOKEN_OF_PAGE = re.compile(r'data-token="([^"]+)"')


class StaffTablet:
    """One person's tablet. Connections may break at any time; every method lives with that."""

    def __init__(self, url: str, name: str, pin: str) -> None:
        self.name = name
        self._pin = pin
        self._client = httpx.AsyncClient(
            base_url=url,
            trust_env=False,
            timeout=PATIENCE_S,
            headers={"Origin": url, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
        )
        self._form_token = ""
        self._news = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._asleep_until_s = 0.0
        self._looked_s = 0.0
        self.calls: dict[str, CallTile] = {}
        self.told: list[Told] = []
        self.sign_ins = 0
        self.pressed = 0

    def open(self) -> None:
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self._client.aclose()

    def sleep(self, seconds: float) -> None:
        """The screen goes dark: the stream is not read, and nothing is fetched."""
        self._asleep_until_s = time.monotonic() + seconds

    def wake(self) -> None:
        self._asleep_until_s = 0.0

    def forget_sign_in(self) -> None:
        """The browser was closed: its cookies are gone."""
        self._client.cookies.clear()
        self._form_token = ""

    async def news(self, timeout_s: float) -> None:
        """Waits for news, or so long; then looks at the wall."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        await asyncio.sleep(self._looked_s + LOOK_GAP_S - time.monotonic())
        await self._while_asleep()
        self._news.clear()
        await self.look()

    async def look(self) -> bool:
        """Fetches the wall; False when the store did not answer with one."""
        self._looked_s = time.monotonic()
        answer = await self._ask("GET", "/staff/wall")
        return answer is not None and self._took(answer)

    async def press(self, help_id: str, step: str, **words: str) -> bool:
        """Sends the form behind a button; False when no wall came back. Notes what it was told is its own."""
        fields = self.calls[help_id].steps.get(step, {}) if help_id in self.calls else {}
        form = {"form_token": self._form_token, **fields, **words}
        answer = await self._ask("POST", f"/staff/help/{help_id}/{step}", form)
        if answer is None or not self._took(answer):
            return False
        self.pressed += 1
        if help_id in self.calls and self.calls[help_id].is_mine:
            self.told.append(Told(help_id, self.name, self.calls[help_id].turn))
        return True

    async def _while_asleep(self) -> None:
        while (left_s := self._asleep_until_s - time.monotonic()) > 0:
            await asyncio.sleep(min(left_s, 0.1))

    def _took(self, answer: httpx.Response) -> bool:
        if answer.status_code in _SIGNED_OUT:
            self._form_token = ""
            return False
        if answer.status_code != httpx.codes.OK:
            return False
        wall = read_wall(answer.text)
        self._form_token = wall.form_token or self._form_token
        self.calls = wall.calls
        return True

    async def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response | None:
        if not self._form_token and not await self._sign_in():
            return None
        return await self._send(method, path, form, {"X-Fragment": "wall"})

    async def _sign_in(self) -> bool:
        page = await self._send("GET", "/sign-in")
        token = read_wall(page.text).form_token if page is not None else ""
        if not token:
            return False
        words = {"name": self.name, "pin": self._pin, "form_token": token}
        answer = await self._send("POST", "/sign-in", words)
        if answer is None or answer.status_code != httpx.codes.SEE_OTHER:
            return False
        self.sign_ins += 1
        home = await self._send("GET", "/staff")
        if home is not None and home.is_success:
            self._form_token = _token_of(home.text)
        return self._form_token != ""

    async def _send(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        try:
            return await self._client.request(method, path, data=form, headers=headers)
        except (httpx.HTTPError, OSError):
            await asyncio.sleep(0.05)
            return None

    async def _listen(self) -> None:
        """As the page does: told that something changed, never what."""
        while True:
            if not self._form_token:
                self._news.set()  # whoever looks signs in
            else:
                with contextlib.suppress(httpx.HTTPError, OSError):
                    async with self._client.stream("GET", "/staff/events", timeout=15.0) as stream:
                        await self._follow(stream)
            await asyncio.sleep(0.2)

    async def _follow(self, stream: httpx.Response) -> None:
        if not stream.is_success:
            self._form_token = ""
            return
        async for line in stream.aiter_lines():
            await self._while_asleep()
            if line.startswith("event: changed"):
                self._news.set()
            elif line.startswith("event: signed-out"):
                self._form_token = ""
                return


def _token_of(page: str) -> str:
    """The token of the page's forms; one that shows no call has it for its own use."""
    found = _TOKEN_OF_PAGE.search(page)
    return read_wall(page).form_token or (found[1] if found is not None else "")
