"""French: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.made": "Voici ce que le helpdesk conserve à votre sujet, à la date du {when}.",
    "archive.name": "Nom",
    "archive.email": "Adresse e-mail",
    "archive.phone": "Numéro de téléphone",
    "archive.known_by": "Identifiant connu",
    "archive.verified": "vérifié",
    "archive.claimed": "indiqué par vous, non vérifié",
    "archive.note": "Note",
    "archive.conversations": "Vos conversations",
    "archive.tickets": "Vos tickets",
    "archive.customer": "Client",
    "archive.contact": "Contact",
    "archive.summary": "Résumé",
    "archive.solution": "Solution",
    "archive.json": (
        "Le fichier data.json reprend les mêmes données, avec tout ce que le système enregistre en "
        "plus. Il est destiné à être lu par un programme."
    ),
    "archive.file": "donnees-{when}.zip",
    "archive.letter_file": "lettre.txt",
    "archive.conversation_file": "conversation",
    "archive.dear": "Bonjour {name},",
    "archive.dear_customer": "Bonjour,",
    "archive.when": "{day} à {clock}",
    "archive.fact": "{name} : {value}",
    "archive.who": "Qui vous êtes",
    "archive.noted": "Ce que nos collaborateurs ont noté à votre sujet",
    "archive.conversation": "Conversation du {when}, via {channel}",
    "archive.ticket": "Ticket {number} du {when}, {status}",
    "archive.rights": "Une erreur, une donnée à corriger ou à effacer ? Dites-le au helpdesk.",
    "archive.greeting": "Bien à vous,",
    "archive.helpdesk": "Le helpdesk",
    "archive.you": "Vous",
    "archive.choice": "(une des réponses proposées)",
    "archive.understood": "Compris comme",
    "archive.filled": "Noté",
    "archive.handed": "Transmis à un collaborateur.",
    "archive.handed_ticket": "Transmis à un collaborateur, avec le ticket {number}.",
    "archive.scored": "Vous avez donné {score} sur 5",
    "archive.ended": "Fin",
    "archive.comments": "Commentaires de nos collaborateurs sur cette conversation",
    "archive.scores": "Évaluation de cette conversation par nos collaborateurs",
    "archive.tags": "Étiquettes de cette conversation",
    "archive.corrections": "Phrases de vous dont le bot s’inspire",
    "archive.drafts": "Réponses et notes pas encore envoyées",
    "archive.article_drafts": "Solutions proposées comme article",
    "archive.changes": "Ce que nos collaborateurs ont modifié",
    "people.title": "Données personnelles",
    "people.who": "Qui cherchez-vous ?",
    "people.who_hint": (
        "Une adresse e-mail, un numéro de téléphone, de ticket ou de client, ou le numéro d’une conversation."
    ),
    "people.look": "Chercher",
    "people.none": "Rien n’est conservé",
    "people.none_hint": (
        "Essayez avec une autre donnée : on peut avoir chatté sans donner de nom ni d’adresse. Le numéro"
        " de ticket mène toujours à la conversation."
    ),
    "people.kept": "Ce qui est conservé",
    "people.counted": "Conversations : {conversations}, tickets : {tickets}",
    "people.sender": "Expéditeur",
    "people.mentioned": "Cité dans d’autres conversations encore",
    "people.mentioned_hint": (
        "L’adresse ou le numéro y est cité. La conversation est le plus souvent celle de quelqu’un "
        "d’autre : ne la cochez que si c’est bien celle de ce client."
    ),
    "people.export": "Remettre une copie",
    "people.export_hint": (
        "Un fichier ZIP avec toutes les conversations, tickets et notes, lisible et complet. Ne le "
        "remettez qu’à la personne concernée, après avoir vérifié que c’est bien elle."
    ),
    "people.their_language": "Langue du client",
    "people.export_go": "Télécharger la copie",
    "people.erase": "Tout effacer",
    "people.erase_hint": (
        "Ce qui a été dit, rempli et noté, le nom et les adresses disparaissent pour de bon. Les "
        "conversations en cours sont clôturées. Les chiffres et les numéros de ticket restent."
    ),
    "people.sure": "Ce qui est coché disparaît. C’est irréversible.",
    "people.erase_go": "Effacer définitivement",
    "people.erased_whole": "Tout est effacé. Une ancienne copie de sauvegarde le contient encore.",
    "people.erased_later": (
        "Tout est effacé. Un autre programme lisait au même moment : les fichiers de la base de données "
        "n’en seront débarrassés qu’après la nuit prochaine."
    ),
    "page.people": "Données personnelles",
    "people.erase_open": "Effacer…",
    "people.take": "Inclure",
    "people.take_one": "Inclure la conversation de {when}",
}
