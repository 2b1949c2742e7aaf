"""scikit-learn: scores of two classes and of K, their curves, and class weights."""

import numpy as np
from scipy import sparse
from sklearn import metrics
from sklearn.utils.multiclass import type_of_target

import cehelpers as ce
from vectors.peers.plugin import NotOurs, Pair

NAME, PACKAGE, CALLERS = "scikit-learn", "sklearn", ("test",)
DISTRIBUTION = "scikit-learn"
SELECT = "not array_api"
TESTS = (
    "--pyargs",
    "sklearn.metrics.tests.test_classification",
    "sklearn.metrics.tests.test_common",
    "sklearn.metrics.tests.test_ranking",
    "sklearn.metrics.tests.test_score_objects",
    "sklearn.tests.test_calibration",
    "sklearn.utils.tests.test_class_weight",
)
ROC_CURVE, PRECISION_RECALL_CURVE = metrics.roc_curve, metrics.precision_recall_curve

# ---------------------------------------------------------------- labels


def array(x):
    if sparse.issparse(x):
        raise NotOurs("sparse matrices")
    return np.asarray(x)


def column(x):
    """One number a row."""
    x = array(x)
    return x[:, 0] if x.ndim == 2 and x.shape[1] == 1 else x


def kind(y):
    """binary, multiclass or multilabel-indicator."""
    found = type_of_target(array(y))
    if found not in ("binary", "multiclass", "multilabel-indicator"):
        raise NotOurs(f"labels that are {found}")
    return found


def positive(y, pos_label=None):
    """1 where a label is the one asked about: of two the greater, unless it is named."""
    if kind(y) != "binary":
        raise NotOurs("more than two classes")
    y = column(y)
    if pos_label is None:
        classes = np.unique(y)
        pos_label = 1 if len(classes) == 1 else classes[-1]
    return (y == pos_label).astype(int)


def codes(y, labels=None):
    """0..K−1 in the order of the labels."""
    classes = np.unique(column(y) if labels is None else array(labels))
    y = column(y)
    if not np.isin(y, classes).all():
        raise NotOurs("labels that are not among the classes")
    return np.searchsorted(classes, y), len(classes)


def one_hot(y, labels=None):
    """A column for each class: does it happen?"""
    if kind(y) == "multilabel-indicator":
        columns = array(y).astype(int)
        return columns if labels is None else columns[:, array(labels)]
    classes = np.unique(column(y)) if labels is None else array(labels)
    return (column(y)[:, None] == classes).astype(int)


def weighted(losses, sample_weight=None, normalize=True):
    """The mean, or the sum, of one loss a row."""
    if normalize:
        return float(np.average(losses, weights=sample_weight))
    return float(losses.sum() if sample_weight is None else losses @ np.asarray(sample_weight))


# ---------------------------------------------------------------- losses


def log_loss(y_true, y_proba, *, normalize=True, sample_weight=None, labels=None):
    p = column(y_proba)
    if kind(y_true) == "multilabel-indicator":
        losses = ce.categorical_cross_entropy(array(y_true), p, reduction="none")
        return weighted(losses, sample_weight, normalize)
    y, count = codes(y_true, labels)
    if p.ndim == 1 and count == 2:
        how = "mean" if normalize else "sum"
        return ce.binary_cross_entropy(y, p, sample_weight=sample_weight, reduction=how)
    if p.ndim == 1 or p.shape[1] != count:
        raise NotOurs("fewer labels than classes")
    losses = ce.sparse_categorical_cross_entropy(y, p, reduction="none")
    return weighted(losses, sample_weight, normalize)


def clipped_log_loss(y_true, y_proba, *, normalize=True, sample_weight=None, labels=None):
    p = column(y_proba)
    eps = np.finfo(p.dtype if p.dtype.kind == "f" else float).eps
    if kind(y_true) == "multilabel-indicator":
        losses = (array(y_true) * ce.surprisal(np.clip(p, eps, 1 - eps))).sum(axis=1)
    else:
        y, _ = codes(y_true, labels)
        rows = np.stack([1 - p, p], axis=1) if p.ndim == 1 else p
        losses = ce.surprisal(np.clip(rows[np.arange(len(rows)), y], eps, 1 - eps))
    return weighted(losses, sample_weight, normalize)


