"""Which of two ways of understanding is better, on the same examples, and whether that could be chance. Pure.

The test is McNemar's, exact: of the examples that only one of the two understood rightly, a fair coin would
give each as many. The margin is that of a difference of two paired shares (Agresti, Categorical Data
Analysis, 3rd edition, 11.1.1): 1.96 standard errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scipy.stats import binomtest

from nlu.testing import Answered

CERTAIN = 0.05
"""A difference that chance makes more rarely than this counts as one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many examples both understood rightly, only the first, only the second, and neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def examples(self) -> int:
        """All of them."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> float:
        """The share that the first understood rightly; 0 of nothing."""
        return (self.both + self.only_first) / self.examples if self.examples else 0.0

    @property
    def second(self) -> float:
        """The same of the second."""
        return (self.both + self.only_second) / self.examples if self.examples else 0.0

    @property
    def difference(self) -> float:
        """By how much the second is better; below 0, worse."""
        return self.second - self.first

    @property
    def margin(self) -> float:
        """The true difference lies within this of `difference`, 19 times in 20."""
        if not self.examples:
            return 0.0
        apart = self.only_first + self.only_second - (self.only_second - self.only_first) ** 2 / self.examples
        return 1.96 * sqrt(apart) / self.examples

    @property
    def p(self) -> float:
        """How often chance alone makes so large a difference between two that are equally good."""
        apart = self.only_first + self.only_second
        tested: Any = binomtest(self.only_second, apart) if apart else None
        return float(tested.pvalue) if tested else 1.0

    @property
    def certain(self) -> bool:
        """Whether one is better."""
        return self.p < CERTAIN


def compare(first: Sequence[Answered], second: Sequence[Answered]) -> Compared:
    """What two made of the same examples, in the same order."""
    pairs = [(one.right, other.right) for one, other in zip(first, second, strict=True)]
    return Compared(
        both=pairs.count((True, True)),
        only_first=pairs.count((True, False)),
        only_second=pairs.count((False, True)),
        neither=pairs.count((False, False)),
    )
