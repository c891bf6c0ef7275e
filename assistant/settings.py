"""One frozen ``Settings``: arguments over environment over a TOML file over defaults.

Environment names are ``ONTHERECORD_`` and the path of the setting, two underscores a level:
``ONTHERECORD_RETRIEVAL__TOP_K=50``. The TOML file is ``ontherecord.toml`` in the working folder, or the one
that ``ONTHERECORD_CONFIG`` names. Unknown keys are refused, wherever they come from.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import SettingsError

_PREFIX = "ONTHERECORD_"
_CONFIG = "ONTHERECORD_CONFIG"
_SECRET = re.compile(r"(?i)key$|secret|password|token$|authorization")


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EmbeddingSettings(_Group):
    """How text becomes vectors."""

    model: str = Field(
        "all-MiniLM-L6-v2",
        description="A sentence-transformers model by name or path. The default ships with the package.",
    )
    runtime: Literal["auto", "openvino", "torch"] = Field(
        "auto", description="What runs the model. auto: OpenVINO where it gives the same vectors as torch, else torch."
    )
    threads: int = Field(0, ge=0, le=256, description="Processor threads for embedding; 0 uses every core.")
    batch_size: int = Field(8, ge=1, le=1024, description="Passages embedded at a time, per stream.")
    passage_tokens: int = Field(
        180, ge=32, le=8192, description="Longest passage, in tokens of the model, its headline not counted."
    )
    headline_tokens: int = Field(
        40, ge=0, le=512, description="Tokens of the headline embedded with each passage, as its context."
    )


class IngestSettings(_Group):
    """How articles come in."""

    batch_articles: int = Field(64, ge=1, le=10_000, description="Articles committed in one transaction.")
    max_record_bytes: int = Field(
        16 << 20, ge=1024, description="Largest record read, in bytes; larger ones are rejected."
    )
    quotes: bool = Field(
        True, description="Find who says what as articles come in; without, `ontherecord reindex` does it later."
    )
    time_zone: str = Field("UTC", description="IANA name of the zone in which times without a zone are understood.")


class IndexSettings(_Group):
    """When the vector index changes its kind."""

    ivf_from: int = Field(
        200_000, ge=1_000, description="Passages from which the vector index is IVF with 8-bit vectors."
    )
    threads: int = Field(
        0, ge=0, le=256, description="Processor threads that build the vector index; 0 uses every core."
    )


class RetrievalSettings(_Group):
    """How passages are found and ordered."""

    top_k: int = Field(
        60, ge=1, le=1000, description="Passages taken from each of the two indexes, and ranked together."
    )
    lexical_weight: float = Field(
        2.5, ge=0, le=100, description="Weight of the best passage's BM25, as a share of the best there is."
    )
    dense_weight: float = Field(5.0, ge=0, le=100, description="Weight of the best passage's cosine with the question.")
    article_weight: float = Field(
        4.0, ge=0, le=100, description="Weight of how often the whole article has the question's words (BM25)."
    )
    coverage_weight: float = Field(
        5.0, ge=0, le=100, description="Weight of how many of the question's words the whole article has."
    )
    headline_weight: float = Field(
        1.5, ge=0, le=100, description="Weight of how many of the question's words the headline has."
    )
    recency_weight: float = Field(
        3.5, ge=0, le=100, description="Weight of how lately it was published, where a question asks for news."
    )
    recency_half_life: float = Field(
        30.0, gt=0, le=36_500, description="Days after its first six at which an article's recency counts half."
    )
    excerpt_articles: int = Field(
        15, ge=1, le=100, description="Articles whose sentences are looked through for excerpts (batch)."
    )
    reranker: str = Field(
        "",
        description="A sentence-transformers CrossEncoder by name or path that orders the first hits; empty for none.",
    )
    reranked: int = Field(20, ge=1, le=1000, description="Hits that the reranker puts in order.")


class AnsweringSettings(_Group):
    """What goes into an answer."""

    max_sentences: int = Field(6, ge=1, le=50, description="Sentences of an answer at most.")
    max_words: int = Field(
        160, ge=20, le=2000, description="Words of an answer at most; its first sentence always goes in."
    )
    near_misses: int = Field(3, ge=0, le=20, description="Nearest passages shown where the archive does not say.")
    unsupported: Literal["drop", "mark"] = Field(
        "drop", description="A model's sentence that the evidence does not bear out: drop it, or mark it, struck."
    )
    sources: int = Field(8, ge=1, le=50, description="Passages that a language model is given to write from at most.")
    draft_tokens: int = Field(
        400, ge=32, le=8192, description="Tokens that a language model may write; kept free in its window."
    )
    history_tokens: int = Field(
        300,
        ge=0,
        le=8192,
        description="Tokens of a conversation that a model reads a follow-up against; 0: it does not.",
    )
    entailment: str = Field(
        "",
        description="A CrossEncoder for natural language inference, by name or path, that has a vote on each sentence "
        "of a model; empty: none.",
    )


class LlmSettings(_Group):
    """The language model that words answers, if any; see docs/models.md."""

    kind: Literal["", "openai-like", "class", "local"] = Field(
        "",
        description="How a model is reached: an OpenAI-compatible server, any LlamaIndex class, or a GGUF file read "
        "in this process; empty for none: answers are then made of the archive's own sentences.",
    )
    model: str = Field("", description="Its name, as its server or provider knows it; of `local`, the GGUF's path.")
    url: str = Field(
        "", description="Base address of an OpenAI-compatible server, with its /v1: http://127.0.0.1:11434/v1."
    )
    key_env: str = Field(
        "", description="Name of the environment variable that holds the key, where one is needed; not the key itself."
    )
    class_path: str = Field(
        "", description="Dotted path of the LlamaIndex class (class): llama_index.llms.anthropic.Anthropic."
    )
    arguments: dict[str, Any] = Field({}, description="Further keyword arguments of the LlamaIndex class.")
    window: int = Field(
        8192, ge=512, le=10_000_000, description="Tokens of its context: what it is given and writes, together."
    )
    tokenizer: str = Field(
        "",
        description="Path of its tokenizer.json, to count tokens exactly; without, the server is asked, or a token "
        "is taken for every byte.",
    )
    temperature: float = Field(0.0, ge=0, le=2, description="How freely it words; 0: the likeliest words.")
    first_timeout: float = Field(60.0, gt=0, le=3600, description="Seconds until something of an answer must come.")
    piece_timeout: float = Field(20.0, gt=0, le=3600, description="Seconds between one piece of it and the next.")
    timeout: float = Field(180.0, gt=0, le=7200, description="Seconds for an answer in all, with what is retried.")
    retries: int = Field(2, ge=0, le=10, description="Times that a request is made again, before anything came.")
    concurrency: int = Field(4, ge=1, le=1000, description="Requests at a time; of `local`, one is enough for most.")
    wait_timeout: float = Field(30.0, ge=0, le=3600, description="Seconds that a request waits for its turn.")
    budget: int = Field(0, ge=0, description="Tokens, read and written, that a process may use; 0: any number.")
    threads: int = Field(0, ge=0, le=256, description="Processor threads for `local`; 0 uses every core.")

    @field_validator("arguments")
    @classmethod
    def _no_secrets(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        if found := sorted(_secrets(arguments)):
            raise ValueError(
                f"{', '.join(found)}: put the secret in an environment variable, and name that in llm.key_env"
            )
        return arguments


def _secrets(values: Mapping[str, Any]) -> set[str]:
    """Names in a mapping, however deep, whose values look like secrets."""
    found = {key for key, value in values.items() if isinstance(value, str) and _SECRET.search(key)}
    return found.union(*(_secrets(value) for value in values.values() if isinstance(value, Mapping)))


class TracingSettings(_Group):
    """Spans of OpenTelemetry; see docs/models.md."""

    enabled: bool = Field(
        False, description="Send spans of answers to the OTLP collector that OTEL_EXPORTER_OTLP_ENDPOINT names."
    )
    text: bool = Field(False, description="Put into spans what was asked, sent to a model, and written by it.")


class ServerSettings(_Group):
    """Where the web app and the HTTP interface listen."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(7860, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    allow_public: bool = Field(
        False, description="Listen on an address that others can reach, though nobody is asked for a key."
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
    index: IndexSettings = IndexSettings()
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
    """The TOML file, when there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        named = os.environ.get(_CONFIG)
        path = Path(named) if named else Path("ontherecord.toml")
        if not named and not path.is_file():
            return {}
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path} cannot be read as settings: {error}") from error


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
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(f"settings are not in order: {faults}") from error


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
    if unknown:
        raise SettingsError(
            f"no such setting: {', '.join(unknown)}. `ontherecord status` works with: {', '.join(sorted(known))}"
        )
