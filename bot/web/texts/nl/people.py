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
    "people.title": "Persoonsgegevens",
    "people.who": "Wie zoek je?",
    "people.who_hint": (
        "Een e-mailadres, telefoonnummer, ticketnummer, klantnummer, of het nummer van een gesprek."
    ),
    "people.look": "Opzoeken",
    "people.none": "Er is niets bewaard",
    "people.none_hint": (
        "Probeer het met een ander gegeven: iemand kan gechat hebben zonder naam of adres te geven. Het "
        "ticketnummer vindt het gesprek altijd."
    ),
    "people.kept": "Wat er bewaard is",
    "people.counted": "Gesprekken: {conversations}, tickets: {tickets}",
    "people.sender": "Afzender",
    "people.mentioned": "Genoemd in nog andere gesprekken",
    "people.mentioned_hint": (
        "Het adres of nummer komt hier ter sprake. Meestal is het gesprek van iemand anders: vink het "
        "alleen aan als het toch van deze klant is."
    ),
    "people.export": "Een kopie geven",
    "people.export_hint": (
        "Een ZIP-bestand met alle gesprekken, tickets en notities, leesbaar en volledig. Geef het alleen"
        " aan wie het aangaat, en ga eerst na of die het is."
    ),
    "people.their_language": "Taal van de klant",
    "people.export_go": "Kopie downloaden",
    "people.erase": "Alles wissen",
    "people.erase_hint": (
        "Wat gezegd, ingevuld en genoteerd werd, de naam en de adressen verdwijnen voorgoed. Lopende "
        "gesprekken worden afgesloten. Cijfers en ticketnummers blijven."
    ),
    "people.sure": "Wat aangevinkt is, verdwijnt. Dit kan niet ongedaan gemaakt worden.",
    "people.erase_go": "Voorgoed wissen",
    "people.erased_whole": "Alles is gewist. In een reservekopie van vroeger staat het nog.",
    "people.erased_later": (
        "Alles is gewist. Een ander programma las net mee: in de bestanden van de databank verdwijnt het"
        " pas na de volgende nacht."
    ),
    "page.people": "Persoonsgegevens",
    "people.erase_open": "Wissen…",
    "people.take": "Meenemen",
    "people.take_one": "Gesprek van {when} meenemen",
}
