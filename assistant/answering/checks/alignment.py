"""Align a claim with the sentences it cites: which of its words they contain, where, and what they have instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.answering.checks.claims import CitedSpan
from assistant.answering.tokens import POSSESSIVE, Token, alike, is_title, read
from assistant.languages.lexicon import reporting
from assistant.names.phonetics import consonants, script
from assistant.sentences import sentences
from assistant.text import Span

_WEIGHTS = {"name": 0.7, "number": 0.7, "date": 0.7, "word": 1.0}
_LEAST = 0.2
"""Weights of a claim's tokens in choosing the sentence to align it with: names may be the wrong ones."""

_ONE_SIDED = frozenset(("told", "tell", "tells"))
"""Reporting verbs whose speaker comes before them; with others, the speaker may be on either side."""

_PRONOUN = 3
"""Most tokens in a gap that contains a pronoun, for a name to replace it."""

_NEAR = 4
"""Tokens at each end of a longer gap that count as replacing the claim's."""


@dataclass(frozen=True, slots=True)
class Home:
    """A sentence of the cited evidence, tokenised.

    :ivar start: its offset in the cited characters.
    """

    text: str
    start: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim aligned with the cited sentence it shares most words with.

    :ivar claim: its tokens.
    :ivar homes: all cited sentences; ``home`` is the index of the one that the claim is aligned with.
    :ivar cited: the cited span that each of them comes from.
    :ivar at: for each token of the claim, the index of the matching token of ``home``; -1 for none.
    """

    claim: tuple[Token, ...]
    homes: tuple[Home, ...]
    cited: tuple[CitedSpan, ...]
    home: int
    at: tuple[int, ...]

    @property
    def beside(self) -> tuple[Token, ...]:
        """The tokens of the sentence that the claim is aligned with."""
        return self.homes[self.home].tokens

    def for_pronoun(self, place: int) -> bool:
        """Tell whether the home has only a pronoun for the claim's token at ``place``: "He said"."""
        gap = self._gap(place)
        said = [token.kind for token in gap]
        return len(gap) <= _PRONOUN and "pronoun" in said and set(said) <= {"pronoun", "light"}

    def left_out(self) -> Iterator[tuple[Token, tuple[Token, ...], Token, str]]:
        """Yield what the home has between two words that are adjacent in the claim.

        :return: the first word, the tokens between, the second word, and the characters between.
        """
        for place in range(len(self.claim) - 1):
            before, after = self.at[place], self.at[place + 1]
            if 0 <= before < after - 1:
                characters = self.homes[self.home].text[self.beside[before].end : self.beside[after].start]
                yield self.claim[place], self.beside[before + 1 : after], self.claim[place + 1], characters

    def instead(self, place: int) -> list[Token]:
        """Return the tokens that the home has in place of the claim's token at ``place``."""
        before, after = self._around(place)
        gap = self._gap(place)
        if before < 0 and len(gap) > _NEAR:
            return list(gap[-_NEAR:])
        if after == len(self.beside) and len(gap) > _NEAR:
            return list(gap[:_NEAR])
        return list(gap) if len(gap) <= 2 * _NEAR else [*gap[:_NEAR], *gap[-_NEAR:]]

    def _around(self, place: int) -> tuple[int, int]:
        before = next((self.at[i] for i in range(place - 1, -1, -1) if self.at[i] >= 0), -1)
        return before, next((self.at[i] for i in range(place + 1, len(self.at)) if self.at[i] >= 0), len(self.beside))

    def _gap(self, place: int) -> tuple[Token, ...]:
        before, after = self._around(place)
        return self.beside[before + 1 : after]

    def region(self, places: Sequence[int]) -> Span:
        """Return the span of the article that the claim's tokens at these places correspond to."""
        begin = self.cited[self.home].start + self.homes[self.home].start
        there = [self.beside[self.at[place]] for place in places]
        return begin + there[0].start, begin + there[-1].end

    def stands(self, token: Token) -> bool:
        """Tell whether the home contains a token anywhere."""
        return any(same(token, other) for other in self.beside)

    def carried(self, place: int) -> bool:
        """Tell whether a token has one of its neighbours in the claim beside it in some cited sentence."""
        return self._beside(place, 1) or self._beside(place, -1)

    def enclosed(self, place: int) -> bool:
        """Tell whether it has both neighbours beside it."""
        return self._beside(place, 1) and self._beside(place, -1)

    def _beside(self, place: int, step: int) -> bool:
        token = self.claim[place]
        near = neighbour(self.claim, place, step)
        return near >= 0 and any(
            same(token, other) and _beside(self.claim, near, home.tokens, at, step)
            for home in self.homes
            for at, other in enumerate(home.tokens)
        )


