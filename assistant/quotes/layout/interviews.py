"""Interviews: Q: and A:, or questions as paragraphs of their own with their answers below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.names.people import people
from assistant.quotes.layout.people import full_names
from assistant.quotes.layout.turns import SpokenTurn, lines, personal
from assistant.text import Span, fold

_MARKED = re.compile(r"(Q|A|Question|Answer|QUESTION|ANSWER)[:.] *(?=\S)")
_STOPS = re.compile(r"[(\[#*•]")
_LONGEST_QUESTION = 250
_YOU = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«»]")
_TALKED = re.compile(
    r"\b(?:(?:spoke|talked|sat down|chatted|caught up|interview|conversation|Q&A)(?: [a-z]+){0,3} (?:with|to)"
    r"|interviewed) [^.\n]{0,60}$"
)
"""What leads to the name of whom an interview is with."""
_TITLED = re.compile(r"(?::|[’']s| (?:on|talks?|says?|reveals?|discuss(?:es)?|opens up|answers|explains?|reflects?)\b)")
"""What follows that name in a headline."""
_UNMARKED = 3
"""Least number of questions that make an interview where nothing marks them as such."""
_PERSONAL = 0.3
"""Least share of the answers that are in the first person."""


def interview_turns(text: str, headline: str, byline: str) -> list[SpokenTurn]:
    """Return the answers of an interview; none if the text is not one, or does not say whom it is with.

    They are the words of whoever the headline, or else the text above the first question, names. The questions are
    nobody's: an outlet asks them.
    """
    spans = lines(text)
    return _marked(text, spans, headline, byline) or _unmarked(text, spans, headline, byline)


def _marked(text: str, spans: Sequence[Span], headline: str, byline: str) -> list[SpokenTurn]:
    """The answers marked "A:"."""
    marks = {place: match for place, span in enumerate(spans) if (match := _MARKED.match(text, *span))}
    kinds = Counter(match[1][0] for match in marks.values())
    if min(kinds["Q"], kinds["A"]) < 1 or len(marks) < 3:
        return []
    last, found = max(marks), []
    for place, match in marks.items():
        if match[1][0] != "A":
            continue
        paragraphs = [(match.end(), spans[place][1])]
        for behind in range(place + 1, last):
            if behind in marks or _STOPS.match(text, spans[behind][0]):
                break
            paragraphs.append(spans[behind])
        found.append((match.span(1), tuple(paragraphs)))
    if not _answering(text, [paragraphs for _, paragraphs in found]):
        return []
    speaker = interviewee(text, headline, text[: spans[min(marks)][0]], byline)
    return [SpokenTurn(mark, speaker, paragraphs) for mark, paragraphs in found] if speaker else []


def _unmarked(text: str, spans: Sequence[Span], headline: str, byline: str) -> list[SpokenTurn]:
    """The paragraphs behind questions put to somebody, who answers in the first person."""
    asked = {place for place, span in enumerate(spans) if _is_question(text, span)}
    answered = sorted(place for place in asked if place + 1 < len(spans) and place + 1 not in asked)
    to_you = sum(bool(_YOU.search(text, *spans[place])) for place in answered)
    if len(answered) < _UNMARKED or 2 * to_you < len(answered):
        return []
    ends = [*answered[1:], answered[-1] + 2]
    found = [
        tuple(spans[place] for place in range(first + 1, end) if place not in asked)
        for first, end in zip(answered, ends, strict=True)
    ]
    if any(_QUOTED.match(text, paragraphs[0][0]) for paragraphs in found) or not _answering(text, found):
        return []
    speaker = interviewee(text, headline, text[: spans[answered[0]][0]], byline, told=True)
    return [SpokenTurn(None, speaker, paragraphs) for paragraphs in found] if speaker else []


def _is_question(text: str, span: Span) -> bool:
    question = text[slice(*span)]
    return question.endswith("?") and len(question) <= _LONGEST_QUESTION and not _QUOTED.search(question)


def _answering(text: str, answers: Sequence[Sequence[Span]]) -> bool:
    """Whether answers are somebody's own, not those of an outlet to its readers."""
    return sum(any(personal(text, span) for span in answer) for answer in answers) >= _PERSONAL * len(answers)


def interviewee(text: str, headline: str, lead: str, byline: str, told: bool = False) -> str | None:
    """Return whom an interview is with: whom the lead says somebody spoke to, else the one person in the headline, else
    whom the lead names most often.

    :param lead: what stands above the first question.
    :param told: whether it must be said that it is an interview; a name alone will not do.
    """
    writers = {fold(name) for _, name in full_names(byline)}

    def named(where: str) -> list[tuple[Span, str]]:
        return [
            (span, name) for span, name in full_names(where) if fold(name) not in writers and _is_person(name, text)
        ]

    in_headline, in_lead = named(headline), named(lead)
    for (start, _), name in in_lead:
        if _TALKED.search(lead, max(0, start - 120), start):
            return name
    for (_, end), name in in_headline:
        if len(in_headline) == 1 and (not told or _TITLED.match(headline, end)):
            return name
    counts = Counter({name: len(re.findall(rf"\b{re.escape(name.split()[-1])}\b", lead)) for _, name in in_lead})
    ranked = counts.most_common(2)
    if told or not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _is_person(name: str, text: str) -> bool:
    """Whether a run of capitalised words is a person: a known first name or a last name that stands alone elsewhere,
    and no word that is a role or a common one here.
    """
    words = fold(name).split()
    if people().roles.keys() & set(words):
        return False
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words if len(word) > 1):
        return False
    return (
        words[0] in people().given or len(re.findall(rf"(?<!{words[0]} )\b{re.escape(name.split()[-1])}\b", text)) > 1
    )
