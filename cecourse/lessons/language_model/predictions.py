"""What notebook 13 asks before it shows: each answer is computed, as in the cells that follow."""

import numpy as np

from cecourse.english import guessing
from cecourse.prediction import prediction

from .ngrams import NGrams, codes
from .sampling import warmed
from .scaling import fit, held_out

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


@prediction(
    "A network with a hidden layer of 256 units reads *Through the Looking-Glass* and forecasts "
    "each letter from the last six. The counts of order 4, with short memories mixed in, forecast "
    "it from the last four. Who pays fewer bits per letter of *Alice*, which neither has read?",
    (
        "the network, by more than 0.04 bits",
        lambda ahead: ahead > 0.04,
        "It sees two letters more, and it can learn what similar letters share. But one book is "
        "little to learn from, and a count needs no training.",
    ),
    (
        "the counts, by more than 0.04 bits",
        lambda ahead: ahead < -0.04,
        "On one book a table is hard to beat: it has each word of the book by heart, and what it "
        "does not know it mixes from shorter memories.",
    ),
    (
        "neither: they are within 0.04 bits",
        lambda ahead: abs(ahead) <= 0.04,
        "Both read the same book and answer the same question. But one looks up, and the other "
        "has to squeeze all it read into thirty thousand weights.",
    ),
    measured=True,
)
def network_or_counts():
    """Bits per letter that the network pays less than order 4."""


@prediction(
    "At T = 0.5 the chances of a letter are squared and divided by their sum: samples of the same "
    "model look more like English. What does that do to the loss on *Alice*?",
    (
        "it falls: the samples are better",
        lambda change: change < -0.05,
        "Text of more real words looks like the work of a better model. But what is asked here is "
        "not how its own text looks: it is what it gave to the letters of somebody else's.",
    ),
    (
        "it hardly changes: the order of the letters is the same",
        lambda change: abs(change) <= 0.05,
        "The favourite stays the favourite, so accuracy would not change. The loss reads the "
        "chances themselves.",
    ),
    (
        "it rises: the model is made too sure",
        lambda change: change > 0.05,
        "The rare letters are made rarer still, and *Alice* has some of them in every line. Good "
        "samples and a low loss are two wishes.",
    ),
)
def colder():
    """Bits per letter that T = 0.5 costs order 4."""
    book, text = codes(guessing.looking_glass()), codes(guessing.alice())
    p = NGrams(book, 4).probabilities(text)
    places = np.arange(len(text))
    return float(np.mean(np.log2(p[places, text] / warmed(p, 0.5)[places, text])))


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


@prediction(
    "For nine sizes of what was read, from 1,000 letters to the whole book, you have the loss on "
    "*Alice*. You fit L = E + A/nᵃ three times: to all nine sizes, to those from 8,000 letters on, "
    "and to those from 32,000 on. Each fit misses its points by less than 0.01 bits. How far "
    "apart are the three floors E?",
    (
        "about 0.01 bits, as the points are",
        lambda apart: apart < 0.05,
        "Where there are points, the curves are that close. The floor is where n has no end, and "
        "there are no points there.",
    ),
    (
        "a few tenths of a bit",
        lambda apart: 0.05 <= apart < 1,
        "A floor is guessed from afar, so some doubt is fair. How much can a curve turn in a part "
        "that no point holds?",
    ),
    (
        "more than a bit",
        lambda apart: apart >= 1,
        "E, A and a make up for one another: a lower floor with a slower descent passes through "
        "the same points.",
    ),
)
def floors_apart():
    """Bits between the highest and the lowest of the three floors."""
    book, text = codes(guessing.looking_glass()), codes(guessing.alice())
    n = np.array([1000 * 2**k for k in range(8)] + [len(book)])
    loss = held_out(book, text, n).min(axis=1)
    found = [fit(n[n >= first], loss[n >= first]).E for first in (1000, 8000, 32000)]
    return max(found) - min(found)
