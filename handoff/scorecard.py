"""The scorecard: by what a conversation is judged, from `policy/scorecards.yml`. Pure; opens no files.

A pack without the file has no criteria, and its reviewers nothing to score by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import Field, field_validator

from bot.source.forms import Form, Place, read_form

LOWEST, HIGHEST = 1, 5
"""Every criterion is scored from the one to the other."""

FILE = "scorecards.yml"
PARTS = ("name", "lowest", "highest")
"""The texts of a criterion."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged: what it is called, and what its lowest and its highest score mean."""

    name: str
    labels: Mapping[str, str]
    lowest: Mapping[str, str]
    highest: Mapping[str, str]

    def label(self, language: str) -> str:
        """Its name for people."""
        return _in(self.labels, language)

    def meaning(self, score: int, language: str) -> str:
        """What its lowest or its highest score means; nothing for one in between."""
        return _in({LOWEST: self.lowest, HIGHEST: self.highest}.get(score, {}), language)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The criteria, in the order in which they are asked."""

    criteria: tuple[Criterion, ...] = ()

    def label(self, name: str, language: str) -> str:
        """A criterion's name; its own name for one that is gone."""
        found = next((each for each in self.criteria if each.name == name), None)
        return found.label(language) if found else name.replace("_", " ")


def _in(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, or in the first one that is there."""
    return texts.get(language) or next(iter(texts.values()), "")


class _CriterionForm(Form):
    name: dict[str, str]
    lowest: dict[str, str]
    highest: dict[str, str]


class _ScorecardForm(Form):
    criteria: dict[str, _CriterionForm] = Field(min_length=1)

    @field_validator("criteria")
    @classmethod
    def _names(cls, criteria: dict[str, _CriterionForm]) -> dict[str, _CriterionForm]:
        for name in criteria:
            if not _NAME.fullmatch(name):
                raise ValueError(f"'{name}' is not a name for a criterion; write it like problem_read_back")
        return criteria


def load_scorecard(files: Mapping[str, str]) -> Scorecard:
    """The scorecard among `files` (path to text); raises `ContentError` with all that is wrong."""
    path = next((path for path in files if path.rsplit("/", 1)[-1] == FILE), None)
    if path is None:
        return Scorecard()
    form = read_form(_ScorecardForm, files[path], path, _silent)
    return Scorecard(
        tuple(
            Criterion(name, criterion.name, criterion.lowest, criterion.highest)
            for name, criterion in form.criteria.items()
        )
    )


def _silent(form: _ScorecardForm) -> Iterable[tuple[Place, str]]:
    for name, criterion in form.criteria.items():
        for part in PARTS:
            texts: Mapping[str, str] = getattr(criterion, part)
            if not texts or not all(text.strip() for text in texts.values()):
                yield ("criteria", name, part), "there is no text"
