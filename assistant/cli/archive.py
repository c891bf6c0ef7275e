"""``ingest``, ``status``, ``show``, ``delete``, ``reindex`` and ``serve``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, render
from assistant.cli.progress import ProgressBar, ReadingProgress, duration, size
from assistant.cli.session import hush_after, note, say, session
from assistant.errors import ArchiveDamaged, InputError, RetrievalIndexError, UsageError
from assistant.text import visible

if TYPE_CHECKING:
    from assistant.admin import IngestReport
    from assistant.ingest import ReadOptions
    from assistant.settings import Settings

_SHOWN = 20
"""Maximum number of rejects and warnings that are shown one by one."""


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs; - is standard input.")
    ],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="jsonl, json, csv, tsv, parquet, text, markdown, html or feed (RSS, Atom). "
            "[default: recognised from name and content]",
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=THEIRS",
            help="Take a field (text, id, url, headline, byline, outlet, section, language, published, updated) from "
            "one of another name: published=date, outlet=source.name. May be repeated.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write rejected records to this file, as JSON Lines {source, reason, raw}."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Text encoding of every source. [default: detected]")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Take articles in; creates the archive if there is none.

    Reads JSON, JSON Lines, CSV, TSV, Parquet, text, Markdown, HTML, RSS and Atom, also compressed with gzip, xz, bz2 or
    zip. Known articles are skipped; a changed article becomes a new version. A bad record is counted and explained, and
    the rest goes in. If it is interrupted or killed, the same command continues where it stopped.
    """
    settings = session(context).settings()
    report = _ingest(settings, paths, _read_options(settings, format_, mapping or [], encoding), rejects)
    _print_report(report, as_json, rejects)
    if report.rejected and not report.added + report.updated + report.unchanged:
        raise InputError(f"nothing could be ingested: all {report.rejected:,} records were rejected")


def _ingest(settings: Settings, paths: list[str], read_options: ReadOptions, rejects: Path | None) -> IngestReport:
    from assistant.admin import ingest as ingest_articles
    from assistant.ingest.sources.paths import plan

    if "-" in paths and sys.stdin.isatty():
        note("reading articles from the terminal; press Ctrl-D to end")
    hush_after(_SHOWN, "assistant.admin", "further ones are only counted; --rejects FILE keeps them all")
    try:
        with ReadingProgress(plan(paths).total_bytes) as progress:
            return ingest_articles(settings, paths, read_options, rejects=rejects, progress=progress)
    except KeyboardInterrupt:
        note("everything committed so far is kept; run the same command to continue")
        raise


def _read_options(settings: Settings, format_: str | None, mapping: list[str], encoding: str | None) -> ReadOptions:
    from zoneinfo import ZoneInfo

    from assistant.ingest import ReadOptions
    from assistant.ingest.model import FORMATS

    if format_ is not None and format_ not in FORMATS:
        raise UsageError(f"--format {format_}: no such format; choose one of {', '.join(FORMATS)}")
    pairs: dict[str, str] = {}
    for pair in mapping:
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and equals and theirs):
            raise UsageError(f"--map {pair}: write FIELD=THEIRS, such as published=date")
        if ours in pairs:
            raise UsageError(f"--map {pair}: {ours} is already taken from {pairs[ours]}")
        pairs[ours] = theirs
    return ReadOptions(
        format=format_,
        mapping=pairs,
        zone=ZoneInfo(settings.ingest.time_zone),
        encoding=encoding,
        max_record_bytes=settings.ingest.max_record_bytes,
    )


def _print_report(report: IngestReport, as_json: bool, rejects: Path | None) -> None:
    if as_json:
        counts = {
            name: getattr(report, name) for name in ("read", "added", "updated", "unchanged", "rejected", "warnings")
        }
        reasons = [{"source": source, "reason": reason} for source, reason in report.reasons]
        render.print_json({**counts, "seconds": round(report.seconds, 3), "rejects": reasons})
        return
    rate = f", {report.read / report.seconds:,.0f} articles a second" if report.read > report.seconds > 1 else ""
    typer.echo(
        f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.rejected:,} rejected ({duration(report.seconds)}{rate})"
    )
    if report.warnings:
        typer.echo(f"{report.warnings:,} ingested with warnings: see above")
    if report.rejected and rejects:
        say(f"the rejected records are in {rejects}")


