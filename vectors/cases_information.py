"""Surprise, entropy, cross-entropy, divergence and perplexity of distributions.

Rows that are held against each other sum to exactly 1, so that the divergence is the same whether
or not a definition counts the difference of the sums.
"""

from vectors.table import CAREFUL, NAN, NO_GRADIENT, REFUSE, calls

SINGLE = [[0.5], [0.25, 0.75], [0.9, 0.1, 0.3], [0.0625, 0.6, 0.8125, 0.15], [0.37]]
ROWS = [
    [0.5, 0.5],
    [0.75, 0.25],
    [0.5, 0.25, 0.25],
    [0.7, 0.2, 0.1],
    [0.625, 0.25, 0.125],
    [0.25, 0.25, 0.25, 0.25],
    [0.4, 0.3, 0.2, 0.1],
    [0.125, 0.5, 0.0625, 0.1875, 0.125],
]
PAIRS = [
    ([0.5, 0.5], [0.75, 0.25]),
    ([0.75, 0.25], [0.5, 0.5]),
    ([0.125, 0.875], [0.625, 0.375]),
    ([0.5, 0.25, 0.25], [0.25, 0.5, 0.25]),
    ([0.625, 0.25, 0.125], [0.1875, 0.3125, 0.5]),
    ([0.125, 0.125, 0.75], [0.375, 0.375, 0.25]),
    ([0.25, 0.25, 0.25, 0.25], [0.5, 0.125, 0.3125, 0.0625]),
    ([0.125, 0.5, 0.0625, 0.1875, 0.125], [0.25, 0.125, 0.25, 0.125, 0.25]),
]
TABLE = (  # of two and of three distributions
    ([[0.5, 0.5], [0.75, 0.25]], [[0.75, 0.25], [0.25, 0.75]]),
    (
        [[0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.25, 0.5, 0.25]],
        [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25], [0.375, 0.375, 0.25]],
    ),
)
BASES = (2, 10, 3, 1.5)

surprisal = calls("surprisal", "p")
entropy = calls("entropy", "p")
cross_entropy = calls("cross_entropy", "p", "q")
kl = calls("kl_divergence", "p", "q")
js = calls("js_divergence", "p", "q")
perplexity = calls("perplexity", "p")
model_perplexity = calls("perplexity", "p", "q")
OF_TWO = (cross_entropy, kl, js, model_perplexity)
DIVERGENCES = (kl, js)


def cases():
    yield from plain()
    yield from bases()
    yield from zeros_and_infinities()
    yield from near_and_far()
    yield from refused()


def plain():
    for p in SINGLE:
        yield surprisal(p)
    for p in ROWS:
        yield entropy(p)
        yield perplexity(p)
    for p, q in PAIRS:
        for of_two in OF_TWO:
            yield of_two(p, q)
    for p, q in TABLE:
        yield entropy(p)
        yield perplexity(p)
        yield cross_entropy(p, q)
        yield model_perplexity(p, q)
        for divergence in DIVERGENCES:
            yield divergence(p, q, "sum-over-classes")


def bases():
    for base in BASES:
        yield surprisal([0.125, 0.5, 0.3], "base", base=base)
        yield entropy([0.5, 0.25, 0.25], "base", base=base)
        yield entropy([0.7, 0.2, 0.1], "base", base=base)
        for p, q in (PAIRS[0], PAIRS[4]):
            for of_two in (cross_entropy, *DIVERGENCES):
                yield of_two(p, q, "base", base=base)


