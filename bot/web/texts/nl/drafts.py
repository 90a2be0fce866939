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
    "drafts.line": "Regel {n}: {what}",
    "drafts.wrong.no_front": (
        "Bovenaan ontbreken de kenmerken. Begin met ---, title, summary, kind, … en nog eens ---."
    ),
    "drafts.wrong.no_key": "Bij de kenmerken ontbreekt “{name}”. Voeg “{name}: …” toe.",
    "drafts.wrong.kind": "“{name}” is geen soort artikel. Kies uit {known}.",
    "drafts.wrong.date": "“{name}” is geen datum. Schrijf ze zoals 2026-11-23.",
    "drafts.wrong.heading": "De tussentitel “{name}” kan hier niet. De enige die mag, is “## {label}”.",
    "drafts.wrong.no_steps": "Er zijn geen stappen. Schrijf ze als “1. **Wat te doen.** Hoe.”",
    "drafts.wrong.number": "Stap {n} heeft het nummer {number}. Nummer de stappen 1, 2, 3, …",
    "drafts.wrong.no_title": "Stap {n} heeft geen titel. Begin met “**Wat te doen.**”",
    "drafts.wrong.no_label": (
        "Bij stap {n} ontbreekt “{label}:”. Voeg eronder “- {label}: …” toe, met drie spaties ervoor."
    ),
    "drafts.wrong.time": "De duur van stap {n} is niet te lezen. Schrijf ze als “2 min”.",
    "drafts.wrong.unknown": "Het kenmerk “{name}” bestaat niet. Er zijn {known}.",
    "drafts.wrong.form": "“{name}” heeft niet de juiste vorm.",
    "drafts.wrong.yaml": (
        "De kenmerken zijn niet te lezen. Kijk de spaties, dubbele punten en aanhalingstekens na."
    ),
    "drafts.wrong.link": "Een link leidt naar het artikel “{name}”, dat niet bestaat.",
    "drafts.wrong.intent": "De bedoeling “{name}” bestaat niet. Kijk na wat er bij “intents” staat.",
    "drafts.wrong.unlike_steps": (
        "“{name}” heeft niet in elke taal evenveel stappen. Een klant kan halverwege van taal veranderen."
    ),
    "drafts.wrong.unlike_kind": "“{name}” heeft niet in elke taal hetzelfde bij “kind” en “intents”.",
}
