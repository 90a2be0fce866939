"""What the workers have to tell Prometheus: turns, handovers, batches, and the CPU time of each thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

_TASKS = Path("/proc/self/task")


class Telemetry:
    """Figures of one process; `register` adds them to what /metrics shows."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._turns = Histogram(
            "balie_turn_seconds",
            "From claim to saved turn",
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )
        self._failed = Counter(
            "balie_turns_failed", "Turns that ended in an apology", registry=self._registry
        )
        self._handovers = Counter(
            "balie_handovers", "Conversations handed over", ("reason",), registry=self._registry
        )
        self._batch = Histogram(
            "balie_understood_together",
            "Texts read in a batch",
            registry=self._registry,
            buckets=(1, 2, 4, 8, 16, 32),
        )

    def turn(self, seconds: float, *, failed: bool, handed_over: str | None) -> None:
        """A turn is done; `handed_over` is the reason when it ended with a person."""
        self._turns.observe(seconds)
        if failed:
            self._failed.inc()
        if handed_over:
            self._handovers.labels(handed_over).inc()

    def batch(self, texts: int) -> None:
        """So many texts were read together."""
        self._batch.observe(texts)

    def register(self, registry: CollectorRegistry) -> None:
        """Show these figures where `registry` is shown."""
        registry.register(_Relay(self._registry))
        if _TASKS.is_dir():
            registry.register(_ThreadTimes())


class _Relay(Collector):
    """The metrics of another registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Whatever that one has now."""
        yield from self._registry.collect()  # pyright: ignore[reportReturnType]


class _ThreadTimes(Collector):
    """User and system time of every Python thread, by what it is for; Linux only."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read /proc once."""
        tick = os.sysconf("SC_CLK_TCK")
        spent: dict[str, float] = {}
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        for task in _TASKS.iterdir():
            try:
                fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it ended while we looked
            name = names.get(int(task.name), "other").rstrip("_-0123456789")
            spent[name] = spent.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / tick
        family = CounterMetricFamily("balie_thread_cpu_seconds", "CPU time by thread", labels=("thread",))
        for name, seconds in sorted(spent.items()):
            family.add_metric((name,), seconds)
        yield family
