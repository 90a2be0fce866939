"""Articles found by their words: SQLite's FTS5 in memory, with prefixes, compounds and one-letter typos.

Any text may be asked: only letters and digits of it reach the query, as quoted words. It knows nothing of
meaning; `bot.knowledge.search` fuses it with the encoder.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator

from bot.knowledge.articles import Article
from bot.knowledge.parsing import plain

MAX_WORDS = 24
MAX_WORD = 40
MIN_PREFIX = 3
MIN_PART = 4
MIN_TYPO = 5

WEIGHTS = {"title": 8.0, "keywords": 6.0, "summary": 4.0, "questions": 3.0, "steps": 1.5, "body": 1.0}
"""How much a word counts in each column, for bm25."""

_MOST = 2.2
"""FTS5's bm25 of one word is at most this times the word's inverse document frequency."""

_WORD = re.compile(r"[^\W_]+")

STOPWORDS = frozenset(
    re.findall(
        r"\S+",
        """
        a aan about after again ai aide aider al all alle alors als alsjeblieft also alstublieft alweer am
        an and any are as at au aub aucun aussi aux avec avez avoir avons be because bedankt been ben bent
        bij bonjour but by c ca can cannot car ce cela ces cet cette cherche chercher chez comme comment
        could d dag dan dans dat de den depuis des deze did die dit do doe doen does doing don donc door du
        dus een eens elle elles emploi en encore enkel er es est et etait eu even explication explications
        faire fait find finding fonctionne for from ga gaan gaat ge geen get gij goeiedag got graag guide
        guides had hallo handleiding handleidingen has have having he heb hebben hebt heeft hello help
        helpen hem hen her here het hi hier hij him his hoe how hulp hun i iemand iets if ik il ils in
        instructies instructions into is issue it its j ja je jij jullie just kan kunnen kunt l la laat le
        les leur like look looking lui lukt m ma maar mag mais manual manuals manuel marche me mee meer men
        merci mes mij mijn mode moet moeten moi mon more my n na naar ne nee ni niet niets no nog nooit nor
        nos not notre nous now nu of off om on once only ons ont ook op or other ou our out over own par pas
        per peu peut peux plait please plus pour pourquoi probleem probleempje problem probleme qu quand que
        quel quelle question qui quoi s sa sais sait salut same sans se ses she should si sinds so some son
        sont staat steeds still such suis sur svp t ta te tes than thank thanks that the their them then
        there these they this those to toch toen toi ton too tot tous tout tres trouble trouve trouver tu
        tutorial tutoriel u uit uitleg un under une until up uw va vais van vandaag veel very vind vinden
        vindt voor vos votre voudrais voulez vous vraag waar waarom was wat we wel welke werd were werken
        werkt what when where which while who why wie wij wil will willen with word worden wordt work
        working works would y yes you your zal ze zich zij zijn zo zoek zoeken zonder zou
        """,
    )
)
"""Words of the three languages that say nothing of the subject, without their accents."""


def words_of(text: str) -> list[str]:
    """The words of a text that say something, folded, each once."""
    telling = [word for word in spoken(text) if word not in STOPWORDS and (len(word) > 1 or word.isdigit())]
    return telling[:MAX_WORDS]


def spoken(text: str) -> list[str]:
    """All words of a text, folded, each once."""
    return list(dict.fromkeys(word[:MAX_WORD] for word in _WORD.findall(fold(text[:2_000]))))


def fold(text: str) -> str:
    """Small letters without accents, as FTS5's tokenizer makes them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class TextIndex:
    """The words of all articles in one in-memory table; searches may come from several threads."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(WEIGHTS)
        self._connection.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5(slug UNINDEXED, language UNINDEXED, {columns}, "
            "tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4 5')"
        )
        self._connection.executemany(
            f"INSERT INTO texts (slug, language, {columns}) VALUES (?, ?{', ?' * len(WEIGHTS)})",  # noqa: S608
            [(article.slug, article.language, *_columns(article)) for article in articles],
        )
        self._connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(texts, 'row')")
        self._rows = int(self._connection.execute("SELECT count(*) FROM texts").fetchone()[0])
        self._words = {row[0] for row in self._connection.execute("SELECT term FROM words")}
        self._typos: dict[str, str] = {}
        for word in sorted(self._words):
            if len(word) >= MIN_TYPO and word.isalpha():
                for shorter in _shortened(word):
                    self._typos.setdefault(shorter, word)
        weights = ", ".join(map(str, (0.0, 0.0, *WEIGHTS.values())))
        self._query = f"SELECT slug, language, -bm25(texts, {weights}) FROM texts WHERE texts MATCH ?"  # noqa: S608

    def search(self, text: str) -> dict[tuple[str, str], float]:
        """The (slug, language) of what has any word of `text`, each with a score from 0 to 1.

        Each word is asked by itself: bm25 says how prominent it is in an article, divided by what it
        could be at most, and a rare word weighs more. So the scores mean the same in a small knowledge
        base and in a large one.
        """
        scores: dict[tuple[str, str], float] = {}
        weights = 0.0
        for word in words_of(text):
            with self._lock:
                rows = self._connection.execute(self._query, (" OR ".join(self._terms(word)),)).fetchall()
            weight = math.log1p(self._rows / max(len(rows), 0.5)) / math.log1p(max(self._rows, 1))
            weights += weight
            most = _MOST * max(math.log((self._rows - len(rows) + 0.5) / (len(rows) + 0.5)), 1e-6)
            for slug, language, score in rows:
                prominence = min(score / most, 1.0)
                scores[slug, language] = scores.get((slug, language), 0.0) + weight * prominence
        # the square root forgives words beside the point: people tell more than the problem
        return {key: min(score / math.sqrt(max(weights, 0.25)), 1.0) for key, score in scores.items()}

    def _terms(self, word: str) -> Iterator[str]:
        """What to look for when a word is asked: it, as a prefix, its parts, or the word that was meant."""
        yield f'"{word}"*' if len(word) >= MIN_PREFIX and word.isalpha() else f'"{word}"'
        if word in self._words:
            return
        parts = [word[:end] for end in range(len(word) - 2, MIN_PART - 1, -1) if word[:end] in self._words]
        parts += [word[begin:] for begin in range(2, len(word) - MIN_PART + 1) if word[begin:] in self._words]
        for part in [part for part in parts if part not in STOPWORDS][:2]:
            yield f'"{part}"'
        if not parts and len(word) >= MIN_TYPO:
            meant = next((self._typos[key] for key in _shortened(word) if key in self._typos), None)
            if meant:
                yield f'"{meant}"'

    def close(self) -> None:
        """Let go of the table."""
        self._connection.close()


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two words one letter apart have one in common."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _columns(article: Article) -> tuple[str, ...]:
    steps = " ".join(f"{step.title} {step.text} {step.result}" for step in article.steps)
    return (
        article.title,
        " ".join((*article.keywords, article.slug.replace("-", " "))),
        article.summary,
        " ".join(article.questions),
        steps,
        f"{plain(article.intro)} {plain(article.advanced)}",
    )
