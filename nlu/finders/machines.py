"""Names of machines and the numbers on their stickers: "srv-file01", "PC-BOEKH-07", "LT-00421",
"5CG0412XYZ"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.finders.context import Context, words
from nlu.finders.spoken import SIGNS
from nlu.lookup import Found
from nlu.patterns import either

_LINK = rf"(?:{either(' is, est, heet, c.est, zegt,:, :,=, nr., nummer')}){{0,2}} ?"
_LABEL = r"[a-z0-9]{1,30}(?:[-_][a-z0-9]{1,30}){0,5}"
_NAMES = either(
    "computernaam,machinenaam,pc-naam,hostnaam,hostname,host name,computer name,machine name,pc name"
    ",device name"
    ",naam van de machine,naam van mijn machine,naam van de computer,naam van mijn computer,naam van de pc"
    ",naam van mijn pc,naam van de server,nom de l'ordinateur,nom de la machine,nom de ma machine,nom du pc"
    ",nom de mon pc,nom du serveur,nom d'hote,name of the machine,name of my machine,name of the computer"
    ",name of my computer,name of the server"
)
_NAMED = re.compile(rf"(?<!\w){_NAMES}{_LINK}(?P<host>(?=[a-z_-]{{0,30}}[0-9-]){_LABEL})(?![\w-])")
_KINDS = either(
    "server,serveur,switch,host,fileserver,printserver,machine,node,domain controller,vm,firewall,nas"
)
_AFTER = re.compile(
    rf"(?<!\w){_KINDS} (?P<host>(?=[a-z_]{{1,30}}[-_]?[a-z0-9-]{{0,30}}\d)[a-z]{_LABEL})(?![\w-])"
)
_PREFIXES = either("srv,sv,svr,dc,pc,ws,sw,ap,prn,prt,fs,sql,vm,esx,nas,host,vdi,ts,rds,fw")
_PREFIXED = re.compile(rf"(?<![\w.@/-])(?P<host>{_PREFIXES}[-_](?=[a-z_-]{{0,30}}\d){_LABEL})(?![\w@-])")
_INTERNAL = re.compile(
    rf"(?<![\w.@/-])(?P<host>(?=[a-z-]{{1,30}}\d)[a-z]{_LABEL}(?:\.[a-z0-9-]{{1,40}}){{0,4}}"
    rf"\.{either('local,lan,intern,internal,corp,home,domain')})(?![\w@-]|\.\w)"
)
_NAME_WORDS = words("naam nom name host hostname computernaam machinenaam pc naam hostnaam")
_SAID_LINKS = words("is c est heet")
_ASSET = either(
    "asset,assetnummer,asset nummer,assetnr,asset nr,asset tag,assettag,asset number,asset no,asset"
    " id,inventarisnummer"
    ",inventaris nummer,inventarisnr,inventaris,numero d'inventaire,n° d'inventaire,no d'inventaire"
    ",numero d'asset"
    ",inventory number,serienummer,serie nummer,serial number,serial,serial no,s/n,numero de serie"
    ",n° de serie"
    ",no de serie,service tag,servicetag"
)
_CODE = r"(?=[a-z/-]{0,12}\d)[a-z0-9]{1,24}(?:[-/][a-z0-9]{1,16}){0,4}"
_ASSETS = re.compile(rf"(?<!\w){_ASSET}{_LINK}#?(?P<code>{_CODE})(?![\w-])")
_STICKERS = either("lap,lpt,lt,nb,dt,dsk,mon,scr,tab,ast,inv")
_STICKER = re.compile(rf"(?<![\w.@/-])(?P<code>(?:[a-z]{{2,4}}-)?{_STICKERS}-?\d{{3,8}})(?![\w-])")
_ASSET_WORDS = words(
    "asset assetnummer inventarisnummer inventaire inventaris serienummer serial serie tag inventory"
)
_FILLERS = words("is c est nummer number numero d nr no tag zegt het de le")
_LEAST = 4


def hosts(context: Context) -> Iterator[Found]:
    """Names of machines, with the capitals of the text."""
    if context.digits:
        for pattern in (_NAMED, _AFTER, _PREFIXED, _INTERNAL):
            for match in pattern.finditer(context.folded):
                start, end = match.span("host")
                yield Found("host_name", context.text[start:end], start, end)
    if context.runs:
        yield from _said(context)


def assets(context: Context) -> Iterator[Found]:
    """Numbers on stickers: of an inventory or of the maker."""
    if context.digits:
        for pattern in (_ASSETS, _STICKER):
            for match in pattern.finditer(context.folded):
                start, end = match.span("code")
                if end - start >= _LEAST:
                    yield Found("asset_number", context.text[start:end].upper(), start, end)
    for run in context.runs:
        if len(run.digits) >= _LEAST and context.named_before(run.first, _ASSET_WORDS, _FILLERS):
            yield Found("asset_number", run.digits, *context.span(run.first, run.last))


def _said(context: Context) -> Iterator[Found]:
    """A machine's name letter by letter: "p c dash acct dash zero seven"."""
    links = [at for at, token in enumerate(context.tokens) if token.text in _SAID_LINKS]
    spelled = {at: run for run in context.runs for at in range(run.first, run.last + 1)}
    for at in links:
        begin = at + 1
        if context.word(begin) == "est":
            continue
        if not any(context.word(place) in _NAME_WORDS for place in range(at - 6, at)):
            continue
        end, signs = begin, 0
        while end < len(context.tokens) and end - begin < 16:
            word = context.word(end)
            beside = context.word(end - 1) in SIGNS or context.word(end + 1) in SIGNS
            if not (len(word) == 1 or word in SIGNS or end in spelled or beside):
                break
            signs += word in SIGNS
            end += 1
        if signs and end - begin >= 3 and context.word(end - 1) not in SIGNS:
            yield Found("host_name", _typed(context, begin, end), *context.span(begin, end - 1))


def _typed(context: Context, begin: int, end: int) -> str:
    numbers = {run.first: run for run in context.runs}
    out, at = "", begin
    while at < end:
        run = numbers.get(at)
        word = context.word(at)
        out += run.digits if run else SIGNS.get(word, word)
        at = run.last + 1 if run else at + 1
    return out
