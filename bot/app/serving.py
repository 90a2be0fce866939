"""The model that understands, in a process that goes on: a newer one takes its place without a restart.

`balie train` names the model that it made in a file beside it; every process looks whether that changed. A
model that cannot be read is told of, and the one before goes on serving.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from bot.model.errors import ConfigError
from nlu.loading import load
from nlu.pipeline import Pipeline

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks."""

_NAMED = "serve-this"


def offer(model: Path) -> None:
    """Let running processes take this model, which lies in the folder of models."""
    part = model.with_name(f".{_NAMED}.part")
    part.write_text(f"{model.name}\n", "utf-8")
    part.replace(model.with_name(_NAMED))


class Serving:
    """Holds the model; `now` is one and the same through a turn for who reads it once."""

    def __init__(self, pipeline: Pipeline, models: Path) -> None:
        self.now = pipeline
        self._models = models
        self._seen = self._named()

    def likely(self, text: str) -> Mapping[str, float]:
        """As the model of this moment says."""
        return self.now.likely(text)

    async def run(self, stop: asyncio.Event) -> None:
        """Look every now and then until `stop`."""
        while not stop.is_set():
            await asyncio.to_thread(self.look)
            try:
                async with asyncio.timeout(EVERY):
                    await stop.wait()
            except TimeoutError:
                continue

    def look(self) -> bool:
        """Take the model that is offered, if it is another than the last; whether it was taken. Blocks."""
        named = self._named()
        if named in ("", self._seen):
            return False
        self._seen = named
        try:
            newer = load(self._models / Path(named).name)
        except (ConfigError, OSError) as error:
            mend = "the model before it goes on serving; train again (balie train)"
            log.error("the new model cannot be used", extra={"error": str(error), "mend": mend})
            return False
        if newer.model == self.now.model:
            return False
        self.now = newer
        log.info("a newer model understands from now on", extra={"model": newer.model[:16]})
        return True

    def _named(self) -> str:
        try:
            return (self._models / _NAMED).read_text("utf-8").strip()
        except (OSError, ValueError):
            return ""
