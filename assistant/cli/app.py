"""Assembles the commands, and turns their errors into messages and exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from assistant import __version__
from assistant.cli import archive, calibration, evaluation, questions, quotes
from assistant.cli.session import Session, exit_code, set_up_logs, stop_on_sigterm
from assistant.process import dedicate

_EXAMPLES = """\b
Examples:
  ontherecord ingest articles/ exports/*.jsonl.gz
  ontherecord search 'grain corridor' --since 2023-05 --sort newest
  ontherecord ask 'What did Peskov say about the election?'
  ontherecord --archive indexes/guardian serve

\b
The archive is a folder, created by `ingest`: --archive, or else
ONTHERECORD_ARCHIVE, or else `archive` in ontherecord.toml, or else
indexes/default. Every other setting has an environment variable too, such as
ONTHERECORD_EMBEDDING__MODEL.

\b
Data goes to standard output, everything else to standard error. Exit codes:
  0  success (also if the archive does not say, or some records were rejected)
  1  an unexpected error, or a confirmation was declined
  2  invalid use: options, settings, dates
  3  the input cannot be read, or none of it could be ingested
  4  the archive: it does not exist, is being written to or is damaged; the disk is full
  5  no such article or version
  6  an index cannot be used as it is; `ontherecord reindex` repairs it
  7  an optional package is not installed
  8  a language model was called for directly and cannot be used
  130, 141, 143  interrupted, output no longer read (| head), terminated
"""


class _Group(TyperGroup):
    """Turns a command's exception into a line on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException, SystemExit):
            raise
        except BaseException as error:
            found = ctx.find_object(Session)
            raise typer.Exit(exit_code(error, debug=bool(found and found.debug))) from None


app = typer.Typer(
    name="ontherecord",
    cls=_Group,
    help="Answers from a news archive, in words you can quote.",
    epilog=_EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ontherecord {__version__}")
        raise typer.Exit


@app.callback()
def _before(
    context: typer.Context,
    archive: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The archive's folder. [default: indexes/default]")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Report more, on standard error.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Report everything, with tracebacks.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    context.obj = Session(archive, debug)
    set_up_logs(verbose or context.invoked_subcommand == "serve", debug)
    stop_on_sigterm()


app.command(
    epilog="""\b
Examples:
  ontherecord ingest articles.jsonl.xz
  ontherecord ingest 'exports/**/*.html' --rejects rejects.jsonl
  ontherecord ingest dump.csv --map published=date --map outlet=source
  curl -s https://news.example/rss | ontherecord ingest - --format feed
"""
)(archive.ingest)
app.command(
    epilog="""\b
Examples:
  ontherecord search 'grain corridor'
  ontherecord search '"grain corridor" Odesa' --since 2023-05 --until 2023-06
  ontherecord search drought --outlet 'Harbour Post' --sort newest --json
"""
)(questions.search)
app.command(
    epilog="""\b
Examples:
  ontherecord ask 'What did Peskov say about the Turkish election?'
  ontherecord ask 'Who leads the polls?' --since 2023-05-01 --until 2023-05-15
  ontherecord ask 'What did the council decide?' --outlet 'Harbour Post' --json
"""
)(questions.ask)
app.command(
    epilog="""\b
Examples:
  ontherecord chat
  printf 'What did Peskov say in May?\\nand in June?\\n' | ontherecord chat --as-of 2023-07-01
"""
)(questions.chat)
app.command(
    epilog="""\b
Examples:
  ontherecord batch questions.jsonl --out run.jsonl
  ontherecord batch questions.jsonl.xz --out run.jsonl --retrieval-only --limit 50
"""
)(questions.batch)
app.command(
    epilog="""\b
Examples:
  ontherecord evaluate questions.jsonl
  ontherecord evaluate questions.jsonl --qrels judged.qrels --out before --retrieval-only
  ontherecord evaluate beir/nfcorpus --out nfcorpus
  ontherecord evaluate questions.jsonl --run run.jsonl --against before/run.jsonl
"""
)(evaluation.evaluate)
app.command()(calibration.calibrate)
app.command()(archive.status)
app.command(
    epilog="""\b
Examples:
  ontherecord show seed-2023-05-12
  ontherecord show seed-2023-05-12 --version 1 --json
"""
)(archive.show)
app.command()(archive.delete)
app.command(
    epilog="""\b
Examples:
  ontherecord backup /mnt/copies/2024-03-01
  ontherecord --archive indexes/guardian backup "copies/$(date +%F)" --json
"""
)(archive.backup)
app.command()(archive.reindex)
app.command()(archive.serve)
app.command(
    epilog="""\b
Examples:
  ontherecord quotes --speaker Peskov
  ontherecord quotes 'grain corridor' --since 2023-05 --until 2023-06 --kind direct
  ontherecord quotes refugees --speaker Kılıçdaroğlu --json
"""
)(quotes.quotes)
app.add_typer(
    quotes.speakers,
    epilog="""\b
Examples:
  ontherecord speakers list
  ontherecord speakers show 'Dmitry Peskov'
  ontherecord speakers merge 'Muharram Injeh' 'Muharrem Ince'
  ontherecord speakers split Smith --article post-2024-03-01
""",
)
app.command(
    "extract-quotes",
    epilog="""\b
Examples:
  ontherecord extract-quotes texts.jsonl.xz --out quotes.jsonl
""",
)(quotes.extract_quotes)


def main() -> None:
    """Run the command line on ``sys.argv``; never returns."""
    dedicate()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="ontherecord")
