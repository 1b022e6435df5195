"""The tables of the house, as SQLAlchemy Core metadata; knows no query and no engine.

`migrations/` builds the same tables step by step; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    null,
)

from cs_bot.stores.columns import Utc, Words

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("user_id", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("top_seq", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("last_turn_at", Utc),
    Index("ix_conversations_owner", "channel", "user_id", "created_at"),
    Index("ix_conversations_last_turn", "last_turn_at", "id"),
)

entries = Table(
    "entries",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("message_id", Words),
    Column("at", Utc, nullable=False),
    Column("data", JSON, nullable=False),
    PrimaryKeyConstraint("conversation_id", "seq"),
    Index("ix_entries_message", "conversation_id", "message_id", "seq"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("client_id", Words, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("payload", JSON(none_as_null=True)),
    Column("at", Utc, nullable=False),
    Column("turn_id", Words),
    Column("metadata", JSON(none_as_null=True)),
    PrimaryKeyConstraint("conversation_id", "message_id"),
    UniqueConstraint("conversation_id", "client_id", name="uq_inbound_client"),
)
Index(
    "ix_inbound_unanswered",
    inbound.c.at,
    sqlite_where=inbound.c.turn_id.is_(None),
    postgresql_where=inbound.c.turn_id.is_(None),
)
Index(
    "ix_inbound_chosen",
    inbound.c.at,
    sqlite_where=inbound.c.payload.is_not(null()),
    postgresql_where=inbound.c.payload.is_not(null()),
)

turns = Table(
    "turns",
    metadata,
    Column("turn_id", Words, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("query", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("release", Words),
    Column("channel", Words, nullable=False),
    Column("sender", Words, nullable=False),
    Column("answered_by", Words, nullable=False),
    Column("reply", Words, nullable=False),
    Column("handoff", Boolean, nullable=False),
    Column("events", JSON, nullable=False),
    Column("trace", JSON, nullable=False),
    Column("search", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("ms", Float, nullable=False),
    Column("feedback", Integer),
    Column("feedback_reasons", JSON(none_as_null=True)),
    Column("feedback_comment", Words),
    Column("rated_at", Utc),
    UniqueConstraint("conversation_id", "message_id", name="uq_turns_message"),
    Index("ix_turns_seq", "conversation_id", "seq"),
    Index("ix_turns_at", "at"),
)
Index(
    "ix_turns_rated",
    turns.c.rated_at,
    sqlite_where=turns.c.rated_at.is_not(None),
    postgresql_where=turns.c.rated_at.is_not(None),
)

# Events that were added between two turns; `seq` is the conversation's top when they came.
additions = Table(
    "additions",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("events", JSON, nullable=False),
    Column("told", JSON, nullable=False),
    Column("at", Utc, nullable=False),
    PrimaryKeyConstraint("conversation_id", "number"),
)

left_messages = Table(
    "left_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("name", Words, nullable=False),
    Column("contact", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("status", Text, nullable=False),
    Column("note", Words, nullable=False),
    Column("handled_by", Words),
    Column("handled_at", Utc),
    Index("ix_left_messages_newest", "created_at", "id"),
    Index("ix_left_messages_status", "status", "created_at"),
)

# What the bot means to come back to; `seq` is the place of the turn that said so.
reminders = Table(
    "reminders",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("intent", Words, nullable=False),
    Column("entities", JSON, nullable=False),
    Column("due", Utc, nullable=False),
    Column("outlives_messages", Boolean, nullable=False),
    Column("locale", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    PrimaryKeyConstraint("conversation_id", "name"),
    Index("ix_reminders_due", "due"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("pair_id", Words, nullable=False),
    Column("digest", Text, nullable=False),
    Column("question", Words, nullable=False),
    Column("pair", JSON, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("created_by", Words, nullable=False),
    PrimaryKeyConstraint("pair_id", "digest"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("pair_id", Words, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("category", Words, nullable=False),
    Column("search", Words, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("updated_by", Words, nullable=False),
    ForeignKeyConstraint(["pair_id", "digest"], ["revisions.pair_id", "revisions.digest"]),
    Index("ix_drafts_updated", "updated_at", "pair_id"),
)

releases = Table(
    "releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Utc, nullable=False),
    Column("created_by", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("pairs", Integer, nullable=False),
)

release_pairs = Table(
    "release_pairs",
    metadata,
    Column("release", ForeignKey("releases.number"), nullable=False),
    Column("pair_id", Words, nullable=False),
    Column("digest", Text, nullable=False),
    PrimaryKeyConstraint("release", "pair_id"),
    ForeignKeyConstraint(["pair_id", "digest"], ["revisions.pair_id", "revisions.digest"]),
)

# One row, which publishing and rolling back lock; `moves` counts how often it was set.
current_release = Table(
    "current_release",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("release", ForeignKey("releases.number")),
    Column("moves", Integer, nullable=False),
    Column("moved_at", Utc),
    Column("moved_by", Words),
)

imports = Table(
    "imports",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("file", Words, nullable=False),
    Column("imported_at", Utc, nullable=False),
    Column("imported_by", Words, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("undone_at", Utc),
    Column("undone_by", Words),
)

# What an import made of a draft, and what was there before it: null where there was no draft.
imported_pairs = Table(
    "imported_pairs",
    metadata,
    Column("import_number", ForeignKey("imports.number"), nullable=False),
    Column("pair_id", Words, nullable=False),
    Column("digest", Text, nullable=False),
    Column("previous_digest", Text),
    Column("was_archived", Boolean, nullable=False),
    PrimaryKeyConstraint("import_number", "pair_id"),
    ForeignKeyConstraint(["pair_id", "digest"], ["revisions.pair_id", "revisions.digest"]),
    ForeignKeyConstraint(["pair_id", "previous_digest"], ["revisions.pair_id", "revisions.digest"]),
)

labels = Table(
    "labels",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("question", Words, nullable=False, unique=True),
    Column("search", Words, nullable=False),
    Column("pair_id", Words),
    Column("labelled_at", Utc, nullable=False),
    Column("labelled_by", Words, nullable=False),
    Index("ix_labels_pair", "pair_id"),
)

# One row, whose number grows with every change of a label.
label_version = Table(
    "label_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

# What the labels came to for a release, under a key that names all else it depends on.
release_terms = Table(
    "release_terms",
    metadata,
    Column("release", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("terms", JSON, nullable=False),
    PrimaryKeyConstraint("release", "key"),
)

# The log keeps the votes; a row says until when those on a pair count no longer.
forgettings = Table(
    "forgettings",
    metadata,
    Column("pair_id", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", Words, nullable=False),
    PrimaryKeyConstraint("pair_id", "at"),
)

# Versions of the task model; what lists show stands before the two large columns.
models = Table(
    "models",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("trained_at", Utc, nullable=False),
    Column("trained_by", Words, nullable=False),
    Column("about", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("judged", JSON, nullable=False),
    Column("weights", LargeBinary, nullable=False),
    Index("ix_models_key", "key"),
)

# One row, which storing, activating and rolling back lock; `newest` is the last number given.
active_model = Table(
    "active_model",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("model", ForeignKey("models.number")),
    Column("held_for", Text),
    Column("newest", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("moved_at", Utc),
    Column("moved_by", Words),
)

operators = Table(
    "operators",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Words, nullable=False),
    Column("folded_name", Words, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("operator_id", ForeignKey("operators.id"), nullable=False),
    Column("expires_at", Utc, nullable=False),
)

# At most one row, id 1: a new token replaces the last one even when two servers start at once.
setup_token = Table(
    "setup_token",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("token_hash", Text, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
