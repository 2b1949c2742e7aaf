"""What notebook 12 asks before it shows.

The answers are computed by each library's documented rule, and PyTorch's are the recorded ones, so
that the questions are the same where a library is missing.
"""

import math
from contextlib import suppress

import numpy as np
from scipy.special import expit, xlogy
from sklearn.metrics import log_loss

from cecourse.prediction import prediction
from cehelpers import (
    binary_cross_entropy,
    log_softmax,
    sparse_categorical_cross_entropy_with_logits,
)

from .calls import FAR, by_rule, digits_right, exact, inputs, recorded, true_far_losses

X = inputs()
KERAS = 1e-7  # where it clips a probability
BINARY = binary_cross_entropy(X["y"], X["p"])
OF_THREE = sparse_categorical_cross_entropy_with_logits(X["labels"], X["Z"])
OVER_WEIGHTS, OVER_ROWS = 0.31, 0.37
RULES = "scikit-learn", "Keras", "Optax", "PyTorch"
CLOSE, FURTHER = 30.0, -40.0  # where the explorer's logit is pushed


def spoken(logits) -> str:
    """A row of logits as it is written in a sentence."""
    return f"({', '.join(f'{z:g}' for z in logits)})"


def swapped():
    """What comes back of truth and forecast in the wrong order, from whoever raises no error."""
    y, z, p = X["y"], X["z"], X["p"]
    back = [
        recorded()["traps"]["exchanged"],
        binary_cross_entropy(p, np.clip(y, KERAS, 1 - KERAS)),  # Keras
        np.mean(np.logaddexp(0, y) - z * y),  # Optax, from logits
        binary_cross_entropy(p, y),
    ]
    with suppress(ValueError):
        back.append(log_loss(p, y))
    return back


@prediction(
    "Somebody exchanges truth and forecast in the binary loss of five libraries: PyTorch, Keras, "
    "scikit-learn, `ce`, and Optax, where the forecast is a logit. What comes back, if "
    f"{BINARY:.4f} is right?",
    (
        "from one of them, a number that looks better than the right one",
        lambda back: bool(back) and min(back) < BINARY - 0.01,
        f"Optax takes the labels for logits, and 0 and 1 are mild logits: {min(swapped()):.4f}. "
        f"Others return as much as {recorded()['traps']['exchanged']:.1f}, or infinity; "
        "scikit-learn alone refuses.",
    ),
    (
        "an error from each: a forecast is no label",
        lambda back: not back,
        "It would be kind. But a label may be soft, so most libraries cannot tell a forecast from "
        "one, and a 0 or 1 is a probability too.",
    ),
    (
        "an error or a huge number: nobody can overlook it",
        lambda back: bool(back) and min(back) > 1,
        "A forecast of exactly 0 where something did happen is dear, and in some libraries it does "
        "look so. But what does each library take the two exchanged places for?",
    ),
)
def exchanged():
    return swapped()


def marks():
    """The mark of a forecast of 0 where it happened, by library and dtype."""
    one, zero = np.ones(1), np.zeros(1)
    found = {
        "cehelpers": binary_cross_entropy(one, zero),
        "SciPy": -xlogy(one, zero).mean(),
        "PyTorch": recorded()["traps"]["certain and wrong"],
        "Keras": -math.log(KERAS),
        "Optax": np.logaddexp(0, np.inf),
    }
    for dtype in ("float32", "float64"):
        found[f"scikit-learn, {dtype}"] = log_loss([1], zero.astype(dtype), labels=[0, 1])
    return {name: round(float(mark), 2) for name, mark in found.items()}


@prediction(
    "A forecast of exactly 0, and it happened. SciPy, `ce`, PyTorch, Keras, Optax, and "
    "scikit-learn in float32 and in float64: how many different marks do they give?",
    (
        "one: infinity, as in the formula",
        lambda count: count == 1,
        "−ln 0 is infinite, and there is nothing to argue about. But an infinite loss stops a "
        "training run, so most libraries put a bound somewhere.",
    ),
    (
        "two: infinity, or what the usual clip makes of it",
        lambda count: count == 2,
        "Some clip and some do not, that much is so. Is there a *usual* clip? No standard names "
        "one.",
    ),
    (
        "five: infinity, and four bounds",
        lambda count: count == 5,
        f"−ln 0 is infinite, {marks()['Keras']:.2f} in Keras, {marks()['PyTorch']:.0f} in PyTorch, "
        f"and {marks()['scikit-learn, float32']:.2f} or {marks()['scikit-learn, float64']:.2f} in "
        "scikit-learn, by dtype.",
    ),
)
def how_many_marks():
    return len(set(marks().values()))


