"""What articles contain shows as its own characters, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.speech.listing import Listing
from assistant.dates import parse_date
from assistant.inferences import INFERENCES, ShownInference
from assistant.serve import render
from assistant.serve.page import Turn, conversation_html
from assistant.serve.quotes_view import timeline_html
from assistant.speakers.resolve import Speaker
from assistant.types import (
    Answer,
    Checked,
    Citation,
    Filters,
    Fragment,
    Freshness,
    Hit,
    Inference,
    Part,
    Passage,
    Quote,
    QuoteAttribution,
    Sentence,
    StoredArticle,
    Telling,
    Wording,
)

FRESHNESS = Freshness(2, "2021-03-02", "2023-06-01", "2023-06-02T07:30:00Z")
PLAIN = Answer(
    question="q", answer="", status="supported", reason="", sentences=(), citations=(), near_misses=(), freshness=FRESHNESS,
)  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</mark></div><h1>forged</h1>",
    "[link](javascript:alert(1)) ![image](https://evil.example/p.png)",
    "$$\\frac{1}{2}$$ ${alert(1)} {{constructor}} {% raw %} `x`",
    "{{ 7 * 7 }} {{7*7}} {% for x in y %} {# not seen #} {%- endraw -%}",
    "&lt;script&gt; &amp;#60; &#x3c;script&#x3e;",
    "\u202eoverride\u202c \u2066isolate\u2069 \u200fmark",
    "<!-- --> <![CDATA[x]]> <?php ?>",
]
# HTML itself turns these into others, so the archive never stores them.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


class Seen(HTMLParser):
    """Elements, attributes and text of a piece of HTML, as a browser would read it."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "elements must nest"

    def handle_data(self, data: str) -> None:
        for tag in {*self._open, ""}:
            self.text[tag] = self.text.get(tag, "") + data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def article(text: str, **fields: str) -> StoredArticle:
    said = {"url": "", "headline": "", "byline": "", "outlet": "", "section": "", "language": "en", **fields}
    return StoredArticle(1, "a1", 1, True, text, published=parse_date("2023-05-12"), updated=None, **said)


def citation(text: str, **fields: str | int) -> Citation:
    plain = Citation(1, "a1", 1, "", "", "", "2023-05-12", "", "en", 0, len(text), text)
    return replace(plain, **fields)  # type: ignore[arg-type]


def everything(text: str) -> str:
    """Every piece of the page, with ``text`` wherever text can come from outside."""
    outside = {"headline": text, "byline": text, "outlet": text, "url": text, "language": text}
    stored, cited = article(f"before {text} after", section=text, **outside), citation(text, **outside)
    filters = Filters(parse_date("2020"), parse_date("2024"), (text,), (text,), (text,), (text,))
    said, shown = (Sentence(text, (1,), 1.0, text),), (cited,)
    asked = replace(PLAIN, question=text, answer=text, reason=text, near_misses=shown, filters=filters)
    partial = replace(asked, status="partial", sentences=said, citations=shown)
    missing = replace(asked, status="not_found")
    story = (Telling("a1", text, "2023-05-12"), Telling("a2", "Another", None))
    hit = Hit(Passage(1, stored, 0, 0, len(stored.text)), 1.0, story=story)
    pieces = [render.answer_html(partial, 1), render.answer_html(missing, 2), render.filter_chips(filters)]
    pieces += [render.hits_html([hit], FRESHNESS), render.source_html(stored, render.hit_citation(hit, 1))]
    pieces += [render.notice_html(text), render.highlighted(text, 0, len(text)), render.header_html(failure=text)]
    return "".join([*pieces, conversation(text, partial), quotes(text)])


def conversation(text: str, answer: Answer) -> str:
    """Conversation in which every kind of turn has ``text``."""
    shown: tuple[ShownInference, ...] = get_args(ShownInference)
    inferred = [Inference(name, text, text, None, gone) for name in shown for gone in (True, False)]
    check = (Checked(text, False, text),)
    worded = Wording("model", text, text, "", 2, 1, (text,))
    drafted = Sentence(
        text, (1,), 1.0, text, QuoteAttribution("indirect", text, text, text, (0, 1), text), text, checked=check
    )
    said = (drafted, replace(drafted, supported=False))
    turns = [
        Turn(1, text, replace(answer, inferred=tuple(inferred), sentences=said, wording=worded), without=INFERENCES),
        Turn(2, text, replace(answer, wording=Wording(note=text))),
        Turn(3, text, failure=text),
        Turn(4, text, parts=(Part(drafted, answer.citations),)),
        Turn(5, text),
    ]
    return conversation_html(turns)


