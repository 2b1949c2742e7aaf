import math
from fractions import Fraction

import numpy as np

import cehelpers as ce

constant_loss = {
    "only the frauds' term of the entropy": -0.005 * math.log(0.005),
    "only the honest payments' term": -0.995 * math.log(0.995),
    "surprise of a fraud": -math.log(0.005),
    "in bits": ce.entropy([0.005, 0.995], base=2),
    "0.5% typed as 0.5": ce.entropy([0.5, 0.5]),
    "Harbor's base rate 0.0018 in place of 0.005": 0.0132,
    "the reported loss over the constant's": 0.028 / ce.entropy([0.005, 0.995]),
    "0.5% typed as 0.05, a zero lost": ce.entropy([0.05, 0.95]),
    "plus for minus in front of the honest term": -0.005 * math.log(0.005)
    + 0.995 * math.log(0.995),
    "just a guess": 0.1,
}

cut_of_550 = {
    "false alarm over missed fraud": 1 / 550,
    "the two costs exchanged": 550 / 551,
    "rounded to two digits, from the screen": 0.0018,
    "rounded to three decimals": 0.002,
    "in per cent": 100 / 551,
    "all costs counted off by one": 1 / 552,
    "the odds, 550 to 1": 550,
    "the logit of the cut": -math.log(550),
    "the story's cut divided by the price": 0.35 / 550,
    "the usual cut, a guess": 0.5,
}

raw_35 = {
    "the probability divided by the weight": 0.35 / 550,
    "stopped at the odds": 0.35 / 0.65 / 550,
    "multiplied the odds by 550": (0.35 / 0.65 * 550) / (1 + 0.35 / 0.65 * 550),
    "stopped at the shifted logit": math.log(0.35 / 0.65) - math.log(550),
    "took 0.35 for a logit": ce.sigmoid(0.35 - math.log(550)),
    "base-10 logarithm of 550": ce.sigmoid(ce.logit(0.35) - math.log10(550)),
    "calibrated, so it means what it says": 0.35,
    "the story's 32%": 0.32,
    "rounded the logit to −6.9 on the way": 0.001007,
    "probability of being honest": 1 - 1 / (1 + 550 * 0.65 / 0.35),
}

price_inside = {
    "the odds of the cut": 0.35 / 0.65,
    "one over the cut": 1 / 0.35,
    "one over the rest": 1 / 0.65,
    "1 − the cut": 0.65,
    "rounded to two digits": 1.9,
    "the weight of the story": 550,
    "log of the price": math.log(0.65 / 0.35),
    "negative log-odds": 0.619 * -1,
    "squared": 3.449,
    "about twice, a guess": 2,
}

rows_needed = {
    "forgot to square": 1.96 * math.sqrt(0.35 * 0.65) / 0.02,
    "one standard error for ±0.02": 0.35 * 0.65 / 0.02**2,
    "worst case ½ for the share": 1.96**2 * 0.25 / 0.02**2,
    "p(1 − p) forgotten": (1.96 / 0.02) ** 2,
    "±0.02 read as the whole width": 8740,
    "one-sided 95%, z = 1.645": 1.645**2 * 0.35 * 0.65 / 0.02**2,
    "2 for 1.96": 2275,
    "worst case ½, and z = 1.645": 1.645**2 * 0.25 / 0.02**2,
    "relative 2% of 0.35": 1.96**2 * 0.65 / 0.35 / 0.02**2,
    "a guess": 1000,
}

chain_rule = {
    "added both as they are": 0.0068 + 0.13,
    "multiplied the two": 0.0068 * 0.13,
    "type part alone": 0.0018 * 0.13,
    "gate weighted by the honest share": 0.9982 * 0.0068 + 0.0018 * 0.13,
    "0.18% typed as 0.18": 0.0068 + 0.18 * 0.13,
    "weight 1 − π for the types": 0.0068 + 0.9982 * 0.13,
    "result turned into bits": (0.0068 + 0.0018 * 0.13) / math.log(2),
    "rounded on the way": 0.0070,
    "the gate already has it": 0.0068,
    "guess": 0.01,
}


def cut_accuracy(y, p, cost_fp, cost_fn):
    best, best_acc = 0, -1
    for t in sorted(p):
        acc = np.mean((p >= t) == y)
        if acc > best_acc:
            best, best_acc = t, acc
    return best


def cut_empirical(y, p, cost_fp, cost_fn):
    y, p = np.asarray(y), np.asarray(p)
    bills = []
    for t in p:
        flag = p >= t
        bills.append(cost_fp * np.sum(flag & (y == 0)) + cost_fn * np.sum(~flag & (y == 1)))
    return p[np.argmin(bills)]


