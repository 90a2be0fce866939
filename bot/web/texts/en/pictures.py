"""English: pictures in conversations."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "picture.one": "Picture",
    "picture.add": "Add a picture",
    "picture.remove": "Remove the picture",
    "picture.opens": "opens in a new tab",
    "picture.sending": "Sending the picture",
    "picture.only_one": "One picture with a reply: the first was taken.",
    "picture.replaced": "This picture takes the place of the one before: one per reply.",
    "picture.with_reply": "A picture goes with a reply, not with a private note.",
    "picture.claim_first": "You can send a picture once the conversation is yours.",
    "picture.unknown": "This file is not a picture that we can show. Choose a PNG, JPEG, WEBP or GIF.",
    "picture.too_large": "This picture is too large: 10 MB and 40 million pixels at most.",
}
