"""Dutch: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.made": "In dit bestand staat wat de helpdesk over u bewaart. Het is opgemaakt op {when}.",
    "archive.name": "Naam",
    "archive.email": "E-mailadres",
    "archive.phone": "Telefoonnummer",
    "archive.known_by": "Gekend als",
    "archive.verified": "nagekeken",
    "archive.claimed": "door u opgegeven, niet nagekeken",
    "archive.note": "Notitie",
    "archive.conversations": "Uw gesprekken",
    "archive.tickets": "Uw tickets",
    "archive.customer": "Klant",
    "archive.contact": "Contact",
    "archive.summary": "Samenvatting",
    "archive.solution": "Oplossing",
    "archive.json": (
        "In data.json staan dezelfde gegevens nog eens, met alles wat het systeem daarbij "
        "bijhoudt. Dat bestand is bedoeld om door een programma gelezen te worden."
    ),
    "archive.file": "gegevens-{when}.zip",
    "archive.letter_file": "brief.txt",
    "archive.conversation_file": "gesprek",
    "archive.dear": "Beste {name},",
    "archive.dear_customer": "Beste klant,",
    "archive.when": "{day} om {clock}",
    "archive.fact": "{name}: {value}",
    "archive.who": "Wie u bent",
    "archive.noted": "Wat medewerkers over u noteerden",
    "archive.conversation": "Gesprek van {when} via {channel}",
    "archive.ticket": "Ticket {number} van {when}, {status}",
    "archive.rights": (
        "Klopt er iets niet, of wilt u dat we iets verbeteren of wissen? Laat het de helpdesk weten."
    ),
    "archive.greeting": "Met vriendelijke groeten",
    "archive.helpdesk": "De helpdesk",
    "archive.you": "U",
    "archive.choice": "(een van de voorgestelde antwoorden)",
    "archive.understood": "Begrepen als",
    "archive.filled": "Genoteerd",
    "archive.handed": "Doorgegeven aan een medewerker.",
    "archive.handed_ticket": "Doorgegeven aan een medewerker, met ticket {number}.",
    "archive.scored": "U gaf {score} op 5",
    "archive.ended": "Afgelopen",
    "archive.comments": "Opmerkingen van medewerkers bij dit gesprek",
    "archive.scores": "Hoe medewerkers dit gesprek beoordeelden",
    "archive.tags": "Labels bij dit gesprek",
    "archive.corrections": "Zinnen van u waaruit de bot leert",
    "archive.drafts": "Antwoorden en notities die nog niet verstuurd zijn",
    "archive.article_drafts": "Oplossingen die als artikel zijn voorgesteld",
    "archive.changes": "Wat medewerkers aanpasten",
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
