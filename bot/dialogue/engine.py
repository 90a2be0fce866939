"""The engine: `receive(pack, tracker, input)` gives the new state, the effects and the events. Pure.

A frame on top of the stack runs step by step until it waits (for the customer, for an action) or ends.
What a step does is in `steps`, what a command does in `repair`.
"""

from __future__ import annotations

from typing import Any

from bot.dialogue import repair, steps
from bot.dialogue.commands import AskAgain, CannotHandle, HumanHandoff, Mention, Repeat
from bot.dialogue.effects import (
    End,
    Input,
    Outcome,
    Resolved,
    Result,
    Returned,
    Schedule,
    Shown,
    Silence,
    Started,
    Turn,
)
from bot.dialogue.flows import END, CollectStep
from bot.dialogue.pack import Pack
from bot.dialogue.run import Run
from bot.dialogue.skill import SKILL, sign_of
from bot.dialogue.tracker import START, Tracker
from bot.model.actions import ActionResult
from bot.model.messages import OutboundMessage, QuickReply

MAX_STEPS = 300
"""Steps of one run; more is a loop, and a person takes over."""


def new_tracker(
    pack: Pack, conversation_id: str, language: str, channel: str, carried: dict[str, Any] | None = None
) -> Tracker:
    """A fresh episode; `carried` are the slots that outlive one (name, e-mail, phone)."""
    slots = {**pack.domain.initial_slots(), **(carried or {})}
    return Tracker(conversation_id, language, channel, slots=slots)


def receive(pack: Pack, tracker: Tracker, happened: Input) -> Outcome:
    """What follows from a turn, an action's result, a silence, a return from a person, …"""
    run = Run(pack, tracker)
    match happened:
        case Turn():
            _turn(run, happened)
        case Result(result):
            if not _result(run, result):
                return run.finish()
        case Silence():
            _silence(run)
        case Returned():
            _clean(run)
            if not (happened.article and _guide(run, happened.article)):
                run.utter("utter_bot_is_back")
        case Started():
            _start(run, happened)
        case Shown():
            # What is on it a colleague sees; the question that is open is put again.
            run.set(silences=0)
            run.utter("utter_picture_kept")
            if not run.now.pending:
                repair.ask_again(run)
        case Resolved():
            _clean(run)
            run.set(turn=max(run.now.turn, 1))  # who was answered by a person is not greeted afterwards
            if not run.slots.get("csat_asked"):
                run.push_pattern("pattern_customer_satisfaction")
    if not run.now.pending:
        _advance(run)
    _schedule(run)
    return run.finish()


def _turn(run: Run, turn: Turn) -> None:
    understanding = turn.understanding
    run.set(
        turn=run.now.turn + 1,
        calls=0,
        silences=0,
        today=turn.today,
        latest={
            "text": turn.text,
            "intent": {"name": understanding.intent, "confidence": understanding.confidence},
            "entities": [
                {"entity": e.entity, "value": e.value, "start": e.start, "end": e.end}
                for e in understanding.entities
            ],
        },
    )
    run.record("decided", {
        "rule": turn.decision.rule,
        "commands": [_named(command) for command in turn.decision.commands],
    })  # fmt: skip
    if understanding.language in run.pack.languages:
        repair.change_language(run, understanding.language)
    _notice_skill(run, turn.text)
    if (
        run.now.pending
        and run.now.pending_kind == "action"
        and turn.decision.rule not in ("global_intent", "digression")
    ):
        # A slow action is still busy: what was said is on record, and the customer is told.
        run.utter("utter_still_busy")
        return
    if run.now.pending:
        run.set(pending="", pending_kind="")
    # A choice that was put has done its work; what it kept is in the command.
    while run.stack and run.frame.flow in ("pattern_clarification", "pattern_which_slot"):
        run.stack.pop()
    if not all(isinstance(command, _NO_PROGRESS) for command in turn.decision.commands):
        run.set(failures=0)
    for command in turn.decision.commands:
        repair.apply(run, command)
    if run.now.turn == 1:
        run.push_pattern("pattern_session_start", reask=True)


