"""Where speech models lie, which there are to be had, and how one gets here: fetched, checked, unpacked.

A server never fetches anything by itself: `balie models fetch` does, and nothing else.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bot.model.errors import Malformed, NotFound, TooLarge
from bot.speech.fetching import Told, fetch

MAKER = "https://alphacephei.com/vosk/models"
MANY = "all"
"""In the place of a language: one model for all of them."""
MOST_UNPACKED = 4 * 1024**3
"""Bytes; the largest models of the maker have 2 GB."""
MOST_FILES = 1_000


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be had. `sha256` is that of the archive, where anybody told it."""

    engine: str
    language: str
    name: str = ""
    url: str = ""
    sha256: str = ""

    def folder(self, models: Path) -> Path:
        """Where it lies, or would."""
        return models / "speech" / self.engine / self.language


CATALOGUE = (
    Model("vosk", "nl", "vosk-model-small-nl-0.22", f"{MAKER}/vosk-model-small-nl-0.22.zip"),
    Model("vosk", "fr", "vosk-model-small-fr-0.22", f"{MAKER}/vosk-model-small-fr-0.22.zip"),
    Model("vosk", "en", "vosk-model-small-en-us-0.15", f"{MAKER}/vosk-model-small-en-us-0.15.zip"),
    Model("whisper", MANY),
)
"""The maker of Vosk publishes no SHA-256; whoever has one they trust writes it here, or gives it with the
command. Whisper's makers have no archive: one brings the folder."""


def find_model(engine: str, language: str) -> Model:
    """The one of the catalogue; raises `NotFound`."""
    for model in CATALOGUE:
        if (model.engine, model.language) == (engine, language):
            return model
    known = ", ".join(f"{model.engine} {model.language}" for model in CATALOGUE)
    raise NotFound(f"no model is known for {engine} '{language}'; known: {known}")


def present(models: Path, engine: str) -> dict[str, Path]:
    """The folders of an engine's models that are there, by language."""
    return {
        model.language: model.folder(models)
        for model in CATALOGUE
        if model.engine == engine and model.folder(models).is_dir()
    }


def install(
    model: Model, source: str, models: Path, told: Told, check: Callable[[Path], None], sha256: str = ""
) -> Path:
    """Put a model in its place, from a folder, an archive or a URL; an older one stays until `check` has had
    nothing against the new one. Raises what `check` does, and `BalieError`s of its own."""
    place = model.folder(models)
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent, prefix=f".{model.language}-") as scratch:
        new = Path(scratch) / "new"
        if urlsplit(source).scheme in ("http", "https"):
            archive = place.parent / f".{model.language}.part"
            fetch(source, archive, told)  # what breaks off stays, and the next time goes on
            try:
                _compare(archive, sha256 or model.sha256, source)
                unpack(archive, new)
            finally:
                archive.unlink(missing_ok=True)
        elif Path(source).is_file():
            _compare(Path(source), sha256 or model.sha256, source)
            unpack(Path(source), new)
        elif Path(source).is_dir():
            shutil.copytree(source, new)
        else:
            raise NotFound(f"there is no folder or archive {source}")
        found = _inner(new)
        check(found)
        old = Path(scratch) / "old"
        if place.exists():
            place.rename(old)
        found.rename(place)
    return place


def _compare(archive: Path, wanted: str, source: str) -> None:
    if not wanted:
        return
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wanted.lower():
        raise Malformed(f"{source} is not what was expected: its SHA-256 is {found}, not {wanted}")


def _inner(folder: Path) -> Path:
    """An archive has one folder in which everything lies; that one."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def unpack(archive: Path, folder: Path, most: int = MOST_UNPACKED) -> None:
    """A ZIP archive into a new folder: only files, none outside of it, no more than `most` bytes whatever the
    archive says of itself. Raises `Malformed` or `TooLarge`."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > MOST_FILES:
                raise TooLarge(f"{archive.name} has more than {MOST_FILES} files, and so is no model")
            left = most
            for entry in entries:
                target = _target(folder, entry)
                if entry.is_dir():
                    continue
                with opened.open(entry) as source, target.open("wb") as file:
                    while piece := source.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise TooLarge(f"{archive.name} has more than {most} bytes unpacked")
                        file.write(piece)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Malformed(f"{archive.name} is no ZIP archive that can be read: {error}") from None


def _target(folder: Path, entry: zipfile.ZipInfo) -> Path:
    """Where an entry goes; the folders above it are made."""
    path = Path(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or kind == stat.S_IFLNK:
        raise Malformed(f"the archive has a file outside of its folder: {entry.filename!r}")
    target = folder / path
    (target if entry.is_dir() else target.parent).mkdir(parents=True, exist_ok=True)
    return target
