"""Whose words a cue verb gives, in the languages that one set of rules serves: the noun phrase next to it."""

from __future__ import annotations

from assistant.quotes.generic.tokens import RuleSentence, RuleToken, SpeechRules, VerbMatch
from assistant.text import Span

_JOINTS = frozenset(",;:.!?()[]—–-…،؛؟")
_MAX_PHRASE = 14
"""Words of a mention."""


def source(sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch, quote: Span | None) -> Span | None:
    """Return the mention that a cue verb's words belong to.

    :param quote: the quotation that it attributes, or None for reported speech.
    """
    if verb.pronoun:
        return verb.pronoun
    if verb.relative:
        return after(sentence, rules, verb.last + 1)
    if rules.order == "sov":
        return _subject_first(sentence, rules, verb, quote)
    if rules.order == "vso":
        return after(sentence, rules, verb.last + 1) or before(sentence, rules, verb.first, quote)
    if quote is not None and quote[1] <= sentence.words[verb.first].start:
        return (
            _between(sentence, rules, verb, quote)
            or after(sentence, rules, verb.last + 1)
            or _outside(sentence, rules, quote)
        )
    return before(sentence, rules, verb.first, quote) or after(sentence, rules, verb.last + 1)


def _between(sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch, quote: Span) -> Span | None:
    """A subject between a quotation and its verb: "«...», Macron a déclaré"; pronouns before the verb do not count."""
    words = [place for place in range(verb.first) if sentence.words[place].start >= quote[1]]
    return _chunk(sentence, rules, words) if words else None


def _outside(sentence: RuleSentence, rules: SpeechRules, quote: Span) -> Span | None:
    """A subject before the quotation: "Pour le ministre, «...», a-t-on dit"."""
    words = [place for place in range(len(sentence.words)) if sentence.words[place].end <= quote[0]]
    return _chunk(sentence, rules, _last_clause(sentence, words)) if words else None


def _subject_first(sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch, quote: Span | None) -> Span | None:
    """Verb-final languages: the subject opens the sentence, or follows the verb when the quotation does."""
    limit = quote[0] if quote else sentence.words[verb.first].start
    opening = [place for place in range(verb.first) if sentence.words[place].end <= limit]
    head: list[int] = []
    diyen = next((place for place in opening if sentence.words[place].low in rules.relative), None)
    if diyen is not None:
        return after(sentence, rules, diyen + 1)
    apart = _set_off(sentence, rules, opening)
    if apart is not None:
        return apart
    for place in opening:
        if sentence.words[place].text in _JOINTS:
            if _names(sentence.words, rules, head):
                break
            head = []
            continue
        head.append(place)
    got = _chunk(sentence, rules, head, capital_run=quote is None) if head else None
    if got is None and quote is not None:
        between = [place for place in range(verb.first) if sentence.words[place].start >= quote[1]]
        got = _chunk(sentence, rules, between) if between else None
    if got is not None and not _subject(sentence, rules, got):
        got = None
    return got or after(sentence, rules, verb.last + 1)


def _set_off(sentence: RuleSentence, rules: SpeechRules, opening: list[int]) -> Span | None:
    """The subject that a comma sets off, by a name at its end: "Meclis üyesi Vedat Sarıca, ..."."""
    words = sentence.words
    comma = next((place for place in opening if words[place].text == ","), None)
    if not comma or comma > _MAX_PHRASE:
        return None
    last = words[comma - 1]
    plain = last.text[0].isupper() and "'" not in last.low and last.low not in rules.stops
    capitals = comma > 1 and words[comma - 2].text[0].isupper()
    if not plain or not (capitals or _subject(sentence, rules, (last.start, last.end))):
        return None
    first = next((place for place in range(comma) if not words[place].mark), comma)
    return words[first].start, last.end


def _subject(sentence: RuleSentence, rules: SpeechRules, mention: Span) -> bool:
    """Whether a mention can be a subject: it has a role, or a name that stands in no case and is no common word."""
    for word in sentence.words:
        if not mention[0] <= word.start < mention[1] or word.mark:
            continue
        low = word.low.replace("\u0307", "")  # what lower case makes of a dotted capital I
        if low in rules.roles or low in rules.pronouns:
            return True
        if word.start == mention[0] and rules.locative.search(low):
            return False
        if not word.text[0].isupper() or rules.case.search(low):
            continue
        opens = word.start == sentence.start
        if not opens or not any(common.startswith(low) for common in sentence.common):
            return True
    return False


