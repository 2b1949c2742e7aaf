"""What notebook 08 asks before it shows: each answer is computed, as in the cells that follow."""

import math
from functools import cache

import numpy as np

from cecourse.prediction import prediction
from cehelpers import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    entropy,
    expected_calibration_error,
    fit_platt,
    fit_temperature,
    sigmoid,
    softmax,
    wilson_interval,
)

from .held_out import SIZES, UNSEEN, blind, excess
from .rain import Measures, measured, weather

RAIN = 0.7
DAYS_KEPT = (0.9, 0.3)  # what one of two honest services says; the other says their mean
SURE, RIGHT = 0.9, 0.75  # of the network, on average
MARGINS_RIGHT = 0.8  # about the share of rows that the margins get right
RIGHT_TUMOURS, BENIGN = 0.94, 0.627  # of naive Bayes on average, and of all
MEASUREMENTS = 30  # of each tumour
PLAYER_SURE, PLAYER_RIGHT, BETS = 0.87, 13, 20


def by_luck(bins: int) -> float:
    """The mean ECE of a perfect forecaster's 100 days."""
    rng = np.random.default_rng(8)
    days = [rng.random((2, 100)) for _ in range(100)]
    return float(
        np.mean([expected_calibration_error((u < p).astype(int), p, n_bins=bins) for u, p in days])
    )


TEN_BINS, TWENTY_BINS = by_luck(10), by_luck(20)


@prediction(
    "A forecaster is perfect by construction: each day is drawn with exactly the probability that "
    "was announced. 100 days, ten bins. What is the average gap, the ECE?",
    (
        "0",
        0,
        "So it would be with days without end. In each of the ten bins there are about ten days, "
        "and seldom does it rain on exactly the share of them that was announced.",
    ),
    (
        "about 0.1",
        lambda error: 0.06 < error < 0.2,
        "ECE averages gaps without their sign, so luck cannot cancel: ten days a bin make about "
        f"{TEN_BINS:.1f}.",
    ),
    (
        "below 0.01",
        lambda error: 0 < error <= 0.01,
        "A hundred days should even out, and all together they nearly do. A bin has only ten of "
        "them, and a gap counts whichever side it is on.",
    ),
)
def perfection():
    return TEN_BINS


@prediction(
    f"The 100 days of a perfect forecaster come to an ECE of about {TEN_BINS:.1f} with ten bins. "
    "What do they come to with twenty?",
    (
        "more: each bin has fewer days",
        lambda times: times > 1.15,
        "Five days a bin in place of ten: each share strays further, and no gap is negative. About "
        f"{TWENTY_BINS:.2f}, for the same perfection.",
    ),
    (
        "the same: neither claims nor days have changed",
        lambda times: 0.93 < times < 1.07,
        "They have not, and a log loss would stay where it is. ECE is made of gaps, and how large "
        "luck makes a gap depends on how many days share a bin.",
    ),
    (
        "less: finer bins say more exactly what was claimed",
        lambda times: times < 0.85,
        "Finer bins do blur the claims less. But each of them has fewer days, and the fewer days, "
        "the further a share strays.",
    ),
)
def more_bins():
    return TWENTY_BINS / TEN_BINS


EVERY_DAY = float(np.mean(DAYS_KEPT))
LEFT_OPEN = {
    "every day": entropy([1 - EVERY_DAY, EVERY_DAY]),
    "sorted": float(np.mean([entropy([1 - p, p]) for p in DAYS_KEPT])),
}


