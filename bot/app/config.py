"""Settings: `balie.toml`, `BALIE_*` variables, and what the command line says; the last one wins.

With no setting at all everything is embedded: loopback, SQLite and the folder `var/`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.app.content import DEFAULT_DATA
from bot.model.errors import ConfigError

TOML = Path("balie.toml")
_PREFIX = "BALIE_"
_OF_TOOLS = frozenset({"BALIE_TEST", "BALIE_BENCH_VAR"})
"""Read by the tests and the benchmark, not by the server."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _listed(value: object) -> object:
    """A list in a variable: JSON, or names with commas between them."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [name.strip() for name in value.split(",") if name.strip()]


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class RestSection(BaseModel):
    """`[rest]`: the REST channel. `open` None: open when only this machine reaches the server."""

    open: bool | None = None
    timeout: float = 30.0


class WebSection(BaseModel):
    """`[web]`: the web chat. `origins` are the sites that may embed the widget besides Balie's own pages;
    with `receipts` the widget tells agents what the customer has got and seen; with `suggest_while_typing`
    what is typed to a person is looked up before it is sent: agents see what fits, not the words."""

    origins: Names = ()
    burst: float = 1.2
    identity_secret: SecretStr | None = None
    receipts: bool = True
    suggest_while_typing: bool = False


_E164 = re.compile(r"\+[1-9]\d{3,14}")


def _numbers_in(value: Mapping[str, str] | str, what: str) -> None:
    for number in [value] if isinstance(value, str) else value:
        if not _E164.fullmatch(number):
            raise ValueError(f"{what}: {number!r} is no number as +3225551234")


class PhoneSection(BaseModel):
    """`[phone]`: the telephone. Where `ears` and their models are installed, Balie hears and speaks itself,
    in so many `calls` at once at most: those out of the chat (unless `browser` is false), and those through
    Twilio, which come in once `auth_token` is set. Further ones of Twilio's, and all of them with the mode
    "gather", are heard and spoken with by Twilio.

    `numbers` are the helpdesk's numbers with the language spoken there, {"+3225551234": "nl"}; on another the
    caller is asked. `transfer_to` is whom to ring when the bot hands over: one number, or one for each team,
    {"network": "+32…", "*": "+32…"}. Calls and texts go out from `number`, once `account_sid` and a public
    URL are set too: to `countries` (ISO codes), so many `calls_a_day` and `texts_a_day` at most; with
    `machines` Twilio listens for an answering machine before anything is said. `languages` and `voices` are
    Twilio's names of what is heard and spoken.
    """

    mode: Literal["auto", "gather"] = "auto"
    ears: Literal["vosk", "whisper"] = "vosk"
    browser: bool = True
    calls: int = Field(default=10, ge=1, le=1_000)
    account_sid: str = ""
    auth_token: SecretStr | None = None
    numbers: dict[str, Literal["nl", "fr", "en"]] = {}
    transfer_to: dict[str, str] | str = {}
    number: str = ""
    countries: Names = ("BE", "NL", "LU", "FR", "DE")
    calls_a_day: int = Field(default=100, ge=0)
    texts_a_day: int = Field(default=100, ge=0)
    machines: bool = False
    languages: dict[Literal["nl", "fr", "en"], str] = {}
    voices: dict[Literal["nl", "fr", "en"], str] = {}
    answer_within: float = Field(default=8.0, gt=0, le=12)
    timeout: int = Field(default=6, ge=2, le=60)
    ring: int = Field(default=25, ge=5, le=120)
    voicemail: int = Field(default=120, ge=5, le=600)

    @field_validator("numbers")
    @classmethod
    def _dialled(cls, value: dict[str, str]) -> dict[str, str]:
        _numbers_in(value, "numbers")
        return value

    @field_validator("number")
    @classmethod
    def _ours(cls, value: str) -> str:
        if value:
            _numbers_in(value, "number")
        return value

    @field_validator("countries")
    @classmethod
    def _known_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from phonenumbers import SUPPORTED_REGIONS  # only where the list is another than ours

        for country in value:
            if country not in SUPPORTED_REGIONS:
                raise ValueError(f"countries: {country!r} is no country as BE, NL or GB")
        return value

    @field_validator("transfer_to")
    @classmethod
    def _rung(cls, value: dict[str, str] | str) -> dict[str, str] | str:
        for number in [value] if isinstance(value, str) else value.values():
            _numbers_in(number, "transfer_to")
        return value


class LimitsSection(BaseModel):
    """`[limits]`: one sender may send `messages` in `seconds`; the others are for one client address."""

    messages: int = Field(default=20, gt=0)
    seconds: float = Field(default=20.0, gt=0)
    conversations_per_minute: int = Field(default=120, gt=0)
    sockets_per_minute: int = Field(default=300, gt=0)
    sockets_at_once: int = Field(default=500, gt=0)


class Settings(BaseSettings):
    """Everything that can be set. A variable is BALIE_ and the field; in a section, BALIE_WEB__BURST."""

    model_config = SettingsConfigDict(
        env_prefix="BALIE_", env_nested_delimiter="__", toml_file=TOML, extra="forbid", populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: int = Field(5005, ge=0, le=65535)
    data: Path = DEFAULT_DATA
    var: Path = Path("var")
    database_url: Annotated[SecretStr | None, NoDecode] = Field(
        None, validation_alias=AliasChoices("database_url", "BALIE_DATABASE_URL", "DATABASE_URL")
    )
    redis_url: Annotated[SecretStr | None, NoDecode] = Field(
        None, validation_alias=AliasChoices("redis_url", "BALIE_REDIS_URL", "REDIS_URL")
    )
    public_url: str | None = None
    hosts: Names = ()
    """Names that requests may carry besides that of `public_url` and this machine's own; "*" is any."""
    trusted_proxies: Names = ()
    metrics_from: Names = ()
    """Networks that may read /metrics without a token, as 10.0.0.0/8; this machine always may."""
    admin_password: SecretStr | None = None
    api_token: SecretStr | None = None
    action_endpoint: str | None = None
    action_package: str | None = None
    action_timeout: float = 10.0
    lease: float = Field(30.0, gt=0)
    """Seconds after which what a killed worker had in hand is free for another; longer than any turn."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    rest: RestSection = RestSection()
    web: WebSection = WebSection()
    phone: PhoneSection = PhoneSection()
    limits: LimitsSection = LimitsSection()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *args: Any, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line over the environment over the file."""
        toml = TomlConfigSettingsSource(settings_cls)
        return (sources["init_settings"], sources["env_settings"], toml)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def rest_open(self) -> bool:
        """Whether the REST channel takes messages without a token; a public address means that a proxy does
        reach it from elsewhere."""
        if self.rest.open is not None:
            return self.rest.open
        return self.loopback and urlsplit(self.public_url or "").hostname in (None, *LOOPBACK)

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the var folder where none is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.var / 'balie.db').resolve()}"

    def make_var(self) -> None:
        """Make the var folder where there is none; what customers said is for nobody else on this machine."""
        self.var.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def models(self) -> Path:
        """Where trained models lie."""
        return self.var / "models"


