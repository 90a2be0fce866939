"""/api/v1/conversations: the list, one, and what was said in it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.model.errors import NotFound
from bot.store import views
from bot.store.views import ConversationView, ReviewFilter, ReviewItem, TimelineItem
from bot.web import access
from bot.web.api import models
from bot.web.api.common import answer, certain, conversation_of, page_of, query_of, whole
from bot.web.files import links_of
from bot.web.reach import public_base
from bot.web.site import site_of


def routes() -> list[web.RouteDef]:
    """The list, one, its transcript."""
    return [
        web.get("/api/v1/conversations", listed),
        web.get("/api/v1/conversations/{id}", one),
        web.get("/api/v1/conversations/{id}/transcript", transcript),
    ]


@access.token
async def listed(request: web.Request) -> web.StreamResponse:
    """`?q=&language=&channel=&owner=&intent=&outcome=&limit=&offset=`."""
    limit, offset = page_of(request)
    given: dict[str, Any] = {
        name: query_of(request, name) or None
        for name in ("language", "channel", "owner", "intent", "outcome")
    }
    wanted = ReviewFilter(text=query_of(request) or None, **given)
    page = await site_of(request).database.read(
        lambda connection: views.review_list(connection, wanted, limit=limit, offset=offset)
    )
    base = public_base(request)
    return answer(models.Conversations(items=[_item(item, base) for item in page.items], total=page.total))


@access.token
async def one(request: web.Request) -> web.StreamResponse:
    """One, without what was said."""
    return answer(_conversation(await _view(request), public_base(request)))


@access.token
async def transcript(request: web.Request) -> web.StreamResponse:
    """What the customer said and saw; `?after=` is a sequence number."""
    view = await _view(request)
    after = whole(request, "after", 0, most=10**9)
    base = public_base(request)
    items = await site_of(request).database.read(
        lambda connection: views.transcript(connection, view.id, after=after)
    )  # at most views.EVENTS_AT_ONCE; the next piece is asked for with `after`
    return answer(models.Transcript(conversation_id=view.id, messages=[_said(item, base) for item in items]))


async def _view(request: web.Request) -> ConversationView:
    """By its id, or by its sender's where that is a program of REST."""
    asked = request.match_info["id"]
    view = await site_of(request).database.read(lambda connection: conversation_of(connection, asked))
    if view is None:
        raise NotFound("there is no conversation with this id")
    return view


def _conversation(view: ConversationView, base: str) -> models.Conversation:
    return models.Conversation(
        id=view.id,
        channel=view.channel,
        sender_id=view.sender_id,
        language=view.language,
        owner=view.owner,
        status=view.status,
        outcome=view.outcome,
        agent=view.agent_name,
        team=view.team,
        ticket=view.ticket.number if view.ticket else None,
        seq=view.seq,
        created_at=certain(view.created_at),
        updated_at=certain(view.updated_at),
        url=f"{base}/review/{view.id}",
    )


def _item(item: ReviewItem, base: str) -> models.ConversationItem:
    return models.ConversationItem(
        id=item.conversation_id,
        channel=item.channel,
        sender_id=item.sender_id,
        language=item.language,
        owner=item.owner,
        status=item.status,
        outcome=item.outcome,
        ticket=item.ticket,
        intents=list(item.intents),
        confidence=item.confidence,
        first_text=item.first_text,
        created_at=certain(item.created_at),
        updated_at=certain(item.updated_at),
        url=f"{base}/review/{item.conversation_id}",
    )


def _said(item: TimelineItem, base: str) -> models.Said:
    return models.Said(
        seq=item.seq,
        author="customer" if item.type == "user" else item.type,
        at=certain(item.at),
        text=str((item.content or {}).get("text") or ""),
        name=item.data.get("name"),
        buttons=[
            {"title": str(reply.get("title", "")), "payload": str(reply.get("payload", ""))}
            for reply in item.data.get("replies") or ()
        ],
        pictures=[models.Picture(**each) for each in links_of(item.content, base)],
    )
