"""Who may decide what from where: the table, and what no role, place or setting can ever do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.approving import (
    ABOUT_ONE_ROW,
    MAY_BE_AT_LANE_ALONE,
    Asked,
    AskedRow,
    Place,
    Policy,
    Verdict,
    is_low_risk,
    mark_of,
    may_be_in_batch,
    row_facts,
    row_of,
    verdict,
)
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.staff import Permission, Role, may

AGE = Asked(InterventionKind.AGE_CHECK, ("Red wine", "18+"))
PAYMENT = Asked(InterventionKind.PAYMENT_IN_DOUBT, ("1290 EUR",))
ON_THE_FLOOR = [role for role in Role if may(role, Permission.WORK_AT_LANE)]
MONEY_OR_AGE = frozenset(
    {
        InterventionKind.AGE_CHECK,
        InterventionKind.PAYMENT_IN_DOUBT,
        InterventionKind.CHARGE_CONTRADICTED,
        InterventionKind.PRICE,
    }
)

_FACTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["Yogurt", "1", "12", "99 EUR", "99999 EUR", "500 g", "505 g", "1188 IDR"]),
    ),
    max_size=5,
).map(tuple)
asked = st.builds(Asked, st.sampled_from(InterventionKind), _FACTS)
policies = st.builds(
    Policy,
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(["", "EUR"]),
    st.frozensets(st.sampled_from(InterventionKind)),
    st.frozensets(st.sampled_from(sorted(MAY_BE_AT_LANE_ALONE, key=str))),
    st.booleans(),
)
roles, places = st.sampled_from(Role), st.sampled_from(Place)


@given(roles, policies, _FACTS)
def test_nobody_ever_approves_an_age_check_from_afar(
    role: Role, policy: Policy, facts: tuple[str, ...]
) -> None:
    found = verdict(Asked(InterventionKind.AGE_CHECK, facts), role, Place.AFAR, policy=policy)
    assert found in (Verdict.NEEDS_TICK, Verdict.REFUSED)


@given(asked.filter(lambda each: each.kind in MONEY_OR_AGE), places, st.sampled_from(Decision), policies)
def test_a_helper_elsewhere_never_decides_money_or_age(
    each: Asked, place: Place, decision: Decision, policy: Policy
) -> None:
    assert verdict(each, Role.REMOTE, place, decision=decision, policy=policy) is Verdict.REFUSED


@given(asked, places, policies)
def test_a_helper_elsewhere_stands_before_no_lane_and_decides_only_low_risk(
    each: Asked, place: Place, policy: Policy
) -> None:
    if verdict(each, Role.REMOTE, place, policy=policy) is not Verdict.REFUSED:
        assert place is Place.AFAR
        assert is_low_risk(each, policy)
        assert policy.helpers_elsewhere


@given(asked, roles, policies)
def test_a_batch_never_holds_anything_that_is_not_of_low_risk(
    each: Asked, role: Role, policy: Policy
) -> None:
    if may_be_in_batch(each, role, policy):
        assert is_low_risk(each, policy)
        assert each.kind not in MONEY_OR_AGE
        assert verdict(each, role, Place.AFAR, policy=policy) is Verdict.ALLOWED


@given(asked, roles, places, st.sampled_from(Decision), policies)
def test_what_a_store_sets_makes_nothing_easier_for_who_stands_at_the_lanes(
    each: Asked, role: Role, place: Place, decision: Decision, policy: Policy
) -> None:
    if may(role, Permission.WORK_AT_LANE):
        plain = verdict(each, role, place, decision=decision)
        assert verdict(each, role, place, decision=decision, policy=policy) >= plain


@pytest.mark.parametrize("role", ON_THE_FLOOR)
def test_an_age_check_wants_the_tick_from_the_tablet_and_nothing_more_at_the_lane(role: Role) -> None:
    assert verdict(AGE, role, Place.AFAR) is Verdict.NEEDS_TICK
    assert verdict(AGE, role, Place.IN_SIGHT) is Verdict.ALLOWED
    assert verdict(AGE, role, Place.AT_LANE) is Verdict.ALLOWED
    assert verdict(AGE, role, Place.AFAR, decision=Decision.REFUSED) is Verdict.ALLOWED


@pytest.mark.parametrize("role", ON_THE_FLOOR)
def test_a_payment_wants_the_pin_and_is_not_decided_at_the_lane(role: Role) -> None:
    for place in (Place.AFAR, Place.IN_SIGHT):
        for decision in Decision:
            assert verdict(PAYMENT, role, place, decision=decision) is Verdict.NEEDS_PIN
    assert verdict(PAYMENT, role, Place.AT_LANE) is Verdict.REFUSED


@pytest.mark.parametrize("kind", sorted(ABOUT_ONE_ROW, key=str))
def test_a_question_about_a_row_is_anybodys_and_above_the_limits_only_the_floors(
    kind: InterventionKind,
) -> None:
    grams = (500, 510) if kind is InterventionKind.WEIGHT else ()
    little = Asked(kind, row_facts(AskedRow("Yogurt", 2, 198, "EUR", grams)))
    much = Asked(kind, row_facts(AskedRow("Caviar", 40, 400_000, "EUR", (500, 900) if grams else ())))
    assert verdict(little, Role.REMOTE, Place.AFAR) is Verdict.ALLOWED
    assert verdict(much, Role.REMOTE, Place.AFAR) is Verdict.REFUSED
    for role in ON_THE_FLOOR:
        assert verdict(much, role, Place.AFAR) is Verdict.ALLOWED
        assert may_be_in_batch(little, role)
        assert not may_be_in_batch(much, role)


def test_a_store_may_ask_for_the_pin_or_for_the_lane_itself() -> None:
    strict = Policy(
        with_pin=frozenset({InterventionKind.VOID, InterventionKind.AGE_CHECK}),
        at_lane=frozenset({InterventionKind.WEIGHT}),
    )
    void = Asked(InterventionKind.VOID, ("Yogurt", "99 EUR"))
    weight = Asked(InterventionKind.WEIGHT, ("Yogurt", "500 g", "505 g"))
    assert verdict(void, Role.ATTENDANT, Place.AFAR, policy=strict) is Verdict.NEEDS_PIN
    assert verdict(void, Role.ATTENDANT, Place.AT_LANE, policy=strict) is Verdict.ALLOWED
    assert verdict(AGE, Role.ATTENDANT, Place.AFAR, policy=strict) is Verdict.NEEDS_TICK
    assert verdict(AGE, Role.ATTENDANT, Place.IN_SIGHT, policy=strict) is Verdict.NEEDS_PIN
    assert verdict(weight, Role.MANAGER, Place.IN_SIGHT, policy=strict) is Verdict.REFUSED
    assert verdict(weight, Role.MANAGER, Place.AT_LANE, policy=strict) is Verdict.ALLOWED
    assert not may_be_in_batch(void, Role.ATTENDANT, strict)


@pytest.mark.parametrize(
    ("facts", "is_low"),
    [
        (("Yogurt", "10", "1000 EUR"), True),
        (("Yogurt", "11", "1000 EUR"), False),
        (("Yogurt", "10", "1001 EUR"), False),
        (("Yogurt", "10", "1000 RON"), False),
        (("Yogurt", "10"), False),
        (("Yogurt", "10", "1000 EUR", "and more"), False),
        (("Yogurt", "1", "2", "100 EUR"), False),
        (("Yogurt", "-1", "100 EUR"), False),
        (("  ", "1", "100 EUR"), False),
        ((), False),
    ],
)
def test_low_risk_is_few_and_cheap_and_said_in_words_that_are_understood(
    facts: tuple[str, ...], is_low: bool
) -> None:
    assert is_low_risk(Asked(InterventionKind.QUANTITY, facts), Policy(currency="EUR")) is is_low


@given(
    st.builds(
        AskedRow,
        st.text(min_size=1, max_size=20).filter(lambda name: bool(name.split())),
        st.integers(1, 99_999),
        st.integers(0, 10**12 - 1),
        st.just("EUR"),
        st.one_of(st.just(()), st.tuples(st.integers(0, 999_999), st.integers(0, 999_999))),
    )
)
def test_a_row_is_read_as_it_was_told(row: AskedRow) -> None:
    assert row_of(row_facts(row)) == row


@given(_FACTS, _FACTS)
def test_other_facts_have_another_mark(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (mark_of(one) == mark_of(other)) is (one == other)
