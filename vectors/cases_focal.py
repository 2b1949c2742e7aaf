"""Focal losses of two classes and of K."""

from vectors.table import INF, MINUS_INF, NAN, NO_GRADIENT, REDUCTIONS, REFUSE, calls, reductions

# labels, probabilities, logits: what any formula gets right
PLAIN = [
    ([1], [0.75], [1.5]),
    ([0], [0.25], [-0.5]),
    ([1, 0], [0.9, 0.2], [2.25, -1.5]),
    ([0, 1, 1], [0.625, 0.25, 0.5], [0.5, -1.0, 0.0]),
    ([1, 0, 0, 1], [0.6, 0.45, 0.1, 0.95], [0.75, -0.25, -2.0, 3.5]),
]
MIXED = PLAIN[2:]
ROWS = [
    ([1], [[0.5, 1.5, -1.0]]),
    ([0, 1], [[1.25, 0.5], [-0.75, 0.25]]),
    ([2, 1, 0], [[2.0, 1.0, 0.1], [0.3, 0.2, 0.1], [-1.0, 0.0, 2.5]]),
    ([0, 3], [[0.0, 2.0, 1.0, -1.0], [0.5, -0.5, 0.25, 1.0]]),
]

focal = calls("focal_loss", "y_true", "y_prob", gamma=2.0, reduction="mean")
logits = calls("focal_loss_with_logits", "y_true", "logits", gamma=2.0, reduction="mean")
classes = calls(
    "sparse_categorical_focal_loss_with_logits", "labels", "logits", gamma=2.0, reduction="mean"
)


def cases():
    yield from plain()
    yield from exponents()
    yield from balanced()
    yield from ends()
    yield from digits()
    yield from refused()
    yield from in_pieces()
    yield from integers()


def plain():
    for y, p, z in PLAIN:
        for reduction in reductions(y):
            yield focal(y, p, reduction=reduction)
            yield logits(y, z, reduction=reduction)
    for labels, z in ROWS:
        for reduction in reductions(labels):
            yield classes(labels, z, reduction=reduction)
        for gamma in (1.0, 3.5):
            yield classes(labels, z, gamma=gamma)
    for y, p, z in PLAIN:
        for gamma in (1.0, 3.5):
            yield focal(y, p, gamma=gamma)
            yield logits(y, z, gamma=gamma)


def exponents():
    for y, p, z in (
        ([0], [0.125], [-2.0]),
        ([1], [0.875], [2.0]),
        ([0, 0], [0.25, 0.0625], [-1.25, -3.0]),
        ([1, 0], [0.8, 0.3], [1.5, -1.0]),
    ):
        for gamma in (0.5, 5.0):
            yield focal(y, p, "focal-power", gamma=gamma)
            yield logits(y, z, "focal-power", gamma=gamma)
    for y, p, z in PLAIN:
        yield focal(y, p, "focal-gamma-zero", gamma=0.0)
        yield logits(y, z, "focal-gamma-zero", gamma=0.0)
    for labels, z in ROWS:
        yield classes(labels, z, "focal-gamma-zero", gamma=0.0)
    yield focal([1, 0, 1], [1.0, 0.0, 0.5], "focal-gamma-zero", gamma=0.0)
    # 1 − p_t rounds to 0, and so does its power
    for gamma, flag in (
        (0.0, "focal-gamma-zero"),
        (0.5, "focal-gradient"),
        (0.25, "focal-gradient"),
    ):
        for y, z in (
            ([1, 0], [40.0, 0.5]),
            ([0, 1], [-64.0, -0.25]),
            ([1, 0, 1], [800.0, -1000.0, 0.75]),
        ):
            yield logits(y, z, flag, gamma=gamma)
        yield classes([0, 1], [[50.0, 0.0], [0.5, 0.25]], flag, gamma=gamma)
        yield classes([2, 0], [[0.0, 1.0, 900.0], [0.5, 0.25, 0.0]], flag, gamma=gamma)
    for gamma in (0.5, 0.75):
        yield focal([1], [1.0], "focal-gradient", gamma=gamma)
        yield focal([1, 0], [1.0, 0.25], "focal-gradient", gamma=gamma)
        yield focal([0, 1], [0.0, 0.75], "focal-gradient", gamma=gamma)


def balanced():
    for alpha in (0.25, 0.75, 0.9):
        for y, p, z in MIXED:
            yield focal(y, p, "focal-alpha", alpha=alpha)
            yield logits(y, z, "focal-alpha", alpha=alpha)
    for y, p, z in MIXED[:2]:
        for reduction in REDUCTIONS[1:]:
            yield focal(y, p, "focal-alpha", alpha=0.25, reduction=reduction)
            yield logits(y, z, "focal-alpha", alpha=0.25, reduction=reduction)
    for alpha in (0.0, 1.0):
        yield focal([1, 0], [0.75, 0.5], "focal-alpha", alpha=alpha)
    yield focal([1, 0], [0.75, 0.5], "focal-alpha", "focal-gamma-zero", alpha=0.25, gamma=0.0)
    yield logits([1, 0], [1.5, 0.5], "focal-alpha", "focal-gamma-zero", alpha=0.25, gamma=0.0)


