"""The whole product as its users start it: a subprocess with a var folder of its own."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.app.content import DEFAULT_DATA
from nlu.train import train

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "tests"
"""Where the trained model and the articles' vectors stay between runs; their names are content hashes."""

PASSWORD = "correct horse battery staple"
TOKEN = "a-token-for-tests"


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = "timezone: Europe/Brussels\nopening:\n" + "".join(f'  {day}: ["0:00-24:00"]\n' for day in DAYS)


@dataclass
class Served:
    """A server that can be killed and started again on the same port and folder."""

    var: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.var / "server.log"

    def start(self, *command: str) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BALIE_")},
            "BALIE_ADMIN_PASSWORD": PASSWORD,
            "BALIE_API_TOKEN": TOKEN,
            "BALIE_VAR": str(self.var),
            **self.environment,
        }
        arguments = command or ("serve", "--port", str(self.port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.app.cli", *arguments], env=env, stdout=log, stderr=log
            )

    def wait_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"not ready in {seconds} s:\n{self.log.read_text()}")

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def get(self, path: str, *, token: str | None = TOKEN) -> tuple[int, Any]:
        return self.request("GET", path, token=token)

    def post(self, path: str, body: Any, *, token: str | None = TOKEN) -> tuple[int, Any]:
        return self.request("POST", path, body, token=token)

    def request(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN
    ) -> tuple[int, Any]:
        """Status and body (JSON where it is)."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _read(error.read())

    def say(self, sender: str, text: str) -> list[str]:
        """A message over REST; what the bot says to it."""
        status, said = self.post("/webhooks/rest/webhook", {"sender": sender, "message": text})
        assert status == 200, said
        return [message["text"] for message in said]


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


@pytest.fixture(scope="session")
def trained() -> Path:
    """A folder with the trained model of the shipped pack; trained once, found again afterwards."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes: one trains, the others wait
        train(DEFAULT_DATA, CACHE / "models", progress=False)
    return CACHE


def new_var(trained: Path, folder: Path) -> Path:
    """A var folder that has the model already."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(trained / "models")
    for kept in trained.glob("article-vectors*"):
        shutil.copy(kept, folder / kept.name)
    return folder


@pytest.fixture(scope="session")
def open_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped pack with somebody at the desk at every hour of the year."""
    data = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(DEFAULT_DATA, data)
    (data / "policy" / "hours.yml").write_text(ALWAYS)
    return data


@pytest.fixture(scope="module")
def served(trained: Path, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for a module's tests; the same at whatever hour they run."""
    server = Served(new_var(trained, tmp_path_factory.mktemp("var")), {"BALIE_DATA": str(open_data)})
    server.start()
    server.wait_ready(120)
    for kept in server.var.glob("article-vectors*"):
        shutil.copy(kept, trained / kept.name)
    yield server
    server.stop()
