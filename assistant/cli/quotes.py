"""``quotes``, ``speakers`` and ``extract-quotes``."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant import files
from assistant.cli import options, render, render_quotes
from assistant.cli.progress import ProgressBar, duration
from assistant.cli.session import note, session
from assistant.errors import BadRecord
from assistant.text import visible


class QuoteKind(StrEnum):
    """Kinds of quotes."""

    direct = "direct"
    indirect = "indirect"


Limit = Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Maximum number of quotes.")]
ArticleId = Annotated[
    str | None, typer.Option("--article", metavar="ID", help="Only for this article. [default: for all articles]")
]


def quotes(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="[QUERY]", help="Words that the quotes should contain.")] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="Whose words; any name or spelling.")] = "",
    kind: Annotated[
        QuoteKind | None, typer.Option(help="Only words in quotation marks, or only reported speech.")
    ] = None,
    limit: Limit = 20,
    since: options.Since = None,
    until: options.Until = None,
    outlet: options.Outlets = None,
    language: options.Languages = None,
    without_variants: Annotated[
        bool, typer.Option("--without-variants", help="Only under exactly this name, in no other spelling.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show who said what.

    Quotes are extracted when articles are ingested: direct ones, in quotation marks, and reported ones. The newest come
    first or, with a QUERY, those that contain most of its words.
    """
    filters = options.make_filters(since, until, outlet, None, None, language)
    with session(context).assistant() as assistant:
        found = assistant.quotes(
            query,
            speaker=speaker,
            filters=filters,
            kind=kind.value if kind else None,
            limit=limit,
            variants=not without_variants,
        )
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(schemas.quotes(found)))
    else:
        typer.echo(render_quotes.listing_text(found, speaker))


speakers: typer.Typer = typer.Typer(
    name="speakers", no_args_is_help=True, help="List and correct the archive's speakers."
)


@speakers.command("list")
def list_speakers(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Only speakers who may be meant by this name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Maximum number of speakers.")] = 50,
    as_json: options.AsJson = False,
) -> None:
    """List the speakers quoted most, each with all their names."""
    with session(context).assistant() as assistant:
        found = assistant.speakers(name, limit=limit)
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(schemas.speakers(found)))
    else:
        typer.echo(render_quotes.speakers_text(found, name))


@speakers.command("show")
def show_speaker(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Any of the speaker's names.")],
    as_json: options.AsJson = False,
) -> None:
    """Show a speaker: all names and roles, and the first and last date of a quote."""
    with session(context).assistant() as assistant:
        found = assistant.profile(name)
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(schemas.profile(found)))
    else:
        typer.echo(render_quotes.profile_text(found))


@speakers.command()
def merge(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, with all quotes under it.")],
    other: Annotated[str, typer.Argument(metavar="SPEAKER", help="A name of the speaker it belongs to, or a new one.")],
    article: ArticleId = None,
    as_json: options.AsJson = False,
) -> None:
    """Declare that two names belong to one speaker.

    This also applies to articles ingested later, and survives deletions, reindexing and reading the same files again;
    `split` takes it back. With --article, only that article's quotes under NAME become SPEAKER's.
    """
    from assistant.admin import correct_speaker

    correct_speaker(session(context).settings(), "merge", name, other, article)
    _told(context, other, as_json, f"{name} is {other}" + (f" in {article}" if article else ""))


@speakers.command()
def split(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name, as it stands in articles.")],
    article: ArticleId = None,
    as_json: options.AsJson = False,
) -> None:
    """Declare that a name belongs to a speaker of its own; `merge` takes it back."""
    from assistant.admin import correct_speaker

    correct_speaker(session(context).settings(), "split", name, "", article)
    _told(context, name, as_json, f"{name} is a speaker of its own" + (f" in {article}" if article else ""))


def _told(context: typer.Context, name: str, as_json: bool, what: str) -> None:
    """Print the correction, and the speaker as it now is."""
    with session(context).assistant() as assistant:
        found = assistant.speakers(name)
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(schemas.speakers(found)))
    else:
        typer.echo(f"{visible(what)}.\n\n{render_quotes.speakers_text(found, name)}")


def extract_quotes(
    texts: Annotated[
        str,
        typer.Argument(
            metavar="IN", help='JSON Lines {"id", "text", "language"?}; also .gz, .xz and .bz2. - is standard input.'
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write the attributions to, as JSON Lines.")],
) -> None:
    """Extract who said what from texts of your own.

    Needs no archive. Writes one line per text: {"id", "attributions": [{"source", "content", "cue", "direct",
    "speaker", "addressee", "unsaid"}, ...]}, where source, content, cue and addressee are [start, end] in characters of
    the text as given, or null, and unsaid is true for words that somebody is reported not to have said. The language is
    detected if a line names none.
    """
    began, done = time.monotonic(), 0
    with files.written(out) as write, ProgressBar("texts", 0) as progress:
        for done, (where, row) in enumerate(files.rows(texts), start=1):
            write(_attributed(row, where))
            progress.show(done)
    note(f"{done:,} texts in {duration(time.monotonic() - began)}: {out}")


def _attributed(row: dict[str, Any], where: str) -> dict[str, Any]:
    from assistant.languages.detection import detect
    from assistant.quotes.extract import attribution_payload, extract

    text, language = row.get("text"), row.get("language")
    if not isinstance(text, str):
        raise BadRecord(f'{where}: "text" must be a text; it is {text!r:.100}')
    if language is not None and not isinstance(language, str):
        raise BadRecord(f'{where}: "language" must be a code such as "en"; it is {language!r:.100}')
    found = extract(text, language or detect(text))
    return {"id": files.id_field(row, where), "attributions": [attribution_payload(one, text) for one in found]}
