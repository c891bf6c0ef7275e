"""Measure what quote extraction adds to an ingest; with ``--sweep``, check extraction on all articles.

Ingests from the command line with and without ``ingest.quotes`` alternate, in reverse order every round; the figure
reported is the worst ratio of any round. The sweep reads every article of both annotated datasets and all real
articles as an ingest would, and checks every offset.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.common import CLI, Failed, Skipped, arguments, checked, report, run, save, spread, table, workplace
from benchmarks.data import Digest, Row, articles_file, folder, headline, rows, write

ANNOTATED = {
    "polnear": ("en", "polnear-train.jsonl.xz", "polnear-dev.jsonl.xz"),
    "german": ("de", "german-train.jsonl.xz", "german-dev.jsonl.xz"),
}
_ARTICLES = 200
_WAYS = {"with": {}, "without": {"ONTHERECORD_INGEST__QUOTES": "false"}}


def main(argv: Sequence[str] | None) -> None:
    """Measure the ingest, or sweep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--articles", type=int, default=_ARTICLES, help="articles, evenly spaced [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="number of ingests with and without [%(default)s]")
    parser.add_argument("--sweep", action="store_true", help="check extraction on all articles instead")
    parser.add_argument("--first", type=int, help="with --sweep: number of real articles [all]")
    options = arguments(parser, argv)
    if options.sweep:
        _sweep(options)
    else:
        _ingest(options)


# --- cost of extraction ------------------------------------------------------------------------------------


def _ingest(options: argparse.Namespace) -> None:
    digest = Digest()
    articles = list(digest.articles(spread(list(rows(articles_file())), options.articles)))
    rounds: list[dict[str, Row]] = []
    with workplace() as place:
        source = write(place / "articles.jsonl", articles)
        warm_up = write(place / "first.jsonl", articles[:1])  # a model new to this machine is compiled once
        checked([*CLI, "--archive", place / "warm-up", "ingest", warm_up], 1800)
        for number in range(options.rounds):
            found: dict[str, Row] = {}
            for way in list(_WAYS)[:: -1 if number % 2 else 1]:
                archive = place / f"{way}-{number}"
                ended = checked([*CLI, "--archive", archive, "ingest", source, "--json"], 3600, _WAYS[way])
                if json.loads(ended.output)["added"] != len(articles):
                    raise Failed(f"not all of {len(articles)} articles were ingested: {ended.output}")
                found[way] = {"cpu_seconds": round(ended.cpu, 1), "seconds": round(ended.seconds, 1)}
            rounds.append(found)
            report(f"  round {number + 1}: {json.dumps(found)}")
    figures: dict[str, Any] = {
        f"{unit}_ratio": round(max(one["with"][unit] / one["without"][unit] for one in rounds), 3)
        for unit in ("cpu_seconds", "seconds")
    }
    figures |= {"words": sum(len(article["text"].split()) for article in articles), "rounds": rounds}
    table(
        f"what it adds to the ingest of {len(articles):,} articles",
        [(k, v) for k, v in figures.items() if k != "rounds"],
    )
    promised = options.articles == _ARTICLES and options.rounds >= 3
    sizes = {"articles": len(articles), "rounds": options.rounds}
    save("extraction", options.out, promised, digest.hex(), sizes, figures)


# --- sweep -------------------------------------------------------------------------------------------------


class _Faults(logging.Handler):
    """Collects the errors that the extractors log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.seen.append(self.format(record))


def _sweep(options: argparse.Namespace) -> None:
    from assistant.quotes.extract import extract

    faults = _Faults()
    logging.getLogger("assistant.quotes.extract").addHandler(faults)
    digest, figures = Digest(), {}
    for name, articles in _swept(options.first):
        began, cpu = time.perf_counter(), time.process_time()
        counts = {"articles": 0, "words": 0, "attributions": 0, "direct": 0, "exceptions": 0, "wrong_offsets": 0}
        for article, language in articles:
            for _ in digest.articles([article]):
                pass
            before = len(faults.seen)
            found = extract(article["text"], language)
            wrong = [a for a in found if not _holds(a, article["text"])]
            counts["articles"] += 1
            counts["words"] += len(article["text"].split())
            counts["attributions"] += len(found)
            counts["direct"] += sum(a.kind != "indirect" for a in found)
            counts["exceptions"] += len(faults.seen) - before
            counts["wrong_offsets"] += len(wrong)
            for a in wrong:
                report(f"  {article['id']}: {a}")
        spent = {"seconds": round(time.perf_counter() - began, 1), "cpu_seconds": round(time.process_time() - cpu, 1)}
        figures[name] = counts | spent
        table(f"{name}, {counts['articles']:,} articles", list(figures[name].items()))
    total = {key: sum(one[key] for one in figures.values()) for key in ("articles", "exceptions", "wrong_offsets")}
    save("sweep", options.out, options.first is None, digest.hex(), {"real": options.first or "all"}, figures | total)
    if total["exceptions"] or total["wrong_offsets"]:
        raise Failed("\n".join([f"{total}", *faults.seen[:5]]))


def _swept(first: int | None) -> Iterator[tuple[str, Iterator[tuple[Row, str]]]]:
    """The datasets, each with its articles and their languages."""
    from assistant.languages.detection import detect
    from assistant.text import clean

    for name, (language, *files) in ANNOTATED.items():
        paths = [folder() / "quotes" / file for file in files]
        for path in paths:
            if not path.is_file():
                raise Skipped(f"{path} is not there; BENCH_DATA names the folder of the data")
        yield name, ((article, language) for path in paths for article in rows(path))
    real = ({**article, "text": clean(article["text"])} for article in rows(articles_file(), first))
    yield "real", ((article, detect(f"{headline(article)}\n{article['text']}")) for article in real)


def _holds(a: Any, text: str) -> bool:
    """Whether the spans of an attribution are within the text, and neither begin nor end with whitespace."""
    for span in (a.content, a.source, a.cue, a.addressee):
        if span is None:
            continue
        start, end = span
        if not 0 <= start < end <= len(text) or text[start:end] != text[start:end].strip():
            return False
    return (a.source is None) == (a.speaker is None)


if __name__ == "__main__":
    run(main)
