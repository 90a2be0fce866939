"""What the desk's pages share."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "templates"
"""Where their templates are."""
