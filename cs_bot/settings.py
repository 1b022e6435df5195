"""Reads `bot.toml` into frozen values; an unknown or wrong key is an error with its line.

Knows the general sections only; each stage declares a dataclass of its own settings and reads
its table with `Table.read`.
"""

from __future__ import annotations

import math
import re
import tomllib
import types
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from cs_bot.errors import BadInput, UnknownName

LOCALES = ("zh", "en")
"""Languages in which the bot has sentences of its own."""

S = TypeVar("S")


class WrongValue(ValueError):
    """A value of the right type that makes no sense; `Table.read` tells where it stands."""

    def __init__(self, name: str, wanted: str) -> None:
        self.name = name
        self.wanted = wanted
        super().__init__(f"{name!r} must be {wanted}")


@dataclass(frozen=True, slots=True)
class BotSettings:
    """`[bot]`: who the bot is and where its content lies, relative to the bot's directory."""

    name: Mapping[str, str] = field(default_factory=lambda: {"zh": "小助手", "en": "Assistant"})
    locale: str = "zh"
    knowledge: str = "knowledge"
    dialogs: str = "dialogs"

    def __post_init__(self) -> None:
        if self.locale not in LOCALES:
            raise WrongValue("locale", " or ".join(map(repr, LOCALES)))


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`[server]`: where the one port listens, and the address customers reach it by."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class CompanionSettings:
    """`[companions.NAME]`: a program that `cs-bot serve` starts and stops with the bot."""

    command: tuple[str, ...] = ()
    ready_url: str = ""


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`[api]`: which environment variables hold the keys of Rasa's HTTP API; unset, it is off."""

    key_env: str = "CS_BOT_API_KEY"
    """Its holder may do everything the API offers."""
    read_key_env: str = "CS_BOT_API_READ_KEY"
    """Its holder changes nothing."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`[store]`: where the truth is kept, and Redis when several processes share the work."""

    url: str = "sqlite:///var/cs_bot.db"
    redis: str = ""


@dataclass(frozen=True, slots=True)
class RouterSettings:
    """`[router]`: the cascade in order, and how long one stage may take."""

    cascade: tuple[str, ...] = (
        "cache",
        "sensitive",
        "handoff.request",
        "task.active",
        "kbqa",
        "task.new",
        "suggest",
        "chat",
        "handoff",
    )
    budget_seconds: float = 20.0

    def __post_init__(self) -> None:
        if self.budget_seconds <= 0:
            raise WrongValue("budget_seconds", "more than 0")


@dataclass(frozen=True, slots=True)
class OpenAIEncoderSettings:
    """`[models.openai]`: an OpenAI-compatible endpoint for the encoder `openai`."""

    url: str = ""
    model: str = ""
    api_key_env: str = "CS_BOT_EMBEDDINGS_API_KEY"
    dimensions: int = 0
    """How many to ask for; 0 takes as many as the model gives."""
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        if self.dimensions < 0:
            raise WrongValue("dimensions", "0 or more")
        if self.timeout_seconds <= 0:
            raise WrongValue("timeout_seconds", "more than 0")


@dataclass(frozen=True, slots=True)
class LocalEncoderSettings:
    """`[models.local]`: a Hugging Face model in a folder, for the encoder `transformers`."""

    path: str = ""
    prefix: str = ""
    pooling: str = ""

    def __post_init__(self) -> None:
        if self.pooling not in ("", "mean", "cls"):
            raise WrongValue("pooling", "'mean', 'cls' or empty")


