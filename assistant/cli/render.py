"""Formats answers, hits and articles as text for people, or as JSON for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from assistant.cli.progress import size
from assistant.text import visible

if TYPE_CHECKING:
    from assistant.types import Answer, Citation, Hit, StoredArticle, Wording

_WIDEST = 100
"""Maximum width of wrapped lines, in columns: longer ones are hard to read."""


def print_json(payload: object) -> None:
    """Print data as JSON, in UTF-8 if the terminal supports it."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    typer.echo(json.dumps(payload, ensure_ascii=plain, indent=2))


def answer_text(answer: Answer) -> str:
    """Return an answer with its citation markers, the list of citations, and the archive's freshness."""
    blocks = [dim(filled(line)) for line in understood(answer)]
    blocks.append("\n".join(_said(answer) or [filled(line) for line in answer.answer.splitlines()]))
    if answer.status != "supported" and answer.reason not in answer.answer:
        blocks.append(filled(f"{answer.status.replace('_', ' ')}: {answer.reason}"))
    said = {sentence.text for sentence in answer.sentences}  # not printed again with the citations
    blocks += [_citation(citation, with_text=citation.text not in said) for citation in answer.citations]
    if answer.also:
        blocks.append("Also in the archive:")
        blocks += [_citation(citation, marker="-") for citation in answer.also]
    if answer.near_misses:
        blocks.append("The closest passages:")
        blocks += [_citation(citation, marker="-") for citation in answer.near_misses]
    blocks += [dim(filled(line)) for line in worded(answer.wording)]
    blocks.append(dim(str(answer.freshness)))
    return "\n\n".join(blocks)


def worded(wording: Wording) -> list[str]:
    """Return a line saying which model worded the answer, or why none did; no line if no model was asked."""
    if wording.by == "archive":
        return [wording.note] if wording.note else []
    left_out = f"; {wording.dropped} of {wording.drafted} not supported" if wording.dropped else ""
    return [f"worded by {wording.model} ({wording.prompt}), each sentence checked{left_out}"]


def _said(answer: Answer) -> list[str]:
    """Return the lines of an answer under their headings, with the answering words in bold."""
    lines: list[str] = []
    heading = ""
    for sentence in answer.sentences:
        if sentence.group and sentence.group != heading:
            heading = sentence.group
            lines.append(bold(f"{heading}:"))
        if not sentence.supported:
            lines.append(filled(f"(not supported: {visible(sentence.text)})"))
            continue
        line = filled(f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.citations)}")
        if sentence.highlight:
            said = sentence.text[slice(*sentence.highlight)]
            line = line.replace(said, bold(said), 1) if line.count(said) == 1 else line
        lines.append(line)
    return lines


def understood(answer: Answer) -> list[str]:
    """Return lines on how a question was understood: as a follow-up, then the filters inferred from it and dropped."""
    held = [one for one in answer.inferred if not one.relaxed]
    resolved = [f"asked: {one.label}" for one in held if one.name == "followup"]
    read = [f"{one.name} {one.label}" if one.name == "outlet" else one.label for one in held if one.name != "followup"]
    dropped = [f"{one.label} (left nothing, dropped)" for one in answer.inferred if one.relaxed]
    line = "understood: " + "; ".join([*read, *dropped])
    return [*resolved, *([line] if read or dropped else [])]


def hits_text(hits: Sequence[Hit]) -> str:
    """Return hits as a numbered list: headline, outlet and date; the passage; its location."""
    if not hits:
        return "Nothing found."
    blocks = []
    for place, hit in enumerate(hits, start=1):
        passage, article = hit.passage, hit.passage.article
        published = article.published.iso() if article.published else None
        blocks.append(
            _place(
                f"{place}.",
                article.headline,
                [article.outlet, _day(published)],
                passage.text,
                [
                    article.id,
                    f"characters {passage.start}-{passage.end}",
                    _story(hit),
                    _unless_id(article.url, article.id),
                ],
            )
        )
    return "\n\n".join(blocks)


def _story(hit: Hit) -> str:
    """Return how many outlets carry the same story, and which was first; "" if the article stands alone."""
    outlets = {telling.outlet for telling in hit.story}
    if not hit.story:
        return ""
    noun = "outlet" if len(outlets) == 1 else "outlets"
    return f"1 story, {len(outlets)} {noun}, first {hit.story[0].outlet or hit.story[0].article_id}"


