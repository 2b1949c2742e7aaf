"""Bring your own model: audit a file of labels and forecasts, and write one page about it.

    python -m cecourse.audit scores.csv [--out audit.html]

The page needs no network and no other file. Which column is what is guessed from the names, and
said; `--truth`, `--prob`, `--logit`, `--weight`, `--positive` name them, `--costs 10,100` are
those of a false alarm and of a miss.
"""

from __future__ import annotations

import argparse
import html
import io
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

import cehelpers as ce
from cecourse.palette import DARK, LIGHT, MODEL, MUTED, PAPER, TRUTH, glow, ink, tint
from cecourse.picture import MODEL_LINE, Picture, new_figure, write
from cecourse.scores_csv import CsvError, Scores, read_scores

BARS = 40  # of the histogram
MOST_POINTS = 600  # of the curve that is drawn
RARE = 0.05  # below this base rate the axes are logarithmic


# ---------------------------------------------------------------- the picture


def audit_picture(report: Any) -> Picture:
    """The CORP curve of an audit with its band, over a histogram of the forecasts.

    Parameters
    ----------
    report : Audit or MulticlassAudit
        What `cehelpers.audit` returns; of K classes it is the top label's.
    """
    top = hasattr(report, "top")
    one = report.top if top else report
    p, observed, low, high, weight = map(np.asarray, one.curve)
    outside = float(weight[(observed < low) | (observed > high)].sum() / weight.sum())
    fig = new_figure(7.2, 4.6)
    main, under = fig.subplots(2, 1, height_ratios=[4, 1], sharex=True)
    rare = one.base_rate < RARE and p[0] < RARE
    start = _start(p, weight) if rare else 0.0
    at = _thinned(observed)
    shown = [np.maximum(part[at], start) for part in (p, observed, low, high)]
    main.fill_between(
        shown[0], shown[2], shown[3], color=tint(TRUTH, 0.3), lw=0, label="band of a calibrated one"
    )
    main.plot([start, 1], [start, 1], color=MUTED, linestyle=":", label="as forecast")
    main.plot(shown[0], shown[1], **MODEL_LINE, label="what happened")
    edges = np.geomspace(start, 1, BARS + 1) if rare else np.linspace(0, 1, BARS + 1)
    under.hist(np.maximum(p, start), edges, weights=weight, color=LIGHT, edgecolor="white", lw=0.3)
    for ax in (main, under):
        if rare:
            ax.set_xscale("log")
        ax.set_xlim(start, 1)
    if rare:
        main.set_yscale("log")
    main.set_ylim(start, 1)
    main.legend(loc="upper left", frameon=False)
    event = "right" if top else "positive"
    main.set_ylabel(f"share that is {event}")
    under.set(xlabel="confidence of the top class" if top else "forecast", yticks=[])
    under.set_ylabel("rows")
    write(
        main,
        (0.98, 0.04),
        f"{one.rows:,} rows, {one.positives:,} {event}",
        "right",
        DARK,
        transform=main.transAxes,
    )
    message = _message(one, outside)
    fig.suptitle(message, x=0.01, ha="left", fontsize=12.5, fontweight="bold")
    axes = f", axes logarithmic from {start:.1g}, with what is lower on the edge" if rare else ""
    words = (
        f"{message}. Dashed: the share that is {event} at each forecast, by isotonic regression, "
        f"over {one.rows:,} rows, {one.positives:,} of them {event}; forecasts from {p[0]:.3g} to "
        f"{p[-1]:.3g}, shares from {observed.min():.3g} to {observed.max():.3g}{axes}. Shaded: "
        f"where 95% of calibrated forecasters would lie; {outside:.0%} of the rows are outside. "
        "Below, how many rows have each forecast. "
        f"Mean forecast {one.mean_prediction:.3g}, base rate {one.base_rate:.3g}."
    )
    return Picture(fig, words)


def _message(one: Any, outside: float) -> str:
    """The picture's title."""
    high = one.bias.value < 0
    slope = one.slope.value
    return {
        "calibrated": "Calibrated, as far as these rows can tell",
        "shift": f"The forecasts are too {'high' if high else 'low'}, all by one shift",
        "temperature": f"The forecasts are {'too sure' if slope < 1 else 'not sure enough'}",
        "platt": f"The forecasts are too {'high' if high else 'low'}, and "
        + ("too sure" if slope < 1 else "not sure enough"),
        "isotonic": "The forecasts are bent: no shift and no temperature mends them",
        "too few": "Too few rows to say anything",
        "certain": "Some forecasts are certain, and wrong",
        "no ranking": f"The forecasts {'rank backwards' if one.slope.high < 0 else 'do not rank'}",
    }.get(one.verdict, f"Outside the band for {outside:.0%} of the rows")


