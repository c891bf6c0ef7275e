"""``calibrate``."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from assistant.cli import options, render
from assistant.cli.progress import ProgressBar
from assistant.cli.session import session


def calibrate(
    context: typer.Context,
    probes: Annotated[
        int,
        typer.Option(
            min=30, max=10_000, metavar="N", help="Maximum number of questions made from the archive's sentences."
        ),
    ] = 200,
    forget: Annotated[bool, typer.Option("--forget", help="Return to the threshold that ships.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Set the threshold below which the archive does not say.

    Makes questions from the archive's own sentences and asks each with its article and without it. The threshold is the
    confidence at which 4 % of the questions that the archive answers are refused. It is stored in the archive, for the
    current embedding model. Run the command again after a change of model, or of what the archive covers.
    """
    settings = session(context).settings()
    from assistant.archive import Archive, ArchiveWriter

    if forget:
        with ArchiveWriter(settings.archive, create=False) as writer:
            writer.calibrate("")
        typer.echo("the threshold that ships applies again")
        return
    from assistant.evaluation.calibration import derive

    today = datetime.now(UTC).strftime("%Y-%m-%d")
    with (
        Archive(settings.archive) as archive,
        session(context).assistant() as assistant,
        ProgressBar("probes", probes) as progress,
    ):
        found = derive(assistant, archive, today, probes, progress.show)
    body = asdict(found)
    with ArchiveWriter(settings.archive, create=False) as writer:
        writer.calibrate(json.dumps(body))
    if as_json:
        render.print_json(body)
        return
    typer.echo(
        f"the archive does not say below a confidence of {found.threshold:.3f}: of {found.probes:,} probes, "
        f"{found.answerable_refused:.1%} are then refused although their article is present, and {found.refused:.1%} "
        f"without it (AUROC {found.auroc:.3f})"
    )
