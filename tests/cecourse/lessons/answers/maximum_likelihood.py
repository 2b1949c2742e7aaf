"""Wrong answers to the exercises of notebook 06."""

import math

import numpy as np

three_customers = {
    "forgot to turn the one who stayed": 0.8 * 0.3 * 0.6,
    "sum for product": 0.8 + 0.7 + 0.6,
    "mean of the three chances": 0.7,
    "negative log-likelihood": -math.log(0.8 * 0.7 * 0.6),
    "its mean, the cross-entropy": -math.log(0.8 * 0.7 * 0.6) / 3,
    "all labels turned round": 0.2 * 0.3 * 0.4,
    "only those who left": 0.8 * 0.6,
    "any order of two leaving": 3 * 0.8 * 0.7 * 0.6,
    "not turned, and its logarithm": math.log(0.8 * 0.3 * 0.6),
    "a guess": 0.5,
}

_H = -0.8 * math.log(0.8) - 0.2 * math.log(0.2)
wrong_guess = {
    "all fifteen flips together": 15 * (math.log(2) - _H),
    "bits": 1 - _H / math.log(2),
    "the whole loss at 0.5": math.log(2),
    "the minimum itself": _H,
    "KL the other way round": 0.5 * math.log(0.5 / 0.8) + 0.5 * math.log(0.5 / 0.2),
    "log-ratio of the two p, not weighted": math.log(0.8 / 0.5),
    "subtracted the wrong way round": _H - math.log(2),
    "losses rounded to two decimals first": 0.19,
    "all flips, in bits": 4.171,
    "a guess": 0.5,
}


def _p(w, b, x):
    return 1 / (1 + np.exp(-(w * np.asarray(x) + b)))


