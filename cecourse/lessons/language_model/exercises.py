"""The exercises of notebook 13: from bits per letter to a loss that two models share."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- the next letter


@exercise(
    "13",
    title="Back off by hand",
    draws={
        "seen": (12, 16, 21, 26),
        "kinds": (4, 5, 6),
        "times": (2, 3, 5),
        "lower": (0.06, 0.1, 0.15),
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
        "Here the order below counts as one letter. As how many does it count, where "
        f"{kinds} different ones have come?"
    )
)
def _as_one_letter(seen, times, lower):
    return (times + lower) / (seen + 1)


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
    """Two models forecast the same {letters:,} letters, which neither has read. The tokeniser of A
    cuts them into {first_tokens} tokens, and its perplexity per token is {first}. That of B cuts
    them into {second_tokens} tokens, and its perplexity per token is {second}.

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


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
