"""Calibrates the refusal threshold on an archive, with questions made from its own sentences.

No questions have to be written. A probe is what somebody might remember of a sentence: most of its words, in order. The
archive can answer it; without the article and those that repeat the sentence, it cannot.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.answerability.confidence import RANKING, Signals, shipped
from assistant.errors import UsageError
from assistant.evaluation.statistics import auroc
from assistant.retrieval.analysis import terms
from assistant.sentences import sentences
from assistant.text import words
from assistant.types import StoredArticle

if TYPE_CHECKING:
    from assistant.archive import Archive
    from assistant.assistant import Assistant

FEWEST = 30
"""Minimum number of probes: with fewer, a share of a few per cent is meaningless."""

LOST = 0.04
"""Target share of answerable probes that are refused; for real questions the goal is at most 5 %."""

_REMEMBERED = 0.7
"""Share of a sentence's words that a probe keeps."""

_STRAY = 0.1
"""Words added to a probe from another sentence, as a share of the sentence's. With both, the passages found cover
probes about as well as real questions of 2022 (0.89 and 0.86 of their words on RealTimeQA)."""

_SHORTEST, _LONGEST = 8, 30
"""Length limits, in words, of the sentences used for probes."""

_REPEATS = 0.5
"""Minimum share of a sentence's words for another article to count as repeating it."""


@dataclass(frozen=True, slots=True)
class CalibrationQuestion:
    """A probe: a question made from a sentence of an article."""

    question: str
    article: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibrated threshold, and the conditions it is valid for.

    :ivar threshold: confidence below which an answer is refused.
    :ivar refused: share of probes refused without their article; ``answerable_refused``: with it.
    :ivar auroc: how well the confidence separates the two.
    :ivar model: fingerprint of the embedding model; ``weights``: digest of the signals' weights.
    :ivar date: the day of the calibration, ISO 8601.
    """

    threshold: float
    probes: int
    refused: float
    answerable_refused: float
    auroc: float
    model: str
    ranking: str
    weights: str
    date: str


def chosen(archive: Archive, count: int) -> list[StoredArticle]:
    """Return up to ``count`` articles of an archive, spread evenly over it in order of date."""
    total = archive.counts()["articles"]
    places = {place * total // count for place in range(count)} if total > count else set(range(total))
    return [article for place, article in enumerate(archive.articles(sort="oldest")) if place in places]


def make_probes(articles: Sequence[StoredArticle]) -> list[CalibrationQuestion]:
    """Return a probe for each article that has a suitable sentence; deterministic."""
    found = [(article, sentence) for article in articles if (sentence := _sentence(article))]
    probes = []
    for place, (article, sentence) in enumerate(found):
        other = next((s for a, s in found[place + 1 :] + found[:place] if a.language == article.language), sentence)
        question = _question(article.id, sentence, other)
        if terms(question, article.language):
            probes.append(CalibrationQuestion(question, article.id, sentence))
    return probes


def _sentence(article: StoredArticle) -> str:
    texts = [article.text[start:end] for start, end in sentences(article.text, article.language)]
    fit = [text for text in texts if _SHORTEST <= len(text.split()) <= _LONGEST and text[-1] in ".!؟。"]
    return _drawing(article.id).choice(fit) if fit else ""


def _question(seed: str, sentence: str, other: str) -> str:
    """Return most words of one sentence, in order, then a few of another's, as if misremembered."""
    drawn = _drawing(seed)
    said, stray = sentence.split(), other.split()
    kept = [said[place] for place in sorted(drawn.sample(range(len(said)), round(_REMEMBERED * len(said))))]
    kept += drawn.sample(stray, min(len(stray), round(_STRAY * len(said))))
    return " ".join(word.strip('“”"«».,;:()') for word in kept)


def _drawing(seed: str) -> random.Random:
    return random.Random(int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest()))


def repeating(assistant: Assistant, probe: CalibrationQuestion) -> frozenset[str]:
    """Return the ids of the probe's article and of articles found that repeat its sentence at least in part."""
    said = set(words(probe.sentence))
    same = {probe.article}
    for hit in assistant.search(probe.sentence, limit=50):
        article = hit.passage.article
        if len(said & set(words(f"{article.headline} {hit.passage.text}"))) >= _REPEATS * len(said):
            same.add(article.id)
    return frozenset(same)


def derive(
    assistant: Assistant, archive: Archive, date: str, count: int, progress: Callable[[int, int], None] | None = None
) -> Calibration:
    """Return the threshold at which a share ``LOST`` of an archive's answerable probes is refused.

    No probe is asked as of the day of its news, so recency favours none of them and older articles count equally.

    :param archive: the archive that ``assistant`` answers from.
    :param date: the day of the calibration.
    :param count: maximum number of articles to make probes from.
    :param progress: called with the number of probes done and the total.
    :raises UsageError: if the archive yields fewer than ``FEWEST`` probes.
    """
    articles = chosen(archive, count)
    probes = make_probes(articles)
    if len(probes) < FEWEST:
        raise UsageError(
            f"only {len(probes)} probes can be made of {len(articles):,} articles, and {FEWEST} are needed; "
            "the default threshold stays in force"
        )
    held, lacking = [], []
    for done, (with_it, without) in enumerate(_signals(assistant, probes), start=1):
        held.append(shipped().confidence(with_it))
        lacking.append(shipped().confidence(without))
        if progress:
            progress(done, len(probes))
    threshold = round(float(np.quantile(held, LOST)), 4)
    refused, lost = (sum(one < threshold for one in each) / len(each) for each in (lacking, held))
    return Calibration(
        threshold, len(probes), round(refused, 4), round(lost, 4), auroc(held, lacking) or 0.0,
        archive.model, RANKING, shipped().digest, date,
    )  # fmt: skip


def _signals(assistant: Assistant, probes: Sequence[CalibrationQuestion]) -> Iterator[tuple[Signals, Signals]]:
    for probe in probes:
        yield (
            assistant.searcher.signals(probe.question),
            assistant.searcher.signals(probe.question, leave_out=repeating(assistant, probe)),
        )
