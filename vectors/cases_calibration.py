"""Reliability and its errors, and what is fitted to put probabilities right.

Bins are (k/n, (k + 1)/n], the first with 0; the edges are the nearest float64.
"""

from vectors.table import NAN, REFUSE, calls

# labels and probabilities on no edge of 2, 4, 5 or 10 bins
PLAIN = [
    ([1, 0], [0.875, 0.125]),
    ([1, 0, 1, 1], [0.375, 0.4375, 0.8125, 0.625]),
    ([0, 0, 1, 1, 1, 0], [0.0625, 0.15, 0.35, 0.65, 0.9375, 0.85]),
    (
        [1, 1, 0, 0, 1, 0, 1, 0],
        [0.55, 0.59375, 0.4375, 0.46875, 0.84375, 0.15625, 0.96875, 0.03125],
    ),
    ([0, 1, 1, 0, 1], [0.33, 0.37, 0.72, 0.78, 0.94]),
]
CLASSES = [
    ([0, 2, 1], [[0.75, 0.125, 0.125], [0.25, 0.125, 0.625], [0.0625, 0.8125, 0.125]]),
    ([1, 0], [[0.4, 0.6], [0.15, 0.85]]),
    ([2, 2, 0, 1], [[0.45, 0.35, 0.2], [0.1, 0.25, 0.65], [0.55, 0.25, 0.2], [0.05, 0.85, 0.1]]),
    ([3, 1], [[0.375, 0.25, 0.25, 0.125], [0.125, 0.5625, 0.1875, 0.125]]),
]
WEIGHTS = {
    2: [1.0, 3.0],
    4: [0.5, 2.0, 1.0, 4.0],
    5: [2.0, 0.25, 1.0, 3.0, 0.75],
    6: [1.0, 4.0, 0.5, 2.0, 1.0, 0.25],
    3: [1.0, 0.5, 4.0],
}
# labels and scores that overlap
BINARY = [
    ([1, 1, 1, 0], [4.0, 4.0, 4.0, 4.0]),
    ([1, 0, 1, 0, 1], [2.0, 0.5, -0.25, -1.5, 1.0]),
    ([0, 0, 1, 1, 0, 1], [-2.5, 1.25, 0.5, 3.0, -0.75, -1.0]),
    ([1, 0, 0, 1, 1, 0, 1, 1], [0.3, 0.9, -1.4, 2.2, -0.6, -2.1, 1.7, 0.8]),
    ([0, 1, 1, 0, 1, 1], [6.0, 9.0, 7.5, -8.0, -5.0, 10.0]),
]
ROWS = [
    ([0, 1, 2, 0], [[2.0, 1.0, 0.5], [0.25, 1.5, -0.5], [1.0, 0.0, 2.5], [0.5, 0.75, -0.25]]),
    ([1, 1, 0], [[0.5, 2.0], [0.5, 0.25], [3.0, 2.5]]),
    (
        [3, 0, 2, 1, 1],
        [
            [0.1, 0.4, 0.2, 1.3],
            [2.2, 0.3, 0.9, 0.1],
            [0.5, 0.6, 0.4, 0.2],
            [1.0, 3.0, 0.0, 2.0],
            [0.7, 0.9, 1.4, 0.3],
        ],
    ),
    ([2, 0, 1], [[10.0, 5.0, 12.0], [8.0, 9.0, 2.0], [0.0, 20.0, 4.0]]),
]

curve = calls("reliability_curve", "y_true", "y_prob", strategy="uniform")
error = calls("expected_calibration_error", "y_true", "y_prob", strategy="uniform")
top_error = calls("expected_calibration_error_multiclass", "labels", "probs")
temperature = calls("fit_temperature", "labels", "logits")
bias = calls("fit_bias", "y_true", "logits")
platt = calls("fit_platt", "y_true", "scores", smooth_targets=False)
OF_BINS = (curve, error)


def cases():
    yield from plain()
    yield from edges()
    yield from quantiles()
    yield from top_labels()
    yield from refused()
    yield from fits()
    yield from fits_that_do_not_end()


def plain():
    for y, p in PLAIN:
        for of_bins in OF_BINS:
            yield of_bins(y, p, n_bins=1)
            yield of_bins(y, p, n_bins=2)
    for y, p in PLAIN[1:]:
        for of_bins in OF_BINS:
            yield of_bins(
                y,
                p,
                "mean-over-weights",
                n_bins=2,
                sample_weight=WEIGHTS.get(len(y), [1.0, 0.5, 2.0, 1.5] * 2),
            )
    for y, p in PLAIN[:2]:
        for of_bins in OF_BINS:
            yield of_bins(
                y, p, "zero-weight", n_bins=2, sample_weight=[0.0, *([1.0] * (len(y) - 1))]
            )


