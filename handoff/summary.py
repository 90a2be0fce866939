"""What a ticket is about in one sentence, for agents and for the customer who looks it up. Pure.

It speaks to nobody: no "you report that …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.dialogue.domain import Slot
from bot.dialogue.flows import Flow
from bot.dialogue.pack import Pack
from bot.model.redact import redact
from handoff.policy import Reason

SUMMARY = 160
"""Characters of a summary at most."""

Slots = Mapping[str, Any]

_NOTHING_SAID: Mapping[str, str] = {
    "nl": "De klant vraagt een medewerker.",
    "fr": "Le client demande à parler à un collaborateur.",
    "en": "The customer asks for a person.",
}

_CALL_BACK: Mapping[str, str] = {
    "nl": "De klant vraagt om teruggebeld te worden.",
    "fr": "Le client demande à être rappelé.",
    "en": "The customer asks to be called back.",
}


def summary_of(slots: Slots, pack: Pack, flow: Flow | None, words: str, language: str, reason: Reason) -> str:
    """What a ticket is about: the problem and its facts, else the customer's own words."""
    topic = redact(one_line(slots.get("callback_topic")))
    if reason is Reason.CALLBACK and topic and not slots.get("problem"):
        return _about(_CALL_BACK.get(language, _CALL_BACK["en"]).rstrip("."), topic, language)
    said = slots.get("problem_summary")
    first = said.strip().partition("\n")[0].strip() if isinstance(said, str) else ""
    if flow and flow.is_problem and (not first or first in (flow.problem or {}).values()):
        told = ", ".join(_told(slots, pack, flow, language)) or redact(" ".join(words.split()))
        return _about(flow.name(language), told, language)
    if first:
        return _sentence(first)
    if words.strip():
        return _sentence(redact(words))
    if reason is Reason.CALLBACK:
        return _CALL_BACK.get(language, _CALL_BACK["en"])
    return _NOTHING_SAID.get(language, _NOTHING_SAID["en"])


def _about(name: str, told: str, language: str) -> str:
    colon = " :" if language == "fr" else ":"
    return _sentence(f"{name}{colon} {told}" if told else name)


def _told(slots: Slots, pack: Pack, flow: Flow, language: str) -> Iterator[str]:
    """The facts of a problem in a few words each; a yes or no says nothing without its question."""
    for name in pack.reachable_slots[flow.id]:
        slot, value = pack.domain.slots.get(name), slots.get(name)
        if slot is None or not slot.fact or slot.type == "bool":
            continue
        label = redact(one_line(slot.value_label(value, language))) if one_line(value) else ""
        if label and (slot.is_date or slot.type == "float"):
            yield f"{slot.label(language)} {label}"
        elif label:
            yield _inside(label) if slot.type == "categorical" and not _is_name(slot, value) else label


def _is_name(slot: Slot, value: Any) -> bool:
    """Whether a value is called the same in every language: a product, which keeps its capital."""
    return len(set(slot.value_labels.get(str(value), {}).values())) <= 1


def _inside(label: str) -> str:
    """A label as it stands inside a sentence."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > SUMMARY:
        text = text[: SUMMARY - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
    if not _ADDRESS.match(text):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", ")", '"')) else text + "."


_ADDRESS = re.compile(r"\S*(?:[@/\\]|\.\w)")
"""A text that begins with an address, which is written as it is."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def one_line(value: Any) -> str:
    """A value as one line of text; empty for what has no such form."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:2_000]
