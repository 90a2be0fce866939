"""A call, as a machine: `receive` takes what happened and gives what is to be done. No clock, no I/O.

What a state does with an event stands in one table; a pair that is not there changes nothing. Timers are
events, too. A caller's turn enters the scenario as any other message does; what is answered comes back as
`Said`. Whoever runs the machine sees to it that every mark comes, or `SpeechFailed` in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from bot.voice import actions as do
from bot.voice import events as ev
from bot.voice.actions import Action, Prompt
from bot.voice.dtmf import PAUSE, Keyed, is_complete
from bot.voice.endpointing import interrupts, pause, words
from bot.voice.prompts import Prompts, Speaking
from bot.voice.states import State
from bot.voice.timing import (
    ASKED_AGAIN,
    FINISH,
    HOLD,
    HOLDS,
    LADDER,
    MOMENT,
    MOMENT_MOST,
    MURMUR,
    OVERHEARD,
    OWN_TIME,
)
from bot.voice.utterance import Utterance
from bot.voice.words import words as words_of

Kind = type[ev.Event] | str
"""An event's type; when the timer ran out, what it was for."""
Table = Mapping[State, Mapping[Kind, Callable[[Any, Any], None]]]


_OFF = {ev.Off.HOLDS: Prompt.ON_HOLD, ev.Off.LOST: Prompt.PERSON_GONE}


