"""``calibrate``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from assistant.cli import options, render
from assistant.cli.progress import Progress
from assistant.cli.session import session


def calibrate(
    context: typer.Context,
    probes: Annotated[
        int, typer.Option(min=30, max=10_000, metavar="N", help="Questions made of the archive's sentences, at most.")
    ] = 200,
    forget: Annotated[bool, typer.Option("--forget", help="Go back to the threshold that ships.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Derive from the archive itself when it does not say.

    Makes questions of its own sentences and asks each with its article and without it. The confidence under which the
    archive does not say is put where 4 of 100 of those that it answers are refused, and kept in the archive, for this
    embedding model. After a change of model, or of what the archive is about, the same command does it again.
    """
    settings = session(context).settings()
    from assistant.archive import Archive, ArchiveWriter

    if forget:
        with ArchiveWriter(settings.archive, create=False) as writer:
            writer.calibrate("")
        typer.echo("the threshold that ships is in force")
        return
    from assistant.evaluation.calibration import derive, told

    today = datetime.now(UTC).strftime("%Y-%m-%d")
    with (
        Archive(settings.archive) as archive,
        session(context).assistant() as assistant,
        Progress("probes", probes) as progress,
    ):
        found = derive(assistant, archive, today, probes, progress.show)
    body = told(found)
    with ArchiveWriter(settings.archive, create=False) as writer:
        writer.calibrate(json.dumps(body))
    if as_json:
        render.print_json(body)
        return
    typer.echo(
        f"the archive does not say under a confidence of {found.threshold:.3f}: of {found.probes:,} probes, "
        f"{found.answerable_refused:.1%} are then refused although their article is there, and {found.refused:.1%} "
        f"when it is left out (AUROC {found.auroc:.3f})"
    )
