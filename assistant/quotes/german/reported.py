"""Who said what in German: direct, indirect and free indirect speech by rules."""

from __future__ import annotations

from assistant.quotes.german.according import according_phrases
from assistant.quotes.german.cues import CueMatch, cue_matches, source_of
from assistant.quotes.german.free_indirect import noun_cues, open_clauses
from assistant.quotes.german.noun_phrases import Phrase, cut_off, nominative, opens_with_verb, phrase, phrases
from assistant.quotes.german.tokens import GermanClause, GermanSentence, SentenceAttribution, content_of, unquoted
from assistant.quotes.german.word_classes import classes
from assistant.text import Span


def complement(sentence: GermanSentence, match: CueMatch) -> Span | None:
    """Return the content of a cue that stands before its words: the clauses after it."""
    clauses = sentence.clauses
    tokens = sentence.tokens
    first = match.clause + 1
    while first < len(clauses) and tokens[clauses[first].start].start < tokens[match.last].end:
        first += 1
    skipped = 0
    while first < len(clauses) and skipped < 5:
        clause = clauses[first]
        if _takes(match, clause, skipped, sentence, first):
            return _until(sentence, first)
        if clause.kind not in ("relative", "fragment", "subordinate", "quote") or clause.mark == ";":
            return None
        first += 1
        skipped += 1
    return None


def _until(sentence: GermanSentence, first: int) -> Span:
    """The content that begins with a clause: to the sentence's end, a colon, or "und" with another cue."""
    clauses, tokens = sentence.clauses, sentence.tokens
    last = first + 1
    while last < len(clauses) and not (clauses[last].mark == ":" and _quoted(sentence, clauses[last])):
        last += 1
    span = content_of(sentence, first, last)
    moods = classes().verbs.subjunctive
    for match in cue_matches(sentence):
        joined = match.at > clauses[first].start + 2 and tokens[match.at - 1].low == "und" and match.kind == "finite"
        if joined and match.at < clauses[last - 1].end and tokens[match.at].low not in moods:
            return span[0], tokens[match.at - 2].end
    return span


def _takes(match: CueMatch, clause: GermanClause, skipped: int, sentence: GermanSentence, number: int) -> bool:
    """Whether a clause can be the complement of a cue."""
    cue = match.cue
    if clause.kind == "that":
        return True
    if clause.kind == "wh":
        low = sentence.tokens[clause.start].low
        return (low != "wie" or cue.say) and low not in ("was", "wo", "welche", "welcher", "welches", "welchem", "wem")
    if clause.kind == "infinitive":
        return (cue.clause or cue.say) and skipped <= 1
    if clause.kind == "main" and (clause.subjunctive or (clause.possible and skipped == 0)):
        return cue.say or cue.clause
    if clause.mark == ":":
        return cue.say or clause.kind == "quote" or bool(_quoted(sentence, clause))
    if clause.kind == "main" and cue.say and skipped <= 1 and not opens_with_verb(sentence, clause):
        return sentence.tokens[clause.start].low not in ("und", "aber", "doch", "so", "sondern")
    if clause.kind == "quote" and cue.say and skipped == 0 and match.kind != "participle":
        return any(later.kind == "main" for later in sentence.clauses[number : number + 3])
    if clause.kind == "fragment" and cue.say and skipped == 0 and clause.mark == ",":
        return _subject_and_verb(sentence, clause)
    return False


def _goes_on(sentence: GermanSentence, clause: GermanClause) -> bool:
    """Whether a clause that no known verb makes one has a word behind its first noun phrase that looks like a verb."""
    got = phrase(sentence, clause.start, clause.end)
    if got is None or not nominative(sentence, got) or got[1] >= clause.end:
        return False
    following = sentence.tokens[got[1]]
    known = classes()
    if following.capital or following.low in known.prepositions or following.low in known.adverbs:
        return False
    return following.low.endswith(("t", "en", "te", "ten")) and following.low not in known.determiners


def _subject_and_verb(sentence: GermanSentence, clause: GermanClause) -> bool:
    """Whether a clause opens with a subject and goes on like one whose verb no list knows: "das Geld reiche nicht"."""
    got = phrase(sentence, clause.start, clause.end)
    if got is None or not nominative(sentence, got) or got[1] >= clause.end:
        return False
    following = sentence.tokens[got[1]]
    return following.low.endswith("e") and not following.capital and following.low not in classes().adverbs


def _quoted(sentence: GermanSentence, clause: GermanClause) -> bool:
    return any(sentence.tokens[index].quoted for index in range(clause.start, clause.end))


