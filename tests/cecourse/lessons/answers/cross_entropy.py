"""Wrong answers to the exercises of notebook 02."""

import math

import numpy as np
from scipy.special import rel_entr

P, Q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]


def _kl(p, q, log=math.log):
    return sum(a * log(a / b) for a, b in zip(p, q) if a > 0)


overpaid = {
    "bits": _kl(P, Q, math.log2),
    "the whole bill, H(P, Q)": -sum(a * math.log(b) for a, b in zip(P, Q)),
    "the other direction, KL(Q, P)": _kl(Q, P),
    "forgot which is subtracted": -_kl(P, Q),
    "mean of the three terms": _kl(P, Q) / 3,
    "H(Q) - H(P)": 1.0297 - 0.8018,
    "H(P, Q) in nats minus H(P) in bits": 0.887 - 1.157,
    "rounded to two decimals before subtracting": 0.09,
    "other direction in bits": _kl(Q, P, math.log2),
    "a guess": 0.5,
}


def bits(p, q):
    total = 0
    for a, b in zip(p, q):
        if a > 0:
            if b == 0:
                return math.inf
            total += a * math.log2(a / b)
    return total


def exchanged(p, q):
    s = 0.0
    for i in range(len(p)):
        if q[i] == 0:
            continue
        if p[i] == 0:
            return math.inf
        s += q[i] * math.log(q[i] / p[i])
    return s


def only_p_guarded(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q) if a != 0)


def eps_in_q(p, q, eps=1e-12):
    kl = 0
    for a, b in zip(p, q):
        if a > 0:
            kl += a * math.log(a / (b + eps))
    return kl


def clipped(p, q):
    eps = 1e-7
    p = [max(a, eps) for a in p]
    q = [max(b, eps) for b in q]
    return sum(a * (math.log(a) - math.log(b)) for a, b in zip(p, q))


def skips_both(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q) if a > 0 and b > 0)


def cross_entropy_itself(p, q):
    h = 0
    for a, b in zip(p, q):
        if a == 0:
            continue
        h -= a * (math.log(b) if b > 0 else -math.inf)
    return h


def mean_for_sum(p, q):
    terms = []
    for a, b in zip(p, q):
        if a == 0:
            terms.append(0)
        elif b == 0:
            terms.append(math.inf)
        else:
            terms.append(a * math.log(a / b))
    return sum(terms) / len(terms)


def any_zero_in_q(p, q):
    if 0 in q:
        return math.inf
    return sum(a * math.log(a / b) for a, b in zip(p, q) if a > 0)


def break_at_zero(p, q):
    s = 0
    for a, b in zip(p, q):
        if a == 0:
            return 0
        if b == 0:
            return math.inf
        s += a * math.log(a / b)
    return s


def return_in_loop(p, q):
    s = 0
    for a, b in zip(p, q):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            s += a * math.log(a / b)
        return s


def add_one_smoothing(p, q):
    k = len(q)
    q = [(b + 1) / (1 + k) for b in q]
    return sum(a * math.log(a / b) for a, b in zip(p, q) if a > 0)


def large_number(p, q):
    s = 0
    for a, b in zip(p, q):
        try:
            s += a * math.log(a / b) if a > 0 else 0
        except ZeroDivisionError:
            return 1e9
    return s


def fills_q_in_place(p, q):
    for i in range(len(q)):
        if q[i] == 0:
            q[i] = 1e-15
    return sum(p[i] * math.log(p[i] / q[i]) for i in range(len(p)) if p[i])


def nan_hidden(p, q):
    p, q = np.array(p), np.array(q)
    with np.errstate(all="ignore"):
        terms = p * np.log(p / q)
    return float(np.sum(terms[np.isfinite(terms)]))


def bits_and_skips(p, q):
    out = 0
    for a, b in zip(p, q):
        if a * b > 0:
            out += a * math.log(a / b, 2)
    return out


