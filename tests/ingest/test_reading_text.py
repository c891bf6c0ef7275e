"""Plain text and Markdown: headers, footers, headlines and paragraphs."""

from __future__ import annotations

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.ingest import Record, read
from tests.ingest.reading import articles, only_reject, records, wrote

LONG = "The harbour board met on Monday and agreed, after a long debate, to keep the old crane on the northern quay. "


def test_tags_and_time_at_the_foot(tmp_path: Path) -> None:
    body = f"{LONG}\nThe vote was close.\n“We are glad,” the harbour master said.\n#Harbour #keeps old_crane"
    path = wrote(tmp_path / "a.txt", body.replace("old_crane", "#old_crane") + " #Daily #News\n2023-05-12 15:56:15")
    (article,) = articles(path, zone=ZoneInfo("Europe/Istanbul"))
    assert article.text == f"{LONG.strip()}\n\nThe vote was close.\n\n“We are glad,” the harbour master said."
    assert article.published is not None
    assert article.published.iso() == "2023-05-12T12:56:15Z"
    assert article.headline == "Harbour keeps old crane Daily News"
    assert article.outlet == ""


def test_a_line_that_only_has_a_tag_in_it_stays(tmp_path: Path) -> None:
    (article,) = articles(wrote(tmp_path / "a.txt", f"{LONG}\n\nShe wrote #enough and left."))
    assert article.text.endswith("She wrote #enough and left.")


@pytest.mark.parametrize(
    ("content", "headline", "start"),
    [
        (f"Crane stays\n\n{LONG}", "Crane stays", "The harbour"),
        (f"Crane stays\n{LONG}", "Crane stays", "The harbour"),
        (f"Will the crane stay?\n\n{LONG}", "Will the crane stay?", "The harbour"),
        (f"The crane stays.\n\n{LONG}", "", "The crane stays."),
        (f"{LONG}\n\nShort end", "", "The harbour"),
        ("Only this line", "", "Only this line"),
        ("A longer first line of two\nshort", "", "A longer"),
    ],
)
def test_headlines(tmp_path: Path, content: str, headline: str, start: str) -> None:
    (article,) = articles(wrote(tmp_path / "a.txt", content))
    assert article.headline == headline
    assert article.text.startswith(start)


def test_hard_wrapped_lines_stay_together(tmp_path: Path) -> None:
    wrapped = (
        "The harbour board met on Monday and agreed to keep\nthe old crane on the quay, which had been\nbuilt in 1911."
    )
    (article,) = articles(wrote(tmp_path / "a.txt", wrapped))
    assert article.text == wrapped


@pytest.mark.parametrize("ending", [".txt", ".md"])
@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: 'Crane stays'\ndate: 2024-03-01\nauthor: [Ann Berg, Bo Dahl]\ntags: []\n---\n",
        '+++\ntitle = "Crane stays"\ndate = 2024-03-01\nauthor = ["Ann Berg", "Bo Dahl"]\n+++\n',
        "Title: Crane stays\nDate: 2024-03-01\nAuthor: Ann Berg, Bo Dahl\n\n",
        "---\ntitle: Crane stays\ndate: 2024-03-01\nauthor: Ann Berg, Bo Dahl\nbad: [\n---\n",
    ],
)
def test_heads(tmp_path: Path, head: str, ending: str) -> None:
    (article,) = articles(wrote(tmp_path / f"a{ending}", f"{head}\n{LONG}\n\nMore."))
    assert (article.headline, article.byline) == ("Crane stays", "Ann Berg, Bo Dahl")
    assert article.published is not None
    assert article.published.iso() == "2024-03-01"
    assert article.text == f"{LONG.strip()}\n\nMore."


def test_aliases_in_a_head_are_not_expanded(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    (article,) = articles(wrote(tmp_path / "a.md", f"---\ntitle: Crane\nauthor: *a\n{bomb}---\nBody."))
    assert (article.headline, article.text) == ("Crane", "Body.")


def test_a_colon_in_the_first_line_does_not_make_a_header(tmp_path: Path) -> None:
    (article,) = articles(wrote(tmp_path / "a.txt", f"Note: this happened\n\n{LONG}"))
    assert article.headline == "Note: this happened"


def test_markdown_reads_as_it_would_be_seen(tmp_path: Path) -> None:
    body = (
        "# The *crane* stays #\n\nA **bold** [step](https://x.example/a_b_c), they\nsaid.<!-- secret -->\n\n> “Yes,” she said.\n\n"
        "- one\n- two `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![alt](x.png) <span hidden>gone</span>\n"
    )
    (article,) = articles(wrote(tmp_path / "a.md", body))
    assert article.headline == "The crane stays"
    assert article.text == "A bold step, they said.\n\n“Yes,” she said.\n\none\n\ntwo code\n\na b\n\n1 2"


@pytest.mark.parametrize("content", ["---\ntitle: T\n---\n", "\n \n", "\u200b"])
def test_no_text(tmp_path: Path, content: str) -> None:
    assert "no text" in only_reject(wrote(tmp_path / "a.md", content)).reason


def test_ids_are_stable_apart_and_tell_no_path(tmp_path: Path) -> None:
    one, two = wrote(tmp_path / "x" / "ferry.txt", LONG), wrote(tmp_path / "y" / "ferry.txt", LONG)
    first, second = (articles(path)[0].id for path in (one, two))
    assert first is not None
    assert first != second
    assert first.startswith("ferry-")
    assert len(first) == len("ferry-") + 8
    assert articles(tmp_path)[0].id == first
    (own,) = articles(wrote(tmp_path / "z.md", f"---\nid: desk-7\n---\n{LONG}"))
    assert own.id == "desk-7"


def test_standard_input_has_no_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LONG.encode())))
    (record,) = read(["-"])
    assert isinstance(record, Record)
    assert (record.article.id, record.source) == (None, "standard input")


def test_the_path_is_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(tmp_path / "a" / "ferry.txt", LONG)
    monkeypatch.chdir(tmp_path)
    assert records("a")[0].source == "a/ferry.txt"
