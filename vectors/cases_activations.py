"""From logits to probabilities and back: sigmoid, softplus, logit, softmax and their logarithms."""

from vectors.table import CAREFUL, INF, MINUS_INF, NAN, NO_GRADIENT, REFUSE, calls

NUMBERS = [
    [0.0],
    [1.0],
    [-1.0],
    [0.5, -0.5],
    [2.25, -1.75, 0.125],
    [0.1, -0.7, 1.3, -1.9],
    [1.5, -0.25, -2.0],
    [5e-324, -1e-300],
]
PROBS = [[0.625], [0.75], [0.25, 0.875], [0.1, 0.9, 0.3], [0.0625, 0.95, 0.01, 0.999]]
ROWS = [
    [0.0, 0.0],
    [1.0, -0.5],
    [2.0, 1.0, 0.5],
    [0.3, 0.2, 0.1],
    [-1.0, 0.0, 2.5],
    [1.5, 1.5, 1.5],
    [0.25, -0.75, 1.25, 0.5],
    [1.1, 0.7, 2.2, -0.4, 0.9],
]
TABLES = [
    [[0.5, 1.0], [-1.0, 0.25]],
    [[2.0, 1.0, 0.5], [0.0, -0.5, 0.25], [1.0, 3.0, -2.0]],
]
SHIFTS = (2.0**10, -(2.0**10), 1e4, 1e6, 1e8, -1e8, 1e15, 1e300)

ELEMENTWISE = {name: calls(name, "z") for name in ("sigmoid", "softplus", "log_sigmoid")}
sigmoid, softplus, log_sigmoid = ELEMENTWISE.values()
logit = calls("logit", "p")
logsumexp = calls("logsumexp", "z")
softmax = calls("softmax", "z", temperature=1)
log_softmax = calls("log_softmax", "z", temperature=1)
OF_ROWS = (logsumexp, softmax, log_softmax)


def cases():
    yield from plain()
    yield from far_and_shifted()
    yield from infinite()
    yield from digits()
    yield from refused()
    yield from integers()


def plain():
    for z in NUMBERS:
        for of_number in ELEMENTWISE.values():
            yield of_number(z)
    for p in PROBS:
        yield logit(p)
    for z in ROWS + TABLES:
        for of_row in OF_ROWS:
            yield of_row(z)
    for z in ROWS[1:5]:
        for temperature in (0.75, 2.0, 3.0):
            yield softmax(z, temperature=temperature)
            yield log_softmax(z, temperature=temperature)
    # the logarithm of a sum near 1
    for z in ([-0.7, -0.7], [-1.1, -1.1, -1.1], [-0.5, -0.9375]):
        yield logsumexp(z)


def far_and_shifted():
    for z in ([1000.0, -1000.0], [750.0], [-750.0], [1e300, -1e300], [745.5, -2.0]):
        for of_number in ELEMENTWISE.values():
            yield of_number(z, "far-logit")
    for z in ([1000.0, 0.0], [0.0, -800.0, 800.0], [1e300, -1e300]):
        for of_row in OF_ROWS:
            yield of_row(z, "far-logit")
    for temperature in (1e-3, 2.0**-10):
        yield softmax([2.0, 1.0, 0.0], "far-logit", temperature=temperature)
        yield log_softmax([2.0, 1.0, 0.0], "far-logit", temperature=temperature)
    for shift in SHIFTS:
        near = [shift, shift] if abs(shift) > 1e9 else [shift, shift + 1.5, shift - 0.25]
        for of_row in OF_ROWS:
            yield of_row(near, "large-shift")


def infinite():
    for z in ([INF], [MINUS_INF], [MINUS_INF, 0.5, INF]):
        for of_number in ELEMENTWISE.values():
            yield of_number(z, "minus-infinity-logit")
    for p in ([0.0], [1.0], [0.0, 0.5, 1.0], [1e-8, 1e-300], [1 - 2.0**-30]):
        yield logit(p, "certain-and-wrong")
    for z in (
        [MINUS_INF, 0.5],
        [1.0, MINUS_INF, -0.5],
        [MINUS_INF, MINUS_INF, 2.0],
        [0.5, INF],
        [[MINUS_INF, 0.25, 0.5], [1.0, 2.0, MINUS_INF]],
    ):
        for of_row in OF_ROWS:
            yield of_row(z, "minus-infinity-logit")
    yield logsumexp([MINUS_INF, MINUS_INF], "minus-infinity-logit")
    yield softmax([MINUS_INF, MINUS_INF], "minus-infinity-logit", how=REFUSE)
    yield log_softmax([MINUS_INF, MINUS_INF], "minus-infinity-logit", how=REFUSE)
    yield softmax([INF, INF, 0.0], "minus-infinity-logit", how=REFUSE)


def digits():
    for z in ([-40.0], [-37.0, -20.0], [-100.0, -700.0], [-10.0], [-36.75, -33.0]):
        yield softplus(z, "tiny-probability", how=NO_GRADIENT)
        yield log_sigmoid([-v for v in z], "tiny-probability", how=NO_GRADIENT)
    for z in ([0.0, -40.0], [0.0, -37.0, -50.0], [0.0, -700.0], [-64.0, 0.0, -64.0], [0.0, -20.5]):
        yield logsumexp(z, "confident-right", how=NO_GRADIENT)
        yield log_softmax(z, "confident-right", how=NO_GRADIENT)
        yield log_softmax([v + 8.0 for v in z], "confident-right", how=NO_GRADIENT)
    yield log_softmax([4.0, 0.0], "confident-right", temperature=0.125, how=NO_GRADIENT)
    yield log_softmax([[40.0, 0.0], [0.0, 50.0]], "confident-right", how=NO_GRADIENT)
    for far in (3e-4, 7e-6, 1.3e-8, 3e-10, 1e-12, 2.0**-53):
        for p in ([0.5 + far], [0.5 - far]):
            yield logit(p, "logit-near-half", how=CAREFUL)


def refused():
    for of_number in ELEMENTWISE.values():
        yield of_number([NAN], "nan-input", how=REFUSE)
        yield of_number([0.5, NAN], "nan-input", how=REFUSE)
    for of_row in OF_ROWS:
        yield of_row([NAN, 0.5], "nan-input", how=REFUSE)
        yield of_row([0.5, 1.0, NAN], "nan-input", how=REFUSE)
    yield logit([NAN, 0.5], "nan-input", how=REFUSE)
    for p in ([1.5], [-0.25], [0.5, 1.0000001], [-1e-9, 0.5]):
        yield logit(p, "outside-0-1", how=REFUSE)


def integers():
    for z in ([0], [1, -2], [2, 0, -1], [-2, 2, 1]):
        for of_number in ELEMENTWISE.values():
            yield of_number(z, "integer-input")
    for z in ([1, 0], [3, 1, 2], [[0, 1], [1, 0]]):
        for of_row in OF_ROWS:
            yield of_row(z, "integer-input")
    yield softmax([1, 2], "integer-input", temperature=2)
    yield softmax([5, 2, 0], "integer-input", temperature=3)
    yield log_softmax([1, 2], "integer-input", temperature=2)