def article_text(article: StoredArticle, latest: int) -> str:
    """Return one version of an article as readable text.

    :param latest: the number of its latest version.
    """
    published, updated = (moment.iso() if moment else "" for moment in (article.published, article.updated))
    which = f"version {article.version}"
    if not article.current:
        which += f", superseded by version {latest}"
    head = [
        bold(visible(article.headline)) if article.headline else "",
        joined([article.outlet, article.section, article.byline, published, updated and f"updated {updated}"]),
        dim(joined([article.id, which, article.language, _unless_id(article.url, article.id)])),
    ]
    paragraphs = [filled(paragraph) for paragraph in article.text.split("\n\n")]
    return "\n\n".join(["\n".join(line for line in head if line), *paragraphs])


def status_text(status: Mapping[str, Any]) -> str:
    """Return the state of an archive as a two-column table."""
    counts = ", ".join(f"{status[name]:,} {name}" for name in ("versions", "passages", "vectors"))
    faults = status["indexes"]["faults"]
    damage = status["check"]["faults"] if "check" in status else None
    table = {
        "archive": status["archive"],
        "articles": f"{status['articles']:,} ({counts})",
        "quotes": f"{status['quotes']:,}{_unread(status['unread_articles'])}",
        "covers": f"{status['first']} to {status['last']}" if status["first"] else "no dated article",
        "outlets": str(status["outlets"]),
        "languages": ", ".join(status["languages"]) or "none",
        "last updated": (status["ingested"] or "never").replace("T", " ").replace("Z", " UTC"),
        "model": f"{status['model']} ({status['dimensions']} dimensions)" if status["model"] else "none yet",
        "worded by": status["language_model"] or "no language model",
        "indexes": "healthy" if status["indexes"]["healthy"] else f"{len(faults)} to repair with `ontherecord reindex`",
        **({} if damage is None else {"check": f"{len(damage)} faults" if damage else "no damage"}),
        "on disk": ", ".join(f"{name} {size(count)}" for name, count in status["bytes"].items()),
    }
    lines = [f"{name:14}{visible(value)}" for name, value in table.items()]
    return "\n".join([*lines, *(f"{'':14}- {visible(fault)}" for fault in [*faults, *(damage or ())])])


def _unread(articles: int) -> str:
    return f" ({articles:,} articles still to be read for quotes, with `ontherecord reindex`)" if articles else ""


# --- pieces ------------------------------------------------------------------------------------------------


def _citation(citation: Citation, marker: str = "", with_text: bool = True) -> str:
    of_version = f"version {citation.version}" + (" (superseded)" if citation.superseded else "")
    return _place(
        marker or f"[{citation.marker}]",
        citation.headline,
        [citation.outlet, _day(citation.published), citation.byline],
        citation.text if with_text else "",
        [
            citation.article_id,
            of_version,
            f"characters {citation.start}-{citation.end}",
            _unless_id(citation.url, citation.article_id),
        ],
    )


def _place(marker: str, headline: str, about: Iterable[str], text: str, where: Iterable[str]) -> str:
    margin = " " * (len(marker) + 1)
    heading = filled(f"{marker} {joined([headline or '(no headline)', *about])}", rest=margin)
    passage = [filled(text, margin, margin)] if text else []
    return "\n".join([bold(marker) + heading[len(marker) :], *passage, margin + dim(joined(where))])


def joined(parts: Iterable[str]) -> str:
    """Join the non-empty parts with dots."""
    return " · ".join(visible(part) for part in parts if part)


def _day(published: str | None) -> str:
    return published[:10] if published else "no date"


def _unless_id(url: str, article_id: str) -> str:
    return "" if url == article_id else url


def filled(text: str, first: str = "", rest: str = "") -> str:
    """Wrap text to the width of the terminal; return a single line if there is no terminal."""
    flat = " ".join(visible(text).split())
    columns = _columns()
    if columns is None:
        return first + flat
    return textwrap.fill(
        flat, columns, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _columns() -> int | None:
    if not sys.stdout.isatty():
        return None
    return max(40, min(_WIDEST, shutil.get_terminal_size().columns))


def bold(text: str) -> str:
    """Return text in bold, if the terminal supports it."""
    return typer.style(text, bold=True) if _coloured() else text


def dim(text: str) -> str:
    """Return dimmed text, if the terminal supports it."""
    return typer.style(text, dim=True) if _coloured() else text


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
