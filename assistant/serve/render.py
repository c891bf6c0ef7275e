"""HTML from what articles, questions and settings contain: every character escaped, nothing read as markup.

The functions return strings of HTML whose only elements are written here. Text that comes from outside goes
through ``esc``, whole; an address becomes a link only when ``web_address`` takes it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import zip_longest
from urllib.parse import urlsplit

from assistant.answering.extractive import NOT_FOUND, cite
from assistant.retrieval.understanding import INFERRED
from assistant.types import Answer, Citation, Filters, Freshness, Hit, Inference, Sentence, StoredArticle

RTL_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x1f\x7f<>\"'`\\^{|}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d))?)?)?")
_DOT = ' <span class="otr-dot" aria-hidden="true">·</span> '
_LATER = "Superseded: the archive has a later version of this article."
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


def attribution(citation: Citation) -> str:
    """Return the quote with its source as plain text, ready to paste.

    Words, headline, outlet, date, byline, address and version; quotation marks only around words that have none.
    """
    text = citation.text
    quoted = text if re.search(r'["“”„«»]', text) else f"“{text}”"
    source = [part for part in (citation.headline, citation.outlet, readable_date(citation.published)) if part]
    if citation.byline:
        source.append(_by(citation.byline))
    place = citation.url or citation.article_id
    return f"{quoted}\n— {', '.join(source)}\n{place} (version {citation.version})"


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


def filter_chips(filters: Filters) -> str:
    """Return what the question was restricted to, as small labels; "" for no restriction."""
    labels = [f"from {readable_date(filters.since.iso())}"] if filters.since else []
    if filters.until:
        labels.append(f"before {readable_date(filters.until.iso())}")
    labels += [*filters.outlets, *(f"by {name}" for name in filters.authors), *filters.sections, *filters.languages]
    if not labels:
        return ""
    chips = "".join(f"<li><bdi>{esc(label)}</bdi></li>" for label in labels)
    return f'<ul class="otr-chips" aria-label="Restricted to">{chips}</ul>'


def inferred_chips(answer: Answer, turn: int, without: Sequence[str] = ()) -> str:
    """Return what was read out of a question, as chips that can be removed; "" where nothing was.

    A chip's cross asks again without it; the time itself, when pressed, goes into the date fields to be changed.

    :param turn: number of the turn; comes back with a click, with the place of the inference in ``INFERRED``.
    :param without: names of inferences that were removed; each can be put back.
    """
    chips = [_chip(one, turn) for one in answer.inferred]
    for name in (one for one in INFERRED if one in without):
        said = _CHIP_NAMES[name]
        button = _chip_button("restore", turn, name, "Put back", f"Read the {said} from the question again")
        chips.append(f'<li class="otr-off">{said} not read from the question {button}</li>')
    return (
        f'<ul class="otr-chips" aria-label="What the question was understood to mean">{"".join(chips)}</ul>'
        if chips
        else ""
    )


_CHIP_NAMES = {
    "time": "time",
    "outlet": "outlet",
    "kind": "kind of answer",
    "speaker": "speaker",
    "addressee": "whom it was said to",
    "variants": "other spellings",
    "followup": "earlier question",
}


def _chip(one: Inference, turn: int) -> str:
    label = f"<bdi>{esc(one.label)}</bdi>"
    if one.relaxed:
        return f'<li class="otr-relaxed"><s>{label}</s> <span>left nothing</span></li>'
    if one.name == "followup":
        label = f"asked as “{label}”"
    elif one.name == "time":
        label = _chip_button("dates", turn, one.name, one.label, f"Change the dates: {one.label}")
    cross = _chip_button("drop", turn, one.name, "×", f"Ask again without {_CHIP_NAMES[one.name]}: {one.label}")
    return f'<li data-name="{one.name}">{label} {cross}</li>'


def _chip_button(kind: str, turn: int, name: str, shown: str, label: str) -> str:
    return (
        f'<button type="button" class="otr-{kind}" data-kind="{kind}" data-turn="{turn}" '
        f'data-number="{INFERRED.index(name) + 1}" aria-label="{esc(label)}">{esc(shown)}</button>'
    )


def answer_html(answer: Answer, turn: int) -> str:
    """Return one answer: its sentences, numbered citations, near misses, status and freshness.

    :param turn: number of the turn in the conversation; comes back with a click on a citation.
    """
    parts = [_status(answer), sentences_html(answer.sentences, answer.citations, turn, answer.kind)]
    if answer.citations:
        parts.append(_citations(answer.citations, turn, "cite", "Sources", "otr-cites"))
    if answer.near_misses and answer.status != "supported":
        parts.append(_citations(answer.near_misses, turn, "near", "Closest passages", "otr-near"))
    parts += [wording_html(answer), freshness_line(answer.freshness)]
    return "".join(parts)


def sentences_html(sentences: Sequence[Sentence], citations: Sequence[Citation], turn: int, kind: str = "fact") -> str:
    """Return sentences under their headings, each with its markers; unsupported ones struck, and said to be so."""
    by_marker = {citation.marker: citation for citation in citations}
    parts = []
    heading = ""
    following = [sentence.speaker for sentence in sentences[1:]]
    for sentence, next_speaker in zip_longest(sentences, following):
        cited = [by_marker[marker] for marker in sentence.citations if marker in by_marker]
        marks = "".join(_marker(citation, turn) for citation in cited)
        lang = language_of(cited[0].language) if cited else ' dir="auto"'
        last = sentence.speaker and sentence.speaker != next_speaker
        reported = " (reported)" if sentence.quote and sentence.quote.kind == "indirect" else ""
        to = f" to <bdi>{esc(sentence.quote.addressee)}</bdi>" if sentence.quote and sentence.quote.addressee else ""
        last = last or (sentence.speaker and (reported or to))
        speaker = f"<footer>— <bdi>{esc(sentence.speaker)}</bdi>{to}{reported}</footer>" if last else ""
        story = _story([(one.outlet, one.published) for one in cited])
        words = f"<p>{_bold(sentence)}&nbsp;{marks}</p>"
        if not sentence.supported:
            words = f'<p><s>{esc(sentence.text)}</s> <span class="otr-not">not supported by the sources</span></p>'
        if sentence.group and sentence.group != heading:
            heading = sentence.group
            parts.append(f'<h4 class="otr-group"><bdi>{esc(readable_group(kind, heading))}</bdi></h4>')
        css = "otr-said" if sentence.supported else "otr-said otr-struck"
        parts.append(f'<blockquote class="{css}"{lang}>{words}{story}{speaker}</blockquote>')
    return "".join(parts)


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


def _citations(citations: Sequence[Citation], turn: int, kind: str, title: str, css: str) -> str:
    rows = "".join(_citation(citation, turn, kind, place) for place, citation in enumerate(citations, 1))
    return f'<section class="{css}"><h4>{title}</h4><ol>{rows}</ol></section>'


def _citation(citation: Citation, turn: int, kind: str, place: int) -> str:
    number = citation.marker if kind == "cite" else place
    shown = f'<span class="otr-number" aria-hidden="true">[{number}]</span>' if kind == "cite" else ""
    quote = (
        ""
        if kind == "cite"
        else f'<span class="otr-excerpt"{language_of(citation.language)}>{esc(citation.text)}</span>'
    )
    open_button = (
        f'<button type="button" class="otr-cite" data-kind="{kind}" data-turn="{turn}" data-number="{number}">'
        f'{shown}<span class="otr-source">{_source(citation)}</span></button>'
    )
    return f'<li><div class="otr-row">{open_button}{copy_button(citation)}</div>{quote}</li>'


def _source(citation: Citation) -> str:
    late = '<span class="otr-superseded">superseded</span>' if citation.superseded else ""
    byline = f"<bdi>{esc(_by(citation.byline))}</bdi>" if citation.byline else ""
    facts = [f"<bdi>{esc(citation.outlet)}</bdi>" if citation.outlet else "", readable_date(citation.published), byline]
    headline = f'<bdi class="otr-headline">{esc(citation.headline or "Untitled")}</bdi>'
    return f'{headline}<span class="otr-facts">{_DOT.join(fact for fact in facts if fact)}{late}</span>'


def copy_button(citation: Citation) -> str:
    """Return the button that copies the citation's words with their attribution."""
    return (
        f'<button type="button" class="otr-copy" data-copy="{esc(attribution(citation))}" '
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
    return (
        '<li><div class="otr-row">'
        f'<button type="button" class="otr-cite" data-kind="hit" data-turn="{search}" data-number="{place}">'
        f'<span class="otr-source">{_source(citation)}</span></button>{copy_button(citation)}</div>'
        f'<p class="otr-excerpt"{language_of(citation.language)}>{esc(citation.text)}</p>'
        f"{_story([(one.outlet, one.published) for one in hit.story])}</li>"
    )


def _story(told: Sequence[tuple[str, str | None]]) -> str:
    """Return how many outlets carry the same words, and which did first; "" for one alone.

    :param told: outlet and day of each, the earliest first.
    """
    outlets = len({outlet for outlet, _ in told})
    if outlets < 2:
        return ""
    outlet, published = told[0]
    first = _DOT.join(part for part in (f"<bdi>{esc(outlet)}</bdi>", readable_date(published)) if part)
    return f'<p class="otr-story">1 story, {outlets} outlets; first {first}</p>'


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
