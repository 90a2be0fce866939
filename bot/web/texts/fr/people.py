"""French: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.title": "Ce que le helpdesk conserve à votre sujet",
    "archive.made": "Établi le {when}.",
    "archive.name": "Nom",
    "archive.email": "Adresse mail",
    "archive.phone": "Numéro de téléphone",
    "archive.known_by": "Identifiant connu",
    "archive.verified": "prouvé",
    "archive.claimed": "indiqué, non vérifié",
    "archive.note": "Note",
    "archive.conversations": "Conversations : {n}",
    "archive.tickets": "Tickets : {n}",
    "archive.customer": "Client",
    "archive.contact": "Contact",
    "archive.summary": "Résumé",
    "archive.solution": "Solution",
    "archive.json": "Le fichier data.json reprend le tout tel qu’il est conservé.",
    "archive.overview_file": "apercu.txt",
    "archive.file": "donnees-{when}.zip",
}