def sum_for_mean(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = 1 / (1 + np.exp(-(w * x + b))) - y
    return [np.sum(e * x), np.sum(e)]


def sign_reversed(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = y - 1 / (1 + np.exp(-(w * x + b)))
    return [np.mean(e * x), np.mean(e)]


def no_sigmoid(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = (w * x + b) - y
    return [np.mean(e * x), np.mean(e)]


def exchanged(w, b, x, y):
    e = _p(w, b, x) - np.asarray(y)
    return [e.mean(), (e * np.asarray(x)).mean()]


def forgot_x(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    error = _p(w, b, x) - y
    return [error.mean(), error.mean()]


def with_toll(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    p = _p(w, b, x)
    e = (p - y) * p * (1 - p)
    return [np.mean(e * x), np.mean(e)]


def bias_times_x(w, b, x, y):
    g = (_p(w, b, x) - np.asarray(y)) * np.asarray(x)
    return [g.mean(), g.mean()]


def product_of_means(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    error = np.mean(_p(w, b, x) - y)
    return [error * np.mean(x), error]


def brackets_forgotten(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = 1 / (1 + np.exp(-w * x + b)) - y
    return [np.mean(e * x), np.mean(e)]


def return_in_loop(w, b, x, y):
    dw = db = 0
    n = len(x)
    for xi, yi in zip(x, y):
        p = 1 / (1 + math.exp(-(w * xi + b)))
        dw += (p - yi) * xi / n
        db += (p - yi) / n
        return [dw, db]


def overwrites_x(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    x *= w
    x += b
    p = 1 / (1 + np.exp(-x))
    return [np.mean((p - y) * x), np.mean(p - y)]


def positives_only(w, b, x, y):
    dw, db = 0.0, 0.0
    for xi, yi in zip(x, y):
        if yi == 1:
            p = 1 / (1 + math.exp(-(w * xi + b)))
            dw += (p - 1) * xi
            db += p - 1
    return [dw / len(x), db / len(x)]


def rows_not_summed(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = _p(w, b, x) - y
    return [e * x / len(x), e / len(x)]


def step_not_halved(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)

    def loss(w, b):
        z = w * x + b
        return np.mean(np.logaddexp(0, z) - z * y)

    h = 1e-5
    return [(loss(w + h, b) - loss(w - h, b)) / h, (loss(w, b + h) - loss(w, b - h)) / h]


def after_the_step(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    e = _p(w, b, x) - y
    return [w - np.mean(e * x), b - np.mean(e)]


def sum_and_sign(w, b, x, y):
    dw = db = 0
    for xi, yi in zip(x, y):
        p = 1 / (1 + math.exp(-w * xi - b))
        dw += (yi - p) * xi
        db += yi - p
    return [dw, db]


gradients = {
    "sum for mean": sum_for_mean,
    "y - p": sign_reversed,
    "no sigmoid, as in linear regression": no_sigmoid,
    "[db, dw]": exchanged,
    "forgot x": forgot_x,
    "times p(1 - p)": with_toll,
    "x in the slope of b, too": bias_times_x,
    "mean error times mean x": product_of_means,
    "minus does not reach b": brackets_forgotten,
    "return inside the loop": return_in_loop,
    "x overwritten by z": overwrites_x,
    "only the rows with y = 1": positives_only,
    "one slope a row": rows_not_summed,
    "finite difference divided by h": step_not_halved,
    "the weights after a step": after_the_step,
    "sum, and y - p": sum_and_sign,
}


def by_matrix(w, b, x, y):
    A = np.column_stack([x, np.ones(len(x))])
    p = 1 / (1 + np.exp(-A @ np.array([w, b])))
    return A.T @ (p - np.asarray(y)) / len(y)


def by_loop(w, b, x, y):
    n, dw, db = len(x), 0.0, 0.0
    for xi, yi in zip(x, y):
        e = 0.5 * (1 + math.tanh((w * xi + b) / 2)) - yi
        dw += e * xi / n
        db += e / n
    return dw, db


def by_chain_rule(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    p = 1 / (1 + np.exp(-(w * x + b)))
    dz = (-y / p + (1 - y) / (1 - p)) * p * (1 - p)
    return np.float32([np.mean(dz * x), np.mean(dz)])


RIGHT_gradients = {
    "a matrix of two columns, an array back": by_matrix,
    "a loop with tanh, a tuple back": by_loop,
    "chain rule factor by factor, float32": by_chain_rule,
}


def _sigma(z):
    return 1 / (1 + math.exp(-z))


def gradient_step(z, rate):
    return z - (_sigma(z) - rate)


def uphill(z, rate):
    p = 1 / (1 + math.exp(-z))
    return z + (p - rate) / (p * (1 - p))


def curvature_of_rate(z, rate):
    return z - (_sigma(z) - rate) / (rate * (1 - rate))


def times_curvature(z, rate):
    p = _sigma(z)
    slope = p - rate
    curvature = p * (1 - p)
    return z - slope * curvature


def curvature_p(z, rate):
    p = _sigma(z)
    return z - (p - rate) / p


def the_answer_itself(z, rate):
    return math.log(rate / (1 - rate))


def returns_p(z, rate):
    p = _sigma(z)
    z = z - (p - rate) / (p * (1 - p))
    return 1 / (1 + math.exp(-z))


def two_steps(z, rate):
    for _ in range(2):
        p = _sigma(z)
        z -= (p - rate) / (p * (1 - p))
    return z


def until_it_stands(z, rate):
    for _ in range(100):
        p = 1 / (1 + np.exp(-z))
        new = z - (p - rate) / (p * (1 - p))
        if abs(new - z) < 1e-10:
            break
        z = new
    return z


def only_the_step(z, rate):
    p = _sigma(z)
    return -(p - rate) / (p * (1 - p))


def root_finding_on_loss(z, rate):
    p = _sigma(z)
    loss = -rate * math.log(p) - (1 - rate) * math.log(1 - p)
    return z - loss / (p - rate)


def step_held_at_one(z, rate):
    p = _sigma(z)
    step = (p - rate) / (p * (1 - p))
    step = max(-1, min(1, step))
    return z - step


def sigma_sign(z, rate):
    p = 1 / (1 + math.exp(z))
    return z - (p - rate) / (p * (1 - p))


def brackets_forgotten(z, rate):
    p = _sigma(z)
    return z - (p - rate) / p * (1 - p)


def uphill_without_curvature(z, rate):
    return z + _sigma(z) - rate


def curvature_by_large_step(z, rate):
    h = 1.0
    slope = _sigma(z) - rate
    curvature = (_sigma(z + h) - _sigma(z)) / h
    return z - slope / curvature


newton_step = {
    "a gradient step": gradient_step,
    "uphill": uphill,
    "curvature rate (1 - rate)": curvature_of_rate,
    "times the curvature": times_curvature,
    "curvature p": curvature_p,
    "the logit of the rate straight away": the_answer_itself,
    "the new probability": returns_p,
    "two steps": two_steps,
    "steps until nothing moves": until_it_stands,
    "the step without z": only_the_step,
    "loss over slope": root_finding_on_loss,
    "step held at one": step_held_at_one,
    "sign inside the sigmoid": sigma_sign,
    "brackets of the divisor forgotten": brackets_forgotten,
    "uphill, and no curvature": uphill_without_curvature,
    "curvature from a difference with h = 1": curvature_by_large_step,
}

RIGHT_newton_step = {
    "closed form with cosh": lambda z, rate: z - 1 - math.exp(z) + 2 * rate * (1 + math.cosh(z)),
    "solve, a NumPy scalar": lambda z, rate: (
        z - np.linalg.solve([[1 / (2 + 2 * np.cosh(z))]], [1 / (1 + np.exp(-z)) - rate])[0]
    ),
    "through tanh": lambda z, rate: (
        z - (0.5 + 0.5 * math.tanh(z / 2) - rate) * 4 / (1 - math.tanh(z / 2) ** 2)
    ),
}

_Z = _sigma(4)
at_its_start = {
    "the other way round": _Z * (1 - _Z),
    "forgot that p cancels": 1 / (_Z * _Z * (1 - _Z)),
    "ratio of the losses": -math.log(1 - _Z) / (0.5 * _Z**2),
    "whole squared error, factor 2": 1 / (2 * _Z * (1 - _Z)),
    "only 1 / (1 - p)": 1 / (1 - _Z),
    "e^4, the odds": math.exp(4),
    "slope of the cross-entropy": _Z,
    "p rounded to 0.98": 51.02,
    "z = -6 of the text": 405.4,
    "a guess": 50,
}

_ODDS = 0.3 / 0.7
one_step_right = {
    "probability times the odds ratio": 0.3 * math.exp(0.8),
    "coefficient added to the probability": 0.3 + 0.8,
    "the new odds": _ODDS * math.exp(0.8),
    "sigmoid of 0.3 + 0.8": _sigma(0.3 + 0.8),
    "coefficient subtracted": _sigma(math.log(_ODDS) - 0.8),
    "odds of 0.3 taken as 0.3": 0.3 * math.exp(0.8) / (1 + 0.3 * math.exp(0.8)),
    "2.55 of the text for the odds ratio": _ODDS * 2.55 / (1 + _ODDS * 2.55),
    "odds rounded to 0.4, ratio to 2.2": 0.468,
    "subtracted, and the odds for the probability": _ODDS * math.exp(-0.8),
    "a guess": 0.5,
}
