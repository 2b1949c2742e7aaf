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
    hints=[
        "The paper gives each of the four other classes 0.1/4. What does the framework give each "
        "of them, in terms of its own α?",
        "Make the two equal and solve for the framework's α. It has to be the larger of the two, "
        "because a fifth of it goes back to the true class.",
    ],
    right=f"Right: 0.125. With two classes it would be {0.1 * 2 / 1} for 0.1; with a thousand, "
    f"{round(0.1 * 1000 / 999, 4)}, and nobody would notice.",
)
def translate():
    """A paper with five classes used targets of 0.9 for the true class and 0.025 for each of the
    four others, and writes α = 0.1. You want these targets from PyTorch, which spreads its α over
    all five classes. Which `label_smoothing` do you pass?
    """
    return 0.1 * 5 / 4


@translate.mistake(
    "0.08 is the way back, from a framework to a textbook. Which of the two numbers has to be "
    "larger, if the framework returns a share of its α to the true class?"
)
def _the_way_back():
    return 0.1 * 4 / 5


@translate.mistake(
    f"With 0.1 the framework makes rows of {0.9 + 0.1 / 5} and {0.1 / 5}. The paper wants 0.025 "
    "for each other class: which α gives α/5 = 0.025?"
)
def _as_it_stands():
    return 0.1


@translate.mistake(
    "0.12 has a factor 6/5. How many classes share the α in the framework, and how many in the "
    "paper?"
)
def _one_too_many():
    return 0.1 * 6 / 5


@translate.mistake(
    "0.025 is what each other class gets. The argument is the whole α, of which each class gets a "
    "fifth."
)
def _share_of_one():
    return 0.1 / 4


# ---------------------------------------------------------------- the floor


@exercise(
    "07",
    title="How low can it go?",
    hints=[
        "First the target: what does the true class get, and what each of the three others?",
        "Cross-entropy is lowest where the forecast equals the target, and there it equals the "
        "target's own entropy (notebook 02).",
        "Four terms −y·ln y: one for the true class, and three that are alike.",
    ],
    right="Right: 0.588 nats. A training loss of 0.59 would be almost perfect here: subtract the "
    "floor before you compare.",
)
def floor():
    """Four classes, frameworks' convention, α = 0.2. What is the lowest smoothed loss that a row
    can reach, in nats?
    """
    y = np.array([0.8 + 0.2 / 4, 0.2 / 4, 0.2 / 4, 0.2 / 4])
    return -np.sum(y * np.log(y))


@floor.mistake(
    "This is the floor of the textbooks' target, 0.8 and three times 0.2/3. What does the true "
    "class get when α is spread over all four?"
)
def _floor_of_textbooks():
    y = np.array([0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3])
    return -np.sum(y * np.log(y))


@floor.mistake(
    "This is −ln 0.85, the surprise of the true class alone. A soft target also asks about the "
    "other three."
)
def _true_class_alone():
    return -math.log(0.85)


@floor.mistake("Only one of the other classes is in your sum. How many are there?")
def _one_other():
    return -0.85 * math.log(0.85) - 0.05 * math.log(0.05)


@floor.mistake("This is the floor in bits. Which logarithm counts in nats?")
def _floor_in_bits():
    y = np.array([0.85, 0.05, 0.05, 0.05])
    return -np.sum(y * np.log2(y))


@floor.mistake(
    "0 is the floor of a hard label. The forecast that would reach it gives the others 0, and "
    "they carry weight in this target: what would they cost?"
)
def _floor_of_hard():
    return 0.0


# ---------------------------------------------------------------- the gap


@exercise(
    "07",
    title="The best gap",
    hints=[
        "At the bottom the forecast equals the target. Which two probabilities are those here?",
        "Softmax: the ratio of two probabilities is e to the power of the difference of their "
        "logits.",
    ],
    right="Right: ln 76 = 4.331, however much the network would like to say. Hard labels ask for "
    "an infinite gap; this one can be reached, and weights stop growing.",
)
def best_gap():
    """25 classes, frameworks' convention, α = 0.25. All wrong classes have the same logit. By
    how much should the true logit lie above them, for the smallest smoothed loss?
    """
    return math.log((0.75 + 0.25 / 25) / (0.25 / 25))


