"""A setting with a mistake in its name is told, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.config import unknown_settings


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("BALIE_WEB__BRUST", "BALIE_WEB__BURST"),
        ("balie_web_origins", "BALIE_WEB__ORIGINS"),
        ("BALIE_PROT", "BALIE_PORT"),
        ("BALIE_PUBLICURL", "BALIE_PUBLIC_URL"),
        ("BALIE_LIMITS__MESAGES", "BALIE_LIMITS__MESSAGES"),
    ],
)
def test_in_the_environment(name: str, nearest: str, tmp_path: Path) -> None:
    [told] = unknown_settings({name: "1", "PATH": "/bin"}, tmp_path / "balie.toml")
    assert told == f"nobody reads the setting {name.upper()}; did you mean {nearest}?"


def test_nothing_is_near(tmp_path: Path) -> None:
    assert unknown_settings({"BALIE_FOO": "1"}, tmp_path / "balie.toml") == [
        "nobody reads the setting BALIE_FOO"
    ]


def test_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "balie.toml"
    file.write_text('port = 5005\n[web]\nbrust = 1.0\norigins = ["https://example.org"]\n')
    [told] = unknown_settings({}, file)
    assert told == f"nobody reads the setting web.brust in {file}; did you mean BALIE_WEB__BURST?"


def test_what_is_known_is_not_told(tmp_path: Path) -> None:
    known = (
        "BALIE_PORT",
        "balie_web__burst",
        "BALIE_WEB",
        "BALIE_DATABASE_URL",
        "BALIE_TEST",
        "DATABASE_URL",
    )
    assert unknown_settings(dict.fromkeys(known, "1"), tmp_path / "balie.toml") == []
