"""Compare a plain LlamaIndex setup with ours, on the same articles, questions and model, in one run.

Each builds its index and answers queries in a process of its own, so that its peak memory can be told. They build one
after the other, in reverse order every round, and then take turns question by question, so that other load on the
machine affects all of them. Any choice is made in favour of the other side: writing its index to disk is left out of
its time and memory, while ours is on disk, flushed and searchable when the clock stops.

LlamaIndex runs twice: with its default passages of 1,024 tokens, of which the model reads the first 256 and drops the
rest, and with passages that roughly fit the model's window, so that it reads about as much as ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.common import (
    CLI,
    ROOT,
    Failed,
    Skipped,
    arguments,
    checked,
    child,
    machine,
    report,
    run,
    save,
    table,
    workplace,
)
from benchmarks.data import Corpus, articles_file, choose, known_items, questions_file, rows, scorer_file, write
from benchmarks.peer_turns import Player, in_turns

ARTICLES = 1000
ROUNDS = 1
FITTED = 256
"""Tokens of a passage that roughly fits the window of all-MiniLM-L6-v2."""
_WARM_UP = (
    "from assistant.settings import load_settings; from assistant.embedding.embedder import Embedder; "
    "Embedder.load(load_settings().embedding)"
)
_MORE = ("articles_per_second", "articles_per_second_with_load", "characters_per_second", "share_read")
_LESS = ("peak_mb", "query/median_ms", "query/p95_ms")
_QUALITY = ("evidence@200", "article@1")


@dataclass(frozen=True, slots=True)
class Contender:
    """One system in the comparison.

    :ivar splitter: arguments of LlamaIndex's SentenceSplitter; empty for its defaults.
    """

    name: str
    module: str
    splitter: dict[str, int] = field(default_factory=dict)


OURS = Contender("ours", "benchmarks.peer_ours")
PLAIN = Contender("llamaindex", "benchmarks.peer_llamaindex")


def fitted(tokens: int) -> Contender:
    """Return LlamaIndex with passages of ``tokens`` tokens, as it counts them."""
    splitter = {"chunk_size": tokens, "chunk_overlap": max(1, tokens // 12)}
    return Contender(f"llamaindex_{tokens}", PLAIN.module, splitter)


def main(argv: Sequence[str] | None) -> None:
    """Measure, compare, save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="number of articles [%(default)s]")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="number of runs of each [%(default)s]")
    parser.add_argument("--splitter-tokens", type=int, default=FITTED,
                        help="also run LlamaIndex with passages of this length; 0: do not [%(default)s]")  # fmt: skip
    parser.add_argument("--sample", action="store_true", help="use the sample's articles; speed and memory only")
    parser.add_argument("--scorer", type=Path, help="score_passages.py [../shared/eval/score_passages.py]")
    parser.add_argument("--work", type=Path, help="keep what is built in this folder [a temporary one]")
    parser.add_argument("--limit", type=float, default=7200, help="seconds that one process may take [%(default)s]")
    options = arguments(parser, argv)
    _need("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-vector-stores-faiss")
    corpus = _corpus(options)
    others = [PLAIN, *([fitted(options.splitter_tokens)] if options.splitter_tokens else [])]
    with workplace(options.work) as place:
        measured, quality = _measure(corpus, [OURS, *others], options, place)
    figures = compare(measured, quality, [other.name for other in others])
    _tell(corpus, figures, len(measured))
    sized = (options.articles, options.rounds, options.splitter_tokens, options.sample)
    promised = sized == (ARTICLES, ROUNDS, FITTED, False)
    sizes = {"articles": len(corpus.articles), "questions": len(corpus.questions), "rounds": options.rounds}
    save("peer", options.out, promised, corpus.digest, {**sizes, "splitter_tokens": options.splitter_tokens}, figures)


def _need(*packages: str) -> None:
    present = machine()["packages"]
    if missing := [name for name in packages if name not in present]:
        raise Skipped(f"{', '.join(missing)} not installed; add them with: pip install 'ontherecord[bench]'")


def _corpus(options: argparse.Namespace) -> Corpus:
    if options.sample:
        articles = list(rows(ROOT / "sample" / "articles.jsonl"))[: options.articles]
        return Corpus(articles, known_items(articles))
    return choose(list(rows(articles_file())), list(rows(questions_file())), options.articles)


