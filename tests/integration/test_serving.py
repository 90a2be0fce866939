"""A model that was trained is used by what runs already, and a broken one is not."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.app.serving import Serving, offer
from nlu.loading import load
from nlu.train import train
from tests.fixtures_nlu import write_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"))


def test_a_newer_model_takes_the_place_of_the_one_before(
    pack: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first = train(pack, tmp_path, progress=False)
    offer(first.path)
    serving = Serving(load(first.path), tmp_path)
    assert serving.look() is False
    lunch = "nlu:\n- intent: lunch\n  examples: |\n    - wat eten we\n    - is er soep\n"
    (pack / "nlu" / "nl" / "lunch.yml").write_text(lunch, "utf-8")
    second = train(pack, tmp_path, progress=False)
    assert serving.look() is False, "nobody offered it"
    offer(second.path)
    assert serving.look() is True
    assert (serving.now.model, "lunch" in serving.now.intents) == (second.hash, True)
    assert serving.likely("is er soep")["lunch"] > 0
    assert serving.look() is False
    assert "a newer model understands from now on" in caplog.text

    broken = tmp_path / "nlu-broken.model"
    broken.write_bytes(second.path.read_bytes()[:5000])
    offer(broken)
    assert serving.look() is False
    assert serving.now.model == second.hash, "the one before goes on serving"
    assert "train again" in str([record.__dict__.get("mend") for record in caplog.records])
