"""What the vectors ask for in one call and cehelpers has in several: pieces, smoothing, slopes.

It stands in front of the adapter of cehelpers, so that a mutant has a line to change here too.
"""

import math

import numpy as np

import cehelpers as ce
from vectors import adapters

LIBRARY = adapters.load("cehelpers")


def in_pieces(loss):
    """The loss of rows that come in pieces of given sizes: a mean over all of them."""

    def whole(*arguments, chunks=None, reduction="mean", **options):
        if (
            chunks is None
            or reduction != "mean"
            or {"sample_weight", "class_weight"} & set(options)
        ):
            return loss(*arguments, reduction=reduction, **options)
        rows, ends = sum(chunks), np.cumsum(chunks)
        sums = [
            loss(
                *(a[end - size : end] if len(a) == rows else a for a in arguments),
                reduction="sum",
                **options,
            )
            for size, end in zip(chunks, ends, strict=True)
        ]
        return math.fsum(sums) / rows

    return whole


for name in (
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "sparse_categorical_cross_entropy",
    "ranked_probability_score",
    "focal_loss",
):
    globals()[name] = in_pieces(getattr(LIBRARY, name))


def sparse_categorical_cross_entropy_with_logits(
    labels,
    logits,
    *,
    label_smoothing=0,
    sample_weight=None,
    class_weight=None,
    weight_norm="sum_w",
    ignore_index=None,
    reduction="mean",
):
    """The loss of cehelpers, with smoothed labels and weights of rows besides."""
    if not label_smoothing and sample_weight is None:
        ours = ce.sparse_categorical_cross_entropy_with_logits
        options = {"class_weight": class_weight, "weight_norm": weight_norm}
        options |= {"ignore_index": ignore_index, "reduction": reduction}
        return ours(labels, logits, **options)
    counts = np.full(labels.shape, True) if ignore_index is None else labels != ignore_index
    y, classes = np.where(counts, labels, 0), logits.shape[-1]
    w = np.ones(classes) if class_weight is None else np.asarray(class_weight)
    nll = -ce.log_softmax(logits)
    each = (w * ce.smooth_labels(ce.one_hot(y, classes), label_smoothing) * nll).sum(axis=-1)
    loss = np.where(counts, each, 0)
    weight = np.where(counts, w[y], 0)
    if sample_weight is not None:
        loss, weight = loss * sample_weight, weight * sample_weight
    if reduction == "none":
        return loss
    divisor = weight.sum() if weight_norm == "sum_w" else np.count_nonzero(counts)
    return loss.sum() / (divisor if reduction == "mean" else 1)


def gradient(loss, arguments, options):
    """The slope of the focal loss in its logits; of other losses what the adapter has."""
    if loss != "focal_loss_with_logits":
        return LIBRARY.gradient(loss, arguments, options)
    y, z = arguments.values()
    alpha, gamma, s = options.get("alpha"), options["gamma"], (2 * y - 1) * z
    weight = 1 if alpha is None else np.where(y == 1, alpha, 1 - alpha)
    p, q, own = ce.sigmoid(s), ce.sigmoid(-s), ce.softplus(-s)
    with np.errstate(all="ignore"):
        down = gamma * q**gamma * np.where(p > 0, p * own, 0)
        slope = (1 - 2 * y) * weight * (down + q**gamma * q)
    return slope / (np.size(z) if options["reduction"] == "mean" else 1)
