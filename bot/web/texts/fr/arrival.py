"""French: how far a message has come."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "arrival.waiting": "En cours d’envoi",
    "arrival.sent": "Envoyé",
    "arrival.delivered": "Distribué",
    "arrival.seen": "Lu",
    "arrival.retried": "Pas encore distribué ; un nouvel essai suivra automatiquement.",
    "arrival.failed": "Ce message n’est pas arrivé chez le client.",
    "arrival.again": "Renvoyer",
    "arrival.repeated": "Pas arrivé, puis renvoyé.",
    "arrival.unknown": "Peut-être pas arrivé, et pas renvoyé automatiquement. Vérifiez auprès du client.",
    "arrival.cancelled": "Pas envoyé : la conversation venait d’être prise en charge.",
}
