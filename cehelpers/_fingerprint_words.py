"""Layer 5: the sentences of a fingerprint.

In ASCII, so that any console and any file can hold them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Facts = Mapping[str, Any]

TRUTHS = {
    "labels": "a class from 0 to K-1",
    "rows": "a row of K, 1 for the class that happened",
    "0 and 1": "0 or 1",
    "-1 and 1": "-1 or 1",
}
FORECASTS = {
    "probabilities": ("a row of K probabilities", "the probability of 1"),
    "logits": ("a row of K logits", "the logit of 1"),
    "log-probabilities": ("a row of K logarithms of probabilities", ""),
    "scores": ("", "a score, of which the sign says 0 or 1"),
}
TAKES = {
    "columns": "It wants both as columns, of shape (n, 1).",
    "one row at a time": "It takes one row at a time, not arrays of them.",
    "one forecast for all rows": "It takes one forecast, for all rows.",
}
FORMULAS = {
    "probability": "the probability of what happened (is its logarithm missing?)",
    "absolute error": "1 minus the probability of what happened, an absolute error",
    "squared error": "the squared error (Brier score)",
    "error rate": "the error rate: only which class leads counts",
    "perplexity": "the exponential of the cross-entropy",
}
REDUCTIONS = {
    "mean over rows": "averaged over rows",
    "sum over rows": "summed over rows",
    "mean over elements": "averaged over all elements, rows and classes",
    "sum over rows, mean over classes": "averaged over classes, then summed over rows",
    "one a row": "one number a row",
    "one an element": "one number an element",
}
# what may be refused, come out as nan or be taken without a word
INPUTS = {
    "certain and wrong": "certainty that was wrong",
    "certain and right": "certainty that was right",
    "an impossible class": "a logit of -inf for a class that did not happen",
    "probability of 1.2": "a probability of 1.2",
    "rows that sum to 1/2": "probabilities that sum to 1/2",
    "a loss of 1e-17": "a right forecast of 1e-17",
    "soft truths": "soft truths",
    "truths that sum to 2": "truths that sum to 2",
    "label 1.0": "labels that are floats",
    "float32": "float32",
    "lists": "lists",
    "truths as integers": "truths that are integers",
    "truths as booleans": "truths that are booleans",
    "one row alone": "one row alone",
    "one class alone": "rows of one class alone",
    "single numbers": "two single numbers",
    "no rows": "no rows at all",
    "a NaN": "a NaN",
    "truths in a column": "truths in a column beside forecasts in a row",
    "a table of tags": "a table of tags",
    "sentences of tokens": "sentences of tokens",
    "weights": "weights of rows",
}
FINE = ("lists", "truths as booleans", "one class alone", "label 1.0", "single numbers")
# a sentence for each value of a fact; "*" stands for any other
SAID = {
    "certain and wrong": {"inf": "Certainty that was wrong costs inf."},
    "eps is": {
        "a clip": "It stops there: no probability below {eps:.3g} costs more.",
        "added": "It adds {eps:.3g} inside its logarithm.",
    },
    "rows that sum to 1/2": {
        "rescaled": "Rows of probabilities are rescaled to sum to 1.",
        "taken as they stand": "Rows of probabilities are not rescaled: half of each costs more.",
    },
    "a loss of 1e-17": {
        "kept": "The loss of a right forecast of 1e-17 keeps its digits.",
        "lost": "The loss of a right forecast of 1e-17 is lost in 1 - p.",
    },
    "probability of 1.2": {"a number": "A probability of 1.2 is scored."},
    "soft truths": {
        "each class by its share": "Soft truths are scored, each class by its share.",
        "less their entropy": "Of soft truths it subtracts the entropy.",
        "rounded": "Soft truths are rounded to the likelier class.",
        "accepted": "Soft truths are scored.",
        "in a way of its own": "Soft truths are scored in a way of its own.",
    },
    "truths that sum to 2": {
        "count twice": "Truths that sum to 2 count twice.",
        "are rescaled": "Truths that sum to 2 are rescaled.",
        "a number": "Truths that sum to 2 are scored.",
    },
    "computes in": {
        "float64": "It computes in float64.",
        "float32": "It computes in float32 whatever it is given.",
        "few digits": "It has fewer digits than a float32.",
    },
    "rounds to": {"*": "It rounds to {} decimals."},
    "float32": {
        "kept": "Of float32 it makes float32.",
        "becomes float64": "Of float32 it makes float64.",
    },
    "truths in a column": {
        "flattened": "Truths in a column beside forecasts in a row are taken as a row.",
        "every pair": "Truths in a column beside forecasts in a row are broadcast: every truth "
        "meets every forecast.",
        "a number": "Truths in a column beside forecasts in a row are scored in a way of its own.",
    },
    "a table of tags": {"*": "Of a table of tags it gives {}."},
    "sentences of tokens": {
        "classes last": "Of sentences of tokens the classes come last.",
        "classes along axis 1": "Of sentences of tokens the classes lie along axis 1.",
        "a number": "Sentences of tokens are scored in a way of its own.",
    },
    "weights": {
        "over their sum": "A weighted mean is divided by the sum of the weights.",
        "over n": "A weighted mean is divided by n, whatever the weights sum to.",
        "by their mean alone": "Weights of rows count by their mean alone: none reaches its row.",
        "times the row": "A weight multiplies its row.",
        "no effect": "Weights of rows have no effect.",
        "a number": "Weights of rows enter in a way of its own.",
    },
    "a NaN": {"not noticed": "A NaN among the forecasts is not noticed."},
}
LABELS = {
    "a number": "scored in a way of its own",
    "left out": "left out, of the mean too",
    "scores 0": "scored 0 and counted",
    "as the formula has it": "put into the formula like any number",
}


def sentences(facts: Facts) -> list[str]:
    """What the facts come to, one thing a sentence."""
    if "truth" not in facts:
        return [_no_answer(facts)]
    said = [*_call(facts), _formula(facts), *_inside(facts), *_ends(facts)]
    for name, words in SAID.items():
        if name in facts and (sentence := words.get(facts[name], words.get("*"))):
            said.append(sentence.format(facts[name], eps=facts.get("eps")))
    return said + [*_labels(facts), *_manners(facts)]


def listed(words: Iterable[str]) -> str:
    """a, b and c."""
    words = list(words)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _no_answer(facts: Facts) -> str:
    """Of a loss that tells nothing about itself."""
    if "needs" in facts:
        names = facts["needs"]
        if len(names) > 1:
            count = f"It needs {len(names)} arguments, {listed(names)}"
            return f"{count}: fix all but truth and forecast with functools.partial, and ask again."
        count = f"one argument, {names[0]}" if names else "no arguments"
        return f"It takes {count}: a loss has a truth and a forecast."
    if "constant" in facts:
        return f"It depends on nothing that it is given: it answers {facts['constant']:.6g}."
    if "random" in facts:
        return "It answers differently when asked again, and no formula shows."
    if facts["refusals"]:
        first = facts["refusals"][0]
        how = " Does it want tensors? Then convert=torch.tensor, or what its library has."
        tensors = any(word in first.lower() for word in ("tensor", "ndarray"))
        return f"It refuses what it is asked; the first time: {first}." + how * tensors
    return f"It never answers with a finite number: {listed(facts['answers'])}."


def _call(facts: Facts) -> list[str]:
    order, binary = facts["order"], facts["truth"] in ("0 and 1", "-1 and 1")
    if facts.get("formula") is None:
        place = "Of what it answers no formula is known here; it was asked with"
        return [f"{place} {TRUTHS[facts['truth']]} for the truth and {_forecast(facts, binary)}."]
    said = {
        "truth first": "The truth comes first, then the forecast",
        "forecast first": "The forecast comes first, then the truth",
        "either": "Truth and forecast may change places",
    }[order]
    if facts.get("keywords"):
        said += f", and both by keyword: {listed(facts['keywords'])}"
    truth, forecast = TRUTHS[facts["truth"]], _forecast(facts, binary)
    said = [f"{said}.", f"The truth of a row is {truth}, the forecast {forecast}."]
    if facts.get("also"):
        others = " or ".join(TRUTHS[truth] for truth in facts["also"])
        said.append(f"It also takes a truth that is {others}.")
    if "classes" in facts:
        said.append(f"It wants {facts['classes']} classes.")
    return [*said, *filter(None, [TAKES.get(facts["takes"])])]


def _forecast(facts: Facts, binary: bool) -> str:
    return FORECASTS[facts["forecast"]][binary]


def _formula(facts: Facts) -> str:
    formula, unit = facts.get("formula"), facts.get("unit")
    if formula is None:
        return f"Its answer is {REDUCTIONS.get(facts['reduction'], facts['reduction'])}."
    name = FORMULAS.get(formula, f"the {formula}")
    if formula == "focal loss":
        name += f" with gamma {facts['gamma']:.3g}"
        name += f" and alpha {facts['alpha']:.3g}" if "alpha" in facts else ""
    if unit:
        name += {"nats": " in nats", "bits": " in bits", "digits": " in digits (base 10)"}[unit]
    if "factor" in facts:
        name = f"{facts['factor']:.3g} times {name}"
    minus = "minus " if facts.get("sign") else ""
    reduction = REDUCTIONS.get(facts["reduction"], facts["reduction"])
    return f"It is {minus}{name}, {reduction}."


def _inside(facts: Facts) -> list[str]:
    said = []
    if "smoothing" in facts:
        by = facts.get("smoothing by", "alpha/2")
        share = "a share" if by.startswith("alpha") else "what lies on the other classes is"
        said.append(f"It smooths the truth by {facts['smoothing']:.3g}, {share} {by} each.")
    if isinstance(facts.get("class weights"), tuple):
        weights = ", ".join(f"{w:.3g}" for w in facts["class weights"])
        over = {"n": "divided by n", "their sum": "divided by the sum of the weights"}
        said.append(f"The classes count {weights} times, {over[facts['class weights over']]}.")
    elif "class weights" in facts:
        said.append("What is forecast for class 0 does not count.")
    return said


def _ends(facts: Facts) -> list[str]:
    said, unit = [], facts.get("unit", "").replace("digits", "nats").replace("bits", "nats")
    wrong, right = facts.get("certain and wrong"), facts.get("certain and right")
    if isinstance(right, float):
        said.append(f"Certainty that was right costs {right:.3g}.")
    if isinstance(wrong, float):
        said.append(f"Certainty that was wrong costs {wrong:.3g} {unit}".rstrip() + ".")
    for side in ("right", "wrong"):
        far = facts.get(f"digits of a {side} forecast")
        if far is not None:
            until = f"to a logit of {far:,}" if far else "not even to a logit of 10"
            said.append(f"The loss of a {side} forecast keeps its digits {until}.")
    return said


def _labels(facts: Facts) -> list[str]:
    """What becomes of labels that are no class, those of one fate together."""
    fates: dict[str, list[str]] = {}
    for label in ("-1", "-100", "K", "1.5"):
        fates.setdefault(facts.get(f"label {label}", ""), []).append(label)
    said = []
    for fate, labels in fates.items():
        if fate and fate not in ("refused", "nan", "inf"):
            what = f"A label of {labels[0]} is" if len(labels) == 1 else f"{_labels_of(labels)} are"
            said.append(f"{what} {LABELS.get(fate, 'taken for ' + fate)}.")
    return said


def _labels_of(labels: list[str]) -> str:
    return f"Labels of {listed(labels)}"


def _manners(facts: Facts) -> list[str]:
    """What is refused, what brings a nan or an inf, and what is taken without a word."""
    said = []
    verbs = {"refused": "refuses", "nan": "answers nan to", "inf": "answers inf to"}
    for fate, verb in verbs.items():
        labels = [k for k in ("-1", "-100", "K", "1.5") if facts.get(f"label {k}") == fate]
        found = [words for name, words in INPUTS.items() if facts.get(name) == fate]
        if fate == "inf":  # what a certainty costs is said where it belongs
            found = [words for words in found if "certainty" not in words]
        if labels:
            words = _labels_of(labels)
            found.append(words[0].lower() + words[1:])
        if found:
            said.append(f"It {verb} {listed(found)}.")
    fine = [name for name in FINE if facts.get(name) in ("accepted", "class 1", "a number")]
    if fine:
        said.append(f"It takes {listed(INPUTS[name] for name in fine)}.")
    return said + [f"It {habit}." for habit in facts["habits"]]
