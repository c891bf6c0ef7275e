"""The model that reads a question and a sentence: its arithmetic, its inputs, and that it knows an answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.answer_selection import AnswerSelector, Candidate
from assistant.answer_selection.graph import build
from assistant.answer_selection.weights import embeddings, renamed, restored, rounded, shipped
from assistant.embedding.openvino import import_openvino


@pytest.fixture(scope="module")
def selector() -> AnswerSelector:
    return AnswerSelector(1)


def _alone(text: str) -> Candidate:
    return Candidate(text, "", "")


@pytest.mark.parametrize(
    ("question", "answering", "others"),
    [
        (
            "When did the bridge at Vell open?",
            "The bridge at Vell opened to traffic on 3 June 1998.",
            ["The bridge at Vell is painted green.", "Boats pass under the bridge at Vell at low tide."],
        ),
        (
            "Who founded the Institute of Tides?",
            "The Institute of Tides was founded by the physicist Carla Osei.",
            ["The Institute of Tides has forty rooms.", "Students at the Institute of Tides protested on Monday."],
        ),
        (
            "How many people live in Ostrand?",
            "Ostrand has a population of 14,300.",
            ["Ostrand lies on the northern shore.", "The mayor of Ostrand was re-elected."],
        ),
    ],
)
def test_the_sentence_that_answers_leads(
    selector: AnswerSelector, question: str, answering: str, others: list[str]
) -> None:
    scores = selector.scores(question, [_alone(text) for text in [*others, answering]])
    assert int(np.argmax(scores)) == len(others)


def test_what_is_not_asked_is_not_answered(selector: AnswerSelector) -> None:
    sentence = _alone("The bridge at Vell opened to traffic on 3 June 1998.")
    asked, another = (
        selector.scores(question, [sentence])[0]
        for question in ("When did the bridge at Vell open?", "When did the museum in Dorn burn down?")
    )
    assert asked > another + 2


@pytest.mark.parametrize("text", ["Updated 14 May 2026, 9:12 p.m.", "Photo: Ben Novak", "Read more on this story"])
def test_what_surrounds_an_article_answers_nothing(selector: AnswerSelector, text: str) -> None:
    page, answer = selector.scores(
        "When will the lock at Tern Mill open?", [_alone(text), _alone("The lock at Tern Mill will open on Friday.")]
    )
    assert page < answer


def test_scores_do_not_depend_on_the_company(selector: AnswerSelector) -> None:
    texts = ["Short.", "The harbour closed at noon because of the storm, the office said.", "It " + "rained and " * 80]
    candidates = [Candidate(text, "Storm closes harbour", "It was Monday.") for text in texts]
    together = selector.scores("Why did the harbour close?", candidates)
    alone = [selector.scores("Why did the harbour close?", [one])[0] for one in candidates]
    np.testing.assert_allclose(together, alone, atol=2e-3)


def test_nothing_to_read(selector: AnswerSelector) -> None:
    assert selector.scores("Why?", []).shape == (0,)
    assert np.isfinite(selector.scores("?", [_alone("")])).all()


def test_the_graph_computes_what_torch_does() -> None:
    """The encoder's layers, in a graph of our own, against the implementation that they come from."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(vocab_size=50, hidden_size=48, num_hidden_layers=2, num_attention_heads=12,
                        intermediate_size=96, max_position_embeddings=40)  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    stored = {name: values.numpy().astype(np.float32) for name, values in model.state_dict().items()}
    frozen = {
        "words": stored["embeddings.word_embeddings.weight"],
        "positions": stored["embeddings.position_embeddings.weight"],
        "normal.weight": stored["embeddings.LayerNorm.weight"],
        "normal.bias": stored["embeddings.LayerNorm.bias"],
    }
    rng = np.random.default_rng(2)
    head = {
        "head.wide.weight": rng.normal(size=(8, 48 * 4 + 3)).astype(np.float32),
        "head.wide.bias": rng.normal(size=8).astype(np.float32),
        "head.narrow.weight": rng.normal(size=(1, 8)).astype(np.float32),
        "head.narrow.bias": rng.normal(size=1).astype(np.float32),
    }
    ids = np.array([[1, 5, 6, 2, 9, 8, 7, 2, 2, 2], [1, 5, 2, 9, 8, 2, 2, 2, 0, 0]], np.int64)
    segments = np.array([[0, 1, 1, 0, 2, 2, 2, 3, 3, 3], [0, 1, 0, 2, 2, 3, 3, 3, 0, 0]], np.int64)
    mask = (ids > 0).astype(np.int64)
    with torch.inference_mode():
        hidden = model(
            input_ids=torch.from_numpy(ids),
            token_type_ids=torch.from_numpy(((segments == 1) | (segments == 2)).astype(np.int64)),
            attention_mask=torch.from_numpy(mask),
        ).last_hidden_state.numpy()
    compiled = import_openvino().Core().compile_model(build({**renamed(stored), **head}, frozen), "CPU")
    np.testing.assert_allclose(compiled([ids, segments, mask])[0], _head(hidden, segments, head), atol=1e-3)


def _head(hidden: np.ndarray, segments: np.ndarray, weights: dict[str, np.ndarray]) -> list[float]:
    """The head, one pair at a time, in the plainest way."""
    from scipy.special import erf

    scores = []
    for tokens, parts in zip(hidden, segments, strict=True):
        asked, said = tokens[parts == 1], tokens[parts == 2]
        unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (asked, said)]
        best = (unit[0] @ unit[1].T).max(axis=1)
        means = asked.mean(0), said.mean(0)
        near = means[0] @ means[1] / np.linalg.norm(means[0]) / np.linalg.norm(means[1])
        similar = 4 * np.array([best.mean(), min(1.0, best.min()), near])
        both = np.concatenate([means[0] * means[1], abs(means[0] - means[1]), means[0], tokens[0], similar])
        wide = weights["head.wide.weight"] @ both + weights["head.wide.bias"]
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        scores.append(float((weights["head.narrow.weight"] @ wide + weights["head.narrow.bias"])[0]))
    return scores


@settings(max_examples=50)
@given(arrays(np.float32, (5, 7), elements=st.floats(-8, 8, width=32)))
def test_rounding_loses_little(values: np.ndarray) -> None:
    back = restored(rounded({"some.weight": values}))["some.weight"]
    largest = np.abs(values).max(axis=1, keepdims=True)
    assert (np.abs(back - values) <= largest / 127 + 1e-3).all()


def test_the_weights_are_small_and_whole() -> None:
    weights = shipped()
    assert {"types", "head.wide.weight", "head.narrow.bias"} <= set(weights)
    assert all(np.isfinite(values).all() for values in weights.values())
    assert embeddings()["words"].shape[1] == weights["layer.0.query.weight"].shape[0]
