"""Reads one article: front matter, introduction, numbered steps, the part for advanced users. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.articles import KINDS, SLUG, Article, ArticleStep
from bot.model.errors import Problem
from bot.source.nodes import Node, parse


@dataclass(frozen=True, slots=True)
class Labels:
    """The fixed words of a language's articles."""

    why: str
    result: str
    time: str
    advanced: str


LABELS = {
    "nl": Labels("Waarom", "Resultaat", "Duur", "Voor gevorderde gebruikers"),
    "fr": Labels("Pourquoi", "Résultat", "Durée", "Pour les utilisateurs avancés"),
    "en": Labels("Why", "Result", "Time", "For advanced users"),
}
"""A language that is not here uses the English words until it is added."""

_KEYS = {"title", "summary", "kind", "intents", "keywords", "questions", "minutes", "updated", "metadata"}
_STEP = re.compile(r"(?P<number>\d{1,3})\. {1,3}(?P<rest>.*)")
_TITLE = re.compile(r"\*\*(?P<title>[^*]+)\*\*\s*(?P<rest>.*)")
_ITEM = re.compile(r" {2,}[-*] (?P<label>[^\W\d_]+)[\s\u00a0\u202f]{0,2}: ?(?P<rest>.*)")
_MINUTES = re.compile(r"(\d{1,4})[\s\u00a0]?min\b")
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\(([^()\s]{0,300})\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`\n]{0,300})`")


_WRONG = {
    "no_front": ("there is no front matter", "Begin with '---', title, summary, kind, … and '---'."),
    "no_key": ("the front matter has no '{name}'", "Add '{name}: …'."),
    "kind": ("'{name}' is no kind of article", "Use one of {known}."),
    "date": ("'{name}' is not a date", "Write it as 2026-11-23."),
    "heading": ("the heading '{name}' has no place here", "The only heading is '## {label}'."),
    "no_steps": ("there are no steps", "Write them as '1. **What to do.** How.'"),
    "number": ("step {n} has the number {number}", "Number the steps 1, 2, 3, …"),
    "no_title": ("step {n} has no title", "Begin with '**What to do.**'"),
    "no_label": ("step {n} has no '{label}:'", "Add '   - {label}: …' below it."),
    "time": ("the time of step {n} cannot be read", "Write it as '2 min'."),
}
"""What can be wrong with an article, and how to mend it, by `Problem.key`."""


def plain(markdown: str, address: Callable[[str], str] | None = None) -> str:
    """The words of a piece of Markdown, without its marks; for chats, mails and search.

    A link is its words alone; where `address` makes its target an address, that stands behind them.
    """
    text = _LINK.sub(lambda link: _followed(link[1], address(link[2]) if address else ""), markdown)
    text = _CODE.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return re.sub(r"[ \t]+", " ", text).strip()


def _followed(words: str, address: str) -> str:
    return f"{words} ({address})" if address and address != words else words


def parse_article(text: str, slug: str, language: str, file: str, problems: list[Problem]) -> Article | None:
    """The article in `text`, or None when something is wrong with it; what, is added to `problems`."""
    reader = _Reader(slug, language, file)
    article = reader.read(text.replace("\r\n", "\n"))
    problems.extend(reader.problems)
    return article if article and not reader.problems else None


@dataclass
class _Step:
    number: int
    line: int
    title: str = ""
    text: list[str] = field(default_factory=list[str])
    labelled: dict[str, str] = field(default_factory=dict[str, str])


class _Reader:
    def __init__(self, slug: str, language: str, file: str) -> None:
        self.slug, self.language, self.file = slug, language, file
        self.labels = LABELS.get(language, LABELS["en"])
        self.problems: list[Problem] = []

    def problem(self, line: int, key: str, **values: object) -> None:
        what, mend = (text.format(**values) for text in _WRONG[key])
        self.problems.append(Problem(self.file, line, what, mend, key=key, values=values))

    def read(self, text: str) -> Article | None:
        lines = text.split("\n")
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
        if lines[0].strip("\ufeff ") != "---" or not end:
            self.problem(1, "no_front")
            end = -1
        front = parse("\n".join(["", *lines[1:end]]) if end > 0 else "", self.file, self.problems)
        if self.problems:
            return None  # the rest would only be noise
        body = lines[end + 1 :]
        intro, steps, advanced = self._body(body, end + 2)
        made = tuple(self._step(step) for step in steps)
        title, summary, kind = (self._text(front, key, end + 1) for key in ("title", "summary", "kind"))
        if kind and kind not in KINDS:
            self.problem(front["kind"].line, "kind", name=kind, known=", ".join(KINDS))
        front.only(_KEYS, "the front matter")
        minutes = front["minutes"].number(sum(step.minutes for step in made), 0)
        return Article(
            slug=self.slug,
            language=self.language,
            title=title,
            summary=summary,
            kind=kind,
            intents=front["intents"].texts(),
            keywords=front["keywords"].texts(),
            questions=front["questions"].texts(),
            minutes=int(minutes),
            updated=self._date(front, end + 1),
            intro=intro,
            steps=made,
            advanced=advanced,
            markdown="\n".join(body).strip() + "\n",
            file=self.file,
            links=tuple(self._links(body, end + 2)),
        )

    def _body(self, lines: list[str], first: int) -> tuple[str, list[_Step], str]:
        """The introduction, the steps and the advanced part; `first` is the line number of the first line."""
        intro: list[str] = []
        steps: list[_Step] = []
        advanced: list[str] = []
        fenced = False
        part = intro
        for number, line in enumerate(lines, first):
            fenced ^= line.lstrip().startswith("```")
            if part is advanced:
                advanced.append(line)
            elif not fenced and line.startswith("#"):
                if line.lstrip("# ").strip() != self.labels.advanced:
                    self.problem(number, "heading", name=line.strip(), label=self.labels.advanced)
                part = advanced
            elif not fenced and (match := _STEP.match(line)):
                steps.append(_Step(int(match["number"]), number))
                self._begin(steps[-1], match["rest"], len(steps))
            elif steps:
                self._go_on(steps[-1], line)
            else:
                intro.append(line)
        if not steps:
            self.problem(first, "no_steps")
        return "\n".join(intro).strip(), steps, "\n".join(advanced).strip()

    def _begin(self, step: _Step, rest: str, expected: int) -> None:
        if step.number != expected:
            self.problem(step.line, "number", n=expected, number=step.number)
        match = _TITLE.match(rest)
        if match is None:
            self.problem(step.line, "no_title", n=expected)
            step.text.append(rest)
            return
        step.title = plain(match["title"])
        step.text.append(match["rest"])

    def _go_on(self, step: _Step, line: str) -> None:
        labels = {self.labels.why: "why", self.labels.result: "result", self.labels.time: "time"}
        match = _ITEM.match(line)
        if match and match["label"] in labels:
            step.labelled[labels[match["label"]]] = match["rest"].strip()
        elif step.labelled and line.strip():
            last = next(reversed(step.labelled))
            step.labelled[last] = f"{step.labelled[last]} {line.strip()}"
        else:
            step.text.append(line.strip())

    def _step(self, step: _Step) -> ArticleStep:
        for key, label in (
            ("why", self.labels.why),
            ("result", self.labels.result),
            ("time", self.labels.time),
        ):
            if not step.labelled.get(key):
                self.problem(step.line, "no_label", n=step.number, label=label)
        minutes = _MINUTES.match(step.labelled.get("time", "")) if step.labelled.get("time") else None
        if step.labelled.get("time") and minutes is None:
            self.problem(step.line, "time", n=step.number)
        markdown = "\n".join(step.text).strip()
        return ArticleStep(
            title=step.title,
            text=plain(markdown),
            why=_sentence(plain(step.labelled.get("why", ""))),
            result=_sentence(plain(step.labelled.get("result", ""))),
            minutes=int(minutes[1]) if minutes else 0,
            markdown=markdown,
        )

    def _text(self, front: Node, key: str, last: int) -> str:
        """`last` is the line before which a key that is not there is to be added."""
        if front[key].empty:
            self.problem(front[key].line if key in front else last, "no_key", name=key)
        return " ".join(front[key].text().split())

    def _date(self, front: Node, last: int) -> date:
        value = front["updated"].raw
        if not isinstance(value, date):
            there = "updated" in front
            self.problem(
                front["updated"].line if there else last, "date" if there else "no_key", name="updated"
            )
            return date.min
        return value

    def _links(self, lines: list[str], first: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for number, line in enumerate(lines, first):
            for match in _LINK.finditer(_CODE.sub("", line)):
                if SLUG.fullmatch(match[2]):
                    found.append((match[2], number))
        return found


def _sentence(text: str) -> str:
    """What follows a label may begin small in the file; where it is shown it stands alone."""
    return text[:1].upper() + text[1:]
