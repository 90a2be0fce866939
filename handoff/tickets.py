"""Fills a ticket with everything that the bot learned, so that nobody asks it again. Pure.

What a customer, an action or an older version of the pack left in the slots may have any form: what cannot be
read is left out, never raised. Storing a ticket is not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from handoff.sla import Pause, due_times
from handoff.summary import one_line, summary_of
from handoff.ticket_edit import kept

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
    pauses: Sequence[Pause] = (),
) -> Ticket:
    """The ticket of a conversation as it stands.

    `intent` is what the last turn meant, used when no problem is known; `words` are the customer's own first
    words; `notes` are what went wrong on the way; `opened` is when the ticket was made, if it was before, and
    `pauses` when its clock stood still since.
    """
    reason = reason_of(slots.get("handoff_reason"))
    about = _intent(slots, intent, reason, policy)
    weight = policy.weigh(about, reason, scope=slots.get("scope"), urgency=slots.get("urgency"))
    due = due_times(
        calendar,
        policy.targets[weight.priority],
        opened=opened or now,
        handed_over=now,
        pauses=pauses,
        now=now,
    )
    flow = _flow(pack, about)
    suggestions = _records(slots.get("suggestions"))
    return Ticket(
        conversation_id=conversation_id,
        channel=channel,
        language=language,
        intent=about,
        summary=summary_of(slots, pack, flow, words, language, reason),
        customer=one_line(slots.get("customer_name")),
        contact=_contact(slots),
        facts=_facts(slots, pack, flow, language),
        steps_tried=tuple(_steps(slots, suggestions))[-MOST:],
        checks=tuple(_checks(slots.get("check_results")))[-MOST:],
        articles=_unique(one_line(each.get("article")) for each in suggestions),
        impact=weight.impact,
        urgency=weight.urgency,
        priority=weight.priority,
        team=policy.team_for(about, language).id,
        reason=reason.value,
        response_due=due.response.astimezone(UTC),
        resolution_due=due.resolution.astimezone(UTC),
        notes=_unique(redact(one_line(note)) for note in notes),
        extra=_extra(slots, pack, language),
    )


def merge(old: Ticket, new: Ticket, edited: Collection[str] = ()) -> Ticket:
    """The ticket of an episode about which more is known: what is new, without losing what stood there.

    `edited` names the fields that people have set, as `ticket_edit` does: what they decided stays, unless the
    customer has come with another subject.
    """
    same = old.intent == new.intent or "intent" in edited
    names = {name for name in edited if same or name in ("customer", "contact")}
    known = replace(
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
    return kept(old, known, names)


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


# ── what is known ─────────────────────────────────────────────────────────────────────────────────────────

_TOLD = ("problem_details", "skill")
"""Slots that an agent wants to see though they are not read back."""


def _facts(slots: Slots, pack: Pack, flow: Flow | None, language: str) -> dict[str, dict[str, str]]:
    order = (*(pack.reachable_slots.get(flow.id, ()) if flow else ()), *pack.domain.slots)
    facts: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(order):
        slot = pack.domain.slots.get(name)
        if slot is None or not (slot.fact or name in _TOLD):
            continue
        labels = (one_line(slot.value_label(value, language)) for value in _several(slots.get(name)))
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
    return ", ".join(_unique(one_line(way) for way in ways))


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
        article = one_line(each.get("article")) or None
        title = one_line(each.get("title")) or (_title(article, slots) if article else "")
        if title:
            followed.add(article or "")
            yield StepTried(redact(title), _outcome(each), article)
    for each in suggestions:
        article = one_line(each.get("article"))
        outcome = _outcome(each)
        if article and article not in followed and outcome not in ("", "shown"):
            yield StepTried(one_line(each.get("title")) or _title(article, slots), outcome, article)


def _outcome(record: Mapping[str, Any]) -> str:
    outcome = one_line(record.get("outcome"))
    return _OUTCOMES.get(outcome, outcome)


def _title(article: str, slots: Slots) -> str:
    if slots.get("article_slug") == article and one_line(slots.get("article_title")):
        return one_line(slots.get("article_title"))
    return article.replace("-", " ").capitalize()


def _checks(value: Any) -> Iterator[CheckResult]:
    for each in _records(value):
        name = one_line(each.get("name"))
        if name:
            ms = each.get("ms")
            yield CheckResult(
                name=name,
                target=one_line(each.get("target")),
                ok=each.get("ok") is True,
                expected=one_line(each.get("expected")),
                found=redact(one_line(each.get("found"))),
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
        if text := redact(one_line(value)):
            found[key] = text
    return found


# ── odd values ────────────────────────────────────────────────────────────────────────────────────────────


def _records(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    items = cast("Sequence[Any]", value)
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value for value in dict.fromkeys(values) if value)[-MOST:]
