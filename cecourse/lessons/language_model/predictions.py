"""What notebook 13 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np
from numpy.typing import NDArray

from cecourse.english import guessing
from cecourse.prediction import prediction
from cehelpers import kl_divergence, logsumexp, softmax, sparse_categorical_cross_entropy

from . import tokens
from .ngrams import carroll, codes
from .scaling import fit, held_out

FOUR = ("WELL ", "THUMP ", "OH DEAR ", "DO CATS EAT BATS ")  # the rectangle of section 4

# ---------------------------------------------------------------- the next letter


def bits_of_alice(order: int) -> float:
    """Bits per letter of Alice for a model that has read the Looking-Glass."""
    alice = codes(guessing.alice())
    nats = sparse_categorical_cross_entropy(alice, carroll(order).probabilities(alice))
    return nats / math.log(2)


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
    text = codes(guessing.alice())
    losses = (sparse_categorical_cross_entropy(text, p) for p in carroll(6).by_order(text))
    return int(np.argmin(list(losses)))


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
    "The pair of symbols that comes most often becomes one token, 200 times over: TH, THE, "
    "ING. Each time the model simply counts how often each token comes. On *Alice* it becomes "
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
    text = codes(guessing.alice())
    p = carroll(4).probabilities(text)
    places = np.arange(len(text))
    cold = softmax(np.log(p), temperature=0.5)
    return float(np.mean(np.log2(p[places, text] / cold[places, text])))


# ---------------------------------------------------------------- means that lie


@prediction(
    "Sentences of unequal length are padded to a rectangle, and nearly half of its places are "
    "padding. A model learns nothing about letters, only to say “padding” more often: everywhere "
    "with a chance of 0.47 instead of 0.01. What becomes of its mean loss over all places, and of "
    "its mean loss on the letters alone?",
    (
        "both fall",
        lambda change: max(change) < -0.05,
        "It has learned something true of this rectangle, and learning lowers a loss. But at a "
        "letter, what is the chance it gave to padding taken from?",
    ),
    (
        "over all places it falls, on the letters it rises",
        lambda change: change[0] < -0.05 and change[1] > 0.05,
        "Padding becomes cheap, and there is a lot of it. Each letter pays: what padding gets is "
        "taken from the letters.",
    ),
    (
        "over all places it falls, on the letters it stays",
        lambda change: change[0] < -0.05 and abs(change[1]) < 0.05,
        "The letters' chances among themselves stay as they were, and that sounds like the same "
        "loss. But all of them together must sum to 1, with padding.",
    ),
    (
        "both rise",
        lambda change: min(change) > 0.05,
        "It says “padding” in the middle of words, and that costs. It also stands before a lot of "
        "padding, where it costs nothing to say so.",
    ),
)
def says_padding():
    letters, places = sum(map(len, FOUR)), len(FOUR) * max(map(len, FOUR))
    on_letter, on_padding = math.log(0.99 / 0.53), math.log(0.01 / 0.47)
    return (letters * on_letter + (places - letters) * on_padding) / places, on_letter


@prediction(
    "One micro-batch has 5 tokens, another 500. A trainer takes the mean loss of each, and then "
    "the mean of the two. How much does a token of the first weigh in that, compared with one of "
    "the second?",
    (
        "as much: a mean of means is a mean",
        lambda times: abs(times - 1) < 0.1,
        "It is, where both have the same number of tokens. What is a token's share of its own "
        "micro-batch here?",
    ),
    (
        "about 10 times as much",
        lambda times: 5 < times < 20,
        "Something is lost on the way from 5 to 500, and a root of it sounds fair. But no root is "
        "taken anywhere: each mean divides by its own number.",
    ),
    (
        "100 times as much",
        lambda times: times > 90,
        "One is a tenth of the whole, a fifth of a half; the other a thousandth.",
    ),
    (
        "a hundredth as much: its micro-batch is smaller",
        lambda times: times < 0.1,
        "The small micro-batch has less to say, and should. But its mean enters with the same "
        "weight, and is shared by few.",
    ),
)
def short_against_long():
    return (0.5 / 5) / (0.5 / 500)


@prediction(
    "Two models forecast the letters of half a chapter of Alice, 61 sentences. The mean over all "
    "letters says that one with six letters of memory is a little better than one with three. What "
    "does the mean of the sentences' own means say?",
    (
        "six are better again, by about as much",
        lambda gain: gain > 0.005,
        "It is the same text, letter for letter. But each sentence counts once now, however long: "
        "where does a long memory help?",
    ),
    (
        "the two are equal",
        lambda gain: abs(gain) <= 0.005,
        "The difference was small, and another mean may lose it. Does it only get smaller?",
    ),
    (
        "three are better",
        lambda gain: gain < -0.005,
        "In a short sentence there is little to remember, and a long memory is misled more often "
        "than helped. In this mean the short ones count as much as the long.",
    ),
)
def per_sentence():
    def mean(order):
        each = [
            sparse_categorical_cross_entropy(
                codes(one), carroll(6).probabilities(codes(one), order)
            )
            for one in guessing.alice_sentences()
        ]
        return float(np.mean(each))

    return mean(3) - mean(6)


# ---------------------------------------------------------------- fifty thousand classes


@prediction(
    "A network with 50,000 classes has learned nothing yet: its logits are small random numbers "
    f"around 0. A uniform forecast would cost ln 50,000 = {math.log(50_000):.2f} nats. What is the "
    "mean loss of the network?",
    (
        "a little less",
        lambda loss: loss < math.log(50_000) - 0.02,
        "Some of the random forecasts are right by luck. As many are wrong, and to be wrong costs "
        "more than to be right saves.",
    ),
    (
        f"{math.log(50_000):.2f}, but for chance: it knows nothing",
        lambda loss: abs(loss - math.log(50_000)) <= 0.02,
        "To know nothing is to say the same of all classes. This network does not: it has fifty "
        "thousand opinions, all of them without reason.",
    ),
    (
        "a little more",
        lambda loss: 0.02 < loss - math.log(50_000) < 1,
        "It has opinions, and they are worth nothing. With logits of variance σ² the sum of their "
        "exponentials is larger by a factor of about exp(σ²/2), and that is paid for.",
    ),
    (
        "about twice as much",
        lambda loss: loss > 1.5 * math.log(50_000),
        "Random opinions about so many classes may sound ruinous. They are weak ones: the logits "
        "are small.",
    ),
)
def knows_nothing():
    logits = np.random.default_rng(0).normal(scale=8 / 15, size=50_000)
    return logsumexp(logits)


@prediction(
    "512 tokens, 50,000 classes, one number of 4 bytes for each pair: an array of logits has "
    "102 MB, and the usual softmax and its gradient hold two of them. How much memory does a "
    "program need at least that goes through the classes in blocks of 1,000, for the same loss and "
    "the same gradient in the features?",
    (
        "as much: softmax needs the sum over all classes before it can say anything",
        lambda times: times < 1.5,
        "It does need the whole sum. But does it need all of the logits at once, to come to it?",
    ),
    (
        "about half",
        lambda times: 1.5 <= times < 5,
        "The array of logits can go, and the gradient has the same shape. But that one is needed "
        "only to be multiplied by the weights.",
    ),
    (
        "less than a twentieth",
        lambda times: times >= 20,
        "A maximum and a sum are kept for each token, and one block of logits at a time, or two. "
        "The block is computed once more on the way back.",
    ),
)
def memory_of_blocks():
    return 2 * 512 * 50_000 / (3 * 512 * 1_000)


# ---------------------------------------------------------------- teachers


def slope_shrinks(softer: float, pairs: int = 200, seed: int = 0) -> float:
    """How many times shorter the gradient becomes where teacher and student are softened."""
    teachers, students = 3 * np.random.default_rng(seed).normal(size=(2, pairs, 10))
    length = {
        T: np.linalg.norm((softmax(students / T) - softmax(teachers / T)) / T, axis=1).mean()
        for T in (1, softer)
    }
    return float(length[1] / length[softer])


@prediction(
    "A student learns a teacher's probabilities of ten classes. The logits of both are divided by "
    "a temperature of 16 instead of 1, so both rows are much softer. What happens to the gradient "
    "in the student's logits?",
    (
        "it stays as long as it was: both were softened alike",
        lambda times: times < 2,
        "The same was done to both, so nothing should change between them. But what lies between "
        "two rows that are both nearly uniform?",
    ),
    (
        "it shrinks to about 1/16",
        lambda times: 8 < times < 32,
        "One factor of 16 is there: each logit counts for a sixteenth. But the difference of the "
        "two softened rows has become small as well.",
    ),
    (
        "it shrinks to about 1/200",
        lambda times: 100 < times < 400,
        "Two factors: the slope of the softened logit is a sixteenth, and the difference of the "
        "two rows is about a twelfth of what it was.",
    ),
)
def softer_twice():
    return slope_shrinks(16)


@prediction(
    "Two rows of probabilities over the 27 symbols of our alphabet. Their KL divergence is "
    "computed with PyTorch's `F.kl_div` as it comes, with reduction 'mean'. What does it say?",
    (
        "the KL divergence of the two rows",
        lambda times: 0.9 < times < 1.1,
        "So it should be by its name. But a mean must be a mean over something: what does this "
        "function average over?",
    ),
    (
        "about 1/27 of it",
        lambda times: 0.03 < times < 0.05,
        "It divides the sum by the number of entries, rows times symbols, and not by the number "
        "of rows. With a vocabulary of 50,000 hardly anything is left.",
    ),
    (
        "27 times as much",
        lambda times: times > 20,
        "The symbols do come in as a factor. But is a sum of all entries compared with their "
        "mean larger or smaller?",
    ),
)
def mean_of_a_kl():
    p, q = softmax([np.arange(27) / 5, np.arange(27)[::-1] / 9])
    terms = p * np.log(p / q)
    return float(terms.mean() / kl_divergence(p, q))


# ---------------------------------------------------------------- after pretraining


def refusals(strength: float) -> NDArray:
    """Probabilities of No, Never and Yes in the notebook's model of a single weight."""
    return softmax(np.log([0.5, 0.2, 0.3]) + strength * np.array([1.0, 2.0, -1.0]))


