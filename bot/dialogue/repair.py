"""What a turn's commands do to the stack and the slots, before the flows go on.

One function a command, in a table. The words are the patterns' (flows that a pack may overwrite).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.dialogue import answers
from bot.dialogue import commands as c
from bot.dialogue.domain import Slot
from bot.dialogue.flows import CollectStep
from bot.dialogue.run import Run
from bot.dialogue.tracker import Frame

TRANSIENT = frozenset({
    "pattern_clarification", "pattern_cannot_handle", "pattern_completed", "pattern_customer_satisfaction",
    "pattern_user_silence", "pattern_skip_question", "pattern_continue_interrupted", "pattern_other_problem",
    "pattern_several_problems",
})  # fmt: skip
"""Patterns that give way as soon as the customer wants something else."""

HANDOFF = "pattern_human_handoff"
"""The pattern that calls a person: nothing but the customer's wish takes its place."""


def apply(run: Run, command: c.Command) -> None:
    """Do what a command says."""
    _TABLE[type(command)](run, command)


def ask_again(run: Run) -> None:
    """Let the open question be put again; in passing only a choice is, and once."""
    question = _in_passing(run)
    if question and question[1].takes_text:
        _skip(run, c.SkipQuestion(question[1].name))
    elif question:
        _once_more(run, question[1])
    elif run.stack:
        run.change(asked=False)


def leave_open(run: Run) -> None:
    """Let the question below, which was put before this turn, stay open without being put again."""
    asked = {(frame.id, frame.step) for frame in run.before.stack if frame.asked}
    if len(run.stack) > 1 and (run.stack[-2].id, run.stack[-2].step) in asked:
        run.stack[-2] = replace(run.stack[-2], asked=True)
        run.change(context={**run.frame.context, "reask": False})


def _in_passing(run: Run) -> tuple[CollectStep, Slot] | None:
    """The open question, if its pattern gives way and it may be left."""
    question = run.question()
    return question if question and run.frame.flow in TRANSIENT and _may_skip(question) else None


def _once_more(run: Run, slot: Slot) -> None:
    """Put a question a second time (`context.again` names its slot); after that it is left."""
    if run.frame.context.get("again") == slot.name:
        _skip(run, c.SkipQuestion(slot.name))
    else:
        run.change(asked=False, context={**run.frame.context, "again": slot.name})


def drop_transient(run: Run) -> None:
    """Take away the patterns that give way."""
    while run.stack and run.frame.flow in TRANSIENT:
        run.stack.pop()


def _start(run: Run, command: c.StartFlow) -> None:
    if run.pack.flows[command.flow].aside and _in_passing(run):
        run.push(command.flow, "flow")
        return
    drop_transient(run)
    if command.instead:
        _leave_problem(run)
    if run.stack:
        run.record("flow", {"flow": run.frame.flow, "change": "interrupted"})
        ask_again(run)
    if run.pack.flows[command.flow].is_problem:
        run.set(outcome="")
    _keep(run, [kept for kept in _kept(run) if kept["flow"] != command.flow])
    run.push(command.flow, "flow")
    for name, value in command.slots:
        run.collected(name, value, "collect")
    _carry(run)


def _carry(run: Run) -> None:
    """What was told of the same things in a problem of which this one is another face ("Outlook")."""
    slots, new = run.pack.domain.slots, run.flow()
    below = [(frame, run.flow(frame)) for frame in run.stack[:-1]]
    told = {
        mapping.entity: run.slots.get(name)
        for frame, flow in below
        if flow is not None and new is not None and run.pack.faces_of_one(flow, new)
        for name in frame.filled
        for mapping in slots[name].mappings
        if mapping.type == "from_entity"
    }
    for name in run.pack.reachable_slots.get(run.frame.flow, ()):
        slot = slots.get(name)
        if slot is None or not slot.fact or run.slots.get(name) is not None:
            continue
        known = [told[mapping.entity] for mapping in slot.mappings if told.get(mapping.entity) is not None]
        if known and (value := answers.coerce(slot, known[0])) is not None:
            run.collected(name, value, "collect")


OTHERS, MENTIONED = "other_problems", "also_mentioned"
"""The slots of a pack that keep other problems: to come back to, and in words for the ticket."""


def _kept(run: Run) -> list[dict[str, Any]]:
    return list(run.slots.get(OTHERS) or ())


def _keep(run: Run, kept: list[dict[str, Any]]) -> None:
    if kept != _kept(run):
        run.fill(OTHERS, kept or None, "collect")
        run.fill(MENTIONED, "; ".join(each["words"] for each in kept) or None, "collect")


