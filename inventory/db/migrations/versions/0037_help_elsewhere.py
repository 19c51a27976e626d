"""Owns one change of the tables: calls that other stores answer, and words to other systems.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
