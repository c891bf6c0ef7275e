"""``search``, ``ask``, ``chat`` and ``batch``."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant import files
from assistant.cli import options, render
from assistant.cli.progress import ProgressBar, duration
from assistant.cli.session import note, session
from assistant.errors import BadFilter, BadRecord
from assistant.inferences import inference_names

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help='Words; "double quotes" hold a phrase together.')],
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Maximum number of passages.")] = 10,
    since: options.Since = None,
    until: options.Until = None,
    outlet: options.Outlets = None,
    author: options.Authors = None,
    section: options.Sections = None,
    language: options.Languages = None,
    sort: Annotated[
        options.SortBy, typer.Option(help="Best match first, or by date of publication (undated articles last).")
    ] = options.SortBy.relevance,
    as_of: options.AsOf = None,
    without: options.Without = None,
    as_json: options.AsJson = False,
) -> None:
    """Find passages.

    Finds words in other inflections and without accents (Kilicdaroglu finds Kılıçdaroğlu), and by their meaning.
    Filters restrict the search itself.
    """
    filters = options.make_filters(since, until, outlet, author, section, language)
    asked_at = options.asked_at(as_of, session(context).settings())
    with session(context).assistant() as assistant:
        hits = assistant.search(
            query,
            filters=filters,
            sort=sort.value,
            limit=limit,
            as_of=asked_at,
            without=inference_names(without or ()),
        )
    if as_json:
        from assistant import schemas

        render.print_json([schemas.as_json(schemas.hit(one)) for one in hits])
    else:
        typer.echo(render.hits_text(hits))


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question in plain words.")],
    since: options.Since = None,
    until: options.Until = None,
    outlet: options.Outlets = None,
    author: options.Authors = None,
    section: options.Sections = None,
    language: options.Languages = None,
    as_of: options.AsOf = None,
    without: options.Without = None,
    after: options.After = None,
    no_model: options.NoModel = False,
    as_json: options.AsJson = False,
) -> None:
    """Answer a question, with a citation for every sentence.

    The sentences are the archive's own. If a language model is configured, it words them, and only what the cited
    articles support goes out. The status is supported, partial or not_found. That the archive does not say is an
    answer too: it comes with the reason and the closest passages, and exit code 0.
    """
    from assistant.types import AskOptions

    asked = AskOptions(
        filters=options.make_filters(since, until, outlet, author, section, language),
        as_of=options.asked_at(as_of, session(context).settings()),
        without=inference_names(without or ()),
        history=tuple(after or ()),
        model=not no_model,
    )
    with session(context).assistant() as assistant:
        answer = assistant.ask(question, asked)
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(answer))
    else:
        typer.echo(render.answer_text(answer))


def chat(
    context: typer.Context,
    since: options.Since = None,
    until: options.Until = None,
    outlet: options.Outlets = None,
    language: options.Languages = None,
    as_of: options.AsOf = None,
    no_model: options.NoModel = False,
) -> None:
    """Ask one question after another.

    Reads one question per line from standard input and answers each. "And in June?", "what about the mayor?" and "who
    else?" continue from the previous question; an empty line starts afresh. Ends with the input (Ctrl-D).
    """
    from assistant.types import MAX_HISTORY, AskOptions

    asked = AskOptions(
        filters=options.make_filters(since, until, outlet, None, None, language),
        as_of=options.asked_at(as_of, session(context).settings()),
        model=not no_model,
    )
    with session(context).assistant() as assistant:
        prompt = "? " if sys.stdin.isatty() else ""
        while line := _line_in(prompt):
            if not line.strip():
                asked = replace(asked, history=())
                continue
            answer = assistant.ask(line, asked)
            asked = replace(asked, history=(*asked.history, answer.query)[-MAX_HISTORY:])
            typer.echo(render.answer_text(answer) + "\n")


def _line_in(prompt: str) -> str:
    if prompt:
        typer.echo(prompt, nl=False, err=True)
    return sys.stdin.readline()


@dataclass(frozen=True, slots=True)
class _Question:
    id: str | int
    question: str
    as_of: datetime


def batch(
    context: typer.Context,
    questions: Annotated[
        str,
        typer.Argument(
            metavar="QUESTIONS",
            help='JSON Lines {"id", "question", "date"?}; also .gz, .xz and .bz2. - is standard input.',
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write the run to, as JSON Lines.")],
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Only passages, no answers.")] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Maximum number of passages per question.")
    ] = 20,
    as_of: options.AsOf = None,
    no_model: options.NoModel = False,
) -> None:
    """Answer every question of a file.

    Writes one line per question, in the same order: {"id", "passages": [{"article_id", "text", "start", "end",
    "score"}, ...], "answer", "status", "confidence"}. Passages are the single sentences most likely to answer, best
    first; article_id is the id that the article came with. "date" is the day the question is asked, in any common
    form; by default --as-of, or now. All questions are checked before the first is asked, and the run appears only when
    all are answered: a mistake in line 900 costs nothing.
    """
    listed = _read(questions, as_of, session(context).settings())
    began = time.monotonic()
    progress = ProgressBar("questions", len(listed))
    with session(context).assistant() as assistant, files.written(out) as write, progress:
        for done, question in enumerate(listed, start=1):
            write(_line(assistant, question, retrieval_only, limit, not no_model))
            progress.show(done)
    note(f"{len(listed):,} questions in {duration(time.monotonic() - began)}: {out}")


def _read(path: str, as_of: str | None, settings: Settings) -> list[_Question]:
    default = options.asked_at(as_of, settings)
    listed: list[_Question] = []
    seen: dict[str | int, str] = {}
    for where, row in files.rows(path):
        question = _Question(
            files.id_field(row, where), files.text_field(row, "question", where), _date(row, where, default)
        )
        if question.id in seen:
            raise BadRecord(f"{where}: id {question.id!r} was given before, at {seen[question.id]}; ids must be unique")
        seen[question.id] = where
        listed.append(question)
    if not listed:
        raise BadRecord(f'{path} holds no questions; write one JSON object per line: {{"id": "1", "question": "..."}}')
    return listed


def _date(row: dict[str, Any], where: str, default: datetime) -> datetime:
    from assistant.dates import asked_at

    try:
        return default if row.get("date") in (None, "") else asked_at(row["date"], default.tzinfo or UTC)
    except BadFilter as error:
        raise BadRecord(f'{where}: "date": {error}') from error


def _line(assistant: Assistant, question: _Question, retrieval_only: bool, limit: int, model: bool) -> dict[str, Any]:
    from assistant import schemas
    from assistant.types import AskOptions

    hits = assistant.excerpts(question.question, limit=limit, as_of=question.as_of)
    passages = tuple(map(schemas.excerpt, hits))
    if retrieval_only:
        return schemas.as_json(schemas.BatchResult(question.id, passages))
    answer = assistant.ask(question.question, AskOptions(as_of=question.as_of, model=model))
    return schemas.as_json(schemas.BatchAnswer(question.id, passages, answer.answer, answer.status, answer.confidence))
