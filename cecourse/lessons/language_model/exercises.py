"""The exercises of notebook 13: from bits per letter to a loss that two models share."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


@exercise(
    "13",
    title="The top letters",
    hints=[
        "Sort the chances from the largest down, and keep the order: `np.argsort(-row)`. Their "
        "running sum tells how much is held by the first one, two, three.",
        "A class stays if those *before* it do not yet hold the share. What is the sum before a "
        "class, if you know the running sum that includes it?",
        "At the end put what is left back in its own places, and divide by what is left.",
    ],
    right="Right: the fewest classes that hold the share, by the chances that they had, and the "
    "favourite always stays. It is how many chat programs draw a token; whatever is cut has "
    "probability 0, so no loss may be measured on such a row.",
    probes=[
        (np.array([0.15, 0.5, 0.05, 0.3]), 0.75),
        (np.array([0.15, 0.5, 0.05, 0.3]), 0.4),
        (np.array([0.05, 0.12, 0.43, 0.22, 0.18]), 0.9),
        (np.array([0.3, 0.36, 0.34]), 0.5),
        (np.array([0.7, 0.1, 0.2]), 1.0),
        (np.array([0.02, 0.9, 0.08]), 0.95),
        (np.array([0.25, 0.0625, 0.5, 0.1875]), 0.75),
    ],
    digits=6,
    atol=1e-12,
)
def top_p(row, share):
    """Write top_p(row, share): `row` is an array of K chances that sum to 1, all different, and
    0 < share ≤ 1. Keep the fewest classes that together hold at least `share`, set all others to 0,
    and return a new row of K chances, each class in its place, that sums to 1.
    """
    order = np.argsort(-row)
    before = np.cumsum(row[order]) - row[order]
    kept = row.copy()
    kept[order[before >= share]] = 0.0
    return kept / kept.sum()


@top_p.mistake(
    "The right classes are left, but the row no longer sums to 1. Whoever draws from it would "
    "sometimes draw nothing: by what is it to be divided?"
)
def _not_divided(row, share):
    order = np.argsort(-row)
    before = np.cumsum(row[order]) - row[order]
    kept = np.zeros(len(row))
    kept[order] = np.where(before < share, row[order], 0.0)
    return kept


@top_p.mistake(
    "You stop one class too early: what you keep does not yet hold the share. Does the class that "
    "passes it belong to the ones that are kept?"
)
def _before_it_is_passed(row, share):
    order = np.argsort(-row)
    kept = np.zeros(len(row))
    kept[order] = np.where(np.cumsum(row[order]) <= share, row[order], 0.0)
    total = kept.sum()
    return kept / total if total else kept


@top_p.mistake(
    "The running sum goes through the classes as they stand in the row. Which class should be the "
    "first to be counted?"
)
def _unsorted(row, share):
    kept = np.where(np.cumsum(row) - row < share, row, 0.0)
    return kept / kept.sum()


@top_p.mistake(
    "You start with the rarest classes. Sorting goes up unless it is told otherwise: who should be "
    "kept first?"
)
def _rarest_first(row, share):
    order = np.argsort(row)
    before = np.cumsum(row[order]) - row[order]
    kept = np.zeros(len(row))
    kept[order] = np.where(before < share, row[order], 0.0)
    return kept / kept.sum()


@top_p.mistake(
    "Here each chance is compared with a bound of its own. The share is held by the kept classes "
    "*together*: which sum has to reach it?",
    bound=("1 − share", "share", "times the largest"),
)
def _each_alone(row, share, bound):
    least = {"1 − share": 1 - share, "share": share, "times the largest": share * row.max()}[bound]
    kept = np.where(row >= least, row, 0.0)
    total = kept.sum()
    return kept / total if total else kept


@top_p.mistake(
    "The chances are right, but they come sorted: the first of your row is the favourite, whoever "
    "that was. In which place does each class belong?"
)
def _left_sorted(row, share):
    down = -np.sort(-row)
    kept = np.where(np.cumsum(down) - down < share, down, 0.0)
    return kept / kept.sum()


@top_p.mistake(
    "All the kept classes have the same chance in your row. They are to keep their ratios: what "
    "should be divided, and by what?"
)
def _all_alike(row, share):
    order = np.argsort(-row)
    before = np.cumsum(row[order]) - row[order]
    kept = np.zeros(len(row))
    kept[order] = np.where(before < share, 1.0, 0.0)
    return kept / kept.sum()


# ---------------------------------------------------------------- temperature


@exercise(
    "13",
    title="A colder letter",
    draws={"p": (0.6, 0.54, 0.48), "q": (0.2, 0.12, 0.08), "T": (0.5, 0.8, 1.25, 2.5)},
    hints=[
        "At temperature T the logits are divided by T. What are the logits here, up to a number "
        "that both share?",
        "The logarithm of a ratio is the difference of two logits. What becomes of the difference, "
        "and what then of the ratio?",
    ],
    right=lambda p, q, T, answer: (
        f"Right: {answer:.4g}, the ratio {p / q:.4g} to the power of 1/T. The sum that all chances "
        "are divided by is the same for both, so you need not know the other letters."
    ),
)
def temperature_ratio(p=0.6, q=0.2, T=0.5):
    """After *TH* a model gives E a chance of {p} and A one of {q}; other letters share the rest.
    You draw at temperature T = {T}. How many times as likely as A is E now?
    """
    return (p / q) ** (1 / T)


@temperature_ratio.mistake(
    lambda p, q, T: (
        f"This is {p / q:.4g} to the power of T. With it a T below 1 brings the letters "
        "closer together: does cold do that?"
    )
)
def _to_the_power_of_t(p, q, T):
    return (p / q) ** T


@temperature_ratio.mistake(
    "You divided the ratio of the chances by T. It is the logits that are divided: what becomes of "
    "a ratio then?"
)
def _ratio_over_t(p, q, T):
    return p / q / T


@temperature_ratio.mistake(
    "You multiplied the ratio of the chances by T. It is the logits that T touches: what becomes "
    "of a ratio then?"
)
def _ratio_times_t(p, q, T):
    return p / q * T


@temperature_ratio.mistake(
    "This is the ratio at T = 1. The favourite stays the favourite at every T, but does it keep "
    "its lead?"
)
def _as_before(p, q):
    return p / q


@temperature_ratio.mistake("This is how likely A is beside E. Which of the two is asked for first?")
def _upside_down(p, q, T):
    return (q / p) ** (1 / T)


@temperature_ratio.mistake(
    "This is the difference of the two logits at this temperature. How does a difference of logits "
    "become a ratio of chances?"
)
def _difference_of_logits(p, q, T):
    return math.log(p / q) / T


@temperature_ratio.mistake(
    "Here the chances themselves are divided by T and then raised by e, as if they were logits. "
    "What are the logits of a softmax that says these chances?"
)
def _chances_as_logits(p, q, T):
    return math.exp((p - q) / T)


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


@exercise(
    "13",
    title="Half of what is left",
    draws={"a": (0.34, 0.28, 0.2, 0.4, 0.16), "E": (1.69, 1.5, 1.2)},
    hints=[
        "Only A/nᵃ, the excess above the floor, is to be halved. Write it for n and for k times n.",
        lambda a: f"A/(k·n)ᵃ is A/nᵃ divided by kᵃ. Which k makes kᵃ = 2, if a = {a}?",
    ],
    right=lambda a, answer: (
        f"Right: 2 to the power of {1 / a:.4g}, {answer:.4g} times as much, whatever E and A are. "
        "For the half of the half you need that factor once more: such a loss falls for ever, and "
        "ever more slowly."
    ),
)
def half_of_the_excess(a=0.34, E=1.69):
    """A loss follows L = E + A/nᵃ with E = {E} and a = {a}, where n is the amount of text. How many
    times as much text do you need, so that the part of the loss above E is halved?
    """
    return 2 ** (1 / a)


@half_of_the_excess.mistake(
    lambda a: (
        f"Twice the text divides the excess by 2 to the power of {a}, and that is not 2. How much "
        "text makes it 2?"
    )
)
def _twice():
    return 2.0


@half_of_the_excess.mistake(
    lambda a: (
        f"This is 2 to the power of {a}: by how much twice the text divides the excess. The "
        "question goes the other way: the excess is halved, and the text?"
    )
)
def _what_twice_the_text_gives(a):
    return 2**a


@half_of_the_excess.mistake(
    lambda a: f"You divided 2 by {a}. The exponent stands in a power: how is a power undone?"
)
def _two_over_a(a):
    return 2 / a


@half_of_the_excess.mistake(
    "This is the logarithm of the factor. What is the factor itself?", base=(math.e, 10, 2)
)
def _its_logarithm(a, base=math.e):
    return math.log(2) / a / math.log(base)


@half_of_the_excess.mistake(
    "This is how much of the text would do for *twice* the excess. Which of the two needs more?"
)
def _the_other_way(a):
    return 2 ** (-1 / a)


@half_of_the_excess.mistake(
    "A base e stands in your power. By how much is the excess to be divided?"
)
def _base_e(a):
    return math.exp(1 / a)
