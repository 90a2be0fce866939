"""What Balie itself says in a call, and how signs and numbers are spoken, in three languages. All other
sentences are the pack's. Data only; `ear` uses it.

Dutch as it is spoken in Flanders, French as in Belgium (septante, nonante), English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `{…}` is filled in."""

    # ── signs ──
    dot: str
    dash: str
    underscore: str
    at: str
    plus: str
    website: str
    """An address of the web; `{host}` is spoken."""
    own_website: str
    """An address of the helpdesk's own."""
    then: str
    """Between the parts of a way through menus: Settings > Network."""
    letters: Mapping[str, str]
    """Abbreviations and units, longest first, with what is said for them."""
    tens: tuple[str, ...]
    """The numbers 0 to 20, then 30, 40 … 90."""
    ticket: tuple[str, ...]
    """Words after which a number is a ticket's."""

    # ── choices ──
    say: str
    choice: str
    last: str
    """`choice` for the last of several."""
    only: str
    """Where there is one."""
    scores: str
    many: str
    keys: str
    """How a number may be keyed in."""

    # ── the call ──
    greeting: str
    """Where the pack has no `utter_call_greeting`."""
    language: str
    """The offer of this language; `{key}` is the key to press."""
    of_language: tuple[str, ...]
    """How this language is asked for, in any language."""
    person: str
    """What somebody wants who presses 0."""
    one_moment: str
    still_busy: str
    too_slow: str
    waits: tuple[str, ...]
    """How the line is asked to wait; it is all that is said."""
    not_heard: str
    are_you_there: str
    take_your_time: str
    nothing_heard: str
    ticket_stays: str
    call_again: str
    goodbye: str
    add_more: str
    connecting: str
    nobody: str
    leave: str
    leave_hints: tuple[tuple[str, ...], tuple[str, ...]]
    """What is said for a message, and for a call back."""
    record: str
    recorded: str
    not_recorded: str
    added: str
    confirm_number: str
    ask_number: str
    call_back: str
    no_number: str
    after_person: str
    whisper: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    choices: tuple[str, ...]
    """What is said to hear all the choices."""
    numerals: tuple[str, ...]
    """One to nine, as a choice is named."""
    hints: tuple[str, ...]
    """What callers often say, for a recogniser that takes hints."""

    # ── notes for agents ──
    note_hung_up: str
    note_ended: str
    note_silence: str
    note_answered: str
    note_not_answered: str
    note_accepted: str
    note_recording: str
    note_call_back: str
    note_slow: str


