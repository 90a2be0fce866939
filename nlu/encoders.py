"""Which encoder makes the vectors of which component of the pipeline; one of each per process.

A further encoder is one line of the table here and its options in `nlu.config`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from bot.model.errors import ConfigError
from nlu.config import EXTRAS, Config
from nlu.encoder import Encoder, RememberingEncoder, SentenceEncoder

Encoders = Callable[[str], Encoder]
"""Gives the encoder of a component; raises `ConfigError` where what it needs is not installed."""


def _accurate() -> Encoder:
    from nlu.e5.encoder import E5Encoder  # here, not at the top: it needs the extra

    return E5Encoder()


_MAKERS: Mapping[str, Callable[[], Encoder]] = {
    "SentenceEncoderFeaturizer": SentenceEncoder,
    "AccurateEncoderFeaturizer": _accurate,
}

_made: dict[str, Encoder] = {}
_lock = threading.Lock()


def encoding(config: Config) -> tuple[str, ...]:
    """The components of a pipeline that make vectors, in the order in which the classifier has them."""
    return tuple(component for component in _MAKERS if config.has(component))


def shared_encoder(component: str = "SentenceEncoderFeaturizer") -> Encoder:
    """The process's one encoder of a component; its weights are loaded at the first use."""
    with _lock:
        if component not in _made:
            try:
                _made[component] = _MAKERS[component]()
            except ModuleNotFoundError as error:
                raise ConfigError(_missing(component, error)) from error
        return _made[component]


def remembering(size: int, encoders: Encoders = shared_encoder) -> Encoders:
    """The same encoders, each with up to `size` vectors of exact texts remembered."""
    known: dict[str, Encoder] = {}

    def encoder_of(component: str) -> Encoder:
        if component not in known:
            known[component] = RememberingEncoder(encoders(component), size)
        return known[component]

    return encoder_of


def _missing(component: str, error: ModuleNotFoundError) -> str:
    mend = f"Run 'make setup EXTRAS={EXTRAS[component]}'" if component in EXTRAS else "Run 'make setup'"
    return (
        f"the pipeline names {component}, which needs a package that is not installed ({error}). "
        f"{mend}, or leave {component} out of config.yml."
    )
