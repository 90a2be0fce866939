"""A conversation with the engine alone: what is understood is given, actions are plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.app.content import load_pack
from bot.dialogue import engine, rules
from bot.dialogue.effects import Effect, End, Input, Result, RunAction, Say, Silence, Turn
from bot.dialogue.moment import Moment
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall, ActionResult
from bot.model.events import Event
from bot.model.understanding import NLU_FALLBACK, Entity, IntentScore, Understanding

SMALL = Path(__file__).parent / "packs" / "small"

ActionDouble = Callable[[ActionCall], Mapping[str, Any]]


@cache
def small_pack() -> Pack:
    """The pack that the engine's tests talk to."""
    return load_pack(SMALL)


class Talk:
    """One conversation; `slow` actions are left open until `finish`."""

    def __init__(
        self, pack: Pack | None = None, language: str = "nl", slow: tuple[str, ...] = ("action_slow",)
    ) -> None:
        self.pack = pack or small_pack()
        self.tracker: Tracker = engine.new_tracker(self.pack, "c1", language, "test")
        self.slow = slow
        self.actions: dict[str, ActionDouble] = {
            "action_human_handoff": lambda _: {"slots": {"ticket_number": "1001"}},
        }
        self.open_calls: list[ActionCall] = []
        self.called: list[str] = []
        self.events: list[Event] = []
        self.effects: list[Effect] = []
        self.rule = ""
        self.today = ""

    def say(
        self,
        text: str = "",
        intent: str = NLU_FALLBACK,
        confidence: float = 0.95,
        *,
        entities: Mapping[str, str] | None = None,
        ranking: Mapping[str, float] | None = None,
        payload: str | None = None,
    ) -> list[str]:
        """A turn; returns what the bot says to it."""
        understanding = self.understood(
            text,
            intent,
            confidence,
            ranking=ranking,
            **{name: [value] for name, value in (entities or {}).items()},
        )
        return self.turn(understanding, payload)

    def understood(
        self,
        text: str,
        intent: str,
        confidence: float = 0.95,
        *,
        ranking: Mapping[str, float] | None = None,
        **entities: list[str],
    ) -> Understanding:
        """What a model would have made of a text."""
        return Understanding(
            text,
            self.tracker.language,
            intent,
            confidence if intent != NLU_FALLBACK else 0.0,
            tuple(IntentScore(name, score) for name, score in (ranking or {intent: confidence}).items()),
            tuple(Entity(name, value, 0, 0) for name, values in entities.items() for value in values),
        )

    def turn(self, understanding: Understanding, payload: str | None = None) -> list[str]:
        """A turn that was understood so; returns what the bot says to it."""
        text = understanding.text
        decision = rules.decide(Moment(self.pack, self.tracker, understanding, text, payload))
        self.rule = decision.rule
        return self.receive(Turn(decision, understanding, text, self.today))

    def receive(self, happened: Input) -> list[str]:
        """Anything the engine takes; fast actions run at once."""
        said: list[str] = []
        waiting: list[Input] = [happened]
        self.effects = []
        while waiting:
            outcome = engine.receive(self.pack, self.tracker, waiting.pop(0))
            # What is stored and read again must be the same.
            self.tracker = Tracker.from_json(outcome.tracker.to_json())
            assert self.tracker == outcome.tracker
            self.events.extend(outcome.events)
            self.effects.extend(outcome.effects)
            for effect in outcome.effects:
                if isinstance(effect, Say):
                    said.append(effect.message.text)
                elif isinstance(effect, RunAction):
                    self.called.append(effect.call.name)
                    if effect.call.name in self.slow:
                        self.open_calls.append(effect.call)
                    else:
                        waiting.append(Result(self.result(effect.call)))
        return said

    def result(self, call: ActionCall) -> ActionResult:
        """What the action's double gives."""
        double = self.actions.get(call.name, lambda _: {})
        try:
            return ActionResult(call.name, call.key, **double(call))
        except ZeroDivisionError as error:
            return ActionResult(call.name, call.key, ok=False, error=str(error))

    def finish(self) -> list[str]:
        """The slow action that was called first comes back."""
        return self.receive(Result(self.result(self.open_calls.pop(0))))

    def silence(self) -> list[str]:
        """The customer says nothing for as long as was scheduled."""
        return self.receive(Silence())

    @property
    def titles(self) -> list[str]:
        """The replies that are offered now."""
        return [reply.title for reply in self.tracker.offered]

    @property
    def flows(self) -> list[str]:
        """The flows on the stack, the one that speaks last."""
        return [frame.flow for frame in self.tracker.stack]

    @property
    def ended(self) -> str | None:
        """How the episode ended in the last input, if it did."""
        return next((effect.outcome for effect in self.effects if isinstance(effect, End)), None)

    def recorded(self, kind: str) -> list[Mapping[str, Any]]:
        """The data of every event of a type."""
        return [event.data for event in self.events if event.type == kind]


WIFI_QUESTION = "Ik begrijp dat uw wifi niet werkt\n- toestel: gsm\n- verdieping: 3. Klopt dat?"


def at_read_back() -> Talk:
    """A problem that was just read back (`WIFI_QUESTION`)."""
    talk = Talk()
    talk.say("mijn wifi werkt niet op mijn gsm", "wifi_problem", entities={"device": "phone"})
    assert talk.say("3") == [WIFI_QUESTION]
    return talk