@prediction(
    f"Two rows of three logits, {spoken(X['Z'][0])} and {spoken(X['Z'][1])}, with the first and "
    f"the third class true: the right loss is {OF_THREE:.4f}. Somebody forgets `from_logits=True` "
    "in Keras, so the rows pass for probabilities. What comes back?",
    (
        "a number a little lower than the right one",
        lambda loss: 0.5 * OF_THREE < loss < OF_THREE - 0.02,
        "Keras divides each row by its sum and takes logarithms. No softmax, no warning, and it "
        "looks like progress.",
    ),
    (
        "an error or `nan`: such rows are no probabilities",
        math.isnan,
        "A row of logits is easily told from a row of probabilities, by you. Keras does not look: "
        "it makes of it what it needs.",
    ),
    (
        "a number several times as large",
        lambda loss: loss > 2 * OF_THREE,
        "A wrong input should give a bad mark. With the *binary* loss it may; here the largest "
        "logit still has the largest share.",
    ),
)
def forgotten():
    Z = np.clip(X["Z"] / X["Z"].sum(axis=1, keepdims=True), KERAS, 1 - KERAS)
    return -np.log(Z[X["rows"], X["labels"]]).mean()


@prediction(
    f"Three classes, and a loss of {OF_THREE:.4f} is right. But PyTorch's `F.cross_entropy`, which "
    "takes logits, is handed rows that have been through a softmax already. What comes back?",
    (
        "the same number: a second softmax finds nothing to do",
        lambda loss: abs(loss - OF_THREE) < 0.02,
        "The rows add up to 1 already, and a second *division* would do nothing. A softmax takes "
        "exponentials first.",
    ),
    (
        "a larger one, and even a perfect model would keep some of it",
        lambda loss: loss > OF_THREE + 0.1,
        f"{recorded()['traps']['softmax twice']:.4f}. Probabilities differ by 1 at most, so as "
        f"logits they cannot say more than 1 against 0 and 0: never less than ln(e + 2) − 1 = "
        f"{math.log(math.e + 2) - 1:.3f}.",
    ),
    (
        "a smaller one: the winner is amplified twice",
        lambda loss: loss < OF_THREE - 0.02,
        "A softmax is said to amplify the winner. It does so with logits that lie far apart, and "
        "these lie between 0 and 1.",
    ),
)
def softmax_twice():
    return recorded()["traps"]["softmax twice"]


@prediction(
    f"One model, one batch, class weights: PyTorch says {OVER_WEIGHTS}, a colleague's NumPy "
    f"{OVER_ROWS}. Who is wrong?",
    (
        "PyTorch",
        (False, True),
        "It is not above error. But in its manual the weighted mean is defined, and what it "
        "returns is that.",
    ),
    (
        "the colleague",
        (True, False),
        "Where a library and ten lines of somebody's differ, the lines are the first suspect. Look "
        "at what they divide by before you call it a mistake.",
    ),
    (
        "neither, perhaps: the divisors differ",
        (True, True),
        "A weighted mean is divided by the sum of the weights or by the number of rows, and both "
        "are in use. Write the divisor beside the number.",
    ),
)
def who_is_wrong():
    weights = X["w"][X["labels"]]
    total = -weights @ log_softmax(X["Z"])[X["rows"], X["labels"]]
    pytorch = recorded()["table"]["weights"]
    colleague = sparse_categorical_cross_entropy_with_logits(
        X["labels"], X["Z"], class_weight=X["w"], weight_norm="n"
    )
    return math.isclose(pytorch * sum(weights), total), math.isclose(
        colleague * len(weights), total
    )


@prediction(
    "Two sentences, of three tokens and of one, are padded to three places each. Optax is told "
    "which places count, and then the mean is taken: "
    "`softmax_cross_entropy_with_integer_labels(L, S, where=S >= 0).mean()`. The mean over the "
    "four tokens would be 1.10. What comes back?",
    (
        "1.10: what is masked does not count",
        lambda loss: abs(loss - 1.1036) < 0.01,
        "It does not count in the sum. The mean divides by something as well: by how many?",
    ),
    (
        "less than 1.10",
        lambda loss: loss < 1.09,
        "Four losses are shared by six places: a masked place is a 0, and a 0 is a perfect loss. "
        "Divide by the number of tokens instead.",
    ),
    (
        "more than 1.10",
        lambda loss: loss > 1.12,
        "Padding that is scored would cost what a blind guess costs, and may raise a mean. Here it "
        "is masked: what does a masked place cost?",
    ),
    (
        "nan: −100 is no class",
        math.isnan,
        "Without `where=` it would be so. With it, what stands in the masked places is thrown away "
        "before it is added.",
    ),
)
def padded_mean():
    S, of_tokens = X["S"], -log_softmax(X["L"])
    losses = [of_tokens[i, j, S[i, j]] for i, j in zip(*np.nonzero(S >= 0), strict=True)]
    return sum(losses) / S.size


