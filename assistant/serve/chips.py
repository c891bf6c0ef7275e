"""What a question was restricted to, and what was read out of it, as small labels that can be taken away."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.inferences import INFERENCES, InferenceName
from assistant.serve.render import esc, readable_date
from assistant.types import Answer, Filters, Inference

_NAMES: dict[InferenceName, str] = {
    "time": "time",
    "outlet": "outlet",
    "kind": "kind of answer",
    "speaker": "speaker",
    "addressee": "whom it was said to",
    "variants": "other spellings",
    "followup": "earlier question",
}


def filter_chips(filters: Filters) -> str:
    """Return what the question was restricted to, as small labels; "" for no restriction."""
    labels = [f"from {readable_date(filters.since.iso())}"] if filters.since else []
    if filters.until:
        labels.append(f"before {readable_date(filters.until.iso())}")
    labels += [*filters.outlets, *(f"by {name}" for name in filters.authors), *filters.sections, *filters.languages]
    if not labels:
        return ""
    chips = "".join(f"<li><bdi>{esc(label)}</bdi></li>" for label in labels)
    return f'<ul class="otr-chips" aria-label="Restricted to">{chips}</ul>'


def inferred_chips(answer: Answer, turn: int, without: Sequence[str] = ()) -> str:
    """Return what was read out of a question, as chips that can be removed; "" where nothing was.

    A chip's cross asks again without it; the time itself, when pressed, goes into the date fields to be changed.

    :param turn: number of the turn; comes back with a click, with the place of the inference in ``INFERENCES``.
    :param without: names of inferences that were removed; each can be put back.
    """
    chips = [_chip(one, turn) for one in answer.inferred]
    for name in (one for one in INFERENCES if one in without):
        said = _NAMES[name]
        button = _button("restore", turn, name, "Put back", f"Read the {said} from the question again")
        chips.append(f'<li class="otr-off">{said} not read from the question {button}</li>')
    return (
        f'<ul class="otr-chips" aria-label="What the question was understood to mean">{"".join(chips)}</ul>'
        if chips
        else ""
    )


def _chip(one: Inference, turn: int) -> str:
    label = f"<bdi>{esc(one.label)}</bdi>"
    if one.relaxed:
        return f'<li class="otr-relaxed"><s>{label}</s> <span>left nothing</span></li>'
    if one.name == "followup":
        label = f"asked as “{label}”"
    elif one.name == "time":
        label = _button("dates", turn, one.name, one.label, f"Change the dates: {one.label}")
    cross = _button("drop", turn, one.name, "×", f"Ask again without {_NAMES[one.name]}: {one.label}")
    return f'<li data-name="{one.name}">{label} {cross}</li>'


def _button(kind: str, turn: int, name: InferenceName, shown: str, label: str) -> str:
    return (
        f'<button type="button" class="otr-{kind}" data-kind="{kind}" data-turn="{turn}" '
        f'data-number="{INFERENCES.index(name) + 1}" aria-label="{esc(label)}">{esc(shown)}</button>'
    )
