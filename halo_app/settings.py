"""Read every setting once: arguments > environment (and .env) > config.json > defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from platformdirs import user_cache_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from halo_app.errors import BadSetting

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class App(_Section):
    """Who works here."""

    user_id: str = Field(default="local-user", min_length=1, max_length=200)


class Embedding(_Section):
    """The model that turns text into vectors; `path` is a folder or an .onnx file, None the built-in model."""

    path: Path | None = None
    dimension: int = Field(default=384, ge=8, le=8192)


class Llm(_Section):
    """An optional language model, any OpenAI-compatible server."""

    base_url: str = ""
    model: str = ""
    api_key: SecretStr = SecretStr("")
    tokenizer: Path | None = Field(default=None, description="the model's tokenizer.json, to count its tokens exactly")
    max_tokens: int = Field(default=1024, ge=16, le=32_000)
    deadline_seconds: float = Field(default=120.0, gt=0, le=3600)
    max_bytes: int = Field(default=400_000, ge=1000, description="the most that is read of one answer, in bytes")


class Retrieval(_Section):
    """`similarity_threshold` is a relevance of 0..1 under which nothing is recalled by itself."""

    top_k: int = Field(default=10, ge=1, le=200)
    similarity_threshold: float = Field(default=0.7, ge=0, le=1)


class Memory(_Section):
    """`database` empty means the memory backend is disabled."""

    database: SecretStr = SecretStr("")
    replicas: str = ""
    pool_size: int = Field(default=5, ge=1, le=200)
    num_history_runs: int = Field(default=3, ge=0, le=50, description="earlier turns of a chat that count for a new question")
    ephemeral_fact_ttl_days: int = Field(default=30, ge=1, le=36_500)
    max_context_tokens: int = Field(default=4000, ge=200, le=1_000_000)


class CacheSettings(_Section):
    """`size` entries in this process; `redis_url` shares them between processes."""

    size: int = Field(default=1000, ge=0, le=10_000_000)
    redis_url: SecretStr = SecretStr("")


class Sources(_Section):
    """Limits on what is taken in."""

    max_file_mb: int = Field(default=200, ge=1, le=100_000)
    max_seconds: float = Field(default=120.0, gt=0, le=3600, description="the longest that reading one file may take")
    max_memory_mb: int = Field(default=2048, ge=256, le=1_000_000, description="the most memory that reading one file may take")
    lancedb_uri: str = ""


def _days(what: str) -> Any:
    return Field(default=0, ge=0, le=36_500, description=f"days until {what} is deleted by itself; 0 keeps it")


class Retention(_Section):
    """Days until something is deleted by itself: when the app starts, daily, and by `halo retention run`; 0 keeps it."""

    chat_days: int = _days("a chat, after its last message,")
    note_days: int = _days("a note, after its last change,")
    source_days: int = _days("a source")
    output_days: int = _days("a Studio output")
    conversation_days: int = _days("a remembered conversation that is not pinned")
    fact_days: int = _days("a fact that is not pinned")
    image_days: int = _days("a remembered image that is not pinned")
    transcription_days: int = _days("a transcription that is not pinned")
    summary_days: int = _days("a summary that is not pinned")
    run_days: int = _days("what an agent did in a chat, after its last run there,")
    audit_days: int = _days("an entry of the audit log")


class Chat(_Section):
    """What the program log may say about chats (never their text)."""

    log_questions: bool = Field(default=False, description="the log names that a question was asked, never its text")
    log_timings: bool = Field(default=True, description="the log says how long answers take")


class Appearance(_Section):
    """How the pages look; chosen on the Account page."""

    theme: Literal["system", "light", "dark"] = "system"
    density: Literal["comfortable", "compact"] = "comfortable"


class Server(_Section):
    """Where the pages are served; an address other than loopback needs `access_token`."""

    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=0, le=65_535)
    access_token: SecretStr = SecretStr("")
    allowed_hosts: str = ""


class Settings(_Section):
    """All settings, frozen. `data_dir` is absolute."""

    data_dir: Path
    app: App = App()
    embedding: Embedding = Embedding()
    llm: Llm = Llm()
    retrieval: Retrieval = Retrieval()
    memory: Memory = Memory()
    cache: CacheSettings = CacheSettings()
    sources: Sources = Sources()
    retention: Retention = Retention()
    chat: Chat = Chat()
    appearance: Appearance = Appearance()
    server: Server = Server()
    log: str = "info"

    @classmethod
    def default(cls) -> Settings:
        """Return the settings that hold here: environment, config.json, defaults. Raises BadSetting."""
        return read_settings()

    @property
    def model_cache(self) -> Path:
        """Where built model files are kept, shared by every data directory of this user."""
        return user_cache_path("halo", appauthor=False) / "models"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: where it goes in the settings, and the words for `.env.example` and the docs."""

    name: str
    path: str
    meaning: str


