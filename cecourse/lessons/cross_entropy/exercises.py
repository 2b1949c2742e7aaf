"""The exercises of notebook 02: cross-entropy and KL divergence."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS, USUAL
from cecourse.exercise.mistake import EPS, AnySize

# ---------------------------------------------------------------- the price of a forecast


@exercise(
    "02",
    title="What the forecaster overpays",
    draws={
        "p": ((0.7, 0.2, 0.1), (0.8, 0.15, 0.05), (0.75, 0.15, 0.1), (0.7, 0.15, 0.15)),
        "q": (
            (0.5, 0.3, 0.2),
            (0.4, 0.3, 0.3),
            (0.45, 0.35, 0.2),
            (0.55, 0.25, 0.2),
            (0.5, 0.25, 0.25),
            (0.4, 0.4, 0.2),
        ),
    },
    hints=[
        "The price of the wrong code compares two surprises of the same day: the one under Q and "
        "the one under P.",
        "For each kind of weather take ln(p/q), weigh it by how often that weather comes, and "
        "add up.",
        lambda p, q: (
            f"Sun alone adds {p[0]} · ln({p[0]}/{q[0]}) = {p[0] * math.log(p[0] / q[0]):.3f}. The "
            "other two terms are negative."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g} nats a day, {answer * 365:.0f} in a year. Each day multiplies the "
        "odds of a forecaster who knows P against this one by p/q of that day's weather, and KL is "
        "the mean of ln(p/q): in a year they typically grow by a factor of about "
        f"e^{answer * 365:.0f}."
    ),
)
def overpaid(p=(0.7, 0.2, 0.1), q=(0.5, 0.3, 0.2)):
    """On an island it is sunny, cloudy, rainy with P = {p}.

    A forecaster says Q = {q} every day, and pays her surprise. The best forecaster says P.
    By how many nats a day is her bill larger than the best one: what is KL(P‖Q)?
    """
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is KL(Q‖P): an island where Q is true and the forecaster believes P. Which of "
        "the two decides how often each kind of weather comes?"
    )
)
def _swapped(p, q):
    return ce.kl_divergence(q, p)


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is KL(Q‖P), in bits besides. Which of the two decides how often each kind of "
        "weather comes, and which logarithm counts in nats?"
    )
)
def _swapped_in_bits(p, q):
    return ce.kl_divergence(q, p, base=2)


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is the mean over the three terms, as one framework makes it by default (see "
        "the end of the notebook). The weights p are the averaging already: what is averaged twice?"
    )
)
def _elementwise_mean(p, q):
    return ce.kl_divergence(p, q) / 3


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is the whole bill, H(P, Q). A part of it even the best forecaster pays. How "
        "large is that part?"
    )
)
def _whole_bill(p, q):
    return ce.cross_entropy(p, q)


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is H(P), what even the best forecaster pays. How much does this one pay, and "
        "so how much on top?"
    )
)
def _best_bill(p):
    return ce.entropy(p)


@overpaid.mistake(
    lambda it: (
        f"{it:#.3g} is this price in bits, and nats were asked for. Which logarithm counts in nats?"
    )
)
def _bits(p, q):
    return ce.kl_divergence(p, q, base=2)


@overpaid.mistake(
    "This is H(Q) − H(P), what the best forecasters of two islands pay. There is one island, where "
    "P is true: whose weights belong to the surprises of Q?"
)
def _two_entropies(p, q):
    return ce.entropy(q) - ce.entropy(p)


@overpaid.mistake(
    "This takes H(P) in bits from H(P, Q) in nats. Which of the two has to change its unit?"
)
def _mixed_units(p, q):
    return ce.cross_entropy(p, q) - ce.entropy(p, base=2)


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
        ([0.0, 0.0, 0.4, 0.6], [0.0, 0.2, 0.3, 0.5]),
        ([0.0, 0.3, 0.7], [0.4, 0.6, 0.0]),
        ([1, 0, 0], [0, 0, 1]),
        ([0.5, 0.5], [1e-9, 1 - 1e-9]),
        ([1e-9, 1 - 1e-9], [0.5, 0.5]),
    ],
    atol=1e-12,
)
def own_kl(p, q):
    """Write a function of two lists of probabilities that returns KL(P‖Q) in nats.

    `math` is enough, and NumPy is welcome. Where p is 0 the term counts as 0, whatever q is.
    Where q is 0 and p is not, the result is `math.inf`, no large number.
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
    "and q = [1, 0] your result is even negative. What should it be there?",
    log=(math.log, math.log2),
)
def _both_skipped(p, q, log):
    pairs = [(a, b) for a, b in zip(p, q, strict=True) if a > 0 and b > 0]
    return sum(a * log(a / b) for a, b in pairs)


