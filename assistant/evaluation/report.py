"""The report: one HTML file with everything in it, that opens without a network.

What articles, questions and answers say is escaped, and the page forbids itself to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from assistant.evaluation import plots
from assistant.evaluation.measures import BUDGETS, Scored
from assistant.evaluation.runs import Cited
from assistant.evaluation.statistics import roc
from assistant.evaluation.summary import GROUPS

_PASSAGES = 10
_WORDS = 80
"""Passages shown of a question, and words of each."""

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>On the Record: evaluation</title>"""

_HEADINGS = {"ranking": "Ranking of articles", "evidence": "Evidence in the passages", "answers": "Answers"}


def report(
    scored: Sequence[Scored], measures: Mapping[str, Any], titles: Sequence[tuple[str, str]], latency: bool = True
) -> str:
    """Return the report as HTML.

    :param measures: what ``summary.summarise`` gave, with ``"against"`` where another run was compared.
    :param titles: what was measured: name and value, in order.
    :param latency: show the latencies, which differ from run to run.
    """
    style, script = _asset("report.css"), _asset("report.js")
    parts = [_HEAD, f"<style>\n{style}</style>\n</head>\n<body>", "<h1>Evaluation</h1>"]
    parts += [_facts(titles), _counts(measures["questions"])]
    for group, heading in _HEADINGS.items():
        if group in measures:
            rows = [(name, m["mean"], m["low"], m["high"]) for name, m in measures[group].items()]
            parts += [f"<section><h2>{heading}</h2><div class='row'>", _means(measures[group]), plots.bars(rows)]
            parts += [_curve(measures[group])] if group == "evidence" else []
            parts.append("</div></section>")
    parts += [_refusal(scored, measures["refusal"])] if "refusal" in measures else []
    parts += [_latency(scored, measures["milliseconds"])] if latency and "milliseconds" in measures else []
    parts += [_against(measures["against"])] if measures.get("against") else []
    parts += [_drill_down(scored, latency), f"<script>\n{script}</script>\n</body>\n</html>"]
    return "\n".join(parts) + "\n"


def _asset(name: str) -> str:
    return files("assistant.evaluation").joinpath("assets", name).read_text("utf-8")


