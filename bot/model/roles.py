"""What somebody who works here may be; what each may do is `bot.web.access`."""

from __future__ import annotations

ROLES = ("agent", "reviewer", "editor", "lead", "admin")
