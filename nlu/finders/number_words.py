"""Numbers that are spelled, in nl, fr and en: "tweeëntwintig", "septante", "quatre cent dix", "oh four
seven".

Tables and one small grammar; no digits are read here. A run is what is said without a pause: one number
("zeshonderd eenennegentig") or several ("nul vier zeven nul twaalf"), as people say telephone numbers. The
library text2num joins "ten point zero" into one number and drops the zeros of "dix point zéro point zéro",
which addresses need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlu.lookup import Token


def _from(start: int, words: str) -> dict[str, int]:
    return {word: start + at for at, word in enumerate(words.split())}


_NL_UNITS = _from(1, "een twee drie vier vijf zes zeven acht negen")
_NL_TENS = {
    word: 10 * value
    for word, value in _from(2, "twintig dertig veertig vijftig zestig zeventig tachtig negentig").items()
}
_NL_TEENS = _from(10, "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien")
SMALL: Mapping[str, Mapping[str, int]] = {
    "nl": {"nul": 0} | _NL_UNITS | _NL_TEENS | _NL_TENS
    | {f"{unit}en{ten}": tens + one for ten, tens in _NL_TENS.items() for unit, one in _NL_UNITS.items()},
    "fr": {"zero": 0, "une": 1} | _from(1, "un deux trois quatre cinq six sept huit neuf dix onze douze")
    | _from(13, "treize quatorze quinze seize")
    | {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
       "septante": 70, "huitante": 80, "octante": 80, "nonante": 90},
    "en": {"zero": 0, "oh": 0} | _from(1, "one two three four five six seven eight nine ten eleven twelve")
    | _from(13, "thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
    | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
       "ninety": 90},
}  # fmt: skip
"""Folded words below a hundred, without those that French and English make of two."""
_HUNDRED = {"nl": ("honderd",), "fr": ("cent", "cents"), "en": ("hundred",)}
_THOUSAND = {"nl": ("duizend",), "fr": ("mille",), "en": ("thousand",)}
AND = {"nl": "en", "fr": "et", "en": "and"}
_ARTICLES = frozenset({"een", "un", "une"})
"""Words for one that are articles as well."""
_BIG = re.compile("honderd|duizend")
_MOST = 24
"""Words in one run; no number that people say is longer."""

WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(SMALL[code]) | frozenset(_HUNDRED[code]) | frozenset(_THOUSAND[code]) for code in SMALL
}
"""Every word that may begin a number, but for Dutch ones that are written together ("tweehonderd")."""


@dataclass(frozen=True, slots=True)
class Run:
    """A spelled run: its first and last word, its digits as they are said, and its value if it is one
    number."""

    first: int
    last: int
    digits: str
    value: int | None


_Reader = Callable[[str, Sequence[Token], int, str], tuple[int, int] | None]


def runs(folded: str, tokens: Sequence[Token], language: str) -> tuple[Run, ...]:
    """Every run of a folded text, given its words; none in other languages."""
    known = WORDS.get(language)
    if known is None or not any(token.text in known or _BIG.search(token.text) for token in tokens):
        return ()
    found: list[Run] = []
    at = 0
    while at < len(tokens):
        begins = _begins(tokens[at].text, language) or (language == "en" and tokens[at].text == "a")
        run = _run(folded, tokens, at, language) if begins else None
        if run is None:
            at += 1
        else:
            found.append(run)
            at = run.last + 1
    return tuple(found)


def _begins(word: str, language: str) -> bool:
    return word in WORDS[language] or (language == "nl" and _joined(word) is not None)


def _run(folded: str, tokens: Sequence[Token], at: int, language: str) -> Run | None:
    first, values = at, list[tuple[int, int]]()
    while at < len(tokens) and at - first < _MOST and (at == first or _near(folded, tokens, at)):
        number = _cardinal(folded, tokens, at, language)
        if number is None:
            break
        values.append(number)
        at = number[1]
    if len(values) > 1 and at - 1 == values[-2][1] and _is_article(folded, tokens, at - 1):
        values.pop()
    if not values:
        return None
    if len(values) == 1 and at - 1 == first and _is_article(folded, tokens, first):
        return None
    digits = "".join(str(value) for value, _ in values)
    return Run(first, values[-1][1] - 1, digits, values[0][0] if len(values) == 1 else None)


def _is_article(folded: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word for one belongs to the word after it: "vijf twee een probleem"."""
    followed = at + 1 < len(tokens) and _near(folded, tokens, at + 1)
    return followed and tokens[at].text in _ARTICLES


