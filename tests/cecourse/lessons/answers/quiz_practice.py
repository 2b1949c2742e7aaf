import math

import cehelpers as ce

q21 = {
    "the cut of the prices, weight forgotten": 1 / 81,
    "stopped at the odds": 20 / 80,
    "probability times the weight": 20 / 81,
    "odds of the prices": 1 / 80,
    "weight divided out, not put in": 1 / (1 + 80 * 20),
    "half, a guess": 0.5,
    "raw odds upside down": 80 / (80 + 20),
    "weight as the only price": 1 / 21,
    "costs exchanged": 80 * 20 / (80 * 20 + 1),
    "divided the probability by the weight": 1 / 81 / 20,
}

share, found, false = 0.002, 0.8, 0.02
q23 = {
    "precision stays as it is": 0.976,
    "2% of all payments for 2% of the honest": share * found / (share * found + false),
    "recall": 0.8,
    "precision times the share of frauds": 0.976 * 0.002,
    "stopped at the odds": share * found / ((1 - share) * false),
    "2 in 1,000 read as 2%": 0.02 * 0.8 / (0.02 * 0.8 + 0.98 * 0.02),
    "all frauds found": share / (share + (1 - share) * false),
    "in per cent": 7.42,
    "from the rounded 0.976, odds times 0.002": 0.976 / 0.024 * 0.002,
    "guess": 0.5,
}

base = ce.entropy([0.0018, 0.9982])
q24 = {
    "ratio upside down": base / 0.042,
    "over the share of frauds": 0.042 / 0.0018,
    "only the frauds' term": 0.042 / (-0.0018 * math.log(0.0018)),
    "0.0018's entropy in bits": 0.042 / ce.entropy([0.0018, 0.9982], base=2),
    "difference for ratio": 0.042 - base,
    "the surprise of a fraud": 0.042 / -math.log(0.0018),
    "0.18% read as 0.18": 0.042 / ce.entropy([0.18, 0.82]),
    "the entropy itself": base,
    "a guess": 3,
}

RIGHT_q24 = {"entropy rounded to 0.013 on the way": 3.23}

q28 = {
    "divided, not multiplied": 1 / 64,
    "root of the batch": math.sqrt(64),
    "one over the root": 0.125,
    "no change": 1,
    "one row less": 63,
    "half the batch": 32,
    "batch squared": 4096,
    "log of the batch": math.log(64),
    "powers of two in the batch": 6,
    "guess": 10,
}

q29 = {
    "as it stands": 0.04,
    "times the rows": 0.04 * 8,
    "the whole sum": 0.04 * 40,
    "divided by the classes": 0.04 / 5,
    "divided by the rows": 0.04 / 8,
    "K − 1 classes": 0.04 * 4,
    "in bits": 0.2 / math.log(2),
    "times rows, over classes": 0.04 * 8 / 5,
    "times classes, over rows": 0.025,
    "guess": 0.5,
}
