"""Check every citation of every answer: are its characters in the article exactly where it says?

The questions are real ones, the headlines of articles, and what people said; the archives are one of real articles and
the sample's. Everything is read from the JSON that programs get.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.archives import add_options, build_sample, prepared
from benchmarks.common import Failed, K, arguments, report, run, save, spread, table, workplace
from benchmarks.data import corpus_digest, headline

if TYPE_CHECKING:
    from assistant import Assistant

ARTICLES = 1000
_SHOWN = 10
_SPEAKER = re.compile(
    r"\b([A-ZÀ-Ž][\w’'-]+ [A-ZÀ-Ž][\w’'-]+) (?:said|says|told)\b|\bsaid ([A-ZÀ-Ž][\w’'-]+ [A-ZÀ-Ž][\w’'-]+)\b"
)


def main(argv: Sequence[str] | None) -> None:
    """Ask, check, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.citations", description=__doc__)
    add_options(parser)
    parser.add_argument(
        "--about", type=int, default=ARTICLES, help="articles whose headline and speakers are asked about [%(default)s]"
    )
    parser.add_argument("--questions", type=int, default=ARTICLES, help="real questions, evenly spaced [%(default)s]")
    options = arguments(parser, argv)
    corpus = prepared(options)
    about = spread(corpus.articles, options.about)
    asked = [str(q["question"]) for q in spread(corpus.questions, options.questions)]
    asked += [question for article in about for question in _questions(headline(article), article["text"])]
    figures: dict[str, Any] = {"real": check(options.archive, asked)}
    with workplace() as place:
        build_sample(place / "sample")
        figures["sample"] = check(place / "sample", _about_all(place / "sample"))
    figures["false"] = sum(figures[name]["false"] for name in ("real", "sample"))
    figures["checked"] = sum(figures[name]["checked"] for name in ("real", "sample"))
    for name in ("real", "sample"):
        table(name, [(k, v) for k, v in figures[name].items() if k != "first_false"])
    promised = (options.articles, options.about, options.questions) == (None, ARTICLES, ARTICLES)
    sizes = {"about": len(about), "questions": len(asked)}
    save("citations", options.out, promised, corpus_digest(corpus.articles, corpus.questions), sizes, figures)
    if figures["false"]:
        raise Failed("; ".join(figures["real"]["first_false"] + figures["sample"]["first_false"]))


def _questions(title: str, text: str) -> Iterator[str]:
    if title.strip():
        yield title
    if found := _SPEAKER.search(text):
        yield f"What did {found[1] or found[2]} say?"


def _about_all(archive: Path) -> list[str]:
    from assistant.archive import Archive

    with Archive(archive) as opened:
        return [question for article in opened.articles() for question in _questions(article.headline, article.text)]


def check(archive: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Ask an archive every question; return counts, and the false citations."""
    from assistant import Assistant, schemas
    from assistant.settings import load_settings

    counts: Counter[str] = Counter()
    false: list[str] = []
    cited: set[str] = set()
    with Assistant.open(load_settings({"archive": archive})) as assistant:
        for question in questions:
            answer = schemas.as_json(assistant.ask(question))
            hits = [schemas.as_json(schemas.hit(one)) for one in assistant.search(question, limit=K)]
            counts[answer["status"]] += 1
            for kind, places in (
                ("citations", answer["citations"]),
                ("near_misses", answer["near_misses"]),
                ("hits", hits),
            ):
                counts[kind] += len(places)
                cited |= {place["article_id"] for place in places if kind != "hits"}
                false += [
                    f"{question!r}, {kind}: {fault}" for place in places if (fault := _misplaced(assistant, place))
                ]
            false += [f"{question!r}: {fault}" for fault in _unsupported(answer)]
    for line in false[:_SHOWN]:
        report(f"  false: {line}")
    checked = sum(counts[kind] for kind in ("citations", "near_misses", "hits"))
    outcome = {
        "asked": len(questions),
        **dict(sorted(counts.items())),
        "articles_cited": len(cited),
        "checked": checked,
    }
    return {**outcome, "false": len(false), "first_false": false[:_SHOWN]}


def _misplaced(assistant: Assistant, place: dict[str, Any]) -> str:
    """Return what is wrong with a location; "" if nothing is."""
    article = assistant.article(place["article_id"], place["version"])
    start, end = place["start"], place["end"]
    where = f"{place['article_id']} version {place['version']} [{start}:{end}]"
    if not 0 <= start < end <= len(article.text):
        return f"{where} is outside of {len(article.text)} characters"
    if article.text[start:end] != place["text"]:
        return f"{where} is {article.text[start:end]!r}, cited as {place['text']!r}"
    facts: dict[str, str | None] = {name: getattr(article, name) for name in ("headline", "outlet", "url", "byline")}
    facts["published"] = article.published.iso() if article.published else None
    wrong = [name for name, value in facts.items() if place[name] != value]
    return f"{where}: {', '.join(wrong)} differ from the article's" if wrong else ""


def _unsupported(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the sentences that are not verbatim in their first citation, and the markers without a citation."""
    cited = {citation["marker"]: citation["text"] for citation in answer["citations"]}
    if len(cited) != len(answer["citations"]):
        yield "a marker is used for two citations"
    for sentence in answer["sentences"]:
        if unknown := [marker for marker in sentence["citations"] if marker not in cited]:
            yield f"{sentence['text']!r} cites {unknown}, which does not exist"
        elif not sentence["citations"]:
            yield f"{sentence['text']!r} cites nothing"
        elif sentence["text"] not in cited[sentence["citations"][0]]:
            yield f"{sentence['text']!r} is not in {cited[sentence['citations'][0]]!r}"
    used = {int(marker) for marker in re.findall(r"\[(\d+)\]", answer["answer"])}
    if answer["status"] != "not_found" and not used >= set(cited):
        yield f"citations {sorted(set(cited) - used)} are not in the answer"


if __name__ == "__main__":
    run(main)
