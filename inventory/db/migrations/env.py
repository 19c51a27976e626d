"""Owns what alembic runs: our migrations on the connection handed in.

It must not open connections of its own: `inventory.db.migrations` does that, under the writer's lock.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from alembic import context

from inventory import db
from inventory.db.tables import StoreTable

for module in iter_modules(db.__path__):
    if module.name.endswith("_table"):  # each brings its tables into the schema
        import_module(f"inventory.db.{module.name}")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=StoreTable.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