def brier_score_loss(
    y_true, y_proba, *, sample_weight=None, pos_label=None, labels=None, scale_by_half="auto"
):
    p = column(y_proba)
    if p.ndim == 1:
        score = ce.brier_score(positive(y_true, pos_label), p, sample_weight=sample_weight)
        return score if scale_by_half else 2 * score
    if kind(y_true) == "multilabel-indicator":
        raise NotOurs("labels that are multilabel-indicator")
    y, count = codes(y_true, labels)
    if p.shape[1] != count:
        raise NotOurs("fewer labels than classes")
    half = count < 3 if scale_by_half == "auto" else scale_by_half
    score = ce.brier_score_multiclass(y, p, sample_weight=sample_weight)
    return score / 2 if half else score


def hinge_loss(y_true, pred_decision, *, labels=None, sample_weight=None):
    s = column(pred_decision)
    if s.ndim == 2:
        raise NotOurs("more than two classes")
    y, _ = codes(y_true, labels)
    return weighted(ce.hinge_loss(y, s, reduction="none"), sample_weight)


# ---------------------------------------------------------------- decisions


def confusion_matrix(y_true, y_pred, *, labels=None, sample_weight=None):
    both = np.concatenate([column(y_true), column(y_pred)])
    if len(np.unique(both if labels is None else labels)) != 2:
        raise NotOurs("more than two classes")
    classes = np.unique(both) if labels is None else array(labels)
    if not np.isin(both, classes).all():
        raise NotOurs("labels that are not among the classes")
    y, flagged = (column(one) == classes[1] for one in (y_true, y_pred))
    counts = ce.confusion_counts(y, flagged, sample_weight=sample_weight)
    return np.reshape(counts, (2, 2))


def whole(y_true, y_pred, *, labels=None, sample_weight=None):
    w = np.asarray(sample_weight)
    if w.dtype.kind not in "iu":
        raise NotOurs("weights that are not whole")
    y, flagged = codes(y_true, labels)[0], codes(y_pred, labels)[0]
    counts = np.zeros((2, 2), dtype=int)
    np.add.at(counts, (y, flagged), w)
    return counts


def multilabel_confusion_matrix(y_true, y_pred, *, sample_weight=None, labels=None):
    pairs = zip(*indicators(y_true, y_pred, labels), strict=True)
    counts = [ce.confusion_counts(y, d, sample_weight=sample_weight) for y, d in pairs]
    return np.reshape(counts, (-1, 2, 2))


def indicators(y_true, y_pred, labels=None):
    """A row for each class: does it happen, and is it decided?"""
    if "multilabel-indicator" in (kind(y_true), kind(y_pred)):
        return one_hot(y_true, labels).T, one_hot(y_pred, labels).T
    if labels is None:
        labels = np.unique(np.concatenate([column(y_true), column(y_pred)]))
    return one_hot(y_true, labels).T, one_hot(y_pred, labels).T


def precision_recall_fscore_support(
    y_true,
    y_pred,
    *,
    beta=1.0,
    labels=None,
    pos_label=1,
    average=None,
    warn_for=(),
    sample_weight=None,
    zero_division=0,
):
    if beta != 1:
        raise NotOurs("beta")
    if zero_division != 0:
        raise NotOurs("zero_division")
    if average == "samples":
        raise NotOurs("average samples")
    if average == "binary":
        happens, decided = ([array(one) == pos_label] for one in (y_true, y_pred))
    else:
        happens, decided = indicators(y_true, y_pred, labels)
    w = sample_weight
    if average == "micro":
        w = w if w is None else np.tile(w, len(happens))
        happens, decided = ([np.ravel(one)] for one in (happens, decided))
    pairs = list(zip(happens, decided, strict=True))
    scores = np.array([ce.precision_recall_f1(y, d, sample_weight=w) for y, d in pairs]).T
    counts = [ce.confusion_counts(y, d, sample_weight=w) for y, d in pairs]
    support = np.array([c.fn + c.tp for c in counts])
    if average is None:
        return (*scores, support)
    share = support if average == "weighted" and support.any() else np.ones(len(support))
    return (*(float(np.average(one, weights=share)) for one in scores), None)


def one_of(place):
    def score(
        y_true,
        y_pred,
        *,
        labels=None,
        pos_label=1,
        average="binary",
        sample_weight=None,
        zero_division=0,
    ):
        options = {"pos_label": pos_label, "average": average, "zero_division": zero_division}
        options |= {"labels": labels, "sample_weight": sample_weight}
        return precision_recall_fscore_support(y_true, y_pred, **options)[place]

    return score


# ---------------------------------------------------------------- ranking


