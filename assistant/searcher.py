"""Search an archive for passages, sentences, quotes and speakers; ``pipeline`` makes answers from the results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from assistant.answering.answerability.confidence import Signals
from assistant.answering.answerability.scoring import Answerability
from assistant.answering.speech.listing import Listing, QuoteLister, SpeakerProfile, Wanted
from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.errors import BadFilter, NotFound, UsageError
from assistant.index import Indexes
from assistant.inferences import INFERENCES, InferenceName
from assistant.languages.detection import detect
from assistant.retrieval.near_duplicate_articles import with_stories
from assistant.retrieval.ranking import ArticleWeights
from assistant.retrieval.retriever import Retriever, SearchResult
from assistant.retrieval.sentence_ranking import RankedSentence
from assistant.retrieval.sentence_scoring import SentenceScorer
from assistant.retrieval.term_counts import signatures_of
from assistant.retrieval.understanding.event_dates import EventDater
from assistant.retrieval.understanding.parse import understand
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.relaxation import narrowed, relaxed
from assistant.settings import Settings
from assistant.speakers.directory import SpeakerDirectory
from assistant.speakers.resolve import Speaker
from assistant.types import AskOptions, Filters, Freshness, Hit, Sort, StoredArticle

_TELLING = 5
"""Least words of a question from which its language is detected."""

_ARTICLES_OF_QUOTES = 200
"""Passages searched for if words but no speaker are given; the quotes in their articles are then compared."""


class Searcher:
    """Searches an archive. Safe to use from several threads; sees what other processes commit.

    :param speakers: the speakers in the archive.
    :param answerability: weighs words by their rarity in the archive.
    :param weights: the weights of an article's signals; None for the defaults.
    :param scorer: scores how likely sentences are to have the answer; None for the default scorer.
    :ivar zone: the time zone in which days begin and end.
    """

    def __init__(
        self,
        archive: Archive,
        indexes: Indexes,
        embedder: Embedder,
        settings: Settings,
        speakers: SpeakerDirectory,
        answerability: Answerability,
        weights: ArticleWeights | None = None,
        scorer: SentenceScorer | None = None,
    ) -> None:
        self.zone = ZoneInfo(settings.ingest.time_zone)
        self._archive = archive
        self._indexes = indexes
        self._settings = settings.retrieval
        self._speakers = speakers
        self._answerability = answerability
        self._signatures = partial(signatures_of, archive)
        self._retriever = Retriever(archive, indexes, embedder, settings.retrieval, weights, scorer)
        self._events = EventDater(archive, indexes, self.zone)
        self._reader = QuoteLister(archive, speakers, answerability.weights)

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
        query = checked(query, filters)
        _check_limit(limit)
        self.sync()
        understood = self.understand(query, AskOptions(filters=filters, as_of=as_of, without=without))
        wanted = limit if sort == "relevance" else max(limit, self._settings.top_k)
        hits = self.find(understood, wanted)[1].hits
        if sort == "relevance":
            return self.stories(hits)
        matching = [hit for hit in hits if hit.lexical is not None] or list(hits)
        newest = sort == "newest"
        best = {hit.passage.article.key: hit for hit in reversed(matching)}.values()
        dated = [hit for hit in best if hit.passage.article.published]
        dated.sort(key=lambda hit: _published(hit.passage.article), reverse=newest)
        undated = [hit for hit in best if not hit.passage.article.published]
        return self.stories((dated + undated)[:limit])

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
        query = checked(query, filters)
        _check_limit(limit)
        self.sync()
        understood = self.understand(query, AskOptions(filters=filters, as_of=as_of, without=without))
        return list(self._retriever.excerpts(*self.find(understood), limit))

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
        _check_limit(limit)
        self.sync()
        text, speaker = " ".join(text.split()), " ".join(speaker.split())
        hits: Sequence[Hit] = ()
        if text and not speaker:
            query = self.understand(text, AskOptions(filters=filters, without=INFERENCES))
            hits = self._retriever.search(query, _ARTICLES_OF_QUOTES).hits
        return self._reader.quotes(text, speaker, filters, kind, limit, hits, variants)

    def speakers(self, name: str = "", *, limit: int = 50) -> list[Speaker]:
        """Return the speakers that ``name`` may refer to, likeliest first; for "", the most quoted ones.

        :param limit: maximum number of speakers, from 1.
        """
        found = self._speakers.find(name) if name.strip() else self._speakers.leading(limit)
        return found[:limit]

    def profile(self, name: str) -> SpeakerProfile:
        """Return the speaker that ``name`` refers to, with roles and the names that articles use.

        :raises NotFound: if nobody has that name.
        """
        found = self._speakers.find(name)
        if not found:
            raise NotFound(f"nobody named {name!r} is quoted in this archive; `ontherecord speakers list` shows who is")
        return self._reader.profile(found[0])

    def signals(self, question: str, *, as_of: datetime | None = None, leave_out: Collection[str] = ()) -> Signals:
        """Return the signals that the archive answers a question, optionally as if it lacked some of its articles.

        :param as_of: the instant the question is asked at; None means now.
        :param leave_out: ids of the articles to leave out.
        """
        self.sync()
        question = checked(question, Filters())
        query, found = self.find(self.understand(question, AskOptions(as_of=as_of)))
        hits = [hit for hit in found.hits if hit.passage.article.id not in leave_out]
        return self._answerability.signals(query, hits)

    def freshness(self) -> Freshness:
        """Return the dates that the archive covers and when it was last added to."""
        return self._archive.freshness()

    # --- the first steps of an answer ---------------------------------------------------------------------------

    def sync(self) -> None:
        """Catch up with what other processes have committed."""
        self._indexes.sync()

    def instant(self, as_of: datetime | None) -> datetime:
        """Return the instant that a question is asked at: now for None; a time without a zone is in the archive's."""
        if as_of is None:
            return datetime.now(self.zone)
        return as_of if as_of.tzinfo else as_of.replace(tzinfo=self.zone)

    def understand(self, question: str, options: AskOptions = AskOptions()) -> Query:
        """Return what a question means, given the archive's outlets, languages and dates."""
        # A few words ("and in June?") are too short to detect a language from; the question before them is used.
        brief = options.history and len(question.split()) < _TELLING
        return understand(
            question,
            self.instant(options.as_of),
            options.filters,
            language=self._language(options.history[-1] if brief else question),
            outlets=self._archive.outlets(),
            without=options.without,
            history=options.history,
            dated=self._events,
        )

    def find(self, query: Query, limit: int | None = None) -> tuple[Query, SearchResult]:
        """Search. An inference that leaves no results is dropped, and its words are searched for instead.

        A query that names a time and no topic is restricted to what was published then, unless nothing was.

        :param limit: maximum number of hits; None means all that both indexes returned.
        :return: the query as it was finally searched for, and the result.
        """
        if query.digest and (found := self._retriever.search(narrowed(query), limit)).hits:
            return query, found
        if query.within and not self._archive.any_matching(narrowed(replace(query, outlets=())).filters):
            query = relaxed(query, (), "time")  # nothing was published then
        found = self._retriever.search(query, limit)
        left = relaxed(query, [hit for hit in found.hits if query.in_time(hit.passage.article)], "time")
        left = relaxed(left, [hit for hit in found.hits if query.of_outlets(hit.passage.article)], "outlet")
        return (query, found) if left is query else (left, self._retriever.search(left, limit, found.matches))

    def sentences(self, query: Query, found: SearchResult, articles: int) -> list[RankedSentence]:
        """Return the sentences of the articles found, the likeliest to have the answer first.

        :param articles: number of articles to read.
        """
        return self._retriever.sentences(query, found, articles)

    def stories(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return hits with their stories: the articles among the hits that carry the same text."""
        return with_stories(hits, self._signatures)

    def filtered_out(self, query: Query) -> bool:
        """Return whether the same search would find passages without the filters."""
        return bool(query.filters) and bool(self._retriever.search(replace(query, filters=Filters()), limit=1).hits)

    def _language(self, question: str) -> str:
        """The language of a question; "" if the archive has no article in it.

        For a few words, the likeliest of the archive's languages.
        """
        languages = self._archive.languages()
        if len(languages) == 1:
            return languages[0]
        found = detect(question, languages if len(question.split()) < _TELLING else ())
        return found if found in languages else ""

    def close(self) -> None:
        """Stop the search threads; the archive and its indexes stay open."""
        self._retriever.close()


def checked(text: str, filters: Filters) -> str:
    """Return a question with its whitespace normalized.

    :raises UsageError: if it is empty.
    :raises BadFilter: if the filters contradict each other.
    """
    text = " ".join(text.split())
    if not text:
        raise UsageError("there is no question; write one, for example: ontherecord ask 'what did the mayor say?'")
    if filters.since and filters.until and filters.since.instant >= filters.until.instant:
        raise BadFilter(
            f"since {filters.since.iso()} is not before until {filters.until.iso()}, so that nothing could be found "
            "(until is exclusive; for a single day, set until to the next)"
        )
    return text


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= 1000:
        raise UsageError(f"limit is {limit}; it must be between 1 and 1000")


def _published(article: StoredArticle) -> int:
    return article.published.timestamp if article.published else 0