@best_gap.mistake(
    "This is the gap for the textbooks' target, 0.75 against 0.25/24. Which shares does the "
    "frameworks' convention hand out?"
)
def _gap_of_textbooks():
    return math.log(0.75 / (0.25 / 24))


@best_gap.mistake(
    "This is the log-odds of the true class against all others *together*. The gap is to one of "
    "them: what is its probability?"
)
def _against_all():
    return math.log(0.76 / 0.24)


@best_gap.mistake(
    "The probability of the others is right. The true class got its own share of α back, too."
)
def _without_share():
    return math.log(0.75 / 0.01)


@best_gap.mistake(
    "76 is how many *times* as probable the true class should be. How does a ratio of "
    "probabilities turn into a difference of logits?"
)
def _no_log():
    return 76.0


@best_gap.mistake("That is the gap counted with base 10. On which base does softmax stand?")
def _gap_base_ten():
    return math.log10(76)


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
    ],
    digits=6,
    atol=1e-12,
)
def smooth(rows, alpha):
    """Write smooth(rows, alpha) for an array of target rows, shape (n, K): the frameworks'
    convention. Return a new array of the same shape. Rows may already be soft.
    """
    return (1 - alpha) * rows + alpha / rows.shape[1]


@smooth.mistake(
    "These are the textbooks' rows: the true class keeps exactly 1 − α. The frameworks give every "
    "class, the true one too, its share of α."
)
def _textbook_rows(rows, alpha):
    return (1 - alpha) * rows + alpha * (1 - rows) / (rows.shape[1] - 1)


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
    "Your rows sum to less than 1: only the zeros received a share. Which class is missing?"
)
def _only_zeros(rows, alpha):
    return np.where(rows > 0, (1 - alpha) * rows, alpha / rows.shape[1])


@smooth.mistake("Each class received the whole of α. How many share it?")
def _whole_alpha(rows, alpha):
    return (1 - alpha) * rows + alpha


# ---------------------------------------------------------------- the way back


@exercise(
    "07",
    title="The way back",
    hints=[
        "If a class is right with probability η, its smoothed target is (1 − α)·η + α/K on "
        "average. Which η makes that 0.55?",
        "Undo the two steps in the opposite order: first take away what was added, then divide by "
        "what was left of the label.",
    ],
    right="Right: 0.6. The formula holds for a network that has learnt its soft targets well; "
    "where it has not, as with our digits, you measure the gap instead: notebook 08.",
)
def way_back():
    """A network was trained with α = 0.1 in the frameworks' convention, on ten classes, and has
    learnt the average smoothed target perfectly. It says 0.55 for its favourite. With what
    probability is the favourite right?
    """
    return (0.55 - 0.1 / 10) / (1 - 0.1)


@way_back.mistake(
    "The division is right. Before it, take away the share of α that every class got for nothing."
)
def _only_divided():
    return 0.55 / 0.9


@way_back.mistake("You took away the whole α. How much of it did this one class receive?")
def _took_all():
    return (0.55 - 0.1) / 0.9


@way_back.mistake(
    "This smooths 0.55 a second time. The network's answer is already smoothed: which way are you "
    "going?"
)
def _smoothed_again():
    return 0.9 * 0.55 + 0.01


@way_back.mistake(
    "The share of α is gone. What is left is (1 − α) times the probability that was asked for."
)
def _only_taken():
    return 0.55 - 0.01


@way_back.mistake(
    f"0.55 is what it says. It was taught to say less than it knows: its targets were "
    f"{0.9 + 0.1 / 10} for sure things."
)
def _taken_at_its_word():
    return 0.55
