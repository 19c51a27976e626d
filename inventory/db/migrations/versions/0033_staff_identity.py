"""Owns one change of the tables: the staff's badges, passkeys and tablets.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
