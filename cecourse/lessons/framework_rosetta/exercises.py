"""The exercises of notebook 12: translate, predict the wrong number, repair."""

import itertools
import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS, USUAL
from cecourse.exercise.mistake import EPS, AnySize
from cecourse.lessons.framework_rosetta.mystery import (
    BOUNDED,
    FORECAST_FIRST,
    SUMMED,
    mystery,
    numbers_of,
)

# ---------------------------------------------------------------- translate


@exercise(
    "12",
    title="Translate one line",
    hints=[
        "Keras: the truth comes first, and `from_logits=True` says what the second argument is. "
        "What does PyTorch's `F.cross_entropy` expect in its first place?",
        "`F.cross_entropy` takes the softmax and the logarithm itself. Which of the four hands it "
        "raw logits, and hands them in first?",
    ],
    choices={
        "A": "F.cross_entropy(T, Z)",
        "B": "F.cross_entropy(Z, T)",
        "C": "F.cross_entropy(F.softmax(Z, dim=1), T)",
        "D": "F.nll_loss(F.softmax(Z, dim=1), T)",
    },
    mistakes={
        "A": "It runs, and takes the soft rows for logits. In which order does PyTorch want them?",
        "C": "There would be two softmaxes: `F.cross_entropy` has one inside. What does it want to "
        "be given?",
        "D": "`F.nll_loss` wants logarithms of probabilities and integer labels. This line brings "
        "neither. Which function does all three steps at once?",
    },
    right="Right: forecast first, raw logits, and the mean over rows is the default on both sides. "
    "Optax has the same order and no mean: `optax.softmax_cross_entropy(Z, T).mean()`.",
)
def translate():
    """A colleague's Keras, your PyTorch. The line is
    `keras.losses.CategoricalCrossentropy(from_logits=True)(T, Z)`, with soft rows T and logits Z;
    which line of PyTorch returns the same number?
    """
    return "B"


# ---------------------------------------------------------------- the default that was forgotten


