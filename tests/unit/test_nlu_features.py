"""The lean vectoriser makes what scikit-learn's makes, and cleaning never moves a character."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.features import MAX_CHARACTERS, Analyser, Vectoriser, clean, joined, numbered, tokens

TEXTS = [
    "De wifi werkt niet meer!",
    "ma connexion à l'école est coupée, coupée",
    "can't print 2 pages",
    "👍 ok",
    "wifi wifi wifi stuk?",
]
ANALYSER = Analyser((1, 2), (2, 4))


def both() -> tuple[TfidfVectorizer, TfidfVectorizer, Vectoriser]:
    words = TfidfVectorizer(analyzer=ANALYSER.word_features, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer=ANALYSER.character_features, sublinear_tf=True)
    words.fit(TEXTS)
    characters.fit(TEXTS)
    shift = len(words.vocabulary_)
    lean = Vectoriser(
        ANALYSER,
        {gram: int(at) for gram, at in sorted(words.vocabulary_.items(), key=lambda pair: pair[1])},
        {gram: int(at) + shift for gram, at in characters.vocabulary_.items()},
        np.concatenate([words.idf_, characters.idf_]).astype(np.float32),
    )
    return words, characters, lean


WORDS, CHARACTERS, LEAN = both()


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from([*TEXTS, "de", "wifi", "onbekend", "école", "?", "12", " "]), max_size=5).map(
        " ".join
    )
)
def test_it_equals_scikit_learn(text: str) -> None:
    wanted = np.hstack([WORDS.transform([text]).toarray()[0], CHARACTERS.transform([text]).toarray()[0]])
    row = LEAN.rows([text])[0]
    found = np.zeros(len(wanted))
    found[row.ids] = row.weights
    assert np.allclose(found, wanted, atol=1e-5)


@given(st.text(max_size=300))
def test_cleaning_keeps_every_offset(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert all(new in (old, " ") for new, old in zip(cleaned, text, strict=True))


def test_html_control_characters_and_length() -> None:
    assert clean("<b>wifi</b>\x00stuk\u200b") == "   wifi     stuk "
    assert clean("3 < 4 en 5 > 2") == "3 < 4 en 5 > 2"
    assert len(clean("a" * 100_000)) == MAX_CHARACTERS


def test_words_figures_and_emoji() -> None:
    assert tokens("Mijn PC, nr. 1042 👍?") == ["mijn", "pc", "nr", "0000", "👍", "?"]
    assert tokens("e\u0301cole") == ["école"]
    assert tokens("") == []


def test_a_vocabulary_survives_the_file() -> None:
    table = {"a": 3, "été x": 4, "👍": 5}
    assert numbered(joined(table), 3) == table
    assert numbered(joined({}), 0) == {}
