"""What a desk keeps ready: replies that are inserted by name, and macros that do several things at once.

Read from `policy/replies.yml` and `policy/macros.yml`, in every language of the pack, and checked at load.
Pure: applying a macro is `bot.service`, showing it the desk."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, model_validator

from bot.model.errors import ContentError, Problem
from bot.model.ticket import Priority
from bot.source.forms import Form, read_form
from handoff.snooze import SNOOZES

PLACES = frozenset({"customer", "agent", "ticket"})
"""What a text may have filled in: `{customer}`, `{agent}`, `{ticket}`."""

_PLACE = re.compile(r"(?P<before>,? ?)\{(?P<name>" + "|".join(sorted(PLACES)) + r")\}")

STEPS = ("reply", "note", "priority", "team", "snooze", "resolve")
_SPOKEN = ("reply", "note", "resolve")

Texts = dict[str, str]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class ReplyForm(Form):
    """A canned reply; its key is what agents type after the slash."""

    title: Texts
    text: Texts
    teams: tuple[str, ...] = ()


class RepliesForm(Form):
    """`policy/replies.yml`."""

    replies: dict[Name, ReplyForm] = Field(default_factory=dict[str, ReplyForm])


class StepForm(Form):
    """One step of a macro: exactly one of these."""

    reply: Texts | None = None
    note: Texts | None = None
    priority: Priority | None = None
    team: str | None = None
    snooze: str | None = None
    resolve: Texts | None = None

    @model_validator(mode="after")
    def _one(self) -> StepForm:
        if len(self.model_fields_set) != 1 or getattr(self, next(iter(self.model_fields_set))) is None:
            raise ValueError(f"a step is one of {', '.join(STEPS)}")
        if self.snooze is not None and self.snooze not in SNOOZES:
            raise ValueError(f"snooze is one of {', '.join(SNOOZES)}")
        return self


class MacroForm(Form):
    """A macro."""

    name: Texts
    steps: Annotated[tuple[StepForm, ...], Field(min_length=1, max_length=10)]
    teams: tuple[str, ...] = ()


class MacrosForm(Form):
    """`policy/macros.yml`."""

    macros: dict[Name, MacroForm] = Field(default_factory=dict[str, MacroForm])


@dataclass(frozen=True, slots=True)
class Reply:
    """A canned reply. `teams` are those that it is for; none is all."""

    name: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a macro: what is done, and with what: `texts` by language, or a `value`."""

    does: str
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    value: str = ""


@dataclass(frozen=True, slots=True)
class Macro:
    """Several steps, done together or not at all."""

    id: str
    name: Mapping[str, str]
    steps: tuple[Step, ...]
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Canned:
    """All that is ready, by name."""

    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    macros: Mapping[str, Macro] = field(default_factory=dict[str, Macro])


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in, each once: what stands in a value is never a place. What is not known
    leaves nothing, nor the comma and the space before it."""

    def put(found: re.Match[str]) -> str:
        value = values.get(found["name"], "")
        return found["before"] + value if value else ""

    return _PLACE.sub(put, text)


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────

_FILES = {"replies": RepliesForm, "macros": MacrosForm}


def load_canned(files: Mapping[str, str], *, languages: Collection[str], teams: Collection[str]) -> Canned:
    """What some files (path in the pack → text) keep ready; a file that is not there keeps nothing.

    Raises one `ContentError` with all that is wrong.
    """
    problems: list[Problem] = []
    forms: dict[str, Any] = {}
    for name, form in _FILES.items():
        path = f"policy/{name}.yml"
        try:
            forms[name] = read_form(
                form, files.get(path, ""), path, lambda made: _between(made, languages, teams)
            )
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    replies: RepliesForm = forms["replies"]
    macros: MacrosForm = forms["macros"]
    return Canned(
        {name: Reply(name, each.title, each.text, each.teams) for name, each in replies.replies.items()},
        {
            name: Macro(name, each.name, tuple(_step(step) for step in each.steps), each.teams)
            for name, each in macros.macros.items()
        },
    )


def _step(form: StepForm) -> Step:
    does = next(iter(form.model_fields_set))
    given = getattr(form, does)
    return Step(does, texts=given) if does in _SPOKEN else Step(does, value=str(given))


Finding = tuple[tuple[int | str, ...], str]


def _between(
    made: RepliesForm | MacrosForm, languages: Collection[str], teams: Collection[str]
) -> Iterator[Finding]:
    """What is wrong between the parts: a text that a language lacks, a place or a team that does not
    exist."""
    for language in languages:
        lacking = [place for place, texts in _texts(made) if not texts.get(language, "").strip()]
        if lacking:  # a language that is new lacks them all: that is one problem
            more = f", nor in {len(lacking) - 1} other places" if len(lacking) > 1 else ""
            yield lacking[0], f"there is no text in '{language}'{more}"
    for place, texts in _texts(made):
        for language, text in texts.items():
            if wrong := places(text) - PLACES:
                known = ", ".join("{" + name + "}" for name in sorted(PLACES))
                yield (*place, language), f"'{{{min(wrong)}}}' cannot be filled in; there are {known}"
    for place, team in _teams(made):
        if team not in teams:
            yield place, f"there is no team '{team}'; known teams are {', '.join(teams)}"


def _texts(made: RepliesForm | MacrosForm) -> Iterator[tuple[tuple[int | str, ...], Texts]]:
    if isinstance(made, RepliesForm):
        for name, reply in made.replies.items():
            yield ("replies", name, "title"), reply.title
            yield ("replies", name, "text"), reply.text
        return
    for name, macro in made.macros.items():
        yield ("macros", name, "name"), macro.name
        for number, step in enumerate(macro.steps):
            for does in _SPOKEN:
                if (texts := getattr(step, does)) is not None:
                    yield ("macros", name, "steps", number, does), texts


def _teams(made: RepliesForm | MacrosForm) -> Iterator[tuple[tuple[int | str, ...], str]]:
    entries = made.replies if isinstance(made, RepliesForm) else made.macros
    kind = "replies" if isinstance(made, RepliesForm) else "macros"
    for name, entry in entries.items():
        for number, team in enumerate(entry.teams):
            yield (kind, name, "teams", number), team
        if isinstance(entry, MacroForm):
            for number, step in enumerate(entry.steps):
                if step.team is not None:
                    yield (kind, name, "steps", number, "team"), step.team


def places(text: str) -> set[str]:
    """What stands between braces in a text, by name."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"…"}