@exercise(
    "12",
    title="from_logits, forgotten",
    draws={
        "y": ((1, 1, 1), (0, 0, 1), (0, 1, 1), (1, 1, 0), (0, 0, 0), (0, 1, 0)),
        "z": ((2, -1, -0.5), (3, -1, 2), (-2, 4, -0.5), (-3, -1, 2)),
    },
    hints=[
        lambda z: (
            f"Without the argument Keras takes {z[0]}, {z[1]} and {z[2]} for probabilities. What "
            "does it do to a probability above 1, or below 0?"
        ).replace("-", "−"),
        lambda z: (
            "After the clip the three are "
            f"{'{}, {} and {}'.format(*('1 − 1e-7' if v > 0 else '1e-7' for v in z))}. Which of "
            "the three rows are now confidently wrong?"
        ),
        "A confidently wrong row costs −ln 1e-7, and a right one nearly nothing. The default is "
        "the mean.",
    ],
    right=lambda y, z, answer: (
        f"Right: {answer:#.4g}, {sum((v > 0) != t for v, t in zip(z, y, strict=True))} of "
        f"{len(y)} rows at {-math.log(1e-7):.3f} each. Every logit has become a certainty, right "
        "or wrong, "
        "and behind the clip the slope is 0: this network does not learn."
    ),
)
def forgotten(y=(1, 0, 1), z=(2, -1, -0.5)):
    """Somebody forgot an argument. With labels `y = {y}` and logits `z = {z}` they wrote
    `keras.losses.BinaryCrossentropy()(y, z)`. Which number comes back? Think of the clip that Keras
    has for probabilities.
    """
    y, p = np.array(y), np.clip(z, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _wrong(y, z):
    """How many logits lie on the wrong side of 0."""
    return sum((np.array(z) > 0) != np.array(y))


@forgotten.mistake(
    lambda z: (
        "This is the loss with `from_logits=True`, the one that was meant. Without it, no sigmoid "
        f"is applied: what happens to a {max(z)} in the place of a probability?"
    )
)
def _as_meant(y, z):
    return np.mean(np.logaddexp(0, z) - np.multiply(y, z))


@forgotten.mistake("The three rows are added up here. What does Keras do with them by default?")
def _added_up(y, z):
    return 3 * forgotten.function(y, z)


@forgotten.mistake(
    "This is what a cap at 100 would give. That bound is PyTorch's: where does Keras clip?"
)
def _cap_of_pytorch(y, z):
    return 100 * _wrong(y, z) / 3


@forgotten.mistake(
    "This clips at the eps of a float64, as scikit-learn does. Keras has a fixed one: which?"
)
def _eps_of_sklearn(y, z):
    return -math.log(np.finfo(float).eps) * _wrong(y, z) / 3


@forgotten.mistake(
    "Keras' clip is right, and this is what another number of wrong rows would cost. After the "
    "clip, which of the three rows are wrong?",
    rows=(2, 1),
)
def _another_count(rows=2):
    return -math.log(1e-7) * rows / 3


@forgotten.mistake(
    "This is what another clip would give. How near to 0 and to 1 does Keras let p come?",
    eps=[eps for eps in (*USUAL, float(np.finfo(np.float32).eps)) if eps not in (1e-7, 1e-14)],
)
def _another_clip(y, z, eps=1e-12):
    return -math.log(eps) * _wrong(y, z) / 3


@forgotten.mistake(
    lambda z: (
        "The logarithm of a negative number is nan, and Keras does not let it come to that. What "
        f"does it do with −{-min(z)}, which it takes for a probability, before the logarithm?"
    )
)
def _not_clipped():
    return math.nan


@forgotten.mistake(
    "There are two sigmoids in it. How many does Keras apply where `from_logits` was forgotten?"
)
def _two_sigmoids(y, z):
    p = 1 / (1 + np.exp(-np.array(z)))
    return np.mean(np.logaddexp(0, p) - y * p)


# ---------------------------------------------------------------- two divisors


@exercise(
    "12",
    title="The loss that grew in the port",
    draws={
        "loss": (0.6, 0.7, 0.8, 1.1, 1.2),
        "w": ((1, 2), (1, 5), (1, 6), (1, 9), (2, 5), (3, 8)),
    },
    hints=[
        "PyTorch divides the weighted sum by the sum of the weights of the rows. How large was "
        "the weighted sum?",
        "Keras divides the same weighted sum by the number of rows.",
    ],
    right=lambda loss, w, answer: (
        f"Right: {answer:#.3g}. Nothing is broken: the slopes grew by the same factor "
        f"{sum(w) / len(w)}, so the same learning rate takes larger steps. "
        f'`reduction="mean_with_sample_weight"` gives the {loss}.'
    ),
)
def ported(loss=0.9, w=(1, 4)):
    """There are two rows, one of each class. Class 0 has weight {w[0]} and class 1 weight {w[1]},
    and PyTorch's `F.cross_entropy(Z, labels, weight=w)` reports {loss}. The port to Keras passes
    `sample_weight=w[labels]` and leaves `reduction` alone. What does Keras report?
    """
    return loss * sum(w) / len(w)


@ported.mistake("Both divide the same weighted sum. Do they divide by the same number?")
def _unchanged(loss):
    return loss


@ported.mistake(
    lambda loss: (
        "This goes the wrong way: from a mean over rows to one over weights. What did PyTorch "
        f"divide by to get {loss}?"
    )
)
def _other_way(loss, w):
    return loss * len(w) / sum(w)


@ported.mistake("This is the weighted sum. Keras divides it once more: by what?")
def _weighted_sum(loss, w):
    return loss * sum(w)


@ported.mistake(
    lambda loss: (
        f"You halve the {loss}. Undo PyTorch's own division first: what was the weighted sum?"
    )
)
def _halved(loss, w):
    return loss / len(w)


@ported.mistake(
    lambda loss: (
        f"You multiply the {loss} by the number of rows, as if PyTorch had divided by that. What "
        "did it divide by?"
    )
)
def _times_rows(loss, w):
    return loss * len(w)


@ported.mistake(
    lambda loss, w: (
        f"You multiply the {loss} by the weight of class 1. It is a mean of weighted losses "
        "already: what was the whole weighted sum?"
    )
)
def _times_weight(loss, w):
    return loss * w[1]


@ported.mistake(
    lambda loss: (
        f"You divide the {loss} by the sum of the weights once more. PyTorch has done so already: "
        "how is that undone?"
    )
)
def _over_weights_twice(loss, w):
    return loss / sum(w)


@ported.mistake(
    "You divide the weighted sum by the weight of class 1. By what does Keras divide, whatever the "
    "weights are?"
)
def _over_a_weight(loss, w):
    return loss * sum(w) / w[1]


# ---------------------------------------------------------------- padding


def _row_losses(Z):
    """Minus the log-probabilities of every class, a row each."""
    Z = np.array(Z)
    return np.log(np.exp(Z).sum(axis=1, keepdims=True)) - Z


@exercise(
    "12",
    title="A label of −1",
    draws={
        "Z": (
            ((3, 0, 1), (1, 2, 0), (0, 1, 3)),
            ((2, 1, 0), (0, 3, 1), (1, 0, 3)),
            ((4, 1, 2), (1, 3, 0), (0, 2, 3)),
            ((3, 1, 1), (2, 4, 0), (0, 1, 2)),
            ((1, 0, 0), (2, 3, 0), (0, 1, 4)),
            ((2, 0, 1), (0, 4, 2), (1, 1, 4)),
            ((3, 2, 0), (1, 4, 0), (0, 2, 5)),
        )
    },
    hints=[
        "Keras turns a label into a one-hot row. Which entry of three can −1 switch on?",
        "A row of zeros times any logarithms is 0, and the row is still counted in the mean.",
        "The other two rows are ordinary: logsumexp of the row, minus the logit of the label.",
    ],
    right=lambda answer: (
        f"Right: {answer:.3f}, where {1.5 * answer:.3f} was meant. The padding counts as a perfect "
        "row: the more of it, the better the loss looks. Pass `ignore_class=-1`, and Keras leaves "
        "the row out."
    ),
)
def minus_one(Z=((2, 0, 1), (1, 3, 0), (0, 1, 4))):
    """The labels are (0, −1, 2). Somebody put the −1 there to mark padding, and told Keras nothing
    of it. The logits are {Z[0]}, {Z[1]} and {Z[2]}. What does
    `keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, Z)` report, with JAX
    behind Keras as in this notebook?
    """
    Z = np.array(Z)
    loss = np.log(np.exp(Z).sum(axis=1, keepdims=True)) - Z
    return (loss[0, 0] + 0 + loss[2, 2]) / 3


@minus_one.mistake(
    "This is the mean of the two rows that count, as it was meant. Who has told Keras that −1 is "
    "padding?"
)
def _as_intended(Z):
    loss = _row_losses(Z)
    return (loss[0, 0] + loss[2, 2]) / 2


@minus_one.mistake(
    "This takes −1 for the last class, as NumPy and Optax do. Keras does not look the logit up, it "
    "multiplies by a one-hot row: which row does −1 give?",
    over=(3, 2, 1),
)
def _last_class(Z, over=3):
    loss = _row_losses(Z)
    return (loss[0, 0] + loss[1, 2] + loss[2, 2]) / over


@minus_one.mistake("These are the rows added up. What is the default reduction?")
def _summed(Z):
    loss = _row_losses(Z)
    return loss[0, 0] + loss[2, 2]


@minus_one.mistake(
    "Here the padded row was scored as class 0. Is that where a one-hot row for −1 has its 1?"
)
def _first_class(Z):
    loss = _row_losses(Z)
    return (loss[0, 0] + loss[1, 0] + loss[2, 2]) / 3


@minus_one.mistake(
    "Here the padded row was scored as class 1. Is that where a one-hot row for −1 has its 1?"
)
def _class_1(Z):
    loss = _row_losses(Z)
    return (loss[0, 0] + loss[1, 1] + loss[2, 2]) / 3


@minus_one.mistake(
    "Here the padded row pays ln 3, as one that says a third to each class. With a one-hot row "
    "without a 1, by what is each logarithm multiplied?"
)
def _a_shrug(Z):
    loss = _row_losses(Z)
    return (loss[0, 0] + math.log(3) + loss[2, 2]) / 3


@minus_one.mistake(
    "A label out of range may stop TensorFlow, or become nan there. With JAX Keras makes a one-hot "
    "row of it: which row does −1 give?"
)
def _as_tensorflow():
    return math.nan


# ---------------------------------------------------------------- PyTorch in NumPy


@exercise(
    "12",
    title="PyTorch's loss in NumPy",
    hints=[
        "Take both logarithms first, and bound each from below: `np.maximum(..., -100)`.",
        "Then the formula of notebook 03: −[y ln p + (1 − y) ln(1 − p)], and the mean.",
        "np.log(0) warns and gives −inf, which np.maximum repairs; `with "
        'np.errstate(divide="ignore"):` keeps the warning away.',
    ],
    right="Right. The bound lies on each logarithm and not on p: that is why a wrong certainty "
    "costs 100, and a right one exactly 0.",
    probes=[
        (np.array([0.9, 0.4, 0.7]), np.array([1.0, 0.0, 1.0])),
        (np.array([0.0, 0.3]), np.array([1.0, 0.0])),
        (np.array([1.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])),
        (np.array([1.0, 0.2]), np.array([0.85, 0.5])),
        (np.array([1e-60, 1e-30, 1e-5]), np.array([1.0, 1.0, 0.5])),
        (np.array([0.25, 1.0, 0.5]), np.array([1, 1, 0])),
    ],
    digits=6,
    atol=1e-12,
)
def as_pytorch(p, y):
    """Write PyTorch's loss in NumPy. as_pytorch(p, y) returns for arrays what
    `F.binary_cross_entropy(p, y)` does for tensors, the forecast first. Each logarithm is at
    least −100; labels may be soft; the mean is taken.
    """
    with np.errstate(divide="ignore"):
        ln_p, ln_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
    return -np.mean(y * ln_p + (1 - y) * ln_q)


@as_pytorch.mistake(
    "One end is guarded and the other is not: what becomes of ln(1 − p) where p is 1? A clip of p "
    "at e^−100 would not help there, as 1 − e^−100 is 1 in floating point."
)
def _one_end(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.maximum(np.log(p), -100) + (1 - y) * np.log(1 - p))


@as_pytorch.mistake(
    "You clip p, or add an eps to it, as Keras clips at 1e-7: a wrong certainty then costs −ln of "
    "that eps. Where does PyTorch put its bound?",
    eps=EPS,
    pair=PAIRS,
)
def _clipped(p, y, eps, pair):
    p, q = pair(p, eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(q))


@as_pytorch.mistake(
    "The bound of 100 lies on a product here, on the loss of a row, or on the mean. With a soft "
    "label, or beside an ordinary row, that comes to another number: what is to be bounded before "
    "anything is multiplied?",
    where=("product", "row", "row without nan", "mean"),
)
def _bounded_too_late(p, y, where):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.array([y * np.log(p), (1 - y) * np.log(1 - p)])
        if where == "mean":
            return min(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))), 100)
    if where != "row":
        terms = np.nan_to_num(terms, nan=0, neginf=-100)
    rows = -terms.sum(axis=0)
    return np.mean(rows if where == "product" else np.minimum(rows, 100))