@prediction(
    f"It rains on {EVERY_DAY:.0%} of the days. One service says {EVERY_DAY:.1f} every day. Another "
    f"says {DAYS_KEPT[0]} on half of the days and {DAYS_KEPT[1]} on the others, and keeps both "
    "promises. Both have an ECE of 0. Whose log loss is lower?",
    (
        f"that of {DAYS_KEPT[0]} and {DAYS_KEPT[1]}: it tells the days apart",
        lambda saved: saved > 0.05,
        f"{LEFT_OPEN['sorted']:.3f} nats a day against {LEFT_OPEN['every day']:.3f}: both are "
        "honest, and only one knows something.",
    ),
    (
        f"that of {EVERY_DAY:.1f} every day: it is never far off",
        lambda saved: saved < -0.05,
        "It is never far off, and never near: each dry day surprises it by "
        f"{-math.log(1 - EVERY_DAY):.2f} nats, and each wet one by {-math.log(EVERY_DAY):.2f}.",
    ),
    (
        "neither's: no claim of either is wrong",
        lambda saved: abs(saved) < 0.02,
        "Neither pays for a wrong claim. But the log loss charges for every surprise, also for one "
        "that was honestly announced.",
    ),
)
def honest_services():
    return LEFT_OPEN["every day"] - LEFT_OPEN["sorted"]


def distance(p: float) -> float:
    """The expected absolute error of a forecast p."""
    return RAIN * (1 - p) + (1 - RAIN) * p


@prediction(
    f"The chance of rain is {RAIN}, and you know it. You will pay the distance |y − p| between the "
    "sky, y = 1 or 0, and your forecast p. Which forecast costs least on average?",
    (
        "0.5",
        0.5,
        "Halfway nothing very bad can happen. Nothing good either: whatever the sky does, you pay "
        "half.",
    ),
    (
        "0.7",
        0.7,
        "Honesty should pay, and with the log loss it does, where the expected price is a U. Here "
        "it is a straight line.",
    ),
    (
        "1",
        1,
        f"The expected distance is a straight line in p: {distance(0.5):.2f} halfway, "
        f"{distance(RAIN):.2f} at the truth, {distance(1):.2f} at the end. Whoever is paid so "
        "should lie.",
    ),
)
def paid_by_distance():
    return min((k / 10 for k in range(11)), key=distance)


@prediction(
    f"A network is {SURE:.0%} sure of its answers, on average, and {RIGHT:.0%} of them are right. "
    f"Of most answers it is more than {SURE:.0%} sure. How many of these are wrong?",
    (
        "fewer than one in ten, as it claims",
        lambda wrong: wrong < 1 - SURE,
        f"Whoever is more than {SURE:.0%} sure does promise that. On average the network does not "
        "keep its promises: why should it here?",
    ),
    (
        "about one in seven",
        lambda wrong: 0.11 < wrong < 0.19,
        "Where it is sure it is right more often than elsewhere, so the confidence does tell the "
        "answers apart. It is too high all the same.",
    ),
    (
        "about one in four, as of all of them",
        lambda wrong: wrong > 0.22,
        "So it would be if the confidence told nothing. It tells something: among the answers of "
        "which the network is less sure, more are wrong.",
    ),
    measured=True,
)
def wrong_where_sure():
    """The share of wrong answers in the last of ten bins, of the network with seed 3."""


@prediction(
    "On held-out rows you fit a temperature, and divide all logits by it. How many of a network's "
    "500 answers change?",
    (
        "none",
        0,
        "Dividing all logits of a row by one positive number keeps their order; only the "
        "confidence changes.",
    ),
    (
        "some of the unsure ones",
        lambda changed: 0 < changed < 40,
        "Where two classes are nearly level, a little should be enough to turn the favourite. But "
        "both are divided by the same number.",
    ),
    (
        "many of the wrong ones: that is the repair",
        lambda changed: changed > 60,
        "What the temperature repairs is how sure the network says it is. Which class it names "
        "hangs on which logit of the row is the largest.",
    ),
)
def answers_changed():
    rng = np.random.default_rng(0)
    z = rng.normal(0, 5, (500, 10))  # three times too sure
    y = (softmax(z / 3).cumsum(axis=1) > rng.random((500, 1))).argmax(axis=1)
    return int(np.sum((z / fit_temperature(y, z)).argmax(axis=1) != z.argmax(axis=1)))


