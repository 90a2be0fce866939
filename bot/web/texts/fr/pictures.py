"""French: pictures in conversations."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "picture.one": "Image",
    "picture.add": "Ajouter une image",
    "picture.remove": "Retirer l’image",
    "picture.opens": "s’ouvre dans un nouvel onglet",
    "picture.sending": "Envoi de l’image",
    "picture.only_one": "Une seule image par réponse : la première a été retenue.",
    "picture.replaced": "Cette image remplace la précédente : une seule par réponse.",
    "picture.with_reply": "Une image accompagne une réponse, pas une note interne.",
    "picture.claim_first": "Vous pourrez envoyer une image dès que la conversation sera à vous.",
    "picture.unknown": "Ce fichier ne peut pas être affiché. Choisissez une image PNG, JPEG, WEBP ou GIF.",
    "picture.too_large": "Cette image est trop grande : 10 Mo et 40 millions de pixels au maximum.",
}