@as_pytorch.mistake(
    "A logarithm of −∞ becomes −100 here, and one that is finite stays what it is: ln 1e-60 lies "
    "far below −100. What does a bound do with that?"
)
def _infinity_alone(p, y):
    with np.errstate(divide="ignore"):
        ln_p, ln_q = (np.nan_to_num(np.log(x), neginf=-100) for x in (p, 1 - p))
    return -np.mean(y * ln_p + (1 - y) * ln_q)


@as_pytorch.mistake(
    "The two arguments have changed places inside your function. Which of them is the forecast?"
)
def _places_changed(p, y):
    return as_pytorch.function(y, p)


@as_pytorch.mistake(
    "Ordinary rows are right, and the certainties give ∞ or nan. Where could you bound each "
    "logarithm from below?"
)
def _unbounded(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@as_pytorch.mistake(
    "Every label is taken for 0 or 1 here, and that is right for those alone. What does a row with "
    "the label 0.85 pay for each of its two outcomes?",
    one=(np.equal, np.greater, np.greater_equal),
    cut=(1.0, 0.5, 0.0),
)
def _hard_labels(p, y, one, cut):
    with np.errstate(divide="ignore"):
        ln_p, ln_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
    return -np.mean(np.where(one(y, cut), ln_p, ln_q))


@as_pytorch.mistake(
    "The rows in which p is 0 or 1 are left out of the mean. What does PyTorch let such a row pay?"
)
def _certainties_left_out(p, y):
    inner = (p > 0) & (p < 1)
    p, y = p[inner], y[inner]
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / max(len(p), 1)


# ---------------------------------------------------------------- repair


def _rows(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise(
    "12",
    title="The weights that weighed nothing",
    hints=[
        "First the loss of each row, shape (n,). Only then the weights, row by row.",
        "Keras' default divides by the number of rows, whatever the weights sum to.",
    ],
    right="Right. In Keras the repair is to pass columns, `y[:, None]` and `p[:, None]`: then the "
    "mean over the last axis has one entry, and the weights meet the rows they belong to.",
    probes=[
        (np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.4, 0.3]), np.array([1.0, 3.0, 2.0])),
        (np.array([1.0, 0.0]), np.array([0.6, 0.1]), np.array([5.0, 1.0])),
        (np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.2, 0.7, 0.8, 0.5]), np.array([0, 1.0, 1, 4])),
        (np.array([1, 0, 0]), np.array([1e-9, 0.999, 0.25]), np.array([2, 7, 1])),
    ],
    digits=6,
)
def repair(y, p, w):
    """This was meant to weight each row:

      `loss = keras.losses.BinaryCrossentropy()`
      `loss(y, p, sample_weight=w)`

    With arrays of shape (n,), Keras averages over the last axis first, and only then multiplies
    by the weights. Write repair(y, p, w) in NumPy: the number that was meant, the mean over n of
    the weighted losses of the rows. The labels are 0 or 1, and no p is.
    """
    rows = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.mean(w * rows)