@prediction(
    "You hold out 300 rows. You may stop training at the epoch with their lowest loss, or train "
    "all 100 epochs and fit a temperature on them. Over ten seeds, which comes to the lower "
    "test loss?",
    (
        "stopping",
        lambda saved: saved > 0.01,
        "Both give up the loud voice. Only the network that stopped has also kept the answers that "
        "the later epochs spoil, and no temperature changes an answer.",
    ),
    (
        "the temperature",
        lambda saved: saved < -0.01,
        "It is fitted for nothing but this loss, and no epoch was. But it can change how sure an "
        "answer is, and nothing of what the late epochs did to the answers.",
    ),
    (
        "neither: both repair the same fault",
        lambda saved: abs(saved) <= 0.01,
        "Both make the network less sure. Is that all that the late epochs have done to it?",
    ),
    measured=True,
)
def stop_or_cool():
    """The mean loss of the network that was cooled, less that of the one that stopped."""


BEST_T = round(fit_temperature(*weather()), 1)


@prediction(
    "A weather service is both too sure and too dry: on average its chances of rain are too "
    "low. You may turn one knob, the temperature. Can you bring the dots of its reliability "
    "diagram to the diagonal?",
    (
        "yes, but for a rest that luck explains",
        lambda left: left < 0.25,
        "It is what temperature scaling is for, and for a service that is only too sure it would "
        "be enough. A knob that pulls all claims towards one half cannot make a dry service wet.",
    ),
    (
        "about half of the way",
        lambda left: 0.35 < left < 0.65,
        f"With the best T the ECE falls from {measured(1, 0).error:.2f} to "
        f"{measured(BEST_T, 0).error:.2f}. What remains is the leaning to one side, and for that "
        "it takes a shift.",
    ),
    (
        "hardly: nearly all of the gap remains",
        lambda left: left > 0.85,
        "Against the leaning a temperature can do little. But the service is too sure as well, and "
        "that is what the knob is for.",
    ),
)
def one_knob():
    return measured(BEST_T, 0).error / measured(1, 0).error


def stay(temperature: float, shift: float) -> tuple[str, ...]:
    """Which of the four measures are what they were without temperature and shift."""
    before, after = measured(1, 0), measured(temperature, shift)
    return tuple(n for n in Measures._fields if getattr(before, n) == getattr(after, n))


@prediction(
    "Forecasts become σ(z/T + b). Of log loss, ECE, accuracy (who is on the right side of one "
    "half) and AUC (in how many pairs of a wet and a dry day had the wet one the higher "
    "forecast), what stays as it is while only T moves, and what while only b moves?",
    (
        "accuracy and AUC, whichever of the two moves",
        (("accuracy", "area"), ("accuracy", "area")),
        "Neither teaches the service anything new about a day. But one of the two can take a day "
        "across one half.",
    ),
    (
        "accuracy and AUC while T moves, AUC while b moves",
        (("accuracy", "area"), ("area",)),
        "A division keeps the sign of a logit and the order of all. A shift keeps the order, and "
        "takes days across one half.",
    ),
    (
        "AUC, whichever of the two moves; nothing else",
        (("area",), ("area",)),
        "Both keep the order, so far so good. But on which side of one half a forecast is, its "
        "logit's sign says: does a division change a sign?",
    ),
    (
        "AUC while T moves, accuracy and AUC while b moves",
        (("area",), ("accuracy", "area")),
        "The same for everybody should change no verdict, and it changes no order. But who was a "
        "little below one half, and is shifted up, is on the other side.",
    ),
)
def what_stays():
    return stay(3.3, 0), stay(1, 1.5)


MOST = wilson_interval(PLAYER_RIGHT, BETS).high


@prediction(
    f"An invented player was {PLAYER_SURE:.0%} sure of her {BETS} bets, on average, and right "
    f"{PLAYER_RIGHT} times. Is that overconfidence, or can it be bad luck?",
    (
        f"it can easily be bad luck: {BETS} bets say next to nothing",
        lambda room: room > 0.02,
        "They say little, and ten would say less. How little, an interval tells: how far up does "
        "it reach?",
    ),
    (
        "overconfidence, most likely",
        lambda room: room < -0.02,
        f"{PLAYER_RIGHT} of {BETS} is no rare accident up to a chance of {MOST:.2f}, and she "
        f"claimed {PLAYER_SURE}.",
    ),
)
def luck_of_a_player():
    return MOST - PLAYER_SURE


