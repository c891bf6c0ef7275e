"""Who said what by the layout of a text alone, in any language."""

from __future__ import annotations

from assistant.attributions import Attribution
from assistant.names.parse import parse_name
from assistant.quotes.layout.interviews import interview_turns
from assistant.quotes.layout.posts import post_turns
from assistant.quotes.layout.transcripts import transcript_turns
from assistant.quotes.layout.turns import attributions


def extract_layout(text: str, language: str, headline: str = "", byline: str = "") -> list[Attribution]:
    """Return the words of those whom only the layout names: speakers of a transcript, an interviewee, a post's author.

    :param language: ISO 639-1, for splitting sentences.
    :return: in text order, all "direct" and without a cue.
    """
    turns = transcript_turns(text, headline) or interview_turns(text, headline, byline)
    return sorted(attributions(text, [*turns, *post_turns(text)], language), key=lambda one: one.content)


def combined(found: list[Attribution], laid_out: list[Attribution]) -> list[Attribution]:
    """Return both, without what the extractor of the language found in somebody's turn, unless it names a speaker."""
    if not laid_out:
        return found
    spans = [one.content for one in laid_out]
    outside = [
        one
        for one in found
        if not any(one.content[0] < end and start < one.content[1] for start, end in spans)
        or (one.kind == "indirect" and one.speaker and parse_name(one.speaker).kind == "person")
    ]
    return [*outside, *laid_out]