def _measure(
    corpus: Corpus, contenders: list[Contender], options: argparse.Namespace, place: Path
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run every contender once per round; return their figures for each round, and their quality."""
    write(place / "articles.jsonl", corpus.articles)
    write(place / "questions.jsonl", corpus.questions)
    report(f"{len(corpus.articles):,} articles, {len(corpus.questions):,} questions, {options.rounds} rounds")
    checked([sys.executable, "-c", _WARM_UP], options.limit)  # a model new to this machine is compiled once
    measured = []
    for number in range(1, options.rounds + 1):
        order = contenders if number % 2 else contenders[::-1]
        found = _run(order, place, number, corpus, options.limit)
        measured.append(found)
        report(f"  round {number}: " + ", ".join(f"{c.name} {found[c.name]['seconds']:,.1f} s" for c in contenders))
    scorer = scorer_file(options.scorer)
    if options.sample or scorer is None or not corpus.questions:
        why = (
            "the sample has no such questions"
            if options.sample
            else "there is no scorer (see --scorer), or no question"
        )
        report(f"  quality is left out: {why}")
        return measured, {}
    ours = place / "ours-1"
    checked([*CLI, "--archive", ours / "archive", "batch", place / "questions.jsonl", "--out", ours / "run.jsonl",
             "--retrieval-only", "--limit", "20"], options.limit)  # fmt: skip
    return measured, {c.name: score(scorer, place, place / f"{c.name}-1" / "run.jsonl") for c in contenders}


def _run(
    order: Sequence[Contender], place: Path, number: int, corpus: Corpus, limit: float
) -> dict[str, dict[str, Any]]:
    """Let contenders build one after the other, then answer in turns; return the figures of each."""
    folders = {contender.name: place / f"{contender.name}-{number}" for contender in order}
    with ExitStack() as stack:
        players = []
        for contender in order:
            job = _job(contender, place, folders[contender.name], len(corpus.articles))
            players.append(Player([sys.executable, "-m", contender.module, job], limit))
            stack.callback(players[-1].stop)
            players[-1].ready()
        in_turns(players, len(corpus.questions))
        for player in players:  # each does the rest on its own
            player.turn()
            player.end()
    return {name: json.loads((folder / "result.json").read_text(encoding="utf-8")) for name, folder in folders.items()}


def _job(contender: Contender, place: Path, folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    job = {
        "articles": str(place / "articles.jsonl"),
        "questions": str(place / "questions.jsonl"),
        "archive": str(folder / "archive"),
        "run": str(folder / "run.jsonl"),
        "result": str(folder / "result.json"),
        "splitter": contender.splitter,
        "count": count,
    }
    path = folder / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    return path


def score(scorer: Path, place: Path, found: Path) -> dict[str, Any]:
    """Return the scorer's figures for a run over ``questions.jsonl`` and ``articles.jsonl`` in ``place``."""
    ended = child([sys.executable, scorer, place / "questions.jsonl", place / "articles.jsonl", found], 1800)
    if ended.code != 0:
        raise Failed(f"{scorer} ended with {ended.code}: {ended.errors[-500:]}")
    figures: dict[str, Any] = json.loads(ended.output)
    return figures


def compare(measured: list[dict[str, Any]], quality: dict[str, Any], others: list[str]) -> dict[str, Any]:
    """Return all figures, and how far ahead ours is of each of the others.

    ``ahead`` has the ratio of our worst round for speed, memory and latency (above 1: ahead), and the difference for
    quality.
    """
    ahead: dict[str, dict[str, float]] = {}
    for other in others:
        lead = {name: min(_at(r["ours"], name) / _at(r[other], name) for r in measured) for name in _MORE}
        lead |= {name: min(_at(r[other], name) / _at(r["ours"], name) for r in measured) for name in _LESS}
        if quality:
            lead |= {name: quality["ours"][name] - quality[other][name] for name in _QUALITY}
        ahead[other] = {name.replace("/", "_"): round(value, 4) for name, value in lead.items()}
    return {"ahead": ahead, "rounds": measured, "quality": quality}


def _at(figures: dict[str, Any], name: str) -> float:
    value: Any = figures
    for part in name.split("/"):
        value = value[part]
    return float(value)


def _tell(corpus: Corpus, figures: dict[str, Any], rounds: int) -> None:
    names = list(figures["rounds"][0])
    for name in names:
        each = [r[name] for r in figures["rounds"]]
        shown = (*_MORE, *_LESS, "passages")
        lines: list[tuple[str, object]] = [(f, " / ".join(f"{_at(r, f):,.4g}" for r in each)) for f in shown]
        lines += [(f, figures["quality"][name][f]) for f in _QUALITY if name in figures["quality"]]
        table(f"{name} ({rounds} rounds)", lines)
    for other, lead in figures["ahead"].items():
        table(
            f"ours against {other}: ratios of the worst round (above 1: ahead), differences of quality",
            list(lead.items()),
        )


if __name__ == "__main__":
    run(main)
