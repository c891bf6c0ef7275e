"""Measure what the checks of a model's sentences let through, with altered and unaltered sentences of real articles.

Each sentence is a claim that cites its passage and is treated like a model's sentence: its citation is narrowed to
sentences of that passage, then it is judged. An altered sentence must be caught; an unaltered one must pass. The checks
are developed on articles whose id has an even digest and reported on the others. Speakers are those that the extractor
finds.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.alterations import ALTERATIONS, FAITHFUL, Subject
from benchmarks.common import arguments, latencies, report, run, save, spread, table
from benchmarks.data import Row, articles_file, corpus_digest, headline, rows

if TYPE_CHECKING:
    from assistant.answering.checks.claims import CitedSpan, Judgement
    from assistant.text import Span
    from assistant.types import StoredArticle

COUNT = 2000
"""Number of sentences of each kind."""

_EACH = 12
"""Maximum number of sentences of one kind from one article."""

_SHOWN = 20
_WORDS = (6, 60)


@dataclass
class Tally:
    """The results for one kind."""

    n: int = 0
    passed: int = 0
    by: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None) -> None:
    """Alter, judge, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verifier", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="sentences of each kind [%(default)s]")
    parser.add_argument("--even", action="store_true", help="use the articles that the checks are developed on")
    parser.add_argument("--show", default="", help="print the errors of this kind")
    options = arguments(parser, argv)
    corpus = [one for one in rows(articles_file()) if _even(one) == options.even and len(one["text"]) > 1500]
    used: dict[str, Row] = {}
    tallies = {name: Tally() for name in (*FAITHFUL, *ALTERATIONS)}
    judge = _Judge()
    order = Random(1).sample(range(len(corpus)), len(corpus))
    for place, number in enumerate(order):
        if all(tally.n >= options.count for tally in tallies.values()):
            break
        article, other = corpus[number], corpus[order[place - 1]]
        used[article["id"]] = article
        _measure(judge, judge.subjects(article, other), tallies, options.count, options.show)
    figures = {name: _figures(name, tally) for name, tally in tallies.items()}
    for name, figure in figures.items():
        report(f"  {name:<17} {figure}")
    every = [second for tally in tallies.values() for second in tally.seconds]
    figures["latency"] = latencies(every)
    figures["latency_with_vectors"] = latencies(tallies["compressed"].seconds)
    figures["least_caught"] = min(figures[name]["caught"] for name in ALTERATIONS)
    table("latency", list(figures["latency"].items()))
    table("latency where a vector is made", list(figures["latency_with_vectors"].items()))
    for line in tallies[options.show].shown[:_SHOWN] if options.show else ():
        report(line)
    promised = options.count == COUNT and not options.even
    sizes = {"count": options.count, "articles": len(used), "even": options.even}
    save("verifier", options.out, promised, corpus_digest(used.values()), sizes, figures)


def _even(article: Row) -> bool:
    return hashlib.blake2b(str(article["id"]).encode()).digest()[-1] % 2 == 0


def _measure(judge: _Judge, subjects: Iterator[Subject], tallies: dict[str, Tally], count: int, show: str) -> None:
    seen: Counter[str] = Counter()
    for subject in subjects:
        for name, alter in {**FAITHFUL, **ALTERATIONS}.items():
            tally = tallies[name]
            if tally.n >= count or seen[name] >= _EACH:
                continue
            altered = alter(subject, Random(f"{subject.article['id']} {subject.at} {name}"))
            if altered is None:
                continue
            seen[name] += 1
            tally.n += 1
            article = subject.other if altered.other else subject.article
            judgement, cited, seconds = judge.judged(altered.claim, article, altered.passage)
            tally.seconds.append(seconds)
            tally.passed += judgement.holds
            failed = next((check for check in judgement.checks if not check.holds), None)
            tally.by[failed.name if failed else "none"] += 1
            if name == show and judgement.holds == (name in ALTERATIONS):
                told = f"{failed.name}: {failed.detail}" if failed else f"similarity {judgement.similarity:.2f}"
                evidence = " | ".join(one.text for one in cited)
                tally.shown.append(f"\n  CLAIM {altered.claim}\n  OF    {subject.text}\n  CITED {evidence}\n  {told}")