@prediction(
    "A model is trained on a pair of answers, one chosen and one rejected. The preference loss "
    "(DPO) falls, step after step. What do you know of the chosen answer?",
    (
        "it has become more probable",
        lambda ratios: ratios[0] > 1.05,
        "That is what the data ask for, and where each answer has a logit of its own it is so. "
        "But what exactly stands in the loss?",
    ),
    (
        "it is now more probable than the rejected one",
        lambda ratios: 0.98 < ratios[0] < 1.05,
        "The loss compares what each has gained on the reference, and the rejected one may have "
        "been far ahead there. Look at the difference in it: which changes make it larger?",
    ),
    (
        "nothing: it may have become less probable",
        lambda ratios: ratios[0] < 0.95 and ratios[1] < ratios[0],
        "The loss sees the difference of two log-probabilities. Both may fall, if only the "
        "rejected one falls further.",
    ),
)
def only_the_difference():
    return (refusals(-0.5) / refusals(0))[:2].tolist()


def expected_slopes(theta: NDArray, reference: NDArray) -> dict[str, NDArray]:
    """Gradients in the logits of three estimates of KL(θ‖ref), averaged over what θ draws."""
    log_r = np.log(reference / theta)
    slopes = {"k1": -np.ones_like(log_r), "k2": log_r, "k3": np.expm1(log_r)}
    down = theta - np.eye(len(theta))  # of ln r in the logits, a row for each outcome
    return {name: (theta * slope) @ down for name, slope in slopes.items()}


