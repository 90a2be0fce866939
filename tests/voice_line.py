"""A peer for the call machine: it plays and recognises whatever it is told to."""

from __future__ import annotations

from typing import Any

from bot.voice import actions as do
from bot.voice import events as ev
from bot.voice.call import Call

YES_NO = ev.Asked(ev.Listening.YES_NO, ("ja", "nee"))
WHICH = ev.Asked(ev.Listening.CHOICE, ("laptop", "vaste computer", "gsm"))


class Line:
    """A call with a peer that plays and recognises whatever it is told to."""

    def __init__(self, language: str = "nl") -> None:
        self.call = Call(language)
        self.marks: list[str] = []
        self.timer: do.StartTimer | None = None
        self.done: list[do.Action] = []
        self.tell(ev.Connected())

    def tell(self, event: ev.Event) -> list[do.Action]:
        if isinstance(event, ev.TimeUp) and self.timer and self.timer.number == event.number:
            self.timer = None
        found = self.call.receive(event)
        self.done += found
        for action in found:
            match action:
                case do.Play(mark) | do.PlayPrompt(mark):
                    self.marks.append(mark)
                case do.Clear():
                    self.marks.clear()
                case do.StartTimer():
                    self.timer = action
                case do.StopTimer():
                    self.timer = None
                case _:
                    pass
        return found

    def ask(
        self, *sentences: str, asked: ev.Asked = YES_NO, id: str = "q", then: ev.Then = ev.Then.LISTEN
    ) -> None:
        self.tell(ev.Said(id, sentences, asked, then))

    def play(self, sentences: int | None = None) -> None:
        """The peer plays what was sent, or so many sentences of it."""
        for _ in range(len(self.marks) if sentences is None else sentences):
            self.tell(ev.Marked(self.marks.pop(0)))

    @property
    def patience(self) -> float:
        """Seconds that the timer was started with."""
        assert self.timer is not None
        return self.timer.seconds

    def wait(self) -> float:
        """The timer runs out; how long it was."""
        assert self.timer is not None
        seconds, number = self.timer.seconds, self.timer.number
        self.tell(ev.TimeUp(number))
        return seconds

    def say(self, *partials: str) -> None:
        """Speak and pause; the recogniser's last guess is right."""
        for partial in partials:
            self.tell(ev.Partial(partial))
        self.wait()
        self.tell(ev.Final(partials[-1]))
        self.tell(ev.Finished())

    def of(self, kind: type[Any]) -> list[Any]:
        return [action for action in self.done if isinstance(action, kind)]
