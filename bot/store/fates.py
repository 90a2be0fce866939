"""What erasing a person does with every table: which rows are theirs, what goes and what stays.

One list, `FATES`. A table that is not in it, or a column of a table in it that is neither emptied nor kept,
fails `tests/unit/test_fates.py`. Figures stay: what was done when, under ids that mean nothing outside.
Carrying it out is `erasure`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.store.facts import facts_of

Made = Callable[[Any], Any]
"""What comes instead, made from the row that stands there."""


class Whose(StrEnum):
    """By what a row is known to be somebody's."""

    NOBODY = "nobody"
    CONVERSATION = "conversation"
    TICKET = "ticket"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a table's rows.

    `by` is the column with the id of the one `whose` they are. `emptied` says what comes instead: a value, or
    `Made` of the row. Of rows that are `deleted`, those that `spared` picks by their columns are emptied.
    `unshown` is in no export: a key that opens something, or what stands there already, to be looked for.
    """

    whose: Whose
    by: str = ""
    deleted: bool = False
    spared: Callable[[Any], Any] | None = None
    emptied: Mapping[str, Any] = field(default_factory=dict[str, Any])
    kept: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    why: str = ""


def _stays(why: str) -> Fate:
    """It has nothing of a customer's."""
    return Fate(Whose.NOBODY, why=why)


def _goes(whose: Whose, by: str, unshown: tuple[str, ...] = ()) -> Fate:
    """It is a customer's, wholly."""
    return Fate(whose, by, deleted=True, unshown=unshown)


def _nobody(_: Any) -> str:
    """A sender that nobody is."""
    return f"erased:{secrets.token_urlsafe(12)}"


def _no_key(_: Any) -> str:
    """A secret that nobody has: the links that were given out open nothing any more."""
    return secrets.token_urlsafe(16)


FATES: Mapping[str, Fate] = {
    "conversations": Fate(
        Whose.CONVERSATION,
        "id",
        emptied={"sender_id": _nobody, "customer_id": None, "state": None},
        kept=(
            "id", "channel", "owner", "status", "owner_epoch", "agent_id", "team", "language", "version",
            "seq", "told", "arrivals", "episode", "due_at", "wake_at", "burst_at", "lease_until",
            "lease_token", "created_at", "updated_at", "snoozed_until", "waiting_since", "last_customer_at",
            "outcome", "erased_at",
        ),
    ),
    "events": Fate(
        Whose.CONVERSATION,
        "conversation_id",
        emptied={"data": lambda row: facts_of(row.type, row.data)},
        kept=("conversation_id", "seq", "type", "at", "turn", "name", "score"),
    ),
    "contents": _goes(Whose.CONVERSATION, "conversation_id", unshown=("search",)),
    "inbox": _goes(Whose.CONVERSATION, "conversation_id"),
    "outbox": _goes(Whose.CONVERSATION, "conversation_id"),
    "jobs": _goes(Whose.CONVERSATION, "conversation_id"),
    "handoffs": Fate(
        Whose.CONVERSATION,
        "conversation_id",
        kept=(
            "id", "conversation_id", "episode", "team", "reason", "priority", "created_at", "claimed_at",
            "agent_id", "closed_at", "outcome",
        ),
    ),
    "tickets": Fate(
        Whose.TICKET,
        "number",
        emptied={
            "secret": _no_key, "customer": "", "contact": "", "summary": "", "facts": {}, "steps_tried": [],
            "checks": [], "notes": [], "extra": {}, "solution": None, "search": "",
            "summary_search": "",
        },
        kept=(
            "number", "conversation_id", "episode", "status", "channel", "language", "intent", "articles",
            "impact", "urgency", "priority", "team", "reason", "response_due", "resolution_due", "paused_at",
            "created_at", "updated_at", "answered_at", "solved_at", "erased_at",
        ),
        unshown=("secret", "search", "summary_search"),
    ),
    "ticket_changes": Fate(
        Whose.TICKET,
        "number",
        emptied={"before": "", "after": ""},
        kept=("id", "number", "at", "actor", "field"),
    ),
    "attachments": _goes(Whose.CONVERSATION, "conversation_id"),
    "receipts": _goes(Whose.CONVERSATION, "conversation_id"),
    "calls": _goes(Whose.CONVERSATION, "conversation_id"),
    "outgoing": Fate(
        Whose.CONVERSATION,
        "conversation_id",
        emptied={"about": {}, "sid": None},
        kept=("id", "key", "kind", "conversation_id", "source_id", "at", "state"),
        unshown=("id",),
    ),
    "drafts": _goes(Whose.CONVERSATION, "conversation_id"),
    # What is published is the helpdesk's article: it can still be edited and withdrawn, and leads to nobody.
    "article_drafts": Fate(
        Whose.CONVERSATION,
        "conversation_id",
        deleted=True,
        spared=lambda columns: (columns.state == "published") & columns.slug.is_not(None),
        emptied={"conversation_id": "", "ticket": None, "title": lambda row: row.slug, "text": ""},
        kept=("id", "language", "intent", "author", "created_at", "state", "slug", "article"),
    ),
    "readings": Fate(
        Whose.CONVERSATION, "conversation_id", kept=("user_id", "conversation_id", "seq", "at")
    ),
    "mentions": Fate(
        Whose.CONVERSATION, "conversation_id", kept=("conversation_id", "seq", "user_id", "at", "read_at")
    ),
    "corrections": _goes(Whose.CONVERSATION, "conversation_id"),
    "review_comments": _goes(Whose.CONVERSATION, "conversation_id"),
    "review_tags": _goes(Whose.CONVERSATION, "conversation_id"),
    "review_scores": Fate(
        Whose.CONVERSATION,
        "conversation_id",
        emptied={"remark": ""},
        kept=("conversation_id", "made_by", "made_at", "scores"),
    ),
    "reviews": Fate(
        Whose.CONVERSATION, "conversation_id", kept=("conversation_id", "state", "made_by", "made_at")
    ),
    "customer_notes": _goes(Whose.CUSTOMER, "customer_id"),
    "customers": _goes(Whose.CUSTOMER, "id", unshown=("search",)),
    "identities": _goes(Whose.CUSTOMER, "customer_id"),
    "users": _stays("who works here"),
    "sessions": _stays("who works here"),
    "invitations": _stays("who is to work here"),
    "password_links": _stays("who works here; for a day"),
    "two_step": _stays("who works here"),
    "recovery_codes": _stays("who works here"),
    "half_logins": _stays("who works here; for some minutes"),
    "login_attempts": _stays("who works here; kept for a day"),
    "audit_log": _stays("deeds of who works here, by ids; never a customer's words"),
    "api_tokens": _stays("programs"),
    "article_feedback": _stays("an article and a thumb, of nobody"),
    "outgoing_days": _stays("how many calls and texts went out on a day"),
    "leases": _stays("processes"),
    "edited_files": _stays("what the helpdesk agreed, and who works here"),
    "active": _stays("hashes of models and content"),
    "blobs": _stays("bytes by their hash: those of files go with the last file that has them (`erasure`)"),
}  # fmt: skip
