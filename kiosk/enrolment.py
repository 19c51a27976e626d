"""Owns how a lane is let in at its store: a code of the console against a token that the lane makes itself.

It must not print a token, nor leave one where others can read it. What was not let in changes no file.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import ValidationError

from inventory.wire import EnrolmentAnswer, EnrolmentMessage
from kiosk.commands import CommandError
from kiosk.config import TOKEN_VARIABLE, ConfigError, LaneConfig, read_lane_config
from kiosk.lane_file import LaneFileError, write_secret_file, write_secrets
from kiosk.pin_check import is_private
from kiosk.store_line import StoreAddress, trust

PATH = "/api/v1/enrolments"
TRIES = 3
PAUSE_S = 1.0
_SCANNED = "lanelight:enrol?"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody typed or scanned: eight digits, and where to, "" where only the digits were."""

    code: str
    store_url: str = ""
    lane_id: str = ""


def read_invitation(told: str) -> Invitation:
    """A code in any grouping, or the text of the console's square. Raises CommandError."""
    plain = told.strip()
    if plain.startswith(_SCANNED):
        fields = {name: values[0] for name, values in parse_qs(urlsplit(plain).query).items()}
        invitation = Invitation(
            fields.get("code", ""), fields.get("store", "").rstrip("/"), fields.get("lane", "")
        )
    else:
        invitation = Invitation(re.sub(r"[\s.-]", "", plain))
    if not re.fullmatch(r"[0-9]{8}", invitation.code, re.ASCII):
        raise CommandError("A code has eight digits, as the console shows them.")
    return invitation


def enrol(config_path: Path, *, store_url: str, told: str) -> str:
    """Lets the lane in and answers a sentence that says so. Raises CommandError; nothing is then written."""
    invitation = read_invitation(told)
    config = _settings(config_path)
    if invitation.lane_id not in ("", config.lane.id):
        raise CommandError(f"This code is for {invitation.lane_id}; these settings are {config.lane.id}’s.")
    url = (store_url or invitation.store_url or config.store.url).rstrip("/")
    if not is_private(url):
        raise CommandError("A code may travel only over https, or to this machine.")
    token = secrets.token_urlsafe(32)
    message = EnrolmentMessage(code=invitation.code, lane_id=config.lane.id, token=token)
    answer = _exchange(StoreAddress(url, "", config.lane.id, config.store.ca_file), message)
    if answer.store_id != config.lane.store_id:
        problem = f"it is the store {answer.store_id}, and lane.store_id says {config.lane.store_id}"
        raise CommandError(f"{url} let the lane in, but {problem}.")
    _keep(config_path, config, url, token)
    return f"{answer.store_name} knows {answer.lane_id} now."


def _settings(config_path: Path) -> LaneConfig:
    if os.environ.get(TOKEN_VARIABLE):
        raise CommandError(f"{TOKEN_VARIABLE} is set, and would win over any token in the settings.")
    try:
        # A lane that is not let in yet has no token, without which settings are not read.
        return read_lane_config(config_path, {TOKEN_VARIABLE: "none yet"})
    except ConfigError as error:
        raise CommandError(str(error)) from error


def _exchange(address: StoreAddress, message: EnrolmentMessage) -> EnrolmentAnswer:
    """Sends the same exchange again after a lost answer: the store lets one lane in once."""
    headers = {"Content-Type": "application/json"}
    problem = "it does not answer"
    try:
        with httpx.Client(base_url=address.url, verify=trust(address), timeout=10, trust_env=False) as client:
            for attempt in range(TRIES):
                time.sleep(PAUSE_S if attempt else 0)
                try:
                    answer = client.post(PATH, content=message.model_dump_json(), headers=headers)
                except httpx.TransportError as error:
                    problem = str(error) or problem
                    continue
                if answer.status_code == HTTPStatus.CREATED:
                    return EnrolmentAnswer.model_validate_json(answer.content)
                raise CommandError(_refusal(answer))
    except (httpx.HTTPError, OSError, ValidationError, httpx.InvalidURL) as error:
        problem = str(error).splitlines()[0] if str(error) else problem
    raise CommandError(f"{address.url}: {problem}.")


def _refusal(answer: httpx.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = None
    return detail if isinstance(detail, str) else f"The store answered {answer.status_code}."


def _keep(config_path: Path, config: LaneConfig, url: str, token: str) -> None:
    """Puts the token where the settings look for it first, and the address where it is another."""
    values = {"url": url} if url != config.store.url.rstrip("/") else {}
    in_file = config.store.token_file if not _has_token(config_path) else None
    try:
        if in_file is not None:
            write_secret_file(in_file, token)
        else:
            values["token"] = token
        if values:
            write_secrets(config_path, "store", values)
    except LaneFileError as error:
        place = in_file or config_path
        raise CommandError(f"{place} cannot be written: {error}. Ask for a new code then.") from error


def _has_token(config_path: Path) -> bool:
    """Whether the settings hold a token themselves, which wins over one in a file."""
    found = re.search(r"^\s*token\s*=\s*[\"'][^\"']", config_path.read_text("utf-8"), re.MULTILINE)
    return found is not None
