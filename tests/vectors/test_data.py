"""The vectors are what their definitions say, by a second way where there is one."""

import json
import math
from collections import Counter
from itertools import pairwise

import pytest
from direct import allowed, answer, distance, lacks, numbers
from mpmath import inf, mp, mpf
from test_schema import FILES, VECTORS, loaded

import cehelpers as ce
from vectors.generate import FAMILIES, text
from vectors.losses import FITS, evaluate
from vectors.outcomes import exact, flat

CASES = [case for path in FILES for case in loaded(path)["cases"]]
ANSWERED = [case for case in CASES if "value" in case]
PROBABILITIES = {"p", "q", "probs", "y_prob"}
DIGITS = {  # flags of cases in which the textbook's own arithmetic is not enough
    "close-distributions",
    "confident-right",
    "focal-gradient",
    "logit-near-half",
    "ordinal-tail",
    "soft-label-digits",
    "tiny-probability",
    "vanishing-gradient",
}

WITH_SLOPES = sorted({case["id"].split("-")[0] for case in ANSWERED if "gradient" in case})


def of_family(name):
    return [case for case in ANSWERED if case["id"].startswith(name)]


# ---------------------------------------------------------------- the files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_generating_again_changes_no_byte(path):
    assert path.read_bytes() == text(path.stem).encode()


def test_there_are_enough_and_each_has_a_name():
    assert [path.stem for path in FILES] == sorted(FAMILIES)
    assert len(CASES) >= 1500
    assert max(Counter(case["id"] for case in CASES).values()) == 1
    keys = ("loss", "arguments", "options", "chunks")
    asked = Counter(json.dumps([case.get(key) for key in keys]) for case in CASES)
    assert [case for case, n in asked.items() if n > 1] == []
    assert sum(path.stat().st_size for path in FILES) < 1.5e6


def test_each_flag_stands_alone_in_eight_cases():
    alone = Counter(case["flags"][0] for case in CASES if len(case["flags"]) == 1)
    used = {flag for case in CASES for flag in case["flags"]}
    assert {flag: n for flag in used if (n := alone[flag]) < 8} == {}


def test_each_flag_is_explained_and_has_cases():
    flags = json.loads((VECTORS / "flags.json").read_text(encoding="utf-8"))
    assert set(flags) == {flag for case in CASES for flag in case["flags"]}


def test_value_is_the_float64_nearest_to_its_digits():
    for case in ANSWERED:
        for value, digits in zip(flat(case["value"]), flat(case["digits"]), strict=True):
            assert value == (digits if "inf" in digits else float(digits)), case["id"]
            with mp.workdps(60):
                far = [abs(mpf(x) - mpf(digits)) for x in neighbours(value)]
            assert far[1] == min(far), case["id"]


def neighbours(value):
    """The float64 below, itself, and the one above (an infinity has none)."""
    if isinstance(value, str):
        return [0, 0, 0]
    return [math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)]


# ---------------------------------------------------------------- a second derivation


def moved(forecast, at, step):
    """The forecast with the entry `at`, counted flat, moved by a step."""
    entries = iter(range(at + 1))

    def one(x):
        if isinstance(x, list):
            return [one(v) for v in x]
        return exact(x) + step if next(entries, None) == at else x

    return one(forecast)


@pytest.mark.parametrize("family", WITH_SLOPES)
def test_gradient_is_the_slope_of_the_value(family):
    """By differences of the value, in as many digits as what is far or tiny there needs."""
    for case in of_family(family):
        for name, slopes in case.get("gradient", {}).items():
            forecast = case["arguments"][name]
            entries, slopes = flat(exact(forecast)), flat(slopes)
            extreme = any(abs(x) > 30 or 0 < abs(x) < 1e-30 for x in entries + slopes)
            with mp.workdps(500 if extreme else 100):
                base = total(case, name, forecast)
                for at, (x, slope) in enumerate(zip(entries, slopes, strict=True)):
                    step = step_of(name, x)
                    ahead = total(case, name, moved(forecast, at, step))
                    found = float((ahead - base) / step) if abs(x) < inf else 0.0
                    shown = case["id"], at, found, slope
                    assert distance(found, slope) <= 2.0**-51 or (
                        slope == 0 and abs(found) < 1e-15
                    ), shown


