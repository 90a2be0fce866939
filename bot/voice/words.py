"""What the telephone says and listens for of its own, per language: no scenario of the pack comes near it."""

from __future__ import annotations

from bot.voice.actions import Prompt

PROMPTS: dict[str, dict[Prompt, str]] = {
    "nl": {
        Prompt.MOMENT: "Een ogenblik, ik kijk het even na.",
        Prompt.NOT_HEARD: "Ik heb u niet gehoord.",
        Prompt.STILL_THERE: "Bent u er nog?",
        Prompt.TAKE_YOUR_TIME: "Neem gerust uw tijd. Zeg 'verder' als u er weer bent.",
        Prompt.GOODBYE: "Ik hoor u niet meer en sluit daarom af. Bel gerust terug. Tot ziens.",
    },
    "fr": {
        Prompt.MOMENT: "Un instant, je vérifie.",
        Prompt.NOT_HEARD: "Je ne vous ai pas entendu.",
        Prompt.STILL_THERE: "Vous êtes toujours là ?",
        Prompt.TAKE_YOUR_TIME: "Prenez votre temps. Dites « continuer » quand vous êtes prêt.",
        Prompt.GOODBYE: "Je ne vous entends plus, je raccroche donc. N'hésitez pas à rappeler. Au revoir.",
    },
    "en": {
        Prompt.MOMENT: "One moment, let me check.",
        Prompt.NOT_HEARD: "I did not hear you.",
        Prompt.STILL_THERE: "Are you still there?",
        Prompt.TAKE_YOUR_TIME: "Take your time. Say 'go on' when you are back.",
        Prompt.GOODBYE: "I cannot hear you any more, so I will hang up. Feel free to call back. Goodbye.",
    },
}

WAITS: dict[str, tuple[str, ...]] = {
    "nl": (
        "wacht even",
        "wacht eens",
        "momentje",
        "een momentje",
        "even wachten",
        "ogenblikje",
        "een ogenblikje",
        "een seconde",
    ),
    "fr": (
        "attendez",
        "un instant",
        "un moment",
        "une seconde",
        "deux secondes",
        "attendez un instant",
        "patientez",
    ),
    "en": (
        "wait",
        "hold on",
        "hang on",
        "one moment",
        "just a moment",
        "just a second",
        "one second",
        "wait a minute",
    ),
}
"""How callers ask the line to wait; the whole of what they say, but for a murmur."""
