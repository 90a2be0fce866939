"""How callers ask the line to wait, per language; it is the whole of what they say."""

from __future__ import annotations

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
