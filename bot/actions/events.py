"""What an action gave back, in Rasa's form, as an `ActionResult`. Pure; used for both ways of running."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, cast

from bot.model.actions import ActionCall, ActionResult

log = logging.getLogger(__name__)

IGNORED = frozenset({"action", "session_started", "session_ended"})
"""Event types that change nothing here and need no warning."""


def read_result(
    call: ActionCall, events: Iterable[object], responses: Iterable[object], ms: int
) -> ActionResult:
    """The slots, responses and follow-up in what an action returned; anything else is named in the log."""
    slots: dict[str, Any] = {}
    said = [_response(response) for response in responses if isinstance(response, Mapping)]
    followup: str | None = None
    reset = False
    unsupported: list[str] = []
    for raw in events:
        event = cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else {}
        match event.get("event"):
            case "slot" if isinstance(event.get("name"), str):
                slots[event["name"]] = event.get("value")
            case "reset_slots":
                slots.clear()
                reset = True
            case "followup" if isinstance(event.get("name"), str):
                followup = event["name"]
            case "bot":
                said.append(_response({"text": event.get("text"), **(event.get("data") or {})}))
            case kind if kind not in IGNORED:
                unsupported.append(str(kind or type(raw).__name__))
            case _:
                pass
    if unsupported:
        log.warning(
            "an action returned events that are not supported and were left aside",
            extra={"action": call.name, "events": ", ".join(sorted(set(unsupported)))},
        )
    return ActionResult(
        name=call.name,
        key=call.key,
        slots=slots,
        responses=tuple(said),
        followup=followup,
        reset_slots=reset,
        ms=ms,
    )


def _response(raw: Mapping[Any, Any]) -> dict[str, Any]:
    """A response without its empty parts: what is left is what the action said."""
    return {str(key): value for key, value in raw.items() if value not in (None, [], {}, "")}
