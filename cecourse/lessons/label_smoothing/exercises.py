"""The exercises of notebook 07: two conventions, floor, best gap, a batch, and the way back."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- which convention


@exercise(
    "07",
    title="Which convention?",
    hints=[
        "Write the row for K = 4 and α = 0.1 twice, once with each formula, and compare.",
        "Look at the true class. One convention leaves it exactly 1 − α; the other gives it a "
        "share of α back.",
    ],
    choices={
        "A": "the frameworks': (1 − α)·y + α/K",
        "B": "the textbooks': 1 − α, and α/(K − 1) for each other class",
        "C": "either: for α = 0.1 both give this row",
        "D": "neither: the true class should keep exactly 0.9",
    },
    mistakes={
        "B": "With that formula the true class keeps exactly 1 − α. Is that what the row shows?",
        "C": "Write out both rows. Where α is spread over K classes the true one gets a share "
        "back; where it is spread over K − 1 it gets nothing.",
        "D": "A true class at exactly 1 − α is what one of the two conventions asks for. Does the "
        "other one ask for it too?",
    },
    right="Right: 0.9 + 0.1/4 at the true class. The textbooks' formula gives the same row too, "
    "with α = 0.075: from a row alone you read the row, and not the α that somebody typed.",
)
def which_convention():
    """A colleague smooths four classes with α = 0.1 and prints a target:
    (0.925, 0.025, 0.025, 0.025). Which convention does that library follow?
    """
    printed = [0.925, 0.025, 0.025, 0.025]
    is_frameworks = np.allclose(printed, [0.9 + 0.1 / 4, 0.1 / 4, 0.1 / 4, 0.1 / 4])
    is_textbooks = np.allclose(printed, [0.9, 0.1 / 3, 0.1 / 3, 0.1 / 3])
    if is_frameworks:
        return "C" if is_textbooks else "A"
    return "B" if is_textbooks else "D"


# ---------------------------------------------------------------- alpha for alpha


@exercise(
    "07",
    title="Translate the paper",
    draws={"classes": (3, 4, 5, 6, 8, 9, 11, 21), "alpha": (0.05, 0.1, 0.2, 0.3)},
    hints=[
        lambda classes, alpha: (
            f"The paper gives each of the {classes - 1} other classes {alpha}/{classes - 1}. What "
            "does the framework give each of them, in terms of its own α?"
        ),
        lambda classes: (
            "Make the two equal and solve for the framework's α. It has to be the larger of the "
            f"two, because one part in {classes} of it goes back to the true class."
        ),
    ],
    right=lambda alpha, answer: (
        f"Right: {answer:.4g}. With two classes it would be {2 * alpha:g} for {alpha}; with a "
        f"thousand, {alpha * 1000 / 999:.4g}, and nobody would notice."
    ),
)
def translate(classes=5, alpha=0.1):
    """A paper has {classes} classes and follows the textbooks' convention with its α = {alpha}: the
    true class keeps 1 − α, and all the others share α equally. You want the paper's targets from
    PyTorch, which spreads an α of its own over all {classes} classes.

    Which `label_smoothing` do you pass?
    """
    return alpha * classes / (classes - 1)


@translate.mistake(
    lambda it: (
        f"{it:.3g} is the way back, from a framework to a textbook. Which of the two numbers has "
        "to be larger, if the framework returns a share of its α to the true class?"
    )
)
def _the_way_back(classes, alpha):
    return alpha * (classes - 1) / classes


@translate.mistake(
    lambda classes, alpha: (
        f"With {alpha} the framework makes rows of {1 - alpha + alpha / classes:.3g} and "
        f"{alpha / classes:.3g}. The paper wants {alpha / (classes - 1):.3g} for each other class: "
        "for which α does the framework give that?"
    )
)
def _as_it_stands(alpha):
    return alpha


@translate.mistake(
    lambda classes, it: (
        f"{it:.3g} has a factor {classes + 1}/{classes}. How many classes share the α in the "
        "framework, and how many in the paper?"
    )
)
def _one_too_many(classes, alpha):
    return alpha * (classes + 1) / classes


@translate.mistake(
    lambda classes, it: (
        f"{it:.3g} is what each other class gets in the paper. The argument is a whole α, of which "
        f"each class gets one part in {classes}: which α gives a class so much?"
    )
)
def _share_of_one(classes, alpha):
    return alpha / (classes - 1)


@translate.mistake(
    lambda alpha, it: (
        f"{it:.3g} is what the framework gives each other class if it is called with {alpha}. What "
        "should each of them get, and with which α does it?"
    )
)
def _share_in_the_framework(classes, alpha):
    return alpha / classes


@translate.mistake(
    lambda classes, it: (
        f"{it:.3g} is {classes} times the paper's α. Only what *one* class gets is multiplied by "
        "the number of classes to make the framework's α: how much is that?"
    )
)
def _whole_times_classes(classes, alpha):
    return alpha * classes


@translate.mistake(
    lambda it: (
        f"{it:.3g} is how much of the label the framework would keep before it hands out the "
        "shares. The argument is the other part: which?"
    )
)
def _what_is_kept(classes, alpha):
    return 1 - alpha * classes / (classes - 1)


@translate.mistake(
    lambda it: (
        f"{it:.3g} is α / (1 − α), and the number of classes has no part in it. What would a "
        "framework with a thousand classes have to be told?"
    )
)
def _odds_of_alpha(alpha):
    return alpha / (1 - alpha)


# ---------------------------------------------------------------- the floor


@exercise(
    "07",
    title="How low can it go?",
    draws={"classes": (3, 4, 5, 8, 10, 20), "alpha": (0.05, 0.1, 0.2, 0.3)},
    hints=[
        lambda classes: (
            f"First the target: what does the true class get, and what each of the {classes - 1} "
            "others?"
        ),
        "Cross-entropy is lowest where the forecast equals the target, and there it equals the "
        "target's own entropy (notebook 02).",
        lambda classes: (
            f"{classes} terms −y·ln y: one for the true class, and {classes - 1} that are alike."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g} nats. A training loss of {math.ceil(100 * answer) / 100:.2f} would "
        "be almost perfect here: subtract the floor before you compare."
    ),
)
def floor(classes=4, alpha=0.2):
    """{classes} classes, frameworks' convention, α = {alpha}. What is the lowest smoothed loss that
    a row can reach, in nats?
    """
    share = alpha / classes
    true = 1 - alpha + share
    return -true * math.log(true) - (classes - 1) * share * math.log(share)


@floor.mistake(
    lambda classes, alpha: (
        f"This is the floor of the textbooks' target, {1 - alpha:g} and {classes - 1} times "
        f"{alpha}/{classes - 1}. What does the true class get when α is spread over all {classes}?"
    )
)
def _floor_of_textbooks(classes, alpha):
    share = alpha / (classes - 1)
    return -(1 - alpha) * math.log(1 - alpha) - alpha * math.log(share)


@floor.mistake(
    lambda classes, alpha: (
        f"This is −ln {1 - alpha + alpha / classes:.4g}, the surprise of the true class alone. A "
        f"soft target also asks about the other {classes - 1}: how often does each of them count?"
    )
)
def _true_class_alone(classes, alpha):
    return -math.log(1 - alpha + alpha / classes)


@floor.mistake("Only one of the other classes is in your sum. How many are there?")
def _one_other(classes, alpha):
    share = alpha / classes
    true = 1 - alpha + share
    return -true * math.log(true) - share * math.log(share)


@floor.mistake("This is the floor in bits. Which logarithm counts in nats?")
def _floor_in_bits(classes, alpha):
    share = alpha / classes
    true = 1 - alpha + share
    return -true * math.log2(true) - (classes - 1) * share * math.log2(share)


@floor.mistake(
    "0 is the floor of a hard label. The forecast that would reach it gives the others 0, and "
    "they carry weight in this target: what would they cost?"
)
def _floor_of_hard():
    return 0.0


@floor.mistake(
    lambda classes, alpha: (
        f"This is α·ln K: {alpha} times the entropy of {classes} equal shares. The floor is the "
        "entropy of the whole target, shares and label together: which two numbers stand in it?"
    )
)
def _entropy_of_the_shares(classes, alpha):
    return alpha * math.log(classes)


@floor.mistake(
    lambda classes: (
        f"These are the terms of the {classes - 1} other classes. The true class has the largest "
        "weight of all: what does it add?"
    )
)
def _without_the_true_class(classes, alpha):
    return -(classes - 1) * alpha / classes * math.log(alpha / classes)


@floor.mistake(
    lambda classes, alpha: (
        f"Here the true class stands at {1 - alpha:g}, and each other at {alpha}/{classes}. What "
        "do the entries of that row sum to, and which class has not had its share of α?"
    )
)
def _share_not_given_back(classes, alpha):
    share = alpha / classes
    return -(1 - alpha) * math.log(1 - alpha) - (classes - 1) * share * math.log(share)


# ---------------------------------------------------------------- the gap


@exercise(
    "07",
    title="The best gap",
    draws={"classes": (5, 8, 20, 25, 40, 50, 100), "alpha": (0.05, 0.1, 0.2, 0.25)},
    hints=[
        "At the bottom the forecast equals the target. Which two probabilities are those here?",
        "Softmax: the ratio of two probabilities is e to the power of the difference of their "
        "logits.",
    ],
    right=lambda answer: (
        f"Right: ln {math.exp(answer):.0f} = {answer:.4g}, however much the network would like to "
        "say. Hard labels ask for an infinite gap; this one can be reached, and weights stop "
        "growing."
    ),
)
def best_gap(classes=25, alpha=0.25):
    """{classes} classes, frameworks' convention, α = {alpha}. All wrong classes have the same
    logit. By how much should the true logit lie above them, for the smallest smoothed loss?
    """
    share = alpha / classes
    return math.log((1 - alpha + share) / share)


@best_gap.mistake(
    lambda classes, alpha: (
        f"This is the gap for the textbooks' target, {1 - alpha:g} against {alpha}/{classes - 1}. "
        "Which shares does the frameworks' convention hand out?"
    )
)
def _gap_of_textbooks(classes, alpha):
    return math.log((1 - alpha) / (alpha / (classes - 1)))


@best_gap.mistake(
    "This is the log-odds of the true class against all others *together*. The gap is to one of "
    "them: what is its probability?"
)
def _against_all(classes, alpha):
    true = 1 - alpha + alpha / classes
    return math.log(true / (1 - true))


@best_gap.mistake(
    "The probability of the others is right. The true class got its own share of α back, too: "
    "what does it have then?"
)
def _without_share(classes, alpha):
    return math.log((1 - alpha) / (alpha / classes))


@best_gap.mistake(
    lambda it: (
        f"{it:.0f} is how many *times* as probable the true class should be. How does a ratio of "
        "probabilities turn into a difference of logits?"
    )
)
def _no_log(classes, alpha):
    share = alpha / classes
    return (1 - alpha + share) / share


@best_gap.mistake(
    "That is the gap counted with base 2 or 10. On which base does softmax stand?", base=(2, 10)
)
def _gap_in_another_base(classes, alpha, base=10):
    share = alpha / classes
    return math.log((1 - alpha + share) / share, base)


@best_gap.mistake(
    lambda it: (
        f"{it:.3g} is how far the two *probabilities* lie apart. The logits of a softmax differ by "
        "something else: what is their ratio?"
    )
)
def _gap_of_probabilities(classes, alpha):
    return (1 - alpha + alpha / classes) - alpha / classes


@best_gap.mistake(
    lambda it: (
        f"{it:.3g} is the gap of the notebook's digits, with ten classes and α = 0.1. Which two "
        "targets are there with the numbers of this question?"
    )
)
def _gap_of_the_digits():
    return math.log((0.9 + 0.1 / 10) / (0.1 / 10))


# ---------------------------------------------------------------- a batch


@exercise(
    "07",
    title="Smooth a batch",
    hints=[
        "Each entry becomes (1 − α) times itself plus the same small number everywhere.",
        "That number is α divided by the number of *classes*. In an array of shape (n, K), which "
        "entry of `rows.shape` is K?",
    ],
    right="Right, for soft rows too, and your rows still sum to 1. This is all that "
    "`label_smoothing=` does in a framework before it calls the cross-entropy of notebook 05.",
    probes=[
        (np.eye(3), 0.1),
        (np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]), 0.2),
        (np.array([[0.2, 0.7, 0.1]]), 0.05),
        (np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]), 0.0),
        (np.array([[0.0, 0.0, 1.0]]), 1.0),
        (np.array([[0.6, 0.4, 0.0], [0.25, 0.25, 0.5], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]), 0.1),
    ],
    digits=6,
    atol=1e-12,
)
def smooth(rows, alpha):
    """Write smooth(rows, alpha) for an array of target rows, shape (n, K), and 0 ≤ alpha ≤ 1: the
    frameworks' convention. Return a new array of the same shape.

    The rows are floats, and each sums to 1. They may already be soft.
    """
    return (1 - alpha) * rows + alpha / rows.shape[1]


@smooth.mistake(
    "These are the textbooks' rows: the true class keeps exactly 1 − α. The frameworks give every "
    "class, the true one too, its share of α. How large is that?",
    others=("1 − y each", "the zeros"),
)
def _textbook_rows(rows, alpha, others):
    shares = 1 - rows if others == "1 − y each" else rows == 0
    return (1 - alpha) * rows + alpha * shares / (rows.shape[1] - 1)


@smooth.mistake(
    "You divide α by the number of rows. It is shared among the classes of one row: which entry "
    "of the shape counts those?"
)
def _shared_among_rows(rows, alpha):
    return (1 - alpha) * rows + alpha / rows.shape[0]


@smooth.mistake(
    "Your rows sum to more than 1: every class has received its share, and nothing was taken from "
    "the label. What is left of y?"
)
def _nothing_taken(rows, alpha):
    return rows + alpha / rows.shape[1]


@smooth.mistake(
    "Your rows sum to less than 1: the true class of a hard label comes to 1 − α and not a bit "
    "more. Which class is missing among those that share α?",
    keeps=("what is not 0", "ones"),
)
def _only_zeros(rows, alpha, keeps):
    kept = rows > 0 if keeps == "what is not 0" else rows == 1
    return np.where(kept, (1 - alpha) * rows, alpha / rows.shape[1])


@smooth.mistake(
    "Your rows sum to more than 1: each class received the whole of α, or one of K − 1 parts of "
    "it. Among how many classes is α shared?",
    parts=("one", "K − 1"),
)
def _parts_too_large(rows, alpha, parts):
    return (1 - alpha) * rows + alpha / (1 if parts == "one" else rows.shape[1] - 1)


@smooth.mistake(
    "Right for hard labels, and only for them: your rows depend on where the largest entry is, or "
    "the 1, and what else a soft row says is lost. What becomes of an entry of 0.2?",
    keeps=("the largest", "ones"),
)
def _hard_alone(rows, alpha, keeps):
    kept = np.eye(rows.shape[1])[rows.argmax(axis=1)] if keeps == "the largest" else rows == 1
    return (1 - alpha) * kept + alpha / rows.shape[1]


@smooth.mistake(
    "Your rows sum to 1 because you divide by their sum. Then the label keeps 1 / (1 + α) of "
    "itself. How much should it keep?"
)
def _divided_by_the_sum(rows, alpha):
    more = rows + alpha / rows.shape[1]
    return more / more.sum(axis=1, keepdims=True)


@smooth.mistake(
    "Only the first row comes back. Does `return` stand inside the loop? Then the function is over "
    "before it comes to the second: where does it belong?"
)
def _first_row_alone(rows, alpha):
    return ((1 - alpha) * rows + alpha / rows.shape[1])[:1]


# ---------------------------------------------------------------- the way back


@exercise(
    "07",
    title="The way back",
    draws={
        "says": (0.46, 0.55, 0.64, 0.73),
        "classes": (5, 10, 20),
        "alpha": (0.1, 0.2),
    },
    hints=[
        lambda says: (
            "If a class is right with probability η, its smoothed target is (1 − α)·η + α/K on "
            f"average. Which η makes that {says}?"
        ),
        "Undo the two steps in the opposite order: first take away what was added, then divide by "
        "what was left of the label.",
    ],
    right=lambda answer: (
        f"Right: {answer:.3g}. The formula holds for a network that has learnt its soft targets "
        "well; where it has not, as with our digits, you measure the gap instead: notebook 08."
    ),
)
def way_back(says=0.55, classes=10, alpha=0.1):
    """A network was trained with α = {alpha} in the frameworks' convention, on {classes} classes,
    and has learnt the average smoothed target perfectly. It says {says} for its favourite. With
    what probability is the favourite right?
    """
    return (says - alpha / classes) / (1 - alpha)


@way_back.mistake(
    "The division is right. Before it, take away the share of α that every class got for nothing: "
    "how large is that?"
)
def _only_divided(says, alpha):
    return says / (1 - alpha)


@way_back.mistake("You took away the whole α. How much of it did this one class receive?")
def _took_all(says, alpha):
    return (says - alpha) / (1 - alpha)


@way_back.mistake(
    lambda says: (
        f"This smooths {says} a second time. The network's answer is already smoothed: which way "
        "are you going?"
    )
)
def _smoothed_again(says, classes, alpha):
    return (1 - alpha) * says + alpha / classes


@way_back.mistake(
    "The share of α is gone. What is left is (1 − α) times the probability that was asked for: "
    "which step is still to be undone?"
)
def _only_taken(says, classes, alpha):
    return says - alpha / classes


@way_back.mistake(
    lambda classes, alpha, it: (
        f"{it} is what it says. It was taught to say less than it knows: its targets were "
        f"{1 - alpha + alpha / classes:.4g} for sure things. What does it know, then?"
    )
)
def _taken_at_its_word(says):
    return says


@way_back.mistake(
    lambda classes, alpha: (
        f"Here the rest is divided by {1 - alpha + alpha / classes:.4g}, the target of a sure "
        "thing. A share of α is in that number, too, and you have just taken it away from the "
        "other: what is left of the label alone?"
    )
)
def _by_the_highest_target(says, classes, alpha):
    return (says - alpha / classes) / (1 - alpha + alpha / classes)


@way_back.mistake(
    lambda classes: (
        f"This is the way back from the textbooks' targets, in which α is shared by {classes - 1} "
        "classes. Among how many do the frameworks share it?"
    )
)
def _back_from_textbooks(says, classes, alpha):
    share = alpha / (classes - 1)
    return (says - share) / (1 - alpha - share)


@way_back.mistake(
    lambda classes: (
        f"You took away half of α, as if there were two classes. There are {classes}: how much did "
        "each receive?"
    )
)
def _as_if_of_two(says, alpha):
    return (says - alpha / 2) / (1 - alpha)
