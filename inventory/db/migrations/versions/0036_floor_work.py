"""Owns one change of the tables: the tasks and notes of the floor.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
