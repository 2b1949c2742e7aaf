"""The exercises of notebook 01: surprise, entropy, perplexity, and the guessing game."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS


@exercise(
    "01",
    title="Snow in May",
    draws={"p": (0.03, 0.04, 0.07, 0.08, 0.09, 0.11, 0.12, 0.13, 0.15, 0.18)},
    hints=[
        "Whose probability counts? That of what happened: it snowed.",
        lambda answer: (
            "How many times must you halve 1 to come down to that probability? "
            f"Between {math.floor(answer)} and {math.ceil(answer)} times; the logarithm to base 2 "
            "counts the halvings."
        ),
        "In code: `-math.log2(p)`, or `ce.surprisal(p, base=2)`.",
    ],
    right=lambda p, answer: (
        f"Right: {answer:.3g} bits, between the price of {math.floor(answer)} coins that all fall "
        f"as you called them ({0.5 ** math.floor(answer):.4g}) and the price of "
        f"{math.ceil(answer)} ({0.5 ** math.ceil(answer):.4g}). No snow would have cost "
        f"{-math.log2(1 - p):.2f} bits."
    ),
)
def snow(p=0.05):
    """A forecast gives snow in May a probability of {p}. It snows.

    How surprising is that, in bits and not in nats?
    """
    return -math.log2(p)


@snow.mistake(
    lambda it: (
        f"{it:#.3g} is this surprise in nats: the natural logarithm. Which base counts coin flips?"
    )
)
def _snow_in_nats(p):
    return -math.log(p)


@snow.mistake(
    lambda p, it: (
        f"{it:#.3g} is what snow adds to the forecast's mean surprise: its surprise times "
        f"{p}. It has snowed by now: how much of that price do you pay?"
    )
)
def _snow_weighted(p):
    return -p * math.log2(p)


@snow.mistake(
    "The size is right. log p is negative for every p below 1: what makes a surprise positive?"
)
def _snow_sign(p):
    return math.log2(p)


@snow.mistake(
    lambda it: (
        f"{it:#.3g} bits is the surprise of a day without snow. It did snow: whose "
        "probability do you take?"
    )
)
def _no_snow(p):
    return -math.log2(1 - p)


@snow.mistake(
    lambda it: (
        f"1/p = {it:#.3g} says how rare snow is, and that is half of the way: the surprise is its "
        "logarithm. Which base counts bits?"
    )
)
def _snow_odds(p):
    return 1 / p


@snow.mistake(
    lambda it: (
        f"{it:#.3g} is the surprise in nats times ln 2. A bit is the smaller unit, of "
        f"{math.log(2):.3f} nats: are there more bits than nats in a surprise, or fewer?"
    )
)
def _snow_times_ln2(p):
    return -math.log(p) * math.log(2)


@snow.mistake(
    lambda it: (
        f"{it:#.3g} bits is the forecast's mean surprise, over snow and no snow. It has snowed by "
        "now: which one surprise is left?"
    )
)
def _snow_entropy(p):
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


@snow.mistake(
    lambda p: (
        f"This takes the logarithm of {100 * p:.0f}. A probability lies between 0 and 1: what is "
        f"{p:.0%} as a number?"
    ),
    sign=(-1, 1),
)
def _snow_per_cent(p, sign=-1):
    return sign * math.log2(100 * p)


@exercise(
    "01",
    title="A lopsided spinner",
    draws={
        "p": (
            (0.5, 0.3, 0.2),
            (0.7, 0.2, 0.1),
            (0.4, 0.4, 0.2),
            (0.8, 0.15, 0.05),
            (0.55, 0.25, 0.2),
            (0.45, 0.35, 0.2),
            (0.65, 0.25, 0.1),
            (0.75, 0.15, 0.1),
            (0.6, 0.25, 0.15),
            (0.5, 0.4, 0.1),
            (0.7, 0.25, 0.05),
        )
    },
    hints=[
        "First the surprise of each of the three colours, then their mean.",
        lambda p: (
            "The mean is taken over what the spinner shows: of a hundred turns red's "
            f"surprise enters {100 * p[0]:.0f} times, yellow's {100 * p[1]:.0f} times, blue's "
            f"{100 * p[2]:.0f} times."
        ),
        lambda p: (
            f"Red alone adds {p[0]} · {-math.log2(p[0]):.3f} = "
            f"{-p[0] * math.log2(p[0]):.3f} bits. Two more colours, and the three together are the "
            "mean already."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:.4g} bits. A fair spinner with three colours has "
        f"log₂ 3 = {math.log2(3):.3f}; you know about this one, and that is worth "
        f"{math.log2(3) - answer:.2g} bits a turn."
    ),
)
def spinner(p=(0.6, 0.3, 0.1)):
    """A spinner shows red, yellow and blue with probability {p[0]}, {p[1]}, {p[2]}. Its entropy
    in bits?
    """
    return float(np.sum(p * -np.log2(p)))


@spinner.mistake(
    lambda it: (
        f"{it:#.3g} is the sum of the three surprises. Do red and blue come equally often? "
        "Each surprise has a weight."
    )
)
def _spinner_sum(p):
    return float(np.sum(-np.log2(p)))


@spinner.mistake(
    lambda it: (
        f"{it:#.3g} is the plain mean of the three surprises, each with the same weight. How "
        "often does each colour really come?"
    )
)
def _spinner_plain_mean(p):
    return float(np.mean(-np.log2(p)))


@spinner.mistake(
    lambda it: f"{it:#.3g} is this entropy in nats, and bits are asked for. Which base is that?"
)
def _spinner_nats(p):
    return float(np.sum(p * -np.log(p)))


@spinner.mistake(
    lambda p, it: (
        f"{it:#.3g} is the mean of the three terms. The weights {p[0]}, {p[1]}, {p[2]} "
        "are the averaging already: dividing by 3 averages twice."
    )
)
def _spinner_mean_of_terms(p):
    return float(np.mean(p * -np.log2(p)))


@spinner.mistake(
    lambda it: (
        f"{it:.4g} = log₂ 3 is the entropy of a fair spinner with three colours. Is this one fair?"
    )
)
def _spinner_fair():
    return math.log2(3)


@spinner.mistake(
    lambda it: (
        f"{it:#.3g} is the perplexity: as uncertain as so many equal colours. The entropy is its "
        "logarithm. To which base?"
    )
)
def _spinner_perplexity(p):
    return float(np.exp(np.sum(p * -np.log(p))))


@spinner.mistake(
    lambda it: (
        f"{it:#.3g} is what red and yellow add. Blue comes least often, and is the greatest "
        "surprise of the three when it comes: what does it add?"
    )
)
def _spinner_without_blue(p):
    return -p[0] * math.log2(p[0]) - p[1] * math.log2(p[1])


@spinner.mistake(
    "The surprises were rounded to one decimal before they were weighed and added up. Which digits "
    "of the sum are then still sure?"
)
def _spinner_rounded(p):
    return float(np.sum(p * np.round(-np.log2(p), 1)))


@exercise(
    "01",
    title="Three strings",
    choices={
        "A": "of S, where no two neighbours agree",
        "B": "of T, where the letters are shuffled",
        "C": "of U, where one letter dominates",
        "D": "of S and of T, equally",
    },
    mistakes={
        "A": "Count the letters of S and of T. Which of the two counts does the formula see "
        "differently?",
        "B": "T looks messier than S. Put the shares of P and Q of both into the formula.",
        "C": "U has nine P and three Q. If you had to bet on a letter of U, how often would you "
        "win, and how often with six and six?",
    },
    hints=[
        "For each string write down the shares of P and of Q. The formula sees nothing else.",
        "Where would you bet on the next letter if you knew the shares alone? The harder the bet, "
        "the larger the entropy.",
    ],
    right="Right: six of twelve are P in both, 1 bit a letter; U has "
    f"{round(ce.entropy([9 / 12, 3 / 12], base=2), 3)}. That every letter of S "
    "follows from the one before is true, and belongs to another distribution: that of a letter "
    "given the one before. Its entropy is 0.",
)
def strings():
    """S = PQPQPQPQPQPQ, T = QPPQPQQPPQPQ, U = PPPPPPPPPQQQ. You draw one letter blindly from each.

    Which draw has the largest entropy?
    """
    h = []
    for letters in ("PQPQPQPQPQPQ", "QPPQPQQPPQPQ", "PPPPPPPPPQQQ"):
        share = letters.count("P") / len(letters)
        h.append(ce.entropy([share, 1 - share]))
    return "D" if h[0] == h[1] == max(h) else "ABC"[np.argmax(h)]


@exercise(
    "01",
    title="Back from nats",
    draws={
        "h": (1.099, 1.609, 1.792, 1.946, 2.079, 2.197, 2.398, 2.485, 2.708, 2.773, 2.996, 3.219)
    },
    hints=[
        "Perplexity undoes the logarithm: it is the number of equal choices that have this "
        "entropy.",
        "Which base was the logarithm taken in? The same base is raised to the power.",
        "Nats belong to the natural logarithm: `math.exp(h)`.",
    ],
    right=lambda h, answer: (
        f"Right: {answer:.2g}. The model is as uncertain as a fair die with {answer:.2g} faces. "
        f"And {h} nats are {h / math.log(2):.4g} bits: 2 to that power is {answer:.2g} as well. "
        "The base of the power is the base of the logarithm."
    ),
)
def back_from_nats(h=1.386):
    """A log file says: entropy {h} (natural logarithm). What is the perplexity?"""
    return math.exp(h)


@back_from_nats.mistake(
    lambda h, it: (
        f"{it:#.3g} is 2 to the power {h}: that would undo a logarithm to base 2. Which base do "
        "nats have?"
    )
)
def _two_to_the_nats(h):
    return 2**h


@back_from_nats.mistake(
    lambda h: (
        f"{h} is the entropy itself, a price. Perplexity is a number of choices: how do you get "
        "back from a logarithm to what it was taken of?"
    )
)
def _the_entropy_itself(h):
    return h


@back_from_nats.mistake(
    lambda h, it: f"{it:.4g} is 10 to the power {h}. Which base does the natural logarithm have?"
)
def _ten_to_the_nats(h):
    return 10**h


@back_from_nats.mistake(
    lambda it: (
        f"{it:.4g} comes from turning nats into bits first and then raising e to that power. One "
        "base at a time: which goes with bits, and which with nats?"
    )
)
def _e_to_the_bits(h):
    return math.exp(h / math.log(2))


@back_from_nats.mistake(
    lambda it: (
        f"{it:#.3g} is this entropy in bits, a fine first step. How many equal choices make so "
        "many bits?"
    )
)
def _only_bits(h):
    return h / math.log(2)


@back_from_nats.mistake(
    lambda h, it: (
        f"{it:#.3g} is e to the power −{h}, and a number of choices is never below 1. Which sign "
        "does the exponent have?"
    )
)
def _minus_in_the_exponent(h):
    return math.exp(-h)


@back_from_nats.mistake(
    "This multiplies the nats by ln 2. A bit is the smaller unit, so the same entropy has more "
    "bits than nats. Do you need bits here at all?",
    then=(float, np.exp2),
)
def _times_ln2(h, then=float):
    return float(then(h * math.log(2)))


@exercise(
    "01",
    title="Your own entropy",
    probes=[
        [0.5, 0.25, 0.125, 0.125],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.9, 0.1],
        [1.0, 0.0],
        [0.3, 0.0, 0.7],
        [0.25, 0.0, 0.0, 0.25, 0.5],
        [0.0, 0.6, 0.0, 0.4],
        [0, 1, 0],
        [0.9999, 0.0001],
        [1 - 1e-9, 1e-9],
    ],
    hints=[
        "`p = np.asarray(p)`, then the surprises, then the weighted sum.",
        "What is 0·log 0? An outcome that never happens surprises nobody: it counts as 0.",
        "Keep the outcomes that do happen: `p = p[p > 0]`.",
    ],
    right="Right, at zero too. Leaving out what never happens is honest, because x·log x → 0 as "
    "x → 0. If you used an eps: it changes every other term as well, here by too little to be seen "
    "in three digits.",
)
def entropy_in_bits(p):
    """Write a function of a list of probabilities that returns its entropy in bits.

    There may be zeros anywhere in the list, as 0 or as 0.0: what never happens adds nothing.
    """
    p = np.asarray(p)
    p = p[p > 0]
    return float(np.sum(p * -np.log2(p)))


@entropy_in_bits.mistake(
    "Right for every distribution without a zero; with one, 0 · inf gives nan. How much does an "
    "outcome that never happens add to the mean surprise?"
)
def _zero_is_nan(p):
    p = np.asarray(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum(p * -np.log2(p)))


@entropy_in_bits.mistake(
    "One outcome's term alone has come in. Does `return` stand inside the loop? Then the "
    "function is over before it comes to the others.",
    keep=("first", "first above 0"),
    at_zero=(0.0, None),
)
def _return_inside_the_loop(p, keep, at_zero):
    for x in p:
        if x > 0 or at_zero is None:
            return x * -math.log2(x)
        if keep == "first":
            return at_zero


@entropy_in_bits.mistake(
    "Your function adds up the surprises without their weights. Does what happens one time in ten "
    "count as much as what happens nine times?"
)
def _function_without_weights(p):
    p = np.asarray(p)
    p = p[p > 0]
    return float(np.sum(-np.log2(p)))


@entropy_in_bits.mistake(
    "Your function divides by the number of outcomes. The weights p are the averaging already: "
    "what remains to be done with the terms?",
    count=("all", "what happens"),
)
def _function_mean_of_terms(p, count):
    terms = [x * -math.log2(x) for x in p if x > 0]
    return sum(terms) / (len(p) if count == "all" else len(terms))


@entropy_in_bits.mistake(
    "Right up to the first 0; what comes after it is missing. Does a `break`, a `return` or a "
    "`while` end the loop there?"
)
def _over_at_a_zero(p):
    p = list(p)
    rest = p[: p.index(0)] if 0 in p else p
    return sum(x * -math.log2(x) for x in rest)


@entropy_in_bits.mistake(
    "What stands right behind a 0 is skipped: a list from which something is removed while a `for` "
    "goes through it moves up by one place. How do you leave a 0 out without removing it?",
    loops=(1, 2),
)
def _removed_while_looping(p, loops):
    p, total = list(p), 0.0
    for x in p:
        if x == 0:
            p.remove(x)
        else:
            total -= x * math.log2(x)
    return total if loops == 1 else -sum(x * math.log2(x) for x in p)


@entropy_in_bits.mistake(
    "Right where all probabilities differ. Where two are equal, one of them is lost: does a `set` "
    "or a dictionary keep both?"
)
def _equal_ones_lost(p):
    return sum(x * -math.log2(x) for x in set(p) if x > 0)


@entropy_in_bits.mistake(
    "There is an eps in it, and it is large enough to be seen: it changes the terms of all "
    "outcomes, and the rare ones most. How much does an outcome that never happens add, and can "
    "you leave it out instead?",
    eps=EPS,
    guard=GUARDS,
    weights=("as they are", "guarded too"),
)
def _function_with_eps(p, eps, guard, weights):
    q = guard(p, eps)
    return float(np.sum((p if weights == "as they are" else q) * -np.log2(q)))


@exercise(
    "01",
    title="Ten letters of a game",
    draws={
        "guesses": (
            (1, 2, 1, 1, 1, 3, 1, 2, 1, 2),
            (2, 1, 1, 1, 3, 1, 1, 1, 1, 1),
            (1, 3, 2, 1, 1, 2, 1, 1, 2, 3),
            (1, 1, 2, 1, 3, 3, 1, 2, 1, 1),
            (2, 1, 2, 1, 1, 2, 3, 1, 2, 1),
            (2, 1, 3, 1, 2, 2, 1, 3, 1, 2),
            (3, 1, 2, 1, 1, 3, 2, 1, 3, 2),
        )
    },
    hints=[
        "Count first: which fraction q₁ of the letters needed one guess, which q₂ two, and so on?",
        lambda guesses: (
            "There are three different numbers in the list, with fractions "
            f"{guesses.count(1) / 10}, {guesses.count(2) / 10} and {guesses.count(3) / 10}."
        ),
        "The upper bound is the entropy of these fractions, in bits.",
    ],
    right=lambda answer: (
        f"Right: {answer:.4g} bits. A friend who knows how you guess could send you such text at "
        "about that price a letter, by telling you the numbers of guesses instead of the letters."
    ),
)
def ten_letters(guesses=(1, 1, 3, 1, 1, 2, 1, 2, 1, 1)):
    """Ten letters took {guesses[0]}, {guesses[1]}, {guesses[2]}, {guesses[3]}, {guesses[4]},
    {guesses[5]}, {guesses[6]}, {guesses[7]}, {guesses[8]} and {guesses[9]} guesses.

    What is Shannon's upper bound, in bits a letter?
    """
    counts = np.unique(guesses, return_counts=True)[1]
    q = counts / len(guesses)
    return float(np.sum(q * -np.log2(q)))


def _shares(guesses):
    """Of the letters, by how many guesses they took: one, two, three."""
    return [guesses.count(n) / len(guesses) for n in (1, 2, 3)]


@ten_letters.mistake(
    lambda it: (
        f"{it:.3g} is q₁, the share of letters that took one guess. The bound needs all the "
        "fractions: which others are there?"
    )
)
def _ten_first_share(guesses):
    return _shares(guesses)[0]


@ten_letters.mistake(
    lambda it: (
        f"{it:.3g} is the mean number of guesses. The bound looks at how the numbers of guesses "
        "are spread: what is their distribution?"
    )
)
def _ten_mean_guesses(guesses):
    return sum(guesses) / len(guesses)


@ten_letters.mistake(
    lambda it: (
        f"{it:.4g} = log₂ 3 would be right if one, two and three guesses came equally often. Do "
        "they?"
    )
)
def _ten_equal_shares():
    return math.log2(3)


@ten_letters.mistake(
    lambda it: (
        f"{it:#.3g} = log₂ 10 treats the ten letters as ten different outcomes. The outcomes are "
        "the numbers of guesses: how many different ones are there?"
    )
)
def _ten_outcomes():
    return math.log2(10)


@ten_letters.mistake(
    "This is Shannon's lower bound, from the other formula. Which one is an entropy?",
    unit=(1.0, math.log(2)),
)
def _ten_lower(guesses, unit=1.0):
    _, two, three = _shares(guesses)
    return unit * (2 * (two - three) * math.log2(2) + 3 * three * math.log2(3))


@ten_letters.mistake(
    "This is made of counts, and an entropy is made of fractions that add up to 1. What is each "
    "count to be divided by?",
    sign=(-1, 1),
)
def _ten_counts(guesses, sign=-1):
    return sign * sum(guesses.count(n) * math.log2(guesses.count(n)) for n in (1, 2, 3))


@ten_letters.mistake(
    lambda it: (
        f"{it:#.3g} is the mean of log₂ of the numbers of guesses. The numbers themselves are only "
        "names of outcomes: how often does each of them come?"
    )
)
def _ten_mean_log(guesses):
    return float(np.mean(np.log2(guesses)))


@ten_letters.mistake(
    lambda guesses: (
        f"This divides each number of guesses by {sum(guesses)}, their sum, as if it were a "
        "letter's probability. Which outcomes are there, and how often does each come?"
    )
)
def _ten_guesses_as_shares(guesses):
    q = np.array(guesses) / sum(guesses)
    return float(np.sum(q * -np.log2(q)))
