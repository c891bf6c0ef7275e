"""The ``evaluate`` command."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import options, render
from assistant.cli.progress import ProgressBar, duration
from assistant.cli.session import Session, note, session
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.evaluation.datasets import Question
    from assistant.evaluation.holdings import Holdings
    from assistant.evaluation.measures import ScoredQuestion
    from assistant.evaluation.runs import Outcome
    from assistant.settings import Settings


def evaluate(
    context: typer.Context,
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS",
            help='JSON Lines {"id", "question", "answers"?, "date"?, "article_ids"?, "answerable"?} (also .gz, .xz and '
            ".bz2), or a BEIR folder.",
        ),
    ],
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Relevance judgements in TREC or BEIR format, by question id.")
    ] = None,
    split: Annotated[str, typer.Option(metavar="NAME", help="Which qrels file of a BEIR folder to use.")] = "test",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write the results to.")] = Path("evaluation"),
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Maximum number of passages per question.")
    ] = 100,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Only passages, no answers.")] = False,
    as_of: options.AsOf = None,
    run: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score this run (JSON Lines) instead of asking.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with this run (JSON Lines) of the same questions.")
    ] = None,
    no_latency: Annotated[
        bool, typer.Option("--no-latency", help="Leave out latencies: the same input then gives the same bytes.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure how good the answers to a file of questions are.

    Asks every question as `batch` does, and writes to DIR: run.jsonl and run.trec, what came back; measures.json; and
    report.html, a self-contained page with plots and every question. Measures ranking (nDCG@10, R@100, RR@10),
    evidence, answers, citations, refusals and latency, as far as the questions allow. docs/evaluation.md explains each
    measure.
    """
    from assistant.evaluation import datasets, runs, writing
    from assistant.evaluation.report import report

    if run is not None and retrieval_only:
        raise UsageError("--retrieval-only says how to ask, and --run asks nothing; leave one of them out")
    listed = datasets.read(questions, qrels, split)
    asked_at = options.asked_at(as_of, session(context).settings()) if as_of else None
    place = writing.folder(out)
    theirs = runs.read(against) if against else None
    outcomes = runs.read(run) if run else _asked(session(context), listed, limit, retrieval_only, asked_at)
    scored, found = _measured(session(context).settings(), listed, outcomes, theirs, latency=not no_latency)
    if run is None:
        writing.write_run(place, outcomes.values(), latency=not no_latency)
    writing.write_measures(place, found)
    titles = _titles(questions, qrels, run, against, found["archive"])
    writing.write_report(place, report(scored, found, titles, latency=not no_latency))
    render.print_json(found) if as_json else typer.echo(_text(found))
    note(f"written to {place}: {', '.join(sorted(path.name for path in place.iterdir() if path.is_file()))}")


def _asked(
    asked_in: Session, listed: Sequence[Question], limit: int, retrieval_only: bool, as_of: datetime | None
) -> dict[str, Outcome]:
    from assistant.evaluation.asking import ask_all

    began = time.monotonic()
    progress = ProgressBar("questions", len(listed))
    outcomes: dict[str, Outcome] = {}
    with asked_in.assistant() as assistant, progress:
        for outcome in ask_all(assistant, listed, limit, retrieval_only, as_of):
            outcomes[outcome.id] = outcome
            progress.show(len(outcomes))
    note(f"{len(listed):,} questions in {duration(time.monotonic() - began)}")
    return outcomes


def _measured(
    settings: Settings,
    listed: Sequence[Question],
    outcomes: Mapping[str, Outcome],
    against: Mapping[str, Outcome] | None,
    latency: bool,
) -> tuple[list[ScoredQuestion], dict[str, Any]]:
    """Return the scored questions and the body of measures.json."""
    from assistant.archive import Archive
    from assistant.evaluation import measures
    from assistant.evaluation.holdings import Holdings
    from assistant.evaluation.summary import compare, summarise

    with Archive(settings.archive) as archive:
        holdings = Holdings(archive)
        scored = measures.score(listed, outcomes, holdings)
        _warn(scored, holdings)
        found = summarise(scored, latency=latency)
        found["archive"] = holdings.digest()
        if against is not None:
            found["against"] = compare(scored, measures.score(listed, against, holdings))
    return scored, found


def _warn(scored: Sequence[ScoredQuestion], holdings: Holdings) -> None:
    """Warn about anything that would make the measures misleading."""
    lacking = sum(one.outcome is None for one in scored)
    if lacking:
        note(f"{lacking:,} of {len(scored):,} questions are not in the run: they count as nothing found")
    judged = [one for one in scored if one.question.relevant]
    lost = [one for one in judged if not any(holdings.folded(a) is not None for a in one.question.relevant or ())]
    if lost:
        note(
            f"of {len(lost):,} of {len(judged):,} judged questions, the archive holds none of the articles judged "
            f"(the first is {lost[0].question.id!r}); were all articles ingested, under the same ids?"
        )


def _titles(
    questions: Path, qrels: Path | None, run: Path | None, against: Path | None, archive: str
) -> list[tuple[str, str]]:
    from assistant import __version__

    named = [("questions", questions), ("judgements", qrels), ("run", run), ("against", against)]
    files = [(name, path.name) for name, path in named if path is not None]
    return [*files, ("articles", f"digest {archive}"), ("ontherecord", __version__)]


def _text(found: Mapping[str, Any]) -> str:
    """Return the measures as a table."""
    rows: list[tuple[str, str]] = []
    for group in ("ranking", "evidence", "answers"):
        rows += [
            (name, f"{m['mean']:.4f}   {m['low']:.4f} to {m['high']:.4f}   {m['n']:,} questions")
            for name, m in found.get(group, {}).items()
        ]
    for name, value in found.get("refusal", {}).items():
        if name != "statuses":
            rows.append((f"refusal {name}".replace("_", " "), "-" if value is None else f"{value:.4f}"))
    rows += [(f"latency {name}", f"{value:,.1f} ms") for name, value in found.get("milliseconds", {}).items()]
    rows += [
        (f"{name} against", f"{m['mean']:+.4f}  {m['low']:+.4f} to {m['high']:+.4f}  {m['n']:,} questions")
        for name, m in found.get("against", {}).items()
    ]
    counts = ", ".join(f"{value:,} {name}" for name, value in found["questions"].items() if value)
    width = max((len(name) for name, _ in rows), default=0) + 2
    return "\n".join([f"questions: {counts}", *(f"{name:<{width}}{value}" for name, value in rows)])