class Call:
    """One call. `language` may be set while it goes on."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.state = State.CONNECTING
        self._prompts = Prompts()
        self._timer: tuple[str, int] | None = None
        self._timers = 0
        self._utterance = Utterance()
        self._forgets = False
        self._keyed = Keyed()
        self._kept: list[ev.Said] = []
        self._question: ev.Said | None = None
        self._asked = ev.Asked()
        self._patience = self._asked.patience
        self._rung = 0
        self._awaits = False
        self._moment = MOMENT
        self._people = False
        self._on_hold = False
        self._holds = 0
        self._out: list[Action] = []

    def receive(self, event: ev.Event) -> list[Action]:
        """What is to be done about an event, in this order."""
        kind: Kind = type(event)
        if isinstance(event, ev.TimeUp):
            if self._timer is None or self._timer[1] != event.number:
                return []
            (kind, _), self._timer = self._timer, None
        if self._forgets and isinstance(event, ev.Partial | ev.Final | ev.Finished):
            self._forgets = not isinstance(event, ev.Finished)
            return []
        handler = self._TABLE[self.state].get(kind)
        self._out = []
        if handler is not None:
            handler(self, event)
        return self._out

    # ── speaking ──────────────────────────────────────────────────────────────────────────────────────────

    def _say(self, said: ev.Said) -> None:
        self._awaits = False
        self._question, self._asked, self._patience = said, said.asked, said.asked.patience
        self._people = said.then is ev.Then.WAIT
        self._speak(said.id, said.sentences, last=said.then is ev.Then.HANG_UP)

    def _speak(self, id: str | None, sentences: tuple[str, ...], *, last: bool = False) -> None:
        self._stop()
        self._out += self._prompts.say(id, sentences, last=last)
        self.state = State.SPEAKING
        self._settle()

    def _say_own(self, prompt: Prompt, *more: str, last: bool = False) -> None:
        self._stop()
        self._out += self._prompts.say_own(prompt, more, last=last)
        self.state = State.SPEAKING

    def _keep(self, said: ev.Said) -> None:
        """It is spoken when the caller has finished."""
        self._kept.append(said)

    def _leave_unsaid(self, said: ev.Said) -> None:
        self._out.append(do.WasHeard(said.id, 0, len(said.sentences)))

    def _marked(self, event: ev.Marked) -> None:
        self._prompts.marked(event.mark)
        self._settle()

    def _failed(self, event: ev.SpeechFailed) -> None:
        self._settle(self._prompts.failed(event.mark))

    def _settle(self, gone: list[Speaking] | None = None) -> None:
        """What follows once prompts were heard to their end, or will not be heard."""
        over = [*(gone or ()), *self._prompts.over()]
        self._tell(over)
        if any(prompt.last for prompt in over):
            self._end()
        elif not self._prompts:
            self._rest()

    def _rest(self, _: ev.Event | None = None) -> None:
        """The voice is silent: something was kept, an answer is awaited, or it is the caller's turn, who may
        have begun to answer into its last words."""
        kept, self._kept = self._kept, []
        awaits = self._awaits
        for said in kept:
            self._say(said)
        self._awaits = awaits
        if self._prompts:
            return
        if words(self._utterance.text):
            self._hears()
        elif awaits:
            self.state = State.THINKING
            self._start("moment", self._moment)
        elif self._people:
            self.state = State.WAITING
            self._start("hold", HOLD)
        else:
            self.state = State.LISTENING
            self._start("silence", self._patience)

    def _hush(self) -> None:
        """Stop the voice; what was not spoken was not heard."""
        if self._prompts:
            self._out.append(do.Clear())
            self._tell(self._prompts.drop())

    def _tell(self, over: list[Speaking]) -> None:
        for prompt in over:
            self._out += prompt.heard

    # ── listening ─────────────────────────────────────────────────────────────────────────────────────────

    def _interrupt(self, event: ev.Partial | ev.Final) -> None:
        if interrupts(event.text, self.language, self._asked.answers):
            self._hush()
            self._utterance.add(event)
            self._hears()
        elif isinstance(event, ev.Partial) and words(event.text) and self._utterance.add(event):
            self._start("murmur", MURMUR)

    def _murmured(self, _: ev.TimeUp) -> None:
        self._utterance.take()
        self._out.append(do.FinishUtterance())
        self._forgets = True

    def _hear(self, event: ev.Partial | ev.Final) -> None:
        if self.state is not State.HEARING and not words(event.text):
            return
        if self._utterance.add(event):
            self._hears()

    def _hears(self) -> None:
        self.state = State.HEARING
        self._start("end", pause(self._asked, self._utterance.text, self.language))

    def _hear_rest(self, event: ev.Partial | ev.Final) -> None:
        self._utterance.add(event)

    def _finish(self, _: ev.TimeUp) -> None:
        self.state = State.FINISHING
        self._out.append(do.FinishUtterance())
        self._start("finish", FINISH)

    def _finished(self, event: ev.Finished | ev.TimeUp) -> None:
        self._forgets = isinstance(event, ev.TimeUp)  # what comes too late was heard as a partial
        text = self._utterance.take()
        if not words(text):
            self._rest()
        elif self._asks_to_wait(text):
            self._patience, self._rung = OWN_TIME, 0
            self._say_own(Prompt.TAKE_YOUR_TIME)
        else:
            self._turn(do.UserTurn(text))

    def _asks_to_wait(self, text: str) -> bool:
        told = self._asked.listening is ev.Listening.LONG
        return not told and words(text) in map(words, words_of(self.language).waits)

    def _turn(self, turn: do.UserTurn | do.WantsPerson) -> None:
        self._rung, self._moment, self._awaits = 0, MOMENT, not self._people
        self._out.append(turn)
        self._rest()

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────

    def _key(self, event: ev.Digit) -> None:
        self._hush()
        if self._utterance.take():  # a hand at the keys, not a word
            self._out.append(do.FinishUtterance())
            self._forgets = True
        if not self._keyed.keys and event.key == "*" and self._question is not None:
            self._speak(None, self._question.sentences)
        elif not self._keyed.keys and event.key == "0" and not self._zero_answers():
            self._turn(do.WantsPerson())
        else:
            self._keyed = self._keyed.with_key(event.key)
            if is_complete(self._keyed, event.key, self._asked.listening, len(self._asked.answers)):
                self._keys_over()
            elif self._keyed.keys:
                self.state = State.KEYING
                self._start("keys", PAUSE)
            else:
                self._rest()

    def _zero_answers(self) -> bool:
        return self._asked.listening is ev.Listening.DIGITS or len(self._asked.answers) >= 10

    def _keys_over(self, _: ev.TimeUp | None = None) -> None:
        keys, self._keyed = self._keyed.keys, Keyed()
        self._turn(do.UserTurn(keys, keyed=True))

    # ── silence ───────────────────────────────────────────────────────────────────────────────────────────

    def _silent(self, _: ev.TimeUp) -> None:
        prompt = LADDER[self._rung]
        self._rung = min(self._rung + 1, len(LADDER) - 1)
        self._patience = ASKED_AGAIN
        again = self._question.sentences[-1:] if self._question and prompt is Prompt.NOT_HEARD else ()
        self._say_own(prompt, *again, last=prompt is Prompt.NOTHING_HEARD)

    def _takes_long(self, _: ev.TimeUp) -> None:
        self._moment = min(self._moment * 2, MOMENT_MOST)
        self._say_own(Prompt.ONE_MOMENT)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────

    def _still_waits(self, _: ev.TimeUp) -> None:
        self._holds += not self._on_hold
        if self._holds > HOLDS:
            self._holds = 0
            self._out.append(do.NobodyCame())
            self._rest()
        else:
            self._say_own(Prompt.ON_HOLD if self._on_hold else Prompt.STILL_WAITING)

    def _person_on(self, _: ev.PersonOn) -> None:
        """What was to be said gives way; what the caller was saying is kept."""
        self._hush()
        kept, self._kept, self._keyed = self._kept, [], Keyed()
        for said in kept:
            self._leave_unsaid(said)
        self._overheard()
        self._awaits = False
        self._people, self._on_hold, self._holds = True, False, 0
        self.state = State.WITH_PERSON

    def _person_off(self, event: ev.PersonOff) -> None:
        self._overheard()
        self._on_hold = event.why is ev.Off.HOLDS
        prompt = _OFF.get(event.why)
        if prompt is None:
            self._rest()
        else:
            self._say_own(prompt)

    def _beside_person(self, said: ev.Said) -> None:
        """A notice is not spoken into a talk between two; where the bot goes on, the person has left."""
        if said.then is ev.Then.WAIT:
            self._leave_unsaid(said)
        else:
            self._overheard()
            self._say(said)

    def _overhear(self, event: ev.Partial | ev.Final) -> None:
        if self._utterance.add(event) and words(event.text):
            self._start("pause", OVERHEARD)

    def _pauses(self, _: ev.TimeUp) -> None:
        self._out.append(do.FinishUtterance())

    def _overheard(self, _: ev.Finished | None = None) -> None:
        self._stop()
        text = self._utterance.take()
        if words(text):
            self._out.append(do.UserTurn(text))

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────

    def _hung_up(self, _: ev.HungUp | None = None) -> None:
        """What the caller was saying or keying in is a turn, however short."""
        self._stop()
        self._tell(self._prompts.drop())
        text, keys = self._utterance.take(), self._keyed.keys
        if words(text):
            self._out.append(do.UserTurn(text))
        elif keys:
            self._out.append(do.UserTurn(keys, keyed=True))
        for said in self._kept:
            self._leave_unsaid(said)
        self.state = State.ENDED

    def _end(self) -> None:
        self._hung_up()
        self._out.append(do.HangUp())

    # ── the timer, and the table ──────────────────────────────────────────────────────────────────────────

    def _start(self, what: str, seconds: float) -> None:
        self._timers += 1
        self._timer = (what, self._timers)
        self._out.append(do.StartTimer(self._timers, seconds))

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer = None
            self._out.append(do.StopTimer())

    _ALWAYS: ClassVar[Mapping[Kind, Callable[[Any, Any], None]]] = {
        ev.HungUp: _hung_up,
        ev.Digit: _key,
        ev.PersonOn: _person_on,
    }
    _WORDS: ClassVar[Mapping[Kind, Callable[[Any, Any], None]]] = {ev.Partial: _hear, ev.Final: _hear}

    _TABLE: ClassVar[Table] = {
        State.CONNECTING: {ev.Connected: _rest, ev.Said: _keep, ev.HungUp: _hung_up},
        State.SPEAKING: {
            **_ALWAYS,
            ev.Said: _say,
            ev.Marked: _marked,
            ev.SpeechFailed: _failed,
            ev.Partial: _interrupt,
            ev.Final: _interrupt,
            "murmur": _murmured,
        },
        State.LISTENING: {**_ALWAYS, **_WORDS, ev.Said: _say, "silence": _silent},
        State.HEARING: {**_ALWAYS, **_WORDS, ev.Said: _keep, "end": _finish},
        State.FINISHING: {
            **_ALWAYS,
            ev.Said: _keep,
            ev.Partial: _hear_rest,
            ev.Final: _hear_rest,
            ev.Finished: _finished,
            "finish": _finished,
        },
        State.KEYING: {**_ALWAYS, ev.Said: _keep, "keys": _keys_over},
        State.THINKING: {**_ALWAYS, **_WORDS, ev.Said: _say, "moment": _takes_long},
        State.WAITING: {**_ALWAYS, **_WORDS, ev.Said: _say, "hold": _still_waits},
        State.WITH_PERSON: {
            ev.HungUp: _hung_up,
            ev.PersonOff: _person_off,
            ev.Said: _beside_person,
            ev.Partial: _overhear,
            ev.Final: _overhear,
            ev.Finished: _overheard,
            "pause": _pauses,
        },
        State.ENDED: {ev.Said: _leave_unsaid},
    }