@dataclass(frozen=True, slots=True)
class CrossEncoderSettings:
    """`[models.cross_encoder]`: a model in a folder, for the reranker `transformers`."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`[models]`: which encoders turn text into vectors, and which reranker looks twice."""

    encoder: str = "use"
    second_encoder: str = "e5"
    """A second opinion on what the first has found; empty means none."""
    reranker: str = ""
    """None where empty."""
    openai: OpenAIEncoderSettings = field(default_factory=OpenAIEncoderSettings)
    local: LocalEncoderSettings = field(default_factory=LocalEncoderSettings)
    cross_encoder: CrossEncoderSettings = field(default_factory=CrossEncoderSettings)


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """`[llm]`: an OpenAI-compatible endpoint; without a URL there is no language model.

    `api_key_env` names the environment variable that holds the key, so that no key stands in a
    file.
    """

    url: str = ""
    model: str = ""
    api_key_env: str = "CS_BOT_LLM_API_KEY"
    timeout_seconds: float = 15.0
    temperature: float = 0.3
    max_tokens: int = 400

    def __post_init__(self) -> None:
        if self.timeout_seconds <= 0:
            raise WrongValue("timeout_seconds", "more than 0")
        if not 0 <= self.temperature <= 2:
            raise WrongValue("temperature", "from 0 to 2")
        if self.max_tokens < 1:
            raise WrongValue("max_tokens", "1 or more")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`[channels.KEY]`: one way in; the key stands in the page that embeds the widget."""

    kind: str = "web"
    origins: tuple[str, ...] = ()
    """Pages that may connect; empty means the server's own pages only, `*` means any."""
    greeting: Mapping[str, str] = field(default_factory=dict)
    quick_questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    color: str = "#1d4ed8"

    def __post_init__(self) -> None:
        if self.kind != "web":
            raise WrongValue("kind", "'web', the only kind there is")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything `bot.toml` says."""

    directory: Path
    bot: BotSettings = field(default_factory=BotSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    router: RouterSettings = field(default_factory=RouterSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    llm: LLMSettings = field(default_factory=LLMSettings)
    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    companions: Mapping[str, CompanionSettings] = field(default_factory=dict)
    stages: Mapping[str, Table] = field(default_factory=dict)
    """`[stages.NAME]` as written; the stage reads its own."""
    written: Table = field(default_factory=lambda: Table(""), repr=False, compare=False)
    """The whole file, to say where in it something is wrong."""
    kept: Path | None = None
    """Where indexes and models are kept; None is the folder `var` of the bot."""

    @property
    def var(self) -> Path:
        """The folder of what the bot keeps and could make again."""
        return self.directory / "var" if self.kept is None else self.kept

    def where(self, section: str, key: str) -> str:
        """Return `file:line` of a key."""
        return self.written.table(section).where(key)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file, with what is needed to say where in the file something is wrong."""

    path: str
    """Dotted name of the table, `stages.kbqa`."""
    values: Mapping[str, Any] = field(default_factory=dict)
    file: str = "bot.toml"
    text: str = ""

    def read(self, cls: type[S]) -> S:
        """Return the table as this dataclass; raises `BadInput` with the line of what is wrong."""
        hints = get_type_hints(cls)
        known = {item.name: item for item in fields(cls)}  # type: ignore[arg-type]  # S is a dataclass
        for name in self.values:
            if name not in known:
                raise UnknownName("setting", name, known, where=self.where(name))
        for name, item in known.items():
            lacking = item.default is MISSING and item.default_factory is MISSING
            if lacking and name not in self.values:
                raise BadInput(f"[{self.path}] lacks {name!r}", where=self.file, remedy="add it")
        values = {name: self._value(name, hints[name]) for name in self.values}
        try:
            return cls(**values)
        except WrongValue as error:
            raise self._refused(error.name, error.wanted) from None

    def where(self, key: str = "") -> str:
        """Return `file:line` of the key in this table (of the table itself without a key)."""
        return f"{self.file}:{_line(self.text, self.path, key)}"

    def table(self, name: str) -> Table:
        """Return a table inside this one; raises `BadInput` when it is no table."""
        path = f"{self.path}.{name}" if self.path else name
        values = self.values.get(name, {})
        if not isinstance(values, dict):
            raise BadInput(
                f"{name!r} must be a table", where=self.where(name), remedy=f"write [{path}]"
            )
        return Table(path, values, self.file, self.text)

    def _value(self, name: str, hint: Any) -> Any:
        if isinstance(hint, type) and is_dataclass(hint):
            return self.table(name).read(hint)
        try:
            return _checked(self.values[name], hint)
        except TypeError as error:
            raise self._refused(name, str(error)) from None

    def _refused(self, name: str, wanted: str) -> BadInput:
        return BadInput(
            f"{name!r} must be {wanted}, not {self.values.get(name)!r}",
            where=self.where(name),
            remedy="correct the value",
        )


