"""Scaled out: a server, workers beside it, PostgreSQL and Redis; one worker is killed in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_server import Served, new_var

pytestmark = pytest.mark.slow

TEXTS = (
    "mijn vpn werkt niet",
    "verbinding lukt niet",
    "op mijn laptop",
    "ja",
    "ja dat klopt",
    "een medewerker graag",
)


@pytest.fixture
def cluster(
    trained: Path, tmp_path: Path, postgres_url: str, redis_server: Any
) -> Iterator[tuple[Served, list[Served]]]:
    """A server and three workers on one database and one Redis."""
    environment = {
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_server.connection_url,
        "BALIE_LEASE": "3",
        "BALIE_LIMITS__MESSAGES": "10000",
    }
    server, *workers = [
        Served(new_var(trained, tmp_path / name), environment) for name in ("server", "one", "two", "three")
    ]
    server.start()
    server.wait_ready(120)
    for worker in workers:
        worker.start("worker")
    yield server, workers
    for each in (*workers, server):
        each.stop()


def test_a_killed_worker_loses_nothing_and_nothing_is_answered_twice(
    cluster: tuple[Served, list[Served]],
) -> None:
    server, workers = cluster
    _wait_for_workers(workers)

    def talk(number: int) -> str:
        sender = f"cluster-{number}"
        for turn, text in enumerate(TEXTS):
            if number == 5 and turn == 2:
                workers[0].kill()
            server.say(sender, text)
        return sender

    with ThreadPoolExecutor(16) as pool:
        senders = list(pool.map(talk, range(40)))
    for sender in senders:
        status, tracker = server.get(f"/conversations/{sender}/tracker")
        assert status == 200
        events = tracker["events"]
        assert [event["text"] for event in events if event["event"] == "user"] == list(TEXTS)
        started = [
            e
            for e in events
            if e["event"] == "bot" and e["metadata"]["utter_action"] == "utter_session_start"
        ]
        assert len(started) == 1, "no turn was made twice"
    assert all(worker.process is not None and worker.process.poll() is None for worker in workers[1:])


def _wait_for_workers(workers: list[Served]) -> None:
    import time

    for worker in workers:
        deadline = time.monotonic() + 60
        while "working" not in worker.log.read_text():
            assert time.monotonic() < deadline, worker.log.read_text()
            time.sleep(0.05)