@repair.mistake(
    "This is what the broken line returns: the plain mean, times the mean weight. Which comes "
    "first, the weight or the mean?"
)
def _broken(y, p, w):
    return np.mean(_rows(y, p)) * np.mean(w)


@repair.mistake(
    "You divide by the sum of the weights, as PyTorch and scikit-learn do. What does Keras divide "
    "by?"
)
def _over_weights(y, p, w):
    return np.average(_rows(y, p), weights=w)


@repair.mistake("Each row is weighted as it should be. Which division is missing?")
def _weighted_but_summed(y, p, w):
    return np.sum(w * _rows(y, p))


@repair.mistake(
    "There is an eps in your logarithms, and six digits show it. No forecast here is 0 or 1: what "
    "is it to guard?",
    eps=EPS,
    pair=PAIRS,
)
def _with_an_eps(y, p, w, eps, pair):
    p, q = pair(p, eps)
    return np.mean(-w * (y * np.log(p) + (1 - y) * np.log(q)))


@repair.mistake("Your weights have no effect on the result. Where do they enter?")
def _unweighted(y, p, w):
    return np.mean(_rows(y, p))


@repair.mistake(
    "The weights reach the rows of one label alone: the others count once, whatever their weight. "
    "Where is a bracket missing?",
    label=(1, 0),
)
def _one_label_weighted(y, p, w, label):
    return np.mean(np.where(y == label, w, 1) * _rows(y, p))