@own_kl.mistake(
    "This is the formula of KL(Q‖P): the weights are the model's. Which of the two says how often "
    "things happen? (And what becomes of the zeros then?)",
    zeros=("as asked for", "not handled"),
)
def _swapped_function(p, q, zeros):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if zeros == "as asked for" and a > 0 and b == 0:
            return math.inf
        if zeros == "not handled" or a > 0:
            total += b * math.log(b / a)
    return total


@own_kl.mistake(
    "This is the cross-entropy H(P, Q), the whole bill. Which part of it would be paid with P "
    "itself as the model?"
)
def _bill_function(p, q):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total -= a * math.log(b)
    return total


@own_kl.mistake(
    "Your function divides by the number of terms. The weights p are the averaging already: what "
    "remains to be done with the terms?"
)
def _mean_of_terms(p, q):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * math.log(a / b)
    return total / len(p)


@own_kl.mistake(
    "A 0 ends your function too soon: before it has looked at the other number of the pair, or at "
    "the pairs that follow. Which zeros cost nothing, and which one is infinitely dear?",
    result=("0", "so far", "inf for a 0 in q"),
)
def _over_at_a_zero(p, q, result):
    if result == "inf for a 0 in q" and 0 in q:
        return math.inf
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a == 0 and result != "inf for a 0 in q":
            return 0.0 if result == "0" else total
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * math.log(a / b)
    return total


@own_kl.mistake(
    "Right but where q alone is 0: there your function gives a large number. A model with a tiny q "
    "in that place could cost more. What is larger than every price?",
    large=AnySize(10, 1e300),
)
def _large_number(p, q, large):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return large
        if a > 0:
            total += a * math.log(a / b)
    return total


