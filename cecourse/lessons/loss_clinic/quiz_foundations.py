"""The final quiz, questions 1 to 10: notebooks 01 to 04."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.question import question


@question(
    "01",
    "Surprise: the price of one event",
    title="The second message",
    hints=[
        "What is still open after the first message? How many cards are left?",
        "Eight cards are left, all equally likely: how often must eight be halved to come down to "
        "one?",
    ],
    right="Right: 3 bits, after the 2 of the first message. Together 5, which is what one card of "
    "32 costs in a single message: prices add, whichever way the news is cut.",
)
def q01():
    """One of 32 different cards is drawn; eight of them are hearts. A first message tells you that
    it is a heart, a second one that it is the ace of hearts.

    How many bits does the *second* message hold?
    """
    return -math.log2((1 / 32) / (8 / 32))


@q01.mistake(
    "5 bits is the price of the card for somebody who has heard nothing. You have heard the first "
    "message: how much of the 5 is already paid?"
)
def _q01_whole():
    return -math.log2(1 / 32)


@q01.mistake(
    "2 bits is what the first message held: one quarter of the cards are hearts. How many are "
    "still possible after it?"
)
def _q01_first():
    return -math.log2(8 / 32)


@q01.mistake("This is the right price in nats. Which logarithm counts halvings?")
def _q01_nats():
    return math.log(8)


@q01.mistake(
    "This divides the two prices. Probabilities of successive messages are multiplied: what does a "
    "logarithm make of a product?"
)
def _q01_ratio():
    return 5 / 2


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
    hints=[
        "Two numbers are needed: what a symbol costs now, and what it would cost at best.",
        "Now: each word's length, weighted by how often it is *sent*. At best: the entropy of "
        "what is sent.",
        "Their difference is a KL divergence. Which of the two distributions does it average over?",
    ],
    right="Right: 0.5 of a bit, the KL divergence. It is 2.25 − 1.75, cross-entropy less entropy; "
    "the word lengths 1, 2, 3, 3 betray that the book believes in (½, ¼, ⅛, ⅛).",
)
def q03():
    """A station sends four symbols with probabilities (⅛, ½, ¼, ⅛). Its code book was made for
    another station, and has words of 1, 2, 3 and 3 bits for them.

    How many bits a symbol would the best possible code book save?
    """
    p = np.array([1 / 8, 1 / 2, 1 / 4, 1 / 8])
    lengths = np.array([1, 2, 3, 3])
    return p @ lengths - ce.entropy(p, base=2)


@q03.mistake("This is what a symbol costs with the old book. How much of it can no book save?")
def _q03_bill():
    return np.array([1 / 8, 1 / 2, 1 / 4, 1 / 8]) @ [1, 2, 3, 3]


@q03.mistake(
    "This is the entropy of what is sent: the part of the bill that stays, whatever the book."
)
def _q03_entropy():
    return ce.entropy([1 / 8, 1 / 2, 1 / 4, 1 / 8], base=2)


@q03.mistake(
    "This is the divergence the other way round: the other station with a book made for this one. "
    "Whose symbols are sent here?"
)
def _q03_reversed():
    return ce.kl_divergence([1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 8, 1 / 2, 1 / 4, 1 / 8], base=2)


@q03.mistake("The saving is right, in nats. The words of the book are counted in bits.")
def _q03_nats():
    return ce.kl_divergence([1 / 8, 1 / 2, 1 / 4, 1 / 8], [1 / 2, 1 / 4, 1 / 8, 1 / 8])


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
    hints=[
        "There are two kinds of days. What does each cost?",
        "A rainy day costs −ln 0.8 and a dry one −ln 0.2. How often does each come?",
    ],
    right="Right: 0.500 nats, the entropy of the place. Nobody who knows only the base rate can be "
    "graded better; less takes a look at the clouds.",
)
def q06():
    """It rains on eight days of ten. A forecaster says 0.8 every day.

    What is the mean log loss over many days, in nats?
    """
    return ce.entropy([0.8, 0.2])


@q06.mistake("This is the price of a rainy day alone. What happens on two days of ten?")
def _q06_rain():
    return -math.log(0.8)


@q06.mistake(
    "A calibrated forecast is the best there is *with this knowledge*. Does it therefore cost "
    "nothing on the days when it stays dry?"
)
def _q06_zero():
    return 0.0


@q06.mistake("This is the right mean, in bits. Which unit is asked for?")
def _q06_bits():
    return ce.entropy([0.8, 0.2], base=2)


@q06.mistake(
    "You averaged the probabilities first and took one logarithm at the end. The recipe prices "
    "each day, and averages the prices."
)
def _q06_log_of_mean():
    return -math.log(0.8 * 0.8 + 0.2 * 0.2)


@q06.mistake("This is what always saying one half costs. The forecaster says 0.8, and is right to.")
def _q06_shrug():
    return math.log(2)


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
    right="Right: the two grade different things. Look at A's costliest rows before you choose; a "
    "few confident mistakes, or a few wrong labels, may be all there is.",
    choices={
        "A": "One of the numbers is wrong: more rows right means a smaller loss.",
        "B": "A is on the right side of ½ more often, and B's probabilities are worth more.",
        "C": "A was graded in bits and B in nats.",
        "D": "B is the better model, whatever it is used for.",
    },
    mistakes={
        "A": "They can part: many rows that are barely right and one that is sure and wrong would "
        "do it. What does accuracy not look at?",
        "C": f"Bits make 0.30 into {0.30 / math.log(2):.2f}, so a unit does not explain the whole "
        "gap; and there is nothing to explain. What does accuracy not look at?",
        "D": "If nothing but the side of ½ counts for you, A gets two rows more of every hundred. "
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
    hints=[
        "99 rows pay −ln 0.99 each. What does the last row pay, whose label is the other one?",
        "The model gave 0.99 to the label that is not written there, so 0.01 to the one that is.",
        "Divide what that row pays by what all hundred pay together.",
    ],
    right="Right: 82% of the loss is one typing error. Whoever lowers this loss further by "
    "training teaches the model the error; sort the rows by their loss and look at the first.",
    digits=2,
)
def q08():
    """A model gives 0.99 to the right label in each of 100 rows. In one row somebody has typed the
    other of the two labels.

    Which share of the whole loss comes from this row?
    """
    ninety_nine, one = 99 * -math.log(0.99), -math.log(0.01)
    return one / (ninety_nine + one)


@q08.mistake("This is its share of the rows. Do all rows pay the same?")
def _q08_of_rows():
    return 1 / 100


@q08.mistake("This is the share of the 99 others. What is left for the one?")
def _q08_others():
    return 99 * math.log(0.99) / (99 * math.log(0.99) + math.log(0.01))


@q08.mistake(
    "This is what the row adds to the *mean* loss, in nats. Which share of that mean is it?"
)
def _q08_nats():
    return -math.log(0.01) / 100


@q08.mistake(
    "This compares the one row with the 99 others. A share compares it with all hundred, itself "
    "among them."
)
def _q08_ratio():
    return math.log(0.01) / (99 * math.log(0.99))


@question(
    "04",
    "Two slopes",
    title="Which way, and how hard?",
    hints=[
        "Of the two slopes of notebook 04 this is the one in z: the slope in p, times the slope of "
        "the sigmoid.",
        "For y = 0 the slope in p is 1/(1 − p), and the sigmoid's is p(1 − p). Multiply.",
    ],
    right="Right: 0.9, what was said minus what was so. Positive, so the logit must come down; and "
    "never larger than 1 in size, however wrong the row.",
)
def q09():
    """A row has the label y = 0, and the model says p = 0.9.

    What is the slope of its binary cross-entropy in the logit z?
    """
    p, y = 0.9, 0
    return p - y


@q09.mistake(
    "This is the slope in the *probability*. Between it and the logit stands a sigmoid, whose own "
    "slope must be multiplied in."
)
def _q09_in_p():
    return 1 / (1 - 0.9)


@q09.mistake("This is the slope of the sigmoid alone. By which slope of the loss is it multiplied?")
def _q09_sigmoid():
    return 0.9 * (1 - 0.9)


@q09.mistake("This is the slope for the label 1. Here the label is 0: is the forecast too high?")
def _q09_other_label():
    return 0.9 - 1


@q09.mistake(
    "This is the slope of half the *squared* error, (p − y)·p(1 − p). Cross-entropy's has one "
    "factor less: what does it cancel?"
)
def _q09_squared():
    return 0.9 * 0.9 * (1 - 0.9)


@q09.mistake("The size is right. Must the logit fall or rise for the loss to rise?")
def _q09_sign():
    return -0.9


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
