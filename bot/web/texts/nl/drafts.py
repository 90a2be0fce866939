"""Dutch: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Artikelontwerpen",
    "drafts.list": "Artikelontwerpen",
    "drafts.explained": (
        "Wat medewerkers bij het afronden als artikel voorstelden. Een artikel is een bestand van de "
        "kennisbank: download het begin, werk het uit in data/kb en zet het hier op uitgewerkt."
    ),
    "drafts.by_state": "Volgens stand",
    "drafts.state_draft": "Uit te werken",
    "drafts.state_published": "Uitgewerkt",
    "drafts.state_dropped": "Weggelegd",
    "drafts.publish": "Is uitgewerkt",
    "drafts.drop": "Wegleggen",
    "drafts.reopen": "Weer opnemen",
    "drafts.file": "Begin van het artikel",
    "drafts.empty": "Hier staat niets",
    "drafts.empty_hint": "Wie een gesprek afrondt, kan de oplossing als artikel voorstellen.",
}
