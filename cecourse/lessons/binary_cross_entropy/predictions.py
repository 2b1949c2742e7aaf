"""What notebook 03 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse import story
from cecourse.prediction import prediction
from cehelpers import binary_cross_entropy, entropy, surprisal

from .statements import example_player, score

FRAUD = story.base_rate
REPORTED = 0.04  # by a model of somebody's
SMALL = 0.01
TIMES = surprisal(SMALL) / surprisal(0.9)
EVEN = surprisal(0.5)
RULE = 505 / 569  # what `rule` comes to; the browser reads this before it has scikit-learn


def confidences() -> tuple[float, float]:
    """The example player's mean confidence where she was right, and where she was wrong."""
    y, p = map(np.array, example_player())
    sure, right = np.maximum(p, 1 - p), (p > 0.5) == y
    return float(sure[right].mean()), float(sure[~right].mean())


SURE_RIGHT, SURE_WRONG = confidences()


def rule() -> float:
    """The share of the tumours for which "a radius below 15 is benign" is right."""
    from sklearn.datasets import load_breast_cancer

    tumours = load_breast_cancer()
    return float(((tumours.data[:, 0] < 15) == tumours.target).mean())


@prediction(
    "It was fraud. One model had said 0.9 and another 0.01, and the mark of a forecast is its "
    "surprise. How many times as large is the mark of the second?",
    (
        "about 10 times",
        lambda times: 5 < times < 20,
        "A mistake ten times as bad is what it feels like. But a mark is a logarithm: near 1 it is "
        "nearly nothing, so almost any other mark is many times as large.",
    ),
    (
        f"about {TIMES:.0f} times",
        lambda times: 30 < times < 60,
        f"{surprisal(SMALL):.3f} nats against {surprisal(0.9):.4f}: the logarithm of 0.9 is close "
        "to 0, and that of 0.01 is no more than two factors of ten.",
    ),
    (
        f"{0.9 / SMALL:.0f} times, as 0.9 / 0.01",
        lambda times: 80 < times < 100,
        "That is the ratio of the two probabilities. The marks are their logarithms, and "
        "logarithms do not keep ratios.",
    ),
)
def times_as_large():
    return TIMES


@prediction(
    "It happened. Three models had said 0.6, 0.9 and 0.99. Which step saves more nats?",
    (
        "from 0.6 to 0.9",
        lambda saved: saved[0] > saved[1] + 0.1,
        f"Only the ratio counts: ln(0.9/0.6) = {math.log(0.9 / 0.6):.3f} nats, and "
        f"ln(0.99/0.9) = {math.log(0.99 / 0.9):.3f}.",
    ),
    (
        "from 0.9 to 0.99",
        lambda saved: saved[1] > saved[0] + 0.1,
        "The last nine is hard to earn, and its price when *wrong* is high. When right it is worth "
        "little: the mark was almost 0 already.",
    ),
    (
        "both about the same",
        lambda saved: abs(saved[0] - saved[1]) <= 0.1,
        "From 0.4 to 0.1 to 0.01 the doubt shrinks by a factor each time, and factors are what "
        "logarithms count. But the mark is the logarithm of what was given to the truth.",
    ),
)
def which_step():
    return math.log(0.9 / 0.6), math.log(0.99 / 0.9)


@prediction(
    "Seven of ten experts say yes, so the label is 0.7. What is the lowest possible loss, and at "
    "which forecast?",
    (
        "0, at p = 0.7",
        lambda least: least == (0.7, 0),
        "A perfect forecast should cost nothing. That holds for hard labels; a soft label has an "
        "uncertainty of its own, and somebody pays for it.",
    ),
    (
        f"{surprisal(0.7):.3f}, at p = 1",
        lambda least: least[0] == 1,
        "That is −ln 0.7, the surprise at what a forecast had given 0.7. Here 0.7 is the label, "
        "and at p = 1 the other 0.3 of it would meet a forecast of 0.",
    ),
    (
        f"{entropy([0.3, 0.7]):.3f}, at p = 0.7",
        lambda least: least[0] == 0.7 and least[1] > 0.6,
        "The loss cannot go below the entropy of the label, and it gets there where the forecast "
        "says what the label says.",
    ),
)
def lowest_of_soft():
    losses = {p / 20: binary_cross_entropy(0.7, p / 20) for p in range(1, 20)}
    best = min(losses, key=losses.get)
    return best, round(losses[best], 3)


@prediction(
    "The label is 1. Which change of the forecast costs more?",
    (
        "from 0.9 to 0.5",
        lambda extra: extra[0] > extra[1] + 0.01,
        "Forty points look like more than one. The loss knows no points, only factors: "
        f"{0.9 / 0.5:g} here.",
    ),
    (
        "from 0.02 to 0.01",
        lambda extra: extra[1] > extra[0] + 0.01,
        f"Only the ratio counts: ln(0.9/0.5) = {math.log(0.9 / 0.5):.3f} nats, and ln(0.02/0.01) = "
        f"{math.log(0.02 / 0.01):.3f}.",
    ),
    (
        "they cost the same",
        lambda extra: abs(extra[0] - extra[1]) <= 0.01,
        "They would if both halved the forecast. From 0.9 to 0.5 is not quite that.",
    ),
)
def costlier_change():
    return math.log(0.9 / 0.5), math.log(0.02 / 0.01)


