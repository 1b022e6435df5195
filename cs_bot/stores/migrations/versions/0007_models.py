"""Versions of the task model, and which of them answers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables, and the row that points to a version."""
    op.create_table(
        "models",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trained_by", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("judged", sa.JSON(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_models_key", "models", ["key"])
    op.create_table(
        "active_model",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.Integer(), nullable=True),
        sa.Column("held_for", sa.Text(), nullable=True),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["model"], ["models.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO active_model (id, newest, moves) VALUES (1, 0, 0)")
