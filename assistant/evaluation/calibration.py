"""The threshold of refusal, derived from an archive itself: questions made of its own sentences, with and without them.

Nobody has to write questions. A probe is what somebody might remember of a sentence: most of its words, in order. The
archive answers it; with the article, and what repeats it, left out, it does not.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
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
"""Probes under which a share of a few per cent says nothing."""

LOST = 0.04
"""Share of the answerable probes that are refused; of real questions, at most 5 % are to be."""

_REMEMBERED = 0.7
"""Share of a sentence's words that a probe has."""

_STRAY = 0.1
"""Words of another sentence that it has as well, as a share of the sentence's. With both, probes are about as covered
by the passages found as real questions of 2022 are (0.89 and 0.86 of their words on RealTimeQA)."""

_SHORTEST, _LONGEST = 8, 30
"""Words of a sentence that a probe is made of."""

_REPEATS = 0.5
"""Share of a sentence's words from which another article repeats it."""


@dataclass(frozen=True, slots=True)
class CalibrationQuestion:
    """A question made of a sentence of an article."""

    question: str
    article: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found, and what it holds for.

    :ivar threshold: confidence under which the archive does not say.
    :ivar refused: share of the probes refused, their article left out; ``answerable_refused`` with it there.
    :ivar auroc: how well the confidence tells both apart.
    :ivar model: fingerprint of the embedding model; ``weights`` digest of the signals' weights.
    :ivar date: the day, ISO 8601.
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
    """Return up to ``count`` articles of an archive, evenly over their dates."""
    total = archive.counts()["articles"]
    places = {place * total // count for place in range(count)} if total > count else set(range(total))
    return [article for place, article in enumerate(archive.articles(sort="oldest")) if place in places]


def make_probes(articles: Sequence[StoredArticle]) -> list[CalibrationQuestion]:
    """Return a probe of each article that has a sentence for one; the same ones every time."""
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
    """Most words of one sentence, in order, and a few of another's after them: what is remembered, and wrongly."""
    drawn = _drawing(seed)
    said, stray = sentence.split(), other.split()
    kept = [said[place] for place in sorted(drawn.sample(range(len(said)), round(_REMEMBERED * len(said))))]
    kept += drawn.sample(stray, min(len(stray), round(_STRAY * len(said))))
    return " ".join(word.strip('“”"«».,;:()') for word in kept)


def _drawing(seed: str) -> random.Random:
    return random.Random(int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest()))


def repeating(assistant: Assistant, probe: CalibrationQuestion) -> frozenset[str]:
    """Return the ids of the probe's article and of those found that repeat the sentence, nearly or in part."""
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
    """Return the threshold at which ``LOST`` of an archive's own answerable probes are refused.

    No probe is asked on the day of its news: recency speaks for none, so that older articles keep their say.

    :param archive: the one that ``assistant`` answers from.
    :param date: the day it is done.
    :param count: articles that probes are made of, at most.
    :param progress: told probes done and probes in all.
    :raises UsageError: when the archive gives too few probes.
    """
    articles = chosen(archive, count)
    probes = make_probes(articles)
    if len(probes) < FEWEST:
        raise UsageError(
            f"only {len(probes)} probes can be made of {len(articles):,} articles, and {FEWEST} are needed; "
            "the threshold that ships stays in force"
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


def told(calibration: Calibration) -> dict[str, object]:
    """Return a calibration as JSON."""
    return asdict(calibration)
