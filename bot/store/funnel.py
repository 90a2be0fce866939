"""How far people come in one flow: which steps they reach, and where those stand who do not finish it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.store.figures import Wanted
from bot.store.runs import FATES, FINISHED, Run, runs, steps_of


@dataclass(frozen=True, slots=True)
class Reached:
    """A step: how many runs came there, and where it was the last: what became of them."""

    step: str
    reached: int
    person: int
    left: int
    open: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The runs of one flow; `finished` by what ended them."""

    begun: int
    finished: dict[str, int]
    steps: tuple[Reached, ...]

    @property
    def sums(self) -> dict[str, int]:
        """What became of all of them; it adds up to `begun`."""
        return {
            "completed": self.finished["completed"],
            "moved": self.finished["linked"] + sum(step.person for step in self.steps),
            "cancelled": self.finished["cancelled"],
            "left": sum(step.left for step in self.steps),
            "open": sum(step.open for step in self.steps),
        }


def funnel(connection: Connection, wanted: Wanted, flow: str) -> Funnel:
    """The funnel of a flow in the period."""
    return funnel_of(run for _, run in runs(connection, wanted, steps_of(flow)))


def funnel_of(several: Iterable[Run]) -> Funnel:
    """What the runs come to; one without a step cannot be told where it stands."""
    reached: Counter[str] = Counter()
    stopped: dict[str, Counter[str]] = {fate: Counter() for fate in FATES}
    finished: Counter[str] = Counter()
    begun = 0
    for run in several:
        if not run.steps:
            continue
        begun += 1
        reached.update(set(run.steps))
        if run.fate in FINISHED:
            finished[run.fate] += 1
        else:
            stopped[run.fate][run.steps[-1]] += 1
    return Funnel(
        begun,
        {change: finished[change] for change in FINISHED},
        tuple(
            Reached(step, n, *(counts[step] for counts in stopped.values())) for step, n in reached.items()
        ),
    )
