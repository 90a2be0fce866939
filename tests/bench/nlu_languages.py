"""Languages, told on sentences that the pack has not seen: a first message without a hint, with the right one
and with a wrong one; and conversations in which words of another language come by (`unseen/languages`)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nlu.features import clean
from nlu.formats import Example
from nlu.language import LanguageIdentifier
from tests.bench.table import Line

CONVERSATIONS = Path(__file__).with_name("unseen") / "languages" / "conversations.yml"


def language_lines(
    identifier: LanguageIdentifier, languages: Sequence[str], examples: Sequence[Example]
) -> Iterator[Line]:
    """Rows of the table: of each language the share of first messages that is read in it, and then of the
    messages of conversations the share after which the language is the right one."""
    for code in languages:
        texts = [one.text for one in examples if one.language == code]
        wrong = [other for other in languages if other != code]
        cells = {
            "first message": _share(identifier, texts, code, [None]),
            "right hint": _share(identifier, texts, code, [code]),
            "wrong hint": _share(identifier, texts, code, wrong),
        }
        yield Line(f"language {code} ({len(texts)})", cells)
    kept: list[bool] = []
    changed: list[bool] = []
    for talk in yaml.safe_load(CONVERSATIONS.read_text("utf-8")):
        for right, asked in _followed(identifier, talk):
            (changed if asked else kept).append(right)
    cells = {
        f"kept ({len(kept)})": _percent(statistics.fmean(kept)),
        f"changed when it must ({len(changed)})": _percent(statistics.fmean(changed)),
    }
    yield Line("languages in conversations", cells)


def _share(
    identifier: LanguageIdentifier, texts: Sequence[str], code: str, hints: Sequence[str | None]
) -> str:
    right = [identifier.read(clean(text), None, hint).language == code for text in texts for hint in hints]
    return _percent(statistics.fmean(right))


def _followed(identifier: LanguageIdentifier, talk: Mapping[str, Any]) -> Iterator[tuple[bool, bool]]:
    """After each message: whether the language is the right one, and whether it had to change."""
    current = talk["language"]
    for said, wanted in zip(talk["said"], _wanted(talk), strict=True):
        found = identifier.read(clean(said), current).language
        yield found == wanted, wanted != current
        current = wanted


def _wanted(talk: Mapping[str, Any]) -> list[str]:
    return list(talk.get("after") or [talk["language"]] * len(talk["said"]))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
