"""The tables of the review: corrections of what was understood, comments, tags, scorecards, who reads what.

The same `metadata` as `schema`, under the same agreements.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, Table, Text, UniqueConstraint

from bot.store.schema import IdType, metadata
from bot.store.values import Json

corrections = Table(
    "corrections",
    metadata,
    Column("id", IdType, primary_key=True),
    # Where it was said: the event `understood`. Null once the conversation is kept no longer.
    Column("conversation_id", Text),
    Column("seq", Integer),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),  # with entities marked, as in nlu.yml
    Column("intent", Text, nullable=False),
    Column("was", Text, nullable=False),  # the intent that was understood
    Column("status", Text, nullable=False, index=True),  # pending, approved, rejected
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Float),
    Column("trained_at", Float),
    Column("model", Text),  # the last model that was learned with it
    UniqueConstraint("conversation_id", "seq"),
    sqlite_autoincrement=True,  # who approves a number approves the words that had it
)

comments = Table(
    "review_comments",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("text", Text, nullable=False),
)

tags = Table(
    "review_tags",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("tag", Text, primary_key=True, index=True),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
)

scores = Table(
    "review_scores",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("made_by", Text, primary_key=True),
    Column("made_at", Float, nullable=False),
    Column("scores", Json, nullable=False),  # criterion to 1 … 5
    Column("remark", Text, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("state", Text, nullable=False),  # reading, done
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
)
