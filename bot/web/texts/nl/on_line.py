"""Dutch: calls at the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.title": "Telefoongesprek",
    "call.on_line": "De klant is aan de lijn",
    "call.talking": "Er loopt een gesprek met de klant",
    "call.answer": "Opnemen",
    "call.calling": "Verbinden… Sta de microfoon toe als je browser dat vraagt.",
    "call.on": "In gesprek",
    "call.muted": "In gesprek, je microfoon staat uit",
    "call.held": "De klant staat in de wacht",
    "call.over": "Het gesprek is afgelopen",
    "call.lost": "Je lijn viel weg; de klant wacht nog. Neem opnieuw op.",
    "call.microphone": "Geen microfoon. Sta ze toe in je browser en neem opnieuw op.",
    "call.taken": "Een collega heeft dit gesprek al",
    "call.gone": "De klant is niet meer aan de lijn",
    "call.unavailable": "Opnemen lukte niet. Probeer het opnieuw.",
    "call.mute": "Microfoon uit",
    "call.hold": "In de wacht",
    "call.hang_up": "Ophangen",
    "call.badge": "Aan de lijn",
    "keys.answer": "De telefoon opnemen",
}
