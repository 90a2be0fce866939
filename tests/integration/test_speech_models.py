"""Speech models are fetched from a server that breaks off, from folders and from archives that mean harm."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.app.cli import main
from bot.app.speech_models import try_loading
from bot.model.errors import BalieError, ConfigError, Malformed, NotFound, TooLarge, Unavailable
from bot.speech import models
from bot.speech.fetching import TRIES, fetch
from bot.speech.models import Model, find_model, install, present, unpack

pytestmark = pytest.mark.slow  # models are fetched, over HTTP

CONTENT = bytes(range(256)) * 4_000


@dataclass
class Maker:
    """A web server with one file, which says after how many bytes each answer breaks off (the last for ever)."""

    url: str = ""
    content: bytes = CONTENT
    breaks: list[int | None] = field(default_factory=lambda: [None])
    ranges: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)

    @property
    def version(self) -> str:
        return f'"{hashlib.md5(self.content).hexdigest()}"'


@pytest.fixture
def maker() -> Iterator[Maker]:
    maker = Maker()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            maker.asked.append(asked)
            if maker.status != 200:
                self.send_error(maker.status)
                return
            part = re.fullmatch(r"bytes=(\d+)-", asked)
            same = self.headers.get("If-Range") in (None, maker.version)
            begin = int(part[1]) if part and maker.ranges and same else 0
            if begin and begin >= len(maker.content):
                self.send_error(416)
                return
            rest = maker.content[begin:]
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.send_header("ETag", maker.version)
            self.end_headers()
            stop = maker.breaks.pop(0) if len(maker.breaks) > 1 else maker.breaks[0]
            self.wfile.write(rest if stop is None else rest[:stop])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    maker.url = f"http://127.0.0.1:{server.server_port}/model.zip"
    yield maker
    server.shutdown()
    server.server_close()


def get(maker: Maker, to: Path) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    fetch(maker.url, to, lambda *done: told.append(done), pause=0)
    return told


# ── over the network ──────────────────────────────────────────────────────────────────────────────────────


def test_what_breaks_off_goes_on_where_it_was(maker: Maker, tmp_path: Path) -> None:
    maker.breaks = [100_000, 300_000, None]
    told = get(maker, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert maker.asked == ["", "bytes=100000-", "bytes=400000-"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_later_try_goes_on_too(maker: Maker, tmp_path: Path) -> None:
    maker.breaks = [100_000, 0]
    with pytest.raises(Unavailable, match="goes on after 100000 bytes"):
        get(maker, tmp_path / "file")
    assert len(maker.asked) == TRIES + 1
    maker.breaks, maker.asked = [None], []
    get(maker, tmp_path / "file")
    assert maker.asked == ["bytes=100000-"]
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_another_file_at_the_same_address_begins_anew(maker: Maker, tmp_path: Path) -> None:
    maker.breaks = [100_000, 0]
    with pytest.raises(Unavailable):
        get(maker, tmp_path / "file")
    maker.breaks, maker.content = [None], CONTENT[::-1]
    get(maker, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT[::-1]


def test_a_server_that_cannot_go_on_begins_anew(maker: Maker, tmp_path: Path) -> None:
    maker.breaks, maker.ranges = [100_000, None], False
    get(maker, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "times"), [(404, 1), (503, TRIES)])
def test_what_is_not_there_is_asked_for_once_and_who_is_busy_again(
    maker: Maker, tmp_path: Path, status: int, times: int
) -> None:
    maker.status = status
    with pytest.raises(Unavailable, match=str(status)):
        get(maker, tmp_path / "file")
    assert len(maker.asked) == times


def test_what_is_too_large_is_not_fetched(maker: Maker, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        fetch(maker.url, tmp_path / "file", lambda *_: None, most=len(CONTENT) - 1)
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "http://", "nothing"])
def test_only_the_web_is_fetched_from(url: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        fetch(url, tmp_path / "file", lambda *_: None)


# ── archives ──────────────────────────────────────────────────────────────────────────────────────────────


def archive(files: dict[str, bytes], *, link: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
            opened.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@pytest.mark.parametrize("name", ["../out", "a/../../out", "/out", "a\\..\\out"])
def test_no_file_leaves_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(archive({"model/fine": b"1", name: b"2"}))
    with pytest.raises(Malformed, match="outside of its folder"):
        unpack(tmp_path / "x.zip", tmp_path / "a" / "b")
    assert not list(tmp_path.rglob("out"))


def test_a_link_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(archive({"model/link": b"/etc/passwd"}, link=True))
    with pytest.raises(Malformed):
        unpack(tmp_path / "x.zip", tmp_path / "a")


def test_an_archive_that_grows_too_large_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(archive({"model/zeros": bytes(10_000_000)}))
    with pytest.raises(TooLarge):
        unpack(tmp_path / "x.zip", tmp_path / "a", most=1_000_000)
    assert sum(path.stat().st_size for path in (tmp_path / "a").rglob("*") if path.is_file()) <= 1_000_000


@pytest.mark.parametrize("content", [b"", b"no archive", archive({"a": b"1" * 10_000})[:60]])
def test_what_is_no_archive_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(Malformed, match="no ZIP archive"):
        unpack(tmp_path / "x.zip", tmp_path / "a")


# ── into their place ──────────────────────────────────────────────────────────────────────────────────────

DUTCH = Model("vosk", "nl", "vosk-model-small-nl-0.22")
GOOD = archive({"vosk-model-small-nl-0.22/am/final.mdl": b"good"})


def loads(folder: Path) -> None:
    """A trial that wants one file."""
    if not (folder / "am" / "final.mdl").is_file():
        raise ConfigError("no model")


def put(source: str, into: Path, sha256: str = "") -> Path:
    return install(DUTCH, source, into, lambda *_: None, loads, sha256)


def test_a_model_comes_from_an_address_an_archive_or_a_folder(maker: Maker, tmp_path: Path) -> None:
    maker.content, maker.breaks = GOOD, [10, None]
    (tmp_path / "x.zip").write_bytes(GOOD)
    unpack(tmp_path / "x.zip", tmp_path / "x")
    for number, source in enumerate((maker.url, str(tmp_path / "x.zip"), str(tmp_path / "x"))):
        into = tmp_path / f"models{number}"
        place = put(source, into, "" if source.endswith("/x") else hashlib.sha256(GOOD).hexdigest())
        assert place == into / "speech" / "vosk" / "nl"
        assert (place / "am" / "final.mdl").read_bytes() == b"good"
        assert present(into, "vosk") == {"nl": place}
        assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize(
    ("content", "sha256"), [(archive({"a/b": b"1"}), ""), (b"junk", ""), (GOOD, "0" * 64)]
)
def test_a_model_that_is_wrong_leaves_the_one_that_was_there(
    maker: Maker, tmp_path: Path, content: bytes, sha256: str
) -> None:
    maker.content = GOOD
    place = put(maker.url, tmp_path)
    maker.content = content
    with pytest.raises(BalieError):
        put(maker.url, tmp_path, sha256)
    assert (place / "am" / "final.mdl").read_bytes() == b"good"
    assert list(place.parent.iterdir()) == [place]


def test_what_is_not_known_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="known: vosk nl, vosk fr, vosk en"):
        find_model("vosk", "de")
    with pytest.raises(NotFound, match="no folder or archive"):
        put(str(tmp_path / "gone"), tmp_path)


# ── as a command ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever has the file is taken for a model."""
    monkeypatch.setattr("bot.app.speech_models.try_loading", lambda engine, folder: loads(folder))


