"""The final quiz, questions 31 to 33: notebook 13."""

import math

from cecourse.exercise.question import question


@question(
    "13",
    "Perplexity, and what a token is",
    title="Two tokenisers",
    draws={"tokens": ((200, 400), (300, 400), (250, 500), (400, 500), (150, 200), (240, 400))},
    hints=[
        "The text is the same. Of which number is a perplexity the exponential, and how large is "
        "it for the whole text?",
        lambda tokens, perplexity: (
            f"A pays {tokens[0]} · ln {perplexity} nats for the text. B has to pay as much, with "
            f"{tokens[1]} tokens."
        ),
    ],
    right=lambda answer, perplexity: (
        f"Right: {answer:.3g} beside A's {perplexity}, and neither model is the better one. A "
        "perplexity is a price per token: before you compare, ask for the nats or bits per byte."
    ),
)
def q31(tokens=(250, 400), perplexity=20):
    """Two language models read the same text. A's tokeniser cuts it into {tokens[0]} tokens, and
    A's perplexity is {perplexity}. B's cuts it into {tokens[1]}.

    At which perplexity of B are the two models equally good?
    """
    return math.exp(tokens[0] * math.log(perplexity) / tokens[1])


@q31.mistake(
    "Equal perplexities are equal prices for a *token*. Do the two have the same number of tokens "
    "to pay?"
)
def _q31_equal(perplexity):
    return perplexity


@q31.mistake(
    "You scale the perplexity itself by the tokens. What adds up over the tokens of a text is its "
    "logarithm: how large is the sum for A?",
    turned=(False, True),
)
def _q31_scaled(tokens, perplexity, turned=False):
    a, b = tokens
    return perplexity * (b / a if turned else a / b)


@q31.mistake("B has more tokens for the same bill. Does each of them cost more than A's, or less?")
def _q31_wrong_way(tokens, perplexity):
    return perplexity ** (tokens[1] / tokens[0])


@q31.mistake("This is what a token of B may cost, in nats. Which perplexity belongs to that loss?")
def _q31_loss(tokens, perplexity):
    return tokens[0] * math.log(perplexity) / tokens[1]


@q31.mistake("This is what a token of B may cost, in bits. Which perplexity belongs to that loss?")
def _q31_bits(tokens, perplexity):
    return tokens[0] * math.log2(perplexity) / tokens[1]


@q31.mistake(
    "Nats went into a power of 2, or bits into a power of e. Which base goes with which unit?",
    base=(2, math.e),
)
def _q31_mixed(tokens, perplexity, base=2):
    loss = tokens[0] * math.log(perplexity) / tokens[1]
    return 2**loss if base == 2 else math.exp(loss / math.log(2))


@question(
    "13",
    "Means that lie",
    title="The voice of a token",
    draws={"tokens": ((4, 400), (5, 250), (8, 400), (10, 400), (2, 300), (20, 500))},
    hints=[
        "How much of its own batch's mean is one token? Answer that for both batches.",
        lambda tokens: (
            f"In the short batch a token is 1/{tokens[0]} of the mean, in the long one "
            f"1/{tokens[1]}, and the two means have the same say."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:.3g} times as much, and nobody had decided that. Add up the losses of all "
        "the micro-batches of a step, and divide once, by all the tokens that count."
    ),
)
def q32(tokens=(5, 500)):
    """Gradients are accumulated over two micro-batches, one with {tokens[0]} tokens and one with
    {tokens[1]}. The trainer averages the mean losses of the two.

    How many times as much does a token of the short one count as a token of the long one?
    """
    return tokens[1] / tokens[0]


@q32.mistake(
    "It would be so if all losses were added up and divided once. Here two means are averaged: by "
    "what was each token divided before?"
)
def _q32_equal():
    return 1


@q32.mistake(
    "This is how much a token of the *long* one counts beside one of the short one. Which of the "
    "two has the louder voice?"
)
def _q32_inverted(tokens):
    return tokens[0] / tokens[1]


@q32.mistake(
    "This is how much more a token counts than it should, beside one mean over all tokens. The "
    "question compares it with a token of the other batch.",
    batch=(0, 1),
)
def _q32_due(tokens, batch=0):
    return sum(tokens) / (2 * tokens[batch])


@q32.mistake("This is a difference of the two counts. How many *times*?")
def _q32_difference(tokens):
    return tokens[1] - tokens[0]


@q32.mistake(
    "One of the two counts alone. By which number was a token's loss divided in the short batch, "
    "and by which in the long one?",
    batch=(0, 1),
)
def _q32_one_count(tokens, batch=0):
    return tokens[batch]


@q32.mistake(
    "You halve the ratio. Both means are divided by 2: what is left of that in a comparison?"
)
def _q32_halved(tokens):
    return tokens[1] / tokens[0] / 2


@q32.mistake(
    "You divide all the tokens by those of one batch. A token of the other batch is to be compared "
    "with: which share of its own mean is that?",
    batch=(0, 1),
)
def _q32_of_all(tokens, batch=0):
    return sum(tokens) / tokens[batch]


@question(
    "13",
    "After pretraining",
    title="Both fall",
    hints=[
        "What does the loss see: the two log-probabilities, or something made of them?",
        "It is −ln σ of a difference of two differences. When does a difference of two falling "
        "numbers rise?",
    ],
    right="Right: the loss sees the gap alone. Where the rejected answers fall faster the gap "
    "grows, and what both have lost goes to answers that nobody has compared. Log the two numbers "
    "beside the loss.",
    choices={
        "A": "Chosen and rejected answers are exchanged somewhere: with the right signs the chosen "
        "one's must rise.",
        "B": "The learning rate is too high; with small steps the loss could not fall.",
        "C": "Nothing is wrong with the arithmetic: the rejected answers' can have fallen faster.",
        "D": "The loss is reported for other answers than the log-probabilities.",
    },
    mistakes={
        "A": "With exchanged answers the gap would shrink while their loss falls. Does a growing "
        "gap need a chosen answer that rises?",
        "B": "A small step against the gradient lowers the loss. Which quantity must move for "
        "that: the two log-probabilities, or their difference?",
        "D": "It may be the same answers. The loss is made of a difference: which two falling "
        "numbers have a rising one?",
    },
)
def q33():
    """A language model learns from pairs of answers with DPO. The loss on the training pairs falls
    evenly, and so do the log-probabilities of the *chosen* and of the rejected answers.

    What do you conclude?
    """
    return "C"
