"""From words to a decision: what a turn means, in which language, and whether a person is needed at once.

The rules are `bot.dialogue.rules`, the limits `handoff.when`; this puts them together with the model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from bot.dialogue import answers, parts, rules
from bot.dialogue.commands import Command, Decision, HumanHandoff, KeepForLater, SetSlots, StartFlow
from bot.dialogue.moment import Moment
from bot.dialogue.pack import Pack
from bot.dialogue.repair import HANDOFF, TRANSIENT
from bot.dialogue.tracker import Tracker
from bot.model.events import Event
from bot.model.understanding import Understanding
from bot.service.understanding import Understander
from handoff.when import Situation, When, reason_to_hand_over, sounds_angry
from nlu.pipeline import Query


class Reading:
    """Reads turns. `when` says from what anger and after how many minutes a person takes over."""

    def __init__(
        self, understander: Understander, when: Callable[[], When], clock: Callable[[], float]
    ) -> None:
        self._understander = understander
        self._when = when
        self._clock = clock

    async def understand(
        self, pack: Pack, tracker: Tracker, text: str, payload: str | None, hint: str | None = None
    ) -> tuple[Understanding, list[Event]]:
        """What a turn means, and the event for it; a choice that was offered needs no reading.

        `hint` is the language that the channel expects of a first message. Where nothing is going on, a text
        may be about several problems.
        """
        offered = payload in {reply.payload for reply in tracker.offered} if payload else None
        if offered or (payload is None and answers.chosen(text, tracker.offered)):
            return Understanding(text, tracker.language), []
        language = tracker.language if tracker.turn else None
        asked = tracker.slots.get("requested_slot")
        found = await self._understander.understand(Query(text, language, asked, hint))
        if _begins(pack, tracker):
            found = await self._apart(pack, text, found)
        return found, [_understood(found, text)]

    async def _apart(self, pack: Pack, text: str, found: Understanding) -> Understanding:
        """A text that is about a problem may be about several: its pieces are read in one batch."""
        trigger = pack.triggers.get(found.intent)
        pieces = parts.pieces(text, pack, found.language) if trigger and trigger[0].is_problem else ()
        read = await asyncio.gather(
            *(self._understander.understand(Query(piece.text, found.language)) for piece in pieces)
        )
        problems = parts.several(
            pack, text, pieces, [replace(each, language=found.language) for each in read]
        )
        return replace(problems[0], others=problems[1:]) if problems else found

    async def wants_person(self, understanding: Understanding, texts: Sequence[str], pack: Pack) -> bool:
        """Whether one of a burst's messages, or a part of one, asks for a person: with the rest it is lost.

        A part counts beside a problem, an answer or what is not understood, surer where the whole means
        something, and when the whole may mean that at all. Who asks to be called back wants a person in
        another way.
        """
        language, least = understanding.language, pack.thresholds
        trigger = pack.triggers.get(understanding.intent)
        beside = trigger is None or trigger[0].is_problem
        alone = dict.fromkeys(texts, least.person) if len(texts) > 1 else {}
        if beside and any(score.name == PERSON for score in understanding.ranking):
            for text in texts:
                for piece in parts.pieces(text, pack, language, commas=True):
                    alone.setdefault(piece.text, least.apart if trigger else least.person)
        found = await asyncio.gather(
            *(self._understander.understand(Query(text, language)) for text in alone)
        )
        return any(
            each.intent == PERSON and each.confidence >= enough
            for each, enough in zip(found, alone.values(), strict=True)
        )

    def decide(
        self,
        pack: Pack,
        tracker: Tracker,
        understanding: Understanding,
        text: str,
        payload: str | None,
        *,
        person: bool = False,
    ) -> Decision:
        """What the turn asks; or a person, where one is wanted, the customer is angry or it takes long."""
        part = understanding.text if understanding.others else text
        decision = rules.decide(Moment(pack, tracker, understanding, part, payload))
        if any(frame.flow == HANDOFF for frame in tracker.stack):
            return decision
        if any(isinstance(command, HumanHandoff) for command in decision.commands):
            return decision
        when = self._when()
        busy = any(frame.flow not in TRANSIENT for frame in tracker.stack)
        # Hard words in answer to how somebody was helped are that answer.
        judges = bool(tracker.stack) and not busy and not any(
            isinstance(command, StartFlow) for command in decision.commands
        )  # fmt: skip
        trying = self._clock() - tracker.begun if busy and tracker.begun else 0.0
        angry = not judges and sounds_angry(text, when)
        situation = Situation(asked=person, angry=angry, minutes=trying / 60)
        reason = reason_to_hand_over(situation, when)
        if reason is None:
            return decision
        return Decision(f"person_{reason.value}", (*_kept(decision), HumanHandoff(reason.value)))


PERSON = "talk_to_human"
"""The intent of whoever wants a person."""


def _begins(pack: Pack, tracker: Tracker) -> bool:
    """Whether nothing is going on, or only what gives way to a problem, and any words are no answer."""
    slot = pack.domain.slots.get(tracker.slots.get("requested_slot") or "")
    return (tracker.top is None or tracker.top.flow in TRANSIENT) and not (slot and slot.takes_text)


def _kept(decision: Decision) -> tuple[Command, ...]:
    """What a turn told is kept when a person is called in: the ticket needs it."""
    kept = SetSlots | StartFlow | KeepForLater
    return tuple(command for command in decision.commands if isinstance(command, kept))


def _understood(found: Understanding, text: str) -> Event:
    return Event(
        "understood",
        {
            "language": found.language,
            "intent": found.intent,
            "confidence": round(found.confidence, 4),
            "ranking": [[score.name, round(score.confidence, 4)] for score in found.ranking[:5]],
            "model": found.model[:12],
            "text_length": len(text),
            **({"others": [other.intent for other in found.others]} if found.others else {}),
        },
        {"entities": [asdict(entity) for entity in found.entities]} if found.entities else {},
    )