_NL = Words(
    dot="punt",
    dash="streepje",
    underscore="liggend streepje",
    at="apenstaartje",
    plus="plus",
    website="de website {host}",
    own_website="onze website",
    then=", dan ",
    letters={
        "bijv.": "bijvoorbeeld",
        "bv.": "bijvoorbeeld",
        "d.w.z.": "dat wil zeggen",
        "m.a.w.": "met andere woorden",
        "o.a.": "onder andere",
        "i.p.v.": "in plaats van",
        "a.u.b.": "alstublieft",
        "t.e.m.": "tot en met",
        "t/m": "tot en met",
        "e.d.": "en dergelijke",
        "enz.": "enzovoort",
        "evt.": "eventueel",
        "incl.": "inclusief",
        "excl.": "exclusief",
        "nr.": "nummer",
        "tel.": "telefoon",
        "max.": "maximaal",
        "min.": "minuten",
        "sec.": "seconden",
        "Mbps": "megabit per seconde",
        "MB/s": "megabyte per seconde",
        "GB": "gigabyte",
        "MB": "megabyte",
        "kB": "kilobyte",
        "TB": "terabyte",
        "GHz": "gigahertz",
        "°C": "graden",
        "%": "procent",
        "€": "euro",
        "&": "en",
        "=": "is",
        "+": "plus",
        "/": " of ",
    },
    tens=(
        "nul",
        "één",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "elf",
        "twaalf",
        "dertien",
        "veertien",
        "vijftien",
        "zestien",
        "zeventien",
        "achttien",
        "negentien",
        "twintig",
        "dertig",
        "veertig",
        "vijftig",
        "zestig",
        "zeventig",
        "tachtig",
        "negentig",
    ),
    ticket=("ticket", "ticketnummer"),
    say="Zeg ",
    choice="{title}, of druk {key}",
    last="; of {title}, of druk {key}",
    only="Zeg {title} of druk {key}.",
    scores="U kunt het cijfer zeggen of intoetsen.",
    many="Zeg keuzes of druk op het sterretje om de mogelijkheden te horen.",
    keys="Intoetsen mag ook; sluit dan af met een hekje.",
    greeting="Dag, u spreekt met Balie, de automatische assistent van de IT-helpdesk. Dit gesprek wordt "
    "uitgeschreven, zodat u niets hoeft te herhalen. Wilt u een medewerker, zeg dan medewerker of druk 0. "
    "Waarmee kan ik u helpen?",
    language="Voor Nederlands, zeg Nederlands of druk {key}.",
    of_language=("nederlands", "vlaams", "néerlandais", "neerlandais", "dutch", "flemish"),
    person="Ik wil een medewerker spreken.",
    one_moment="Een ogenblik, ik zoek het voor u op.",
    still_busy="Nog even geduld, ik ben er nog mee bezig.",
    too_slow="Het spijt me, dit duurt te lang. Ik haal er een medewerker bij.",
    waits=(
        "wacht even",
        "wacht eens",
        "momentje",
        "een momentje",
        "even wachten",
        "ogenblikje",
        "een ogenblikje",
        "een seconde",
    ),
    not_heard="Sorry, ik heb u niet gehoord.",
    are_you_there="Bent u er nog?",
    take_your_time="Neem gerust uw tijd. Zeg het als u klaar bent, of druk op het sterretje om het nog "
    "eens te horen.",
    nothing_heard="Ik hoor u niet meer, dus ik rond dit gesprek af.",
    ticket_stays="Uw vraag staat genoteerd als ticket {ticket}; een collega volgt ze op.",
    call_again="Bel gerust opnieuw wanneer het u past.",
    goodbye="Tot ziens.",
    add_more="Wilt u nog iets toevoegen, zeg het dan nu. Anders mag u ophangen.",
    connecting="Ik verbind u nu door. Blijf even aan de lijn.",
    nobody="Er kan nu niemand opnemen.",
    leave="Wilt u een boodschap inspreken, zeg dan boodschap of druk 1. Zullen we u terugbellen, zeg dan "
    "terugbellen of druk 2.",
    leave_hints=(("boodschap", "inspreken", "bericht"), ("terugbellen", "bel mij terug", "terug bellen")),
    record="Spreek na de toon uw boodschap in. Sluit af met een hekje, of hang gewoon op.",
    recorded="Dank u, uw boodschap staat bij ticket {ticket}. Een collega beluistert ze en neemt contact op.",
    not_recorded="Ik heb geen boodschap gehoord.",
    added="Dank u, dat heb ik erbij gezet.",
    confirm_number="We bellen u terug op het nummer {number}. Is dat juist? Zeg ja of druk 1. Voor een "
    "ander nummer, "
    "zeg nee of druk 2.",
    ask_number="Toets het nummer in waarop we u mogen bellen, en sluit af met een hekje.",
    call_back="In orde, een collega belt u terug op {number}. Uw ticket is {ticket}.",
    no_number="Dat nummer kan ik niet lezen.",
    after_person="Het gesprek met de medewerker is afgelopen. Bedankt voor uw oproep.",
    whisper="Een oproep voor de helpdesk: ticket {ticket}. {summary} Druk op een toets om het gesprek aan "
    "te nemen.",
    yes=("ja", "jawel", "juist", "dat klopt", "klopt", "ok", "oké", "inderdaad"),
    no=("nee", "neen", "ander nummer", "een ander nummer", "niet juist"),
    choices=("keuzes", "keuze", "mogelijkheden", "de mogelijkheden", "de keuzes", "welke keuzes"),
    numerals=("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
    hints=(
        "medewerker",
        "herhaal",
        "verder",
        "volgende stap",
        "het werkt",
        "ja",
        "nee",
        "wifi",
        "wachtwoord",
        "VPN",
        "Outlook",
        "printer",
    ),
    note_hung_up="De beller heeft opgehangen na {length}.",
    note_ended="Het telefoongesprek is beëindigd na {length}.",
    note_silence="De beller zei niets meer; de oproep is beëindigd.",
    note_answered="Doorverbonden met {number}; het gesprek duurde {length}.",
    note_not_answered="Doorverbinden met {number} is niet gelukt ({why}).",
    note_accepted="Het gesprek is aangenomen op {number}.",
    note_recording="Ingesproken boodschap ({length}): {url}",
    note_call_back="De beller vraagt om teruggebeld te worden op {number}.",
    note_slow="Het antwoord liet te lang op zich wachten; de beller is naar een medewerker geleid.",
)

_FR = Words(
    dot="point",
    dash="tiret",
    underscore="tiret bas",
    at="arobase",
    plus="plus",
    website="le site {host}",
    own_website="notre site",
    then=", puis ",
    letters={
        "p. ex.": "par exemple",
        "p.ex.": "par exemple",
        "c.-à-d.": "c'est-à-dire",
        "etc.": "et cetera",
        "n°": "numéro",
        "tél.": "téléphone",
        "max.": "maximum",
        "min.": "minutes",
        "sec.": "secondes",
        "Mbps": "mégabits par seconde",
        "Mo/s": "mégaoctets par seconde",
        "Go": "gigaoctets",
        "Mo": "mégaoctets",
        "GB": "gigaoctets",
        "MB": "mégaoctets",
        "GHz": "gigahertz",
        "°C": "degrés",
        "%": "pour cent",
        "€": "euros",
        "&": "et",
        "=": "égale",
        "+": "plus",
        "/": " ou ",
        "(e)": "",
        "(s)": "",
    },
    tens=(
        "zéro",
        "un",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "dix-sept",
        "dix-huit",
        "dix-neuf",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "septante",
        "quatre-vingts",
        "nonante",
    ),
    ticket=("ticket", "ticket numéro", "numéro"),
    say="Dites ",
    choice="{title}, ou appuyez sur le {key}",
    last=" ; ou bien {title}, ou appuyez sur le {key}",
    only="Dites {title} ou appuyez sur le {key}.",
    scores="Vous pouvez dire le chiffre ou le taper.",
    many="Dites choix ou appuyez sur étoile pour entendre les possibilités.",
    keys="Vous pouvez aussi le taper ; terminez par dièse.",
    greeting="Bonjour, ici Balie, l'assistant automatique du helpdesk informatique. Cet appel est "
    "retranscrit, pour "
    "que vous n'ayez rien à répéter. Pour parler à quelqu'un, dites collaborateur ou appuyez sur le 0. En "
    "quoi "
    "puis-je vous aider ?",
    language="Pour le français, dites français ou appuyez sur le {key}.",
    of_language=("français", "francais", "frans", "french"),
    person="Je voudrais parler à un collaborateur.",
    one_moment="Un instant, je cherche pour vous.",
    still_busy="Encore un peu de patience, je m'en occupe toujours.",
    too_slow="Je suis désolé, cela prend trop de temps. J'appelle un collaborateur.",
    waits=(
        "attendez",
        "un instant",
        "un moment",
        "une seconde",
        "deux secondes",
        "attendez un instant",
        "patientez",
    ),
    not_heard="Pardon, je ne vous ai pas entendu.",
    are_you_there="Êtes-vous toujours là ?",
    take_your_time="Prenez votre temps. Dites-le-moi quand c'est fait, ou appuyez sur étoile pour "
    "réentendre l'étape.",
    nothing_heard="Je ne vous entends plus, je vais donc terminer cet appel.",
    ticket_stays="Votre demande porte le numéro de ticket {ticket} ; un collègue la suit.",
    call_again="Rappelez-nous quand cela vous convient.",
    goodbye="Au revoir.",
    add_more="Si vous voulez ajouter quelque chose, dites-le maintenant. Sinon, vous pouvez raccrocher.",
    connecting="Je vous mets en communication. Restez en ligne, s'il vous plaît.",
    nobody="Personne ne peut répondre pour le moment.",
    leave="Pour laisser un message, dites message ou appuyez sur le 1. Pour être rappelé, dites rappel ou "
    "appuyez sur le 2.",
    leave_hints=(("message", "laisser un message"), ("rappel", "rappeler", "rappelez-moi", "être rappelé")),
    record="Laissez votre message après le signal. Terminez par dièse, ou raccrochez simplement.",
    recorded="Merci, votre message est joint au ticket {ticket}. Un collègue l'écoutera et vous "
    "recontactera.",
    not_recorded="Je n'ai pas entendu de message.",
    added="Merci, je l'ai ajouté.",
    confirm_number="Nous vous rappellerons au {number}. Est-ce correct ? Dites oui ou appuyez sur le 1. "
    "Pour un autre "
    "numéro, dites non ou appuyez sur le 2.",
    ask_number="Tapez le numéro auquel nous pouvons vous appeler, et terminez par dièse.",
    call_back="C'est noté, un collègue vous rappellera au {number}. Votre ticket porte le numéro {ticket}.",
    no_number="Je ne parviens pas à lire ce numéro.",
    after_person="La communication avec le collaborateur est terminée. Merci de votre appel.",
    whisper="Un appel pour le helpdesk : ticket {ticket}. {summary} Appuyez sur une touche pour prendre "
    "l'appel.",
    yes=("oui", "correct", "c'est correct", "exact", "c'est ça", "d'accord"),
    no=("non", "autre numéro", "un autre numéro", "pas correct"),
    choices=("choix", "les choix", "possibilités", "les possibilités", "quels choix"),
    numerals=("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    hints=(
        "collaborateur",
        "répétez",
        "suivant",
        "étape suivante",
        "ça marche",
        "oui",
        "non",
        "wifi",
        "mot de passe",
        "VPN",
        "Outlook",
        "imprimante",
    ),
    note_hung_up="L'appelant a raccroché après {length}.",
    note_ended="L'appel s'est terminé après {length}.",
    note_silence="L'appelant ne disait plus rien ; l'appel a été terminé.",
    note_answered="Appel transféré au {number} ; la communication a duré {length}.",
    note_not_answered="Le transfert vers le {number} n'a pas abouti ({why}).",
    note_accepted="L'appel a été pris au {number}.",
    note_recording="Message vocal ({length}) : {url}",
    note_call_back="L'appelant demande à être rappelé au {number}.",
    note_slow="La réponse a trop tardé ; l'appelant a été dirigé vers un collaborateur.",
)

_EN = Words(
    dot="dot",
    dash="dash",
    underscore="underscore",
    at="at",
    plus="plus",
    website="the website {host}",
    own_website="our website",
    then=", then ",
    letters={
        "e.g.": "for example",
        "i.e.": "that is",
        "etc.": "and so on",
        "approx.": "approximately",
        "no.": "number",
        "tel.": "telephone",
        "max.": "at most",
        "min.": "minutes",
        "sec.": "seconds",
        "Mbps": "megabits per second",
        "MB/s": "megabytes per second",
        "GB": "gigabytes",
        "MB": "megabytes",
        "kB": "kilobytes",
        "TB": "terabytes",
        "GHz": "gigahertz",
        "°C": "degrees",
        "%": "percent",
        "€": "euros",
        "&": "and",
        "=": "is",
        "+": "plus",
        "/": " or ",
    },
    tens=(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ),
    ticket=("ticket", "ticket number"),
    say="Say ",
    choice="{title}, or press {key}",
    last="; or {title}, or press {key}",
    only="Say {title} or press {key}.",
    scores="You can say the number or press it.",
    many="Say choices or press star to hear what you can choose.",
    keys="You can also key it in; end with the hash key.",
    greeting="Hello, this is Balie, the automatic assistant of the IT helpdesk. This call is transcribed, "
    "so that you "
    "need not repeat anything. If you would like a person, say colleague or press 0. How can I help you?",
    language="For English, say English or press {key}.",
    of_language=("english", "engels", "anglais"),
    person="I want to speak to a person.",
    one_moment="One moment, I am looking into that.",
    still_busy="Just a little longer, I am still working on it.",
    too_slow="I am sorry, this is taking too long. I will get a colleague.",
    waits=(
        "wait",
        "hold on",
        "hang on",
        "one moment",
        "just a moment",
        "just a second",
        "one second",
        "wait a minute",
    ),
    not_heard="Sorry, I did not hear you.",
    are_you_there="Are you still there?",
    take_your_time="Take your time. Tell me when it is done, or press star to hear it again.",
    nothing_heard="I cannot hear you any more, so I will end this call.",
    ticket_stays="Your question has been recorded as ticket {ticket}; a colleague will follow it up.",
    call_again="Call us again whenever it suits you.",
    goodbye="Goodbye.",
    add_more="If you would like to add anything, say it now. Otherwise you can hang up.",
    connecting="I am putting you through now. Please hold the line.",
    nobody="Nobody can answer at the moment.",
    leave="To leave a message, say message or press 1. To be called back, say call back or press 2.",
    leave_hints=(("message", "leave a message", "voicemail"), ("call back", "callback", "call me back")),
    record="Please leave your message after the tone. End with the hash key, or simply hang up.",
    recorded="Thank you, your message is with ticket {ticket}. A colleague will listen to it and get in "
    "touch.",
    not_recorded="I did not hear a message.",
    added="Thank you, I have added that.",
    confirm_number="We will call you back on {number}. Is that right? Say yes or press 1. For another "
    "number, say no or "
    "press 2.",
    ask_number="Key in the number that we may call, and end with the hash key.",
    call_back="That is arranged, a colleague will call you back on {number}. Your ticket is {ticket}.",
    no_number="I cannot read that number.",
    after_person="Your call with my colleague has ended. Thank you for calling.",
    whisper="A call for the helpdesk: ticket {ticket}. {summary} Press any key to take the call.",
    yes=("yes", "yeah", "yep", "correct", "that's right", "right", "ok", "okay"),
    no=("no", "another number", "a different number", "not right", "wrong"),
    choices=("choices", "options", "the choices", "the options", "what choices"),
    numerals=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    hints=(
        "colleague",
        "repeat",
        "next",
        "next step",
        "it works",
        "yes",
        "no",
        "Wi-Fi",
        "password",
        "VPN",
        "Outlook",
        "printer",
    ),
    note_hung_up="The caller hung up after {length}.",
    note_ended="The call ended after {length}.",
    note_silence="The caller said nothing more; the call was ended.",
    note_answered="Put through to {number}; they talked for {length}.",
    note_not_answered="Putting the call through to {number} failed ({why}).",
    note_accepted="The call was taken on {number}.",
    note_recording="Recorded message ({length}): {url}",
    note_call_back="The caller asks to be called back on {number}.",
    note_slow="The answer took too long; the caller was led to a person.",
)

WORDS: Mapping[str, Words] = {"nl": _NL, "fr": _FR, "en": _EN}


def words(language: str) -> Words:
    """Those of a language; English where there are none of it."""
    return WORDS.get(language, _EN)
