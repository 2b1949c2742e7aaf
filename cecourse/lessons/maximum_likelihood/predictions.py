"""What notebook 06 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse.prediction import prediction
from cehelpers import (
    bernoulli_mle,
    bernoulli_nll,
    binary_cross_entropy_with_logits,
    logit,
    sigmoid,
)

from .neuron import neuron_outputs

TEN = 0.7**7 * 0.3**3
FAIR, TOO_SURE = 0.5**10, 0.95**7 * 0.05**3
MANY = 10_000
COPIES = 10
WEIGHTED = 3 * 0.7 / (3 * 0.7 + 0.3)
SMOOTHED = 0.8 * 0.7 + 0.2 / 2
WITH_TEN = (7 + 5) / (10 + 10)
ODDS = 2.55
SIX = np.array([-3.0, -2.0, -0.5, 0.5, 1.5, 3.0]), np.array([0, 0, 0, 1, 1, 1])


def descend(x, y, eta: float, steps: int) -> tuple[float, float]:
    """Weight and bias of a logistic regression after some steps of gradient descent."""
    w = b = 0.0
    for _ in range(steps):
        error = sigmoid(w * x + b) - y
        w, b = w - eta * np.mean(error * x), b - eta * np.mean(error)
    return w, b


def tumours_after(steps: int) -> float:
    """The loss on the tumours after some steps, by the standardised radius."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    radius = (data.data[:, 0] - data.data[:, 0].mean()) / data.data[:, 0].std()
    w, b = descend(radius, 1 - data.target, 0.5, steps)
    return binary_cross_entropy_with_logits(1 - data.target, w * radius + b)


# what `tumours_after` comes to; the browser reads this before it has scikit-learn
AFTER_10, AFTER_100, AFTER_1000 = 0.4056, 0.2946, 0.2900
W_10, W_100 = (descend(*SIX, 1.0, steps)[0] for steps in (10, 100))


def told_x1(w: float, b: float, loss: str, steps: int) -> float:
    """What the neuron that learns NOT answers to x = 1 after some steps from w and b."""
    return neuron_outputs(w, b, 0.3, loss, steps)[-1][0]


def times_as_probable(p: float) -> float:
    """How many times as large p becomes when its odds become ODDS times as high."""
    return sigmoid(logit(p) + math.log(ODDS)) / p


@prediction(
    f"Ten flips, seven of them heads: the likelihood of p = 0.7 is {TEN:.4f}. Now the same coin "
    f"falls {MANY:,} times, {0.7 * MANY:,.0f} of them heads, and NumPy multiplies. What does it "
    "print as the likelihood of p = 0.7?",
    (
        f"about {TEN:.4f}, as before",
        lambda likelihood: 1e-3 < likelihood < 1e-2,
        "The share of heads is the same, and so is the best p. But a likelihood is a product with "
        "a factor for each flip, and every factor is below 1.",
    ),
    (
        f"about {TEN / 1000:.7f}, a thousandth of that",
        lambda likelihood: 1e-7 < likelihood < 1e-4,
        "A thousand times the flips, a thousandth of the likelihood: so it would be if flips were "
        "added up. They are multiplied.",
    ),
    (
        "0.0",
        0.0,
        f"The true number is 10 to the power of about −{-1000 * math.log10(TEN):,.0f}, and a float "
        "ends near 10⁻³²⁴: what is smaller becomes 0. Its logarithm is a harmless number.",
    ),
)
def likelihood_of_many():
    return math.prod([0.7] * round(0.7 * MANY) + [0.3] * round(0.3 * MANY))


@prediction(
    "Ten flips, seven of them heads. How many times as probable does a fair coin, p = 0.5, make "
    "these ten flips as a coin with p = 0.95?",
    (
        "less than once: 0.95 explains so many heads better",
        lambda times: times < 1,
        "It does explain the heads better: seven factors of 0.95 instead of 0.5. The likelihood is "
        "a product over all ten flips, the tails among them.",
    ),
    (
        "about once: one coin is as far off as the other",
        lambda times: 1 <= times < 2,
        "The share of heads lies nearly half way between the two. But a likelihood does not "
        "measure that distance: each flip brings a factor.",
    ),
    (
        "about ten times",
        lambda times: 5 < times < 20,
        f"{FAIR:.6f} against {TOO_SURE:.6f}: what seven heads gain, three tails at 0.05 each lose "
        "again, and much more. The logarithm is hard on whoever is sure and wrong.",
    ),
)
def too_sure_of_heads():
    return math.exp(bernoulli_nll([1] * 7 + [0] * 3, 0.95) - bernoulli_nll([1] * 7 + [0] * 3, 0.5))


