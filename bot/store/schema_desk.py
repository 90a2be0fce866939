"""The tables of the desk beside the conversations: drafts, what was read here and by the customer, mentions,
what was changed on a ticket, notes on a customer, drafts of articles. The same `metadata` as `schema`, under
the same agreements."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from bot.store.schema import IdType, metadata, partial

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # reply, note
    Column("text", Text, nullable=False),
    Column("updated_at", Float, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),  # the last event that this agent has seen
    Column("at", Float, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("got", Integer, nullable=False),  # the last event that reached the customer
    Column("got_at", Float, nullable=False),
    Column("seen", Integer, nullable=False),  # the last event that stood on their screen; 0 is none
    Column("seen_at", Float),
)

mentions = Table(
    "mentions",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # the note
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("at", Float, nullable=False),
    Column("read_at", Float),
)
partial("ix_mentions_unread", mentions.c.user_id, where=mentions.c.read_at.is_(None))

ticket_changes = Table(
    "ticket_changes",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("number", IdType, ForeignKey("tickets.number"), nullable=False),
    Column("at", Float, nullable=False),
    Column("actor", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index(None, "number"),
)

customer_notes = Table(
    "customer_notes",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
)

article_drafts = Table(
    "article_drafts",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("ticket", IdType),
    Column("language", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("state", Text, nullable=False),  # draft, published, dropped
    Column("slug", Text),
    Column("article", Text),
)

calls = Table(
    "calls",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("node", Text, nullable=False),  # the process that has the line
    Column("since", Float, nullable=False),
    Column("seen", Float, nullable=False),  # it was on then
    Column("agent_id", Text, ForeignKey("users.id")),  # who speaks on it, or holds it
)