own_kl = {
    "bits": bits,
    "P and Q exchanged": exchanged,
    "zero in q divides by zero": only_p_guarded,
    "1e-12 added to q": eps_in_q,
    "both clipped at 1e-7": clipped,
    "skips the term where q is 0": skips_both,
    "the cross-entropy": cross_entropy_itself,
    "mean of the terms": mean_for_sum,
    "infinite for any zero in q": any_zero_in_q,
    "returns 0 at the first zero in p": break_at_zero,
    "return inside the loop": return_in_loop,
    "add-one smoothing of q, as with the letters": add_one_smoothing,
    "a large number for infinity": large_number,
    "fills the zeros of q in the caller's list": fills_q_in_place,
    "NumPy, keeps the finite terms only": nan_hidden,
    "bits, and skips every zero": bits_and_skips,
}


def bill_minus_entropy(p, q):
    if any(a > 0 and b == 0 for a, b in zip(p, q)):
        return math.inf
    bill = math.fsum(-a * math.log(b) for a, b in zip(p, q) if b > 0)
    return bill - math.fsum(-a * math.log(a) for a in p if a > 0)


def log_of_product(p, q):
    ratio = 1.0
    for a, b in zip(p, q):
        if a and not b:
            return float("inf")
        ratio *= (a / b) ** a if a else 1
    return math.log(ratio)


RIGHT_own_kl = {
    "bill minus entropy, with fsum": bill_minus_entropy,
    "logarithm of a product of powers": log_of_product,
    "SciPy's rel_entr, as float32": lambda p, q: np.float32(rel_entr(p, q).sum()),
}

BITS = 50 * 1.2 / math.log(2)
file_size = {
    "nats taken for bits": math.ceil(50 * 1.2 / 8),
    "the bits, for the bytes": 87,
    "bits with decimals": BITS,
    "rounded down": int(BITS / 8),
    "not rounded": 10.82,
    "two whole bits a letter": math.ceil(50 * 2 / 8),
    "times ln 2": math.ceil(50 * 1.2 * math.log(2) / 8),
    "one letter only": 1,
    "kilobytes": 0.011,
    "a byte for each letter": 50,
    "the nats, for the bytes": 60,
    "nats divided by 8, not rounded": 7.5,
    "bits, one letter": 1.73,
    "a guess": 100,
}

two_files = {
    "bytes a letter": 450 / 4000,
    "bits of the whole tale": 3600,
    "bytes of the whole tale": 450,
    "cross-entropy": 8 * 2700 / 4000,
    "entropy": 8 * 2250 / 4000,
    "nats": 0.9 * math.log(2),
    "per cent of growth": 0.2,
    "ratio of the files": 1.2,
    "wrong sign": -0.9,
    "divided by ln 2": 0.9 / math.log(2),
    "divided by 8 instead of times": 450 / 8 / 4000,
    "a guess": 0.5,
}

ROWS = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.4]])
LABELS = np.array([0, 1, 0])
_given = ROWS[[0, 1, 2], LABELS]
_again = np.exp(ROWS) / np.exp(ROWS).sum(axis=1, keepdims=True)
_one_hot = np.eye(3)[LABELS]

three_pictures = {
    "sum for mean": -np.log(_given).sum(),
    "bits": -np.log2(_given).mean(),
    "log of the mean probability": -math.log(_given.mean()),
    "divided by all nine entries": -np.log(_given).sum() / 9,
    "labels counted from one, so index -1, 0, -1": -np.log(ROWS[[0, 1, 2], LABELS - 1]).mean(),
    "largest probability of each row": -np.log(ROWS.max(axis=1)).mean(),
    "binary cross-entropy summed over the classes": -(
        _one_hot * np.log(ROWS) + (1 - _one_hot) * np.log(1 - ROWS)
    ).sum()
    / 3,
    "mean probability of the right class": 0.533,
    "bits, and the sum": -np.log2(_given).sum(),
    "a guess": 0.5,
}

M = [0.75, 0.25]
half_way = {
    "forgot the two halves": _kl([1, 0], M) + _kl([0.5, 0.5], M),
    "the root, as SciPy's jensenshannon gives it": 0.4645,
    "bits": (_kl([1, 0], M) + _kl([0.5, 0.5], M)) / 2 / math.log(2),
    "KL(P, Q)": math.log(2),
    "KL(Q, P)": math.inf,
    "KL(P, M) alone": math.log(4 / 3),
    "KL(Q, M) alone, or half of KL(P, M)": 0.1438,
    "KL(M, Q) alone": _kl(M, [0.5, 0.5]),
    "root, in bits": 0.558,
    "a guess": 0.5,
}