def _start(p: NDArray, weight: NDArray) -> float:
    """Where a logarithmic axis begins: below it are a hundredth of the rows, and all zeros."""
    order = np.cumsum(weight) / weight.sum()
    low = p[min(int(np.searchsorted(order, 0.01)), len(p) - 1)]
    return float(10 ** math.floor(math.log10(min(max(low, 1e-6), RARE))))


def _thinned(observed: NDArray) -> NDArray[np.int64]:
    """Both ends of every step, and some between, where there are many: what a picture can show."""
    steps = np.flatnonzero(np.diff(observed))
    ends = np.concatenate([steps, steps + 1, [0, len(observed) - 1]])
    even = np.linspace(0, len(observed) - 1, min(len(observed), MOST_POINTS)).astype(int)
    return np.unique(np.concatenate([ends, even]))


# ---------------------------------------------------------------- the page


def audit_page(scores: Scores, report: Any, name: str) -> str:
    """One self-contained HTML page: the advice first, then picture, tables and the whole text."""
    said = list(scores.said)
    if report.certain.first_wrong is not None:
        line = scores.lines[report.certain.first_wrong]
        said.append(f"the first row that was said to be impossible, and happened: line {line}")
    sections = [
        f"<h1>Audit of {html.escape(name)}</h1>",
        f'<p class="advice">{html.escape(report.advice)}</p>',
        "<h2>What was read</h2>",
        "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in said) + "</ul>",
        "<h2>Forecasts and what happened</h2>",
        _figure(audit_picture(report)),
        "<h2>In numbers</h2>",
        _table(("what", "value", "what it means"), _numbers(report)),
    ]
    if report.repairs:
        sections += [
            "<h2>Repairs, judged on rows that they were not fitted on</h2>",
            _table(
                ("repair", "log loss", "change", "95% interval"),
                (
                    (r.name, _n(r.log_loss), _n(r.change.value), _interval(r.change))
                    for r in report.repairs
                ),
            ),
        ]
    if hasattr(report, "classes"):
        sections += [
            "<h2>Each class against the rest</h2>",
            _table(
                ("class", "rows", "share", "mean forecast", "AUC"),
                (
                    (word, f"{c.positives:,}", _n(c.base_rate), _n(c.mean_prediction), _n(c.auc))
                    for word, c in zip(scores.classes, report.classes, strict=True)
                ),
            ),
        ]
    sections += ["<h2>The whole report</h2>", f"<pre>{html.escape(str(report))}</pre>"]
    return PAGE.format(title=html.escape(f"Audit of {name}"), style=STYLE, body="\n".join(sections))


def _numbers(report: Any) -> Iterable[tuple[str, str, str]]:
    """Rows of the table of numbers."""
    if hasattr(report, "classes"):
        yield "rows", f"{report.rows:,}", f"{len(report.classes)} classes"
        yield "accuracy", _n(report.accuracy), "the most probable class is right so often"
        yield "log loss", _n(report.log_loss), "nats per row"
        yield "constant", _n(report.constant), "log loss of the classes' shares for everybody"
        yield "temperature", _n(report.temperature.value), f"95%: {_interval(report.temperature)}"
        return
    yield "rows", f"{report.rows:,}", f"{report.positives:,} positives"
    yield "base rate", _n(report.base_rate), f"mean forecast {_n(report.mean_prediction)}"
    yield "log loss", _n(report.log_loss), "nats per row"
    yield "constant", _n(report.constant), "log loss of the base rate for everybody"
    yield "ceiling", _n(report.ceiling), "most that a calibrated score of this AUC would cost"
    yield "AUC", _n(report.auc), "how well the forecasts rank"
    yield "Brier score", _n(report.brier), "mean squared error"
    parts = report.log_loss_parts
    yield "miscalibration", _n(parts.miscalibration), "nats that an isotonic curve would save"
    yield "discrimination", _n(parts.discrimination), "nats that the ranking saves"
    yield "shift of the logit", _n(report.bias.value), f"95%: {_interval(report.bias)}"
    weight = f"as if each positive had counted so often, 95%: {_interval(report.weight)}"
    yield "weight", _n(report.weight.value), weight
    yield "slope", _n(report.slope.value), f"below 1: too sure; 95%: {_interval(report.slope)}"
    yield "intercept", _n(report.intercept.value), f"95%: {_interval(report.intercept)}"
    luck = report.luck
    by_luck = f"a perfect forecaster shows {_n(luck.expected)}, up to {_n(luck.high)}"
    yield "calibration error", _n(luck.ece), by_luck
    if report.costs is not None:
        costs = report.costs
        yield "threshold p*", _n(costs.threshold), "flag from here on"
        beside = f"flag nobody: {_n(costs.nobody)}, everybody: {_n(costs.everybody)}"
        yield "cost per row", _n(costs.cost), beside


