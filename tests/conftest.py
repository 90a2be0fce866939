"""Fixtures that every kind of test shares. Servers are in tests/fixtures_store.py; a machine's lacks in need.py."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures_store"]
