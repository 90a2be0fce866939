"""Rooms and floors: "lokaal B2.04", "vergaderzaal Dijle", "derde verdieping", "rez-de-chaussée", "3rd floor".

A room is its number or name without the word before it; a floor's value is its number, 0 at street level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlu.finders.context import Context, words
from nlu.finders.date_words import ORDINALS
from nlu.finders.number_words import SMALL
from nlu.finders.spoken import DOTS
from nlu.lookup import Found
from nlu.patterns import either

_LEVELS: Mapping[str, Mapping[str, int]] = {
    "nl": {
        "gelijkvloers": 0,
        "begane grond": 0,
        "benedenverdieping": 0,
        "kelder": -1,
        "kelderverdieping": -1,
    },
    "fr": {"rez de chaussee": 0, "rez-de-chaussee": 0, "rez": 0, "sous-sol": -1, "sous sol": -1},
    "en": {"ground floor": 0, "basement": -1},
}
_STOREY = {"nl": "verdieping,verdiep,etage", "fr": "etage", "en": "floor"}
_AT = {"nl": "op de", "fr": "au", "en": "on the"}
"""After these a bare ordinal at the end of a clause is a floor: "ze zit op de derde"."""


def _floor(language: str) -> re.Pattern[str]:
    ordinal = either(",".join(ORDINALS[language]))
    small = either(",".join(word for word, value in SMALL[language].items() if value <= 30))
    storey = either(_STOREY[language])
    level = either(",".join(_LEVELS[language]))
    return re.compile(
        rf"(?<![\w-])(?:(?P<nth>{ordinal}|\d{{1,2}} ?(?:e|de|ste|er|eme|ieme|st|nd|rd|th)) {storey}"
        rf"|{storey} (?P<number>-?\d{{1,2}}|{small})(?![.,]?\d)|(?P<level>{level})"
        rf"|(?<={_AT[language]} )(?P<alone>{ordinal})(?=[ ]?(?:$|[.,!?;])))(?![\w-])"
    )


_FLOORS = {code: _floor(code) for code in ORDINALS}
_HINTS = words(
    "verdieping verdiep etage floor gelijkvloers grond benedenverdieping kelder kelderverdieping rez"
    " sol basement op"
    " au on"
)
_NUMBERED = {
    "nl": "lokaal,klaslokaal,leslokaal,kamer,zaal,vergaderzaal,bureau,ruimte,kantoor",
    "fr": "local,salle,salle de reunion,salle de classe,bureau,classe,chambre",
    "en": "room,meeting room,conference room,classroom,office",
}
_NAMED = {
    "nl": "vergaderzaal,zaal",
    "fr": "salle de reunion,salle",
    "en": "meeting room,conference room,room",
}
_CODE = r"(?:[a-z]{1,3}[ .-]?)?\d{1,4}(?:[.-]\d{1,4}){0,2}[a-z]?"
_ROOMS = {
    code: re.compile(
        rf"(?<!\w){either(_NUMBERED[code])} (?:nr\.? |nummer |numero |number )?"
        rf"(?P<code>{_CODE})(?![\w-]|[.,]\d)"
        rf"|(?<!\w){either(_NAMED[code])} (?P<name>[a-z][a-z'-]{{1,20}})(?!\w)"
    )
    for code in _NUMBERED
}
_MEETING = ("vergaderzaal", "salle de reunion", "meeting room", "conference room")
_NO_NAME = words(
    "reserveren boeken speaker speakers tv screen scherm camera display beamer projector projecteur"
    " ecran te moet volgt"
    " heb hangt reserver wifi boven only can we video volledig"
    " is op in van de het een met naar aan en of die dat waar bij voor om niet hier daar doet heeft"
    " werkt was boven beneden"
    " est n' n'est a du des de la le les un une et ou pour avec qui que en au y serveur serveurs"
    " blanche commune info"
    " informatique on the a and or with has is where that which for at by doesn't isn't to was it i"
    " we you they"
    " service mate number numbers temperature blijft kan staat ne pas plus reste marche il elle je booking"
)
_PRODUCTS = words("365 2010 2013 2016 2019 2021 2024")
"""Numbers after "office" that make a product of it."""
_ROOM_WORDS = {
    code: frozenset(name.rpartition(" ")[2] for name in listed.split(",")) | words("reunion")
    for code, listed in _NUMBERED.items()
}
"""The last word of each."""


def floors(context: Context) -> Iterator[Found]:
    """Floors, with their number as value."""
    pattern = _FLOORS.get(context.language)
    if pattern is None or _HINTS.isdisjoint(token.text for token in context.tokens):
        return
    for match in pattern.finditer(context.folded):
        value = _level(match, context.language)
        if value is not None:
            yield Found("floor", str(value), match.start(), match.end())


def _level(match: re.Match[str], language: str) -> int | None:
    if match["level"]:
        return _LEVELS[language][match["level"]]
    shown = match["nth"] or match["number"] or match["alone"]
    digits = re.match(r"-?\d+", shown)
    if digits:
        return int(digits.group())
    return ORDINALS[language].get(shown, SMALL[language].get(shown))


def rooms(context: Context) -> Iterator[Found]:
    """Rooms by number, in digits or in words, and by name."""
    pattern = _ROOMS.get(context.language)
    if pattern is None or _ROOM_WORDS[context.language].isdisjoint(token.text for token in context.tokens):
        return
    for match in pattern.finditer(context.folded):
        which = "code" if match["code"] else "name"
        start, end = match.span(which)
        shown = context.text[start:end]
        if which == "name" and not _is_name(context.text, shown, match):
            continue
        if which == "code" and match["code"] in _PRODUCTS and match.group().startswith("office"):
            continue
        yield Found("room", shown, start, end)
    yield from _spoken(context)


def _is_name(text: str, shown: str, match: re.Match[str]) -> bool:
    """Whether a word is a room's name: with a capital where the text has capitals; in a text without any, a
    word after a meeting room that is no common one."""
    if match["name"] in _NO_NAME or re.match(r"[dl]'", match["name"]) or shown.isupper():
        return False
    return shown[0].isupper() or (text.islower() and match.group().startswith(_MEETING))


def _spoken(context: Context) -> Iterator[Found]:
    """`lokaal vier punt twaalf`, `room zero twelve`."""
    known = _ROOM_WORDS[context.language]
    for at, run in enumerate(context.runs):
        if context.word(run.first - 1) not in known or context.gap(run.first - 1) != " ":
            continue
        if run.value == 1:  # "the office one"
            continue
        following = context.runs[at + 1] if at + 1 < len(context.runs) else None
        if following and following.first == run.last + 2 and context.word(run.last + 1) in DOTS:
            value = f"{run.digits}.{following.digits}"
            yield Found("room", value, *context.span(run.first, following.last))
        else:
            yield Found("room", run.digits, *context.span(run.first, run.last))
