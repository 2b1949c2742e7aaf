"""What notebook 02 asks before it shows: each answer is computed, as in the cells that follow."""

import math
from importlib.resources import files

import numpy as np

from cecourse.prediction import prediction
from cehelpers import cross_entropy, entropy, kl_divergence, surprisal

OFFICE, OTHER = (1 / 2, 1 / 4, 1 / 8, 1 / 8), (1 / 8, 1 / 2, 1 / 4, 1 / 8)
OVERPAID = kl_divergence(OFFICE, OTHER, base=2)
BORROWED_BACK = kl_divergence(OTHER, OFFICE, base=2)
ISLAND = (0.7, 0.2, 0.1)
NOTHING, TOO_SURE = (1 / 3, 1 / 3, 1 / 3), (0.98, 0.01, 0.01)
ON_A, ON_B = 0.50, 0.45


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
    f"Test set A costs your finished model {ON_A:.2f} nats, test set B {ON_B:.2f}. What do you "
    "know?",
    (
        "The model fits B better",
        (True, False),
        "A lower loss is what training aims at, on *one* set. Between two sets the entropy differs "
        "as well, and nobody has told you how much.",
    ),
    (
        "B is easier",
        (False, True),
        "The model is the same, so the set must be it. But a model may suit one set more than "
        "another: then KL differs, and not the entropy.",
    ),
    (
        "Either, or both: the two numbers cannot tell",
        (False, False),
        "Each loss is an entropy of its set plus a KL divergence, and only the sum was measured.",
    ),
)
def two_test_sets():
    worlds = (0.30, 0.35), (0.40, 0.30)  # the entropies of A and of B: both pairs are possible
    fits = {ON_B - of_b < ON_A - of_a for of_a, of_b in worlds}
    easier = {of_b < of_a for of_a, of_b in worlds}
    return fits == {True}, easier == {True}


@prediction(
    "P = (0.7, 0.2, 0.1) stands still. You push Q(sun) from 0.5 up to 1, and cloud and rain "
    "share what is left. What does the column, the mean height, do?",
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
    "Now Q = (0.5, 0.3, 0.2) stands still, and you push P(sun) from 0.7 up to 1: the weather "
    "becomes certain. What does the column, the cross-entropy, do?",
    (
        "it rises: P moves away from Q",
        lambda change: change > 0.02,
        "KL does rise. But the column is both parts together, and P moves the other one too.",
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
    "The model never considered an outcome that does occur, once in a million rows. KL is",
    (
        "about a millionth",
        lambda kl: kl < 1e-5,
        "So rare an event can hardly matter, if its price is a price as others are. This one has "
        "none.",
    ),
    (
        f"about {surprisal(1e-6):.0f} nats, the surprise of one in a million",
        lambda kl: 13 < kl < 15,
        "That is how surprised somebody would be who *knew* how rare it is. The model had given it "
        "nothing at all.",
    ),
    (
        "infinite",
        math.inf,
        "A millionth of infinity is infinite: no code word was kept for something that happens.",
    ),
)
def once_in_a_million():
    return kl_divergence([1 - 1e-6, 1e-6], [1, 0])


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
        "the frequent ones, `e` and `n` above all",
        lambda letters: {"e", "n"} <= letters,
        "German does use them more, and that costs. But London's book knows them: a higher price, "
        "and a finite one.",
    ),
)
def letters_to_blame():
    data = files(__package__)
    german, english = (
        set((data / f"red_riding_hood_{code}.txt").read_text("utf-8").lower())
        for code in ("de", "en")
    )
    return {letter for letter in german - english if letter.isalpha()}


@prediction(
    "A model stands still at Q = (0.8, 0.2), and the truth moves. For which P is the cross-entropy "
    "H(P, Q) lowest?",
    (
        "P = (0.8, 0.2), which the model believes in",
        lambda p: p == 0.8,
        f"There KL is 0, and nothing is overpaid. But H(P) = {entropy([0.8, 0.2]):.3f} nats are "
        "due all the same, and P decides about these too.",
    ),
    (
        "P = (1, 0), where its favourite always comes",
        lambda p: p == 1,
        f"Then each outcome costs −ln 0.8 = {surprisal(0.8):.3f} nats, and none costs −ln 0.2 = "
        f"{surprisal(0.2):.3f}. KL is not 0 any more; the entropy is, and that saves more.",
    ),
    (
        "it is the same for all: only the model sets the prices",
        lambda p: p is None,
        "It does set the prices. How often each of them is paid, the truth decides.",
    ),
)
def cheapest_world():
    bills = {p / 10: cross_entropy([p / 10, 1 - p / 10], [0.8, 0.2]) for p in range(11)}
    same = max(bills.values()) - min(bills.values()) < 1e-9
    return None if same else min(bills, key=bills.get)


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
        "The two characters are these. Which is which hangs on who averages: the first letter.",
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
        "larger each time, by as much for each zero of ε",
        lambda kls: math.isclose((kls[2] - kls[1]) / 2, kls[1] - kls[0], rel_tol=0.1),
        f"{KLS[0]:.2f}, {KLS[1]:.2f} and {KLS[2]:.2f} nats: half of ln 10 = {math.log(10):.2f} for "
        "each factor of ten. The number is a statement about ε.",
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