def read_settings(**given: Any) -> Settings:
    """The settings, with what was `given` on the command line (None is not given); raises `ConfigError`."""
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [f"{_name(problem['loc'])}: {problem['msg']}" for problem in error.errors()]
        raise ConfigError("the settings are not right.\n" + "\n".join(lines)) from None
    except ValueError as error:
        raise ConfigError(f"{TOML} cannot be read: {error}") from None


def unknown_settings(environment: Mapping[str, str], file: Path = TOML) -> list[str]:
    """A sentence for each setting that nobody reads, with the name that is nearest."""
    known = {name.removeprefix(_PREFIX): name for name in _known(Settings)}
    found = [(name, name) for name in map(str.upper, environment) if name.startswith(_PREFIX)]
    if file.is_file():
        found += [
            (name, f"{key} in {file}") for name, key in _written(tomllib.loads(file.read_text("utf-8")))
        ]
    told: list[str] = []
    for name, shown in sorted(found):
        if name in known.values() or name in _OF_TOOLS:
            continue
        near = get_close_matches(name.removeprefix(_PREFIX), known, 1)
        told.append(
            f"nobody reads the setting {shown}" + (f"; did you mean {known[near[0]]}?" if near else "")
        )
    return told


def _known(model: type[BaseModel], prefix: str = _PREFIX) -> Iterator[str]:
    """The variable of every setting, as `BALIE_WEB__BURST`."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _known(kind, f"{prefix}{name.upper()}__")
        yield prefix + name.upper()  # a whole section may be given as JSON


def _written(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The settings of the file by the names of their variables, and as they stand there."""
    for key, value in table.items():
        name = prefix + key
        if isinstance(value, dict):
            yield from _written(cast("dict[str, Any]", value), f"{name}.")
        else:
            yield _PREFIX + name.replace(".", "__").upper(), name


def _name(place: tuple[Any, ...]) -> str:
    return "BALIE_" + "__".join(str(part).upper() for part in place).removeprefix("BALIE_")
