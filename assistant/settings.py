"""Settings from arguments, environment variables, a TOML file and the defaults, in this order of precedence.

A variable is named ``ONTHERECORD_`` and the path of the setting, with two underscores between levels:
``ONTHERECORD_RETRIEVAL__TOP_K=50``. The TOML file is ``ontherecord.toml`` in the working folder, or the one that
``ONTHERECORD_CONFIG`` names. Unknown names are refused in all of them; the error says what has replaced a setting of an
earlier release. ``docs/settings.md`` is generated from the fields below.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_PREFIX = "ONTHERECORD_"
_CONFIG = "ONTHERECORD_CONFIG"
_NEVER_IN_A_FILE = frozenset({"class_packages"})
_IN_A_NAMED_FILE = frozenset({"class_path", "arguments", "key_env"})
"""Settings of ``llm`` that decide what code runs or which secret is sent."""
_SECRET = re.compile(r"(?i)key$|secret|password|token$|authorization")

_WEIGHT = "the weights of the ranking were fitted together; they are in assistant/retrieval/ranking.toml"
_CUT = "the ranking and the refusal threshold were fitted to passages of this size, so it is fixed"
DROPPED: Mapping[str, str] = {
    "embedding.batch_size": "passages are always embedded in batches of 8",
    "embedding.passage_tokens": _CUT,
    "embedding.headline_tokens": _CUT,
    "ingest.batch_articles": "64 articles are always committed at a time",
    "index.ivf_from": "the vector index switches to IVF at 200,000 passages by itself",
    "index.threads": "the indexes are built with every core",
    **{
        f"retrieval.{name}_weight": _WEIGHT
        for name in ("lexical", "dense", "article", "coverage", "headline", "recency")
    },
    "retrieval.recency_half_life": _WEIGHT,
    "retrieval.rrf_k": "passages are ranked by their scores, no longer by reciprocal rank fusion",
    "retrieval.excerpt_articles": "excerpts come from the best 15 articles",
    "answering.near_misses": "up to three near misses are shown",
    "answering.draft_tokens": "the room for a model's answer follows from answering.max_words",
    "answering.history_tokens": "a model reads up to 300 tokens of a conversation; to have follow-ups taken as they "
    "stand, ask without the inference `followup`",
    "llm.piece_timeout": "a model may be silent between words for a third of llm.first_timeout",
    "llm.wait_timeout": "a request waits up to 30 seconds for its turn; see llm.concurrency",
}
"""Settings of earlier releases, each with what has replaced it."""


@dataclass(frozen=True, slots=True)
class SettingUnit:
    """The unit of a setting's number, for ``docs/settings.md``."""

    name: str


_Bytes = Annotated[int, SettingUnit("bytes")]
_Passages = Annotated[int, SettingUnit("passages")]
_Seconds = Annotated[float, SettingUnit("seconds")]
_Sentences = Annotated[int, SettingUnit("sentences")]
_Threads = Annotated[int, SettingUnit("threads")]
_Tokens = Annotated[int, SettingUnit("tokens")]
_Words = Annotated[int, SettingUnit("words")]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EmbeddingSettings(_Group):
    """How text becomes vectors. An archive belongs to the model that it was built with."""

    model: str = Field(
        "all-MiniLM-L6-v2",
        description="Name or path of a sentence-transformers model. The default ships with the package. After a "
        "change, run `ontherecord reindex`.",
    )
    runtime: Literal["auto", "openvino", "torch"] = Field(
        "auto",
        description="What runs the model. `auto` picks OpenVINO where it produces the same vectors as PyTorch, and "
        "PyTorch elsewhere.",
    )
    threads: _Threads = Field(0, ge=0, le=256, description="Processor threads used for embedding; 0 uses every core.")


class IngestSettings(_Group):
    """How articles are read."""

    max_record_bytes: _Bytes = Field(
        16 << 20, ge=1024, description="Largest record accepted from a source; larger ones are rejected."
    )
    quotes: bool = Field(
        True,
        description="Extract quotes while articles are ingested. When off, ingest is faster and `ontherecord reindex` "
        "extracts them later.",
    )
    time_zone: str = Field("UTC", description="IANA name of the time zone for dates and times that name none.")


