"""Owns the statements of a sale's arrival: a look at what is there, then every row of a batch of sales.

It must not judge a sale, nor know what a level means. A batch is few statements of many rows: a driver lets
other threads run at every statement and may wait for its next turn. A server takes the batch in one call.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlmodel import Session

from inventory.db import hot, sale_call
from inventory.db.bulk import chunks, join_many, select_many
from inventory.db.sale_batch import LINE_COLUMNS, SALE_COLUMNS, Look, Moved, Row, SaleBatch, Written

_FIRST_ANSWERS = "SELECT sale_id, body_hash, answer FROM sale WHERE store_id = ? AND sale_id IN"
_OF_RECEIPTS = (
    "SELECT s.lane_id, s.receipt_no, s.sale_id FROM wanted CROSS JOIN sale s"
    " WHERE s.lane_id = wanted.lane_id AND s.receipt_no = wanted.receipt_no AND s.store_id = ?"
)
"""As a pair with IN, SQLite would look through all sales of the store."""
_STORE_NOW = (
    "SELECT timezone, (SELECT max(version) FROM catalogue_version v WHERE v.store_id = s.store_id)"
    " FROM store s WHERE s.store_id = ?"
)
_OF_THESE = "IN (SELECT value FROM json_each(?))"
_HOLDS_ANY = f"SELECT 1 FROM reservation WHERE store_id = ? AND lane_id {_OF_THESE} LIMIT 1"  # noqa: S608
_HOLD_LESS = (
    "UPDATE reservation SET quantity_milli = quantity_milli - sold.milli FROM ("
    "SELECT json_extract(value, '$[0]') AS lane, json_extract(value, '$[1]') AS gtin, "
    "json_extract(value, '$[2]') AS milli FROM json_each(?2)) AS sold "
    "WHERE store_id = ?1 AND lane_id = sold.lane AND reservation.gtin = sold.gtin RETURNING reservation.gtin"
)
_HOLD_NOTHING = f"DELETE FROM reservation WHERE store_id = ? AND lane_id {_OF_THESE} AND quantity_milli <= 0"  # noqa: S608
_RESERVED = (
    "SELECT gtin, sum(quantity_milli) FROM reservation"  # noqa: S608 - our own words
    f" WHERE store_id = ? AND gtin {_OF_THESE} GROUP BY gtin"
)
_TRUST = f"SELECT gtin, counted_at_utc, doubts FROM shelf_trust WHERE store_id = ? AND gtin {_OF_THESE}"  # noqa: S608

_NEWEST_MOVE = "SELECT coalesce(max(rowid), 0) FROM movement"
_MOVES_SINCE = "SELECT source_id FROM movement WHERE rowid > ?"

# Values numbered 1 (the store) and 2 are the same in all rows of a statement.
_SALE = (SALE_COLUMNS, "(?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
_LINE = (LINE_COLUMNS, "(?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
_MOVE = (("source_id", "gtin", "quantity_milli", "actor", "at_utc", "reason"), "(?1, ?, ?, ?, ?, ?, 'SALE')")
_SUM = (("as_of_utc", "gtin", "on_hand_milli"), "(?1, ?2, ?, ?)")
_ADD_TO_SUM = (
    "ON CONFLICT (store_id, gtin) DO UPDATE SET "
    "on_hand_milli = on_hand.on_hand_milli + excluded.on_hand_milli, "
    "as_of_utc = max(excluded.as_of_utc, on_hand.as_of_utc) "
    "RETURNING gtin, on_hand_milli, as_of_utc"
)


def look(session: Session, store_id: str, receipts: Mapping[tuple[str, int], str]) -> Look | None:
    """What sales are judged by now; None where there is no such store.

    `receipts` are the sales' ids by lane id and receipt number.
    """
    row = hot.row(session, _STORE_NOW, (store_id,))
    if row is None:
        return None
    owners = join_many(session, ("lane_id", "receipt_no"), _OF_RECEIPTS, list(receipts), store_id)
    taken = {(lane, number) for lane, number, sale_id in owners if receipts[lane, number] != sale_id}
    return Look(row[1] or 0, row[0], frozenset(taken))


def write(session: Session, batch: SaleBatch, seen: Look, *, is_looked: bool) -> Written | None:
    """Writes what is new in a batch; None, and nothing is written, where `seen` is no longer so.

    With `is_looked` it was seen in this transaction and is not asked for again.
    """
    if not hot.is_sqlite(session):
        return sale_call.write(session, batch, seen, is_looked=is_looked)
    if not is_looked and look(session, batch.store_id, batch.receipts) != seen:
        return None
    return _write(session.connection().connection.driver_connection, batch)


def first_answers(session: Session, store_id: str, sale_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """By sale id: the hash of the body that came first, and the answer it was given, as JSON."""
    found = select_many(session, _FIRST_ANSWERS, store_id, [(sale_id,) for sale_id in sale_ids])
    return {sale_id: (body_hash, answer) for sale_id, body_hash, answer in found}


# --- SQLite: the one writer ------------------------------------------------------------------------


def _write(driver: Any, batch: SaleBatch) -> Written:
    tail = "ON CONFLICT DO NOTHING RETURNING sale_id"
    _, added = _insert(driver, "sale", _SALE, batch.sales, (batch.store_id,), tail)
    new_ids = frozenset(sale_id for (sale_id,) in added)
    lines, moves = batch.lines, batch.moves
    if len(new_ids) < len(batch.sales):
        lines = [row for row in lines if row[0] in new_ids]
        moves = [row for row in moves if row[0] in new_ids]
    _insert(driver, "sale_line", _LINE, lines, (batch.store_id,))
    freed = _leave_baskets(driver, batch.store_id, moves)
    return Written(new_ids, _move(driver, batch, moves), freed)


def _leave_baskets(driver: Any, store_id: str, moves: Sequence[Row]) -> frozenset[str]:
    """What was sold lies in its lane's baskets no more; what else lies there, of another shopper, stays."""
    lanes = json.dumps(sorted({row[4] for row in moves}))
    if driver.execute(_HOLDS_ANY, (store_id, lanes)).fetchone() is None:
        return frozenset()
    sold: defaultdict[tuple[str, str], int] = defaultdict(int)
    for _, _, gtin, quantity_milli, lane_id, _ in moves:
        sold[lane_id, gtin] -= quantity_milli
    told = json.dumps([(*each, milli) for each, milli in sold.items() if milli > 0])
    freed = driver.execute(_HOLD_LESS, (store_id, told)).fetchall()
    driver.execute(_HOLD_NOTHING, (store_id, lanes))
    return frozenset(gtin for (gtin,) in freed)


