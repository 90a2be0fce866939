"""Dutch: pictures in conversations."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "picture.one": "Afbeelding",
    "picture.add": "Afbeelding toevoegen",
    "picture.remove": "Afbeelding weghalen",
    "picture.opens": "opent in een nieuw tabblad",
    "picture.sending": "Afbeelding wordt verzonden",
    "picture.only_one": "Eén afbeelding per antwoord; de eerste is gekozen.",
    "picture.replaced": "Deze afbeelding komt in de plaats van de vorige: één per antwoord.",
    "picture.with_reply": "Een afbeelding gaat met een antwoord mee, niet met een interne notitie.",
    "picture.claim_first": "Een afbeelding versturen kan zodra het gesprek van jou is.",
    "picture.unknown": "Dit bestand is geen afbeelding die we kunnen tonen. Kies een PNG, JPEG, WEBP of GIF.",
    "picture.too_large": "Deze afbeelding is te groot: hoogstens 10 MB en 40 miljoen pixels.",
}
