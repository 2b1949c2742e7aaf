"""Wrong answers to the exercises of notebook 04."""

import math
from decimal import Decimal, localcontext

import numpy as np


def _sigma(z):
    return 1 / (1 + math.exp(-z))


confident_mistake = {
    "the logit itself, as far out": 3,
    "label 1": math.log(1 + math.exp(-3)),
    "the probability": _sigma(3),
    "bits": math.log2(1 + math.exp(3)),
    "forgot the minus": math.log(1 - _sigma(3)),
    "sigmoid twice": math.log(1 + math.exp(_sigma(3))),
    "p rounded to 0.95 on the way": 2.996,
    "z taken for the probability": math.log(3),
    "label 1, in bits": 0.0701,
    "a guess": 1,
}

one_too_many = {
    "the loss with the logit, as it should be": math.log(1 + math.exp(-2)),
    "label 0": math.log(1 + math.exp(_sigma(2))),
    "label 0, and one sigmoid": math.log(1 + math.exp(2)),
    "sigmoid of the sigmoid, no logarithm": _sigma(_sigma(2)),
    "bits": math.log2(1 + math.exp(-_sigma(2))),
    "p itself": _sigma(2),
    "forgot the minus": math.log(_sigma(_sigma(2))),
    "how much it is too high": 0.3472 - 0.1269,
    "p rounded to 0.9": 0.341,
    "a guess": 0.5,
}

through_the_clip = {
    "no clip at all": [18.0, _sigma(-18) - 1],
    "clipped loss, true slope": [-math.log(1e-6), -1.0],
    "clipped loss, slope of the clipped p": [-math.log(1e-6), 1e-6 - 1],
    "true loss, no slope": [18, 0],
    "nothing gets through": [0, 0],
    "base 10": [6, 0],
    "slope in p": [13.8155, -1e6],
    "order exchanged": [0, 13.8155],
    "forgot the minus": [math.log(1e-6), 0],
    "the clipped p for the loss": [1e-6, 0],
    "eps of 1e-7, as in the text": [16.118, 0],
    "only the loss": 13.8155,
    "bits, and slope -1": [19.93, -1],
    "a guess": [14.5, 0.5],
}
RIGHT_through_the_clip = {
    "float32 array, minus zero": np.array([np.log(1e6), -0.0], dtype=np.float32),
    "a tuple": (6 * math.log(10), 0),
    "copied from the screen": [13.82, 0],
}


def naive(y, z):
    p = 1 / (1 + math.exp(-z))
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


def clipped(y, z, eps=1e-12):
    if z < -700:
        p = 0.0
    else:
        p = 1 / (1 + math.exp(-z))
    p = min(max(p, eps), 1 - eps)
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


def textbook_softplus(y, z):
    return math.log(1 + math.exp(z)) - z * y


def log_for_log1p(y, z):
    return max(z, 0) - z * y + math.log(1 + math.exp(-abs(z)))


def only_hard(y, z):
    m = -z if y == 1 else z
    return max(m, 0) + math.log1p(math.exp(-abs(m)))


def truthy_label(y, z):
    if y:
        z = -z
    if z > 0:
        return z + math.log1p(math.exp(-z))
    return math.log1p(math.exp(z))


def bits(y, z):
    return (max(z, 0) - z * y + math.log1p(math.exp(-abs(z)))) / math.log(2)


def logit_held_at_500(y, z):
    if z > 500:
        z = 500
    if z < -500:
        z = -500
    p = 1 / (1 + math.exp(-z))
    if p == 1:
        return (1 - y) * z
    return -y * math.log(p) - (1 - y) * math.log1p(-p)


def overflow_is_infinite(y, z):
    try:
        return math.log(1 + math.exp(z)) - z * y
    except OverflowError:
        return math.inf


def linear_above_20(y, z):
    softplus = z if z > 20 else math.log1p(math.exp(z))
    return softplus - y * z


def no_absolute_value(y, z):
    return max(z, 0) - z * y + math.log1p(math.exp(-z))


def exact_softplus_minus_zy(y, z):
    softplus = max(z, 0) + math.log1p(math.exp(-abs(z)))
    return softplus - z * y


def stable_sigmoid_then_log(y, z):
    if z >= 0:
        p = 1 / (1 + math.exp(-z))
    else:
        e = math.exp(z)
        p = e / (1 + e)
    loss = 0
    if y > 0:
        loss -= y * math.log(p) if p > 0 else -math.inf
    if y < 1:
        loss -= (1 - y) * math.log(1 - p) if p < 1 else -math.inf
    return loss


def arguments_exchanged(z, y):
    return max(z, 0) - z * y + math.log1p(math.exp(-abs(z)))


def one_half_only(y, z):
    s = math.log1p(math.exp(-abs(z)))
    log_p = -s if z > 0 else z - s
    return -y * log_p


def bits_and_log(y, z):
    return max(z, 0) - z * y + math.log2(1 + math.exp(-abs(z)))


