"""Owns what the tables say of sharding by store: which are spread, which every node holds, the statements.

It must not connect to anything.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Table

from inventory import db
from inventory.db.tables import StoreTable

SHARD_KEY = "store_id"
ON_EVERY_NODE = frozenset({"store_place"})
"""Small, read together with any store's rows, seldom written."""


def tables() -> list[Table]:
    """All tables of the store, by name."""
    for module in iter_modules(db.__path__):
        if module.name.endswith("_table"):
            import_module(f"inventory.db.{module.name}")
    return sorted(StoreTable.metadata.tables.values(), key=lambda table: table.name)


def statements() -> str:
    """What is run once on an empty database of Citus after the migrations."""
    lines = ["SET citus.enable_unsafe_triggers = on;  -- ours only refuse changes of facts"]
    lines += ["SELECT create_distributed_table('store', 'store_id');"]
    for table in tables():
        if table.name in ON_EVERY_NODE:
            lines.append(f"SELECT create_reference_table('{table.name}');")
        elif table.name != "store":
            lines.append(
                f"SELECT create_distributed_table('{table.name}', '{SHARD_KEY}', colocate_with => 'store');"
            )
    return "\n".join(("```sql", *lines, "```"))
