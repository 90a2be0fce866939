"""What a caller hears and is asked at each point of a call by <Gather>, as verbs of TwiML; where a call
stands is in the query of the URL that Twilio asks next. Pure: requests and the record are `gather`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from bot.model.conversation import Owner
from bot.model.errors import Malformed
from bot.model.messages import QuickReply
from bot.voice import ear
from bot.voice.words import WORDS, words
from channels.phone.settings import GatherSettings
from channels.phone.twiml import Ask, Dial, Hangup, Pause, Record, Redirect, Say, Verb
from channels.spoken import Spoken, is_answer, text_of

LONG = 20
"""Seconds of silence from which on a caller is doing something, and is not asked whether they are there."""
STEP_TIMEOUT = 30
AGENT_TIMEOUT, AGENT_POLLS = 8, 75
"""How long a silence is with a person who types, and how many of them: ten minutes."""
MAX_AGAIN = 200
"""Characters: of more only the question is said again unasked."""
FREE_PAUSE = "3"
"""Seconds of silence that end a story; elsewhere Twilio judges by itself."""
PERSON, REPEAT = "0", "*"


class Standing(Protocol):
    """How a call stands (`bot.service.calls.Standing`)."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def owner(self) -> Owner: ...
    @property
    def keyed(self) -> bool: ...
    @property
    def free(self) -> bool: ...
    @property
    def offered(self) -> tuple[QuickReply, ...]: ...
    @property
    def last(self) -> Sequence[Spoken]: ...
    @property
    def ticket(self) -> int | None: ...
    @property
    def summary(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def arranged(self) -> bool: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def handing(self) -> bool: ...
    @property
    def agent(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is: the number of the next thing that is said, up to where the caller has heard the
    record, how often there was silence or a wait, and a number that is to be confirmed."""

    language: str
    turn: int = 1
    heard: int = 0
    silent: int = 0
    waits: int = 0
    number: str = ""

    def url(self, step: str) -> str:
        """The URL of a step at this place, as one beside the URL that is being answered: a proxy may have put
        us under a path of its own."""
        query: dict[str, str | int] = {"lang": self.language, "turn": self.turn, "heard": self.heard}
        more = {"silent": self.silent, "waits": self.waits, "number": self.number}
        query.update((name, value) for name, value in more.items() if value)
        return f"{step}?{urlencode(query)}"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Place:
        """The place that a query of ours names; raises `Malformed`."""
        language = query.get("lang", "")
        if language not in WORDS:
            raise Malformed("lang is none of our languages")
        numbers = {name: _count(query.get(name, "0"), name) for name in ("turn", "heard", "silent", "waits")}
        number = query.get("number", "")
        if number and not (
            number.startswith("+") and number[1:].isascii() and number[1:].isdigit() and len(number) < 20
        ):
            raise Malformed("number is none in E.164")
        return cls(language, **numbers, number=number)


def _count(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Malformed(f"{name} is a number")
    return int(text)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a caller's words or keys mean: a message for the bot, or something for the line itself: `silence`,
    `repeat`, `choices`."""

    deed: str
    text: str = ""
    payload: str | None = None


def meant(speech: str, digits: str, standing: Standing) -> Meant:
    """A key chooses what was offered; 0 is a person and * repeats, unless a number is being keyed in."""
    say, offered = words(standing.language), standing.offered
    keys = digits.rstrip("#")
    if keys == REPEAT:
        return Meant("repeat")
    if keys:
        if keys.isdigit() and not standing.keyed:
            if keys == PERSON:
                return Meant("message", say.person)
            if int(keys) <= len(offered):
                return _choice(offered[int(keys) - 1])
        return Meant("message", keys)
    if not speech.strip():
        return Meant("silence")
    said = ear.normal(speech)
    if len(offered) > ear.MANY and said in say.choices:
        return Meant("choices")
    if said in say.numerals and not standing.keyed and say.numerals.index(said) < len(offered):
        return _choice(offered[say.numerals.index(said)])
    for reply in offered:
        if said == ear.normal(reply.title):
            return _choice(reply)
    return Meant("message", speech)


def left_open(place: Place, standing: Standing) -> Meant | None:
    """What silence means where people are already called in: the question is left, and they come. One that
    cannot be left is answered by asking for a person again: so there is a ticket in the end."""
    if not (standing.handing and place.silent):
        return None
    leaves = (reply for reply in standing.offered if reply.payload.endswith("=null)"))
    return next(map(_choice, leaves), Meant("message", words(standing.language).person))


def _choice(reply: QuickReply) -> Meant:
    return Meant("message", reply.title, reply.payload)


@dataclass(frozen=True, slots=True)
class Script:
    """The verbs of each step, by the settings. `own_host` is where the helpdesk's own pages are."""

    settings: GatherSettings
    own_host: str = ""

    # ── the beginning ──

    def menu(self, languages: Sequence[str], tries: int) -> list[Verb]:
        """In which language? Each offer in its own."""
        says = tuple(
            Say(words(code).language.format(key=key), code) for key, code in enumerate(languages, start=1)
        )
        hints = tuple(word for code in languages for word in words(code).of_language[:1])
        return [Ask(f"language?tries={tries}", says, languages[0], timeout=5, hints=hints)]

    def begin(self, place: Place, greeting: str) -> list[Verb]:
        """The greeting, and the first question."""
        say = words(place.language)
        text = ear.said(greeting or say.greeting, place.language, self.own_host)
        return [self._ask(place, text, hints=say.hints)]

    # ── a turn ──

    def told(self, place: Place, items: Sequence[Spoken], standing: Standing, caller: str = "") -> list[Verb]:
        """What was said to a turn; then whatever is next: an answer, a person, or the end."""
        new = [item for item in items if is_answer(item) and item.seq > place.heard]
        place = replace(
            place,
            language=standing.language,
            heard=max((item.seq for item in items), default=place.heard),
            silent=0,
            waits=0,
        )
        text = self._spoken(new, place.language)
        if standing.owner is Owner.QUEUE:
            return self.handed(place, text or words(place.language).added, standing, caller)
        if standing.owner is Owner.BOT and any(_metadata(item).get("hang_up") for item in new):
            return [Say(text, place.language), Hangup()]
        return [self.listen(place, text, standing)]

    def listen(self, place: Place, text: str, standing: Standing, *, every: bool = False) -> Verb:
        """Say it, and listen for what the last question asks. `every` choice is read, however many."""
        say, titles = words(place.language), [reply.title for reply in standing.offered]
        last = [item for item in standing.last if is_answer(item)]
        about: Mapping[str, Any] = _metadata(last[-1]) if last else {}
        if standing.owner is Owner.AGENT:
            return self._ask(place, text, step="turn", timeout=AGENT_TIMEOUT, pause=FREE_PAUSE)
        more = ""
        if len(titles) > ear.MANY and not every:
            more = say.many
        elif titles and not about.get("choices_said"):
            more = ear.choices(titles, place.language)
        if standing.keyed:
            more = f"{say.keys} {more}".strip()
        return self._ask(
            place,
            f"{text} {more}".strip(),
            keys=None if standing.keyed or len(titles) > 9 else 1,
            timeout=_patience(about, self.settings.timeout),
            pause=FREE_PAUSE if standing.free else "auto",
            hints=(*titles, *say.hints),
        )

    def again(self, place: Place, standing: Standing, *, every: bool = False) -> list[Verb]:
        """What was said last, once more."""
        return [self.listen(place, self._spoken(standing.last, place.language), standing, every=every)]

    def silence(self, place: Place, standing: Standing) -> list[Verb]:
        """Nothing was said: the question again, then whether somebody is there, then the end."""
        say, place = words(place.language), replace(place, silent=place.silent + 1)
        if standing.owner is Owner.AGENT:
            new = [item for item in standing.last if item.seq > place.heard and is_answer(item)]
            place = replace(place, heard=max((item.seq for item in new), default=place.heard))
            if new or place.silent < AGENT_POLLS:
                return [self.listen(place, self._spoken(new, place.language), standing)]
            return self.end(place, standing, say.nothing_heard)
        last = [item for item in standing.last if is_answer(item)]
        patient = bool(last) and _patience(_metadata(last[-1]), self.settings.timeout) >= LONG
        rungs = ("time", "time", "there", "end") if patient else ("again", "there", "end")
        match rungs[min(place.silent, len(rungs)) - 1]:
            case "time":
                return [self._ask(place, say.take_your_time, timeout=STEP_TIMEOUT, hints=say.hints)]
            case "again" if last:
                text = self._spoken(last[-1:], place.language)
                question = text if len(text) <= MAX_AGAIN else ear.last_sentence(text)
                return [self.listen(place, f"{say.not_heard} {question}", standing)]
            case "again":
                return [self._ask(place, say.not_heard, hints=say.hints)]
            case "there" if last:
                question = ear.last_sentence(self._spoken(last[-1:], place.language))
                return [self.listen(place, f"{say.are_you_there} {question}", standing)]
            case "there":
                return [self._ask(place, say.are_you_there, hints=say.hints)]
            case _:
                return self.end(place, standing, say.nothing_heard)

    def wait(self, place: Place) -> list[Verb]:
        """The answer is not there yet: a word, and Twilio asks again."""
        say = words(place.language)
        text = say.one_moment if place.waits == 0 else say.still_busy
        later = replace(place, waits=place.waits + 1)
        spoken = [Say(text, place.language)] if place.waits % 2 == 0 else []
        return [*spoken, Pause(1), Redirect(later.url("wait"))]

    # ── people ──

    def handed(self, place: Place, text: str, standing: Standing, caller: str = "") -> list[Verb]:
        """People have it: a person is rung, where there is one to ring; else a message or a call back."""
        number, say = self.settings.transfer(standing.team), words(place.language)
        said = [Say(text, place.language)] if text else []
        if standing.arranged:
            return [self._ask(place, f"{text} {say.add_more}".strip(), step="more", pause=FREE_PAUSE)]
        if number is None or not standing.is_open:
            return self.leave(place, text)
        dial = Dial(
            number,
            replace(place, number=number).url("dialled"),
            f"whisper?{urlencode({'call': caller, 'lang': place.language, 'number': number})}",
            self.settings.ring,
        )
        return [*said, Say(say.connecting, place.language), dial]

    def leave(self, place: Place, text: str = "") -> list[Verb]:
        """A message, or a call back?"""
        say = words(place.language)
        hints = (*say.leave_hints[0], *say.leave_hints[1])
        return [self._ask(place, f"{text} {say.leave}".strip(), step="leave", hints=hints)]

    def record(self, place: Place) -> list[Verb]:
        """Record a message."""
        return [
            Say(words(place.language).record, place.language),
            Record(place.url("recorded"), self.settings.voicemail),
        ]

    def confirm(self, place: Place) -> list[Verb]:
        """Read the number back, one digit at a time; without one, ask for it."""
        say = words(place.language)
        if not place.number:
            return self.ask_number(place)
        text = say.confirm_number.format(number=ear.digits(place.number, place.language))
        return [self._ask(place, text, step="callback", hints=(*say.yes, *say.no))]

    def ask_number(self, place: Place, before: str = "") -> list[Verb]:
        """Which number?"""
        text = f"{before} {words(place.language).ask_number}".strip()
        return [self._ask(replace(place, number=""), text, step="number", keys=None, timeout=10)]

    def whisper(self, place: Place, standing: Standing, action: str) -> list[Verb]:
        """What a person hears who picks up, before they take the call: voice mailboxes press no keys."""
        say = words(place.language)
        summary = ear.said(standing.summary, place.language, self.own_host)
        ticket = ear.digits(str(standing.ticket), place.language) if standing.ticket else ""
        text = say.whisper.format(ticket=ticket, summary=summary)
        ask = Ask(action, (Say(text, place.language),), place.language, timeout=10, speech=False)
        return [ask, Hangup()]

    # ── the end ──

    def end(self, place: Place, standing: Standing | None, text: str, *, ticket: bool = True) -> list[Verb]:
        """Say what becomes of it, and hang up."""
        say = words(place.language)
        stays = say.call_again
        if standing is not None and standing.ticket:
            stays = say.ticket_stays.format(ticket=ear.digits(str(standing.ticket), place.language))
        parts = (text, stays if ticket else "", say.goodbye)
        return [Say(" ".join(filter(None, parts)), place.language), Hangup()]

    # ── parts ──

    def _spoken(self, items: Sequence[Spoken], language: str) -> str:
        texts = (text_of(item) for item in items if is_answer(item))
        return " ".join(spoken for text in texts if (spoken := ear.said(text, language, self.own_host)))

    def _ask(
        self,
        place: Place,
        text: str,
        *,
        step: str = "turn",
        keys: int | None = 1,
        timeout: int | None = None,
        pause: str = "auto",
        hints: tuple[str, ...] = (),
    ) -> Ask:
        says = (Say(text, place.language),) if text else ()
        heard = tuple(dict.fromkeys(hint.replace(",", " ")[:100] for hint in hints))[:100]
        return Ask(
            place.url(step), says, place.language, keys, timeout or self.settings.timeout, pause, heard
        )


def _metadata(item: Spoken) -> Mapping[str, Any]:
    found = item.data.get("metadata")
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def _patience(about: Mapping[str, Any], least: int) -> int:
    """How long a caller may be silent: longer while they do a step, or as the pack says."""
    asked = about.get("patience")
    if isinstance(asked, int | float) and 1 <= asked <= 60:
        return int(asked)
    return STEP_TIMEOUT if about.get("step") else least
