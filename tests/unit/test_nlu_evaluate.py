"""Held-out figures: folds, mixture, thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.evaluate import HeldOut, choose_threshold, describe, fit_mixture, folds, report


def held(right: float, size: int = 600, seed: int = 1) -> HeldOut:
    """Scores that favour the truth in a share of `right` of the examples; the deep ones know better."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 4, size)
    cheap = random.normal(size=(size, 4)).astype(np.float32)
    deep = random.normal(size=(size, 4)).astype(np.float32) * 0.1
    known = random.random(size) < right
    cheap[np.arange(size)[known], truth[known]] += 8
    deep[np.arange(size), truth] += 0.5
    return HeldOut(
        truth,
        cheap,
        (deep,),
        tuple("nl" if at % 2 else "fr" for at in range(size)),
        ("a", "b", "c", "nlu_fallback"),
    )


def test_every_example_is_held_out_once_and_evenly() -> None:
    truth = [0] * 9 + [1] * 9 + [2] * 2
    languages = ["nl", "fr", "en"] * 6 + ["nl", "nl"]
    parts = folds(truth, languages, 3)
    assert sorted(at for part in parts for at in part) == list(range(20))
    assert max(len(part) for part in parts) - min(len(part) for part in parts) <= 1
    assert all({truth[at] for at in part} >= {0, 1} for part in parts)
    assert [part.tolist() for part in parts] == [part.tolist() for part in folds(truth, languages, 3)]


def test_confidence_becomes_what_it_says() -> None:
    found = held(0.7)
    mixture = fit_mixture(found, None, 0.001)
    figures = report(found, mixture, 0.3)
    assert figures.accuracy > 0.9
    assert figures.calibration < 0.06
    assert "right intent" in describe(figures)


def test_the_encoder_is_skipped_only_where_nothing_is_lost() -> None:
    assert fit_mixture(held(0.9, size=6_000), None, 0.001).sure < 1
    assert fit_mixture(held(0.9, size=600), None, 0.001).sure > 1, "so few cannot tell"
    random = np.random.default_rng(3)
    blind = held(0.0)
    wrong = HeldOut(
        blind.truth,
        random.normal(size=blind.cheap.shape).astype(np.float32) * 9,
        blind.deep,
        blind.languages,
        blind.labels,
    )
    assert (
        fit_mixture(wrong, None, 0.001).sure > 1
        or report(wrong, fit_mixture(wrong, None, 0.001), 0.2).sure < 0.01
    )


def test_a_given_level_is_taken() -> None:
    assert fit_mixture(held(0.5), 0.77, 0.001).sure == 0.77


@pytest.mark.parametrize("refused", [0.0, 0.05, 0.2])
def test_the_threshold_refuses_no_more_than_allowed(refused: float) -> None:
    found = held(0.7)
    mixture = fit_mixture(found, None, 0.001)
    threshold = choose_threshold(found, mixture, refused)
    top = found.probabilities(mixture).max(axis=1)
    right = (found.probabilities(mixture).argmax(axis=1) == found.truth) & (found.truth != 3)
    assert (top[right] < threshold).mean() <= refused or threshold == 0.15


def test_without_an_encoder_all_is_cheap() -> None:
    found = held(0.8)
    cheap = HeldOut(found.truth, found.cheap, (), found.languages, found.labels)
    mixture = fit_mixture(cheap, None, 0.001)
    assert report(cheap, mixture, 0.3).sure == 1.0


@pytest.mark.parametrize("accepted", [0.0, 0.05, 0.3])
def test_the_threshold_keeps_a_stated_false_acceptance_rate(accepted: float) -> None:
    found = held(0.6)
    mixture = fit_mixture(found, None, 0.001)
    threshold = choose_threshold(found, mixture, 0.03, accepted)
    outside = 1 - report(found, mixture, threshold).out_of_scope
    assert outside <= accepted
    lower = 1 - report(found, mixture, threshold - 0.002).out_of_scope
    assert lower > accepted or threshold == 0.15, "a lower one would do as well"


def test_without_examples_out_of_scope_a_false_acceptance_rate_changes_nothing() -> None:
    found = held(0.6)
    inside = HeldOut(found.truth % 3, found.cheap, found.deep, found.languages, found.labels)
    mixture = fit_mixture(inside, None, 0.001)
    assert choose_threshold(inside, mixture, 0.03, 0.05) == choose_threshold(inside, mixture, 0.03)
