"""Classes in an order: the ranked probability score and the cumulative link."""

from vectors.table import INF, MINUS_INF, NAN, NO_GRADIENT, REDUCTIONS, REFUSE, calls, reductions

# labels with rows that sum to exactly 1
ROWS = [
    ([1], [[0.25, 0.5, 0.25]]),
    ([0, 1], [[0.75, 0.25], [0.5, 0.5]]),
    ([2, 0, 1], [[0.125, 0.25, 0.625], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]),
    ([3, 1], [[0.25, 0.25, 0.25, 0.25], [0.0, 0.5, 0.375, 0.125]]),
    (
        [4, 0, 2],
        [
            [0.5, 0.125, 0.125, 0.125, 0.125],
            [0.25, 0.0, 0.0, 0.0, 0.75],
            [0.125, 0.25, 0.25, 0.25, 0.125],
        ],
    ),
    ([1, 0, 1, 1], [[0.25, 0.75], [0.875, 0.125], [0.625, 0.375], [0.0, 1.0]]),
]
EXACT = ([0, 2, 1], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
# labels, scores, thresholds
LINKS = [
    ([0], [0.0], [0.0]),
    ([1], [0.75], [0.25]),
    ([1], [0.5], [-1.0, 1.0]),
    ([0, 1, 2], [-0.5, 0.25, 1.75], [-1.0, 1.0]),
    ([2, 0], [-0.75, 1.5], [-0.5, 0.5]),
    ([3, 1, 0, 2], [2.0, -0.25, 0.5, 1.25], [-1.5, 0.25, 1.75]),
    ([4, 2, 0], [0.5, 0.0, -2.5], [-2.0, -0.75, 0.5, 2.25]),
    ([1, 2, 0], [0.3, 1.1, -0.7], [-0.4, 0.9]),
]

rps = calls("ranked_probability_score", "labels", "probs", reduction="mean")
link = calls("cumulative_link_nll", "labels", "scores", "thresholds", reduction="mean")


def cases():
    yield from plain()
    yield from scales()
    yield from tails()
    yield from refused()
    yield from in_pieces()


def plain():
    for labels, p in [*ROWS[:2], ROWS[5], EXACT]:
        for reduction in reductions(labels)[1:]:
            yield rps(labels, p, reduction=reduction)
    for labels, s, cuts in LINKS:
        for reduction in reductions(labels):
            yield link(labels, s, cuts, reduction=reduction)
    # what each label costs beside the others
    for row in ([0.25, 0.5, 0.25], [0.125, 0.25, 0.5, 0.125], [0.0, 0.375, 0.0, 0.625]):
        for label in range(len(row)):
            yield rps([label], [row])
    for cuts in ([0.5], [-0.75, 1.25], [-1.1, 0.2, 0.9]):
        for s in (-0.25, 0.8):
            for label in range(len(cuts) + 1):
                yield link([label], [s], cuts)
    # the same model, moved
    for labels, s, cuts in LINKS[3:]:
        for shift in (2.0, -4.0):
            moved = [v + shift for v in s], [v + shift for v in cuts]
            yield link(labels, *moved)


def scales():
    for labels, p in ROWS[2:5]:
        for reduction in REDUCTIONS:
            yield rps(labels, p, "rps-scale", reduction=reduction)
    yield rps(*EXACT, "rps-scale")
    for labels, p in (
        ([0], [[0.0, 0.0, 1.0]]),
        ([3], [[1.0, 0.0, 0.0, 0.0]]),
        ([0, 4], [[0.0, 0.0, 0.0, 0.0, 1.0], [0.5, 0.5, 0.0, 0.0, 0.0]]),
    ):
        yield rps(labels, p, "rps-scale")


def tails():
    for labels, s, cuts in (
        ([1], [-40.0], [-1.0, 1.0]),
        ([1], [40.0], [-1.0, 1.0]),
        ([2], [-38.0], [-1.0, 0.5, 2.0]),
        ([1, 1], [-100.0, 100.0], [0.0, 2.0]),
        ([1, 2], [-60.0, 50.0], [-0.5, 0.5, 1.5]),
        ([0, 2], [700.0, -700.0], [-1.0, 1.0]),
        ([1], [-45.0], [-2.0, -1.75]),
        ([1], [-0.5], [-0.5, -0.5 + 2.0**-30]),
        ([1], [20.0], [0.0, 2.0**-40]),
        ([1], [-64.0], [1.0, 1.0 + 2.0**-20]),
        ([2], [-50.0], [-1.0, 1.0]),
        ([2, 1], [-1000.0, -800.0], [-1.0, 1.0]),
    ):
        for reduction in reductions(labels)[::2]:
            yield link(labels, s, cuts, "ordinal-tail", reduction=reduction)
    for labels, s in (([0], [-40.0]), ([2], [40.0]), ([0, 2], [-38.0, 64.0])):
        yield link(labels, s, [-1.0, 1.0], "confident-right", how=NO_GRADIENT)
    for labels, s in (
        ([0, 2], [1000.0, 1000.0]),
        ([2], [900.0]),
        ([0], [-1000.0]),
        ([1], [800.0]),
    ):
        yield link(labels, s, [-1.0, 1.0], "far-logit")
    for labels, s in (
        ([0], [MINUS_INF]),
        ([2], [INF]),
        ([2], [MINUS_INF]),
        ([1], [INF]),
        ([0, 2], [INF, 0.5]),
    ):
        yield link(labels, s, [-1.0, 1.0], "minus-infinity-logit", how=NO_GRADIENT)


def refused():
    rows = [[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]
    for labels in ([-1, 0], [0, 3], [1, -3]):
        yield rps(labels, rows, "negative-label", how=REFUSE)
        yield link(labels, [0.5, -0.5], [-1.0, 1.0], "negative-label", how=REFUSE)
    for p in ([[0.5, 0.25, 0.5]], [[0.25, 0.25, 0.25]], [[2, 1, 1]]):
        yield rps([1], p, "not-rescaled", how=REFUSE)
    for p in ([[1.25, -0.25, 0.0]], [[0.5, 0.75, -0.25]]):
        yield rps([0], p, "outside-0-1", how=REFUSE)
    yield rps([0], [[0.5, NAN]], "nan-input", how=REFUSE)
    yield link([0], [NAN], [0.0], "nan-input", how=REFUSE)
    yield link([0], [0.5], [NAN], "nan-input", how=REFUSE)
    yield rps([[0], [1]], rows, "column-against-row", how=REFUSE)
    yield link([0, 1], [[0.5], [0.25]], [0.0], "column-against-row", how=REFUSE)
    yield rps([0, 0], [[0.75], [0.25]], "single-probability-rows", how=REFUSE)
    # thresholds that fall, or stand still
    yield link([1], [0.5], [1.0, -1.0], how=REFUSE)
    yield link([0], [0.5], [0.5, 0.5], how=REFUSE)


def in_pieces():
    labels, p = [2, 0, 1, 0, 2], [*ROWS[2][1], [0.5, 0.5, 0.0], [0.25, 0.0, 0.75]]
    s = [1.75, -0.5, 0.25, 1.0, -1.25]
    for chunks in ((4, 1), (2, 3), (1, 1, 3)):
        yield rps(labels, p, "mean-of-means", how={"chunks": chunks})
        yield link(labels, s, [-1.0, 1.0], "mean-of-means", how={"chunks": chunks})
    for labels, s, cuts in (
        ([0, 2], [1, 2], [-1, 1]),
        ([1, 1], [0, -1], [0, 2]),
        ([1], [3], [0]),
    ):
        yield link(labels, s, cuts, "integer-input")
