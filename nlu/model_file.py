"""A trained model as one file of arrays and JSON: nothing in it can run code when it is read.

Reading checks the SHA-256 of the content, so a half-written or altered file is refused instead of believed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.model.errors import ConfigError

FORMAT = 6


@dataclass(frozen=True, slots=True)
class Stored:
    """What a model file holds. `hash` names the data, configuration and code that it was trained from."""

    hash: str
    facts: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def save(path: Path, stored: Stored) -> None:
    """Write the file whole or not at all."""
    body = io.BytesIO()
    np.savez_compressed(body, allow_pickle=False, **dict(stored.arrays))
    facts = json.dumps(stored.facts, ensure_ascii=False, sort_keys=True).encode()
    head = {
        "format": FORMAT,
        "hash": stored.hash,
        "sha256": _digest(stored.hash.encode(), facts, body.getvalue()),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".model-")
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("model.json", json.dumps(head))
                archive.writestr("facts.json", facts, zipfile.ZIP_DEFLATED)
                archive.writestr("arrays.npz", body.getvalue())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: Path) -> Stored:
    """Read a file; raises `ConfigError` when it is not one, or is damaged."""
    mend = "Remove it and train again (`balie train`)."
    try:
        with zipfile.ZipFile(path) as archive:
            head = json.loads(archive.read("model.json"))
            facts = archive.read("facts.json")
            body = archive.read("arrays.npz")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError(f"the model {path.name} cannot be read ({error}). {mend}") from error
    if head.get("format") != FORMAT:
        raise ConfigError(f"the model {path.name} is of another version of Balie. {mend}")
    if head.get("sha256") != _digest(str(head.get("hash")).encode(), facts, body):
        raise ConfigError(f"the model {path.name} is damaged. {mend}")
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        return Stored(str(head["hash"]), json.loads(facts), {name: arrays[name] for name in arrays.files})


def hash_of(path: Path) -> str | None:
    """The hash that a file was trained from, without reading the rest; None when it is not a model."""
    try:
        with zipfile.ZipFile(path) as archive:
            head = json.loads(archive.read("model.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    return str(head.get("hash")) if head.get("format") == FORMAT else None


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
