"""What each kind of step does. A step moves the frame on, or answers STOP: it waits for somebody.

The engine's own actions (Rasa's default actions) stand in one table at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from bot.dialogue import conditions, repair
from bot.dialogue.effects import End
from bot.dialogue.flows import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    LinkStep,
    NoopStep,
    SetSlotsStep,
    Step,
)
from bot.dialogue.payload import PLACE
from bot.dialogue.run import Run, unsaid
from bot.model.messages import QuickReply

GO, STOP = "go", "stop"
Signal = Literal["go", "stop"]

HANDOFF_ACTION = "action_human_handoff"
"""Run by the service: makes the ticket and gives the conversation to the queue."""

MAX_REFUSALS = 3
"""Unusable answers to one question before a person is offered."""


def execute(run: Run, step: Step) -> Signal:
    """Do one step."""
    if not (isinstance(step, CollectStep) and run.frame.asked):
        run.record(
            "step", {"flow": run.frame.flow, "step": step.id, "kind": type(step).__name__[:-4].lower()}
        )
    return _TABLE[type(step)](run, step)


def go_on(run: Run, step: Step) -> None:
    """Move the frame to the step after this one."""
    context = run.frame.context
    for branch in step.next:
        if branch.condition is None or conditions.holds(branch.condition, run.slots, context):
            run.change(step=branch.target, asked=False, fresh=False, refused=0)
            return
    run.change(step=END, asked=False, fresh=False, refused=0)


def _action(run: Run, step: ActionStep) -> Signal:
    name = step.action
    if name.startswith("utter_"):
        if not run.utter(name) and name not in run.pack.domain.responses:
            run.record("error", {"where": "response", "kind": "unknown_response", "name": name})
        go_on(run, step)
        return GO
    own = ENGINE_ACTIONS.get(name)
    if own is not None:
        return own(run, step)
    run.run_action(name, "handoff" if name == HANDOFF_ACTION else "action")
    return STOP


def _collect(run: Run, step: CollectStep) -> Signal:
    frame = run.frame
    slot = run.pack.domain.slots[step.slot]
    if step.ask_before_filling and not frame.fresh:
        run.fill(slot.name, None, "flow")
        run.change(fresh=True, skipped=tuple(name for name in frame.skipped if name != slot.name))
        frame = run.frame
    if slot.name in frame.skipped:
        go_on(run, step)
        return GO
    if run.slots.get(slot.name) is None:
        return _ask(run, step)
    for rejection in step.rejections:
        if conditions.holds(rejection.condition, run.slots, frame.context):
            return _refuse(run, step, rejection.utter)
    validator = f"validate_{slot.name}"
    if validator in run.pack.domain.actions and slot.name not in frame.validated:
        run.run_action(validator, "validate")
        return STOP
    go_on(run, step)
    return GO


def _ask(run: Run, step: CollectStep) -> Signal:
    if run.frame.asked:
        return STOP
    run.change(asked=True)
    slot = run.pack.domain.slots[step.slot]
    if step.utter in run.pack.domain.responses:
        run.utter(step.utter, buttons_of=slot)
        return STOP
    run.run_action(step.ask_action, "ask")
    return STOP


def _refuse(run: Run, step: CollectStep, utter: str) -> Signal:
    refused = run.frame.refused + 1
    run.fill(step.slot, None, "rejected")
    run.change(asked=False, refused=refused)
    if refused >= MAX_REFUSALS:
        run.change(refused=0)
        run.push_pattern("pattern_cannot_handle", reason="invalid_answer", failures=refused)
    else:
        run.utter(utter)
    return GO


def _set_slots(run: Run, step: SetSlotsStep) -> Signal:
    for name, value in step.values:
        run.collected(name, value, "flow")
    go_on(run, step)
    return GO


def _call(run: Run, step: CallStep) -> Signal:
    # The frame stays at this step; where it goes on is decided when the called flow has ended.
    run.push(step.flow, "call")
    return GO


def _link(run: Run, step: LinkStep) -> Signal:
    # What was collected lives on until the linked flow ends: a ticket is filled from it.
    left = run.stack.pop()
    run.record("flow", {"flow": left.flow, "change": "linked", "to": step.flow})
    if any(frame.flow == step.flow for frame in run.stack):
        # It is going on already (a person is being called): its question is put again.
        repair.ask_again(run)
        return GO
    kind = "pattern" if step.flow.startswith("pattern_") else "flow"
    run.push(step.flow, kind, left.context if kind == left.kind == "pattern" else {})
    run.change(filled=left.filled, saved=left.saved)
    return GO


def _noop(run: Run, step: NoopStep) -> Signal:
    go_on(run, step)
    return GO


_TABLE: dict[type, Callable[[Run, Any], Signal]] = {
    ActionStep: _action,
    CollectStep: _collect,
    SetSlotsStep: _set_slots,
    CallStep: _call,
    LinkStep: _link,
    NoopStep: _noop,
}


def _listen(run: Run, step: ActionStep) -> Signal:
    go_on(run, step)
    return STOP


def _cancel_flow(run: Run, step: ActionStep) -> Signal:
    repair.leave_flow(run, "cancelled", below=1)
    go_on(run, step)
    return GO


def _close_as_solved(run: Run, step: ActionStep) -> Signal:
    # What goes on is not called off: its problem is solved, though not by its last step.
    repair.leave_flow(run, "completed", below=1)
    run.set(outcome="solved")
    go_on(run, step)
    return GO


def _clean_stack(run: Run, step: ActionStep) -> Signal:
    for frame in reversed(run.stack[:-1]):
        run.reset(frame)
    run.stack[:] = [run.frame]
    go_on(run, step)
    return GO


def _clarify_flows(run: Run, step: ActionStep) -> Signal:
    """Say `utter_clarification` with a button for each meaning, and wait."""
    context = run.frame.context
    buttons = [
        QuickReply(name, f"/{run.pack.flows[flow].triggers[0].intent}")
        for name, flow in zip(context.get("names", []), context.get("flows", []), strict=True)
    ]
    said = len(run.said)
    run.utter("utter_clarification")
    if len(run.said) > said:
        run.add_to_last(tuple(buttons), {})
    run.change(step=END)
    return STOP


def _ask_which_slot(run: Run, step: ActionStep) -> Signal:
    """Say `utter_which_slot` with a button for each slot, and wait."""
    slots = run.pack.domain.slots
    buttons = [
        QuickReply(_capital(slots[name].label(run.now.language)), f'/{PLACE}{{"slot": "{name}"}}')
        for name in run.frame.context.get("of", ())
        if name in slots
    ]
    said = len(run.said)
    run.utter("utter_which_slot")
    if len(run.said) > said:
        run.add_to_last(tuple(buttons), {})
    run.change(step=END)
    return STOP


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _correct_flow_slot(run: Run, step: ActionStep) -> Signal:
    repair.correct_slots(run, dict(run.frame.context.get("corrected_slots", {})), below=1)
    go_on(run, step)
    return GO


def _run_slot_rejections(run: Run, step: ActionStep) -> Signal:
    # Rejections are tried where the slot is collected; the name is kept so that Rasa's patterns load.
    go_on(run, step)
    return GO


def _repeat_bot_messages(run: Run, step: ActionStep) -> Signal:
    for plain in run.before.last_said:
        run.say(unsaid(plain))
    go_on(run, step)
    return GO


def end(run: Run) -> None:
    """End the episode."""
    run.effects.append(End(run.now.outcome or "silent"))
    run.stack.clear()
    run.set(offered=())


def _hangup(run: Run, step: ActionStep) -> Signal:
    end(run)
    return STOP


def _summarise_problem(run: Run, step: ActionStep) -> Signal:
    """Put the problem and the facts into words, in `problem_summary`."""
    language = run.now.language
    colon = " :" if language == "fr" else ":"
    lines: list[str] = []
    for frame in run.stack:
        flow = run.flow(frame)
        if flow is None or not flow.is_problem:
            continue
        lines = [run.pack.problem_text(flow, language)]
        for name in run.pack.reachable_slots[flow.id]:
            slot = run.pack.domain.slots.get(name)
            if slot is not None and slot.fact and run.slots.get(name) is not None:
                value = slot.value_label(run.slots[name], language, run.now.today)
                lines.append(f"{slot.label(language)}{colon} {value}")
    summary = (
        lines[0] + ("\n" + "\n".join(f"- {line}" for line in lines[1:]) if lines[1:] else "") if lines else ""
    )
    if "problem_summary" in run.pack.domain.slots:
        run.collected("problem_summary", summary or None, "flow")
    go_on(run, step)
    return GO


def _recall_problem(run: Run, step: ActionStep) -> Signal:
    run.recall()
    go_on(run, step)
    return GO


def _leave_question_open(run: Run, step: ActionStep) -> Signal:
    repair.leave_open(run)
    go_on(run, step)
    return GO


def _take_up_other(run: Run, step: ActionStep) -> Signal:
    repair.take_up_other(run)
    return GO


def _drop_other(run: Run, step: ActionStep) -> Signal:
    repair.drop_other(run)
    go_on(run, step)
    return GO


ENGINE_ACTIONS: dict[str, Callable[[Run, ActionStep], Signal]] = {
    "action_listen": _listen,
    "action_cancel_flow": _cancel_flow,
    "action_close_as_solved": _close_as_solved,
    "action_clean_stack": _clean_stack,
    "action_clarify_flows": _clarify_flows,
    "action_ask_which_slot": _ask_which_slot,
    "action_correct_flow_slot": _correct_flow_slot,
    "action_run_slot_rejections": _run_slot_rejections,
    "action_repeat_bot_messages": _repeat_bot_messages,
    "action_hangup": _hangup,
    "action_summarise_problem": _summarise_problem,
    "action_recall_problem": _recall_problem,
    "action_leave_question_open": _leave_question_open,
    "action_take_up_other_problem": _take_up_other,
    "action_drop_other_problem": _drop_other,
}
"""What the engine does itself, by name."""