@prediction(
    "The forecast is p = 0.97, and the label softens from 1 to 0.7. What happens to the slope of "
    "the loss in p?",
    (
        "it keeps its sign and gets flatter",
        lambda slope: -1 < slope < 0,
        "Less of a label, less of a pull: so it would be, if the second half of the formula did "
        "not wake up with the weight that the first one loses.",
    ),
    (
        "it turns round: less confidence would pay",
        lambda slope: slope > 0.1,
        "The lowest point of the U stands at p = 0.7, and 0.97 is on its far side: the model is "
        "too sure now.",
    ),
    (
        "nothing: the slope is −1/p whatever the label",
        lambda slope: slope < -1,
        "−1/p is the slope for y = 1 alone; for y = 0 it is 1/(1 − p), and a soft label mixes "
        "both.",
    ),
)
def slope_of_soft():
    step = 1e-6
    up, down = (binary_cross_entropy(0.7, 0.97 + sign * step) for sign in (1, -1))
    return (up - down) / (2 * step)


@prediction(
    "100 rows, all with y = 1. Model A says 0.51 each time; model B says 0.99 for 99 rows and "
    "0.0001 for one. Which has the better accuracy, and which the better log loss?",
    (
        "A has both",
        ("A", "A"),
        "One row of B costs a fortune, and none of A does. But what does each of the other rows "
        "cost, in both?",
    ),
    (
        "B has both",
        ("B", "B"),
        "B knows far more, for a mark that reads probabilities. What does accuracy read of them?",
    ),
    (
        "A has the accuracy, B the log loss",
        ("A", "B"),
        "A is on the right side a hundred times and has learned next to nothing: "
        f"{surprisal(0.51):.2f} nats a row. B is wrong once and knows a great deal: "
        f"{(99 * surprisal(0.99) + surprisal(0.0001)) / 100:.2f}.",
    ),
    (
        "B has the accuracy, A the log loss",
        ("B", "A"),
        "One −ln 0.0001 looks ruinous. It is one row of a hundred: it adds less than a tenth of a "
        "nat to the mean.",
    ),
)
def two_models():
    y, a, b = [1] * 100, [0.51] * 100, [0.99] * 99 + [0.0001]
    losses = {"A": binary_cross_entropy(y, a), "B": binary_cross_entropy(y, b)}
    hits = {"A": sum(p > 0.5 for p in a), "B": sum(p > 0.5 for p in b)}
    return max(hits, key=hits.get), min(losses, key=losses.get)


@prediction(
    f"Of the payments, {FRAUD:.2%} are fraud, and a model reports a log loss of {REPORTED}. What "
    f"does somebody score who says {FRAUD} each time?",
    (
        f"about {EVEN:.2f}, as always for somebody who knows nothing",
        lambda mark: mark > 0.5,
        "ln 2 is the price of knowing nothing about a *fair coin*. Whoever knows how rare fraud is "
        "knows a great deal.",
    ),
    (
        "about 0.04: a loss so small must have learned something, but not much",
        lambda mark: 0.03 < mark < 0.05,
        "0.04 sounds like almost perfect. How small a loss is can only be said beside what a "
        "constant pays.",
    ),
    (
        f"about {entropy([FRAUD, 1 - FRAUD]):.3f}",
        lambda mark: 0.01 < mark < 0.02,
        "That is the entropy of the base rate: the model pays three times what a constant does.",
    ),
)
def constant_for_fraud():
    return entropy([FRAUD, 1 - FRAUD])


@prediction(
    f"A rule says yes or no, and is right for {RULE:.1%} of the rows. It gives the same "
    "confidence to each of its answers. Which confidence earns the lowest log loss?",
    (
        "0.75",
        0.75,
        "Caution is cheap where one is often wrong. A rule that is right this often gives away too "
        "much with it.",
    ),
    (
        "0.9",
        0.9,
        "The best that a confidence can do is to tell the truth about itself, and of these it is "
        "the closest to the share of hits.",
    ),
    (
        "0.99",
        0.99,
        f"Each right row gets cheaper. But one row in {1 / (1 - RULE):.0f} is wrong, and there "
        f"the price is {surprisal(0.01):.1f} nats.",
    ),
    (
        "0.999",
        0.999,
        "The accuracy is the same whatever the confidence. The loss of the wrong rows is not.",
    ),
)
def best_confidence():
    hits = rule()
    return min((0.75, 0.9, 0.99, 0.999), key=lambda c: binary_cross_entropy(hits, c))


@prediction(
    f"An invented player was right in {score(*example_player()).right} of 20 bets, and "
    f"{SURE_RIGHT:.0%} sure of these on average; of the other bets she was {SURE_WRONG:.0%} sure. "
    "Does her mean log loss beat that of somebody who always says 50%?",
    (
        "yes: she was right more often than not",
        lambda ahead: ahead > 0,
        "Right more often than not is worth something, if one says so and no more. How much more "
        "did she say?",
    ),
    (
        "no",
        lambda ahead: ahead < 0,
        f"Sure at {SURE_WRONG:.0%} and wrong costs {surprisal(1 - SURE_WRONG):.1f} nats, and that "
        f"happened {20 - score(*example_player()).right} times. Cheap right answers do not pay for "
        "it.",
    ),
)
def player_against_a_shrug():
    return EVEN - score(*example_player()).mean
