"""Every table can be spread over servers by store: its keys begin with the store, and nothing counts up."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKeyConstraint, Sequence, Table, UniqueConstraint

from tests.architecture.pages import read
from tests.architecture.sharding import ON_EVERY_NODE, SHARD_KEY, statements, tables

ACROSS_STORES = {
    "ix_stock_near_gtin_square": "which stores near a place have an item",
    "ix_help_route_desk_id_ended_at_utc": "which calls of all stores are before a desk",
}
"""Indexes that do not begin with the store, and the question they are there for."""


@pytest.fixture(params=tables(), ids=lambda table: table.name)
def table(request: pytest.FixtureRequest) -> Table:
    assert isinstance(request.param, Table)
    return request.param


def test_the_store_comes_first_in_every_key(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == SHARD_KEY
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    assert [each.name for each in unique if next(iter(each.columns)).name != SHARD_KEY] == []


def test_indexes_begin_with_the_store_but_for_those_that_ask_across_stores(table: Table) -> None:
    strange = {str(index.name) for index in table.indexes if next(iter(index.columns)).name != SHARD_KEY}
    assert strange <= ACROSS_STORES.keys()
    assert not any(index.unique for index in table.indexes if index.name in ACROSS_STORES)


def test_nothing_counts_up_and_nothing_points_elsewhere(table: Table) -> None:
    for column in table.columns:
        assert column.identity is None
        assert not isinstance(column.default, Sequence)
        assert column.autoincrement in {False, "auto"}
    assert table.autoincrement_column is None
    assert not [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]


def test_every_table_has_its_statement_in_the_papers() -> None:
    assert statements() in read("docs/scale.md")
    assert {table.name for table in tables()} >= ON_EVERY_NODE
