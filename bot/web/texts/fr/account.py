"""French: one's own account and an invitation."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "page.account": "Mon compte",
    "welcome.hello": "Bienvenue, {name}",
    "welcome.lead": (
        "On vous invite à travailler ici avec nous ({role}). Choisissez un mot de passe pour commencer."
    ),
    "welcome.go": "Commencer",
    "link.over": "Ce lien ne fonctionne plus",
    "link.over_why": (
        "Il a déjà été utilisé, a été retiré ou a expiré. Demandez-en un nouveau à l’administrateur."
    ),
    "link.over_login": "Vous avez déjà choisi un mot de passe ? Il suffit alors de vous connecter.",
    "forgot.title": "Un nouveau mot de passe",
    "forgot.lead": "Choisissez un nouveau mot de passe. Toutes vos connexions seront fermées.",
    "forgot.go": "Enregistrer le mot de passe",
    "account.password": "Mot de passe",
    "account.password_lead": "Vos autres connexions seront alors fermées.",
    "account.old": "Mot de passe actuel",
    "account.new": "Nouveau mot de passe",
    "account.again": "Confirmer le nouveau mot de passe",
    "account.new_hint": "Au moins 10 caractères. Quelques mots à la suite se retiennent bien.",
    "account.change": "Modifier le mot de passe",
    "account.differ": "Les deux mots de passe ne sont pas identiques.",
    "account.short": "Un mot de passe compte au moins {n} caractères.",
    "account.names": (
        "Il contient votre nom d’utilisateur ou le nom de ce site. Prenez des mots sans rapport avec eux."
    ),
    "account.guessable": (
        "Ce mot de passe est facile à deviner : il est courant, se répète ou suit une suite. "
        "Prenez quelques mots sans lien entre eux."
    ),
    "account.wrong": "Votre mot de passe actuel est incorrect.",
    "account.done_password": "Votre mot de passe a été modifié. Vos autres connexions sont fermées.",
    "account.done_two_step_on": "La connexion demande désormais un code. Vos autres connexions sont fermées.",
    "account.done_two_step_off": "Désormais, votre mot de passe suffit.",
    "account.logins": "Vos connexions",
    "account.here": "Ici",
    "account.unknown_browser": "Navigateur inconnu",
    "account.login_when": "Connecté : {since} · dernière activité : {seen}",
    "account.end_one": "Déconnecter",
    "account.end_others": "Déconnecter partout ailleurs",
    "two_step.title": "Connexion en deux étapes",
    "two_step.lead": (
        "Connaître votre mot de passe ne suffit alors plus : il faut aussi un code d’une application "
        "sur votre téléphone."
    ),
    "two_step.is_on": "Activée depuis : {when}. Pour la désactiver, donnez votre mot de passe et un code.",
    "two_step.codes_left": (
        "Codes de secours inutilisés : {n}. Pour en recevoir de nouveaux, désactivez puis réactivez."
    ),
    "two_step.begin": "Configurer",
    "two_step.off": "Désactiver",
    "two_step.scan": (
        "Lisez ceci avec une application d’authentification sur votre téléphone, puis tapez le code "
        "qu’elle affiche."
    ),
    "two_step.picture": "Code QR pour votre application ; le secret figure aussi en texte ci-dessous",
    "two_step.type": "Impossible ? Tapez ceci dans l’application :",
    "two_step.first_code": "Le code dans l’application",
    "two_step.confirm": "Confirmer",
    "two_step.wrong": "Ce code est incorrect. L’heure de votre téléphone est-elle exacte ?",
    "two_step.codes": "Codes de secours",
    "two_step.codes_lead": (
        "Si vous n’avez plus l’application : chaque code sert une fois. Notez-les ou imprimez-les ; ils"
        " ne sont affichés qu’une fois."
    ),
    "two_step.codes_kept": "Je les ai gardés",
}
