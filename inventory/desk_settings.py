"""Owns the settings of a desk: whose calls its people answer, which ones, and when they sit there.

It must not know who uses them; `inventory.config` reads them as the table `desk` of `store.toml`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from inventory.domain.help_reasons import HelpReason
from inventory.domain.opening_hours import read_hours
from inventory.domain.routing import NEEDS_HANDS

ANY_STORE = "*"
_STORE = r"^(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,31})$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"

Language = Annotated[str, Field(pattern=_LANGUAGE)]


def _skill(word: str) -> str:
    known = sorted(reason.value for reason in HelpReason if reason not in NEEDS_HANDS)
    if word not in known:
        raise ValueError(f"“{word}” is nothing a desk can be asked; there are {', '.join(known)}")
    return word


def _hours(text: str) -> str:
    read_hours(text)
    return text


class DeskConfig(BaseModel):
    """`serves` names stores of the same database, or `*` for all of them. No `skills`: whatever comes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    serves: Annotated[
        tuple[Annotated[str, Field(pattern=_STORE)], ...],
        Field(strict=False, min_length=1, max_length=10_000),
    ]
    skills: Annotated[
        tuple[Annotated[str, AfterValidator(_skill)], ...], Field(strict=False, max_length=20)
    ] = ()
    languages: Annotated[tuple[Language, ...], Field(strict=False, max_length=50)] = ()
    hours: Annotated[str, AfterValidator(_hours)] = ""
