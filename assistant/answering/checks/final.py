"""The last thing before an answer leaves: words in quotation marks stand where they are said to stand, or stay out.

However an answer was made, by rules or by a model: what stands in quotation marks in one of its sentences stands,
character for character, in every article that is cited for it, and is the words of whom it is given to. White space
and the shapes of marks, dashes and points of omission do not count; everything else does. Whatever cannot be
shown to hold counts as not holding.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.checks.attributions import Spoken, belongs
from assistant.answering.checks.verifier import Verifier
from assistant.answering.quoted_spans import occurrences, quotations
from assistant.archive import Archive
from assistant.errors import ArticleDamaged, NotFound
from assistant.types import Answer, Citation, Sentence, StoredArticle

log = logging.getLogger(__name__)

Lookup = Callable[[str, int], StoredArticle | None]
"""The article of an id and version; None when there is none."""

__all__ = ["FinalCheck", "Lookup", "Spoken", "Verifier", "Withheld", "faults_of", "verified"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that does not go out, and why."""

    sentence: Sentence
    reason: str


class FinalCheck:
    """Checks answers, and single sentences, against an archive.

    :param spoken: tells what an article gives to a speaker, and to others.
    """

    def __init__(self, archive: Archive, spoken: Spoken) -> None:
        self._archive = archive
        self._spoken = spoken

    def verified(self, answer: Answer) -> Answer:
        """Return the answer without what cannot be shown to stand where it is said to stand; the log says why."""
        kept, withheld = verified(answer, self._lookup(), self._spoken)
        for one in withheld:
            log.info("withheld from the answer to %r: %s", answer.question, one.reason)
        return kept

    def holding(self, sentence: Sentence, citations: Sequence[Citation]) -> tuple[int, ...]:
        """Return the markers of the citations with which a sentence passes this check."""
        known = {citation.marker: citation for citation in citations}
        faults = faults_of(sentence, known, self._lookup(), self._spoken)
        return tuple(marker for marker, fault in faults.items() if not fault)

    def _lookup(self) -> Lookup:
        """What looks articles up for one check, each once."""
        articles: dict[tuple[str, int], StoredArticle | None] = {}

        def article(article_id: str, version: int) -> StoredArticle | None:
            key = (article_id, version)
            if key not in articles:
                try:
                    articles[key] = self._archive.article(article_id, version)
                except (NotFound, ArticleDamaged):
                    articles[key] = None
            return articles[key]

        return article


def verified(answer: Answer, article: Lookup, spoken: Spoken) -> tuple[Answer, tuple[Withheld, ...]]:
    """Return the answer without the sentences, and citations of sentences, that do not hold.

    An answer that loses all its sentences becomes one that the archive does not say.

    :param article: looks an article up by its id and version.
    :param spoken: tells what an article gives to a speaker, and to others; asked only for sentences with a speaker.
    """
    known = {citation.marker: citation for citation in answer.citations}
    kept: list[Sentence] = []
    withheld: list[Withheld] = []
    for sentence in answer.sentences:
        faults = faults_of(sentence, known, article, spoken)
        holding = tuple(marker for marker, fault in faults.items() if not fault)
        if not sentence.supported:
            kept.append(replace(sentence, citations=()))  # shown struck: nothing is claimed by it
            continue
        if holding:
            kept.append(replace(sentence, citations=holding))
        else:
            reason = next(iter(faults.values()), "") or "no article is cited for it"
            withheld.append(Withheld(sentence, reason))
    if not withheld and all(a.citations == b.citations for a, b in zip(kept, answer.sentences, strict=True)):
        return answer, ()
    return _rebuilt(answer, kept), tuple(withheld)


def faults_of(sentence: Sentence, known: Mapping[int, Citation], article: Lookup, spoken: Spoken) -> dict[int, str]:
    """Return, for each marker of a sentence, why it must not go out with that citation; "" where it may."""
    return {marker: _fault(sentence, known.get(marker), article, spoken) for marker in sentence.citations}


def _rebuilt(answer: Answer, kept: Sequence[Sentence]) -> Answer:
    """The answer with these sentences only, its citations numbered anew."""
    from assistant.answering.citations import written
    from assistant.prompts import NOT_FOUND

    if not any(sentence.supported for sentence in kept):
        reason = "What was found could not be shown to stand word for word in the articles it came from."
        return replace(
            answer, answer=f"{NOT_FOUND} {reason}", status="not_found", reason=reason, sentences=(), citations=()
        )
    used = sorted({marker for sentence in kept for marker in sentence.citations})
    number = {marker: place for place, marker in enumerate(used, start=1)}
    known = {citation.marker: citation for citation in answer.citations}
    citations = tuple(replace(known[marker], marker=number[marker]) for marker in used)
    sentences = tuple(replace(s, citations=tuple(number[marker] for marker in s.citations)) for s in kept)
    return replace(answer, answer=written(sentences), sentences=sentences, citations=citations)


def _fault(sentence: Sentence, citation: Citation | None, article: Lookup, spoken: Spoken) -> str:
    """Say why a sentence must not go out with this citation; "" when it may."""
    if citation is None:
        return "it cites what is not there"
    stored = article(citation.article_id, citation.version)
    if stored is None or stored.text[citation.start : citation.end] != citation.text or not citation.text:
        return f"the words cited from {citation.article_id!r} do not stand there"
    quoted = quotations(sentence.text)
    if not quoted:
        return ""
    verbatim = sentence.text == citation.text
    given = spoken(stored, sentence.speaker) if sentence.speaker else None
    for start, end in quoted:
        places = (
            [(citation.start + start, citation.start + end)]
            if verbatim
            else list(occurrences(sentence.text[start:end], stored.text))
        )
        words = sentence.text[start:end]
        if not places:
            return f"“{words.strip()}” does not stand in {citation.article_id!r}"
        if given is not None and not belongs(words, places, *given):
            return f"“{words.strip()}” is not given to {sentence.speaker} in {citation.article_id!r}"
    return ""