def _near(folded: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether only a blank or a hyphen stands before the word."""
    return folded[tokens[at - 1].end : tokens[at].start] in (" ", "-")


def _cardinal(folded: str, tokens: Sequence[Token], at: int, language: str) -> tuple[int, int] | None:
    """One number that begins at a word, and the word after it."""
    below = _below_thousand(folded, tokens, at, language)
    value, end = below or (1, at)
    if _is(folded, tokens, end, at, _THOUSAND[language]):
        value, end = 1000 * value, end + 1
    elif below is None:
        return None
    if value >= 1000 and value % 1000 == 0:
        rest = _after(folded, tokens, end, language, _below_thousand)
        if rest is not None:
            return value + rest[0], rest[1]
    return value, end


def _below_thousand(folded: str, tokens: Sequence[Token], at: int, language: str) -> tuple[int, int] | None:
    below = _below_hundred(folded, tokens, at, language)
    value, end = below or (1, at)
    if 0 < value < 10 and _is(folded, tokens, end, at, _HUNDRED[language]):
        value, end = 100 * value, end + 1
    elif below is None:
        return None
    if 100 <= value < 1000 and value % 100 == 0:
        rest = _after(folded, tokens, end, language, _below_hundred)
        if rest is not None and rest[0] > 0:
            return value + rest[0], rest[1]
    return value, end


def _after(
    folded: str, tokens: Sequence[Token], at: int, language: str, read: _Reader
) -> tuple[int, int] | None:
    """What `read` finds at a word or after an "and" that stands there."""
    if at >= len(tokens) or not _near(folded, tokens, at):
        return None
    if tokens[at].text == AND[language] and at + 1 < len(tokens) and language != "fr":
        at += 1
    return read(folded, tokens, at, language)


def _is(folded: str, tokens: Sequence[Token], at: int, begin: int, words: Sequence[str]) -> bool:
    return at < len(tokens) and tokens[at].text in words and (at == begin or _near(folded, tokens, at))


def _below_hundred(folded: str, tokens: Sequence[Token], at: int, language: str) -> tuple[int, int] | None:
    word = tokens[at].text
    if word == "a" and language == "en":  # "a hundred"
        big = at + 1 < len(tokens) and tokens[at + 1].text in (*_HUNDRED[language], *_THOUSAND[language])
        return (1, at + 1) if big else None
    value = SMALL[language].get(word)
    if value is None:
        value = _joined(word) if language == "nl" else None
        return None if value is None else (value, at + 1)
    following = _small_after(folded, tokens, at + 1, language)
    if language == "nl":
        link = at + 1 < len(tokens) and tokens[at + 1].text == "en"
        ten = _small_after(folded, tokens, at + 2, language) if link and 0 < value < 10 else None
        return (value + ten, at + 3) if ten is not None and ten in _NL_TENS.values() else (value, at + 1)
    end = at + 1
    if language == "fr" and value == 4 and following == 20:
        value, end = 80, at + 2
        following = _small_after(folded, tokens, end, language)
    if language == "fr" and following is None and end + 1 < len(tokens) and tokens[end].text == "et":
        linked = _small_after(folded, tokens, end + 1, language)
        if linked in (1, 11) and value >= 20:
            following, end = linked, end + 1
    if language == "fr" and value in (60, 80) and following == 10:
        more = _small_after(folded, tokens, end + 1, language)
        if more is not None and 7 <= more <= 9:
            return value + 10 + more, end + 2
    if following is not None and _joins(value, following, language):
        return value + following, end + 1
    return value, end if following is None or tokens[end - 1].text != "et" else end - 1


def _joins(value: int, following: int, language: str) -> bool:
    """Whether two words of French or English make one number: dix-sept, soixante-quinze, twenty-one."""
    if language == "fr" and value == 10:
        return 7 <= following <= 9
    if value < 20 or value % 10:
        return False
    return 0 < following < (20 if language == "fr" and value in (60, 80) else 10)


def _small_after(folded: str, tokens: Sequence[Token], at: int, language: str) -> int | None:
    if at >= len(tokens) or not _near(folded, tokens, at):
        return None
    return SMALL[language].get(tokens[at].text)


def _joined(word: str) -> int | None:
    """A Dutch number above a hundred that is written as one word: "tweehonderdvijftig", "drieduizend"."""
    for scale, worth in (("duizend", 1000), ("honderd", 100)):
        if scale in word and len(word) < 60:
            before, _, after = word.partition(scale)
            times = SMALL["nl"].get(before, _joined(before)) if before else 1
            rest = after.removeprefix("en")
            extra = SMALL["nl"].get(rest, _joined(rest)) if rest else 0
            return None if times is None or extra is None or extra >= worth else times * worth + extra
    return None