def quotes(text: str) -> str:
    """Quotes along a line of time, with ``text`` wherever text can come from outside."""
    part = Fragment(text, (0, 1))
    quote = Quote(
        text, "mixed", text, text, part, part, part, "a1", 1, 0, 1, text, text, text, "2024-03-01", text, text
    )
    both = [quote, replace(quote, published="2024-05-02")]
    speaker = Speaker(text, "name", ((text, 1), (f"{text} too", 1)), 2, 1)
    shown = timeline_html(Listing((speaker,), tuple(both), 3), both, text, 1)
    return shown + timeline_html(Listing((), (), 0), [], text, 1) + timeline_html(Listing((), (), 0), [], "", 1)


OURS = Seen(everything("plain"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(text: str) -> None:
    seen = Seen(everything(text))
    assert seen.tags <= OURS.tags
    assert {name for name, _ in seen.attributes} <= {name for name, _ in OURS.attributes}
    assert not seen.values("href")
    assert text in seen.text["mark"]
    assert text in seen.text["blockquote"]


@settings(max_examples=50)  # each renders every template
@given(TEXTS)
def test_any_text_shows_as_its_own_characters(text: str) -> None:
    seen = Seen(everything(text))
    assert seen.tags <= OURS.tags
    assert seen.text["mark"].endswith(text)


@given(TEXTS, TEXTS, TEXTS)
def test_the_mark_holds_exactly_the_cited_characters(before: str, cited: str, after: str) -> None:
    whole = before + cited + after
    seen = Seen(render.highlighted(whole, len(before), len(before) + len(cited)))
    assert seen.text["mark"] == cited
    assert seen.text[""] == whole


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (90, 99), (-5, 0)])
def test_an_empty_span_marks_nothing(start: int, end: int) -> None:
    assert render.highlighted("some text", start, end) == "some text"


def test_templates_of_the_page_framework_stay_text() -> None:
    markup = everything("${window.x} {{window.y}} `z`")
    assert "${" not in markup
    assert "{{" not in markup
    assert "`" not in markup


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/x",
        "//evil.example/x", "https://", "http:///x", "https://user:word@host.example/", "https://a.example/\u202egpj.exe",
        "https://a.example/ x", "https://a.example/\nx", "java\tscript:x", "https://[::1", "https://a.example:port/",
        'https://a.example/"onclick="x', "", "/local", "https://a.example/" + "x" * 2_100,
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert render.web_address(url) is None
    assert "href" not in render.source_html(article("text", url=url), citation("text"))


@pytest.mark.parametrize("url", ["https://a.example/x?y=1&z=%20#f", "http://a.example", "https://ä.example/ß"])
def test_a_plain_web_address_becomes_a_link_that_gives_nothing_away(url: str) -> None:
    seen = Seen(render.source_html(article("text", url=url), citation("text")))
    assert seen.values("href") == [url]
    assert set(seen.values("rel")[0].split()) >= {"noopener", "noreferrer"}


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2023", "2023"), ("2023-05", "May 2023"), ("2023-05-02", "2 May 2023"), (None, "undated"), ("", "undated"),
        ("2023-05-12T15:56:15Z", "12 May 2023, 15:56 UTC"), ("2023-13", "2023"),
    ],
)  # fmt: skip
def test_dates_keep_the_precision_they_were_given_in(iso: str | None, shown: str) -> None:
    assert render.readable_date(iso) == shown


def test_a_copied_quote_says_where_it_stands() -> None:
    cited = citation(
        "It will open.", headline="A day", outlet="The Gazette", byline="By Ann Lee", url="https://g.example/1"
    )
    assert render.attribution(cited) == (
        "“It will open.”\n— A day, The Gazette, 12 May 2023, by Ann Lee\nhttps://g.example/1 (version 1)"
    )


def test_words_with_quotation_marks_are_copied_as_they_stand() -> None:
    assert render.attribution(citation("“No,” he said.")).startswith("“No,” he said.\n")


