"""Owns whose tablet must ring for a call, and how."""

from __future__ import annotations

import pytest

from inventory.domain.help_desk import HelpCase, HelpState
from inventory.domain.help_ringing import Listener, Ring, hears_from, ring_of
from inventory.domain.help_waiting import Level
from inventory.domain.staff import Role

MARCO = Listener("Marco", Role.ATTENDANT)
SARA = Listener("Sara", Role.SUPERVISOR)
ADA = Listener("Ada", Role.MANAGER)


def waiting(level: Level = Level.EVERYONE, *, meant_for: str = "") -> HelpCase:
    return HelpCase(HelpState.DELIVERED, level=level, meant_for=meant_for, turn=1 if meant_for else 0)


@pytest.mark.parametrize(
    ("level", "supervisor", "manager"),
    [
        (Level.EVERYONE, Ring.NONE, Ring.NONE),
        (Level.AGAIN, Ring.NONE, Ring.NONE),
        (Level.SUPERVISOR, Ring.LEAD, Ring.NONE),
        (Level.MANAGER, Ring.LEAD, Ring.LEAD),
    ],
)
def test_the_floor_always_hears_a_call_and_who_leads_it_hears_what_nobody_answered(
    level: Level, supervisor: Ring, manager: Ring
) -> None:
    assert ring_of(waiting(level), MARCO) is Ring.CALL
    assert ring_of(waiting(level), SARA) is supervisor
    assert ring_of(waiting(level), ADA) is manager


def test_who_leads_hears_everything_while_nobody_else_is_there() -> None:
    assert ring_of(waiting(), Listener("Ada", Role.MANAGER, is_alone=True)) is Ring.CALL


def test_a_call_handed_to_one_colleague_rings_there_first_and_then_for_all() -> None:
    given = waiting(meant_for="Giulia")
    assert ring_of(given, Listener("Giulia", Role.ATTENDANT)) is Ring.FOR_YOU
    assert ring_of(given, MARCO) is Ring.NONE
    assert ring_of(waiting(Level.AGAIN, meant_for="Giulia"), MARCO) is Ring.CALL


def test_a_supervisor_who_was_handed_a_call_hears_it_at_once() -> None:
    assert ring_of(waiting(meant_for="Sara"), SARA) is Ring.FOR_YOU


def test_danger_rings_everywhere() -> None:
    for listener in (MARCO, SARA, ADA):
        assert ring_of(waiting(meant_for="Giulia"), listener, is_danger=True) is Ring.DANGER


def test_a_call_that_somebody_has_rings_nowhere() -> None:
    taken = HelpCase(HelpState.ACCEPTED, "Marco", level=Level.MANAGER)
    for listener in (MARCO, SARA, ADA):
        assert ring_of(taken, listener, is_danger=True) is Ring.NONE


def test_a_helper_elsewhere_hears_what_the_floor_hears() -> None:
    assert hears_from(Role.REMOTE) is Level.EVERYONE
