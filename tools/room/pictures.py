"""The two pictures of the room's page, as SVG in the page's own colours, by day and by night."""

from __future__ import annotations

import html
import io
import re

import matplotlib

from cecourse.palette import EXTRA, MODEL, MUTED, TRUTH
from cecourse.picture import Picture, dot, new_figure, write
from tools.room.measures import Estimate, Group


def drawn(picture: Picture, name: str) -> str:
    """A picture as SVG whose description is its label; each colour is a property of the page."""
    raw, words = io.StringIO(), html.escape(picture.description)
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context({"svg.hashsalt": "room", "svg.fonttype": "path"}):
        picture.figure.savefig(raw, format="svg", metadata=nothing, transparent=True)
    svg = raw.getvalue()
    svg = svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
    svg = re.sub(r"#([0-9a-fA-F]{6})\b", lambda hit: f"var(--c{hit[1].lower()})", svg)
    # an attribute takes no property of the page
    svg = re.sub(r' (fill|stroke)="(var\([^"]+\))"', r' style="\1: \2"', svg)
    region = f'class="wide" tabindex="0" role="region" aria-label="{html.escape(name)}"'
    return (
        f"<figure><div {region}>{svg}</div>"
        f"<figcaption><details><summary>Describe this picture</summary><p>{words}</p></details>"
        "</figcaption></figure>"
    )


def questions_picture(rows: list, total: int) -> Picture:
    """The first-try share of each question and its discrimination, with intervals; hardest first.

    Parameters
    ----------
    rows : list of QuestionRow
        At least one, the hardest first.
    total : int
        How many questions there are.
    """
    fig = new_figure(7.6, 1.3 + 0.27 * len(rows))
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    told = []
    for y, row in enumerate(rows):
        _bar(left, y, row.first, TRUTH, "o")
        _bar(right, y, row.discrimination, MODEL, "s")
        told.append(
            f"{_short(row)} {row.first.value:.2f} ({row.first.low:.2f} to {row.first.high:.2f})"
        )
    left.set(xlim=(-0.02, 1.02), xlabel="share right at the first try")
    left.set_yticks(range(len(rows)), [_short(row) for row in rows])
    left.set_ylim(len(rows) - 0.4, -0.6)
    right.set(xlim=(-1, 1), xlabel="discrimination")
    right.axvline(0, color=MUTED, linewidth=1.2)
    if not any(row.discrimination.known for row in rows):
        write(right, (0, (len(rows) - 1) / 2), "too few answers", "center middle plate")
    which = (
        f"the {len(rows)} hardest of {total} questions" if len(rows) < total else "each question"
    )
    return Picture(
        fig,
        f"Share right at the first try of {which}, with 95% intervals, the hardest on top: "
        f"{'; '.join(told)}. Beside it each one's discrimination, which stands in the table.",
    )


def _short(row) -> str:
    """A question's name beside a picture."""
    name = f"{row.question[:2]} · {row.title}"
    return name if len(name) <= 40 else f"{name[:38].rstrip()}…"


def _bar(ax, y: int, one: Estimate, colour: str, mark: str) -> None:
    if one.known:
        ax.hlines(y, one.low, one.high, color=colour, linewidth=1.6, zorder=3)
        dot(ax, (one.value, y), colour, mark, size=7)


def reliability_picture(groups: list[Group], answers: int) -> Picture:
    """The room's reliability diagram: how often answers of each group were right."""
    fig = new_figure(6.2, 4.6)
    ax = fig.subplots()
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.4, linestyle=(0, (1, 1.2)), zorder=1)
    told, missed = [], 0
    for one in groups:
        ax.vlines(one.sure, one.sure, one.right, color=EXTRA, linewidth=5, alpha=0.55, zorder=2)
        ax.vlines(one.sure, one.low, one.high, color=TRUTH, linewidth=1.6, zorder=3)
        dot(ax, (one.sure, one.right), TRUTH, size=10)
        misses = not one.low <= one.sure <= one.high
        missed += misses
        told.append(
            f"{one.right:.2f} right at {one.sure:.2f} ({one.count} answers of {one.learners} "
            f"learners), interval {one.low:.2f} to {one.high:.2f}"
            f"{', which misses the diagonal' if misses else ''}"
        )
    low = min(0.5, *(one.sure for one in groups), *(one.low for one in groups))
    ax.set(
        xlim=(min(one.sure for one in groups) - 0.04, 1.01),
        ylim=(max(low - 0.05, -0.02), 1.02),
        xlabel="how sure the room was",
        ylabel="share that was right",
    )
    ax.set_title(f"{answers} answers. Bars that miss the diagonal: {missed} of {len(groups)}")
    return Picture(
        fig,
        f"Reliability diagram of {answers} predictions and bets of the room: {'; '.join(told)}.",
    )
