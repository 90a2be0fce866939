"""Examples that stand in no file (corrections by reviewers), laid over those that do. Reads nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from bot.model.understanding import Entity
from nlu.formats import Example


def settled(extra: Iterable[Example]) -> tuple[Example, ...]:
    """One example for the same words in the same language, the last one given, in an order of their own."""
    last = {_key(example): example for example in extra}
    return tuple(last[key] for key in sorted(last))


def laid_over(written: Sequence[Example], extra: Iterable[Example]) -> list[Example]:
    """The examples of the files and `extra`, which counts where both have the same words.

    An extra example of an intent that the files do not have is left out: the pack has lost that intent.
    """
    intents = {example.intent for example in written}
    known = {_key(example): example for example in extra if example.intent in intents}
    return [example for example in written if _key(example) not in known] + list(known.values())


def _key(example: Example) -> tuple[str, str]:
    return example.language, " ".join(example.text.casefold().split())


# ── to another process ────────────────────────────────────────────────────────────────────────────────────


def to_line(example: Example) -> str:
    """An example as one line of JSON."""
    entities = [asdict(entity) for entity in example.entities]
    return json.dumps([example.text, example.intent, example.language, entities])


def from_line(line: str) -> Example:
    """The example that `to_line` wrote."""
    text, intent, language, entities = json.loads(line)
    return Example(text, intent, language, tuple(Entity(**entity) for entity in entities))
