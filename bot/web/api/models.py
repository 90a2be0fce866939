"""What the API answers, as pydantic models: the description (`openapi`) is made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    """What went wrong: a word for programs and a sentence for people."""

    code: str
    message: str


class Error(BaseModel):
    """Every answer that is not 2xx."""

    error: ErrorBody


class Fact(BaseModel):
    """Something the customer told, with its name in the conversation's language."""

    label: str
    value: str


class StepTried(BaseModel):
    """A fix that was tried, and how it ended."""

    title: str
    outcome: str
    article: str | None = None


class Check(BaseModel):
    """A routine test: what was checked, what was expected, what came out."""

    name: str
    target: str
    ok: bool
    expected: str
    found: str
    ms: int


class Ticket(BaseModel):
    """A ticket as it was handed over, and how it stands now."""

    number: int
    conversation_id: str
    sender_id: str = Field(description="The customer as the channel knows it, as REST's `sender`.")
    customer: str
    contact: str
    channel: str
    language: str
    intent: str
    summary: str
    facts: dict[str, Fact]
    steps_tried: list[StepTried]
    articles: list[str] = Field(description="Slugs of the articles that were shown.")
    impact: str
    urgency: str
    priority: str
    team: str
    status: str
    response_due: datetime | None
    resolution_due: datetime | None
    checks: list[Check]
    notes: list[str] = Field(description="What agents should know besides.")
    reason: str
    created_at: datetime
    url: str = Field(description="The transcript, for people who may log in.")


class Tickets(BaseModel):
    """A page of tickets, the newest first."""

    items: list[Ticket]
    total: int


class Conversation(BaseModel):
    """A conversation without what was said."""

    id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    status: str
    outcome: str | None
    agent: str | None
    team: str | None
    ticket: int | None
    seq: int
    created_at: datetime
    updated_at: datetime
    url: str


class ConversationItem(BaseModel):
    """A line of the list of conversations."""

    id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    status: str
    outcome: str | None
    ticket: int | None
    intents: list[str]
    confidence: float | None
    first_text: str
    created_at: datetime
    updated_at: datetime
    url: str


class Conversations(BaseModel):
    """A page of conversations, the newest first."""

    items: list[ConversationItem]
    total: int


class Picture(BaseModel):
    """A picture that came with a message; its address asks for no token, and is hard to guess."""

    name: str
    content_type: str
    width: int
    height: int
    url: str


class Said(BaseModel):
    """One message of a transcript; `text` is empty where it was erased."""

    seq: int
    author: str
    at: datetime
    text: str
    name: str | None = None
    buttons: list[dict[str, str]] = []
    pictures: list[Picture] = []


class Transcript(BaseModel):
    """What the customer said and saw."""

    conversation_id: str
    messages: list[Said]


class ArticleHit(BaseModel):
    """An article that fits a question."""

    slug: str
    language: str
    title: str
    summary: str
    score: float
    url: str


class ArticleHits(BaseModel):
    """The best first."""

    items: list[ArticleHit]


class ArticleStep(BaseModel):
    """One step, in plain text."""

    title: str
    text: str
    why: str
    result: str
    minutes: int


class Article(BaseModel):
    """An article in one language."""

    slug: str
    language: str
    title: str
    summary: str
    kind: str
    intents: list[str]
    minutes: int
    updated: str
    steps: list[ArticleStep]
    markdown: str
    url: str


class ParseRequest(BaseModel):
    """A text to understand."""

    text: str = Field(max_length=8_000)


class Intent(BaseModel):
    """An intent and how sure that is."""

    name: str
    confidence: float


class Parsed(BaseModel):
    """What a text means, in Rasa's form."""

    text: str
    intent: Intent
    intent_ranking: list[Intent]
    entities: list[dict[str, Any]]
    language: str
