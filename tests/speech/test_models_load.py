"""`balie models` with real models: fetched as an archive, tried, and a broken one that ends its own process only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.app.cli import main
from bot.app.speech_models import try_loading
from bot.model.errors import ConfigError
from tests.need import need
from tests.speech_models import NO_GROUP, korean_model, whisper_model

pytestmark = pytest.mark.slow


@pytest.fixture
def korean() -> Path:
    model = korean_model()
    need(model, NO_GROUP)
    assert model is not None
    return model


def test_a_real_model_is_taken_from_an_archive_and_loads(
    korean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.make_archive(str(tmp_path / "model"), "zip", korean.parent, "model")
    var = ["--var", str(tmp_path / "var")]
    assert main(["models", "fetch", "nl", "--from", str(tmp_path / "model.zip"), *var]) == 0
    assert "and it loads; no checksum is known" in capsys.readouterr().out
    assert main(["models", "check", *var]) == 0
    assert "vosk nl: loads" in capsys.readouterr().out


def test_a_model_that_ends_its_process_does_not_end_ours(korean: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(korean, broken, copy_function=lambda source, to: Path(to).symlink_to(source))
    symbols = broken / "graph" / "disambig_tid.int"
    half = symbols.read_bytes()[: symbols.stat().st_size // 2]
    symbols.unlink()
    symbols.write_bytes(half)
    with pytest.raises(ConfigError, match="broken"):
        try_loading("vosk", broken)


def test_a_folder_of_whispers_is_taken_and_half_of_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = whisper_model(tmp_path / "model")
    need(model, NO_GROUP)
    assert model is not None
    var = ["--engine", "whisper", "--var", str(tmp_path / "var")]
    assert main(["models", "fetch", "--from", str(model), *var]) == 0
    (model / "model.bin").write_bytes(b"half")
    assert main(["models", "fetch", "--from", str(model), *var]) == 1
    assert "is broken" in capsys.readouterr().err
    assert main(["models", "check", "--var", str(tmp_path / "var")]) == 0
