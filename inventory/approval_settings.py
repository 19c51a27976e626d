"""Owns the settings of approvals: what a store asks for beyond the plain policy.

It must not know who uses them; `inventory.config` reads them as the table `approvals` of `store.toml`.
Nothing here can let anybody do what `inventory.domain.approving` refuses.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from inventory.domain.approving import MAY_BE_AT_LANE_ALONE, PLAIN_POLICY, Policy
from inventory.domain.help_desk import InterventionKind

_BY_NAME = {kind.value: kind for kind in sorted(MAY_BE_AT_LANE_ALONE, key=lambda kind: kind.value)}


def _kind(name: str) -> str:
    if name not in _BY_NAME:
        raise ValueError(f"“{name}” is none of {', '.join(_BY_NAME)}")
    return name


Kinds = Annotated[tuple[Annotated[str, AfterValidator(_kind)], ...], Field(strict=False)]


class ApprovalConfig(BaseModel):
    """How little a question is about that is of low risk, and which kinds ask for more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    low_risk_minor: int = Field(default=PLAIN_POLICY.low_risk_minor, ge=0, le=100_000_000)
    low_risk_pieces: int = Field(default=PLAIN_POLICY.low_risk_pieces, ge=0, le=1000)
    low_risk_g: int = Field(default=PLAIN_POLICY.low_risk_g, ge=0, le=1000)
    with_pin: Kinds = ()
    at_lane: Kinds = ()
    helpers_elsewhere: bool = PLAIN_POLICY.helpers_elsewhere

    def policy(self, currency: str) -> Policy:
        return Policy(
            self.low_risk_minor,
            self.low_risk_pieces,
            self.low_risk_g,
            currency,
            _kinds(self.with_pin),
            _kinds(self.at_lane),
            self.helpers_elsewhere,
        )


def _kinds(names: tuple[str, ...]) -> frozenset[InterventionKind]:
    return frozenset(_BY_NAME[name] for name in names)
