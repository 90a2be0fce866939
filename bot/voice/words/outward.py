"""What is said and noted where Balie itself calls, in each language. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outward:
    """One language; `{…}` is filled in."""

    # ── to the customer ──
    greeting: str
    """Where the pack has no `utter_call_back_greeting`."""
    connecting: str
    typing: str
    """Where nobody is rung: the agent types and the line speaks."""
    not_reached: str
    voicemail: str
    """To an answering machine: nothing of what it is about."""
    article: str
    """A text message with an article's address."""

    # ── to the agent who is rung ──
    whisper: str
    whisper_ticket: str

    # ── notes for agents ──
    called: str
    """An agent had the customer called."""
    called_by_line: str
    refused: str
    not_done: str
    unknown: str
    progress: Mapping[str, str]
    """By what the provider tells of a call."""
    texted: str
    text_refused: str
    text_unknown: str


OUTWARD: Mapping[str, Outward] = {
    "nl": Outward(
        greeting="Dag, dit is Balie, de automatische assistent van de IT-helpdesk. Ik bel u over uw vraag. "
        "Wat u zegt wordt uitgeschreven en bij uw vraag bewaard. Wilt u een medewerker, zeg dan medewerker "
        "of druk 0.",
        connecting="U wordt doorverbonden met {name}. Blijf even aan de lijn.",
        typing="U spreekt met {name}, die meeleest met wat u zegt; ik lees de antwoorden voor. Zegt u het "
        "maar.",
        not_reached="{name} kan nu niet opnemen. Onze excuses: we namen zelf contact met u op. Een collega "
        "ziet dat u bereikbaar was. Tot ziens.",
        voicemail="Dag, dit is de automatische assistent van de IT-helpdesk. Wij probeerden u te bereiken. "
        "U kunt ons bellen op {number}. Tot ziens.",
        article="IT-helpdesk: {title} {url}",
        whisper="De klant die u liet bellen, is aan de lijn. Druk op een toets om het gesprek aan te nemen.",
        whisper_ticket="De klant van ticket {ticket}, die u liet bellen, is aan de lijn. Druk op een "
        "toets om het gesprek aan te nemen.",
        called="{name} laat de klant bellen op {number}.",
        called_by_line="De klant wordt gebeld op {number}.",
        refused="Er is niet gebeld: Twilio weigert de oproep ({why}).",
        not_done="Er is niet gebeld: {why}",
        unknown="Twilio gaf geen duidelijk antwoord: het is niet zeker of er gebeld wordt. De oproep "
        "wordt niet vanzelf herhaald.",
        progress={
            "initiated": "De oproep naar de klant is vertrokken.",
            "ringing": "De telefoon van de klant gaat over.",
            "answered": "Er is opgenomen.",
            "machine": "Een antwoordapparaat nam op; daar is alleen op gezegd dat de helpdesk belde.",
            "busy": "De lijn van de klant is bezet.",
            "no-answer": "De klant nam niet op.",
            "failed": "De oproep naar de klant is mislukt.",
            "canceled": "De oproep naar de klant is afgebroken.",
            "completed": "De oproep naar de klant is afgelopen na {length}.",
        },
        texted="Het artikel ‘{title}’ is per sms gestuurd naar {number}.",
        text_refused="De sms met het artikel ‘{title}’ is niet verstuurd ({why}).",
        text_unknown="Het is niet zeker of de sms met het artikel ‘{title}’ verstuurd is; hij wordt niet "
        "vanzelf opnieuw gestuurd.",
    ),
    "fr": Outward(
        greeting="Bonjour, ici Balie, l'assistant automatique du helpdesk informatique. Je vous appelle "
        "au sujet de votre demande. Ce que vous dites est retranscrit et conservé avec elle. Pour parler "
        "à quelqu'un, dites collaborateur ou appuyez sur le 0.",
        connecting="Je vous mets en relation avec {name}. Restez en ligne.",
        typing="{name} est avec vous et lit ce que vous dites ; je vous lis ses réponses. Je vous écoute.",
        not_reached="{name} ne peut pas décrocher pour l'instant. Toutes nos excuses : c'est nous qui "
        "vous avons appelé. Un collègue verra que vous étiez joignable. Au revoir.",
        voicemail="Bonjour, ici l'assistant automatique du helpdesk informatique. Nous avons essayé de vous "
        "joindre. Vous pouvez nous appeler au {number}. Au revoir.",
        article="Helpdesk informatique : {title} {url}",
        whisper="Le client que vous avez fait appeler est en ligne. Appuyez sur une touche pour prendre "
        "l'appel.",
        whisper_ticket="Le client du ticket {ticket}, que vous avez fait appeler, est en ligne. Appuyez "
        "sur une touche pour prendre l'appel.",
        called="{name} fait appeler le client au {number}.",
        called_by_line="Le client est appelé au {number}.",
        refused="Aucun appel n'a été passé : Twilio le refuse ({why}).",
        not_done="Aucun appel n'a été passé : {why}",
        unknown="Twilio n'a pas répondu clairement : il n'est pas certain que le client soit appelé. "
        "L'appel ne sera pas relancé automatiquement.",
        progress={
            "initiated": "L'appel vers le client est lancé.",
            "ringing": "Le téléphone du client sonne.",
            "answered": "On a décroché.",
            "machine": "Un répondeur a décroché ; on y a seulement dit que le helpdesk avait appelé.",
            "busy": "La ligne du client est occupée.",
            "no-answer": "Le client n'a pas décroché.",
            "failed": "L'appel vers le client a échoué.",
            "canceled": "L'appel vers le client a été interrompu.",
            "completed": "L'appel vers le client s'est terminé après {length}.",
        },
        texted="L'article « {title} » a été envoyé par SMS au {number}.",
        text_refused="Le SMS avec l'article « {title} » n'est pas parti ({why}).",
        text_unknown="Il n'est pas certain que le SMS avec l'article « {title} » soit parti ; il ne sera pas "
        "renvoyé automatiquement.",
    ),
    "en": Outward(
        greeting="Hello, this is Balie, the automatic assistant of the IT helpdesk. I am calling about your "
        "request. What you say is transcribed and kept with it. If you would rather have a person, say "
        "colleague or press 0.",
        connecting="I am putting you through to {name}. Please hold the line.",
        typing="{name} is with you and reads what you say; I read the answers to you. Please go ahead.",
        not_reached="{name} cannot pick up right now. We are sorry, as it was us who called you. A "
        "colleague will see that you could be reached. Goodbye.",
        voicemail="Hello, this is the automatic assistant of the IT helpdesk. We tried to reach you. You "
        "can call us on {number}. Goodbye.",
        article="IT helpdesk: {title} {url}",
        whisper="The customer you wanted to call is on the line. Press any key to take the call.",
        whisper_ticket="The customer of ticket {ticket}, whom you wanted to call, is on the line. Press "
        "any key to take the call.",
        called="{name} has the customer called on {number}.",
        called_by_line="The customer is being called on {number}.",
        refused="Nobody was called: Twilio refuses the call ({why}).",
        not_done="Nobody was called: {why}",
        unknown="Twilio gave no clear answer, so it is not certain that the customer is being called. The "
        "call is not repeated automatically.",
        progress={
            "initiated": "The call to the customer is on its way.",
            "ringing": "The customer's phone is ringing.",
            "answered": "Somebody picked up.",
            "machine": "An answering machine picked up; it was only told that the helpdesk had called.",
            "busy": "The customer's line is busy.",
            "no-answer": "The customer did not pick up.",
            "failed": "The call to the customer failed.",
            "canceled": "The call to the customer was cancelled.",
            "completed": "The call to the customer ended after {length}.",
        },
        texted="The article ‘{title}’ was sent by text message to {number}.",
        text_refused="The text message with the article ‘{title}’ was not sent ({why}).",
        text_unknown="It is not certain that the text message with the article ‘{title}’ was sent; it is not "
        "repeated automatically.",
    ),
}


def outward(language: str) -> Outward:
    """What there is to say in a language; English where it is none of ours."""
    return OUTWARD.get(language, OUTWARD["en"])
