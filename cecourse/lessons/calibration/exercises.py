"""The exercises of notebook 08: calibration error, temperature, ranking, and the right repair."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- ECE of two groups


@exercise(
    "08",
    title="Forty forecasts",
    hints=[
        "Two groups, two gaps: how far is each group's share of rain from what was claimed?",
        "The first gap is 0.15, the second 0.3. A group counts by its number of forecasts.",
        "Weights: 30 and 10 of 40 forecasts.",
    ],
    right="Right: 0.1875. One group claims too much, the other too little, and ECE adds both up. "
    "Averaged over all forty days, claim and rain differ by only 0.0375: two errors of opposite "
    "sign hide each other.",
)
def forty_forecasts():
    """A service said 0.95 on thirty days, and it rained on 24 of them. It said 0.6 on ten days, and
    it rained on 9 of those.

    What is its expected calibration error, with one bin for each of the two claims?
    """
    return 30 / 40 * abs(24 / 30 - 0.95) + 10 / 40 * abs(9 / 10 - 0.6)


@forty_forecasts.mistake(
    "This is the plain mean of the two gaps, as if both groups were equally large. Three days in "
    "four belong to the first: how should that count?"
)
def _unweighted():
    return (0.15 + 0.3) / 2


@forty_forecasts.mistake(
    "This is the gap between the mean claim and the share of rain over all forty days. Errors of "
    "opposite sign cancel there. Where must the bars of |…| stand: round the whole, or round each "
    "group?"
)
def _overall():
    return abs(33 / 40 - (30 * 0.95 + 10 * 0.6) / 40)


@forty_forecasts.mistake(
    "The weights are exchanged: which of the two claims was made on thirty days?"
)
def _exchanged():
    return 10 / 40 * 0.15 + 30 / 40 * 0.3


@forty_forecasts.mistake(
    "This is the sum of the two gaps. *Expected* stands for a mean: over forecasts."
)
def _sum_of_gaps():
    return 0.15 + 0.3


@forty_forecasts.mistake(
    "Here the gaps were squared, averaged and the root was taken. That measure exists too; ECE "
    "takes the gaps as they are."
)
def _root_mean_square():
    return math.sqrt(30 / 40 * 0.15**2 + 10 / 40 * 0.3**2)


# ---------------------------------------------------------------- ECE as a function


def _table(seed, n):
    rng = np.random.default_rng(seed)
    p = rng.random(n)
    return (rng.random(n) < p**2).astype(int), p  # drawn: never on an edge, where rounding decides


@exercise(
    "08",
    title="Write ECE yourself",
    hints=[
        "`np.ceil(p * n_bins)` is the number of the bin that p lies in, from 1; 0 has to be moved "
        "into bin 1.",
        "Loop over the bins that hold something: the mask `number == k` picks their rows out of y "
        "and p.",
        "A bin's gap is |y.mean() − p.mean()| of its rows, and its weight is its number of rows "
        "over n.",
    ],
    right="Right, with empty bins, full ones, and claims that sit on an edge. Other definitions of "
    "the bins give other numbers: write down which was used.",
    probes=[
        (np.array([1] * 6 + [0] * 4 + [1] * 6 + [0] * 4), np.array([0.95] * 10 + [0.55] * 10), 10),
        (np.array([1, 0, 1, 1, 0, 1, 0]), np.array([0.5, 0.5, 1.0, 0.75, 0.25, 0.0, 0.3]), 4),
        (*_table(1, 60), 5),
        (*_table(2, 35), 20),
        (np.array([0, 1, 1]), np.array([0.2, 0.9, 0.4]), 1),
    ],
    digits=4,
)
def ece(y, p, n_bins):
    """Write ece(y, p, n_bins), the expected calibration error of forecasts p for labels y.

    y and p are arrays of shape (n,). The n_bins bins have equal width and are closed above: with
    four bins (0, 0.25], (0.25, 0.5] and so on, where a forecast of exactly 0 belongs to the first.
    """
    number = np.maximum(np.ceil(p * n_bins), 1)
    total = 0.0
    for k in range(1, n_bins + 1):
        inside = number == k
        if inside.any():
            total += inside.mean() * abs(y[inside].mean() - p[inside].mean())
    return total


def _bins(p, n_bins):
    return np.maximum(np.ceil(p * n_bins), 1)


@ece.mistake(
    "Each bin is right, and then all bins count alike: one with two forecasts as much as one with "
    "two hundred. By what should a bin's gap be weighted?"
)
def _bins_alike(y, p, n_bins):
    number = _bins(p, n_bins)
    gaps = [abs(y[number == k].mean() - p[number == k].mean()) for k in np.unique(number)]
    return np.mean(gaps)


@ece.mistake(
    "You compare the share with the middle of the bin. Forecasts need not sit in the middle: "
    "compare with the mean of the claims that were made."
)
def _bin_centres(y, p, n_bins):
    number = _bins(p, n_bins)
    return sum(
        np.mean(number == k) * abs(y[number == k].mean() - (k - 0.5) / n_bins)
        for k in np.unique(number)
    )


@ece.mistake(
    "Without |…| round each bin's gap, too high and too low cancel, and one number for everything "
    "remains: mean claim against base rate."
)
def _signed(y, p, n_bins):
    return abs(y.mean() - p.mean())


@ece.mistake(
    "Nearly. Your bins are closed *below*, so a claim on an edge, such as 0.5 with four bins, "
    "falls into the next bin, and 1.0 into one of its own or none. Here bins are closed above."
)
def _closed_below(y, p, n_bins):
    number = np.minimum(np.floor(p * n_bins), n_bins - 1)
    return sum(
        np.mean(number == k) * abs(y[number == k].mean() - p[number == k].mean())
        for k in np.unique(number)
    )


@ece.mistake(
    "Nearly. A forecast of exactly 0 is in none of your bins: 0 < p is not so. It belongs to the "
    "first one."
)
def _zero_lost(y, p, n_bins):
    number = np.ceil(p * n_bins)
    return sum(
        np.mean(number == k) * abs(y[number == k].mean() - p[number == k].mean())
        for k in np.unique(number[number > 0])
    )


@ece.mistake(
    "This is the mean of |y − p| over single forecasts. A single day is never 80% wet: compare "
    "*groups*, the share of a bin with its mean claim."
)
def _row_by_row(y, p, n_bins):
    return np.mean(np.abs(y - p))


# ---------------------------------------------------------------- the best temperature


@exercise(
    "08",
    title="The temperature of one claim",
    hints=[
        "The best single claim for rows of which a share happened is that share.",
        "Which logit belongs to 0.75? The temperature has to turn 4 into it by division.",
    ],
    right="Right: T = 4 / ln 3 = 3.641. All rows had the same logit, so one temperature repairs "
    "them all. With many logits it has to be a compromise.",
)
def one_claim():
    """A binary classifier gave the logit 4 to each of 100 rows: σ(4), almost certain. In 75 of
    them it was right: y = 1.

    Which temperature T makes the loss of σ(4/T) on these rows as small as it can be?
    """
    return 4 / math.log(0.75 / 0.25)


@one_claim.mistake(
    "This is the ratio of the two probabilities. The temperature divides the *logit*: which logit "
    "stands for 0.75?"
)
def _ratio_of_probabilities():
    return 1 / (1 + math.exp(-4)) / 0.75


@one_claim.mistake(
    "This is 1/T, the factor that multiplies the logit. The temperature divides it; above 1 it "
    "takes confidence away."
)
def _inverse():
    return math.log(3) / 4


@one_claim.mistake(
    "1.0986 is the logit you want to arrive at. Which number turns 4 into it, if you divide by it?"
)
def _target_logit():
    return math.log(3)


@one_claim.mistake(
    "Here 4 was divided by the probability 0.75. Go from the probability to its logit first."
)
def _by_probability():
    return 4 / 0.75


@one_claim.mistake(
    "This is 4 minus the right logit: a shift, not a scale. It would repair these rows too; the "
    "question asks for a temperature."
)
def _shift():
    return 4 - math.log(3)


# ---------------------------------------------------------------- find the bug


_ROWS = np.array([[0.7, 0.2, 0.1], [0.05, 0.9, 0.05]])


@exercise(
    "08",
    title="Find the bug",
    hints=[
        "Divide (0.7, 0.2, 0.1) by 2 and then by the sum. What came out?",
        "The temperature belongs to the logits. They are lost, but ln p are logits too: softmax "
        "sees differences only, and ln p differs from z by the same number in the whole row.",
        "softmax(ln p / T), row by row. Or, which is the same, p to the power 1/T over its sum.",
    ],
    right="Right. Dividing probabilities by T and renormalising gives the same probabilities back, "
    "for every T: no error, no effect. ln p are as good as the lost logits.",
    probes=[
        (_ROWS, 2.0),
        (_ROWS, 0.5),
        (_ROWS, 1.0),
        (np.array([[0.25, 0.25, 0.4, 0.1]]), 3.0),
        (np.array([[0.999, 0.001]]), 2.5),
    ],
    digits=4,
)
def warmed(p, T):
    """Write warmed(p, T): what the rows of probabilities p, shape (n, K), become at temperature T.

    All entries of p are above 0. The result has the same shape, and its rows sum to 1.
    """
    powers = p ** (1 / T)
    return powers / powers.sum(axis=1, keepdims=True)


@warmed.mistake(
    "It still gives back what it was given, whatever T is: the factor 1/T cancels in the "
    "normalisation. T divides logits, not probabilities."
)
def _as_found(p, T):
    scaled = p / T
    return scaled / scaled.sum(axis=1, keepdims=True)


@warmed.mistake(
    "Your T works the other way round: 2 makes the forecasts surer. A logit is *divided* by T."
)
def _times(p, T):
    powers = p**T
    return powers / powers.sum(axis=1, keepdims=True)


@warmed.mistake(
    "Here probabilities went into softmax as if they were logits: even T = 1 changes them. That is "
    "the second softmax of notebook 05. What are the logits of p?"
)
def _softmax_twice(p, T):
    exps = np.exp(p / T)
    return exps / exps.sum(axis=1, keepdims=True)


@warmed.mistake("Right up to a factor: your rows do not sum to 1.")
def _not_normalised(p, T):
    return p ** (1 / T)


@warmed.mistake(
    "The sum runs over rows instead of classes. Which axis has to sum to 1, and which argument "
    "keeps its place?"
)
def _wrong_axis(p, T):
    powers = p ** (1 / T)
    return powers / powers.sum(axis=0, keepdims=True)


@warmed.mistake(
    "There is an eps in your logarithm, and it moves the small shares. Every p here is above 0: "
    "what is it to guard?",
    eps=EPS,
    guard=GUARDS,
)
def _with_an_eps(p, T, eps, guard):
    powers = guard(p, eps) ** (1 / T)
    return powers / powers.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- ranking


_WET = np.array([1, 1, 0, 1, 0])
_SAID = np.array([0.9, 0.7, 0.6, 0.3, 0.2])


def _loss(p):
    return -np.mean(np.log(np.where(_WET == 1, p, 1 - p)))


@exercise(
    "08",
    title="What a cube does to AUC",
    hints=[
        "AUC counts pairs: one row with y = 1 and one with y = 0. How many pairs are there?",
        "A pair counts if the row with y = 1 has the higher forecast. Does p³ change which of two "
        "forecasts is the higher one?",
        "Go through the pairs one by one: in which has the row with y = 0 the higher forecast?",
    ],
    right="Right: 5 of 6 pairs, 0.833, before and after the cube: p³ keeps every order. The log "
    f"loss rises from {_loss(_SAID):.3f} to {_loss(_SAID**3):.3f}. Whoever watches AUC alone sees "
    "nothing.",
)
def cubed():
    """Three rows are positive and two are not: y = (1, 1, 0, 1, 0). A model forecasts
    p = (0.9, 0.7, 0.6, 0.3, 0.2), and then somebody cubes all forecasts: (0.729, 0.343, 0.216,
    0.027, 0.008).

    What is the AUC of the cubed forecasts?
    """
    y, q = np.array([1, 1, 0, 1, 0]), np.array([0.729, 0.343, 0.216, 0.027, 0.008])
    return np.mean([a > b for a in q[y == 1] for b in q[y == 0]])


@cubed.mistake(
    "0.579 is the cube of the AUC. The cube is taken of the forecasts, and AUC looks at their "
    "order only: does that change?"
)
def _cube_of_auc():
    return (5 / 6) ** 3


@cubed.mistake(
    "0.167 counts the one pair that stands the wrong way round. AUC counts the right ones."
)
def _wrong_pairs():
    return 1 / 6


@cubed.mistake(
    "0.6 is the accuracy at a threshold of 0.5, here and after the cube. AUC needs no threshold: "
    "it looks at pairs of rows."
)
def _accuracy():
    return np.mean((_SAID**3 > 0.5) == _WET)


@cubed.mistake(
    "0.5 divides by all ten pairs of rows. Only pairs of one row with y = 1 and one with y = 0 "
    "can be ranked right or wrong."
)
def _all_pairs():
    return 5 / 10


@cubed.mistake(
    "This is the log loss of the cubed forecasts. It does change; the question was for AUC, the "
    "share of pairs in the right order."
)
def _log_loss():
    return _loss(_SAID**3)


# ---------------------------------------------------------------- which repair


@exercise(
    "08",
    title="Which repair?",
    hints=[
        "What does a forecast of 0.5, logit 0, become under z/T? And what should it become?",
        "Look at both ends of the list as well: does the spread of the logits have to change?",
        "Write the odds of each claim beside the odds of what happened: 1:1 became 4:1. What "
        "became of the others?",
    ],
    right="Right. In each group the odds are four times what was claimed: 1:9 became 4:9, 1:1 "
    "became 4:1, 9:1 became 36:1. A shift of ln 4 = "
    f"{math.log(4):.3f} in the logit, and nothing else. "
    "Notebook 09 shows what makes a model shift like that.",
    choices={
        "A": "a temperature above 1",
        "B": "a temperature below 1",
        "C": "a shift of the logit, z + b",
        "D": "none: there is a group at 0.5, and 0.5 cannot be miscalibrated",
    },
    mistakes={
        "A": "A temperature above 1 pulls every claim towards 0.5, and it leaves 0.5 where it is. "
        "The claim of 0.5 came true in 8 of 10.",
        "B": "A temperature below 1 drives claims away from 0.5 on both sides: 0.1 would fall, and "
        "it has to rise. And 0.5 would stay.",
        "D": "0.5 is a claim like any other: half of them should happen. Here 0.8 of them did.",
    },
)
def which_repair():
    """On thousands of held-out rows a model's claims of 0.1, 0.5 and 0.9 came true with the shares
    0.308, 0.8 and 0.973.

    Which is the least repair that puts all three right?
    """
    claimed, happened = np.array([0.1, 0.5, 0.9]), np.array([0.308, 0.8, 0.973])
    z, wanted = (np.log(p / (1 - p)) for p in (claimed, happened))
    repaired = {"A": z / 2, "B": z * 2, "C": z + wanted[1], "D": z}  # a claim of 0.5 has logit 0
    return min(repaired, key=lambda option: np.abs(repaired[option] - wanted).max())
