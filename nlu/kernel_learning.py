"""Kernel ridge regression on the encoder's vectors, over some of the sentences as landmarks (Nyström's
approximation, Williams and Seeger 2000): all are learned from, but only landmarks are compared with.

What all sentences have in common is computed once; leaving some of them out then costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from nlu.classifier import Kernel, along
from nlu.features import Floats

Places = NDArray[np.int64]

NUGGET = 1e-3
"""Added to the diagonal of what is solved: two landmarks that say the same would make it singular."""


class KernelLearning:
    """Learns from vectors, a row each, and the numbers of their labels; `most` landmarks, compared in as many
    `dimensions` of the vectors. `folds` are the places that may be left out together."""

    def __init__(
        self,
        vectors: Floats,
        truth: Places,
        labels: int,
        folds: Sequence[Places] = (),
        *,
        width: float,
        smoothing: float,
        most: int,
        dimensions: int,
    ) -> None:
        self._width = width
        self._axes = _main_axes(vectors, dimensions)
        points = along(vectors, self._axes)
        self._landmarks = points[_some(len(points), most)]
        self._likeness = self._like(points)
        self._wanted = np.eye(labels, dtype=np.float32)[truth]
        self._smoothed = smoothing * self._like(self._landmarks).astype(np.float64)
        self._smoothed[np.diag_indices_from(self._smoothed)] += NUGGET
        # The products of all are the sum of those of the folds, which are needed anyway.
        everything = np.arange(len(points))
        others = np.setdiff1d(everything, np.concatenate([*folds, everything[:0]]))
        self._folds = [*folds, others]
        self._squares = [self._squared(part) for part in self._folds]
        self._square = np.stack(self._squares).sum(axis=0, dtype=np.float64)

    def all(self) -> Kernel:
        """The model of all sentences."""
        return self._solved(np.arange(len(self._likeness)), self._square)

    def without(self, fold: int) -> Kernel:
        """The model of all sentences but those of a fold; these may be landmarks, but teach nothing."""
        rest = np.setdiff1d(np.arange(len(self._likeness)), self._folds[fold])
        return self._solved(rest, self._square - self._squares[fold])

    def _squared(self, part: Places) -> Floats:
        likeness = self._likeness[part]
        return likeness.T @ likeness

    def _solved(self, places: Places, square: NDArray[np.float64]) -> Kernel:
        likeness, wanted = self._likeness[places], self._wanted[places]
        taught = likeness.T @ wanted - np.outer(likeness.sum(axis=0), wanted.mean(axis=0))
        weights: Any = solve(square + self._smoothed, taught, assume_a="pos")
        return Kernel(self._axes, self._landmarks, np.asarray(weights, dtype=np.float32), self._width)

    def _like(self, points: Floats) -> Floats:
        """The radial kernel of unit vectors, as `Kernel` computes it."""
        return np.exp(self._width * (points @ self._landmarks.T - 1.0))


def _some(count: int, most: int, seed: int = 7) -> Places:
    """At most so many of `count` places, drawn the same every time."""
    drawn = np.random.default_rng(seed).permutation(count)[:most]
    return np.sort(drawn)


def _main_axes(vectors: Floats, dimensions: int) -> Floats:
    """(all, fewer dimensions): how the sentences differ most (eigenvectors of their products)."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(axes[:, -dimensions:], dtype=np.float32)
