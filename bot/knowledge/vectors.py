"""Articles found by their meaning: vectors of what stands at their head, made once and kept in a file.

The file is a cache by the hash of each text: it may be deleted, and a changed article costs its own texts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.articles import Article

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Makes vectors of sentences; `nlu.encoder` has one."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text: (n, dimensions)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The same for texts that are searched, where `encode` is for what is asked."""
        ...


class VectorIndex:
    """The vectors of all articles, in every language: those of the same meaning lie together.

    `whole` is how much an article's whole counts, 0 to 1, beside the nearest of its parts.
    """

    def __init__(
        self, articles: Iterable[Article], encoder: Encoder, cache: Path | None = None, whole: float = 0.5
    ) -> None:
        self._encoder = encoder
        self._whole = whole
        everything = sorted(articles, key=lambda article: article.slug)
        self._slugs = sorted({article.slug for article in everything})
        wholes = [(article.slug, _whole(article)) for article in everything]
        parts = [(article.slug, text) for article in everything for text in _parts(article)]
        searched = [_Text(text, passage=True) for _, text in wholes]
        rows = _vectors([*searched, *(_Text(text, passage=False) for _, text in parts)], encoder, cache)
        self._wholes, self._parts = rows[: len(wholes)], rows[len(wholes) :]
        self._first_whole, self._first_part = self._firsts(wholes), self._firsts(parts)

    def _firsts(self, texts: list[tuple[str, str]]) -> NDArray[np.intp]:
        """Where the rows of each article begin; they lie in the order of the slugs."""
        slugs = [slug for slug, _ in texts]
        return np.array([slugs.index(slug) for slug in self._slugs], dtype=np.intp)

    def search(self, text: str) -> dict[str, float]:
        """How near `text` is to each article, by slug."""
        if not self._slugs or not text.strip():
            return {}
        asked = self._encoder.encode([text[:1_000]])[0]
        whole = np.maximum.reduceat(self._wholes @ asked, self._first_whole)
        part = np.maximum.reduceat(self._parts @ asked, self._first_part)
        near = self._whole * whole + (1 - self._whole) * part
        return {slug: float(score) for slug, score in zip(self._slugs, near, strict=True)}


class _Text(NamedTuple):
    """A text of an article: a passage that may answer, or something that might be asked."""

    text: str
    passage: bool


def _whole(article: Article) -> str:
    return f"{article.title}. {article.summary} {', '.join(article.keywords)}"[:400]


def _parts(article: Article) -> list[str]:
    named = (f"{article.title} {word}" for word in article.keywords)
    return [article.title, article.summary, *named, *article.questions]


def _key(name: str, text: _Text) -> str:
    kind = "passage" if text.passage else "query"
    return hashlib.sha256(f"{name}\0{kind}\0{text.text}".encode("utf-8", "replace")).hexdigest()[:32]


def _vectors(texts: list[_Text], encoder: Encoder, cache: Path | None) -> Vectors:
    """A row for each text, from the cache where it is there; the cache is then what these texts need."""
    if not texts:
        return np.empty((0, 0), dtype=np.float32)
    name = getattr(encoder, "name", type(encoder).__name__)
    keys = [_key(name, text) for text in texts]
    places, rows = _read(cache) if cache else ({}, None)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in places}
    for passage, encode in ((True, encoder.passages), (False, encoder.encode)):
        kind = {key: text.text for key, text in new.items() if text.passage is passage}
        if kind:
            made = encode(list(kind.values()))
            places |= {key: len(places) + at for at, key in enumerate(kind)}
            rows = made if rows is None else np.concatenate([rows, made])
    assert rows is not None  # there are texts: what was not in the cache was made
    if new and cache:
        needed = list(dict.fromkeys(keys))
        _write(cache, needed, rows[[places[key] for key in needed]])
    return rows[[places[key] for key in keys]]


def _read(cache: Path) -> tuple[dict[str, int], Vectors | None]:
    """The rows of the cache, and where each text's is; nothing where there is none that can be read."""
    try:
        with np.load(cache, allow_pickle=False) as kept:
            rows = kept["rows"].astype(np.float32, copy=False)
            return {key: at for at, key in enumerate(kept["keys"].tolist()[: len(rows)])}, rows
    except FileNotFoundError:
        return {}, None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        log.warning(
            "the vectors of the articles cannot be read and are made again", extra={"error": str(error)}
        )
        return {}, None


def _write(cache: Path, keys: list[str], rows: Vectors) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_name(f"{cache.name}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, keys=np.array(keys), rows=rows)
        part.replace(cache)
    except OSError as error:
        log.warning(
            "the vectors of the articles cannot be kept", extra={"file": str(cache), "error": str(error)}
        )
