"""A person's name in the answer to "what is your name?": without "ik heet", "je m'appelle", "my name is".

Looked for only while a name is asked: any capitalised word would be one otherwise.
"""

from __future__ import annotations

import re

from nlu.lookup import Found
from nlu.patterns import either


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NAME_SLOTS = frozenset({"customer_name", "colleague_name", "name"})
"""While one of these is asked, a person's name is looked for."""
_GREETINGS = either(
    "hallo,hello,hi,hey,dag,goeiedag,goedendag,goedemorgen,bonjour,bonsoir,salut,ja,yes,oui,ok,oke"
)
_LEADS = either(
    "ik ben,ik heet,ik noem,mijn naam is,mijn naam,naam,naam is,dit is,het is,'t is,u spreekt met,met"
    ",je m'appelle,je me nomme,mon nom est,mon nom c'est,mon nom,je suis,c'est,moi c'est,nom"
    ",zeg maar,noem me,dat is,appelez moi,appelez-moi,appelle moi,appelle-moi,just call me,i'm,i am"
    ",im,my name is,my name's,my name,name,name is,this is,it's,it is,its,call me,sure,of course"
)
_TITLES = either("de heer,mevrouw,meneer,dhr,mevr,mw,madame,monsieur,mme,mr,mrs,ms,miss,dr")
_NAME_LEADS = re.compile(rf"(?:{_GREETINGS}[ ,.!]{{1,3}})?(?:{_LEADS}(?: |: ?|, ?))?(?:{_TITLES}\.? )?")
_NAME_WORD = r"[^\W\d_][^\W\d_'’.-]{0,30}(?:['’.-][^\W\d_]{0,30}){0,3}"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,5}}")
_NO_NAME = _words(
    "ik je jij u weet niet geen waarom nee neen ja wat wie hoe kan wil moet mijn een het is ben werkt niemand"
    " liever overslaan annuleer annuleren hallo medewerker persoon"
    " non oui pourquoi pas ne que quoi veux peux mon ma un une est suis rien marche bonjour personne"
    " no yes not why what who how can can't cannot don't want dont my the please help nothing nobody am works"
    " skip ok oke stop cancel hello agent person"
)
_PARTICLES = _words("van de der den ter ten te le la du des da di von el al d'")
_MORE = re.compile(rf" {either('en,maar,et,mais,and,but,from,uit,op,mijn,mon,ma,my')}(?= |$)", re.IGNORECASE)
_SHORT = 3
"""Words that may follow a bare name ("Jan Peeters van de boekhouding") before it is no answer any more."""


def find_name(text: str, folded: str) -> Found | None:
    """The name in an answer, if the answer has one."""
    begin = len(text) - len(text.lstrip(" ,.!\"'«"))
    lead = _NAME_LEADS.match(folded, begin)
    start = lead.end() if lead else begin
    match = _NAME.match(text, start)
    if match is None:
        return None
    shown = _before_more(match.group()).rstrip(" .'’-")
    end = match.start() + len(shown)
    words = folded[match.start() : end].split()
    led = start > begin
    rest = text[end:]
    parted = len(words) > 1 and rest[:1] in (",", ";", "\n", ".")  # "Jan Peeters, 0470 12 34 56"
    if not _NO_NAME.isdisjoint(words) or (
        not led and (len(words) > 5 or (len(rest.split()) > _SHORT and not parted))
    ):
        return None
    return Found("name", _tidy(shown), match.start(), end)


def _before_more(shown: str) -> str:
    """The words before one with which something else begins: "Luc Maes en mijn nummer is …"."""
    more = _MORE.search(shown, 1)
    return shown[: more.start()] if more else shown


def _tidy(shown: str) -> str:
    """As typed, or with capitals when all is lower or all is upper case."""
    if not (shown.islower() or (shown.isupper() and len(shown) > 3)):
        return " ".join(shown.split())
    words = [word if word in _PARTICLES else word.title() for word in shown.lower().split()]
    words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words)
