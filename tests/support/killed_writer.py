"""Owns a process that takes sales and dies in the middle of a batch, by a signal nobody can hear.

It must not judge what is left. It writes the id of each sale to stdout once that sale is answered.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import Future

from inventory.db.unit_of_work import Database
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_intake import SaleIntake
from inventory.services.sales import Outcome
from tests.support.store_samples import (
    MIRROR,
    NOW,
    PEARS,
    SIX_WATERS,
    STORE_ID,
    body_of,
    line_of,
    sale_message,
)

COMMITS = 4
"""The last of them is begun, with all its rows written, and never made."""
AT_ONCE = 20


def main(url: str) -> None:
    database = Database(url)
    commits = iter(range(1, COMMITS + 1))

    def die_at_the_last(_uow: object) -> None:
        if next(commits) == COMMITS:
            os.kill(os.getpid(), signal.SIGKILL)

    intake = SaleIntake(database, STORE_ID, lambda: NOW)
    database.before_commit(die_at_the_last)
    for start in range(0, COMMITS * AT_ONCE, AT_ONCE):
        for future in [_send(intake, start + number) for number in range(AT_ONCE)]:
            future.result(60)


def _send(intake: SaleIntake, number: int) -> Future[Outcome]:
    lines = (line_of(MIRROR, 2000), line_of(SIX_WATERS), line_of(PEARS, 300))
    message = sale_message(*lines, sale_id=f"s{number}-x", receipt_no=number)
    future = intake.take(Arrival(message, body_of(message)))
    future.add_done_callback(lambda _: os.write(sys.stdout.fileno(), f"{message.sale.sale_id}\n".encode()))
    return future


if __name__ == "__main__":
    main(sys.argv[1])
