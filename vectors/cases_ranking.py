"""Rankings: the area under the ROC curve and average precision."""

from vectors.table import INF, MINUS_INF, NAN, REFUSE, calls

PLAIN = [  # no two scores are equal
    ([0, 1], [0.25, 0.75]),
    ([1, 0], [0.25, 0.75]),
    ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]),
    ([1, 0, 1], [2.5, -1.0, 0.5]),
    ([0, 1, 0, 1, 1], [0.3, 0.2, 0.7, 0.9, 0.6]),
    ([1, 1, 0, 0, 1, 0], [5.0, 1.0, 4.0, 2.0, 3.0, -2.0]),
    ([0, 1, 0, 0, 1, 0, 1, 0], [-0.5, 1.5, 0.25, 2.0, -1.0, 0.75, 3.0, -2.5]),
    ([1, 0, 0, 0, 0, 0, 0, 1], [0.95, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.5]),
]
TIED = [
    ([0, 1, 1], [2.0, 2.0, 2.0]),
    ([1, 0], [0.5, 0.5]),
    ([0, 1, 1, 0], [0.2, 0.5, 0.5, 0.5]),
    ([1, 0, 1, 0], [0.75, 0.75, 0.25, 0.25]),
    ([0, 1, 0, 1], [0.75, 0.75, 0.25, 0.25]),
    ([1, 1, 0, 0, 1], [0.5, 0.25, 0.5, 0.25, 0.75]),
    ([0, 0, 1, 1, 0, 1], [1.0, 1.0, 1.0, 3.0, 3.0, 2.0]),
    ([1, 0, 0, 1, 0, 1, 0, 0], [0.5, 0.5, 0.5, 0.5, 0.0, 0.0, 1.0, 1.0]),
]
NEAR = [  # different, if only just
    ([0, 1], [0.5, 0.5 + 2.0**-52]),
    ([1, 0, 1], [1e-300, 2e-300, 3e-300]),
    ([0, 1, 0], [1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53]),
    ([1, 0], [1e15 + 0.125, 1e15]),
    ([0, 1, 1], [5e-324, 0.0, 1e-323]),
]
WEIGHTS = {
    2: [1.0, 3.0],
    3: [2.0, 0.5, 4.0],
    4: [0.5, 2.0, 1.0, 4.0],
    5: [1.0, 3.0, 0.25, 2.0, 0.5],
    6: [1.0, 4.0, 0.5, 2.0, 1.0, 0.25],
    8: [1.0, 2.0, 0.5, 4.0, 0.25, 3.0, 1.0, 8.0],
}

auc = calls("roc_auc", "y_true", "scores")
precision = calls("average_precision", "y_true", "scores")
RANKINGS = (auc, precision)


def cases():
    yield from plain()
    yield from ties()
    yield from weighted()
    yield from refused()
    yield from integers()


def plain():
    for y, s in PLAIN:
        for ranking in RANKINGS:
            yield ranking(y, s)
    # only the order counts: the same scores as odds, and far away
    for y, s in PLAIN[2:6]:
        for ranking in RANKINGS:
            yield ranking(y, [1024.0 * v for v in s])
            yield ranking(y, [-v for v in s])
    for y, s in (
        ([1, 0, 1, 0], [INF, 0.5, 0.25, MINUS_INF]),
        ([0, 1, 1], [MINUS_INF, 0.5, 1.0]),
        ([0, 0, 1], [0.5, INF, 0.75]),
    ):
        for ranking in RANKINGS:
            yield ranking(y, s)


def ties():
    for y, s in TIED:
        yield auc(y, s, "tied-scores")
        yield precision(y, s, "ap-ties")
        yield auc(y[::-1], s[::-1], "tied-scores")
        yield precision(y[::-1], s[::-1], "ap-ties")
    for y, s in NEAR:
        yield auc(y, s, "tied-scores")
        yield precision(y, s, "ap-ties")


def weighted():
    for y, s in PLAIN:
        for ranking in RANKINGS:
            yield ranking(y, s, sample_weight=WEIGHTS[len(y)])
    for y, s in TIED[3:]:
        w = WEIGHTS[len(y)]
        yield auc(y, s, "tied-scores", sample_weight=w)
        yield precision(y, s, "ap-ties", sample_weight=w)
    for y, s, w in (
        ([1, 0, 0, 1], [0.9, 0.8, 0.3, 0.2], [1.0, 0.0, 2.0, 1.0]),
        ([0, 1, 1, 0], [0.9, 0.8, 0.3, 0.2], [0.0, 1.0, 1.0, 3.0]),
        ([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.25], [1.0, 0.0, 1.0, 1.0]),
    ):
        for ranking in RANKINGS:
            yield ranking(y, s, "zero-weight", sample_weight=w)
    zero = {"sample_weight": [0.0, 0.0], "how": REFUSE}
    for ranking in RANKINGS:
        yield ranking([1, 0], [0.75, 0.25], "all-ignored", **zero)


def refused():
    for y in ([1, 1], [0, 0], [1, 1, 1], [0, 0, 0]):
        s = [0.25, 0.75, 0.5][: len(y)]
        yield auc(y, s, "one-class", how=REFUSE)
        if not any(y):
            yield precision(y, s, "one-class", how=REFUSE)
        else:
            yield precision(y, s, "one-class")
    yield auc([0, 1, 1], [0.1, 0.2, 0.3], "one-class", sample_weight=[0.0, 1.0, 1.0], how=REFUSE)
    yield precision(
        [1, 0, 0], [0.1, 0.2, 0.3], "one-class", sample_weight=[0.0, 1.0, 1.0], how=REFUSE
    )
    for ranking in RANKINGS:
        yield ranking([0, 1], [NAN, 0.5], "nan-input", how=REFUSE)
        yield ranking([0, 1, 1], [0.5, 0.25, NAN], "nan-input", how=REFUSE)
        yield ranking([2, 0], [0.5, 0.25], "outside-0-1", how=REFUSE)
        yield ranking([-1, 1], [0.25, 0.5], "negative-label", how=REFUSE)
        yield ranking([0.5, 1.0], [0.25, 0.5], "outside-0-1", how=REFUSE)
        yield ranking([0, 1], [[0.25], [0.75]], "column-against-row", how=REFUSE)
        yield ranking([[0], [1], [1]], [0.25, 0.75, 0.5], "column-against-row", how=REFUSE)


def integers():
    for y, s in (
        ([0, 1, 1], [1, 3, 2]),
        ([1, 0, 1, 0], [5, 5, 7, -1]),
        ([0, 1, 0], [3, -3, 0]),
    ):
        for ranking in RANKINGS:
            yield ranking(y, s, "integer-input")
    for ranking in RANKINGS:
        yield ranking(
            [0, 1, 1, 0], [0.4, 0.3, 0.9, 0.1], "integer-input", sample_weight=[1, 2, 1, 3]
        )
