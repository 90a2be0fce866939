"""What comes in and goes out, the same for every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.model.conversation import Owner
from bot.model.errors import Malformed, TooLarge

Author = Literal["customer", "bot", "system", "agent"]
"""Who said something. `system` is for notices that are not the bot's: handed over, position."""

PHONE = "phone"
"""The channel in which one speaks. What is said in it is short and for the ear."""

MAX_TEXT = 8_000
"""Characters of one message that are accepted; more is `TooLarge`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; the bytes are a blob, named by their hash.

    Whoever knows the `id` may see it. `width` and `height` are a picture's, in pixels.
    """

    name: str
    content_type: str
    size: int
    blob: str
    id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class QuickReply:
    """An answer that is offered: what is shown, and what is sent back when it is chosen."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a customer.

    `sender_id` is the channel's own name for whoever writes; `external_id` is unique within the
    channel and makes a repeated delivery harmless. `payload` is what a pressed button sent;
    it counts only when the bot has just offered it. `language` is a hint (page, phone number).
    `identity` is who the channel has proof that this is, in the helpdesk's own terms (a user id).
    `voice`: it was spoken, and is answered for the ear, whatever the channel.
    """

    channel: str
    sender_id: str
    external_id: str
    text: str = ""
    payload: str | None = None
    language: str | None = None
    identity: str | None = None
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    voice: bool = False


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a customer, rendered. `response` names the response it came from, for reviewers.

    `metadata` may carry `article` (slug), `url`, `step` {what, why, expected, minutes, number, of}.
    """

    text: str
    replies: tuple[QuickReply, ...] = ()
    response: str | None = None
    author: Author = "bot"
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of an inbound message: it is on record.

    `seq` is its place in the conversation and `inbox_id` its row, the first one's for a duplicate. `taken`
    says that its turn has begun in this process.
    """

    conversation_id: str
    seq: int
    duplicate: bool
    owner: Owner
    created: bool
    inbox_id: int
    taken: bool = False


def checked(text: str, most: int = MAX_TEXT) -> str:
    """The text as it is kept; raises `Malformed` where there is none and `TooLarge`."""
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no null character
    if not text:
        raise Malformed("there is no text")
    if len(text) > most:
        raise TooLarge(f"a text may have {most} characters; this one has {len(text)}")
    return text