def _move(driver: Any, batch: SaleBatch, moves: Sequence[Row]) -> tuple[Moved, ...]:
    sums: defaultdict[str, int] = defaultdict(int)
    for _, _, gtin, quantity_milli, _, _ in _new_moves(driver, batch, moves):
        sums[gtin] += quantity_milli
    values = (batch.store_id, batch.as_of_utc)
    _, rows = _insert(driver, "on_hand", _SUM, sorted(sums.items()), values, _ADD_TO_SUM)
    these = (batch.store_id, json.dumps(list(sums)))
    reserved = dict(driver.execute(_RESERVED, these).fetchall())
    trust = {gtin: (at, doubts) for gtin, at, doubts in driver.execute(_TRUST, these)}
    return tuple(
        Moved(gtin, on_hand_milli, as_of, reserved.get(gtin, 0), *trust.get(gtin, (None, 0)))
        for gtin, on_hand_milli, as_of in sorted(rows)
    )


def _new_moves(driver: Any, batch: SaleBatch, moves: Sequence[Row]) -> Iterable[Row]:
    """Posts the movements; answers those whose source was new."""
    (before,) = driver.execute(_NEWEST_MOVE).fetchone()
    count, _ = _insert(
        driver, "movement", _MOVE, [row[1:] for row in moves], (batch.store_id,), "ON CONFLICT DO NOTHING"
    )
    if count == len(moves):
        return moves
    # Rare: somebody has used these sources. Movements are only ever added, so the new ones come last.
    new = {source_id for (source_id,) in driver.execute(_MOVES_SINCE, (before,))}
    return {row[1]: row for row in reversed(moves) if row[1] in new}.values()


def _insert(
    driver: Any,
    table: str,
    shape: tuple[tuple[str, ...], str],
    rows: Sequence[Row],
    same: Row,
    tail: str = "",
) -> tuple[int, list[Row]]:
    """Inserts rows in their order; answers how many, and what `tail` makes it return."""
    count, returned = 0, []
    for chunk in chunks(rows):
        sql = _insertion(table, *shape, len(chunk), tail)
        cursor = driver.execute(sql, (*same, *chain.from_iterable(chunk)))
        if "RETURNING" in tail:
            returned += cursor.fetchall()
        count += cursor.rowcount
    return count, returned


@cache
def _insertion(table: str, names: tuple[str, ...], marks: str, count: int, tail: str) -> str:
    columns = ", ".join(("store_id", *names))
    # FAIL: a statement that fails leaves rows behind, and its transaction is rolled back whole. The default
    # is to take them back, for which the database copies every page before it changes it.
    return f"INSERT OR FAIL INTO {table} ({columns}) VALUES {', '.join([marks] * count)} {tail}"  # noqa: S608
