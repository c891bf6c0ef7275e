"""For the tests of programs that ask an assistant: a real one, over a few articles of the test's own, in memory.

::

    from assistant import Article, parse_date
    from assistant.testing import memory_assistant

    TUNNEL = Article(
        'The harbour tunnel will open in 2031. "We are late," said minister Anna Berg.',
        id="tunnel",
        outlet="Harbour Post",
        published=parse_date("2023-05-12"),
    )

    def test_my_bot_names_its_source() -> None:
        with memory_assistant([TUNNEL]) as assistant:
            assert "Harbour Post" in MyBot(assistant).reply("When will the tunnel open?")

Only the embedding model is a stand-in: texts are near each other when they share words. Everything else is what
answers elsewhere, with the same verdicts, citations, refusals and errors. A bot that speaks HTTP can be tested against
``assistant.serve.api.create_api(assistant)``, with Starlette's ``TestClient`` or a server of its own.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from tokenizers import Tokenizer, models, pre_tokenizers

from assistant.admin import add_articles
from assistant.archive import Archive, ArchiveWriter
from assistant.arrays import Vectors
from assistant.assistant import Assistant
from assistant.embedding.base import Card
from assistant.embedding.embedder import Embedder
from assistant.index import open_indexes
from assistant.llm import LanguageModel
from assistant.retrieval.analysis import is_function_word
from assistant.settings import Settings
from assistant.text import words
from assistant.types import Article

__all__ = ["memory_assistant", "word_embedder"]

_CARD = Card(name="words", fingerprint="words-1", dim=512, window=512, special=0, pad=0)

_STEM = 4
"""First characters of a word that count beside the word itself, so that "opens" is near "opening"."""


@contextmanager
def memory_assistant(
    articles: Iterable[Article], *, quotes: bool = True, model: LanguageModel | None = None
) -> Iterator[Assistant]:
    """Open an assistant over these articles; with the context it is gone, and so is all it kept.

    It needs no model weights, reads no settings from files or the environment, and answers the same every time. Its
    SQLite file lies in a temporary folder, its indexes in memory.

    :param articles: an article with the id, or else the url, of an earlier one becomes a new version of it.
    :param quotes: find who says what in the articles. In English that loads a parser, about two seconds, when the
        first article quotes somebody; where the parser is not installed, no quotes are found.
    :param model: writes the answers; None leaves them to the archive's own sentences.
    :raises BadRecord: naming the articles that have no text.
    """
    with tempfile.TemporaryDirectory(prefix="ontherecord-") as folder:
        settings = _DefaultSettings(archive=Path(folder))
        embedder = word_embedder()
        with ArchiveWriter(settings.archive) as writer:
            add_articles(writer, embedder, articles, quotes)
        with (
            Archive(settings.archive) as archive,
            Assistant(archive, open_indexes(archive, archive.index_folder), embedder, settings, model) as assistant,
        ):
            yield assistant


def word_embedder() -> Embedder:
    """Return an embedder without a model: a text's vector is made of its words, each hashed to a dimension.

    Cosines are high between texts that share rare words, and 0 between texts that share none. Function words count for
    nothing. Deterministic, on every machine.

    Feature hashing: Weinberger et al., 2009, https://arxiv.org/abs/0902.2206.
    """
    tokenizer = Tokenizer(models.WordLevel({"": 0}, unk_token=""))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return Embedder(_CARD, tokenizer, _HashedWords())


class _HashedWords:
    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), _CARD.dim), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for feature in _features(text):
                vector[_hashed(feature) % _CARD.dim] += 1
        return vectors


def _features(text: str) -> set[str]:
    """The words of a text that carry it, and the beginnings of the longer ones."""
    all_words = set(words(text))
    content = {word for word in all_words if not is_function_word(word)} or all_words
    return content | {f"{word[:_STEM]}-" for word in content if len(word) >= _STEM}


def _hashed(feature: str) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")


class _DefaultSettings(Settings):
    """The defaults, wherever the tests run: no environment, no file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
