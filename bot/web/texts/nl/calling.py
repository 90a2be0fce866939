"""Dutch: calling a customer from the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.back": "Bel terug",
    "call.title": "Klant terugbellen?",
    "call.hint": (
        "Balie belt de klant, zegt wie er belt en verbindt door met jou: op het nummer van je team als "
        "dat ingesteld is, anders typ jij en hoort de klant het."
    ),
    "call.which": "Op welk nummer?",
    "call.none": "Van deze klant is geen nummer bekend dat gebeld mag worden.",
    "call.taken": "Een collega voert dit gesprek. Neem het over als je de klant wilt bellen.",
    "call.placed": "{number} wordt gebeld. Hoe het gaat, lees je in het verloop van het gesprek.",
    "call.asked": (
        "De oproep naar {number} is aangevraagd. Hoe het gaat, lees je in het verloop van het gesprek."
    ),
    "call.already": "Deze oproep naar {number} is al gebeurd; je leest het in het verloop van het gesprek.",
    "call.unknown": (
        "Het is niet zeker of {number} gebeld wordt: er kwam geen duidelijk antwoord. Balie belt niet "
        "vanzelf opnieuw. Kijk in het verloop of er nieuws komt voor je het nog eens probeert."
    ),
    "call.refused": "Er is niet gebeld. {why}",
    "call.not_done": "Er is niet gebeld. {why}",
    "call.why.invalid": "Dit is geen geldig telefoonnummer. Zet het juiste nummer op het ticket.",
    "call.why.special": "Betaalnummers en andere bijzondere nummers worden niet gebeld.",
    "call.why.country": (
        "Naar dit land wordt niet gebeld. Een beheerder kan het toelaten in de instellingen "
        "(phone.countries)."
    ),
    "call.why.calls_a_day": (
        "Vandaag is al zo vaak gebeld als mag. Morgen kan het weer, of een beheerder verhoogt "
        "phone.calls_a_day."
    ),
    "call.why.not_set_up": "Uitgaand bellen is niet ingesteld.",
}
