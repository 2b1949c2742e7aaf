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


def test_scipy_loses_the_digits_of_a_confident_log_softmax():
    """If SciPy learns to keep them, the docstring and notebook 04 must change."""
    z = [40.0, 0.0]
    assert special.log_softmax(z)[0] == 0
    assert ce.log_softmax(z)[0] == pytest.approx(-np.exp(-40), rel=1e-15)
