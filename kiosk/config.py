"""Owns a lane's settings: read once from `lane.toml`, checked, frozen, passed on as values.

It must not open devices or reach the store. Unknown keys are refused with a suggestion; the lane's token may
come from the file, from a file of its own, or from the environment, and is never printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from assets.languages import ENGLISH, FIRST_TIER, LANGUAGES, SHIPPED, unknown_language
from hardware.events import TransportError
from hardware.transport import parse_url
from inventory.domain.identifiers import gtin_14
from inventory.domain.settings import KeyTree, SettingsError, complaint, read_settings
from kiosk.assist.surroundings import Height, Side, Surroundings
from kiosk.ui.theme import BRIGHT, LARGEST_IN, SMALLEST_IN, Colour, Level, contrast

TOKEN_VARIABLE = "LANELIGHT_LANE_TOKEN"  # noqa: S105 - the name of the variable, not its value

MOST_CHIPS = 5
"""How many languages stand on the welcome screen; all others are under the globe."""


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


def _brand(code: str) -> str:
    """A colour that the bar's white letters can be read on (UX R1)."""
    if not code:
        return code
    if not re.fullmatch("#[0-9A-Fa-f]{6}", code):
        raise ValueError(f"{code}: a colour is # and six hexadecimal digits, as #0E1B2E")
    ratio = contrast(BRIGHT, Colour(code))
    if ratio < Level.BODY.value:
        raise ValueError(
            f"{code}: white letters have a contrast of {ratio:.1f}:1 on it, and need "
            f"{Level.BODY.value:.0f}:1; take a darker shade"
        )
    return code


def _shopper_url(url: str) -> str:
    return _store_url(url).rstrip("/") if url else ""


def _terminal_password(password: SecretStr) -> SecretStr:
    if not re.fullmatch("[0-9]{6}", password.get_secret_value()):
        raise ValueError("a terminal's password has six digits")
    return password


def _gtin_or_none(gtin: str) -> str:
    if gtin and (len(gtin) != 14 or gtin_14(gtin) is None):
        raise ValueError(f"{gtin} is not a GTIN of 14 digits, or its check digit is wrong")
    return gtin


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(unknown_language(code))
    return code


def _each_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("a language stands there twice")
    return codes


LanguageCode = Annotated[str, AfterValidator(_language)]
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
    language: LanguageCode = ENGLISH
    languages: Annotated[tuple[LanguageCode, ...], AfterValidator(_each_once)] = Field(
        default=FIRST_TIER, min_length=1, max_length=MOST_CHIPS, description="on the welcome screen"
    )
    receipt: Literal["ask", "always"] = "ask"
    bag_gtin: Annotated[str, AfterValidator(_gtin_or_none)] = ""
    label_region: str = Field(default="it", description="whose rules read in-store price labels")
    data: Path = Path("lane-data")
    answers: Path | None = Field(default=None, description="the shop's own answers to questions")
    help_desk_place: str = Field(
        default="", max_length=40, description="where staff are found while the store does not answer"
    )

    @model_validator(mode="after")
    def _begins_in_a_language_of_the_welcome(self) -> Self:
        if "languages" in self.model_fields_set and self.language not in self.languages:
            raise ValueError(f"languages leaves out “{self.language}”, the one each visit begins in")
        return self

    @property
    def chips(self) -> tuple[str, ...]:
        """The languages on the welcome screen; the one a visit begins in is always among them."""
        if self.language in self.languages:
            return self.languages
        return (self.language, *self.languages)[:MOST_CHIPS]

    @property
    def offered(self) -> tuple[str, ...]:
        """Every language a shopper may choose: all that are shipped, and a test locale named here."""
        return tuple(code for code in LANGUAGES if code in SHIPPED or code in self.chips)


class StoreSection(_Section):
    """Where the store answers, and the lane's right to speak there."""

    url: Annotated[str, AfterValidator(_store_url)]
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    ca_file: Path | None = None
    shopper_url: Annotated[str, AfterValidator(_shopper_url)] = Field(
        default="", description="the store's address for shoppers' phones; without it nothing is sent to them"
    )


class DevicesSection(_Section):
    """One URL a device; a device left out is not used."""

    scanner: DeviceUrl | None = None
    terminal: DeviceUrl | None = None
    terminal_protocol: Literal["zvt", "concert"] = "zvt"
    terminal_password: Annotated[SecretStr, AfterValidator(_terminal_password)] = SecretStr("000000")
    terminal_charset: Literal["cp437", "latin-1", "utf-8", "ascii"] = "cp437"
    terminal_receipts: Literal["lane", "terminal"] = "lane"
    terminal_pos_number: int = Field(default=1, ge=1, le=99, description="the till's number, Concert only")
    printer: DeviceUrl | None = None
    scale: DeviceUrl | None = None
    keypad: DeviceUrl | None = None
    headset: DeviceUrl | None = None
    light: DeviceUrl | None = None
    camera: bool = False


class PanelSection(_Section):
    """The screen: pixels and the diagonal in inches, from which every size in mm follows."""

    width_px: int = Field(default=1080, ge=480, le=7680)
    height_px: int = Field(default=1920, ge=480, le=7680)
    diagonal_in: float = Field(default=15.6, ge=SMALLEST_IN, le=LARGEST_IN)
    fullscreen: bool = True
    bottom_edge_mm: int | None = Field(default=None, ge=0, le=2000)
    """How high the glass's lower edge is above the floor; the doctor then measures every control."""
    brand: Annotated[str, AfterValidator(_brand)] = ""
    """The ground of the welcome screen's bar as `#RRGGBB`; "" leaves the night."""


class ProfileSection(_Section):
    """Where a shopper's hands find things; it is said to whoever cannot see them."""

    scanner: Literal["front", "left", "right", "below"] = "front"
    scanner_height: Literal["waist", "chest"] = "waist"
    reader: Literal["front", "left", "right", "below"] = "right"
    reader_cm: int = Field(default=20, ge=0, le=200, description="from the screen; 0 says nothing of it")
    printer: Literal["front", "left", "right", "below"] = "below"

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            Side(self.scanner),
            Height(self.scanner_height),
            Side(self.reader),
            self.reader_cm,
            Side(self.printer),
        )


class RemoveSection(_Section):
    """What a shopper may take out of a basket before staff are told; the removal itself is always done."""

    staff_above_lines: int = Field(default=3, ge=0, le=1000, description="0: however many")
    staff_above_minor: int = Field(default=2000, ge=0, le=100_000_000, description="0: whatever they cost")


class SpeechSection(_Section):
    """ALSA names of the two outputs; "none" is an output that is not there."""

    headset: str = "default"
    speaker: str = "default"


class LaneConfig(_Section):
    lane: LaneSection
    store: StoreSection
    devices: DevicesSection = DevicesSection()
    panel: PanelSection = PanelSection()
    profile: ProfileSection = ProfileSection()
    speech: SpeechSection = SpeechSection()
    remove: RemoveSection = RemoveSection()

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
