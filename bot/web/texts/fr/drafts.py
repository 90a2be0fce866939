"""French: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Brouillons d’articles",
    "drafts.list": "Brouillons d’articles",
    "drafts.explained": (
        "Ce que les collaborateurs ont proposé comme article en clôturant. Un article est un fichier de "
        "la base de connaissances : téléchargez-en le début, rédigez-le dans data/kb et marquez-le ici "
        "comme rédigé."
    ),
    "drafts.by_state": "Par état",
    "drafts.state_draft": "À rédiger",
    "drafts.state_published": "Rédigés",
    "drafts.state_dropped": "Écartés",
    "drafts.publish": "C’est rédigé",
    "drafts.drop": "Écarter",
    "drafts.reopen": "Reprendre",
    "drafts.file": "Début de l’article",
    "drafts.empty": "Il n’y a rien ici",
    "drafts.empty_hint": "Un collaborateur propose une solution comme article en clôturant une conversation.",
}
