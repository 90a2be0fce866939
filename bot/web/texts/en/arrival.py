"""English: how far a message has come."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "arrival.waiting": "On its way",
    "arrival.sent": "Sent",
    "arrival.delivered": "Delivered",
    "arrival.seen": "Seen",
    "arrival.retried": "Not delivered yet; another attempt will follow automatically.",
    "arrival.failed": "This did not reach the customer.",
    "arrival.again": "Send again",
    "arrival.repeated": "This did not arrive; it was then sent again.",
    "arrival.unknown": (
        "This may not have arrived, and was not sent again automatically. Check with the customer."
    ),
    "arrival.cancelled": "Not sent: the conversation had just been taken over.",
}
