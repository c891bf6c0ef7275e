"""Decide whether the archive answers a question, answers it in part or does not say, and give the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.evidence import Evidence, WantedWords
from assistant.answering.reading import reading_model
from assistant.retrieval.analysis import Term
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.types import Filters, Freshness, Hit, Inference, Status, StoredArticle

ALIKE = 0.62
"""Least cosine similarity at which a passage answers although its words are not the question's."""

COVERED = 0.55
"""Least weighted share of the question's words at which the best sentence answers."""

SOME = 0.2
"""Least such share, however similar the passage is."""

KEY = 0.25
"""Weighted share of the question from which the answer turns on a single word: “won” in “who won the cup?”."""

_NEAREST = 12
"""Number of closest passages searched for the names in a question that is refused."""

_UNDER = 0.999
"""Factor that keeps the confidence of a refusal below the threshold."""

HALF = 0.35
"""Least share at which a quote answers in part."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reason, a sentence for the reader.

    :ivar confidence: that the archive answers, in [0, 1]; below the threshold if and only if the status is not_found.
    """

    status: Status
    reason: str
    confidence: float = 0.0


def judge(wanted: WantedWords, printed: Sequence[Evidence]) -> Verdict:
    """Decide whether the sentences of an answer support it.

    :param printed: those sentences, at least one. Their headlines and the sentences around them count too, since they
        say who "he" is.
    """
    absent = _absent(wanted.terms, [(piece.article, piece.context) for piece in printed])
    if named := _named(wanted, absent):
        return Verdict("partial", f"What was found does not mention {_listed(named)}.")
    unseen = [t.word for t, seen in zip(wanted.terms, wanted.frequencies, strict=True) if not seen and t in absent]
    if unseen:
        return Verdict("partial", f"Nothing in the archive mentions {_listed(unseen)}; this comes closest.")
    least = KEY * sum(wanted.weights)
    unsaid = [t.word for t, weight in zip(wanted.terms, wanted.weights, strict=True) if weight >= least and t in absent]
    if unsaid:
        return Verdict(
            "partial",
            f"What was found does not say {_listed(unsaid)}; check the sources to see whether it answers this.",
        )
    covered = max(piece.covered for piece in printed)
    if covered < COVERED and (covered < SOME or max(piece.cosine for piece in printed) < ALIKE):
        return Verdict(
            "partial", "What was found touches on the question; check the sources to see whether it answers it."
        )
    read = [piece.answers for piece in printed if piece.answers is not None]
    if read and max(read) < reading_model().supported:
        return Verdict("partial", "What was found is on the subject; no sentence of it clearly answers the question.")
    return Verdict("supported", "Sentences in the archive answer this.")


def refused(wanted: WantedWords, hits: Sequence[Hit]) -> Verdict:
    """Return the verdict that nothing found is close enough; it lists the names that the closest passages lack.

    :param hits: closest first.
    """
    nearest = [hit.passage for hit in hits[:_NEAREST]]
    absent = _absent(wanted.terms, [(one.article, f"{one.article.headline}\n{one.text}") for one in nearest])
    if named := _named(wanted, absent):
        return Verdict("not_found", f"Nothing close to this question mentions {_listed(named)}.")
    return Verdict("not_found", "Nothing in the archive comes close to this question.")


def not_counted() -> Verdict:
    """Return the verdict on a question about how many articles the archive has on something."""
    return Verdict(
        "not_found", "No article says how much the archive has on something; a search lists the articles that it finds."
    )


def no_frequency() -> Verdict:
    """Return the verdict that none of the closest articles says how often something happened."""
    return Verdict("not_found", "No sentence found says how often; events are not counted across articles.")


def _named(wanted: WantedWords, absent: Sequence[Term]) -> list[str]:
    return [term.word for term in absent if term.word in wanted.capitalised]


def _absent(wanted: Sequence[Term], texts: Iterable[tuple[StoredArticle, str]]) -> list[Term]:
    """Return the words asked for that none of the texts has; each text comes with its article."""
    present: dict[str, set[str]] = {}
    for article, text in texts:
        present.setdefault(article.language, set()).update(roots(text, article.language))
    return [term for term in wanted if not any(term.among(has, language) for language, has in present.items())]


def weighed(verdict: Verdict, confidence: float, threshold: float, beyond: str) -> Verdict:
    """Return a verdict with its confidence, kept on the side of the threshold that matches its status.

    :param beyond: why the time asked about is not covered, to be added to a refusal; "" if it may be covered.
    """
    if verdict.status != "not_found":
        return replace(verdict, confidence=max(confidence, threshold))
    reason = f"{verdict.reason} {beyond}".strip()
    return Verdict("not_found", reason, min(confidence, _UNDER * threshold))


def not_covered(named: Inference | None, freshness: Freshness) -> str:
    """Return a sentence saying that the archive ends before the time that a question names; "" if it does not.

    :param named: that time; None if there is none.
    """
    if named is None:
        return ""
    return f"The question asks about {named.label}; the archive covers {freshness.first} to {freshness.last}."


def judge_speech(asked: SpeechQuestion, evidence: Sequence[Evidence]) -> Verdict:
    """Decide whether a speaker's words are on the topic asked about."""
    covered = max(piece.covered for piece in evidence)
    if not asked.topic or covered >= COVERED:
        to = f" as speaking to {asked.addressee}" if asked.addressee else ""
        return Verdict("supported", f"{evidence[0].speaker} is quoted{to}{_on(asked.topic)}.")
    if covered >= HALF:
        return Verdict(
            "partial",
            f"{evidence[0].speaker} is quoted on something similar; check the sources to see whether it is "
            f"{asked.topic}.",
        )
    return not_quoted(asked.speaker, asked.topic, known=True)


def nothing_found(filters: Filters, freshness: Freshness, filtered_out: bool) -> Verdict:
    """Return the verdict on a search that found nothing at all, with the likely cause.

    :param filtered_out: whether the same search finds passages without the filters.
    """
    if not freshness.articles:
        return Verdict("not_found", "The archive is empty.")
    since, until = filters.since, filters.until
    if (
        freshness.first
        and freshness.last
        and ((since and since.iso() > freshness.last) or (until and until.iso() <= freshness.first))
    ):
        return Verdict(
            "not_found",
            f"The dates asked for are outside the archive, which covers {freshness.first} to {freshness.last}.",
        )
    if filtered_out:
        return Verdict("not_found", "Nothing that matches the filters comes close; without them, some passages do.")
    return Verdict("not_found", "No passage in the archive matches this question.")


def not_quoted(speaker: str, topic: str, known: bool) -> Verdict:
    """Return the verdict that the archive does not have the speaker's words that were asked for."""
    if known:
        return Verdict(
            "not_found", f"{speaker} is named in this archive, but not quoted{_on(topic)} in the closest passages."
        )
    return Verdict("not_found", f"{speaker} is not quoted{_on(topic)} in the closest passages of this archive.")


def nothing_more() -> Verdict:
    """Return the verdict on a request for others ("who else?") when the answer before it gave them all."""
    return Verdict("not_found", "Nothing beyond the previous answer comes close to this question.")


def _on(topic: str) -> str:
    return f" on {topic}" if topic else ""


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