def _n(x: float) -> str:
    shown = f"{x:,.0f}" if 1000 <= abs(x) < 1e7 else f"{x:.4g}"
    return "–" if math.isnan(x) else shown.replace("-", "−").replace("inf", "∞")


def _interval(estimate: Any) -> str:
    return f"{_n(estimate.low)} to {_n(estimate.high)}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    titles = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    table = f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
    region = f'role="region" aria-label="{html.escape(head[0])}"'
    return f'<div class="wide" tabindex="0" {region}>{table}</div>'


def _figure(picture: Picture) -> str:
    """A picture as SVG in the page, its description as its label and, folded, for everybody."""
    raw, words = io.StringIO(), html.escape(picture.description)
    with matplotlib.rc_context({"svg.hashsalt": "audit", "svg.fonttype": "path"}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        picture.figure.savefig(raw, format="svg", metadata=nothing)
    svg = raw.getvalue()
    svg = svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
    region = 'class="wide" tabindex="0" role="region" aria-label="picture"'
    return (
        f"<figure><div {region}>{svg}</div><figcaption><details><summary>Describe this picture"
        f"</summary><p>{words}</p></details></figcaption></figure>"
    )


STYLE = f"""
:root {{ color-scheme: light dark; --set-off: {PAPER};
  --line: {MUTED}; --strong: {ink(TRUTH)}; }}
@media (prefers-color-scheme: dark) {{ :root {{ --set-off: {DARK};
  --strong: {glow(TRUTH)}; }} }}
body {{ margin: 0 auto; max-width: 46rem; padding: 1rem; background: canvas;
  color: canvastext; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
.advice {{ border-left: .3rem solid {MODEL}; background: var(--set-off); padding: .8rem 1rem;
  font-size: 1.15rem; }}
figure {{ margin: 0; }}
figure svg {{ width: 100%; min-width: 27rem; height: auto; background: white; }}
summary {{ color: var(--strong); cursor: pointer; }}
.wide {{ overflow-x: auto; }} pre {{ overflow-x: auto; font-size: .8rem; overflow-wrap: normal;
  background: var(--set-off); padding: .8rem; }}
table {{ border-collapse: collapse; width: 100%; overflow-wrap: normal; }}
th, td {{ text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0;
  border-bottom: 1px solid var(--line); }} td {{ font-variant-numeric: tabular-nums; }}
th[scope=row] {{ font-weight: 600; }}
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


# ---------------------------------------------------------------- the command


def main(arguments: list[str] | None = None) -> None:
    """Read, audit, print and write."""
    asked = _parser().parse_args(arguments)
    named = {key: getattr(asked, key) for key in ("truth", "prob", "logit", "weight", "positive")}
    try:
        scores = read_scores(asked.file, **named)
        report = ce.audit(
            scores.y,
            **{scores.kind: scores.forecast},
            sample_weight=scores.weight,
            costs=asked.costs,
        )
    except (CsvError, ValueError) as error:
        raise SystemExit(f"{asked.file}: {error}") from None
    out = asked.out or Path(asked.file.name.removesuffix(".gz")).with_suffix(".audit.html")
    try:
        out.write_text(audit_page(scores, report, asked.file.name), encoding="utf-8")
    except OSError as error:
        raise SystemExit(f"{out} cannot be written: {error.strerror}") from None
    print(*scores.said, "", report, "", f"The page: {out}", sep="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cecourse.audit",
        description="Audit the probabilities in a CSV file, and write one HTML page about it.",
    )
    parser.add_argument("file", type=Path, help="a CSV file, gzipped or not")
    parser.add_argument("--out", type=Path, help="the page (FILE.audit.html here)")
    parser.add_argument("--truth", metavar="COLUMN", help="labels")
    parser.add_argument("--prob", metavar="COLUMN", help="probabilities of the positive class")
    parser.add_argument("--logit", metavar="COLUMN", help="logits instead")
    parser.add_argument("--weight", metavar="COLUMN", help="weight of each row")
    parser.add_argument("--positive", metavar="LABEL", help="which label is the positive one")
    parser.add_argument(
        "--costs", type=_costs, metavar="FP,FN", help="costs of a false alarm and of a miss"
    )
    return parser


def _costs(text: str) -> tuple[float, float]:
    try:
        false_alarm, miss = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"two numbers, as 10,100; got {text!r}") from None
    return false_alarm, miss


if __name__ == "__main__":
    main()
