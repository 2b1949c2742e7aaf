"""K classes: cross-entropy of rows of probabilities and of rows of logits."""

from vectors.table import (
    INF,
    MINUS_INF,
    NAN,
    NO_GRADIENT,
    REDUCTIONS,
    REFUSE,
    calls,
    reductions,
)

# labels, rows of probabilities, rows of logits: what any formula gets right
PLAIN = [
    ([1], [[0.25, 0.5, 0.25]], [[0.5, 1.5, -1.0]]),
    ([0, 1], [[0.75, 0.25], [0.625, 0.375]], [[1.25, 0.5], [-0.75, 0.25]]),
    (
        [2, 1, 0],
        [[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.15, 0.6, 0.25]],
        [[2.0, 1.0, 0.1], [0.3, 0.2, 0.1], [-1.0, 0.0, 2.5]],
    ),
    (
        [0, 3],
        [[0.125, 0.5, 0.25, 0.125], [0.1, 0.2, 0.3, 0.4]],
        [[0.0, 2.0, 1.0, -1.0], [0.5, -0.5, 0.25, 1.0]],
    ),
    (
        [4, 0, 2, 1],
        [
            [0.2, 0.2, 0.2, 0.2, 0.2],
            [0.5, 0.125, 0.125, 0.125, 0.125],
            [0.05, 0.15, 0.4, 0.3, 0.1],
            [0.3, 0.1, 0.25, 0.15, 0.2],
        ],
        [
            [0.0, 0.0, 0.0, 0.0, 0.0],
            [3.0, -1.0, 0.5, 0.25, -2.0],
            [1.1, 0.7, 2.2, -0.4, 0.9],
            [-0.5, 1.5, 0.5, -1.5, 2.5],
        ],
    ),
    (
        [1, 1, 0, 1, 0, 0],
        [[0.5, 0.5], [0.1, 0.9], [0.8, 0.2], [0.4, 0.6], [0.35, 0.65], [0.9, 0.1]],
        [[0.5, 0.5], [-1.0, 1.25], [1.5, 0.0], [0.25, 0.75], [-0.25, 0.5], [2.0, -0.5]],
    ),
]
# targets, which sum to exactly 1, with forecasts
SOFT = [
    ([[0.25, 0.75]], [[0.5, 0.5]], [[0.5, -0.25]]),
    (
        [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]],
        [[0.25, 0.5, 0.25], [0.2, 0.3, 0.5]],
        [[1.0, 0.5, -0.5], [0.3, 0.9, -1.2]],
    ),
    (
        [[0.625, 0.125, 0.125, 0.125], [0.0, 0.5, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25]],
        [[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4]],
        [[0.75, 0.5, 0.25, 0.0], [-1.0, 1.0, 0.5, 0.25], [2.0, 0.0, -2.0, 1.0]],
    ),
]
CLASS_WEIGHTS = {
    2: [1.0, 3.0],
    3: [0.5, 2.0, 4.0],
    4: [0.25, 1.0, 1.0, 6.0],
    5: [5.0, 0.1, 2.0, 1.5, 0.75],
}
Z = [[2.0, 1.0, 0.5], [0.25, -0.5, 1.5], [-1.0, 0.0, 2.5], [0.75, 0.5, -0.25], [1.0, 1.0, 1.0]]
P = [
    [0.5, 0.25, 0.25],
    [0.125, 0.75, 0.125],
    [0.25, 0.25, 0.5],
    [0.5, 0.375, 0.125],
    [0.25, 0.5, 0.25],
]
LABELS = [0, 2, 1, 0, 2]
TOKENS = [  # two or three sequences of unequal length, padded
    ([[0, 2, 1], [1, -100, -100]], [Z[:3], Z[2:]]),
    ([[2, -100], [0, 1], [1, -100]], [Z[:2], Z[1:3], Z[3:]]),
    ([[1, 0, 2, -100], [2, -100, -100, -100]], [Z[:4], Z[1:]]),
    ([[0, -100, 1], [2, 2, 0]], [Z[1:4], Z[:3]]),
]

