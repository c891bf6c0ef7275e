"""One side of ``peer``: ours, in a process of its own. ``python -m benchmarks.peer_ours JOB.json``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.process import dedicate
from benchmarks.common import K, latencies, own_peak, timed
from benchmarks.data import rows
from benchmarks.peer_reading import Reading
from benchmarks.peer_turns import my_turn

if TYPE_CHECKING:
    from assistant.embedding.embedder import Embedder
    from assistant.settings import Settings


def main(job: dict[str, Any]) -> None:
    """Ingest, then search and ask, in turns with the others; write the figures."""
    began = time.perf_counter()
    from assistant.admin import ingest, status
    from assistant.embedding.embedder import Embedder
    from assistant.ingest import ReadOptions
    from assistant.settings import load_settings

    # Quotes are not part of the comparison; ``benchmarks.extraction`` measures what they add.
    settings = load_settings({"archive": Path(job["archive"]), "ingest": {"quotes": False}})
    report = ingest(settings, [job["articles"]], ReadOptions())
    seconds = time.perf_counter() - began
    peak = own_peak()
    if report.added != job["count"]:
        raise SystemExit(f"{report.added} of {job['count']} articles were ingested: {report.reasons}")
    # The second load is faster than the first, so the time subtracted is, if anything, too small.
    loading = timed(lambda: Embedder.load(settings.embedding))
    taking = report.seconds - loading
    figures = {
        "articles_per_second": round(job["count"] / taking, 3),
        "articles_per_second_with_load": round(job["count"] / seconds, 3),
        **_read(settings, Embedder.load(settings.embedding)).figures(taking),
        "seconds": round(seconds, 2),
        "passages": status(settings)["passages"],
        "peak_mb": round(peak / 1e6, 1),
        **_asked(settings, [str(row["question"]) for row in rows(Path(job["questions"]))]),
        "peak_mb_with_queries": round(own_peak() / 1e6, 1),
    }
    Path(job["result"]).write_text(json.dumps(figures), encoding="utf-8")


def _read(settings: Settings, embedder: Embedder) -> Reading:
    """What the model read, according to the archive."""
    from assistant.admin.prepare import HEADLINE_TOKENS
    from assistant.archive import Archive
    from assistant.embedding.embedder import passage_text
    from assistant.embedding.models import model_folder

    with Archive(settings.archive) as archive:
        texts = {article.id: article.text for article in archive.articles()}
        reading = Reading(texts, model_folder(settings.embedding.model) / "tokenizer.json", embedder.card.window)
        ids = [key for key, _ in archive.live_ranges(0, sys.maxsize)]
        for passage in archive.passages(ids).values():
            context = embedder.clip(passage.article.headline, HEADLINE_TOKENS)
            embedded = passage_text(context, passage.text)
            reading.note(passage.article.id, passage.start, passage.end, embedded)
    return reading


def _asked(settings: Settings, questions: list[str]) -> dict[str, Any]:
    from assistant import Assistant

    with Assistant.open(settings) as assistant:
        for question in questions[:5]:
            assistant.ask(question)
        queries, answers = [], []
        for question in questions:
            my_turn()
            began = time.perf_counter()
            assistant.search(question, limit=K)
            queries.append(time.perf_counter() - began)
        my_turn()
        for question in questions:
            began = time.perf_counter()
            assistant.ask(question)
            answers.append(time.perf_counter() - began)
    return {"query": latencies(queries), "answer": latencies(answers)}


if __name__ == "__main__":
    dedicate()
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
