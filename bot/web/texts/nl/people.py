"""Dutch: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.title": "Wat de helpdesk over u bewaart",
    "archive.made": "Opgemaakt op {when}.",
    "archive.name": "Naam",
    "archive.email": "E-mailadres",
    "archive.phone": "Telefoonnummer",
    "archive.known_by": "Gekend als",
    "archive.verified": "bewezen",
    "archive.claimed": "opgegeven, niet nagekeken",
    "archive.note": "Notitie",
    "archive.conversations": "Gesprekken: {n}",
    "archive.tickets": "Tickets: {n}",
    "archive.customer": "Klant",
    "archive.contact": "Contact",
    "archive.summary": "Samenvatting",
    "archive.solution": "Oplossing",
    "archive.json": "In data.json staat alles nog eens, zoals het bewaard wordt.",
    "archive.overview_file": "overzicht.txt",
    "archive.file": "gegevens-{when}.zip",
}