hard = calls("sparse_categorical_cross_entropy", "labels", "probs", reduction="mean")
soft = calls("categorical_cross_entropy", "targets", "probs", reduction="mean")
logits = calls("sparse_categorical_cross_entropy_with_logits", "labels", "logits", reduction="mean")
soft_logits = calls("categorical_cross_entropy_with_logits", "targets", "logits", reduction="mean")
smoothed = calls("smooth_labels", "targets", "alpha")


def one_hot(labels, classes):
    return [[int(k == label) for k in range(classes)] for label in labels]


def cases():
    yield from plain()
    yield from over_classes()
    yield from weighted()
    yield from ignored()
    yield from smoothing()
    yield from zeros_and_infinities()
    yield from far_and_shifted()
    yield from digits()
    yield from refused()
    yield from in_pieces()
    yield from integers()


def plain():
    for labels, p, z in PLAIN:
        for reduction in reductions(labels):
            yield hard(labels, p, reduction=reduction)
            yield logits(labels, z, reduction=reduction)
    for labels, _, z in PLAIN[1:]:
        yield logits(
            labels, z, class_weight=CLASS_WEIGHTS[len(z[0])], weight_norm="sum_w", reduction="sum"
        )
        yield logits(
            labels, z, class_weight=CLASS_WEIGHTS[len(z[0])], weight_norm="sum_w", reduction="none"
        )
    for t, p, z in SOFT:
        for reduction in reductions(t)[1:]:
            yield soft(t, p, reduction=reduction)
            yield soft_logits(t, z, reduction=reduction)
    # two sequences, none of them padded
    yield logits([[0, 2], [1, 0]], [Z[:2], Z[2:4]])
    yield hard([[0, 2], [1, 0]], [P[:2], P[2:4]])


def over_classes():
    for labels, p, z in PLAIN:
        t = one_hot(labels, len(p[0]))
        yield soft(t, p, "sum-over-classes")
        yield soft_logits(t, z, "sum-over-classes")
    for t, p, z in SOFT:
        yield soft(t, p, "sum-over-classes")
        yield soft_logits(t, z, "sum-over-classes")


def weighted():
    for labels, _, z in PLAIN[1:]:
        w = CLASS_WEIGHTS[len(z[0])]
        yield logits(labels, z, "mean-over-weights", class_weight=w, weight_norm="sum_w")
        yield logits(labels, z, "weights-over-n", class_weight=w, weight_norm="n")
    for w in ([0.25, 8.0, 1.0], [3.0, 3.0, 3.0], [0.1, 0.2, 0.7]):
        yield logits(LABELS, Z, "mean-over-weights", class_weight=w, weight_norm="sum_w")
        yield logits(LABELS, Z, "weights-over-n", class_weight=w, weight_norm="n")
    yield logits([1], Z[:1], "weights-over-n", class_weight=[1.0, 20.0, 1.0], weight_norm="n")
    yield logits([2, 2], Z[:2], "weights-over-n", class_weight=[1.0, 1.0, 0.1], weight_norm="n")
    for w in ([1.0, 2.0, 0.5, 4.0, 1.0], [0.1, 0.1, 3.0, 0.5, 0.25]):
        yield logits(LABELS, Z, "mean-over-weights", sample_weight=w, weight_norm="sum_w")
        yield logits(LABELS, Z, "weights-over-n", sample_weight=w, weight_norm="n")
        both = {"sample_weight": w, "class_weight": CLASS_WEIGHTS[3]}
        yield logits(LABELS, Z, "mean-over-weights", weight_norm="sum_w", **both)
        yield logits(LABELS, Z, "weights-over-n", weight_norm="n", **both)
    # a class that does not count, and its rows, one of them infinitely wrong; the weights of the
    # rows sum to their number
    z = [*Z[:3], [MINUS_INF, 0.5, 1.0], Z[4]]
    for w in ([0.0, 1.0, 2.0], [0.0, 0.0, 2.5], [0.0, 5.0, 0.0]):
        for reduction in REDUCTIONS:
            options = {"class_weight": w, "weight_norm": "sum_w", "reduction": reduction}
            yield logits(LABELS, z, "zero-weight", **options)


