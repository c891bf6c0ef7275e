"""HTML from what articles, questions and settings contain: every character escaped, nothing read as markup.

The functions return strings of HTML whose only elements are written here. Text that comes from outside goes
through ``esc``, whole; an address becomes a link only when ``web_address`` takes it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.answering.citations import cite
from assistant.prompts import NOT_FOUND
from assistant.types import Answer, Citation, Freshness, Hit, Sentence, StoredArticle

RTL_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x1f\x7f<>\"'`\\^{|}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d))?)?)?")
_DOT = ' <span class="otr-dot" aria-hidden="true">·</span> '
_LATER = "Superseded: the archive has a later version of this article."
HOW = {"direct": "", "mixed": "partly reported", "indirect": "reported"}
"""How somebody's words are given, in words."""
_MONTHS = "January February March April May June July August September October November December".split()


def esc(text: object) -> str:
    """Return ``text`` as HTML that shows exactly its characters, in an element or in a quoted attribute.

    Also escapes what template languages of the page's framework would read (``${...}``, ``{{...}}``).
    """
    return html.escape(str(text), quote=True).translate(_TEMPLATE)


def web_address(url: str) -> str | None:
    """Return ``url`` when it is a plain http(s) address that may become a link, else None.

    Refused: other schemes, credentials, white space, control and direction characters, no host.
    """
    if not url or len(url) > 2_048 or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
    return url if plain else None


def readable_date(iso: str | None) -> str:
    """Return ``2023-05-12T15:56:15Z`` as "12 May 2023, 15:56 UTC", coarser ones likewise; "undated" for None."""
    match = _ISO.match(iso or "")
    if not match:
        return "undated"
    year, month, day, clock = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    name = f"{_MONTHS[int(month) - 1]} {year}"
    if not day:
        return name
    return f"{int(day)} {name}" + (f", {clock} UTC" if clock else "")


def attribution(citation: Citation, speaker: str = "", addressee: str = "", kind: str = "direct") -> str:
    """Return the quote with its source as plain text, ready to paste.

    Words, whose they are, headline, outlet, date, byline, address and version; quotation marks only around words that
    have none, and around none that are only reported.

    :param addressee: whom ``speaker`` said them to; "" where the article does not say.
    :param kind: how they are given, as ``Said`` has it.
    """
    text = citation.text
    bare = kind == "indirect" or re.search(r'["“”„«»]', text)
    source = [part for part in (citation.headline, citation.outlet, readable_date(citation.published)) if part]
    if citation.byline:
        source.append(_by(citation.byline))
    to = f"to {' '.join(addressee.split())}" if addressee else ""
    whose = ", ".join(filter(None, (speaker, to, HOW[kind])))
    place = citation.url or citation.article_id
    return (
        f"{text if bare else f'“{text}”'}\n— {whose + '. ' if whose else ''}{', '.join(source)}\n"
        f"{place} (version {citation.version})"
    )


def highlighted(text: str, start: int, end: int) -> str:
    """Return ``text`` escaped, with the characters from ``start`` to ``end`` in one ``<mark>``.

    Offsets outside the text are clamped; an empty span marks nothing.
    """
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    if start >= end:
        return esc(text)
    return f'{esc(text[:start])}<mark id="cited" tabindex="-1">{esc(text[start:end])}</mark>{esc(text[end:])}'


def freshness_line(freshness: Freshness) -> str:
    """Return the line every answer ends with: how much there is, of which dates, taken in when."""
    return f'<p class="otr-fresh">In the archive: {esc(_readable(freshness))}</p>'


def _readable(freshness: Freshness) -> str:
    if not freshness.articles:
        return "no articles yet."
    noun = "article" if freshness.articles == 1 else "articles"
    covers = ", none of them dated"
    if freshness.first and freshness.last:
        covers = f", {readable_date(freshness.first[:10])} to {readable_date(freshness.last[:10])}"
    taken = f"; last taken in {readable_date(freshness.ingested)}" if freshness.ingested else ""
    return f"{freshness.articles:,} {noun}{covers}{taken}."


