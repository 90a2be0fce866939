"""One call that is spoken with: sound in, words to the scenario, its answers out. What to do when is the
machine's (`bot.voice.call`); the session carries it out.

What was said is on record before it is answered, as in every channel, and what is answered is read from the
record, so that a notice or an agent's words are spoken, too. All events of a call pass through one queue.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.bus import Bus, conversation_topic
from bot.model.conversation import Owner
from bot.model.errors import BalieError, Conflict, FallenBehind
from bot.model.messages import InboundMessage
from bot.service.agents import Agent
from bot.service.lines import Person
from bot.speech.audio import from_ulaw
from bot.speech.ports import Heard, Listener, SpeechToText, TextToSpeech
from bot.speech.sentences import sentences
from bot.voice import actions as do
from bot.voice import events as ev
from bot.voice.call import Call
from bot.voice.prompts import text_of
from bot.voice.states import State
from bot.voice.words import words
from channels.contract import Ingest
from channels.phone.line import Line
from channels.phone.saying import last_said, said_of
from channels.phone.script import Standing
from channels.phone.sound import Sound
from channels.phone.speaker import Speaker
from channels.phone.talk import PersonTalk
from channels.spoken import is_answer, is_voice, replies_of
from channels.transcripts import Transcripts

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at the record when the bus says nothing."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Who listens and who speaks, and in how many calls at once, where that was measured."""

    ears: SpeechToText
    voice: TextToSpeech
    carries: int | None = None

    def speak(self, language: str) -> bool:
        """Whether a language is both heard and spoken."""
        return language in self.ears.languages and language in self.voice.languages


