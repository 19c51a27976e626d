"""Owns what alembic runs: our migrations on the connection handed in.

It must not open connections of its own: `inventory.db.migrations` does that, under the writer's lock.
"""

from __future__ import annotations

from alembic import context

from inventory.db import (  # noqa: F401 - their tables belong to the schema
    answer_table,
    door_table,
    feedback_table,
    item_search_table,
    ledger_table,
    search_table,
    shelf_table,
)
from inventory.db.tables import StoreTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=StoreTable.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