def by_class(function, y, scores, average, sample_weight):
    """A score of each column against the rest, averaged as scikit-learn does."""
    options = {"sample_weight": sample_weight}
    if average == "samples":
        raise NotOurs("average samples")
    if average == "micro":
        if sample_weight is not None:
            options["sample_weight"] = np.repeat(sample_weight, y.shape[1])
        return function(y.ravel(), scores.ravel(), **options)
    each = [function(y[:, k], scores[:, k], **options) for k in range(y.shape[1])]
    if average is None:
        return np.array(each)
    support = y.T @ (np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight))
    return float(np.average(each, weights=support if average == "weighted" else None))


def roc_auc_score(
    y_true, y_score, *, average="macro", sample_weight=None, multi_class="raise", labels=None
):
    scores = column(y_score)
    if kind(y_true) == "multilabel-indicator":
        return by_class(ce.roc_auc, array(y_true), scores, average, sample_weight)
    if scores.ndim == 1:
        return ce.roc_auc(positive(y_true), scores, sample_weight=sample_weight)
    if multi_class != "ovr":
        raise NotOurs(f"multi_class {multi_class}")
    y, count = codes(y_true, labels)
    if average == "macro" and count == scores.shape[1]:
        return ce.roc_auc_multiclass(y, scores, sample_weight=sample_weight)
    return by_class(ce.roc_auc, one_hot(y, range(count)), scores, average, sample_weight)


def average_precision_score(y_true, y_score, *, average="macro", pos_label=1, sample_weight=None):
    scores = column(y_score)
    if kind(y_true) == "binary" and scores.ndim == 1:
        y = positive(y_true, pos_label)
        return ce.average_precision(y, scores, sample_weight=sample_weight)
    return by_class(ce.average_precision, one_hot(y_true), scores, average, sample_weight)


def roc_curve(y_true, y_score, *, pos_label=None, sample_weight=None, drop_intermediate=True):
    y = positive(y_true, pos_label)
    ours = ce.roc_curve(y, column(y_score), sample_weight=sample_weight)
    options = {"pos_label": pos_label, "sample_weight": sample_weight}
    return Pair(tuple(ours), ROC_CURVE(y_true, y_score, drop_intermediate=False, **options))


def precision_recall_curve(
    y_true, y_score, *, pos_label=None, sample_weight=None, drop_intermediate=False
):
    y = positive(y_true, pos_label)
    curve = ce.precision_recall_curve(y, column(y_score), sample_weight=sample_weight)
    precision, recall, thresholds = (one[::-1] for one in curve)
    ours = np.append(precision, 1), np.append(recall, 0), thresholds
    options = {"pos_label": pos_label, "sample_weight": sample_weight}
    return Pair(ours, PRECISION_RECALL_CURVE(y_true, y_score, **options))


def calibration_curve(y_true, y_prob, *, pos_label=None, n_bins=5, strategy="uniform"):
    y = positive(y_true, pos_label)
    curve = ce.reliability_curve(y, column(y_prob), n_bins=n_bins, strategy=strategy)
    return curve.observed_share, curve.mean_prediction


def compute_class_weight(class_weight, *, classes, y):
    if not isinstance(class_weight, str):
        raise NotOurs("weights that are given")
    order = np.searchsorted(np.unique(classes), classes)
    return ce.class_weights(*codes(y, classes))[order]


OURS = {
    "sklearn.metrics.log_loss": log_loss,
    "sklearn.metrics.brier_score_loss": brier_score_loss,
    "sklearn.metrics.hinge_loss": hinge_loss,
    "sklearn.metrics.confusion_matrix": confusion_matrix,
    "sklearn.metrics.multilabel_confusion_matrix": multilabel_confusion_matrix,
    "sklearn.metrics.precision_recall_fscore_support": precision_recall_fscore_support,
    "sklearn.metrics.precision_score": one_of(0),
    "sklearn.metrics.recall_score": one_of(1),
    "sklearn.metrics.f1_score": one_of(2),
    "sklearn.metrics.roc_curve": roc_curve,
    "sklearn.metrics.roc_auc_score": roc_auc_score,
    "sklearn.metrics.precision_recall_curve": precision_recall_curve,
    "sklearn.metrics.average_precision_score": average_precision_score,
    "sklearn.calibration.calibration_curve": calibration_curve,
    "sklearn.utils.class_weight.compute_class_weight": compute_class_weight,
}
HABITS = {
    "sklearn.metrics.confusion_matrix": {"adds whole weights in 64 bits, which overflows": whole},
    "sklearn.metrics.log_loss": {
        "takes rows as they come, and clips p to [eps, 1 − eps] of its dtype": clipped_log_loss
    },
}
