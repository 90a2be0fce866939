"""The table of rules: tried in order, the first that fits says what a turn asks of the conversation.

The rule that won is recorded, so that a reviewer sees why. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sized

from bot.dialogue import answers
from bot.dialogue.commands import (
    AskAgain,
    AskWhich,
    CancelFlow,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlots,
    Decision,
    Mention,
    SetSlots,
    SkipQuestion,
)
from bot.dialogue.flows import CollectStep
from bot.dialogue.moment import BRIEF, Moment
from bot.dialogue.payload import from_payload, global_command, own_words
from bot.dialogue.repair import HANDOFF
from bot.dialogue.words import normal, stems
from bot.model.messages import QuickReply
from bot.model.understanding import NLU_FALLBACK

Found = tuple[Command, ...] | None

SHORT = 6
"""Words of a turn that is rather an answer than a new subject."""

TOLD = 4
"""Words of a turn that tells something."""

SURELY = 0.9
"""How sure a meaning is that counts though the words would answer what was asked."""

UNKNOWN = 0.7
"""How sure "I do not know" must be where any words would be an answer."""

PLACED = 8
"""Words of a refusal that may be the new value of one thing; more is a story."""


def offered_reply(moment: Moment) -> Found:
    """A button, its title or its number; a payload counts only when the bot has just offered it."""
    offered = moment.tracker.offered
    if moment.payload is not None:
        reply = next((reply for reply in offered if reply.payload == moment.payload), None)
    else:
        reply = answers.chosen(moment.text, offered) or _only_meaning(moment)
    return from_payload(moment, reply.payload) if reply else None


def _only_meaning(moment: Moment) -> QuickReply | None:
    """A "yes" to a choice that offered one meaning, or a word of one thing's name ("the printer")."""
    top, offered = moment.tracker.top, moment.tracker.offered
    if top is None or not offered:
        return None
    meanings: Sized = top.context.get(_CHOICES.get(top.flow, ""), ())
    if len(meanings) == 1 and moment.understanding.intent == "affirm":
        return offered[0]
    if top.flow != "pattern_which_slot" or len(moment.said) > BRIEF:
        return None
    said = stems(moment.plain)
    named = [reply for reply in offered if said & stems(normal(reply.title))]
    return named[0] if len(named) == 1 else None


_CHOICES = {"pattern_clarification": "flows", "pattern_which_slot": "of"}
"""Patterns that offer a choice, and where their context has what was offered."""


def left_out(moment: Moment) -> Found:
    """A question that takes any words and may be left, left with a few: "rather not"."""
    if moment.question is None or not moment.awaits_text or len(moment.said) > SHORT:
        return None
    step, slot = moment.question
    said = f"{moment.plain} "
    if not slot.optional or step.required or not any(said.startswith(f"{w} ") for w in moment.words("skip")):
        return None
    return (SkipQuestion(slot.name),)


def asked_back(moment: Moment) -> Found:
    """A question of the customer's own, no problem and no courtesy: answered, also where words would do."""
    if moment.question is None or not moment.text.rstrip().endswith("?"):
        return None
    understanding = moment.understanding
    flow = moment.startable(understanding.intent, understanding.confidence)
    if flow is None or flow.is_problem or flow.aside or flow.courtesy or not moment.sure(SURELY):
        return None
    return (moment.start(flow),)


def global_intent(moment: Moment) -> Found:
    """A person, cancel, repeat, another language: possible at every moment."""
    person = moment.understanding.intent == "talk_to_human" and moment.awaits_text
    enough = moment.understanding.confidence >= moment.limits.person if person else False
    if not enough and not moment.sure(moment.limits.command):
        return None
    commands = global_command(moment, moment.understanding.intent)
    told = moment.by_the_way() if commands else ()
    return (SetSlots(told), *commands) if commands and told else commands


