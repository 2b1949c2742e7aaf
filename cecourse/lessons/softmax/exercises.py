"""The exercises of notebook 05: scores, shares, a stable loss, its gradient, and tags."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- how many times as probable

E = (2.7, 2.71)  # e in fewer digits than it needs


@exercise(
    "05",
    title="A few points ahead",
    draws={
        "z": (
            (4, 3),
            (5, 1),
            (6, 3),
            (3, 1.5),
            (6, 3.5),
            (4, 0.5),
            (7, 2.5),
            (5, 2.8),
            (4, 2.4),
            (3, 2.2),
            (6, 4.8),
            (4, 3.3),
        )
    },
    hints=[
        "Write down the two probabilities as fractions. They have the same denominator: what "
        "becomes of it when you divide one by the other?",
        "What is left is one power of e divided by another. Which rule turns that into a single "
        "power?",
    ],
    right=lambda z, answer: (
        f"Right: e^{z[0] - z[1]:g} = {answer:.4g}. Other classes may come or go, and all logits "
        "may move together: this ratio stays. A difference of logits is the logarithm of odds."
    ),
)
def two_points(z=(5, 3)):
    """Softmax gets the logits {z[0]} for fox, {z[1]} for cat, and some others that you are not
    told.

    What is the fox's probability divided by the cat's?
    """
    return math.exp(z[0]) / math.exp(z[1])


@two_points.mistake(
    lambda it: (
        f"{it:.4g} is the ratio of the logits themselves. A logit is not a weight: adding 100 to "
        "both must change nothing, and it changes this ratio. What does softmax do to a logit "
        "first?"
    )
)
def _ratio_of_logits(z):
    return z[0] / z[1]


@two_points.mistake(
    lambda it: (
        f"{it:.4g} is the distance of the logits, which is the logarithm of what was asked. How "
        "do you undo a natural logarithm?"
    )
)
def _difference(z):
    return z[0] - z[1]


@two_points.mistake(
    lambda it: (
        f"{it:#.3g} is the fox's probability if there were no other animals. The others take "
        "their share from both. By which probability is the fox's to be divided?"
    )
)
def _two_class_probability(z):
    return 1 / (1 + math.exp(z[1] - z[0]))


@two_points.mistake(
    lambda z: (
        f"This is e to the power of {z[0]}/{z[1]}. Dividing one power of e by another changes the "
        "exponent in another way: in which?"
    )
)
def _power_of_ratio(z):
    return math.exp(z[0] / z[1])


@two_points.mistake(
    lambda it: (
        f"{it:#.3g} is the other way round, the cat's probability divided by the fox's. Which of "
        "the two is to stand above?"
    )
)
def _the_other_way_round(z):
    return math.exp(z[1]) / math.exp(z[0])


@two_points.mistake(
    lambda z: (
        f"This is 2 to the power of {z[0] - z[1]:.4g}: each point would double the probability. "
        "Of which number does softmax take powers?"
    )
)
def _powers_of_two(z):
    return 2 ** (z[0] - z[1])


@two_points.mistake(
    "This says how many times *more* probable the fox is: the ratio minus one. Two equal "
    "probabilities would come to 0 in this way. What is one divided by the other?"
)
def _minus_one(z):
    return math.exp(z[0] - z[1]) - 1


@two_points.mistake(
    "You have the right power, of a rounded e. What does `math.exp` give instead?", e=E
)
def _short_e(z, e=E[0]):
    return e ** (z[0] - z[1])


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
        ([0, 1, 3],),
        ([-math.inf, -1000.0, -1000.0],),
    ],
    digits=6,
)
def log_sum_exp(z):
    """Write log_sum_exp(z), the natural log of the sum of e^z, for a list of one or more scores
    of any size, whole numbers or not.

    It must be right for scores of ±1000, too. A score of −inf is an impossible class and adds
    nothing; where every score is −inf, return −inf.
    """
    m = max(z)
    if m == -math.inf:
        return m
    return m + math.log(sum(math.exp(z_k - m) for z_k in z))


def _by_numpy(z):
    return np.log(np.sum(np.exp(np.array(z))))


def _by_math(z):
    return math.log(sum(math.exp(z_k) for z_k in z))


@log_sum_exp.mistake(
    "Right for ordinary scores. e^1000 is larger than any float, so that NumPy says infinity and "
    "`math.exp` stops; e^−1000 is smaller than any, and its logarithm is −inf or an error. What "
    "could you take out of the sum first?",
    by=(_by_numpy, _by_math),
)
def _naive(z, by):
    return by(z)


@log_sum_exp.mistake(
    "Only one case is left: where every score is −inf, z − m is inf − inf. What should come out if "
    "all classes are impossible, and how do you get there before the subtraction?"
)
def _all_impossible(z):
    z = np.array(z)
    return z.max() + np.log(np.sum(np.exp(z - z.max())))


@log_sum_exp.mistake(
    "Nothing overflows. But add 5 to every score, and your result stays the same, though it should "
    "grow by 5: you took the largest score out and have not put it back. Where does it belong?"
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


def _mean(z):
    return np.mean(z)


def _least(z):
    return np.min(z)


def _first(z):
    return z[0]


def _largest_size(z):
    return max(abs(z_k) for z_k in z if z_k != -math.inf) if max(z) > -math.inf else math.inf


@log_sum_exp.mistake(
    "You take a number out of the sum and put it back, a good plan, and for some inputs the sum "
    "still overflows or vanishes. Which number leaves no exponent above 0, and one of them at 0?",
    of=(_mean, _least, _first, _largest_size),
    by=(_by_numpy, _by_math),
    careful=(False, True),
)
def _another_shift(z, of, by, careful):
    if careful and max(z) == -math.inf:
        return -math.inf
    m = of(z)
    return m + by([z_k - m for z_k in z])


def _by_log1p(z):
    return max(z) + np.log1p(np.sum(np.exp(np.array(z) - max(z))))


def _from_zero(z):
    return np.logaddexp.reduce([0.0, *z])


@log_sum_exp.mistake(
    "There is a 1 too many inside your logarithm: from `log1p`, or from a running total that "
    "begins at 0, where e^0 is 1. What should two equal scores of 0 give?",
    by=(_by_log1p, _from_zero),
    careful=(False, True),
)
def _one_too_many(z, by, careful):
    return -math.inf if careful and max(z) == -math.inf else by(z)


@log_sum_exp.mistake(
    "The scores are clipped. That holds the exponentials within floats, and beyond the bound the "
    "result is no longer that of these scores. What could you take out of the sum instead?",
    at=(700, 709, 500, 100, 50, 30, 20),
    low=(True, False),
)
def _clipped(z, at, low):
    return np.log(np.sum(np.exp(np.clip(z, -at if low else -math.inf, at))))


# ---------------------------------------------------------------- one row

ROW = (2, 1, 0.1)  # the notebook's own


@exercise(
    "05",
    title="Three logits, one class",
    draws={
        "z": (
            (3, 1, 0.2),
            (1, 2, 0.4),
            (2, 3, 1.5),
            (4, 2, 3.5),
            (2.5, 1, 2),
            (1, 1.5, 3),
            (3, 2, 2.8),
            (0.5, 1, 2),
            (2, 0.5, 0.3),
            (3.5, 3, 1),
        )
    },
    hints=[
        "Logits are not probabilities yet: one softmax turns them into probabilities.",
        "Only the probability of class 0 matters: take minus its natural logarithm.",
        "In one line: log-sum-exp of the three logits, minus the logit of class 0.",
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g}, because softmax gives class 0 a probability of "
        f"{math.exp(-answer):.3f}. One row worked out by hand is a test to keep: in notebook 05 "
        f"{list(ROW)} tells five broken programs apart."
    ),
)
def one_row(z=ROW):
    """A network gives the logits z = [{z[0]}, {z[1]}, {z[2]}], and class 0 is the right one.

    What is the softmax cross-entropy of this row, in nats?
    """
    return np.log(np.exp(z).sum()) - z[0]


def _probabilities(z):
    return np.exp(z) / np.exp(z).sum()


@one_row.mistake(
    "This number comes out if softmax is applied twice: once by you, and again by a loss that "
    "expects logits. How often does the recipe apply it?"
)
def _softmax_twice(z):
    return -np.log(_probabilities(_probabilities(z))[0])


@one_row.mistake(
    "This is the probability of class 0 with a minus in front, what a loss that expects *log* "
    "probabilities makes of probabilities. A loss is never negative: which step is missing?"
)
def _nll_of_probabilities(z):
    return -_probabilities(z)[0]


@one_row.mistake(
    lambda it: (
        f"{it:#.3g} is the probability of class 0. The loss is the surprise that belongs to it: "
        "which step is missing?"
    )
)
def _probability_alone(z):
    return _probabilities(z)[0]


@one_row.mistake(
    "This has been divided by 3, as if the three entries of a one-hot row were three rows. It is "
    "one row: what is the mean over one row?"
)
def _over_n_and_k(z):
    return one_row.function(z) / 3


@one_row.mistake(
    "Here the logits were divided by their sum, as if they were shares already. What happens to a "
    "logit before softmax divides?"
)
def _logits_as_shares(z):
    return -math.log(z[0] / sum(z))


@one_row.mistake(
    lambda it: (
        f"{it:#.3g} is the log-sum-exp of the three logits, the same for every class. What makes "
        "it the price of class 0?"
    )
)
def _sum_alone(z):
    return np.log(np.exp(z).sum())


@one_row.mistake(
    lambda it: (
        f"{it:#.3g} = ln 3 is what equal shares for all three classes would cost. These logits are "
        "not equal: which share does class 0 get?"
    )
)
def _equal_shares():
    return math.log(3)


@one_row.mistake(
    "The probability of class 0 has been rounded before its logarithm was taken, and that shows. "
    "What comes out with every digit of it?",
    places=(2, 1, 3),
)
def _rounded_share(z, places=1):
    return -np.log(np.round(_probabilities(z)[0], places))


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
        (np.array([[1, 0], [0, 1], [0, 1]]), np.array([[3, 1], [0, 0], [-2, 5]])),
        (
            np.array([[0.5, 0.3, 0.2], [0.1, 0.0, 0.9], [0.25, 0.6, 0.15]]),
            np.array([[4.0, 1.0, 1.0], [0.0, 0.0, 9.0], [-3.0, 2.0, 0.5]]),
        ),
    ],
    digits=4,
    atol=1e-9,
)
def gradient(targets, logits):
    """Write gradient(targets, logits) with NumPy.

    It returns the slopes of each row's softmax cross-entropy in its logits, not divided by n. Both
    are arrays of shape (n, K), and so is the result. Rows of targets may be soft, logits may be as
    large as ±1000, and either may be whole numbers.
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
    "The softmax divides by a sum over the wrong entries: over the whole batch, or down each "
    "column. Along which axis do the probabilities of one row lie?",
    axis=(None, 0),
)
def _other_axis(targets, logits, axis):
    exps = np.exp(logits - logits.max(axis=axis))
    return exps / exps.sum(axis=axis) - targets


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


