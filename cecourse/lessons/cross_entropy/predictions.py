"""What notebook 02 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse.english import guessing
from cecourse.prediction import prediction
from cehelpers import cross_entropy, encode, entropy, kl_divergence, surprisal

from . import tales

OFFICE, OTHER = (1 / 2, 1 / 4, 1 / 8, 1 / 8), (1 / 8, 1 / 2, 1 / 4, 1 / 8)
OVERPAID = kl_divergence(OFFICE, OTHER, base=2)
BORROWED_BACK = kl_divergence(OTHER, OFFICE, base=2)
ISLAND = (0.7, 0.2, 0.1)
NOTHING, TOO_SURE = (1 / 3, 1 / 3, 1 / 3), (0.98, 0.01, 0.01)


@prediction(
    f"With the wrong book an office pays {OVERPAID:g} bits a letter more than with its own. Now "
    "the other office, where Q = (⅛, ½, ¼, ⅛) is true, borrows the book made for "
    "P = (½, ¼, ⅛, ⅛). How much more does it pay?",
    (
        f"{OVERPAID:g} bits as well",
        lambda more: 0.6 < more < 0.65,
        "The same two books, and both offices have the same entropy: it looks like a distance, as "
        "far there as back. But each office averages with its *own* frequencies.",
    ),
    (
        f"{BORROWED_BACK:g} bits",
        lambda more: 0.45 < more < 0.55,
        "⅛·1 + ½·2 + ¼·3 + ⅛·3 = "
        f"{cross_entropy(OTHER, OFFICE, base=2):g} bits, and {entropy(OTHER, base=2):g} would do. "
        "What was costly there, three bits for half of all letters, has no counterpart here.",
    ),
    (
        "less than nothing: it saves what the other overpaid",
        lambda more: more < 0,
        "What one loses another wins, in many trades. Here nobody sells: no book is shorter for a "
        "language than the one made for it.",
    ),
)
def borrowed_back():
    return cross_entropy(OTHER, OFFICE, base=2) - entropy(OTHER, base=2)


@prediction(
    "On the island it is sunny, cloudy, rainy with P = (0.7, 0.2, 0.1). One forecaster knows "
    "nothing and says (⅓, ⅓, ⅓). Another is sure of the sun and says (0.98, 0.01, 0.01). Whose KL "
    "is the larger?",
    (
        "that of the one who is too sure",
        lambda ratio: ratio > 1.5,
        f"Three days of ten cost −ln 0.01 = {surprisal(0.01):.2f} nats. That makes a KL of "
        f"{kl_divergence(ISLAND, TOO_SURE):.3f}, against {kl_divergence(ISLAND, NOTHING):.3f} of "
        "the one who knows nothing.",
    ),
    (
        "that of the one who knows nothing",
        lambda ratio: ratio < 0.9,
        "The other at least has the right favourite, and seven days of ten pays next to nothing. "
        "But what about the other three days?",
    ),
    (
        "both about the same",
        lambda ratio: 0.9 < ratio < 1.1,
        "One is too vague and one too sure, so it may well cancel out. The prices differ: a vague "
        "forecast costs a little every day.",
    ),
)
def too_sure():
    return kl_divergence(ISLAND, TOO_SURE) / kl_divergence(ISLAND, NOTHING)


@prediction(
    "Sun, cloud and rain come with P = (0.7, 0.2, 0.1). You push the model's Q(sun) from 0.5 up to "
    "1, and cloud and rain share what is left. What does the cross-entropy do?",
    (
        "it is lowest at 0.7, and grows without end towards 1",
        lambda found: abs(found[0] - 0.7) < 0.05 and found[1] == math.inf,
        "It is lowest where Q(sun) = P(sun). At 1 nothing is left for cloud and rain; they come "
        "all the same, and −ln 0 is infinite.",
    ),
    (
        "it is lowest at 0.7, and ends about as high as it began",
        lambda found: abs(found[0] - 0.7) < 0.05 and found[1] < 2,
        "0.5 and 1 lie about as far from the truth, one below and one above. What counts is not "
        "how far, but what was left for the others.",
    ),
    (
        "it falls all the way: sun is the favourite",
        lambda found: found[0] > 0.95,
        "The widest rectangle does get lower all the way. The other two rise, and three days of "
        "ten belong to them.",
    ),
)
def push_the_model():
    bills = {
        sun: cross_entropy(ISLAND, [sun, 0.6 * (1 - sun), 0.4 * (1 - sun)])
        for sun in np.linspace(0.5, 1, 11)
    }
    return min(bills, key=bills.get), bills[1.0]


@prediction(
    "The model stands still at Q = (0.5, 0.3, 0.2). You push the truth's P(sun) from 0.7 up to 1: "
    "the weather becomes certain. What does the cross-entropy do?",
    (
        "it rises: P moves away from Q",
        lambda change: change > 0.02,
        "KL does rise. But the cross-entropy has two parts, and P moves the other one too.",
    ),
    (
        "it falls",
        lambda change: change < -0.02,
        f"From {cross_entropy(ISLAND, (0.5, 0.3, 0.2)):.3f} to {surprisal(0.5):.3f}: of the three "
        "rectangles only the lowest is left. The world's own part is gone, and the model's part "
        "has grown by less.",
    ),
    (
        "it stays: the model is the same",
        lambda change: abs(change) < 0.02,
        "The heights stay, they are the model's. How *wide* each rectangle is, the truth decides.",
    ),
)
def certain_world():
    q = 0.5, 0.3, 0.2
    return cross_entropy([1, 0, 0], q) - cross_entropy(ISLAND, q)


@prediction(
    "P = (1, 0): the second outcome never happens. The model keeps half of its probability for it "
    "all the same: Q = (½, ½). KL(P‖Q) is",
    (
        "infinite, as for what happens and was ruled out",
        math.inf,
        "There a zero makes a surprise infinite, and it is paid. Here the surprise at the second "
        "outcome is an ordinary one, and nobody ever pays it.",
    ),
    (
        "0: what never happens is never paid for",
        lambda kl: kl < 0.01,
        "The spare word itself is never paid for. But what was kept for it is missing elsewhere: "
        "the other word is longer than it need be.",
    ),
    (
        "ln 2, one bit",
        lambda kl: abs(kl - math.log(2)) < 0.01,
        "What always happens had been given one half, and costs −ln ½ each time. The spare word "
        "adds nothing: its probability under P is 0.",
    ),
)
def spare_word():
    return kl_divergence([1, 0], [0.5, 0.5])


@prediction(
    "London's book is made from the letters of London's tale, and no more. With it, KL from "
    "Berlin's letters to London's is infinite. Which letters are to blame?",
    (
        "`ä`, `ö`, `ü` and `ß`, and no other",
        lambda letters: letters == set("äöüß"),
        "They are the ones that English does not have. The book, however, was made from one tale, "
        "and not from the English language.",
    ),
    (
        "these four, and one that English has, too",
        lambda letters: letters > set("äöüß") and len(letters) == 5,
        "London's tale is short and has no `j`; German has its *Jäger*. One letter that was never "
        "seen is enough.",
    ),
    (
        "these four, and several that English has, too",
        lambda letters: letters > set("äöüß") and len(letters) > 5,
        "A short tale misses some letters. But only those are to blame that London's tale has not "
        "and Berlin's has: both do without `q`, and London's has an `x` and a `z`.",
    ),
)
def letters_to_blame():
    return set(tales.letters()["de"]) - set(tales.letters()["en"])


GERMAN = [tales.alphabet().index(letter) for letter in tales.letters()["de"]]
GERMAN_BOOK = tales.book_of("de", 1)
A_LETTER = surprisal(GERMAN_BOOK[GERMAN], base=2).mean()
WHOLE_WORDS = math.ceil(np.ceil(surprisal(GERMAN_BOOK[GERMAN], base=2)).sum() / 8)


@prediction(
    "Berlin's tale costs, in its own book with one extra count a letter, a mean of "
    f"{A_LETTER:.2f} bits a letter, for {len(GERMAN):,} letters. A computer writes it to a disk. "
    "How many bytes of 8 bits does the file have?",
    (
        f"{len(GERMAN):,}: a letter takes a byte",
        lambda size: abs(size - len(GERMAN)) < 100,
        "So it does in an ordinary text file, whether the letter is an `e` or a `q`. But a book "
        "that knows what is frequent needs no byte for an `e`.",
    ),
    (
        f"about {WHOLE_WORDS:,}: a code word has whole bits, so each letter is rounded up",
        lambda size: 2_450 < size < 2_700,
        "So it would be with a word of ⌈−log₂ q⌉ bits for each letter. But must a letter have a "
        "word of its own?",
    ),
    (
        "about 2,370",
        lambda size: abs(size - 2_370) < 20,
        "The letters times their mean, divided by 8: nothing is rounded before the end. The "
        "coder does not give each letter a word: it gives the whole tale one number.",
    ),
)
def tale_as_file():
    return len(encode(GERMAN, GERMAN_BOOK))


COIN = entropy([0.99, 0.01], base=2)


@prediction(
    f"A coin shows heads 99 times in 100; one flip is worth {COIN:.2f} bits. You send 1,000 flips, "
    "ten of them tails, with such a coder. How long is the file?",
    (
        "125 bytes: a bit a flip, for less than a bit cannot be sent",
        lambda size: size > 100,
        "A code word of less than one bit there is not, so for one flip it is right. But a "
        "thousand flips can share what they need.",
    ),
    (
        "about 11 bytes",
        lambda size: 9 <= size <= 12,
        f"A thousand flips are worth {1000 * COIN:.0f} bits, hardly more than ten bytes. Heads "
        f"takes a hundredth of the interval away, {surprisal(0.99, base=2):.4f} bits; only tails "
        "is dear.",
    ),
    (
        "2 bytes: a bit for each of the ten tails, and heads are free",
        lambda size: size < 5,
        "Heads are nearly free. But somebody must learn *where* the tails are, and that is more "
        "than a bit each.",
    ),
)
def thousand_flips():
    return len(encode(([0] * 99 + [1]) * 10, [0.99, 0.01]))


def add_one(symbols):
    """The bytes of a message of classes 0 … 26, with a book of its own counts and one more each."""
    counts = np.bincount(symbols, minlength=27) + 1
    return len(encode(symbols, counts / counts.sum()))


@prediction(
    "In the example game of notebook 01 a program needed 1, 2, 3 … guesses for each letter of a "
    "sentence. You send these numbers instead of the letters. Both files have 27 symbols, and each "
    "has a book of its own counts, with one extra for each. Which file is shorter?",
    (
        "that of the letters: they are what was to be sent",
        lambda sizes: sizes[0] > sizes[1],
        "The numbers look like a detour. But what costs is how evenly the symbols come, and one of "
        "the numbers comes far more often than any letter.",
    ),
    (
        "neither: the same sentence holds as much either way",
        lambda sizes: sizes[0] == sizes[1],
        "Together with the program the numbers do hold the sentence, no more and no less. But the "
        "two *books* differ: one knows letters by their counts alone.",
    ),
    (
        "that of the numbers of guesses",
        lambda sizes: sizes[0] < sizes[1],
        "Most of them are 1: that is where what the program has read comes in. The letters' book "
        "knows nothing of what came before.",
    ),
)
def guesses_as_file():
    sentence, guesses = guessing.example_game()
    needed = guessing.play(sentence.text, guesses).needed
    letters = [guessing.ALPHABET.index(symbol) for symbol in sentence.text]
    return add_one([n - 1 for n in needed]), add_one(letters)


@prediction(
    "A model of a coin stands still at Q = (0.8, 0.2), heads first, and the truth moves from never "
    "heads to always heads. What does the cross-entropy look like, drawn over P(heads)?",
    (
        "a valley, lowest where P(heads) is 0.8",
        lambda bend: bend > 1e-6,
        "So it is while the *model* moves, and KL is a valley either way. But here each outcome "
        "keeps its price, and P only says how often it is paid.",
    ),
    (
        "a straight line that falls",
        lambda bend: abs(bend) < 1e-6,
        f"Heads cost −ln 0.8 = {surprisal(0.8):.3f} nats and tails −ln 0.2 = {surprisal(0.2):.3f}, "
        "whatever the truth is. P mixes these two, and a mixture of two fixed prices is a line.",
    ),
    (
        "a hill, highest where the coin is fair",
        lambda bend: bend < -1e-6,
        "So it is with the entropy, where the prices move with the truth. Here they are the "
        "model's, and it stands still.",
    ),
)
def moving_truth():
    return np.diff([cross_entropy([p, 1 - p], [0.8, 0.2]) for p in (0.8, 0.9, 1)], 2)[0]


def covers(bump):
    """Whether a bump stands in between and reaches both sides."""
    return abs(bump[0]) < 1 and bump[1] > 1.5


def seeks(bump):
    """Whether a bump is a copy of the left one."""
    return abs(bump[0] + 2) < 0.5 and bump[1] < 1


@prediction(
    "The truth P has two narrow bumps, 60% around −2 and 40% around 2. The model Q has one. Where "
    "does it stand when KL(P‖Q) is smallest, and where when KL(Q‖P) is?",
    (
        "both times over the left bump, the higher one",
        lambda found: seeks(found[0]) and seeks(found[1]),
        "That is the best guess of a single place. Ask of each direction who is averaged over: "
        "must the model answer for all that *happens*, or for what it says itself?",
    ),
    (
        "both times in between, wide enough to cover the two",
        lambda found: covers(found[0]) and covers(found[1]),
        "It leaves nothing out, and in one direction that is what counts. In the other, the model "
        "pays for the empty middle too.",
    ),
    (
        "KL(P‖Q): narrow, over the left bump; KL(Q‖P): in between and wide",
        lambda found: seeks(found[0]) and covers(found[1]),
        "One direction pays dearly for a bump that is left out, the other for weight where nothing "
        "happens. Each averages over its first letter.",
    ),
    (
        "KL(P‖Q): in between and wide; KL(Q‖P): narrow, over the left bump",
        lambda found: covers(found[0]) and seeks(found[1]),
        "KL(P‖Q) averages over what happens, and a bump left out would be very dear. KL(Q‖P) "
        "averages over what the *model* says: whoever says little is seldom wrong.",
    ),
)
def two_fits():
    x = np.linspace(-12, 12, 481)

    def log_bump(mean, width):
        return -(((x - mean) / width) ** 2) / 2 - math.log(width * math.sqrt(2 * math.pi))

    truth = np.log(0.6 * np.exp(log_bump(-2, 0.6)) + 0.4 * np.exp(log_bump(2, 0.6)))
    bumps = [(m / 5, w / 5) for m in range(-20, 21) for w in range(3, 21)]
    models = np.array([log_bump(*bump) for bump in bumps])
    there = (np.exp(truth) * (truth - models)).sum(axis=1)
    back = (np.exp(models) * (models - truth)).sum(axis=1)
    return bumps[there.argmin()], bumps[back.argmin()]


def with_eps(eps):
    """KL(P‖Q) of a fair coin and of "always heads", with a small ε added to Q."""
    return kl_divergence([0.5, 0.5], [(1 + eps) / (1 + 2 * eps), eps / (1 + 2 * eps)])


EPS = 1e-3, 1e-6, 1e-12
KLS = [with_eps(eps) for eps in EPS]


@prediction(
    'P = (½, ½) and Q = (1, 0). "I add a small ε to Q so that KL(P‖Q) is not infinite." With '
    "ε = 10⁻³, 10⁻⁶ and 10⁻¹², the three answers are",
    (
        "larger each time, by the same for each zero of ε",
        lambda kls: math.isclose((kls[2] - kls[1]) / 2, kls[1] - kls[0], rel_tol=0.1),
        f"{KLS[0]:.2f}, {KLS[1]:.2f} and {KLS[2]:.2f} nats: each factor of ten adds half of ln 10, "
        f"{math.log(10) / 2:.2f}. The number is a statement about ε.",
    ),
    (
        "larger each time, in proportion to 1/ε",
        lambda kls: kls[1] > 100 * kls[0],
        "The KL has no bound, and 1/ε has none either. A logarithm stands in between, and it is "
        "slow.",
    ),
    (
        "nearly the same: a small ε changes little",
        lambda kls: kls[2] < 1.1 * kls[0],
        "So it is with most small numbers that one adds. But this one stands alone under a "
        "logarithm: without it there would be nothing.",
    ),
)
def small_eps():
    return KLS
