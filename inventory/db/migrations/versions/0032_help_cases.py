"""Owns one change of the tables: the whole life of a call for help.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