def total(case, name, forecast):
    """The sum of the values, as a function of the forecast."""
    arguments = case["arguments"] | {name: forecast}
    return sum(flat(evaluate(case["loss"], arguments, case["options"], mp.dps).value))


def step_of(name, x):
    """A step that is small beside a probability, and turns back at 1."""
    size = mpf(10) ** -40
    return size if name not in PROBABILITIES or x == 0 else -size if x == 1 else size * x


def test_roots_are_the_least_cross_entropies():
    """Any step away from what was fitted costs more."""
    for case in ANSWERED:
        if case["loss"] not in FITS:
            continue
        truth, forecast = case["arguments"].values()
        weights = case["options"].get("sample_weight", [1] * len(truth))
        with mp.workdps(40):
            fitted = [mpf(digits) for digits in flat(case["digits"])]
            least = fit_loss(case, truth, forecast, weights, fitted)
            for k in range(len(fitted)):
                for away in (-1e-9, 1e-9):
                    other = [x * (1 + away * (j == k)) for j, x in enumerate(fitted)]
                    assert fit_loss(case, truth, forecast, weights, other) > least, case["id"]


def fit_loss(case, truth, forecast, weights, fitted):
    """The cross-entropy that a fit makes least, from the definitions of the losses."""
    weights = exact(weights)
    if case["loss"] == "fit_temperature":
        (t,) = fitted
        rows = [z if isinstance(z, list) else [0.0, z] for z in forecast]
        z = [[x / t for x in exact(row)] for row in rows]
        name, arguments = "sparse_categorical_cross_entropy_with_logits", {"labels": truth}
    else:
        a, b = fitted if case["loss"] == "fit_platt" else (1, *fitted)
        z = [a * x + b for x in exact(forecast)]
        if case["options"].get("smooth_targets"):
            ones = sum(w for y, w in zip(truth, weights, strict=True) if y)
            zeros = sum(weights) - ones
            truth = [(ones + 1) / (ones + mpf(2)) if y else 1 / (zeros + mpf(2)) for y in truth]
        name, arguments = "binary_cross_entropy_with_logits", {"y_true": truth}
    options = {"reduction": "none"}
    losses = evaluate(name, arguments | {"logits": z}, options, 40).value
    return sum(w * loss for w, loss in zip(weights, losses, strict=True))


def test_area_under_the_curve_is_that_of_the_trapezia():
    for case in ANSWERED:
        if case["loss"] == "roc_auc":
            y, scores = map(numbers, case["arguments"].values())
            w = case["options"].get("sample_weight", [1] * len(y))
            points = [
                [
                    sum(v for a, s, v in zip(y, scores, w, strict=True) if a == k and s >= cut)
                    for k in (0, 1)
                ]
                for cut in [math.inf, *sorted(set(scores), reverse=True)]
            ]
            points = [[0, 0], *points]
            area = sum((b[0] - a[0]) * (b[1] + a[1]) / 2 for a, b in pairwise(points))
            area /= points[-1][0] * points[-1][1]
            assert distance(area, case["value"]) <= 1e-14, case["id"]


# ---------------------------------------------------------------- tolerances


def as_float(value):
    return [as_float(v) for v in value] if isinstance(value, list) else float(value)


def test_textbook_arithmetic_passes_where_no_digits_are_asked_for():
    """The definitions in 53 bits: no tolerance is too narrow, no plain case a trap."""
    for case in ANSWERED:
        if case["tolerance"] == "root" or DIGITS & set(case["flags"]):
            continue
        found = evaluate(case["loss"], case["arguments"], case["options"], 15)
        assert mp.prec == 53
        parts = [(found.value, case["value"])]
        if "gradient" in case:
            parts.append(([*found.gradient.values()], [*case["gradient"].values()]))
        for got, want in parts:
            off = distance(as_float(got), numbers(want))
            assert off <= allowed(case), (case["id"], off / 2.0**-52, case["tolerance"])


