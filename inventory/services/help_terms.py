"""Owns what a store's settings say that people elsewhere have to keep to: its policy, and its link to talk.

It must not know settings files. A store that has not started since there is such a thing lets nobody
elsewhere decide anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from inventory.db.desk_table import HelpTermsRow
from inventory.db.repositories import put
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.approving import Policy
from inventory.domain.help_desk import InterventionKind


@dataclass(frozen=True, slots=True)
class HelpTerms:
    """One store's own terms."""

    policy: Policy = Policy(helpers_elsewhere=False)  # noqa: RUF009 - frozen
    call_link: str = ""


def settle(uow: UnitOfWork, store_id: str, terms: HelpTerms) -> None:
    """Writes down what the settings say; safe to repeat."""
    fields = asdict(terms.policy) | {
        name: sorted(kind.value for kind in getattr(terms.policy, name)) for name in ("with_pin", "at_lane")
    }
    put(
        uow.session,
        HelpTermsRow(store_id=store_id, policy=json.dumps(fields), call_link=terms.call_link),
    )


def terms_of(uow: UnitOfWork, store_id: str) -> HelpTerms:
    """The terms of a store as it last started."""
    row = uow.session.get(HelpTermsRow, store_id)
    if row is None:
        return HelpTerms()
    fields = json.loads(row.policy)
    for name in ("with_pin", "at_lane"):
        fields[name] = frozenset(map(InterventionKind, fields[name]))
    return HelpTerms(Policy(**fields), row.call_link)
