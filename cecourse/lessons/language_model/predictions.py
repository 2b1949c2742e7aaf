"""What notebook 13 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse.english import guessing
from cecourse.prediction import prediction
from cehelpers import sparse_categorical_cross_entropy

from . import ngrams, tokens

# ---------------------------------------------------------------- the next letter


def bits_of_alice(order: int) -> float:
    """Bits per letter of Alice for a model that has read the Looking-Glass."""
    alice = ngrams.codes(guessing.alice())
    model = ngrams.NGrams(ngrams.codes(guessing.looking_glass()), order)
    return sparse_categorical_cross_entropy(alice, model.probabilities(alice)) / math.log(2)


@prediction(
    "A model counts which letter came after the last few in *Through the Looking-Glass*, 148,871 "
    "letters. Then it forecasts *Alice*, letter by letter, which it has never read. With how many "
    "letters of memory, from 0 to 6, is its loss lowest?",
    (
        "1 or 2",
        lambda best: best in (1, 2),
        "Short contexts are seen often, and their counts can be trusted. But they leave out most "
        "of a word, and there are more than a hundred thousand letters to count.",
    ),
    (
        "3, 4 or 5",
        lambda best: best in (3, 4, 5),
        "Up to there each further letter says more about the next one than it costs in counts. "
        "Beyond it, many contexts of Alice never came in the other book, or came once.",
    ),
    (
        "6: who remembers more forecasts better",
        lambda best: best == 6,
        "On the text that was counted it is so. On another one a long memory mostly meets what it "
        "has never seen, and believes a single case.",
    ),
)
def best_memory():
    return int(np.argmin([bits_of_alice(order) for order in range(7)]))


@prediction(
    "As a file, the 6,804 letters of *Alice* take about 2,800 bytes with zlib, the method of .zip "
    "and .gz. How many bytes will they take with the coder of notebook 02 and the model that has "
    "read the other book?",
    (
        "about 3,500",
        lambda size: size >= 3000,
        "Letter counts alone would need about as much: 4 bits a letter. This model knows which "
        "letters came before.",
    ),
    (
        "about 2,500",
        lambda size: 2100 <= size < 3000,
        "The best methods that know nothing of the text beforehand come to about that. This one "
        "knows a whole book by the same author.",
    ),
    (
        "about 1,700",
        lambda size: 1400 <= size < 2100,
        "The loss in bits, times the letters, over 8. It has been trained, and the training is not "
        "in the file.",
    ),
    (
        "about 700",
        lambda size: size < 1400,
        "That would be less than 1 bit for a letter, as Shannon concluded for people who read on "
        "with a hundred letters of context.",
    ),
)
def size_of_alice():
    return math.ceil(bits_of_alice(4) * len(guessing.alice()) / 8)


# ---------------------------------------------------------------- perplexity and tokens


@prediction(
    "A broken model always says Q with a chance of 0.999, and shares the rest among the 26 other "
    "symbols. Its own entropy is close to 0: it is almost sure. What is its perplexity "
    "on a text without a Q?",
    (
        "about 1",
        lambda result: result < 2,
        "That is how sure it is, and it never looks at the text. Perplexity on a text asks what it "
        "had given to the letters that came.",
    ),
    (
        "27, as for somebody who knows nothing",
        lambda result: 20 < result < 40,
        "Who knows nothing says 1/27 each time, and pays for 27 equal choices. This one has put "
        "its chances elsewhere.",
    ),
    (
        "26,000",
        lambda result: result > 1000,
        "Each letter that came had a chance of 0.001/26, and the perplexity is one divided by it. "
        "It can be much larger than the number of symbols.",
    ),
)
def sure_of_q():
    return 26 / 0.001


@prediction(
    "The pair of symbols that comes most often becomes one token, 200 times over: TH, THE, ING, "
    "ALICE. Each time the model simply counts how often each token comes. On *Alice* it becomes "
    "better and better: its file shrinks by a fifth. What does its loss per token do?",
    (
        "it falls by about a fifth, too",
        lambda after: after < 2.6,
        "If the number of tokens stayed the same it would. But each merge makes fewer and longer "
        "tokens.",
    ),
    (
        "it stays about the same",
        lambda after: 2.6 <= after < 3.2,
        "The text is the same, and the loss is a mean. But a mean over what? There are fewer and "
        "fewer tokens.",
    ),
    (
        "it rises by more than half",
        lambda after: after > 4,
        "The whole bill falls by a fifth, but it is shared by less than half as many tokens. Each "
        "of them carries more letters, and costs more.",
    ),
)
def merged_pairs():
    return tokens.steps()[200].nats


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
