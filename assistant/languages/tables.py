"""The tables of ``<language>.toml``, one dataclass each: its entries, and what each of them is for.

``entries.py`` says how an entry is written. Words stand in lower case unless said otherwise.
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
    """``[stopwords]``: words that carry nothing.

    :ivar words: function words, and words that ask: no part of what a question is about.
    :ivar passing: words that say when, or ask for a kind of thing; left out where a question has others.
    :ivar search: what the lexical index passes over in questions, besides Tantivy's own stop words.
    :ivar light: titles and connectives, which a claim may have and its evidence lack.
    :ivar informative: stop words of questions that say something in an answer ("show").
    :ivar nameless: words that are no names though they are written with a capital ("The").
    """

    words: Folded = NONE
    passing: Folded = NONE
    search: Words = NONE
    light: Folded = NONE
    informative: Folded = NONE
    nameless: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Table):
    """``[negation]``: words that turn what a sentence says.

    :ivar words: all of them, verbs that imply a negation ("failed") among them.
    :ivar particles: those that negate and do nothing else: sentences that differ in one are no near-duplicates.
    :ivar interchangeable: those of which one may stand for another ("not", "never").
    :ivar denials: verbs of which all that follows is denied, up to the next clause.
    """

    words: Folded = NONE
    particles: Folded = NONE
    interchangeable: Folded = NONE
    denials: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hedging(Table):
    """``[hedging]``: words that make what a sentence says less than certain.

    :ivar words: all of them.
    :ivar conditions: those that a whole sentence depends on ("if").
    :ivar indirect: words behind which a condition is an indirect question ("asked if").
    :ivar modals: verbs of what will or may be; a question that begins with one asks for just that.
    """

    words: Folded = NONE
    conditions: Folded = NONE
    indirect: Folded = NONE
    modals: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Table):
    """``[bounds]``: words that bound what a sentence says.

    :ivar words: comparatives, quantifiers, and prepositions of time and opposition ("more", "only", "since").
    """

    words: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronouns(Table):
    """``[pronouns]``: words that stand for a name.

    :ivar words: all of them, possessives and demonstratives among them.
    :ivar subjects: those of whom something can be said.
    :ivar dialogue: of the first and second person.
    :ivar nameless: what can stand where a question names a speaker, and names nobody ("What did he say?").
    """

    words: Folded = NONE
    subjects: Folded = NONE
    dialogue: Folded = NONE
    nameless: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(Table):
    """``[reporting]``: words that give what is said as somebody's words.

    :ivar verbs: verbs of saying, and what stands for one ("according").
    :ivar requests: verbs in the form in which they ask for words ("write"), and others that give them.
    :ivar nouns: those of all these that may as well be nouns.
    :ivar things: those that give nobody's words where they do stand as nouns ("the state").
    """

    verbs: Folded = NONE
    requests: Folded = NONE
    nouns: Folded = NONE
    things: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses(Table):
    """``[clauses]``: function words by what they do in a clause.

    :ivar coordinators: join words of one kind ("and").
    :ivar contrasts: oppose what follows to what stands before ("but").
    :ivar boundaries: begin another clause.
    :ivar predicates: copulas and auxiliaries: with one of them, a name says something.
    :ivar agents: stand before who does it, in the passive ("by").
    :ivar governors: prepositions that what follows depends on.
    :ivar locatives: prepositions by which a name is told from others ("of Bonn").
    :ivar scope_ends: prepositions beyond which a negation does not reach.
    :ivar prepositions: before which a name is not of whom something is said.
    :ivar adjuncts: begin how, when and where in a question; a sentence that answers it need not have those.
    :ivar ranks: say which of several ("first").
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
    :ivar uncounted: number words that, alone, count nothing: articles, "one", "seconds".
    :ivar spelled: number words that can answer "how many"; ``units``: what belongs to a number in an answer, as regular
        expressions over text as it is written, in any case.
    :ivar counting: number words of which one shows that a text can answer "how many".
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
    :ivar ambiguous: those that are other words as well ("may"): they name a day only with a capital.
    :ivar units: of time, in the singular; the plural has an "s".
    :ivar times: words of which one shows that a text can answer "when".
    """

    words: Folded = NONE
    ambiguous: Folded = NONE
    units: InOrder = ()
    times: InOrder = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTypes(Table):
    """``[answers]``: what kind of thing a question asks for.

    All are regular expressions over text as it is written, in any case.

    :ivar number: how a question after a number asks; ``time``, ``person`` and ``place`` likewise.
    :ivar in_place: what stands before the name of a place; ``articles``: what may stand between.
    """

    number: Lines = ()
    time: Lines = ()
    person: Lines = ()
    place: Lines = ()
    in_place: Lines = ()
    articles: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Table):
    """``[names]``: words around people's names. What is of every language stands in ``names.toml``.

    :ivar addresses: titles that are passed over when a name in a question is compared with a mention.
    :ivar press: words that mean reporters, whichever.
    :ivar describing: words that no title has: with one of them, what stands before a name describes somebody else.
    :ivar linking: words that may stand small within the name of a body ("Ministry of Defence").
    :ivar titles: what stands before a name, besides the titles and roles of ``[speech]``.
    :ivar bodies: words of which a name that has one is no person's ("university").
    :ivar nameless: words that stand for somebody who is not named ("officials").
    :ivar spokespeople: words for who speaks for others, besides "press secretary".
    :ivar articles: what may stand before the name of those whom they speak for.
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
    """``[boilerplate]``: what a page has around an article.

    All are regular expressions over text as it is written, in any case.

    :ivar offers: what an offer to readers begins with ("sign up").
    :ivar links: labels of links to other articles.
    :ivar captions: what stands before a caption.
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
    """``names.toml``: what tells people's names from other words, whatever the language.

    :ivar particles: parts of a name that are written small, or stand before its last word.
    :ivar within: words that a name in a question may have within it.
    :ivar suffixes: "jr", "iii". ``behind``: what comes behind a name and is no part of it ("phd").
    :ivar companies: what the name of a company ends with.
    :ivar ambiguous: names of places and of companies that are last names, too: alone, they are not the person's.
    :ivar nicknames: a first name, its short and its long forms a line.
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
"""The tables, with their names in the file."""
