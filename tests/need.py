"""What a machine lacks is skipped with the reason; where everything is asked for, it is a failure."""

from __future__ import annotations

import os

import pytest

EVERYTHING = os.environ.get("BALIE_TEST") == "all"
"""Is every test asked for, as in CI?"""


def need(condition: object, reason: str) -> None:
    """Skip this test unless `condition`; under BALIE_TEST=all fail instead."""
    if condition:
        return
    if EVERYTHING:
        pytest.fail(f"BALIE_TEST=all allows no skips: {reason}", pytrace=False)
    pytest.skip(reason)
