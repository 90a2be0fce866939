"""Corrections and training: approved ones are learned by the next `balie train`, and by nothing before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.app.cli import main
from bot.app.config import Settings
from bot.app.lessons import current, learn
from bot.model.errors import Unavailable
from bot.store import corrections
from bot.store.corrections import APPROVED, PENDING
from bot.store.database import Database
from bot.store.migrations import migrate
from nlu.loading import load
from nlu.train import train
from tests.fixtures_nlu import write_pack

pytestmark = pytest.mark.slow  # models are trained

SENTENCE = "de kathodebuis zoemt"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "data").mkdir()
    return Settings(data=write_pack(tmp_path / "data"), var=tmp_path / "var")


def in_database(settings: Settings, work: Callable[[Connection], Any]) -> Any:
    settings.var.mkdir(exist_ok=True)
    database = Database.open(settings.database)
    try:
        migrate(database)
        return database.exclusively(work)
    finally:
        asyncio.run(database.close())


def propose(settings: Settings, sentence: str = "de [kathodebuis](device) zoemt", seq: int = 1) -> int:
    return in_database(
        settings,
        lambda c: corrections.propose(
            c, "c1", seq, language="nl", text=sentence, intent="printer_problem", was="nlu_fallback",
            by="riet", now=1.0, saw=None,
        ),
    )  # fmt: skip


def decide(settings: Settings, id_: int, decision: str, saw: str = PENDING) -> None:
    in_database(settings, lambda c: corrections.decide(c, id_, decision, saw=saw, by="edwin", now=2.0))


def test_an_approved_correction_is_learned_by_the_next_training(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = current(settings, progress=False)
    id_ = propose(settings)
    assert learn(settings).model.hash == before.hash, "it waits for an editor"
    decide(settings, id_, "approve")
    assert current(settings, progress=False).hash == before.hash, "it waits for a training"
    assert main(["train", "--data", str(settings.data), "--var", str(settings.var)]) == 0
    assert "with 1 correction that" in capsys.readouterr().out
    after = current(settings, progress=False)
    assert after.hash != before.hash
    assert after.reused
    found = load(after.path, warm=False).parse(SENTENCE, "nl")
    assert found.intent == "printer_problem"
    assert found.values_of("device") == ("kathodebuis",)
    assert load(before.path, warm=False).parse(SENTENCE, "nl").values_of("device") == ()
    [known] = in_database(settings, corrections.learned)
    assert (known.model, known.id) == (after.hash, id_)

    decide(settings, id_, "reject", saw=APPROVED)
    assert current(settings, progress=False).hash == after.hash, "withdrawn, until the next training"
    assert learn(settings).model.hash == before.hash


def test_without_a_database_there_are_only_the_files(settings: Settings) -> None:
    plain = train(settings.data, settings.models, progress=False)
    for found in (current(settings, progress=False), learn(settings).model):
        assert (found.hash, found.reused) == (plain.hash, True)
    assert not (settings.var / "balie.db").exists()


def test_a_database_from_before_there_were_corrections(settings: Settings) -> None:
    plain = train(settings.data, settings.models, progress=False)
    engine = create_engine(f"sqlite:///{settings.var}/balie.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE conversations (id TEXT)"))
    engine.dispose()
    assert current(settings, progress=False).hash == plain.hash
    assert learn(settings).model.hash == plain.hash


def test_a_database_that_cannot_be_used_is_told(settings: Settings) -> None:
    settings.var.mkdir()
    (settings.var / "balie.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(Unavailable, match="corrections"):
        learn(settings)
