"""What the checks of a pack have in common: texts that miss a language, names that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue import answers, conditions
from bot.dialogue.conditions import Condition
from bot.dialogue.pack import Pack
from bot.model.errors import Problem

MANY = 20
"""More texts than this without a language are not many mistakes, but one: the language is not there."""


@dataclass(frozen=True, slots=True)
class Untranslated(Problem):
    """A text that is not there in some languages; `lacks` is the problem up to these."""

    lacks: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreign(Problem):
    """A text in a language that the pack does not have."""

    language: str = ""


def untranslated(lacks: str, languages: Iterable[str], file: str, line: int, mend: str) -> Untranslated:
    """The problem of a text that is not there in these languages."""
    codes = tuple(languages)
    return Untranslated(file, line, f"{lacks} {', '.join(codes)}", mend, lacks, codes)


def foreign(name: str, language: str, file: str, line: int, mend: str) -> Foreign:
    """The problem of a text in a language that the pack does not have."""
    return Foreign(file, line, f"{name} is in {language!r}, which is no language of the pack", mend, language)


def in_every_language(
    pack: Pack,
    texts: Mapping[str, str],
    name: str,
    file: str,
    line: int,
    mend: str = "Add it under 'text:' or 'translation:'.",
) -> Iterator[Problem]:
    """A text must be there in every language of the pack, and in no other."""
    missing = [language for language in pack.languages if not texts.get(language)]
    if missing:
        yield untranslated(f"{name} has no text in", missing, file, line, mend)
    for language in texts:
        if language not in pack.languages:
            comma = "Put a text with a comma between quotes, or add the language to config.yml."
            yield foreign(f"a text of {name}", language, file, line, comma)


def told(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as people want to read them: by place, each once, and many texts of a folder that are not
    in a language, or in one that the pack does not have, as one."""
    each_once = list(dict.fromkeys(problems))
    missing = [problem for problem in each_once if isinstance(problem, Untranslated)]
    odd = [problem for problem in each_once if isinstance(problem, Foreign)]
    lacking = _many(
        ((each, language) for each in missing for language in each.languages),
        "not there in",
        "Write them, or take the language away.",
    )
    strange = _many(
        ((each, each.language) for each in odd),
        "in a language that the pack does not have:",
        "Add it to additional_languages, or take them away.",
    )
    kept = [problem for problem in each_once if not isinstance(problem, Untranslated | Foreign)]
    kept += [*lacking.values(), *strange.values()]
    kept += [each for each in odd if (_folder(each), each.language) not in strange]
    for each in missing:
        rest = [language for language in each.languages if (_folder(each), language) not in lacking]
        if rest:
            kept.append(untranslated(each.lacks, rest, each.file, each.line, each.mend))
    return sorted(kept, key=lambda problem: (problem.file, problem.line))


def _many(found: Iterable[tuple[Problem, str]], what: str, mend: str) -> dict[tuple[str, str], Problem]:
    """One problem for each folder and language of which there are many."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem, language in found:
        groups.setdefault((_folder(problem), language), []).append(problem)
    many: dict[tuple[str, str], Problem] = {}
    for (folder, language), group in groups.items():
        if len(group) > MANY:
            first = f"the first: {group[0].file}:{group[0].line}"
            said = f"{len(group)} texts of {folder} are {what} {language}; {first}"
            many[folder, language] = Problem("config.yml", 1, said, mend)
    return many


def _folder(problem: Problem) -> str:
    return "/".join(problem.file.split("/")[:-1]) or problem.file.removesuffix(".yml")


def slots_of(pack: Pack, condition: Condition, what: str, file: str, line: int) -> Iterator[Problem]:
    """The slots of a condition must be there, and have the values that they are compared with."""
    for name in sorted(conditions.slot_names(condition)):
        if name not in pack.domain.slots:
            unknown = f"{what} asks about the unknown slot '{name}'"
            yield Problem(file, line, unknown, near(name, pack.domain.slots))
    for name, value in conditions.comparisons(condition):
        slot = pack.domain.slots.get(name)
        if slot is not None and slot.type == "categorical" and answers.coerce(slot, value) is None:
            never = f"{what} compares '{name}' with '{value}', which it never is"
            yield Problem(file, line, never, near(value, slot.values))


def near(name: str, known: Collection[str]) -> str:
    """The mend for an unknown name: the nearest known one."""
    found = difflib.get_close_matches(name, known, 1)
    return f"Did you mean '{found[0]}'?" if found else "Add it to the pack, or mend the name."
