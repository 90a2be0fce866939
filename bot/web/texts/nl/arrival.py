"""Dutch: how far a message has come."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "arrival.waiting": "Onderweg",
    "arrival.sent": "Verzonden",
    "arrival.delivered": "Afgeleverd",
    "arrival.seen": "Gelezen",
    "arrival.retried": "Nog niet afgeleverd, er volgt vanzelf een nieuwe poging.",
    "arrival.failed": "Niet aangekomen bij de klant.",
    "arrival.again": "Opnieuw verzenden",
    "arrival.repeated": "Niet aangekomen, daarna opnieuw verzonden.",
    "arrival.unknown": (
        "Misschien niet aangekomen, en niet vanzelf opnieuw verzonden. Vraag het na bij de klant."
    ),
    "arrival.cancelled": "Niet verzonden: het gesprek was net overgenomen.",
}
