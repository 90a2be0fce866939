"""What a screen says: between quotes, or after "er staat", "il affiche", "the message …" to the end of
the clause.

Quotes alone are not enough: people put names of folders between them as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.finders.context import Context, words
from nlu.lookup import Found
from nlu.patterns import either

_MARKS = "\"“„«‘'"
_QUOTED = re.compile(
    r"\"([^\"\n]{2,200})\"|[“„]([^“”„\n]{2,200})[”“]|« ?([^«»\n]{2,200}?) ?»"
    r"|(?<!\w)['‘]([^'‘’\n]{2,200})['’](?!\w)"
)
_SAYING = {
    "nl": "staat,stond,melding,foutmelding,boodschap,bericht,fout,zegt,luidt,meldt,geeft,toont"
    ",verschijnt,lees,error",
    "fr": "ecrit,affiche,dit,erreur,message,avertissement,lis,reste sur,apparait,indique,donne,error",
    "en": "error,message,says,said,reads,shows,displays,warning,popup,pop-up,saying,get,gives",
}
_BEFORE = {code: re.compile(rf"(?<!\w){either(listed)}(?!\w)") for code, listed in _SAYING.items()}
_WINDOW, _NEAR = 60, 25
"""Characters before a quote in which a word for a message must stand; fewer for a single word, which may
be a name."""
_SAID = {
    "nl": "er staat,hij zegt,het zegt,die zegt,zegt,de melding,een melding,de foutmelding,een"
    " foutmelding,de boodschap",
    "fr": "il affiche,ca affiche,affiche,il est ecrit,c est ecrit,dit,le message,un message,message d erreur",
    "en": "it says,says,the message,a message,error message,the error",
}
_THAT = either("dat,is,dat er staat,luidt,que,est,c est,that,reads,saying")
_LEADS = {
    code: re.compile(rf"(?<!\w)(?P<lead>{either(listed)})(?: {_THAT})?[ :]+")
    for code, listed in _SAID.items()
}
_STOPS = words(
    "als wanneer en maar want terwijl sinds dus of omdat zodra quand lorsque et mais depuis parce"
    " car alors donc si"
    " when if and but while since because so as"
)
_NO_BEGIN = words(
    "een geen de het iets niets nog al dat die van in op met bij aan dan wel niet ook iemand ik je"
    " hij ze we er te hoe"
    " wat waar gisteren vandaag un une le la les des rien que quelque de du en sur pour pas il elle"
    " je on tu vous"
    " qui est suis etes y a the an nothing something that what i he she they we you it from about"
    " for of to on in is"
    " was he's i'm don't no not dat's when how why me m'en moi goeiedag hallo bonjour hello oui non"
    " ja nee yes"
)
_BROKEN_OFF = words(
    "qu d c j s n m l t keeps still tells with came comes won doesn disappears text lui revient disant"
)
_BROKEN_OFF |= words(
    "accueil absence comme bien encore toujours quoi plus nulle blijft komt kwam verdwijnt niets there"
)
"""Beginnings of what is said about a message, and not in it."""
_PEOPLE = words(
    "moeder vader mama papa collega collegas baas vrouw man zoon dochter directeur directrice"
    " leerkracht technieker mens"
    " meneer mevrouw iemand niemand helpdesk mere pere fille fils collegue collegues chef cheffe"
    " prof technicien dame"
    " monsieur madame femme mari personne quelqu mother father son daughter colleague colleagues"
    " boss wife husband"
    "  teacher technician hr somebody someone nobody person lady guy"
)
"""Who says something that is no screen."""
_THIS = words("dit deze ce cet cette this your votre uw je het")
_NOUNS = words("melding foutmelding boodschap message error")
_MOST, _LEAST = 9, 2


def error_texts(context: Context) -> Iterator[Found]:
    """Texts of screens between quotes, as they are written."""
    saying = _BEFORE.get(context.language)
    if saying is not None and any(mark in context.text for mark in _MARKS):
        for match in _QUOTED.finditer(context.text):
            group = match.lastindex or 1
            start, end = match.span(group)
            reach = _WINDOW if " " in match[group].strip() else _NEAR
            before = context.folded[max(0, match.start() - reach) : match.start()]
            if saying.search(before) and any(char.isalpha() for char in match[group]):
                yield Found("error_text", context.text[start:end].strip(), start, end)


def said_texts(context: Context) -> Iterator[Found]:
    """What a screen says without quotes; only where nothing else is found in it."""
    leads = _LEADS.get(context.language)
    for match in leads.finditer(context.folded.replace("'", " ")) if leads is not None else ():
        begin = next((at for at, token in enumerate(context.tokens) if token.start >= match.end()), None)
        if begin is None:
            continue
        noun = not _NOUNS.isdisjoint(match["lead"].split())
        first = context.word(begin)
        if first in _BROKEN_OFF or (first in _NO_BEGIN and not (noun and first in _THIS)):
            continue
        subject = context.folded[max(0, match.start() - _NEAR) : match.start()]
        if not noun and not _PEOPLE.isdisjoint(re.findall(r"[a-z]+", subject)):
            continue
        end = begin
        while end < len(context.tokens) and end - begin < _MOST and context.word(end) not in _STOPS:
            end += 1
            if end < len(context.tokens) and context.gap(end - 1).strip(" '’-"):
                break
        if _LEAST <= end - begin < _MOST:
            start, stop = context.span(begin, end - 1)
            yield Found("error_text", context.text[start:stop], start, stop)
