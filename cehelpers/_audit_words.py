"""Layer 4: the words of an audit: one sentence that says what to do, and a text of 25 lines.

In ASCII, so that any console and any file can hold it.
"""

import math
import re
import textwrap
from typing import Any

WRONG = 0.02  # a smaller p-value says that something is wrong: of perfect forecasts, 2 in 100
FEW = 10  # positives, or negatives: fewer tell little
SMALLEST = 0.0025  # p-value that 1000 draws can tell


def _n(x: float) -> str:
    """Four digits that count: 0.01065 and 0.5013 alike."""
    if not math.isfinite(x):
        return "unknown" if math.isnan(x) else "infinite" if x > 0 else "-infinite"
    return f"{x:,.0f}" if 1000 <= abs(x) < 1e7 else f"{x:.4g}"


def _interval(e: Any) -> tuple[str, str]:
    """The value, and the ends of its interval, to two digits of the interval's width."""
    reach = (e.high - e.low) / 2
    if not 0 < reach < math.inf:
        return _n(e.value), "unknown" if math.isnan(reach) else f"{_n(e.low)} to {_n(e.high)}"
    digits = max(0, 1 - math.floor(math.log10(reach)))
    if digits > 8 or abs(e.high) >= 1e7:
        return f"{e.value:.2g}", f"{e.low:.2g} to {e.high:.2g}"
    value, low, high = (f"{x:,.{digits}f}" for x in e)
    return value, f"{low} to {high}"


def _p(x: float) -> str:
    return f"p = {x:.1g}" if x > SMALLEST else f"p < {SMALLEST:.2g}"


def _rows_of(n: int, what: str = "row") -> str:
    return f"{n:,} {what}{'s' if n != 1 else ''}"


def _gain(repair: Any, before: float) -> str:
    share = -repair.change.value / before
    size = "a real but small gain" if share < 0.01 else "a gain"
    return (
        f"on rows it was not fitted on the log loss goes from {_n(before)} to"
        f" {_n(repair.log_loss)}, {size} of {share:.1%}"
    )


def advice(r: Any, best: Any, different: int | None) -> tuple[str, str]:
    """The verdict and its sentence: what is impossible first, then what chance explains.

    `best` is the repair to take, if one is sure to help; `different` the number of forecasts, if
    rows look like copies.
    """
    few = min(r.positives, r.rows - r.positives)
    scarce = _rows_of(few, "positive" if r.positives == few else "negative")
    if r.certain.wrong:
        what = " (these are decisions)" if r.certain.rows == r.rows else ""
        return "certain", (
            f"Ask the model for probabilities strictly between 0 and 1{what}: the"
            f" log loss is infinite, since {_rows_of(r.certain.wrong)} with a forecast of exactly"
            f" 0 or 1 turned out the other way, the first at index {r.certain.first_wrong}."
        )
    if r.auc == 1 and few >= FEW:
        return "perfect ranking", (
            "Look for an input that knows the answer before you believe these forecasts: every"
            f" positive has a higher one than every negative in {_rows_of(r.rows)}, so that no"
            " slope can be fitted."
        )
    if different is not None:
        return "unclear", (
            f"Drop the copies of rows, then ask again: {_rows_of(r.rows)} hold only {different:,}"
            " different forecasts, equal ones always with the same label, and copies make every"
            " interval too narrow and stand in both halves."
        )
    if r.p_value > WRONG:
        return _nothing_wrong(r, few, scarce)
    if r.slope.high < 0 or r.slope.low <= 0 <= r.slope.high:
        backwards = r.slope.high < 0
        return "no ranking", (
            "Check which class is class 1: higher forecasts go with fewer positives"
            f" (AUC {_n(r.auc)})."
            if backwards
            else f"Do not use these forecasts for these rows: nothing shows that a higher one means"
            f" more positives (AUC {_n(r.auc)}), and the base rate {_n(r.base_rate)} for"
            f" everybody costs {_n(r.constant)} against {_n(r.log_loss)}."
        )
    if best is None:
        return "unclear", (
            f"Gather more rows before you repair anything: chance alone does not explain these"
            f" forecasts ({_p(r.p_value)}; their mean is {_n(r.mean_prediction)}, the share of"
            f" positives {_n(r.base_rate)}), but with {scarce} no repair is sure to help."
        )
    gain = _gain(best, r.log_loss)
    sure = "too sure" if r.slope.value < 1 else "not sure enough"
    level = "too high" if r.bias.value < 0 else "too low"
    if best.name == "shift":
        (b,) = best.parameters
        what = f"Add {_n(b)} to every logit" if b > 0 else f"Subtract {_n(-b)} from every logit"
        kind, weight = ("positive", r.weight) if b < 0 else ("negative", _inverse(r.weight))
        value, span = _interval(weight)
        why = f"{level}, as if each {kind} had counted {value} times in training (95%: {span})"
    elif best.name == "temperature":
        what, why = f"Divide every logit by {_n(best.parameters[0])}", sure
    elif best.name == "platt":
        a, b = best.parameters
        what = f"Put {_n(a)} * z {'-' if b < 0 else '+'} {_n(abs(b))} in place of every logit z"
        why = f"{level} on average, and in their spread {sure}"
    else:
        what = "Put the forecasts through an isotonic fit (fit_isotonic)"
        why = "off in a way that no straight line in the logit mends"
    return best.name, f"{what}: the forecasts are {why}; {gain}."


