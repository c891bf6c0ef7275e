"""Measure the peak memory and the speed of an ingest from the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import CLI, Failed, arguments, checked, run, save, table, workplace
from benchmarks.data import Digest, articles_file, rows, write

CEILING_GB = 3.0


def main(argv: Sequence[str] | None) -> None:
    """Ingest, and report time and memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--articles", type=int, help="number of articles, from the first [all]")
    parser.add_argument(
        "--archive", type=Path, help="build the archive in this new folder and keep it [a temporary folder]"
    )
    parser.add_argument("--limit", type=float, default=7200, help="seconds that it may take [%(default)s]")
    options = arguments(parser, argv)
    source = articles_file()
    digest = Digest()
    count = sum(1 for _ in digest.articles(rows(source, options.articles)))
    with workplace() as place:
        path = write(place / "articles.jsonl", rows(source, options.articles)) if options.articles else source
        archive = options.archive or place / "archive"
        if archive.exists():
            raise Failed(
                f"{archive} exists already, which would make this ingest shorter; remove it, or name another folder"
            )
        ended = checked([*CLI, "--archive", archive, "ingest", path, "--json"], options.limit)
        told = json.loads(ended.output)
        status = json.loads(checked([*CLI, "--archive", archive, "status", "--json"], 600).output)
    figures = {
        "peak_gb": round(ended.peak / 1e9, 3),
        "articles": told["added"],
        "rejected": told["rejected"],
        "passages": status["passages"],
        "seconds": round(ended.seconds, 1),
        "articles_per_second": round(told["added"] / ended.seconds, 2),
        "archive_mb": round(sum(status["bytes"].values()) / 1e6, 1),
    }
    table(f"ingest of {count:,} articles", list(figures.items()))
    save(
        "memory", options.out, options.articles is None, digest.hex(), {"articles": count, "source": path.name}, figures
    )
    if figures["peak_gb"] >= CEILING_GB:
        raise Failed(f"it took {figures['peak_gb']} GB of memory; the ceiling is {CEILING_GB} GB")


if __name__ == "__main__":
    run(main)
