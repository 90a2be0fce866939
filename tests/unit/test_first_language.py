"""The language of a first message, with the shipped pack's words: the visitor's own, and the page's in doubt.

Rows are (message, language on a Dutch page, on a French, on an English one, and where nothing is known).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.config import load_config
from nlu.formats import load_nlu
from nlu.language import LanguageIdentifier, learn_words

DATA = Path(__file__).parents[2] / "data"
PAGES = ("nl", "fr", "en", None)

ONE_WORD = [
    ("Hallo", "nl nl en nl"),
    ("Hello", "nl fr en en"),
    ("Hi", "nl fr en en"),
    ("Hey", "nl fr en nl"),
    ("Salut", "nl fr fr fr"),
    ("Bonjour", "fr fr fr fr"),
    ("Bonsoir", "fr fr fr fr"),
    ("Goeiemorgen", "nl nl nl nl"),
    ("Goedendag", "nl nl nl nl"),
    ("Dag", "nl nl nl nl"),
    ("Merci", "nl fr fr fr"),
    ("Help", "nl fr en nl"),
    ("Ok", "nl fr en nl"),
    ("wifi", "nl fr en nl"),
    ("printer", "nl fr en nl"),
    ("laptop", "nl fr en nl"),
    ("imprimante", "fr fr fr fr"),
    ("wachtwoord", "nl nl nl nl"),
    ("password", "nl fr en en"),
    ("Teams", "nl fr en nl"),
    ("vpn", "nl fr en nl"),
    ("ERR_CONNECTION_REFUSED", "nl fr en nl"),
    ("👋", "nl fr en nl"),
    ("jan.janssens@example.be", "nl fr en nl"),
]
FEW_WORDS = [
    ("Hello there", "en en en en"),
    ("good morning", "en en en en"),
    ("Dag allemaal", "nl nl nl nl"),
    ("bonjour à tous", "fr fr fr fr"),
    ("wifi problem", "en en en en"),
    ("wifi probleem", "nl nl nl nl"),
    ("problème wifi", "fr fr fr fr"),
    ("password reset", "nl fr en en"),
    ("reset password", "nl fr en en"),
    ("blue screen", "nl fr en en"),
    ("access denied", "nl fr en en"),
    ("Microsoft Teams", "nl fr en nl"),
    ("printer is stuk", "nl nl nl nl"),
    ("imprimante en panne", "fr fr fr fr"),
    ("printer broken", "en en en en"),
    ("paswoord vergeten", "nl nl nl nl"),
    ("mot de passe oublié", "fr fr fr fr"),
    ("forgot my password", "en en en en"),
    ("geen internet", "nl nl nl nl"),
    ("plus d'internet", "fr fr fr fr"),
    ("no internet", "en en en en"),
    ("mails komen niet toe", "nl nl nl nl"),
    ("pc qui rame", "fr fr fr fr"),
    ("laptop very slow", "en en en en"),
]
SENTENCES = [
    ("mijn printer doet het niet meer", "nl nl nl nl"),
    ("ik kan niet inloggen", "nl nl nl nl"),
    ("Hallo, ik kan niet aan mijn mails", "nl nl nl nl"),
    ("kunt ge mij helpen met Outlook?", "nl nl nl nl"),
    ("er staat 'your password has expired' op mijn scherm", "nl nl nl nl"),
    ("Hello, mijn laptop start niet op", "nl nl nl nl"),
    ("merci om mij te helpen met de vpn", "nl nl nl nl"),
    ("mon imprimante ne marche plus", "fr fr fr fr"),
    ("je n'arrive pas à me connecter", "fr fr fr fr"),
    ("Hello, je ne sais plus ouvrir mes mails", "fr fr fr fr"),
    ("Bonjour, mon pc ne s'allume plus depuis ce matin", "fr fr fr fr"),
    ("j'ai un message 'access denied' sur le serveur", "fr fr fr fr"),
    ("c'est pour un problème de wifi au bureau", "fr fr fr fr"),
    ("il y a quelqu'un pour m'aider ?", "fr fr fr fr"),
    ("wifi problem please help", "en en en en"),
    ("I can't log in to my computer", "en en en en"),
    ("Hallo, my laptop does not start", "en en en en"),
    ("Hi, the printer on the second floor is jammed", "en en en en"),
    ("could somebody have a look at my account please", "en en en en"),
    ("my colleague cannot open the shared folder", "en en en en"),
]
ROWS = [
    (text, page, language)
    for text, expected in [*ONE_WORD, *FEW_WORDS, *SENTENCES]
    for page, language in zip(PAGES, expected.split(), strict=True)
]


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    config = load_config(DATA)
    examples = load_nlu(DATA, config.languages).examples
    markers, counts = learn_words(
        ((one.text, one.intent, one.language) for one in examples), config.languages
    )
    loan_words = config.option("LanguageIdentifier", "loan_words")
    return LanguageIdentifier(config.languages, markers, counts, loan_words)


@pytest.mark.parametrize(("text", "page", "language"), ROWS)
def test_a_first_message_gets_its_own_language(
    identifier: LanguageIdentifier, text: str, page: str | None, language: str
) -> None:
    assert identifier.read(text, None, page).language == language
