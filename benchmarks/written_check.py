"""Check answers a second time, by plain rules that share no code with the checks they passed.

``python -m benchmarks.written_check FILE`` reads the output of ``benchmarks.written`` and, with SQLite alone, the
archive that was asked. For every sentence shown as supported, it checks that the cited text is at the given characters
of the given version; that numbers, quotations and negations of the sentence are in the cited text; that its names, days
and other words are there or within a passage's length; that it drops no negation of its words; and that it has no link
except in the archive's own words. It prints each fault and exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.common import ROOT, Failed, report, run

NEAR = 800
"""Characters before and after the cited text in which a name or a word may be."""

_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_QUOTED = re.compile(r'"([^"]+)"')
_LINK = re.compile(r"\w+://|\bwww\.|\]\s*\(|<\s*[a-z/!]|&#?\w+;|javascript:|data:\w|mailto:", re.IGNORECASE)
_HOST = re.compile(
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|io|example|co\.uk|uk|de|fr|eu|ru|cn)\b", re.IGNORECASE
)
_DENIES = frozenset(
    "not no never none nor neither without cannot nobody nothing denied denies deny unlikely hardly".split()
)
_COUNTED = "two three four five six seven eight nine ten eleven twelve dozen hundred thousand million billion trillion"
_COUNTS = frozenset([*_COUNTED.split(), "half", "third", "quarter", "twice", "percent"])
_LIGHT = frozenset(
    """a an the and or but of in on at for to from by with as that this these those it its he she they his her their
    them him we our you your i my is are was were be been being has have had do does did will would can could may might
    should must shall which who whom whose what when where while after before into over under than then there here also
    about up out off so if because both all more most such other some any each between during through against until
    since per via said says say told tells according mr mrs ms dr one not no""".split()
)


def main(argv: Sequence[str] | None) -> None:
    """Read, check, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.written_check", description=__doc__)
    parser.add_argument("answers", type=Path, help="the file that benchmarks.written wrote")
    parser.add_argument("--archive", type=Path, default=ROOT / "indexes" / "realtimeqa", help="[indexes/realtimeqa]")
    options = parser.parse_args(argv)
    answers = [json.loads(line) for line in options.answers.read_text(encoding="utf-8").splitlines()]
    found = list(faults(answers, options.archive))
    for fault in found:
        report(fault)
    sent = [(answer["wording"]["by"], len(_supported(answer))) for answer in answers]
    for by in ("model", "archive"):
        report(f"{sum(count for how, count in sent if how == by)} sentences, worded by the {by}")
    report(f"{len(found)} faults in {len(answers)} answers")
    if found:
        raise Failed(f"{len(found)} faults in the sentences shown")


def faults(answers: Sequence[Mapping[str, Any]], archive: Path) -> Iterator[str]:
    """Yield the faults in the sentences of answers, one line each."""
    place = f"{(archive / 'archive.sqlite3').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(place, uri=True)) as database:
        for answer in answers:
            for sentence in _supported(answer):
                for what in _faults(sentence, answer["wording"]["by"] == "archive", database):
                    yield f"{answer['id']}: {what}: {sentence['text']}"


def _supported(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [sentence for sentence in answer["sentences"] if sentence["supported"]]


def _faults(sentence: Mapping[str, Any], own: bool, database: sqlite3.Connection) -> Iterator[str]:
    cited, near = "", ""
    if not sentence["citations"]:
        yield "it cites nothing"
    for one in sentence["citations"]:
        row = database.execute(
            "SELECT text, outlet, headline, versions.url, published FROM versions"
            " JOIN articles ON versions.article = articles.key WHERE id = ? AND number = ?",
            (one["article_id"], one["version"]),
        ).fetchone()
        if row is None:
            yield f"{one['article_id']}@{one['version']} is not in the archive"
            continue
        text, outlet, headline, url, published = row
        start, end = one["start"], one["end"]
        if not 0 <= start < end <= len(text) or text[start:end] != one["text"]:
            yield f"the cited text is not at {start}-{end} of {one['article_id']}@{one['version']}"
        elif (one["outlet"], one["headline"], one["url"], one["published"] or None) != (
            outlet,
            headline,
            url,
            published or None,
        ):
            yield f"{one['article_id']} has a different outlet, headline, link or date"
        cited += f" {text[start:end]} "
        near += f" {text[max(0, start - NEAR) : end + NEAR]} {headline} {outlet} "
    claim, there = _plain(sentence["text"]), _plain(cited)
    if (found := _LINK.search(claim)) and not (own and claim in there):
        yield f"a link ({found[0]})"
    yield from _strays(claim, there, _plain(near))


def _strays(claim: str, cited: str, near: str) -> Iterator[str]:
    """What a sentence has that its evidence lacks."""
    yield from (f"a host ({host})" for host in _HOST.findall(claim) if host.lower() not in cited.lower())
    for quoted in _QUOTED.findall(claim):
        if quoted.strip(" ,.").lower() not in cited.lower():
            yield f"words in quotation marks ({quoted})"
    numbers = {_figure(number) for number in _NUMBER.findall(cited)}
    yield from (f"a number ({n})" for n in _NUMBER.findall(claim) if _figure(n) not in numbers)
    words, there, around = _words(claim), _words(cited), set(_words(near))
    for word in words:
        if word in _COUNTS | _DENIES and word not in there and not word.endswith("n't"):
            yield f"a number or negation in words ({word})"
        elif word not in _LIGHT and not word[0].isdigit() and not _stands(word, around):
            yield f"a word ({word})"
    yield from _lost(words, there)


def _lost(words: Sequence[str], there: Sequence[str]) -> Iterator[str]:
    """Negations in the evidence that precede a word of the sentence, if the sentence itself has no negation."""
    if any(word in _DENIES or word.endswith("n't") for word in words):
        return
    for place, word in enumerate(there[:-1]):
        if word in _DENIES or word.endswith("n't"):
            denied = next((w for w in there[place + 1 : place + 4] if w not in _LIGHT), "")
            if denied and denied in words:
                yield f"a negation left out ({word} {denied})"


def _stands(word: str, around: set[str]) -> bool:
    """Whether the words include a word or one with the same stem: "signed" for "signs"."""
    bare = word.removesuffix("'s")
    if bare in around or f"{bare}'s" in around:
        return True
    stem = bare[: max(4, len(bare) - 3)]
    return len(bare) > 3 and any(other.startswith(stem) for other in around)


def _words(text: str) -> list[str]:
    return [word.lower().replace(".", "") for word in _WORD.findall(text)]


def _figure(number: str) -> str:
    return re.sub(r",(?=\d{3})", "", number).rstrip(".,:")


def _plain(text: str) -> str:
    """The text with uniform quotation marks, apostrophes, dashes and whitespace."""
    text = unicodedata.normalize("NFKC", text)
    for shape, marks in (('"', "“”„«»″"), ("'", "‘’‚ʼ`"), ("-", "‐‑–—−")):
        text = re.sub(f"[{marks}]", shape, text)
    return re.sub(r"\s+", " ", text)


if __name__ == "__main__":
    run(main)