def _facts(titles: Sequence[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in titles) + "</dl>"


def _counts(counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{value:,} {escape(name)}" for name, value in counts.items() if value)
    return f"<p>Questions: {told or 'none'}.</p>"


def _means(means: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{m['mean']:.4f}</td><td>{m['low']:.4f} to {m['high']:.4f}</td>"
        f"<td>{m['n']:,}</td></tr>"
        for name, m in means.items()
    )
    return f"<table><tr><th>measure</th><th>mean</th><th>95 % interval</th><th>questions</th></tr>{rows}</table>"


def _curve(means: Mapping[str, Any]) -> str:
    points = [(0.0, 0.0), *((float(w), means[f"evidence@{w}"]["mean"]) for w in BUDGETS)]
    return plots.lines([("", points)], "words read", "share that holds the answer")


# --- refusals, latencies, comparison -----------------------------------------------------------------------


def _refusal(scored: Sequence[Scored], found: Mapping[str, Any]) -> str:
    shown = [("precision", "precision"), ("recall", "recall"), ("answerable_refused", "answerable that were refused")]
    rows = [(told, found[name]) for name, told in [*shown, ("auroc", "AUROC of the confidence")]]
    told = "".join(f"<tr><th>{name}</th><td>{_figure(value)}</td></tr>" for name, value in rows)
    statuses = found["statuses"]
    names = list(statuses["answerable"])
    grid = "".join(
        f"<tr><th>{kind}</th>{''.join(f'<td>{counts[name]:,}</td>' for name in names)}</tr>"
        for kind, counts in statuses.items()
    )
    heads = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in names)
    figures = f"<table>{told}</table><table><tr><th></th>{heads}</tr>{grid}</table>"
    return f"<section><h2>Refusals</h2><div class='row'><div>{figures}</div>{_confidences(scored)}</div></section>"


def _confidences(scored: Sequence[Scored]) -> str:
    by_kind: dict[str, list[float]] = {"answerable": [], "unanswerable": []}
    for one in scored:
        if one.gold.kind in by_kind and one.outcome and one.outcome.confidence is not None:
            by_kind[one.gold.kind].append(one.outcome.confidence)
    above, below = by_kind["answerable"], by_kind["unanswerable"]
    if not above or not below:
        return ""
    curve = plots.lines([("", roc(above, below))], "unanswerable kept", "answerable kept", diagonal=True)
    return plots.histogram(list(by_kind.items()), "confidence") + curve


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _latency(scored: Sequence[Scored], shares: Mapping[str, float]) -> str:
    times = sorted(t for s in scored if s.outcome and (t := s.outcome.milliseconds) is not None)
    points = [(0.0, 0.0), *((time, (n + 1) / len(times)) for n, time in enumerate(times))]
    rows = "".join(f"<tr><th>{name}</th><td>{value:,.1f} ms</td></tr>" for name, value in shares.items())
    curve = plots.lines([("", points)], "milliseconds", "share answered by then")
    return f"<section><h2>Latency</h2><div class='row'><table>{rows}</table>{curve}</div></section>"


def _against(found: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr{_tone(m)}><th>{escape(name)}</th><td>{m['mean']:+.4f}</td><td>{m['low']:+.4f} to {m['high']:+.4f}</td>"
        f"<td>{m['better']:,}</td><td>{m['worse']:,}</td><td>{m['n']:,}</td></tr>"
        for name, m in found.items()
    )
    heads = "".join(f"<th>{n}</th>" for n in ("measure", "difference", "95 % interval", "better", "worse", "questions"))
    reach = max([0.05, *(abs(m[end]) for m in found.values() for end in ("low", "high"))])
    bars = plots.bars([(name, m["mean"], m["low"], m["high"]) for name, m in found.items()], -reach, reach)
    return (
        f"<section><h2>Against the other run</h2><div class='row'><table><tr>{heads}</tr>{rows}</table>{bars}</div>"
        "<p>Ours less theirs, on the questions of both. Bold: the interval does not hold 0.</p></section>"
    )


def _tone(difference: Mapping[str, float]) -> str:
    return ' class="clear"' if difference["low"] > 0 or difference["high"] < 0 else ""


# --- question by question ----------------------------------------------------------------------------------


def outcome_of(scored: Scored) -> str:
    """Return in a word or three what became of a question."""
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


def _drill_down(scored: Sequence[Scored], latency: bool) -> str:
    kinds = sorted({outcome_of(one) for one in scored})
    options = "".join(f"<option>{kind}</option>" for kind in kinds)
    head = (
        "<section><h2>Question by question</h2><p><label>Show <select id='kind'><option value=''>all</option>"
        f"{options}</select></label> <label>with the words <input id='words' type='search'></label> "
        "<span id='shown'></span></p>"
    )
    return "\n".join([head, *(_question(one, latency) for one in scored), "</section>"])


def _question(one: Scored, latency: bool) -> str:
    kind = outcome_of(one)
    title = f"<summary><b class='{kind.replace(' ', '-')}'>{kind}</b> {escape(one.question.question)}</summary>"
    parts = [f"<details class='question' data-kind='{kind}'>{title}", "<dl>", *_expected(one), "</dl>"]
    if one.outcome:
        parts += [*_answer(one), *_passages(one)]
        if latency and one.outcome.milliseconds is not None:
            parts.append(f"<p class='small'>{one.outcome.milliseconds:,.1f} ms</p>")
    return "".join([*parts, "</details>"])


def _expected(one: Scored) -> Iterator[str]:
    question = one.question
    facts = [("id", question.id), ("asked on", question.date or ""), ("class", one.gold.kind)]
    facts.append(("expected", " / ".join(question.answers)))
    facts.append(("articles that answer", ", ".join(sorted(one.gold.relevant or ()))))
    names = [name for group in GROUPS.values() for name in group if name in one.values]
    values = ", ".join(f"{name} {one.values[name]:.3g}" for name in names)
    facts.append(("measures", values))
    return (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)


def _answer(one: Scored) -> Iterator[str]:
    outcome = one.outcome
    if outcome is None or outcome.status is None:
        return
    sure = "" if outcome.confidence is None else f", confidence {outcome.confidence:.3f}"
    yield f"<h3>Answer: {escape(outcome.status.replace('_', ' '))}{sure}</h3>"
    yield f"<p>{escape(outcome.answer or '').replace(chr(10), '<br>')}</p>"
    if outcome.reason and outcome.reason not in (outcome.answer or ""):
        yield f"<p class='small'>{escape(outcome.reason)}</p>"
    if outcome.citations:
        yield f"<ol class='small'>{''.join(_citation(citation, one) for citation in outcome.citations)}</ol>"


def _citation(citation: Cited, one: Scored) -> str:
    right = " class='hit'" if citation.article_id in (one.gold.relevant or ()) else ""
    return f"<li{right} value='{citation.marker}'>{escape(citation.article_id)} [{citation.start}:{citation.end}]</li>"


def _passages(one: Scored) -> Iterator[str]:
    passages = one.outcome.passages if one.outcome else ()
    yield f"<h3>Passages: {len(passages):,}</h3><ol>"
    for passage in passages[:_PASSAGES]:
        words = passage.text.split()
        text = " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")
        right = " class='hit'" if passage.article_id in (one.gold.relevant or ()) else ""
        score = "" if passage.score is None else f" ({passage.score:.3f})"
        yield f"<li{right}><span class='small'>{escape(passage.article_id)}{score}</span><br>{escape(text)}</li>"
    yield "</ol>"
