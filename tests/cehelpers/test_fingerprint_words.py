"""What a fingerprint says of a loss is true of it: each sentence, of a loss made to deserve it."""

import math
from functools import cache

import numpy as np
import pytest
from test_fingerprint import (
    as_a_bool,
    bce,
    classes_second,
    columns,
    flattened,
    log_softmax,
    of_one,
    sigmoids,
    two_columns,
    weighted,
    weighted_by_mean,
    weighted_over_n,
)

import cehelpers as ce
from cehelpers import _fingerprint_words as words


def of_rows(T, Q):
    return -np.mean(np.sum(T * np.log(Q), axis=1))


def summed_rows(T, Q):
    return len(T) * of_rows(T, Q)


def over_elements(T, Q):
    return -np.mean(T * np.log(Q))


def summed_over_classes(T, Q):
    return -np.sum(np.mean(T * np.log(Q), axis=1))


def each_element(T, Q):
    return -T * np.log(Q)


def of_logarithms(T, logs):
    return -np.mean(np.sum(T * logs, axis=1))


def rescaled(T, Q):
    return of_rows(T, Q / Q.sum(axis=1, keepdims=True))


def truths_rescaled(T, Q):
    return of_rows(T / T.sum(axis=1, keepdims=True), Q)


def of_labels(labels, Z):
    return -np.mean(log_softmax(Z)[np.arange(len(Z)), labels])


def left_out(labels, Z):
    return -np.mean(log_softmax(Z)[np.arange(len(Z)), labels][labels >= 0])


def scored_0(labels, Z):
    return np.mean(np.where(labels < 0, 0, -log_softmax(Z)[np.arange(len(Z)), labels]))


def of_what_happened(y, p):
    return -np.log(np.where(y == 1, p, 1 - p))


def without_nan(y, p):
    return np.nanmean(of_what_happened(y, p))


def with_log1p(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log1p(-p))


def in_single(y, p):
    return bce(np.float32(y), np.float32(p))


def clipped(y, p):
    return bce(y, np.clip(p, 1e-5, 1 - 1e-5))


def added(y, p):
    return -np.mean(y * np.log(p + 1e-5) + (1 - y) * np.log(1 - p + 1e-5))


def each_weighted(y, p, sample_weight=1.0):
    return sample_weight * of_what_happened(y, p)


def unweighted(y, p, weight=None):
    return bce(y, p)


def smoothed(T, Q):
    return of_rows(0.9 * T + 0.1 / T.shape[1], Q)


def refuse_if(*faults):
    if any(faults):
        raise ValueError


def strict_rows(T, Q, weight=None):
    sums = np.concatenate([T.sum(axis=-1), Q.sum(axis=-1)])
    refuse_if(weight is not None, len(T) == 1, T.dtype.kind == "i", not np.allclose(sums, 1))
    return of_rows(T, Q)


def strict(y, p):
    refuse_if(y.shape != p.shape, np.any((p == 0) & (y == 1)), np.any((p == 1) & (y == 0)))
    return bce(y, p)


def squared_rows(T, Q):
    return np.mean(np.sum((T - Q) ** 2, axis=1))


def doubled_if_uneven(y, p):
    return bce(y, p) * (1 if np.shape(y) == np.shape(p) else 2)


def classes_last(labels, Z):
    return -np.mean(np.take_along_axis(log_softmax(Z), np.asarray(labels)[..., None], -1))


def twice_of_sentences(labels, Z):
    return classes_last(labels, Z) * np.ndim(labels)


def weights_squared(y, p, weight=1.0):
    return np.mean(np.square(weight) * of_what_happened(y, p))


def hinge(y, s):
    return np.mean(np.maximum(0, 1 - y * s))


def constant(y, p):
    return 0.5