def _keep_for_later(run: Run, command: c.KeepForLater) -> None:
    if not {OTHERS, MENTIONED} <= run.pack.domain.slots.keys():
        return
    _keep(run, [*_kept(run), {"flow": command.flow, "slots": dict(command.slots), "words": command.words}])
    name = run.pack.flows[command.flow].name(run.now.language)
    if run.frame.flow == "pattern_several_problems":
        run.change(context={**run.frame.context, "others": [*run.frame.context["others"], name]})
    else:
        flow = run.flow()
        first = flow.name(run.now.language) if flow else ""
        run.push_pattern("pattern_several_problems", first=first, others=[name])


def take_up_other(run: Run) -> None:
    """Begin the problem that was kept first; the pattern that asked is done."""
    run.reset(run.stack.pop())
    kept = _kept(run)
    if kept and kept[0]["flow"] in run.pack.flows:
        _start(run, c.StartFlow(kept[0]["flow"], tuple(kept[0]["slots"].items())))


def drop_other(run: Run) -> None:
    """Forget the problem that was kept first."""
    _keep(run, _kept(run)[1:])


def _leave_problem(run: Run) -> None:
    """The problem was misunderstood: its flow goes, what it learned of the customer's things goes with it."""
    start = next((n for n, frame in reversed(list(enumerate(run.stack))) if frame.kind == "flow"), None)
    if start is None:
        return
    for frame in reversed(run.stack[start:]):
        run.record("flow", {"flow": frame.flow, "change": "cancelled"})
        run.reset(frame)
    del run.stack[start:]


def _set_slots(run: Run, command: c.SetSlots) -> None:
    for name, value in command.slots:
        run.collected(name, value, "collect")
    if command.answered and run.stack:
        run.change(fresh=True)


def _correct(run: Run, command: c.CorrectSlots) -> None:
    if not run.push_pattern("pattern_correction", corrected_slots=dict(command.slots)):
        correct_slots(run, dict(command.slots), below=0)


def _ask_which(run: Run, command: c.AskWhich) -> None:
    run.collected(command.otherwise, command.words, "collect")
    run.push_pattern("pattern_which_slot", of=list(command.of), words=command.words)


def correct_slots(run: Run, slots: dict[str, Any], *, below: int) -> None:
    """Set slots right and go back to the earliest question that asked for one of them.

    `below` is how many frames on top (the pattern's own) are left alone.
    """
    upper = run.stack[len(run.stack) - below :]
    stack = run.stack[: len(run.stack) - below]
    start = next((n for n in range(len(stack) - 1, -1, -1) if stack[n].kind != "call"), 0)
    for index in range(start, len(stack)):
        flow = run.flow(stack[index])
        steps = [step for step in flow.collects() if step.slot in slots] if flow else []
        if steps and any(name in frame.filled for frame in stack[start:] for name in slots):
            filled = tuple(dict.fromkeys(name for frame in stack[index:] for name in frame.filled))
            # Only what asks for a corrected slot stays; the flows it called begin anew.
            stack = [
                *stack[:index],
                replace(stack[index], step=steps[0].id, asked=False, fresh=True, filled=filled),
            ]
            break
    run.stack[:] = [*stack, *upper]
    for name, value in slots.items():
        run.fill(name, value, "correction")


def _cancel(run: Run, _: c.CancelFlow) -> None:
    question = _in_passing(run)
    if question:
        _skip(run, c.SkipQuestion(question[1].name))
        return
    drop_transient(run)
    if not run.stack:  # it was only asked what is meant
        run.push_pattern("pattern_cancel_flow", canceled_name=None, canceled_frames=[])
        return
    frame = _topmost_flow(run)
    flow = run.flow(frame)
    name = flow.name(run.now.language) if flow else frame.flow
    if not run.push_pattern("pattern_cancel_flow", canceled_name=name, canceled_frames=[frame.id]):
        leave_flow(run, "cancelled", below=0)


def _topmost_flow(run: Run) -> Frame:
    return next((frame for frame in reversed(run.stack) if frame.kind == "flow"), run.stack[-1])


def leave_flow(run: Run, change: str, *, below: int) -> None:
    """Take the topmost flow and all it called off the stack, cancelled or completed; frames of the pattern
    itself stay."""
    upper = run.stack[len(run.stack) - below :]
    lower = run.stack[: len(run.stack) - below]
    start = next((n for n, frame in reversed(list(enumerate(lower))) if frame.kind == "flow"), 0)
    for frame in reversed(lower[start:]):
        run.record("flow", {"flow": frame.flow, "change": change})
        run.reset(frame)
    run.stack[:] = [*lower[:start], *upper]


