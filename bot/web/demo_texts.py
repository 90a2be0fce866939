"""The words of the demo page, in its three languages."""

from __future__ import annotations

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "nl": {
        "title": "Balie: de servicebalie die meteen antwoordt",
        "skip": "Naar de inhoud",
        "eyebrow": "Demopagina",
        "headline": "Een servicebalie die meteen antwoordt",
        "lead": "Balie luistert, test en lost op, in het Nederlands, Frans en Engels. Lukt het niet, dan "
        "neemt een medewerker het gesprek over, met een ticket dat al is ingevuld.",
        "open": "Open de chat",
        "try": "Probeer dit eens",
        "try_hint": "Kies een zin: ze staat klaar in de chat, en u verzendt ze zelf.",
        "tries": [
            ("wifi-off", "Ik heb geen internet op kantoor", "Balie voert echte routinetests uit"),
            ("key-round", "Ik ben mijn wachtwoord vergeten", "Eén stap tegelijk, met wat u mag verwachten"),
            (
                "shield-alert",
                "Ik kreeg een verdachte e-mail en heb geklikt",
                "Gaat meteen naar het juiste team",
            ),
            ("printer", "Mijn printer drukt niet af", "Vraagt enkel wat nog ontbreekt"),
            ("frown", "Ik wacht al drie dagen op een antwoord!", "Klachten krijgen eerst een luisterend oor"),
            ("headset", "Mag ik een medewerker spreken?", "Werkt op elk moment van het gesprek"),
        ],
        "places": "De rest van het huis",
        "help": ("Kennisbank", "Zoek zelf een oplossing, met stappen die u kunt volgen."),
        "desk": ("Balie voor medewerkers", "Neem gesprekken over, antwoord live en los op."),
        "review": ("Nalezen", "Bekijk per beurt wat begrepen is, en verbeter het."),
        "embed": "Eén regel op uw eigen site",
        "embed_hint": "Zet deze regel op een pagina en voeg de site toe aan de toegelaten herkomsten. De "
        "chat plaatst geen cookies en bewaart niets voordat iemand hem opent.",
        "language": "Taal",
    },
    "fr": {
        "title": "Balie\u00a0: le service d’assistance qui répond tout de suite",
        "skip": "Aller au contenu",
        "eyebrow": "Page de démonstration",
        "headline": "Un service d’assistance qui répond tout de suite",
        "lead": "Balie écoute, teste et dépanne, en néerlandais, en français et en anglais. Si cela ne "
        "suffit pas, un collaborateur reprend la conversation, avec un ticket déjà rempli.",
        "open": "Ouvrir le chat",
        "try": "À essayer",
        "try_hint": "Choisissez une phrase\u00a0: elle apparaît dans le chat, et c’est vous qui l’envoyez.",
        "tries": [
            ("wifi-off", "Je n’ai plus d’internet au bureau", "Balie effectue de vrais tests de routine"),
            ("key-round", "J’ai oublié mon mot de passe", "Une étape à la fois, avec le résultat attendu"),
            (
                "shield-alert",
                "J’ai reçu un e-mail suspect et j’ai cliqué",
                "Transmis aussitôt à la bonne équipe",
            ),
            ("printer", "Mon imprimante n’imprime pas", "Ne demande que ce qui manque encore"),
            ("frown", "J’attends une réponse depuis trois jours\u00a0!", "Une plainte est d’abord écoutée"),
            ("headset", "Puis-je parler à un collaborateur\u00a0?", "Possible à tout moment"),
        ],
        "places": "Le reste de la maison",
        "help": ("Base de connaissances", "Trouvez vous-même une solution, étape par étape."),
        "desk": ("Espace des collaborateurs", "Reprenez une conversation, répondez en direct et clôturez."),
        "review": ("Relecture", "Voyez à chaque tour ce qui a été compris, et corrigez-le."),
        "embed": "Une ligne sur votre propre site",
        "embed_hint": "Placez cette ligne sur une page et ajoutez le site aux origines autorisées. Le chat "
        "ne dépose aucun cookie et ne conserve rien avant que quelqu’un ne l’ouvre.",
        "language": "Langue",
    },
    "en": {
        "title": "Balie: the service desk that answers right away",
        "skip": "Skip to content",
        "eyebrow": "Demo page",
        "headline": "A service desk that answers right away",
        "lead": "Balie listens, tests and mends, in Dutch, French and English. When that is not enough, a "
        "person takes the conversation over, with a ticket that is already filled in.",
        "open": "Open the chat",
        "try": "Things to try",
        "try_hint": "Choose a sentence: it is put in the chat, and you send it yourself.",
        "tries": [
            ("wifi-off", "I have no internet at the office", "Balie runs real routine tests"),
            ("key-round", "I forgot my password", "One step at a time, with what to expect"),
            ("shield-alert", "I got a suspicious e-mail and clicked", "Goes to the right team at once"),
            ("printer", "My printer does not print", "Asks only what it does not know yet"),
            ("frown", "I have been waiting for three days!", "A complaint is listened to first"),
            ("headset", "May I talk to a person?", "Works at every moment"),
        ],
        "places": "The rest of the house",
        "help": ("Knowledge base", "Find a solution yourself, with steps to follow."),
        "desk": ("Agents’ desk", "Take over conversations, answer live, resolve."),
        "review": ("Review", "See what was understood at every turn, and correct it."),
        "embed": "One line on your own site",
        "embed_hint": "Put this line in a page and add the site to the allowed origins. The chat sets no "
        "cookie and keeps nothing before somebody opens it.",
        "language": "Language",
    },
}
