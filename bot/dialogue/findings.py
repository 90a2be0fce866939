"""What the checks of a pack have in common: texts that miss a language, names that nothing has."""

from __future__ import annotations

import difflib
from collections import Counter
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


def untranslated(lacks: str, languages: Iterable[str], file: str, line: int, mend: str) -> Untranslated:
    """The problem of a text that is not there in these languages."""
    codes = tuple(languages)
    return Untranslated(file, line, f"{lacks} {', '.join(codes)}", mend, lacks, codes)


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
            what = f"{name} has a text in {language!r}, which is no language of the pack"
            comma = "Put a text with a comma between quotes, or add the language to config.yml."
            yield Problem(file, line, what, comma)


def told(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as people want to read them: by place, each once, and a language that is missing in many
    texts of a folder as one."""
    all_of_them = list(dict.fromkeys(problems))
    missing = [problem for problem in all_of_them if isinstance(problem, Untranslated)]
    counts = Counter((_folder(each), language) for each in missing for language in each.languages)
    many = {key: count for key, count in counts.items() if count > MANY}
    kept: list[Problem] = [problem for problem in all_of_them if not isinstance(problem, Untranslated)]
    for (folder, language), count in many.items():
        first = next(each for each in missing if _folder(each) == folder and language in each.languages)
        what = f"{count} texts of {folder} are not there in {language}; the first: {first.file}:{first.line}"
        kept.append(Problem("config.yml", 1, what, "Write them, or take the language away."))
    for each in missing:
        rest = [language for language in each.languages if (_folder(each), language) not in many]
        if rest:
            kept.append(untranslated(each.lacks, rest, each.file, each.line, each.mend))
    return sorted(kept, key=lambda problem: (problem.file, problem.line))


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
