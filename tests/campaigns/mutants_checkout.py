"""Owns the bugs of the checkout: what a lane may believe of money that it must not.

It must not play them. Most are what a hurried programmer would write; the tables that would stop the lane at
once (P10) are taken away where they would hide what the bug does to the books.
"""

from __future__ import annotations

from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from kiosk import devices
from kiosk.campaign.plan import Visit
from kiosk.campaign.trial import QUIET
from kiosk.checkout import machine, paying, tendering
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_playing import PATIENCE_S, Mutant, Room, Shoppers, kill

CARD = CardScript()
CHARGED_AND_CUT_OFF = CardScript(unplug_at=UnplugMoment.BEFORE_RESULT)
CUT_OFF_UNCHARGED = CardScript(unplug_at=UnplugMoment.AFTER_START)
NO_TABLES = edit(machine.step, "    _assert_legal(state, event, after, allowed)\n", "")

IMPATIENT_QUERY = edit(devices.Devices._terminal, "currency,\n", "currency,\n query_limit_s=5.0,\n")
"""Silence is known after 5 s of the shop's time instead of 200."""

SALE = Shoppers((Visit((0,), CARD),))
CUT_OFF = Shoppers(
    (
        QUIET,
        Visit((0,), CHARGED_AND_CUT_OFF),
    )
)
KILLED_CHARGED = Shoppers((Visit((0,), CARD, faults=kill("before-commit/CardAuthorised")),))
ALTERED = Shoppers((Visit((0,), CARD),), "amount-altered")
MUTE_TERMINAL = Shoppers(
    (Visit((0,), CARD, faults=kill("before-commit/CardAuthorised")),), "repeat-receipt-empty", patience_s=5
)


def slow_bank(personality: str, patience_s: float = PATIENCE_S) -> Shoppers:
    """The lane dies while the bank thinks; when the bank has charged, the cable is out."""
    card = CardScript(slow_s=25, unplug_at=UnplugMoment.BEFORE_RESULT)
    visit = Visit((0,), card, faults=kill("after-write@8"))
    return Shoppers((QUIET, visit), personality, (IMPATIENT_QUERY,), patience_s)


def _mutant(name: str, breaks: str, shows_as: str, sabotage: tuple[Edit, ...], jobs: Shoppers) -> Mutant:
    return Mutant(name, Room.CHECKOUT, breaks, shows_as, sabotage, jobs)


DOUBTS = (
    _mutant(
        "a-doubt-is-not-paid",
        "A payment in doubt is called not paid, and the terminal is never asked.",
        r"^I1 .*charged \d times",
        (
            edit(
                paying.card_in_doubt,
                "doubt(state, event.reason)",
                "_declined(state, DeclineReason.OTHER, _at)",
            ),
            NO_TABLES,
        ),
        CUT_OFF,
    ),
    _mutant(
        "a-doubt-is-paid",
        "A payment in doubt is called paid.",
        r"^I2 .*without a charge",
        (edit(paying.card_in_doubt, "doubt(state, event.reason)", "_paid(state, None, _at)"), NO_TABLES),
        Shoppers(CUT_OFF.visits, "auto-reverses"),
    ),
    _mutant(
        "an-intent-is-forgotten",
        "A lane that restarts during a payment gives the basket back as if nothing had been asked for.",
        r"^I1 .*charged \d times",
        (
            edit(
                machine._lane_started,
                "state, effects = paying.resume_after_restart(state)",
                "state, effects = replace(state, phase=Phase.SCANNING, payment=type(state.payment)()), ()",
            ),
            NO_TABLES,
        ),
        KILLED_CHARGED,
    ),
    _mutant(
        "authorised-is-paid-after-a-restart",
        "A lane that restarts between the authorisation and its answer takes it for paid without asking.",
        r"^I2 .*without a charge",
        (
            edit(
                machine._lane_started,
                "state, effects = paying.resume_after_restart(state)",
                "state, effects = paying._paid(state, paying._attempt(state).evidence, at)",
            ),
            NO_TABLES,
        ),
        Shoppers((Visit((0,), CARD, faults=kill("after-commit/CardAuthorised")),), "auto-reverses"),
    ),
    _mutant(
        "no-answer-is-not-paid",
        "A terminal that does not answer the question is taken to have charged nothing.",
        r"^I1 .*charged \d times|^I2 .*was charged, attempt",
        (
            edit(
                tendering.judge,
                "return Verdict.ASK_AGAIN, report.reason",
                "return Verdict.NOT_PAID, report.reason",
            ),
        ),
        slow_bank("keeps"),
    ),
    _mutant(
        "no-answer-is-paid",
        "A terminal that does not answer the question is taken to have charged.",
        r"^I2 .*without a charge",
        (
            edit(
                tendering.judge,
                "return Verdict.ASK_AGAIN, report.reason",
                "return Verdict.PAID, report.reason",
            ),
        ),
        slow_bank("auto-reverses"),
    ),
    _mutant(
        "paid-on-the-first-result",
        "The positive result is taken for the end of the payment: the sale is made before the answer.",
        r"^I2 .*without a charge",
        (
            edit(
                paying.card_authorised,
                "    return state, (ConfirmPayment(event.attempt_id),)",
                "    paid, effects = _paid(state, event.evidence, _at)\n"
                "    return paid, (ConfirmPayment(event.attempt_id), *effects)",
            ),
            NO_TABLES,
        ),
        Shoppers((Visit((0,), CARD, faults=kill("before-effect/CardAuthorised")),), "auto-reverses"),
    ),
    _mutant(
        "declined-is-paid",
        "A declined card ends in a sale.",
        r"^I2 .*without a charge",
        (
            edit(
                paying.card_declined,
                "return _declined(state, event.reason, at)",
                "return _paid(state, event.evidence, at)",
            ),
            NO_TABLES,
        ),
        Shoppers((QUIET, Visit((0,), CardScript(CardAction.DECLINE)))),
    ),
)

