"""The evaluation report: one self-contained HTML file that needs no network (``templates/report.html``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Template

from assistant.evaluation import plots
from assistant.evaluation.measures import BUDGETS, ScoredQuestion
from assistant.evaluation.statistics import roc
from assistant.evaluation.summary import GROUPS
from assistant.templating import templates

_WORDS = 80
"""Number of words of a passage that are shown."""

_HEADINGS = {"ranking": "Ranking of articles", "evidence": "Evidence in the passages", "answers": "Answers"}


def report(
    scored: Sequence[ScoredQuestion],
    measures: Mapping[str, Any],
    titles: Sequence[tuple[str, str]],
    latency: bool = True,
) -> str:
    """Return the report as HTML.

    :param measures: the result of ``summary.summarise``, with ``"against"`` if another run was compared.
    :param titles: names and values that describe what was measured, in order.
    :param latency: show latencies, which differ from run to run.
    """
    html = _template().render(
        style=_asset("report.css"),
        script=_asset("report.js"),
        titles=titles,
        counts=", ".join(f"{count:,} {name}" for name, count in measures["questions"].items() if count) or "none",
        headings=_HEADINGS,
        measures=measures,
        plots=_plots(scored, measures, latency),
        kinds=sorted({outcome_of(one) for one in scored}),
        scored=scored,
        latency=latency,
    )
    return f"{html}\n"


@cache
def _template() -> Template:
    environment = templates("assistant.evaluation")
    environment.filters |= {"beginning": _beginning, "expected": _expected, "outcome": outcome_of}
    return environment.get_template("report.html")


def _asset(name: str) -> str:
    return files("assistant.evaluation").joinpath("assets", name).read_text("utf-8")


# --- plots -------------------------------------------------------------------------------------------------


def _plots(scored: Sequence[ScoredQuestion], measures: Mapping[str, Any], latency: bool) -> dict[str, str]:
    """Return the SVG plots of the report, by section; sections without plots are absent."""
    drawn = {group: _means(measures[group]) for group in _HEADINGS if group in measures}
    if "evidence" in drawn:
        drawn["evidence"] += _curve(measures["evidence"])
    if "refusal" in measures:
        drawn["refusal"] = _confidences(scored)
    if latency and "milliseconds" in measures:
        drawn["milliseconds"] = _latency(scored)
    if measures.get("against"):
        drawn["against"] = _against(measures["against"])
    return drawn


def _means(means: Mapping[str, Any]) -> str:
    return plots.bars([(name, m["mean"], m["low"], m["high"]) for name, m in means.items()])


def _curve(means: Mapping[str, Any]) -> str:
    points = [(0.0, 0.0), *((float(w), means[f"evidence@{w}"]["mean"]) for w in BUDGETS)]
    return plots.lines([("", points)], "words read", "share that holds the answer")


def _confidences(scored: Sequence[ScoredQuestion]) -> str:
    by_kind: dict[str, list[float]] = {"answerable": [], "unanswerable": []}
    for one in scored:
        if one.gold.kind in by_kind and one.outcome and one.outcome.confidence is not None:
            by_kind[one.gold.kind].append(one.outcome.confidence)
    above, below = by_kind["answerable"], by_kind["unanswerable"]
    if not above or not below:
        return ""
    curve = plots.lines([("", roc(above, below))], "unanswerable kept", "answerable kept", diagonal=True)
    return plots.histogram(list(by_kind.items()), "confidence") + curve


def _latency(scored: Sequence[ScoredQuestion]) -> str:
    times = sorted(t for s in scored if s.outcome and (t := s.outcome.milliseconds) is not None)
    points = [(0.0, 0.0), *((time, (n + 1) / len(times)) for n, time in enumerate(times))]
    return plots.lines([("", points)], "milliseconds", "share answered by then")


def _against(found: Mapping[str, Any]) -> str:
    reach = max([0.05, *(abs(m[end]) for m in found.values() for end in ("low", "high"))])
    return plots.bars([(name, m["mean"], m["low"], m["high"]) for name, m in found.items()], -reach, reach)


# --- question by question ----------------------------------------------------------------------------------


def outcome_of(scored: ScoredQuestion) -> str:
    """Return the outcome of a question in one to three words."""
    outcome, kind = scored.outcome, scored.gold.kind
    if outcome is None:
        return "missing"
    if outcome.status is None:
        found = scored.values.get("evidence@200", scored.values.get("R@100"))
        return "not judged" if found is None else "found" if found else "not found"
    if kind == "unjudged":
        return "refused" if outcome.refused else "answered"
    if kind == "unanswerable":
        return "rightly refused" if outcome.refused else "should be refused"
    if outcome.refused:
        return "wrongly refused"
    right = scored.values.get("answer@100")
    return "answered" if right is None else "right" if right else "wrong"


def _expected(one: ScoredQuestion) -> list[tuple[str, str]]:
    """Return a question's expected answer and its scores, as names and values; values may be empty."""
    names = [name for group in GROUPS.values() for name in group if name in one.values]
    return [
        ("id", one.question.id),
        ("asked on", one.question.date or ""),
        ("class", one.gold.kind),
        ("expected", " / ".join(one.question.answers)),
        ("articles that answer", ", ".join(sorted(one.gold.relevant or ()))),
        ("measures", ", ".join(f"{name} {one.values[name]:.3g}" for name in names)),
    ]


def _beginning(text: str) -> str:
    """Return the first words of a passage."""
    words = text.split()
    return " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")
