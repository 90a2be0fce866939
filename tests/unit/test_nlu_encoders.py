"""Encoders by the components that name them: several together, and a clear word where one is not installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.model.errors import ConfigError
from nlu import encoders
from nlu.config import COMPONENTS, Config, load_config
from nlu.encoder import Encoder
from nlu.encoders import encoding, remembering, shared_encoder
from nlu.loading import load
from nlu.train import train
from tests.fixtures_nlu import CONFIG, CountingEncoder, write_pack

BOTH = f"""{CONFIG}
pipeline:
  - name: WordAndCharacterFeaturizer
  - name: SentenceEncoderFeaturizer
  - name: AccurateEncoderFeaturizer
  - name: IntentClassifier
    sure: false
  - name: FallbackClassifier
"""


class Lengths:
    """An encoder of three dimensions that knows what a sentence is about by one word."""

    name = "lengths"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        rows = [[1.0, "wifi" in text, "print" in text] for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(-1, 3)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode(texts)


def test_two_encoders_make_two_parts_of_one_model(tmp_path: Path) -> None:
    write_pack(tmp_path, config=BOTH)
    both: dict[str, Encoder] = {
        "SentenceEncoderFeaturizer": CountingEncoder(),
        "AccurateEncoderFeaturizer": (second := Lengths()),
    }
    trained = train(tmp_path, tmp_path / "models", progress=False, encoders=both.__getitem__)
    assert "wifi problem" in second.texts, "the names of the intents are learned from, too"
    assert "out of scope" not in second.texts, "but not that of what is none"
    second.texts.clear()
    pipeline = load(trained.path, encoders=both.__getitem__, warm=False)
    assert pipeline.parse("geen wifi hier", "nl").intent == "wifi_problem"
    assert second.texts == ["geen wifi hier"]
    assert len(trained.report["mixture"]["both"]) == 3 if trained.report else False


def test_another_encoder_is_another_model(tmp_path: Path) -> None:
    write_pack(tmp_path, config=BOTH)
    one = train(tmp_path, tmp_path / "models", progress=False, encoders=lambda _: CountingEncoder())
    other = train(tmp_path, tmp_path / "models", progress=False, encoders=lambda _: Lengths())
    assert one.hash != other.hash


def test_without_the_extra_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(tmp_path, config=BOTH)
    trained = train(tmp_path, tmp_path / "models", progress=False, encoders=lambda _: CountingEncoder())
    monkeypatch.setattr(encoders, "_made", {})
    monkeypatch.delitem(sys.modules, "nlu.e5.encoder", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    mend = r"AccurateEncoderFeaturizer, which needs .* Run 'make setup EXTRAS=accurate'"
    with pytest.raises(ConfigError, match=mend):
        train(tmp_path, tmp_path / "models", progress=False)
    with pytest.raises(ConfigError, match=mend):
        load(trained.path)


def test_a_pack_asks_for_its_own_encoders_only(tmp_path: Path) -> None:
    usual = load_config(write_pack(tmp_path))
    assert encoding(usual) == ("SentenceEncoderFeaturizer",)
    assert encoding(Config(("nl",), dict(COMPONENTS)))[-1] == "AccurateEncoderFeaturizer"
    assert encoding(Config(("nl",), {})) == ()


def test_each_encoder_is_made_once() -> None:
    assert shared_encoder() is shared_encoder("SentenceEncoderFeaturizer")


def test_what_is_remembered_is_remembered_for_each_component() -> None:
    made: list[CountingEncoder] = []

    def make(_: str) -> Encoder:
        made.append(CountingEncoder())
        return made[-1]

    encoder_of = remembering(10, make)
    for component in ("a", "b", "a"):
        encoder_of(component).encode(["een", "twee"])
    assert [each.texts for each in made] == [["een", "twee"], ["een", "twee"]]
