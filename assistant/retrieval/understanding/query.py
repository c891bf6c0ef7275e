"""What a question is understood to mean: the seam between understanding, retrieval and answering."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.types import AnswerKind, Filters, Inference, StoredArticle


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span of time.

    :ivar since: its first instant, with its zone; None when it has no beginning.
    :ivar until: the first instant after it; None when it has no end.
    """

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, timestamp: int) -> bool:
        """Tell whether an instant, in seconds since 1970, lies in it."""
        after = self.since is None or self.since.timestamp() <= timestamp
        return after and (self.until is None or timestamp < self.until.timestamp())


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    :ivar question: as it was asked, or, for a follow-up, as it was resolved.
    :ivar text: what is searched for: the question without the words that name a time or an outlet.
    :ivar as_of: the instant it is asked at; "yesterday" and recency are reckoned from it.
    :ivar filters: what the asker restricts the search to; never relaxed.
    :ivar within: time that the question names of what was published; preferred, and relaxed where it leaves nothing.
    :ivar outlets: outlets that the question names; preferred likewise.
    :ivar names: people, organisations and places that it names, as written.
    :ivar language: ISO 639-1 code of a language the archive has; "" when unknown.
    :ivar recent: recency before ``as_of`` speaks for a passage: the question asks for news and names no other time.
    :ivar speech: whose words are asked for, when ``kind`` is "speech".
    :ivar event: what happened, where ``within`` is named by that ("since the earthquake"); "" elsewhere.
    :ivar more: it asks for others than those that the question before got ("who else?").
    :ivar digest: it names a time and no topic ("What happened last week?"): whatever was published then is meant.
    :ivar variants: a speaker's words count under other names and spellings than the one asked for.
    :ivar inferred: everything above that was read out of the question.
    """

    question: str
    text: str
    as_of: datetime
    kind: AnswerKind = "fact"
    filters: Filters = field(default_factory=Filters)
    within: Interval | None = None
    outlets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    language: str = ""
    recent: bool = True
    speech: SpeechQuestion | None = None
    variants: bool = True
    inferred: tuple[Inference, ...] = ()
    more: bool = False
    digest: bool = False
    event: str = ""

    def in_time(self, article: StoredArticle) -> bool:
        """Tell whether an article was published in the time that is named; any was, where none is."""
        published = article.published
        return self.within is None or (published is not None and self.within.holds(published.timestamp))

    def of_outlets(self, article: StoredArticle) -> bool:
        """Tell whether an article is from an outlet that is named; any is, where none is."""
        return not self.outlets or article.outlet in self.outlets

    def prefers(self, article: StoredArticle) -> bool:
        """Tell whether an article is both of the time and from the outlets that are named."""
        return self.in_time(article) and self.of_outlets(article)

    def preference(self, article: StoredArticle) -> tuple[bool, bool]:
        """Return what sorts articles of the time that is named to the front, and among them those of the outlets."""
        return not self.in_time(article), not self.of_outlets(article)
