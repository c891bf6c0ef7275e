"""RSS and Atom, read whole and in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingest import Record, Reject
from assistant.ingest.formats import feed_split
from tests.ingest.reading import articles, items, only_reject, records, wrote

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Times</title><link>https://harbour.example/</link><language>en-gb</language>
{}</channel></rss>"""
ITEM = """<item><guid isPermaLink="false">ht-{0}</guid><title>Crane &amp;amp; quay {0}</title>
<link>https://harbour.example/{0}</link><dc:creator>Ann Berg</dc:creator><category>Ports</category>
<pubDate>Fri, 12 May 2023 15:56:15 +0200</pubDate><description>A short summary.</description>
<content:encoded><![CDATA[<p>First paragraph {0}.</p><p hidden>x</p><p>Second </item> one.</p>]]></content:encoded></item>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafenblatt</title>
<entry><id>urn:x:1</id><title type="html">Kran &lt;b&gt;bleibt&lt;/b&gt;</title><link href="https://hafen.example/1"/>
<updated>2024-03-02T10:00:00Z</updated><author><name>Bo Dahl</name></author><author><name>Cy Ek</name></author>
<category term="haefen" label="Häfen"/><summary>Kurz.</summary></entry></feed>"""


def test_rss(tmp_path: Path) -> None:
    (record,) = records(wrote(tmp_path / "a.xml", RSS.format(ITEM.format(1))))
    article = record.article
    assert (article.id, article.url) == ("ht-1", "https://harbour.example/1")
    assert (article.headline, article.byline) == ("Crane & quay 1", "Ann Berg")
    assert (article.outlet, article.section, article.language) == ("Harbour Times", "Ports", "en")
    assert article.text.startswith("First paragraph 1.\n\nSecond")
    assert article.published is not None
    assert article.published.iso() == "2023-05-12T13:56:15Z"
    assert record.source.endswith("a.xml, entry 1")


def test_atom(tmp_path: Path) -> None:
    (article,) = articles(wrote(tmp_path / "a", ATOM))
    assert (article.id, article.headline, article.byline) == ("urn:x:1", "Kran bleibt", "Bo Dahl, Cy Ek")
    assert (article.outlet, article.section, article.language, article.text) == ("Hafenblatt", "Häfen", "de", "Kurz.")
    assert article.published is not None
    assert article.updated is not None
    assert article.published.iso() == article.updated.iso() == "2024-03-02T10:00:00Z"


def test_a_long_feed_is_read_in_parts_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = "<!-- <item> in a comment --><item/>"
    path = wrote(tmp_path / "a.xml", RSS.format(odd + "".join(ITEM.format(number) for number in range(50))))
    whole = [item.article for item in items(path) if isinstance(item, Record)]
    monkeypatch.setattr(feed_split, "BATCH", 2000)
    stretched = [item.article for item in items(path) if isinstance(item, Record)]
    assert len(whole) == 50
    assert stretched == whole


def test_a_feed_cut_off_keeps_its_entries(tmp_path: Path) -> None:
    content = RSS.format("".join(ITEM.format(number) for number in range(5))).encode()
    import gzip

    packed = gzip.compress(content, 0)[:-200]
    *good, stopped = items(wrote(tmp_path / "a.xml.gz", packed))
    assert [item.article.id for item in good if isinstance(item, Record)] == [f"ht-{n}" for n in range(4)]
    assert isinstance(stopped, Reject)
    assert "ends too early" in stopped.reason
    assert "ht-4" in stopped.raw