@pytest.mark.usefixtures("trusting")
def test_the_command_fetches_lists_and_says_where_no_checksum_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, var = tmp_path / "shelf", str(tmp_path / "var")
    shelf.mkdir()
    (shelf / "vosk-model-small-nl-0.22.zip").write_bytes(GOOD)
    (shelf / "fr").mkdir()
    assert main(["models", "fetch", "nl", "fr", "--from", str(shelf), "--var", var]) == 1
    said = capsys.readouterr()
    assert "vosk nl: in " in said.out
    assert "no checksum is known" in said.out
    assert "vosk fr: no model" in said.err
    assert main(["models", "list", "--var", var]) == 0
    assert [line.split()[-1].endswith("here") for line in capsys.readouterr().out.splitlines()] == [
        False,
        True,
        True,
        True,
    ]
    assert main(["models", "check", "--var", var]) == 0


def test_the_command_says_what_is_wrong_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    var = ["--var", str(tmp_path)]
    assert main(["models", "check", *var]) == 1
    assert "'balie models fetch'" in capsys.readouterr().out
    assert main(["models", "fetch", "--engine", "whisper", *var]) == 1
    assert "--from FOLDER" in capsys.readouterr().err
    assert main(["models", "fetch", "--from", str(tmp_path), *var]) == 1
    assert "cannot be that of several languages" in capsys.readouterr().err
    assert main(["models", "fetch", "--sha256", "0", *var]) == 2
    assert main(["models", "fetch", "de", *var]) == 2


def test_a_model_that_does_not_load_is_told_from_another_process(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        try_loading("vosk", tmp_path)


def test_the_makers_addresses_are_of_the_web_and_safe() -> None:
    assert all(model.url.startswith(models.MAKER) for model in models.CATALOGUE if model.engine == "vosk")
    assert models.MAKER.startswith("https://")