def align(claim: str, cited: Sequence[CitedSpan], language: str) -> Aligned | None:
    """Align a claim with what it cites; None if either has no words."""
    tokens = read(claim, language)
    found_in = [(home, one) for one in cited for home in homes_of(one)]
    homes, origins = tuple(home for home, _ in found_in), tuple(one for _, one in found_in)
    best, found = -1.0, None
    for place, home in enumerate(homes):
        at = _matched(tokens, home.tokens)
        weight = sum(_WEIGHTS.get(tokens[i].kind, _LEAST) for i, j in enumerate(at) if j >= 0)
        if weight > best:
            best, found = weight, Aligned(tokens, homes, origins, place, at)
    return found


def homes_of(cited: CitedSpan) -> tuple[Home, ...]:
    """Return the sentences of a cited span, tokenised."""
    return _homes(cited.text, cited.article.language)


@lru_cache(maxsize=512)
def _homes(text: str, language: str) -> tuple[Home, ...]:
    spans = sentences(text, language)
    return tuple(Home(text[start:end], start, read(text[start:end], language)) for start, end in spans)


def _matched(claim: Sequence[Token], home: Sequence[Token]) -> tuple[int, ...]:
    """Match each token of a claim to one of a sentence, without crossings; -1 for no match."""
    known: dict[str, str] = {}
    for token in home:
        for form in (token.key, token.word, token.sounds and "~" + token.sounds):
            if form:
                known.setdefault(form, token.key)
    mine = []
    for token in claim:
        forms = (token.key, token.word) if token.kind == "number" else (token.key, token.word, "~" + token.sounds)
        mine.append(next((known[form] for form in forms if form in known), None) or _foreign(token, home))
    at = [-1] * len(claim)
    for block in SequenceMatcher(None, mine, [token.key for token in home], autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            at[block.a + offset] = block.b + offset
    return tuple(at)


def _foreign(token: Token, home: Sequence[Token]) -> str:
    return next((other.key for other in home if same(token, other)), "\0" + token.key)


def same(one: Token, other: Token) -> bool:
    """Tell whether two tokens are the same word, or the same name in two alphabets."""
    if alike(one, other):
        return True
    if "number" in (one.kind, other.kind) or (one.word.isascii() and other.word.isascii()):
        return False
    if "name" not in (one.kind, other.kind) or script(one.text) == script(other.text):
        return False
    return any(len(reading) >= 2 for reading in consonants(one.text) & consonants(other.text))


def neighbour(tokens: Sequence[Token], place: int, step: int) -> int:
    """Return the index of the next content token on one side, beyond the token's own name; -1 for none."""
    run = name_at(tokens, place)
    at = run.stop if step > 0 else run.start - 1
    while 0 <= at < len(tokens):
        if tokens[at].content or tokens[at].word in reporting().verbs:
            return at
        at += step
    return -1


def name_at(tokens: Sequence[Token], place: int) -> range:
    """Return the range of the name that a token belongs to; just the token if it is not part of a name."""
    low = high = place
    while tokens[place].kind == "name" and low > 0 and _one_name(tokens, low, -1):
        low -= 1
    while tokens[place].kind == "name" and high + 1 < len(tokens) and _one_name(tokens, high, 1):
        high += 1
    return range(low, high + 1)


def _one_name(tokens: Sequence[Token], at: int, step: int) -> bool:
    """Whether the next token continues the same name: there is only white space between."""
    one, two = sorted((at, at + step))
    apart = tokens[two].start - tokens[one].end
    return tokens[at + step].kind == "name" and apart <= 1 and not POSSESSIVE.search(tokens[one].text)


def _beside(claim: Sequence[Token], near: int, tokens: Sequence[Token], at: int, step: int) -> bool:
    """Whether the neighbour is on that side; a reporting verb with a single possible speaker may be on either."""
    there = neighbour(tokens, at, step)
    if there >= 0 and same(claim[near], tokens[there]):
        return True
    if claim[near].word not in reporting().verbs or claim[near].word in _ONE_SIDED or _is_somebody(claim, near + step):
        return False
    there = neighbour(tokens, at, -step)
    return there >= 0 and same(claim[near], tokens[there]) and not _is_somebody(tokens, there - step)


def _is_somebody(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind in ("name", "pronoun")


def untitled(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens that are not titles."""
    return (token for token in tokens if not is_title(token))
