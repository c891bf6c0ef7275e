"""Every word of a language file can match: it is listed in the form that it is compared in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.languages import lexicon
from assistant.quotes.generic.tokens import SpeechRules, parse, speech_rules, verb_matches
from assistant.retrieval.analysis import answer_type, is_function_word, terms
from assistant.retrieval.understanding.speech_questions import speech_question

GENERIC = [code for code in lexicon.LANGUAGES if speech_rules(code)]


def as_written(table: str, entry: str) -> Iterator[tuple[str, str]]:
    """Yield the words of an entry in every language as its file has them, with their accents."""
    for code in lexicon.LANGUAGES:
        for word in lexicon._file(code).get(table, {}).get(entry, "").split():
            yield code, word.replace("_", " ")


def rules_of(code: str) -> SpeechRules:
    rules = speech_rules(code)
    assert rules is not None
    return rules


def test_every_function_word_is_known_however_it_is_written() -> None:
    for form in (str, str.capitalize, str.upper):
        listed = list(as_written("stopwords", "words"))
        assert [word for _, word in listed if not is_function_word(form(word))] == []


def test_a_capital_at_the_start_does_not_make_a_function_word_a_name() -> None:
    listed = [(code, word) for code, word in as_written("stopwords", "words") if len(word) > 1]
    assert len(listed) > 500
    assert [(c, w) for c, w in listed if any(t.kind == "name" for t in terms(w.capitalize(), c))] == []


def test_every_passing_word_is_one_that_a_question_can_have() -> None:
    incidental = lexicon.stop_words().incidental
    assert [
        w for c, w in as_written("stopwords", "incidental") if not {t.word for t in terms(w, c)} <= incidental
    ] == []


def test_a_word_that_is_not_a_name_names_nobody() -> None:
    listed = list(as_written("pronouns", "nameless"))
    assert listed
    assert [word for _, word in listed if speech_question(f"What did {word} say?")] == []
    assert speech_question("¿Qué dijo él?") is None


@pytest.mark.parametrize("question", ["¿Cuántos murieron?", "¿Cuánta lluvia cayó?"])
def test_how_many_is_asked_in_any_form(question: str) -> None:
    assert answer_type(question) == "number"


@pytest.mark.parametrize("code", GENERIC)
def test_every_cue_verb_is_found(code: str) -> None:
    rules = rules_of(code)

    def found(text: str) -> set[str]:
        (sentence,) = parse(text, rules, code)
        return {
            " ".join(one.text for one in sentence.words[verb.first : verb.last + 1])
            for verb in verb_matches(sentence, rules)
        }

    written = lexicon._file(code)["speech"]["cues"]
    for verb in (written["verbs"] + " " + written.get("relative", "")).split():
        assert found(verb.replace("_", " ")) == {verb.replace("_", " ")}
    auxiliary = min(rules.auxiliaries, default="")
    for participle in written.get("participles", "").split():
        verb = participle.replace("_", " ")
        assert found(f"{auxiliary} {verb}") & {f"{auxiliary} {verb}", verb}


@pytest.mark.parametrize("code", GENERIC)
@pytest.mark.parametrize("name", ["auxiliaries", "pronouns", "stops", "adverbs", "determiners"])
def test_every_word_that_is_looked_up_by_itself_is_one_word(code: str, name: str) -> None:
    rules = rules_of(code)
    for word in getattr(rules, name):
        (sentence,) = parse(word, rules, code)
        assert [one.low for one in sentence.words] == [word]


@pytest.mark.parametrize("code", GENERIC)
def test_every_beginning_of_reported_speech_is_in_lower_case_with_a_plain_apostrophe(code: str) -> None:
    assert [one for one in rules_of(code).that_prefixes if re.search("’|[A-Z]", one)] == []
