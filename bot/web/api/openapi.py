"""The API's description, OpenAPI 3.1, put together from the models once per process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web import access
from bot.web.api import models
from bot.web.errors import json

Parameters = tuple[tuple[str, str, str], ...]
"""Name, JSON type, what it is."""

_PAGE: Parameters = (
    ("limit", "integer", "How many, at most 200."),
    ("offset", "integer", "How many to leave out first."),
)
_ID = "The conversation's id, or a REST sender's."
_IN_PATH = {
    "id": _ID,
    "number": "The ticket's number.",
    "language": "nl, fr or en.",
    "slug": "The article's slug.",
}

PATHS: tuple[tuple[str, str, str, Parameters, type[BaseModel] | None], ...] = (
    ("get", "/api/v1/conversations", "Conversations, the newest first", (
        ("q", "string", "Words of a message or a ticket's summary; the id of a conversation or its sender."),
        ("language", "string", "nl, fr or en."),
        ("channel", "string", "A channel's name."),
        ("owner", "string", "bot, queue or agent."),
        ("intent", "string", "An intent that was understood."),
        ("outcome", "string", "solved, unsolved, cancelled, silent."),
        *_PAGE,
    ), models.Conversations),
    ("get", "/api/v1/conversations/{id}", "One conversation", (), models.Conversation),
    ("get", "/api/v1/conversations/{id}/transcript", "What the customer said and saw", (
        ("after", "integer", "Only what comes after this sequence number."),
    ), models.Transcript),
    ("get", "/api/v1/tickets", "Tickets, the newest first", (
        ("q", "string", "A number, a customer, the id of a conversation or of its sender, or words."),
        ("status", "string", "open, solved or closed."),
        ("team", "string", "A team's id."),
        *_PAGE,
    ), models.Tickets),
    ("get", "/api/v1/tickets/{number}", "One ticket", (), models.Ticket),
    ("get", "/api/v1/articles/search", "Articles that fit a question, the best first", (
        ("q", "string", "The question."),
        ("lang", "string", "nl, fr or en."),
        ("limit", "integer", "How many, at most 50."),
    ), models.ArticleHits),
    ("get", "/api/v1/articles/{language}/{slug}", "One article", (), models.Article),
    ("post", "/model/parse", "Understand a text, as Rasa does", (), models.Parsed),
    ("get", "/conversations/{id}/tracker", "The tracker, in Rasa's form", (), None),
)  # fmt: skip
"""Method, path, summary, query parameters, answer. tests hold it to the routes that there are."""

_MODELS: tuple[type[BaseModel], ...] = (
    models.Conversations,
    models.Conversation,
    models.Transcript,
    models.Tickets,
    models.Ticket,
    models.ArticleHits,
    models.Article,
    models.ParseRequest,
    models.Parsed,
    models.Error,
)


def routes() -> list[web.RouteDef]:
    """The description; it is no secret."""
    return [web.get("/api/v1/openapi.json", show)]


@access.public
async def show(_: web.Request) -> web.StreamResponse:
    """The document."""
    return json(document(), headers={"Cache-Control": "public, max-age=300"})


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    _, schemas = models_json_schema(
        [(model, "serialization") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for method, path, summary, query, model in PATHS:
        paths.setdefault(path, {})[method] = _operation(method, path, summary, query, model)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Balie",
            "version": "1",
            "description": "Conversations, tickets and articles of the service counter.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(
    method: str, path: str, summary: str, query: Parameters, model: type[BaseModel] | None
) -> dict[str, Any]:
    inside = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters = [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string"}, "description": _IN_PATH[n]}
        for n in inside
    ] + [
        {"name": name, "in": "query", "required": name == "q" and path.endswith("/search"),
         "schema": {"type": kind}, "description": what}
        for name, kind, what in query
    ]  # fmt: skip
    schema: dict[str, Any] = _ref(model.__name__) if model else {"type": "object"}
    operation: dict[str, Any] = {
        "operationId": _name(method, path),
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
            "default": {
                "description": "What went wrong",
                "content": {"application/json": {"schema": _ref("Error")}},
            },
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if method == "post":
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref("ParseRequest")}},
        }
    return operation


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _name(method: str, path: str) -> str:
    parts = [part.strip("{}") for part in path.split("/") if part and part not in ("api", "v1")]
    return "_".join([method, *parts])
