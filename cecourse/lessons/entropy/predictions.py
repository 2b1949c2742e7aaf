"""What notebook 01 asks before it shows: each answer is computed, as in the cells that follow."""

import itertools
import math

import numpy as np

from cecourse.english import guessing
from cecourse.prediction import prediction
from cehelpers import entropy, perplexity, surprisal

TWO, THREE = surprisal([1 / 4, 1 / 8], base=2)
COIN = entropy([0.99, 0.01], base=2)
MESSAGES = (1 / 2, 1 / 4, 1 / 8, 1 / 8)
FAIR_DIE, LOADED_DIE = math.log2(6), entropy([0.5, *[0.1] * 5], base=2)
TWENTY_FACES = entropy([0.905, *[0.005] * 19], base=2)
ALICE = guessing.letter_counts(guessing.alice()) / len(guessing.alice())
SENTENCE, GUESSES = guessing.example_game()
NEEDED = guessing.play(SENTENCE.text, GUESSES).needed


@prediction(
    "Two independent events have surprises of 2 and 3 bits. Both together?",
    (
        "5 bits",
        lambda paid: paid[2] == paid[3] and math.isclose(paid[2], paid[0] + paid[1]),
        "Independent probabilities multiply, so their logarithms add: 5 bits. That is the reason "
        "for the logarithm.",
    ),
    (
        "6 bits",
        lambda paid: paid[2] == paid[3] and math.isclose(paid[2], paid[0] * paid[1]),
        "Something does multiply: the probabilities, 1/4 and 1/8. A surprise counts halvings: how "
        "many lead from 1 to their product?",
    ),
    (
        f"{(TWO + THREE) / 2} bits, the mean",
        lambda paid: paid[2] == paid[3] and math.isclose(paid[2], (paid[0] + paid[1]) / 2),
        "The mean is what one of the two costs on average. Here both have happened, and that is "
        "rarer than either alone.",
    ),
    (
        "it depends on which comes first",
        lambda paid: paid[2] != paid[3],
        "So it is where the first event changes the chances of the second. These two are "
        "independent, and a product has no order.",
    ),
)
def both_together():
    first, second = 1 / 4, 1 / 8
    return TWO, THREE, *surprisal([first * second, second * first], base=2)


@prediction(
    "A coin lands heads 99 times in 100. Its entropy is about",
    (
        "0.99 bits",
        lambda h: 0.9 < h <= 1,
        "That is the share of heads. What comes so often surprises nobody, and almost every flip "
        "of this coin comes so.",
    ),
    (
        "0.5 bits",
        lambda h: 0.4 < h < 0.6,
        "Heads cost next to nothing and tails a great deal, so something between them looks fair. "
        "The mean is weighted: how often do you pay for tails?",
    ),
    (
        f"{COIN:.2f} bits",
        lambda h: h < 0.1,
        f"Tails would be a great surprise, {surprisal(0.01, base=2):.2f} bits, but you are "
        f"surprised once in a hundred flips; the mean is {COIN:.3f} bits.",
    ),
)
def lopsided_coin():
    return COIN


@prediction(
    "Messages A, B, C, D come 1/2, 1/4, 1/8 and 1/8 of the time. Each gets a word of zeros and "
    "ones, and what is sent must be readable without commas. How many bits does the best code take "
    "a message, on average?",
    (
        f"{np.dot(MESSAGES, [1, 1, 2, 2])}",
        lambda mean: 1.1 < mean < 1.4,
        "The words 0, 1, 00 and 01 would come to that. But is 00 one C, or A twice? Whoever gets "
        "it cannot tell.",
    ),
    (
        f"{entropy(MESSAGES, base=2)}",
        lambda mean: 1.6 < mean < 1.9,
        "Such a code is 0, 10, 110, 111. The length of each word is its message's surprise, and "
        "the mean of the surprises is the entropy.",
    ),
    (
        "2",
        lambda mean: mean > 1.95,
        "Two bits tell four messages apart, and for equal chances nothing is shorter. Here A comes "
        "half of the time: a bit saved on A is saved often.",
    ),
)
def best_code():
    lengths = itertools.product(range(1, 5), repeat=4)
    readable = (some for some in lengths if sum(2.0**-n for n in some) <= 1)  # Kraft
    return min(float(np.dot(MESSAGES, some)) for some in readable)


