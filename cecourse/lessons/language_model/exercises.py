"""The exercises of notebook 13: from bits per letter to a loss that two models share."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# the notebook asks for them here
from .exercises_means import masked_loss, merge, two_micro_batches  # noqa: F401
from .exercises_teachers import dpo, exam, half_of_the_excess, k3, soft_target  # noqa: F401

# ---------------------------------------------------------------- the next letter


@exercise(
    "13",
    title="Back off by hand",
    draws={
        "seen": (12, 16, 21, 26),
        "kinds": (4, 5, 6),
        "times": (3, 5),
        "lower": (0.07, 0.1, 0.13),
    },
    hints=[
        lambda kinds: (
            f"The model of the order below counts as much as {kinds} letters more. How many does "
            "that make in all?"
        ),
        lambda seen, kinds, times, lower: (
            f"Of {seen} + {kinds} letters {times} are A for sure. How many more are A, if the "
            f"other model gives A {lower} of its {kinds}?"
        ),
    ],
    right=lambda answer, lower, times, seen: (
        f"Right: {answer:.4g}, between the {times / seen:.3g} of the long memory and the {lower} "
        "of the shorter one. The more kinds have come after these letters, the more surprises the "
        "model expects, and the more it listens to the order below."
    ),
)
def back_off(seen=16, kinds=4, times=3, lower=0.1):
    """After the last four letters a model has seen {seen} letters, of {kinds} different kinds;
    {times} of them were an A. With one letter of memory less, it would give A a chance of {lower}.

    Which chance does it give to A?
    """
    return (times + kinds * lower) / (seen + kinds)


@back_off.mistake(
    "This is the share of the counts alone. A letter that never came after these four would get "
    "0: where does the model of the order below come in?"
)
def _counts_alone(seen, times):
    return times / seen


@back_off.mistake(
    lambda kinds: (
        "Only one letter is lent here. As how many does the order below count, where "
        f"{kinds} different ones have come, and which part of them is an A?"
    ),
    below=(True, False),
)
def _one_lent(seen, kinds, times, lower, below=True):
    return (times + lower) / (seen + (1 if below else kinds))


@back_off.mistake(
    "What stands above is right. But all 27 chances would then sum to more than 1: among how many "
    "letters, seen and lent, do you share?"
)
def _not_divided_by_more(seen, kinds, times, lower):
    return (times + kinds * lower) / seen


@back_off.mistake(
    "This gives the order below and the counts equal weight. Their weights are numbers of letters: "
    "which two?"
)
def _half_and_half(seen, times, lower):
    return (times / seen + lower) / 2


@back_off.mistake(
    "The two weights have changed places. Which of the two is how often something was seen, and "
    "which is what the order below counts as?"
)
def _weights_swapped(seen, kinds, times, lower):
    return (kinds * times / seen + seen * lower) / (seen + kinds)


@back_off.mistake(
    "Here all the lent letters are an A. Only the share that the order below gives to A is: how "
    "many letters is that?"
)
def _all_lent_to_a(seen, kinds, times):
    return (times + kinds) / (seen + kinds)


@back_off.mistake(
    "One more for each of the 27 symbols is an older remedy. What does this model lend instead, "
    "and how does it share it?"
)
def _one_more_for_each(seen, times):
    return (times + 1) / (seen + 27)


@back_off.mistake(
    "You lend the letters below the line, but A gets nothing of them above it. How much of what "
    "is lent goes to A?"
)
def _nothing_lent_above(seen, kinds, times):
    return times / (seen + kinds)


# ---------------------------------------------------------------- perplexity and tokens


@exercise(
    "13",
    title="Perplexity of a text",
    hints=[
        "First the price of each token that came: −ln of the chance it had been given.",
        "Then the mean of these prices, and last the exponential of that mean.",
    ],
    right="Right. It is one divided by the geometric mean of the chances: how many equal choices "
    "would have cost as much. Of the chances of all that did not come it needs nothing.",
    probes=[
        (np.array([0.5, 0.25, 0.125]),),
        (np.array([0.9, 0.8, 0.01, 0.6]),),
        (np.array([0.05]),),
        (np.array([0.3, 0.3, 0.3, 0.3, 0.3]),),
        (np.array([0.99, 0.98, 1.0, 0.002]),),
    ],
    digits=6,
)
def perplexity_of_a_text(chances):
    """Write perplexity_of_a_text(chances). `chances` is an array: for each token of a text that
    the model has not read, the probability that it gave to the token that came, all above 0.

    Return the perplexity of the model on this text.
    """
    return math.exp(-np.mean(np.log(chances)))


@perplexity_of_a_text.mistake(
    "This is the mean of 1/p. A mean belongs to the prices, which are logarithms: in which order "
    "come the logarithm, the mean and the exponential?"
)
def _mean_of_choices(chances):
    return np.mean(1 / chances)


@perplexity_of_a_text.mistake(
    "This is one divided by the mean of the chances, so a single tiny chance hardly counts. "
    "What is the price of a tiny chance?"
)
def _of_the_mean_chance(chances):
    return 1 / np.mean(chances)


@perplexity_of_a_text.mistake(
    "Two bases are mixed: the logarithm has one and the power the other. Which one undoes ln?"
)
def _power_of_two(chances):
    return 2 ** -np.mean(np.log(chances))


@perplexity_of_a_text.mistake(
    "Two bases are mixed: bits under e to the power. Which power undoes a logarithm with base 2?"
)
def _bits_under_e(chances):
    return math.exp(-np.mean(np.log2(chances)))


@perplexity_of_a_text.mistake(
    "This grows with the length of the text: the prices are added up. What is their mean?"
)
def _not_a_mean(chances):
    return np.exp(-np.sum(np.log(chances)))


@perplexity_of_a_text.mistake(
    "This is the mean price, a cross-entropy in nats or bits. Which function makes a number of "
    "choices of it?",
    base=(math.e, 2),
)
def _no_exponential(chances, base):
    return -np.mean(np.log(chances)) / math.log(base)


@perplexity_of_a_text.mistake(
    "You weigh each price by the chance, as in an entropy: then what was thought impossible costs "
    "nothing. Each token of the text came once. What is its weight?",
    mean=(True, False),
)
def _own_entropy(chances, mean):
    prices = -chances * np.log(chances)
    return math.exp(prices.mean() if mean else prices.sum())


@perplexity_of_a_text.mistake(
    "This is smaller than 1, a typical chance. Has a price become negative somewhere?"
)
def _sign_lost(chances):
    return math.exp(np.mean(np.log(chances)))


def _bits(letters, first, first_tokens, second, second_tokens):
    """What both models need for a letter."""
    bills = first_tokens * math.log2(first), second_tokens * math.log2(second)
    return [bill / letters for bill in bills]


@exercise(
    "13",
    title="Two tokenisers, one text",
    draws={
        "letters": (1200, 1500),
        "first": (16, 20, 24),
        "first_tokens": (440, 480, 520),
        "second": (70, 90, 120),
        "second_tokens": (280, 300, 340),
    },
    hints=[
        "What does the whole text cost each model, in bits? A token costs log₂ of the perplexity.",
        lambda letters: (
            f"Both have forecast the same {letters:,} letters. Divide each bill by that number, "
            "and compare."
        ),
    ],
    right=lambda answer, letters, first, first_tokens, second, second_tokens: (
        f"Right: {answer:.4g}, the loss of "
        f"{'AB'[np.argmin(_bits(letters, first, first_tokens, second, second_tokens))]}; the other "
        f"needs {max(_bits(letters, first, first_tokens, second, second_tokens)):.4g}. From "
        "the two perplexities alone nobody could have said it: they price pieces of other lengths."
    ),
)
def two_tokenisers(letters=1200, first=20, first_tokens=480, second=90, second_tokens=300):
    """Two models forecast the same {letters:,} letters, which neither has read.

    The tokeniser of A cuts them into {first_tokens} tokens, and its perplexity per token is
    {first}. That of B cuts them into {second_tokens} tokens, and its perplexity per token is
    {second}.

    Which model is better? Answer with its loss in bits per letter.
    """
    bits_of_a = first_tokens * math.log2(first) / letters
    bits_of_b = second_tokens * math.log2(second) / letters
    return min(bits_of_a, bits_of_b)


@two_tokenisers.mistake(
    lambda it: (
        f"{it:.4g} bits is what one of the two models needs, and the other needs less. Did you "
        "compare the perplexities?"
    )
)
def _the_other_model(letters, first, first_tokens, second, second_tokens):
    return max(_bits(letters, first, first_tokens, second, second_tokens))


@two_tokenisers.mistake("This is a loss per letter in nats. How many bits is a nat?")
def _in_nats(letters, first, first_tokens, second, second_tokens):
    return min(_bits(letters, first, first_tokens, second, second_tokens)) * math.log(2)


@two_tokenisers.mistake(
    "These are the bits of a *token*. How many tokens does the model need for a letter?",
    model=("A", "B"),
)
def _bits_per_token(first, second, model="A"):
    return math.log2(first if model == "A" else second)


@two_tokenisers.mistake(
    "This is the bill for the whole text. How many letters share it?", model=("A", "B")
)
def _whole_bill(letters, first, first_tokens, second, second_tokens, model="A"):
    return letters * _bits(letters, first, first_tokens, second, second_tokens)[model == "B"]


@two_tokenisers.mistake(
    "This is a perplexity over a length. Perplexities do not share out among letters, but their "
    "logarithms do: what does a token cost?",
    model=("A", "B"),
)
def _perplexity_shared(letters, first, first_tokens, second, second_tokens, model="A"):
    return first * first_tokens / letters if model == "A" else second * second_tokens / letters


@two_tokenisers.mistake(
    "Here a token costs more for being long: you multiply by letters per token. If a token covers "
    "several letters, what is left for each of them?",
    model=("A", "B"),
)
def _times_letters(letters, first, first_tokens, second, second_tokens, model="A"):
    if model == "A":
        return math.log2(first) * letters / first_tokens
    return math.log2(second) * letters / second_tokens


@two_tokenisers.mistake(
    "You have a perplexity per letter, a number of choices. The loss is its logarithm: which one, "
    "for bits?"
)
def _perplexity_per_letter(letters, first, first_tokens, second, second_tokens):
    return 2 ** min(_bits(letters, first, first_tokens, second, second_tokens))


@two_tokenisers.mistake(
    "This is the loss of one model over the tokens of the other. Which perplexity belongs to "
    "which number of tokens?",
    model=("A", "B"),
)
def _crossed(letters, first, first_tokens, second, second_tokens, model="A"):
    if model == "A":
        return second_tokens * math.log2(first) / letters
    return first_tokens * math.log2(second) / letters


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
