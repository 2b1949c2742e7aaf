"""The exercises of notebook 12: translate, predict the wrong number, repair."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS, USUAL
from cecourse.exercise.mistake import EPS

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

Y, LOGITS = np.array([1.0, 0.0, 1.0]), np.array([2.0, -1.0, -0.5])


@exercise(
    "12",
    title="from_logits, forgotten",
    hints=[
        "Without the argument Keras takes 2, −1 and −0.5 for probabilities. What does it do to a "
        "probability above 1, or below 0?",
        "After the clip the three are 1 − 1e-7, 1e-7 and 1e-7. Which of the three rows is now "
        "confidently wrong?",
        "One row costs −ln 1e-7, and two cost nearly nothing. The default is the mean.",
    ],
    right="Right: 5.373, one third of 16.118. Every logit has become a certainty, right or "
    "wrong, and behind the clip the slope is 0: this network does not learn.",
)
def forgotten():
    """Somebody forgot an argument. With labels y = (1, 0, 1) and logits z = (2, −1, −0.5) they
    wrote `keras.losses.BinaryCrossentropy()(y, z)`. Which number comes back?
    """
    p = np.clip(LOGITS, 1e-7, 1 - 1e-7)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@forgotten.mistake(
    "This is the loss with `from_logits=True`, the one that was meant. Without it, no sigmoid is "
    "applied: what happens to a 2 in the place of a probability?"
)
def _as_meant():
    return np.mean(np.logaddexp(0, LOGITS) - Y * LOGITS)


@forgotten.mistake("The three rows are added up here. What does Keras do with them by default?")
def _added_up():
    return 3 * forgotten.function()


@forgotten.mistake(
    "This is what a cap at 100 would give. That bound is PyTorch's: where does Keras clip?"
)
def _cap_of_pytorch():
    return 100 / 3


@forgotten.mistake(
    "This clips at the eps of a float64, as scikit-learn does. Keras has a fixed one: which?"
)
def _eps_of_sklearn():
    return -math.log(np.finfo(float).eps) / 3


@forgotten.mistake(
    "This is what another clip would give. How near to 0 and to 1 does Keras let p come?",
    eps=[eps for eps in (*USUAL, float(np.finfo(np.float32).eps)) if eps != 1e-7],
)
def _another_clip(eps=1e-12):
    return -math.log(eps) / 3


# ---------------------------------------------------------------- two divisors


@exercise(
    "12",
    title="The loss that grew in the port",
    hints=[
        "PyTorch divides the weighted sum by the sum of the weights of the rows. How large was "
        "the weighted sum?",
        "Keras divides the same weighted sum by the number of rows.",
    ],
    right=f"Right: 2.25. Nothing is broken: the slopes grew by the same factor {(1 + 4) / 2}, so "
    "the same learning rate takes larger steps. "
    '`reduction="mean_with_sample_weight"` gives the 0.9.',
)
def ported():
    """There are two rows, one of each class. Class 0 has weight 1 and class 1 weight 4, and
    PyTorch's `F.cross_entropy(Z, labels, weight=w)` reports 0.9. The port to Keras passes
    `sample_weight=w[labels]` and leaves `reduction` alone. What does Keras report?
    """
    return 0.9 * (1 + 4) / 2


@ported.mistake("Both divide the same weighted sum. Do they divide by the same number?")
def _unchanged():
    return 0.9


@ported.mistake(
    "This goes the wrong way: from a mean over rows to one over weights. What did PyTorch divide "
    "by to get 0.9?"
)
def _other_way():
    return 0.9 * 2 / 5


@ported.mistake("This is the weighted sum. Keras divides it once more: by what?")
def _weighted_sum():
    return 0.9 * 5


@ported.mistake("You halve the 0.9. Undo PyTorch's own division first: what was the sum?")
def _halved():
    return 0.9 / 2


# ---------------------------------------------------------------- padding

PADDED = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 4.0]])


def _row_losses():
    """Minus the log-probabilities of every class, a row each."""
    return np.log(np.exp(PADDED).sum(axis=1, keepdims=True)) - PADDED


@exercise(
    "12",
    title="A label of −1",
    hints=[
        "Keras turns a label into a one-hot row. Which entry of three can −1 switch on?",
        "A row of zeros times any logarithms is 0, and the row is still counted in the mean.",
        "The other two rows are ordinary: logsumexp of the row, minus the logit of the label.",
    ],
    right="Right: 0.158, where 0.237 was meant. The padding counts as a perfect row: the more of "
    "it, the better the loss looks. Pass `ignore_class=-1`, and Keras leaves the row out.",
    digits=3,
)
def minus_one():
    """The labels are (0, −1, 2). The −1 marks padding, a row that should not count. The logits
    are (2, 0, 1), (1, 3, 0) and (0, 1, 4). What does
    `keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, Z)` report, with JAX?
    """
    loss = np.log(np.exp(PADDED).sum(axis=1, keepdims=True)) - PADDED
    return (loss[0, 0] + 0 + loss[2, 2]) / 3


@minus_one.mistake(
    "This is what was meant: the mean of the two rows that count. Who has told Keras that −1 is "
    "padding?"
)
def _as_intended():
    loss = _row_losses()
    return (loss[0, 0] + loss[2, 2]) / 2


@minus_one.mistake(
    "This takes −1 for the last class, as NumPy and Optax do. Keras does not look the logit up, it "
    "multiplies by a one-hot row: which row does −1 give?"
)
def _last_class():
    loss = _row_losses()
    return (loss[0, 0] + loss[1, 2] + loss[2, 2]) / 3


@minus_one.mistake("These are the rows added up. What is the default reduction?")
def _summed():
    loss = _row_losses()
    return loss[0, 0] + loss[2, 2]


@minus_one.mistake(
    "Here the padded row was scored as class 0. Is that where a one-hot row for −1 has its 1?"
)
def _first_class():
    loss = _row_losses()
    return (loss[0, 0] + loss[1, 0] + loss[2, 2]) / 3


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
    "You clip p, or add an eps to it, as Keras clips at 1e-7: a wrong certainty then costs −ln of "
    "that eps. Where does PyTorch put its bound?",
    eps=EPS,
    pair=PAIRS,
)
def _clipped(p, y, eps, pair):
    p, q = pair(p, eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(q))


@as_pytorch.mistake("The size is right. A loss is never negative: which sign is missing?")
def _no_minus(p, y):
    return -as_pytorch.function(p, y)


@as_pytorch.mistake(
    "The cap at 100 lies on the whole loss here. A certainty that was right then meets 0·∞, and a "
    "soft label pays too much: bound each logarithm, before it is multiplied."
)
def _capped_loss(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.mean(np.minimum(-(y * np.log(p) + (1 - y) * np.log(1 - p)), 100))


@as_pytorch.mistake(
    "The two arguments have changed places inside your function. Which of them is the forecast?"
)
def _places_changed(p, y):
    return as_pytorch.function(y, p)


@as_pytorch.mistake(
    "Ordinary rows are right, and the certainties give ∞ or nan. Bound each logarithm from below."
)
def _unbounded(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


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
    ],
    digits=6,
)
def repair(y, p, w):
    """This was meant to weight each row:

      loss = keras.losses.BinaryCrossentropy()
      loss(y, p, sample_weight=w)

    With arrays of shape (n,), Keras averages over the last axis first, and only then multiplies
    by the weights. Write repair(y, p, w) in NumPy: the number that was meant, the mean over n of
    the weighted losses of the rows.
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


@repair.mistake("Each row is weighted as it should be. One division is missing.")
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