def _clarify(run: Run, command: c.Clarify) -> None:
    names = [run.pack.flows[flow].name(run.now.language) for flow in command.flows]
    context = {"names": names, "clarification_options": names, "flows": list(command.flows)}
    run.push_pattern("pattern_clarification", **context, slots=dict(command.slots))


def _handoff(run: Run, command: c.HumanHandoff) -> None:
    drop_transient(run)
    if any(frame.flow == HANDOFF for frame in run.stack):
        _insist(run)
        return
    run.set(failures=0)
    run.fill("handoff_reason", command.reason, "flow")
    run.push_pattern(HANDOFF)


def _insist(run: Run) -> None:
    """A person is being called already: a choice is put once more, then left; own words are left at once."""
    question = run.question()
    if question and _may_skip(question) and (run.now.failures or question[1].takes_text):
        run.set(failures=0)
        _skip(run, c.SkipQuestion(question[1].name))
        return
    run.set(failures=run.now.failures + 1)
    ask_again(run)


OWN_WORDS = "problem_details"
"""The slot of a pack that keeps the customer's own words for the ticket."""


def _mention(run: Run, command: c.Mention) -> None:
    if OWN_WORDS in run.pack.domain.slots:
        known = run.slots.get(OWN_WORDS)
        run.collected(OWN_WORDS, f"{known}\n{command.words}" if known else command.words, "collect")
    _insist(run)


def leave_on_the_way(run: Run) -> bool:
    """Leave the open question when a person is being called and it may be left: nobody waits for nothing.

    What lies on top of that call is left as well.
    """
    called = next((n for n, frame in enumerate(run.stack) if frame.flow == HANDOFF), None)
    if called is None:
        return False
    for frame in reversed(run.stack[called + 1 :]):
        run.record("flow", {"flow": frame.flow, "change": "cancelled"})
        run.reset(frame)
    covered = len(run.stack) > called + 1
    del run.stack[called + 1 :]
    step = run.step()
    if covered and isinstance(step, CollectStep):
        run.change(asked=True)  # it was put before something else came up
    question = run.question()
    if question is None or not _may_skip(question):
        return False
    _skip(run, c.SkipQuestion(question[1].name))
    return True


def _may_skip(question: tuple[CollectStep, Slot]) -> bool:
    step, slot = question
    return slot.optional and not step.required


def _repeat(run: Run, _: c.Repeat) -> None:
    run.push_pattern("pattern_repeat_bot_messages", reask=False)


def _ask_again(run: Run, _: c.AskAgain) -> None:
    ask_again(run)


def _change_language(run: Run, command: c.ChangeLanguage) -> None:
    change_language(run, command.language)
    if run.stack:
        ask_again(run)
    run.push_pattern("pattern_change_language", language=command.language)


def change_language(run: Run, language: str) -> None:
    """Go on in another language."""
    if language != run.now.language:
        run.record("language", {"from": run.now.language, "to": language})
        run.set(language=language)


def _skip(run: Run, command: c.SkipQuestion) -> None:
    slot = run.pack.domain.slots[command.slot]
    question = run.question()
    if _may_skip(question) if question else slot.optional:
        run.change(skipped=(*run.frame.skipped, slot.name))
        run.record("slot", {"name": slot.name, "by": "skipped"})
    else:
        run.push_pattern("pattern_skip_question", slot=slot.name, label=slot.label(run.now.language))


def _cannot_handle(run: Run, command: c.CannotHandle) -> None:
    passing = _in_passing(run)
    if passing:
        _once_more(run, passing[1])
        return
    drop_transient(run)
    question = run.question()
    if question and run.now.failures and _may_skip(question):
        # What need not be known is not worth a second misunderstanding.
        run.set(failures=0)
        _skip(run, c.SkipQuestion(question[1].name))
        return
    run.set(failures=run.now.failures + 1)
    run.push_pattern("pattern_cannot_handle", reason=command.reason, failures=run.now.failures)


_TABLE: dict[type, Callable[[Run, Any], None]] = {
    c.StartFlow: _start,
    c.SetSlots: _set_slots,
    c.CorrectSlots: _correct,
    c.AskWhich: _ask_which,
    c.KeepForLater: _keep_for_later,
    c.Mention: _mention,
    c.CancelFlow: _cancel,
    c.Clarify: _clarify,
    c.HumanHandoff: _handoff,
    c.Repeat: _repeat,
    c.AskAgain: _ask_again,
    c.ChangeLanguage: _change_language,
    c.SkipQuestion: _skip,
    c.CannotHandle: _cannot_handle,
}
