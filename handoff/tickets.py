"""Fills a ticket with everything that the bot learned, so that nobody asks it again. Pure.

What a customer, an action or an older version of the pack left in the slots may have any form: what cannot be
read is left out, never raised. Storing a ticket is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from bot.dialogue.flows import Flow
from bot.dialogue.pack import Pack
from bot.model.redact import redact
from bot.model.ticket import CheckResult, StepTried, Ticket
from handoff.calendar import Calendar
from handoff.config import Policy
from handoff.policy import Reason, reason_of
from handoff.sla import due_times

SUMMARY = 160
"""Characters of a summary at most."""

MOST = 50
"""Steps, checks, articles or notes on a ticket at most; the last ones stay."""

Slots = Mapping[str, Any]


def fill_ticket(
    *,
    conversation_id: str,
    channel: str,
    language: str,
    slots: Slots,
    pack: Pack,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
    intent: str = "",
    words: str = "",
    notes: Iterable[str] = (),
    opened: datetime | None = None,
) -> Ticket:
    """The ticket of a conversation as it stands.

    `intent` is what the last turn meant, used when no problem is known; `words` are the customer's own first
    words; `notes` are what went wrong on the way; `opened` is when the ticket was made, if it was before.
    """
    reason = reason_of(slots.get("handoff_reason"))
    about = _intent(slots, intent, reason, policy)
    weight = policy.weigh(about, reason, scope=slots.get("scope"), urgency=slots.get("urgency"))
    due = due_times(calendar, policy.targets[weight.priority], opened=opened or now, handed_over=now)
    flow = _flow(pack, about)
    suggestions = _records(slots.get("suggestions"))
    return Ticket(
        conversation_id=conversation_id,
        channel=channel,
        language=language,
        intent=about,
        summary=_summary(slots, pack, flow, words, language, reason),
        customer=_line(slots.get("customer_name")),
        contact=_contact(slots),
        facts=_facts(slots, pack, flow, language),
        steps_tried=tuple(_steps(slots, suggestions))[-MOST:],
        checks=tuple(_checks(slots.get("check_results")))[-MOST:],
        articles=_unique(_line(each.get("article")) for each in suggestions),
        impact=weight.impact,
        urgency=weight.urgency,
        priority=weight.priority,
        team=policy.team_for(about, language).id,
        reason=reason.value,
        response_due=due.response.astimezone(UTC),
        resolution_due=due.resolution.astimezone(UTC),
        notes=_unique(redact(_line(note)) for note in notes),
        extra=_extra(slots, pack, language),
    )


def merge(old: Ticket, new: Ticket) -> Ticket:
    """The ticket of an episode that is handed over again: what is new, without losing what stood there."""
    same = old.intent == new.intent
    return replace(
        new,
        customer=new.customer or old.customer,
        contact=new.contact or old.contact,
        facts={**old.facts, **new.facts} if same else new.facts,
        steps_tried=_unique((*old.steps_tried, *new.steps_tried)),
        checks=_unique((*old.checks, *new.checks)),
        articles=_unique((*old.articles, *new.articles)),
        notes=_unique((*old.notes, *new.notes)),
        extra={**old.extra, **new.extra},
    )


# ── what it is about ──────────────────────────────────────────────────────────────────────────────────────

_INTENT_OF_REASON: Mapping[Reason, str] = {
    Reason.CALLBACK: "callback_request",
    Reason.COMPLAINT: "complaint",
    Reason.ANGER: "complaint",
}


def _intent(slots: Slots, intent: str, reason: Reason, policy: Policy) -> str:
    problem = slots.get("problem")
    if isinstance(problem, str) and problem:
        return problem
    if intent in policy.rules.intents:
        return intent
    return _INTENT_OF_REASON.get(reason, "talk_to_human")


def _flow(pack: Pack, intent: str) -> Flow | None:
    if intent in pack.triggers:
        return pack.triggers[intent][0]
    return pack.flows.get(intent)


_REPORTED: Mapping[str, str] = {
    "nl": "U meldt dat {}",
    "fr": "Vous signalez que {}",
    "en": "You report that {}",
}
"""Makes a sentence of a clause that completes `Ik begrijp dat …`; the customer reads it too."""

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


def _summary(slots: Slots, pack: Pack, flow: Flow | None, words: str, language: str, reason: Reason) -> str:
    said = slots.get("problem_summary")
    first = said.strip().partition("\n")[0].strip() if isinstance(said, str) else ""
    clause = pack.metadata_text(flow, "problem", language) if flow else ""
    if flow and (not first or first in _texts(flow.metadata.get("problem"))):
        first = clause  # in the language that is spoken now
    if first:
        return _sentence(_reported(first, language) if first == clause or first[0].islower() else first)
    if words.strip():
        return _sentence(redact(words))
    if reason is Reason.CALLBACK:
        return _CALL_BACK.get(language, _CALL_BACK["en"])
    return _NOTHING_SAID.get(language, _NOTHING_SAID["en"])


def _texts(raw: Any) -> list[str]:
    if isinstance(raw, Mapping):
        return [str(text) for text in cast("Mapping[str, Any]", raw).values()]
    return [raw] if isinstance(raw, str) else []


def _reported(clause: str, language: str) -> str:
    clause = clause.rstrip(".")
    if language == "fr" and clause[:1].casefold() in tuple("aeiouyéèêâîô"):
        return f"Vous signalez qu'{clause}"
    return _REPORTED.get(language, "{}").format(clause)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > SUMMARY:
        text = text[: SUMMARY - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", ")", '"')) else text + "."


# ── what is known ─────────────────────────────────────────────────────────────────────────────────────────

_TOLD = ("problem_details",)
"""Slots that an agent wants to see though they are not read back."""


def _facts(slots: Slots, pack: Pack, flow: Flow | None, language: str) -> dict[str, dict[str, str]]:
    order = (*(pack.reachable_slots.get(flow.id, ()) if flow else ()), *pack.domain.slots)
    facts: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(order):
        slot = pack.domain.slots.get(name)
        if slot is None or not (slot.fact or name in _TOLD):
            continue
        labels = (_line(slot.value_label(value, language)) for value in _several(slots.get(name)))
        shown = ", ".join(label for label in labels if label)
        if shown:
            facts[name] = {"label": slot.label(language), "value": redact(shown)}
    return facts


def _several(value: Any) -> list[Any]:
    if value is None or isinstance(value, Mapping):
        return []
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        return [item for item in items if isinstance(item, str | int | float)]
    return [value]


def _contact(slots: Slots) -> str:
    ways = (slots.get(name) for name in ("customer_email", "customer_phone", "callback_phone"))
    return ", ".join(_unique(_line(way) for way in ways))


_OUTCOMES: Mapping[str, str] = {
    "next": "done",
    "stuck": "not_solved",
    "skip": "skipped",
    **{known: known for known in ("done", "solved", "not_solved", "skipped", "passed", "failed")},
}
"""What a step came to, from the slot `step_outcome` too; another word stays as it is."""


def _steps(slots: Slots, suggestions: Sequence[Mapping[str, Any]]) -> Iterator[StepTried]:
    """The steps, and the articles that ended some way without a step that is known."""
    followed: set[str] = set()
    for each in _records(slots.get("steps_tried")):
        article = _line(each.get("article")) or None
        title = _line(each.get("title")) or (_title(article, slots) if article else "")
        if title:
            followed.add(article or "")
            yield StepTried(redact(title), _outcome(each), article)
    for each in suggestions:
        article = _line(each.get("article"))
        outcome = _outcome(each)
        if article and article not in followed and outcome not in ("", "shown"):
            yield StepTried(_line(each.get("title")) or _title(article, slots), outcome, article)


def _outcome(record: Mapping[str, Any]) -> str:
    outcome = _line(record.get("outcome"))
    return _OUTCOMES.get(outcome, outcome)


def _title(article: str, slots: Slots) -> str:
    if slots.get("article_slug") == article and _line(slots.get("article_title")):
        return _line(slots.get("article_title"))
    return article.replace("-", " ").capitalize()


def _checks(value: Any) -> Iterator[CheckResult]:
    for each in _records(value):
        name = _line(each.get("name"))
        if name:
            ms = each.get("ms")
            yield CheckResult(
                name=name,
                target=_line(each.get("target")),
                ok=each.get("ok") is True,
                expected=_line(each.get("expected")),
                found=redact(_line(each.get("found"))),
                ms=round(ms) if isinstance(ms, int | float) and abs(ms) < 1e9 else 0,
            )


_EXTRA: Mapping[str, str] = {
    "callback_phone": "callback_phone",
    "callback_moment": "callback_moment",
    "satisfaction": "csat_score",
    "satisfaction_comment": "csat_comment",
}
"""What else an agent may need, and the slot that it is in."""


def _extra(slots: Slots, pack: Pack, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in _EXTRA.items():
        value = slots.get(name)
        slot = pack.domain.slots.get(name)
        if slot is not None and isinstance(value, str) and not slot.name.startswith("csat"):
            value = slot.value_label(value, language)
        if text := redact(_line(value)):
            found[key] = text
    return found


# ── odd values ────────────────────────────────────────────────────────────────────────────────────────────

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def _line(value: Any) -> str:
    """A value as one line of text; empty for what has no such form."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:2_000]


def _records(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    items = cast("Sequence[Any]", value)
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value for value in dict.fromkeys(values) if value)[-MOST:]
