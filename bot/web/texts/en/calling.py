"""English: calling a customer from the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.back": "Call back",
    "call.title": "Call the customer back?",
    "call.hint": (
        "Balie calls the customer, says who is calling and puts them through to you: at your team’s "
        "number if one is set, otherwise you type and the customer hears it."
    ),
    "call.which": "Which number?",
    "call.none": "We know no number of this customer that may be called.",
    "call.taken": "A colleague has this conversation. Take it over if you want to call the customer.",
    "call.placed": "{number} is being called. How it goes is told in the conversation.",
    "call.asked": "The call to {number} has been asked for. How it goes is told in the conversation.",
    "call.already": "This call to {number} was made already; you will find it in the conversation.",
    "call.unknown": (
        "It is not certain that {number} is being called: no clear answer came. Balie does not call again"
        " by itself. See whether the conversation tells more before you try once more."
    ),
    "call.refused": "Nobody was called. {why}",
    "call.not_done": "Nobody was called. {why}",
    "call.why.invalid": "This is not a valid telephone number. Put the right number on the ticket.",
    "call.why.special": "Premium-rate and other special numbers are not called.",
    "call.why.country": (
        "This country is not called. An administrator can allow it in the settings (phone.countries)."
    ),
    "call.why.calls_a_day": (
        "As many calls as allowed were made today. Try again tomorrow, or have an administrator raise "
        "phone.calls_a_day."
    ),
    "call.why.not_set_up": "Calling out is not set up.",
}
