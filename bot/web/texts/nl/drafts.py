"""Dutch: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Artikelontwerpen",
    "drafts.list": "Artikelontwerpen",
    "drafts.explained": (
        "Wat medewerkers bij het afronden als artikel voorstelden. Werk het hier uit: een "
        "gepubliceerd artikel staat meteen in de kennisbank, en de bot stelt het voor."
    ),
    "drafts.by_state": "Volgens stand",
    "drafts.state_draft": "Uit te werken",
    "drafts.state_published": "Gepubliceerd",
    "drafts.state_dropped": "Weggelegd",
    "drafts.publish": "Publiceren",
    "drafts.drop": "Wegleggen",
    "drafts.reopen": "Weer opnemen",
    "drafts.file": "Als bestand",
    "drafts.empty": "Hier staat niets",
    "drafts.empty_hint": "Wie een gesprek afrondt, kan de oplossing als artikel voorstellen.",
    "drafts.write": "Uitwerken",
    "drafts.look": "Bekijken",
    "drafts.save": "Bewaren",
    "drafts.text": "Uitwerken",
    "drafts.slug": "Adres",
    "drafts.slug_hint": (
        "Het artikel komt op /help/{language}/ met deze naam: kleine letters, cijfers en koppeltekens."
    ),
    "drafts.article": "Artikel",
    "drafts.text_hint": (
        "Bovenaan de kenmerken, daarna een inleiding en genummerde stappen. Vervang elke … door tekst."
    ),
    "drafts.looks": "Zo ziet het eruit",
    "drafts.why": "Waarom:",
    "drafts.result": "Resultaat:",
    "drafts.no_look": "Er is nog niets te tonen.",
    "drafts.solution": "De oplossing zoals ze genoteerd werd",
    "drafts.unread": "Dit kan nog niet gelezen worden als artikel:",
    "drafts.unwritten": "Er staat nog ergens … in: vul dat eerst aan.",
    "drafts.taken": "Er is al een artikel met het adres {name}.",
    "drafts.bad_slug": "Het adres heeft kleine letters, cijfers en koppeltekens, zonder spaties.",
    "drafts.keeps_name": "Een gepubliceerd artikel houdt zijn adres. Neem het eerst weer op.",
    "drafts.overtaken": (
        "Een collega heeft dit intussen gewijzigd. Wat je typte, staat hier nog: bewaar opnieuw om "
        "het over het hunne te zetten."
    ),
    "drafts.linked": "Andere artikels verwijzen ernaar:",
    "drafts.done_saved": "Bewaard.",
    "drafts.done_published": "Gepubliceerd. Het staat nu in de kennisbank.",
}
