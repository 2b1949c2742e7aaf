"""The functions of this course, under their own names."""

import numpy as np

import cehelpers as ce
from cehelpers import *  # noqa: F403

NAME, VERSION = "cehelpers", ce.__version__
FUNCTIONS = "the functions of these names, and their `…_grad`"
DIFFERENCES = {}


def array(values, dtype):
    return np.array(values, dtype=dtype)


def gradient(loss, arguments, options):
    """Of the losses by their logits, as `…_grad` has it for each element; of others none."""
    function = getattr(ce, f"{loss}_grad", None)
    if function is None:
        return None
    some = {name: options[name] for name in ("pos_weight",) if name in options}
    each = function(*arguments.values(), **some)
    weight = options.get("sample_weight")
    count = np.size(each) if loss.startswith("binary") else np.size(each) / np.shape(each)[-1]
    if options["reduction"] == "mean":
        each = each / (count if weight is None else np.sum(weight))
    return each if weight is None else each * weight


def reliability_curve(y_true, y_prob, *, n_bins, strategy="uniform", sample_weight=None):
    curve = ce.reliability_curve(
        y_true, y_prob, n_bins=n_bins, strategy=strategy, sample_weight=sample_weight
    )
    return [curve.count, curve.mean_prediction, curve.observed_share]