@prediction(
    "Three classes, and a label of −1 marks a row of padding. PyTorch, scikit-learn and `ce` stop "
    "at it. What loss do Keras (with JAX) and Optax give to this row?",
    (
        "none: they stop, too",
        lambda row: not row,
        "There is no class −1, and three libraries say so. Under JAX a label is looked at while a "
        "compiled program runs, when it is too late for an error.",
    ),
    (
        "Keras 0, Optax that of the last class",
        lambda row: len(row) == 2 and row[0] == 0 < row[1],
        "Keras multiplies by a one-hot row, and −1 switches on none of its entries: a perfect "
        "score, which counts in the mean. To Optax −1 is an index, and the last one. Neither "
        "warns.",
    ),
    (
        "0, both: padding costs nothing",
        lambda row: max(row, default=1) == 0,
        "That is what padding ought to cost. But has anybody told them that −1 *means* padding?",
    ),
    (
        "that of the last class, both",
        lambda row: min(row, default=0) > 0,
        "So it is wherever a label is an index into a row, as in NumPy. Not every loss looks its "
        "label up.",
    ),
)
def padding():
    logs, label = log_softmax(X["Z"])[1], -1
    one_hot = np.arange(3) == label
    return -(one_hot * logs).sum() + 0.0, -logs[label]


def first_to_die(digits):
    """Who is the first to have no digit right: as y = 1 gets more wrong, and as it gets more right.

    Parameters
    ----------
    digits : dict
        By name, the digits that are right at each logit of `FAR`.
    """
    wrong = [k for k, z in enumerate(FAR) if z < 0][::-1]
    right = [k for k, z in enumerate(FAR) if z > 0]
    return tuple(
        next(dead for k in side if (dead := {name for name in digits if digits[name][k] < 0.65}))
        for side in (wrong, right)
    )


BOTH = {"PyTorch", "Keras"}


@prediction(
    "A row with y = 1 is scored from its probability: by scikit-learn in float64, by PyTorch and "
    "Keras in float32. Its logit moves away from 0, first down (wrong), then up (right). Who is "
    "the first on each side to have no digit of the loss right?",
    (
        "Keras when wrong; when right, PyTorch and Keras together",
        ({"Keras"}, BOTH),
        f"When wrong, the clip at 10⁻⁷ is met first: −ln 10⁻⁷ = {-math.log(KERAS):.1f}. When "
        "right, a float32 sigmoid is exactly 1 long before a float64 is.",
    ),
    (
        "Keras, when wrong and when right: its clip is the nearest",
        ({"Keras"}, {"Keras"}),
        "10⁻⁷ is a near bound, and on one side it decides. On the other, ask how close to 1 a "
        "float32 can come at all.",
    ),
    (
        "PyTorch and Keras together, on both sides: it is the float32",
        (BOTH, BOTH),
        "Close to 1 a float32 has 24 bits and no more. But close to 0 it has plenty: 10⁻³⁰ is no "
        "trouble to it.",
    ),
)
def dies_first():
    single = expit(np.float32(FAR))
    clipped = np.clip(single, np.float32(KERAS), np.float32(1 - KERAS))
    roads = {
        "scikit-learn": [log_loss([1], [q], labels=[0, 1]) for q in expit(np.array(FAR))],
        "PyTorch": recorded()["far"]["PyTorch, BCELoss"],
        "Keras": -np.log(clipped),
    }
    return first_to_die(
        {name: digits_right(road, true_far_losses()) for name, road in roads.items()}
    )


def off(key, first_logit):
    """What is returned by whoever is off, by more than the digits of a float32."""
    due = exact("binary", first_logit)  # and "logits" is the same, on paper
    found = {name: by_rule(name, key, first_logit) for name in RULES}
    return {name: loss for name, loss in found.items() if not math.isclose(loss, due, rel_tol=1e-4)}