def _inverse(e: Any) -> Any:
    return type(e)(1 / e.value, 1 / e.high, 1 / e.low)


def _nothing_wrong(r: Any, few: int, scarce: str) -> tuple[str, str]:
    wide = max(r.bias.high - r.bias.low, r.slope.high - r.slope.low)  # NaN where unknown
    if few < FEW or wide > 2 * math.log(2):
        what = f"{scarce} of {_rows_of(r.rows)}"
        spread = ""
        if few >= FEW and r.slope.high - r.slope.low > r.bias.high - r.bias.low:
            spread = f" (the slope may be {_interval(r.slope)[1]})"
        return "too few", (
            f"Gather more rows before you trust or repair these forecasts: with {what} chance"
            f" explains the gaps ({_p(r.p_value)}), but they could be far off unseen{spread}."
        )
    if math.isnan(r.slope.value):
        return "no ranking", (
            f"Nothing to repair, and nothing to rank: the forecasts are right on average"
            f" ({_p(r.p_value)}) but all alike."
        )
    return "calibrated", (
        f"Leave the probabilities as they are: chance explains their gaps in {_rows_of(r.rows)}"
        f" ({_p(r.p_value)})."
    )


def multiclass_advice(r: Any) -> tuple[str, str]:
    if r.certain.wrong:
        return "certain", (
            f"Ask the model for probabilities above 0: the log loss is infinite, since"
            f" {_rows_of(r.certain.wrong)} had a forecast of exactly 0 for what happened, the"
            f" first at index {r.certain.first_wrong}."
        )
    worst, c = min(
        enumerate(r.classes),
        key=lambda each: (each[1].p_value, -abs(each[1].mean_prediction - each[1].base_rate)),
    )
    off = f"class {worst} is forecast at {_n(c.mean_prediction)} and happens at {_n(c.base_rate)}"
    few = min(r.top.positives, r.rows - r.top.positives)
    if r.p_value > WRONG and few < FEW:
        return "too few", (
            f"Gather more rows before you trust or repair these forecasts: chance explains their"
            f" gaps ({_p(r.p_value)}), but only {_rows_of(few)} of {r.rows:,}"
            f" {'are wrong' if few < r.top.positives else 'are right'}."
        )
    if r.p_value > WRONG:
        return "calibrated", (
            f"Leave the probabilities as they are: chance explains their gaps in {_rows_of(r.rows)}"
            f" ({_p(r.p_value)})."
        )
    if r.repairs and r.repairs[0].change.high < 0:
        t, then = r.repairs[0].parameters[0], ""
        if c.p_value < max(WRONG / 2 / len(r.classes), 0.001):  # the least of 1000 draws
            then = f"; then look at single classes: {off}"
        sure = "too sure" if t > 1 else "not sure enough"
        return "temperature", (
            f"Divide every logit by {_n(t)}: the forecasts are {sure};"
            f" {_gain(r.repairs[0], r.log_loss)}{then}."
        )
    return "unclear", (
        f"Look at single classes, for one temperature is not sure to help: chance alone does not"
        f" explain these forecasts ({_p(r.p_value)}); {off}."
    )


def _parts(name: str, d: Any) -> str:
    parts = f"{_n(d.miscalibration)} - {_n(d.discrimination)} + {_n(d.uncertainty)}"
    return f"  {name:<10}{_n(d.score):>9} = {parts}"


def _repair_lines(repairs: tuple[Any, ...], costs: Any) -> list[str]:
    if not repairs:
        return ["repairs: none can be fitted on one half of the rows and judged on the other"]
    lines = ["repairs, judged on the half of the rows that they were not fitted on"]
    head = f"  {'':<12}{'log loss':>10}{'change':>12}   {'95% interval':<26}"
    lines.append((head + (f"{'cost per row':>12}" if costs else "")).rstrip())
    for r in repairs:
        value, span = _interval(r.change)
        bill = f"{_n(r.cost):>12}" if costs else ""
        lines.append(f"  {r.name:<12}{_n(r.log_loss):>10}{value:>12}   {span:<26}{bill}".rstrip())
    return lines


