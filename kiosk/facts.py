"""Owns what a journey may know of a lane beside what its glass shows.

It must not change anything.
"""

from __future__ import annotations

from typing import Any

from kiosk.checkout.signalling import help_phase
from kiosk.checkout.state import LaneState


def facts_of(state: LaneState) -> dict[str, Any]:
    """Plain values, as JSON takes them; names in the shopper's language, amounts in minor units."""
    return {
        "phase": state.phase.value,
        "payment": state.payment.state.value,
        "total_minor": state.basket.total_minor,
        "paid_minor": state.sale.total_minor if state.sale else None,
        "help": state.help.state.value if state.help else "",
        "help_phase": help_phase(state).value,
        "help_late": state.wait.is_late,
        "lines": [
            {
                "name": line.item.name(state.language),
                "quantity_milli": line.weight_g or line.units * 1000,
                "amount_minor": line.amount_minor,
            }
            for line in state.basket.lines
        ],
    }