STAKE, HEADS = 0.4, 0.6


@prediction(
    f"A coin lands heads {HEADS:.0%} of the time. You bet {STAKE:.0%} of all you have on heads, at "
    "even odds, flip after flip. What becomes of a typical player's money in the long run?",
    (
        "it grows and grows",
        lambda growth: growth > 0.001,
        f"With each bet you do gain {2 * HEADS - 1:.0%} of the stake on average. But gains and "
        "losses are factors: what becomes of a typical player hangs on the mean of their "
        "logarithms.",
    ),
    (
        "it shrinks towards nothing",
        lambda growth: growth < -0.001,
        f"A win makes {1 + STAKE:g} of 1, a loss {1 - STAKE:g}: {HEADS:g} ln {1 + STAKE:g} + "
        f"{1 - HEADS:g} ln {1 - STAKE:g} is below 0. Whoever stakes so says {(1 + STAKE) / 2:g}, "
        "and is too sure.",
    ),
    (
        "it stays about the same",
        lambda growth: abs(growth) <= 0.001,
        "So it would for one who stakes nothing, or exactly so much that the edge and the risk "
        "cancel.",
    ),
)
def forty_of_sixty():
    return HEADS * math.log(1 + STAKE) + (1 - HEADS) * math.log(1 - STAKE)


@prediction(
    f"A support vector machine is right for about {MARGINS_RIGHT:.0%} of the rows, and its scores "
    "hardly leave the band from −2 to 2, most of them not even that from −1 to 1. Take them for "
    "logits: is σ(score) too sure or too timid?",
    (
        "too timid: who is beyond the margin need not go on",
        lambda slope: slope > 1.5,
        f"A score of 1 would be a claim of {sigmoid(1.0):.2f}, and most rows claim less, where "
        f"{MARGINS_RIGHT:.0%} are right: the logits should be steeper.",
    ),
    (
        "about right: a margin is a kind of logit",
        lambda slope: 0.85 < slope < 1.2,
        "Both are 0 where the model cannot decide, and grow with the distance. But hinge loss "
        "never asks how fast.",
    ),
    (
        "too sure: it was trained to keep two classes apart",
        lambda slope: slope < 0.7,
        "That is what a margin is for, and once it is reached nothing is gained by more. Put a few "
        f"scores in: σ(½) = {sigmoid(0.5):.2f}, σ(1) = {sigmoid(1.0):.2f}.",
    ),
)
def margin_as_logit():
    from sklearn.datasets import load_digits
    from sklearn.svm import SVC

    digits, rng = load_digits(), np.random.default_rng(3)
    X = digits.data / 16 + rng.normal(0, 0.4, digits.data.shape)
    fit, held, _ = np.split(rng.permutation(len(X)), [997, 1297])
    large = (digits.target >= 5).astype(int)
    svm = SVC().fit(X[fit], large[fit])
    return fit_platt(large[held], svm.decision_function(X[held])).a


FEW, MANY = SIZES[0], SIZES[-1]


@prediction(
    f"One rain in {round(1 / UNSEEN)} comes on days that a service calls dry: no line in its logit "
    f"can say that. You fit Platt's line or isotonic steps on {FEW} held-out days, then on "
    f"{MANY:,}. Which comes nearer to the truth?",
    (
        "the steps, both times: the line cannot be right",
        lambda times: times[0] < 0.95 and times[1] < 0.95,
        "It cannot, and yet two numbers are soon fitted. Each step has to be learned from its own "
        "few days.",
    ),
    (
        f"the line with {FEW} days, the steps with {MANY:,}",
        lambda times: times[0] > 1.05 and times[1] < 0.95,
        "What the line gets wrong stays, however many days there are. What luck does to the steps "
        "shrinks with every day.",
    ),
    (
        "the line, both times: two numbers are learned better than many",
        lambda times: times[0] > 1.05 and times[1] > 1.05,
        "They are, as long as days are few. With days enough luck is no longer the trouble, and "
        "what remains is what a line cannot say.",
    ),
)
def line_or_steps():
    left = excess(blind, SIZES, 40)
    return left["isotonic"][0] / left["Platt"][0], left["isotonic"][-1] / left["Platt"][-1]