VARIABLES: tuple[Variable, ...] = (
    Variable("HALO_DATA_DIR", "data_dir", "where everything of one user is kept"),
    Variable("HALO_USER_ID", "app.user_id", "who works here"),
    Variable("HALO_AGENT_DB", "memory.database", "memory: sqlite:///data/memory.db or postgresql://…; empty disables it"),
    Variable("DATABASE_URL", "memory.database", "the same, read when HALO_AGENT_DB is not set"),
    Variable("HALO_AGENT_DB_REPLICAS", "memory.replicas", "read replicas of the memory database, separated by commas"),
    Variable("DB_POOL_SIZE", "memory.pool_size", "connections kept to the memory database"),
    Variable("EPHEMERAL_FACT_TTL_DAYS", "memory.ephemeral_fact_ttl_days", "days until an ephemeral fact expires"),
    Variable("MAX_CONTEXT_TOKENS", "memory.max_context_tokens", "the most that is given to a language model, in tokens"),
    Variable("REDIS_URL", "cache.redis_url", "a cache shared between processes: redis://host:6379"),
    Variable("CACHE_SIZE", "cache.size", "entries cached in this process"),
    Variable("EMBEDDING_MODEL_PATH", "embedding.path", "another embedding model: a folder or an .onnx file beside tokenizer.json"),
    Variable("EMBEDDING_DIMENSION", "embedding.dimension", "numbers per vector; must agree with the model"),
    Variable("SEARCH_TOP_K", "retrieval.top_k", "passages found for a question"),
    Variable("SIMILARITY_THRESHOLD", "retrieval.similarity_threshold", "relevance, 0 to 1, under which nothing is recalled by itself"),
    Variable("HALO_LLM__BASE_URL", "llm.base_url", "an OpenAI-compatible server, e.g. http://127.0.0.1:11434/v1"),
    Variable("HALO_LLM__MODEL", "llm.model", "the model's name on that server"),
    Variable("HALO_LLM__API_KEY", "llm.api_key", "the server's key, if it asks for one"),
    Variable("HALO_LLM__TOKENIZER", "llm.tokenizer", "the model's tokenizer.json, to count tokens exactly; else a bound is used"),
    Variable("HALO_LLM__MAX_TOKENS", "llm.max_tokens", "the longest answer, in tokens"),
    Variable("HALO_LLM__DEADLINE_SECONDS", "llm.deadline_seconds", "the longest an answer may take, in seconds"),
    Variable("HALO_MAX_FILE_MB", "sources.max_file_mb", "the largest file taken, in megabytes"),
    Variable("HALO_LANCEDB_URI", "sources.lancedb_uri", "another place for the search index, e.g. object storage"),
    Variable("HALO_PORT", "server.port", "the port of the pages"),
    Variable("HALO_HOST", "server.host", "the address of the pages; other than loopback needs HALO_ACCESS_TOKEN"),
    Variable("HALO_ACCESS_TOKEN", "server.access_token", "what a browser must present on a non-loopback address"),
    Variable("HALO_ALLOWED_HOSTS", "server.allowed_hosts", "further host names the pages answer to, separated by commas"),
    Variable("HALO_LOG", "log", "levels per module: info,halo_app.services=debug"),
)


