"""Dutch: what the helpdesk has agreed, and the forms to edit it."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "agree.lead": (
        "Wat je hier wijzigt, geldt meteen, ook voor gesprekken die bezig zijn. De bestanden van de "
        "inhoud blijven zoals ze zijn: “balie data export” schrijft ze bij."
    ),
    "agree.file": "In {file}",
    "agree.edit": "Wijzigen",
    "agree.edit_one": "{name} wijzigen",
    "agree.add": "Toevoegen",
    "agree.edited": "hier gewijzigd",
    "agree.edited_by": "Door {who}, {when}",
    "agree.outdated": "Het bestand is sindsdien ook gewijzigd. Wat hier staat, geldt.",
    "agree.forget": "Terug naar het bestand",
    "agree.forget_hint": "Wat in {file} staat, geldt dan weer. Alles wat hier gewijzigd is, vervalt.",
    "agree.done_saved": "Bewaard. Het geldt vanaf nu.",
    "agree.done_forgotten": "Wat in het bestand staat, geldt weer.",
    "agree.needed": "Dit kan niet: andere afspraken steunen op wat hier gewijzigd is.",
    "agree.teams": "Teams",
    "agree.team": "Team",
    "agree.id": "Naam in de bestanden",
    "agree.name": "Naam",
    "agree.languages": "Talen",
    "agree.otherwise": "Andere talen naar",
    "agree.default": "vangt de rest op",
    "agree.the_default": "het team dat de rest opvangt",
    "agree.make_default": "Vangt op wat van geen enkel team is",
    "agree.new_team": "Nieuw team",
    "agree.team_id_hint": (
        "Kort, zonder spaties: kleine letters, cijfers, - en _. Dit verander je later niet meer."
    ),
    "agree.members": "Wie in dit team zit",
    "agree.members_hint": (
        "Je kiest iemands teams op de pagina van die persoon. Wie geen team heeft, helpt in alle teams."
    ),
    "agree.no_language": "Kies minstens één taal.",
    "agree.itself": "Een team kan niet naar zichzelf doorverwijzen.",
    "agree.team_waits": "Er zijn nog {n} gesprekken bij dit team. Geef die eerst door.",
    "agree.routing": "Wie wat behandelt",
    "agree.routing_lead": (
        "Het team dat een onderwerp krijgt, en hoe zwaar het weegt wanneer de klant daar zelf niets "
        "over zegt."
    ),
    "agree.about": "Onderwerp",
    "agree.impact": "Impact",
    "agree.urgency": "Dringendheid",
    "agree.security": "Veiligheid",
    "agree.routing_count": "{n} onderwerpen",
    "agree.hours": "Openingsuren",
    "agree.open": "Open",
    "agree.zone": "Tijdzone",
    "agree.holidays": "Feestdagen van",
    "agree.no_country": "geen enkel land",
    "agree.closed": "Gesloten, het komende jaar",
    "agree.never_closed": "nooit buiten de openingsuren om",
    "agree.opening_hint": "Bijvoorbeeld 8:30-12:00, 13:00-17:00. Laat een dag leeg om te sluiten.",
    "agree.closed_day": "gesloten",
    "agree.yearly": "Elk jaar gesloten op",
    "agree.rows_hint": "Maak een dag leeg om hem te schrappen. Na het bewaren komen er weer lege bij.",
    "agree.day": "Dag",
    "agree.month": "Maand",
    "agree.periods": "Gesloten van … tot en met …",
    "agree.periods_hint": "Voor één dag volstaat de eerste datum.",
    "agree.from": "Van",
    "agree.to": "Tot en met",
    "agree.bad_hours": "De uren van {day} zijn niet te lezen. Schrijf ze als 8:30-12:00, 13:00-17:00.",
    "agree.overlap": "De uren van {day} overlappen of staan niet op volgorde.",
    "agree.never_open": "Er moet minstens één dag zijn waarop jullie open zijn.",
    "agree.bad_zone": "Die tijdzone bestaat niet. Schrijf ze als Europe/Brussels.",
    "agree.bad_day": "{day} is geen dag.",
    "agree.bad_period": (
        "De periode van {first} tot {last} klopt niet: ze eindigt voor ze begint, of duurt langer "
        "dan een jaar."
    ),
    "country.BE": "België",
    "country.NL": "Nederland",
    "country.LU": "Luxemburg",
    "country.FR": "Frankrijk",
    "country.DE": "Duitsland",
    "country.GB": "Verenigd Koninkrijk",
    "agree.presence": "Wanneer een gesprek teruggaat naar de wachtrij",
    "agree.gone": "Na {n} minuten zonder teken van leven van de medewerker",
    "agree.unanswered": "Wanneer de klant {n} minuten openingstijd op een antwoord wacht",
    "agree.never_unanswered": "Nooit omdat de klant te lang wacht",
    "agree.gone_after": "Minuten zonder teken van leven van de medewerker",
    "agree.gone_hint": (
        "Een open bladzijde van de balie is een teken van leven. Wie zich op afwezig zet, is meteen weg."
    ),
    "agree.unanswered_after": "Minuten openingstijd dat een klant op een antwoord wacht",
    "agree.unanswered_hint": "Laat leeg om nooit in te grijpen.",
    "agree.bad_minutes": "Minuten zijn een getal van 1 tot {n}.",
    "agree.bad_gone": (
        "Minuten zonder teken van leven: geef een getal van {least} tot {n}. Een teken wordt maar één keer "
        "per minuut genoteerd; met minder lijkt ook wie aan het werk is soms weg."
    ),
    "agree.replies": "Standaardantwoorden",
    "agree.new_reply": "Nieuw standaardantwoord",
    "agree.reply_id": "Wat je na de schuine streep typt",
    "agree.reply_id_hint": "Kort, zonder spaties: kleine letters, cijfers, - en _.",
    "agree.title": "Titel",
    "agree.text": "Tekst",
    "agree.places_hint": "{known} worden ingevuld; wat onbekend is, valt weg.",
    "agree.bad_place": "{place} kan niet ingevuld worden. Wel: {known}.",
    "agree.macros": "Macro’s",
    "agree.new_macro": "Nieuwe macro",
    "agree.macro_id_hint": (
        "Kort, zonder spaties: kleine letters, cijfers, - en _. Medewerkers zien de naam hieronder."
    ),
    "agree.steps": "Stappen",
    "agree.steps_hint": "Ze gebeuren in deze volgorde, allemaal of geen enkele. {known} worden ingevuld.",
    "agree.no_steps": "Voeg minstens één stap toe.",
    "agree.add_step": "Stap toevoegen:",
    "agree.step.reply": "Antwoord",
    "agree.step.note": "Notitie",
    "agree.step.priority": "Prioriteit",
    "agree.step.team": "Team",
    "agree.step.snooze": "Uitstel",
    "agree.step.resolve": "Afronden",
    "agree.up": "Stap {n} naar boven",
    "agree.down": "Stap {n} naar beneden",
    "agree.drop": "Stap {n} schrappen",
    "agree.for": "voor {teams}",
    "agree.for_teams": "Voor de gesprekken van",
    "agree.for_teams_hint": "Niets aangevinkt is: voor alle teams.",
    "agree.none": "Nog geen",
    "agree.retention": "Hoe lang alles bewaard blijft",
    "agree.retention_lead": (
        "In dagen sinds er voor het laatst iets gebeurde. Wat ouder is, verdwijnt de volgende nacht "
        "voorgoed; cijfers blijven."
    ),
    "agree.days": "{n} dagen",
    "agree.for_ever": "voor altijd",
    "agree.days_one": "{n} dag",
    "agree.tickets": "{n} tickets",
    "agree.tickets_one": "{n} ticket",
    "agree.shorter": (
        "Deze termijnen zijn korter dan die van nu. Bij de volgende opruiming, {when}, gaan {conversations} "
        "en {tickets} voorgoed weg."
    ),
    "agree.shorter_sure": "Wat ouder is, mag gewist worden.",
    "agree.days_hint": "Leeg is voor altijd. Het artikel over privacy noemt deze termijnen: pas het mee aan.",
    "agree.at": "Opruiming, elke nacht om",
    "agree.bad_time": "Het uur van de opruiming is geen uur.",
    "agree.bad_days": "{what}: geef een aantal dagen van 1 tot {n}, of niets voor altijd.",
    "agree.kept.conversations": "Gesprekken",
    "agree.kept.tickets": "Tickets",
    "agree.kept.customers": "Klanten zonder gesprek",
    "agree.kept.audit_log": "Logboek",
    "agree.kept.deliveries": "Wat verwerkt en verstuurd is",
    "agree.lacking": "{what}: er ontbreekt een tekst in het {language}.",
    "agree.bad_name": "De korte naam heeft 1 tot 40 tekens: kleine letters, cijfers, - en _.",
    "agree.taken": "{name} bestaat al.",
    "agree.bad_choice": "{what} Kies iets uit de lijst.",
    "agree.conflict": (
        "Een collega heeft dit intussen gewijzigd. Wat je typte, staat hier nog: bewaar opnieuw om "
        "het over het hunne te zetten."
    ),
    "agree.in_macro": "Macro {name}: {what}",
    "agree.in_reply": "Standaardantwoord {name}: {what}",
    "agree.does_not_fit": "Dit past niet bij de andere afspraken:",
    "agree.remove": "Verwijderen …",
    "agree.remove_go": "Verwijderen",
    "agree.remove_hint": "Wat er al mee gedaan is, blijft bewaard.",
}
