"""The tables of ``<language>.toml``, except ``[questions]`` and ``[speech]``: a dataclass each, its fields the entries.

``entries.py`` says how entries are written. Words are in lower case unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.languages.entries import NONE, ByMeaning, ByNumber, Folded, InOrder, Lines, Table, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences(Table):
    """``[sentences]``: where a full stop does not end one.

    :ivar abbreviations: written with a full stop, which they are listed without. Compared case-folded, with accents.
    :ivar final: those of them that end a sentence where the next word has a capital ("etc").
    :ivar starters: words that begin a sentence behind an acronym ("in the U.S. The ...").
    :ivar titled: the commonest abbreviations, in their usual case; a language model's grammar allows a full stop within
        a sentence behind these alone.
    """

    abbreviations: Words = NONE
    final: Words = NONE
    starters: Words = NONE
    titled: InOrder = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWords(Table):
    """``[stopwords]``: words that carry no content.

    :ivar words: function words and question words: no part of what a question is about.
    :ivar incidental: words that say when, or ask for a kind of thing; dropped if a question has other words.
    :ivar search: what the lexical index ignores in questions, besides Tantivy's own stop words.
    :ivar light: titles and connectives, which a claim may have although its evidence does not.
    :ivar informative: stop words of questions that carry content in an answer ("show").
    :ivar nameless: words that are not names even with a capital ("The").
    """

    words: Folded = NONE
    incidental: Folded = NONE
    search: Words = NONE
    light: Folded = NONE
    informative: Folded = NONE
    nameless: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Table):
    """``[negation]``: words that deny a statement.

    :ivar words: all of them, including verbs that imply a negation ("failed").
    :ivar particles: those that only negate: sentences that differ in one of them are not near-duplicates.
    :ivar interchangeable: those that may replace one another ("not", "never").
    :ivar denials: verbs that deny everything up to the next clause.
    """

    words: Folded = NONE
    particles: Folded = NONE
    interchangeable: Folded = NONE
    denials: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hedging(Table):
    """``[hedging]``: words that qualify a statement.

    :ivar words: all of them.
    :ivar conditions: those that make a whole sentence conditional ("if").
    :ivar indirect: words after which a condition is an indirect question ("asked if").
    :ivar modals: modal verbs; a question that begins with one asks for what will or may be.
    """

    words: Folded = NONE
    conditions: Folded = NONE
    indirect: Folded = NONE
    modals: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Table):
    """``[bounds]``: words that limit a statement.

    :ivar words: comparatives, quantifiers, and prepositions of time and opposition ("more", "only", "since").
    """

    words: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronouns(Table):
    """``[pronouns]``: words that stand for a name.

    :ivar words: all of them, possessives and demonstratives among them.
    :ivar subjects: those that can be the subject of a statement.
    :ivar dialogue: of the first and second person.
    :ivar nameless: words that can take a speaker's place in a question without naming one ("What did he say?").
    """

    words: Folded = NONE
    subjects: Folded = NONE
    dialogue: Folded = NONE
    nameless: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(Table):
    """``[reporting]``: words that mark what is said as somebody's words.

    :ivar verbs: verbs of saying and their equivalents ("according").
    :ivar requests: imperatives that ask for words ("write"), and further verbs of saying.
    :ivar nouns: those of both lists that can also be nouns.
    :ivar things: those that mark nobody's words when used as nouns ("the state").
    """

    verbs: Folded = NONE
    requests: Folded = NONE
    nouns: Folded = NONE
    things: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses(Table):
    """``[clauses]``: function words by what they do in a clause.

    :ivar coordinators: join equals ("and").
    :ivar contrasts: contrast what follows with what comes before ("but").
    :ivar boundaries: begin another clause.
    :ivar predicates: copulas and auxiliaries: with one of them, a name alone makes a statement.
    :ivar agents: precede the agent of a passive ("by").
    :ivar governors: prepositions that what follows depends on.
    :ivar locatives: prepositions of a phrase that only tells a name from others ("of Bonn").
    :ivar scope_ends: prepositions at which the scope of a negation ends.
    :ivar prepositions: after one of these, a name is not the subject.
    :ivar copulas: begin a question about what something is.
    :ivar adjuncts: begin an adjunct in a question (how, when, where), which a sentence that answers it need not have.
    :ivar ranks: pick one of several ("first").
    """

    coordinators: Folded = NONE
    contrasts: Folded = NONE
    boundaries: Folded = NONE
    predicates: Folded = NONE
    agents: Folded = NONE
    governors: Folded = NONE
    locatives: Folded = NONE
    scope_ends: Folded = NONE
    prepositions: Folded = NONE
    copulas: Folded = NONE
    adjuncts: Folded = NONE
    ranks: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Table):
    """``[numbers]``: numbers in words, and their units.

    :ivar small: numbers below a hundred: units and tens; ``compound_units``: units that stand before the tens in one
        word ("fünfundzwanzig").
    :ivar scales: "hundred", "thousand", "million", ...; ``long_scale``: words that mean 10**12 in this language.
    :ivar ordinals: "first", "second", ...
    :ivar currencies: words by the sign that they stand for; ``percent``: words that stand for "%".
    :ivar uncounted: number words that do not count anything on their own: articles, "one", "seconds".
    :ivar spelled: number words that can answer "how many"; ``units``: what belongs to a number in an answer, as regular
        expressions over text as it is written, ignoring case.
    :ivar counting: number words, one of which is enough for a text to answer "how many".
    """

    small: ByNumber = field(default_factory=dict)
    compound_units: Folded = NONE
    scales: ByNumber = field(default_factory=dict)
    long_scale: Folded = NONE
    ordinals: ByNumber = field(default_factory=dict)
    currencies: ByMeaning = field(default_factory=dict)
    percent: Folded = NONE
    uncounted: Folded = NONE
    spelled: InOrder = ()
    counting: InOrder = ()
    units: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Table):
    """``[calendar]``: words that name a day.

    How questions name times is in ``[questions.time]``.

    :ivar words: months, weekdays, "yesterday".
    :ivar ambiguous: those that are also other words ("may"): they name a day only with a capital.
    :ivar units: of time, in the singular; the plural has an "s".
    :ivar times: words, one of which is enough for a text to answer "when".
    """

    words: Folded = NONE
    ambiguous: Folded = NONE
    units: InOrder = ()
    times: InOrder = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTypes(Table):
    """``[answers]``: the type of answer that a question expects.

    All are regular expressions over text as it is written, ignoring case.

    :ivar number: how a question asks for a number; ``time``, ``person`` and ``place`` likewise.
    :ivar in_place: what precedes the name of a place; ``articles``: what may come between the two.
    :ivar coverage: how a question asks how many articles an archive has on something, or how often it is mentioned.
    :ivar many: how a question asks how many there are of something that it names.
    :ivar often: how a question asks how often something happened; ``times``: what says so in a text.
    """

    coverage: Lines = ()
    many: Lines = ()
    often: Lines = ()
    times: Lines = ()
    number: Lines = ()
    time: Lines = ()
    person: Lines = ()
    place: Lines = ()
    in_place: Lines = ()
    articles: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Table):
    """``[names]``: words around people's names. What all languages share is in ``names.toml``.

    :ivar addresses: titles that are ignored when a name in a question is compared with a mention.
    :ivar press: words for reporters in general.
    :ivar describing: words that titles do not have: with one of them, what precedes a name describes somebody else.
    :ivar linking: words without a capital within the name of a body ("Ministry of Defence").
    :ivar titles: what precedes a name, besides the titles and roles of ``[speech]``.
    :ivar bodies: words that a person's name does not have ("university").
    :ivar nameless: words for somebody who is not named ("officials").
    :ivar spokespeople: words for somebody who speaks for others, besides "press secretary".
    :ivar articles: what may precede the name of those they speak for.
    """

    addresses: Folded = NONE
    press: Folded = NONE
    describing: Folded = NONE
    linking: Folded = NONE
    titles: Folded = NONE
    bodies: Folded = NONE
    nameless: Folded = NONE
    spokespeople: Folded = NONE
    articles: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate(Table):
    """``[boilerplate]``: what pages have around an article.

    All are regular expressions over text as it is written, ignoring case.

    :ivar offers: how an offer to readers begins ("sign up").
    :ivar links: labels of links to other articles.
    :ivar captions: what precedes a caption.
    """

    offers: Lines = ()
    links: Lines = ()
    captions: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbs(Table):
    """``[verbs]``: inflection.

    :ivar irregular: a verb a line, its base form first.
    """

    irregular: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLists(Table):
    """``names.toml``: what tells people's names from other words in any language.

    :ivar particles: parts of a name without a capital, or before its last word.
    :ivar within: words that may occur within a name in a question.
    :ivar suffixes: "jr", "iii". ``behind``: what follows a name without being part of it ("phd").
    :ivar companies: how the name of a company ends.
    :ivar ambiguous: names of places and companies that are also last names: alone, they do not mean the person.
    :ivar nicknames: a first name with its short and long forms on each line.
    """

    particles: Folded
    within: Folded
    suffixes: Folded
    behind: Folded
    companies: Folded
    ambiguous: Folded
    nicknames: Lines


TABLES: dict[type[Table], str] = {
    Sentences: "sentences", StopWords: "stopwords", Negation: "negation", Hedging: "hedging", Bounds: "bounds",
    Pronouns: "pronouns", Reporting: "reporting", Clauses: "clauses", Numbers: "numbers", Calendar: "calendar",
    AnswerTypes: "answers", Names: "names", Boilerplate: "boilerplate", Verbs: "verbs",
}  # fmt: skip
"""The tables and their names in the file."""