def _wrap(sentence: str, indent: str = "") -> list[str]:
    """Lines of 79, none of which breaks within p = 0.3."""
    lines = textwrap.wrap(
        re.sub("p ([=<]) ", "p\xa0\\1\xa0", sentence), 79, subsequent_indent=indent
    )
    return [line.replace("\xa0", " ") for line in lines]


def text(r: Any) -> str:
    happened = f"{_rows_of(r.rows)}, {r.positives:,} positive (base rate {_n(r.base_rate)});"
    happened += f" mean forecast {_n(r.mean_prediction)}"
    if 0 < r.base_rate < 1:
        happened += f" (x {r.mean_prediction / r.base_rate:.3g})"
    loss = f"log loss {_n(r.log_loss)} nats"
    if r.constant > 0 and math.isfinite(r.log_loss):
        loss += f", {r.log_loss / r.constant:.3g} times the {_n(r.constant)} of"
    else:
        loss += f"; {_n(r.constant)} is that of"
    ceiling = f"  (a calibrated score of this AUC, {_n(r.auc)}, has at most {_n(r.ceiling)})"
    lines = [
        *_wrap(happened),
        *_wrap(r.advice),
        loss + " the base rate for everybody",
        *(() if math.isnan(r.auc) else (ceiling,)),
        "score = miscalibration - discrimination + uncertainty",
        _parts("log loss", r.log_loss_parts),
        _parts("Brier", r.brier_parts),
        f"{'in the logit':<34}{'':>9}   {'95% interval':<24}if right",
    ]
    named = {
        "calibration in the large (bias)": (r.bias, "0"),
        "calibration slope": (r.slope, "1"),
        "intercept beside the slope": (r.intercept, "0"),
        "weight, as if a positive counted": (r.weight, "1"),
    }
    for name, (estimate, right) in named.items():
        value, span = _interval(estimate)
        lines.append(f"  {name:<32}{value:>9}   {span:<24}{right}")
    luck = r.luck
    lines += [
        *_wrap(
            f"calibration error (ECE, ten bins) {_n(luck.ece)}, a perfect forecaster's"
            f" {_n(luck.expected)}, at most {_n(luck.high)} in 95 of 100 ({_p(luck.p_value)});"
            f" root mean square less chance {_n(luck.debiased)}",
            "  ",
        ),
        *_repair_lines(r.repairs, r.costs),
    ]
    if r.costs:
        c = r.costs
        lines += _wrap(
            f"flagging from p* = {_n(c.threshold)} on costs {_n(c.cost)} a row, nobody"
            f" {_n(c.nobody)}, everybody {_n(c.everybody)}",
            "  ",
        )
    if r.certain.rows:
        lines.append(
            f"{_rows_of(r.certain.rows)} at exactly 0 or 1 ({r.certain.wrong:,} wrong) have no"
            " part in bias, slope and repairs"
        )
    return "\n".join(lines)


def multiclass_text(r: Any) -> str:
    t, luck = _interval(r.temperature), r.top.luck
    lines = [
        f"{_rows_of(r.rows)}, {len(r.classes)} classes, accuracy {_n(r.accuracy)}",
        *_wrap(r.advice),
        f"log loss {_n(r.log_loss)} nats; the shares of the classes for everybody cost"
        f" {_n(r.constant)}",
        f"temperature {t[0]} (95%: {t[1]}); 1 is right, above it they are too sure",
        f"top label: said {_n(r.top.mean_prediction)}, right {_n(r.top.base_rate)}; calibration"
        f" error {_n(luck.ece)}, a perfect",
        f"  forecaster's is at most {_n(luck.high)} in 95 of 100 ({_p(luck.p_value)})",
        *_repair_lines(r.repairs, None),
        f"  {'class':>6}{'rows':>9}{'share':>10}{'forecast':>10}{'AUC':>9}{'log loss':>10}{'p':>9}",
    ]
    order = sorted(range(len(r.classes)), key=lambda c: r.classes[c].p_value)
    shown = sorted(order[:8])
    for c in shown:
        k = r.classes[c]
        lines.append(
            f"  {c:>6}{k.positives:>9,}{_n(k.base_rate):>10}{_n(k.mean_prediction):>10}"
            f"{_n(k.auc):>9}{_n(k.log_loss):>10}{_p(k.p_value)[2:].strip('= '):>9}"
        )
    if len(order) > len(shown):
        lines.append(f"  the other {len(order) - len(shown)} classes have no smaller p-value")
    return "\n".join(lines)