def test_an_entry_beyond_the_limit_is_passed_over(tmp_path: Path) -> None:
    long = ITEM.format(1).replace("Second", "Second " * 20_000)
    path = wrote(tmp_path / "a.xml", RSS.format(ITEM.format(0) + long + ITEM.format(2)))
    first, bad, last = items(path, max_record_bytes=2000)
    assert isinstance(first, Record)
    assert isinstance(bad, Reject)
    assert "longer than" in bad.reason
    assert bad.raw.startswith("<item>")
    assert isinstance(last, Record)
    assert last.article.id == "ht-2"


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251", "utf-8-sig", "koi8-r"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = RSS.format("<item><guid>1</guid><description>Гавань открыта.</description></item>")
    content = content.replace("utf-8", encoding.removesuffix("-sig"))
    (article,) = articles(wrote(tmp_path / "a.rss", content.encode(encoding)))
    assert article.text == "Гавань открыта."


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "https://x.example/x.dtd"> %p;]>',
        '<!-- a comment --><!DOCTYPE rss [<!ENTITY x "ha">]>',
        '<!-- <item> <rss> --><?style <item> ?><!DOCTYPE rss [<!ENTITY x "ha">]>',
        '<!doctype rss SYSTEM "<rss>" [<!entity x "ha">]>',
        "<!DOCTYPE rss SYSTEM '<item>' [<!-- <rss> --><?p <rss>?><!ENTITY x 'ha'>]>",
        "<!DOCTYPE rss [<!NOTATION n SYSTEM '<item>'><!ELEMENT rss ANY><!ENTITY x 'ha'>]>",
    ],
)
def test_entities_are_refused(tmp_path: Path, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = RSS.format("<item><description>&x;&b; text</description></item>").replace("<rss", f"{declared}<rss")
    for batch in (1 << 20, 10):
        monkeypatch.setattr(feed_split, "BATCH", batch)
        assert "declares entities of its own" in only_reject(wrote(tmp_path / "a.xml", content), format="feed").reason
    for encoding in ("utf-16", "utf-16-be", "utf-8-sig", "utf-32"):
        assert (
            "declares entities"
            in only_reject(wrote(tmp_path / "b.xml", content.encode(encoding)), format="feed").reason
        )


@pytest.mark.parametrize("before", ["", "<!-- <!ENTITY x 'y'> -->", "<?note <!ENTITY x 'y'> ?>", "<!DOCTYPE rss [ ]>"])
def test_speaking_of_entities_declares_none(tmp_path: Path, before: str) -> None:
    content = RSS.format("<item><description><![CDATA[Write <!ENTITY x 'y'> to declare one.]]></description></item>")
    assert len(articles(wrote(tmp_path / "a.xml", content.replace("<rss", f"{before}<rss")))) == 1


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<title>Only a title</title>", "neither content nor a summary"),
        ("<description>x</description><wp:status>draft</wp:status>", "status is 'draft'"),
        ("<description>x</description><wp:post_password>p</wp:post_password>", "protected by a password"),
    ],
)
def test_entries_that_stay_out(tmp_path: Path, inside: str, says: str) -> None:
    content = RSS.format(f"<item>{inside}</item>").replace("<rss", '<rss xmlns:wp="http://wordpress.org/export/1.2/"')
    assert says in only_reject(wrote(tmp_path / "a.xml", content)).reason


def test_an_aggregator_names_the_outlet_of_each_entry(tmp_path: Path) -> None:
    source = '<source url="https://daily.example">The Daily</source>'
    (article,) = articles(wrote(tmp_path / "a.xml", RSS.format(f"<item><description>x</description>{source}</item>")))
    assert article.outlet == "The Daily"


def test_an_absurd_date_is_a_warning(tmp_path: Path) -> None:
    item = "<item><description>x</description><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate></item>"
    (record,) = records(wrote(tmp_path / "a.xml", RSS.format(item)))
    assert record.article.published is None
    assert record.warnings[0].startswith("published is not a date")


def test_no_entries(tmp_path: Path) -> None:
    assert "no articles in it (read as feed)" in only_reject(wrote(tmp_path / "a.xml", RSS.format(""))).reason


def test_xml_of_another_kind(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.xml", '<?xml version="1.0"?><ledger><entry>5</entry></ledger>')
    assert "its first element is 'ledger'" in only_reject(path).reason