def _notice_skill(run: Run, text: str) -> None:
    """What a customer says of themselves counts at once; what their words tell, while nothing is known."""
    if SKILL not in run.pack.domain.slots:
        return
    sign = sign_of(text, run.pack.words, run.now.language)
    if sign is not None and (sign.stated or run.slots.get(SKILL) is None):
        run.fill(SKILL, sign.skill, "said" if sign.stated else "estimate")


_NO_PROGRESS = (CannotHandle, HumanHandoff, Mention, Repeat, AskAgain)
"""Commands after which the customer is no further: misunderstandings go on counting."""


def _named(command: Any) -> dict[str, Any]:
    """A command for the record: its name and the flows and slots it names, without values and words."""
    named: dict[str, Any] = {"command": type(command).__name__}
    for key in command.__dataclass_fields__:
        value = getattr(command, key)
        if key != "words":
            named[key] = [name for name, _ in value] if key == "slots" else value
    return named


def _result(run: Run, result: ActionResult) -> bool:
    """Take an action's result in; False when nobody waits for it any more."""
    record = {"name": result.name, "ok": result.ok, "ms": result.ms}
    if result.key != run.now.pending or run.now.handed_off:
        run.record("action", {**record, "late": True}, {"error": result.error} if result.error else {})
        return False
    kind = run.now.pending_kind
    run.set(pending="", pending_kind="")
    run.record("action", record, {"error": result.error} if result.error else {})
    if result.reset_slots:
        run.slots.update(run.pack.domain.initial_slots())
    for name, value in result.slots.items():
        if name != "language":
            run.fill(name, value, "action")
    if result.ok and kind == "handoff":
        run.set(handed_off=True, outcome="handed_off")
    for response in result.responses:
        _respond(run, response, kind)
    step = run.step()
    if not result.ok:
        _failed(run, result, kind)
    if step is None:
        return True
    if kind in ("action", "handoff"):
        # The failing action's frame may have been covered by the pattern that says so.
        _go_on_under(run, step)
    elif kind == "validate" and isinstance(step, CollectStep):
        if run.slots.get(step.slot) is None:
            repair.ask_again(run)
        else:
            run.change(validated=(*run.frame.validated, step.slot))
    return True


def _go_on_under(run: Run, step: Any) -> None:
    covering = run.stack.pop() if run.frame.flow == "pattern_internal_error" else None
    steps.go_on(run, step)
    if covering:
        run.stack.append(covering)


def _failed(run: Run, result: ActionResult, kind: str) -> None:
    run.record("error", {"where": "action", "kind": result.name}, {"detail": result.error})
    run.set(notes=(*run.now.notes, f"{result.name}: {result.error}"[:300]))
    if kind == "ask" and run.stack:
        # Without its question the flow cannot go on: a person does.
        run.change(step=END)
        run.fill("handoff_reason", "failures", "flow")
        run.push_pattern(repair.HANDOFF)
    run.push_pattern("pattern_internal_error", error_type=result.name)


def _respond(run: Run, response: Any, kind: str) -> None:
    """Say what an action answered: a response by name with its values, or a text of its own."""
    known = {"response", "template", "buttons", "custom", "image", "attachment", "elements"}
    custom = dict(response.get("custom") or {})
    name = response.get("response") or response.get("template")
    step = run.step()
    slot = run.pack.domain.slots.get(step.slot) if kind == "ask" and isinstance(step, CollectStep) else None
    before = len(run.said)
    if name:
        values = {key: value for key, value in response.items() if key not in known and value is not None}
        if not run.utter(name, values, buttons_of=slot):
            run.record("error", {"where": "response", "kind": "unknown_response", "name": name})
    elif response.get("text"):
        buttons = tuple(
            QuickReply(b["title"], b.get("payload") or b["title"]) for b in response.get("buttons") or ()
        )
        run.say(OutboundMessage(str(response["text"]), buttons))
    if custom and len(run.said) > before:
        run.add_to_last((), custom)


def _silence(run: Run) -> None:
    if run.now.handed_off or run.now.pending:
        return
    run.set(silences=run.now.silences + 1)
    if repair.leave_on_the_way(run):
        return
    if run.question() is None:
        steps.end(run)
        return
    run.push_pattern("pattern_user_silence", silences=run.now.silences, reask=False)


