"""French: corrections of what was understood."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.places": "Parties de la relecture",
    "review.place_list": "Conversations",
    "review.place_corrections": "Corrections",
    "correct.list": "Corrections",
    "correct.explained": "Une phrase approuvée sert d’exemple au prochain entraînement (balie train).",
    "correct.by_status": "Quelles corrections",
    "correct.status_pending": "À approuver",
    "correct.status_approved": "Approuvées",
    "correct.status_rejected": "Refusées",
    "correct.badge_pending": "À approuver",
    "correct.badge_approved": "Approuvée",
    "correct.badge_rejected": "Refusée",
    "correct.empty_pending": "Rien à approuver",
    "correct.empty_approved": "Rien d’approuvé pour l’instant",
    "correct.empty_rejected": "Rien de refusé",
    "correct.empty_hint": "On corrige dans une conversation, au tour qui a été mal compris.",
    "correct.should_be": "Il fallait comprendre :",
    "correct.open": "Mal compris ? Corriger",
    "correct.again": "Modifier la correction",
    "correct.title": "Corriger ce qui a été compris",
    "correct.intent": "Que voulait dire le client ?",
    "correct.none": "Rien de tout cela : incompréhensible ou pas pour nous",
    "correct.text": "La phrase, comme exemple",
    "correct.hint": (
        "Ne laissez rien qui permette de reconnaître le client : noms, adresses, numéros. "
        "Une donnée s’écrit entre crochets, comme [Outlook](application)."
    ),
    "correct.mark": "Marquer les mots choisis comme",
    "correct.mark_go": "Marquer",
    "correct.save": "Proposer",
    "correct.made": "{name}, {when}",
    "correct.decided_pending": "{name}, {when}",
    "correct.decided_approved": "approuvée par {name}, {when}",
    "correct.decided_rejected": "refusée par {name}, {when}",
    "correct.next": "entre dans le modèle au prochain entraînement",
    "correct.learned": "dans le modèle {model}, {when}",
    "correct.still": "sort du modèle au prochain entraînement",
    "correct.where": "Voir la conversation",
    "correct.approve": "Approuver",
    "correct.reject": "Refuser",
    "correct.withdraw": "Retirer",
    "correct.is_approved": "Cette correction est déjà approuvée. Retirez-la d’abord.",
    "correct.nothing": "Rien ne diffère de ce qui figure ici : il n’y a rien à corriger.",
    "correct.editor_approved": "Cette correction est déjà approuvée. Seul un rédacteur peut la retirer.",
    "correct.proposed": (
        "Entre-temps, {name} a proposé autre chose, à voir ci-dessus. Proposez à nouveau "
        "votre version pour la remplacer."
    ),
    "correct.too_late": "Quelqu’un vous a devancé : cette correction a déjà été traitée ou modifiée.",
    "correct.overtaken_approved": "Un collègue a déjà décidé : approuvée par {name}.",
    "correct.overtaken_rejected": "Un collègue a déjà décidé : refusée par {name}.",
    "correct.reworded": (
        "Cette correction a été reformulée ou effacée entre-temps. Relisez ce qui figure ici."
    ),
    "correct.no_intent": "Choisissez ce que voulait dire le client.",
    "correct.no_language": "Choisissez une langue que parle le bot.",
    "correct.too_long": "La phrase dépasse {most} caractères. Gardez l’essentiel.",
    "correct.markup": "Les crochets ne sont pas justes ({wrong}). Écrivez [mots](donnée).",
    "correct.empty": "Il n’y a pas de phrase.",
    "correct.entity": "La donnée « {name} » n’existe pas. Choisissez parmi : {known}.",
    "correct.personal": "« {what} » désigne une personne. Retirez-le de la phrase.",
}
