"""What is learned of one encoder's vectors of all sentences: one part of the classifier.

The names of the intents may be learned from as well: where there are few examples, a name says as much as
one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    """One encoder's part; `truth` has the number of each text's label."""

    def __init__(
        self,
        component: str,
        config: Config,
        encoder: Encoder,
        texts: Sequence[str],
        truth: Places,
        labels: Sequence[str],
        share: Share,
    ) -> None:
        self._component = component
        limit = int(config.option(component, "max_characters"))
        read = [sentence(text, limit) for text in texts]
        named = [at for at, label in enumerate(labels) if label != NLU_FALLBACK]
        if config.option(component, "intent_names"):
            read += [labels[at].replace("_", " ").replace("/", " ") for at in named]
            truth = np.concatenate([truth, np.array(named, dtype=np.int64)])
        rows: list[Floats] = []
        for at in range(0, len(read), _TOGETHER):
            share(at / len(read))
            rows.append(encoder.encode(read[at : at + _TOGETHER]))
        self._vectors = np.concatenate(rows)
        option = config.option
        self._kernel = KernelLearning(
            self._vectors,
            truth,
            len(labels),
            width=float(option("IntentClassifier", "kernel_width")),
            smoothing=float(option("IntentClassifier", "kernel_smoothing")),
            most=int(option("IntentClassifier", "kernel_landmarks")),
            dimensions=int(option("IntentClassifier", "kernel_dimensions")),
        )

    def held_out(self, part: Places) -> Floats:
        """The scores of the texts at `part` by a model that was trained without them."""
        return self._kernel.without(part).scores(self._vectors[part])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The model of all texts, as a model file has it; the sentences at half the precision, for a file of
        half the size: nothing comes out differently."""
        fitted = self._kernel.all()
        return {
            f"{self._component}.axes": fitted.axes,
            f"{self._component}.sentences": fitted.sentences.astype(np.float16),
            f"{self._component}.weights": fitted.weights,
        }