@cache
def naive_bayes_splits():
    """Log-odds of naive Bayes and the truth, for fifty splits."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import train_test_split
    from sklearn.naive_bayes import GaussianNB

    X, y = load_breast_cancer(return_X_y=True)
    splits = []
    for seed in range(50):
        X_fit, X_new, y_fit, y_new = train_test_split(X, y, test_size=0.3, random_state=seed)
        joint = GaussianNB().fit(X_fit, y_fit).predict_joint_log_proba(X_new)
        splits.append((joint[:, 1] - joint[:, 0], y_new))
    return splits


def dearer_than_the_base_rate(eps: float) -> int:
    """In how many splits naive Bayes pays more than the base rate, probabilities clipped."""
    base = entropy([1 - BENIGN, BENIGN])
    return sum(binary_cross_entropy(y, sigmoid(z), eps=eps) > base for z, y in naive_bayes_splits())


CLIPS = (1e-15, 1e-4)
DEARER = 18  # splits on which naive Bayes pays more than the base rate, at the first clip


@prediction(
    f"Naive Bayes multiplies the evidence of {MEASUREMENTS} measurements of a tumour as if they "
    f"were independent, and is right for {RIGHT_TUMOURS:.0%}. Who says the base rate to everybody "
    f"pays a log loss of {entropy([1 - BENIGN, BENIGN]):.2f}. Roughly, what does naive Bayes pay?",
    (
        "0.1",
        lambda loss: 0.03 < loss < 0.17,
        "A model pays this that is seldom wrong and unsure when it is. How often it is right says "
        "nothing of how sure it is when wrong.",
    ),
    (
        "0.3",
        lambda loss: 0.23 < loss < 0.42,
        f"Who is right this often and says {RIGHT_TUMOURS} each time pays "
        f"{entropy([1 - RIGHT_TUMOURS, RIGHT_TUMOURS]):.2f}. That would be honest; naive Bayes "
        "multiplies its evidence as if no two measurements said the same.",
    ),
    (
        "0.6",
        lambda loss: 0.5 < loss < 0.75,
        "Radius, perimeter and area of a cell are one witness heard three times. The odds come out "
        "far too extreme, and the few rows that are wrong cost a fortune.",
    ),
)
def naive_bayes():
    return float(
        np.median([binary_cross_entropy_with_logits(y, z) for z, y in naive_bayes_splits()])
    )


@prediction(
    f"Many a program clips probabilities before it takes logarithms. Clipped at {CLIPS[0]:g}, "
    f"naive Bayes is worse than the base rate on {DEARER} of 50 "
    f"splits. Clip at {CLIPS[1]:g}: on how many?",
    (
        "about as many: both are as good as 0",
        lambda splits: splits >= 14,
        f"As probabilities they are. As prices they are {-math.log(CLIPS[0]):.1f} and "
        f"{-math.log(CLIPS[1]):.1f} nats, for each row of which the model was sure, and wrong.",
    ),
    (
        "about half as many",
        lambda splits: 5 <= splits <= 13,
        "The loss of a sure and wrong answer falls to about a quarter. What is left of these "
        "splits once nobody can pay more?",
    ),
    (
        "none",
        0,
        f"No row can cost more than {-math.log(CLIPS[1]):.1f} nats any longer. The model has not "
        "changed: what was measured, both times, was the clip.",
    ),
)
def clipped():
    return dearer_than_the_base_rate(CLIPS[1])
