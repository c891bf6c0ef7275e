"""``extract-quotes``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant import files
from assistant.cli.progress import Progress, duration
from assistant.cli.session import note
from assistant.errors import BadRecord


def extract_quotes(
    texts: Annotated[
        str,
        typer.Argument(metavar="IN", help='JSON lines {"id", "text", "language"?}; .gz, .xz and .bz2 too. - is stdin.'),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the attributions go, as JSON lines.")],
) -> None:
    """Extract who said what from texts of your own.

    Needs no archive. Writes one line a text: {"id", "attributions": [{"source", "content", "cue", "direct",
    "speaker"}, ...]}, where source, content and cue are [start, end] in characters of the text as given, or null. The
    language is detected where a line names none.
    """
    began, done = time.monotonic(), 0
    with files.written(out) as write, Progress("texts", 0) as progress:
        for done, (where, row) in enumerate(files.rows(texts), start=1):
            write(_attributed(row, where))
            progress.show(done)
    note(f"{done:,} texts in {duration(time.monotonic() - began)}: {out}")


def _attributed(row: dict[str, Any], where: str) -> dict[str, Any]:
    from assistant.language import detect
    from assistant.quotes.extract import attribution_payload, extract

    text, language = row.get("text"), row.get("language")
    if not isinstance(text, str):
        raise BadRecord(f'{where}: "text" must be a text; it is {text!r:.100}')
    if language is not None and not isinstance(language, str):
        raise BadRecord(f'{where}: "language" must be a code such as "en"; it is {language!r:.100}')
    found = extract(text, language or detect(text))
    return {"id": files.id_field(row, where), "attributions": [attribution_payload(one, text) for one in found]}
