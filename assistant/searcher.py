"""Searching an archive for passages, sentences, quotes and speakers; ``pipeline`` answers with what is found here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from assistant.answering.answerability.confidence import Signals
from assistant.answering.answerability.scoring import Answerability
from assistant.answering.speech.listing import Listing, Profile, QuoteLister, Wanted
from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.errors import BadFilter, NotFound, UsageError
from assistant.index import Indexes
from assistant.inferences import INFERENCES, InferenceName
from assistant.languages.detection import detect
from assistant.retrieval.near_duplicates import with_stories
from assistant.retrieval.ranking import ArticleWeights
from assistant.retrieval.retriever import Retriever, SearchResult
from assistant.retrieval.sentence_ranking import RankedSentence
from assistant.retrieval.sentence_scoring import SentenceScorer
from assistant.retrieval.term_counts import signatures_of
from assistant.retrieval.understanding.event_dates import Events
from assistant.retrieval.understanding.parse import understand
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.relaxation import narrowed, relaxed
from assistant.settings import Settings
from assistant.speakers.directory import SpeakerDirectory
from assistant.speakers.resolve import Speaker
from assistant.types import AskOptions, Filters, Freshness, Hit, Sort, StoredArticle

_TELLING = 5
"""Words from which a question's language is told from itself."""

_ARTICLES_OF_QUOTES = 200
"""Passages found for words that anybody may have said; the quotes of their articles are looked through."""


class Searcher:
    """Searches an archive. Safe to use from several threads; sees what other processes commit.

    :param speakers: who speaks in the archive.
    :param answerability: weighs words by how rare they are in it.
    :param weights: what the signals of an article are worth; None for those that ship.
    :param scorer: says how likely sentences hold the answer; None for the scorer that ships.
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
        self._events = Events(archive, indexes, self.zone)
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
        """Find passages: best first, or the matching ones by date.

        Sorted by date, one passage an article is given, the best of those that match; undated articles come last.

        :param limit: hits at most, from 1 to 1000.
        :param as_of: the instant it is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: when there is no query, or ``limit`` is out of range.
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
        """Find the sentences that most likely answer, best first, for a program that reads only so many words.

        The same ranking as ``search``; each hit is one sentence of an article instead of a whole passage.

        :param limit: excerpts at most, from 1 to 1000.
        :param as_of: the instant it is asked at; None means now. ``without``: inferences not to make.
        :raises UsageError: when there is no query, or ``limit`` is out of range.
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
        """List who said what: the newest first, or, with words to look for, those that have them first.

        :param text: words that the quotes are to have; "" for any.
        :param speaker: whose; "" for anybody's.
        :param limit: quotes at most, from 1 to 1000.
        :param variants: also under other names and spellings of the speaker than the one given.
        :raises UsageError: when ``limit`` is out of range.
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
        """Return the speakers whom ``name`` may mean, likeliest first; for "" those quoted most.

        :param limit: speakers at most, from 1 up.
        """
        found = self._speakers.find(name) if name.strip() else self._speakers.leading(limit)
        return found[:limit]

    def profile(self, name: str) -> Profile:
        """Return the speaker whom ``name`` means, with roles and the names that articles use.

        :raises NotFound: when nobody has that name.
        """
        found = self._speakers.find(name)
        if not found:
            raise NotFound(
                f"nobody called {name!r} is quoted in this archive; `ontherecord speakers list` shows who is"
            )
        return self._reader.profile(found[0])

    def signals(self, question: str, *, as_of: datetime | None = None, leave_out: Collection[str] = ()) -> Signals:
        """Return what indicates that the archive answers a question, as though some of its articles were not there.

        :param as_of: the instant it is asked at; None means now.
        :param leave_out: ids of those articles.
        """
        self.sync()
        question = checked(question, Filters())
        query, found = self.find(self.understand(question, AskOptions(as_of=as_of)))
        hits = [hit for hit in found.hits if hit.passage.article.id not in leave_out]
        return self._answerability.signals(query, hits)

    def freshness(self) -> Freshness:
        """Return which dates the archive covers and when it last took something in."""
        return self._archive.freshness()

    # --- the first steps of an answer ---------------------------------------------------------------------------

    def sync(self) -> None:
        """Catch up with what other processes have committed."""
        self._indexes.sync()

    def instant(self, as_of: datetime | None) -> datetime:
        """Return the instant that a question is asked at: now for None; without a zone, one in the archive's."""
        if as_of is None:
            return datetime.now(self.zone)
        return as_of if as_of.tzinfo else as_of.replace(tzinfo=self.zone)

    def understand(self, question: str, options: AskOptions = AskOptions()) -> Query:
        """Return what a question means, given the archive's outlets, languages and dates."""
        # A few words ("and in June?") do not tell their language; the question before them does.
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
        """Search; an inference that leaves nothing is dropped, and its words are searched for instead.

        A query that names a time and no topic is searched for among what was published then, as long as there is any.

        :param limit: hits at most; None means all that both indexes gave.
        :return: the query as it was searched for in the end, and what was found.
        """
        if query.digest and (found := self._retriever.search(narrowed(query), limit)).hits:
            return query, found
        if query.within and not self._archive.has(narrowed(replace(query, outlets=())).filters):
            query = relaxed(query, (), "time")  # no search would find anything of it
        found = self._retriever.search(query, limit)
        left = relaxed(query, [hit for hit in found.hits if query.in_time(hit.passage.article)], "time")
        left = relaxed(left, [hit for hit in found.hits if query.of_outlets(hit.passage.article)], "outlet")
        return (query, found) if left is query else (left, self._retriever.search(left, limit, found.matches))

    def sentences(self, query: Query, found: SearchResult, articles: int) -> list[RankedSentence]:
        """Return the sentences of the articles found, those that most likely hold the answer first.

        :param articles: how many articles are read.
        """
        return self._retriever.sentences(query, found, articles)

    def stories(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return hits with their stories: the articles among them that carry the same text."""
        return with_stories(hits, self._signatures)

    def filtered_out(self, query: Query) -> bool:
        """Tell whether the filters leave out passages that the same search would find without them."""
        return bool(query.filters) and bool(self._retriever.search(replace(query, filters=Filters()), limit=1).hits)

    def _language(self, question: str) -> str:
        """The language a question is in; "" where the archive has no article in what it looks like.

        A few words are taken to be in that language of the archive that they look like most.
        """
        languages = self._archive.languages()
        if len(languages) == 1:
            return languages[0]
        found = detect(question, languages if len(question.split()) < _TELLING else ())
        return found if found in languages else ""

    def close(self) -> None:
        """End the threads that search; the archive and its indexes stay open."""
        self._retriever.close()


def checked(text: str, filters: Filters) -> str:
    """Return a question as it is understood, its blanks made one each.

    :raises UsageError: when there is none.
    :raises BadFilter: when the filters contradict each other.
    """
    text = " ".join(text.split())
    if not text:
        raise UsageError("there is no question; write one, for example: ontherecord ask 'what did the mayor say?'")
    if filters.since and filters.until and filters.since.instant >= filters.until.instant:
        raise BadFilter(
            f"since {filters.since.iso()} is not before until {filters.until.iso()}: nothing could be found "
            "(until is exclusive; for one day, name the next as until)"
        )
    return text


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= 1000:
        raise UsageError(f"limit is {limit}; it must lie between 1 and 1000")


def _published(article: StoredArticle) -> int:
    return article.published.timestamp if article.published else 0
