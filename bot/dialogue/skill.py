"""How well a customer knows computers, by their own words. Pure; a guess that one sentence sets right.

What they say of themselves counts first ("I'm not a computer person", "je suis informaticien") and may change
at any time. Without that, `ENOUGH` different technical words in one message tell that somebody knows more
than most; that few are used tells nothing. The words are the pack's (`config.yml`, metadata: words).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.dialogue.words import normal

SKILL = "skill"
"""The slot; a pack without it asks for no estimate."""

BASIC, ADVANCED = "basic", "advanced"

ENOUGH = 2

Words = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Kind to language to words, each as `normal` makes them."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a message tells; `stated` where the customer said so."""

    skill: str
    stated: bool


def sign_of(text: str, words: Words, language: str) -> Sign | None:
    """What a message tells of its writer's skill; None for nothing. Technical words are of any language."""
    said = f" {normal(text)} "
    if _has(said, words.get("layman", {}).get(language, ())):
        return Sign(BASIC, True)
    if _has(said, words.get("expert", {}).get(language, ())):
        return Sign(ADVANCED, True)
    jargon = {word for listed in words.get("jargon", {}).values() for word in listed}
    return Sign(ADVANCED, False) if sum(f" {word} " in said for word in jargon) >= ENOUGH else None


def _has(said: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in said for phrase in phrases)
