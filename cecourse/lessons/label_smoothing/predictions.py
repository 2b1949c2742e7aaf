"""What notebook 07 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse import story
from cecourse.prediction import prediction
from cehelpers import (
    categorical_cross_entropy_with_logits,
    entropy,
    one_hot,
    smooth_labels,
)

FRAUD = story.base_rate


def floor_and_gap(alpha: float, classes: int = 10) -> tuple[float, float]:
    """The entropy of a smoothed row in nats, and the gap that makes softmax say that row."""
    row = smooth_labels(one_hot(0, classes), alpha)
    return entropy(row), math.log(row[0] / row[1])


TOP, OTHER, *_ = smooth_labels(one_hot(0, 10), 0.1)
FLOOR, GAP = floor_and_gap(0.1)
FLOOR_HALF, GAP_HALF = floor_and_gap(0.05)
FLOOR_1000, GAP_1000 = floor_and_gap(0.1, 1000)


@prediction(
    "The true logit leads the nine others, each by the same gap, and the label is smoothed with "
    "α = 0.1. What does the loss do as the gap grows?",
    (
        "it falls for ever, as with a hard label, but more slowly",
        lambda losses: losses[0] > losses[1] > losses[2],
        "The true class still has the largest share of the label, and each step of the gap favours "
        "it. But the others have a share too, and their price rises without end.",
    ),
    (
        "it falls to its floor and stays there",
        lambda losses: losses[0] > losses[1] and abs(losses[1] - losses[2]) < 0.05,
        "It has a floor, and a floor sounds flat. But the loss touches it at one place: where the "
        "forecast is the target.",
    ),
    (
        "it falls, and then it rises again",
        lambda losses: losses[0] > losses[1] + 0.1 and losses[2] > losses[1] + 0.1,
        f"It is lowest where softmax says the target, at a gap of {GAP:.2f}. Beyond it the nine "
        "others get less than their share, and the loss goes up nearly in a straight line.",
    ),
)
def growing_gap():
    target = smooth_labels(one_hot(0, 10), 0.1)
    lead = one_hot(0, 10)
    return [
        float(categorical_cross_entropy_with_logits(target, gap * lead)) for gap in (2, 4.5, 11)
    ]


@prediction(
    f"Ten classes, and labels smoothed with α = 0.1: {TOP:g} for the true one, {OTHER:g} for each "
    "other. The training loss is 0.52. The network is",
    (
        "nearly perfect on its training rows",
        lambda floor: 0.47 < floor < 0.52,
        f"The floor is the entropy of the smoothed row, {FLOOR:.4f} nats; {0.52 - FLOOR:.2f} above "
        "it is nearly perfect.",
    ),
    (
        "mediocre",
        lambda floor: 0.05 < floor < 0.4,
        f"With hard labels 0.52 is that: a chance of {math.exp(-0.52):.0%} for the true class. But "
        "these labels are soft, and a soft label costs something whoever forecasts it.",
    ),
    (
        "broken: the loss should reach 0",
        lambda floor: floor < 0.01,
        "A loss reaches 0 where the label is certain. This one says 0.91, and whoever says 0.91 "
        "for it is surprised now and then.",
    ),
)
def loss_of_052():
    return entropy([0.91] + [0.01] * 9)


@prediction(
    "Ten classes, labels smoothed with α = 0.1. The lowest possible loss, the floor, is "
    f"{FLOOR:.2f} nats; it is reached where the true logit leads all others by {GAP:.2f}, the best "
    "gap. Where are floor and gap with half the smoothing, α = 0.05?",
    (
        f"floor {FLOOR / 2:.2f}, gap {2 * GAP:.2f}",
        lambda found: found[0] < 0.26 and found[1] > 8,
        "Half the softness, half the price and twice the lead. But an entropy is no straight line, "
        "and the gap is the logarithm of a ratio.",
    ),
    (
        f"floor {FLOOR_HALF:.2f}, gap {2 * GAP:.2f}",
        lambda found: found[0] > 0.27 and found[1] > 8,
        "Half the smoothing, twice the lead? But the gap is the logarithm of a ratio, and the "
        "ratio about doubles: what does that do to its logarithm?",
    ),
    (
        f"floor {FLOOR / 2:.2f}, gap {GAP_HALF:.2f}",
        lambda found: found[0] < 0.26 and found[1] < 6,
        "Half the smoothing, half the price? But an entropy is no straight line: the first bit of "
        "doubt costs the most.",
    ),
    (
        f"floor {FLOOR_HALF:.2f}, gap {GAP_HALF:.2f}",
        lambda found: found[0] > 0.27 and found[1] < 6,
        "The first bit of doubt costs the most, so half of the smoothing keeps more than half of "
        "the floor. And the ratio of the two targets about doubles, which adds about ln 2 = "
        f"{math.log(2):.2f} to the gap.",
    ),
)
def half_the_smoothing():
    row = smooth_labels(one_hot(0, 10), 0.05)
    return float(-np.sum(row * np.log(row))), float(np.log(row[0]) - np.log(row[1]))


@prediction(
    "Labels are smoothed with α = 0.1, over a thousand classes instead of ten. What becomes of the "
    "floor, the lowest possible loss, and of the best gap, by which the true logit leads there?",
    (
        "the floor falls, the gap grows",
        lambda times: times[0] < 0.9 and times[1] > 1.1,
        "So little is left for each wrong class that it seems to cost nothing. But there are 999 "
        "of them, and the less each has, the larger is its surprise.",
    ),
    (
        "the floor stays, the gap stays: it is the same α",
        lambda times: max(abs(one - 1) for one in times) < 0.1,
        "The same share is taken from the true class, that is so. What it is spread over is ten "
        "classes here, and a thousand there.",
    ),
    (
        "both about double",
        lambda times: min(times) > 1.7 and max(times) < 2.4,
        f"The same α hides in more places: {FLOOR:.2f} nats become {FLOOR_1000:.2f}. And each of "
        f"them holds a hundredth of what it held, so ln 100 = {math.log(100):.1f} is added to the "
        f"gap: {GAP:.1f} becomes {GAP_1000:.1f}.",
    ),
    (
        "the floor rises, the gap shrinks",
        lambda times: times[0] > 1.1 and times[1] < 0.9,
        "More classes, more doubt, so a smaller lead? The lead is over each single rival: what is "
        "left of the label for one of them?",
    ),
)
def thousand_classes():
    rows = [smooth_labels(one_hot(0, classes), 0.1) for classes in (10, 1000)]
    (floor, gap), (more, wider) = [
        (float(-np.sum(row * np.log(row))), math.log(row[0] / row[1])) for row in rows
    ]
    return more / floor, wider / gap


@prediction(
    "A network learns clean digits, once with hard labels and once with labels smoothed by α = "
    "0.1. Which of its marks on new pictures does that improve: accuracy, log loss, calibration "
    "error (ECE)?",
    (
        "all three",
        "accuracy, log loss, ECE",
        "What helps, helps, and a network that generalises better should be better all round. But "
        "which marks read its probabilities, and what were these taught to say?",
    ),
    (
        "ECE alone",
        "ECE",
        "Softer targets for better probabilities, paid for in accuracy: that is how it is often "
        "told. But ask what a network needs that was honest before.",
    ),
    (
        "accuracy and ECE",
        "accuracy, ECE",
        "Both are in the papers. The networks there were too sure of themselves; is one that "
        "learns clean digits?",
    ),
    (
        "accuracy alone",
        "accuracy",
        f"It is right a little more often. But it says {TOP:g} at most of what it knows almost "
        "surely, and its log loss and ECE pay for that.",
    ),
    measured=True,
)
def better_marks():
    """Which marks are better with α = 0.1 than with hard labels, in the mean of ten seeds."""


@prediction(
    "Label smoothing makes a network's probabilities",
    (
        "better calibrated",
        lambda times: max(times) < 0.9,
        "So it stands in many a summary, and it was measured: on networks that were far too sure. "
        "What does it do to one that was not?",
    ),
    (
        "worse calibrated",
        lambda times: min(times) > 1.1,
        f"A network that is taught to say {TOP:g} of what is certain says too little: if it was "
        "honest before. Many are not.",
    ),
    (
        "less confident, and so better or worse calibrated",
        lambda times: min(times) < 0.9 and max(times) > 1.1,
        "It takes confidence from everybody. An overconfident network is helped in the right dose, "
        "a calibrated one is harmed.",
    ),
    measured=True,
)
def calibration():
    """ECE with α = 0.1 over that with hard labels: clean digits, noise 0.3 and 0.5."""


@prediction(
    "As trained, hard labels have the lower log loss on clean digits, labels smoothed with α = 0.1 "
    "on very noisy ones. Now each network gets one number that divides all its logits, fitted on "
    "rows held out. Which labels have the lower log loss then?",
    (
        "clean: hard labels; noise: smoothed, as before",
        lambda more: more[0] > 0.01 and more[1] < -0.01,
        "The best trained network should stay the best. But how much of the difference was only "
        "how *sure* the networks were, and what does one number change?",
    ),
    (
        "no difference is left, clean or noisy",
        lambda more: max(abs(one) for one in more) < 0.01,
        "If smoothing did nothing but take confidence, one number could do and undo all of it. "
        "But do two networks with other labels favour the same digits?",
    ),
    (
        "clean: smoothed labels; noise: hard labels",
        lambda more: more[0] < -0.01 and more[1] > 0.01,
        "One number puts the confidence of each right, and what is left is how well a network "
        "tells digits apart. On clean ones the smoothed network does that a little better, under "
        "much noise worse.",
    ),
    (
        "smoothed labels on both",
        lambda more: max(more) < -0.01,
        "Smoothed networks memorise less, it is said, and the confidence is repaired. Where the "
        "noise is large, is what they say of the other digits worth as much?",
    ),
    measured=True,
)
def fair():
    """Log loss with α = 0.1 minus hard labels, each with its temperature: clean, noisy digits."""


@prediction(
    f"Smoothing with α = 0.9 on clean digits: a label keeps {1 - 0.9 + 0.9 / 10:.2f} for the true "
    f"digit and gives {0.9 / 10:.2f} to each other. On what share of new pictures is the network "
    "right?",
    (
        "on about 0.2: what the label says",
        lambda right: abs(right - 0.2) < 0.15,
        "That is how sure it will be. But being right is another thing: it asks only which of ten "
        "numbers is the largest.",
    ),
    (
        "on about 0.7: it learns, from what is left of the labels",
        lambda right: abs(right - 0.7) < 0.15,
        "Nine tenths of the label are gone, so much should be lost. But nothing in it became "
        "*wrong*: each label still points where it pointed.",
    ),
    (
        "on more than 0.9, nearly as with hard labels",
        lambda right: right >= 0.9,
        "The true digit is still the largest entry of each row, and accuracy asks for nothing "
        "more.",
    ),
    measured=True,
)
def accuracy_at_09():
    """Accuracy on new clean digits with α = 0.9, mean of five seeds."""


@prediction(
    "Pictures of 3, 8 and 9 in the plane of their three logits, trained with hard labels or with "
    "α = 0.1. In which network are the clouds tighter: the variance inside the classes smaller, "
    "compared with that between their centres?",
    (
        "with α = 0.1",
        lambda times: times < 0.85,
        "A smoothed label asks each picture to stand at one and the same distance from all wrong "
        "classes. That draws a class together.",
    ),
    (
        "with hard labels",
        lambda times: times > 1.2,
        "The surer a network, the further it pushes the classes apart. But a hard label asks only "
        "for *far*, and each picture may go as far as it likes.",
    ),
    (
        "in both about the same",
        lambda times: 0.9 < times < 1.1,
        "Their accuracy hardly differs, so why should their pictures? But accuracy does not ask "
        "how far a picture lies behind the border.",
    ),
    measured=True,
)
def tighter_clouds():
    """The ratio with α = 0.1 over that with hard labels: three seeds, training and new pictures."""


@prediction(
    f"Of the payments, {FRAUD:.2%} are fraud, so the mean label is {FRAUD:g}. The labels are "
    "smoothed as frameworks do it: of each, α = 0.1 is spread evenly over the two classes. What is "
    "the mean target now?",
    (
        f"{FRAUD:g} still",
        lambda target: target < 1.05 * FRAUD,
        "What is taken from one class is given to the other, and it should even out. It does where "
        "the classes are equally frequent.",
    ),
    (
        f"about {1.1 * FRAUD:.3f}, a tenth more",
        lambda target: 1.05 * FRAUD < target < 2 * FRAUD,
        "A tenth of softness, a tenth of change. But the tenth is taken from *all* labels, and "
        "nearly all of them are no fraud.",
    ),
    (
        "about 0.05",
        lambda target: abs(target - 0.05) < 0.02,
        f"Half of α goes to fraud, whoever the payment is: 0.9 · {FRAUD:g} + 0.05. That is "
        f"{(0.9 * FRAUD + 0.05) / FRAUD:.0f} times the base rate.",
    ),
)
def mean_target():
    return float(smooth_labels([1 - FRAUD, FRAUD], 0.1)[1])


@prediction(
    f"Logistic regression learns payments of which {FRAUD:.2%} are fraud, with labels smoothed by "
    "α = 0.1. Its logits z are then put right by a line a·z + b, fitted on the true labels of "
    "other payments. How large is its log loss on new ones, beside that of a model with hard "
    "labels?",
    (
        "more than twice as large: what was blurred is lost",
        lambda times: times > 2,
        "The targets no longer hold small probabilities, and blurred is blurred. But ask what the "
        "smoothing did to the *order* of the payments, and what the line can do to a level.",
    ),
    (
        "larger by a tenth or two",
        lambda times: 1.05 < times < 1.5,
        "Something should remain of so wrong a training; for a network it does. But this model "
        "has one direction to learn: did smoothing turn it?",
    ),
    (
        "the same, to a few per cent",
        lambda times: abs(times - 1) < 0.05,
        "Smoothing squeezed the logits towards 0 and left the direction of the model as it was. A "
        "line stretches them again: nothing is lost, here.",
    ),
    measured=True,
)
def undone():
    """Log loss after Platt scaling with α = 0.1, over that of hard labels, mean of five draws."""
