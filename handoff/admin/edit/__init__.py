"""/admin/agreements/…: the forms in which what is agreed is edited, one module for each kind."""

from __future__ import annotations

from handoff.admin.edit.pages import routes

__all__ = ["routes"]
