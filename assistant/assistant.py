"""The main class of the package: an open archive that takes questions, searches and requests for quotes."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from datetime import datetime
from threading import Event
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from assistant.answer_selection import AnswerSelector, Candidate
from assistant.answering.answerability.scoring import Answerability
from assistant.answering.checks.claims import Judge
from assistant.answering.checks.final import FinalCheck
from assistant.answering.checks.verifier import Verifier
from assistant.answering.generative.writer import Writer
from assistant.answering.speech.answer import SpeechAnswerer
from assistant.answering.speech.listing import Listing, SpeakerProfile, Wanted
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

    :param model: writes the answers; None for answers in the archive's own sentences.
    :param judge: decides for each sentence that a model wrote whether its evidence supports it; None for the
        ``Verifier``.
    :param selector: reads the best sentences with the question; None leaves them as the signals order them.
    :ivar searcher: searches the archive.
    """

    def __init__(
        self,
        archive: Archive,
        indexes: Indexes,
        embedder: Embedder,
        settings: Settings,
        model: LanguageModel | None = None,
        judge: Judge | None = None,
        selector: AnswerSelector | None = None,
    ) -> None:
        self._archive = archive
        self._indexes = indexes
        self._model = model
        self._selector = selector
        self._speakers = SpeakerDirectory(archive)
        answerability = Answerability(archive, indexes, embedder.fingerprint)
        self.searcher = Searcher(archive, indexes, embedder, settings, self._speakers, answerability)
        check = FinalCheck(archive, self._speakers.spoken)
        writer = None
        if model:
            judge = judge or Verifier(embedder.passages, self._speakers.spoken, settings.answering.entailment)
            writer = Writer(model, judge, check.holding, settings.answering)
        speech = SpeechAnswerer(archive, self._speakers, answerability.weights)
        self._pipeline = Pipeline(self.searcher, answerability, speech, check, settings.answering, writer, selector)

    @classmethod
    def open(cls, settings: Settings, model: LanguageModel | None = None, judge: Judge | None = None) -> Self:
        """Open the archive that ``settings`` name.

        :param model: writes the answers, instead of the model that the settings name, if any.
        :param judge: decides for each of its sentences whether the evidence supports it; None for the ``Verifier``.
        :raises NoArchive: if there is none.
        :raises SettingsError: if the settings of the language model are incomplete.
        :raises MissingDependency: if the language model needs a package that is not installed.
        :raises WrongModel: if the archive was built with a different embedding model from the one in the settings.
        """
        start_tracing(settings.tracing)
        limit_blas()
        model = model or load_model(settings.llm)
        archive = Archive(settings.archive)
        try:
            embedder = Embedder.load(settings.embedding)
            archive.expect_model(embedder.fingerprint, embedder.name, embedder.dim)
            indexes = open_indexes(archive, archive.index_folder, write=False)
            selector = AnswerSelector(settings.embedding.threads) if settings.answering.reader else None
            return cls(archive, indexes, embedder, settings, model, judge, selector)
        except BaseException:
            archive.close()
            raise

    @property
    def model(self) -> str:
        """The name of the language model that writes answers; "" if none does."""
        return self._model.name if self._model else ""

    @property
    def zone(self) -> ZoneInfo:
        """The archive's time zone, in which days begin and end."""
        return self.searcher.zone

    # --- answers -------------------------------------------------------------------------------------------------

    def ask(self, question: str, options: AskOptions = AskOptions()) -> Answer:
        """Answer a question from the archive, or say plainly that the archive does not say.

        Times, outlets and speakers named in the question restrict the search. If such a restriction leaves nothing,
        it is dropped, and the answer says so; ``options.filters`` always apply.

        :raises UsageError: if there is no question.
        :raises BadFilter: if the filters contradict each other.
        """
        return self._pipeline.ask(question, options)

    def stream(
        self, question: str, options: AskOptions = AskOptions(), *, cancelled: Event | None = None
    ) -> Generator[Part | Answer, None, None]:
        """Answer a question as ``ask`` does, yielding each sentence once it is verified, then the whole answer.

        The final answer replaces whatever was yielded before it: if a model breaks off, it is in the archive's own
        sentences. Closing the iterator ends the request to the model.

        :param cancelled: set by another thread once nobody is waiting; nothing is yielded from then on.
        :raises UsageError: if there is no question.
        :raises BadFilter: if the filters contradict each other.
        """
        return self._pipeline.stream(question, options, cancelled=cancelled)

    def warm(self) -> None:
        """Do what the first question would otherwise wait for: load models and lists, collect the speakers."""
        leading = self._speakers.leading(1)
        question = f"What did {leading[0].name if leading else 'anybody'} say about the future?"
        self.ask(question, AskOptions(model=False))
        if self._selector:
            self._selector.scores(question, [Candidate("Nobody knows.", "", "")])
        if self._model:
            try:
                self._model.count("ready")  # loads the model if it is a file, and generates nothing
            except ModelError as error:
                log.warning("the language model is not ready: %s", error)

    # --- contents of the archive ---------------------------------------------------------------------------------

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

        :param limit: maximum number of hits, from 1 to 1000.
        :param as_of: the instant the query is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: if there is no query, or ``limit`` is out of range.
        :raises BadFilter: if the filters contradict each other.
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
        """Find the sentences likeliest to have the answer, best first, for a program with a limit on words.

        The articles are those of ``search``; each hit is one sentence instead of a whole passage.

        :param limit: maximum number of excerpts, from 1 to 1000.
        :param as_of: the instant the query is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: if there is no query, or ``limit`` is out of range.
        :raises BadFilter: if the filters contradict each other.
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
        """List quotes: the newest first, or, if words are given, those with most of them first.

        :param text: words to look for in the quotes; "" for any.
        :param speaker: a name of the speaker, in any spelling; "" for anybody.
        :param kind: "direct" for words in quotation marks, "indirect" for reported ones; None for both.
        :param limit: maximum number of quotes, from 1 to 1000.
        :param variants: whether to include quotes under other names and spellings of the speaker.
        :raises UsageError: if ``limit`` is out of range.
        """
        return self.searcher.quotes(text, speaker=speaker, filters=filters, kind=kind, limit=limit, variants=variants)

    def speakers(self, name: str = "", *, limit: int = 50) -> list[Speaker]:
        """Return the speakers that ``name`` may refer to, likeliest first; for "", the most quoted ones.

        :param limit: maximum number of speakers, from 1.
        """
        return self.searcher.speakers(name, limit=limit)

    def profile(self, name: str) -> SpeakerProfile:
        """Return the speaker that ``name`` refers to, with roles and the names that articles use.

        :raises NotFound: if nobody has that name.
        """
        return self.searcher.profile(name)

    def article(self, article_id: str, version: int | None = None) -> StoredArticle:
        """Return a stored article, with the text that offsets refer to.

        :param version: 1, 2, ...; None means the latest.
        :raises NotFound: if there is no such article or version.
        """
        return self._archive.article(article_id, version)

    def outlets(self) -> list[str]:
        """Return the archive's outlets, those with most articles first."""
        return self._archive.outlets()

    def freshness(self) -> Freshness:
        """Return the dates that the archive covers and when it was last added to."""
        return self._archive.freshness()

    def probe(self) -> None:
        """Check readiness: read an article through a new connection, and search both indexes as a question would.

        :raises ArchiveError: if the archive cannot be read.
        :raises RetrievalIndexError: if an index cannot be used.
        """
        self._archive.probe()
        self.search("news", limit=1)

    # --- closing -------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the archive and its indexes, and release the language model's resources."""
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
