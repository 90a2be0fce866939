"""How well held-out examples of a pack are understood, and the thresholds that follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.model.understanding import NLU_FALLBACK
from nlu.classifier import Mixture, softmax

Scores = NDArray[np.float32]
Labels = NDArray[np.int64]

_FALLBACK_RANGE = (0.15, 0.5)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The scores of every example by models that had not seen it."""

    truth: Labels
    cheap: Scores
    deep: tuple[Scores, ...]
    """Those of each encoder's part."""
    languages: tuple[str, ...]
    labels: tuple[str, ...]

    def probabilities(self, mixture: Mixture) -> Scores:
        """The probabilities as the pipeline would give them."""
        cheap = softmax(self.cheap * mixture.cheap)
        if not self.deep:
            return cheap
        first, *others = mixture.both
        total = self.cheap * first
        for scores, weight in zip(self.deep, others, strict=True):
            total = total + scores * weight
        both = softmax(total)
        return np.where((cheap.max(axis=1) >= mixture.sure)[:, None], cheap, both)


@dataclass(frozen=True, slots=True)
class Report:
    """What held-out examples say. Shares are 0 to 1."""

    examples: int
    accuracy: float
    by_language: dict[str, float]
    top3: float
    """The share whose intent is among the first three."""
    refused: float
    """In-scope examples that fall below the threshold or go to the fallback."""
    out_of_scope: float
    """Out-of-scope examples that are not understood, as they should be."""
    calibration: float
    """The mean distance between confidence and correctness (expected calibration error)."""
    sure: float
    """The share of messages for which no encoder is asked."""
    sure_accuracy: float
    threshold: float
    mixture: Mixture
    confused: tuple[tuple[str, str, int], ...]
    """(meant, taken for, how often), the most frequent first."""


def fit_mixture(held: HeldOut, sure: float | None, allowed_loss: float) -> Mixture:
    """Weights with the least surprise on held-out examples; `sure` None chooses it by `allowed_loss`."""

    def surprise(scores: Scores) -> float:
        chosen = softmax(scores)[np.arange(len(held.truth)), held.truth]
        return float(-np.log(np.maximum(chosen, 1e-7)).mean())

    def best(start: list[float], of: tuple[Scores, ...]) -> list[float]:
        def loss(weights: NDArray[np.float64]) -> float:
            total = sum(
                (score * max(float(w), 0.0) for score, w in zip(of, weights, strict=True)), np.zeros(1)
            )
            return surprise(np.asarray(total, dtype=np.float32))

        found = minimize(
            loss,
            start,
            method="Nelder-Mead",
            options={"xatol": 0.01, "fatol": 1e-4, "maxiter": 100 * max(2, len(of))},
        )
        return [round(max(float(weight), 0.0), 4) for weight in found.x]

    cheap = best([1.0], (held.cheap,))[0]
    if not held.deep:
        return Mixture(cheap=cheap)
    both = tuple(best([0.5, *[1.0] * len(held.deep)], (held.cheap, *held.deep)))
    mixture = Mixture(cheap=cheap, both=both)
    level = _sure_level(held, mixture, allowed_loss) if sure is None else sure
    return Mixture(cheap=cheap, both=both, sure=level)


def _sure_level(held: HeldOut, mixture: Mixture, allowed_loss: float) -> float:
    """The lowest probability of the cheap model from which leaving the encoder out costs (almost) nothing, as
    far as so many examples can tell: two standard errors more than what it cost them must be allowed, too.

    Nor much in any one language or among the out-of-scope examples: those must not become sure of something.
    """
    with_all = held.probabilities(mixture).argmax(axis=1) == held.truth
    cheap = softmax(held.cheap * mixture.cheap)
    top = cheap.max(axis=1)
    cheap_right = cheap.argmax(axis=1) == held.truth
    languages = np.array(held.languages)
    groups = [languages == language for language in sorted(set(held.languages))]
    if NLU_FALLBACK in held.labels:
        groups.append(held.truth == held.labels.index(NLU_FALLBACK))
    gain = cheap_right.astype(int) - with_all
    best = 1.01
    for level in np.arange(0.99, 0.39, -0.01):
        skipped = top >= level
        changed = gain[skipped]
        doubt = 2 * float(np.sqrt(np.abs(changed).sum() + 1))
        lost = (doubt - float(changed.sum())) / len(top)
        if -float(changed.sum()) / len(top) > 3 * allowed_loss:
            break
        fair = all(
            -int(gain[skipped & group].sum()) <= max(3 * allowed_loss * group.sum(), 1) for group in groups
        )
        if lost <= allowed_loss and fair:
            best = round(float(level), 2)
    return best


