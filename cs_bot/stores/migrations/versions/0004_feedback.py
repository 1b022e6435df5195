"""When a thumb was given, votes by time, and the pairs whose votes were forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column, two indexes and a table."""
    op.add_column("turns", sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody knows any more when; the answer's own time is the nearest.
    op.execute("UPDATE turns SET rated_at = at WHERE feedback IS NOT NULL")
    rated, chosen = sa.text("rated_at IS NOT NULL"), sa.text("payload IS NOT NULL")
    op.create_index(
        "ix_turns_rated", "turns", ["rated_at"], sqlite_where=rated, postgresql_where=rated
    )
    op.create_index(
        "ix_inbound_chosen", "inbound", ["at"], sqlite_where=chosen, postgresql_where=chosen
    )
    op.create_table(
        "forgettings",
        sa.Column("pair_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pair_id", "at"),
    )
