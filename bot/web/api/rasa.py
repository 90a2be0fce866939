"""Rasa's addresses: POST /model/parse and GET /conversations/{id}/tracker. Both always ask for a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import ValidationError
from sqlalchemy import Connection

from bot.model.errors import Malformed, TooLarge
from bot.model.messages import MAX_TEXT
from bot.model.redact import redact
from bot.model.understanding import Entity, Understanding
from bot.store.views import ConversationView, TimelineItem
from bot.web import access, timeline
from bot.web.api import models
from bot.web.api.common import answer, conversation_of
from bot.web.errors import json
from bot.web.files import links_of
from bot.web.reach import public_base
from bot.web.site import site_of


def routes() -> list[web.RouteDef]:
    """Both."""
    return [web.post("/model/parse", parse), web.get("/conversations/{id}/tracker", tracker)]


@access.token
async def parse(request: web.Request) -> web.StreamResponse:
    """What a text means; nothing is kept of it."""
    body = await request.read()
    try:
        asked = models.ParseRequest.model_validate_json(body)
    except ValidationError as error:
        if any(problem["type"] == "string_too_long" for problem in error.errors()):
            raise TooLarge(f"a text may have {MAX_TEXT} characters") from None
        raise Malformed('send JSON with a text: {"text": "…"}') from None
    text = redact(asked.text.replace("\x00", ""))
    understood = await site_of(request).parse(text)
    return answer(parsed(understood, text))


def parsed(understood: Understanding, text: str) -> models.Parsed:
    """An understanding in Rasa's form."""
    return models.Parsed(
        text=text,
        intent=models.Intent(name=understood.intent, confidence=understood.confidence),
        intent_ranking=[
            models.Intent(name=score.name, confidence=score.confidence) for score in understood.ranking
        ],
        entities=[_entity(entity) for entity in understood.entities],
        language=understood.language,
    )


def _entity(entity: Entity) -> dict[str, Any]:
    found: dict[str, Any] = {
        "entity": entity.entity,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "extractor": entity.extractor,
    }
    return found | {key: value for key in ("role", "group") if (value := getattr(entity, key))}


# ── the tracker ───────────────────────────────────────────────────────────────────────────────────────────


@access.token
async def tracker(request: web.Request) -> web.StreamResponse:
    """The state and the events of a conversation; an empty one for a sender that never wrote, as Rasa's."""
    asked = request.match_info["id"]

    def read(connection: Connection) -> tuple[ConversationView | None, list[TimelineItem]]:
        view = conversation_of(connection, asked)
        return view, timeline.whole(connection, view.id, view.seq) if view else []

    site = site_of(request)
    view, items = await site.database.read(read)
    initial = site.pack().domain.initial_slots()
    return json(tracker_of(asked, view, items, initial, public_base(request)))


def tracker_of(
    sender_id: str,
    view: ConversationView | None,
    items: list[TimelineItem],
    initial: Mapping[str, Any],
    base: str,
) -> dict[str, Any]:
    """Rasa's tracker. `paused` while a person has the conversation; `base` is where the pictures are."""
    state = (view.state if view else None) or {}
    slots = {**initial, **(state.get("slots") or {})}
    stack = state.get("stack") or []
    asked = slots.get("requested_slot")
    events = [event for item in _with_meaning(items) for event in _events(*item, base)]
    latest = next((event for event in reversed(events) if event["event"] == "user"), None)
    actions = [event["name"] for event in events if event["event"] == "action"]
    return {
        "sender_id": sender_id,
        "slots": slots,
        "latest_message": latest["parse_data"] if latest else {"intent": {}, "entities": [], "text": None},
        "latest_event_time": events[-1]["timestamp"] if events else None,
        "followup_action": None,
        "paused": view is not None and view.owner != "bot",
        "events": events,
        "latest_input_channel": view.channel if view else None,
        "active_loop": {"name": stack[-1]["flow"]} if asked and stack else {},
        "latest_action": {"action_name": actions[-1]} if actions else {},
        "latest_action_name": actions[-1] if actions else None,
        "stack": [
            {
                "frame_id": str(frame.get("id")),
                "flow_id": frame.get("flow"),
                "step_id": frame.get("step"),
                "frame_type": frame.get("kind", "flow"),
                "type": "pattern" if frame.get("kind") == "pattern" else "flow",
            }
            for frame in stack
        ],
    }


Meant = tuple[TimelineItem, Mapping[str, Any] | None]


def _with_meaning(items: list[TimelineItem]) -> list[Meant]:
    """Each event, and for the last message of a turn what was understood of that turn."""
    understood: dict[int, TimelineItem] = {item.turn: item for item in items if item.type == "understood"}
    last = {item.turn: item.seq for item in items if item.type == "user"}
    meant: list[Meant] = []
    for item in items:
        found = understood.get(item.turn) if item.type == "user" and last[item.turn] == item.seq else None
        meant.append((item, _meaning(found) if found else None))
    return meant


def _meaning(item: TimelineItem) -> dict[str, Any]:
    data = item.data
    return {
        "intent": {"name": data.get("intent"), "confidence": data.get("confidence")},
        "intent_ranking": [
            {"name": name, "confidence": confidence} for name, confidence in data.get("ranking") or ()
        ],
        "entities": list((item.content or {}).get("entities") or ()),
    }


def _events(item: TimelineItem, meaning: Mapping[str, Any] | None, base: str) -> list[dict[str, Any]]:
    make = _RASA.get(item.type)
    if make is None:
        return []
    event = {**make(item, meaning), "timestamp": item.at}
    if images := [each["url"] for each in links_of(item.content, base)]:
        event["metadata"]["images"] = images
        if "data" in event:
            event["data"]["image"] = images[0]
    return [event]


def _user(item: TimelineItem, meaning: Mapping[str, Any] | None) -> dict[str, Any]:
    text = str((item.content or {}).get("text") or "")
    nothing = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "entities": []}
    return {
        "event": "user",
        "text": text,
        "parse_data": {**(meaning or nothing), "text": text},
        "input_channel": item.data.get("channel"),
        "message_id": item.data.get("external_id"),
        "metadata": {},
    }


def _said(item: TimelineItem, _: Mapping[str, Any] | None) -> dict[str, Any]:
    replies = [dict(reply) for reply in item.data.get("replies") or ()]
    return {
        "event": "agent" if item.type == "agent" else "bot",
        "text": str((item.content or {}).get("text") or ""),
        "data": {"buttons": replies or None},
        "metadata": {
            "author": item.type,
            **({"utter_action": item.data["response"]} if item.data.get("response") else {}),
        },
    }


def _slot(item: TimelineItem, _: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"event": "slot", "name": item.data.get("name"), "value": (item.content or {}).get("value")}


def _action(item: TimelineItem, _: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"event": "action", "name": item.data.get("name"), "policy": None, "confidence": None}


_FLOWS = {
    "started": "flow_started", "completed": "flow_completed", "cancelled": "flow_cancelled",
    "interrupted": "flow_interrupted", "resumed": "flow_resumed", "linked": "flow_completed",
}  # fmt: skip


def _flow(item: TimelineItem, _: Mapping[str, Any] | None) -> dict[str, Any]:
    change = str(item.data.get("change"))
    return {"event": _FLOWS.get(change, f"flow_{change}"), "flow_id": item.data.get("flow")}


def _owner(item: TimelineItem, _: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"event": "resume" if item.data.get("to") == "bot" else "pause"}


_RASA = {
    "user": _user,
    "bot": _said,
    "system": _said,
    "agent": _said,
    "slot": _slot,
    "action": _action,
    "flow": _flow,
    "owner": _owner,
}
