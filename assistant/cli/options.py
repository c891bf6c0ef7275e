"""Options shared by several commands, and their conversion."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.inferences import INFERENCES

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.types import Filters


class SortBy(StrEnum):
    """Orders of search results."""

    relevance = "relevance"
    newest = "newest"
    oldest = "oldest"


Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this date or later."),
]
Until = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published before this date (which is not included)."),
]
Outlets = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only this outlet. May be repeated.")
]
Authors = Annotated[
    list[str] | None,
    typer.Option("--author", metavar="NAME", help="Only bylines that contain this name. May be repeated."),
]
Sections = Annotated[
    list[str] | None, typer.Option("--section", metavar="NAME", help="Only this section. May be repeated.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Only this language (en, tr, ...). May be repeated."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help='Day on which the question is asked, for "last week". [default: now]'),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="WHAT", help=f"Do not infer this: {', '.join(INFERENCES)}."),
]
After = Annotated[
    list[str] | None,
    typer.Option("--after", metavar="QUESTION", help="An earlier question, for 'and in June?'. May be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def make_filters(
    since: str | None,
    until: str | None,
    outlets: list[str] | None,
    authors: list[str] | None,
    sections: list[str] | None,
    languages: list[str] | None,
) -> Filters:
    """Return the filters given by the options.

    :raises BadFilter: if a date cannot be understood.
    """
    from assistant.types import Filters

    return Filters.of(
        since=since,
        until=until,
        outlets=outlets or (),
        authors=authors or (),
        sections=sections or (),
        languages=languages or (),
    )


def asked_at(as_of: str | None, settings: Settings) -> datetime:
    """Return when the question is asked, in the settings' time zone; now if ``as_of`` is not given.

    :raises BadFilter: if it is not a date.
    """
    from zoneinfo import ZoneInfo

    from assistant.dates import asked_at as read

    zone = ZoneInfo(settings.ingest.time_zone)
    return read(as_of, zone) if as_of else datetime.now(zone)


NoModel = Annotated[
    bool, typer.Option("--no-model", help="Use the archive's own sentences even if a language model is configured.")
]