def load(directory: Path) -> Settings:
    """Read the `bot.toml` of a bot directory; raises `BadInput` with file, line and remedy.

    A Rasa project needs none: the defaults count, and the language of its `config.yml`.
    """
    path = directory / "bot.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if is_rasa_project(directory):
            return Settings(directory, BotSettings(locale=_rasa_locale(directory)))
        raise BadInput(
            "there is no bot.toml", where=str(directory), remedy="make a bot with: cs-bot init DIR"
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"not UTF-8 at byte {error.start}", where=str(path), remedy="save it as UTF-8"
        ) from None
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}",
            where=str(path),
            remedy="give --bot the directory that holds bot.toml",
        ) from None
    return parse(text, directory, file=str(path))


def is_rasa_project(directory: Path) -> bool:
    """Tell whether a folder holds a Rasa project: a domain, in a file or a folder of that name."""
    files = (directory / "domain.yml", directory / "domain.yaml")
    return any(path.is_file() for path in files) or any((directory / "domain").glob("*.y*ml"))


def _rasa_locale(directory: Path) -> str:
    """Return the language of a Rasa project as far as the bot has sentences in it, else English."""
    try:
        text = (directory / "config.yml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "en"
    named = re.search(r"^language:\s*[\"']?(\w\w)", text, re.MULTILINE)
    return named[1] if named and named[1] in LOCALES else "en"


def parse(text: str, directory: Path, *, file: str = "bot.toml") -> Settings:
    """Return the settings a file's text describes; raises `BadInput`."""
    try:
        root = Table("", tomllib.loads(text), file, text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"not valid TOML: {error}", where=file, remedy="correct the line") from None
    sections = [item.name for item in fields(Settings) if item.name not in _NO_SECTIONS]
    for name in root.values:
        if name not in sections:
            raise UnknownName("section", name, sections, where=root.where(name))
    read = {name: _section(root, name) for name in root.values}
    return Settings(directory, **read, written=root)


_NO_SECTIONS = {"directory", "written", "kept"}
_SECTIONS: Mapping[str, type[Any]] = {
    "bot": BotSettings,
    "server": ServerSettings,
    "api": ApiSettings,
    "store": StoreSettings,
    "router": RouterSettings,
    "models": ModelSettings,
    "llm": LLMSettings,
}
_TABLES_OF: Mapping[str, type[Any]] = {
    "channels": ChannelSettings,
    "companions": CompanionSettings,
}


def _section(root: Table, name: str) -> Any:
    table = root.table(name)
    if name in _SECTIONS:
        return table.read(_SECTIONS[name])
    if name in _TABLES_OF:
        return {key: table.table(key).read(_TABLES_OF[name]) for key in table.values}
    return {key: table.table(key) for key in table.values}


def _checked(value: Any, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _checked(value, next(arg for arg in get_args(hint) if arg is not type(None)))
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError("a list")
        return tuple(_checked(item, get_args(hint)[0]) for item in value)
    if origin is not None and isinstance(value, dict):
        return {key: _checked(item, get_args(hint)[1]) for key, item in value.items()}
    if origin is not None:
        raise TypeError("a table")
    return _scalar(value, hint)


_SCALARS: Mapping[type[Any], str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _scalar(value: Any, hint: Any) -> Any:
    if hint is float and type(value) in (int, float):
        return _finite(value)
    if hint is Any or type(value) is hint:
        return value
    raise TypeError(_SCALARS.get(hint, str(hint)))


def _finite(value: float) -> float:
    """Return the number as a float; TOML also writes `inf`, `nan` and whole numbers without end."""
    with suppress(OverflowError):
        if math.isfinite(value):
            return float(value)
    raise TypeError("a number that is finite")


def _line(text: str, path: str, key: str) -> int:
    """Return the line of a key in a table, 1 when it cannot be told (an inline table)."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            table = header[1].replace('"', "")
            if table == (path if not key else f"{path}.{key}".strip(".")):
                return number
        elif key and table == path and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line):
            return number
    return 1