def ignored():
    for index, labels in (
        (-100, [0, -100, 1, 0, 2]),
        (-100, [-100, -100, -100, 1, -100]),
        (-1, [-1, 2, 1, -1, 0]),
        (255, [0, 255, 255, 2, 1]),
        (0, [0, 2, 1, 0, 2]),
        (2, [0, 2, 1, 2, 2]),
    ):
        for reduction in REDUCTIONS:
            yield logits(labels, Z, "ignore-index", ignore_index=index, reduction=reduction)
        for norm in ("sum_w", "n"):
            options = {"ignore_index": index, "weight_norm": norm, "class_weight": CLASS_WEIGHTS[3]}
            flag = {"sum_w": "mean-over-weights", "n": "weights-over-n"}[norm]
            yield logits(labels, Z, "ignore-index", flag, **options)
    for labels, z in TOKENS:
        yield logits(labels, z, "token-mean", ignore_index=-100)
        yield logits(
            [[max(y, -1) for y in row] for row in labels], z, "token-mean", ignore_index=-1
        )
        options = {"class_weight": CLASS_WEIGHTS[3], "weight_norm": "sum_w"}
        yield logits(labels, z, "token-mean", "mean-over-weights", ignore_index=-100, **options)
    for index, labels in ((-100, [-100] * 3), (-1, [-1, -1, -1]), (1, [1, 1, 1]), (-100, [-100])):
        z = Z[: len(labels)]
        yield logits(labels, z, "all-ignored", ignore_index=index, how=REFUSE)
        for reduction in ("sum", "none"):
            yield logits(labels, z, "all-ignored", ignore_index=index, reduction=reduction)
    weightless = {"class_weight": [1.0, 0.0, 1.0], "weight_norm": "sum_w"}
    yield logits([1, 1], Z[:2], "all-ignored", how=REFUSE, **weightless)


def smoothing():
    yield from smoothed_rows()
    for labels, _, z in PLAIN:
        for alpha in (0.125, 0.1):
            yield logits(labels, z, "smoothing-convention", label_smoothing=alpha)
    for reduction in ("sum", "none"):
        options = {"label_smoothing": 0.25, "reduction": reduction}
        yield logits(LABELS, Z, "smoothing-convention", **options)
    for labels, _, z in PLAIN[1:]:
        weights = {"class_weight": CLASS_WEIGHTS[len(z[0])], "weight_norm": "sum_w"}
        for reduction in REDUCTIONS:
            options = {"label_smoothing": 0.125, "reduction": reduction, **weights}
            yield logits(labels, z, "smoothing-times-weights", **options)
        options = {"label_smoothing": 0.1, **weights, "weight_norm": "n"}
        yield logits(labels, z, "smoothing-times-weights", "weights-over-n", **options)
    for index, labels in (
        (-100, [0, -100, 1, 0, 2]),
        (-100, [-100, -100, -100, 1, -100]),
        (-1, [-1, 2, 1, -1, 0]),
        (0, [0, 2, 1, 0, 2]),
    ):
        for reduction in REDUCTIONS:
            options = {"label_smoothing": 0.125, "ignore_index": index, "reduction": reduction}
            yield logits(labels, Z, "smoothing-and-ignored", **options)
        options = {"label_smoothing": 0.1, "ignore_index": index}
        options |= {"class_weight": CLASS_WEIGHTS[3], "weight_norm": "sum_w"}
        yield logits(labels, Z, "smoothing-and-ignored", "smoothing-times-weights", **options)


def smoothed_rows():
    one, four = [0.0, 1.0, 0.0], [[1.0, 0.0, 0.0, 0.0]]
    for targets in (one, four, [[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.25, 0.25]]):
        for alpha in (0.125, 0.1):
            for convention in ("K", "K-1"):
                yield smoothed(targets, alpha, "smoothing-convention", convention=convention)
    for alpha in (0.0, 1.0):
        for convention in ("K", "K-1"):
            yield smoothed([one], alpha, "smoothing-convention", convention=convention)


