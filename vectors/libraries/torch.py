"""PyTorch: `torch.nn.functional`, `torch.special`; gradients by autograd."""

import torch
from torch.nn import functional as F

NAME, VERSION = "PyTorch", torch.__version__.partition("+")[0]
FUNCTIONS = (
    "torch.sigmoid, logit, logsumexp, special.entr, special.xlogy; nn.functional.softplus, "
    "logsigmoid, softmax, log_softmax, kl_div, nll_loss of the logarithm, cross_entropy, "
    "binary_cross_entropy, binary_cross_entropy_with_logits, mse_loss"
)


def array(values, dtype):
    return torch.tensor(values, dtype=getattr(torch, dtype))


def gradient(loss, arguments, options):
    names = list(arguments)
    forecasts = names[1:] or names
    given = arguments | {n: arguments[n].clone().requires_grad_() for n in forecasts}
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
