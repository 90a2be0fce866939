"""From a text to the probability of every intent: words first, sentence encoders where they are unsure.

The scores of all are added with weights that were fitted on held-out examples, so that a confidence of 0.8
is right about eight times in ten. Nothing is learned here (that is `nlu.train`), and nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import Encoder
from nlu.features import Floats, Vectoriser, has_words, scores
from nlu.watching import Watch, unwatched


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model: a column for each intent. The weights as a model file has them, of half precision."""

    weights: NDArray[np.floating[Any]]
    bias: Floats


_FEW = 8
"""Up to so many rows a product with each alone is quicker than one with all."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Likeness to some training sentences (a radial kernel on unit vectors), weighted for each intent."""

    axes: Floats
    """(the encoder's dimensions, fewer): the directions in which training sentences differ most"""
    sentences: Floats
    """(training sentences, dimensions), each of length 1"""
    weights: Floats
    """(training sentences, labels)"""
    width: float

    def scores(self, vectors: Floats) -> Floats:
        """(n, labels): the signed root of the regression, which mixes better than the regression itself."""
        points = along(vectors, self.axes)
        if len(points) <= _FEW:
            likeness = np.stack([self.sentences @ point for point in points])
        else:
            likeness = points @ self.sentences.T
        likeness -= 1.0
        likeness *= self.width
        found = np.exp(likeness, out=likeness) @ self.weights
        return np.sign(found) * np.sqrt(np.abs(found))


def along(vectors: Floats, axes: Floats) -> Floats:
    """Vectors in fewer dimensions, each of length 1 again; training and run time must agree on it."""
    points = vectors @ axes
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    return points


@dataclass(frozen=True, slots=True)
class Mixture:
    """How the scores become probabilities, and when the cheap ones are enough. All from held-out examples."""

    cheap: float = 1.0
    """What the cheap scores are multiplied by when they stand alone."""
    both: tuple[float, ...] = (1.0, 1.0)
    """What the cheap scores and those of each part are multiplied by together."""
    sure: float = 1.01
    """From which probability of the cheap model no encoder is asked; above 1: always ask."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one encoder says: its vectors of sentences, and what training made of them."""

    component: str
    encoder: Encoder
    kernel: Kernel
    max_characters: int = 400


@dataclass(frozen=True, slots=True)
class IntentClassifier:
    """The trained model over the labels, which may include `nlu_fallback`."""

    labels: tuple[str, ...]
    vectoriser: Vectoriser
    words: Linear
    parts: tuple[Part, ...]
    mixture: Mixture

    def probabilities(self, texts: Sequence[str], watch: Watch = unwatched) -> Floats:
        """(n, labels) for cleaned texts: one pass over the words, one call of each encoder for the unsure."""
        if not texts:
            return np.empty((0, len(self.labels)), dtype=np.float32)
        with watch("WordAndCharacterFeaturizer"):
            rows = self.vectoriser.rows(texts)
        with watch("IntentClassifier"):
            cheap = scores(rows, self.words.weights, self.words.bias)
            out = softmax(cheap * self.mixture.cheap)
        if not self.parts:
            return out
        tops = out.max(axis=1).tolist()
        unsure = [at for at, top in enumerate(tops) if top < self.mixture.sure and has_words(texts[at])]
        if unsure:
            first, *others = self.mixture.both
            total = cheap[unsure] * first
            for part, weight in zip(self.parts, others, strict=True):
                with watch(part.component):
                    vectors = part.encoder.encode([sentence(texts[at], part.max_characters) for at in unsure])
                with watch("IntentClassifier"):
                    total += part.kernel.scores(vectors) * weight
            out[unsure] = softmax(total)
        return out

    def knows(self, text: str) -> bool:
        """Whether any part of a text was seen in training; a text of emoji alone may be known, too."""
        return any(len(row.ids) for row in self.vectoriser.rows([text]))


def sentence(text: str, max_characters: int) -> str:
    """What the encoder reads of a cleaned text; training and run time must agree on it."""
    return " ".join(text.split())[:max_characters]


def softmax(values: NDArray[np.floating[Any]]) -> Floats:
    """Scores to probabilities, row by row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