def test_a_refusal_says_so_with_its_reason_and_near_misses() -> None:
    near = (citation("A near miss.", headline="Near"),)
    answer = replace(PLAIN, status="not_found", reason="Nothing covers 1999.", near_misses=near)
    text = Seen(render.answer_html(answer, 1)).text[""]
    assert "The archive does not say." in text
    assert "Nothing covers 1999." in text
    assert "A near miss." in text
    assert "2 articles, 2 March 2021 to 1 June 2023; last updated 2 June 2023, 07:30 UTC." in text


def test_each_sentence_says_whose_words_it_has_and_where_and_when_they_stood() -> None:
    quote = QuoteAttribution("indirect", "Ann", "Ann", "said", (0, 4), "reporters")
    said = (Sentence("One.", (1,), 1.0, "Ann", quote), Sentence("Two.", (1,), 1.0, "Bo"), Sentence("Three.", (1,), 1.0))
    answer = replace(PLAIN, sentences=said, citations=(citation("One.", outlet="Wire"),))
    seen = Seen(render.answer_html(answer, 1))
    stood = "Wire · 12 May 2023"
    assert seen.text["footer"] == f"— Ann to reporters (reported) · {stood}Copy— Bo · {stood}Copy{stood}Copy"
    copied = seen.values("data-copy")
    assert copied[0].startswith("One.\n— Ann, to reporters, reported. Wire, 12 May 2023\n")
    assert copied[2].startswith("“One.”\n— Wire, 12 May 2023\n")


def test_words_of_a_model_are_not_copied_as_the_archives() -> None:
    said = (Sentence("One, in short.", (1,), 1.0, checked=(Checked("citation", True),)),)
    answer = replace(PLAIN, sentences=said, citations=(citation("One."),))
    assert not Seen(render.answer_html(answer, 1)).values("data-copy")


def test_an_article_is_listed_once_with_all_its_markers() -> None:
    cited = (citation("Yes."), citation("No.", marker=2, article_id="a2"), citation("Never.", marker=3))
    said = tuple(Sentence(one.text, (one.marker,), 1.0) for one in cited)
    answer = replace(PLAIN, sentences=said, citations=cited)
    markers = Seen(render.answer_html(answer, 1)).values("data-number")
    assert markers == [*"123", *"131", *"22"], "those of the sentences, then each article's and what opens it"
    answer = replace(answer, citations=(*cited[:2], replace(cited[2], version=2)))
    assert Seen(render.answer_html(answer, 1)).values("data-number") == [*"123", *"11", *"22", *"33"]


def test_a_text_in_several_outlets_is_one_story_under_the_first() -> None:
    cited = (citation("Yes.", outlet="Wire"), citation("Yes.", marker=2, outlet="Post", published="2023-05-13"))
    said = (Sentence("Yes.", (1, 2), 1.0), Sentence("No.", (1,), 1.0))
    text = Seen(render.answer_html(replace(PLAIN, sentences=said, citations=cited), 1)).text[""]
    assert text.count("1 story, 2 outlets; first Wire") == 1
    alone = (citation("Yes.", outlet="Wire"), citation("Yes.", marker=2, outlet="Wire"))
    assert "1 story" not in render.answer_html(replace(PLAIN, sentences=said, citations=alone), 1)


def test_a_supported_answer_shows_no_near_misses() -> None:
    near = (citation("A near miss."),)
    answer = replace(PLAIN, sentences=(Sentence("Yes.", (1,), 1.0),), citations=(citation("Yes."),), near_misses=near)
    text = Seen(render.answer_html(answer, 1)).text[""]
    assert "Yes." in text
    assert "A near miss." not in text


def test_an_invented_marker_leads_nowhere() -> None:
    answer = replace(PLAIN, sentences=(Sentence("Yes.", (1, 7), 1.0),), citations=(citation("Yes."),))
    assert set(Seen(render.answer_html(answer, 1)).values("data-number")) == {"1"}


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("en", "auto"), ("", "auto")]
)
def test_text_runs_in_the_direction_of_its_language(language: str, direction: str) -> None:
    seen = Seen(render.source_html(article("نص", language=language), citation("نص", language=language)))
    assert set(seen.values("dir")) == {direction}


def test_a_superseded_version_says_so() -> None:
    old = StoredArticle(1, "a1", 1, False, "old", "", "", "", "", "", "en", None, parse_date("2023"))
    assert "later version" in Seen(render.source_html(old, citation("old"))).text[""]


def test_an_empty_archive_is_reported_as_empty() -> None:
    assert "no articles yet" in render.hits_html([], Freshness(0, None, None, None))