@own_kl.mistake(
    "For p = [0.5, 0.5] and q = [1, 0] your result is a statement about your ε: a smaller ε gives "
    "a larger one. What is true there, whatever ε is?",
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


# ---------------------------------------------------------------- a loss as a file


@exercise(
    "02",
    title="How long is the file?",
    draws={"loss": (1.1, 1.3, 1.45, 1.6, 1.9, 2.2), "letters": (40, 60, 70, 90, 110, 130)},
    digits=6,
    hints=[
        "Three steps: the loss of the whole message, then in bits, then in bytes.",
        "A bit is ln 2 nats, and a byte is 8 bits. A file has whole bytes: what has to be done "
        "with the part of one that is left?",
        lambda loss, letters: (
            f"All letters together cost {letters} · {loss} = {letters * loss:.1f} nats, which is "
            f"{letters * loss / math.log(2):.1f} bits."
        ),
    ],
    right=lambda loss, letters, answer: (
        f"Right: {answer} bytes, for {letters * loss / math.log(2):.1f} bits. In a usual text file "
        f"of one byte a letter it would be {letters}."
    ),
)
def file_size(loss=1.2, letters=50):
    """A model's mean loss on a message of {letters} letters is {loss} nats a letter.

    An arithmetic coder writes the message with this model: it needs all these bits, and no bit
    more. How many bytes of 8 bits does the file have?
    """
    return math.ceil(letters * loss / math.log(2) / 8)


@file_size.mistake(
    "The loss is in nats, and a byte has 8 *bits*: how many bits is a nat?",
    size=(8, 1),
    rounded=(math.ceil, float),
)
def _nats_as_bits(loss, letters, size=8, rounded=math.ceil):
    return rounded(letters * loss / size)


@file_size.mistake(
    "These are the bits of the message. How many bits has a byte?",
    rounded=(math.ceil, math.floor, float),
)
def _bits_as_bytes(loss, letters, rounded=math.ceil):
    return rounded(letters * loss / math.log(2))


@file_size.mistake(
    lambda it: f"{it} bytes are too few: the bits left over would have no room. Where do they go?"
)
def _floor(loss, letters):
    return math.floor(letters * loss / math.log(2) / 8)


@file_size.mistake(
    "Your number of bytes is right, but for its fraction. A disk has whole bytes only: what "
    "happens to the part of one?"
)
def _a_fraction_of_a_byte(loss, letters):
    return letters * loss / math.log(2) / 8


@file_size.mistake(
    lambda it: (
        f"{it} bytes: you rounded the bits of each letter up to whole ones. So it is with code "
        "words. When does an arithmetic coder round?"
    )
)
def _each_letter_rounded(loss, letters):
    return math.ceil(letters * math.ceil(loss / math.log(2)) / 8)


@file_size.mistake(
    "This is what one letter takes. The loss is a mean: what is the loss of the whole message?",
    size=(8, 1),
    rounded=(math.ceil, float),
)
def _one_letter(loss, size=8, rounded=math.ceil):
    return rounded(loss / math.log(2) / size)


@file_size.mistake(
    lambda it: (
        f"{it}: you multiplied by ln 2 where you should divide. A bit is smaller than a nat: does "
        "a message have more bits or more nats?"
    )
)
def _times_ln_2(loss, letters):
    return math.ceil(letters * loss * math.log(2) / 8)


@file_size.mistake(
    "This is in kilobytes, and bytes were asked for.",
    thousand=(1000, 1024),
    rounded=(math.ceil, float),
)
def _kilobytes(loss, letters, thousand=1000, rounded=math.ceil):
    return rounded(letters * loss / math.log(2) / 8) / thousand


@exercise(
    "02",
    title="Two files",
    draws={
        "own": (2300, 2750, 3100, 3600),
        "other": (3900, 4150, 4400, 4700),
        "letters": (5000, 6000, 7000, 9000),
    },
    hints=[
        "Which file is as long as the entropy of its letters, and which as their cross-entropy?",
        "KL is the difference of the two, a mean over the letters. Files are measured in bytes, "
        "and KL here in bits.",
        lambda own, other, letters: (
            f"The wrong book costs {other - own} bytes more, for all {letters} letters together."
        ),
    ],
    right=lambda own, other, letters, answer: (
        f"Right: {answer:.3f} bits a letter. The tale has H(P) = {8 * own / letters:.3f} and "
        f"H(P, Q) = {8 * other / letters:.3f} bits, to within the byte that a file may round up."
    ),
)
def two_files(own=2250, other=2700, letters=4000):
    """A tale of {letters} letters takes {own} bytes with a book of its exact letter frequencies P.

    With another book, Q, it takes {other} bytes. What is KL(P‖Q), in bits a letter?
    """
    return 8 * (other - own) / letters


@two_files.mistake(
    lambda it: f"{it:#.3g} is the difference in *bytes* a letter. How many bits has a byte?"
)
def _bytes_a_letter(own, other, letters):
    return (other - own) / letters


@two_files.mistake(
    lambda it: f"{it:,.0f} bits is the price of the whole tale. KL is a mean: over what?"
)
def _of_the_whole_tale(own, other):
    return 8 * (other - own)


@two_files.mistake(
    "This is the difference of the two files, in bytes. What does that make for a letter, and in "
    "bits?"
)
def _difference_in_bytes(own, other):
    return other - own


@two_files.mistake(
    lambda it: (
        f"{it:#.3g} bits a letter is the whole bill with the wrong book, H(P, Q). What would the "
        "best book have cost?"
    )
)
def _the_whole_bill(other, letters):
    return 8 * other / letters


@two_files.mistake(
    lambda it: (
        f"{it:#.3g} bits a letter is what the best book needs, H(P). How much does the other need?"
    )
)
def _the_best_bill(own, letters):
    return 8 * own / letters


@two_files.mistake(
    lambda it: (
        f"{it:#.3g} is this price in nats, and bits were asked for. The file counts in bits "
        "already: what did the ln 2 do?"
    )
)
def _in_nats(own, other, letters):
    return 8 * (other - own) / letters * math.log(2)


@two_files.mistake(
    lambda it: (
        f"{it:#.3g} is the growth of the file as a share of its length. KL has a unit: bits a "
        "letter."
    )
)
def _growth(own, other):
    return (other - own) / own


@two_files.mistake(
    "You took the other file away from the own one. Which of the two is longer, and which sign has "
    "a KL?"
)
def _sign(own, other, letters):
    return 8 * (own - other) / letters


# ---------------------------------------------------------------- what a lower loss says


@exercise(
    "02",
    title="Two test sets, one model",
    hints=[
        "Write both losses as H(P) + KL(P‖Q). How many of the four numbers have you been told?",
        "In the right half of notebook 02's last picture the model stands still, and the loss "
        "falls. What happened to KL?",
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
        "A": "It may be. But in notebook 02 P moves away from Q, and the loss falls all the same. "
        "What else is in a loss besides KL?",
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
    draws={
        "q": (
            ((0.8, 0.1, 0.1), (0.2, 0.7, 0.1), (0.2, 0.3, 0.5)),
            ((0.6, 0.3, 0.1), (0.2, 0.5, 0.3), (0.2, 0.1, 0.7)),
            ((0.5, 0.3, 0.2), (0.1, 0.8, 0.1), (0.4, 0.1, 0.5)),
            ((0.9, 0.05, 0.05), (0.3, 0.6, 0.1), (0.1, 0.3, 0.6)),
            ((0.7, 0.1, 0.2), (0.3, 0.5, 0.2), (0.25, 0.15, 0.6)),
            ((0.6, 0.2, 0.2), (0.1, 0.7, 0.2), (0.15, 0.4, 0.45)),
            ((0.8, 0.15, 0.05), (0.25, 0.6, 0.15), (0.4, 0.05, 0.55)),
            ((0.5, 0.4, 0.1), (0.05, 0.9, 0.05), (0.1, 0.1, 0.8)),
        )
    },
    hints=[
        "For each row look up one number: the probability that it gave to its label.",
        "Turn each into a surprise, −ln, before you average.",
        lambda q: (
            f"The first picture costs −ln {q[0][0]} = {-math.log(q[0][0]):.3f}. Two more, and then "
            "their mean."
        ),
    ],
    right=lambda q, answer: (
        f"Right: {answer:.3f}. The third picture alone brings {-math.log(q[2][0]):.3f} of the "
        f"{3 * answer:.3f} nats; the model put its largest probability elsewhere."
    ),
)
def three_pictures(q=((0.7, 0.2, 0.1), (0.1, 0.6, 0.3), (0.3, 0.3, 0.4))):
    """Three pictures have the labels 0, 1, 0 (counted from zero). A model gives their three classes

    q = {q}.

    What is the mean cross-entropy between the one-hot labels and these rows, in nats?
    """
    labels = [0, 1, 0]
    return sum(-math.log(row[label]) for row, label in zip(q, labels, strict=True)) / 3


def _given(q, labels=(0, 1, 0)):
    """What each row gave to its label, of shape (3,)."""
    return np.array([row[label] for row, label in zip(q, labels, strict=True)])


@three_pictures.mistake(
    "This is the sum over the three pictures. The mean was asked for, so that a loss does not grow "
    "with the number of pictures: what is left to do?"
)
def _sum(q):
    return -np.log(_given(q)).sum()


@three_pictures.mistake(
    "You took the largest probability of each row. The third picture's label is 0, and the model's "
    "favourite there is class 2: whose surprise does the truth ask for?"
)
def _favourites(q):
    return -np.log(np.max(q, axis=1)).mean()


@three_pictures.mistake(
    "You averaged the three probabilities and took one logarithm. Each picture has its surprise: "
    "when does the average come?"
)
def _log_of_mean(q):
    return -math.log(_given(q).mean())


@three_pictures.mistake(
    lambda it: (
        f"{it:#.3g} is the sum divided by 9, the number of entries of q. How many pictures are "
        "there?"
    )
)
def _all_entries(q):
    return -np.log(_given(q)).sum() / 9


@three_pictures.mistake(
    lambda it: (
        f"{it:#.3g} is the mean of 1 − q. Which function turns a probability into a surprise?"
    )
)
def _no_logarithm(q):
    return (1 - _given(q)).mean()


@three_pictures.mistake(
    lambda it: (
        f"{it:#.3g} is the mean of what the labels were given. Which function turns each of these "
        "probabilities into a surprise?"
    )
)
def _mean_probability(q):
    return _given(q).mean()


@three_pictures.mistake(
    "Each label has been taken for the class before it; from 0 that leads to the last one. The "
    "labels count from zero, and so does Python: which entry belongs to the label 1?"
)
def _counted_from_one(q):
    return -np.log(_given(q, labels=(-1, 0, -1))).mean()


@three_pictures.mistake(
    "The classes that did not come have been priced too, by −ln(1 − q), one yes-or-no question for "
    "each class. How many terms does a one-hot label leave in a row?"
)
def _binary_for_each_class(q):
    y, q = np.eye(3)[[0, 1, 0]], np.array(q)
    return -(y * np.log(q) + (1 - y) * np.log(1 - q)).sum() / 3


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
    title="Half-way between two coins",
    draws={
        "q": (
            (0.6, 0.4),
            (0.7, 0.3),
            (0.8, 0.2),
            (0.9, 0.1),
            (0.4, 0.6),
            (0.3, 0.7),
            (0.2, 0.8),
            (0.25, 0.75),
        )
    },
    hints=[
        "First the distribution half-way, M = (P + Q)/2, outcome by outcome.",
        "Then two prices of that code: KL(P‖M) and KL(Q‖M). Neither can be infinite, because M "
        "has a share of both.",
        "JS is the mean of the two prices.",
    ],
    right=lambda q, answer: (
        f"Right: {answer:#.3g} nats, where KL(P‖Q) is {-math.log(q[0]):.3f} and KL(Q‖P) is "
        "infinite. The same question asked of SciPy's `jensenshannon` gives "
        f"{math.sqrt(answer):.3f}: it returns the square root, which is a true distance."
    ),
)
def half_way(q=(0.5, 0.5)):
    """A coin with two heads has P = (1, 0) for heads and tails, another coin has Q = {q}.

    How large is the Jensen–Shannon divergence JS(P, Q), in nats?
    """
    p = (1.0, 0.0)
    m = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (ce.kl_divergence(p, m) + ce.kl_divergence(q, m)) / 2


TWO_HEADS = (1.0, 0.0)


def _middle(q):
    return (np.array(TWO_HEADS) + q) / 2


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is the square root of JS, a distance, which SciPy's `jensenshannon` returns. "
        "How do you get the divergence itself from it?"
    )
)
def _root(q):
    return math.sqrt(ce.js_divergence(TWO_HEADS, q))


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is the square root of JS in bits, as SciPy's `jensenshannon` returns it with "
        "base=2. Which logarithm counts in nats, and how does one undo a root?"
    )
)
def _root_in_bits(q):
    return math.sqrt(ce.js_divergence(TWO_HEADS, q) / math.log(2))


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is KL(Q‖M), from the second coin to the mixture. What is the divergence from "
        "the coin with two heads, and what is the mean of the two?"
    )
)
def _other_side(q):
    return ce.kl_divergence(q, _middle(q))


