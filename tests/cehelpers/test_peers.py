"""SciPy and scikit-learn agree wherever they keep their digits."""

import numpy as np
import pytest
from scipy import special, stats
from sklearn import metrics

import cehelpers as ce

rng = np.random.default_rng(7)
N, K = 500, 4
LOGITS = rng.normal(scale=3, size=N)
LABELS = (rng.random(N) < special.expit(LOGITS)).astype(int)
PROBS = special.expit(LOGITS)
WEIGHTS = rng.random(N)
ROW_LOGITS = rng.normal(scale=3, size=(N, K))
ROWS = special.softmax(ROW_LOGITS, axis=1)
OTHERS = special.softmax(ROW_LOGITS[::-1], axis=1)
CLASSES = rng.integers(K, size=N)
RTOL = 1e-12


def same(ours, theirs, rtol=RTOL):
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=0)


@pytest.mark.parametrize(
    ("name", "theirs", "argument"),
    [
        ("sigmoid", special.expit, LOGITS),
        ("logit", special.logit, PROBS),
        ("log_sigmoid", special.log_expit, LOGITS),
        ("softmax", lambda z: special.softmax(z, axis=-1), ROW_LOGITS),
        ("log_softmax", lambda z: special.log_softmax(z, axis=-1), ROW_LOGITS),
        ("logsumexp", lambda z: special.logsumexp(z, axis=-1), ROW_LOGITS),
        ("entropy", lambda p: stats.entropy(p, axis=-1), ROWS),
    ],
)
def test_scipy_agrees(name, theirs, argument):
    same(getattr(ce, name)(argument), theirs(argument), rtol=1e-11)


@pytest.mark.parametrize("base", [None, 2, 10])
def test_scipy_divergences_agree(base):
    kl = stats.entropy(ROWS, OTHERS, base=base, axis=1)
    same(ce.kl_divergence(ROWS, OTHERS, base=base), kl, rtol=1e-10)
    entropy = stats.entropy(ROWS, base=base, axis=1)
    same(ce.cross_entropy(ROWS, OTHERS, base=base), entropy + kl, rtol=1e-10)


def test_scipy_jensenshannon_is_the_root_of_ours():
    from scipy.spatial.distance import jensenshannon

    same(ce.js_divergence(ROWS, OTHERS), jensenshannon(ROWS, OTHERS, axis=1) ** 2, rtol=1e-9)


def test_sklearn_log_loss_agrees():
    same(ce.binary_cross_entropy(LABELS, PROBS), metrics.log_loss(LABELS, PROBS))
    weighted = metrics.log_loss(LABELS, PROBS, sample_weight=WEIGHTS)
    same(ce.binary_cross_entropy(LABELS, PROBS, sample_weight=WEIGHTS), weighted)
    logit_loss = ce.binary_cross_entropy_with_logits(LABELS, LOGITS, sample_weight=WEIGHTS)
    same(logit_loss, weighted)
    theirs = metrics.log_loss(CLASSES, ROWS, labels=range(K))
    same(ce.sparse_categorical_cross_entropy(CLASSES, ROWS), theirs)
    same(ce.sparse_categorical_cross_entropy_with_logits(CLASSES, ROW_LOGITS), theirs)


def test_class_weight_is_sklearn_sample_weight():
    w = np.array([0.5, 1.0, 2.0, 4.0])
    theirs = metrics.log_loss(CLASSES, ROWS, labels=range(K), sample_weight=w[CLASSES])
    ours = ce.sparse_categorical_cross_entropy_with_logits
    same(ours(CLASSES, ROW_LOGITS, class_weight=w), theirs)
    same(ours(CLASSES, ROW_LOGITS, class_weight=w, weight_norm="n"), theirs * w[CLASSES].mean())


def test_ignored_labels_are_sklearn_weights_of_0():
    w, ours = np.array([0.5, 1.0, 2.0, 4.0]), ce.sparse_categorical_cross_entropy_with_logits
    for index in range(K):
        counts = index != CLASSES
        theirs = metrics.log_loss(CLASSES, ROWS, labels=range(K), sample_weight=counts)
        same(ours(CLASSES, ROW_LOGITS, ignore_index=index), theirs)
        padded = np.where(counts, CLASSES, -100)
        same(ours(padded, ROW_LOGITS, ignore_index=-100), theirs)
        some = w[CLASSES] * counts
        theirs = metrics.log_loss(CLASSES, ROWS, labels=range(K), sample_weight=some)
        same(ours(padded, ROW_LOGITS, ignore_index=-100, class_weight=w), theirs)
        theirs *= some.sum() / counts.sum()
        same(ours(CLASSES, ROW_LOGITS, ignore_index=index, class_weight=w, weight_norm="n"), theirs)


