"""`balie models`: which speech models there are, get them, and try whether they load."""

from __future__ import annotations

import argparse
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot.app.config import Settings
from bot.app.progress import bar, to
from bot.model.errors import BalieError, ConfigError, Malformed, NotFound
from bot.speech.models import CATALOGUE, Model, find_model, install

_LONGEST_LOAD = 300
"""Seconds; the largest models take half a minute."""


def list_models(settings: Settings, given: argparse.Namespace) -> None:
    """Each that is known, and whether it is here."""
    for model in CATALOGUE:
        folder = model.folder(settings.models)
        state = f"in {folder}" if folder.is_dir() else "not here"
        print(f"{model.engine:<8} {model.language:<4} {model.name or 'any model':<28} {state}")


def fetch_models(settings: Settings, given: argparse.Namespace) -> int:
    """Get those of the languages that are asked for; what fails does not keep the others away."""
    languages = given.languages or [model.language for model in CATALOGUE if model.engine == given.engine]
    models = [find_model(given.engine, language) for language in languages]
    if given.sha256 and len(models) > 1:
        raise Malformed("--sha256 is the sum of one archive: say which language it is")
    settings.make_var()
    failed = False
    for model in models:
        try:
            source = _source(model, given.source or "", alone=len(models) == 1)
            sha256: str = given.sha256 or ""
            with bar(0, f"{model.engine} {model.language}", unit="B") as progress:
                shown = partial(_show, progress)
                check = partial(try_loading, model.engine)
                folder = install(model, source, settings.models, shown, check, sha256)
            print(
                f"{model.engine} {model.language}: in {folder}, and it loads; {_sum(model, sha256, source)}"
            )
        except BalieError as error:
            failed = True
            print(f"{model.engine} {model.language}: {error}", file=sys.stderr)
    return int(failed)


def _show(progress: Any, done: int, whole: int) -> None:
    progress.total = whole or None
    to(progress, done)


def _sum(model: Model, sha256: str, source: str) -> str:
    if Path(source).is_dir():
        return "a folder has no checksum to compare"
    if sha256 or model.sha256:
        return "its SHA-256 is the one expected"
    return "no checksum is known for it: that it is the maker's file, only the connection says"


def _source(model: Model, given: str, *, alone: bool) -> str:
    """Where to take a model from: what was given, or in that folder what has its name or language."""
    if not given:
        if not model.url:
            raise NotFound("its makers have no archive of it; say --from FOLDER or --from URL")
        return model.url
    folder = Path(given)
    names = (model.name, f"{model.name}.zip", model.language, f"{model.language}.zip") if model.name else ()
    named = next((str(folder / name) for name in names if (folder / name).exists()), "")
    if not (named or alone):
        raise NotFound(f"{given} has no {model.name}, and one model cannot be that of several languages")
    return named or given


def check_models(settings: Settings, given: argparse.Namespace) -> int:
    """Load each that is here."""
    here = [model for model in CATALOGUE if model.folder(settings.models).is_dir()]
    if not here:
        print(f"no speech model is in {settings.models / 'speech'}; 'balie models fetch' gets some")
        return 1
    broken = [model for model in here if not _loads(model, model.folder(settings.models))]
    return int(bool(broken))


def _loads(model: Model, folder: Path) -> bool:
    try:
        try_loading(model.engine, folder)
    except ConfigError as error:
        print(f"{model.engine} {model.language}: {error}", file=sys.stderr)
        return False
    print(f"{model.engine} {model.language}: loads, from {folder}")
    return True


def try_loading(engine: str, folder: Path) -> None:
    """Load a model in a process of its own: there are broken ones that take theirs with them. Raises
    `ConfigError`."""
    try:
        tried = subprocess.run(  # noqa: S603 our own words, and the folder is an argument
            [sys.executable, "-m", "bot.speech.trial", engine, str(folder)],
            capture_output=True,
            text=True,
            timeout=_LONGEST_LOAD,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(f"the {engine} model in {folder} does not load in {_LONGEST_LOAD} s") from None
    if tried.returncode:
        broken = f"the {engine} model in {folder} is broken: it ends the process that loads it"
        raise ConfigError(tried.stdout.strip() or broken)