def before(sentence: RuleSentence, rules: SpeechRules, verb: int, quote: Span | None) -> Span | None:
    """Return the mention that ends at a verb; one that an inserted phrase cuts off counts."""
    words = list(range(verb))
    if quote is not None:
        ahead = quote[0] >= sentence.words[verb].end
        words = [place for place in words if ahead or sentence.words[place].start >= quote[1]]
    clause = _last_clause(sentence, words)
    got = _chunk(sentence, rules, clause) if clause else None
    if got is None or (clause and not _named(sentence.words, rules, clause)):
        earlier = words[: words.index(clause[0])] if clause else words
        cut = _head_clause(sentence, rules, earlier)
        return cut or got
    return got


def _last_clause(sentence: RuleSentence, words: list[int]) -> list[int]:
    """The words after the last mark."""
    clause: list[int] = []
    for place in reversed(words):
        if sentence.words[place].text in _JOINTS:
            break
        clause.insert(0, place)
        if len(clause) > 3 * _MAX_PHRASE:
            break
    return clause


def _head_clause(sentence: RuleSentence, rules: SpeechRules, words: list[int]) -> Span | None:
    """The first part between marks that can be a mention: "Olivier Véran, ministre de la Santé, a déclaré"."""
    part: list[int] = []
    for place in [*words, -1]:
        if place >= 0 and sentence.words[place].text not in _JOINTS:
            part.append(place)
            continue
        got = _chunk(sentence, rules, part) if part and _named(sentence.words, rules, part) else None
        if got:
            return got
        part = []
    return None


def after(sentence: RuleSentence, rules: SpeechRules, start: int, anything: bool = False) -> Span | None:
    """Return the mention that begins behind a verb or preposition: up to a mark, a stop word or "that".

    :param anything: take any words, also such as name nobody by their form ("selon une étude").
    """
    words = sentence.words
    part: list[int] = []
    start = _past_adverbials(words, rules, start)
    for place in range(start, min(len(words), start + _MAX_PHRASE)):
        word = words[place]
        broken = bool(part) and words[part[-1]].end + 2 < word.start  # a quotation stands between
        if word.text in _JOINTS or broken or _opens(word, rules) or (part and word.low in rules.stops):
            break
        if not part and word.low in rules.adverbs:
            continue
        if not part and word.low in rules.stops:
            break
        part.append(place)
    got = _chunk(sentence, rules, part, capital_run=rules.order == "sov") if part else None
    if got is None and part and anything:
        return words[part[0]].start, words[part[-1]].end
    return got


def _past_adverbials(words: tuple[RuleToken, ...], rules: SpeechRules, start: int) -> int:
    """Where a subject may begin behind a verb: past "mardi", "во вторник", "dans un entretien"."""
    at = start
    for _ in range(4):
        if at >= len(words) or not (words[at].low in rules.stops or words[at].low in rules.adverbs):
            break
        at += 1
    return at if at < len(words) and words[at].text not in _JOINTS else start


def _opens(word: RuleToken, rules: SpeechRules) -> bool:
    return word.low in rules.that or word.low.startswith(rules.that_prefixes or ("\0",))


def _named(words: tuple[RuleToken, ...], rules: SpeechRules, places: list[int]) -> bool:
    return _names(words, rules, places) and words[places[0]].low not in rules.stops


def _names(words: tuple[RuleToken, ...], rules: SpeechRules, places: list[int]) -> bool:
    """Whether the words can name somebody: a capital, a role, a pronoun; any word in a script without capitals."""
    for place in places:
        text, low = words[place].text, words[place].low
        if low in rules.adverbs:
            continue
        if low in rules.roles or low in rules.pronouns or (text[0].isupper() and low not in rules.stops):
            return True
        if any(part[:1].isupper() for part in text.replace("'", "’").split("’")[1:]):
            return True
        if text[0].lower() == text[0].upper() and text[0].isalpha():
            return True
    return False


def _chunk(sentence: RuleSentence, rules: SpeechRules, places: list[int], capital_run: bool = False) -> Span | None:
    """The mention in a run of words: without adverbs before it, and up to a stop word."""
    words = sentence.words
    while places and (words[places[0]].low in rules.adverbs or words[places[0]].mark):
        places = places[1:]
    while places and (words[places[-1]].low in rules.adverbs or words[places[-1]].mark):
        places = places[:-1]
    if not places or words[places[0]].low in rules.stops:
        return None
    kept = [places[0]]
    for place in places[1:]:
        word = words[place]
        if word.low in rules.stops or word.low in rules.verbs or len(kept) >= _MAX_PHRASE:
            break
        if capital_run and not (word.text[0].isupper() or word.low in rules.roles):
            break
        kept.append(place)
    if words[kept[0]].low in rules.pronouns:
        return words[kept[0]].start, words[kept[0]].end
    article = len(kept) > 1 and words[kept[0]].low in rules.determiners
    if not article and not _names(words, rules, kept):
        return None
    return words[kept[0]].start, words[kept[-1]].end