class RetrievalSettings(_Group):
    """How passages are found and ordered."""

    top_k: _Passages = Field(
        60, ge=1, le=1000, description="Passages taken from each of the two indexes before they are ranked together."
    )
    reranker: str = Field(
        "",
        description="Name or path of a sentence-transformers CrossEncoder that reorders the first hits; empty: none.",
    )
    reranked: _Passages = Field(20, ge=1, le=1000, description="Hits that the reranker reorders.")


class AnsweringSettings(_Group):
    """What goes into an answer."""

    max_sentences: _Sentences = Field(6, ge=1, le=50, description="Most sentences in an answer.")
    max_words: _Words = Field(
        160, ge=20, le=2000, description="Most words in an answer. Its first sentence is always printed whole."
    )
    reader: bool = Field(
        True,
        description="Whether a small model reads the best sentences with the question, in English, to order them and "
        "to tell whether they answer it. It is part of the package.",
    )
    unsupported: Literal["drop", "mark"] = Field(
        "drop",
        description="What happens to a language model's sentence that its sources do not support: `drop` it, or `mark` "
        "it, struck through.",
    )
    sources: _Passages = Field(8, ge=1, le=50, description="Most passages given to a language model to write from.")
    entailment: str = Field(
        "",
        description="Name or path of a CrossEncoder for natural language inference that also has to approve each "
        "sentence of a language model; empty: none.",
    )


