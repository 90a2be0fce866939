"""French: calls at the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.title": "Appel",
    "call.on_line": "Le client est en ligne",
    "call.talking": "Un appel avec le client est en cours",
    "call.answer": "Répondre",
    "call.calling": "Connexion… Autorisez le micro si votre navigateur le demande.",
    "call.on": "En communication",
    "call.muted": "En communication, micro coupé",
    "call.held": "Le client est en attente",
    "call.over": "L’appel est terminé",
    "call.lost": "Votre ligne a été coupée ; le client attend encore. Répondez à nouveau.",
    "call.microphone": "Pas de micro. Autorisez-le dans votre navigateur, puis répondez à nouveau.",
    "call.taken": "Un collègue a déjà cette conversation",
    "call.gone": "Le client n’est plus en ligne",
    "call.unavailable": "Impossible de répondre. Réessayez.",
    "call.mute": "Couper le micro",
    "call.hold": "Mettre en attente",
    "call.hang_up": "Raccrocher",
    "call.badge": "En ligne",
    "keys.answer": "Répondre à l’appel",
}