@prediction(
    "A coin was flipped ten times, and a script writes every row down ten times. What changes?",
    (
        "the estimate",
        (True, False, False),
        "Ten times the data, so something should move. But the share of heads is the same in the "
        "copies, and the share is all that the estimate looks at.",
    ),
    (
        "the mean loss",
        (False, True, False),
        "The sum of the losses does grow, ten times. The mean divides by ten times as many rows.",
    ),
    (
        "how certain you seem",
        (False, False, True),
        "Estimate and mean loss stay; the likelihood ratio is raised to the tenth power, without a "
        "new fact.",
    ),
    (
        "nothing",
        (False, False, False),
        "No fact was added, so nothing *should* change. But a likelihood takes its rows to be "
        "independent: it cannot know a copy from a new row.",
    ),
)
def copied_rows():
    flips = np.repeat([1, 0], [7, 3])
    copies = flips.repeat(COPIES)
    gain, again = (bernoulli_nll(rows, 0.5) - bernoulli_nll(rows, 0.7) for rows in (flips, copies))
    return (
        not math.isclose(bernoulli_mle(copies), bernoulli_mle(flips)),
        not math.isclose(bernoulli_nll(copies, 0.7), COPIES * bernoulli_nll(flips, 0.7)),
        again > gain + 1,
    )


def sides(places: list[float]) -> list[int]:
    """On which side of 0.7 each lies: −1 left, 0 on it, 1 right."""
    return [int(np.sign(round(p - 0.7, 2))) for p in places]


@prediction(
    "Seven heads in ten flips, so the loss has its minimum at p = 0.7. Three changes: heads weigh "
    "three times; each label is smoothed with α = 0.2; ten imagined flips are added, five of them "
    "heads. On which side of 0.7 does each minimum come to lie?",
    (
        "weights: on 0.7 still; smoothing: left; added flips: left",
        lambda places: sides(places) == [0, -1, -1],
        "A weight says how much a row matters, and not what to believe of it: that is how it is "
        "meant. But a head that counts three times is three heads to the loss.",
    ),
    (
        "weights: right; smoothing: left; added flips: left",
        lambda places: sides(places) == [1, -1, -1],
        f"Three times the heads make {WEIGHTED:.3f}. The other two mix in a fair coin, and pull "
        f"towards one half: {SMOOTHED:.2f} and {WITH_TEN:.2f}.",
    ),
    (
        "weights: right; smoothing: on 0.7 still; added flips: left",
        lambda places: sides(places) == [1, 0, -1],
        "Smoothing is meant for labels of 0 and 1, and 0.7 is no extreme. But it softens every "
        "single label, and 0.7 is their mean.",
    ),
    (
        "weights: right; smoothing: left; added flips: on 0.7 still",
        lambda places: sides(places) == [1, -1, 0],
        "Five heads in ten look like no opinion. They are one: that the coin is fair.",
    ),
)
def moved_minima():
    return [WEIGHTED, SMOOTHED, WITH_TEN]


@prediction(
    "Logistic regression of tumours on one column: ten steps of gradient descent bring the mean "
    f"loss from {math.log(2):.3f} to {AFTER_10:.3f}. Where is it after 100 steps, and where after "
    "1,000?",
    (
        f"at {AFTER_100:.2f}, and at {AFTER_1000:.2f}",
        lambda losses: losses[0] < 0.33 and 0.25 < losses[1] < 0.33,
        "Near the bottom the slope is small, and a step is the learning rate times the slope: less "
        "and less. And the bottom is not 0, since one column does not tell all tumours apart.",
    ),
    (
        f"at {AFTER_10 - 0.02:.2f}, and at {AFTER_10 - 0.03:.2f}",
        lambda losses: losses[1] > 0.36,
        "The first steps do gain the most, and each later one gains less. But there are ninety of "
        "them, and after ten the valley still slopes.",
    ),
    (
        "at 0.2, and nearly at 0",
        lambda losses: abs(losses[0] - 0.2) < 0.05 and losses[1] < 0.1,
        "More training, less loss: true, down to the lowest loss that a model with one column has. "
        "Where the two kinds of tumour overlap, honest probabilities cost something.",
    ),
)
def next_steps():
    return tumours_after(100), tumours_after(1000)


