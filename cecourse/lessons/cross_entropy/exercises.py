"""The exercises of notebook 02: cross-entropy and KL divergence."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS, USUAL
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- the price of a forecast


@exercise(
    "02",
    title="What the forecaster overpays",
    hints=[
        "The price of the wrong code compares two surprises of the same day: the one under Q and "
        "the one under P.",
        "For each kind of weather take ln(p/q), weigh it by how often that weather comes, and "
        "add up.",
        f"Sun alone adds 0.7 · ln(0.7/0.5) = {0.7 * math.log(0.7 / 0.5):.3f}. The other two terms "
        "are negative.",
    ],
    right=f"Right: 0.0851 nats a day, {0.0851 * 365:.0f} in a year. Each day multiplies the odds "
    "of a forecaster who knows P against this one by p/q of that day's weather, and KL is the mean "
    f"of ln(p/q): in a year they typically grow by a factor of about e^{0.0851 * 365:.0f}.",
)
def overpaid():
    """On an island it is sunny, cloudy, rainy with P = (0.7, 0.2, 0.1).

    A forecaster says Q = (0.5, 0.3, 0.2) every day.
    How many nats a day does she pay on top of what the best forecaster pays: KL(P‖Q)?
    """
    p, q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


@overpaid.mistake(
    "0.0920 is KL(Q‖P): an island where Q is true and the forecaster believes P. Which of the two "
    "decides how often each kind of weather comes?"
)
def _swapped():
    return ce.kl_divergence([0.5, 0.3, 0.2], [0.7, 0.2, 0.1])


@overpaid.mistake(
    "0.0284 is the mean over the three terms. The weights p are the averaging already; dividing by "
    "3 averages twice. (One framework does this by default: see the end of the notebook.)"
)
def _elementwise_mean():
    return ce.kl_divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]) / 3


@overpaid.mistake(
    "0.8869 is the whole bill, H(P, Q). A part of it even the best forecaster pays. How large is "
    "that part?"
)
def _whole_bill():
    return ce.cross_entropy([0.7, 0.2, 0.1], [0.5, 0.3, 0.2])


@overpaid.mistake(
    "0.802 is H(P), what even the best forecaster pays. Asked for is what this one pays on top."
)
def _best_bill():
    return ce.entropy([0.7, 0.2, 0.1])


@overpaid.mistake(
    "0.1228 is this price in bits, and nats were asked for. Which logarithm counts in nats?"
)
def _bits():
    return ce.kl_divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2], base=2)


# ---------------------------------------------------------------- a function


@exercise(
    "02",
    title="KL in your own words",
    hints=[
        "Go through the pairs with `zip(p, q)` and add p · ln(p/q) for each.",
        "Two cases need a word of their own. If p is 0 the term is 0, whatever q is: what never "
        "happens costs nothing.",
        "If p is above 0 and q is 0, return `math.inf` at once: the model called possible things "
        "impossible.",
    ],
    right="Right, zeros included. `ce.kl_divergence` does the same, and keeps every digit when "
    "P and Q nearly agree, where this formula loses them.",
    probes=[
        ([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]),
        ([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]),
        ([0.5, 0.5], [1.0, 0.0]),
        ([0.0, 1.0], [0.0, 1.0]),
    ],
    atol=1e-12,
)
def own_kl(p, q):
    """Write a function of two lists that returns KL(P‖Q) in nats, with plain `math`.

    It will be tried with a 0 in p: that term counts as 0.
    It will be tried with a 0 in q where p is not 0: the result is `math.inf`, no large number.
    """
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * math.log(a / b)
    return total


@own_kl.mistake(
    "The formula is right, and it stops at the first zero: log 0 is an error in `math`, and so is "
    "a division by 0. What should a term count as when p is 0? And when only q is?"
)
def _zeros_not_handled(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


@own_kl.mistake(
    "Skipping every pair with a zero hides the worst mistake a model can make: for p = [0.5, 0.5] "
    "and q = [1, 0] your result is even negative, which a KL never is."
)
def _both_skipped(p, q):
    pairs = [(a, b) for a, b in zip(p, q, strict=True) if a > 0 and b > 0]
    return sum(a * math.log(a / b) for a, b in pairs)


@own_kl.mistake(
    "The zeros are where they should be, and the formula is that of KL(Q‖P): the weights are the "
    "model's. The truth says how often things happen, so it stands in front of the logarithm."
)
def _swapped_with_zeros(p, q):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += b * math.log(b / a)
    return total


@own_kl.mistake(
    "This is KL(Q‖P): the weights are the model's, and the truth has to stand in front of the "
    "logarithm. When that is done, think of the zeros: log 0 and a division by 0 are errors."
)
def _swapped_without_zeros(p, q):
    return sum(b * math.log(b / a) for a, b in zip(p, q, strict=True))


@own_kl.mistake(
    "For p = [0.5, 0.5] and q = [1, 0] your result is a statement about your ε: a smaller ε gives "
    "a larger one. No ε says what is true there: infinity.",
    eps=EPS,
    guard=GUARDS,
    where=("q", "p and q", "the weights too"),
)
def _epsilon(p, q, eps, guard, where):
    p, q = np.array(p), guard(q, eps)
    weights = p
    if where == "q":
        weights, p, q = p[p > 0], p[p > 0], q[p > 0]
    else:
        p = guard(p, eps)
        weights = p if where == "the weights too" else weights
    return np.sum(weights * np.log(p / q))


# ---------------------------------------------------------------- what a lower loss says


@exercise(
    "02",
    title="Two test sets, one model",
    hints=[
        "Write both losses as H(P) + KL(P‖Q). How many of the four numbers have you been told?",
        "Look at the right half of the last picture: there the model stood still, and the loss "
        "fell. What happened to KL?",
    ],
    right="Right: one number cannot tell its two parts apart. To compare data sets, subtract what "
    "you know of H(P): an estimate, or the loss of a base rate as in notebook 03. And test sets "
    "are finite: a difference as small as this may be chance.",
    choices={
        "A": "The model fits the truth of set B better than that of set A.",
        "B": "Set B is easier to predict, and the model fits both equally well.",
        "C": "Either of these may be so, or both: the two losses cannot tell.",
        "D": "The model has learnt something between the two measurements.",
    },
    mistakes={
        "A": "It may be. But in the last picture P moved away from Q and the loss fell all the "
        "same. What else is in a loss besides KL?",
        "B": "It may be: a lower H(P) lowers the loss. Can you rule out that KL is what differs?",
        "D": "Nobody trained it in between: Q is the same function both times. Which of the two "
        "distributions has changed?",
    },
)
def two_test_sets():
    """A finished model scores a cross-entropy of 0.50 nats on test set A and 0.45 on test set B.

    Nothing was trained in between. What do you conclude?
    """
    on_a, on_b = 0.50, 0.45
    # KL may be anything from 0 up to the whole loss; so KL on B minus KL on A lies between
    least, most = 0 - on_a, on_b - 0
    if least < 0 < most:
        return "C"
    return "A" if most <= 0 else "B"


# ---------------------------------------------------------------- one-hot truths


@exercise(
    "02",
    title="Three pictures, one loss",
    hints=[
        "For each row look up one number: the probability that it gave to its label.",
        "Turn each into a surprise, −ln, before you average.",
        f"The first picture costs −ln 0.7 = {-math.log(0.7):.3f}. Two more, and then their mean.",
    ],
    right=f"Right: 0.690. The third picture alone brings {-math.log(0.3):.3f} of the 2.071 nats; "
    "the model put its largest probability elsewhere.",
)
def three_pictures():
    """Three pictures with labels 0, 1, 0 (counted from zero). A model gives their three classes

    q = [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.4]].

    What is the mean cross-entropy between the one-hot labels and these rows, in nats?
    """
    labels = [0, 1, 0]
    q = [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.4]]
    return sum(-math.log(row[label]) for row, label in zip(q, labels, strict=True)) / 3


@three_pictures.mistake(
    "This is the sum over the three pictures. The mean was asked for, so that a loss does not grow "
    "with the number of pictures."
)
def _sum():
    return -math.log(0.7) - math.log(0.6) - math.log(0.3)


@three_pictures.mistake(
    "You took the largest probability of each row. The third picture's label is 0, and the model's "
    "favourite there is class 2: whose surprise does the truth ask for?"
)
def _favourites():
    return -(math.log(0.7) + math.log(0.6) + math.log(0.4)) / 3


@three_pictures.mistake(
    "You averaged the three probabilities and took one logarithm. Each picture has its surprise; "
    "the average comes last."
)
def _log_of_mean():
    return -math.log((0.7 + 0.6 + 0.3) / 3)


@three_pictures.mistake(
    "0.230 is the sum divided by 9, the number of entries of q. How many pictures are there?"
)
def _all_entries():
    return -(math.log(0.7) + math.log(0.6) + math.log(0.3)) / 9


@three_pictures.mistake("0.467 is the mean of 1 − q: the logarithm has not been taken yet.")
def _no_logarithm():
    return (0.3 + 0.4 + 0.7) / 3


# ---------------------------------------------------------------- find the bug


@exercise(
    "02",
    title="Find the bug",
    hints=[
        "Imagine the corrected function on two numbers by hand: what should it do with the sample "
        "x = −2? Can −2 be a probability?",
        "Three lines hide the symptom: one silences the warning, one drops the NaNs, one drops "
        "the sign. The disease is in the formula that they protect.",
    ],
    right="Right: a sample is a place, not a probability. With densities at those places nothing "
    "needs to be sorted, dropped or made positive. And the draws are the weights already, so "
    "`a *` goes too.",
    choices={
        "A": "`np.sort` must go: sorting destroys the pairs.",
        "B": "`np.nanmean` must become `np.mean`, so that the NaNs show.",
        "C": "`abs` must go: the sign carries the direction.",
        "D": "The mean must be taken of log(p(x)/q(x)): densities at points x drawn from P, with "
        "no factor in front.",
    },
    mistakes={
        "A": "Without it the result changes, and is as wrong: the draws were independent, so there "
        "never were pairs. What do the values in `a` measure?",
        "B": "That shows the disease, which is a good first step, and does not cure it: why are "
        "there NaNs at all, in the logarithm of a ratio of two probabilities?",
        "C": "A true KL is never negative, so `abs` would have nothing to do. It is a plaster; "
        "where is the wound?",
    },
)
def find_the_bug():
    """Which change makes `suspicious_kl` estimate KL(P‖Q)?"""
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, 10_000), rng.normal(1, 1, 10_000)
    a, b = np.sort(x), np.sort(y)
    with np.errstate(invalid="ignore"):
        changed = {
            "A": abs(np.nanmean(x * np.log(x / y))),
            "B": abs(np.mean(a * np.log(a / b))),
            "C": np.nanmean(a * np.log(a / b)),
            "D": np.mean((x - 1) ** 2 / 2 - x**2 / 2),  # ln p(x) − ln q(x) of the two bells
        }
    (letter,) = (letter for letter, kl in changed.items() if abs(kl - 1 / 2) < 0.05)
    return letter


# ---------------------------------------------------------------- the symmetric one


@exercise(
    "02",
    title="Half-way between certain and fair",
    hints=[
        "First the distribution half-way, M = (P + Q)/2, outcome by outcome.",
        "Then two prices of that code: KL(P‖M) and KL(Q‖M). Neither can be infinite, because M "
        "has a share of both.",
        "JS is the mean of the two prices.",
    ],
    right=f"Right: 0.216 nats, where KL(P‖Q) is {math.log(2):.3f} and KL(Q‖P) is infinite. The "
    "same question asked of SciPy's `jensenshannon` gives 0.465: it returns the square root, which "
    "is a true distance.",
)
def half_way():
    """P = (1, 0) is certain, Q = (0.5, 0.5) is a fair coin. How large is JS(P, Q), in nats?"""
    p, q = [1.0, 0.0], [0.5, 0.5]
    m = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (ce.kl_divergence(p, m) + ce.kl_divergence(q, m)) / 2


@half_way.mistake(
    "0.465 is the square root of JS, which SciPy's `jensenshannon` returns, a distance. "
    "The divergence itself was asked for."
)
def _root():
    return math.sqrt(ce.js_divergence([1.0, 0.0], [0.5, 0.5]))


@half_way.mistake(
    "0.144 is KL(Q‖M), the way from the fair coin. A price is paid from the other side too, and "
    "JS is the mean of both."
)
def _other_side():
    return ce.kl_divergence([0.5, 0.5], [0.75, 0.25])


@half_way.mistake(
    "The mean of KL(P‖Q) and KL(Q‖P) is infinite here, and that is what JS repairs: it compares "
    "either of them with something between the two.",
    eps=(0.0, *USUAL),
)
def _mean_of_both(eps=0.0):
    to_certain = ce.kl_divergence([0.5, 0.5], [1.0, 0.0]) if eps == 0 else math.log(0.25 / eps) / 2
    return (ce.kl_divergence([1.0, 0.0], [0.5, 0.5]) + to_certain) / 2


@half_way.mistake(
    "0.347 is half of KL(P‖Q). Neither is P compared with Q here nor Q with P: each of the two "
    "prices is paid to the distribution half-way, M."
)
def _half_of_kl():
    return ce.kl_divergence([1.0, 0.0], [0.5, 0.5]) / 2


@half_way.mistake(
    "0.288 is KL(P‖M), the way from certainty. A price is paid from the other side too, and JS is "
    "the mean of both."
)
def _one_side():
    return ce.kl_divergence([1.0, 0.0], [0.75, 0.25])
