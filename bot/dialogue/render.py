"""From a response's name to the words a customer reads: variation, language, values, buttons.

Values are data: they are put into a text once and are never read as a template themselves.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from bot.dialogue import conditions
from bot.dialogue.domain import PLACEHOLDER, Button, Slot, Variation
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.errors import ContentError, Problem
from bot.model.messages import OutboundMessage, QuickReply

YES_NO: dict[str, tuple[str, str]] = {"nl": ("Ja", "Nee"), "fr": ("Oui", "Non"), "en": ("Yes", "No")}
"""The words on the buttons of a yes-or-no question when its slot gives none."""

_jinja = SandboxedEnvironment(autoescape=False, undefined=Undefined, trim_blocks=True, lstrip_blocks=True)


def compile_template(source: str) -> None:
    """Check a Jinja text at load; raises `jinja2.TemplateError`."""
    _template(source)


@lru_cache(maxsize=2_000)
def _template(source: str) -> Any:
    return _jinja.from_string(source)


def choose(
    pack: Pack, tracker: Tracker, response: str, values: Mapping[str, Any]
) -> tuple[int, Variation] | None:
    """The variation to use and its number: the first whose condition holds, else the next one in turn."""
    slots = {**tracker.slots, **values}
    fitting = [
        (number, variation)
        for number, variation in enumerate(pack.domain.responses.get(response, ()))
        if variation.channel in ("", tracker.channel)
        and (variation.condition is None or conditions.holds(variation.condition, slots, tracker.context))
    ]
    conditional = [pair for pair in fitting if pair[1].condition is not None]
    fitting = conditional or fitting
    of_channel = [pair for pair in fitting if pair[1].channel]
    fitting = of_channel or fitting
    if not fitting:
        return None
    seed = zlib.crc32(tracker.conversation_id.encode())
    last = tracker.variations.get(response, seed % len(fitting) - 1)
    return fitting[(last + 1) % len(fitting)]


def render(
    pack: Pack,
    tracker: Tracker,
    response: str,
    values: Mapping[str, Any] | None = None,
    *,
    buttons_of: Slot | None = None,
) -> OutboundMessage | None:
    """The message that a response stands for; None when no variation applies.

    `values` are laid over the slots (an action's template variables). `buttons_of` is the slot that
    is being asked: its labels become buttons when the response has none.
    """
    values = values or {}
    chosen = choose(pack, tracker, response, values)
    if chosen is None:
        return None
    _, variation = chosen
    language = tracker.language
    text = fill(pack, tracker, _in(variation.texts, pack, language), values, jinja=variation.jinja)
    replies = tuple(_reply(pack, tracker, button, values) for button in variation.buttons)
    if not replies and buttons_of is not None:
        replies = slot_replies(buttons_of, language)
    return OutboundMessage(
        text=text.strip(), replies=replies, response=response, metadata=dict(variation.custom)
    )


def notice(pack: Pack, tracker: Tracker, response: str, values: Mapping[str, Any]) -> OutboundMessage | None:
    """A response as a notice that is not the bot's."""
    message = render(pack, tracker, response, values)
    return replace(message, author="system") if message else None


def fill(pack: Pack, tracker: Tracker, source: str, values: Mapping[str, Any], *, jinja: bool = False) -> str:
    """Put values into a text: `{slot}`, or Jinja with slots, context, channel and label('slot')."""

    def label(name: str) -> str:
        value = values.get(name, tracker.slots.get(name))
        slot = pack.domain.slots.get(name)
        if isinstance(value, bool) and (slot is None or not slot.value_labels):
            words = YES_NO.get(tracker.language, YES_NO["en"])
            return words[0 if value else 1].lower()
        return slot.value_label(value, tracker.language, tracker.today) if slot else _plain(value)

    if not jinja:
        return PLACEHOLDER.sub(lambda found: label(found.group(1)), source)
    slots = {**tracker.slots, **values}
    try:
        return _template(source).render(
            slots=slots, context=tracker.context, channel=tracker.channel, label=label, **values
        )
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise ContentError([Problem("domain", 1, f"a Jinja text cannot be filled: {error}")]) from error


def slot_replies(slot: Slot, language: str) -> tuple[QuickReply, ...]:
    """The buttons of a question: a categorical slot's labels, or yes and no."""
    if slot.type == "bool":
        words = YES_NO.get(language, YES_NO["en"])
        titles = [
            slot.value_labels.get(key, {}).get(language, word)
            for key, word in zip(("true", "false"), words, strict=True)
        ]
        return tuple(
            QuickReply(title, f"/SetSlots({slot.name}={key})")
            for title, key in zip(titles, ("true", "false"), strict=True)
        )
    if slot.type != "categorical":
        return ()
    return tuple(
        QuickReply(slot.value_label(value, language), f"/SetSlots({slot.name}={value})")
        for value in slot.offer or slot.values
    )


def numbered(replies: Sequence[QuickReply]) -> str:
    """The choices as lines for a channel without buttons."""
    return "\n".join(f"{number}. {reply.title}" for number, reply in enumerate(replies, start=1))


def _reply(pack: Pack, tracker: Tracker, button: Button, values: Mapping[str, Any]) -> QuickReply:
    title = fill(pack, tracker, _in(button.titles, pack, tracker.language), values)
    return QuickReply(title, button.payload)


def _in(texts: Mapping[str, str], pack: Pack, language: str) -> str:
    return texts.get(language) or texts.get(pack.language) or next(iter(texts.values()), "")


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
