"""German speech without a cue verb: announced by a noun, hanging on any verb, or running on in the subjunctive."""

from __future__ import annotations

from assistant.languages.lexicon import german_speech
from assistant.quotes.german.noun_phrases import Phrase, phrase, ruler
from assistant.quotes.german.tokens import GermanClause, GermanSentence, SentenceAttribution, content_of, unquoted

_GENITIVES = frozenset("der des einer eines seiner ihrer seines ihres".split())


def open_clauses(sentence: GermanSentence, taken: list[SentenceAttribution]) -> list[SentenceAttribution]:
    """Return clauses in the subjunctive that hang on a plain main clause whose cue no list knows.

    "Der Anwalt vertritt die Ansicht, sein Mandant sei unschuldig."
    """
    ruling: GermanClause | None = None
    for number, clause in enumerate(sentence.clauses):
        start = sentence.tokens[clause.start].start
        if any(item.content[0] <= start < item.content[1] for item in taken):
            return []
        dependent = clause.kind in ("main", "that", "wh") and clause.subjunctive
        if ruling is not None and dependent and clause.mark in (",", ":", "–"):
            if not clause.strong and _noun_cue(sentence, number) is None:
                return []
            said = content_of(sentence, number, len(sentence.clauses))
            return [SentenceAttribution(said, _owner(sentence, number) or ruler(sentence, ruling), None, "open")]
        if clause.kind == "main" and not clause.subjunctive:
            ruling = clause
        elif clause.kind in ("main", "that"):
            return []
    return []


def noun_cues(sentence: GermanSentence, taken: list[SentenceAttribution]) -> list[SentenceAttribution]:
    """Return clauses that a noun of speech announces: "die Forderung, die Steuer zu senken"."""
    found: list[SentenceAttribution] = []
    for number, clause in enumerate(sentence.clauses[1:], 1):
        start = sentence.tokens[clause.start].start
        if clause.mark != "," or clause.kind not in ("that", "infinitive", "main", "wh"):
            continue
        if clause.kind in ("main", "wh") and not clause.subjunctive:
            continue
        noun = _noun_cue(sentence, number)
        if noun is None or any(item.content[0] <= start < item.content[1] for item in taken):
            continue
        ruling = sentence.clauses[number - 1]
        source = _owner(sentence, number) or ruler(sentence, ruling)
        end = number + 1
        while end < len(sentence.clauses) and sentence.clauses[end].kind not in ("main", "fragment", "quote"):
            end += 1
        cue = (sentence.tokens[noun].start, sentence.tokens[noun].end)
        found.append(SentenceAttribution(content_of(sentence, number, end), source, cue, "noun"))
    return found


def _noun_cue(sentence: GermanSentence, number: int) -> int | None:
    """The noun of speech that the clause before one closes with, but for a genitive or a verb's end."""
    clause = sentence.clauses[number - 1]
    outer = unquoted(sentence.tokens, clause)
    nouns = german_speech().nouns.cue
    for index in reversed(outer[-7:]):
        token = sentence.tokens[index]
        if token.capital and token.text in nouns:
            return index
    return None


def _owner(sentence: GermanSentence, number: int) -> Phrase | None:
    """The genitive or "von" phrase behind a noun of speech: "die Forderung der Opposition, ..."."""
    noun = _noun_cue(sentence, number)
    if noun is None:
        return None
    clause = sentence.clauses[number - 1]
    at = noun + 1
    if at < clause.end and sentence.tokens[at].low in ("von", "vom"):
        at += 1
    elif at >= clause.end or sentence.tokens[at].low not in _GENITIVES:
        return None
    return phrase(sentence, at, clause.end)


def free_indirect_mood(sentence: GermanSentence) -> str:
    """Whether a sentence is given as a whole as somebody's words: reported speech without a cue.

    :return: "strong" for a subjunctive that has no other use, "weak" for one that may also be a condition,
        "hearsay" for "soll" ("er soll gelogen haben"), else "".
    """
    best = ""
    for clause in sentence.clauses:
        if clause.kind in ("main", "fragment", "quote", "infinitive") and clause.subjunctive:
            if clause.strong:
                return "strong"
            best = "weak"
        elif clause.kind == "main" and not best:
            lows = {sentence.tokens[index].low for index in unquoted(sentence.tokens, clause)}
            best = "hearsay" if lows & {"soll", "sollen"} else ""
    return best