def indirect_speech(sentence: GermanSentence) -> list[SentenceAttribution]:
    """Return the attributions that one sentence states by itself."""
    found: list[SentenceAttribution] = []
    for match in cue_matches(sentence):
        got = _from_cue(sentence, match)
        if got:
            found.append(got)
    found += _so(sentence)
    found += according(sentence)
    found += noun_cues(sentence, found)
    found += open_clauses(sentence, found)
    return _distinct(found)


def _distinct(found: list[SentenceAttribution]) -> list[SentenceAttribution]:
    """One attribution for each content; the one with a source wins."""
    best: dict[Span, SentenceAttribution] = {}
    for item in found:
        known = best.get(item.content)
        if known is None or (known.source is None and item.source is not None):
            best[item.content] = item
    return list(best.values())


def _from_cue(sentence: GermanSentence, match: CueMatch) -> SentenceAttribution | None:
    """What a cue verb attributes: the words before it, behind it, or around it."""
    clause = sentence.clauses[match.clause]
    outer = unquoted(sentence.tokens, clause)
    lead = sentence.tokens[outer[0]].low
    if lead == "wie" and clause.kind != "that":
        return _like(sentence, match, outer[0])
    commented = _commented(sentence, match, outer, lead)
    if commented:
        return commented
    if not (match.cue.say or match.cue.clause) or (match.passive and clause.kind == "relative"):
        return None
    span = complement(sentence, match)
    if span is None:
        return None
    return SentenceAttribution(span, source_of(sentence, match), match.span(sentence), "cue", match.cue.say)


def _like(sentence: GermanSentence, match: CueMatch, lead: int) -> SentenceAttribution | None:
    """A cue with "wie": "Wie der Minister mitteilte, ...", and the same behind or within the content."""
    source = source_of(sentence, match)
    if source is None and not match.passive and match.at > lead + 1:
        source = (lead + 1, match.at)  # "Wie t-online.de berichtet"
    if match.clause:
        span = content_of(sentence, 0, _resume(sentence, match.clause))
    else:
        rest = _after(sentence, match.clause)
        if rest is None:
            return None
        span = content_of(sentence, rest, len(sentence.clauses))
    return SentenceAttribution(span, source, match.span(sentence), "cue")


def _commented(sentence: GermanSentence, match: CueMatch, outer: list[int], lead: str) -> SentenceAttribution | None:
    """A cue behind its content: "..., sagte der Minister"; "..., so betont er"; "..., das berichtet die Zeitung"."""
    number = match.clause
    verb = match.span(sentence)
    leads = outer[0] == match.at and match.kind == "finite" and (match.cue.say or match.cue.clause)
    if leads and _inverted(sentence, number):
        unnamed = match.cue.lemma == "heißen"
        start = _behind_colon(sentence, number)
        after = source_of(sentence, match) if unnamed else _post_subject(sentence, sentence.clauses[number], match)
        if after is not None or unnamed:
            return SentenceAttribution(
                content_of(sentence, start, _resume(sentence, number)), after, verb, "cue", match.cue.say
            )
    if not number or len(outer) < 2 or outer[1] != match.at:
        return None
    if lead == "so":
        said = content_of(sentence, 0, _resume(sentence, number))
        return SentenceAttribution(said, source_of(sentence, match), verb, "cue", match.cue.say)
    if lead in ("das", "dies") and match.cue.say:
        return SentenceAttribution(content_of(sentence, 0, number), source_of(sentence, match), verb, "cue", True)
    return None


def _behind_colon(sentence: GermanSentence, number: int) -> int:
    """The clause that a cue's content begins with: the first, or the quotation behind a colon."""
    for place in range(number - 1, 0, -1):
        if sentence.clauses[place].mark == ":" and _quoted(sentence, sentence.clauses[place]):
            return place
    return 0


def _inverted(sentence: GermanSentence, number: int) -> bool:
    """Whether a clause that opens with its verb comments on the words before it ("..., sagte er").

    It does not after a clause that is only its first place ("Nachdem ..., forderte er"), or its subject
    ("Der Minister, der ..., sagte").
    """
    before = sentence.clauses[:number]
    if not before:
        return False
    if before[0].kind == "wh" and sentence.tokens[before[0].start].low == "wie":
        return False
    if any(clause.kind in ("main", "that", "wh", "quote", "infinitive") for clause in before):
        return True
    first = sentence.tokens[before[0].start]
    if before[0].kind == "subordinate" or first.low in classes().prepositions:
        return False
    quoted = any(_quoted(sentence, clause) for clause in before if clause.kind == "fragment")
    if quoted or any(_goes_on(sentence, clause) for clause in before if clause.kind == "fragment"):
        return True
    return cut_off(sentence, sentence.clauses[number]) is None


