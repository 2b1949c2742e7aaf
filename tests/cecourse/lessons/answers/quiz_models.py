import math

import numpy as np

import cehelpers as ce

p = np.array([0.6, 0.3, 0.1])

q11 = {
    "probability doubled": 1.2,
    "nothing changes": 0.6,
    "squared, not divided by the sum": 0.36,
    "probabilities taken for logits and doubled": ce.softmax(2 * p)[0],
    "root for square, the logits halved": (p**0.5 / (p**0.5).sum())[0],
    "dog forgotten in the sum": 0.36 / (0.36 + 0.09),
    "only the fox doubled": 1.2 / 1.6,
    "fox against the rest, a sigmoid": 1 / (1 + (0.4 / 0.6) ** 2),
    "typed with two digits": 0.78,
    "the surest answer, a guess": 1,
}

q13 = {
    "label minus probability": -0.6,
    "fox taken for the right class": 0.6 - 1,
    "slope of the cat": 0.3 - 1,
    "the cat's share": 0.3,
    "slope of the cat's probability": -0.6 * 0.3,
    "slope of the fox's own probability": 0.6 * 0.4,
    "loss of the row": -math.log(0.3),
    "only the right class is pushed": 0,
    "divided by three classes": 0.2,
    "guess": 1,
}

one, other = 0.75**6 * 0.25**2, 0.5**8
q14 = {
    "likelihood of the first alone": one,
    "log of the ratio": math.log(one / other),
    "ratio upside down": other / one,
    "binomial likelihood of the first": 28 * one,
    "ratio of the two p": 0.75 / 0.5,
    "tails forgotten": 0.75**6 / 0.5**6,
    "heads and tails exchanged": 0.75**2 * 0.25**6 / other,
    "per flip": (one / other) ** (1 / 8),
    "typed with two digits": 2.8,
    "guess": 3,
}

q16 = {
    "learns the true rate": 0.01,
    "only (1 − α) y": 0.8 * 0.01,
    "only α/2": 0.1,
    "α in place of α/2": 0.8 * 0.01 + 0.2,
    "positives only": 0.01 * 0.9,
    "textbooks' convention, α to the other class": 0.01 * 0.8 + 0.99 * 0.2,
    "1 − α forgotten": 0.01 + 0.1,
    "solved for y, the way back": (0.01 - 0.1) / 0.8,
    "in per cent": 10.8,
    "guess": 0.2,
}

q18 = {
    "bins not weighted": (0.1 + 0.15) / 2,
    "gaps with their signs": 0.6 * 0.1 - 0.4 * 0.15,
    "gaps summed": 0.1 + 0.15,
    "the largest gap": 0.15,
    "squared gaps": 0.6 * 0.1**2 + 0.4 * 0.15**2,
    "in per cent": 12,
    "weights exchanged": 0.4 * 0.1 + 0.6 * 0.15,
    "weights are the rainy days": 54 / 64 * 0.1 + 10 / 64 * 0.15,
    "only the first claim": 0.06,
    "guess": 0.2,
}
