"""Owns the settings of help: after how long more people hear of a call, here, elsewhere, and other systems.

It must not know who uses them; `inventory.config` reads them as the table `help` of `store.toml`.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from inventory.desk_settings import Language
from inventory.domain.call_link import template_fault
from inventory.domain.help_waiting import Ladder, Level
from inventory.webhook_settings import WebhookConfig

_LEVELS: Final = {
    "at-once": Level.EVERYONE,
    "again": Level.AGAIN,
    "supervisor": Level.SUPERVISOR,
    "manager": Level.MANAGER,
    "by-hand": None,
}
MOST_WEBHOOKS: Final = 20


def _template(text: str) -> str:
    fault = template_fault(text) if text else ""
    if fault:
        raise ValueError(fault)
    return text


class HelpConfig(BaseModel):
    """Seconds without an answer after which a call rings again, reaches supervisors, reaches managers.

    `elsewhere` is when desks of the same database hear of it too. `languages` are those that somebody here
    speaks; none said, none is missed. `call_link` is a template of an address for voice or video.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    again_s: int = Field(default=15, ge=5, le=3600)
    supervisor_s: int = Field(default=30, ge=5, le=3600)
    manager_s: int = Field(default=60, ge=5, le=3600)
    elsewhere: Literal["at-once", "again", "supervisor", "manager", "by-hand"] = "supervisor"
    languages: Annotated[tuple[Language, ...], Field(strict=False, max_length=50)] = ()
    call_link: Annotated[str, AfterValidator(_template)] = ""
    webhooks: Annotated[tuple[WebhookConfig, ...], Field(strict=False, max_length=MOST_WEBHOOKS)] = ()

    @model_validator(mode="after")
    def _check_order(self) -> HelpConfig:
        if not self.again_s <= self.supervisor_s <= self.manager_s:
            raise ValueError("“again_s”, “supervisor_s” and “manager_s” follow each other")
        names = [each.name for each in self.webhooks]
        if len(set(names)) < len(names):
            raise ValueError("two webhooks have the same name")
        return self

    @property
    def elsewhere_from(self) -> Level | None:
        """The level from which on desks elsewhere hear of a call; None for by hand alone."""
        return _LEVELS[self.elsewhere]

    @property
    def ladder(self) -> Ladder:
        return Ladder(self.again_s, self.supervisor_s, self.manager_s)
