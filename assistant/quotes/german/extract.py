"""Who said what in a German article: what its sentences state, their quotations, and speech that runs on."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.attributions import Attribution
from assistant.quotes.common.coreference import AttributionDraft, resolve_speakers
from assistant.quotes.german.according import may_speak
from assistant.quotes.german.cues import cue_matches, source_of
from assistant.quotes.german.free_indirect import free_indirect_mood
from assistant.quotes.german.noun_phrases import governed_by, nominative, phrases
from assistant.quotes.german.parse import parse
from assistant.quotes.german.quotations import direct_speech
from assistant.quotes.german.reported import act_of_speech, indirect_speech
from assistant.quotes.german.tokens import GermanSentence, SentenceAttribution
from assistant.text import Span


@dataclass(slots=True)
class _Discourse:
    """What is known of an article when its next sentence is read.

    :ivar source: whose words came last.
    :ivar quiet: sentences since then.
    :ivar run: free indirect speech that the last sentence belongs to.
    """

    source: Span | None = None
    quiet: int = 99
    before: GermanSentence | None = None
    run: AttributionDraft | None = None

    def near(self, sentence: GermanSentence) -> GermanSentence | None:
        """The sentence before, when it stands in the same paragraph."""
        return self.before if self.before is not None and self.before.paragraph == sentence.paragraph else None


def extract_german(text: str) -> list[Attribution]:
    """Return the attributions of a German text, by start of content.

    Direct quotations, indirect speech (cue verbs and nouns, "laut", "nach Angaben von", "zufolge"), acts of speech
    ("fordert den Rücktritt"), and free indirect speech: sentences in the subjunctive, or with "soll" behind somebody's
    words, carry on whoever spoke last; a run of them is one attribution. A quotation inside indirect speech is an
    attribution of its own, within the one that holds it. The content of an act of speech is its sentence, and that of
    a sentence which "laut X" breaks runs over it: both hold their source. Linear in the length of the text.
    """
    return resolve_speakers(text, drafts(text), "de")


def drafts(text: str) -> list[AttributionDraft]:
    """Return the attributions of a German text, before their speakers are named."""
    story = _Discourse()
    result: list[AttributionDraft] = []
    for sentence in parse(text):
        made = [
            AttributionDraft(
                item.content, sentence.span(*item.source) if item.source else None, item.cue, "indirect", item.how
            )
            for item in _stated(sentence)
        ]
        made = made or _pointing(sentence, story)
        run = None if made else _run(sentence, story)
        direct = direct_speech(text, sentence, [*made, run] if run else made, story.source)
        made = [draft for draft in made if not any(_same(draft.content, other.content) for other in direct)]
        _mix(text, sentence, made)
        if run and run is not story.run:
            result.append(run)
        result += made + direct
        _note(sentence, made + direct, run, story)
    return result


def _stated(sentence: GermanSentence) -> list[SentenceAttribution]:
    found = indirect_speech(sentence)
    return found + act_of_speech(sentence, found)


def _run(sentence: GermanSentence, story: _Discourse) -> AttributionDraft | None:
    """Free indirect speech: a sentence in the subjunctive without a cue begins a run of it or carries one on."""
    mood = free_indirect_mood(sentence)
    before = story.near(sentence)
    if not mood or (mood != "strong" and (before is None or story.quiet)):
        return None
    how = "hearsay" if mood == "hearsay" else "free"
    if story.run is not None and before is not None and story.run.content[1] == before.end and story.run.how == how:
        story.run.content = (story.run.content[0], sentence.end)
        return story.run
    source = story.source
    if story.quiet and before is not None:
        source = _topic(before) or source or _topic(before, anybody=True)
    return AttributionDraft((sentence.start, sentence.end), source, None, "indirect", how)


def _topic(sentence: GermanSentence, anybody: bool = False) -> Span | None:
    """The subject of a sentence without speech, or the agent of its passive, when it can speak."""
    if not sentence.clauses:
        return None
    clause = sentence.clauses[0]
    for got, governed in phrases(sentence, clause.start, clause.end):
        if not governed and nominative(sentence, got) and (anybody or may_speak(sentence, got)):
            return sentence.span(*got)
    agent = governed_by(sentence, clause, ("von", "vom", "durch"))
    return sentence.span(*agent) if agent and (anybody or may_speak(sentence, agent)) else None


def _pointing(sentence: GermanSentence, story: _Discourse) -> list[AttributionDraft]:
    """A sentence that points back: "Das bestätigte der Minister."; the content is the sentence before."""
    before = story.near(sentence)
    if before is None or sentence.tokens[0].low not in ("das", "dies"):
        return []
    for match in cue_matches(sentence)[:1]:
        told = match.cue.say or match.cue.particle == "hervor" or match.cue.lemma == "entscheiden"
        source = source_of(sentence, match) if told and match.clause == 0 and not _content_follows(sentence) else None
        if source:
            content = (before.start, sentence.tokens[0].end)
            return [AttributionDraft(content, sentence.span(*source), match.span(sentence), "indirect", "pointing")]
    return []


def _content_follows(sentence: GermanSentence) -> bool:
    return any(clause.kind in ("that", "infinitive") or clause.mark == ":" for clause in sentence.clauses[1:])


def _mix(text: str, sentence: GermanSentence, made: list[AttributionDraft]) -> None:
    """Mark what holds a quotation of three words or more as mixed."""
    long = [quote.span for quote in sentence.quotes if len(text[quote.inner[0] : quote.inner[1]].split()) >= 3]
    for draft in made:
        if any(draft.content[0] <= start and end <= draft.content[1] for start, end in long):
            draft.kind = "mixed"


def _note(
    sentence: GermanSentence, made: list[AttributionDraft], run: AttributionDraft | None, story: _Discourse
) -> None:
    """Remember whose words came last: those of the outermost attribution."""
    story.before, story.run = sentence, run
    if not made and run is None:
        story.quiet += 1
        return
    story.quiet = 0
    for draft in made:
        if draft.source and draft.source != draft.cue and not any(_holds(other, draft) for other in made):
            story.source = draft.source
            return


def _holds(other: AttributionDraft, draft: AttributionDraft) -> bool:
    """Whether a draft's source stands in the content of another one: it is quoted there, not quoting."""
    if other is draft or draft.source is None or other.how in ("according", "report"):
        return False
    return other.content[0] <= draft.source[0] < other.content[1]


def _same(left: Span, right: Span) -> bool:
    return abs(left[0] - right[0]) + abs(left[1] - right[1]) <= 4
