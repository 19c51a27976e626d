"""Owns the settings of help: after how long more people hear of a call.

It must not know who uses them; `inventory.config` reads them as the table `help` of `store.toml`.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from inventory.domain.help_waiting import Ladder


class HelpConfig(BaseModel):
    """Seconds without an answer after which a call rings again, reaches supervisors, reaches managers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    again_s: int = Field(default=15, ge=5, le=3600)
    supervisor_s: int = Field(default=30, ge=5, le=3600)
    manager_s: int = Field(default=60, ge=5, le=3600)

    @model_validator(mode="after")
    def _check_order(self) -> HelpConfig:
        if not self.again_s <= self.supervisor_s <= self.manager_s:
            raise ValueError("“again_s”, “supervisor_s” and “manager_s” follow each other")
        return self

    @property
    def ladder(self) -> Ladder:
        return Ladder(self.again_s, self.supervisor_s, self.manager_s)