@prediction(
    "Two classes, scored from probabilities, p = σ(z) (in the explorer: *two classes, from "
    "probabilities*). A row with y = 1 has its logit z pulled to −40, which should cost 40 nats. "
    "Which libraries stop short of that?",
    (
        "Keras",
        lambda names: names == {"Keras"},
        f"Its clip is met at a logit of −{-math.log(KERAS):.0f}, and nobody's bound is nearer. Is "
        "there another one before −40?",
    ),
    (
        "Keras and scikit-learn",
        lambda names: names == {"Keras", "scikit-learn"},
        f"Keras stops at {-math.log(KERAS):.1f} nats for the row, scikit-learn at "
        f"{-math.log(np.finfo(float).eps):.1f}, the eps of a float64. PyTorch's bound is 100.",
    ),
    (
        "Keras, scikit-learn and PyTorch",
        lambda names: names == {"Keras", "scikit-learn", "PyTorch"},
        "All three score probabilities, and all three have a bound. Not all bounds are as near as "
        "−40.",
    ),
)
def stop_short():
    return set(off("binary", FURTHER))


@prediction(
    "Two classes, scored from probabilities; in one row y = 1 and the logit is +30: "
    "right and very sure. Optax takes logits only, so its call goes back from p to logit(p), in "
    "float32. What does it return?",
    (
        f"{exact('binary', CLOSE):.4f}, the batch's exact loss: there and back is where one was",
        lambda loss: math.isclose(loss, exact("binary", CLOSE), abs_tol=0.001),
        "On paper logit(σ(z)) = z for every z. In between, p has to be written down, in 24 bits.",
    ),
    (
        "infinity",
        lambda loss: loss == math.inf,
        "The logit that comes back is indeed infinite. Which half of the loss meets it, and with "
        "which weight?",
    ),
    (
        "`nan`",
        math.isnan,
        "In float32 σ(30) is exactly 1, and its logit is infinite. Then 0 · ∞, in the half that "
        "should have dropped out, is `nan`.",
    ),
)
def there_and_back():
    return by_rule("Optax", "binary", CLOSE)


@prediction(
    "Two classes, scored from logits (in the explorer: *two classes, from logits*), and the logit "
    "of a row with y = 1 is −40. Which of PyTorch, Keras, Optax, SciPy, scikit-learn and `ce` "
    "stop short of the exact loss?",
    (
        "none: from logits all six are exact",
        lambda names: not names,
        "Five have a call that takes the logits. What can a library do that has none?",
    ),
    (
        "scikit-learn",
        lambda names: names == {"scikit-learn"},
        "It knows probabilities only: its call begins with a sigmoid, and ends at the same clip as "
        "before.",
    ),
    (
        "Keras and scikit-learn",
        lambda names: names == {"Keras", "scikit-learn"},
        "Where there was a clip there may be one again. But what would be clipped, in a call that "
        "never makes a probability?",
    ),
)
def short_from_logits():
    return set(off("logits", FURTHER))


ADDED = 1e-7  # what the colleague puts beside a logarithm


def colleague(y, p):
    """A loss as one finds it: the formula, and something small against the logarithm of 0."""
    return -np.mean(y * np.log(p + ADDED) + (1 - y) * np.log(1 - p + ADDED))


@prediction(
    "A colleague's loss is the formula with a guard: "
    "`-np.mean(y * np.log(p + 1e-7) + (1 - y) * np.log(1 - p + 1e-7))`. Every forecast is certain "
    "and right: 1 where y = 1, and 0 where y = 0. What does this loss charge?",
    (
        "0: a perfect forecast costs nothing",
        lambda loss: loss == 0,
        "So says the formula. But the guard stands inside each logarithm, and these are logarithms "
        "of what?",
    ),
    (
        "a little more than 0",
        lambda loss: 0 < loss < 1e-5,
        "A clip does so: it takes 1e-7 away from a 1. What does an addition do?",
    ),
    (
        "a little less than 0",
        lambda loss: -1e-5 < loss < 0,
        f"{colleague(np.array([1.0, 0.0]), np.array([1.0, 0.0])):.1g}: the logarithm of a number "
        "above 1 is positive. A loss that can fall below 0 was never a log loss.",
    ),
    (
        "nan: 0 times the logarithm of 0",
        math.isnan,
        "Without the guard it would be so. With it, no logarithm is infinite.",
    ),
)
def guarded():
    return colleague(np.array([1.0, 0.0]), np.array([1.0, 0.0]))