class LlmSettings(_Group):
    """The language model that words answers, if any; see docs/models.md."""

    kind: Literal["", "openai-like", "class", "local"] = Field(
        "",
        description="How the model is reached: `openai-like`, a server with an OpenAI-compatible API; `class`, any "
        "LlamaIndex class; `local`, a GGUF file loaded into this process. Empty for no model: answers are then made of "
        "the archive's own sentences.",
    )
    model: str = Field("", description="Name of the model at its server or provider; for `local`, the GGUF file.")
    url: str = Field(
        "",
        description="Base address of the server for `openai-like`, including /v1, such as `http://127.0.0.1:11434/v1`.",
    )
    key_env: str = Field(
        "", description="Name of the environment variable that holds the API key. Never the key itself."
    )
    class_path: str = Field(
        "",
        description="Dotted path of the LlamaIndex class for `class`, such as `llama_index.llms.anthropic.Anthropic`.",
    )
    class_packages: str = Field(
        "",
        description="Packages besides `llama_index.llms` and `llama_index.core.llms` whose classes `class` may use, "
        "separated by commas. Read from the environment or from arguments, never from a file.",
    )
    arguments: dict[str, Any] = Field({}, description="Further keyword arguments for the LlamaIndex class.")
    window: _Tokens = Field(
        8192, ge=512, le=10_000_000, description="Context window: what the model reads and writes, together."
    )
    tokenizer: str = Field(
        "",
        description="Path of the model's tokenizer.json, to count tokens exactly. Without it the server is asked, or "
        "every byte counts as a token.",
    )
    temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature; 0 always picks the likeliest token.")
    first_timeout: _Seconds = Field(
        60.0,
        gt=0,
        le=3600,
        description="How long the model may take to start answering. Once it writes, it may pause for a third of that.",
    )
    timeout: _Seconds = Field(180.0, gt=0, le=7200, description="How long a whole answer may take, retries included.")
    retries: int = Field(2, ge=0, le=10, description="How often a failed request is retried before anything arrived.")
    concurrency: int = Field(4, ge=1, le=1000, description="Requests sent at a time; for `local`, usually 1.")
    budget: _Tokens = Field(
        0, ge=0, description="Tokens that one process may read and write in its lifetime; 0 for no limit."
    )
    threads: _Threads = Field(0, ge=0, le=256, description="Processor threads for `local`; 0 uses every core.")

    @field_validator("arguments")
    @classmethod
    def _no_secrets(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        if found := sorted(_secrets(arguments)):
            raise ValueError(
                f"{', '.join(found)}: put the secret in an environment variable, and name that in llm.key_env"
            )
        return arguments


def _secrets(values: Mapping[str, Any]) -> set[str]:
    """Return the names in a mapping, at any depth, whose values look like secrets."""
    found = {key for key, value in values.items() if isinstance(value, str) and _SECRET.search(key)}
    return found.union(*(_secrets(value) for value in values.values() if isinstance(value, Mapping)))


class TracingSettings(_Group):
    """OpenTelemetry traces; see docs/models.md."""

    enabled: bool = Field(
        False, description="Send a trace of each answer to the OTLP collector that OTEL_EXPORTER_OTLP_ENDPOINT names."
    )
    text: bool = Field(
        False, description="Include the text itself: questions, what a language model was sent, and what it wrote."
    )


class ServerSettings(_Group):
    """Where the web app and the HTTP API listen."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(7860, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    allow_public: bool = Field(
        False, description="Allow a `host` that other machines can reach, although no key is asked for."
    )
    allowed_hosts: str = Field(
        "",
        description="Names and addresses, separated by commas, that requests may be addressed to besides `localhost`, "
        "`127.0.0.1` and `::1`; needed with a public `host`, or where a proxy passes its own name on. `*` allows any "
        "name, which lets other web sites read the archive through people's browsers.",
    )


class Settings(BaseSettings):
    """Everything that can be set. Immutable; see ``load_settings``."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    archive: Path = Field(Path("indexes/default"), description="Folder of the archive.")
    embedding: EmbeddingSettings = EmbeddingSettings()
    ingest: IngestSettings = IngestSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answering: AnsweringSettings = AnsweringSettings()
    llm: LlmSettings = LlmSettings()
    tracing: TracingSettings = TracingSettings()
    server: ServerSettings = ServerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        return init_settings, env_settings, _TomlFile(settings_cls)


class _TomlFile(PydanticBaseSettingsSource):
    """The TOML file, if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        named = os.environ.get(_CONFIG)
        path = Path(named) if named else Path("ontherecord.toml")
        if not named and not path.is_file():
            return {}
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path} cannot be read as settings: {error}") from error
        _refuse_unasked(path, values, bool(named))
        return values


def _refuse_unasked(path: Path, values: Mapping[str, Any], named: bool) -> None:
    """Refuse settings that decide what code runs or which secret is sent, unless somebody asked for this file.

    :param named: the file was named on purpose, not just found in the working folder.
    """
    group = values.get("llm")
    given = set(group) if isinstance(group, Mapping) else set()
    if found := sorted(given & _NEVER_IN_A_FILE):
        raise SettingsError(f"{path} sets llm.{found[0]}, which no file may set; set {_PREFIX}LLM__{found[0].upper()}")
    if not named and (found := sorted(given & _IN_A_NAMED_FILE)):
        raise SettingsError(
            f"{path} sets llm.{found[0]}. A file that happens to be in the working folder must not decide what code "
            f"runs or which secret is sent. If you trust it, name it with {_CONFIG}={path}, or set "
            f"{_PREFIX}LLM__{found[0].upper()} instead"
        )


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings in force.

    :param overrides: values that win over everything, nested like the settings:
        ``{"archive": Path("indexes/guardian"), "server": {"port": 8000}}``. None values are left out.
    :raises SettingsError: naming every unknown, malformed or out-of-range setting.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**_without_none(overrides or {}))
    except ValidationError as error:
        faults = "; ".join(message for fault in error.errors() for message in _messages(fault))
        raise SettingsError(f"invalid settings: {faults}") from error


def _messages(fault: ErrorDetails) -> Iterator[str]:
    """Say what is wrong with a setting or, if it was dropped, what has replaced it."""
    name, given = ".".join(map(str, fault["loc"])), fault["input"]
    names = [f"{name}.{inner}" for inner in given] if isinstance(given, Mapping) else [name]
    if fault["type"] == "extra_forbidden" and (dropped := [one for one in names if one in DROPPED]):
        yield from map(_no_longer, dropped)
    else:
        yield f"{name}: {fault['msg']}"


def _no_longer(name: str) -> str:
    return f"{name} is no longer a setting: {DROPPED[name]}"


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None
    }


def _refuse_unknown_variables() -> None:
    known = {_CONFIG}
    for name, field in Settings.model_fields.items():
        known.add(f"{_PREFIX}{name}".upper())
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            known.update(f"{_PREFIX}{name}__{inner}".upper() for inner in field.annotation.model_fields)
    unknown = sorted(name for name in os.environ if name.upper().startswith(_PREFIX) and name.upper() not in known)
    settings = {name: name.upper().removeprefix(_PREFIX).lower().replace("__", ".") for name in unknown}
    if dropped := [f"{name}: {_no_longer(one)}" for name, one in settings.items() if one in DROPPED]:
        raise SettingsError(f"invalid settings: {'; '.join(dropped)}")
    if unknown:
        raise SettingsError(
            f"no such setting: {', '.join(unknown)}. `ontherecord status` works with: {', '.join(sorted(known))}"
        )
