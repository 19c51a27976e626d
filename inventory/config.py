"""Owns the store's settings: what `store.toml` may say, checked once and frozen.

It must not know who uses them. Secrets may stand in the file, or elsewhere: a secret that reads `env:NAME` or
`file:PATH` is fetched from there, and none is ever shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from inventory.approval_settings import ApprovalConfig
from inventory.desk_settings import DeskConfig
from inventory.domain.availability import CERTAIN_FOR_H, LONGEST_CERTAIN_H, ShelfRule
from inventory.domain.settings import KeyTree, SettingsError, complaint, read_settings
from inventory.domain.stock import BandLimits
from inventory.help_settings import HelpConfig

ConfigError = SettingsError
"""A settings file that cannot be used; its text is one sentence that names file, line and key."""

DEFAULT_DATABASE = "sqlite:///store.db"
MIN_TOKEN_LENGTH = 22

_HOST = re.compile(r"[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*(:\d{1,5})?")
"""By name: passkeys know no addresses of numbers."""

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"“{code}” is not a currency of ISO 4217, such as EUR")
    return code


def _public_url(address: str) -> str:
    scheme, _, host = address.partition("://")
    is_safe = scheme == "https" or (scheme == "http" and host.partition(":")[0] == "localhost")
    if address and not (is_safe and _HOST.fullmatch(host)):
        raise ValueError(f"“{address}” is not an https address by name, such as https://store.example")
    return address


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not a time zone, such as Europe/Rome") from None
    return name


Rate = Annotated[int, Field(ge=0, le=10_000)]


Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class HeadquartersConfig(BaseModel):
    """Where a store's headquarters is. `every_s` seconds lie between two questions, at most."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: str = Field(pattern=r"^https?://[^/\s]+$")
    token: SecretStr
    ca_file: Annotated[Path | None, Field(strict=False)] = None
    every_s: int = Field(default=60, ge=1, le=3600)


class BranchConfig(BaseModel):
    """A store of this headquarters: its token, and the zone whose prices it sells at."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    token: SecretStr
    zone: str = Field(default="", pattern=rf"^({_ID})?$")


class ShelfLimits(BaseModel):
    """From how many pieces or kilograms on a department says so, and how many hours a count is sure."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    plenty: int = Field(default=10, ge=1, le=100_000)
    a_few: int = Field(default=4, ge=1, le=100_000)
    certain_for_h: int = Field(default=CERTAIN_FOR_H, ge=0, le=LONGEST_CERTAIN_H)

    @model_validator(mode="after")
    def _check_order(self) -> ShelfLimits:
        if self.a_few > self.plenty:
            raise ValueError("“plenty” begins at or above “a_few”")
        return self

    @property
    def rule(self) -> ShelfRule:
        return ShelfRule(BandLimits(self.plenty * 1000, self.a_few * 1000), self.certain_for_h)