def zeros_and_infinities():
    for labels, p in (
        ([0], [[1.0, 0.0]]),
        ([1, 0], [[0.0, 1.0], [0.5, 0.5]]),
        ([2, 1], [[0.5, 0.0, 0.5], [0.0, 0.75, 0.25]]),
    ):
        for reduction in reductions(labels):
            yield hard(labels, p, "log-of-zero", reduction=reduction)
            yield soft(one_hot(labels, len(p[0])), p, "log-of-zero", reduction=reduction)
    for reduction in REDUCTIONS:
        t, p = [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]], [[0.25, 0.75, 0.0], [0.0, 1.0, 0.0]]
        yield soft(t, p, "log-of-zero", reduction=reduction)
    for labels, p in (
        ([0], [[0.0, 1.0]]),
        ([1, 0], [[1.0, 0.0], [0.5, 0.5]]),
        ([2, 1], [[0.5, 0.5, 0.0], [0.25, 0.5, 0.25]]),
        ([0, 2], [[1e-300, 1.0, 0.0], [0.25, 0.25, 0.5]]),
        ([1], [[1.0, 1e-30]]),
    ):
        for reduction in reductions(labels)[::2]:
            yield hard(labels, p, "certain-and-wrong", reduction=reduction)
            yield soft(one_hot(labels, len(p[0])), p, "certain-and-wrong", reduction=reduction)
    yield soft([[0.5, 0.5]], [[1.0, 0.0]], "certain-and-wrong")
    yield soft([[2.0**-40, 1 - 2.0**-40]], [[0.0, 1.0]], "certain-and-wrong")
    for labels, z in (
        ([0], [[1.0, MINUS_INF, 0.5]]),
        ([2, 0], [[MINUS_INF, MINUS_INF, 0.25], [0.5, MINUS_INF, 1.5]]),
        ([1], [[MINUS_INF, 3.0]]),
        ([1, 0], [[MINUS_INF, 3.0, 1.0], [0.5, 1.0, MINUS_INF]]),
        ([0], [[MINUS_INF, 2.0, 1.0]]),
        ([0], [[INF, 2.0, 1.0]]),
        ([1, 2], [[0.5, INF, 1.0], [0.0, 1.0, 1.0]]),
    ):
        for reduction in reductions(labels)[::2]:
            yield logits(labels, z, "minus-infinity-logit", reduction=reduction)
            t = one_hot(labels, len(z[0]))
            yield soft_logits(t, z, "minus-infinity-logit", reduction=reduction)
    yield soft_logits([[0.5, 0.0, 0.5]], [[1.0, MINUS_INF, -1.0]], "minus-infinity-logit")
    yield logits([0], [[MINUS_INF, MINUS_INF]], "minus-infinity-logit", how=REFUSE)
    yield soft_logits([[1, 0]], [[MINUS_INF, MINUS_INF]], "minus-infinity-logit", how=REFUSE)
    yield logits([0], [[INF, INF]], "minus-infinity-logit", how=REFUSE)


def far_and_shifted():
    for labels, z in (
        ([0], [[1000.0, 0.0]]),
        ([1], [[1000.0, 0.0]]),
        ([0, 1], [[-1000.0, 1000.0, 0.0], [800.0, 0.0, -800.0]]),
        ([2, 0], [[750.0, 0.5, -750.0], [1.0, 2.0, 0.0]]),
        ([1], [[1e300, -1e300, 0.0]]),
        ([0, 1], [[0.0, -2000.0], [-2000.0, -4000.0]]),
    ):
        for reduction in reductions(labels)[::2]:
            yield logits(labels, z, "far-logit", reduction=reduction)
            yield soft_logits(one_hot(labels, len(z[0])), z, "far-logit", reduction=reduction)
    yield soft_logits([[0.5, 0.5]], [[1024.0, -1024.0]], "far-logit")
    for shift in (2.0**10, 2.0**14, 1e6, 1e8, -(2.0**10), -1e8):
        z = [[v + shift for v in row] for row in Z[:3]]
        yield logits(LABELS[:3], z, "large-shift")
        yield soft_logits([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0], [0.25, 0.5, 0.25]], z, "large-shift")
    for shift in (1e8, 1e15, 1e300, -1e15):
        yield logits([0, 1], [[shift, shift], [shift, shift]], "large-shift", reduction="none")


