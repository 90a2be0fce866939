"""English: one's own account and an invitation."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "page.account": "My account",
    "welcome.hello": "Welcome, {name}",
    "welcome.lead": "You are invited to work with us here ({role}). Choose a password to begin.",
    "welcome.go": "Begin",
    "link.over": "This link no longer works",
    "link.over_why": ("It has been used, withdrawn or has expired. Ask the administrator for a new one."),
    "link.over_login": "Already chose a password? Then you can simply log in.",
    "forgot.title": "A new password",
    "forgot.lead": "Choose a new password. You will be logged out everywhere.",
    "forgot.go": "Save the password",
    "account.password": "Password",
    "account.password_lead": "You will then be logged in only here.",
    "account.old": "Current password",
    "account.new": "New password",
    "account.again": "New password, once more",
    "account.new_hint": "At least 10 characters. A few words in a row are easy to remember.",
    "account.change": "Change the password",
    "account.differ": "The two passwords are not the same.",
    "account.short": "A password has at least {n} characters.",
    "account.names": (
        "It contains your user name or the name of this site. Take words that have nothing to do with them."
    ),
    "account.guessable": (
        "This password is easy to guess: it is a common one, or it repeats or counts. Take a few "
        "words that do not belong together."
    ),
    "account.wrong": "Your current password is incorrect.",
    "account.done_password": "Your password has been changed. You are logged out everywhere else.",
    "account.done_two_step_on": "Logging in now also asks for a code. You are logged out everywhere else.",
    "account.done_two_step_off": "From now on, your password is enough.",
    "account.logins": "Where you are logged in",
    "account.here": "Here",
    "account.unknown_browser": "Unknown browser",
    "account.login_when": "Logged in: {since} · last seen: {seen}",
    "account.end_one": "Log out",
    "account.end_others": "Log out everywhere else",
    "two_step.title": "Two-step login",
    "two_step.lead": (
        "Knowing your password is then not enough: after it comes a code from an app on your phone."
    ),
    "two_step.is_on": "On since {when}. To turn it off, give your password and a code.",
    "two_step.codes_left": "Recovery codes left: {n}. Turn it off and on again for new ones.",
    "two_step.begin": "Set up",
    "two_step.off": "Turn off",
    "two_step.scan": "Scan this with an authenticator app on your phone, then type the code that it shows.",
    "two_step.picture": "QR code for your app; the secret is also shown below as text",
    "two_step.type": "Does that not work? Type this into the app:",
    "two_step.first_code": "The code in the app",
    "two_step.confirm": "Confirm",
    "two_step.wrong": "That code is wrong. Is the clock on your phone right?",
    "two_step.codes": "Recovery codes",
    "two_step.codes_lead": (
        "For when you no longer have the app: each code works once. Write them down or print them; they"
        " are shown this once."
    ),
    "two_step.codes_kept": "I have saved them",
}
