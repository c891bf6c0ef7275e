"""Whether the archive answers a question, answers it in part, or does not say: and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.evidence import Evidence, WantedWords
from assistant.retrieval.analysis import Term
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.types import Filters, Freshness, Hit, Inference, Status, StoredArticle

ALIKE = 0.62
"""Cosine from which a passage answers though its words are others."""

COVERED = 0.55
"""Weighted share of the question's words from which the best sentence answers."""

SOME = 0.2
"""The share it must have however near the passage is."""

KEY = 0.25
"""Weighted share of the question that a single word is, for the answer to turn on it: “won” of “who won the cup?”."""

_NEAREST = 12
"""Passages that a refusal speaks of."""

_UNDER = 0.999
HALF = 0.35
"""The share from which it answers in part."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reason, a sentence for the reader.

    :ivar confidence: that the archive answers, in [0, 1]; under the threshold exactly where the status is not_found.
    """

    status: Status
    reason: str
    confidence: float = 0.0


def judge(wanted: WantedWords, printed: Sequence[Evidence]) -> Verdict:
    """Decide what the sentences of an answer support.

    :param printed: those sentences, at least one. They are taken with their headlines and the sentences beside them,
        which say who "he" is.
    """
    absent = _absent(wanted.terms, [(piece.article, piece.context) for piece in printed])
    if named := _named(wanted, absent):
        return Verdict("partial", f"What was found does not speak of {_listed(named)}.")
    unseen = [t.word for t, seen in zip(wanted.terms, wanted.frequencies, strict=True) if not seen and t in absent]
    if unseen:
        return Verdict("partial", f"Nothing in the archive speaks of {_listed(unseen)}; this is what comes near.")
    least = KEY * sum(wanted.weights)
    unsaid = [t.word for t, weight in zip(wanted.terms, wanted.weights, strict=True) if weight >= least and t in absent]
    if unsaid:
        return Verdict(
            "partial", f"What was found does not say {_listed(unsaid)}; whether it answers, judge by the sources."
        )
    covered = max(piece.covered for piece in printed)
    if covered >= COVERED or (covered >= SOME and max(piece.cosine for piece in printed) >= ALIKE):
        return Verdict("supported", "Sentences of the archive answer this.")
    return Verdict("partial", "What was found touches on the question; whether it answers it, judge by the sources.")


def refused(wanted: WantedWords, hits: Sequence[Hit]) -> Verdict:
    """Say that nothing found comes near enough; of names, which are in none of the nearest passages.

    :param hits: nearest first.
    """
    nearest = [hit.passage for hit in hits[:_NEAREST]]
    absent = _absent(wanted.terms, [(one.article, f"{one.article.headline}\n{one.text}") for one in nearest])
    if named := _named(wanted, absent):
        return Verdict("not_found", f"Nothing that comes near this question speaks of {_listed(named)}.")
    return Verdict("not_found", "Nothing in the archive comes near this question.")


def _named(wanted: WantedWords, absent: Sequence[Term]) -> list[str]:
    return [term.word for term in absent if term.word in wanted.capitalised]


def _absent(wanted: Sequence[Term], texts: Iterable[tuple[StoredArticle, str]]) -> list[Term]:
    """Return the words asked for that none of the texts has, each given with its article."""
    present: dict[str, set[str]] = {}
    for article, text in texts:
        present.setdefault(article.language, set()).update(roots(text, article.language))
    return [term for term in wanted if not any(term.among(has, language) for language, has in present.items())]


def weighed(verdict: Verdict, confidence: float, threshold: float, beyond: str) -> Verdict:
    """Return a verdict with its confidence, on the side of the threshold that its status says.

    :param beyond: why the time asked about is not covered; "" where it may be. A refusal says it.
    """
    if verdict.status != "not_found":
        return replace(verdict, confidence=max(confidence, threshold))
    reason = f"{verdict.reason} {beyond}".strip()
    return Verdict("not_found", reason, min(confidence, _UNDER * threshold))


def not_covered(named: Inference | None, freshness: Freshness) -> str:
    """Say that the archive ends before the time that a question names; "" where it does not.

    :param named: that time; None where there is none.
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
            f"{evidence[0].speaker} is quoted on something near it; whether it is {asked.topic}, judge by the sources.",
        )
    return not_quoted(asked.speaker, asked.topic, known=True)


def nothing_found(filters: Filters, freshness: Freshness, filtered_out: bool) -> Verdict:
    """Say why a search came back with nothing at all.

    :param filtered_out: the same search without the filters finds passages.
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
            f"The dates asked for lie outside the archive, which covers {freshness.first} to {freshness.last}.",
        )
    if filtered_out:
        return Verdict("not_found", "The filters leave nothing; without them there are passages that come near.")
    return Verdict("not_found", "No passage of the archive has anything of this question.")


def not_quoted(speaker: str, topic: str, known: bool) -> Verdict:
    """Say that a speaker's words were asked for and are not there."""
    if known:
        return Verdict(
            "not_found", f"{speaker} is named in this archive, but not quoted{_on(topic)} in what comes nearest."
        )
    return Verdict("not_found", f"{speaker} is not quoted{_on(topic)} in what comes nearest in this archive.")


def nothing_more() -> Verdict:
    """Say that who asks for others ("who else?") has been given everything."""
    return Verdict("not_found", "Nothing more than what was answered before comes near this question.")


def _on(topic: str) -> str:
    return f" on {topic}" if topic else ""


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
