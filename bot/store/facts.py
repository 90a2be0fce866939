"""Which of an event's data are facts and figures that outlive what was said. Pure.

`bot.model.events` says that only those stand in `data`; here they are named one by one, so that whatever else
an action or a pack put there goes with the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAID = ("author", "response", "agent_id", "name")
_COMMAND = ("command", "flow", "flows", "slots", "slot", "of", "language", "reason")

FACTS: Mapping[str, tuple[str, ...]] = {
    "user": ("channel", "author"),
    "understood": ("language", "intent", "confidence", "ranking", "model", "text_length", "others"),
    "decided": ("rule", "commands"),
    "bot": _SAID,
    "system": _SAID,
    "agent": _SAID,
    "note": ("agent_id", "name", "mentions", "ticket", "author"),
    "flow": ("flow", "change", "kind", "trigger", "to"),
    "step": ("flow", "step", "kind"),
    "slot": ("name", "by"),
    "action": ("name", "ok", "ms", "durable", "late"),
    "check": ("name", "ok", "ms"),
    "suggestion": ("article", "outcome"),
    "language": ("from", "to"),
    "handoff": ("reason", "team", "ticket", "priority"),
    "heard": ("of", "sentences", "total"),
    "owner": ("from", "to", "deed", "agent_id", "by", "epoch", "until", "why"),
    "customer_note": ("agent_id",),
    "ticket": ("number", "agent_id", "fields"),
    "satisfaction": ("score",),
    "ended": ("outcome", "agent_id"),
    "error": ("where", "kind", "flow", "step", "slot"),
    "episode": ("number",),
    "erased": ("why",),
    "left": (),
}


def facts_of(type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts among the data; nothing of an event that is not known here."""
    facts = _only(FACTS.get(type_, ()), data)
    if type_ == "decided":
        facts["commands"] = [_only(_COMMAND, command) for command in data.get("commands") or ()]
    return facts


def _only(names: tuple[str, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
