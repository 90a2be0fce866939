"""Finds the passwords and PINs that somebody types. `bot.model.redact` masks them.

A word that names one ("wachtwoord", "mdp", "pwd"), what links it to its value ("is", ":", "c'est"), and
a value that looks like one. "Mijn wachtwoord is verlopen" is prose and stays: the bot must understand it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PASSWORD = "[password]"  # noqa: S105, it is the mask

Span = tuple[int, int, str]
"""Start, end and the mask that takes its place."""

_KEYWORD = re.compile(
    r"(?<![\w\[])(?:"
    r"(?P<pin>pin(?:[ -]?(?:code|nummer|number))?|puk(?:[ -]?code)?|code[ -]?(?:pin|puk|secret)|geheime code)"
    r"|wachtwoord(?:en)?|wachtzin|paswoord|passwoord|mots? de passe|pass?word|passwd|passphrase|passcode"
    r"|pwd|pswd|psw|mdp|ww|pw|pass)(?![\w\]])(?:[\"'”’](?!s))?",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:(?:[ \t]{1,3}(?:van|voor|op|bij|de|du|des|pour|sur|of|for|on)(?:[ \t]{1,3}[\w'-]{1,24}){1,3}?)?(?:"
    r"[ \t]{0,3}(?P<sign>:|=>?|->|→)"
    r"|(?P<verb>(?:[’']s|[ \t]{1,3}(?:is|was|wordt|luidt|c[’' ]?est|est|[eé]tait|sera|becomes|zijn|are|sont))"
    r"(?:[ \t]{1,3}(?:dus|nu|toch|gewoon|momenteel|maintenant|toujours|now|still|just|currently))?)"
    r"(?:[ \t]{0,3}(?P<sign_too>:|=))?"
    r"|[ \t]{1,3}(?:(?:veranderd|gewijzigd|aangepast|gezet|changed|set|reset|changé|modifié|mis)[ \t]{1,3})?"
    r"(?P<to>naar|in|op|to|en|à|sur|als|as|comme)(?=[ \t])"
    r"))?(?P<gap>[ \t]{0,3})",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\"([^\"\n]{1,100})\"|“([^”\n]{1,100})”|«([^»\n]{1,100})»|'([^'\n]{1,100})'|`([^`\n]{1,100})`"
)
_TOKEN = re.compile(r"[^\s]{1,200}")
_CLAUSE_END = re.compile(r"[ \t]*(?:$|[.,;!?)\n]|(?:en|maar|of|et|mais|ou|and|but|or)\b)", re.IGNORECASE)
_KEPT = re.compile(
    r"0x[0-9a-f]+|aadsts[0-9]+|kb[0-9]{6,8}|https?://\S*|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}"
    r"|(?:windows|win|office|o|m|microsoft|outlook|exchange|sap|ios|android|macos|server)-?[0-9]{1,4}",
    re.IGNORECASE,
)
"""Error codes, addresses and product names: not secrets, and what an agent wants to read."""

_PROSE = frozenset(
    re.findall(
        r"\S+",
        """
        a aan about actif active actueel af afgelopen again al alleen allemaal almost already also
        alstublieft altijd always alweer and anders approximately at au aub aujourd aussi automatically avec
        back bad bedankt been being bekend beter bien bijna bizar blijkbaar blocked bloqué bon bonjour bonne
        bonnes but by car cassé ce cela celle celui ces cet cette ceux changed code complex compliqué
        compromised correct correcte correctement court daar dag dan dank dans dat de dead den depuis deze
        dezelfde die different difficile dit do does doit door down du due dus een eens eigenlijk elders
        else empty en encore enkel er erreur error est et exact expired expiré fautif faux fine fini
        finished fort fout foutcode foute foutief foutmelding gebruikt gedaan gehackt geheim gekend geldig
        gelukt genoeg gestolen gewoonweg goed gone good graag hacked had hallo has heb hebben heeft hello
        help het hetzelfde hi hier hij hoe how ici identique ik il ils immediately impossible in incomplet
        inconnu incorrect ineens ingewikkeld insecure invalid invalide is it je juist just juste kijk klaar
        kort krijg kwijt la lang langer lastig le leeg les long longer look lost là maar maintenant
        makkelijk mal mauvais me mee merci met mijn mine missing moeilijk mogelijk mon mort my n'est na naar
        ne near need needed nergens never new niet niets nieuw nodig nog non none nooit not nothing nouveau
        now nu nul null of ok oké old on onbekend onder ongeldig onjuist onveilig onvolledig ook opnieuw ou
        oublié oud ours out outdated over own par pareil parti pas pendant perdu perdus please plots plus
        pour presque probablement probleem problem problème périmé qu'il que quelque raar required reset
        right risky safe same secret secure see short simple since sinds slecht sneller so soon soort steeds
        sterk still stolen strange strong stuk suddenly supposed sur svp te tellement temporaire temporary
        terug thanks the they tijdelijk to toch toegestaan too tot toujours trop très uit un une unknown
        unsafe used useless valid valide van vandaag vandaan veel veilig verlopen very via vide vieux
        visible voir volgens volledig volé voor voorbij voyez vreemd waar waarom wanneer wat we weak weer
        weg weinig weird wel were what when where which wie wil with without wordt wrong you yours zeer zelf
        zichtbaar zie zo zogezegd zomaar zonder zwak zwakker ça étrange
        """,
    )
)
"""What may follow "my password is" without being one. Anything else that ends the clause is taken for it."""

_STATE = re.compile(
    r"(?:ge|ver|be|ont|her|mis|over|onder|af(?:ge)|op(?:ge)|in(?:ge)|uit(?:ge)|aan(?:ge)|door(?:ge))\w{2,}(?:d|t|en)"
    r"|\w{2,}(?:ed|ing|ée?s?|able|ible|baar|loos|ieuse?|ique|ement|ly)|on\w+(?:d|t|lijk|ig)",
    re.IGNORECASE,
)
"""Participles and adjectives: "verlopen", "geblokkeerd", "expired", "bloqué", "unreadable"."""


def find_passwords(text: str) -> Iterator[Span]:
    """The passwords to mask, in text order, never overlapping."""
    done = 0
    for keyword in _KEYWORD.finditer(text):
        if keyword.start() < done:
            continue
        span = _secret_after(text, keyword)
        if span:
            done = span[1]
            yield span


def _secret_after(text: str, keyword: re.Match[str]) -> Span | None:
    """The value that follows a keyword, if it is one."""
    link = _LINK.match(text, keyword.end())
    token = _TOKEN.match(text, link.end()) if link else None
    if link is None or token is None or link.end() == keyword.end() or token[0].startswith("["):
        return None
    sign, verb = bool(link["sign"] or link["sign_too"]), bool(link["verb"])
    if quoted := _QUOTED.match(text, link.end()):
        inside = quoted[0][1:-1]
        secret = not inside.startswith("[") and (sign or not _is_prose(inside))
        return (quoted.start() + 1, quoted.end() - 1, PASSWORD) if secret else None
    value = token[0].rstrip(",.;:?)]}\"'”»") or token[0]
    secret = _looks_secret(value, pin=bool(keyword["pin"]), linked=sign or verb, to=bool(link["to"]))
    if not secret and (sign or verb) and value.isalpha() and not _is_prose(value):
        secret = sign or bool(_CLAUSE_END.match(text, token.start() + len(value)))
    return (token.start(), token.start() + len(value), PASSWORD) if secret else None


def _is_prose(value: str) -> bool:
    word = value.lower()
    return word in _PROSE or bool(_STATE.fullmatch(word))


def _looks_secret(value: str, *, pin: bool, linked: bool, to: bool) -> bool:
    """Whether a value cannot be ordinary prose, judged more strictly the looser its link to the keyword."""
    if value.isdigit():
        return 3 <= len(value) <= 12 if pin else linked and len(value) >= 4
    if len(value) < 4 or (value.isalpha() and value[1:].islower()) or _KEPT.fullmatch(value):
        return False
    small, capital = value != value.upper(), value != value.lower()
    digit, symbol = bool(_DIGIT.search(value)), bool(_SYMBOL.search(value))
    if linked:
        return digit or symbol or (small and value[1:] != value[1:].lower())
    return len(value) >= 6 and small and digit and (capital or symbol or not to)


_DIGIT = re.compile("[0-9]")
_SYMBOL = re.compile(r"[^\w'’/!-]|!!")
"""What a password has and a word has not; a single exclamation mark ends many a sentence."""
