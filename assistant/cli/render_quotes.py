"""Formats quotes and speakers as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.cli import render
from assistant.text import visible

if TYPE_CHECKING:
    from assistant.answering.speech.listing import Listing, SpeakerProfile
    from assistant.speakers.resolve import Speaker
    from assistant.types import Quote


def listing_text(listing: Listing, asked: str) -> str:
    """Return quotes as a list: the words, then speaker, cue and addressee, then the location.

    :param asked: the name that was searched for; "" for none.
    """
    if asked and not listing.speakers:
        return f"Nobody named {asked} is quoted in this archive."
    if not listing.quotes:
        return "Nothing found."
    blocks = [quote_text(quote) for quote in listing.quotes]
    if listing.total > len(listing.quotes):
        blocks.append(render.dim(f"{len(listing.quotes)} of {listing.total:,}; --limit shows more."))
    return "\n\n".join(blocks)


def quote_text(quote: Quote) -> str:
    """Return one quote: the words, then speaker, cue and kind, then the location."""
    speaker = quote.speaker or "(nobody named)"
    source = quote.source.text if quote.source else ""
    aliased = source and source.casefold() != speaker.casefold()
    how = render.joined(
        [
            render.bold(visible(speaker)),
            f"as “{source}”" if aliased else "",
            quote.cue.text if quote.cue else "",
            f"to {quote.addressee.text}" if quote.addressee else "",
            "" if quote.kind == "direct" else "reported" if quote.kind == "indirect" else "partly reported",
        ]
    )
    published = quote.published[:10] if quote.published else "no date"
    where = [
        quote.outlet, published, quote.headline, quote.article_id, f"version {quote.version}",
        f"characters {quote.start}-{quote.end}",
    ]  # fmt: skip
    return f"{render.filled(quote.text)}\n  — {how}\n  {render.dim(render.joined(where))}"


def speakers_text(speakers: Sequence[Speaker], asked: str) -> str:
    """Return speakers as a list, each with their other names."""
    if not speakers:
        return f"Nobody named {asked} is quoted in this archive." if asked else "Nobody is quoted in this archive."
    return "\n".join(_speaker(speaker) for speaker in speakers)


def _speaker(speaker: Speaker) -> str:
    others = [name for name, _ in speaker.names if name != speaker.name]
    more = f" and {len(others) - 6} more" if len(others) > 6 else ""
    also = f"; also {', '.join(others[:6])}{more}" if others else ""
    counted = f"{speaker.quotes:,} in {speaker.articles:,} {_articles(speaker)}"
    return f"{render.bold(visible(speaker.name))}  {counted}{visible(also)}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _articles(speaker: Speaker) -> str:
    return "article" if speaker.articles == 1 else "articles"


def profile_text(profile: SpeakerProfile) -> str:
    """Return a speaker as a two-column table."""
    speaker = profile.speaker

    def counted(items: Sequence[tuple[str, int]]) -> str:
        return ", ".join(f"{name} ({count:,})" for name, count in items) or "none"

    table = {
        "speaker": f"{speaker.name} ({speaker.kind})",
        "quoted": f"{_times(speaker.quotes)}, in {speaker.articles:,} {_articles(speaker)}",
        "from": f"{profile.first} to {profile.last}" if profile.first else "no dated article",
        "names": counted(speaker.names),
        "mentioned as": counted(profile.mentions),
        "roles": counted(profile.roles),
    }
    return "\n".join(f"{name:14}{visible(value)}" for name, value in table.items())
