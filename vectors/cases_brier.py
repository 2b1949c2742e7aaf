"""Squared and hinged errors: the Brier score of two classes and of K, hinge and squared hinge."""

from vectors.table import INF, MINUS_INF, NAN, NO_GRADIENT, REDUCTIONS, REFUSE, calls, reductions

# labels, probabilities, signed distances
PLAIN = [
    ([1], [0.75], [0.5]),
    ([0], [0.75], [0.25]),
    ([1, 0], [0.9, 0.2], [1.5, -0.25]),
    ([0, 1, 1], [0.625, 0.25, 1.0], [0.5, -1.25, 2.0]),
    ([1, 0, 0, 1], [0.6, 0.45, 0.0, 0.95], [0.75, -2.5, -0.1, 0.3]),
    (
        [0, 1, 0, 1, 1, 0],
        [0.125, 0.5, 0.375, 0.1, 0.7, 0.3],
        [-3.0, 0.125, 1.75, 0.5, -0.75, -0.875],
    ),
]
WEIGHTS = {
    2: [1.0, 3.0],
    3: [2.0, 0.5, 4.0],
    4: [0.1, 10.0, 0.5, 4.0],
    6: [1.0, 1.0, 5.0, 0.25, 2.0, 0.5],
}
ROWS = [
    ([1], [[0.25, 0.5, 0.25]]),
    ([0, 1], [[0.75, 0.25], [0.625, 0.375]]),
    ([1, 1], [[0.1, 0.9], [0.8, 0.2]]),
    ([2, 1, 0], [[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.15, 0.6, 0.25]]),
    ([0, 3], [[0.125, 0.5, 0.25, 0.125], [0.1, 0.2, 0.3, 0.4]]),
    ([4, 2], [[0.2, 0.2, 0.2, 0.2, 0.2], [0.5, 0.125, 0.125, 0.125, 0.125]]),
    ([0, 2, 2], [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]),
]

brier = calls("brier_score", "y_true", "y_prob", reduction="mean")
classes = calls("brier_score_multiclass", "labels", "probs", reduction="mean")
HINGES = tuple(
    calls(name, "y_true", "scores", reduction="mean")
    for name in ("hinge_loss", "squared_hinge_loss")
)


def cases():
    yield from plain()
    yield from scales()
    yield from weighted()
    yield from ends()
    yield from refused()
    yield from in_pieces()


def plain():
    for y, p, s in PLAIN:
        for reduction in reductions(y):
            yield brier(y, p, reduction=reduction)
            for hinge in HINGES:
                yield hinge(y, s, reduction=reduction)
    for labels, p in ROWS:
        for reduction in reductions(labels)[1:]:
            yield classes(labels, p, reduction=reduction)


def scales():
    for labels, p in ROWS:
        flag = "brier-scale" if len(p[0]) < 4 else "sum-over-classes"
        yield classes(labels, p, flag)
    for labels, p in (
        ([0], [[0.0, 1.0]]),
        ([1, 0], [[1.0, 0.0], [0.5, 0.5]]),
        ([0, 1, 1], [[0.875, 0.125], [0.25, 0.75], [0.0, 1.0]]),
        ([2], [[0.5, 0.5, 0.0]]),
    ):
        yield classes(labels, p, "brier-scale")


def weighted():
    for y, p, _ in PLAIN[2:]:
        w = WEIGHTS[len(y)]
        yield brier(y, p, "mean-over-weights", sample_weight=w)
        for reduction in REDUCTIONS[1:]:
            yield brier(y, p, sample_weight=w, reduction=reduction)
    for labels, p in (ROWS[1], ROWS[3], ROWS[4]):
        w = WEIGHTS[len(labels)]
        yield classes(labels, p, "mean-over-weights", sample_weight=w)
        yield classes(labels, p, sample_weight=w, reduction="sum")
    for w in ([1.0, 0.0, 2.0], [0.0, 0.0, 3.0], [1.5, 1.5, 0.0]):
        yield brier([1, 0, 1], [0.75, 1.0, 0.5], "zero-weight", sample_weight=w)
        yield classes([0, 2, 1], ROWS[3][1], "zero-weight", sample_weight=w)
    zero = {"sample_weight": [0.0, 0.0], "how": REFUSE}
    yield brier([1, 0], [0.75, 0.5], "all-ignored", **zero)
    yield classes([1, 0], ROWS[1][1], "all-ignored", **zero)


def ends():
    for y, s in (([1], [1000.0]), ([1, 0], [-1e15, 0.5]), ([0, 1], [-1e300, -0.5])):
        for hinge in HINGES:
            if max(map(abs, s)) < 1e200:
                yield hinge(y, s, "far-logit")
    for y, s in (
        ([1], [INF]),
        ([0], [INF]),
        ([0, 1], [MINUS_INF, 0.5]),
        ([1, 0], [MINUS_INF, 2.0]),
    ):
        for hinge in HINGES:
            yield hinge(y, s, "minus-infinity-logit", how=NO_GRADIENT)


def refused():
    for y, p in (([1, 0], [1.2, 0.5]), ([1], [-0.1]), ([2], [0.5]), ([0.5, 1.0], [0.5, 0.5])):
        yield brier(y, p, "outside-0-1", how=REFUSE)
    for hinge in HINGES:
        yield hinge([-1, 1], [0.5, 0.5], "negative-label", how=REFUSE)
        yield hinge([1, 0], [0.5, NAN], "nan-input", how=REFUSE)
        yield hinge([1, 0], [[0.5], [0.25]], "column-against-row", how=REFUSE)
    for labels in ([-1, 0], [0, 2], [1, -2]):
        yield classes(labels, ROWS[1][1], "negative-label", how=REFUSE)
    for p in ([[0.5, 0.25]], [[0.75, 0.5]], [[3, 1]]):
        yield classes([0], p, "not-rescaled", how=REFUSE)
    yield classes([0, 0], [[0.75], [0.25]], "single-probability-rows", how=REFUSE)
    yield brier([1, 0], [NAN, 0.5], "nan-input", how=REFUSE)
    yield classes([1], [[NAN, 0.5]], "nan-input", how=REFUSE)
    yield brier([1, 0], [[0.75], [0.25]], "column-against-row", how=REFUSE)
    yield brier([[1], [0], [1]], [0.75, 0.25, 0.5], "column-against-row", how=REFUSE)
    yield classes([[0], [1]], ROWS[1][1], "column-against-row", how=REFUSE)


def in_pieces():
    y, p, s = [1, 0, 0, 1, 1], [0.9, 0.6, 0.2, 0.7, 0.1], [1.5, 0.25, -0.5, 0.75, -2.0]
    for chunks in ((4, 1), (2, 3)):
        how = {"chunks": chunks}
        yield brier(y, p, "mean-of-means", how=how)
        yield classes(
            y, [[1 - v, v] for v in (0.75, 0.25, 0.5, 0.875, 0.125)], "mean-of-means", how=how
        )
        for hinge in HINGES:
            yield hinge(y, s, "mean-of-means", how=how)
    for y, s in (([1, 0], [0, 2]), ([0, 1, 1], [-3, 0, -1])):
        for hinge in HINGES:
            yield hinge(y, s, "integer-input", how=NO_GRADIENT)
    for w in ([1, 2], [5, 2]):
        yield brier([1, 0], [0.75, 0.5], "integer-input", sample_weight=w, reduction="sum")