def added(moment: Moment) -> Found:
    """What is told where something was read back that somebody told: it belongs to it, and starts nothing."""
    step, details = (moment.question[0] if moment.question else None), moment.details
    if step is None or details is None or not step.adds or len(moment.news()) < TOLD:
        return None
    words = answers.coerce(moment.pack.domain.slots[details.slot], moment.text)
    return (SetSlots(((step.slot, moment.affirmed), (details.slot, words)), step.slot),)


def valid_answer(moment: Moment) -> Found:
    """An answer to the question that is open, and what was said beside it."""
    if moment.question is None:
        return None
    step, slot = moment.question
    if step.confirms and _set_right(moment):
        return None
    if moment.in_passing and len(moment.said) > SHORT and moment.other_problem(moment.limits.digression):
        return None
    least = moment.limits.command
    intent, confidence = moment.understanding.intent, moment.understanding.confidence
    if intent == "dont_know" and confidence >= (UNKNOWN if moment.awaits_text else least):
        return (SkipQuestion(slot.name),)
    if slot.type == "bool":  # a yes that was none costs more than a question that is put again
        least = max(least, moment.limits.digression)
    if step.confirms and intent == "solved" and confidence >= SURELY and digression(moment) is not None:
        return None
    value = answers.answer(slot, moment.text, moment.understanding, least)
    clear = step.confirms and moment.affirmed and not moment.contrasted
    if value is None and slot.type == "bool" and (clear or digression(moment) is None):
        value = _yes_or_no(moment)
    told = moment.by_the_way(slot.name)
    if value is None:
        by = [slot.told_by[name] for name, _ in told if name in slot.told_by]
        value = answers.coerce(slot, by[0]) if by else None
    if value is None:
        return None
    commands: list[Command] = [SetSlots(((slot.name, value), *told), slot.name)]
    if moment.negated and moment.contradictions and not step.confirms:
        commands.insert(0, CorrectSlots(moment.contradictions))
    return tuple(commands)


def _yes_or_no(moment: Moment) -> bool | None:
    """A turn that begins with a clear yes or no."""
    first = moment.said[0] if moment.said else ""
    if first in moment.words("yes"):
        return True
    return False if first in moment.words("no") else None


def correction(moment: Moment) -> Found:
    """Something said before is set right: a slot, or the problem itself."""
    if not moment.tracker.stack or moment.payload is not None:
        return None
    found = _set_right(moment)
    if found:
        return found
    if moment.awaits_text or moment.other_problem(moment.limits.over_text):
        return None
    values = moment.contradictions or (moment.named_otherwise if len(moment.said) <= BRIEF else ())
    return (CorrectSlots(values),) if values and moment.negated else None


def _set_right(moment: Moment) -> Found:
    """At a read-back: "no, it is …" with a new value, with another problem, or in words to be placed."""
    step = moment.question[0] if moment.question else None
    if step is None or not step.confirms:
        return None
    values = moment.contradictions or (() if moment.affirmed else moment.named_otherwise)
    if moment.affirmed and not values and not moment.contrasted:
        return None
    if values and not moment.news(values):
        return (CorrectSlots(values),)
    # A refusal with a reason ("no, I cannot reinstall it now") resembles another problem: that must be surer.
    flow = moment.other_problem(moment.limits.over_text)
    if flow is not None and moment.negated:
        return (moment.start(flow, instead=True),)
    return (CorrectSlots(values),) if values else _to_be_placed(moment, step)


def _to_be_placed(moment: Moment, step: CollectStep) -> Found:
    """At a read-back: "no" with words that name no known value. They are asked about, or kept as they are."""
    details = moment.details
    if details is None or not moment.news() or _means_something_else(moment):
        return None
    of = moment.free_text_read_back
    if of and len(moment.said) <= PLACED:
        return (AskWhich(of, details.slot, moment.new_words),)
    return None if step is details else own_words(moment, moment.new_words)


