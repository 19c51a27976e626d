"""Owns the table of what each deed makes of a call, found out by doing all of them in every state.

It must not know the rules: the machine itself (`inventory.domain.help_desk.act`) is asked.
"""

from __future__ import annotations

from collections import defaultdict

from inventory.domain.help_desk import (
    Cancel,
    Deed,
    Deliver,
    Escalate,
    HandOver,
    HelpCase,
    HelpPhase,
    HelpState,
    Resolve,
    Take,
    Write,
    act,
    phase_of,
)
from inventory.domain.help_waiting import Level

_ME, _DESK = "me", "desk"
_DEEDS: dict[str, tuple[Deed, ...]] = {
    "the store has it": (Deliver(),),
    "nobody answers": tuple(map(Escalate, Level)),
    "I’m coming": (Take(_ME, HelpState.ACCEPTED), Take(_ME, HelpState.ACCEPTED, _DESK)),
    "On my way": (Take(_ME, HelpState.EN_ROUTE),),
    "I’m here": (Take(_ME, HelpState.ARRIVED),),
    "somebody writes": (Write(_ME), Write(_ME, _DESK)),
    "given on or back": (HandOver(_ME), HandOver(_ME, desk=_DESK)),
    "Solved": (Resolve(_ME), Resolve(_ME, None, _DESK)),
    "the shopper cancels": (Cancel(),),
}


def deed_table() -> str:
    """Rows are what a call looks like, columns what is done; a cell is what it looks like then, or –."""
    found = _explored()
    phases = [phase for phase in HelpPhase if any(before is phase for before, _ in found)]
    lines = [
        f"| a call that is | {' | '.join(_DEEDS)} |",
        f"|---|{'---|' * len(_DEEDS)}",
        *(
            f"| {phase.value} | {' | '.join(_cell(phase, found[phase, name]) for name in _DEEDS)} |"
            for phase in phases
        ),
    ]
    return "\n".join(lines)


def _cell(before: HelpPhase, after: set[HelpPhase]) -> str:
    order = [phase.value for phase in HelpPhase if phase in after and phase is not before]
    return ", ".join(order) or "–"


def _explored() -> defaultdict[tuple[HelpPhase, str], set[HelpPhase]]:
    found: defaultdict[tuple[HelpPhase, str], set[HelpPhase]] = defaultdict(set)
    waiting, known = [HelpCase(), HelpCase(is_reopened=True)], set[HelpCase]()
    while waiting:
        case = waiting.pop()
        if case in known or case.turn > 1:
            continue
        known.add(case)
        for name, deeds in _DEEDS.items():
            for deed in deeds:
                after = act(case, deed)
                if isinstance(after, HelpCase) and after != case:
                    found[phase_of(case), name].add(phase_of(after))
                    waiting.append(after)
    return found
