"""What is learned of one encoder's vectors of all sentences: one part of the classifier.

The names of the intents may be learned from as well: where there are few examples, a name says as much as
one of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.model.understanding import NLU_FALLBACK
from nlu.classifier import sentence
from nlu.config import Config
from nlu.encoder import Encoder
from nlu.features import Floats
from nlu.kernel_learning import KernelLearning, Places

_TOGETHER = 256
"""Sentences that are encoded at once, for the bar."""

Share = Callable[[float], None]
"""Told which share of the sentences is read, 0 to 1."""


class PartLearning:
    """One encoder's part; `truth` has the number of each text's label, `folds` the places of the texts that
    are held out together."""

    def __init__(
        self,
        component: str,
        config: Config,
        encoder: Encoder,
        texts: Sequence[str],
        truth: Places,
        labels: Sequence[str],
        folds: Sequence[Places],
        share: Share,
    ) -> None:
        self._component = component
        self._folds = folds
        limit = int(config.option(component, "max_characters"))
        read = [sentence(text, limit) for text in texts]
        named = [at for at, label in enumerate(labels) if label != NLU_FALLBACK]
        if config.option(component, "intent_names"):
            read += [labels[at].replace("_", " ").replace("/", " ") for at in named]
            truth = np.concatenate([truth, np.array(named, dtype=np.int64)])
        self._vectors = _encoded(encoder, read, share)
        option = config.option
        with _all_cores():
            self._kernel = KernelLearning(
                self._vectors,
                truth,
                len(labels),
                folds,
                width=float(option("IntentClassifier", "kernel_width")),
                smoothing=float(option("IntentClassifier", "kernel_smoothing")),
                most=int(option("IntentClassifier", "kernel_landmarks")),
                dimensions=int(option("IntentClassifier", "kernel_dimensions")),
            )

    def held_out(self, turn: int) -> Floats:
        """The scores of the texts of a fold by a model that was trained without them."""
        with _all_cores():
            return self._kernel.without(turn).scores(self._vectors[self._folds[turn]])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The model of all texts, as a model file has it; the sentences at half the precision, for a file of
        half the size: nothing comes out differently."""
        with _all_cores():
            fitted = self._kernel.all()
        return {
            f"{self._component}.axes": fitted.axes,
            f"{self._component}.sentences": fitted.sentences.astype(np.float16),
            f"{self._component}.weights": fitted.weights,
        }


def _encoded(encoder: Encoder, texts: Sequence[str], share: Share) -> Floats:
    """The vectors of all texts, on every core: encoders let go of the interpreter while they compute."""
    encoder.encode(texts[:1])  # loads the weights, once
    together = [texts[at : at + _TOGETHER] for at in range(0, len(texts), _TOGETHER)]
    rows: list[Floats] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in pool.map(encoder.encode, together):
            rows.append(done)
            share(len(rows) / len(together))
    return np.concatenate(rows)


def _all_cores() -> Any:
    """Products of large matrices may use what an encoder, of small ones, leaves alone."""
    return threadpool_limits(os.cpu_count(), user_api="blas")
