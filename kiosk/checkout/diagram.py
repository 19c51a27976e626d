"""Owns the drawing of the checkout's tables as Mermaid diagrams and one Markdown table.

It must not know any state or event by name: what it draws is read from the tables `machine.step` obeys, so
that docs/architecture.md cannot show anything else. `python -m kiosk.checkout.diagram` prints all of it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum

from inventory.domain.help_desk import OPEN_STATES, HelpState, may_become
from kiosk.checkout.state import PaymentState, Phase
from kiosk.checkout.tables import IGNORED, MONEY_OF_PHASE, PAYMENTS, PHASES

_LABELS_A_LINE = 2


def phase_diagram() -> str:
    """The visit: every change of phase, with the events that may cause it."""
    causes: dict[tuple[Phase, Phase], list[str]] = defaultdict(list)
    for event, rows in PHASES.items():
        for before, afters in rows.items():
            for after in afters - {before}:
                causes[before, after].append(event.__name__)
    edges = [(before, after, sorted(names)) for (before, after), names in causes.items()]
    return _diagram(Phase, edges, first=Phase.ATTRACT)


def payment_diagram() -> str:
    """The money: every change that `PAYMENTS` allows."""
    edges: list[tuple[Enum, Enum, list[str]]] = [
        (before, after, []) for before, afters in PAYMENTS.items() for after in afters
    ]
    return _diagram(PaymentState, edges, first=PaymentState.NONE)


def help_diagram() -> str:
    """A help request: single steps inside "open"; steps may be skipped forwards, any open state may end."""
    open_states = [state for state in HelpState if state in OPEN_STATES]
    steps = [
        (before, after)
        for before in open_states
        for after in open_states
        if may_become(before, after) and not _is_skip(before, after, open_states)
    ]
    ends = [
        state
        for state in HelpState
        if state not in OPEN_STATES and all(may_become(o, state) for o in open_states)
    ]
    lines = ["stateDiagram-v2", *_names(HelpState), f"  [*] --> {_id(open_states[0])}", "  state open {"]
    lines += [f"    {_id(before)} --> {_id(after)}" for before, after in steps]
    lines += ["  }", *(f"  open --> {_id(end)}" for end in ends), *(f"  {_id(end)} --> [*]" for end in ends)]
    return _fenced(lines)


def coupling_table() -> str:
    """Which money states each phase can hold."""
    rows = [
        (phase.value, ", ".join(state.value for state in PaymentState if state in MONEY_OF_PHASE[phase]))
        for phase in Phase
    ]
    return _table(("phase", "money"), rows)


def event_table() -> str:
    """Every event in every phase: where it may lead, `stays`, or `–` for ignored on purpose."""
    rows = [(event.__name__, *(_cell(event, row, phase) for phase in Phase)) for event, row in PHASES.items()]
    return _table(("event", *(phase.value for phase in Phase)), sorted(rows))


def whole_text() -> str:
    """All of it, one block after another."""
    return "\n\n".join((phase_diagram(), payment_diagram(), coupling_table(), help_diagram(), event_table()))


def _cell(event: type, row: Mapping[Phase, frozenset[Phase]], phase: Phase) -> str:
    if phase not in row:
        assert phase in IGNORED[event], f"{event.__name__} in {phase} is neither handled nor ignored"
        return "–"
    words = [f"→ {after.value}" for after in Phase if after in row[phase] and after is not phase]
    return ", ".join((["stays"] if phase in row[phase] else []) + words)


def _is_skip(before: HelpState, after: HelpState, states: Iterable[HelpState]) -> bool:
    return any(may_become(before, between) and may_become(between, after) for between in states)


def _diagram(states: type[Enum], edges: Iterable[tuple[Enum, Enum, list[str]]], *, first: Enum) -> str:
    order = {state: place for place, state in enumerate(states)}
    lines = ["stateDiagram-v2", *_names(states), f"  [*] --> {_id(first)}"]
    for before, after, labels in sorted(edges, key=lambda edge: (order[edge[0]], order[edge[1]])):
        lines.append(f"  {_id(before)} --> {_id(after)}{_label(labels)}")
    return _fenced(lines)


def _label(names: list[str]) -> str:
    """A few names a line: Mermaid does not wrap labels itself."""
    rows = [", ".join(names[at : at + _LABELS_A_LINE]) for at in range(0, len(names), _LABELS_A_LINE)]
    return f" : {'<br/>'.join(rows)}" if rows else ""


def _names(states: type[Enum]) -> list[str]:
    return [f'  state "{state.value}" as {_id(state)}' for state in states if state.value != _id(state)]


def _id(state: Enum) -> str:
    return state.name.lower()


def _fenced(lines: Iterable[str]) -> str:
    return "\n".join(("```mermaid", *lines, "```"))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.stdout.write(f"{whole_text()}\n")
