"""French: calling a customer from the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.back": "Rappeler",
    "call.title": "Rappeler le client ?",
    "call.hint": (
        "Balie appelle le client, annonce qui appelle et vous met en relation : au numéro de votre équipe"
        " s’il est réglé, sinon vous écrivez et le client vous entend."
    ),
    "call.which": "À quel numéro ?",
    "call.none": "Nous ne connaissons pas de numéro de ce client que l’on puisse appeler.",
    "call.taken": "Un collègue mène cette conversation. Reprenez-la si vous voulez appeler le client.",
    "call.placed": "Le {number} est appelé. La suite se lit dans la conversation.",
    "call.asked": "L’appel au {number} est demandé. La suite se lit dans la conversation.",
    "call.already": "Cet appel au {number} a déjà eu lieu ; il figure dans la conversation.",
    "call.unknown": (
        "Il n’est pas certain que le {number} soit appelé : aucune réponse claire n’est venue. Balie ne "
        "rappelle pas de lui-même. Regardez dans la conversation s’il y a du nouveau avant de réessayer."
    ),
    "call.refused": "Aucun appel n’a été passé. {why}",
    "call.not_done": "Aucun appel n’a été passé. {why}",
    "call.why.invalid": "Ce n’est pas un numéro de téléphone valable. Mettez le bon numéro sur le ticket.",
    "call.why.special": "Les numéros surtaxés et autres numéros spéciaux ne sont pas appelés.",
    "call.why.country": (
        "On n’appelle pas ce pays. Un administrateur peut l’autoriser dans les réglages (phone.countries)."
    ),
    "call.why.calls_a_day": (
        "Le nombre d’appels permis aujourd’hui est atteint. Réessayez demain, ou un administrateur relève"
        " phone.calls_a_day."
    ),
    "call.why.not_set_up": "Les appels sortants ne sont pas réglés.",
}