def test_sklearn_brier_and_hinge_agree():
    same(ce.brier_score(LABELS, PROBS), metrics.brier_score_loss(LABELS, PROBS))
    same(ce.hinge_loss(LABELS, LOGITS), metrics.hinge_loss(LABELS, LOGITS))


@pytest.mark.parametrize("weight", [None, WEIGHTS])
def test_sklearn_isotonic_regression_agrees(weight):
    from sklearn.isotonic import IsotonicRegression

    for scores in (LOGITS, LOGITS.round(1), rng.normal(size=N), -LOGITS):
        theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, LABELS, sample_weight=weight)
        ours = ce.fit_isotonic(LABELS, scores, sample_weight=weight)
        points = np.linspace(-20, 20, 1001)
        np.testing.assert_allclose(ours.predict(points), theirs.predict(points), atol=1e-12)


@pytest.mark.parametrize("scores", [LOGITS, LOGITS.round(), np.round(LOGITS).astype(int)])
def test_sklearn_weighted_rankings_agree(scores):
    w = WEIGHTS * (WEIGHTS > 0.3)  # some rows do not count
    options = {"sample_weight": w}
    same(ce.roc_auc(LABELS, scores, **options), metrics.roc_auc_score(LABELS, scores, **options))
    theirs = metrics.average_precision_score(LABELS, scores, **options)
    same(ce.average_precision(LABELS, scores, **options), theirs)
    ours = ce.roc_curve(LABELS, scores, **options)
    theirs = metrics.roc_curve(LABELS, scores, drop_intermediate=False, **options)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-14)
    precision, recall, cuts = ce.precision_recall_curve(LABELS, scores, **options)
    theirs = metrics.precision_recall_curve(LABELS, scores, **options)
    for one, other in ((precision, theirs[0][-2::-1]), (recall, theirs[1][-2::-1])):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-14)
    np.testing.assert_array_equal(cuts, theirs[2][::-1])


def test_sklearn_weighted_counts_agree():
    flagged = LOGITS > 0.5
    theirs = metrics.confusion_matrix(LABELS, flagged, sample_weight=WEIGHTS).ravel()
    same(ce.confusion_counts(LABELS, flagged, sample_weight=WEIGHTS), theirs)
    theirs = metrics.precision_recall_fscore_support(
        LABELS, flagged, average="binary", sample_weight=WEIGHTS
    )
    same(ce.precision_recall_f1(LABELS, flagged, sample_weight=WEIGHTS), theirs[:3])


@pytest.mark.parametrize("weight", [None, WEIGHTS])
def test_sklearn_many_classes_agree(weight):
    theirs = metrics.roc_auc_score(
        CLASSES, ROWS, multi_class="ovr", average="macro", sample_weight=weight
    )
    same(ce.roc_auc_multiclass(CLASSES, ROWS, sample_weight=weight), theirs)
    own = np.eye(K)[CLASSES]  # what a newer scikit-learn calls brier_score_loss
    theirs = np.average(((ROWS - own) ** 2).sum(axis=1), weights=weight)
    same(ce.brier_score_multiclass(CLASSES, ROWS, sample_weight=weight), theirs)
    two = np.column_stack([1 - PROBS, PROBS])
    ours = ce.brier_score_multiclass(LABELS, two, sample_weight=weight)
    theirs = metrics.brier_score_loss(LABELS, PROBS, sample_weight=weight)
    same(ours, 2 * theirs)
    same(ce.brier_score(LABELS, PROBS, sample_weight=weight), theirs)


def test_sklearn_weighted_platt_is_a_logistic_regression():
    from sklearn.linear_model import LogisticRegression

    theirs = LogisticRegression(C=1e12, tol=1e-10, max_iter=1000)
    theirs.fit(LOGITS[:, None], LABELS, sample_weight=WEIGHTS)
    fit = ce.fit_platt(LABELS, LOGITS, sample_weight=WEIGHTS)
    same(fit, (theirs.coef_[0, 0], theirs.intercept_[0]), rtol=1e-4)


def test_scipy_loses_the_digits_of_a_confident_log_softmax():
    """If SciPy learns to keep them, the docstring and notebook 04 must change."""
    z = [40.0, 0.0]
    assert special.log_softmax(z)[0] == 0
    assert ce.log_softmax(z)[0] == pytest.approx(-np.exp(-40), rel=1e-15)
