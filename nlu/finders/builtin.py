"""Entities that every pack has: addresses, numbers, codes. Each is a bounded pattern behind a cheap question.

Patterns here run on whatever customers send: none may take more than linear time.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nlu.finders import spoken
from nlu.finders.context import Context
from nlu.finders.counts import numbers
from nlu.finders.machines import assets, hosts
from nlu.finders.moments import find_moments, find_times
from nlu.finders.names import NAME_SLOTS, find_name
from nlu.finders.places import floors, rooms
from nlu.finders.quoted import error_texts, said_texts
from nlu.lookup import Found
from nlu.patterns import either

_EMAIL = re.compile(
    r"(?<![\w.%+-])[a-z0-9_%+-][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])"
)
_ENDINGS = either(
    "be,com,eu,net,org,nl,fr,de,lu,uk,io,int,gov,edu,info,app,dev,cloud,vlaanderen,brussels,local,lan"
)
_URL = re.compile(
    r"(?:https?://|(?<![\w.])www\.)[^\s<>\"'`]{1,1000}"
    rf"|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}{_ENDINGS}(?![\w@-]|\.\w)(?:[/?#:][^\s<>\"'`]{{0,500}})?"
)
_IP = re.compile(r"(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]{2,39})(?![\w:]|\.\d)")
_HEX = re.compile(r"(?<!\w)0x[0-9a-f]{2,16}(?!\w)")
_NAMED_ERROR = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8}(?!\w)")
_ERROR_WORDS = either(
    "fout,foutcode,fout code,foutmelding,fout melding,foutnummer,error,errors,error code,errorcode"
    ",error number,error message,erreur,code erreur,code d'erreur,erreur code,message d'erreur"
    ",stopcode,stop code,status code,statuscode,http,http error,err"
)
_ERROR = re.compile(
    rf"(?<!\w){_ERROR_WORDS}(?: {either('is,nr,nummer,number,numero,no,n°,code,met,met code,met nummer')})?"
    r"\.?[ ]?[:=#]?[ ]?[\"'(]?([a-z]{0,4}[-_ ]?\d{1,8}(?:[-.](?=[a-z]{0,3}\d)[a-z0-9]{1,6}){0,3})(?!\w)"
)
_CODE = re.compile(r"(?<!\w)code[ ]?[:#]?[ ]?(\d{1,3})(?!\w|[.,]\d)")
_NUMBERED = either("nummer,number,numero,num,nr,no,n°,id")
_TICKET_WORD = re.compile(
    rf"(?<!\w){either('ticket,tickets,incident,dossier,melding,case,aanvraag,demande,call')}[- ]?"
    rf"{_NUMBERED}?\.?"
    rf"(?: {either('is,est,met,with,het,le,nummer,number,numero,nr,no,n°')}){{0,2}}\.?"
    r"[ ]?[:=]?[ ]?#?[ ]?(?:[a-z]{1,4}-)?(\d{3,9})(?![\w]|[.,]\d)"
)
_TICKET_OF = re.compile(
    rf"(?<!\w){_NUMBERED} (?:{either('de,du,van,of')} )?(?:{either('mijn,mon,my,het,le,the')} )?"
    r"(?:ticket|dossier)(?: (?:is|est))?[ ]?:?[ ]?#?(\d{3,9})(?!\w)"
)
_HASH = re.compile(r"(?<![\w#&])#[ ]?(\d{3,9})(?![\w])")
_BARE_TICKET = re.compile(r"(?<![\w.,])(\d{3,9})(?![\w]|[.,]\d)")
_PHONE = re.compile(r"(?<![\w.,#])(?:\+|\(\+?)?\d(?:[ ./()-]{0,2}\d){7,14}(?!\w|[.,]\d)")
_FOREIGN = re.compile(rf"(?<!\w){either('inc,req,ritm,chg,prb,sctask,cs,sr')}\d{{5,10}}(?!\w)")
"""Ticket numbers of other helpdesks, which begin with what kind of ticket it is."""
_TRAILING = ".,;:!?)]}'\"»”’"


TICKET_SLOTS = frozenset({"ticket_number", "ticket_asked"})
"""While one of these is asked, a bare number is a ticket's."""


