"""What the shipped pack understands of the commonest openings, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.content import DEFAULT_DATA
from bot.model.understanding import NLU_FALLBACK
from nlu.loading import load
from nlu.pipeline import Pipeline
from nlu.train import train

SIGN_IN = {"account_locked", "password_forgotten"}
"""Who cannot sign in is asked what the message says; either scenario leads to the other."""


@pytest.fixture(scope="module")
def pipeline(trained: Path) -> Pipeline:
    return load(train(DEFAULT_DATA, trained / "models", progress=False).path)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Ik kan niet inloggen"),
        ("nl", "ik kan niet meer aanmelden"),
        ("nl", "Hallo, ik kan niet inloggen"),
        ("nl", "Goeiemorgen, mijn login pakt niet meer"),
        ("nl", "waarom kan ik niet meer inloggen?"),
        ("fr", "je n'arrive pas à me connecter"),
        ("fr", "Bonjour, je ne sais plus ouvrir ma session"),
        ("fr", "pourquoi je ne peux plus me loguer ?"),
        ("fr", "Salut, mon login n'est pas accepté"),
        ("en", "I can't log in"),
        ("en", "I cannot log in to my computer"),
        ("en", "Hi, why can't I sign in any more?"),
        ("en", "Hello, since this morning I am unable to authenticate on my work PC"),
    ],
)
def test_who_cannot_sign_in_is_understood(pipeline: Pipeline, language: str, text: str) -> None:
    assert pipeline.parse(text, language).intent in SIGN_IN


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl", "Dag, ik geraak niet op de wifi met mijn laptop", "wifi_problem"),
        ("nl", "Goedenavond ik ben mijn wachtwoord vergeten", "password_forgotten"),
        ("nl", "hallo, hoe staat het met mijn ticket?", "ticket_status"),
        ("nl", "hallo ik wil iemand spreken", "talk_to_human"),
        ("nl", "Goeiemorgen, ik heb een vraag", "greet"),
        ("fr", "bonsoir, le vpn me jette dehors toutes les cinq minutes", "vpn_problem"),
        ("fr", "Salut, mon micro ne fonctionne pas en réunion", "audio_video_problem"),
        ("fr", "Bonjour, j'ai une question", "greet"),
        ("en", "hi there, my external monitor flickers", "screen_problem"),
        ("en", "Hello! My mailbox is full", "storage_full"),
        ("en", "Good morning, I have a question", "greet"),
    ],
)
def test_a_greeting_does_not_hide_what_follows(
    pipeline: Pipeline, language: str, text: str, intent: str
) -> None:
    assert pipeline.parse(text, language).intent == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "sinds vanmorgen"),
        ("nl", "van mijn baas"),
        ("nl", "over mijn gsm"),
        ("nl", "jan.janssens@example.be"),
        ("nl", "0475 12 34 56"),
        ("fr", "depuis ce matin"),
        ("fr", "de ma collègue"),
        ("fr", "sur mon gsm"),
        ("fr", "www.example.be"),
        ("en", "since this morning"),
        ("en", "on my laptop"),
    ],
)
def test_a_detail_alone_is_no_intent(pipeline: Pipeline, language: str, text: str) -> None:
    assert pipeline.parse(text, language).intent == NLU_FALLBACK


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "klootzakken"),
        ("nl", "wat een kutsysteem"),
        ("nl", "onnozelaars"),
        ("fr", "quelle bande de nuls"),
        ("fr", "c'est de la merde votre système"),
        ("en", "you people are useless"),
        ("en", "what a crappy service"),
    ],
)
def test_abuse_is_heard_as_a_complaint(pipeline: Pipeline, language: str, text: str) -> None:
    assert pipeline.parse(text, language).intent == "complaint"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [("nl", "graag gedaan", "thank"), ("fr", "de rien", "thank"), ("en", "you're welcome", "thank")],
)
def test_a_courtesy_is_no_answer(pipeline: Pipeline, language: str, text: str, intent: str) -> None:
    assert pipeline.parse(text, language).intent == intent
