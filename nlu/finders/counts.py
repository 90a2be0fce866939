"""Numbers that count something, in digits and in words. Prices, shares, years, versions, degrees and the
numbers of houses are none: nobody who asks "how many?" means them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.finders.context import Context, words
from nlu.finders.number_words import SMALL, Run
from nlu.lookup import Found

_NUMBER = re.compile(r"(?<![\w.,:/-])[-+]?\d{1,12}(?:[.,]\d{1,6})?(?![\w:/]|[.,-]\w)")
_MONEY = words("euro euros eur dollar dollars pond pounds cent centen centimes")
_NO_UNIT = _MONEY | words("procent percent pourcent graden graad degres degree degrees")
_NO_COUNT = words(
    "versie version release update postcode postal zip office windows android ios iphone ipados macos java"
    " poort port"
)
"""Words before a number that is one of a version or a place."""
_OF = words("op sur")
_STREET = re.compile(r"(?:straat|laan|steenweg|plein|street|avenue|road|lane)$|^(?:rue|chaussee|boulevard)$")
_YEAR_AFTER = words("in sinds sedert en depuis since anno annee jaar year de of back from")
_RATES = frozenset(word for table in SMALL.values() for word, value in table.items() if 0 < value <= 20)
_NEW, _AFTER_NEW = "neuf", words("et qui ne n")
_TIMES = {"once": 1, "twice": 2}


def numbers(context: Context) -> Iterator[Found]:
    """Numbers; "een", "un" and "one" only as an answer, because they mostly are articles."""
    if context.digits:
        for match in _NUMBER.finditer(context.text):
            if _counts(context, match.start(), match.end(), match.group()):
                value = match.group().replace(",", ".").lstrip("+")
                yield Found("number", value, match.start(), match.end())
    for run in context.runs:
        start, end = context.span(run.first, run.last)
        if run.value is not None and _says(context, run) and _counts(context, start, end, run.digits):
            yield Found("number", str(run.value), start, end)
    if context.language == "en":
        for token in context.tokens:
            if token.text in _TIMES:
                yield Found("number", str(_TIMES[token.text]), token.start, token.end)


def _says(context: Context, run: Run) -> bool:
    """Whether a spelled number is meant as one."""
    alone = run.first == 0 and run.last == len(context.tokens) - 1
    if run.value in (0, 1):
        return alone and context.asked is not None
    if run.first == run.last and context.word(run.first) == _NEW:  # "un écran neuf"
        return alone or (context.gap(run.last) == " " and context.word(run.last + 1) not in _AFTER_NEW)
    return True


def _counts(context: Context, start: int, end: int, shown: str) -> bool:
    before, after = context.folded[max(0, start - 40) : start], context.folded[end : end + 24]
    if before.rstrip().endswith(("€", "$", "£")) or after.lstrip()[:1] in ("%", "€", "$", "£", "°"):
        return False
    lead, follow = before.split(), re.findall(r"\w+", after)
    if follow and (follow[0] in _NO_UNIT or follow[:2] == ["pour", "cent"]):
        return False
    last = re.sub(r"\W", "", lead[-1]) if lead else ""
    if last in _MONEY or last in _NO_COUNT or any(_STREET.search(word.rstrip(",.")) for word in lead[-4:]):
        return False
    a_year = len(shown) == 4 and shown[:2] in ("19", "20")
    if a_year and (
        last in _YEAR_AFTER or not re.match(r" \w", after)
    ):  # "2,000 users" have a word after them
        return False
    return not (_rated(follow) or _rates(lead))


def _rated(follow: list[str]) -> bool:
    """What follows the first number of "vijf op tien" and "ten out of ten"."""
    return follow[:2] == ["out", "of"] or (len(follow) > 1 and follow[0] in _OF and _numeric(follow[1]))


def _rates(lead: list[str]) -> bool:
    """What stands before the second one."""
    if lead[-2:] == ["out", "of"]:
        return len(lead) > 2 and _numeric(lead[-3])
    return len(lead) > 1 and lead[-1] in _OF and _numeric(lead[-2])


def _numeric(word: str) -> bool:
    return word.isdecimal() or word in _RATES