def ends():
    for y, p in (([1, 0], [1.0, 0.0]), ([1, 0, 1], [1.0, 0.5, 0.25]), ([0], [0.0])):
        for reduction in reductions(y)[::2]:
            yield focal(y, p, "log-of-zero", reduction=reduction)
    for y, p in (([1], [0.0]), ([0], [1.0]), ([1, 0], [0.0, 0.5]), ([1], [1e-300])):
        yield focal(y, p, "certain-and-wrong")
    for y, z in (
        ([1], [1000.0]),
        ([1], [-1000.0]),
        ([0, 1], [800.0, 800.0]),
        ([0, 0], [-750.0, 0.5]),
        ([1, 0], [-1e300, 1e300]),
    ):
        yield logits(y, z, "far-logit")
        yield classes(y, [[0.0, v] for v in z], "far-logit")
    for y, z in (
        ([1], [INF]),
        ([0], [MINUS_INF]),
        ([1, 0], [MINUS_INF, 0.5]),
        ([0, 1], [0.5, INF]),
    ):
        yield logits(y, z, "minus-infinity-logit")
        yield classes(y, [[0.0, v] for v in z], "minus-infinity-logit")
    yield classes([0], [[0.5, MINUS_INF, 1.0]], "minus-infinity-logit")
    for shift in (2.0**10, -1e6, 1e8):
        z = [[v + shift for v in row] for row in ([0.5, 1.5, -1.0], [2.0, 0.25, 0.0])]
        yield classes([1, 2], z, "large-shift")


def digits():
    for y, z in (([1], [20.0]), ([1], [36.0]), ([0], [-40.0]), ([1, 0], [38.5, -64.0])):
        for gamma in (1.0, 2.0):
            yield logits(y, z, "confident-right", gamma=gamma, how=NO_GRADIENT)
            rows = [[0.0, v] for v in z]
            yield classes(y, rows, "confident-right", gamma=gamma, how=NO_GRADIENT)
    for y, z in (([1], [-40.0]), ([0, 1], [64.0, 0.5])):
        yield logits(y, z, "vanishing-gradient")
        yield classes(y, [[0.0, v] for v in z], "vanishing-gradient")
    for y, p in (([1], [1e-10]), ([0, 1], [1 - 2.0**-40, 0.5])):
        yield focal(y, p, "vanishing-gradient")
    for y, p in (([0], [1e-20]), ([0], [2.0**-60]), ([0, 0], [1e-17, 1e-30])):
        yield focal(y, p, "tiny-probability", gamma=1.0, how=NO_GRADIENT)


def refused():
    for y, p in (([1, 0], [1.2, 0.5]), ([1], [-0.1]), ([0.5], [0.5]), ([2], [0.5])):
        yield focal(y, p, "outside-0-1", how=REFUSE)
    for y in ([2, 0], [-1, 1], [0.5, 1]):
        yield logits(y, [0.5, 1.0], "outside-0-1", how=REFUSE)
    for labels in ([-1, 0], [0, 3]):
        yield classes(labels, [[0.5, 1.0, 0.0], [1.0, 0.0, 2.0]], "negative-label", how=REFUSE)
    yield focal([1, 0], [0.5, NAN], "nan-input", how=REFUSE)
    yield logits([1, 0], [0.5, NAN], "nan-input", how=REFUSE)
    yield classes([1], [[0.5, NAN]], "nan-input", how=REFUSE)
    yield focal([1, 0], [[0.75], [0.25]], "column-against-row", how=REFUSE)
    yield logits([[1], [0]], [1.5, 0.5], "column-against-row", how=REFUSE)
    yield classes([[1], [0]], [[0.5, 1.0], [1.0, 0.0]], "column-against-row", how=REFUSE)


def in_pieces():
    y, p, z = [1, 0, 0, 1, 1], [0.9, 0.6, 0.2, 0.7, 0.1], [2.0, 0.5, -1.5, 0.75, -2.25]
    for chunks in ((4, 1), (2, 3)):
        how = {"chunks": chunks}
        yield focal(y, p, "mean-of-means", how=how)
        yield logits(y, z, "mean-of-means", how=how)
        yield logits(y, z, "mean-of-means", "focal-alpha", alpha=0.25, how=how)
        yield classes(y, [[0.0, v] for v in z], "mean-of-means", how=how)


def integers():
    for gamma in (0, 1, 2):
        yield focal([1, 0], [0.75, 0.5], "integer-input", gamma=gamma)
        yield logits([1, 0], [2, -1], "integer-input", gamma=gamma)
        yield classes([1, 0], [[2, 1, 0], [0, 3, -1]], "integer-input", gamma=gamma)
