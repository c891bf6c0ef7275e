"""The whole way from a question to its answer: understand -> retrieve -> judge -> compose -> verify."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from assistant.answer_selection import AnswerSelector
from assistant.answering.answerability.scoring import Answerability
from assistant.answering.answerability.verdict import Verdict, nothing_found, nothing_more
from assistant.answering.checks.final import FinalCheck
from assistant.answering.citations import cite, near_misses, written
from assistant.answering.evidence import ARTICLES, Evidence, WantedWords, answering, leads, overview
from assistant.answering.extractive.compose import PrintedSentence, compose, select
from assistant.answering.extractive.facts import fact, parted
from assistant.answering.extractive.layout import arranged, labelled
from assistant.answering.generative.fallback import WORDED, parts, worded
from assistant.answering.generative.prompting import sources
from assistant.answering.generative.rewriting import rewritten
from assistant.answering.generative.writer import Writer
from assistant.answering.reading import read
from assistant.answering.speech.answer import SpeechAnswerer
from assistant.prompts import NOT_FOUND
from assistant.retrieval.retriever import SearchResult
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.relaxation import relaxation, to_anyone
from assistant.searcher import Searcher, checked
from assistant.settings import AnsweringSettings
from assistant.tracing import Traced, spanned
from assistant.types import MAX_HISTORY, MAX_HISTORY_CHARACTERS, Answer, AskOptions, Hit, Inference, Part


@dataclass(frozen=True, slots=True)
class _Request:
    """A question being answered.

    :ivar options: with the instant it is asked at filled in, and the history cut to its limits.
    :ivar writer: writes the answer; None for an answer in the archive's own sentences.
    :ivar cancelled: set once nobody is waiting for the answer.
    """

    question: str
    options: AskOptions
    writer: Writer | None
    cancelled: Event | None

    @property
    def abandoned(self) -> bool:
        """Whether nobody is waiting for the answer any more."""
        return self.cancelled is not None and self.cancelled.is_set()


@dataclass(frozen=True, slots=True)
class _Judged:
    """A query with its verdict and the evidence for an answer.

    :ivar evidence: what a model may write from; ``printed``: the sentences printed if none does; ``also``: those that
        are given beside the answer.
    """

    query: Query
    verdict: Verdict
    evidence: Sequence[Evidence] = ()
    printed: Sequence[PrintedSentence] = ()
    also: Sequence[PrintedSentence] = ()
    hits: Sequence[Hit] = ()


class Pipeline:
    """Answers questions from an archive.

    :param searcher: understands and retrieves.
    :param answerability: judges whether what is printed answers a question; ``speech`` finds a speaker's own words.
    :param check: the check that every answer must pass before it is returned.
    :param writer: writes answers with a language model; None for answers in the archive's own sentences.
    :param selector: reads the best sentences with the question; None leaves them as the signals order them.
    """

    def __init__(
        self,
        searcher: Searcher,
        answerability: Answerability,
        speech: SpeechAnswerer,
        check: FinalCheck,
        settings: AnsweringSettings,
        writer: Writer | None = None,
        selector: AnswerSelector | None = None,
    ) -> None:
        self._searcher = searcher
        self._answerability = answerability
        self._speech = speech
        self._check = check
        self._settings = settings
        self._writer = writer
        self._selector = selector

    def ask(self, question: str, options: AskOptions = AskOptions()) -> Answer:
        """Return the whole answer; see ``Assistant.ask``."""
        for one in self.stream(question, options):
            if isinstance(one, Answer):
                return one
        raise AssertionError("a stream that nobody cancels ends in its answer")

    def stream(
        self, question: str, options: AskOptions = AskOptions(), *, cancelled: Event | None = None
    ) -> Generator[Part | Answer, None, None]:
        """Yield each sentence once it is verified, then the whole answer; see ``Assistant.stream``."""
        question = checked(question, options.filters)
        writer = self._writer if options.model else None
        about = {
            "ontherecord.asked_with": len(options.history),
            "ontherecord.model": writer.model.name if writer else "",
        }
        as_of = self._searcher.instant(options.as_of)
        options = replace(options, as_of=as_of, history=_recent(options.history))
        request = _Request(question, options, writer, cancelled)
        yield from spanned("answer", lambda span: self._answered(request, span), about)

    def _answered(self, request: _Request, span: Traced) -> Generator[Part | Answer, None, None]:
        started = time.perf_counter()
        span.text("ontherecord.question", request.question)
        self._searcher.sync()
        query, found = self._searcher.find(self._understand(request))
        judged = self._judge(request, query, found)
        answer = self._check.verified(self._compose(judged))
        span.event("found", {"hits": len(judged.hits), "status": answer.status, "kind": judged.query.kind})
        if request.writer and answer.status != "not_found" and judged.query.kind in WORDED:
            offered = sources(judged.evidence, judged.hits, self._settings.sources)
            words = worded(answer, request.writer, judged.query.language, offered, request.cancelled)
            answer = self._check.verified((yield from words))
        elif not request.abandoned:
            yield from parts(answer)
        if not request.abandoned:
            span.set({"ontherecord.status": answer.status, "ontherecord.worded_by": answer.wording.by})
            span.set({"ontherecord.sentences": len(answer.sentences), "ontherecord.citations": len(answer.citations)})
            span.text("ontherecord.answer", answer.answer)
            passed = round(1000 * (time.perf_counter() - started), 1)
            yield replace(answer, question=request.question, milliseconds=passed)

    def _understand(self, request: _Request) -> Query:
        """What the question means; a model completes a follow-up that the rules leave as it is."""
        options = request.options
        query = self._searcher.understand(request.question, options)
        if not request.writer or not options.history or "followup" in options.without or query.more:
            return query
        language = query.language or "en"
        whole = rewritten(
            request.writer.model, request.question, options.history, query.question, language, request.cancelled
        )
        if whole is None or whole == request.question:
            return query
        read = self._searcher.understand(whole, replace(options, history=()))
        return replace(read, inferred=(Inference("followup", whole, options.history[-1]), *read.inferred))

    def _judge(self, request: _Request, query: Query, found: SearchResult) -> _Judged:
        """Decide which sentences to print, and whether they answer the question."""
        hits, options = found.hits, request.options
        if not hits:
            filtered_out = self._searcher.filtered_out(query)
            return _Judged(query, nothing_found(options.filters, self._searcher.freshness(), filtered_out))
        assessed = self._answerability.assess(query, hits)
        spoken = self._speech.answer(query, hits) if query.speech else None
        if spoken:
            query = to_anyone(query) if spoken.to_anyone else query
            evidence = spoken.evidence
        else:
            evidence = [] if assessed.refused else self._evidence(query, found, assessed.wanted)
        given = self._given(request) if query.more and evidence else frozenset()
        left = [piece for piece in evidence if piece.text not in given]
        printed = select(arranged(query, left, self._settings.max_sentences), self._settings)
        also: list[PrintedSentence] = []
        if query.kind == "fact":
            printed, also = parted(read(query, printed, self._selector) if self._selector else printed)
        if evidence and not left:
            verdict = nothing_more()
        elif spoken:
            verdict = self._answerability.speech(query, assessed, spoken.verdict)
        else:
            verdict = self._answerability.verdict(query, assessed, hits, [one.lead for one in printed])
        return _Judged(query, verdict, left, printed, also, hits)

    def _evidence(self, query: Query, found: SearchResult, wanted: WantedWords) -> list[Evidence]:
        """The evidence for an answer, best first, from the one ranking of sentences."""
        if query.digest:
            dropped = any(one.relaxed for one in query.inferred)
            return [] if dropped else leads(self._searcher.stories(found.hits), query)
        ranked = answering(self._searcher.sentences(query, found, ARTICLES[query.kind]), query)
        if query.kind in ("fact", "speech"):
            return fact(ranked, found.terms, wanted, self._settings.max_sentences)
        return overview(ranked, wanted)

    def _given(self, request: _Request) -> frozenset[str]:
        """The sentences of the previous answer, which a request for others leaves out."""
        *before, last = request.options.history
        answer = self.ask(last, replace(request.options, without=(), history=before, model=False))
        return frozenset(sentence.text for sentence in answer.sentences)

    def _compose(self, judged: _Judged) -> Answer:
        """The answer in the archive's own sentences, or a plain statement that the archive does not say."""
        query, verdict = judged.query, judged.verdict
        sentences, citations = compose(judged.printed)
        sentences = labelled(query, sentences, citations, verdict.status == "supported")
        missed = near_misses(judged.hits) if verdict.status != "supported" else ()
        return Answer(
            question=query.question,
            answer=written(sentences) if sentences else f"{NOT_FOUND} {verdict.reason}",
            status=verdict.status,
            reason=" ".join(filter(None, (verdict.reason, relaxation(query)))),
            sentences=sentences,
            citations=citations,
            near_misses=missed,
            also=tuple(cite(one.lead.article, *one.lead.span, place) for place, one in enumerate(judged.also, start=1)),
            freshness=self._searcher.freshness(),
            filters=query.filters,
            kind=query.kind,
            query=query.question,
            as_of=query.as_of.isoformat(timespec="seconds"),
            inferred=query.inferred,
            confidence=round(verdict.confidence, 4),
        )


def _recent(history: Sequence[str]) -> tuple[str, ...]:
    """Return the latest questions of a conversation, within the limits on a follow-up's history."""
    left, kept = MAX_HISTORY_CHARACTERS, []
    for question in reversed(history[-MAX_HISTORY:]):
        left -= len(question)
        if left < 0:
            break
        kept.append(question)
    return tuple(reversed(kept))