_BOUNDS = ("ge", "gt", "le", "min_length", "max_length")


def read_settings(
    arguments: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    home: Path | None = None,
) -> Settings:
    """Return the settings that hold now.

    `arguments` maps dotted paths (`data_dir`, `server.port`) to values and wins; None values are left out.
    `home` is the folder whose config.json and .env are read (the checkout, or the package when installed).
    Raises BadSetting naming the setting, its value and what was expected.
    """
    home = home or CHECKOUT or PACKAGE
    surroundings = _with_dotenv(os.environ if environ is None else environ, home)
    given: dict[str, Any] = {}
    origin: dict[str, str] = {}
    _apply_environment(surroundings, given, origin)
    for path, value in (arguments or {}).items():
        if value is not None:
            given[path], origin[path] = value, f"--{path.rpartition('.')[2].replace('_', '-')}"
    tree = _read_config(home / "config.json")
    data_dir = Path(given.get("data_dir") or tree.get("data_dir") or default_data_dir()).expanduser().absolute()
    tree = _merge(tree, _read_config(data_dir / "config.json"))
    for path, value in given.items():
        _set(tree, path, value)
    tree["data_dir"] = data_dir
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise _worded(error, origin) from None


def default_data_dir() -> Path:
    """`./data` in a checkout, the platform's user data folder for an installed package."""
    return CHECKOUT / "data" if CHECKOUT else user_data_path("halo", appauthor=False)


def _with_dotenv(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    from_file = {name: value for name, value in dotenv_values(home / ".env").items() if value is not None}
    return {**from_file, **environ}


def _apply_environment(environ: Mapping[str, str], given: dict[str, Any], origin: dict[str, str]) -> None:
    for variable in VARIABLES:
        value = environ.get(variable.name)
        if value is None or variable.path in given:
            continue
        if value == "" and variable.name != "HALO_AGENT_DB":     # set but empty means: not set
            continue
        given[variable.path], origin[variable.path] = value, variable.name


def _read_config(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadSetting(f"cannot read {path}: {error.strerror}", fix="make the file readable or remove it") from error
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise BadSetting(f"{path} is not valid JSON: {error}", fix="correct the line it names, or remove the file") from None
    if not isinstance(tree, dict):
        raise BadSetting(f"{path} must hold one JSON object, not a {type(tree).__name__}", fix="write {} around the settings")
    return tree


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _set(tree: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        below = tree.get(name)
        tree[name] = tree = dict(below) if isinstance(below, Mapping) else {}
    tree[last] = value


def _worded(error: ValidationError, origin: Mapping[str, str]) -> BadSetting:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    name = origin.get(path, f"config.json: {path}")
    if first["type"] == "extra_forbidden":
        return BadSetting(f"{name} is not a setting of HALO", fix="see docs/settings.md for the names, or remove the line")
    secret = isinstance(first["input"], SecretStr) or any(word in path for word in ("api_key", "access_token", "database", "url"))
    shown = "" if secret else f"={first['input']!r:.200}"
    return BadSetting(f"{name}{shown}: expected {expectation(path)}", fix="correct the value, or remove it to use the default")


def expectation(path: str, among: type[BaseModel] = Settings) -> str:
    """Return in words what the setting at a dotted path expects."""
    name, _, below = path.partition(".")
    field = among.model_fields[name]
    kind: Any = field.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return expectation(below, kind) if below else "an object of settings"
    bounds = {word: value for one in field.metadata for word in _BOUNDS if (value := getattr(one, word, None)) is not None}
    if kind in (int, float):
        number = "a whole number" if kind is int else "a number"
        most = f" to {bounds['le']}" if "le" in bounds else ""
        return f"{number} above {bounds['gt']}, up{most}" if "gt" in bounds else f"{number} from {bounds['ge']}{most}"
    if kind is bool:
        return "true or false"
    return f"text of {bounds.get('min_length', 0)} to {bounds['max_length']} characters" if "max_length" in bounds else (
        "text" if kind in (str, SecretStr) else "the path of a file or folder")