def digits():
    for labels, z in (
        ([0], [[40.0, 0.0]]),
        ([1], [[0.0, 40.0, -1.0]]),
        ([0, 1], [[50.0, 10.0], [-20.0, 18.0]]),
        ([2, 0], [[0.0, 1.0, 64.0], [100.0, 0.0, -100.0]]),
        ([3], [[0.5, 0.25, 0.0, 45.0]]),
        ([0, 0, 1], [[37.0, 0.0], [700.0, 0.0], [0.0, 38.5]]),
        ([1], [[7.3, 47.9, 11.1]]),
    ):
        for reduction in reductions(labels)[::2]:
            options = {"reduction": reduction, "how": NO_GRADIENT}
            yield logits(labels, z, "confident-right", **options)
            yield soft_logits(one_hot(labels, len(z[0])), z, "confident-right", **options)
    for labels, p in (
        ([0], [[1 - 2.0**-30, 2.0**-30]]),
        ([1], [[2.0**-53, 1 - 2.0**-53]]),
        ([2, 1], [[2.0**-41, 2.0**-41, 1 - 2.0**-40], [2.0**-25, 1 - 2.0**-24, 2.0**-25]]),
        ([0], [[0.99999999, 0.00000001]]),
    ):
        for reduction in reductions(labels)[::2]:
            options = {"reduction": reduction, "how": NO_GRADIENT}
            yield hard(labels, p, "confident-right", **options)
            yield soft(one_hot(labels, len(p[0])), p, "confident-right", **options)
    # one row is sure, another is not: only the slope shows whether the sure one has digits
    for labels, z in (
        ([0, 1], [[40.0, 0.0], [0.5, 0.0]]),
        ([2, 0], [[0.0, 1.0, 50.0], [0.5, 1.0, 0.0]]),
        ([1, 1], [[0.0, 100.0], [1.0, 0.5]]),
    ):
        yield logits(labels, z, "vanishing-gradient")
        yield soft_logits(one_hot(labels, len(z[0])), z, "vanishing-gradient")
    # sure and wrong: the slope is as steep as it ever is
    for labels, z in (([1], [[40.0, 0.0]]), ([0, 2], [[0.0, 1.0, 64.0], [0.5, 0.25, 0.0]])):
        yield logits(labels, z, "vanishing-gradient")
        yield soft_logits(one_hot(labels, len(z[0])), z, "vanishing-gradient")
    for labels, p in (
        ([1], [[1 - 2.0**-40, 2.0**-40]]),
        ([0, 2], [[2.0**-50, 0.5, 0.5 - 2.0**-50], [0.25, 0.5, 0.25]]),
    ):
        yield hard(labels, p, "vanishing-gradient")
        yield soft(one_hot(labels, len(p[0])), p, "vanishing-gradient")
    # rows that sum to exactly 1, or it would matter by what the logarithm of the sum is multiplied
    for small, far in ((1e-7, 33.7), (1e-9, 61.3), (1e-12, 120.9), (3e-15, 498.1)):
        small = round(small * 2**53) * 2.0**-53
        for t, z in (
            ([1 - small, small], [far, 0.1]),
            ([small, 1 - 2 * small, small], [0.3, far, -0.7]),
            ([0.0, small, 1 - small], [1.1, -far, far]),
        ):
            yield soft_logits([t], [z], "soft-label-digits", how=NO_GRADIENT)


