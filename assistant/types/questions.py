"""What is asked, within which limits, and what is inferred from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from assistant.dates import parse_date
from assistant.errors import UsageError
from assistant.inferences import InferenceName, ShownInference, inference_names
from assistant.outgoing import Outgoing, When

Sort = Literal["relevance", "newest", "oldest"]
AnswerKind = Literal["fact", "speech", "timeline", "summary", "comparison", "yesno"]

MAX_HISTORY = 20
"""Most earlier questions of a conversation that a follow-up is resolved against."""
MAX_HISTORY_CHARACTERS = 8_000
"""Most characters in all of them together."""


def _listed(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return the values as a tuple; reject a single string."""
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of strings, not a single string: {values!r:.100}")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Filters(Outgoing):
    """What a search is restricted to. Empty means no restriction; several values mean any of them."""

    since: Annotated[
        When | None,
        Field(description="Earliest published day or instant, inclusive. An undated article passes no date filter."),
    ] = None
    until: Annotated[When | None, Field(description="Latest published day or instant, exclusive.")] = None
    outlets: Annotated[tuple[str, ...], Field(description="Outlets, compared without regard to case.")] = ()
    authors: Annotated[
        tuple[str, ...], Field(description="Names; a byline passes if it contains one, without regard to case.")
    ] = ()
    sections: Annotated[tuple[str, ...], Field(description="Sections, compared without regard to case.")] = ()
    languages: Annotated[tuple[str, ...], Field(description="ISO 639-1 codes.")] = ()

    @classmethod
    def of(
        cls,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        outlets: Iterable[str] = (),
        authors: Iterable[str] = (),
        sections: Iterable[str] = (),
        languages: Iterable[str] = (),
    ) -> Self:
        """Return filters, reading dates as people write them; "" and None mean no restriction.

        :param since: 2023, 2023-05, 2023-05-12, 2023-05-12T15:56:15Z, or any other common form; ``until`` likewise.
        :param languages: ISO 639-1 codes, in either case.
        :raises BadFilter: if a date cannot be read.
        :raises UsageError: if a string is given instead of a list.
        """
        first, last = (parse_date(given) if given else None for given in (since, until))
        codes = tuple(code.strip().lower() for code in _listed("languages", languages))
        listed = (_listed("outlets", outlets), _listed("authors", authors), _listed("sections", sections))
        return cls(first, last, *listed, codes)

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.outlets, self.authors, self.sections, self.languages))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """Options for asking a question.

    :ivar filters: restrictions on the search; never relaxed.
    :ivar as_of: the instant it is asked at, which "yesterday" is relative to; None means now. Without a zone, it is in
        the archive's. It hides nothing: articles published later are found, too.
    :ivar without: inferences that must not be made from the question.
    :ivar history: the earlier questions of the conversation, oldest first, as asked or as in ``Answer.query``. What a
        follow-up leaves out ("and in June?") is taken from the last ``MAX_HISTORY``, as far as they have
        ``MAX_HISTORY_CHARACTERS`` together.
    :ivar model: whether the language model, if one is configured, may write the answer.
    """

    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    without: Sequence[InferenceName] = ()
    history: Sequence[str] = ()
    model: bool = True

    def __post_init__(self) -> None:
        """Store both lists as tuples.

        :raises UsageError: if there is no such inference, or a string is given instead of a list.
        """
        object.__setattr__(self, "without", inference_names(_listed("without", self.without)))
        object.__setattr__(self, "history", _listed("history", self.history))


@dataclass(frozen=True, slots=True)
class Inference(Outgoing):
    """Something inferred from a question, shown as a chip that can be changed or removed."""

    name: Annotated[ShownInference, Field(description="What it is.")]
    label: Annotated[str, Field(description='For people: "May 2023", "BBC".')]
    value: Annotated[
        str, Field(description='For programs; a time is a half-open ISO 8601 interval, ".." where it has no end.')
    ]
    span: Annotated[
        tuple[int, int] | None, Field(description="Characters of `query` that say it, start and end; null if none do.")
    ] = None
    relaxed: Annotated[bool, Field(description="It left nothing to find, and was dropped.")] = False
