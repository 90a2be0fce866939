"""Kernel regression over landmarks: what leaving some out comes to, and that a few landmarks are enough."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.features import Floats
from nlu.kernel_learning import KernelLearning

RANDOM = np.random.default_rng(3)
CENTRES = RANDOM.normal(size=(4, 512)).astype(np.float32)
TRUTH = np.repeat(np.arange(4), 30)
VECTORS = CENTRES[TRUTH] + RANDOM.normal(scale=1.2, size=(120, 512)).astype(np.float32)


def learning(vectors: Floats, truth: np.ndarray, *folds: np.ndarray, most: int = 120) -> KernelLearning:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return KernelLearning(units, truth, 4, folds, width=2.0, smoothing=0.1, most=most, dimensions=32)


@pytest.mark.parametrize("most", [120, 40])
def test_what_was_left_out_is_understood_by_the_rest(most: int) -> None:
    part = np.arange(0, 120, 5)
    kernel = learning(VECTORS, TRUTH, part, most=most).without(0)
    assert (kernel.scores(VECTORS[part]).argmax(axis=1) == TRUTH[part]).mean() > 0.9
    assert len(kernel.sentences) == most


def test_what_is_left_out_teaches_nothing() -> None:
    part = np.arange(100, 120)
    wrong = TRUTH.copy()
    wrong[part] = 0
    ours, theirs = learning(VECTORS, TRUTH, part).without(0), learning(VECTORS, wrong, part).without(0)
    assert np.allclose(ours.weights, theirs.weights, atol=2e-3)
    everything = learning(VECTORS, TRUTH).all().weights
    assert not np.allclose(everything, learning(VECTORS, wrong).all().weights, atol=1e-2)


def test_it_comes_out_the_same_every_time() -> None:
    assert np.array_equal(
        learning(VECTORS, TRUTH, most=50).all().weights, learning(VECTORS, TRUTH, most=50).all().weights
    )


def test_folds_do_not_change_what_all_say() -> None:
    parts = np.array_split(np.arange(120), 3)
    whole, parted = learning(VECTORS, TRUTH).all(), learning(VECTORS, TRUTH, *parts[:2]).all()
    assert np.allclose(whole.weights, parted.weights, atol=2e-3)
