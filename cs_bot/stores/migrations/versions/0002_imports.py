"""Imports, and what each of them changed: enough to undo it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "imports",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "imported_pairs",
        sa.Column("import_number", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=True),
        sa.Column("was_archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_number"], ["imports.number"]),
        sa.ForeignKeyConstraint(["pair_id", "digest"], ["revisions.pair_id", "revisions.digest"]),
        sa.ForeignKeyConstraint(
            ["pair_id", "previous_digest"], ["revisions.pair_id", "revisions.digest"]
        ),
        sa.PrimaryKeyConstraint("import_number", "pair_id"),
    )