def test_condition_is_by_how_much_a_rounding_counts():
    """Of a temperature's quotients, by moving each by one unit in the last place."""
    z, t = [7.3, 47.9, 11.1], 3.0
    options = {"temperature": t}
    found = evaluate("log_softmax", {"z": z}, options)
    top, worst = max(z), 0
    for k in range(len(z)):
        with mp.workdps(50):
            near = [mpf(v) for v in z]
            near[k] += (near[k] - top) * mpf(2) ** -52
            value = evaluate("log_softmax", {"z": near}, options).value
            worst = max(worst, *(abs(b / a - 1) for a, b in zip(found.value, value, strict=True)))
    assert worst * 2**52 == pytest.approx(float(found.condition), rel=0.5)
    assert found.condition > 10


def test_condition_of_a_calibration_error_is_what_cancels():
    case = next(
        case
        for case in of_family("calibration")
        if isinstance(case["tolerance"], dict) and case["options"] == {"n_bins": 1}
    )
    labels, probs = case["arguments"].values()
    y, p = (
        [int(row.index(max(row)) == k) for k, row in zip(labels, probs, strict=True)],
        [*map(max, probs)],
    )
    size = (sum(y) + sum(p)) / len(y)
    assert case["tolerance"]["condition"] == pytest.approx(size / case["value"], rel=1e-3)


# ---------------------------------------------------------------- cehelpers


def test_cehelpers_conforms():
    """Each function that has the options of a case, asked for it directly."""
    left = Counter()
    for case in CASES:
        if lacks(case):
            left.update({(case["loss"], option) for option in lacks(case)})
        elif case.get("refuse"):
            with pytest.raises((TypeError, ValueError)):
                pytest.fail(f"{case['id']}: {answer(case)}")
        else:
            off = distance(answer(case), numbers(case["value"]))
            assert off <= allowed(case), (case["id"], off / 2.0**-52, case["tolerance"])
    name = "sparse_categorical_cross_entropy_with_logits"
    assert set(left) == {(name, "label_smoothing"), (name, "sample_weight")}


def test_gradients_of_cehelpers_conform():
    one, rows = "binary_cross_entropy_with_logits", "categorical_cross_entropy_with_logits"
    for case in ANSWERED:
        if case["loss"] not in (one, rows) or "gradient" not in case:
            continue
        if case["options"]["reduction"] != "sum" or "sample_weight" in case["options"]:
            continue
        options = {k: v for k, v in case["options"].items() if k == "pos_weight"}
        slope = getattr(ce, f"{case['loss']}_grad")
        found = slope(*map(numbers, case["arguments"].values()), **options)
        assert distance(found.tolist(), case["gradient"]["logits"]) <= allowed(case), case["id"]


def test_smoothed_losses_are_those_of_smoothed_rows():
    """By `smooth_labels` and `log_softmax`, class by class."""
    for case in ANSWERED:
        options = case["options"]
        if "label_smoothing" not in options:
            continue
        labels, z = case["arguments"].values()
        classes, ignored = len(z[0]), options.get("ignore_index")
        w = options.get("class_weight", [1] * classes)
        losses, shares = [], []
        for label, row in zip(labels, z, strict=True):
            counts = label != ignored
            t = ce.smooth_labels(
                ce.one_hot(label if counts else 0, classes), options["label_smoothing"]
            )
            losses.append(-float((w * t * ce.log_softmax(row)).sum()) * counts)
            by_weight = options.get("weight_norm") == "sum_w"
            shares.append((w[label] if by_weight else 1) if counts else 0)
        value = {
            "none": losses,
            "sum": sum(losses),
            "mean": sum(losses) / sum(shares),
        }[options["reduction"]]
        assert distance(value, case["value"]) <= 32 * 2.0**-52, case["id"]
