"""PyTorch: `torch.nn.functional`, `torch.special`; gradients by autograd."""

import torch
from torch.nn import functional as F

NAME, VERSION = "PyTorch", torch.__version__.partition("+")[0]
FUNCTIONS = (
    "torch.sigmoid, logit, logsumexp, special.entr, special.xlogy; nn.functional.softplus, "
    "logsigmoid, softmax, log_softmax, kl_div, nll_loss of the logarithm, cross_entropy, "
    "binary_cross_entropy, binary_cross_entropy_with_logits, mse_loss"
)
DIFFERENCES = {
    "Losses and activations refuse integer logits or probabilities.": (
        "integer-input:binary_cross_entropy_with_logits integer-input:log_sigmoid "
        "integer-input:softplus integer-input:softmax integer-input:log_softmax "
        "integer-input:categorical_cross_entropy_with_logits "
        "integer-input:sparse_categorical_cross_entropy_with_logits"
    ),
    "sigmoid and logsumexp turn integers into float32.": (
        "integer-input:sigmoid integer-input:logsumexp"
    ),
    "The weight of binary_cross_entropy multiplies the rows, and the mean divides by their "
    "number; with weights of 0 alone it is 0.": (
        "mean-over-weights all-ignored:binary_cross_entropy "
        "all-ignored:binary_cross_entropy_with_logits integer-input:binary_cross_entropy "
        "zero-weight:binary_cross_entropy"
    ),
    "cross_entropy over no rows is nan, and no error.": "all-ignored",
    "binary_cross_entropy bounds each logarithm from below, and its slope: the example shows what "
    "a certain and wrong forecast costs.": (
        "certain-and-wrong:binary_cross_entropy vanishing-gradient:binary_cross_entropy"
    ),
    "0 times infinity is nan: a weight, a label or a target of 0 does not take out an infinite "
    "logit or loss.": "minus-infinity-logit zero-weight",
    "The slope of nll_loss(p.log()) and of xlogy at 0 · ln 0 is nan, and kl_div there is nan.": (
        "log-of-zero certain-and-wrong"
    ),
    "Binary cross-entropy of logits is (1 − y)·z − ln σ(z), two numbers as large as z: a confident "
    "and right forecast of a 0 costs exactly 0.": (
        "confident-right:binary_cross_entropy_with_logits "
        "soft-label-digits:binary_cross_entropy_with_logits"
    ),
    "log_softmax and logsumexp take the logarithm of a sum that has been rounded to 1: a "
    "confident and right forecast costs exactly 0.": "confident-right soft-label-digits",
    "The slope is p − t, or with pos_weight a longer sum, and it is 0 once p has been rounded to "
    "1; that of a sigmoid is s·(1 − s).": (
        "vanishing-gradient pos-weight far-logit:sigmoid plain:sigmoid"
    ),
    "The slope of logsumexp is exp(z − logsumexp(z)), whose difference loses digits as the logits "
    "grow.": "large-shift:logsumexp",
    "kl_div has terms of both signs, which cancel where the two rows are near.": (
        "close-distributions"
    ),
    "logit is ln(p / (1 − p)), whose quotient has lost the digits near p = 1/2.": (
        "logit-near-half"
    ),
    "binary_cross_entropy wants p in [0, 1] and no loss looks further: soft labels beyond 0 and 1, "
    "and rows that do not sum to 1, give a number or a nan.": (
        "not-rescaled outside-0-1 single-probability-rows nan-input"
    ),
    "mse_loss broadcasts a column against a row, with a warning.": "column-against-row",
}


def array(values, dtype):
    return torch.tensor(values, dtype=getattr(torch, dtype))


def gradient(loss, arguments, options):
    names = list(arguments)
    forecasts = names[1:] or names
    leaves = {n: x if x.is_floating_point() else x.double() for n, x in arguments.items()}
    given = arguments | {n: leaves[n].clone().requires_grad_() for n in forecasts}
    globals()[loss](*given.values(), **options).sum().backward()
    return {name: given[name].grad for name in forecasts}


def classes_second(rows):
    """`torch.nn.functional` has the classes along axis 1."""
    return rows.movedim(-1, 1) if rows.ndim > 2 else rows


def surprisal(p):
    return -torch.log(p)


def entropy(p, *, axis=-1):
    return torch.special.entr(p).sum(axis)


def cross_entropy(p, q, *, axis=-1):
    return -torch.special.xlogy(p, q).sum(axis)


def kl_divergence(p, q, *, axis=-1):
    return F.kl_div(q.log(), p, reduction="none").sum(axis)


sigmoid, logit, softplus, log_sigmoid = torch.sigmoid, torch.logit, F.softplus, F.logsigmoid


def logsumexp(z, *, axis=-1):
    return torch.logsumexp(z, axis)


def softmax(z, *, axis=-1):
    return F.softmax(z, dim=axis)


def log_softmax(z, *, axis=-1):
    return F.log_softmax(z, dim=axis)


def binary_cross_entropy(y_true, y_prob, *, reduction, sample_weight=None):
    truth = y_true.to(y_prob.dtype)
    return F.binary_cross_entropy(y_prob, truth, weight=sample_weight, reduction=reduction)


def binary_cross_entropy_with_logits(
    y_true, logits, *, reduction, pos_weight=None, sample_weight=None
):
    return F.binary_cross_entropy_with_logits(
        logits,
        y_true.to(logits.dtype),
        weight=sample_weight,
        pos_weight=None if pos_weight is None else torch.as_tensor(pos_weight),
        reduction=reduction,
    )


def sparse_categorical_cross_entropy(labels, probs, *, reduction):
    return F.nll_loss(classes_second(probs.log()), labels, reduction=reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    truth = targets.to(logits.dtype)
    return F.cross_entropy(classes_second(logits), classes_second(truth), reduction=reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels,
    logits,
    *,
    reduction,
    class_weight=None,
    weight_norm="sum_w",
    ignore_index=-100,
    label_smoothing=0.0,
):
    if weight_norm != "sum_w" and class_weight is not None:
        return NotImplemented  # its mean divides by the weights
    return F.cross_entropy(
        classes_second(logits),
        labels,
        weight=class_weight,
        ignore_index=ignore_index,
        label_smoothing=label_smoothing,
        reduction=reduction,
    )


def brier_score(y_true, y_prob, *, reduction):
    return F.mse_loss(y_prob, y_true.to(y_prob.dtype), reduction=reduction)