def answer_html(answer: Answer, turn: int) -> str:
    """Return one answer: its sentences, numbered citations, near misses, status and freshness.

    :param turn: number of the turn in the conversation; comes back with a click on a citation.
    """
    parts = [_status(answer), sentences_html(answer.sentences, answer.citations, turn, answer.kind)]
    if answer.citations:
        parts.append(_sources(answer.citations, turn))
    if answer.near_misses and answer.status != "supported":
        parts.append(_near_misses(answer.near_misses, turn))
    parts += [wording_html(answer), freshness_line(answer.freshness)]
    return "".join(parts)


def sentences_html(sentences: Sequence[Sentence], citations: Sequence[Citation], turn: int, kind: str = "fact") -> str:
    """Return sentences under their headings, each with its markers, whose words it has, and where and when they stood.

    Unsupported ones are struck, and said to be so.
    """
    by_marker = {citation.marker: citation for citation in citations}
    parts = []
    heading = ""
    for sentence in sentences:
        cited = [by_marker[marker] for marker in sentence.citations if marker in by_marker]
        if sentence.group and sentence.group != heading:
            heading = sentence.group
            parts.append(f'<h4 class="otr-group"><bdi>{esc(readable_group(kind, heading))}</bdi></h4>')
        parts.append(_supported(sentence, cited, turn) if sentence.supported else _struck(sentence))
    return "".join(parts)


def _supported(sentence: Sentence, cited: Sequence[Citation], turn: int) -> str:
    lang = language_of(cited[0].language) if cited else ' dir="auto"'
    marks = "".join(_marker(citation, turn) for citation in cited)
    parts = [_whose(sentence), *(_carried(cited) if cited else ())]
    # What is copied are the words cited; of a model's own words they are others.
    copy = copy_button(cited[0], sentence) if cited and not sentence.checked else ""
    footer = f'<footer dir="ltr"><span>{_DOT.join(filter(None, parts))}</span>{copy}</footer>'
    return f'<blockquote class="otr-said"{lang}><p>{_bold(sentence)}&nbsp;{marks}</p>{footer}</blockquote>'


def _carried(cited: Sequence[Citation]) -> list[str]:
    """Return who carries the words cited, and since when."""
    story = _story([(one.outlet, one.published) for one in cited])
    return [story] if story else _stood(cited[0].outlet, cited[0].published)


def _struck(sentence: Sentence) -> str:
    words = f'<s>{esc(sentence.text)}</s> <span class="otr-not">not supported by the sources</span>'
    return f'<blockquote class="otr-said otr-struck" dir="auto"><p>{words}</p></blockquote>'


def _whose(sentence: Sentence) -> str:
    """Return the speaker of a sentence, to whom, and that it is only reported where it is; "" where nobody speaks."""
    if not sentence.speaker:
        return ""
    quote = sentence.quote
    to = f" to <bdi>{esc(quote.addressee)}</bdi>" if quote and quote.addressee else ""
    reported = " (reported)" if quote and quote.kind == "indirect" else ""
    return f"— <bdi>{esc(sentence.speaker)}</bdi>{to}{reported}"


def wording_html(answer: Answer) -> str:
    """Return who worded an answer, with what was checked on request; or why a model's words are not shown; or ""."""
    how = answer.wording
    if how.by == "archive":
        return f'<p class="otr-wording">{esc(how.note)}</p>' if how.note else ""
    dropped = f" {how.dropped} of {how.drafted} did not go out as supported." if how.dropped else ""
    rows = "".join(_checked(sentence) for sentence in answer.sentences)
    faults = f"<p>What failed in those: {esc(', '.join(how.faults))}.</p>" if how.faults else ""
    return (
        f'<p class="otr-wording">Worded by <bdi>{esc(how.model)}</bdi>; each sentence was checked against its sources.'
        f'{dropped}</p><details class="otr-checks"><summary>How it was checked</summary><ol>{rows}</ol>{faults}'
        f"<p>Prompt <bdi>{esc(how.prompt)}</bdi></p></details>"
    )


def _checked(sentence: Sentence) -> str:
    """Return what was looked at in one sentence."""
    items = "".join(
        f'<li class="{"otr-holds" if one.holds else "otr-fails"}">{esc(one.name)}: '
        f"{'holds' if one.holds else 'does not hold'}{esc(f' ({one.detail})' if one.detail else '')}</li>"
        for one in sentence.checked
    )
    return f"<li><bdi>{esc(sentence.text)}</bdi><ul>{items}</ul></li>"


