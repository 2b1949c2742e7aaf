"""Two classes: binary cross-entropy from probabilities and from logits."""

from vectors.table import INF, MINUS_INF, NAN, NO_GRADIENT, REFUSE, calls, reductions

# labels, probabilities, logits: what any formula gets right
PLAIN = [
    ([1], [0.75], [1.5]),
    ([0], [0.75], [1.5]),
    ([1, 0], [0.9, 0.2], [2.25, -1.5]),
    ([0, 1], [0.9, 0.2], [2.25, -1.5]),
    ([1, 0, 1], [0.5, 0.25, 0.875], [0.0, -1.0, 1.75]),
    ([1, 1, 0, 0], [0.6, 0.3, 0.45, 0.15], [0.5, -0.75, -0.25, -2.0]),
    ([0, 1, 0, 1, 1], [0.125, 0.5, 0.375, 0.625, 0.9375], [-1.5, 0.125, -0.5, 0.5, 1.75]),
    ([1, 0, 0, 1, 0, 1, 1, 0], [0.7, 0.1, 0.4, 0.8, 0.35, 0.55, 0.95, 0.05], None),
]
SOFT = [
    ([0.5], [0.25], [-1.25]),
    ([0.25, 0.75], [0.5, 0.625], [1.0, 0.5]),
    ([0.9, 0.1], [0.8, 0.3], [1.375, -0.875]),
    ([0.0, 0.3, 1.0], [0.2, 0.6, 0.7], [-2.0, 0.25, 1.0]),
    ([0.05, 0.95, 0.5, 0.6], [0.1, 0.9, 0.45, 0.7], [-1.5, 1.75, 0.75, 1.25]),
]
WEIGHTS = [
    ([1, 0], [1.0, 3.0]),
    ([0, 1], [0.25, 0.5]),
    ([1, 0, 1], [2.0, 2.0, 5.0]),
    ([1, 1, 0, 0], [0.1, 10.0, 0.5, 4.0]),
    ([0, 1, 0, 1, 1], [3.0, 0.5, 0.125, 7.0, 1.5]),
]
SHAPED = [  # two-dimensional, as in many labels a row
    ([[1, 0], [0, 1]], [[0.75, 0.5], [0.125, 0.25]], [[1.0, 0.25], [-2.0, -1.0]]),
    (
        [[1, 0, 1], [0, 0, 1]],
        [[0.8, 0.3, 0.6], [0.1, 0.4, 0.5]],
        [[1.5, -0.75, 0.5], [-2.25, -0.5, 0.0]],
    ),
]
probs = calls("binary_cross_entropy", "y_true", "y_prob", reduction="mean")
logits = calls("binary_cross_entropy_with_logits", "y_true", "logits", reduction="mean")


def cases():
    yield from plain()
    yield from weighted()
    yield from zeros_and_infinities()
    yield from digits()
    yield from refused()
    yield from in_pieces()
    yield from integers()


def plain():
    for y, p, z in PLAIN + SOFT + SHAPED:
        for reduction in reductions(y):
            yield probs(y, p, reduction=reduction)
            if z:
                yield logits(y, z, reduction=reduction)
    for y, w in WEIGHTS:
        p, z = next((p, z) for labels, p, z in PLAIN if labels == y)
        for reduction in ("sum", "none"):
            yield probs(y, p, reduction=reduction, sample_weight=w)
            yield logits(y, z, reduction=reduction, sample_weight=w)


def weighted():
    for y, w in WEIGHTS:
        p, z = next((p, z) for labels, p, z in PLAIN if labels == y)
        yield probs(y, p, "mean-over-weights", sample_weight=w)
        yield logits(y, z, "mean-over-weights", sample_weight=w)
    for y, p, z in SHAPED:
        w = [[v + 0.5 for v in row] for row in y]
        yield probs(y, p, "mean-over-weights", sample_weight=w)
        yield logits(y, z, "mean-over-weights", sample_weight=w)
    for y, _, z in [*PLAIN[:7], *SOFT]:
        for pos_weight in (3.0, 0.25):
            for reduction in reductions(y)[::2]:
                yield logits(y, z, "pos-weight", pos_weight=pos_weight, reduction=reduction)
    yield logits([1, 0], [1000.0, -1000.0], "pos-weight", pos_weight=4.0)
    yield logits([1, 0], [-1000.0, 1000.0], "pos-weight", pos_weight=4.0)
    y, z, w = [1, 0, 1], [0.5, -1.0, 2.0], [1.0, 2.0, 5.0]
    yield logits(y, z, "pos-weight", "mean-over-weights", pos_weight=2.0, sample_weight=w)
    # rows that do not count, one of them infinitely wrong; the weights sum to the number of rows
    y = [1, 1, 0]
    for w in ([1.0, 0.0, 2.0], [0.0, 0.0, 3.0], [1.5, 0.0, 1.5]):
        for reduction in reductions(y):
            options = {"sample_weight": w, "reduction": reduction}
            yield probs(y, [0.75, 0.0, 0.25], "zero-weight", **options)
            yield logits(y, [1.5, MINUS_INF, 0.5], "zero-weight", **options)


