"""What of the running system does not stand in the database: told to the pages by whoever composed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """`process` is this one among those that live. `sockets` are a channel's open connections in it, None
    for one that has none. `contents` is how much of what the pack has; `model` is the hash of what
    understanding was learned from."""

    version: str = ""
    process: str = ""
    bus: str = ""
    data: str = ""
    contents: Mapping[str, int] = field(default_factory=dict[str, int])
    model: str = ""
    trained_at: float | None = None
    sockets: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