def edges():
    for y, p in (
        ([1, 0], [1.0, 0.25]),
        ([1, 1, 0], [1.0, 0.875, 1.0]),
        ([0, 1, 1], [1.0, 0.375, 0.625]),
        ([1], [1.0]),
    ):
        for n_bins in (1, 4):
            for of_bins in OF_BINS:
                yield of_bins(y, p, "confidence-one-bin", n_bins=n_bins)
    for y, p in (
        ([0, 1], [0.0, 0.875]),
        ([1, 0, 0], [0.0, 0.125, 0.0]),
        ([0, 1, 0], [0.625, 0.0, 0.125]),
        ([0], [0.0]),
    ):
        for n_bins in (1, 4):
            for of_bins in OF_BINS:
                yield of_bins(y, p, "confidence-zero-bin", n_bins=n_bins)
    for n_bins, y, p in (
        (2, [1, 0, 0], [0.5, 0.25, 0.75]),
        (4, [1, 0, 1, 0], [0.25, 0.125, 0.5, 0.625]),
        (4, [0, 1, 1], [0.75, 0.875, 0.5]),
        (5, [1, 0, 1, 1], [0.2, 0.4, 0.6, 0.8]),
        (10, [1, 0, 1, 0], [0.1, 0.3, 0.6, 0.7]),
        (10, [0, 1, 1, 0], [0.3, 0.25, 0.35, 0.7]),
        (10, [1, 1, 0], [0.9, 0.85, 0.95]),
        (8, [1, 0, 1], [0.375, 0.4375, 0.3125]),
        # just above an edge
        (2, [1, 0, 1], [0.5000001, 0.25, 0.5]),
        (10, [1, 0, 0], [0.3 + 2.0**-54, 0.25, 0.35]),
        (10, [0, 1, 1], [0.6 + 2.0**-53, 0.55, 0.65]),
        (10, [0, 1, 1], [0.7 + 2.0**-53, 0.65, 0.75]),
    ):
        for of_bins in OF_BINS:
            yield of_bins(y, p, "bin-edge", n_bins=n_bins)
    for y, p in PLAIN:
        for n_bins in (10, 20):
            for of_bins in OF_BINS:
                yield of_bins(y, p, "empty-bin", n_bins=n_bins)


def quantiles():
    for y, p in PLAIN[1:4]:
        for of_bins in OF_BINS:
            yield of_bins(y, p, n_bins=2, strategy="quantile")
    for n_bins, y, p in (
        (2, [0, 1, 1, 1], [0.25, 0.5, 0.5, 0.75]),
        (2, [0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]),
        (4, [0, 1, 1, 0], [0.125, 0.375, 0.375, 0.375]),
        (2, [1, 0, 0, 1], [0.75, 0.25, 0.25, 0.25]),
        (3, [0, 0, 1, 1, 0, 1], [0.25, 0.25, 0.25, 0.625, 0.875, 0.875]),
        (4, [1, 0, 1, 0, 1, 1, 0, 0], [0.5, 0.25, 0.5, 0.25, 0.5, 0.75, 0.75, 0.125]),
        (5, [1, 0], [0.375, 0.375]),
    ):
        for of_bins in OF_BINS:
            yield of_bins(y, p, "quantile-ties", n_bins=n_bins, strategy="quantile")


def top_labels():
    for labels, p in CLASSES:
        for n_bins in (1, 2):
            yield top_error(labels, p, n_bins=n_bins)
        yield top_error(labels, p, "empty-bin", n_bins=20)
        yield top_error(
            labels, p, "mean-over-weights", n_bins=2, sample_weight=WEIGHTS[len(labels)]
        )
    for labels, p in (
        ([0, 1], [[1.0, 0.0], [1.0, 0.0]]),
        ([2, 0], [[0.0, 0.0, 1.0], [0.75, 0.25, 0.0]]),
        ([1], [[1.0, 0.0]]),
    ):
        for n_bins in (1, 4):
            yield top_error(labels, p, "confidence-one-bin", n_bins=n_bins)
    yield top_error([0, 1], [[0.5, 0.25, 0.25], [0.375, 0.625, 0.0]], "bin-edge", n_bins=4)
    yield top_error([1, 1], [[0.25, 0.75], [0.125, 0.875]], "bin-edge", n_bins=4)
    # of equal largest ones the first is the top label
    yield top_error([0, 1], [[0.5, 0.5], [0.4375, 0.5625]], "tied-scores", n_bins=1)
    yield top_error([1, 2], [[0.375, 0.375, 0.25], [0.25, 0.375, 0.375]], "tied-scores", n_bins=1)


