"""Owns the demonstration's attendant: signs in on the real tablet page and presses its real buttons.

It must not know the store's insides: it sees what a browser sees.
"""

from __future__ import annotations

import html
import re

import httpx

STEPS = {
    "accept": ("help", "accept"),
    "en-route": ("help", "en-route"),
    "arrive": ("help", "arrive"),
    "resolve": ("help", "resolve"),
    "approve": ("interventions", "approve"),
    "refuse": ("interventions", "refuse"),
}

_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]*)"')


class TabletError(Exception):
    """The tablet page did not offer what the attendant wanted to press, or refused it."""


class Tablet:
    """One signed-in browser without a screen."""

    def __init__(self, url: str, name: str, pin: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            follow_redirects=True,
            trust_env=False,
            timeout=10,
            headers={"Origin": url, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
        )
        self._name, self._pin = name, pin
        self._signed_in = False

    def press(self, step: str, lane_id: str = "") -> bool:
        """Presses the first button for `step` (of `lane_id` if given); False while there is none."""
        self._sign_in()
        kind, word = STEPS[step]
        page = self._get(f"/staff?lane={lane_id}" if lane_id else "/staff")
        found = re.search(rf'action="(/staff/{kind}/[^"/]+/{word})"', page)
        token = _FORM_TOKEN.search(page)
        if found is None or token is None:
            return False
        words = {"form_token": html.unescape(token.group(1))}
        if kind == "interventions":
            words["pin"] = self._pin  # a decision about money asks for it again; an age check does not look
        answer = self._client.post(found.group(1), data=words)
        if not answer.is_success:
            raise TabletError(f"the tablet refused to {step}: {answer.status_code}")
        return True

    def close(self) -> None:
        self._client.close()

    def _sign_in(self) -> None:
        if self._signed_in:
            return
        token = _FORM_TOKEN.search(self._get("/sign-in"))
        if token is None:
            raise TabletError("the sign-in page has no form")
        words = {"name": self._name, "pin": self._pin, "form_token": html.unescape(token.group(1))}
        answer = self._client.post("/sign-in", data=words)
        if not answer.is_success:
            raise TabletError(f"{self._name} could not sign in: {answer.status_code}")
        self._signed_in = True

    def _get(self, path: str) -> str:
        try:
            answer = self._client.get(path)
        except httpx.HTTPError as error:
            raise TabletError(f"the store does not answer: {error}") from error
        return answer.text
