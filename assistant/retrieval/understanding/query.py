"""The meaning of a question: what understanding hands to retrieval and answering."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.types import AnswerKind, Filters, Inference, StoredArticle


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span of time.

    :ivar since: its first instant, with its zone; None if it is open at the beginning.
    :ivar until: the first instant after it; None if it is open at the end.
    """

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, timestamp: int) -> bool:
        """Return whether the interval contains an instant, in seconds since 1970."""
        after = self.since is None or self.since.timestamp() <= timestamp
        return after and (self.until is None or timestamp < self.until.timestamp())


@dataclass(frozen=True, slots=True)
class Query:
    """A question and what it was understood to mean.

    :ivar question: as it was asked; for a follow-up, as it was resolved.
    :ivar text: what is searched for: the question without the words that name a time or an outlet.
    :ivar as_of: the instant it is asked at, from which "yesterday" and recency are counted.
    :ivar filters: the user's filters; never relaxed.
    :ivar within: the time of publication that the question names; preferred, and dropped if it leaves nothing.
    :ivar outlets: the outlets that the question names; preferred in the same way.
    :ivar names: people, organisations and places that it names, as written.
    :ivar language: ISO 639-1 code of a language that the archive has; "" if unknown.
    :ivar recent: whether recency counts in a passage's favour: the question asks for news and names no other time.
    :ivar speech: whose words are asked for, if ``kind`` is "speech".
    :ivar event: the event that sets ``within`` ("since the earthquake"); "" if none does.
    :ivar more: whether it asks for more than the previous answer gave ("who else?").
    :ivar digest: whether it names a time and no topic ("What happened last week?"), so that whatever was published
        then answers it.
    :ivar variants: whether a speaker's words also count under other names and spellings than the one asked for.
    :ivar inferred: which of the above were inferred from the question.
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
        """Return whether an article was published in the time that the question names; True if it names none."""
        published = article.published
        return self.within is None or (published is not None and self.within.holds(published.timestamp))

    def of_outlets(self, article: StoredArticle) -> bool:
        """Return whether an article is from an outlet that the question names; True if it names none."""
        return not self.outlets or article.outlet in self.outlets

    def prefers(self, article: StoredArticle) -> bool:
        """Return whether an article is both from the time and from the outlets that the question names."""
        return self.in_time(article) and self.of_outlets(article)

    def preference(self, article: StoredArticle) -> tuple[bool, bool]:
        """Return a sort key: articles from the time that is named come first, and among them those from the outlets."""
        return not self.in_time(article), not self.of_outlets(article)