class Calls(Protocol):
    """The record of calls (`bot.service.calls.Calls`)."""

    async def standing_of(self, conversation_id: str) -> Standing | None: ...

    async def end(self, conversation_id: str) -> bool: ...

    async def spoken(self, conversation_id: str, agent: Agent, text: str) -> None: ...

    async def heard(self, conversation_id: str, seq: int, sentences: int, of: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """Where messages go, and where they are read."""

    ingest: Ingest
    transcripts: Transcripts
    calls: Calls
    bus: Bus


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the line, in which conversation of which channel. What was said in it up to `seq` is not
    spoken any more."""

    channel: str
    sender_id: str
    conversation_id: str
    language: str
    seq: int = 0


class Session:
    """A call on a line, whose conversation is on record, with its greeting. Whoever has the line tells
    `hear`, `key`, `marked` and `hung_up`; `run` goes on until the call is over."""

    def __init__(self, caller: Caller, line: Line, engines: Engines, counter: Counter) -> None:
        self.caller = caller
        self._conversation = caller.conversation_id
        self._language = caller.language
        self._line = line
        self._engines = engines
        self._counter = counter
        self._call = Call(caller.language)
        self._events: asyncio.Queue[ev.Event] = asyncio.Queue()
        self._events.put_nowait(ev.Connected())
        self._sound = Sound()
        self._speaker = Speaker(line, engines.voice, self._events.put_nowait)
        self._timer: asyncio.TimerHandle | None = None
        self._bell = asyncio.Event()
        self._seq, self._turns = caller.seq, 0
        self._part = secrets.token_hex(4)  # a call whose line broke goes on in another session
        self._replies: list[tuple[str, str]] = []
        self._talk: PersonTalk | None = None

    @property
    def underruns(self) -> int:
        """How often the caller's next sound was not there in time."""
        return self._speaker.underruns

    # ── what the transport tells ──────────────────────────────────────────────────────────────────────────

    def hear(self, ulaw: bytes) -> None:
        """Sound of the caller."""
        if self._talk is not None:
            self._talk.hear(ulaw)
        self._sound.put(ulaw)

    def key(self, key: str) -> None:
        """A key of the telephone."""
        self._events.put_nowait(ev.Digit(key))

    def marked(self, mark: str) -> None:
        """A mark came back."""
        self._events.put_nowait(ev.Marked(mark))

    def hung_up(self) -> None:
        """The line is gone."""
        self._events.put_nowait(ev.HungUp())

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, person: Person, left: Callable[[], None]) -> PersonTalk:
        """Somebody of the helpdesk speaks on the call from here on; `left` hears when they are off it. Raises
        `Conflict` where somebody does already."""
        if self._talk is not None:
            raise Conflict(f"{self._talk.person.name} is on this call")

        def off() -> None:
            self._talk = None
            left()

        self._talk = PersonTalk(
            person,
            self._line,
            self._engines.ears,
            self._language,
            tell=self._events.put_nowait,
            speaks=lambda: self._call.state is State.WITH_PERSON,
            said=self._person_said,
            left=off,
        )
        return self._talk

    async def _person_said(self, person: Person, text: str) -> None:
        await self._counter.calls.spoken(self._conversation, Agent(person.id, person.name), text)

    def _passed_on(self, standing: Standing) -> None:
        """Who does not have the conversation any more does not speak on its call."""
        talk = self._talk
        if talk is not None and (standing.owner is not Owner.AGENT or standing.agent != talk.person.id):
            talk.end(ev.Off.PASSES_ON)

    # ── the call ──────────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Have the call, from the greeting to its end."""
        beside = [
            asyncio.create_task(work, name=f"call {self._conversation[:8]}: {name}")
            for name, work in (
                ("ears", self._listen()),
                ("voice", self._speaker.run()),
                ("record", self._follow()),
                ("bell", self._ring()),
            )
        ]
        for task in beside:
            task.add_done_callback(self._ended)
        try:
            while self._call.state is not State.ENDED:
                for action in self._call.receive(await self._events.get()):
                    await self._carry_out(action)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if self._timer is not None:
                self._timer.cancel()
            if self._talk is not None:
                self._talk.end(None)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A part of the call that fails ends it: a line on which nobody hears is worse than none."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a call broke off", exc_info=error, extra={"conversation": self._conversation})
            self.hung_up()

    async def _carry_out(self, action: do.Action) -> None:
        match action:
            case do.Play(mark, text):
                self._speaker.say(mark, text, self._language)
            case do.PlayPrompt(mark, prompt):
                self._speaker.say(mark, text_of(prompt, self._language), self._language)
            case do.Clear():
                await self._speaker.stop()
            case do.FinishUtterance():
                self._sound.finish()
            case do.UserTurn(text, keyed):
                await self._turn(text, keyed=keyed)
            case do.WantsPerson():
                await self._turn(words(self._language).person, keyed=False)
            case do.WasHeard(id, sentences, of):
                await self._was_heard(id, sentences, of)
            case do.StartTimer(number, seconds):
                self._start(number, seconds)
            case do.StopTimer():
                self._stop()
            case do.NobodyCame():
                await self._nobody_came()
            case do.HangUp():
                await self._hang_up()

    def _start(self, number: int, seconds: float) -> None:
        self._stop()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self._events.put_nowait, ev.TimeUp(number))

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _hang_up(self) -> None:
        """Close the line; where people have the conversation, whoever keeps the line goes on with them."""
        standing = await self._counter.calls.standing_of(self._conversation)
        await self._line.hang_up(over=standing is None or standing.owner is not Owner.QUEUE)

    async def _nobody_came(self) -> None:
        if self._line.follows:
            await self._line.hang_up(over=False)
        else:
            said = words(self._language).nobody_free
            self._events.put_nowait(ev.Said("", tuple(sentences(said)), then=ev.Then.HANG_UP))

    async def _turn(self, text: str, *, keyed: bool) -> None:
        """What the caller said is a message; a key stands for the choice with its number."""
        self._turns += 1
        chosen = self._replies[int(text) - 1] if keyed and 0 < int(text) <= len(self._replies) else None
        title, payload = chosen or (text, None)
        message = InboundMessage(
            channel=self.caller.channel,
            sender_id=self.caller.sender_id,
            external_id=f"{self.caller.sender_id}:{self._part}{self._turns:06}",
            text=title,
            payload=payload,
            language=self._language,
            voice=True,
        )
        try:
            await self._counter.ingest.receive(message)
        except BalieError as error:
            log.warning(
                "what a caller said was not taken in",
                extra={"conversation": self._conversation, "error": str(error)},
            )
            self._events.put_nowait(ev.Said("", (words(self._language).not_heard,)))
            return
        self._bell.set()

    async def _was_heard(self, id: str, sentences: int, of: int) -> None:
        if id and sentences == of:
            await self._counter.transcripts.acknowledge(self._conversation, int(id), int(id))
        elif id:
            try:
                await self._counter.calls.heard(self._conversation, int(id), sentences, of)
            except BalieError as error:
                log.warning("what a caller heard is not on record", extra={"error": str(error)})

    # ── beside it ─────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        """Have the sound recognised, in order, in the language that is spoken now."""
        while True:
            language = self._language
            listener = self._engines.ears.open(language)
            try:
                while language == self._language:
                    await self._hear_more(listener)
            finally:
                listener.close()

    async def _hear_more(self, listener: Listener) -> None:
        """What came in meanwhile goes in one piece."""
        pieces, over = await self._sound.take()
        heard: list[Heard] = []
        try:
            heard += await listener.hear(from_ulaw(pieces)) if pieces else []
        except FallenBehind as error:  # a word is lost, and the caller will say it again
            log.warning(
                "a call's ears fell behind", extra={"conversation": self._conversation, "error": str(error)}
            )
        heard += await listener.finish() if over else []
        for each in heard:
            self._events.put_nowait(_event(each))
        if over:
            self._events.put_nowait(ev.Finished())

    async def _follow(self) -> None:
        """Speak what the record has and the caller has not heard, at every ring and now and then without."""
        while True:
            self._bell.clear()
            said: list[ev.Said] = []
            items = await self._counter.transcripts.after(self._conversation, self._seq)
            looks = items or self._talk is not None  # who speaks may have passed it on without a word
            standing = await self._counter.calls.standing_of(self._conversation) if looks else None
            if standing is not None:
                self._passed_on(standing)
                if self._engines.speak(standing.language):
                    self._language = self._call.language = standing.language
            for item in items:
                self._seq = item.seq
                if is_answer(item) and not is_voice(item):
                    self._replies = [(each["title"], each["payload"]) for each in replies_of(item)]
                    said.append(said_of(item, self._language))
            if said and standing is not None:
                said[-1] = last_said(said[-1], standing, lets_go=self._line.lets_go(standing))
                self._replies = [] if standing.keyed else self._replies
            for each in said:
                self._events.put_nowait(each)
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._bell.wait()
            except TimeoutError:
                continue

    async def _ring(self) -> None:
        async with self._counter.bus.subscribe(conversation_topic(self._conversation)) as heard:
            self._bell.set()  # what was said before the subscription stood
            async for event in heard:
                if event.get("type") == "seq":
                    self._bell.set()


def _event(heard: Heard) -> ev.Event:
    return ev.Final(heard.text) if heard.final else ev.Partial(heard.text)
