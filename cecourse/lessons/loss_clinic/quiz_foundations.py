"""The final quiz, questions 1 to 10: notebooks 01 to 04."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.question import question


@question(
    "01",
    "Surprise: the price of one event",
    title="The second message",
    draws={
        "deck": (
            (64, 32),
            (32, 4),
            (48, 12),
            (40, 10),
            (24, 6),
            (36, 9),
            (20, 5),
            (28, 7),
            (50, 25),
        )
    },
    hints=[
        "What is still open after the first message? How many cards are left?",
        lambda deck: (
            f"{deck[1]} cards are left, all equally likely. log₂ counts how many halvings lead "
            "from there to a single one, part of a halving included."
        ),
    ],
    right=lambda deck, answer: (
        f"Right: {answer:.3g} bits, after the {math.log2(deck[0] / deck[1]):.3g} of the first "
        f"message. Together they hold {math.log2(deck[0]):.3g}, which is what one card of "
        f"{deck[0]} costs in a single message: prices add, whichever way the news is cut."
    ),
)
def q01(deck=(32, 8)):
    """One of {deck[0]} different cards is drawn; {deck[1]} of them are red. A first message tells
    you that it is red, a second one which of the red cards it is.

    How many bits does the *second* message hold?
    """
    cards, red = deck
    return -math.log2((1 / cards) / (red / cards))


@q01.mistake(
    lambda it: (
        f"{it:.3g} bits is the price of the card for somebody who has heard nothing. You have "
        "heard the first message: how much of it is already paid?"
    )
)
def _q01_whole(deck):
    return math.log2(deck[0])


@q01.mistake(
    lambda deck, it: (
        f"{it:.3g} bits is what the first message held: {deck[1]} of the {deck[0]} cards are red. "
        "How many are still possible after it?"
    )
)
def _q01_first(deck):
    return -math.log2(deck[1] / deck[0])


@q01.mistake("This is the right price in nats. Which logarithm counts halvings?")
def _q01_nats(deck):
    return math.log(deck[1])


@q01.mistake(
    "This divides the two prices. Probabilities of successive messages are multiplied: what does a "
    "logarithm make of a product?"
)
def _q01_ratio(deck):
    return math.log2(deck[0]) / math.log2(deck[0] / deck[1])


@q01.mistake(
    "This is how many cards are left. Which function turns a number of equal choices into bits?"
)
def _q01_left(deck):
    return float(deck[1])


@q01.mistake(
    "This is the chance of this one card among the red ones. Which function turns a chance into a "
    "surprise?"
)
def _q01_chance(deck):
    return 1 / deck[1]


@q01.mistake(
    "This is the surprise times its own chance. The message has come: do you still weigh it?"
)
def _q01_weighed(deck):
    return math.log2(deck[1]) / deck[1]


@q01.mistake(
    "This is the chance that a card is red, which the first message has settled. How likely is "
    "the one card of the second message then, and how surprising?"
)
def _q01_red(deck):
    return deck[1] / deck[0]


@question(
    "01",
    "Perplexity: how many equal choices?",
    title="Half as perplexed",
    hints=[
        "A perplexity of 64 is as uncertain as 64 equal choices. How many bits is one of 64?",
        "log₂ 64 and log₂ 32: compare them, and then try 1,000 and 500.",
    ],
    right="Right: halving a perplexity is one halving, one bit, wherever it begins. In nats the "
    f"same step is {math.log(2):.3f}.",
    choices={
        "A": "It has halved.",
        "B": "It has fallen by one bit.",
        "C": "It has fallen by 32 bits.",
        "D": "Nobody can say without the base of the logarithm.",
    },
    mistakes={
        "A": "The *number of choices* has halved. The surprise is its logarithm: by what factor "
        "does log₂ change from 64 to 32?",
        "C": "32 is the difference of the two perplexities, and they count choices, not bits. How "
        "many bits is one choice of 64?",
        "D": "A perplexity is the same number in every base, and so is a difference of surprises "
        "once you say its unit. How many bits is one choice of 64?",
    },
)
def q02():
    """A language model's perplexity over the next word falls from 64 to 32.

    What has happened to its mean surprise?
    """
    before, after = math.log2(64), math.log2(32)
    said = {"A": after == before / 2, "B": after == before - 1, "C": after == before - 32}
    return max(said, key=said.get)


@question(
    "02",
    "Two parts of every bill",
    title="A code book for another source",
    draws={
        "p": (
            (0.25, 0.125, 0.125, 0.5),
            (0.2, 0.4, 0.3, 0.1),
            (0.4, 0.1, 0.3, 0.2),
            (0.1, 0.2, 0.3, 0.4),
            (0.1, 0.4, 0.3, 0.2),
            (0.1, 0.4, 0.4, 0.1),
            (0.2, 0.3, 0.4, 0.1),
            (0.2, 0.1, 0.3, 0.4),
        )
    },
    hints=[
        "Two numbers are needed: what a symbol costs now, and what it would cost at best.",
        "Now: each word's length, weighted by how often it is *sent*. At best, for long messages: "
        "the entropy of what is sent.",
        "Their difference is a KL divergence. Which of the two distributions does it average over?",
    ],
    right=lambda p, answer: (
        f"Right: {answer:.3g} bits, the KL divergence. It is {np.dot(p, [1, 2, 3, 3]):.4g} − "
        f"{ce.entropy(p, base=2):.4g}, cross-entropy less entropy; the word lengths 1, 2, 3, 3 "
        "betray that the book believes in (½, ¼, ⅛, ⅛)."
    ),
)
def q03(p=(0.125, 0.5, 0.25, 0.125)):
    """A station sends four symbols with probabilities {p[0]}, {p[1]}, {p[2]} and {p[3]}. Its code
    book was made for another station, and has words of 1, 2, 3 and 3 bits for them.

    How many bits a symbol would the best possible code save, one that may encode a long message as
    a whole?
    """
    lengths = [1, 2, 3, 3]
    return np.dot(p, lengths) - ce.entropy(p, base=2)


_BOOK = (1 / 2, 1 / 4, 1 / 8, 1 / 8)  # what word lengths of 1, 2, 3, 3 believe in


@q03.mistake("This is what a symbol costs with the old book. How much of it can no book save?")
def _q03_bill(p):
    return np.dot(p, [1, 2, 3, 3])


@q03.mistake(
    "This is the entropy of what is sent: the part of the bill that stays, whatever the book. What "
    "does a symbol cost now?"
)
def _q03_entropy(p):
    return ce.entropy(p, base=2)


@q03.mistake(
    "This is the divergence the other way round: the other station's symbols with a book made for "
    "this one. Whose symbols are sent here?",
    base=(2, math.e),
)
def _q03_reversed(p, base=2):
    return ce.kl_divergence(_BOOK, p, base=base)


@q03.mistake("The saving is right, in nats. What are the words of the book counted in?")
def _q03_nats(p):
    return ce.kl_divergence(p, _BOOK)


@q03.mistake(
    "This is the saving as a share of the old bill. How many bits of a symbol's price is it?"
)
def _q03_share(p):
    return ce.kl_divergence(p, _BOOK) / ce.cross_entropy(p, _BOOK)


@q03.mistake(
    "Two bits for every symbol stand in this, in place of what a symbol costs now or of what it "
    "would cost at best. Is either book of that kind?",
    instead_of=("the best", "the old"),
)
def _q03_two_bits(p, instead_of="the best"):
    if instead_of == "the best":
        return np.dot(p, [1, 2, 3, 3]) - 2
    return 2 - ce.entropy(p, base=2)


@q03.mistake("This takes the old bill from the best one. Which of the two is the larger?")
def _q03_sign(p):
    return -ce.kl_divergence(p, _BOOK, base=2)


@q03.mistake(
    "Nothing could be saved if the symbols were sent as often as the book believes. How often are "
    "they sent, and which of them has the shortest word?"
)
def _q03_nothing():
    return 0.0


@question(
    "02",
    "What is impossible for the model",
    title="One word in a million",
    hints=[
        "Write the mean as a sum of a million prices, divided by a million. What is the price of "
        "that one word?",
        "The price is −ln q of the word, and q is 0. Can a million ordinary prices make up for it?",
    ],
    right="Right: one word was priced at infinity, and no mean survives that. It is why letter "
    "counts get one extra, and why language models are built never to say 0.",
    choices={
        "A": "It hardly changes: one word in a million has a weight of a millionth.",
        "B": "It is infinite.",
        "C": f"It rises by ln 1,000,000 = {math.log(1_000_000):.1f} nats.",
        "D": "It does not change: 0 · log 0 counts as 0.",
    },
    mistakes={
        "A": "The weight is tiny, as you say. What is it multiplied by?",
        "C": "This is the surprise of a word that the *model* holds for one in a million. What did "
        "the model say about this one?",
        "D": "That rule is for what never *happens*: p = 0. Here it happens, and the model's q is "
        "0. On which side of the logarithm does each stand?",
    },
)
def q04():
    """A language model gives a certain word the probability 0. In a test text of a million words
    it turns up once.

    What does that do to the model's mean cross-entropy on the text?
    """
    prices = np.append(np.ones(999_999), math.inf)
    said = {"A": math.isfinite(prices.mean()), "B": math.isinf(prices.mean())}
    return max(said, key=said.get)


@question(
    "02",
    "Two bumps, one model",
    title="One bell for two humps",
    hints=[
        "Training by cross-entropy draws its examples from the truth: it minimises KL(P‖Q).",
        "What does an example from one hump cost if the bell leaves that hump out?",
    ],
    right="Right: forward KL pays dearly for whatever the bell misses, so it covers both humps, "
    "and puts its top where hardly anything happens. Reverse KL would sit on one of them.",
    choices={
        "A": "Narrow, on the larger hump.",
        "B": "Narrow, half-way between the humps.",
        "C": "Wide, over both humps, with its top in the valley between them.",
        "D": "On either hump: the loss is the same for both.",
    },
    mistakes={
        "A": "That bell is the answer of the *reverse* divergence, KL(Q‖P), which ignores what it "
        "does not cover. Over whose examples does training average?",
        "B": "The place is about right. What does an example in the middle of a hump cost, if the "
        "bell is narrow?",
        "D": "Two equal answers would need two equal humps, and either would leave the other out. "
        "What does an example from the hump that is left out cost?",
    },
)
def q05():
    """The truth is a density with two humps far apart, 60% and 40% of it. Your model is a single
    bell curve, trained by cross-entropy on many examples.

    Where does the bell come to rest?
    """
    humps = {0: 0.60, 10: 0.40}

    def bill(mean, width):  # the mean surprise of the humps' examples, less a constant
        squares = sum(share * ((hump - mean) ** 2 + 1) for hump, share in humps.items())
        return squares / (2 * width**2) + math.log(width)

    bells = {"A": bill(0, 1), "B": bill(5, 1), "C": bill(4, 5), "D": bill(10, 1)}
    return min(bells, key=bells.get)


@question(
    "03",
    "What is a good log loss?",
    title="Honest, and still paying",
    draws={"p": (0.6, 0.65, 0.75, 0.85, 0.95, 0.3, 0.1, 0.08, 0.12)},
    hints=[
        "There are two kinds of days. What does each cost?",
        lambda p: (
            f"A rainy day costs −ln {p} and a dry one −ln {1 - p:.2g}. How often does each come?"
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:.3f} nats, the entropy of the place. Nobody who knows only the base rate "
        "can be graded better; less takes a look at the clouds."
    ),
)
def q06(p=0.8):
    """It rains on {p:.0%} of all days. A forecaster says {p} every day.

    What is the mean log loss over many days, in nats a day?
    """
    return ce.entropy([p, 1 - p])


@q06.mistake("This is the price of a rainy day alone. What happens on the other days?")
def _q06_rain(p):
    return -math.log(p)


@q06.mistake(
    "A calibrated forecast is the best there is *with this knowledge*. Does it therefore cost "
    "nothing, rain or no rain?"
)
def _q06_zero():
    return 0.0


@q06.mistake("This is the right mean, in bits. Which unit is asked for?")
def _q06_bits(p):
    return ce.entropy([p, 1 - p], base=2)


@q06.mistake(
    "You averaged the probabilities first and took one logarithm at the end. The recipe prices "
    "each day: when does the average come?"
)
def _q06_log_of_mean(p):
    return -math.log(p * p + (1 - p) * (1 - p))


@q06.mistake(
    lambda p: (
        f"This is what always saying one half costs. The forecaster says {p}: what does that cost "
        "on a rainy day, and what on a dry one?"
    )
)
def _q06_shrug():
    return math.log(2)


@q06.mistake(
    "The prices of both kinds of days are in it, and the weights have changed places: how often "
    "does the price of a rainy day fall due?"
)
def _q06_exchanged(p):
    return -(1 - p) * math.log(p) - p * math.log(1 - p)


@q06.mistake(
    "This is the plain mean of the two prices, as if rainy and dry days came equally often. How "
    "often does each come?"
)
def _q06_unweighted(p):
    return -(math.log(p) + math.log(1 - p)) / 2


@q06.mistake(
    "This is the mean squared error of the forecast, its Brier score. Which function of the "
    "probability does the log loss take instead of a square?"
)
def _q06_brier(p):
    return p * (1 - p)


@question(
    "03",
    "Why not accuracy?",
    title="Two models, two winners",
    hints=[
        "Accuracy sees one thing of a probability: on which side of ½ it is. What does log loss "
        "see?",
        "Could a model be right about more rows and still pay more, if a few of its mistakes are "
        "made with full confidence?",
    ],
    right="Right: the two grade different things. Look at model A's costliest rows before you "
    "choose; a few confident mistakes, or a few wrong labels, may be all there is.",
    choices={
        "A": "One of the numbers is wrong: more rows right means a smaller loss.",
        "B": "Model A is on the right side of ½ more often, and model B's probabilities are worth "
        "more.",
        "C": "Too few rows were tested: on many rows the two marks choose the same model.",
        "D": "Model B is the better one, whatever it is used for.",
    },
    mistakes={
        "A": "They can part: many rows that are barely right and one that is sure and wrong would "
        "do it. What does accuracy not look at?",
        "C": "Copy each row a thousand times: neither of the two numbers moves, for either model. "
        "What does accuracy not look at?",
        "D": "If nothing but the side of ½ counts for you, model A gets two rows more of every "
        "hundred. "
        "What does each of the two numbers grade?",
    },
)
def q07():
    """On the same test rows model A has an accuracy of 0.90 and a log loss of 0.60, model B 0.88
    and 0.30, both in nats.

    What do you conclude?
    """
    accuracy, loss = {"A": 0.90, "B": 0.88}, {"A": 0.60, "B": 0.30}
    parted = max(accuracy, key=accuracy.get) != min(loss, key=loss.get)
    return "B" if parted else "D"


@question(
    "03",
    "Why not accuracy?",
    title="One typing error",
    draws={"p": (0.97, 0.975, 0.98, 0.985, 0.992, 0.995, 0.996, 0.998)},
    hints=[
        lambda p: (
            f"99 rows pay −ln {p} each. What does the last row pay, whose label is the other one?"
        ),
        lambda p: (
            f"The model gave {p} to the label that is not written there, so {1 - p:.2g} to the one "
            "that is."
        ),
        "Divide what that row pays by what all hundred pay together.",
    ],
    right=lambda answer: (
        f"Right: {answer:.0%} of the loss is one typing error. Whoever lowers this loss further by "
        "training teaches the model the error; sort the rows by their loss and look at the first."
    ),
    digits=2,
)
def q08(p=0.99):
    """A model gives {p} to the right label in each of 100 rows. In one of these rows somebody has
    typed the other of the two labels.

    Which share of the whole loss comes from this row, as a number from 0 to 1?
    """
    ninety_nine, one = 99 * -math.log(p), -math.log(1 - p)
    return one / (ninety_nine + one)


def _bills(p):
    """What the 99 rows pay, and what the one."""
    return 99 * -math.log(p), -math.log(1 - p)


@q08.mistake("This is its share of the rows. Do all rows pay the same?")
def _q08_of_rows():
    return 1 / 100


@q08.mistake("This is the share of the 99 others. What is left for the one?")
def _q08_others(p):
    others, one = _bills(p)
    return others / (others + one)


@q08.mistake(
    "This is what the row adds to the *mean* loss, in nats. Which share of that mean is it?"
)
def _q08_nats(p):
    return _bills(p)[1] / 100


@q08.mistake(
    "This is what the row pays, in nats, or how that compares with what the 99 others pay. A "
    "share of the whole divides by what all 100 rows pay together: how much is that?",
    beside=("nothing", "the others"),
)
def _q08_ratio(p, beside="the others"):
    others, one = _bills(p)
    return one if beside == "nothing" else one / others


@q08.mistake("This is the mean loss of all hundred rows. Which part of it is the one row's?")
def _q08_mean(p):
    return sum(_bills(p)) / 100


@q08.mistake(
    "This compares the row with the others. A share of the whole divides by what all 100 "
    "rows pay together: how much is that?"
)
def _q08_one_to_one(p):
    return math.log(1 - p) / math.log(p)


@q08.mistake("This is in per cent. What is it as a number from 0 to 1?")
def _q08_per_cent(p):
    others, one = _bills(p)
    return 100 * one / (others + one)


@question(
    "04",
    "Two slopes",
    title="Which way, and how hard?",
    draws={"p": (0.6, 0.7, 0.75, 0.8, 0.85, 0.95, 0.4, 0.3)},
    hints=[
        "Of the two slopes of notebook 04 this is the one in z: the slope in p, times the slope of "
        "the sigmoid.",
        "For y = 0 the slope in p is 1/(1 − p), and the sigmoid's is p(1 − p). Multiply.",
    ],
    right=lambda answer: (
        f"Right: {answer}, what was said minus what was so. Positive, so the logit must come down; "
        "and never larger than 1 in size, however wrong the row."
    ),
)
def q09(p=0.9):
    """A row has the label y = 0, and the model says p = {p}.

    What is the slope of its binary cross-entropy in the logit z?
    """
    y = 0
    return p - y


@q09.mistake(
    "This is the slope in the *probability*. Between it and the logit stands a sigmoid: by what is "
    "the slope to be multiplied?"
)
def _q09_in_p(p):
    return 1 / (1 - p)


@q09.mistake("This is the slope of the sigmoid alone. By which slope of the loss is it multiplied?")
def _q09_sigmoid(p):
    return p * (1 - p)


@q09.mistake(
    "This is the slope for the label 1, or its size. Here the label is 0: is the forecast too high "
    "or too low, and by how much?",
    sign=(1, -1),
)
def _q09_other_label(p, sign=1):
    return sign * (p - 1)


@q09.mistake(
    "This is the slope of half the *squared* error, (p − y)·p(1 − p). Cross-entropy's has one "
    "factor less: what does it cancel?"
)
def _q09_squared(p):
    return p * p * (1 - p)


@q09.mistake("The size is right. Must the logit fall or rise for the loss to rise?")
def _q09_sign(p):
    return -p


@q09.mistake("This is the loss itself. By how much does it rise if the logit rises a little?")
def _q09_loss(p):
    return -math.log(1 - p)


@q09.mistake(
    "This is −1/p, the slope in the *probability* for the label 1. Which label does the row have, "
    "and what stands between the probability and the logit?"
)
def _q09_in_p_for_1(p):
    return -1 / p


@q09.mistake(
    "This is the logit itself. How does the loss change if it rises a little?",
)
def _q09_logit(p):
    return math.log(p / (1 - p))


@question(
    "04",
    "The clip, and what it hides",
    title="After the repair",
    hints=[
        "Outside its bounds a clip returns a constant. What is the slope of a constant?",
        "The chain rule multiplies all slopes between the loss and the weights. One of them is the "
        "clip's.",
    ],
    right="Right: the report is finite and the slope is 0. The row that is most wrong has lost its "
    "vote, and no log says so; the fused loss on the logit would pull with a slope of 1.",
    choices={
        "A": "It is repaired: its loss is large, finite, and falls from now on.",
        "B": "It pulls about ten million times too hard, with 1/p at p = 1e-7.",
        "C": "It loses the digits after the seventh, which nobody needs.",
        "D": "It has a finite loss, and the weights feel nothing of it.",
    },
    mistakes={
        "A": "Its loss is finite, that is true. For it to fall, the row must pull at the weights: "
        "what slope does the clip pass on?",
        "B": "That is the slope of −ln p at the bound. Between it and the weights stands the clip: "
        "what slope does a clip have outside its bounds?",
        "C": "The loss that is reported may be off by far more: "
        f"{-math.log(1e-7):.1f} where 30 is due. And what happens "
        "to its slope?",
    },
)
def q10():
    """A run stops with a loss of inf: one row is very sure and very wrong. A colleague clips p to
    [1e-7, 1 − 1e-7] before the logarithm, and the loss is finite again.

    What about that row?
    """
    return "D"
