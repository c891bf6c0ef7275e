"""The front door: an archive, open for questions, searches and quotes."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from datetime import datetime
from threading import Event
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from assistant.answering.answerability.scoring import Answerability
from assistant.answering.checks.claims import Judge
from assistant.answering.checks.final import FinalCheck
from assistant.answering.checks.verifier import Verifier
from assistant.answering.generative.writer import Writer
from assistant.answering.speech.answer import SpeechAnswerer
from assistant.answering.speech.listing import Listing, Profile, Wanted
from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.errors import ModelError
from assistant.index import Indexes, open_indexes
from assistant.inferences import InferenceName
from assistant.llm import LanguageModel
from assistant.llm import load as load_model
from assistant.pipeline import Pipeline
from assistant.process import limit_blas
from assistant.searcher import Searcher
from assistant.settings import Settings
from assistant.speakers.directory import SpeakerDirectory
from assistant.speakers.resolve import Speaker
from assistant.tracing import start as start_tracing
from assistant.types import Answer, AskOptions, Filters, Freshness, Hit, Part, Sort, StoredArticle

log = logging.getLogger(__name__)


class Assistant:
    """An open archive that answers. Safe to use from several threads; sees what other processes commit.

    :param model: writes the answers; None leaves them to the archive's own sentences.
    :param judge: says of each sentence that a model wrote whether its evidence supports it; None takes the
        ``Verifier``.
    :ivar searcher: what it searches with.
    """

    def __init__(
        self,
        archive: Archive,
        indexes: Indexes,
        embedder: Embedder,
        settings: Settings,
        model: LanguageModel | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._archive = archive
        self._indexes = indexes
        self._model = model
        self._speakers = SpeakerDirectory(archive)
        answerability = Answerability(archive, indexes, embedder.fingerprint)
        self.searcher = Searcher(archive, indexes, embedder, settings, self._speakers, answerability)
        check = FinalCheck(archive, self._speakers.spoken)
        writer = None
        if model:
            judge = judge or Verifier(embedder.passages, self._speakers.spoken, settings.answering.entailment)
            writer = Writer(model, judge, check.holding, settings.answering)
        speech = SpeechAnswerer(archive, self._speakers, answerability.weights)
        self._pipeline = Pipeline(self.searcher, answerability, speech, check, settings.answering, writer)

    @classmethod
    def open(cls, settings: Settings, model: LanguageModel | None = None, judge: Judge | None = None) -> Self:
        """Open the archive that ``settings`` name.

        :param model: writes the answers, in place of the one that the settings name, if any.
        :param judge: says of each of its sentences whether the evidence supports it; None takes the ``Verifier``.
        :raises NoArchive: when there is none.
        :raises SettingsError: when the settings of the language model do not say enough.
        :raises MissingDependency: when the language model needs a package that is not installed.
        :raises WrongModel: when the archive was built with another embedding model than the settings name.
        """
        start_tracing(settings.tracing)
        limit_blas()
        model = model or load_model(settings.llm)
        archive = Archive(settings.archive)
        try:
            embedder = Embedder.load(settings.embedding)
            archive.expect_model(embedder.fingerprint, embedder.name, embedder.dim)
            indexes = open_indexes(archive, archive.index_folder, write=False)
            return cls(archive, indexes, embedder, settings, model, judge)
        except BaseException:
            archive.close()
            raise

    @property
    def model(self) -> str:
        """The name of the language model that writes answers; "" where none does."""
        return self._model.name if self._model else ""

    @property
    def zone(self) -> ZoneInfo:
        """The archive's time zone, in which days begin and end."""
        return self.searcher.zone

    # --- answers -------------------------------------------------------------------------------------------------

    def ask(self, question: str, options: AskOptions = AskOptions()) -> Answer:
        """Answer a question from the archive, or say plainly that the archive does not say.

        What the question says about time, outlets and speakers restricts the search first. Where that leaves nothing,
        the restriction is dropped, and the answer says so; ``options.filters`` always hold.

        :raises UsageError: when there is no question.
        :raises BadFilter: when the filters contradict each other.
        """
        return self._pipeline.ask(question, options)

    def stream(
        self, question: str, options: AskOptions = AskOptions(), *, cancelled: Event | None = None
    ) -> Generator[Part | Answer, None, None]:
        """Answer a question as ``ask`` does: yield each sentence once it is verified, then the whole answer.

        The answer stands, whatever was yielded before it: where a model breaks off, it is the archive's own. Closing
        the iterator ends the request to the model.

        :param cancelled: set by another thread once nobody waits any more; nothing is yielded from then on.
        :raises UsageError: when there is no question.
        :raises BadFilter: when the filters contradict each other.
        """
        return self._pipeline.stream(question, options, cancelled=cancelled)

    def warm(self) -> None:
        """Do what the first question would otherwise wait for: load what is loaded on demand, gather the speakers."""
        leading = self._speakers.leading(1)
        question = f"What did {leading[0].name if leading else 'anybody'} say about the future?"
        self.ask(question, AskOptions(model=False))
        if self._model:
            try:
                self._model.count("ready")  # loads it, where it is a file; nothing is written
            except ModelError as error:
                log.warning("the language model is not ready: %s", error)

    # --- what the archive has ------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        filters: Filters = Filters(),
        sort: Sort = "relevance",
        limit: int = 10,
        as_of: datetime | None = None,
        without: Sequence[InferenceName] = (),
    ) -> list[Hit]:
        """Find passages: best first, or those that match by date.

        Sorted by date, each article appears once, with its best passage; undated articles come last.

        :param limit: hits at most, from 1 to 1000.
        :param as_of: the instant it is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: when there is no query, or ``limit`` is out of range.
        :raises BadFilter: when the filters contradict each other.
        """
        return self.searcher.search(query, filters=filters, sort=sort, limit=limit, as_of=as_of, without=without)

    def excerpts(
        self,
        query: str,
        *,
        filters: Filters = Filters(),
        limit: int = 20,
        as_of: datetime | None = None,
        without: Sequence[InferenceName] = (),
    ) -> list[Hit]:
        """Find the sentences that most likely answer, best first, for a program that reads only so many words.

        The ranking is that of ``search``; each hit is one sentence instead of a whole passage.

        :param limit: excerpts at most, from 1 to 1000.
        :param as_of: the instant it is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: when there is no query, or ``limit`` is out of range.
        :raises BadFilter: when the filters contradict each other.
        """
        return self.searcher.excerpts(query, filters=filters, limit=limit, as_of=as_of, without=without)

    def quotes(
        self,
        text: str = "",
        *,
        speaker: str = "",
        filters: Filters = Filters(),
        kind: Wanted | None = None,
        limit: int = 20,
        variants: bool = True,
    ) -> Listing:
        """List who said what: the newest first, or, with words to look for, those that have most of them first.

        :param text: words that the quotes are to have; "" for any.
        :param speaker: whose; any name or spelling will do; "" for anybody's.
        :param kind: "direct" for words in quotation marks, "indirect" for reported ones; None for both.
        :param limit: quotes at most, from 1 to 1000.
        :param variants: include those under other names and spellings of the speaker.
        :raises UsageError: when ``limit`` is out of range.
        """
        return self.searcher.quotes(text, speaker=speaker, filters=filters, kind=kind, limit=limit, variants=variants)

    def speakers(self, name: str = "", *, limit: int = 50) -> list[Speaker]:
        """Return the speakers whom ``name`` may mean, likeliest first; for "" those quoted most.

        :param limit: speakers at most, from 1 up.
        """
        return self.searcher.speakers(name, limit=limit)

    def profile(self, name: str) -> Profile:
        """Return the speaker whom ``name`` means, with roles and the names that articles use.

        :raises NotFound: when nobody has that name.
        """
        return self.searcher.profile(name)

    def article(self, article_id: str, version: int | None = None) -> StoredArticle:
        """Return the stored article whose text offsets count in.

        :param version: 1, 2, ...; None means the latest.
        :raises NotFound: when there is no such article or version.
        """
        return self._archive.article(article_id, version)

    def outlets(self) -> list[str]:
        """Return the archive's outlets, those with most articles first."""
        return self._archive.outlets()

    def freshness(self) -> Freshness:
        """Return which dates the archive covers and when it last took something in."""
        return self._archive.freshness()

    def probe(self) -> None:
        """Read an article through a new connection, and search both indexes, as a question would: a readiness check.

        :raises ArchiveError: when the archive cannot be read.
        :raises RetrievalIndexError: when an index cannot be used.
        """
        self._archive.probe()
        self.search("news", limit=1)

    # --- closing -------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the archive and its indexes, and release what the language model holds."""
        if close := getattr(self._model, "close", None):
            close()
        self.searcher.close()
        self._indexes.close()
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
