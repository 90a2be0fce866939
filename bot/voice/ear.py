"""What is written, made to be heard: no markup, addresses and numbers as people say them, lists as sentences,
choices with their keys. Text in, text out; whoever speaks it (a provider's voice, a synthesiser) is not here.
Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.voice.words import Words, words

MANY = 5
"""More choices than these are read only to who asks for them."""

_MARKS = re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>+[ \t]?|[-*•·–][ \t]+|\d{1,2}[.)][ \t]+)", re.MULTILINE)
_RULE = re.compile(r"^[ \t|:*_=-]{3,}$", re.MULTILINE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'’»]+", re.IGNORECASE)
_WAY = re.compile(r"\s*(?:->|=>|[>→])\s*(?=\w)")
_NUMBER = r"(?<![\w.,])(?:\+|00)?\d[\d /.()-]{7,18}\d(?!\w)"
_PHONE = re.compile(_NUMBER)
_ADDRESS = re.compile(r"[.]\d{3}[.]\d{3}$|(?:\d{1,3}\.){3}\d{1,3}")
"""A large number, or an address of the internet."""
_CODE = re.compile(
    r"(?<![\w-])(?=[A-Z0-9x-]*\d)(?=[A-Z0-9x-]*[A-Z]|0x)[A-Z0-9][A-Z0-9x]*(?:-[A-Z0-9]+)*(?![\w-])"
)
_HOUR = re.compile(r"\b(van|tot|om|tussen|vanaf|en) (\d{1,2})[.:]([0-5]\d)(?: (?:uur|u\b))?(?![.,:]?\d)")
"""An hour as it is written in Dutch: 8.30 would be read as a fraction."""
_LEFT = re.compile(r"[*_#<>\[\]{}|~^`\\]+")
_EMPHASIS = re.compile(r"(?<!\w)[*_`~]+(?=\w)|(?<=[^\s*_`~])[*_`~]+(?!\w)")
_QUOTES = re.compile("[\"‘“”„«»]|(?<!\\w)'|'(?!\\w)|(?<!\\w)’|’(?!\\w)")
_WORD = re.compile(r"[^\W_]+")
_PLAIN_WORD = re.compile(r"[A-ZÀ-Þ](?:[a-zß-ÿ]+(?![\w-])|(?= ))")
_SHORTEST_CODE = 4
_SILENT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp", "Me"})


def said(text: str, language: str, own_host: str = "") -> str:
    """The text as it is to be spoken. `own_host` is where the helpdesk's own pages are: said more shortly.

    Not empty where there is a word in it, and without markup whatever it is.
    """
    say = words(language)
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = "".join(letter for letter in plain if letter in "\n\t" or _is_spoken(letter))
    plain = _TAG.sub(" ", _MARKS.sub(r"\1", plain))
    plain = _LINE_START.sub("", _RULE.sub("", plain))
    plain = _EMPHASIS.sub("", _QUOTES.sub("", plain))
    plain = _EMAIL.sub(lambda found: spelled_address(found[0], say), plain)
    plain = _URL.sub(lambda found: _website(found[0], say, own_host), plain)
    plain = _WAY.sub(say.then, plain)
    plain = _tickets(language).sub(lambda found: f"{found[1]} {_one_by_one(found[2])}", plain)
    plain = _PHONE.sub(lambda found: _phone_in(found[0], language), plain)
    plain = _CODE.sub(lambda found: _code_in(found[0]), plain)
    if language == "nl":
        plain = _HOUR.sub(_hour, plain)
    plain = _short(plain, language)
    plain = re.sub(r"\s*\(([^()\n]*)\)", r", \1,", plain)
    plain = _LEFT.sub(" ", plain).replace("@", f" {say.at} ")
    plain = _sentences(plain)
    if not _WORD.search(plain):
        return " ".join(_WORD.findall(text))
    return plain


def choices(titles: Sequence[str], language: str) -> str:
    """What can be said or pressed: each title with its key, counted from 1."""
    say = words(language)
    clean = [_title(title, language) for title in titles]
    if all(_WORD.findall(title)[:1] == [str(key)] for key, title in enumerate(titles, start=1)) and titles:
        return say.scores
    if len(clean) == 1:
        return say.only.format(title=clean[0], key=1)
    parts = [say.choice.format(title=title, key=key) for key, title in enumerate(clean[:-1], start=1)]
    last = say.last.format(title=clean[-1], key=len(clean)) if clean else ""
    return say.say + "; ".join(parts) + last + "." if clean else ""


def digits(number: str, language: str) -> str:
    """A number one digit at a time, with a rest between groups: for reading back."""
    say = words(language)
    only = [letter for letter in _national(number) if letter.isascii() and letter.isdigit()]
    spoken = [say.tens[int(digit)] for digit in only]
    groups = [spoken[:4], *(spoken[at : at + 2] for at in range(4, len(spoken), 2))]
    plus = f"{say.plus} " if number.strip().startswith("+") and _national(number).startswith("+") else ""
    return plus + ", ".join(" ".join(group) for group in groups if group)


def phone(number: str, language: str) -> str:
    """A telephone number as Belgians say it: the first digits one by one, the rest in pairs."""
    national = _national(number)
    only = "".join(letter for letter in national if letter.isascii() and letter.isdigit())
    say, mobile = words(language), len(only) == 10 and only.startswith("04")
    head = 4 if mobile else 2 if len(only) == 9 and only[1:2] in "23479" else 3
    first, rest = only[:head], only[head:]
    if len(rest) % 2:
        first, rest = only[: head + 1], only[head + 1 :]
    plus = f"{say.plus} " if national.startswith("+") else ""
    pairs = [number_word(rest[at : at + 2], language) for at in range(0, len(rest), 2)]
    return ", ".join([plus + " ".join(say.tens[int(digit)] for digit in first), *pairs])


def number_word(pair: str, language: str) -> str:
    """A number of one or two digits in words; a zero in front is said."""
    say, value = words(language), int(pair)
    if len(pair) == 2 and pair[0] == "0":
        return f"{say.tens[0]} {say.tens[value]}"
    if value <= 20:
        return say.tens[value]
    ten, unit = divmod(value, 10)
    tens = say.tens[18 + ten]
    if not unit:
        return tens
    one = say.tens[unit]
    if language == "nl":
        joined = one.replace("één", "een")
        return f"{joined}{'ën' if joined.endswith('e') else 'en'}{tens}"
    if language == "fr":
        tens = tens.removesuffix("s") if ten == 8 else tens
        return f"{tens} et un" if unit == 1 and ten != 8 else f"{tens}-{one}"
    return f"{tens}-{one}"


def spelled_address(address: str, say: Words) -> str:
    """An e-mail address or a host, with its signs as words."""
    signs = {"@": say.at, ".": say.dot, "-": say.dash, "_": say.underscore, "+": say.plus}
    return re.sub(r"[@._+-]", lambda found: f" {signs[found[0]]} ", address).replace("  ", " ").strip()


def length(seconds: int) -> str:
    """How long something took, for a note: 3:05."""
    return f"{max(0, seconds) // 60}:{max(0, seconds) % 60:02d}"


def normal(text: str) -> str:
    """What was said, to compare it with words: lower case, without signs."""
    return " ".join(re.sub(r"[^\w'-]+", " ", text.casefold()).split())


# ── the parts ─────────────────────────────────────────────────────────────────────────────────────────────


def _is_spoken(letter: str) -> bool:
    """Not a control, a picture or half of one; signs that have words are kept."""
    if letter in "€°+=<>^`~|$":
        return True
    return unicodedata.category(letter) not in (
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "So",
        "Sk",
        "Zl",
        "Zp",
        "Me",
    ) and not ("\ufe00" <= letter <= "\ufe0f")


def _website(address: str, say: Words, own_host: str) -> str:
    rest = address.rstrip(".,;:!?)»’")
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", rest, flags=re.IGNORECASE)
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].rpartition("@")[2]
    ours = bool(own_host) and host.casefold() == own_host.casefold()
    spoken = say.own_website if ours else say.website.format(host=spelled_address(host, say))
    return spoken + address[len(rest) :]


def _hour(found: re.Match[str]) -> str:
    minutes = "" if found[3] == "00" else f" {found[3]}"
    return f"{found[1]} {found[2]} uur{minutes}"


def _one_by_one(code: str) -> str:
    return " ".join(letter for letter in code if letter.isalnum())


def _code_in(code: str) -> str:
    return _one_by_one(code) if len(code.replace("-", "")) >= _SHORTEST_CODE else code


def _phone_in(found: str, language: str) -> str:
    only = re.sub(r"\D", "", found)
    starts = found.startswith(("+", "0"))
    if (
        not starts
        or not 9 <= len(only) <= 15
        or re.search(r"[.]\d{3}[.]\d{3}$|(?:\d{1,3}\.){3}\d{1,3}", found)
    ):
        return found
    return phone(found, language)


def _national(number: str) -> str:
    """A Belgian number as it is dialled in Belgium; another one stays as it is."""
    plain = re.sub(r"\(0\)", "", number.strip())
    plain = re.sub(r"[^\d+]", "", plain)
    plain = re.sub(r"^00", "+", plain)
    return "0" + plain[3:] if plain.startswith("+32") else plain


@lru_cache(maxsize=8)
def _tickets(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, words(language).ticket), key=len, reverse=True))
    return re.compile(
        rf"\b((?:{names})(?: is| porte le numéro)?) (?:(?:nr\.?|n°|no\.?|#) ?)?([A-Z]{{0,4}}-?\d{{2,9}})\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=8)
def _shorts(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    made: list[tuple[re.Pattern[str], str]] = []
    for short, spoken in words(language).letters.items():
        if short == "/":
            made.append((re.compile(r"(?<=[^\W\d_])/(?=[^\W\d_])"), spoken))
        elif short in "&=+":
            made.append((re.compile(rf"(?<=\s){re.escape(short)}(?=\s)"), spoken))
        elif short in "%€":
            made.append((re.compile(rf"\s?{short}"), f" {spoken}"))
        elif short.startswith("("):
            made.append((re.compile(rf"(?<=\w){re.escape(short)}"), spoken))
        elif short in ("max.", "min.", "sec.", "no.") or short[0].isupper():
            # Only after a number, or before one: "min." and "no." are words besides.
            before = rf"(?<=\d) ?{re.escape(short)}(?!\w)"
            after = rf"(?<!\w){re.escape(short)}(?= ?\d)" if short in ("max.", "no.") else r"(?!)"
            made.append((re.compile(f"{before}|{after}"), f" {spoken}"))
        else:
            made.append((re.compile(rf"(?<!\w){re.escape(short)}", re.IGNORECASE), spoken))
    return tuple(made)


def _short(text: str, language: str) -> str:
    for found, spoken in _shorts(language):
        text = found.sub(spoken, text)
    return text


def _title(title: str, language: str) -> str:
    spoken = said(title, language).rstrip(".")
    return spoken[:1].lower() + spoken[1:] if _PLAIN_WORD.match(spoken) else spoken


def _sentences(text: str) -> str:
    """Lines as sentences: each ends with a sign, and there is one space between words."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = re.sub(r"\s*[·•]\s*", ", ", line)
        line = re.sub(r"\s*[–—]\s+", ", ", line)
        line = " ".join(line.split())
        line = re.sub(r"[,;]+(?:\s*[,;]+)+", ",", line)
        line = re.sub(r"\s+([.,;:!?])", r"\1", line)
        line = re.sub(r",+\s*([.:;!?])", r"\1", line).strip(" ,;")
        if not _WORD.search(line):
            continue
        lines.append(line if line[-1] in ".!?…:" else f"{line}.")
    return " ".join(lines)


def last_sentence(text: str) -> str:
    """The last sentence of a text for the ear: of several, the question."""
    return re.split(r"(?<=[.!?…]) ", text.strip())[-1]
