"""What py3langid knows of a pack's languages, small enough for the model file.

Its own model is an automaton over the bytes of ninety-seven languages: 42 MB, and half a second to unpack.
Most of its states can only be reached with letters that a pack's languages do not have.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

_PREFIX = "langid_"


def whole(languages: Sequence[str]) -> Any:
    """py3langid's identifier for these languages, with all states. Raises `ValueError` for one it lacks."""
    from py3langid import langid  # here, not at the top: it brings its model

    found: Any = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    found.set_languages(list(languages))
    return found


def cut(identifier: Any, texts: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The arrays of an identifier that knows only what the bytes of `texts` can reach.

    A step that would leave goes back to the beginning: a word in other letters tells nothing of languages
    that do not have them.
    """
    alphabet = np.frombuffer(bytes({byte for text in texts for byte in text.encode()}), dtype=np.uint8)
    moves = np.frombuffer(identifier.tk_nextmove, dtype=np.uint32).reshape(-1, 256)
    rows = np.frombuffer(identifier.tk_row, dtype=np.uint16).astype(np.int64)
    states = _reachable(moves, rows, alphabet)
    number = np.zeros(len(rows), dtype=np.uint32)
    number[states] = np.arange(len(states))
    kept_rows, row_of = np.unique(rows[states], return_inverse=True)
    outputs = np.asarray(identifier.tk_output, dtype=np.int64)[states]
    features = np.unique(outputs[outputs >= 0])
    renumbered = np.where(outputs >= 0, np.searchsorted(features, outputs), -1)
    return {
        f"{_PREFIX}moves": number[moves[kept_rows]].astype(np.min_scalar_type(len(states) - 1)),
        f"{_PREFIX}rows": row_of.astype(np.uint16),
        f"{_PREFIX}outputs": renumbered.astype(np.int32),
        f"{_PREFIX}likelihoods": np.asarray(identifier.nb_ptc)[features],
        f"{_PREFIX}priors": np.asarray(identifier.nb_pc),
        f"{_PREFIX}classes": np.array(list(identifier.nb_classes)),
    }


def _reachable(moves: NDArray[Any], rows: NDArray[Any], alphabet: NDArray[Any]) -> NDArray[np.int64]:
    """The states on any way from the first, in ascending order (so that the first stays number 0)."""
    seen = np.zeros(len(rows), dtype=bool)
    front = np.zeros(1, dtype=np.int64)
    while len(front):
        seen[front] = True
        front = np.unique(moves[rows[front]][:, alphabet])
        front = front[~seen[front]]
    return np.flatnonzero(seen)


def identifier(arrays: Arrays) -> Any | None:
    """The identifier that `cut` made arrays of; None where there are none (a pack with one language)."""
    if f"{_PREFIX}moves" not in arrays:
        return None
    from py3langid import langid

    found = {
        name.removeprefix(_PREFIX): values for name, values in arrays.items() if name.startswith(_PREFIX)
    }
    return langid.LanguageIdentifier(
        found["likelihoods"],
        found["priors"],
        found["classes"].tolist(),
        array(found["moves"].dtype.char, found["moves"].tobytes()),
        found["outputs"].tolist(),
        norm_probs=True,
        tk_row=found["rows"].tolist(),
    )