def _means_something_else(moment: Moment) -> bool:
    """Whether a turn at a read-back is no refusal with news in it."""
    intent, sure = moment.understanding.intent, moment.sure(moment.limits.command)
    resembles = moment.negated and moment.other_problem(0.0) is not None
    if moment.affirmed or (
        sure and intent != "deny" and intent not in moment.going_on_intents and not resembles
    ):
        return True
    return not moment.awaits_text and not moment.negated and moment.said[0] not in moment.words("no")


def on_the_way(moment: Moment) -> Found:
    """While a person is being called: thanks leave a question, other words are for the ticket."""
    top = moment.tracker.top
    if moment.question is None or top is None or top.flow != HANDOFF:
        return None
    step, slot = moment.question
    found = moment.pack.triggers.get(moment.understanding.intent)
    if found is not None and found[0].courtesy and found[0].aside and slot.type != "categorical":
        brief = len(moment.said) <= BRIEF and not moment.understanding.entities
        brief = brief and moment.sure(moment.limits.command)
        return (SkipQuestion(slot.name),) if brief and slot.optional and not step.required else None
    if moment.awaits_text or len(moment.said) < TOLD or digression(moment) is not None:
        return None
    return (Mention(moment.text),)


def courtesy(moment: Moment) -> Found:
    """A greeting, a goodbye or thanks alone: no answer, also where any words would be one."""
    understanding = moment.understanding
    found = moment.pack.triggers.get(understanding.intent)
    if found is None or not found[0].courtesy or len(moment.said) > BRIEF:
        return None
    if understanding.entities or not moment.sure(moment.limits.command):
        return None
    flow = moment.startable(understanding.intent, understanding.confidence)
    return (moment.start(flow),) if flow is not None else None


def told_in_short(moment: Moment) -> Found:
    """A few words that answer another question of the scenario, even if they resemble a new subject."""
    if moment.question is None or moment.awaits_text or len(moment.said) > SHORT:
        return None
    told = moment.by_the_way()
    heard = moment.heard_slots(moment.going_on)
    sure = moment.sure(moment.limits.over_text)
    return (
        (SetSlots(told), AskAgain())
        if told and (not sure or any(name in heard for name, _ in told))
        else None
    )


def digression(moment: Moment) -> Found:
    """Another subject: a flow that the intent starts, if it is certain enough; more of them are kept."""
    if moment.question is not None and (moment.question[0].force_slot_filling or moment.is_a_thing):
        return None
    limits, understanding = moment.limits, moment.understanding
    if not moment.sure(limits.digression if moment.tracker.stack else limits.start):
        return None
    if moment.tracker.stack and moment.lead < limits.margin:
        return None
    flow = moment.startable(understanding.intent, understanding.confidence)
    return (moment.start(flow), *moment.later()) if flow is not None else None


def in_passing(moment: Moment) -> Found:
    """At a question that gives way: "no" leaves it, words that do not answer it are kept with the answer."""
    if moment.question is None or not moment.in_passing:
        return None
    understanding, limits = moment.understanding, moment.limits
    flow = moment.startable(understanding.intent, understanding.confidence)
    subject = flow is not None and not flow.aside and moment.sure(limits.digression)
    if not subject and moment.said[:1] and (moment.said[0] in moment.words("no") or _denies(moment)):
        return (SkipQuestion(moment.question[1].name),)
    words = moment.text_beside
    if subject or words is None or moment.awaits_text or len(moment.said) < TOLD or moment.affirmed:
        return None
    return (SetSlots(((words.name, answers.coerce(words, moment.text)),)), AskAgain())


def _denies(moment: Moment) -> bool:
    return moment.understanding.intent == "deny" and moment.sure(moment.limits.command)


def back_to_interrupted(moment: Moment) -> Found:
    """The problem that was interrupted is named again: what interrupted it is left."""
    found = moment.pack.triggers.get(moment.understanding.intent)
    if found is None or moment.on_the_way or not moment.sure(moment.limits.digression):
        return None
    flows = [frame.flow for frame in moment.tracker.stack if frame.kind == "flow"]
    return (CancelFlow(),) if found[0].id in flows[:-1] else None


