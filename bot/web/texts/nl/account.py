"""Dutch: one's own account and an invitation."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "page.account": "Mijn account",
    "welcome.hello": "Welkom, {name}",
    "welcome.lead": (
        "Je bent uitgenodigd om hier mee te werken ({role}). Kies een wachtwoord om te beginnen."
    ),
    "welcome.go": "Beginnen",
    "link.over": "Deze link werkt niet meer",
    "link.over_why": ("Hij is al gebruikt, ingetrokken of verlopen. Vraag de beheerder om een nieuwe."),
    "link.over_login": "Heb je al een wachtwoord gekozen? Dan kun je je gewoon aanmelden.",
    "forgot.title": "Een nieuw wachtwoord",
    "forgot.lead": "Kies een nieuw wachtwoord. Overal waar je nog aangemeld bent, word je afgemeld.",
    "forgot.go": "Wachtwoord bewaren",
    "account.password": "Wachtwoord",
    "account.password_lead": "Daarna ben je alleen hier nog aangemeld.",
    "account.old": "Huidig wachtwoord",
    "account.new": "Nieuw wachtwoord",
    "account.again": "Nogmaals het nieuwe wachtwoord",
    "account.new_hint": "Minstens 10 tekens. Een paar woorden na elkaar zijn goed te onthouden.",
    "account.change": "Wachtwoord wijzigen",
    "account.differ": "De twee wachtwoorden zijn niet gelijk.",
    "account.short": "Een wachtwoord heeft minstens {n} tekens.",
    "account.names": (
        "Je gebruikersnaam of de naam van deze site staat erin. Neem woorden die er niets mee te "
        "maken hebben."
    ),
    "account.guessable": (
        "Dit wachtwoord is makkelijk te raden: veel mensen gebruiken het, of het herhaalt of telt. "
        "Neem een paar woorden die niet bij elkaar horen."
    ),
    "account.wrong": "Je huidige wachtwoord klopt niet.",
    "account.done_password": "Je wachtwoord is gewijzigd. Overal elders ben je afgemeld.",
    "account.done_two_step_on": "Voortaan meld je je ook met een code aan. Overal elders ben je afgemeld.",
    "account.done_two_step_off": "Voortaan volstaat je wachtwoord.",
    "account.logins": "Waar je aangemeld bent",
    "account.here": "Hier",
    "account.unknown_browser": "Onbekende browser",
    "account.login_when": "Aangemeld: {since} · laatst gezien: {seen}",
    "account.end_one": "Afmelden",
    "account.end_others": "Overal elders afmelden",
    "two_step.title": "Aanmelden in twee stappen",
    "two_step.lead": (
        "Wie je wachtwoord kent, komt er dan nog niet in: na het wachtwoord komt een code uit een app "
        "op je telefoon."
    ),
    "two_step.is_on": "Aan sinds {when}. Om het uit te zetten geef je je wachtwoord en een code.",
    "two_step.codes_left": (
        "Ongebruikte herstelcodes: {n}. Nieuwe krijg je door het uit en weer aan te zetten."
    ),
    "two_step.begin": "Instellen",
    "two_step.off": "Uitzetten",
    "two_step.scan": (
        "Lees dit in met een authenticator-app op je telefoon, en typ de code die de app dan toont."
    ),
    "two_step.picture": "QR-code voor je app; het geheim staat eronder ook in tekst",
    "two_step.type": "Lukt dat niet? Typ dit in de app:",
    "two_step.first_code": "De code in de app",
    "two_step.confirm": "Bevestigen",
    "two_step.wrong": "Die code klopt niet. Staat de klok van je telefoon juist?",
    "two_step.codes": "Herstelcodes",
    "two_step.codes_lead": (
        "Voor als je de app niet meer hebt: elke code werkt één keer. Schrijf ze op of druk ze af; ze "
        "worden maar één keer getoond."
    ),
    "two_step.codes_kept": "Ik heb ze bewaard",
}
