"""Who owns a conversation, what state it is in, and which changes are legal."""

from __future__ import annotations

from enum import StrEnum

from bot.model.errors import Conflict


class Owner(StrEnum):
    """Who answers the customer now."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Status(StrEnum):
    """`pending` is with the bot, `open` needs or has a person, as agents know it from other desks."""

    PENDING = "pending"
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Deed(StrEnum):
    """What can change the owner or the status of a conversation."""

    HAND_OFF = "hand_off"
    CLAIM = "claim"
    TO_QUEUE = "to_queue"
    TO_BOT = "to_bot"
    TRANSFER = "transfer"
    REPLY = "reply"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    WAKE = "wake"
    END = "end"


TRANSITIONS: dict[tuple[Owner, Deed], tuple[Owner, Status]] = {
    (Owner.BOT, Deed.HAND_OFF): (Owner.QUEUE, Status.OPEN),
    (Owner.BOT, Deed.CLAIM): (Owner.AGENT, Status.OPEN),
    (Owner.BOT, Deed.END): (Owner.BOT, Status.RESOLVED),
    (Owner.BOT, Deed.RESOLVE): (Owner.BOT, Status.RESOLVED),
    (Owner.BOT, Deed.REOPEN): (Owner.BOT, Status.PENDING),
    (Owner.QUEUE, Deed.CLAIM): (Owner.AGENT, Status.OPEN),
    (Owner.QUEUE, Deed.TO_BOT): (Owner.BOT, Status.PENDING),
    (Owner.QUEUE, Deed.TRANSFER): (Owner.QUEUE, Status.OPEN),
    (Owner.QUEUE, Deed.RESOLVE): (Owner.BOT, Status.RESOLVED),
    (Owner.AGENT, Deed.REPLY): (Owner.AGENT, Status.OPEN),
    (Owner.AGENT, Deed.TO_QUEUE): (Owner.QUEUE, Status.OPEN),
    (Owner.AGENT, Deed.TO_BOT): (Owner.BOT, Status.PENDING),
    (Owner.AGENT, Deed.TRANSFER): (Owner.AGENT, Status.OPEN),
    (Owner.AGENT, Deed.RESOLVE): (Owner.BOT, Status.RESOLVED),
    (Owner.AGENT, Deed.SNOOZE): (Owner.AGENT, Status.SNOOZED),
    (Owner.AGENT, Deed.WAKE): (Owner.AGENT, Status.OPEN),
}
"""The legal changes: (owner, deed) to (new owner, new status). What is not here is a `Conflict`."""


def transition(owner: Owner, deed: Deed) -> tuple[Owner, Status]:
    """The owner and status after `deed`; raises `Conflict` where the table has no such change."""
    try:
        return TRANSITIONS[owner, deed]
    except KeyError:
        raise Conflict(f"a conversation owned by the {owner} cannot be changed by {deed}") from None