def refused():
    for labels, p in (
        ([0], [[0.5, 0.25]]),
        ([1, 0], [[0.6, 0.6], [0.5, 0.5]]),
        ([2], [[0.9, 0.8, 0.7]]),
        ([0], [[1.0, 1.0]]),
        ([1], [[0.5, 0.5001]]),
    ):
        yield hard(labels, p, "not-rescaled", how=REFUSE)
        yield soft(one_hot(labels, len(p[0])), p, "not-rescaled", how=REFUSE)
    for labels, p in (
        ([0, 1], [[0.7000005, 0.2, 0.1], [0.25, 0.5, 0.25]]),
        ([1, 1], [[0.2, 0.7, 0.0999995], [0.1, 0.8, 0.1]]),
    ):
        yield hard(labels, p, "not-rescaled")
        yield soft(one_hot(labels, 3), p, "not-rescaled")
    for labels in ([-1, 0], [0, 3], [1, -3], [0, -2], [2, 5]):
        yield hard(labels, P[:2], "negative-label", how=REFUSE)
        yield logits(labels, Z[:2], "negative-label", how=REFUSE)
    for p in ([[1.2, -0.2]], [[0.5, 0.5], [-0.1, 1.1]]):
        labels = [0] * len(p)
        yield hard(labels, p, "outside-0-1", how=REFUSE)
        yield soft(one_hot(labels, 2), p, "outside-0-1", how=REFUSE)
    for t in ([[2, -1]], [[1.25, -0.25]]):
        yield soft(t, [[0.5, 0.5]], "outside-0-1", how=REFUSE)
        yield soft_logits(t, [[0.5, 1.0]], "outside-0-1", how=REFUSE)
    for x in ([[NAN, 0.5]], [[0.5, NAN]]):
        yield hard([0], x, "nan-input", how=REFUSE)
        yield soft([[1, 0]], x, "nan-input", how=REFUSE)
        yield logits([0], x, "nan-input", how=REFUSE)
        yield soft_logits([[1, 0]], x, "nan-input", how=REFUSE)
    yield hard([[0], [2]], P[:2], "column-against-row", how=REFUSE)
    yield logits([[0], [2]], Z[:2], "column-against-row", how=REFUSE)
    yield soft([[1, 0, 0], [0, 0, 1]], P[0], "column-against-row", how=REFUSE)
    yield soft_logits([0, 0, 1], Z[:2], "column-against-row", how=REFUSE)
    for labels, p in (([0, 0], [[0.75], [0.25]]), ([0], [[0.5]]), ([1, 0], [[0.9], [0.2]])):
        yield hard(labels, p, "single-probability-rows", how=REFUSE)
        t = [[float(y)] for y in labels]
        yield soft(t, p, "single-probability-rows", how=REFUSE)
        yield soft([[1.0]] * len(p), p, "single-probability-rows", how=REFUSE)


def in_pieces():
    labels, p, z = [0, 2, 1, 0, 2], P, Z
    t = one_hot(labels, 3)
    for chunks in ((4, 1), (2, 3), (1, 1, 3), (2, 2, 1)):
        yield hard(labels, p, "mean-of-means", how={"chunks": chunks})
        yield soft(t, p, "mean-of-means", how={"chunks": chunks})
        yield logits(labels, z, "mean-of-means", how={"chunks": chunks})
        padded = [0, -100, 1, 0, 2]
        options = {"ignore_index": -100, "how": {"chunks": chunks}}
        yield logits(padded, z, "mean-of-means", "ignore-index", **options)
        options = {"class_weight": CLASS_WEIGHTS[3], "weight_norm": "sum_w"}
        yield logits(
            labels, z, "mean-of-means", "mean-over-weights", how={"chunks": chunks}, **options
        )


def integers():
    for labels, z in (
        ([0], [[2, 1, 0]]),
        ([1, 0], [[3, -1], [0, 0]]),
        ([2, 1], [[0, 1, 2], [5, 5, 4]]),
    ):
        for reduction in reductions(labels)[::2]:
            yield logits(labels, z, "integer-input", reduction=reduction)
            yield soft_logits(one_hot(labels, len(z[0])), z, "integer-input", reduction=reduction)
    for weights in ([1, 2, 3], [10, 1, 4]):
        for reduction in ("sum", "none"):
            options = {"class_weight": weights, "weight_norm": "sum_w", "reduction": reduction}
            yield logits(LABELS, Z, "integer-input", **options)
    for targets in ([[0, 1, 0]], [[1, 0], [0, 1]], [0, 0, 0, 1]):
        for convention in ("K", "K-1"):
            yield smoothed(targets, 0.125, "integer-input", convention=convention)