@prediction(
    "Of 256 tiles half are dark and half are light. On one board the dark ones are swept to the "
    "top, on another all are shuffled. You put a finger on one tile, blindly, and ask for its "
    "colour. On which board is the answer worth more bits?",
    (
        "on the shuffled one",
        lambda h: h[1] > h[0] + 0.01,
        "The shuffled board takes longer to describe. But one tile was asked for, and the finger "
        "does not know where it stands: what did you know of its colour?",
    ),
    (
        "on neither",
        lambda h: abs(h[0] - h[1]) <= 0.01,
        "Half of the tiles are dark on both, and you know nothing else of the one under your "
        "finger: one bit each.",
    ),
    (
        "on the swept one",
        lambda h: h[0] > h[1] + 0.01,
        "There the answer also tells in which half your finger stands, which is something. It "
        "is not what was asked, and it makes the colour no harder to foresee.",
    ),
)
def finger_on_a_tile():
    swept = np.repeat([1, 0], 128)
    shares = (board.mean() for board in (swept, np.random.default_rng(0).permutation(swept)))
    return tuple(entropy([share, 1 - share], base=2) for share in shares)


@prediction(
    "How large can the entropy of four outcomes be, in bits?",
    (
        "2",
        lambda most: 1.9 < most < 2.1,
        "Four equal chances cost log₂ 4 = 2 bits whatever comes. Any other four make something "
        "likelier, and what is likelier is cheaper and comes more often.",
    ),
    (
        "4, one for each outcome",
        lambda most: 3.9 < most < 4.1,
        "Asking for one outcome after the other, *is it this one?*, would be a long way round. "
        "Questions that halve what is left need fewer.",
    ),
    (
        "as large as you like: a rare outcome has no highest price",
        lambda most: most > 10,
        "The price has no upper end. But the rarer an outcome, the less often it is paid, and p "
        "falls faster than −log p rises.",
    ),
)
def largest_of_four():
    twentieths = itertools.product(range(21), repeat=4)
    return max(entropy(np.divide(p, 20), base=2) for p in twentieths if sum(p) == 20)


@prediction(
    f"A fair die has log₂ 6 = {FAIR_DIE:.3f} bits. Load one face until it comes half of the time; "
    "the other five share the rest. How much of its entropy does the die lose?",
    (
        "about a sixth",
        lambda lost: 0.1 < lost < 0.25,
        f"{LOADED_DIE:.3f} bits remain: one for whether the loaded face comes, and half of "
        f"log₂ 5 = {math.log2(5):.3f} because five faces still share the other half.",
    ),
    (
        "about half",
        lambda lost: 0.4 < lost < 0.6,
        "Half of the throws show what you bet on, so half of the doubt seems gone. But you do not "
        "know beforehand which throws these are.",
    ),
    (
        "nearly all",
        lambda lost: lost > 0.8,
        "One face towers over the others, and it is the face to bet on. You lose this bet as often "
        "as you win it.",
    ),
)
def loaded_die():
    return 1 - LOADED_DIE / FAIR_DIE


@prediction(
    "A die has twenty faces, one at 0.905, and the other nineteen share the rest evenly. Which has "
    "more entropy, this die or a fair coin?",
    (
        "the die, with its twenty outcomes",
        lambda more: more > 0.05,
        "Twenty outcomes *can* have far more entropy than two. How many there are says only how "
        "much there could be.",
    ),
    (
        "the fair coin",
        lambda more: more < -0.05,
        f"The die has {TWENTY_FACES:.3f} bits, the coin 1: nine throws in ten show the same face. "
        "What counts is how evenly the outcomes come.",
    ),
)
def twenty_faces():
    return TWENTY_FACES - 1


