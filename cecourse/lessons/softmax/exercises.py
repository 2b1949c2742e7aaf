"""The exercises of notebook 05: scores, shares, a stable loss, its gradient, and tags."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- how many times as probable


@exercise(
    "05",
    title="Two points ahead",
    hints=[
        "Write down the two probabilities as fractions. They have the same denominator: what "
        "becomes of it when you divide one by the other?",
        "What is left is one power of e divided by another. Which rule turns that into a single "
        "power?",
    ],
    right="Right: e² = 7.389. Other classes may come or go, and all logits may move together: this "
    "ratio stays. A difference of logits is the logarithm of odds.",
)
def two_points():
    """Softmax gets the logits 5 for fox, 3 for cat, and some others that you are not told.

    How many times as probable as the cat is the fox?
    """
    return math.exp(5) / math.exp(3)


@two_points.mistake(
    "1.667 is the ratio of the logits themselves. A logit is not a weight: adding 100 to both must "
    "change nothing, and it changes this ratio. What does softmax do to a logit first?"
)
def _ratio_of_logits():
    return 5 / 3


@two_points.mistake(
    "2 is the distance of the logits, which is the logarithm of what was asked. How do you undo a "
    "natural logarithm?"
)
def _difference():
    return 5 - 3


@two_points.mistake(
    "0.881 is the fox's probability if there were no other animals. The others take their share "
    "from both. How many *times* as probable was the question."
)
def _two_class_probability():
    return 1 / (1 + math.exp(-2))


@two_points.mistake(
    "This is e to the power of 5/3. Dividing one power of e by another changes the exponent in "
    "another way."
)
def _power_of_ratio():
    return math.exp(5 / 3)


@two_points.mistake(
    "0.135 is the other way round: how many times as probable as the fox is the cat. Which of the "
    "two probabilities is divided by which?"
)
def _the_other_way_round():
    return math.exp(3) / math.exp(5)


# ---------------------------------------------------------------- log-sum-exp


@exercise(
    "05",
    title="Log-sum-exp that never overflows",
    hints=[
        "Let m be the largest score. Σ e^z = e^m · Σ e^(z − m): what does the logarithm make of "
        "that product?",
        "Every z − m is 0 or negative, and the largest is exactly 0, so the sum lies between 1 "
        "and K: no overflow, and no log 0.",
        "m + ln Σ e^(z − m). And if m itself is −inf, z − m is inf − inf, a nan: that case "
        "deserves a line of its own.",
    ],
    right="Right, from −1001 to 1000 and with an impossible class. Nearly every library's softmax "
    "stands on this line.",
    probes=[
        ([2.0, 1.0, 0.1],),
        ([0.0, 0.0, 0.0, 0.0],),
        ([1000.0, 999.0, -5.0],),
        ([-1000.0, -1001.0],),
        ([-700.0, 30.0, 31.0, 33.0],),
        ([3.5],),
        ([-math.inf, 1.0, 2.0],),
        ([-math.inf, -math.inf],),
    ],
    digits=6,
)
def log_sum_exp(z):
    """Write log_sum_exp(z), the natural log of the sum of e^z, for a list of scores of any size.

    It must be right for scores of ±1000, too. A score of −inf is an impossible class and adds
    nothing; where every score is −inf, return −inf.
    """
    m = max(z)
    if m == -math.inf:
        return m
    return m + math.log(sum(math.exp(z_k - m) for z_k in z))


@log_sum_exp.mistake(
    "Right for ordinary scores. At 1000 it says infinity and at −1000 minus infinity, because "
    "e^1000 is larger than any float and e^−1000 smaller than any. What could you take out of the "
    "sum first?"
)
def _naive_numpy(z):
    return np.log(np.sum(np.exp(np.array(z))))


@log_sum_exp.mistake(
    "Right for ordinary scores. At 1000 `math.exp` stops with an OverflowError, and at −1000 you "
    "take the log of 0. What could you take out of the sum first?"
)
def _naive_math(z):
    return math.log(sum(math.exp(z_k) for z_k in z))


@log_sum_exp.mistake(
    "Only one case is left: where every score is −inf, z − m is inf − inf. What should come out if "
    "all classes are impossible, and how do you get there before the subtraction?"
)
def _all_impossible(z):
    z = np.array(z)
    return z.max() + np.log(np.sum(np.exp(z - z.max())))


@log_sum_exp.mistake(
    "Nothing overflows, and a shift of all scores changes nothing, and there it should: you took "
    "the largest score out and have not put it back. Where does it belong?"
)
def _not_put_back(z):
    z = np.array(z)
    return np.log(np.sum(np.exp(z - z.max())))


@log_sum_exp.mistake(
    "There is an eps inside your logarithm: it changes small sums, and where the scores are −1000 "
    "it is all that is left of them. What could you take out of the sum first, so that the rest is "
    "never below 1?",
    eps=EPS,
)
def _with_eps(z, eps):
    return np.log(np.sum(np.exp(z)) + eps)


@log_sum_exp.mistake(
    "This is the largest score, the hard maximum. Four equal scores of 0 should give ln 4, not 0: "
    "what do the others add?"
)
def _hard_maximum(z):
    return max(z)


# ---------------------------------------------------------------- one row


@exercise(
    "05",
    title="Three logits, one class",
    hints=[
        "Logits are not probabilities yet: one softmax turns them into probabilities.",
        "Only the probability of class 0 matters: take minus its natural logarithm.",
        "In one line: log-sum-exp of the three logits, minus the logit of class 0.",
    ],
    right="Right: 0.417, because softmax gives class 0 a probability of 0.659. Remember this row: "
    "it tells five broken programs apart, as you will see below.",
)
def one_row():
    """A network gives the logits z = [2, 1, 0.1], and class 0 is the right one.

    What is the softmax cross-entropy of this row, in nats?
    """
    z = np.array([2.0, 1.0, 0.1])
    return np.log(np.exp(z).sum()) - z[0]


def _probabilities(z):
    return np.exp(z) / np.exp(z).sum()


@one_row.mistake(
    "This number comes out if softmax is applied twice: once by you, and again by a loss that "
    "expects logits. How often does the recipe apply it?"
)
def _softmax_twice():
    return -np.log(_probabilities(_probabilities(np.array([2.0, 1.0, 0.1])))[0])


@one_row.mistake(
    "This is the probability of class 0 with a minus in front, what a loss that expects *log* "
    "probabilities makes of probabilities. A loss is never negative: which step is missing?"
)
def _nll_of_probabilities():
    return -_probabilities(np.array([2.0, 1.0, 0.1]))[0]


@one_row.mistake(
    "0.659 is the probability of class 0. The loss is the surprise that belongs to it: one step is "
    "missing."
)
def _probability_alone():
    return _probabilities(np.array([2.0, 1.0, 0.1]))[0]


@one_row.mistake(
    "This has been divided by 3, as if the three entries of a one-hot row were three rows. It is "
    "one row: what is the mean over one row?"
)
def _over_n_and_k():
    return one_row.function() / 3


@one_row.mistake(
    "Here the logits were divided by their sum, as if they were shares already. What happens to a "
    "logit before softmax divides?"
)
def _logits_as_shares():
    return -math.log(2 / 3.1)


# ---------------------------------------------------------------- the gradient


@exercise(
    "05",
    title="The gradient, for whole batches",
    hints=[
        "For each row the answer is: what was said minus what was so. You need a softmax that "
        "works row by row.",
        "Subtract each row's largest logit before you exponentiate; `z.max(axis=1, keepdims=True)` "
        "keeps the shape (n, 1), so that it fits (n, K).",
        "The sum that you divide by also runs over `axis=1` with `keepdims=True`. Then subtract "
        "the targets. No division by n.",
    ],
    right="Right, for hard and soft targets and for logits of ±1000. This is all that a softmax "
    "classifier needs in order to learn: further down it reads handwriting.",
    probes=[
        (np.array([[1.0, 0.0, 0.0]]), np.array([[2.0, 1.0, 0.1]])),
        (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.5, -1.0], [3.0, 2.0]])),
        (np.array([[0.2, 0.7, 0.1]]), np.array([[0.0, 0.4, -2.0]])),
        (
            np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
            np.array([[1000.0, 990.0, -1000.0], [-2.0, 1.0, 4.0]]),
        ),
        (np.array([[0.0, 1.0, 0.0]]), np.array([[-1000.0, -1001.0, -1000.0]])),
    ],
    digits=4,
    atol=1e-9,
)
def gradient(targets, logits):
    """Write gradient(targets, logits) with NumPy.

    It returns the slopes of each row's softmax cross-entropy in its logits, not divided by n. Both
    are arrays of shape (n, K), and so is the result. Rows of targets may be soft, and logits may
    be as large as ±1000.
    """
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    return probs - targets


@gradient.mistake(
    "Every entry has the right size and the wrong sign: yours points downhill. The gradient points "
    "to where the loss grows."
)
def _downhill(targets, logits):
    return -gradient.function(targets, logits)


@gradient.mistake(
    "The idea is right, and e^1000 is not a float: large logits give nan. What may you subtract "
    "from each row without changing its softmax?"
)
def _overflows(targets, logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True) - targets


@gradient.mistake(
    "One row comes out right and a batch does not: the softmax divides by a sum over all rows. "
    "Along which axis do the probabilities of one row lie?"
)
def _whole_batch(targets, logits):
    exps = np.exp(logits - logits.max())
    return exps / exps.sum() - targets


@gradient.mistake(
    "This is divided by the number of rows, the gradient of the mean. The question asks for each "
    "row's own: the training loop divides later."
)
def _of_the_mean(targets, logits):
    return gradient.function(targets, logits) / len(logits)


@gradient.mistake(
    "One row comes out right; two rows of two are mixed up, and two rows of three stop. A sum "
    "along `axis=1` has shape (n,), and NumPy lines it up with the columns. Which argument keeps "
    "the shape (n, 1)?"
)
def _no_keepdims(targets, logits):
    exps = np.exp(logits - logits.max(axis=1))
    return exps / exps.sum(axis=1) - targets


# ---------------------------------------------------------------- find the bug


@exercise(
    "05",
    title="Find the bug",
    hints=[
        "Call it with one row, then with two. Which intermediate result has a surprising shape?",
        "`p[:, labels]` takes *every* row at each of the labels: for n rows an n by n array. Which "
        "entries of it did you want?",
        "`np.arange(len(labels))` names the rows; together with `labels` it picks one entry from "
        "each.",
    ],
    right="Right. `p[:, labels]` graded every picture by every picture's label, so a perfect "
    "classifier scored badly, and nothing stopped. Two index arrays side by side pick one entry a "
    "row.",
    probes=[
        (np.array([[2.0, 1.0, 0.1]]), np.array([0])),
        (np.array([[3.0, 0.0, 1.0], [0.5, 2.0, -1.0]]), np.array([0, 1])),
        (np.array([[1.0, 2.0], [0.3, -0.4], [2.0, 2.5]]), np.array([1, 1, 0])),
        (np.array([[900.0, 903.0, 899.0], [1.0, 0.0, 0.5], [2.0, 4.0, 4.5]]), np.array([1, 2, 0])),
    ],
    digits=4,
)
def repaired(z, labels):
    """Write the function again, without the bug.

    It returns the mean softmax cross-entropy, in nats. z has shape (n, K) and holds logits; labels,
    shape (n,), holds the right classes.
    """
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


@repaired.mistake(
    "It still behaves like the function above: right for one row, wrong for several. Print the "
    "shape of what you take the logarithm of."
)
def _as_found(z, labels):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[:, labels]).mean()


@repaired.mistake(
    "Now it takes the row number `label` instead of the column, or stops where there is no such "
    "row. Which of the two indices names the row?"
)
def _picks_rows(z, labels):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[labels]).mean()


@repaired.mistake(
    "One row comes out right, and the softmax now runs down the columns, over pictures instead of "
    "classes. The axis was not the bug."
)
def _down_the_columns(z, labels):
    z = z - z.max(axis=0, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=0, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


@repaired.mistake(
    "The right entries, and now they are added up. The question asks for the mean over rows."
)
def _summed(z, labels):
    return repaired.function(z, labels) * len(labels)


@repaired.mistake(
    "This grades the *favourite* of each row, so every model looks good. Where do the labels come "
    "in?"
)
def _of_the_favourite(z, labels):
    return repaired.function(z, z.argmax(axis=1))


@repaired.mistake(
    "The right entries, and an eps that changes the logarithm of each. z minus its log-sum-exp is "
    "ln p as well, and there is nothing to guard: which line could do without the exponential?",
    eps=EPS,
    guard=GUARDS,
)
def _with_an_eps(z, labels, eps, guard):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(guard(p, eps)[np.arange(len(labels)), labels]).mean()


# ---------------------------------------------------------------- tags


@exercise(
    "05",
    title="Three tags on one photo",
    hints=[
        "Each tag is a yes-or-no question of its own: three binary cross-entropies.",
        "Fox: −ln 0.9. Rain did not hold, so look at 1 − 0.4. Night: −ln 0.7.",
        "The mean over the three tags, not their sum.",
    ],
    right="Right: 0.324 a tag. Frameworks differ in what they report: PyTorch and Keras average "
    "over tags, a likelihood adds them up, 0.973 for the photo. Write down which.",
)
def three_tags():
    """A photo shows a fox at night, without rain.

    So for the tags fox, rain and night y = (1, 0, 1). The model, with one sigmoid a tag, says
    p = (0.9, 0.4, 0.7).

    What is its binary cross-entropy, averaged over the three tags?
    """
    y, p = np.array([1, 0, 1]), np.array([0.9, 0.4, 0.7])
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@three_tags.mistake(
    "0.973 is the sum over the tags, the price of the whole photo. How much is it a tag?"
)
def _sum_of_tags():
    return 3 * three_tags.function()


@three_tags.mistake(
    "This is the categorical formula, −Σ y ln p, which looks only at the tags that hold. A model "
    "that always says yes would be perfect. What does rain at 0.4 cost, when there was none?"
)
def _only_what_holds():
    return -math.log(0.9) - math.log(0.7)


@three_tags.mistake(
    "Only the two tags that hold are in your mean. Rain was a question too, and its answer was no: "
    "with which probability did the model say no?"
)
def _mean_of_what_holds():
    return -(math.log(0.9) + math.log(0.7)) / 2


@three_tags.mistake(
    "You charged rain as if it had rained, −ln 0.4. Which probability did the model give to what "
    "happened?"
)
def _as_if_all_held():
    return -np.mean(np.log([0.9, 0.4, 0.7]))


@three_tags.mistake(
    "Here the three probabilities were first divided by their sum, to make them share 1. Three "
    "separate questions owe each other nothing: use them as they are."
)
def _made_to_share():
    p = np.array([0.9, 0.4, 0.7]) / 2.0
    y = np.array([1, 0, 1])
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# ---------------------------------------------------------------- weights


@exercise(
    "05",
    title="A weighted mean",
    hints=[
        "First the loss of each row, −ln q. Then multiply each by its weight.",
        "A row of weight 3 stands for three rows: how many rows are there then?",
        "Divide the weighted sum by the sum of the weights.",
    ],
    right="Right: 0.743, as PyTorch reports it. Divided by n it would be 1.486: both are in use, "
    "and their gradients differ by the same factor, so that a learning rate moves with the "
    "convention.",
)
def weighted():
    """Two rows; the model gave the right class q = 0.8 in the first and q = 0.4 in the second.
    Their classes have the weights w = 1 and w = 3: the second row is to count as three rows.

    What is the weighted mean loss, in nats?
    """
    q, w = np.array([0.8, 0.4]), np.array([1, 3])
    return np.sum(w * -np.log(q)) / np.sum(w)


@weighted.mistake(
    "1.486 divides by the number of rows, 2. Three copies of the second row would make four rows: "
    "by what must you divide?"
)
def _by_n():
    return (-math.log(0.8) - 3 * math.log(0.4)) / 2


@weighted.mistake("This is the weighted sum. What makes a mean of it?")
def _weighted_sum():
    return -math.log(0.8) - 3 * math.log(0.4)


@weighted.mistake("This is the mean without weights. The second row counts three times.")
def _without_weights():
    return -(math.log(0.8) + math.log(0.4)) / 2


@weighted.mistake(
    "This is the logarithm of the weighted mean of the probabilities. First the surprise of each "
    "row, then the mean."
)
def _log_of_weighted_mean():
    return -math.log((0.8 + 3 * 0.4) / 4)


@weighted.mistake("The weights are exchanged: which row has the weight 3?")
def _exchanged():
    return (-3 * math.log(0.8) - math.log(0.4)) / 4
