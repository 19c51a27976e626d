"""Owns a lane's settings: read once from `lane.toml`, checked, frozen, passed on as values.

It must not open devices or reach the store. Unknown keys are refused with a suggestion; the lane's token may
come from the file, from a file of its own, or from the environment, and is never printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from hardware.events import TransportError
from hardware.transport import parse_url
from inventory.domain.identifiers import gtin_14
from inventory.domain.settings import KeyTree, SettingsError, complaint, read_settings

TOKEN_VARIABLE = "LANELIGHT_LANE_TOKEN"  # noqa: S105 - the name of the variable, not its value

LANGUAGES = ("en", "it", "id", "ro", "fil")
"""The languages a shopper may choose; each has a complete catalogue in assets/locale."""


def _device_url(url: str) -> str:
    try:
        parse_url(url)
    except TransportError as error:
        raise ValueError(str(error)) from None
    return url


def _store_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f"{url}: {str(error).lower()}") from None
    if parts.scheme not in ("http", "https") or not usable:
        raise ValueError(f"{url}: expected http://host:port or https://host")
    return url


def _terminal_password(password: SecretStr) -> SecretStr:
    if not re.fullmatch("[0-9]{6}", password.get_secret_value()):
        raise ValueError("a terminal's password has six digits")
    return password


def _gtin_or_none(gtin: str) -> str:
    if gtin and (len(gtin) != 14 or gtin_14(gtin) is None):
        raise ValueError(f"{gtin} is not a GTIN of 14 digits, or its check digit is wrong")
    return gtin


DeviceUrl = Annotated[str, AfterValidator(_device_url)]


class ConfigError(Exception):
    """The configuration cannot be used; the text is one sentence for a person."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LaneSection(_Section):
    """Who this lane is and how it sells."""

    id: str = Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")
    label: str = Field(min_length=1, max_length=8, description="what stands on the sign: 3")
    store_id: str = Field(min_length=1, max_length=32)
    store_name: str = Field(min_length=1, max_length=40)
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    language: Literal["en", "it", "id", "ro", "fil"] = "en"
    receipt: Literal["ask", "always"] = "ask"
    bag_gtin: Annotated[str, AfterValidator(_gtin_or_none)] = ""
    label_region: str = Field(default="it", description="whose rules read in-store price labels")
    data: Path = Path("lane-data")


class StoreSection(_Section):
    """Where the store answers, and the lane's right to speak there."""

    url: Annotated[str, AfterValidator(_store_url)]
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    ca_file: Path | None = None


class DevicesSection(_Section):
    """One URL a device; a device left out is not used."""

    scanner: DeviceUrl | None = None
    terminal: DeviceUrl | None = None
    terminal_password: Annotated[SecretStr, AfterValidator(_terminal_password)] = SecretStr("000000")
    printer: DeviceUrl | None = None
    scale: DeviceUrl | None = None
    camera: bool = False


class PanelSection(_Section):
    """The screen: pixels and the diagonal in inches, from which every size in mm follows."""

    width_px: int = Field(default=1080, ge=480, le=7680)
    height_px: int = Field(default=1920, ge=480, le=7680)
    diagonal_in: float = Field(default=15.6, ge=7, le=65)
    fullscreen: bool = True


class LaneConfig(_Section):
    lane: LaneSection
    store: StoreSection
    devices: DevicesSection = DevicesSection()
    panel: PanelSection = PanelSection()

    @property
    def journal_path(self) -> Path:
        return self.lane.data / "journal.sqlite"

    @property
    def catalogue_path(self) -> Path:
        return self.lane.data / "catalogue.json"


def read_lane_config(path: Path, environment: Mapping[str, str] = os.environ) -> LaneConfig:
    """The settings in the file at `path`. Raises ConfigError with file, line and key."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the configuration cannot be read: {_reason(error)}.") from error
    try:
        tables = read_settings(text, source=str(path), known=_known_keys(LaneConfig))
        config = LaneConfig.model_validate(tables)
    except SettingsError as error:
        raise ConfigError(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = first["msg"].removeprefix("Value error, ")
        raise ConfigError(complaint(problem, source=str(path), text=text, path=first["loc"])) from error
    return _with_token(config, path, environment)


def _with_token(config: LaneConfig, path: Path, environment: Mapping[str, str]) -> LaneConfig:
    token = environment.get(TOKEN_VARIABLE) or config.store.token.get_secret_value()
    if not token and config.store.token_file is not None:
        try:
            token = config.store.token_file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            file = config.store.token_file
            raise ConfigError(
                f"{path}: store.token_file: {file} cannot be read: {_reason(error)}."
            ) from error
    if not token:
        raise ConfigError(f"{path}: the lane has no token: set store.token_file or {TOKEN_VARIABLE}.")
    return config.model_copy(update={"store": config.store.model_copy(update={"token": SecretStr(token)})})


def _known_keys(model: type[BaseModel]) -> KeyTree:
    keys: dict[str, KeyTree | None] = {}
    for name, field in model.model_fields.items():
        section: Any = field.annotation
        nested = isinstance(section, type) and issubclass(section, BaseModel)
        keys[name] = _known_keys(section) if nested else None
    return keys


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8 text"