VERDICTS = (
    _mutant(
        "any-stored-payment-counts",
        "The judge does not look whether the terminal's last payment is an older one.",
        r"^I2 .*(without a charge|names receipt)",
        (
            Edit(
                tendering._judge_found,
                (
                    (
                        "if attempt.stored_receipt_no and found.receipt_no == attempt.stored_receipt_no:",
                        "if False:",
                    ),
                    (
                        "\n    if _is_marked(found, attempt.stored_mark):\n        return Verdict.DISPUTED",
                        "\n    if False:\n        return Verdict.DISPUTED",
                    ),
                    ("if found.receipt_no != next_receipt_no(attempt.base_receipt_no):", "if False:"),
                ),
            ),
        ),
        Shoppers((Visit((0,), CARD), Visit((1,), CUT_OFF_UNCHARGED))),
    ),
    _mutant(
        "any-stored-amount-counts",
        "The judge does not look at the amount the terminal has stored.",
        r"^I2 .*tender",
        (
            edit(
                tendering._judge_found,
                "if (found.amount_minor, found.currency) != (attempt.amount_minor, attempt.currency):",
                "if False:",
            ),
        ),
        Shoppers(KILLED_CHARGED.visits, "amount-altered"),
    ),
    _mutant(
        "a-receipt-number-is-enough",
        "A stored payment is told from the one before by its receipt number alone, which may begin anew.",
        r"^I1 .*charged \d times",
        (edit(tendering._is_marked, "return len(told) > 1 and all(told)", "return True"),),
        Shoppers(KILLED_CHARGED.visits, "counter-reset"),
    ),
    _mutant(
        "any-authorisation-fits",
        "An authorisation of another amount than was asked for is confirmed.",
        r"^I2 .*tender",
        (
            edit(
                tendering.authorisation_fits,
                "    if evidence.result_code != 0:",
                '    return ""\n    if evidence.result_code != 0:',
            ),
        ),
        ALTERED,
    ),
)

PEOPLE = (
    _mutant(
        "nobody-is-called",
        "A payment the terminal cannot clear up waits, and no person hears of it.",
        r"^I14 .*store knows of nothing",
        (edit(paying.call_staff_about_payment, "if attempt.called_staff:", "if attempt.attempt_id:"),),
        MUTE_TERMINAL,
    ),
    _mutant(
        "the-call-is-withdrawn-at-once",
        "A person is called to a payment in doubt and sent away with the same breath.",
        r"^I14 .*store knows of nothing",
        (
            edit(
                paying.call_staff_about_payment,
                "called_staff=True)), effects",
                "called_staff=True)), (\n *effects,\n"
                " WithdrawIntervention(intervention_id, InterventionKind.PAYMENT_IN_DOUBT))",
            ),
        ),
        MUTE_TERMINAL,
    ),
    _mutant(
        "the-call-is-lost-with-the-program",
        "A lane that dies before its call has left does not call again after its restart.",
        r"^I14 .*store knows of nothing",
        (edit(paying.resume_after_restart, "return _call_again(state)", "return state, ()"),),
        Shoppers(
            (
                Visit(
                    (0,),
                    CARD,
                    faults=kill("before-commit/CardAuthorised", "after-commit/LastPaymentReported"),
                ),
            ),
            "repeat-receipt-empty",
            patience_s=5,
        ),
    ),
    _mutant(
        "silence-ends-the-asking",
        "After one question without an answer the lane neither asks again nor calls anybody.",
        r"^I14 .*store knows of nothing",
        (edit(paying.last_payment_reported, "(StartTimer(Timer.QUERY),)", "(StopTimer(Timer.CHECKING),)"),),
        slow_bank("keeps", patience_s=5),
    ),
)

MUTANTS = (*DOUBTS, *VERDICTS, *PEOPLE)
