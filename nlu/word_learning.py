"""What is learned of words and parts of words: their weights (TF-IDF), and a linear model over them.

All texts are cut up and counted once; a model without some of them is made of the rows of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier

from nlu.classifier import Linear
from nlu.features import Analyser, Floats, Vectoriser
from nlu.kernel_learning import Places

ROUNDS = 5
LOOKS = 60_000
"""How often all examples are looked at, and how many looks there are at least."""

_FAR_BELOW = -20.0
"""The score of a label of which nothing was seen."""


class _Table(NamedTuple):
    """Counts of one kind of features, (texts, features), and their names in the order of the columns."""

    counts: Any
    names: NDArray[Any]


class _Weighed(NamedTuple):
    """The features of a table that count, by their columns, and what weighs them."""

    columns: Places
    tfidf: Any


class WordLearning:
    """Learns from cleaned texts; `truth` has the number of each one's label. Parts of words that stand in
    fewer than `least` texts are left out; `strength` is how closely the examples are followed."""

    def __init__(
        self,
        analyser: Analyser,
        texts: Sequence[str],
        truth: Places,
        labels: int,
        *,
        least: int,
        strength: float,
    ) -> None:
        self._analyser = analyser
        self._truth = truth
        self._labels = labels
        self._least = least
        self._strength = strength
        self._words = _counted(analyser.word_features, texts)
        self._characters = _counted(analyser.character_features, texts)

    def all(self) -> tuple[Vectoriser, Linear]:
        """The model of all texts."""
        places = np.arange(len(self._truth))
        words, characters = self._weigh(places)
        linear = self._fit(places, words, characters)
        first = [str(self._words.names[at]) for at in words.columns]
        then = [str(self._characters.names[at]) for at in characters.columns]
        vectoriser = Vectoriser(
            analyser=self._analyser,
            words={gram: at for at, gram in enumerate(first)},
            characters={gram: at for at, gram in enumerate(then, start=len(first))},
            idf=np.concatenate([words.tfidf.idf_, characters.tfidf.idf_]).astype(np.float32),
        )
        return vectoriser, linear

    def held_out(self, part: Places) -> Floats:
        """The scores of the texts at `part` by a model of the others."""
        rest = np.setdiff1d(np.arange(len(self._truth)), part)
        words, characters = self._weigh(rest)
        linear = self._fit(rest, words, characters)
        return np.asarray(self._matrix(part, words, characters) @ linear.weights + linear.bias)

    def _weigh(self, places: Places) -> tuple[_Weighed, _Weighed]:
        least = min(self._least, max(1, len(places) // 20))
        return _weighed(self._words, places, 1), _weighed(self._characters, places, least)

    def _matrix(self, places: Places, words: _Weighed, characters: _Weighed) -> Any:
        tables = (self._words, words), (self._characters, characters)
        return hstack([of.tfidf.transform(each.counts[places][:, of.columns]) for each, of in tables]).tocsr()

    def _fit(self, places: Places, words: _Weighed, characters: _Weighed) -> Linear:
        """Logistic regression, one label against the rest, by stochastic gradients: as good as the exact one
        here, in a fraction of the time. With a column for every label, also for one that is missing here."""
        matrix, truth = self._matrix(places, words, characters), self._truth[places]
        seen, count = np.unique(truth), len(truth)
        learner: Any = SGDClassifier
        model = learner(
            loss="log_loss",
            alpha=1 / (self._strength * count),
            max_iter=max(ROUNDS, -(-LOOKS // count)),
            tol=None,
            random_state=7,
            n_jobs=-1,
        ).fit(matrix, truth)
        coefficients, intercept = model.coef_, model.intercept_
        if len(seen) == 2:  # two classes have one row in scikit-learn
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            intercept = np.concatenate([-intercept / 2, intercept / 2])
        weights = np.zeros((matrix.shape[1], self._labels), dtype=np.float32)
        bias = np.full(self._labels, _FAR_BELOW, dtype=np.float32)
        weights[:, seen] = coefficients.T
        bias[seen] = intercept
        return Linear(weights, bias)


def _counted(features: Any, texts: Sequence[str]) -> _Table:
    counting: Any = CountVectorizer
    counter = counting(analyzer=features, dtype=np.float32)
    counts = counter.fit_transform(texts)
    return _Table(counts, counter.get_feature_names_out())


def _weighed(table: _Table, places: Places, least: int) -> _Weighed:
    """The features that stand in at least so many of the texts at `places`."""
    rows = table.counts[places]
    columns = np.flatnonzero(rows.getnnz(axis=0) >= least)
    weigher: Any = TfidfTransformer(sublinear_tf=True)
    return _Weighed(columns, weigher.fit(rows[:, columns]))
