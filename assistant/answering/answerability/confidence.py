"""Estimate how likely the archive is to answer a question: a logistic combination of a few signals.

The signals use no ranking scores, so they keep their meaning when the ranking changes. The weights are in
``confidence.toml``, with the data they were fitted on and the command that fits them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import operator
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp

from assistant.retrieval.analysis import Term, coverage
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.query import Query
from assistant.types import Freshness, Hit, Inference

log = logging.getLogger(__name__)

RANKING = "3"
"""Version of retrieval and ranking; a threshold derived under another version does not apply."""

_LOOKED_AT = 12
"""Number of passages whose words are compared with the question's."""

_NEIGHBOURS = 9
_SAME_TIME = 7 * 86_400
_FADES = 10 * 86_400
"""Seconds: the window in which articles count as contemporary, and the time over which news fades by a factor of e."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Signals that the archive answers, each in [0, 1] (cosines may be slightly below 0).

    :ivar near: cosine similarity of the question and the nearest passage.
    :ivar covered: rarity-weighted share of the question's words in the passage that contains most of them.
    :ivar gathered: share of the next articles found that were published within a week of the first: several articles
        tend to report the same news at once.
    :ivar timely: coverage of the best passage from the time asked about; if the question names no time but asks for
        news, coverage of the best passage, fading with its age (by a factor of e in ten days).
    :ivar outside: 1 when the question names a time that begins after the archive ends.
    """

    near: float
    covered: float
    gathered: float
    timely: float
    outside: float


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The weights of the signals, and the confidence below which the archive does not say.

    :ivar threshold: the default, for an archive that has not been calibrated.
    """

    bias: float
    weights: dict[str, float]
    threshold: float

    @property
    def digest(self) -> str:
        """A digest of the weights; a threshold derived with other weights does not apply."""
        written = json.dumps([self.bias, sorted(self.weights.items())])
        return hashlib.blake2b(written.encode(), digest_size=8).hexdigest()

    def confidence(self, signals: Signals) -> float:
        """Return the confidence that the archive answers, in (0, 1)."""
        logit = self.bias + sum(self.weights[name] * value for name, value in asdict(signals).items())
        return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))


@cache
def shipped() -> ConfidenceModel:
    """Return the model that ships with the package."""
    text = files("assistant.answering.answerability").joinpath("confidence.toml").read_text("utf-8")
    body = tomllib.loads(text)
    return ConfidenceModel(body["bias"], body["weights"], body["threshold"])


@lru_cache(maxsize=8)
def calibrated(kept: str, model: str) -> float | None:
    """Return the archive's calibrated threshold; None if there is none that applies.

    :param kept: the calibration stored in the archive, as JSON; "" if it was never calibrated.
    :param model: fingerprint of the embedding model in use.
    """
    if not kept:
        return None
    body = json.loads(kept)
    made_by = {"model": model, "ranking": RANKING, "weights": shipped().digest}
    if differs := [name for name, value in made_by.items() if body[name] != value]:
        log.warning(
            "the archive was calibrated on %s with another %s; using the default threshold. Calibrate it again: "
            "ontherecord calibrate",
            body["date"],
            " and ".join(differs),
        )
        return None
    return float(body["threshold"])


def signals(
    query: Query,
    wanted: Sequence[Term],
    weights: Sequence[float],
    hits: Sequence[Hit],
    freshness: Freshness,
) -> Signals:
    """Return the signals for a question.

    :param weights: rarity of each word asked for, one per entry of ``wanted``.
    :param hits: best first.
    :param freshness: the dates that the archive covers.
    """
    looked_at = hits[:_LOOKED_AT]
    covered = [coverage(wanted, weights, _words(hit, query.language)) for hit in looked_at]
    return Signals(
        near=max((hit.dense for hit in hits if hit.dense is not None), default=0.0),
        covered=max(covered, default=0.0),
        gathered=_gathered(hits),
        timely=max(map(operator.mul, covered, (_timely(hit, query) for hit in looked_at)), default=0.0),
        outside=float(outside(query, freshness) is not None),
    )


def outside(query: Query, freshness: Freshness) -> Inference | None:
    """Return the time that a question names if it begins after the archive ends, else None.

    A time before the first article does not count: articles also report on the past.
    """
    for one in query.inferred:
        since = one.value.partition("/")[0] if one.name == "time" else ""
        if freshness.last and since[:1].isdigit() and since > freshness.last:
            return one
    return None


def _words(hit: Hit, language: str) -> frozenset[str]:
    article = hit.passage.article
    return frozenset(roots(f"{article.headline} {hit.passage.text}", article.language or language))


def _gathered(hits: Sequence[Hit]) -> float:
    published = {hit.passage.article.key: hit.passage.article.published for hit in hits}
    first, *others = [moment.timestamp for moment in published.values() if moment][: _NEIGHBOURS + 1] or [0]
    return sum(abs(other - first) <= _SAME_TIME for other in others) / _NEIGHBOURS


def _timely(hit: Hit, query: Query) -> float:
    published = hit.passage.article.published
    if published is None:
        return 0.0
    if query.within is not None:
        return float(query.within.holds(published.timestamp))
    return exp(-max(0.0, query.as_of.timestamp() - published.timestamp) / _FADES) if query.recent else 0.0
