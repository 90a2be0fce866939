"""French: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Brouillons d’articles",
    "drafts.list": "Brouillons d’articles",
    "drafts.explained": (
        "Ce que des collaborateurs ont proposé comme article en clôturant. Rédigez-le ici : une fois "
        "publié, il figure tout de suite dans la base de connaissances et le bot le propose."
    ),
    "drafts.by_state": "Par état",
    "drafts.state_draft": "À rédiger",
    "drafts.state_published": "Publié",
    "drafts.state_dropped": "Écarté",
    "drafts.publish": "Publier",
    "drafts.drop": "Écarter",
    "drafts.reopen": "Reprendre",
    "drafts.file": "Télécharger le fichier",
    "drafts.empty": "Il n’y a rien ici",
    "drafts.empty_hint": "Un collaborateur propose une solution comme article en clôturant une conversation.",
    "drafts.write": "Rédiger",
    "drafts.look": "Voir",
    "drafts.save": "Enregistrer",
    "drafts.text": "Rédaction",
    "drafts.slug": "Adresse",
    "drafts.slug_hint": (
        "L’article se trouvera sous /help/{language}/ avec ce nom : minuscules, chiffres et traits d’union."
    ),
    "drafts.article": "Article",
    "drafts.text_hint": (
        "En haut les caractéristiques, puis une introduction et des étapes numérotées. Remplacez "
        "chaque … par du texte."
    ),
    "drafts.looks": "Aperçu",
    "drafts.why": "Pourquoi :",
    "drafts.result": "Résultat :",
    "drafts.no_look": "Il n’y a encore rien à montrer.",
    "drafts.solution": "La solution telle qu’elle a été notée",
    "drafts.unread": "Ceci ne se lit pas encore comme un article :",
    "drafts.unwritten": "Il reste un … quelque part : complétez-le d’abord.",
    "drafts.taken": "Un article a déjà l’adresse {name}.",
    "drafts.bad_slug": "L’adresse se compose de minuscules, de chiffres et de traits d’union, sans espaces.",
    "drafts.keeps_name": "Un article publié garde son adresse. Reprenez-le d’abord.",
    "drafts.overtaken": (
        "Un collègue a modifié ceci entre-temps. Ce que vous avez tapé est toujours là : enregistrez "
        "de nouveau pour remplacer sa version."
    ),
    "drafts.linked": "D’autres articles y renvoient :",
    "drafts.done_saved": "Enregistré.",
    "drafts.done_published": "Publié. L’article figure maintenant dans la base de connaissances.",
}