@prediction(
    "Six points: label 0 at x = −3, −2 and −0.5, label 1 at 0.5, 1.5 and 3. Logistic regression "
    f"by gradient descent has a weight w of {W_10:.2f} after 10 steps and {W_100:.2f} after 100. "
    "Where is it after 10,000?",
    (
        f"at about {W_100 + 0.1:.1f}: it has nearly settled",
        lambda w: w < 5.5,
        "So it was with the tumours: near the bottom the steps get small. They get small here too; "
        "but is there a bottom?",
    ),
    (
        "at about 13, and still on its way",
        lambda w: 10 < w < 18,
        "A steeper S has the six points right with more confidence, and is paid for it, for ever. "
        "But the slope shrinks as the loss does, so it takes ten times the steps to go a little "
        "further.",
    ),
    (
        f"at about {100 * W_100:.0f}: a hundred times the steps, a hundred times the weight",
        lambda w: w > 100,
        "It does not stop, that is true. But each step is the learning rate times the "
        "slope, and the slope fades as the points come out right.",
    ),
)
def where_it_settles():
    return descend(*SIX, 1.0, 10_000)[0]


@prediction(
    f"The label is 1 and the model says z = −6, a chance of {sigmoid(-6.0):.2%}. How many times as "
    "hard does cross-entropy pull on z as half the squared error does?",
    (
        "about 400 times",
        lambda times: abs(times - 400) < 200,
        "Both see an error of nearly 1. Squared error pays the toll p(1 − p) on top, and out there "
        f"that is {sigmoid(-6.0) * sigmoid(6.0):.4f}.",
    ),
    (
        "about 4 times",
        lambda times: abs(times - 4) < 2,
        "The slope of the sigmoid is a quarter: in its middle, where p is one half. At z = −6 it "
        "has flattened out.",
    ),
    (
        "equally: both see the same error p − y",
        lambda times: 0.8 < times < 1.25,
        "They do see the same error, of nearly 1. But squared error is told of it through the "
        "sigmoid, which is flat out there.",
    ),
)
def times_as_hard():
    z, label, step = -6.0, 1, 1e-4

    def half_squared(z):
        return (sigmoid(z) - label) ** 2 / 2

    def cross_entropy(z):
        return binary_cross_entropy_with_logits(label, z)

    pulls = [loss(z + step) - loss(z - step) for loss in (cross_entropy, half_squared)]
    return pulls[0] / pulls[1]


@prediction(
    "One neuron should learn NOT: 1 for x = 0, and 0 for x = 1. From w = b = 2 it answers "
    f"{sigmoid(2.0):.2f} to x = 0, nearly right, and {sigmoid(4.0):.3f} to x = 1. Once it learns "
    "by cross-entropy, once by half the squared error (η = 0.3). What are the two answers to x = 1 "
    "after 100 steps?",
    (
        "both below 0.2: a hundred steps are plenty",
        lambda after: max(after) < 0.2,
        "For one of the two they are. The slope of the other has a factor p(1 − p), the sigmoid's "
        "toll: how large is it at the start?",
    ),
    (
        "cross-entropy below 0.2, squared error at about one half",
        lambda after: after[0] < 0.2 and 0.3 < after[1] < 0.7,
        "Slower, and on its way: a fair guess for any one moment in time. But its slope "
        f"changes: {sigmoid(4.0) ** 2 * sigmoid(-4.0):.3f} at the start, and several times as much "
        "once the output has come down to one half.",
    ),
    (
        "cross-entropy below 0.2, squared error still above 0.9",
        lambda after: after[0] < 0.2 and after[1] > 0.9,
        f"On its high plain squared error has a slope of {sigmoid(4.0) ** 2 * sigmoid(-4.0):.3f}, "
        f"where cross-entropy has {sigmoid(4.0):.3f}. It is asleep, and wakes up later.",
    ),
    (
        "both still above 0.9: the start is too bad",
        lambda after: min(after) > 0.9,
        "A sigmoid that is certain is flat, and so nothing should get through. But one of the two "
        "losses is steep just there, and makes up for it.",
    ),
)
def after_100_steps():
    return [told_x1(2, 2, loss, 100) for loss in ("cross_entropy", "squared_error")]