def zeros_and_infinities():
    for y, p in (
        ([1], [1.0]),
        ([0], [0.0]),
        ([1, 0], [1.0, 0.0]),
        ([1, 0, 1], [1.0, 0.0, 0.5]),
        ([0, 0, 1], [0.0, 0.25, 1.0]),
    ):
        for reduction in reductions(y):
            yield probs(y, p, "log-of-zero", reduction=reduction)
    for y, p in (
        ([1], [0.0]),
        ([0], [1.0]),
        ([1, 0], [0.0, 0.5]),
        ([1, 0, 0], [0.5, 0.25, 1.0]),
        ([0.5], [0.0]),
        ([0.25, 1.0], [1.0, 0.5]),
        ([1], [1e-300]),
        ([1, 0], [1e-30, 0.25]),
        ([0, 1], [1 - 2.0**-53, 0.5]),
        ([0.5, 0.5], [5e-324, 0.5]),
    ):
        for reduction in reductions(y)[::2]:
            yield probs(y, p, "certain-and-wrong", reduction=reduction)
    for y, z in (
        ([1], [INF]),
        ([0], [MINUS_INF]),
        ([1], [MINUS_INF]),
        ([0], [INF]),
        ([1, 0], [INF, MINUS_INF]),
        ([1, 0, 1], [INF, 0.5, -0.5]),
        ([0, 1, 0], [MINUS_INF, 2.0, 1.0]),
        ([1, 0], [MINUS_INF, 1.0]),
    ):
        for reduction in reductions(y)[::2]:
            yield logits(y, z, "minus-infinity-logit", reduction=reduction)
    for y, z in (
        ([1], [1000.0]),
        ([1], [-1000.0]),
        ([0], [1000.0]),
        ([0], [-1000.0]),
        ([1, 0], [-750.0, 0.5]),
        ([1, 0, 1], [800.0, 800.0, -800.0]),
        ([0, 1], [1e300, -1e300]),
        ([0, 1], [-1e300, 1e300]),
        ([0.5], [-2000.0]),
        ([0.25, 0.75], [1024.0, -1024.0]),
    ):
        for reduction in reductions(y)[::2]:
            yield logits(y, z, "far-logit", reduction=reduction)


def digits():
    for y, z in (
        ([1], [40.0]),
        ([1], [100.0]),
        ([1, 1], [37.0, 50.0]),
        ([1, 1, 1], [36.0, 38.5, 700.0]),
        ([0], [-40.0]),
        ([0, 0], [-37.5, -64.0]),
        ([1, 0], [45.0, -45.0]),
        ([1, 0, 0], [60.0, -60.0, -33.0]),
    ):
        for reduction in reductions(y)[::2]:
            yield logits(y, z, "confident-right", reduction=reduction, how=NO_GRADIENT)
    for y, p in (
        ([1], [1 - 2.0**-30]),
        ([1], [1 - 2.0**-53]),
        ([1, 1], [1 - 2.0**-40, 1 - 2.0**-24]),
        ([1, 1, 1], [0.99999999, 0.999999999, 0.9999999999]),
    ):
        for reduction in reductions(y)[::2]:
            yield probs(y, p, "confident-right", reduction=reduction, how=NO_GRADIENT)
    for y, p in (
        ([0], [2.0**-60]),
        ([0], [1e-20]),
        ([0], [1e-300]),
        ([0], [5e-324]),
        ([0, 0], [1e-17, 1e-9]),
        ([0, 0, 0], [1e-16, 3e-12, 2.0**-54]),
    ):
        for reduction in reductions(y)[::2]:
            yield probs(y, p, "tiny-probability", reduction=reduction, how=NO_GRADIENT)
    # one row is sure, another is not: only the slope shows whether the sure one has digits
    for y, z in (
        ([1, 0], [40.0, 0.5]),
        ([1, 1], [37.0, -1.0]),
        ([1, 0, 1], [64.0, 0.25, 0.5]),
        ([0, 0], [-100.0, 1.0]),
    ):
        yield logits(y, z, "vanishing-gradient")
    # sure and wrong: the slope is as steep as it ever is
    for y, z in (([1], [-40.0]), ([0, 1], [64.0, 0.5]), ([1, 0], [-700.0, 100.0])):
        yield logits(y, z, "vanishing-gradient")
    for y, p in (
        ([1], [1e-10]),
        ([0], [1 - 2.0**-40]),
        ([1, 0], [1e-12, 0.25]),
        ([0, 1], [0.5, 2.0**-60]),
    ):
        yield probs(y, p, "vanishing-gradient")
    for y, z in (
        ([1 - 1e-7], [33.7]),
        ([1 - 3e-10], [61.3]),
        ([1 - 1e-12], [120.9]),
        ([1 - 3e-15], [498.1]),
        ([1 - 1e-8], [45.3]),
        ([1 - 1e-5], [1000.3]),
        ([1 - 1e-9], [30.1]),
        ([1 - 1e-12, 1 - 1e-6], [200.7, 500.3]),
        ([0.999999, 0.99999], [77.7, 99.9]),
    ):
        for reduction in reductions(y)[::2]:
            yield logits(y, z, "soft-label-digits", reduction=reduction, how=NO_GRADIENT)


