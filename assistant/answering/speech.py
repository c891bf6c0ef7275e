"""A person's own words among the passages found: who said it decides, not who is spoken of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.evidence import Evidence
from assistant.answering.units import surrounding
from assistant.quotes.model import Attribution
from assistant.retrieval.terms import Term, coverage, roots
from assistant.text import words
from assistant.types import Hit, StoredArticle

_ARTICLES = 8
"""Articles looked through for a speaker's words."""

_SMALL = frozenset({"the", "of", "for", "a", "an"})
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\s+(?=\w)|(?<=s)['’]\s+(?=\w)")
_BELONGING = re.compile(r"\s(?:of|for)\s")
_UMLAUT = re.compile("(?<![aeq])([aou])e")
_OWN_WORDS = {"direct": 1.0, "mixed": 0.8, "indirect": 0.5}
"""What a kind of speech is worth to who asks for somebody's words."""

_TITLES = frozenset(
    """mr mrs ms dr sir the president minister prime chancellor spokesman spokeswoman spokesperson kremlin mayor senator
    governor general king queen herr frau präsident bay sayın sayin президент""".split()
)


def utterances(hits: Sequence[Hit], speaker: str, topic: Sequence[Term], weights: Sequence[float]) -> list[Evidence]:
    """Return what ``speaker`` says in the articles of ``hits``: whole sentences, those on the topic first."""
    articles: dict[int, tuple[StoredArticle, float]] = {}
    for hit in hits:
        article = hit.passage.article
        if (
            article.key not in articles
            and len(articles) < _ARTICLES
            and names(speaker, f"{article.headline} {article.text}")
        ):
            articles[article.key] = (article, hit.score)
    best = max((score for _, score in articles.values()), default=1.0) or 1.0
    found: dict[tuple[int, int], Evidence] = {}
    for article, score in articles.values():
        for said in _extracted(article):
            if said.source is None or not names(speaker, said.speaker or "", mention=True):
                continue
            ends = [*said.content, *said.source, *(said.cue or ())]
            span = surrounding(article, min(ends), max(ends))
            present = frozenset(roots(f"{article.text[span[0] : span[1]]} {article.headline}", article.language))
            covered = coverage(topic, weights, present) if topic else 1.0
            worth = 0.55 * covered + 0.25 * score / best + 0.2 * _OWN_WORDS[said.kind]
            key = (article.key, span[0])
            if key not in found or found[key].score < worth:
                found[key] = Evidence(article, span, covered, None, worth, speaker=said.speaker)
    return sorted(found.values(), key=lambda piece: (-piece.score, piece.article.key, piece.span[0]))


def names(speaker: str, text: str, mention: bool = False) -> bool:
    """Tell whether ``text`` names ``speaker``: every word of the name stands in it, titles apart.

    :param mention: ``text`` is itself a name, and may be the shorter one ("Peskov" for "Dmitry Peskov").
    """
    wanted = [word for word in _name_words(speaker) if word not in _TITLES] or _name_words(speaker)
    present = _name_words(text)
    if not wanted:
        return False
    if set(wanted) <= set(present):
        return not mention or bool(set(_name_words(speaker)) - _SMALL & set(_name_words(_head(text))))
    shorter = [word for word in present if word not in _TITLES]
    return mention and bool(shorter) and set(shorter) <= set(wanted) and shorter[-1] == wanted[-1]


def _head(mention: str) -> str:
    """Return who is meant by a mention that names another too: "Erdogan’s rival", "critics of Erdogan"."""
    after = _POSSESSIVE.split(mention)[-1]
    return _BELONGING.split(after, maxsplit=1)[0]


@lru_cache(maxsize=2048)
def _name_words(text: str) -> tuple[str, ...]:
    """Folded words, with the German ways of writing an umlaut made one: Juergen is Jürgen."""
    return tuple(_UMLAUT.sub(r"\1", word) for word in words(text))


def _extracted(article: StoredArticle) -> tuple[Attribution, ...]:
    return _cached(article.text, article.language)


@lru_cache(maxsize=512)
def _cached(text: str, language: str) -> tuple[Attribution, ...]:
    from assistant.quotes.extract import extract  # here: only questions about speech wait for a parser

    return tuple(extract(text, language))
