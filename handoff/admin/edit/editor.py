"""What a form for a part of the agreements is made of, and how fields come out of what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from bot.source.edits import Change, written
from bot.web.site import Site
from bot.web.texts import Words

Fields = dict[str, Any]
"""A form's content: texts, numbers, lists and mappings of those, as the template shows it."""

Typed = Mapping[str, list[str]]
"""What came from the browser: all values of each field."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_BREAKS = re.compile(r"[ \t\r\n]+")
_NO_TEXT = ("Cc", "Cs", "Zl", "Zp")
"""Control characters and the like; joined emoji and narrow spaces are text."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose forms they are: the site, the words of who edits, and the languages that texts are written in."""

    site: Site
    t: Words
    language: str
    languages: tuple[str, ...]

    @property
    def teams(self) -> dict[str, str]:
        """The names of the teams by id."""
        return {team.id: team.name(self.language) for team in self.site.agreements.policy.teams.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A kind of form.

    `shown` gives the fields of an entry (of the whole file where there is one form for it; empty ones for "",
    a new entry), None where there is none. `typed` reads them back, `wrong` says what cannot be taken, in
    words, and `change` puts them into the file. `rearranged` is for buttons that only change the form.
    """

    kind: str
    file: str
    section: str
    shown: Callable[[Desk, str], Fields | None]
    typed: Callable[[Desk, Typed], Fields]
    wrong: Callable[[Desk, Fields, str], Iterator[str]]
    change: Callable[[Desk, Fields], Change]
    removal: Callable[[str], Change] | None = None
    rearranged: Callable[[Fields, str], Fields] | None = None

    @property
    def many(self) -> bool:
        """Whether there is a form for each entry."""
        return self.removal is not None


def one(typed: Typed, name: str, longest: int = 200) -> str:
    """A field of one line; spaces that no line breaks at stay what they are."""
    return _BREAKS.sub(" ", lines(typed, name, longest)).strip()


def lines(typed: Typed, name: str, longest: int = 4000) -> str:
    """A field of several lines."""
    value = next(iter(typed.get(name, ())), "")
    kept = (c for c in value.replace("\r\n", "\n") if c == "\n" or category(c) not in _NO_TEXT)
    return "".join(kept).strip()[:longest]


def in_languages(
    desk: Desk, typed: Typed, name: str, read: Callable[[Typed, str], str] = one
) -> dict[str, str]:
    """A text in every language."""
    return {language: read(typed, f"{name}.{language}") for language in desk.languages}


def lacking(desk: Desk, texts: Mapping[str, str], what: str) -> Iterator[str]:
    """That a text is not there in a language."""
    for language in desk.languages:
        if not texts.get(language):
            yield desk.t("agree.lacking", what=desk.t(what), language=desk.t.known("language", language))


def bad_name(desk: Desk, name: str, taken: Collection[str], id_: str) -> Iterator[str]:
    """That a new entry cannot be called so."""
    if not id_ and not NAME.fullmatch(name):
        yield desk.t("agree.bad_name")
    elif not id_ and name in taken:
        yield desk.t("agree.taken", name=name)


def put_texts(parent: Any, key: str, texts: Mapping[str, str]) -> None:
    """Texts by language into a file, in place of those that are other than they were."""
    if key not in parent:
        parent[key] = written(texts)
        return
    for language, text in texts.items():
        if parent[key].get(language) != text:
            parent[key][language] = written(text)


def put_list(parent: Any, key: str, values: Collection[str]) -> None:
    """A list into a file; an empty one is left out."""
    if not values:
        parent.pop(key, None)
    elif list(parent.get(key, ())) != list(values):
        parent[key] = written(list(values))


def removal(root_key: str) -> Callable[[str], Change]:
    """Takes the entry under this key out of its file."""

    def of(id_: str) -> Change:
        def change(root: Any) -> None:
            del root[root_key][id_]

        return change

    return of