def readable_group(kind: str, group: str) -> str:
    """Return the heading of sentences for people: a timeline's days are written out."""
    return readable_date(group) if kind == "timeline" else group


def _bold(sentence: Sentence) -> str:
    """Return a sentence as HTML, with the words that answer in bold."""
    start, end = sentence.highlight or (0, 0)
    text = sentence.text
    return f"{esc(text[:start])}<b>{esc(text[start:end])}</b>{esc(text[end:])}" if start < end else esc(text)


def _status(answer: Answer) -> str:
    if answer.status == "supported":
        return ""
    reason = f" <span>{esc(answer.reason)}</span>" if answer.reason else ""
    if answer.status == "partial":
        return f'<p class="otr-status otr-partial"><strong>A partial answer.</strong>{reason}</p>'
    return f'<p class="otr-status otr-none"><strong>{NOT_FOUND}</strong>{reason}</p>'


def _marker(citation: Citation, turn: int) -> str:
    label = f"Citation {citation.marker}: {citation.outlet}, {citation.headline}. Open the source"
    return (
        f'<button type="button" class="otr-ref" data-kind="cite" data-turn="{turn}" data-number="{citation.marker}" '
        f'aria-label="{esc(label)}">[{citation.marker}]</button>'
    )


def _sources(citations: Sequence[Citation], turn: int) -> str:
    """Return the articles that are cited, each once, with the markers of all that is cited from it."""
    articles: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        articles.setdefault((citation.article_id, citation.version), []).append(citation)
    rows = "".join(
        f'<li><div class="otr-row"><span class="otr-numbers">{"".join(_marker(one, turn) for one in cited)}</span>'
        f"{_open_button(cited[0], 'cite', turn, cited[0].marker)}</div></li>"
        for cited in articles.values()
    )
    return f'<section class="otr-cites"><h4>Sources</h4><ol>{rows}</ol></section>'


def _near_misses(citations: Sequence[Citation], turn: int) -> str:
    rows = "".join(
        f'<li><div class="otr-row">{_open_button(one, "near", turn, place)}{copy_button(one)}</div>'
        f'<span class="otr-excerpt"{language_of(one.language)}>{esc(one.text)}</span></li>'
        for place, one in enumerate(citations, 1)
    )
    return f'<section class="otr-near"><h4>Closest passages</h4><ol>{rows}</ol></section>'


def _open_button(citation: Citation, kind: str, turn: int, number: int) -> str:
    return (
        f'<button type="button" class="otr-cite" data-kind="{kind}" data-turn="{turn}" data-number="{number}">'
        f'<span class="otr-source">{_source(citation)}</span></button>'
    )


def _source(citation: Citation) -> str:
    late = '<span class="otr-superseded">superseded</span>' if citation.superseded else ""
    byline = f"<bdi>{esc(_by(citation.byline))}</bdi>" if citation.byline else ""
    facts = [f"<bdi>{esc(citation.outlet)}</bdi>" if citation.outlet else "", readable_date(citation.published), byline]
    headline = f'<bdi class="otr-headline">{esc(citation.headline or "Untitled")}</bdi>'
    return f'{headline}<span class="otr-facts">{_DOT.join(fact for fact in facts if fact)}{late}</span>'


def copy_button(citation: Citation, sentence: Sentence | None = None) -> str:
    """Return the button that copies the citation's words with their attribution.

    :param sentence: of an answer, that has these words, and knows whose they are.
    """
    said = sentence.quote if sentence else None
    whose = (sentence.speaker or "", said.addressee, said.kind) if sentence and said else ()
    return (
        f'<button type="button" class="otr-copy" data-copy="{esc(attribution(citation, *whose))}" '
        f'aria-label="Copy the quote from {esc(citation.outlet or "this source")} with its attribution">Copy</button>'
    )