def _emails(context: Context) -> Iterator[Found]:
    if "@" in context.text:
        for match in _EMAIL.finditer(context.folded):
            yield Found("email", match.group(), match.start(), match.end())
    yield from spoken.emails(context)


def _urls(context: Context) -> Iterator[Found]:
    yield from spoken.urls(context)
    if "." not in context.text and "://" not in context.text:
        return
    for match in _URL.finditer(context.folded):
        end = match.end()
        while end > match.start() and context.text[end - 1] in _TRAILING:
            end -= 1
        shown = context.text[match.start() : end]
        if len(shown) > 3 and not shown.lower().endswith(("://", "www")):
            yield Found("url", shown, match.start(), end)


def _addresses(context: Context) -> Iterator[Found]:
    yield from spoken.machine_addresses(context)
    if "." not in context.text and ":" not in context.text:
        return
    for match in _IP.finditer(context.folded):
        shown = match.group()
        if shown.count(".") != 3 and shown.count(":") < 2:
            continue
        try:
            address = ipaddress.ip_address(shown)
        except ValueError:
            continue
        if shown != "::":
            yield Found("ip_address", str(address), match.start(), match.end())


def _errors(context: Context) -> Iterator[Found]:
    yield from spoken.errors(context)
    if context.digits:
        for match in _HEX.finditer(context.folded):
            yield Found("error_code", "0x" + match.group()[2:].upper(), match.start(), match.end())
        for pattern in (_ERROR, _CODE):
            for match in pattern.finditer(context.folded):
                code = match.group(1).strip().upper()
                yield Found("error_code", code, match.start(1), match.end(1))
    if "_" in context.text:
        for match in _NAMED_ERROR.finditer(context.text):
            yield Found("error_code", match.group(), match.start(), match.end())


def _tickets(context: Context) -> Iterator[Found]:
    yield from spoken.tickets(context)
    if not context.digits:
        return
    patterns = [_TICKET_WORD, _TICKET_OF]
    if "#" in context.text:
        patterns.append(_HASH)
    if context.asked in TICKET_SLOTS:
        patterns.append(_BARE_TICKET)
    for pattern in patterns:
        for match in pattern.finditer(context.folded):
            yield Found("ticket_number", match.group(1), match.start(1), match.end(1))
    for match in _FOREIGN.finditer(context.folded):
        yield Found("ticket_number", match.group().upper(), match.start(), match.end())


def _phones(context: Context) -> Iterator[Found]:
    candidates = list(spoken.phones(context)) if context.runs else []
    if context.digits:
        candidates += [(match.group(), *match.span()) for match in _PHONE.finditer(context.text)]
    lenient = bool(context.asked and "phone" in context.asked)
    for shown, start, end in candidates:
        value = _phone(shown, context.region, lenient)
        if value:
            yield Found("phone", value, start, end)


def _phone(shown: str, region: str, lenient: bool) -> str | None:
    import phonenumbers  # here, not at the top: its tables are only needed for messages with a number in them

    try:
        number: Any = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number) or (lenient and phonenumbers.is_possible_number(number))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if valid else None


def _dates(context: Context) -> Iterator[Found]:
    yield from find_moments(context.folded, context.tokens, context.language, context.now)


def _times(context: Context) -> Iterator[Found]:
    yield from find_times(context.folded, context.language)


def _names(context: Context) -> Iterator[Found]:
    if context.asked in NAME_SLOTS:
        name = find_name(context.text, context.folded)
        if name is not None:
            yield name


FINDERS: Mapping[str, Callable[[Context], Iterator[Found]]] = {
    "email": _emails,
    "host_name": hosts,
    "url": _urls,
    "ip_address": _addresses,
    "error_text": error_texts,
    "error_code": _errors,
    "ticket_number": _tickets,
    "asset_number": assets,
    "room": rooms,
    "floor": floors,
    "date": _dates,
    "time": _times,
    "phone": _phones,
    "name": _names,
    "number": numbers,
}
"""Every entity that is found here. Where two find exactly the same words, the earlier one counts."""

WEAK: Mapping[str, Callable[[Context], Iterator[Found]]] = {"error_text": said_texts}
"""What counts only where nothing else is found in the same words."""
