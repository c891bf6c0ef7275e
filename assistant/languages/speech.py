"""``[speech]`` of a language file: the words that attribute speech, and those that identify the speaker.

There are two shapes: one for English, which is parsed, and one for the languages that are read by rules. Unless said
otherwise, words are in lower case, with their accents.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.languages.entries import NONE, Flag, InOrder, Lines, Table, Text, Texts, Unjoined, WordLists, Words

# --- languages read by rules -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues(Table):
    """``[speech.cues]``: what attributes speech.

    German lists base forms, which are inflected by rule: ``sagen``, with a separable prefix ``mit+teilen``, with words
    that must be in the same clause ``gehen|davon_aus``.

    :ivar verbs: finite forms. ``participles``: forms that need one of ``auxiliaries`` shortly before them.
    :ivar relative: forms that come before their subject ("diyen").
    :ivar prefixes: letters that may be prefixed to a verb (Arabic "wa", "fa").
    :ivar like: words for "as" in "as X said".
    :ivar that: words that open reported speech; ``that_prefixes``: likewise, prefixed to the next word.
    :ivar nominal: a regular expression for the end of a reported clause that precedes its verb.
    :ivar according_before: prepositions that name a source ("according to"); ``according_after``: postpositions.
    :ivar say: German verbs that take any complement, including a main clause in the indicative.
    :ivar clause: German verbs that take a clause in the subjunctive, with "dass", or with "zu".
    :ivar report: German verbs that report an act of speech even without a clause ("fordert den Rücktritt").
    :ivar label: German verbs whose object may be given in the speaker's words ("nannte das „absurd“").
    """

    verbs: Words = NONE
    auxiliaries: Words = NONE
    participles: Words = NONE
    relative: Words = NONE
    prefixes: InOrder = ()
    like: Words = NONE
    that: Words = NONE
    that_prefixes: InOrder = ()
    nominal: Text = ""
    according_before: Words = NONE
    according_after: Words = NONE
    say: Unjoined = ()
    clause: Unjoined = ()
    report: Unjoined = ()
    label: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedClasses(Table):
    """``[speech.words]``: closed word classes, and parts of names.

    :ivar pronouns_male: pronouns that stand for a man; ``pronouns_female`` for a woman; ``pronouns_other`` all others
        that can speak.
    :ivar pointers: words that refer back to the last speaker, whoever that is.
    :ivar determiners: articles and the like. German has ``determiners_nominative``, which a subject may have, and
        ``determiners_other``.
    :ivar stops: words that end a mention.
    :ivar titles: titles before names, as written; ``name_particles``: lower-case words within names.
    :ivar name_endings: a regular expression for what may be attached to a name ("’ın").
    :ivar case_endings: a regular expression for the ending of a name that is not a subject; ``locative_endings``: of
        one that says where or where from.
    :ivar feminine_roles: endings of feminine role nouns.
    :ivar auxiliaries: forms of auxiliary and other common verbs that show that a clause is finite; ``have``,
        ``be`` and ``become``: the forms of these that make the perfect tense and the passive.
    :ivar genitives: determiners that begin a genitive; ``attached``: what may begin a phrase that belongs to the noun
        before it.
    :ivar times: nouns of time, which are not subjects.
    :ivar adverb_endings: endings that mark an adverb.
    :ivar not_adjectives: words that are inflected like adjectives but are not.
    """

    pronouns_male: Words = NONE
    pronouns_female: Words = NONE
    pronouns_other: Words = NONE
    pointers: Words = NONE
    determiners: Words = NONE
    determiners_nominative: Words = NONE
    determiners_other: Words = NONE
    stops: Words = NONE
    adverbs: Words = NONE
    prepositions: Words = NONE
    conjunctions: Words = NONE
    subordinators: Words = NONE
    complementizers: Words = NONE
    interrogatives: Words = NONE
    relatives: Words = NONE
    titles: Words = NONE
    name_particles: Words = NONE
    name_endings: Text = ""
    case_endings: Text = ""
    locative_endings: Text = ""
    feminine_roles: InOrder = ()
    auxiliaries: Words = NONE
    have: Words = NONE
    be: Words = NONE
    become: Words = NONE
    genitives: Words = NONE
    attached: Words = NONE
    times: Words = NONE
    adverb_endings: InOrder = ()
    not_adjectives: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Nouns(Table):
    """``[speech.nouns]``: who can speak, and nouns for speech.

    :ivar roles: people's roles: "minister". ``role_suffixes``: compounds of these are roles, too ("Außenminister").
    :ivar bodies: what can speak but is not a person: "ministry".
    :ivar according: nouns between "according to" and the source: "statements". ``according_suffixes``: their endings.
    :ivar cue: nouns that take a content clause: "die Forderung, dass". As written.
    """

    roles: Words = NONE
    role_suffixes: Flag = False
    bodies: Words = NONE
    according: Words = NONE
    according_suffixes: InOrder = ()
    cue: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressees(Table):
    """``[speech.addressees]``: whom words are said to.

    :ivar verbs: cues after which an addressee is looked for.
    :ivar pattern: a verbose regular expression for what follows such a cue, with them as its group ``who``.
    :ivar not_behind: words that are not followed by an addressee.
    """

    verbs: Words = NONE
    pattern: Text = ""
    not_behind: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflection(Table):
    """``[speech.verbs]``: how German verbs are inflected.

    :ivar strong: irregular verbs, one per line: infinitive, third person present, third person past,
        participle.
    :ivar inseparable: prefixes of verbs whose participle has no "ge"; ``separable``: those that "zu" separates from
        the verb ("anzukündigen").
    """

    strong: Lines = ()
    inseparable: Words = NONE
    separable: InOrder = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjunctive(Table):
    """``[speech.subjunctive]``: the mood of German reported speech.

    :ivar auxiliaries: present subjunctives of auxiliary verbs.
    :ivar verbs: infinitives whose form in -e is read as a present subjunctive; ``not_verbs``: such forms that are not.
    :ivar past_plural: past subjunctives that replace it in the plural; ``past``: others, which count only next to
        speech.
    """

    auxiliaries: Words = NONE
    verbs: Words = NONE
    not_verbs: Words = NONE
    past_plural: Words = NONE
    past: Words = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Table):
    """``[speech]`` of a language read by rules.

    :ivar order: word order, by which a subject is looked for: "svo", "vso" (Arabic) or "sov" (Turkish).
    """

    order: Text = "svo"
    cues: Cues
    words: ClosedClasses
    nouns: Nouns
    addressees: Addressees = field(default_factory=Addressees)
    verbs: Inflection = field(default_factory=Inflection)
    subjunctive: Subjunctive = field(default_factory=Subjunctive)


# --- English ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishAddressees(Table):
    """``[speech.addressees]`` of English.

    :ivar tell: verbs whose object is the addressee; ``to``: verbs with the addressee after "to".
    :ivar matter: objects of those verbs that are not addressees ("told the truth").
    :ivar talks: nouns followed by "with" somebody ("interview"); ``letters``: nouns followed by "to" somebody.
    :ivar people: nouns for those who can be spoken to, besides roles; ``pronouns`` likewise.
    """

    tell: Words
    to: Words
    matter: Words
    talks: Words
    letters: Words
    people: Words
    pronouns: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishPeople(Table):
    """``[speech.people]`` of English: words that identify people.

    :ivar pronouns_m: of a man; ``pronouns_f`` of a woman; ``pronouns_group`` of neither.
    :ivar titles: words before a name, without their full stop; ``titles_m`` of men, ``titles_f`` of women.
    :ivar abbreviated: titles that are written with a full stop, in their usual case.
    :ivar particles: lower-case words within names.
    :ivar given_m: first names of men; ``given_f`` of women.
    :ivar roles: roles as used with a name; ``role_forms``: their short forms, with what refers back to them.
    :ivar starters: words that begin a sentence, and days and months: not part of a name that follows them.
    :ivar organisations: words found in names that are not a person's.
    :ivar voices: things of somebody's that speak for them ("his statement").
    """

    pronouns_m: InOrder
    pronouns_f: InOrder
    pronouns_group: InOrder
    titles: InOrder
    titles_m: InOrder
    titles_f: InOrder
    abbreviated: InOrder
    particles: InOrder
    given_m: InOrder
    given_f: InOrder
    roles: InOrder
    role_forms: Texts
    starters: Words
    organisations: Words
    voices: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishWords(Table):
    """``[speech.words]`` of English.

    :ivar steps: prepositions and conjunctions that may follow a cue ("said in ..."); ``further``: what else may if a
        sentence only says who spoke ("Ann Lee said earlier").
    :ivar heads: words that end the head of a mention ("the mayor of ...").
    :ivar watching: verbs whose object does not speak for their subject; ``issuing``: verbs whose object does.
    :ivar unfulfilling: verbs and prepositions that lead to what was not said after all ("refused to say").
    :ivar conditional: begin a condition ("if she says"); ``nobody``: subjects of whom nobody spoke.
    :ivar documents: what speaks for whoever wrote it ("report").
    :ivar labels: words before a colon that open a paragraph and are no speaker ("note"); ``unnamed``: words of labels
        in transcripts that name no one ("host").
    """

    steps: InOrder
    further: InOrder
    heads: InOrder
    documents: Words
    watching: Words
    issuing: Words
    unfulfilling: Words
    conditional: Words
    nobody: Words
    labels: Words
    unnamed: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishSpeech(Table):
    """``[speech]`` of English: cues by class, in base form. The file explains each class.

    :ivar verbs: the classes "say", "tell", "think", ...
    :ivar verb_prepositions: verbs by the preposition that leads to what was said.
    :ivar phrasal: verbs by the particle that makes them verbs of saying ("shot back").
    :ivar passive: verbs whose subject is part of what is reported ("is expected to").
    :ivar irregular: the forms of irregular verbs.
    """

    verbs: WordLists
    verb_prepositions: WordLists
    phrasal: WordLists
    passive: WordLists
    adjectives: WordLists
    nouns: WordLists
    irregular: WordLists
    addressees: EnglishAddressees
    people: EnglishPeople
    words: EnglishWords
