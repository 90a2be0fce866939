"""English: how far a message has come."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "arrival.waiting": "On its way",
    "arrival.sent": "Sent",
    "arrival.delivered": "Delivered",
    "arrival.seen": "Seen",
    "arrival.retried": "Not delivered yet; it will be tried again by itself.",
    "arrival.failed": "This did not reach the customer.",
    "arrival.again": "Send again",
    "arrival.repeated": "This did not arrive; it was sent again.",
    "arrival.unknown": "This may not have arrived, and is not sent again by itself. Ask the customer.",
    "arrival.cancelled": "Not sent: the conversation had just been taken over.",
}
