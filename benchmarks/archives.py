"""The archive that several benchmarks use."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import CLI, ROOT, Failed, checked, report
from benchmarks.data import Corpus, Row, articles_file, countable, folded, headline, questions_file, rows, write

ARCHIVE = ROOT / "indexes" / "realtimeqa"
_SAMPLE = ("articles.jsonl", "feed.xml", "page.html", "turkish-election.txt", "notes")
_LIMIT = 7200.0
"""Seconds that building an archive may take."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the archive."""
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="folder of the archive [indexes/realtimeqa]")
    parser.add_argument("--articles", type=int, help="number of articles it has, from the first [all]")
    parser.add_argument("--build", action="store_true", help="build the archive if there is none")


def prepared(options: argparse.Namespace) -> Corpus:
    """Make sure that the archive exists and has exactly these articles; return them and all questions.

    :raises Skipped: if the data is missing.
    :raises Failed: if the archive is missing and ``--build`` was not given, or it has other articles.
    """
    source = articles_file()
    corpus = Corpus(list(rows(source, options.articles)), list(rows(questions_file())))
    if not (options.archive / "archive.sqlite3").exists():
        if not options.build:
            raise Failed(
                f"there is no archive at {options.archive}; build it with --build, or with benchmarks.memory --archive"
            )
        build(options.archive, source if options.articles is None else corpus.articles)
    _compare(options.archive, corpus.articles)
    return corpus


def build(archive: Path, articles: Path | list[Row]) -> None:
    """Ingest articles with the command line."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    path = (
        articles if isinstance(articles, Path) else write(archive.parent / f"{archive.name}-articles.jsonl", articles)
    )
    ended = checked([*CLI, "--archive", archive, "ingest", path], _LIMIT)
    report(f"built {archive} in {ended.seconds:,.0f} s")


def build_sample(archive: Path) -> None:
    """Ingest the sample, then its corrections."""
    sample = ROOT / "sample"
    checked([*CLI, "--archive", archive, "ingest", *(sample / name for name in _SAMPLE)], 600)
    checked([*CLI, "--archive", archive, "ingest", sample / "corrections.jsonl"], 600)


def sample_files() -> list[Path]:
    """Return the files that ``build_sample`` ingests."""
    names = [ROOT / "sample" / name for name in (*_SAMPLE, "corrections.jsonl")]
    return [path for name in names for path in (sorted(name.iterdir()) if name.is_dir() else [name])]


def _compare(archive: Path, articles: Sequence[Row]) -> None:
    from assistant.archive import Archive

    with Archive(archive) as opened:
        there = {article.id for article in opened.articles()}
    expected = {str(article["id"]) for article in articles}
    if there != expected:
        raise Failed(
            f"{archive} lacks {len(expected - there):,} of the {len(expected):,} articles and has "
            f"{len(there - expected):,} others; remove it and build it again with --build"
        )


def countable_in(corpus: Corpus) -> Corpus:
    """Return the corpus with its countable questions only."""
    texts = {article["id"]: folded(f"{headline(article)} . {article['text']}") for article in corpus.articles}
    return Corpus(corpus.articles, countable(corpus.questions, texts))