def choose_threshold(held: HeldOut, mixture: Mixture, max_refused: float, max_accepted: float = 1.0) -> float:
    """The threshold below which nothing is understood, from held-out examples.

    With `max_accepted` under 1 the lowest that takes at most this share of the out-of-scope examples for
    something. Else, or where there are none, the highest that refuses at most `max_refused` of what would
    have been understood rightly.
    """
    probabilities = held.probabilities(mixture)
    fallback = held.labels.index(NLU_FALLBACK) if NLU_FALLBACK in held.labels else -1
    best, top = probabilities.argmax(axis=1), probabilities.max(axis=1)
    outside = held.truth == fallback
    if max_accepted < 1 and outside.any():
        taken = np.sort(top[outside & (best != fallback)])
        allowed = int(max_accepted * outside.sum())
        if len(taken) <= allowed:
            return _FALLBACK_RANGE[0]
        limit = float(np.ceil(np.nextafter(taken[len(taken) - allowed - 1], np.float32(2)) * 1000) / 1000)
        return round(max(limit, _FALLBACK_RANGE[0]), 3)
    sure = np.sort(top[(best == held.truth) & ~outside])
    if not len(sure):
        return _FALLBACK_RANGE[0]
    threshold = float(sure[int(len(sure) * max_refused)])
    return round(min(max(threshold, _FALLBACK_RANGE[0]), _FALLBACK_RANGE[1]), 3)


def report(held: HeldOut, mixture: Mixture, threshold: float, pairs: int = 20) -> Report:
    """Everything that the held-out examples say."""
    probabilities = held.probabilities(mixture)
    best = probabilities.argmax(axis=1)
    top = probabilities.max(axis=1)
    right = best == held.truth
    fallback = held.labels.index(NLU_FALLBACK) if NLU_FALLBACK in held.labels else -1
    inside = held.truth != fallback
    refused = (best == fallback) | (top < threshold)
    skipped = softmax(held.cheap * mixture.cheap).max(axis=1) >= mixture.sure
    languages = np.array(held.languages)
    order = np.argsort(-probabilities, axis=1)[:, :3]
    wrong = Counter(
        (held.labels[int(meant)], held.labels[int(taken)])
        for meant, taken, ok in zip(held.truth, best, right, strict=True)
        if not ok
    )
    return Report(
        examples=len(held.truth),
        accuracy=_share(right),
        by_language={code: _share(right[languages == code]) for code in sorted(set(held.languages))},
        top3=_share((order == held.truth[:, None]).any(axis=1)),
        refused=_share(refused[inside]),
        out_of_scope=_share(refused[~inside]),
        calibration=_calibration(top, right),
        sure=_share(skipped) if held.deep else 1.0,
        sure_accuracy=_share(right[skipped]),
        threshold=threshold,
        mixture=mixture,
        confused=tuple((meant, taken, count) for (meant, taken), count in wrong.most_common(pairs)),
    )


def from_facts(facts: Mapping[str, Any]) -> Report:
    """The report that a model file carries."""
    return Report(**{**facts, "mixture": Mixture(**facts["mixture"])})


def describe(found: Report) -> str:
    """A report as lines for a terminal."""
    languages = "  ".join(f"{code} {share:.1%}" for code, share in found.by_language.items())
    lines = [
        f"held-out examples   {found.examples}",
        f"right intent        {found.accuracy:.1%}   ({languages}); among the first three {found.top3:.1%}",
        f"out of scope        {found.out_of_scope:.1%} recognised; {found.refused:.1%} of the rest refused "
        f"(threshold {found.threshold})",
        f"calibration error   {found.calibration:.1%}",
        f"without an encoder  {found.sure:.1%} of messages, of which {found.sure_accuracy:.1%} right",
        "most confused       " + "; ".join(f"{a} as {b} ({n})" for a, b, n in found.confused[:10]),
    ]
    return "\n".join(lines)


def folds(
    truth: Sequence[int], languages: Sequence[str], count: int, seed: int = 7
) -> list[NDArray[np.int64]]:
    """The examples in `count` parts of equal make-up, the same every time; each is held out once."""
    groups: dict[tuple[int, str], list[int]] = {}
    for at, key in enumerate(zip(truth, languages, strict=True)):
        groups.setdefault(key, []).append(at)
    random = np.random.default_rng(seed)
    parts: list[list[int]] = [[] for _ in range(count)]
    turn = 0
    for key in sorted(groups):
        members = np.array(groups[key])
        random.shuffle(members)
        for at in members:
            parts[turn % count].append(int(at))
            turn += 1
    return [np.array(sorted(part), dtype=np.int64) for part in parts]


def _share(of: NDArray[np.bool_]) -> float:
    return round(float(of.mean()), 4) if len(of) else 0.0


def _calibration(confidence: Scores, right: NDArray[np.bool_], bins: int = 10) -> float:
    error = 0.0
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    for place in range(bins):
        here = places == place
        if here.any():
            error += float(here.mean()) * abs(float(confidence[here].mean()) - float(right[here].mean()))
    return round(error, 4)
