"""The second opinion on answers that went out can fail: whatever a sentence may not have is found, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from benchmarks.common import Failed
from benchmarks.written_check import faults, main
from tests.house import row, take_in

TEXT = (
    "Harbour master Anna Berg said on Tuesday that 1,400 ferries did not sail. “We never saw such a storm,” she said. "
    "The council closed two bridges."
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked") / "archive"
    take_in(folder, [row(1, TEXT, id="a1", outlet="Harbour Post", headline="Storm", url="https://post.example/1")])
    return folder


def answer(archive: Path, sentence: str, **changed: Any) -> dict[str, Any]:
    """An answer of one sentence that cites the whole article."""
    with Archive(archive) as opened:
        stored = opened.article("a1")
    cited = {
        "article_id": "a1", "version": 1, "start": 0, "end": len(stored.text), "text": stored.text,
        "outlet": stored.outlet, "headline": stored.headline, "url": stored.url,
        "published": stored.published.iso() if stored.published else None,
    } | changed  # fmt: skip
    said = {"text": sentence, "supported": True, "citations": [cited]}
    return {"id": "q1", "wording": {"by": "model"}, "sentences": [said]}


@pytest.mark.parametrize(
    "sentence",
    [
        TEXT,
        "Anna Berg said that 1400 ferries did not sail.",
        "“We never saw such a storm”, the harbour master said.",
        "The council is closing two bridges, according to the Harbour Post.",
    ],
)
def test_a_supported_sentence_has_no_fault(archive: Path, sentence: str) -> None:
    assert list(faults([answer(archive, sentence)], archive)) == []


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("Anna Berg said that 1,500 ferries did not sail.", "a number (1,500)"),
        ("The council closed three bridges.", "a number or negation in words (three)"),
        ("The council never closed two bridges without a word.", "a number or negation in words (without)"),
        ("Tom Hale said on Tuesday that 1,400 ferries did not sail.", "a word (tom)"),
        ("Anna Berg said on Friday that 1,400 ferries did not sail.", "a word (friday)"),
        ("Anna Berg said that 1,400 ferries did sail.", "a negation left out (not sail)"),
        ("“We often saw such a storm,” she said.", "words in quotation marks"),
        ("The council sold two bridges.", "a word (sold)"),
        ("The council closed two bridges, see https://evil.example/x.", "a link (https://)"),
        ("The council closed two bridges, says evil.example.", "a host (evil.example)"),
        ("The council closed [two bridges](//evil.example).", "a link (]()"),
    ],
)
def test_an_unsupported_sentence_is_found(archive: Path, sentence: str, what: str) -> None:
    found = list(faults([answer(archive, sentence)], archive))
    assert any(what in fault for fault in found), found


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"start": 1}, "is not at 1-"),
        ({"text": "The council closed two bridges."}, "is not at 0-"),
        ({"end": 9_999}, "is not at 0-9999"),
        ({"version": 2}, "a1@2 is not in the archive"),
        ({"article_id": "a2"}, "a2@1 is not in the archive"),
        ({"url": "https://evil.example"}, "a different outlet, headline, link or date"),
    ],
)
def test_a_citation_that_is_not_the_archives_is_found(archive: Path, changed: dict[str, Any], what: str) -> None:
    found = list(faults([answer(archive, "The council closed two bridges.", **changed)], archive))
    assert any(what in fault for fault in found), found


def test_only_the_archives_own_words_may_contain_an_address(tmp_path: Path) -> None:
    said = "Tickets are sold at www.ferries.example from Monday on."
    take_in(tmp_path / "archive", [row(1, said, id="a1")])
    for by, found in (("archive", 0), ("model", 1)):
        one = answer(tmp_path / "archive", said)
        one["wording"]["by"] = by
        assert len(list(faults([one], tmp_path / "archive"))) == found


def test_a_sentence_without_citations_is_found(archive: Path) -> None:
    bare = answer(archive, "The council closed two bridges.")
    bare["sentences"][0]["citations"] = []
    assert "q1: it cites nothing: The council closed two bridges." in list(faults([bare], archive))


def test_it_ends_with_an_error_where_there_is_a_fault(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = (answer(archive, f"The council closed {count} bridges.") for count in ("two", "three"))
    for name, lines in (("good", [good]), ("bad", [good, bad])):
        (tmp_path / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    main([str(tmp_path / "good"), "--archive", str(archive)])
    assert "1 sentences, worded by the model" in capsys.readouterr().out
    with pytest.raises(Failed, match="1 faults in the sentences shown"):
        main([str(tmp_path / "bad"), "--archive", str(archive)])
    assert "q1: a number or negation in words (three): The council closed three bridges." in capsys.readouterr().out
