"""The final check on every answer: quoted words appear in the cited article, or do not go out.

Whether an answer was made by rules or by a model, what its sentences have in quotation marks must appear, character for
character, in every article cited for it, and must be the words of the speaker it is attributed to. White space and the
shapes of quotation marks, dashes and ellipses do not count; everything else does. Anything that cannot be shown to hold
counts as not holding.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.checks.speaker_spans import Spoken, belongs
from assistant.answering.checks.verifier import Verifier
from assistant.answering.quoted_spans import occurrences, quotations
from assistant.archive import Archive
from assistant.errors import ArticleDamaged, NotFound
from assistant.types import Answer, Citation, Sentence, StoredArticle

log = logging.getLogger(__name__)

Lookup = Callable[[str, int], StoredArticle | None]
"""Returns the article with an id and version; None if there is none."""

__all__ = ["FinalCheck", "Lookup", "Spoken", "Verifier", "Withheld", "faults_of", "verified"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that was withheld, and why."""

    sentence: Sentence
    reason: str


class FinalCheck:
    """Checks answers, and single sentences, against an archive.

    :param spoken: returns what an article attributes to a speaker, and to others.
    """

    def __init__(self, archive: Archive, spoken: Spoken) -> None:
        self._archive = archive
        self._spoken = spoken

    def verified(self, answer: Answer) -> Answer:
        """Return the answer without the sentences and citations that fail the check; log each reason."""
        kept, withheld = verified(answer, self._lookup(), self._spoken)
        for one in withheld:
            log.info("withheld from the answer to %r: %s", answer.question, one.reason)
        return kept

    def holding(self, sentence: Sentence, citations: Sequence[Citation]) -> tuple[int, ...]:
        """Return the markers of the citations for which a sentence passes this check."""
        known = {citation.marker: citation for citation in citations}
        faults = faults_of(sentence, known, self._lookup(), self._spoken)
        return tuple(marker for marker, fault in faults.items() if not fault)

    def _lookup(self) -> Lookup:
        """Return a lookup that reads each article once per check."""
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

    An answer that loses all its sentences becomes "the archive does not say".

    :param article: looks an article up by its id and version.
    :param spoken: returns what an article attributes to a speaker, and to others; used for sentences with a speaker.
    """
    answer = replace(answer, also=_standing(answer.also, article))
    known = {citation.marker: citation for citation in answer.citations}
    kept: list[Sentence] = []
    withheld: list[Withheld] = []
    for sentence in answer.sentences:
        faults = faults_of(sentence, known, article, spoken)
        holding = tuple(marker for marker, fault in faults.items() if not fault)
        if not sentence.supported:
            kept.append(replace(sentence, citations=()))  # shown struck out: it claims nothing
            continue
        if holding:
            kept.append(replace(sentence, citations=holding))
        else:
            reason = next(iter(faults.values()), "") or "no article is cited for it"
            withheld.append(Withheld(sentence, reason))
    if not withheld and all(a.citations == b.citations for a, b in zip(kept, answer.sentences, strict=True)):
        return answer, ()
    return _rebuilt(answer, kept), tuple(withheld)


def _standing(citations: Sequence[Citation], article: Lookup) -> tuple[Citation, ...]:
    """The citations beside an answer whose words stand where they say, numbered from 1."""
    standing = [one for one in citations if _stands(one, article(one.article_id, one.version))]
    return tuple(replace(one, marker=place) for place, one in enumerate(standing, start=1))


def _stands(citation: Citation, stored: StoredArticle | None) -> bool:
    words = citation.text
    return stored is not None and bool(words) and stored.text[citation.start : citation.end] == words


def faults_of(sentence: Sentence, known: Mapping[int, Citation], article: Lookup, spoken: Spoken) -> dict[int, str]:
    """Return, for each marker of a sentence, why it fails with that citation; "" if it passes."""
    return {marker: _fault(sentence, known.get(marker), article, spoken) for marker in sentence.citations}


def _rebuilt(answer: Answer, kept: Sequence[Sentence]) -> Answer:
    """The answer with only these sentences, its citations renumbered."""
    from assistant.answering.citations import written
    from assistant.prompts import NOT_FOUND

    if not any(sentence.supported for sentence in kept):
        reason = "What was found could not be verified word for word in the articles it came from."
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
    """Say why a sentence fails with this citation; "" if it passes."""
    if citation is None:
        return "it cites an article that does not exist"
    stored = article(citation.article_id, citation.version)
    if stored is None or not _stands(citation, stored):
        return f"the words cited from {citation.article_id!r} are not there"
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
            return f"“{words.strip()}” is not in {citation.article_id!r}"
        if given is not None and not belongs(words, places, *given):
            return f"“{words.strip()}” is not attributed to {sentence.speaker} in {citation.article_id!r}"
    return ""