SAYS = [
    (bce, "The truth comes first, then the forecast."),
    (bce, "The truth of a row is 0 or 1, the forecast the probability of 1."),
    (bce, "It is the cross-entropy in nats, averaged over rows."),
    (bce, "Certainty that was wrong costs inf."),
    (bce, "The loss of a right forecast of 1e-17 is lost in 1 - p."),
    (bce, "Soft truths are scored, each class by its share."),
    (bce, "It computes in float64."),
    (bce, "Of float32 it makes float32."),
    (bce, "Of a table of tags it gives the mean of all."),
    (bce, "Labels of -1, -100 and K are put into the formula like any number."),
    (bce, "It refuses lists."),
    (
        bce,
        "It answers nan to certainty that was right, a probability of 1.2, no rows at all and a "
        "NaN.",
    ),
    (
        bce,
        "It takes truths that are booleans, rows of one class alone and two single numbers.",
    ),
    (
        bce,
        "Truths in a column beside forecasts in a row are broadcast: every truth meets every "
        "forecast.",
    ),
    (lambda p, y: bce(y, p), "The forecast comes first, then the truth."),
    (lambda y, p: bce(y, p) / math.log(2), "It is the cross-entropy in bits, averaged over rows."),
    (lambda y, p: -bce(y, p), "It is minus the cross-entropy in nats, averaged over rows."),
    (lambda y, p: bce(y, p) / 2, "It is 0.5 times the cross-entropy in nats, averaged over rows."),
    (lambda y, p: round(bce(y, p), 4), "It rounds to 4 decimals."),
    (lambda y, p: np.float16(bce(y, p)), "It has fewer digits than a float32."),
    (lambda y, p: bce(y, p.astype(float)), "Of float32 it makes float64."),
    (in_single, "It computes in float32 whatever it is given."),
    (with_log1p, "The loss of a right forecast of 1e-17 keeps its digits."),
    (clipped, "It stops there: no probability below 1e-05 costs more."),
    (clipped, "Certainty that was right costs 1e-05."),
    (clipped, "Certainty that was wrong costs 11.5 nats."),
    (added, "It adds 1e-05 inside its logarithm."),
    (smoothed, "It smooths the truth by 0.1, a share alpha/K each."),
    # truths and forecasts
    (
        of_rows,
        "The truth of a row is a row of K, 1 for the class that happened, the forecast a row "
        "of K probabilities.",
    ),
    (of_labels, "The truth of a row is a class from 0 to K-1, the forecast a row of K logits."),
    (
        of_logarithms,
        "The truth of a row is a row of K, 1 for the class that happened, the forecast "
        "a row of K logarithms of probabilities.",
    ),
    (sigmoids, "The truth of a row is 0 or 1, the forecast the logit of 1."),
    (hinge, "The truth of a row is -1 or 1, the forecast a score, of which the sign says 0 or 1."),
    (two_columns, "It wants 2 classes."),
    (columns, "It wants both as columns, of shape (n, 1)."),
    (of_one, "It takes one row at a time, not arrays of them."),
    (ce.bernoulli_nll, "It takes one forecast, for all rows."),
    (constant, "It depends on nothing that it is given: it answers 0.5."),
    # formulas and means
    (
        lambda y, p: np.mean((y - p) ** 2),
        "It is the squared error (Brier score), averaged over rows.",
    ),
    (
        lambda y, p: np.mean(abs(y - p)),
        "It is 1 minus the probability of what happened, an absolute error, averaged over rows.",
    ),
    (
        lambda y, p: np.mean((p > 0.5) != y),
        "It is the error rate: only which class leads counts, averaged over rows.",
    ),
    (
        lambda y, p: -np.mean(y * p + (1 - y) * (1 - p)),
        "It is minus the probability of what happened (is its logarithm missing?), averaged over "
        "rows.",
    ),
    (ce.perplexity, "It is the exponential of the cross-entropy, one number a row."),
    (summed_rows, "It is the cross-entropy in nats, summed over rows."),
    (
        over_elements,
        "It is the cross-entropy in nats, averaged over all elements, rows and classes.",
    ),
    (
        summed_over_classes,
        "It is the cross-entropy in nats, averaged over classes, then summed over rows.",
    ),
    (of_what_happened, "It is the cross-entropy in nats, one number a row."),
    (each_element, "It is the cross-entropy in nats, one number an element."),
    # rows that are no distributions, soft truths
    (of_rows, "Rows of probabilities are not rescaled: half of each costs more."),
    (rescaled, "Rows of probabilities are rescaled to sum to 1."),
    (of_rows, "Truths that sum to 2 count twice."),
    (truths_rescaled, "Truths that sum to 2 are rescaled."),
    (of_what_happened, "A probability of 1.2 is scored."),
    (of_what_happened, "Soft truths are scored in a way of its own."),
    (as_a_bool, "Soft truths are rounded to the likelier class."),
    (lambda T, Q: np.mean(ce.kl_divergence(T, Q)), "Of soft truths it subtracts the entropy."),
    # shapes, weights, what is no number
    (flattened, "Truths in a column beside forecasts in a row are taken as a row."),
    (classes_second, "Of sentences of tokens the classes lie along axis 1."),
    (weighted, "A weighted mean is divided by the sum of the weights."),
    (weighted_over_n, "A weighted mean is divided by n, whatever the weights sum to."),
    (weighted_by_mean, "Weights of rows count by their mean alone: none reaches its row."),
    (each_weighted, "A weight multiplies its row."),
    (unweighted, "Weights of rows have no effect."),
    (without_nan, "A NaN among the forecasts is not noticed."),
    (left_out, "A label of -1 is left out, of the mean too."),
    (scored_0, "A label of -1 is scored 0 and counted."),
    # in a way of its own
    (squared_rows, "Soft truths are scored."),
    (squared_rows, "Truths that sum to 2 are scored."),
    (
        doubled_if_uneven,
        "Truths in a column beside forecasts in a row are scored in a way of its own.",
    ),
    (classes_last, "Of sentences of tokens the classes come last."),
    (twice_of_sentences, "Sentences of tokens are scored in a way of its own."),
    (weights_squared, "Weights of rows enter in a way of its own."),
    (
        lambda y, p: np.mean((y - p) ** 2),
        "Labels of -1, -100 and K are scored in a way of its own.",
    ),
    # what is refused, and what comes out as nan
    (
        strict,
        "It refuses certainty that was wrong, lists, two single numbers and truths in a column "
        "beside forecasts in a row.",
    ),
    (
        strict_rows,
        "It refuses probabilities that sum to 1/2, truths that sum to 2, lists, truths that are "
        "integers, one row alone, a NaN and weights of rows.",
    ),
    (
        classes_last,
        "It refuses labels that are floats, lists, truths in a column beside forecasts in a row "
        "and labels of -100, K and 1.5.",
    ),
    (
        of_logarithms,
        "It answers nan to a logit of -inf for a class that did not happen, no rows at all and a "
        "NaN.",
    ),
]


@cache
def said_of(loss):
    return ce.fingerprint(loss).sentences


@pytest.mark.parametrize(("loss", "sentence"), SAYS, ids=[sentence for _, sentence in SAYS])
def test_a_sentence_is_said_of_what_deserves_it(loss, sentence):
    assert sentence in said_of(loss)


def leaves(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if not isinstance(value, str):
            yield from leaves(part)


def test_every_word_is_said_here():
    every = "\n".join(sentence for _, sentence in SAYS)
    parts = (words.TRUTHS, words.FORECASTS, words.TAKES, words.FORMULAS, words.REDUCTIONS)
    parts += (words.INPUTS, words.SAID, words.LABELS)
    kept = [piece for part in parts for text in leaves(part) for piece in text.split("{}")]
    left = [piece for piece in kept if piece.partition("{")[0] not in every]
    assert left == []
