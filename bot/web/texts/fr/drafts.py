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
    "drafts.line": "Ligne {n} : {what}",
    "drafts.wrong.no_front": (
        "Les caractéristiques manquent en haut. Commencez par ---, title, summary, kind, … puis à "
        "nouveau ---."
    ),
    "drafts.wrong.no_key": "« {name} » manque dans les caractéristiques. Ajoutez « {name}: … ».",
    "drafts.wrong.kind": "« {name} » n’est pas une sorte d’article. Choisissez parmi {known}.",
    "drafts.wrong.date": "« {name} » n’est pas une date. Écrivez-la comme 2026-11-23.",
    "drafts.wrong.heading": (
        "L’intertitre « {name} » n’a pas sa place ici. Le seul permis est « ## {label} »."
    ),
    "drafts.wrong.no_steps": "Il n’y a pas d’étapes. Écrivez-les ainsi : « 1. **Que faire.** Comment. »",
    "drafts.wrong.number": "L’étape {n} porte le numéro {number}. Numérotez les étapes 1, 2, 3, …",
    "drafts.wrong.no_title": "L’étape {n} n’a pas de titre. Commencez par « **Que faire.** »",
    "drafts.wrong.no_label": (
        "« {label}: » manque à l’étape {n}. Ajoutez « - {label}: … » en dessous, précédé de trois espaces."
    ),
    "drafts.wrong.time": "La durée de l’étape {n} est illisible. Écrivez-la ainsi : « 2 min ».",
    "drafts.wrong.unknown": "La caractéristique « {name} » n’existe pas. Il y a {known}.",
    "drafts.wrong.form": "« {name} » n’a pas la forme voulue.",
    "drafts.wrong.yaml": (
        "Les caractéristiques sont illisibles. Vérifiez les espaces, les deux-points et les guillemets."
    ),
    "drafts.wrong.link": "Un lien mène à l’article « {name} », qui n’existe pas.",
    "drafts.wrong.intent": "L’intention « {name} » n’existe pas. Vérifiez ce qui figure sous « intents ».",
    "drafts.wrong.unlike_steps": (
        "« {name} » n’a pas le même nombre d’étapes dans chaque langue. Un client peut changer de langue "
        "en cours de route."
    ),
    "drafts.wrong.unlike_kind": "« {name} » n’a pas les mêmes « kind » et « intents » dans chaque langue.",
}