@prediction(
    f"27 equal symbols, A to Z and the blank, would have log₂ 27 = {math.log2(27):.2f} bits each. "
    "Count how often each comes in half a chapter of Alice. What is the entropy of these shares?",
    (
        "about 4.7 bits",
        lambda h: abs(h - 4.7) < 0.3,
        "Every letter is needed now and then, so 27 choices seem to remain. But the blank and E "
        f"alone are {ALICE[[26, 4]].sum():.0%} of the text, and J, Q, X and Z together "
        f"{ALICE[[9, 16, 23, 25]].sum():.1%}.",
    ),
    (
        "about 2.0 bits",
        lambda h: abs(h - 2.0) < 0.5,
        "Two bits are four equal choices. A few symbols do lead, and behind them come a dozen "
        "others that are not rare at all.",
    ),
    (
        "about 4.0 bits",
        lambda h: abs(h - 4.0) < 0.3,
        f"{guessing.letter_entropy():.2f} bits, as for {perplexity(ALICE):.1f} equal symbols: "
        "English letters are uneven, and far from one-sided.",
    ),
)
def letters_of_alice():
    return guessing.letter_entropy()


@prediction(
    "A program has read half a chapter of Alice. It guesses each letter of a new sentence by what "
    "most often followed the last three letters there. For what share of the letters is its first "
    "guess right?",
    (
        "about one in five, as if it always said the blank",
        lambda share: 0.15 < share < 0.3,
        f"The blank is {ALICE[26]:.0%} of the text, so this is what letter counts alone come to. "
        "Three letters of memory also know how far a word has come.",
    ),
    (
        "about one in two",
        lambda share: 0.4 < share < 0.65,
        f"{NEEDED.count(1)} of {len(NEEDED)} in the example game. Inside a word three letters "
        "often settle the next; where a word begins they say little.",
    ),
    (
        "about four in five",
        lambda share: 0.72 < share < 0.9,
        "After TH or QU it looks so easy. It is hard where a word begins, and where the program "
        "has never read the word.",
    ),
)
def first_guesses():
    return NEEDED.count(1) / len(NEEDED)


@prediction(
    "Shannon bounds a letter's entropy by the shares of first, second, third … guesses: from above "
    "by their entropy, from below by a weighted sum. For a player of known chances, estimate both "
    "from thirty letters of play, in thousands of games. Where do the estimates fall?",
    (
        "both scatter evenly around the truth",
        lambda low: 0.4 < low[0] < 0.6 and 0.4 < low[1] < 0.6,
        "Each *share* is right on average. But a function of shares need not be, where it is "
        "curved: what becomes of the guesses that are too rare for thirty letters?",
    ),
    (
        "both are mostly too low",
        lambda low: min(low) > 0.65,
        "Rare accidents are missing from most short games, and that makes one of the bounds look "
        "too certain. The other is a plain average over the letters.",
    ),
    (
        "the lower ones are mostly too low, the upper ones mostly too high",
        lambda low: low[0] > 0.65 and low[1] < 0.35,
        "Bounds that move apart when little is known would be welcome. These two are computed from "
        "shares, and nothing in them knows how few letters there were.",
    ),
    (
        "the lower ones scatter evenly, the upper ones are mostly too low",
        lambda low: 0.4 < low[0] < 0.6 and low[1] > 0.65,
        "The upper bound is an entropy, and a few letters look more certain than the player is: "
        "most games lack the rare guesses. The lower one is an average, no more than noisy.",
    ),
)
def thirty_letters():
    q = np.array(guessing.SHANNON_1951) / sum(guessing.SHANNON_1951)
    games = guessing.simulated_bounds(q, 30, 2000, rng=np.random.default_rng(0))
    return tuple(
        float(np.mean(estimates < true))
        for estimates, true in zip(games, guessing.bounds(q), strict=True)
    )
