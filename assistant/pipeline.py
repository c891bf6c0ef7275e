"""Ask an archive: understand -> retrieve -> gather -> judge -> compose, on one screen."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event
from typing import Self

from assistant.answering.answerability.verdict import Verdict, nothing_found, others
from assistant.answering.checks.claims import Judge
from assistant.answering.checks.final import Lookup, Verifier, faults_of, verified
from assistant.answering.citations import near_misses, written
from assistant.answering.evidence import Evidence
from assistant.answering.extractive.compose import compose
from assistant.answering.extractive.layout import arranged, labelled
from assistant.answering.generative.fallback import WORDED, parts, worded
from assistant.answering.generative.prompting import sources
from assistant.answering.generative.rewriting import rewritten
from assistant.answering.generative.writer import Writer
from assistant.answering.speech.answer import Listener
from assistant.archive import Archive
from assistant.blas import one_thread
from assistant.embedding.embedder import Embedder
from assistant.errors import ModelError, NotFound
from assistant.index import Indexes, open_indexes
from assistant.inferences import InferenceName
from assistant.llm import LanguageModel
from assistant.llm import load as load_model
from assistant.prompts import NOT_FOUND
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.relaxation import relaxation, to_anyone
from assistant.searcher import ReadingRoom, checked
from assistant.settings import Settings
from assistant.tracing import Traced, spanned
from assistant.tracing import start as start_tracing
from assistant.types import Answer, Citation, Filters, Hit, Inference, Part, Sentence, StoredArticle

log = logging.getLogger(__name__)

HISTORY = 20
"""Questions of a conversation that a follow-up is read against."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, with what it came with.

    :ivar history: the questions before it that count.
    :ivar writer: words the answer; None for the archive's own sentences.
    :ivar cancelled: set when nobody waits any more.
    """

    question: str
    filters: Filters
    as_of: datetime
    without: Sequence[InferenceName] = ()
    history: Sequence[str] = ()
    writer: Writer | None = None
    cancelled: Event | None = None

    @property
    def left(self) -> bool:
        """Nobody waits any more."""
        return self.cancelled is not None and self.cancelled.is_set()


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found for a question."""

    query: Query
    verdict: Verdict
    evidence: list[Evidence]
    hits: Sequence[Hit]