class StoreConfig(BaseModel):
    """One store's settings. Rates are basis points; `lanes` holds each lane's token by its id."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    store_id: str = Field(pattern=rf"^{_ID}$")
    name: str = Field(min_length=1, max_length=80)
    currency: Annotated[str, AfterValidator(_currency)] = "EUR"
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    host: str = "127.0.0.1"
    port: int = Field(default=8480, ge=0, le=65535)
    database_url: SecretStr = SecretStr(DEFAULT_DATABASE)
    data_dir: Annotated[Path, Field(strict=False)] = Path()
    """Where relative files live; itself relative to the settings file."""
    tax_rates_bp: dict[str, Rate] = Field(default_factory=lambda: {"standard": 2200})
    attendant_price_cut_percent: int = Field(default=30, ge=0, le=100)
    supervisor_price_cut_percent: int = Field(default=50, ge=0, le=100)
    manager_price_cut_percent: int = Field(default=100, ge=0, le=100)
    api_per_second: int = Field(default=50, ge=1, le=1_000_000)
    api_burst: int = Field(default=200, ge=1, le=1_000_000)
    """How often one lane or system may ask; sales are never sent away for their number."""
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    """Where browsers find the store; passkeys are bound to it, and off without it."""
    staff_needs_enrolled_tablet: bool = False
    """Whether a PIN is taken from enrolled tablets alone."""
    lanes: dict[str, SecretStr] = Field(default_factory=dict)
    place: Annotated[tuple[Latitude, Longitude] | None, Field(strict=False)] = None
    """Where the store stands, degrees north and east (WGS 84); without it no other store is named nearby."""
    address: str = Field(default="", max_length=120)
    """As shoppers of other stores read it."""
    shelves: dict[str, ShelfLimits] = Field(default_factory=dict)
    """By department; all others speak as most do."""
    plan: Annotated[Path | None, Field(strict=False)] = None
    """The store's plan (see `inventory.domain.store_plan`); without one no map and no way is shown."""

    help: HelpConfig = Field(default_factory=HelpConfig)
    """When more people hear of a call for help."""
    approvals: ApprovalConfig = Field(default_factory=ApprovalConfig)
    """What answers to lanes' questions ask for beyond the plain policy."""
    desk: DeskConfig | None = None
    """Whose calls people here answer as well; None where nobody's."""
    headquarters: HeadquartersConfig | None = None
    """Whom this store follows; None where it stands alone."""
    branches: dict[str, BranchConfig] = Field(default_factory=dict)
    """The stores that follow this one, which is then their headquarters."""

    @model_validator(mode="after")
    def _check_branches(self) -> StoreConfig:
        tokens = [branch.token.get_secret_value() for branch in self.branches.values()]
        if self.headquarters is not None:
            if self.branches:
                raise ValueError("a headquarters has none itself: take out headquarters or branches")
            tokens.append(self.headquarters.token.get_secret_value())
        for branch_id in self.branches:
            if not re.fullmatch(_ID, branch_id) or branch_id == self.store_id:
                raise ValueError(f"“{branch_id}” is no branch id: another than store_id, at most 32 letters")
        if any(len(token) < MIN_TOKEN_LENGTH for token in tokens):
            raise ValueError(f"a branch's token has {MIN_TOKEN_LENGTH} characters at least (128 random bits)")
        if len(set(tokens)) < len(tokens):
            raise ValueError("two branches have the same token")
        return self

    @model_validator(mode="after")
    def _check_lanes(self) -> StoreConfig:
        tokens = [token.get_secret_value() for token in self.lanes.values()]
        for lane_id, token in self.lanes.items():
            if not re.fullmatch(_ID, lane_id):
                raise ValueError(f"“{lane_id}” is no lane id: letters, digits, dots and hyphens, at most 32")
            if len(token.get_secret_value()) < MIN_TOKEN_LENGTH:
                raise ValueError(
                    f"the token of {lane_id} is shorter than {MIN_TOKEN_LENGTH} characters (128 random bits)"
                )
        if len(set(tokens)) < len(tokens):
            raise ValueError("two lanes have the same token")
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the store."""
        return self.host in ("127.0.0.1", "::1", "localhost")


_KNOWN: KeyTree = dict.fromkeys(StoreConfig.model_fields) | {
    "headquarters": dict.fromkeys(HeadquartersConfig.model_fields),
    "help": dict.fromkeys(HelpConfig.model_fields),
    "approvals": dict.fromkeys(ApprovalConfig.model_fields),
    "desk": dict.fromkeys(DeskConfig.model_fields),
}


def read_store_config(path: Path, *, environment: Mapping[str, str] | None = None) -> StoreConfig:
    """The settings of a `store.toml`. Raises ConfigError with one sentence."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: this is not UTF-8 text.") from None
    source = str(path)
    tables = read_settings(text, source=source, known=_KNOWN)
    _fetch_secrets(tables, path, text, os.environ if environment is None else environment)
    try:
        config = StoreConfig.model_validate(tables)
    except ValidationError as error:
        raise ConfigError(_sentence(error, source, text)) from None
    data_dir = (path.parent / config.data_dir).resolve()
    headquarters = config.headquarters
    if headquarters is not None and headquarters.ca_file is not None:
        ca_file = path.parent / headquarters.ca_file
        headquarters = headquarters.model_copy(update={"ca_file": ca_file})
    return config.model_copy(
        update={
            "data_dir": data_dir,
            "headquarters": headquarters,
            "plan": data_dir / config.plan if config.plan else None,
            "database_url": SecretStr(_absolute(config.database_url.get_secret_value(), data_dir)),
        }
    )


def _sentence(error: ValidationError, source: str, text: str) -> str:
    # include_input=False: what stands in the file may be a secret.
    first = error.errors(include_input=False, include_url=False)[0]
    problem = str(first["msg"]).removeprefix("Value error, ")
    place = first["loc"] or ("lanes",)
    return complaint(f"{problem[:1].lower()}{problem[1:]}.", source=source, text=text, path=place)


def _fetch_secrets(tables: dict[str, Any], path: Path, text: str, environment: Mapping[str, str]) -> None:
    def fetched(value: object, *place: str) -> object:
        if not isinstance(value, str):
            return value
        if value.startswith("env:"):
            found = environment.get(value[4:])
            if not found:
                problem = f"the environment variable {value[4:]} is not set."
                raise ConfigError(complaint(problem, source=str(path), text=text, path=place))
            return found
        if value.startswith("file:"):
            try:
                return (path.parent / value[5:]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                problem = f"the file {value[5:]} cannot be read."
                raise ConfigError(complaint(problem, source=str(path), text=text, path=place)) from None
        return value

    if "database_url" in tables:
        tables["database_url"] = fetched(tables["database_url"], "database_url")
    for place, section in _sections(tables):
        for name in _SECRETS & section.keys():
            section[name] = fetched(section[name], *place, name)
    lanes = tables.get("lanes")
    if isinstance(lanes, dict):
        tables["lanes"] = {name: fetched(token, "lanes", name) for name, token in lanes.items()}


_SECRETS = frozenset({"token", "secret", "url"})
"""The address of a webhook may be one; any other address begins with its scheme and stays as it is."""


def _sections(tables: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The tables that hold secrets of their own, with their place in the file."""
    headquarters, branches = tables.get("headquarters"), tables.get("branches")
    asking = tables.get("help")
    webhooks = asking.get("webhooks") if isinstance(asking, dict) else None
    for webhook in webhooks if isinstance(webhooks, list) else ():
        if isinstance(webhook, dict):
            yield ("help", "webhooks"), webhook
    if isinstance(headquarters, dict):
        yield ("headquarters",), headquarters
    if isinstance(branches, dict):
        for name, branch in branches.items():
            if isinstance(branch, dict):
                yield ("branches", name), branch


def _absolute(url: str, data_dir: Path) -> str:
    """A relative SQLite path lies in the data folder, wherever the program was started."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
        return f"{prefix}{data_dir / url.removeprefix(prefix)}"
    return url