@repair.mistake(
    "You divide by the number of rows whose weight is not 0. What does Keras divide by?"
)
def _over_rows_that_count(y, p, w):
    return np.sum(w * _rows(y, p)) / np.count_nonzero(w)


@repair.mistake(
    "Labels and forecasts have changed places inside your function, and a clip hides the "
    "logarithms of 0. Which of the two stands inside the logarithms?",
    eps=AnySize(1e-15, EPS.high),
)
def _exchanged(y, p, w, eps):
    return np.mean(w * _rows(p, np.clip(y, eps, 1 - eps)))


# ---------------------------------------------------------------- who is it?


SOME = tuple(places for n in (1, 2, 3) for places in itertools.combinations(range(3), n))


@exercise(
    "12",
    title="Three losses without a name",
    by_hand=False,
    draws={"number": tuple(range(1, 24))},
    hints=[
        "`print(ce.fingerprint(a))` tells all three habits, in three of its sentences. You can ask "
        "yourself, too: what becomes of a small batch when the two arguments change places, and "
        "when each row is there twice?",
        "Which loss gives the same number for a batch and for the batch twice over? And what does "
        "each say to one row that was certain and wrong?",
        f"A loss with none of the three habits has the number 1; with all of them it has "
        f"{1 + FORECAST_FIRST + SUMMED + BOUNDED}.",
    ],
    right=lambda answer: (
        "Right: {}, {} and {}. Three questions told eight losses apart, and no page of a manual. "
        "Ask the same three of every line that you port.".format(*answer)
    ),
)
def who_is_it(number=8):
    """The line `a, b, c = mystery({number})` gives three binary losses of probabilities, in nats,
    by nobody's name. What is the number of each? It is 1; add 4 if the forecast comes first, add 2
    if the rows are summed and not averaged, and add 1 if each logarithm is at least −100, as in
    PyTorch, and not p clipped at 1e-7, as in Keras. Answer with the numbers of a, b and c.
    """
    found = [ce.fingerprint(loss).facts for loss in mystery(number)]
    return [
        1
        + 4 * (facts["order"] == "forecast first")
        + 2 * (facts["reduction"] == "sum over rows")
        + (facts["certain and wrong"] == 100)
        for facts in found
    ]


