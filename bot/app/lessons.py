"""What reviewers corrected, beside the pack's files when a model is learned.

`balie train` takes every correction that is approved and notes which model it went into; whatever else asks
for the model gets the one of the last training, so that an approval never makes a start wait. Without a
database, or with one from before there were corrections, there are only the files.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import DBAPIError

from bot.app.config import Settings
from bot.app.serving import offer
from bot.model.errors import Unavailable
from bot.store import corrections
from bot.store.corrections import Correction
from bot.store.database import Database
from bot.store.schema_review import corrections as table
from nlu import markup
from nlu.formats import Example
from nlu.train import TrainedModel, train

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Learned:
    """A model, and how many corrections it was learned with."""

    model: TrainedModel
    corrections: int


def learn(settings: Settings, *, force: bool = False) -> Learned:
    """Train with every approved correction, note which ones that were, and offer it to what is running."""
    found = _read(settings, corrections.to_learn)
    model = train(settings.data, settings.models, force=force, extra=examples(found))
    _note(settings, [each.id for each in found], model.hash)
    offer(model.path)
    return Learned(model, len(found))


def current(settings: Settings, *, progress: bool = True, apart: bool = False) -> TrainedModel:
    """The model with what the last training took; trained when it is not there."""
    extra = examples(_read(settings, corrections.learned))
    return train(settings.data, settings.models, progress=progress, apart=apart, extra=extra)


def examples(found: Collection[Correction]) -> list[Example]:
    """Corrections as examples."""
    made: list[Example] = []
    for each in found:
        marked = markup.parse(each.text)
        made.append(Example(marked.text, each.intent, each.language, marked.entities))
    return made


def _read(settings: Settings, ask: Callable[[Connection], tuple[Correction, ...]]) -> tuple[Correction, ...]:
    def work(connection: Connection) -> tuple[Correction, ...]:
        return ask(connection) if inspect(connection).has_table(table.name) else ()

    return _in_database(settings, lambda database: database.read(work), ())


def _note(settings: Settings, ids: Collection[int], model: str) -> None:
    def work(connection: Connection) -> None:
        if inspect(connection).has_table(table.name):
            corrections.mark_learned(connection, ids, model, now=time.time())

    _in_database(settings, lambda database: database.write(work), None)


def _in_database(settings: Settings, run: Callable[[Database], Awaitable[T]], otherwise: T) -> T:
    """What the database says, `otherwise` where there is none; raises `Unavailable` if it cannot be used."""
    url = make_url(settings.database)
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
        return otherwise

    async def work() -> T:
        database = Database.open(settings.database)
        try:
            return await run(database)
        except DBAPIError as error:
            raise Unavailable(f"the database with the corrections cannot be used: {error.orig}") from error
        finally:
            await database.close()

    return asyncio.run(work())
