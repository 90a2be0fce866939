"""The list of known outages (`policy/outages.yml`), read again when the file changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from bot.model.errors import ContentError
from bot.source.files import read_text
from bot.source.forms import Form, read_form

log = logging.getLogger(__name__)

LOCAL = ZoneInfo("Europe/Brussels")
"""The time zone of times that are written without one."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that is known to be down: since when, until when as far as known, and for which problems."""

    id: str
    since: datetime
    until: datetime | None
    intents: frozenset[str]
    texts: dict[str, str]

    def active(self, at: datetime) -> bool:
        """Whether it goes on at a moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def text(self, language: str) -> str:
        """What to tell customers."""
        return self.texts.get(language) or next(iter(self.texts.values()), self.id)


class _OutageForm(Form):
    id: str = Field(min_length=1)
    since: datetime
    until: datetime | None = None
    intents: list[str]
    text: dict[str, str]

    @model_validator(mode="after")
    def _right(self) -> _OutageForm:
        if self.until is not None and _aware(self.until) <= _aware(self.since):
            raise ValueError("'until' must be later than 'since'")
        if not self.text:
            raise ValueError("'text' needs at least one language")
        return self


class _OutagesForm(Form):
    outages: list[_OutageForm] = Field(default_factory=list[_OutageForm])


def load_outages(text: str, file: str = "policy/outages.yml") -> tuple[Outage, ...]:
    """The outages in a file; raises `ContentError`."""
    form = read_form(_OutagesForm, text, file)
    return tuple(
        Outage(
            each.id,
            _aware(each.since),
            _aware(each.until) if each.until else None,
            frozenset(each.intents),
            each.text,
        )
        for each in form.outages
    )


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


class OutageList:
    """The known outages of a pack's folder. When the file becomes wrong, the last good list stays."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self._read_at: tuple[float, int] | None = None
        self._outages: tuple[Outage, ...] = ()
        if path.exists():
            self._outages = load_outages(read_text(path, f"policy/{path.name}"))
            self._read_at = _stamp(path)

    def active(self, intent: str | None = None) -> Sequence[Outage]:
        """What is down now; only what concerns `intent`, when that is given."""
        self._refresh()
        now = datetime.fromtimestamp(self._clock(), UTC)
        return [
            outage
            for outage in self._outages
            if outage.active(now) and (intent is None or not outage.intents or intent in outage.intents)
        ]

    def _refresh(self) -> None:
        try:
            stamp = _stamp(self._path)
            if stamp == self._read_at:
                return
            self._read_at = stamp
            self._outages = load_outages(read_text(self._path, f"policy/{self._path.name}"))
        except FileNotFoundError:
            self._outages, self._read_at = (), None
        except (OSError, ContentError) as error:
            log.error("the list of outages cannot be read; the last one stays", extra={"error": str(error)})


def _stamp(path: Path) -> tuple[float, int]:
    found = path.stat()
    return found.st_mtime, found.st_size
