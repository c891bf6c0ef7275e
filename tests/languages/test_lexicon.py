"""The language files: their shape, and that they are read only when they are needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, get_origin

import pytest

from assistant.languages import entries, lexicon
from assistant.languages.entries import build
from assistant.languages.questions import Questions
from assistant.languages.speech import EnglishSpeech
from assistant.languages.tables import Negation, Sentences
from tests.test_house import MODULES, imported, room_of

FILES = sorted(path.stem for path in Path(lexicon.__file__).parent.glob("*.toml") if path.stem != "names")


@pytest.mark.parametrize("language", FILES)
def test_every_file_has_the_declared_shape(language: str) -> None:
    raw = lexicon._file(language)
    for kind, name in lexicon._NAMES.items():
        if name in raw:
            build(
                EnglishSpeech if (language, name) == ("en", "speech") else kind, raw[name], f"{language}.toml, {name}"
            )


def test_the_file_of_all_languages_has_its_shape() -> None:
    assert "van" in lexicon.name_lists().particles


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_a_file_has_every_table_or_says_why_not(language: str) -> None:
    found = lexicon._file(language)
    said = files("assistant.languages").joinpath(f"{language}.toml").read_text("utf-8")
    for name in lexicon._NAMES.values():
        assert name in found or f"\n# No [{name}]: " in said


def test_a_language_without_a_table_has_the_words_of_all() -> None:
    assert lexicon.negation("xx") == lexicon.negation()
    assert lexicon.negation().words > lexicon.negation("de").words | lexicon.negation("tr").words
    assert lexicon.numbers("fr").small["zwei"] == 2.0


def test_words_are_folded_and_phrases_joined() -> None:
    read = build(Negation, {"words": "Können größte_Not", "denials": ""}, "x.toml [negation]")
    assert read.words == {"konnen", "grosste not"}
    assert read.particles == read.denials == frozenset()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            {"abbreviatons": "mr"},
            "en.toml, sentences has unknown entries: abbreviatons; it may have: abbreviations,",
        ),
        ({"abbreviations": ["mr"]}, "en.toml, sentences.abbreviations must be a text of words"),
        ("mr", "en.toml, sentences must be a table"),
    ],
)
def test_another_shape_is_refused(raw: Mapping[str, object] | str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(Sentences, raw, "en.toml, sentences")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": {"colour": "red"}}, "xx.toml, questions.time has unknown entries: colour; it may have: months, "),
        ({"time": {}}, "xx.toml, questions.time lacks: months, numbers, today, units, weekdays, yesterday"),
        ({"events": {"nouns": 3}}, "xx.toml, questions.events.nouns must be a text or a list of texts"),
        ({"events": {"nouns": "war", "compounds": "yes"}}, "questions.events.compounds must be true or false"),
        ({"speech": {"parts": {"say": 3}}}, "xx.toml, questions.speech.parts must be a text"),
    ],
)
def test_a_table_within_a_table_is_checked_too(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(Questions, {**lexicon._file("en")["questions"], **changed}, "xx.toml, questions")


def test_no_import_reads_a_language_file() -> None:
    readers = [
        n for n, p in MODULES.items() if any(other.startswith("assistant.languages") for other, _ in imported(p))
    ]
    script = (
        f"import importlib, tomllib\nfor name in {readers!r}: importlib.import_module(name)\n"
        "from assistant.languages import lexicon\n"
        "assert not lexicon._file.cache_info().currsize and not lexicon.name_lists.cache_info().currsize"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_readme_lists_every_table_and_type() -> None:
    readme = Path(lexicon.__file__).with_name("README.md").read_text("utf-8")
    assert all(f"`[{name}]`" in readme for name in lexicon._NAMES.values())
    types = {name for name, value in vars(entries).items() if get_origin(value) is Annotated}
    assert types
    assert types <= set(re.findall(r"`(\w+)`", readme))


@pytest.mark.parametrize("room", ["names", "quotes", "speakers", "index", "retrieval", "answering", "sentences"])
def test_word_lists_stand_in_the_language_files(room: str) -> None:
    for module in (one for one in MODULES if room_of(one) == room):
        for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "split" and isinstance(node.value, ast.Constant):
                assert len(str(node.value.value).split()) <= 13, f"{module}, line {node.lineno}"
