"""What does not go together in what the helpdesk agreed, in words for who edits it: with the names of teams,
subjects and languages that they know. Finding it is `handoff.config` and `handoff.canned`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.model.errors import ContentError, Problem
from bot.web.told import known
from handoff.admin.edit.editor import Desk

_PLACE = re.compile(r"'(?P<kind>\w+)\.(?P<name>[a-z0-9_-]+)[^']*': (?P<what>.+)")
_INSIDE: Mapping[str, str] = {"macros": "agree.in_macro", "replies": "agree.in_reply"}
"""Where a problem says by itself in which entry it is."""


def said(desk: Desk, error: ContentError) -> list[str]:
    """Each thing once, in the language of the page; what is not known there as it was raised."""
    return list(dict.fromkeys(_said(desk, each) for each in error.problems))


def _said(desk: Desk, problem: Problem) -> str:
    place = _PLACE.fullmatch(problem.what)
    inside = _INSIDE.get(place["kind"]) if place else None
    found = known(place["what"] if place and inside else problem.what.rpartition("': ")[2] or problem.what)
    if found is None:
        return f"{problem.what}. {problem.mend}".strip()
    key, values = found
    what = desk.t(key, **dict(_named(desk, values)))
    return desk.t(inside, name=place["name"], what=what) if place and inside else what


def _named(desk: Desk, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        match name:
            case "team":
                yield name, desk.teams.get(value, value)
            case "intent":
                yield name, desk.site.subject(value, desk.language)
            case "language":
                yield name, desk.t.known("language", value)
            case "spoken":
                yield name, ", ".join(desk.t.known("language", each) for each in value.split(", "))
            case _:
                yield name, value