@prediction(
    "From w = b = 2 half the squared error needs 300 steps to bring the answer to x = 1 from "
    f"{sigmoid(4.0):.3f} down to {told_x1(2, 2, 'squared_error', 300):.1f}. From w = 4, b = 0 that "
    f"answer is {sigmoid(4.0):.3f} too, since z = w + b = 4; the answer to x = 0 is 0.5, and "
    "should be 1. Where is the answer to x = 1 after 300 steps?",
    (
        "at about the same place",
        lambda output: 0.4 < output < 0.8,
        "The same z has the same toll, that is true. But the bias serves both rows: what does the "
        "other row want of it?",
    ),
    (
        "lower: all of z sits in the weight, which only x = 1 needs",
        lambda output: output <= 0.4,
        "One weight to turn down and nothing else in the way: so it looks from x = 1. But its pull "
        "is a whisper, and the row x = 0 is wide awake.",
    ),
    (
        f"higher than {sigmoid(4.0):.3f}: it gets worse",
        lambda output: output > sigmoid(4.0),
        f"At p = 0.5 the row x = 0 pulls with {0.5**3:.3f}, and pulls the bias up; x = 1 whispers "
        f"with {sigmoid(4.0) ** 2 * sigmoid(-4.0):.3f}. The bias is common to both, so x = 1 is "
        "carried further up its plain.",
    ),
)
def same_start():
    return told_x1(4, 0, "squared_error", 300)


@prediction(
    "A small net learns handwritten digits with Adam, from a sane start, by cross-entropy or by "
    "squared error. On new pictures cross-entropy is ahead by",
    (
        "about ten points of accuracy",
        lambda ahead: 0.05 < ahead < 0.2,
        "The neuron slept so soundly that one expects a rout. But it slept on a high plain, under "
        "plain gradient descent, and here is neither.",
    ),
    (
        "about two points",
        lambda ahead: 0.016 < ahead < 0.035,
        "Smaller slopes should cost at least a little. Adam divides them by their own size before "
        "it takes a step.",
    ),
    (
        "nothing that five seeds could show",
        lambda ahead: abs(ahead) < 0.012,
        "The seeds differ by more than the losses do. Squared error sleeps where the output is "
        "saturated; a sane start and Adam leave nothing to sleep on.",
    ),
    measured=True,
)
def ahead_on_digits():
    """Mean held-out accuracy by cross-entropy minus that by squared error, five seeds."""


@prediction(
    f"The odds become {ODDS} times as high. How many times as probable does that make what had a "
    "probability of 0.02, of 0.5, of 0.9?",
    (
        f"each of them {ODDS} times",
        lambda times: min(times) > 2.4,
        f"So it stands in the newspaper. But {ODDS} times 0.5 would be more than 1.",
    ),
    (
        f"the 0.02 nearly {ODDS} times, the 0.9 hardly at all",
        lambda times: times[0] > 2 > times[1] > times[2] and times[2] < 1.2,
        "Odds are p / (1 − p). For a rare event the 1 − p is nearly 1, and odds are probabilities; "
        f"0.9 has no room left. {times_as_probable(0.02):.2f}, {times_as_probable(0.5):.2f} and "
        f"{times_as_probable(0.9):.2f} times.",
    ),
    (
        f"the 0.5 nearly {ODDS} times, the other two hardly at all",
        lambda times: times[1] > 1.1 * max(times[0], times[2]),
        "The sigmoid is steepest in the middle, so 0.5 gains the most *points*. The question is "
        "how many times, and for that a point is not worth the same everywhere.",
    ),
)
def rare_half_likely():
    return [times_as_probable(p) for p in (0.02, 0.5, 0.9)]