def refused():
    for of_bins in OF_BINS:
        for p in ([1.2, 0.5], [0.5, -0.1]):
            yield of_bins([1, 0], p, "outside-0-1", n_bins=4, how=REFUSE)
        yield of_bins([2, 0], [0.75, 0.5], "outside-0-1", n_bins=4, how=REFUSE)
        yield of_bins([0.5, 0.0], [0.75, 0.5], "outside-0-1", n_bins=4, how=REFUSE)
        yield of_bins([1, 0], [NAN, 0.5], "nan-input", n_bins=4, how=REFUSE)
        yield of_bins([1, 0], [[0.75], [0.25]], "column-against-row", n_bins=4, how=REFUSE)
        yield of_bins([1, 0], [0.75, 0.25], n_bins=0, how=REFUSE)
        zero = {"sample_weight": [0.0, 0.0], "how": REFUSE}
        yield of_bins([1, 0], [0.75, 0.25], "all-ignored", n_bins=4, **zero)
    yield top_error([0], [[0.5, 0.25]], "not-rescaled", n_bins=4, how=REFUSE)
    yield top_error([0, -1], CLASSES[1][1], "negative-label", n_bins=4, how=REFUSE)
    yield top_error([0, 2], CLASSES[1][1], "negative-label", n_bins=4, how=REFUSE)
    yield top_error([0, 1], [[0.75], [0.5]], "single-probability-rows", n_bins=4, how=REFUSE)


def fits():
    for y, z in BINARY:
        yield bias(y, z)
        yield bias(y, [v + 8.0 for v in z])
        w = [1.0, 2.0, 0.5, 1.5, 3.0, 0.25, 1.0, 2.0][: len(y)]
        yield bias(y, z, sample_weight=w)
    yield bias([0.25, 0.75, 0.5], [1.0, -0.5, 2.0])
    yield bias([1, 0, 0, 0], [2.0, 2.0, 2.0, 2.0])
    yield bias([1, 0], [1e6, 1e6 - 2.0])
    for y, z in BINARY:
        yield temperature(y, z)
        for scale in (64.0, 0.0625):
            yield temperature(y, [scale * v for v in z], "temperature-root")
    for labels, z in ROWS:
        yield temperature(labels, z)
        yield temperature(labels, z, sample_weight=[2.0, 1.0, 0.5, 1.0, 3.0][: len(labels)])
        for scale in (100.0, 0.01):
            rows = [[scale * v for v in row] for row in z]
            yield temperature(labels, rows, "temperature-root")
    for y, s in BINARY[1:]:
        for smooth in (False, True):
            yield platt(y, s, "platt-sign", smooth_targets=smooth)
            yield platt(y, [-v for v in s], "platt-sign", smooth_targets=smooth)
        yield platt(
            y, s, "platt-sign", sample_weight=[1.0, 2.0, 0.5, 1.5, 3.0, 0.25, 1.0, 2.0][: len(y)]
        )
        for scale in (1e4, 1e6):
            yield platt(y, [scale * v for v in s], "platt-far")
    yield platt([0, 0, 1, 1], [-2.0, -1.0, 1.0, 2.5], "platt-sign", smooth_targets=True)
    yield platt(
        [0, 0, 1, 1], [-20000.0, -10000.0, 10000.0, 25000.0], "platt-far", smooth_targets=True
    )


def fits_that_do_not_end():
    """The loss falls for ever: towards T = 0 or T = ∞, b = ±∞, a = ±∞."""
    no = {"how": REFUSE}
    yield temperature([1, 0], [4.0, -1.0], "separable", **no)
    yield temperature([0, 1], [[1.0, 0.0], [0.5, 2.0]], "separable", **no)
    yield temperature([0, 1], [4.0, -1.0], "separable", **no)
    yield temperature([1, 0], [[1.0, 0.0], [0.5, 2.0]], "separable", **no)
    yield temperature([1, 0, 1], [[0.5, 2.0], [-1.0, 0.25], [3.0, 2.5]], "separable", **no)
    for y, z in (([1, 1], [0.5, -1.0]), ([0, 0, 0], [1.0, 2.0, -0.5])):
        yield bias(y, z, "separable", **no)
    for y, s in (
        ([0, 0, 1, 1], [-2.0, -1.0, 1.0, 2.0]),
        ([1, 1, 0, 0], [-2.0, -1.0, 1.0, 2.0]),
        ([0, 1, 1], [0.5, 0.5, 2.0]),
    ):
        yield platt(y, s, "separable", **no)
    yield platt([1, 1], [0.5, 1.0], "one-class", **no)
    yield platt([0, 0, 0], [0.5, 1.0, -1.0], "one-class", smooth_targets=True, **no)
