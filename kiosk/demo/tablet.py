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
    "refuse": ("(?:interventions|prices)", "refuse"),
    "price": ("prices", "approve"),
    "count": ("shelf", "count"),
}

GOODS_NAME = "Goods from the shelf"
"""What the attendant calls goods that the catalogue does not know."""

_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]*)"')
_MARK = re.compile(r'name="mark" value="([^"]*)"')
_TAX_CLASS = re.compile(r'name="tax_class"><option value="([^"]*)"')


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

    def press(self, step: str, lane_id: str = "", *, price: str = "", counted: str = "") -> bool:
        """Presses the first button for `step` (of `lane_id` if given); False while there is none.

        With `price` it is typed first, with a name, and the rest of the form is left as it stands; `counted`
        is the number of a shelf.
        """
        self._sign_in()
        kind, word = STEPS[step]
        page = self._get(f"/staff?lane={lane_id}" if lane_id else "/staff")
        found = re.search(rf'action="(/staff/{kind}/[^"/]+/{word})"', page)
        token, tax_class = _FORM_TOKEN.search(page), _TAX_CLASS.search(page)
        if found is None or token is None:
            return False
        words = {"form_token": html.unescape(token.group(1))}
        if price and tax_class is not None:
            words |= {"name": GOODS_NAME, "price": price, "tax_class": html.unescape(tax_class.group(1))}
        if counted:
            words["counted"] = counted
        if "interventions" in found.group(1):
            # A decision about money asks for the PIN again, an adult check for a look at the shopper.
            words |= {"pin": self._pin, "sight": "yes"}
        answer = self._ask("POST", found.group(1), words)
        if not answer.is_success:
            raise TabletError(f"the tablet refused to {step}: {answer.status_code}")
        return True

    def say(self, phrase: str, value: str = "") -> bool:
        """Answers in the conversation shown; `value` fills in what is left open. False where none is."""
        self._sign_in()
        page = self._get("/staff")
        found = re.search(rf'action="(/staff/talk/[^"/]+/{phrase})"', page)
        token, mark = _FORM_TOKEN.search(page), _MARK.search(page)
        if found is None or token is None or mark is None:
            return False
        words = {"form_token": html.unescape(token.group(1)), "mark": mark.group(1), "value": value}
        answer = self._ask("POST", found.group(1), words)
        if not answer.is_success:
            raise TabletError(f"the tablet refused to say {phrase}: {answer.status_code}")
        return True

    @property
    def pin(self) -> str:
        """For the number pad of a lane."""
        return self._pin

    def close(self) -> None:
        self._client.close()

    def _sign_in(self) -> None:
        if self._signed_in:
            return
        token = _FORM_TOKEN.search(self._get("/sign-in"))
        if token is None:
            raise TabletError("the sign-in page has no form")
        words = {"name": self._name, "pin": self._pin, "form_token": html.unescape(token.group(1))}
        answer = self._ask("POST", "/sign-in", words)
        if not answer.is_success:
            raise TabletError(f"{self._name} could not sign in: {answer.status_code}")
        self._signed_in = True

    def _get(self, path: str) -> str:
        return self._ask("GET", path).text

    def _ask(self, method: str, path: str, words: dict[str, str] | None = None) -> httpx.Response:
        try:
            return self._client.request(method, path, data=words)
        except httpx.HTTPError as error:
            raise TabletError(f"the store does not answer: {error}") from error