def zeros_and_infinities():
    for p in ([1.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.25, 0.75, 0.0]):
        yield entropy(p, "log-of-zero")
        yield perplexity(p, "log-of-zero")
    for p, q in (
        ([1.0, 0.0], [0.5, 0.5]),
        ([1.0, 0.0], [1.0, 0.0]),
        ([0.0, 1.0, 0.0], [0.0, 0.75, 0.25]),
        ([0.5, 0.0, 0.5], [0.25, 0.0, 0.75]),
    ):
        for of_two in OF_TWO:
            yield of_two(p, q, "log-of-zero")
    # nothing in common: ln 2
    yield js([1.0, 0.0], [0.0, 1.0], "log-of-zero")
    yield js([0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.25, 0.75], "log-of-zero")
    yield js([0.0, 1.0], [0.5, 0.5], "log-of-zero")
    for p in ([0.0], [0.0, 0.5], [1e-300, 1e-30], [5e-324]):
        yield surprisal(p, "certain-and-wrong")
    for p, q in (
        ([1.0, 0.0], [0.0, 1.0]),
        ([0.5, 0.5], [1.0, 0.0]),
        ([0.25, 0.5, 0.25], [0.0, 0.5, 0.5]),
        ([2.0**-40, 1 - 2.0**-40], [0.0, 1.0]),
    ):
        for of_two in (cross_entropy, kl, model_perplexity):
            yield of_two(p, q, "certain-and-wrong")
    for p in ([1.0], [1 - 2.0**-30], [1 - 2.0**-53], [0.9999999, 0.99999999]):
        yield surprisal(p, "confident-right", how=NO_GRADIENT)
    for small in (2.0**-30, 2.0**-50):
        yield entropy([1 - small, small], "confident-right", how=NO_GRADIENT)
        yield cross_entropy([1.0, 0.0], [1 - small, small], "confident-right", how=NO_GRADIENT)
        yield perplexity([1 - small, small], "confident-right", how=NO_GRADIENT)


def near_and_far():
    for k in (10, 20, 26, 30, 40, 50):
        near = 2.0**-k
        for p, q in (
            ([0.5 + near, 0.5 - near], [0.5, 0.5]),
            ([0.25 - near, 0.5, 0.25 + near], [0.25, 0.5, 0.25]),
            ([0.75, 0.125, 0.125], [0.75, 0.125 + near, 0.125 - near]),
        ):
            for divergence in DIVERGENCES:
                yield divergence(p, q, "close-distributions", how=CAREFUL | NO_GRADIENT)
    for p in ([0.5, 0.5], [0.25, 0.25, 0.5], [0.0625, 0.9375]):
        for divergence in DIVERGENCES:
            yield divergence(p, p, "close-distributions", how=CAREFUL | NO_GRADIENT)
    for p, q in (
        ([0.5, 0.5], [1e-310, 1.0]),
        ([0.5, 0.5], [5e-324, 1.0]),
        ([0.25, 0.25, 0.5], [1e-320, 0.5, 0.5]),
        ([0.125, 0.875], [1.0, 3e-309]),
        ([1.0, 0.0], [2.5e-323, 1.0]),
        ([0.75, 0.25, 0.0], [1e-309, 0.25, 0.75]),
    ):
        for divergence in DIVERGENCES:
            yield divergence(p, q, "tiny-ratio", how=NO_GRADIENT)


def refused():
    for p in ([0.5, 0.25], [0.6, 0.6], [3, 1], [1.0, 1.0], [0.5, 0.5001]):
        yield entropy(p, "not-rescaled", how=REFUSE)
        yield perplexity(p, "not-rescaled", how=REFUSE)
        for of_two in (cross_entropy, *DIVERGENCES):
            yield of_two([0.5, 0.5], p, "not-rescaled", how=REFUSE)
    yield kl([2, 2], [0.5, 0.5], "not-rescaled", how=REFUSE)
    # within a rounding of 1, and taken as they are
    for p in ([0.7, 0.3000005], [0.2, 0.4999995, 0.3]):
        yield entropy(p, "not-rescaled")
        yield cross_entropy(p, p, "not-rescaled")
    for p in ([1.2, -0.2], [-0.5, 1.5], [0.5, 0.75, -0.25]):
        yield entropy(p, "outside-0-1", how=REFUSE)
        for of_two in (cross_entropy, *DIVERGENCES):
            yield of_two(p, p, "outside-0-1", how=REFUSE)
    for p in ([1.5], [-0.25], [0.5, 1.0000001]):
        yield surprisal(p, "outside-0-1", how=REFUSE)
    yield surprisal([NAN, 0.5], "nan-input", how=REFUSE)
    yield entropy([NAN, 0.5], "nan-input", how=REFUSE)
    for of_two in OF_TWO:
        yield of_two([NAN, 0.5], [0.5, 0.5], "nan-input", how=REFUSE)
        yield of_two([0.5, 0.5], [0.5, NAN], "nan-input", how=REFUSE)
