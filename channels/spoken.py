"""What a channel reads of the record when it tells a customer what was said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.model.events import SPOKEN


class Spoken(Protocol):
    """One event of a transcript (`bot.store.views.TimelineItem`). `content` is None where it was erased."""

    @property
    def seq(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def at(self) -> float: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def content(self) -> Mapping[str, Any] | None: ...


def is_answer(item: Spoken) -> bool:
    """Whether it is something said to the customer."""
    return item.type in SPOKEN and item.type != "user"


def is_voice(item: Spoken) -> bool:
    """Whether it was said aloud, on a call."""
    return bool((item.content or {}).get("voice"))


def text_of(item: Spoken) -> str:
    """What was said; empty where it was erased."""
    return str((item.content or {}).get("text") or "")


def replies_of(item: Spoken) -> list[dict[str, str]]:
    """The answers that were offered, as Rasa's buttons."""
    return [
        {"title": str(each["title"]), "payload": str(each["payload"])}
        for each in item.data.get("replies") or ()
    ]


def pictures_of(item: Spoken) -> list[dict[str, Any]]:
    """The pictures that came with it, each with its `path` on this server."""
    return [
        {
            "path": f"files/{each['id']}",
            "name": each["name"],
            "width": each["width"],
            "height": each["height"],
        }
        for each in (item.content or {}).get("attachments") or ()
    ]


def metadata_of(item: Spoken) -> dict[str, Any]:
    """What was said beside the text: `step`, `article`, `url`. Nothing for an agent's own bookkeeping."""
    metadata: Mapping[str, Any] = item.data.get("metadata") or {}
    return {key: metadata[key] for key in ("step", "article", "url", "title") if metadata.get(key)}
