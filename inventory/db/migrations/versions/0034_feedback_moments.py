"""Owns one change of the tables: the hour of a face and the alerts about bad ones.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