stable_loss = {
    "sigmoid, then logarithms": naive,
    "clip at 1e-12": clipped,
    "softplus(z) - zy of the textbooks": textbook_softplus,
    "stable form, log for log1p": log_for_log1p,
    "hard labels only": only_hard,
    "any label but 0 is a 1": truthy_label,
    "bits": bits,
    "logit held between -500 and 500": logit_held_at_500,
    "overflow caught, infinity": overflow_is_infinite,
    "softplus is z above 20": linear_above_20,
    "forgot the absolute value": no_absolute_value,
    "exact softplus, z y subtracted last": exact_softplus_minus_zy,
    "stable sigmoid, then logarithms": stable_sigmoid_then_log,
    "parameters in the other order": arguments_exchanged,
    "only the half with y": one_half_only,
    "log2 of the second part, no log1p": bits_and_log,
}


def two_softplus(y, z):
    def softplus(t):
        return max(t, 0.0) + math.log1p(math.exp(-abs(t)))

    return y * softplus(-z) + (1 - y) * softplus(z)


def with_decimals(y, z):
    with localcontext() as context:
        context.prec = 800
        z, y = Decimal(z), Decimal(y)
        return float((1 + z.exp()).ln() - z * y)


RIGHT_stable_loss = {
    "two softplus, one a label": two_softplus,
    "NumPy's logaddexp, a NumPy scalar": lambda y, z: (
        y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    ),
    "decimal with 800 digits": with_decimals,
}


def plain(y, z):
    return 1 / (1 + math.exp(-z)) - y


def stable_sigmoid_minus_y(y, z):
    if z >= 0:
        p = 1 / (1 + math.exp(-z))
    else:
        p = math.exp(z) / (1 + math.exp(z))
    return p - y


def _stable(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def sign_reversed(y, z):
    return y * _stable(-z) - (1 - y) * _stable(z)


def sigmoid_slope(y, z):
    return _stable(z) * _stable(-z)


def squared_error(y, z):
    p, rest = _stable(z), _stable(-z)
    return (y * -rest + (1 - y) * p) * p * rest


def label_one_always(y, z):
    return -_stable(-z)


def hard_only(y, z):
    if y == 1:
        return -_stable(-z)
    return _stable(z)


def held_at_30(y, z):
    z = min(max(z, -30), 30)
    if y > 0.999:
        return -1 / (1 + math.exp(z))
    return 1 / (1 + math.exp(-z)) - y


def measured_step(y, z):
    def loss(t):
        return max(t, 0) + math.log(1 + math.exp(-abs(t))) - t * y

    h = 1e-5
    return (loss(z + h) - loss(z - h)) / (2 * h)


def coarse_step(y, z):
    def softplus(t):
        return max(t, 0) + math.log1p(math.exp(-abs(t)))

    def loss(t):
        return y * softplus(-t) + (1 - y) * softplus(t)

    return (loss(z + 0.1) - loss(z)) / 0.1


def chain_of_factors(y, z):
    p = _stable(z)
    dl_dp = -y / p + (1 - y) / (1 - p)
    return dl_dp * p * (1 - p)


def half_with_y(y, z):
    return -y * _stable(-z)


def overflow_is_no_slope(y, z):
    try:
        if y == 1:
            return -1 / (1 + math.exp(z))
        return 1 / (1 + math.exp(-z)) - y
    except OverflowError:
        return 0.0


def remembers_the_number(y, z):
    g = _stable(z) - y
    if abs(g) < 1e-12:
        return -4.24835e-18
    return g


def expm1_overflow(y, z):
    e = math.exp(z)
    return ((1 - y) * e - y) / (1 + e)


def sign_and_digits(y, z):
    return y - _stable(z)


slope = {
    "sigmoid minus y": plain,
    "stable sigmoid minus y": stable_sigmoid_minus_y,
    "wrong sign": sign_reversed,
    "the slope of the sigmoid": sigmoid_slope,
    "slope of half the squared error": squared_error,
    "as for label 1": label_one_always,
    "hard labels only": hard_only,
    "logit held between -30 and 30": held_at_30,
    "finite difference, with log for log1p": measured_step,
    "forward difference with a step of 0.1": coarse_step,
    "chain rule, factor by factor": chain_of_factors,
    "only the half with y": half_with_y,
    "overflow caught, slope 0": overflow_is_no_slope,
    "puts the wanted number in for tiny slopes": remembers_the_number,
    "one fraction of e^z, overflows": expm1_overflow,
    "wrong sign, and digits lost": sign_and_digits,
}


def slope_by_logs(y, z):
    def log_sigmoid(t):
        return min(t, 0) - math.log1p(math.exp(-abs(t)))

    return (1 - y) * math.exp(log_sigmoid(z)) - y * math.exp(log_sigmoid(-z))


def slope_by_tail(y, z):
    tail = math.exp(-abs(z)) / (1 + math.exp(-abs(z)))
    return (1 - y) - tail if z > 0 else tail - y


def slope_decimal(y, z):
    with localcontext() as context:
        context.prec = 800
        return float(1 / (1 + (-Decimal(z)).exp()) - Decimal(y))


RIGHT_slope = {
    "exponentials of log-sigmoids": slope_by_logs,
    "tail of the sigmoid on either side": slope_by_tail,
    "decimal with 800 digits": slope_decimal,
}
