"""Owns one change of the tables: the words of items, the vocabulary and the synonyms of the store's search.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PARTIAL = sa.text("plu <> ''")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_search_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_word",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("item_count", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "word", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_word_store_id_since", "search_word", ["store_id", "since"])
    op.create_table(
        "search_store",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("store_no", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_search_store")),
    )
    keys = ("store_id", "term", "meaning")
    op.create_table(
        "synonym",
        *(sa.Column(key, sa.String(), nullable=False) for key in keys),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_synonym")),
    )
    op.create_index("ix_item_store_id_sku", "item", ["store_id", "sku"])
    op.create_index(
        "ix_item_store_id_plu",
        "item",
        ["store_id", "plu"],
        sqlite_where=PARTIAL,
        postgresql_where=PARTIAL,
    )
    match op.get_bind().dialect.name:
        case "sqlite":
            op.execute(
                "CREATE VIRTUAL TABLE item_words USING fts5(words, content='', columnsize=0, detail=none,"
                " prefix='2 3 4 5 6', tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
            )
            # What waits in memory until it is written: 32 MB instead of 1 makes a big load one third quicker.
            op.execute("INSERT INTO item_words (item_words, rank) VALUES ('hashsize', 33554432)")
        case "postgresql":
            op.execute("CREATE INDEX ix_search_entry_tier ON search_entry (store_id, tier, gtin)")
            op.execute(
                "CREATE INDEX ix_search_entry_words ON search_entry"
                " USING gin (array_to_tsvector(string_to_array(words, ' ')))"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE item_words")
    op.drop_index("ix_item_store_id_plu", "item")
    op.drop_index("ix_item_store_id_sku", "item")
    for table in ("synonym", "search_store", "search_word", "search_entry"):
        op.drop_table(table)