def refused():
    for y, p in (
        ([1, 0], [1.2, 0.5]),
        ([1, 0], [0.5, -0.1]),
        ([1], [1.0000001]),
        ([0], [-1e-9]),
        ([2, 0], [0.5, 0.5]),
        ([-1, 1], [0.5, 0.5]),
        ([1.5], [0.5]),
        ([1, 0], [80.0, 20.0]),
    ):
        yield probs(y, p, "outside-0-1", how=REFUSE)
    for y, z in (([2, 0], [0.5, 0.5]), ([-1, 1], [-3.0, 3.0]), ([1.25], [0.5]), ([-0.5], [2.0])):
        yield logits(y, z, "outside-0-1", how=REFUSE)
    for y, x in (
        ([1, 0], [NAN, 0.5]),
        ([1, 0], [0.5, NAN]),
        ([NAN, 0.0], [0.5, 0.25]),
        ([1], [NAN]),
    ):
        for reduction in ("mean", "sum"):
            yield probs(y, x, "nan-input", reduction=reduction, how=REFUSE)
            yield logits(y, x, "nan-input", reduction=reduction, how=REFUSE)
    for y, x in (
        ([1, 0], [[0.75], [0.25]]),
        ([[1], [0]], [0.75, 0.25]),
        ([1, 0, 1], [[0.5], [0.25], [0.125]]),
        ([[1], [0], [1]], [0.5, 0.25, 0.125]),
        ([1, 0], [[0.75, 0.5], [0.25, 0.5]]),
        ([[1, 0], [0, 1]], [0.75, 0.25]),
    ):
        yield probs(y, x, "column-against-row", how=REFUSE)
        yield logits(y, x, "column-against-row", how=REFUSE)
    y, x = [1, 0], [0.5, 0.25]
    for options in ({"sample_weight": [0.0, 0.0]}, {"sample_weight": [0, 0]}):
        yield probs(y, x, "all-ignored", how=REFUSE, **options)
        yield logits(y, x, "all-ignored", how=REFUSE, **options)


def in_pieces():
    y = [1, 0, 1, 1, 0, 0, 1]
    p, z = [0.9, 0.6, 0.2, 0.7, 0.1, 0.8, 0.5], [2.0, 0.5, -1.5, 0.75, -2.25, 1.25, 0.0]
    w = [1.0, 4.0, 0.5, 0.5, 2.0, 3.0, 1.5]
    for chunks in ((5, 2), (6, 1), (1, 3, 3), (2, 2, 2, 1)):
        yield probs(y, p, "mean-of-means", how={"chunks": chunks})
        yield logits(y, z, "mean-of-means", how={"chunks": chunks})
    for chunks in ((4, 3), (3, 4), (1, 6)):
        options = {"how": {"chunks": chunks}, "sample_weight": w}
        yield probs(y, p, "mean-of-means", "mean-over-weights", **options)


def integers():
    for y, z in (([1, 0], [2, -1]), ([1, 0, 1], [0, 3, 1]), ([0, 1], [2, 2]), ([1], [-4])):
        for reduction in reductions(y)[::2]:
            yield logits(y, z, "integer-input", reduction=reduction)
    for w in ([1, 2], [3, 1], [10, 3]):
        for reduction in ("sum", "none"):
            options = {"sample_weight": w, "reduction": reduction}
            yield probs([1, 0], [0.75, 0.5], "integer-input", **options)
    yield logits([1, 0, 1], [1, -2, 0], "integer-input", pos_weight=3)
    yield logits([1, 0, 1], [0.5, -2.0, 0.25], "integer-input", pos_weight=2)