def _with_other(number, habit, places):
    """The numbers where one habit is taken for the other, at some of the three places."""
    return [
        1 + (code - 1 ^ habit if place in places else code - 1)
        for place, code in enumerate(numbers_of(number))
    ]


@who_is_it.mistake(
    "The orders are not right in each of the three. A label may be exactly 0 or 1 and a forecast "
    "here is not: in which order does the loss of a good forecast stay small?",
    places=SOME,
)
def _order_taken_wrong(number, places=(0,)):
    return _with_other(number, FORECAST_FIRST, places)


@who_is_it.mistake(
    "Sum and mean are not right in each of the three. What do you get for a batch, and what for "
    "the same rows twice over?",
    places=SOME,
)
def _sum_taken_wrong(number, places=(0,)):
    return _with_other(number, SUMMED, places)


@who_is_it.mistake(
    "The clip and the bound are not right in each of the three. What does each of them charge for "
    "one row that was certain and wrong, and for one that was certain and right?",
    places=SOME,
)
def _end_taken_wrong(number, places=(0,)):
    return _with_other(number, BOUNDED, places)


@who_is_it.mistake(
    "You count from 0, as a computer does. Which number has a loss with none of the three habits?"
)
def _counted_from_0(number):
    return [code - 1 for code in numbers_of(number)]


@who_is_it.mistake(
    "Two of the habits have changed what they add. What is added for a forecast that comes first, "
    "and what for a sum?"
)
def _weights_exchanged(number):
    each = [code - 1 for code in numbers_of(number)]
    return [
        1 + SUMMED * bool(code & FORECAST_FIRST) + FORECAST_FIRST * bool(code & SUMMED) + code % 2
        for code in each
    ]


@who_is_it.mistake(
    "These are the right three numbers, in another order. Which of them belongs to `a`?",
    order=tuple(itertools.permutations(range(3)))[1:],
)
def _in_another_order(number, order=(1, 0, 2)):
    return [numbers_of(number)[place] for place in order]
