"""Owns the bugs of the terminal's driver: what it may tell the lane, or do at the terminal, that is not so.

It must not play them.
"""

from __future__ import annotations

from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_payment import Payment
from hardware.protocols.zvt_query import LastPaymentQuery
from hardware.simulators.zvt_cards import CardScript, UnplugMoment
from kiosk import devices
from kiosk.campaign.plan import Visit
from kiosk.campaign.trial import QUIET
from tests.campaigns.mutants_checkout import ALTERED, CHARGED_AND_CUT_OFF, CUT_OFF
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_playing import Mutant, Room, Shoppers, kill

SHORT_T4 = edit(devices.Devices._terminal, "currency,\n", "currency,\n t4_s=5.0,\n")
"""T4 is 5 s of the shop's time instead of 180: a bank that takes longer than that has fallen silent."""

SILENT_BANK = Shoppers(
    (QUIET, Visit((0,), CardScript(slow_s=25, unplug_at=UnplugMoment.BEFORE_RESULT))), hurried=(SHORT_T4,)
)
TWO_SALES_IN_STEP = Shoppers((QUIET, QUIET), "synchronises")


def _mutant(name: str, breaks: str, shows_as: str, sabotage: tuple[Edit, ...], jobs: Shoppers) -> Mutant:
    return Mutant(name, Room.DRIVER, breaks, shows_as, sabotage, jobs)


MUTANTS = (
    _mutant(
        "a-lost-line-is-a-decline",
        "A cable pulled during a payment is reported as a declined card.",
        r"^I1 .*charged \d times",
        (
            edit(
                Payment._closed,
                'return self._doubt("the line was lost during the payment")',
                "return self._decline(DeclineReason.TERMINAL_NOT_READY, 0)",
            ),
        ),
        CUT_OFF,
    ),
    _mutant(
        "silence-is-a-decline",
        "A terminal that falls silent is told to stop, and the payment is reported as declined.",
        r"^I1 .*charged \d times|^I2 .*was charged, attempt",
        (
            edit(
                Payment._elapsed,
                'doubt = self._doubt("the terminal fell silent")',
                "doubt = self._decline(DeclineReason.OTHER, 0)",
            ),
        ),
        SILENT_BANK,
    ),
    _mutant(
        "the-amount-asked-for-is-reported",
        "The driver reports the amount it asked for instead of the one the terminal took.",
        r"^I2 .*the terminal took",
        (
            edit(
                Payment._authorised,
                "evidence = status.evidence(self._settings.currency)",
                "evidence = replace(\n"
                " status.evidence(self._settings.currency), amount_minor=self._request.amount_minor)",
            ),
        ),
        ALTERED,
    ),
    _mutant(
        "the-answer-comes-from-memory",
        "A question after the last payment is answered with what the terminal said the first time.",
        r"^I1 .*charged \d times",
        (
            edit(
                LastPaymentQuery._report,
                "evidence = self._found.evidence(self._settings.currency)",
                "evidence = _deciding.__dict__.setdefault(\n"
                " 'first', self._found.evidence(self._settings.currency))",
            ),
        ),
        Shoppers((QUIET, Visit((0,), CHARGED_AND_CUT_OFF, faults=kill("after-commit/ItemScanned")))),
    ),
    _mutant(
        "an-old-receipt-number-is-told",
        "Every payment command tells the terminal receipt 1 as the last one known (1F1F).",
        r"^I2 .*without a charge",
        (
            edit(
                zvt_apdu.authorisation,
                "digits_to_bcd(currency_number, 2))",
                "digits_to_bcd(currency_number, 2) + bytes.fromhex('06051F1F020001'))",
            ),
        ),
        TWO_SALES_IN_STEP,
    ),
)