class Assistant(ReadingRoom):
    """An archive, open for questions, too. Safe to use from several threads; sees what other processes commit.

    :param model: words answers; with None they are made of the archive's own sentences.
    :param judge: says of each sentence of a model whether its evidence bears it out; None takes the ``Verifier``.
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
        super().__init__(archive, indexes, embedder, settings)
        self._listener = Listener(archive, self._record, self._scales.weights)
        self._model = model
        self._writer = None
        if model:
            judge = judge or Verifier(embedder.passages, self._record.spoken, settings.answering.entailment)
            self._writer = Writer(model, judge, self._holding, settings.answering)

    @classmethod
    def open(cls, settings: Settings, model: LanguageModel | None = None, judge: Judge | None = None) -> Self:
        """Open the archive that ``settings`` name.

        :param model: words answers, in place of the one that the settings name, if any. ``judge``: what says of its
            sentences whether they hold.
        :raises NoArchive: when there is none.
        :raises SettingsError: when the settings of the language model do not say enough.
        :raises MissingDependency: when the language model needs a package that is not installed.
        :raises WrongModel: when it was built with another embedding model than the settings name.
        """
        start_tracing(settings.tracing)
        one_thread()
        model = model or load_model(settings.llm)
        archive = Archive(settings.archive)
        try:
            embedder = Embedder.load(settings.embedding)
            archive.expect_model(embedder.fingerprint, embedder.name, embedder.dim)
            return cls(
                archive,
                open_indexes(
                    archive,
                    archive.index_folder,
                    write=False,
                    ivf_from=settings.index.ivf_from,
                    threads=settings.index.threads,
                ),
                embedder,
                settings,
                model,
                judge,
            )
        except BaseException:
            archive.close()
            raise

    @property
    def model(self) -> str:
        """The name of the language model that words answers; "" where none does."""
        return self._writer.model.name if self._writer else ""

    def warm(self) -> None:
        """Do once, before anybody waits for it, what the first question would: load what is loaded when it is needed,
        and gather who speaks in the archive.
        """
        leading = self._record.leading(1)
        self.ask(f"What did {leading[0].name if leading else 'anybody'} say about the future?", model=False)
        if self._writer:
            try:
                self._writer.model.count("ready")  # loads it, where it is a file; nothing is written
            except ModelError as error:
                log.warning("the language model is not ready: %s", error)

    def ask(
        self,
        question: str,
        filters: Filters = Filters(),
        as_of: datetime | None = None,
        without: Sequence[InferenceName] = (),
        history: Sequence[str] = (),
        model: bool = True,
    ) -> Answer:
        """Answer a question from the archive, or say plainly that it does not say.

        What the question says about time and outlets is looked for first. Where that leaves nothing, it is let go of,
        and the answer says so; ``filters`` are kept.

        :param filters: what the search is restricted to.
        :param as_of: the instant it is asked at, which "yesterday" is reckoned from; None means now. It hides nothing:
            what was published later is found too.
        :param without: inferences not to make.
        :param history: the questions before it in the same conversation, oldest first: what it leaves out ("and in
            June?") is taken from them. The last ``HISTORY`` count.
        :param model: let the language model word the answer, where one is configured.
        :raises UsageError: when there is no question.
        """
        for one in self.stream(question, filters, as_of, without, history, model):
            if isinstance(one, Answer):
                return one
        raise AssertionError("a stream that nobody cancels ends in its answer")

    def stream(
        self,
        question: str,
        filters: Filters = Filters(),
        as_of: datetime | None = None,
        without: Sequence[InferenceName] = (),
        history: Sequence[str] = (),
        model: bool = True,
        cancelled: Event | None = None,
    ) -> Generator[Part | Answer, None, None]:
        """Answer a question, as ``ask`` does: yield each sentence once it is verified, then the whole answer.

        The answer stands whatever was yielded before it: where a model breaks off, it is the archive's own. Leaving
        the iterator ends the request to the model.

        :param cancelled: set by another thread when nobody waits any more; nothing is yielded from then on.
        """
        question = checked(question, filters)
        as_of = as_of or datetime.now(self.zone)
        writer = self._writer if model else None
        asked = _Asked(question, filters, as_of, without, history[-HISTORY:], writer, cancelled)
        about = {"ontherecord.asked_with": len(history), "ontherecord.model": writer.model.name if writer else ""}
        yield from spanned("answer", lambda span: self._streamed(asked, span), about)

    def _streamed(self, asked: _Asked, span: Traced) -> Generator[Part | Answer, None, None]:
        started = time.perf_counter()
        span.text("ontherecord.question", asked.question)
        self._indexes.sync()
        looked = self._looked(asked)
        answer = self._verified(self._compose(looked))
        span.event("found", {"hits": len(looked.hits), "status": answer.status, "kind": looked.query.kind})
        if asked.writer and answer.status != "not_found" and looked.query.kind in WORDED:
            offered = sources(looked.evidence, looked.hits, self._settings.answering.sources)
            words = worded(answer, asked.writer, looked.query.language, offered, asked.cancelled)
            answer = self._verified((yield from words))
        elif not asked.left:
            yield from parts(answer)
        if not asked.left:
            span.set({"ontherecord.status": answer.status, "ontherecord.worded_by": answer.wording.by})
            span.set({"ontherecord.sentences": len(answer.sentences), "ontherecord.citations": len(answer.citations)})
            span.text("ontherecord.answer", answer.answer)
            passed = round(1000 * (time.perf_counter() - started), 1)
            yield replace(answer, question=asked.question, milliseconds=passed)

    def _looked(self, asked: _Asked) -> _Looked:
        """Understand a question and find what may answer it."""
        query = self._understand(asked.question, asked.filters, asked.as_of, asked.without, asked.history)
        if asked.writer and asked.history and "followup" not in asked.without and not query.more:
            query = self._in_full(query, asked, asked.writer)
        query, found = self._look(query)
        hits = found.hits
        evidence: list[Evidence] = []
        if not hits:
            verdict = nothing_found(asked.filters, self.freshness(), self._unfiltered(query))
        elif query.speech and (heard := self._listener.hear(query, hits)):
            query = to_anyone(query) if heard.to_anyone else query
            verdict, evidence = self._scales.heard(query, heard.verdict, hits), heard.evidence
        else:
            verdict, evidence = self._scales.fact(query, found, self._settings.answering.max_sentences)
        if query.more:
            *before, last = asked.history
            given = self.ask(last, asked.filters, asked.as_of, history=before, model=False)
            verdict, evidence = others(verdict, evidence, {sentence.text for sentence in given.sentences})
        return _Looked(query, verdict, evidence, hits)

    def _in_full(self, query: Query, asked: _Asked, writer: Writer) -> Query:
        """The query of a follow-up as the model makes it whole, where the rules bear that out; else as it is."""
        room = self._settings.answering.history_tokens
        language = query.language or "en"
        whole = rewritten(writer.model, asked.question, asked.history, query.question, language, room, asked.cancelled)
        if whole is None or whole == asked.question:
            return query
        read = self._understand(whole, query.filters, asked.as_of, asked.without)
        return replace(read, inferred=(Inference("followup", whole, asked.history[-1]), *read.inferred))

    def _lookup(self) -> Lookup:
        """What looks articles up for one answer, each once; None for what is not there."""
        articles: dict[tuple[str, int], StoredArticle | None] = {}

        def article(article_id: str, version: int) -> StoredArticle | None:
            key = (article_id, version)
            if key not in articles:
                try:
                    articles[key] = self._archive.article(article_id, version)
                except NotFound:
                    articles[key] = None
            return articles[key]

        return article

    def _verified(self, answer: Answer) -> Answer:
        """The answer without what cannot be shown to stand where it is said to stand."""
        checked, withheld = verified(answer, self._lookup(), self._record.spoken)
        for one in withheld:
            log.info("withheld from the answer to %r: %s", answer.question, one.reason)
        return checked

    def _holding(self, sentence: Sentence, citations: Sequence[Citation]) -> tuple[int, ...]:
        """Markers of the citations with which a sentence passes the check that every answer passes."""
        known = {citation.marker: citation for citation in citations}
        faults = faults_of(sentence, known, self._lookup(), self._record.spoken)
        return tuple(marker for marker, fault in faults.items() if not fault)

    def _compose(self, looked: _Looked) -> Answer:
        query, verdict, hits = looked.query, looked.verdict, looked.hits
        sentences, citations = ((), ()) if verdict.status == "not_found" else self._sentences(looked)
        missed = near_misses(hits, self._settings.answering.near_misses) if verdict.status != "supported" else ()
        text = written(sentences) if sentences else f"{NOT_FOUND} {verdict.reason}"
        reason = " ".join(filter(None, (verdict.reason, relaxation(query))))
        return Answer(
            query.question,
            text,
            verdict.status,
            reason,
            sentences,
            citations,
            missed,
            self.freshness(),
            query.filters,
            query.kind,
            query.question,
            query.as_of.isoformat(timespec="seconds"),
            query.inferred,
            round(verdict.confidence, 4),
        )

    def _sentences(self, looked: _Looked) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        query, settings = looked.query, self._settings.answering
        pieces, keep = arranged(query, looked.evidence, settings.max_sentences)
        sentences, citations = compose(pieces, settings) if keep is None else compose(pieces, settings, keep)
        return labelled(query, sentences, citations, looked.verdict.status == "supported"), citations

    def close(self) -> None:
        """Let go of files, and of what the language model holds."""
        if close := getattr(self._model, "close", None):
            close()
        super().close()
