"""French: what the helpdesk has agreed, and the forms to edit it."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "agree.lead": (
        "Ce que vous changez ici vaut tout de suite, aussi pour les conversations en cours. Les "
        "fichiers du contenu restent tels quels : « balie data export » les met à jour."
    ),
    "agree.file": "Dans {file}",
    "agree.edit": "Modifier",
    "agree.edit_one": "Modifier {name}",
    "agree.add": "Ajouter",
    "agree.edited": "modifié ici",
    "agree.edited_by": "Par {who}, {when}",
    "agree.outdated": "Le fichier a changé depuis lui aussi. C’est ce qui figure ici qui compte.",
    "agree.forget": "Revenir au fichier",
    "agree.forget_hint": (
        "Ce qui figure dans {file} vaudra de nouveau. Tout ce qui a été modifié ici sera perdu."
    ),
    "agree.done_saved": "Enregistré. Cela vaut dès maintenant.",
    "agree.done_forgotten": "Le contenu du fichier vaut de nouveau.",
    "agree.needed": "Impossible : d’autres règles dépendent de ce qui a été modifié ici.",
    "agree.teams": "Équipes",
    "agree.team": "Équipe",
    "agree.id": "Nom dans les fichiers",
    "agree.name": "Nom",
    "agree.languages": "Langues",
    "agree.otherwise": "Autres langues vers",
    "agree.default": "reçoit tout le reste",
    "agree.the_default": "l’équipe qui reçoit tout le reste",
    "agree.make_default": "Reçoit ce qui ne revient à aucune équipe",
    "agree.new_team": "Nouvelle équipe",
    "agree.team_id_hint": (
        "Court et sans espaces : minuscules, chiffres, - et _. Il ne changera plus par la suite."
    ),
    "agree.members": "Membres de cette équipe",
    "agree.members_hint": (
        "Les équipes d’une personne se choisissent sur sa page. Qui n’en a aucune aide dans toutes."
    ),
    "agree.no_language": "Choisissez au moins une langue.",
    "agree.itself": "Une équipe ne peut pas renvoyer à elle-même.",
    "agree.team_waits": "Il reste {n} conversations chez cette équipe. Transmettez-les d’abord.",
    "agree.routing": "Qui traite quoi",
    "agree.routing_lead": (
        "L’équipe qui reçoit un sujet, et le poids de celui-ci quand le client n’en dit rien."
    ),
    "agree.about": "Sujet",
    "agree.impact": "Impact",
    "agree.urgency": "Urgence",
    "agree.security": "Sécurité",
    "agree.routing_count": "{n} sujets",
    "agree.hours": "Heures d’ouverture",
    "agree.open": "Ouvert",
    "agree.zone": "Fuseau horaire",
    "agree.holidays": "Jours fériés de",
    "agree.no_country": "aucun pays",
    "agree.closed": "Fermé, dans l’année qui vient",
    "agree.never_closed": "jamais en dehors des heures d’ouverture",
    "agree.opening_hint": "Par exemple 8:30-12:00, 13:00-17:00. Laissez un jour vide pour fermer.",
    "agree.closed_day": "fermé",
    "agree.yearly": "Fermé chaque année le",
    "agree.rows_hint": (
        "Videz un jour pour le supprimer. Après l’enregistrement, d’autres lignes vides s’ajoutent."
    ),
    "agree.day": "Jour",
    "agree.month": "Mois",
    "agree.periods": "Fermé du … au …",
    "agree.periods_hint": "Pour un seul jour, la première date suffit.",
    "agree.from": "Du",
    "agree.to": "Au",
    "agree.bad_hours": "Les heures du {day} sont illisibles. Écrivez-les ainsi : 8:30-12:00, 13:00-17:00.",
    "agree.overlap": "Les heures du {day} se chevauchent ou ne sont pas dans l’ordre.",
    "agree.never_open": "Il faut au moins un jour d’ouverture.",
    "agree.bad_zone": "Ce fuseau horaire n’existe pas. Écrivez-le ainsi : Europe/Brussels.",
    "agree.bad_day": "{day} n’est pas un jour.",
    "agree.bad_period": (
        "La période du {first} au {last} est incorrecte : elle finit avant de commencer ou dure plus d’un an."
    ),
    "country.BE": "Belgique",
    "country.NL": "Pays-Bas",
    "country.LU": "Luxembourg",
    "country.FR": "France",
    "country.DE": "Allemagne",
    "country.GB": "Royaume-Uni",
    "agree.presence": "Quand une conversation retourne dans la file",
    "agree.gone": "Après {n} minutes sans signe de vie du collaborateur",
    "agree.unanswered": "Quand le client attend une réponse depuis {n} minutes d’ouverture",
    "agree.never_unanswered": "Jamais parce que le client attend trop longtemps",
    "agree.gone_after": "Minutes sans signe de vie du collaborateur",
    "agree.gone_hint": (
        "Une page du guichet restée ouverte est un signe de vie. Qui se déclare absent est parti aussitôt."
    ),
    "agree.unanswered_after": "Minutes d’ouverture pendant lesquelles un client attend une réponse",
    "agree.unanswered_hint": "Laissez vide pour ne jamais intervenir.",
    "agree.bad_minutes": "Les minutes sont un nombre de 1 à {n}.",
    "agree.bad_gone": (
        "Minutes sans signe de vie : donnez un nombre de {least} à {n}. Un signe n’est noté qu’une fois par "
        "minute ; en dessous, même quelqu’un qui travaille passerait parfois pour parti."
    ),
    "agree.replies": "Réponses types",
    "agree.new_reply": "Nouvelle réponse type",
    "agree.reply_id": "Ce que l’on tape après la barre oblique",
    "agree.reply_id_hint": "Court et sans espaces : minuscules, chiffres, - et _.",
    "agree.title": "Titre",
    "agree.text": "Texte",
    "agree.places_hint": "{known} sont complétés ; ce qui n’est pas connu disparaît.",
    "agree.bad_place": "{place} ne peut pas être complété. Possibles : {known}.",
    "agree.macros": "Macros",
    "agree.new_macro": "Nouvelle macro",
    "agree.macro_id_hint": (
        "Court et sans espaces : minuscules, chiffres, - et _. Les collaborateurs voient le nom ci-dessous."
    ),
    "agree.steps": "Étapes",
    "agree.steps_hint": "Elles s’exécutent dans cet ordre, toutes ou aucune. {known} sont complétés.",
    "agree.no_steps": "Ajoutez au moins une étape.",
    "agree.add_step": "Ajouter une étape :",
    "agree.step.reply": "Réponse",
    "agree.step.note": "Note",
    "agree.step.priority": "Priorité",
    "agree.step.team": "Équipe",
    "agree.step.snooze": "Report",
    "agree.step.resolve": "Clôture",
    "agree.up": "Monter l’étape {n}",
    "agree.down": "Descendre l’étape {n}",
    "agree.drop": "Supprimer l’étape {n}",
    "agree.for": "pour {teams}",
    "agree.for_teams": "Pour les conversations de",
    "agree.for_teams_hint": "Rien de coché : pour toutes les équipes.",
    "agree.none": "Aucune pour l’instant",
    "agree.retention": "Durées de conservation",
    "agree.retention_lead": (
        "En jours depuis la dernière activité. Ce qui est plus ancien disparaît pour de bon la nuit "
        "suivante ; les chiffres restent."
    ),
    "agree.days": "{n} jours",
    "agree.for_ever": "pour toujours",
    "agree.days_one": "{n} jour",
    "agree.tickets": "{n} tickets",
    "agree.tickets_one": "{n} ticket",
    "agree.shorter": (
        "Ces durées sont plus courtes que celles d’aujourd’hui. Au prochain nettoyage, {when}, "
        "{conversations} et {tickets} disparaîtront définitivement."
    ),
    "agree.shorter_sure": "Ce qui est plus ancien peut être effacé.",
    "agree.days_hint": (
        "Vide veut dire pour toujours. L’article sur la vie privée cite ces durées : adaptez-le aussi."
    ),
    "agree.at": "Nettoyage, chaque nuit à",
    "agree.bad_time": "L’heure du nettoyage n’est pas une heure.",
    "agree.bad_days": "{what} : donnez un nombre de jours de 1 à {n}, ou rien pour toujours.",
    "agree.kept.conversations": "Conversations",
    "agree.kept.tickets": "Tickets",
    "agree.kept.customers": "Clients sans conversation",
    "agree.kept.audit_log": "Journal",
    "agree.kept.deliveries": "Ce qui a été traité et envoyé",
    "agree.lacking": "{what} : il manque un texte en {language}.",
    "agree.bad_name": "Le nom court compte de 1 à 40 signes : minuscules, chiffres, - et _.",
    "agree.taken": "{name} existe déjà.",
    "agree.bad_choice": "{what} Choisissez dans la liste.",
    "agree.conflict": (
        "Un collègue a modifié ceci entre-temps. Ce que vous avez tapé est toujours là : enregistrez "
        "de nouveau pour remplacer sa version."
    ),
    "agree.in_macro": "Macro {name} : {what}",
    "agree.in_reply": "Réponse type {name} : {what}",
    "agree.does_not_fit": "Ceci ne va pas avec les autres règles :",
    "agree.remove": "Supprimer…",
    "agree.remove_go": "Supprimer",
    "agree.remove_hint": "Ce qui a déjà été fait avec est conservé.",
}
