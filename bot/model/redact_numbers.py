"""Finds payment card numbers and Belgian national numbers in a text. `bot.model.redact` masks them.

Runs of digits with up to two separators in between are looked at group by group. Telephone numbers,
IBANs, IMEIs and ticket numbers are told apart by prefix, length, grouping and checksum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

CARD = "[card number]"
NATIONAL = "[national number]"

Span = tuple[int, int, str]
"""Start, end and the mask that takes its place."""

_RUN = re.compile(r"[0-9](?:[ \t\u00a0\u202f./–-]{0,2}[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_IBAN = re.compile(r"\b[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "TR": 26,
}  # fmt: skip

_CARD_PREFIX = {
    13: re.compile("4"),
    14: re.compile("3[0689]"),
    15: re.compile("3[47]"),
    16: re.compile("222[1-9]|22[3-9]|2[3-6]|27[01]|2720|35|[456]"),
    17: re.compile("5[06789]|6"),
    18: re.compile("5[06789]|6"),
    19: re.compile("4|5[06789]|6"),
}
"""How the cards of a length begin (Visa, Diners, Amex, Mastercard, JCB, Maestro, Bancontact). A device's
15-digit IMEI has the same checksum but none of these beginnings."""

_SHAPES = {
    2: ((2, 2, 2, 3, 2), (2, 2, 2, 5)),
    4: (
        (4, 4, 4, 4, 3),
        (4, 4, 4, 4, 2),
        (4, 4, 4, 4, 1),
        (4, 4, 4, 4),
        (4, 6, 5),
        (4, 6, 4),
    ),
    6: ((6, 13), (6, 3, 2), (6, 5)),
    9: ((9, 2),),
}
"""How people group cards and national numbers, by the length of the first group."""

_ALONE = frozenset({11, *_CARD_PREFIX})
_STARTS = _ALONE | _SHAPES.keys()


def find_numbers(text: str) -> Iterator[Span]:
    """The numbers to mask, in text order, never overlapping."""
    at = 0
    for start, end in [*_ibans(text), (len(text), len(text))]:
        for match in _RUN.finditer(text, at, start):
            if len(match[0]) >= 11:
                plus = text[max(0, match.start() - 2) : match.start()].rstrip(" (").endswith("+")
                yield from _in_run(match[0], match.start(), plus)
        at = end


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where the valid IBANs stand; they stay, and what looks like a card inside one is none."""
    at = 0
    while match := _IBAN.search(text, at):
        at = match.start() + 4
        length = _IBAN_LENGTH.get(match[0][:2].upper(), 0)
        places = [place for place, letter in enumerate(match[0]) if letter.isalnum()][:length]
        letters = "".join(match[0][place] for place in places)
        if length and len(letters) == length and _mod97(letters[4:] + letters[:4]) == 1:
            at = match.start() + places[-1] + 1
            yield match.start(), at


def _mod97(letters: str) -> int:
    return int("".join(str(int(each, 36)) for each in letters)) % 97


def _in_run(run: str, offset: int, plus: bool) -> Iterator[Span]:
    """The cards and national numbers in one run: of a usual grouping, one group, or all that is left."""
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(run)]
    lengths = [end - start for start, end in groups]
    starts = [0, *accumulate(lengths)]
    digits = _Digits("".join(run[start:end] for start, end in groups))

    def mask(first: int, last: int) -> str | None:
        if plus and first == 0:
            return None  # an international telephone number
        return digits.mask(starts[first], starts[last], bare=last - first == 1)

    def span(first: int, last: int, found: str) -> Span:
        return offset + groups[first][0], offset + groups[last - 1][1], found

    begin = index = 0  # what is left begins at `begin`; up to `index` nothing in it has a usual grouping
    while index < len(groups):
        if index == begin and starts[-1] - starts[begin] <= 19 and (found := mask(begin, len(groups))):
            yield span(begin, len(groups), found)
            return
        if lengths[index] not in _STARTS or not (
            end := next((e for e in _ends(lengths, index) if mask(index, e)), 0)
        ):
            index += 1
            continue
        if index > begin and starts[index] - starts[begin] <= 19 and (found := mask(begin, index)):
            yield span(begin, index, found)
        yield span(index, end, mask(index, end) or "")
        begin = index = end


def _ends(lengths: list[int], index: int) -> Iterator[int]:
    """Where a number of a usual grouping that begins at group `index` may end; the longest first."""
    for shape in _SHAPES.get(lengths[index], ()):
        if tuple(lengths[index : index + len(shape)]) == shape:
            yield index + len(shape)
    if lengths[index] in _ALONE:
        yield index + 1


_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class _Digits:
    """The digits of a run, with Luhn sums of any window in constant time: a run costs its length."""

    def __init__(self, digits: str) -> None:
        self._digits = digits
        self._sums: tuple[list[int], list[int]] | None = None

    def mask(self, start: int, end: int, *, bare: bool) -> str | None:
        """The mask for what these digits are, if they are a secret."""
        prefix = _CARD_PREFIX.get(end - start)
        if prefix and prefix.match(self._digits, start) and self._luhn(start, end):
            return CARD
        if end - start == 11 and _is_national(self._digits[start:end], bare):
            return NATIONAL
        return None

    def _luhn(self, start: int, end: int) -> bool:
        if self._sums is None:
            values = [int(digit) for digit in self._digits]
            even = [_DOUBLED[value] if place % 2 else value for place, value in enumerate(values)]
            odd = [value if place % 2 else _DOUBLED[value] for place, value in enumerate(values)]
            self._sums = ([0, *accumulate(even)], [0, *accumulate(odd)])
        sums = self._sums[(end - 1) % 2]  # the last digit of a number is not doubled
        return (sums[end] - sums[start]) % 10 == 0


def _is_national(number: str, bare: bool) -> bool:
    """A Belgian national number: year, month (a BIS number adds 20 or 40), day, order, checksum."""
    if bare and _MOBILE.match(number):
        return False
    month, day = int(number[2:4]), int(number[4:6])
    if month % 20 > 12 or month > 52 or day > 31:
        return False
    check = int(number[9:])
    return any(97 - int(century + number[:9]) % 97 == check for century in ("", "2"))


_MOBILE = re.compile("324[5-9]")
"""A Belgian mobile number written without its plus, which may look like a national number."""
