"""The tables. Times are float epoch seconds (UTC); JSON is text. Not the history of the tables: `migrations`.

Events, contents, inbox and outbox have no foreign key to their conversation: they are only written while its
row is locked, and a check at every event would be paid by every message.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    or_,
)
from sqlalchemy.sql.elements import ColumnElement

from bot.store.values import Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IdType = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is exactly INTEGER."""

FIRST_TICKET = 1001


def partial(name: str, *columns: Column[object], where: ColumnElement[bool]) -> Index:
    """An index of the few rows that are looked for."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("sender_id", Text, nullable=False),
    Column("customer_id", Text),
    Column("owner", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner_epoch", Integer, nullable=False, default=0),
    Column("agent_id", Text),
    Column("team", Text),
    Column("language", Text, nullable=False),
    Column("version", Integer, nullable=False, default=0),  # how many turns were saved
    Column("seq", Integer, nullable=False, default=0),  # the last event's number
    Column("told", Integer, nullable=False, server_default="0"),  # up to where it was told: `answers`
    Column("arrivals", Integer, nullable=False, default=0),  # how many inbox rows ever came in
    Column("episode", Integer, nullable=False, default=1),
    Column("state", Json),
    Column("due_at", Float),  # when a worker must look
    Column("wake_at", Float),  # the timer's own time
    Column("burst_at", Float),  # the first message that no worker has claimed yet
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("lease_token", Integer, nullable=False, default=0),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("snoozed_until", Float),  # null while it is snoozed until the customer writes
    Column("waiting_since", Float),  # since when the customer waits for a person
    Column("last_customer_at", Float),
    Column("outcome", Text),
    Column("erased_at", Float),  # when what was said was erased; see `fates`
    UniqueConstraint("channel", "sender_id"),
)
_c = conversations.c
partial("ix_conversations_due", _c.due_at, where=_c.due_at.is_not(None))
partial("ix_conversations_desk", _c.owner, _c.status, where=_c.owner != "bot")
partial("ix_conversations_snoozed", _c.snoozed_until, where=_c.snoozed_until.is_not(None))
partial("ix_conversations_customer", _c.customer_id, where=_c.customer_id.is_not(None))
Index("ix_conversations_created", _c.created_at)

events = Table(
    "events",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("name", Text),  # what the data name, drawn out for filters: intent, flow, action, article, …
    Column("score", Float),  # a confidence, or a satisfaction
    Column("data", Json, nullable=False),
    sqlite_with_rowid=False,
)
CANNOT_HANDLE = "pattern_cannot_handle"
"""The flow in which the bot says that it does not know what to do with a turn."""

COUNTED = ("agent", "ended", "episode", "handoff", "owner", "satisfaction", "suggestion", "understood")
"""The types of events that lists and figures look for by their time."""

_e = events.c
partial(
    "ix_events_counted", _e.type, _e.at, _e.name, _e.score, where=or_(*(_e.type == each for each in COUNTED))
)
partial("ix_events_cannot_handle", _e.at, where=_e.name == CANNOT_HANDLE)

contents = Table(
    "contents",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("content", Json, nullable=False),
    Column("search", Text),  # what was said, folded: `said`
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seq", Integer),
    Column("payload", Json),
    Column("received_at", Float, nullable=False),
    Column("done_at", Float),
    Column("told_after", Integer),  # what is said in answer comes after this number …
    Column("told_upto", Integer),  # … and ends here; see `answers`
    UniqueConstraint("channel", "external_id"),
)
partial("ix_inbox_undone", inbox.c.conversation_id, where=inbox.c.done_at.is_(None))

outbox = Table(
    "outbox",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("sent_at", Float),
    Column("external_id", Text),
    Column("error", Text),
    UniqueConstraint("conversation_id", "seq"),
)
partial("ix_outbox_pending", outbox.c.next_at, where=outbox.c.state == "pending")
partial("ix_outbox_stuck", outbox.c.id, where=outbox.c.state.in_(("failed", "unknown")))

jobs = Table(
    "jobs",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("conversation_id", Text),
    Column("payload", Json, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("lease_token", Integer, nullable=False, default=0),
    Column("error", Text),
)
partial("ix_jobs_pending", jobs.c.due_at, where=jobs.c.state == "pending")
partial("ix_jobs_dead", jobs.c.id, where=jobs.c.state == "dead")

tickets = Table(
    "tickets",
    metadata,
    Column("number", IdType, Identity(start=FIRST_TICKET), primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("secret", Text, nullable=False, unique=True),
    Column("customer", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("facts", Json, nullable=False),
    Column("steps_tried", Json, nullable=False),
    Column("checks", Json, nullable=False),
    Column("articles", Json, nullable=False),
    Column("impact", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("notes", Json, nullable=False),
    Column("extra", Json, nullable=False),
    Column("response_due", Float),
    Column("resolution_due", Float),
    Column("paused_at", Float),
    Column("answered_at", Float),  # when a person first answered, after it was handed over
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("solved_at", Float),
    Column("solution", Text),
    Column("search", Text, nullable=False),  # all its words, folded: `said`
    Column("summary_search", Text, nullable=False, server_default=""),  # those of its summary
    Column("erased_at", Float),
    UniqueConstraint("conversation_id", "episode"),
    sqlite_autoincrement=True,  # a number is never given out twice
)

Index("ix_tickets_contact", tickets.c.contact)
partial("ix_tickets_solved", tickets.c.intent, where=tickets.c.solution.is_not(None))

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("episode", Integer, nullable=False),
    Column("team", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("claimed_at", Float),
    Column("agent_id", Text),
    Column("closed_at", Float),
    Column("outcome", Text),
)
partial("ix_handoffs_waiting", handoffs.c.team, handoffs.c.priority, where=handoffs.c.closed_at.is_(None))

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("created_at", Float, nullable=False),
    Column("search", Text, nullable=False, server_default=""),  # name and address, folded: `said`
)

identities = Table(
    "identities",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False, index=True),
    Column("verified_at", Float),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("availability", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Float, nullable=False),
    Column("settings", Json, nullable=False, server_default="{}"),  # how this person wants the desk
    Column("seen_at", Float),  # outlives the session
    Column("gone_with", Integer),  # how many conversations went back when the rule set them offline
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
    Column("seen_at", Float, nullable=False),
    Column("browser", Text),  # by its family: "Firefox, Windows"
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index(None, "key", "at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("at", Float, nullable=False),
    Column("actor", Text, nullable=False),
    Column("deed", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", Json, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("used_at", Float),
    Column("revoked_at", Float),
)

article_feedback = Table(
    "article_feedback",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index(None, "slug", "language"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Float, nullable=False),
    Column("token", Integer, nullable=False),
)

active = Table(
    "active",
    metadata,
    Column("name", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("at", Float, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