@prediction(
    "A KL divergence is estimated from samples in three ways. k1 and k3 have exactly the KL as "
    "their mean, k2 nearly. Each is taken as a loss: the samples are fixed, the estimate is "
    "differentiated. Whose mean gradient is that of this KL?",
    (
        "that of all three, k2's nearly",
        lambda right: sum(right) == 3,
        "What has the same value should have the same slope. But the samples were drawn from the "
        "model: does their share in the slope reach a loss that takes them as fixed?",
    ),
    (
        "that of k1 and k3: their values are exact",
        lambda right: right == (True, False, True),
        "An exact mean is what a value needs. The gradient of a mean has a part that the mean of "
        "the gradients lacks: the samples move as well.",
    ),
    (
        "that of k2 alone",
        lambda right: right == (False, True, False),
        "k1's mean gradient is zero, and k3's belongs to the KL in the other direction. Only k2, "
        "whose value is off, has the right slope.",
    ),
    (
        "that of k3 alone, which is never negative",
        lambda right: right == (False, False, True),
        "It is the best of the three as a number, and much used as a loss. But good numbers and "
        "good slopes are two things.",
    ),
)
def three_gradients():
    theta, reference = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    log_ratio = np.log(theta / reference)
    wanted = theta * (log_ratio - theta @ log_ratio)
    return tuple(
        bool(np.allclose(found, wanted)) for found in expected_slopes(theta, reference).values()
    )


@prediction(
    "An exam pays 1 point for a right answer and nothing for a wrong one or a blank. A student "
    "thinks an answer right with probability 0.2. What earns more points on average?",
    (
        "to answer, however unsure",
        lambda gains: gains > 0.05,
        "A wrong answer costs nothing here, so every guess has a chance to earn. Whoever is "
        "graded like this learns to guess.",
    ),
    (
        "to leave it blank",
        lambda gains: gains < -0.05,
        "It is likely to be wrong, that is so, and honest to say nothing. But look at what this "
        "exam charges for being wrong.",
    ),
    (
        "both the same",
        lambda gains: abs(gains) < 0.05,
        "A blank earns nothing. A guess is mostly wrong, and earns nothing then: but not each "
        "time.",
    ),
)
def free_guesses():
    return 0.2 * 1 + (1 - 0.2) * 0 - 0


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