def cut_grid(y, p, cost_fp, cost_fn):
    grid = np.linspace(0, 1, 101)
    bills = [ce.expected_cost(y, p, threshold=t, cost_fp=cost_fp, cost_fn=cost_fn) for t in grid]
    return grid[int(np.argmin(bills))]


def cut_returns_cost(y, p, cost_fp, cost_fn):
    lowest = math.inf
    for t in np.unique(p):
        fp = ((p >= t) & (y == 0)).sum()
        fn = ((p < t) & (y == 1)).sum()
        if fp * cost_fp + fn * cost_fn < lowest:
            lowest = fp * cost_fp + fn * cost_fn
    return lowest


def cut_index(y, p, cost_fp, cost_fn):
    cuts = np.linspace(0.01, 0.99, 99)
    costs = []
    for c in cuts:
        costs.append(np.mean(np.where(p >= c, (1 - y) * cost_fp, y * cost_fn)))
    return np.argmin(costs)


def cut_early_return(y, p, cost_fp, cost_fn):
    best = None
    lowest = float("inf")
    for t in p:
        cost = cost_fp * sum(1 for a, b in zip(y, p) if b >= t and a == 0)
        cost += cost_fn * sum(1 for a, b in zip(y, p) if b < t and a == 1)
        if cost < lowest:
            lowest, best = cost, t
        return best


def cut_f1(y, p, cost_fp, cost_fn):
    def f1(t):
        tp = np.sum((p >= t) & (y == 1))
        return 2 * tp / (np.sum(p >= t) + np.sum(y))

    return max(p, key=f1)


def cut_half_best_f1(y, p, cost_fp, cost_fn):
    precision, recall, _ = ce.precision_recall_curve(y, p)
    return np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12)) / 2


def cut_flags(y, p, cost_fp, cost_fn):
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


def cut_prior_twice(y, p, cost_fp, cost_fn):
    rate = np.mean(y)
    return cost_fp * (1 - rate) / (cost_fp * (1 - rate) + cost_fn * rate)


choose_cut = {
    "false alarm over missed fraud": lambda y, p, cost_fp, cost_fn: cost_fp / cost_fn,
    "costs exchanged": lambda y, p, cost_fp, cost_fn: cost_fn / (cost_fp + cost_fn),
    "always ½": lambda y, p, cost_fp, cost_fn: 0.5,
    "the share of frauds": lambda y, p, cost_fp, cost_fn: np.mean(y),
    "log of the cost ratio, a logit": lambda y, p, cost_fp, cost_fn: math.log(cost_fp / cost_fn),
    "integer division": lambda y, p, cost_fp, cost_fn: cost_fp // (cost_fp + cost_fn),
    "the cheapest of the month's own p": cut_empirical,
    "the cheapest on a grid of hundredths": cut_grid,
    "best accuracy, costs ignored": cut_accuracy,
    "returns the lowest bill": cut_returns_cost,
    "returns the index of the best cut": cut_index,
    "return inside the loop": cut_early_return,
    "the cut of best F1": cut_f1,
    "F*/2 from the theorem": cut_half_best_f1,
    "returns the flags": cut_flags,
    "base rate put in a second time": cut_prior_twice,
}

my_policy = {
    "the cut of the last exercise": lambda p, amount: p >= 10 / 110,
    "one half": lambda p, amount: p > 0.5,
    "expected loss above ten euros": lambda p, amount: p * amount >= 10,
    "the odds as the cut": lambda p, amount: p >= 10 / amount,
    "amount over the sum": lambda p, amount: p > amount / (amount + 10),
    "mean amount": lambda p, amount: p >= 10 / (10 + np.mean(amount)),
    "returns the savings": lambda p, amount: p * amount - 10 * (1 - p),
    "returns the thresholds": lambda p, amount: ce.cost_threshold(10, amount),
    "sorted, smallest saving first": lambda p, amount: np.argsort(p * amount - 10 * (1 - p)),
    "those to let pass": lambda p, amount: p * amount < 10 * (1 - p),
    "row numbers of the flagged": lambda p, amount: np.flatnonzero(p >= 10 / (10 + amount)),
}


def _bisect(y, p, cost_fp, cost_fn):
    low, high = 0.0, 1.0
    for _ in range(60):
        mid = (low + high) / 2
        if (1 - mid) * cost_fp > mid * cost_fn:
            low = mid
        else:
            high = mid
    return high


RIGHT_choose_cut = {
    "an exact fraction": lambda y, p, cost_fp, cost_fn: (
        Fraction(cost_fp) / (Fraction(cost_fp) + Fraction(cost_fn))
    ),
    "bisection on the point of indifference": _bisect,
    "np.float32": lambda y, p, cost_fp, cost_fn: (
        np.float32(cost_fp) / np.float32(cost_fp + cost_fn)
    ),
}
