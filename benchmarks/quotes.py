"""Measure who said what: score ``extract-quotes`` on annotated news articles, and time it.

English: PolNeAR (Newell et al., LREC 2018). German: the German news quotation attribution dataset. The figures are for
the development sets; only the training sets are used to write rules.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import CLI, ROOT, Failed, Skipped, arguments, checked, run, save, table, workplace
from benchmarks.data import Digest, folder, rows

SETS = {"polnear": "polnear-dev.jsonl.xz", "german": "german-dev.jsonl.xz"}


def main(argv: Sequence[str] | None) -> None:
    """Extract, score, save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quotes", description=__doc__)
    parser.add_argument("--scorer", type=Path, help="score_quotes.py [../shared/eval/score_quotes.py]")
    options = arguments(parser, argv)
    scorer = options.scorer or ROOT.parent / "shared" / "eval" / "score_quotes.py"
    gold = {name: folder() / "quotes" / file for name, file in SETS.items()}
    for path in (scorer, *gold.values()):
        if not path.is_file():
            raise Skipped(f"{path} is not there; --scorer names the scorer, BENCH_DATA the folder of the data")
    digest, figures, sizes = Digest(), {}, {}
    for name, path in gold.items():
        articles = list(rows(path))
        for _ in digest.articles({"id": a["id"], "text": a["text"]} for a in articles):
            pass
        figures[name] = {**_scored(scorer, path), "words": sum(len(a["text"].split()) for a in articles)}
        sizes[name] = len(articles)
        table(f"{name}, {len(articles)} articles", [(k, json.dumps(v)) for k, v in figures[name].items()])
    save("quotes", options.out, True, digest.hex(), sizes, figures)


def _scored(scorer: Path, gold: Path) -> dict[str, Any]:
    with workplace() as place:
        found = place / "found.jsonl"
        ended = checked([*CLI, "extract-quotes", gold, "--out", found], 3600)
        told = checked([CLI[0], scorer, gold, found], 600).output.splitlines()
    scores = {line.partition("{")[0].strip(): json.loads("{" + line.partition("{")[2]) for line in told}
    if scores[""]["missing"]:
        raise Failed(f"{scores['']['missing']} articles of {gold.name} have no line in the output")
    return {"all": scores["all"], "direct": scores["direct"], "seconds_with_load": round(ended.seconds, 1)}


if __name__ == "__main__":
    run(main)