@half_way.mistake(
    "The mean of KL(P‖Q) and KL(Q‖P) is infinite here, and that is what JS repairs: with what does "
    "it compare either of them?",
    eps=(0.0, *USUAL),
)
def _mean_of_both(q, eps=0.0):
    to_certain = math.inf if eps == 0 else q[0] * math.log(q[0]) + q[1] * math.log(q[1] / eps)
    return (ce.kl_divergence(TWO_HEADS, q) + to_certain) / 2


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is KL(P‖Q). JS does not compare P with Q directly: it compares each of them "
        "with a third distribution. Which one?"
    )
)
def _straight_across(q):
    return ce.kl_divergence(TWO_HEADS, q)


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is half of KL(P‖Q). JS does not compare P with Q directly: it compares each "
        "of them with a third distribution. Which one?"
    )
)
def _half_of_kl(q):
    return ce.kl_divergence(TWO_HEADS, q) / 2


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is KL(P‖M), from the coin with two heads to the mixture. What is the "
        "divergence from the other coin, and what is the mean of the two?"
    )
)
def _one_side(q):
    return ce.kl_divergence(TWO_HEADS, _middle(q))


@half_way.mistake(
    lambda it: (
        f"{it:#.3g} is KL(M‖Q), with M as the truth. M is the code that both pay for: which place "
        "of KL(·‖·) is the model's?"
    )
)
def _from_the_middle(q):
    return ce.kl_divergence(_middle(q), q)
