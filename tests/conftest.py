"""Fixtures that every kind of test shares; what a machine lacks is told by need.py."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures_store", "tests.fixtures_server"]
