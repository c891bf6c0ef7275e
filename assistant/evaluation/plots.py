"""Plots as inline SVG, without scripts or external fonts and images. Colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT = 460, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 26, 14, 44
_ROW = 22
_NAMES = 150
_BINS = 20

Points = Sequence[tuple[float, float]]


def bars(rows: Sequence[tuple[str, float, float, float]], low: float = 0.0, high: float = 1.0) -> str:
    """Return horizontal bars with their intervals.

    :param rows: name, value, and lower and upper end of the interval.
    :param low: start of the axis; bars start at 0, or at the nearer end if the axis excludes 0.
    """
    height = _ROW * len(rows) + 30
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return _NAMES + (_WIDTH - _NAMES - 60) * (min(max(value, low), high) - low) / span

    parts = [f'<line class="axis" x1="{x(0):.1f}" y1="6" x2="{x(0):.1f}" y2="{height - 24}"/>']
    for number, (name, value, least, most) in enumerate(rows):
        y = 8 + number * _ROW
        begin, end = sorted((x(0), x(value)))
        parts += [
            f'<text class="name" x="{_NAMES - 8}" y="{y + 12}">{escape(name)}</text>',
            f'<rect class="bar" x="{begin:.1f}" y="{y + 2}" width="{end - begin:.1f}" height="13"/>',
            f'<line class="whisker" x1="{x(least):.1f}" y1="{y + 8.5}" x2="{x(most):.1f}" y2="{y + 8.5}"/>',
            f'<text x="{_WIDTH - 50}" y="{y + 12}">{value:.3f}</text>',
        ]
    for mark in (low, (low + high) / 2, high):
        parts.append(f'<text class="tick" x="{x(mark):.1f}" y="{height - 8}">{_tick(mark)}</text>')
    return _svg(parts, height)


def lines(series: Sequence[tuple[str, Points]], across: str, up: str, diagonal: bool = False) -> str:
    """Return line plots in one frame; the vertical axis runs from 0 to 1.

    :param series: name and points of each line, ascending in x.
    :param diagonal: draw the diagonal, as for a ROC curve.
    """
    right = max((x for _, points in series for x, _ in points), default=1.0) or 1.0
    parts = _frame(across, up, [(0.0, 0.0), (0.5, right / 2), (1.0, right)])
    if diagonal:
        parts.append(f'<line class="whisker thin" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    for number, (name, points) in enumerate(series):
        path = " ".join(f"{_x(x / right):.1f},{_y(y):.1f}" for x, y in points)
        parts.append(f'<polyline class="line s{number}" points="{path}"/>')
        if name:
            parts.append(_key(number, name, _HEIGHT - 58 - 16 * number))
    return _svg(parts, _HEIGHT)


def histogram(series: Sequence[tuple[str, Sequence[float]]], across: str) -> str:
    """Return a histogram of values in [0, 1], with the series side by side, each normalised to its own size."""
    parts = _frame(across, "share of the class", [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
    shares = []
    for _, values in series:
        counts = [0] * _BINS
        for value in values:
            counts[min(_BINS - 1, int(value * _BINS))] += 1
        shares.append([count / max(1, len(values)) for count in counts])
    most = max((share for each in shares for share in each), default=1.0) or 1.0
    width = (_x(1) - _x(0)) / _BINS / max(1, len(series))
    for number, (name, each) in enumerate(zip([name for name, _ in series], shares, strict=True)):
        for place, share in enumerate(each):
            x, y = _x(place / _BINS) + number * width, _y(share / most)
            where = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_y(0) - y:.1f}"'
            parts.append(f'<rect class="fill s{number}" {where}/>')
        parts.append(_key(number, name, 28 + 16 * number))
    parts.append(f'<text class="key" x="{_WIDTH - 34}" y="{_TOP + 50}">highest bar: {most:.0%}</text>')
    return _svg(parts, _HEIGHT)


def _key(number: int, name: str, y: int) -> str:
    return f'<text class="key s{number}" x="{_WIDTH - 20}" y="{y}">{escape(name)}</text>'


def _frame(across: str, up: str, ticks: Sequence[tuple[float, float]]) -> list[str]:
    middle = (_x(0) + _x(1)) / 2
    parts = [
        f'<rect class="frame" x="{_x(0)}" y="{_y(1)}" width="{_x(1) - _x(0)}" height="{_y(0) - _y(1)}"/>',
        f'<text class="tick" x="{middle}" y="{_HEIGHT - 6}">{escape(across)}</text>',
        f'<text class="tick" transform="translate(14 {(_y(0) + _y(1)) / 2}) rotate(-90)">{escape(up)}</text>',
    ]
    for at in (0.0, 0.5, 1.0):
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{_y(at) + 4}">{at:g}</text>')
    return [*parts, *(f'<text class="tick" x="{_x(at)}" y="{_HEIGHT - 26}">{value:.3g}</text>' for at, value in ticks)]


def _tick(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * share


def _svg(parts: Sequence[str], height: int) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">{"".join(parts)}</svg>'
