"""Addresses, numbers and codes as a recogniser writes them: "jan punt peeters apenstaartje voorbeeld
punt be", "nul vier zeven nul …", "dix point zéro point zéro point douze". Values are as they would be
typed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from nlu.finders.context import Context, words
from nlu.finders.number_words import Run
from nlu.lookup import Found
from nlu.patterns import either

DOTS = words("punt point dot")
SIGNS = {
    **dict.fromkeys(DOTS, "."),
    **dict.fromkeys(words("streepje koppelteken tiret dash hyphen"), "-"),
    **dict.fromkeys(words("underscore"), "_"),
}
"""Words for the signs in names of machines, addresses and codes."""
_DOT = either(",".join(sorted(DOTS)))
_SIGN = either(",".join(sorted(SIGNS)))
_WORD = r"[a-z0-9]{1,40}"
_ENDING = either("be,com,eu,net,org,nl,fr,lu,uk,io,brussels,vlaanderen,example")
_TAIL = rf"(?: {_SIGN} {_WORD}){{0,3}} {_DOT} {_ENDING}(?!\w)"
_AT = either("apenstaartje,apenstaart,arobase,at")
_EMAIL = re.compile(rf"(?<![\w'])({_WORD}(?: {_SIGN} {_WORD}){{0,4}}) {_AT} ({_WORD}{_TAIL})")
_WWW = either("www,w w w,trois w,drie w,triple w")
_URL = re.compile(rf"(?<![\w'])({_WWW}) {_DOT} ({_WORD}{_TAIL})")
_NUMBERED = words("nummer numero number nr no num is c est le la met van de op met mijn with the")
_TICKETS = words(
    "ticket tickets ticketnummer incident incidentnummer dossier dossiernummer case aanvraag demande"
)
_ERRORS = words("fout foutcode foutmelding foutnummer error errors erreur errorcode code stopcode d")
_LEAST_PHONE = 8


def emails(context: Context) -> Iterator[Found]:
    """E-mail addresses in words."""
    for match in _EMAIL.finditer(context.folded) if _has_dot(context) else ():
        yield Found("email", f"{_typed(match.group(1))}@{_typed(match.group(2))}", match.start(), match.end())


def urls(context: Context) -> Iterator[Found]:
    """Sites in words."""
    for match in _URL.finditer(context.folded) if _has_dot(context) else ():
        yield Found("url", f"www.{_typed(match.group(2))}", match.start(), match.end())


def machine_addresses(context: Context) -> Iterator[Found]:
    """IP addresses in words: four numbers with "punt" between."""
    parts: list[Run] = []
    for run in context.runs:
        linked = parts and run.first == parts[-1].last + 2 and context.word(run.first - 1) in DOTS
        parts = [*parts, run] if linked else [run]
        if len(parts) == 4:
            shown = ".".join(part.digits for part in parts)
            try:
                value = str(ipaddress.ip_address(shown))
            except ValueError:
                continue
            yield Found("ip_address", value, *context.span(parts[0].first, run.last))


def tickets(context: Context) -> Iterator[Found]:
    """Ticket numbers in words, after the word for one."""
    for run in context.runs:
        if len(run.digits) >= 3 and context.named_before(run.first, _TICKETS, _NUMBERED):
            yield Found("ticket_number", run.digits, *context.span(run.first, run.last))


def errors(context: Context) -> Iterator[Found]:
    """Codes of errors in words, after the word for one."""
    for run in context.runs:
        if len(run.digits) >= 2 and context.named_before(run.first, _ERRORS, _NUMBERED, 2):
            yield Found("error_code", run.digits, *context.span(run.first, run.last))


def phones(context: Context) -> Iterator[tuple[str, int, int]]:
    """What may be a telephone number in words: as it would be typed, and where it stands."""
    for run in context.runs:
        plus = context.word(run.first - 1) == "plus"
        if len(run.digits) >= _LEAST_PHONE and (plus or run.digits.startswith("0")):
            start, end = context.span(run.first - plus, run.last)
            yield ("+" if plus else "") + run.digits, start, end


def _has_dot(context: Context) -> bool:
    return not DOTS.isdisjoint(token.text for token in context.tokens)


def _typed(said: str) -> str:
    return "".join(SIGNS.get(word, word) for word in said.split())