def _of_the_largest(p, targets):
    return np.where(targets == targets.max(axis=1, keepdims=True), p - targets, 0.0)


def _of_the_hardened(p, targets):
    return np.where(targets == targets.max(axis=1, keepdims=True), p - 1, 0.0)


def _of_each_target(p, targets):
    return targets * (p - 1)


@gradient.mistake(
    "Only the right class has a slope here. The other logits stand in the softmax's sum, too: what "
    "happens to the loss when one of them rises?",
    slopes=(_of_the_largest, _of_the_hardened, _of_each_target),
    mean=(False, True),
)
def _right_class_alone(targets, logits, slopes, mean):
    found = slopes(gradient.function(0 * targets, logits), targets)
    return found / len(logits) if mean else found


@gradient.mistake(
    "Each logit goes through a sigmoid of its own, so that the shares of a row need not sum to 1. "
    "What makes the classes of a row compete?"
)
def _sigmoids(targets, logits):
    return (1 + np.tanh(logits / 2)) / 2 - targets


@gradient.mistake(
    "This is the slope in the *probabilities*, −y/p. The question asks for the slope in the "
    "logits: what comes of it on the way back through the softmax?"
)
def _in_the_probabilities(targets, logits):
    return -targets / gradient.function(0 * targets, logits)


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
        (np.array([[3, 1, 0, 2], [0, 2, 1, 1]]), np.array([3, 3])),
        (np.array([[18.0, 0.0], [0.0, 19.0]]), np.array([1, 0])),
    ],
    digits=4,
)
def repaired(z, labels):
    """Write the function again, without the bug.

    It returns the mean softmax cross-entropy, in nats: one number. z has shape (n, K) and holds
    logits; labels, shape (n,), holds the right classes, from 0. The logits may be large, 900 and
    more, and those of one row lie within 20 of each other.
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


def _down(z):
    exps = np.exp(z - z.max(axis=0))
    return exps / exps.sum(axis=0)


def _flat(z):
    exps = np.exp(z - z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1)


@repaired.mistake(
    "The softmax now divides by the wrong sums: down the columns, over pictures instead of "
    "classes, or by sums that have lost their axis, without `keepdims`. Was the softmax the bug?",
    shares=(_down, _flat),
)
def _wrong_sums(z, labels, shares):
    return -np.log(shares(z)[np.arange(len(labels)), labels]).mean()


def _added(losses, z):
    return losses.sum()


def _side_by_side(losses, z):
    return losses


def _over_all_entries(losses, z):
    return losses.sum() / z.size


@repaired.mistake(
    "The right entries, and not their mean: they are added up, or left side by side, or divided by "
    "more than the number of rows. What makes one number of n losses?",
    ending=(_added, _side_by_side, _over_all_entries),
)
def _not_the_mean(z, labels, ending):
    rows = [repaired.function(z[i : i + 1], labels[i : i + 1]) for i in range(len(z))]
    return ending(np.array(rows), z)


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


@repaired.mistake(
    "This is the logarithm of the rows' mean probability. Which comes first, the surprise of each "
    "row or the mean?"
)
def _log_of_the_mean(z, labels):
    rows = [repaired.function(z[i : i + 1], labels[i : i + 1]) for i in range(len(z))]
    return -np.log(np.mean(np.exp(-np.array(rows))))


@repaired.mistake(
    "The largest logit is taken off in one place and not in the other. A loss is log-sum-exp minus "
    "the right logit: of which z must both be taken?",
    which=("sum", "logit"),
)
def _shifted_once(z, labels, which):
    top = z.max(axis=1)
    sums = np.log(np.exp(z.T - top).sum(axis=0))
    picked = z[np.arange(len(labels)), labels]
    return np.mean(sums - picked if which == "sum" else sums + top - (picked - top))


# ---------------------------------------------------------------- tags


@exercise(
    "05",
    title="Three tags on one photo",
    draws={
        "p": (
            (0.9, 0.35, 0.8),
            (0.7, 0.2, 0.9),
            (0.8, 0.4, 0.6),
            (0.6, 0.1, 0.8),
            (0.95, 0.3, 0.7),
            (0.85, 0.2, 0.6),
            (0.9, 0.2, 0.5),
            (0.7, 0.4, 0.8),
            (0.8, 0.6, 0.7),
            (0.6, 0.7, 0.9),
            (0.75, 0.35, 0.55),
        )
    },
    hints=[
        "Each tag is a yes-or-no question of its own: three binary cross-entropies.",
        lambda p: f"Fox: −ln {p[0]}. Rain did not hold, so look at 1 − {p[1]}. Night: −ln {p[2]}.",
        "The mean over the three tags, not their sum.",
    ],
    right=lambda answer: (
        f"Right: {answer:.3f} a tag. Frameworks differ in what they report: PyTorch and Keras "
        f"average over tags, a likelihood adds them up, {3 * answer:.3f} for the photo. Write down "
        "which."
    ),
)
def three_tags(p=(0.9, 0.4, 0.7)):
    """A photo shows a fox at night, without rain.

    So for the tags fox, rain and night y = (1, 0, 1). The model, with one sigmoid a tag, says
    p = ({p[0]}, {p[1]}, {p[2]}).

    What is its binary cross-entropy, averaged over the three tags, in nats?
    """
    y, p = np.array([1, 0, 1]), np.array(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@three_tags.mistake(
    "This is the sum over the tags, the price of the whole photo. How much is it a tag?"
)
def _sum_of_tags(p):
    return 3 * three_tags.function(p)


@three_tags.mistake(
    lambda p: (
        "This is made of −Σ y ln p, the categorical formula, which looks only at the tags that "
        f"hold. A model that always says yes would be perfect. What does rain at {p[1]} cost, when "
        "there was none?"
    ),
    by=(1, 2, 3),
)
def _only_what_holds(p, by=1):
    return -(math.log(p[0]) + math.log(p[2])) / by


@three_tags.mistake(
    lambda p: (
        f"You charged rain as if it had rained, −ln {p[1]}. Which probability did the model give "
        "to what happened?"
    )
)
def _as_if_all_held(p):
    return -np.mean(np.log(p))


@three_tags.mistake(
    "Here the three probabilities were first divided by their sum, to make them share 1. Do three "
    "separate questions owe each other anything?"
)
def _made_to_share(p):
    return three_tags.function(np.array(p) / sum(p))


@three_tags.mistake(
    "Every tag is charged the probability of what did *not* happen. The fox was there: is p or "
    "1 − p the model's word for that?"
)
def _turned(p):
    return three_tags.function(1 - np.array(p))


@three_tags.mistake(
    "A sigmoid has been taken of p, as a loss *from logits* does. These numbers have been through "
    "a sigmoid: what do they go into as they are?"
)
def _sigmoid_twice(p):
    return three_tags.function(1 / (1 + np.exp(-np.array(p))))


@three_tags.mistake(
    "This is the logarithm of a mean probability. Which comes first, the surprise of each tag or "
    "the mean?"
)
def _log_of_mean(p):
    return -math.log((p[0] + 1 - p[1] + p[2]) / 3)


@three_tags.mistake(
    "The three surprises have been rounded before their mean was taken, and that shows. What comes "
    "out with every digit of them?",
    places=(2, 1),
)
def _rounded_terms(p, places=1):
    return np.mean(np.round(-np.log([p[0], 1 - p[1], p[2]]), places))


# ---------------------------------------------------------------- weights


@exercise(
    "05",
    title="A weighted mean",
    draws={
        "q": ((0.8, 0.4), (0.9, 0.5), (0.7, 0.3), (0.85, 0.35), (0.6, 0.25), (0.75, 0.45)),
        "w": ((1, 3), (1, 4), (1, 5), (1, 7)),
    },
    hints=[
        "First the loss of each row, −ln q. Then multiply each by its weight.",
        lambda w: f"A row of weight {w[1]} stands for {w[1]} rows: how many rows are there then?",
        "Divide the weighted sum by the sum of the weights.",
    ],
    right=lambda w, answer: (
        f"Right: {answer:.3f}, as PyTorch reports it. Divided by n it would be "
        f"{sum(w) * answer / 2:.3f}: both are in use, and their gradients differ by the same "
        "factor, so that a learning rate moves with the convention."
    ),
)
def weighted(q=(0.8, 0.4), w=(1, 3)):
    """Two rows; the model gave the right class q = {q[0]} in the first and q = {q[1]} in the
    second. Their classes have the weights w = {w[0]} and w = {w[1]}: the second row is to count as
    {w[1]} rows.

    What is the weighted mean loss, in nats?
    """
    q, w = np.array(q), np.array(w)
    return np.sum(w * -np.log(q)) / np.sum(w)


@weighted.mistake(
    lambda w, it: (
        f"{it:.4g} divides by the number of rows, 2. With {w[1]} copies of the second row there "
        f"would be {sum(w)} of them: by what must you divide?"
    )
)
def _by_n(q, w):
    return -np.dot(w, np.log(q)) / 2


@weighted.mistake(
    "This is the weighted sum, whole or divided by a number that does not belong to it. How many "
    "rows does it stand for?",
    by=("nothing", "a weight", 3),
)
def _weighted_sum(q, w, by="nothing"):
    return -np.dot(w, np.log(q)) / {"nothing": 1, "a weight": w[1]}.get(by, by)


@weighted.mistake(
    "This is the loss of one row alone. What do the two come to together, each with its weight?",
    row=(1, 0),
)
def _one_row_alone(q, row=1):
    return -math.log(q[row])


@weighted.mistake(
    lambda w: (
        "This is the mean without weights. How does it change when the second row counts "
        f"{w[1]} times?"
    )
)
def _without_weights(q):
    return -np.mean(np.log(q))


@weighted.mistake(
    "This is the logarithm of the weighted mean of the probabilities. Which comes first, the "
    "surprise of each row or the mean?"
)
def _log_of_weighted_mean(q, w):
    return -math.log(np.dot(w, q) / sum(w))


@weighted.mistake(
    lambda w: f"The weights are exchanged: which row has the weight {w[1]}?", by_n=(False, True)
)
def _exchanged(q, w, by_n=False):
    return -np.dot(w[::-1], np.log(q)) / (2 if by_n else sum(w))


@weighted.mistake(
    "The weight stands inside the logarithm, beside q. A row that counts several times is charged "
    "several times: what does the weight multiply?",
    by_n=(False, True),
)
def _weight_inside(q, w, by_n=False):
    return -np.sum(np.log(np.multiply(w, q))) / (2 if by_n else sum(w))


@weighted.mistake(
    "The two losses have been rounded before their mean was taken, and that shows. What comes out "
    "with every digit of them?",
    places=(2, 1),
)
def _rounded_losses(q, w, places=1):
    return np.dot(w, np.round(-np.log(q), places)) / sum(w)