def _post_subject(sentence: GermanSentence, clause: GermanClause, match: CueMatch) -> Phrase | None:
    """The subject right behind an inverted verb: "..., sagte der Sprecher am Montag"."""
    at = match.at + 1
    known = classes()
    while at < clause.end and sentence.tokens[at].low in known.adverbs:
        at += 1
    got = phrase(sentence, at, clause.end)
    if got and not nominative(sentence, got):
        got = None
    if got is None:
        if at >= clause.end or sentence.tokens[at].low in known.interrogatives:
            return None
        inside = (item for item, governed in phrases(sentence, at, clause.end) if not governed)
        got = next((item for item in inside if nominative(sentence, item)), None)
    return got


def _after(sentence: GermanSentence, number: int) -> int | None:
    """The first clause after a leading "wie" clause that carries the content."""
    for later in range(number + 1, len(sentence.clauses)):
        if sentence.clauses[later].kind in ("main", "that", "quote", "infinitive"):
            return later
    return number + 1 if number + 1 < len(sentence.clauses) else None


def _resume(sentence: GermanSentence, number: int) -> int:
    """Where the content before an inserted cue ends: after the cue, when its clauses go on in the subjunctive."""
    end = number
    for later in range(number + 1, len(sentence.clauses)):
        clause = sentence.clauses[later]
        goes_on = clause.subjunctive or clause.kind != "main" or later == number + 1
        if goes_on and clause.kind in ("main", "that", "quote"):
            return len(sentence.clauses)
    return max(end, 1)


_AMOUNTS = frozenset("viele viel wenige wenig ein eine etwas".split())


def _so(sentence: GermanSentence) -> list[SentenceAttribution]:
    """A cue without a verb: "..., so der Minister"."""
    found = []
    for number, clause in enumerate(sentence.clauses[1:], 1):
        first = sentence.tokens[clause.start]
        if first.low != "so" or first.capital or clause.kind not in ("fragment", "infinitive", "quote"):
            continue
        got = phrase(sentence, clause.start + 1, clause.end)
        if got and sentence.tokens[got[0]].low not in _AMOUNTS:
            found.append(
                SentenceAttribution(
                    content_of(sentence, 0, _resume(sentence, number)), got, (first.start, first.end), "cue"
                )
            )
    return found


def according(sentence: GermanSentence) -> list[SentenceAttribution]:
    """Return what "laut X", "nach Angaben von X", "X zufolge" and "demnach" attribute."""
    found = []
    for source, cue, where in according_phrases(sentence):
        number = next(place for place, clause in enumerate(sentence.clauses) if clause.start <= cue < clause.end)
        first, last = _scope(sentence, number)
        start, end = sentence.clauses[first].start, sentence.clauses[last - 1].end
        token = sentence.tokens[cue]
        if first == number and where[0] <= start + 1:
            start = where[1]
        while start < end and not sentence.tokens[start].word and not sentence.tokens[start].quoted:
            start += 1
        if start < end:
            found.append(
                SentenceAttribution(sentence.span(start, end), source, (token.start, token.end), "according", False)
            )
    return found


def _scope(sentence: GermanSentence, number: int) -> tuple[int, int]:
    """The clauses that "laut X" in clause ``number`` speaks for: the sentence, or the one dependent clause."""
    clauses = sentence.clauses
    clause = clauses[number]
    if number == 0:
        return 0, len(clauses)
    if clause.kind in ("that", "wh", "relative", "subordinate"):
        end = number + 1
        while end < len(clauses) and clauses[end].kind != "main":
            end += 1
        return number, end
    if clause.mark in ":;" or any(match.clause < number and match.kind == "finite" for match in cue_matches(sentence)):
        return number, len(clauses)
    return 0, len(clauses)


def act_of_speech(sentence: GermanSentence, taken: list[SentenceAttribution]) -> list[SentenceAttribution]:
    """Return the act of speech that a sentence reports without a clause of content, if there is one.

    "Der Verband fordert den Rücktritt des Ministers.": the content is the sentence, its source within it.
    """
    for match in cue_matches(sentence):
        clause = sentence.clauses[match.clause]
        verb = match.span(sentence)
        if not match.cue.report or clause.kind in ("infinitive", "that", "wh", "relative", "subordinate"):
            continue
        if any(item.content[0] <= verb[0] < item.content[1] or item.cue == verb for item in taken):
            continue
        source = source_of(sentence, match)
        if source is None:
            continue
        span = (sentence.start, sentence.end) if clause.kind == "main" else sentence.span(clause.start, clause.end)
        return [SentenceAttribution(span, source, verb, "report", False)]
    return []