def already_going_on(moment: Moment) -> Found:
    """The same problem said again: what is new in it is taken, and the question is put again."""
    found = moment.pack.triggers.get(moment.understanding.intent)
    if moment.awaits_text or found is None or found[0].id not in moment.going_on:
        return None
    told = moment.by_the_way()
    if told:
        return (SetSlots(told), AskAgain())
    return (CannotHandle("invalid_answer"),) if moment.question else (AskAgain(),)


def bare_yes_or_no(moment: Moment) -> Found:
    """A yes or no alone is no text: "no" leaves the question, "yes" does not answer it."""
    if moment.question is None or not moment.awaits_text or not moment.said:
        return None
    said, no = set(moment.said), set(moment.words("no"))
    if said <= no:
        return (SkipQuestion(moment.question[1].name),)
    return (CannotHandle("invalid_answer"),) if said <= no | set(moment.words("yes")) else None


def whole_text(moment: Moment) -> Found:
    """The question takes any words; one that has an entity of its own, not another one alone.

    A phone number is no name, for instance.
    """
    if moment.question is None or not moment.awaits_text:
        return None
    slot = moment.question[1]
    if slot.has_entity and answers.names_things_only(moment.understanding):
        return None
    value = answers.coerce(slot, moment.text)
    return (SetSlots(((slot.name, value), *moment.by_the_way(slot.name)), slot.name),) if value else None


def told_by_the_way(moment: Moment) -> Found:
    """No answer to the question, but facts that the scenario needs."""
    told = moment.by_the_way()
    return (SetSlots(told), AskAgain()) if told and moment.question is not None else None


def clarify(moment: Moment) -> Found:
    """Two meanings are likely: ask which."""
    if moment.question is not None and moment.question[0].force_slot_filling:
        return None
    # While a question is open, an unusual answer is likelier than another subject.
    least = moment.limits.clarify * (2 if moment.question else 1)
    likely = [
        flow.id
        for score in moment.understanding.ranking[:4]
        if score.name != NLU_FALLBACK
        and score.confidence >= least
        and (flow := moment.startable(score.name, 1.0)) is not None  # to be asked it need not be sure
        and flow.run_pattern_completed
    ]
    flows = tuple(dict.fromkeys(likely))[:2]
    if not flows or (moment.tracker.stack and len(flows) < 2):
        return None
    return (Clarify(flows, tuple(moment.told(flows).items())),)


def cannot_handle(moment: Moment) -> Found:
    """Nothing fits."""
    return (CannotHandle("invalid_answer" if moment.question else "no_meaning"),)


RULES: tuple[tuple[str, Callable[[Moment], Found]], ...] = (
    ("offered_reply", offered_reply),
    ("left_out", left_out),
    ("global_intent", global_intent),
    ("added", added),
    ("asked_back", asked_back),
    ("valid_answer", valid_answer),
    ("correction", correction),
    ("in_passing", in_passing),
    ("on_the_way", on_the_way),
    ("courtesy", courtesy),
    ("told_in_short", told_in_short),
    ("digression", digression),
    ("back_to_interrupted", back_to_interrupted),
    ("already_going_on", already_going_on),
    ("bare_yes_or_no", bare_yes_or_no),
    ("whole_text", whole_text),
    ("told_by_the_way", told_by_the_way),
    ("clarify", clarify),
    ("cannot_handle", cannot_handle),
)
"""The table: tried from top to bottom."""


def decide(moment: Moment) -> Decision:
    """The commands of a turn, and the rule that gave them."""
    for name, rule in RULES:
        commands = rule(moment)
        if commands is not None:
            return Decision(name, commands)
    raise AssertionError("the last rule always fits")