def _figures(name: str, tally: Tally) -> dict[str, Any]:
    share = round((tally.n - tally.passed) / max(1, tally.n), 4)
    caught_by = {check: count for check, count in tally.by.most_common() if check != "none"}
    return {"n": tally.n, "caught" if name in ALTERATIONS else "rejected": share, "by": caught_by}


class _Judge:
    """Takes sentences the way of a model's sentence, from marker to judgement."""

    def __init__(self) -> None:
        from assistant.answering.checks.final import Verifier
        from assistant.embedding.embedder import Embedder
        from assistant.settings import EmbeddingSettings

        self._embedder = Embedder.load(EmbeddingSettings())
        self._verifier = Verifier(self._embedder.passages, _spoken)
        self._passages = lru_cache(maxsize=4)(self._cut)

    def subjects(self, article: Row, other: Row) -> Iterator[Subject]:
        """Yield the full sentences of an article, always in the same order."""
        from assistant.sentences import sentences
        from assistant.text import clean

        article, other = ({**one, "text": clean(one["text"])} for one in (article, other))
        foreign = [span for span in sentences(other["text"], "en") if _tells(other["text"][slice(*span)])]
        passages, elsewhere = self._passages(headline(article), article["text"]), self._cut("", other["text"])
        told = [span for span in sentences(article["text"], "en") if _tells(article["text"][slice(*span)])]
        random = Random(article["id"])
        if not foreign:
            return
        for start, end in sorted(spread(told, 4 * _EACH)):
            place = next((i for i, (s, e) in enumerate(passages) if s <= start and end <= e), None)
            if place is not None:
                yield Subject(
                    article, (start, end), passages, place, other, random.choice(elsewhere), random.choice(foreign)
                )

    def _cut(self, title: str, text: str) -> list[Span]:
        from assistant.passages import split

        budget = max(64, self._embedder.window - self._embedder.count([title + "\n"])[0])
        return split(text, "en", budget, self._embedder.count)

    def judged(self, claim: str, article: Row, passage: Span) -> tuple[Judgement, list[CitedSpan], float]:
        """Return the judgement of a claim that cites a passage, the narrowed citations, and the seconds it took."""
        from assistant.answering.generative.citation_spans import narrowed
        from assistant.answering.generative.prompting import PromptSource

        stored = _stored(article)
        began = time.perf_counter()
        cited = narrowed(claim, PromptSource(stored, passage, passage))
        judgement = self._verifier.judge(claim, cited)
        return judgement, cited, time.perf_counter() - began


def _tells(text: str) -> bool:
    lowest, highest = _WORDS
    return (
        lowest <= len(text.split()) <= highest and "\n" not in text and text[-1] in '.!?”"’' and not text[0].islower()
    )


def _stored(article: Row) -> StoredArticle:
    from assistant.types import StoredArticle

    return StoredArticle(
        1, article["id"], 1, True, article["text"], "", headline(article), "", "", "", "en", _published(article), None
    )


def _published(article: Row) -> Any:
    from assistant.dates import parse_date

    try:
        return parse_date(article.get("published") or "")
    except ValueError:
        return None


def _spoken(article: StoredArticle, name: str) -> tuple[list[Span], list[Span]]:
    """What the extractor attributes to a speaker, and to others."""
    from assistant.names.parse import parse_name

    wanted = parse_name(name).sounds[-1:]
    own: list[Span] = []
    others: list[Span] = []
    for speaker, content in _attributed(article.text):
        (own if wanted and wanted == parse_name(speaker or "").sounds[-1:] else others).append(content)
    return own, others


@lru_cache(maxsize=16)
def _attributed(text: str) -> list[tuple[str | None, Span]]:
    from assistant.quotes.extract import extract

    return [(said.speaker, said.content) for said in extract(text, "en")]


if __name__ == "__main__":
    run(main)