def status(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Also read the whole archive and look for damage.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show what the archive holds and the state of its indexes.

    Counts, dates covered, model, index health, size on disk. Exit code 6 if an index has to be repaired, 4 if --check
    finds damage.
    """
    from assistant.admin import status as look

    found = look(session(context).settings(), check)
    if as_json:
        render.print_json(found)
    else:
        typer.echo(render.status_text(found))
    if check and not found["check"]["intact"]:
        raise typer.Exit(ArchiveDamaged.exit_code)
    if not found["indexes"]["healthy"]:
        raise typer.Exit(RetrievalIndexError.exit_code)


def show(
    context: typer.Context,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="The article's id, as shown by searches and citations.")
    ],
    version: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Which version to show. [default: the latest]")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Show an article: the text that offsets refer to."""
    from assistant.archive import Archive

    with Archive(session(context).settings().archive) as archive:
        found = archive.article(article, version)
        latest = archive.versions(article)[-1]
    if as_json:
        from assistant import schemas

        render.print_json(schemas.as_json(schemas.article(found)))
    else:
        typer.echo(render.article_text(found, latest))


def delete(
    context: typer.Context,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="The article's id, as shown by searches and citations.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove an article, in all its versions, permanently.

    It is removed from the archive and from every index, and no file of either keeps its words. Its internal number is
    not used again.
    """
    settings = session(context).settings()
    from assistant.archive import Archive

    with Archive(settings.archive) as archive:
        found = archive.article(article)
        versions = len(archive.versions(article))
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"deleting {article!r} is permanent, and there is nobody to ask: add --yes")
        noun = "version" if versions == 1 else "versions"
        question = f"Delete {found.headline or article!r} ({versions} {noun}) permanently?"
        typer.confirm(visible(question), abort=True, err=True)
    from assistant.admin import delete as remove

    remove(settings, article)
    say(f"deleted {article}")


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder for the copy.")],
    as_json: options.AsJson = False,
) -> None:
    """Copy the archive into a folder, and check the copy.

    An ingest may run meanwhile: the copy is the archive as it is at one moment. The indexes are not copied;
    `ontherecord --archive DIR reindex` builds them for the copy. Exit code 4 if the archive turns out to be damaged.
    """
    settings = session(context).settings()
    from assistant.admin import backup as copy

    report = copy(settings, folder)
    if as_json:
        render.print_json({**asdict(report), "folder": str(folder)})
    else:
        told = f"{report.articles:,} articles ({report.versions:,} versions, {size(report.bytes)})"
        say(f"{told} copied to {folder} and checked")
        for fault in report.faults:
            note(f"damaged: {fault}")
    if report.faults:
        raise typer.Exit(ArchiveDamaged.exit_code)


def reindex(
    context: typer.Context,
    reembed: Annotated[
        bool,
        typer.Option(
            "--reembed", help="Split and embed every article again; for upgrades that split articles differently."
        ),
    ] = False,
) -> None:
    """Rebuild the indexes from the archive.

    If the settings name another embedding model, every article is embedded again. Readers continue with the old indexes
    until the new ones are complete; if it is killed, the same command continues where it stopped. Quotes are extracted
    from articles that were ingested without them, or by an earlier release, and words are counted where an earlier
    release did not count them.
    """
    settings = session(context).settings()
    from assistant.admin import reindex as build

    with ProgressBar("articles", 0) as progress:
        done = build(settings, reembed=reembed, progress=progress.show)
    typer.echo(
        f"{done['passages']:,} passages indexed, {done['versions_embedded']:,} articles embedded again, "
        f"{done['versions_read']:,} read for quotes, {done['versions_counted']:,} counted"
    )


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address to listen on. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, metavar="PORT", help="Port to listen on; 0 picks a free one. [default: 7860]"),
    ] = None,
) -> None:
    """Serve the web app and the HTTP interface.

    One process serves both. The web app is at /; programs use POST /v1/ask and POST /v1/search, which /openapi.json
    describes. Only this machine can reach it: since nobody is asked for a key, any other address is refused unless the
    settings server.allow_public and server.allowed_hosts say who may reach it, and under which names.
    """
    settings = session(context).settings(server={"host": host, "port": port})
    from assistant.serve import serve as run

    run(settings)
