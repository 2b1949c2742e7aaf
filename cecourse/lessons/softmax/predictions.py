"""What notebook 05 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse.prediction import prediction
from cehelpers import (
    categorical_cross_entropy_with_logits,
    entropy,
    logit,
    one_hot,
    sigmoid,
    softmax,
    sparse_categorical_cross_entropy_with_logits,
)

NAMES = ("fox", "cat", "dog")
CAT = 1
Z = np.array([2.1, 1.2, -0.3])
P = softmax(Z)
SMALL = (0.3, 0.2, 0.1)
FOX = np.array([8.0, 0.0, 0.0])
STUCK, HITS = 1.47, 0.9
COSTLIEST, PICTURES = 8, 500
THRESHOLD = 0.5


@prediction(
    f"Three logits, {Z[0]}, {Z[1]} and −{-Z[2]}. Add 100 to each of them. The softmax",
    (
        "gets closer to certain",
        lambda gained: gained > 0.01,
        "Large logits make enormous exponentials. But every class has got the same factor, and "
        "each is divided by the total.",
    ),
    (
        "gets closer to uniform",
        lambda gained: gained < -0.01,
        f"The ratio of {Z[0] + 100:.1f} to {Z[1] + 100:.1f} is nearly 1. But softmax takes "
        "exponentials first: what becomes of a ratio there?",
    ),
    (
        "does not change",
        lambda gained: abs(gained) < 1e-9,
        "The factor e¹⁰⁰ stands in every numerator and in the denominator: only differences count.",
    ),
)
def add_a_hundred():
    return float(softmax(Z + 100)[0] - P[0])


@prediction(
    "The logits 0.3, 0.2 and 0.1 are in proportion 3 : 2 : 1, and the largest holds half of their "
    "sum. Which share does softmax give it?",
    (
        "hardly more than a third",
        lambda share: 0.34 < share < 0.42,
        f"{softmax(SMALL)[0]:.3f}. The differences are tiny, so the shares are nearly equal; the "
        "proportion of the logits never counted.",
    ),
    (
        "exactly half: proportions stay",
        lambda share: 0.48 < share < 0.52,
        "So it would be if softmax divided the logits by their sum. It divides their exponentials.",
    ),
    (
        "more than half",
        lambda share: share > 0.55,
        "That softmax amplifies the largest is often written. It is true where the gaps are large. "
        f"Here the largest lies {SMALL[0] - SMALL[1]:.1f} above the next.",
    ),
)
def amplified():
    return float(softmax(SMALL)[0])


@prediction(
    f"The shares of fox, cat and dog are {P[0]:.3f}, {P[1]:.3f} and {P[2]:.3f}. Divide the logits "
    "by a temperature T > 0: where do the shares go when T is very large, and when it is close to "
    "0? Can a temperature turn the fox into a cat?",
    (
        "large T: the fox alone; T near 0: all alike; never a cat",
        lambda went: went == ("fox alone", "all alike", True),
        "Heat sounds like more of everything. Here it *divides* the logits: what happens to their "
        "differences?",
    ),
    (
        "large T: all alike; T near 0: the fox alone; never a cat",
        lambda went: went == ("all alike", "fox alone", True),
        "A large T makes all differences small, a small T makes them large, and one positive "
        "number never changes which logit is the largest.",
    ),
    (
        "large T: all alike; T near 0: the fox alone; in between a cat, for some T",
        lambda went: went == ("all alike", "fox alone", False),
        "The shares do move by different amounts. But z/T keeps the order of the logits, and the "
        "exponential keeps it too.",
    ),
)
def temperatures():
    def like(T):
        largest = softmax(Z, temperature=T).max()
        return "all alike" if largest < 0.35 else "fox alone" if largest > 0.99 else "between"

    grid = np.geomspace(0.01, 1000, 200)
    return like(1000), like(0.01), all(softmax(Z, temperature=T).argmax() == 0 for T in grid)


@prediction(
    "Ten people label a picture: two say fox, seven cat, one dog. Grade a forecast ten times, once "
    "for each of them, and take the mean loss; or grade it once, with the shares (0.2, 0.7, 0.1) "
    "as its label. Which costs more?",
    (
        "ten times: each label is all or nothing",
        lambda more: more > 0.01,
        "A vote for what the forecast holds unlikely does cost a lot. But that vote is in the soft "
        "label too: how much does it weigh there?",
    ),
    (
        "once: a soft label has an entropy to pay",
        lambda more: more < -0.01,
        "It has, and no forecast gets below it. But do ten people who disagree let it go lower?",
    ),
    (
        "neither",
        lambda more: abs(more) < 1e-9,
        "The loss is linear in the label, so a mean of losses is the loss of the mean label.",
    ),
)
def ten_or_once():
    votes = [0] * 2 + [1] * 7 + [2]
    each = sparse_categorical_cross_entropy_with_logits(votes, np.tile(Z, (10, 1)))
    return float(each - categorical_cross_entropy_with_logits([0.2, 0.7, 0.1], Z))


@prediction(
    f"It was a cat; the network had said {P[0]:.3f} fox, {P[1]:.3f} cat and {P[2]:.3f} dog. Its "
    "logits are divided by T = 10. What happens to the loss?",
    (
        "nothing: the fox still leads",
        lambda change: abs(change) < 0.01,
        "Accuracy sees the leader. The loss sees what was given to the cat.",
    ),
    (
        "it rises: a forecast that says less is worth less",
        lambda change: change > 0.05,
        "For a forecast that is right this is so. This one believed in a fox.",
    ),
    (
        "it falls: less sure, less sorry",
        lambda change: change < -0.05,
        f"The cat goes from {P[CAT]:.3f} to {softmax(Z / 10)[CAT]:.3f}, towards a third, and its "
        "surprise falls with that.",
    ),
)
def heated():
    once, hot = (sparse_categorical_cross_entropy_with_logits(CAT, Z / T) for T in (1, 10))
    return float(hot - once)


def cost(z):
    """The loss of a cat where softmax is applied twice."""
    return sparse_categorical_cross_entropy_with_logits(CAT, softmax(z))


@prediction(
    "Logits of 8, 0 and 0 for fox, cat and dog, and it was a cat. The loss is "
    f"{sparse_categorical_cross_entropy_with_logits(CAT, FOX):.2f}, and the cat's logit is pulled "
    "up with a slope of almost 1. Now softmax is applied twice by accident. What becomes of loss "
    "and pull?",
    (
        "both stay: shares are shares already",
        lambda found: found[0] > 7 and found[1] > 0.9,
        "A second softmax does not know that it gets shares. It takes them for logits, and as "
        "logits they are very close together.",
    ),
    (
        "both grow: sure becomes surer",
        lambda found: found[0] > 9,
        "Once more e^z, once more away from the others? What the second softmax gets lies between "
        "0 and 1.",
    ),
    (
        "the loss becomes small, the pull stays: its slope is p − y",
        lambda found: found[0] < 2 and found[1] > 0.5,
        "p − y is the slope in what the loss takes for logits. From there the chain rule leads "
        "through one more softmax.",
    ),
    (
        "the loss becomes small, and the pull nearly 0",
        lambda found: found[0] < 2 and found[1] < 0.1,
        f"As logits, shares differ by at most 1: the loss is {cost(FOX):.3f}. And the slope has to "
        "pass through the first softmax, which is flat where it is sure.",
    ),
)
def applied_twice():
    step = 1e-5 * np.eye(3)[CAT]
    return float(cost(FOX)), float((cost(FOX - step) - cost(FOX + step)) / 2e-5)


@prediction(
    f"A ten-class loss falls to {STUCK} and stays there; accuracy is {HITS:.0%}. First suspicion?",
    (
        "the learning rate is too high",
        "rate",
        "A loss that stops falling often has this reason. It would jump then, and a step size puts "
        "no floor under it.",
    ),
    (
        "a softmax is applied twice",
        "twice",
        "Probabilities used as logits differ by at most 1, so the loss cannot fall below "
        f"ln(e + 9) − 1 = {math.log(math.e + 9) - 1:.3f}, while the favourite, and so the "
        "accuracy, survives.",
    ),
    (
        "the labels are noisy",
        "noise",
        "Noise puts a floor under the loss, that is true. With one label in ten wrong, at random, "
        f"it lies at {entropy([HITS] + 9 * [(1 - HITS) / 9]):.2f}.",
    ),
)
def stuck():
    floors = {
        "rate": 0.0,
        "twice": float(sparse_categorical_cross_entropy_with_logits(0, np.eye(10)[0])),
        "noise": entropy([HITS] + 9 * [(1 - HITS) / 9]),
    }
    return min(floors, key=lambda name: abs(STUCK - floors[name]))


@prediction(
    "A linear softmax model learns ten digits by gradient descent, from weights that are all 0. "
    "After one step the 64 weights of a digit, one for each pixel, are drawn as a picture. What "
    "does it show?",
    (
        "noise: one step is far too little",
        lambda first: first[0] > 0 and first[1] < 0.5,
        "It takes hundreds of steps to become good. But nothing in this start is random: where "
        "would noise come from?",
    ),
    (
        "nothing: from equal weights all slopes are 0",
        lambda first: first[0] == 0,
        "Networks with a hidden layer do get stuck at 0. Here the slope is p − y times the "
        "picture, and p − y is not 0.",
    ),
    (
        "the digit's average picture, minus the average of all",
        lambda first: first[0] > 0 and first[1] > 0.9,
        f"All p are {1 / 10} at the start, so the first step adds up pictures: a class's own count "
        "for it, and a tenth of everybody's against it.",
    ),
)
def first_step():
    from sklearn.datasets import load_digits

    data = load_digits()
    seen = np.random.default_rng(0).permutation(len(data.data))[:1297]
    X, y = data.data[seen] / 16, data.target[seen]
    W = -X.T @ (1 / 10 - one_hot(y, 10)) / len(X)
    means = [X[y == k].mean(axis=0) - X.mean(axis=0) for k in range(10)]
    alike = [np.corrcoef(W[:, k], means[k])[0, 1] for k in range(10)]
    return float(np.abs(W).max()), float(np.mean(alike))


@prediction(
    f"A classifier names nearly all of {PICTURES} handwritten digits right. Which part of its "
    "whole loss do the eight costliest pictures carry?",
    (
        f"about {COSTLIEST / PICTURES:.0%}, as 8 of 500 are",
        lambda share: share < 0.05,
        "So it would be if all pictures cost the same. Most cost nearly nothing, and a surprise "
        "has no upper end.",
    ),
    (
        "a quarter to a third",
        lambda share: 0.12 < share < 0.45,
        "A truth to which the model gave a hundredth costs "
        f"{-math.log(0.01):.1f} nats, one to which it gave nearly everything costs nearly nothing: "
        "a few rows carry a large part.",
    ),
    (
        "nearly all: the others are right",
        lambda share: share > 0.7,
        "Right is not free: whoever gave four fifths to the truth still pays, and hundreds of "
        "pictures are right. And there are more than eight mistakes.",
    ),
    measured=True,
)
def eight_costliest():
    """Measured: the share of the held-out loss that the eight costliest of the digits carry."""


@prediction(
    "A photo may be tagged fox, night and rain: any of them, all, or none. Which last layer fits?",
    (
        "one softmax over three",
        lambda found: found[0] == 2,
        "Three classes and one layer, as for fox, cat and dog. There exactly one of them held.",
    ),
    (
        "three sigmoids",
        lambda found: found[0] < 2 == found[1],
        "Each tag is a yes-or-no question of its own. A softmax makes them share 1, so two tags "
        "can never both pass 0.5; eight combinations would work for three tags and not for thirty.",
    ),
    (
        "a softmax over the eight combinations, and nothing simpler",
        lambda found: max(found) < 2,
        f"It works, with {2**3} classes for three tags. Thirty tags would make {2**30:,} of them, "
        "and each tag can be asked for by itself.",
    ),
)
def tags_of_a_photo():
    z = logit([0.9, 0.4, 0.7])  # fox and night hold
    return int((softmax(z) > THRESHOLD).sum()), int((sigmoid(z) > THRESHOLD).sum())


@prediction(
    "A digit may have the tags even, large and loop. One softmax over the tags learns them, and so "
    "do three sigmoids; a picture is right where all three tags come out right at a threshold of "
    f"{THRESHOLD}. On which pictures is the softmax ahead?",
    (
        "on none, whether they have one tag or two",
        lambda found: found[0] < 0,
        "It is the wrong tool for tags, so it should lose everywhere. Where exactly one tag holds, "
        "is it still the wrong tool?",
    ),
    (
        "on those with one tag; with two tags it is now and then right",
        lambda found: found[0] > 0 and found[1] > 0,
        "Training finds a way round many things. No training makes two shares of 1 both larger "
        "than one half.",
    ),
    (
        "on those with one tag; with two tags it is never right",
        lambda found: found[0] > 0 and found[1] == 0,
        "Shares sum to 1, so two tags cannot both pass the threshold. But a softmax cannot name "
        "two by mistake either, and that pays where one holds.",
    ),
    measured=True,
)
def one_tag_or_two():
    """Measured: how far softmax is ahead where one tag holds, and its share right where two do."""


@prediction(
    "Two shares of 1 cannot both be more than one half, but at a threshold of 0.1 they can both "
    "pass. From 0.5 down to 0.1: does the softmax get more pictures right?",
    (
        "more, whether they have one tag or three",
        lambda found: found[0] <= 0 and found[1] < 0,
        "Three thirds do pass 0.1. On a picture with one tag, what is left for the other two "
        "shares passes more easily as well.",
    ),
    (
        "more of those with three tags, fewer of those with one",
        lambda found: found[0] > 0 > found[1],
        "Three tags get a third each, and one tag gets nearly 1: the share depends on how many "
        "there are to share with, and no fixed threshold knows that.",
    ),
    (
        "fewer, or as many: the shares stay the same",
        lambda found: found[1] >= 0,
        "The shares stay, and their order too. The threshold decides how many of them count as a "
        "yes.",
    ),
    measured=True,
)
def another_threshold():
    """Measured: how far 0.5 is ahead of 0.1, where one tag holds and where all three do."""