def hits_html(hits: Sequence[Hit], freshness: Freshness, search: int = 0) -> str:
    """Return search results in the order given, each to be opened by its place in the list (from 1).

    :param search: number of the search; comes back with a click on a result.
    """
    if not hits:
        advice = "<strong>Nothing found.</strong> <span>Try other words, or fewer filters.</span>"
        return f'<p class="otr-status otr-none">{advice}</p>{freshness_line(freshness)}'
    rows = "".join(_hit(hit, search, place) for place, hit in enumerate(hits, 1))
    noun = "passage" if len(hits) == 1 else "passages"
    count = f'<p class="otr-count">{len(hits)} {noun}</p>'
    return f'{count}<ol class="otr-hits" data-search="{search}">{rows}</ol>{freshness_line(freshness)}'


def _hit(hit: Hit, search: int, place: int) -> str:
    citation = hit_citation(hit, place)
    story = _story([(one.outlet, one.published) for one in hit.story])
    story = f'<p class="otr-story">{story}</p>' if story else ""
    return (
        '<li><div class="otr-row">'
        f"{_open_button(citation, 'hit', search, place)}{copy_button(citation)}</div>"
        f'<p class="otr-excerpt"{language_of(citation.language)}>{esc(citation.text)}</p>'
        f"{story}</li>"
    )


def _story(told: Sequence[tuple[str, str | None]]) -> str:
    """Return how many outlets carry the same words, and which did first; "" for one alone.

    :param told: outlet and day of each, the earliest first.
    """
    outlets = len({outlet for outlet, _ in told})
    return f"1 story, {outlets} outlets; first {_DOT.join(_stood(*told[0]))}" if outlets > 1 else ""


def _stood(outlet: str, published: str | None) -> list[str]:
    return [*([f"<bdi>{esc(outlet)}</bdi>"] if outlet else []), readable_date(published)]


def hit_citation(hit: Hit, marker: int) -> Citation:
    """Return where a found passage stands, as a citation numbered ``marker``."""
    return cite(hit.passage.article, hit.passage.start, hit.passage.end, marker)


def source_html(article: StoredArticle, citation: Citation) -> str:
    """Return the whole article with the cited characters marked, and where it comes from."""
    published = article.published.iso() if article.published else None
    facts = [readable_date(published)]
    if article.byline:
        facts.append(f"<bdi>{esc(_by(article.byline))}</bdi>")
    if article.updated and article.updated.iso() != published:
        facts.append(f"updated {readable_date(article.updated.iso())}")
    facts.append(f"version {article.version}")
    later = citation.superseded or not article.current
    note = f'<p class="otr-status otr-partial">{_LATER}</p>' if later else ""
    return (
        '<article class="otr-article" aria-label="Source">'
        f'<div class="otr-bar"><p class="otr-outlet"><bdi>{esc(article.outlet or "Unknown outlet")}</bdi></p>'
        '<button type="button" class="otr-close" aria-label="Close the source">Close</button></div>'
        f'<h3 tabindex="-1"{language_of(article.language)}>{esc(article.headline or "Untitled")}</h3>'
        f'<p class="otr-facts">{_DOT.join(facts)}</p>{note}'
        f'<div class="otr-tools">{copy_button(citation)}{_link(article.url)}</div>'
        f'<div class="otr-text"{language_of(article.language)}>'
        f"{highlighted(article.text, citation.start, citation.end)}</div></article>"
    )


def _link(url: str) -> str:
    address = web_address(url)
    if not address:
        return ""
    host = urlsplit(address).hostname or ""
    return (
        f'<a href="{esc(address)}" target="_blank" rel="noopener noreferrer nofollow">'
        f"Read at <bdi>{esc(host.removeprefix('www.'))}</bdi></a>"
    )


def _by(byline: str) -> str:
    return "by " + re.sub(r"(?i)\Aby\s+", "", byline)


def language_of(language: str) -> str:
    """Attributes of text in ``language``: its direction, and its code when it is one."""
    code = language if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", language) else ""
    direction = "rtl" if code.split("-")[0].lower() in RTL_LANGUAGES else "auto"
    return f' dir="{direction}"' + (f' lang="{code}"' if code else "")


def notice_html(text: str, kind: str = "error") -> str:
    """Return a line that says what went wrong ("error") or what is going on ("busy")."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="otr-notice otr-{kind}" role="{role}">{esc(text)}</p>'