def _guide(run: Run, article: str) -> bool:
    """An agent chose the article; False where the pack has no flow for that."""
    run.fill("article_slug", article, "action")
    return run.push_pattern("pattern_guided_by_agent")


def _start(run: Run, started: Started) -> None:
    """The customer was called for a flow, and greeted; a pack that has it no more listens."""
    _clean(run)
    run.set(turn=max(run.now.turn, 1))
    flow = run.pack.flows.get(started.flow)
    if flow is None or flow.is_pattern:
        run.record("error", {"where": "flow", "kind": "unknown_flow", "flow": started.flow})
        return
    for name, value in started.slots:
        if name in run.pack.domain.slots:
            run.fill(name, value, "flow")
    run.push(flow.id, "flow")


def _clean(run: Run) -> None:
    """A person is done: the bot starts with a clean stack and what is known."""
    run.stack.clear()
    run.set(handed_off=False, pending="", pending_kind="", failures=0, outcome="")
    run.fill("handoff_reason", None, "reset")


def _advance(run: Run) -> None:
    for _ in range(MAX_STEPS):
        if not run.stack or run.now.pending:
            return
        frame, flow = run.frame, run.flow()
        if flow is None or (frame.step not in (START, END) and frame.step not in flow.steps):
            _code_changed(run)
        elif frame.step == START:
            trigger = {} if frame.kind == "flow" else {"kind": frame.kind}
            run.record("flow", {"flow": flow.id, "change": "started", **trigger})
            run.change(step=flow.first)
        elif frame.step == END:
            _finish(run)
        elif steps.execute(run, flow.steps[frame.step]) == steps.STOP:
            return
    run.record("error", {"where": "engine", "kind": "loop", "flow": run.frame.flow})
    run.stack.clear()
    run.fill("handoff_reason", "failures", "flow")
    run.push_pattern(repair.HANDOFF)


def _code_changed(run: Run) -> None:
    gone = run.stack.pop()
    run.record("error", {"where": "flow", "kind": "code_change", "flow": gone.flow, "step": gone.step})
    run.push_pattern("pattern_code_change")


def _finish(run: Run) -> None:
    """A flow ended: slots are reset, who waits below goes on."""
    ended = run.stack.pop()
    flow = run.pack.flows[ended.flow]
    run.record("flow", {"flow": flow.id, "change": "completed"})
    if ended.kind == "call" and run.stack:
        filled = tuple(dict.fromkeys((*run.frame.filled, *ended.filled)))
        run.change(filled=filled, saved={**ended.saved, **run.frame.saved})
        caller = run.step()
        if caller is not None:
            steps.go_on(run, caller)
        return
    if flow.is_problem and not run.now.handed_off and not run.now.outcome:
        run.set(outcome="solved" if run.slots.get("problem_solved", True) else "informed")
    run.reset(ended, but=flow.persisted_slots)
    if run.now.handed_off:
        if not any(frame.kind == "pattern" for frame in run.stack):
            run.stack.clear()
        return
    reask = ended.context.get("reask", True)
    if ended.kind == "pattern":
        if reask:
            repair.ask_again(run)
        return
    name = flow.name(run.now.language)
    if run.stack and reask:
        repair.ask_again(run)
        if flow.run_pattern_completed:
            below = run.flow()
            previous = below.name(run.now.language) if below else ""
            run.record("flow", {"flow": run.frame.flow, "change": "resumed"})
            run.push_pattern(
                "pattern_continue_interrupted", previous_flow_name=previous, interrupting_flow_name=name
            )
    elif not run.stack and flow.run_pattern_completed:
        run.push_pattern("pattern_completed", previous_flow_name=name, previous_flow=flow.id)


def _schedule(run: Run) -> None:
    if any(isinstance(effect, End) for effect in run.effects) or run.now.handed_off or run.now.pending:
        run.effects.append(Schedule(None))
        return
    seconds: Any = run.pack.silence
    question = run.question()
    if question is not None and question[0].silence_timeout is not None:
        seconds = question[0].silence_timeout
        if not isinstance(seconds, int | float):
            seconds = seconds.get(run.now.channel, run.pack.silence)
    run.effects.append(Schedule(float(seconds)))
