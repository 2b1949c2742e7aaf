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
    draws={
        "first": ((0.95, 24), (0.9, 24), (0.9, 21), (0.8, 21), (0.85, 24), (0.95, 27), (0.8, 18)),
        "second": ((0.6, 9), (0.4, 6), (0.5, 7), (0.3, 5), (0.2, 4), (0.5, 8)),
    },
    hints=[
        "Two groups, two gaps: how far is each group's share of rain from what was claimed?",
        lambda first, second: (
            f"The first gap is {abs(first[1] / 30 - first[0]):.3g}, the second "
            f"{abs(second[1] / 10 - second[0]):.3g}. A group counts by its number of forecasts."
        ),
        "Weights: 30 and 10 of 40 forecasts.",
    ],
    right=lambda first, second, answer: (
        f"Right: {answer:.4g}. One group claims too much, the other too little, and ECE adds both "
        "up. Averaged over all forty days, claim and rain differ by only "
        f"{abs(round((first[1] + second[1] - 30 * first[0] - 10 * second[0]) / 40, 6)):g}: two "
        "errors of opposite sign hide each other."
    ),
)
def forty_forecasts(first=(0.95, 24), second=(0.6, 9)):
    """A service said {first[0]} on thirty days, and it rained on {first[1]} of them. It said
    {second[0]} on ten days, and it rained on {second[1]} of those.

    What is its expected calibration error, with one bin for each of the two claims?
    """
    gap, other = abs(first[1] / 30 - first[0]), abs(second[1] / 10 - second[0])
    return 30 / 40 * gap + 10 / 40 * other


@forty_forecasts.mistake(
    "This is the plain mean of the two gaps, as if both groups were equally large. Three days in "
    "four belong to the first: how should that count?",
    times=(1, 100),
)
def _unweighted(first, second, times=1):
    return times * (abs(first[1] / 30 - first[0]) + abs(second[1] / 10 - second[0])) / 2


@forty_forecasts.mistake(
    "This is the gap between the mean claim and the share of rain over all forty days. Errors of "
    "opposite sign cancel there. Where must the bars of |…| stand: round the whole, or round each "
    "group?"
)
def _overall(first, second):
    return abs((first[1] + second[1]) / 40 - (30 * first[0] + 10 * second[0]) / 40)


@forty_forecasts.mistake(
    "The weights are exchanged: which of the two claims was made on thirty days?"
)
def _exchanged(first, second):
    return 10 / 40 * abs(first[1] / 30 - first[0]) + 30 / 40 * abs(second[1] / 10 - second[0])


@forty_forecasts.mistake(
    "This is the sum of the two gaps. *Expected* stands for a mean, over forecasts: how many "
    "belong to each gap?"
)
def _sum_of_gaps(first, second):
    return abs(first[1] / 30 - first[0]) + abs(second[1] / 10 - second[0])


@forty_forecasts.mistake(
    "Here the gaps were squared before they were averaged. Such a measure exists too, with and "
    "without a root at the end; ECE takes the gaps as they are: what is their mean?",
    power=(0.5, 1),
)
def _mean_square(first, second, power=0.5):
    gap, other = first[1] / 30 - first[0], second[1] / 10 - second[0]
    return (30 / 40 * gap**2 + 10 / 40 * other**2) ** power


@forty_forecasts.mistake(
    "This is the larger of the two gaps: the *maximum* calibration error. What does the expected "
    "one do with both?"
)
def _largest_gap(first, second):
    return max(abs(first[1] / 30 - first[0]), abs(second[1] / 10 - second[0]))


@forty_forecasts.mistake(
    "This is the mean of |y − p| over the single days. A day is wet or dry, and never nearly as "
    "a claim says; what can agree with a claim is the share of rain in its group. What are the "
    "two shares?"
)
def _day_by_day(first, second):
    days = [(30, *first), (10, *second)]
    return sum(wet * (1 - p) + (n - wet) * p for n, p, wet in days) / 40


@forty_forecasts.mistake(
    "The days of rain were divided by all forty days. On how many days was each claim made?"
)
def _shares_of_all_days(first, second):
    return 30 / 40 * abs(first[1] / 40 - first[0]) + 10 / 40 * abs(second[1] / 40 - second[0])


# ---------------------------------------------------------------- ECE as a function


def _table(seed, n):
    rng = np.random.default_rng(seed)
    p = rng.random(n)
    return (rng.random(n) < p**2).astype(int), p  # drawn: never on an edge, where rounding decides


@exercise(
    "08",
    title="Write ECE yourself",
    hints=[
        "p · n_bins, rounded up, is the number of the bin that p lies in, from 1; 0 has to be "
        "moved into bin 1.",
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
        (np.array([1, 0, 0, 1, 1]), np.array([0.0, 0.1, 0.15, 0.9, 0.95]), 5),
        (np.array([1, 1, 0, 1, 0, 0]), np.array([0.25, 0.5, 0.5, 0.6, 0.8, 1.0]), 4),
        (np.array([1, 0]), np.array([0.0, 0.0]), 2),
    ],
    digits=4,
)
def ece(y, p, n_bins):
    """Write ece(y, p, n_bins), the expected calibration error of forecasts p for labels y.

    y and p are arrays of shape (n,). The n_bins bins divide the way from 0 to 1 into equal parts
    and are closed above: with four bins (0, 0.25], (0.25, 0.5] and so on. So a forecast on an edge,
    such as 0.25, belongs to the bin below it, and one of exactly 0 to the first. A bin may be
    empty.
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


def _mean_gap(y, p, groups):
    """The gaps of some groups of rows, weighted by their sizes."""
    return sum(rows.sum() / len(p) * abs(y[rows].mean() - p[rows].mean()) for rows in groups)


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
    "which claims were made, and what is their mean?"
)
def _bin_centres(y, p, n_bins):
    number = _bins(p, n_bins)
    return sum(
        np.mean(number == k) * abs(y[number == k].mean() - (k - 0.5) / n_bins)
        for k in np.unique(number)
    )


@ece.mistake(
    "Without |…| round each bin's gap, too high and too low cancel, and one number for everything "
    "remains: mean claim against base rate. Where do the bars belong?"
)
def _signed(y, p, n_bins):
    return abs(y.mean() - p.mean())


@ece.mistake(
    "Nearly. It is the edges: your bins are closed *below*, or at both ends, so that a claim on an "
    "edge, such as 0.5 with four bins, counts in the bin above it, too, or only there. Which bin "
    "does it belong to here?",
    closed=("below", "below, and 1 nowhere", "at both ends"),
)
def _edges_elsewhere(y, p, n_bins, closed):
    number = np.floor(p * n_bins)
    if closed == "below":
        number = np.minimum(number, n_bins - 1)
    groups = [number == k for k in range(n_bins)]
    if closed == "at both ends":
        scaled = p * n_bins
        groups = [(scaled >= k) & (scaled <= k + 1) for k in range(n_bins)]
    return _mean_gap(y, p, [rows for rows in groups if rows.any()])


@ece.mistake(
    "Nearly. It is the forecast of exactly 0: `0 < p` is not so, and 0 rounded up, less 1, is −1, "
    "which counts from the end. In which of your bins does it come to lie, if in any?",
    where=("nowhere", "in a bin of its own", "in the last bin"),
)
def _zero_elsewhere(y, p, n_bins, where):
    number = np.ceil(p * n_bins)
    if where == "in the last bin":
        number = np.where(number == 0, n_bins, number)
    kept = np.unique(number if where != "nowhere" else number[number > 0])
    return _mean_gap(y, p, [number == k for k in kept])


@ece.mistake(
    "This is the mean of |y − p| over single forecasts. A single day is never 80% wet: compare "
    "*groups*. What are the share of a bin and its mean claim?"
)
def _row_by_row(y, p, n_bins):
    return np.mean(np.abs(y - p))


@ece.mistake(
    "Your bins and their gaps are right. Then the gaps are squared, or only the largest is kept: "
    "such measures exist as well. What does ECE do with the sizes of the gaps?",
    then=("squared", "squared, and a root", "the largest"),
)
def _another_measure(y, p, n_bins, then):
    number = _bins(p, n_bins)
    groups = [number == k for k in np.unique(number)]
    gaps = np.array([abs(y[rows].mean() - p[rows].mean()) for rows in groups])
    if then == "the largest":
        return gaps.max()
    mean = np.sum([rows.mean() for rows in groups] * gaps**2)
    return np.sqrt(mean) if then == "squared, and a root" else mean


@ece.mistake(
    "Here the forecasts are folded: p or 1 − p, whichever is larger, against how often the "
    "favourite was right. That is done with several classes. What do y and p themselves say?"
)
def _of_the_favourite(y, p, n_bins):
    sure, number = np.maximum(p, 1 - p), _bins(np.maximum(p, 1 - p), n_bins)
    right = (p >= 0.5) == (y == 1)
    return _mean_gap(right, sure, [number == k for k in np.unique(number)])


# ---------------------------------------------------------------- the best temperature


@exercise(
    "08",
    title="The temperature of one claim",
    draws={"z": (4, 5, 6, 8), "hits": (60, 75, 80, 90, 95)},
    hints=[
        "The best single claim for rows of which a share happened is that share.",
        lambda z, hits: (
            f"Which logit belongs to {hits / 100}? The temperature has to turn {z} into it by "
            "division."
        ),
    ],
    right=lambda z, hits, answer: (
        f"Right: T = {z} / ln {hits / (100 - hits):g} = {answer:.4g}. All rows had the same logit, "
        "so one temperature repairs them all. With many logits it has to be a compromise."
    ),
)
def one_claim(z=4, hits=75):
    """A binary classifier gave the logit {z} to each of 100 rows: σ({z}), almost certain. In {hits}
    of them it was right: y = 1.

    Which temperature T makes the loss of σ({z}/T) on these rows as small as it can be?
    """
    share = hits / 100
    return z / math.log(share / (1 - share))


@one_claim.mistake(
    lambda hits: (
        "This is the ratio of the two probabilities. The temperature divides the *logit*: which "
        f"logit stands for {hits / 100}?"
    )
)
def _ratio_of_probabilities(z, hits):
    return 1 / (1 + math.exp(-z)) / (hits / 100)


@one_claim.mistake(
    "This is 1/T, the factor that multiplies the logit. The temperature divides it; above 1 it "
    "takes confidence away. Which way up does it stand?"
)
def _inverse(z, hits):
    return math.log(hits / (100 - hits)) / z


@one_claim.mistake(
    lambda z, it: (
        f"{it:.4g} is the logit you want to arrive at. What does a temperature do to {z} on the "
        "way there?"
    )
)
def _target_logit(hits):
    return math.log(hits / (100 - hits))


@one_claim.mistake(
    lambda z, hits: (
        f"Here {z} was divided by the probability {hits / 100}, or multiplied by it. Go from the "
        "probability to its logit first: which is it?"
    ),
    power=(-1, 1),
)
def _by_probability(z, hits, power=-1):
    return z * (hits / 100) ** power


@one_claim.mistake(
    lambda z: (
        f"This is {z} minus the right logit: a shift, not a scale. It would repair these rows too; "
        "the question asks for a temperature. What does that do to a logit?"
    )
)
def _shift(z, hits):
    return z - math.log(hits / (100 - hits))


@one_claim.mistake(
    lambda z, hits: (
        f"Here {z} was divided by the odds, {hits} to {100 - hits}. A logit is not the odds: what "
        "has to be taken of them?"
    )
)
def _by_odds(z, hits):
    return z / (hits / (100 - hits))


@one_claim.mistake(
    "The odds are right, and their logarithm is taken to base 2 or 10. On which base does σ stand?",
    base=(2, 10),
)
def _in_another_base(z, hits, base=2):
    return z / math.log(hits / (100 - hits), base)


@one_claim.mistake(
    lambda hits: (
        f"This divides by ln {hits / 100} alone. The logit of a probability asks about the other "
        "outcome, too: what is it?"
    ),
    sign=(-1, 1),
)
def _by_log_of_the_share(z, hits, sign=-1):
    return sign * z / math.log(hits / 100)


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
        (np.array([[0.2, 0.3, 0.5], [0.9, 1e-12, 0.1], [0.4, 0.4, 0.2]]), 4.0),
        (np.array([[0.75, 1e-6, 0.249999]]), 0.5),
    ],
    digits=4,
)
def warmed(p, T):
    """Write warmed(p, T): what the rows of probabilities p, shape (n, K), become at temperature T.

    All entries of p are above 0, and so is T. The result has the same shape, and its rows sum to 1.
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


@warmed.mistake("Right up to a factor: your rows do not sum to 1. What is still to be done?")
def _not_normalised(p, T):
    return p ** (1 / T)


@warmed.mistake(
    "The sums do not stand beside their rows: they run down the columns, or they have lost their "
    "axis. Which axis has to sum to 1, and which argument keeps its place?",
    sums=({"axis": 0}, {"axis": 1}),
)
def _sums_misplaced(p, T, sums):
    powers = p ** (1 / T)
    return powers / powers.sum(**sums)


@warmed.mistake(
    "Each entry is warmed as a binary forecast of its own, by its log-odds. A softmax has one "
    "logit a class, and all share one sum: which logits belong to a whole row?",
    then=("as it is", "divided by the sum"),
)
def _each_alone(p, T, then):
    odds = (p / (1 - p)) ** (1 / T)
    q = odds / (1 + odds)
    return q / q.sum(axis=1, keepdims=True) if then == "divided by the sum" else q


@warmed.mistake(
    "The logits are logarithms to base 2 or 10, and softmax raises e to them: even T = 1 changes "
    "the row. Which logarithm does the exponential undo?",
    base=(2, 10),
)
def _logits_of_another_base(p, T, base):
    powers = np.exp(np.log(p) / np.log(base) / T)
    return powers / powers.sum(axis=1, keepdims=True)


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


_SAID = np.array([0.9, 0.7, 0.6, 0.3, 0.2])


def _pairs(y):
    """How many pairs of a row with y = 1 and one with y = 0 the forecasts put in order, of all."""
    pairs = [a > b for a in _SAID[np.equal(y, 1)] for b in _SAID[np.equal(y, 0)]]
    return sum(pairs), len(pairs)


def _loss(y, p):
    return -np.mean(np.log(np.where(np.equal(y, 1), p, 1 - p)))


@exercise(
    "08",
    title="What a cube does to AUC",
    draws={
        "y": (
            (1, 1, 0, 0, 1),
            (1, 0, 1, 1, 0),
            (1, 0, 1, 0, 0),
            (1, 0, 0, 1, 0),
            (0, 1, 1, 0, 0),
            (0, 1, 1, 1, 0),
            (0, 1, 1, 0, 1),
            (1, 0, 1, 0, 1),
            (1, 0, 1, 1, 1),
            (1, 1, 0, 1, 1),
            (0, 1, 0, 0, 0),
            (1, 1, 1, 0, 1),
        )
    },
    hints=[
        "AUC counts pairs: one row with y = 1 and one with y = 0. How many pairs are there?",
        "A pair counts if the row with y = 1 has the higher forecast. Does p³ change which of two "
        "forecasts is the higher one?",
        "Go through the pairs one by one: in which has the row with y = 0 the higher forecast?",
    ],
    right=lambda y, answer: (
        f"Right: {answer:.3g}, {_pairs(y)[0]} of {_pairs(y)[1]} pairs, before and after the cube: "
        f"p³ keeps every order. The log loss goes from {_loss(y, _SAID):.3f} to "
        f"{_loss(y, _SAID**3):.3f}. Whoever watches AUC alone sees nothing."
    ),
)
def cubed(y=(1, 1, 0, 1, 0)):
    """Five rows have the labels y = {y}. A model forecasts p = (0.9, 0.7, 0.6, 0.3, 0.2), and then
    somebody cubes all forecasts: (0.729, 0.343, 0.216, 0.027, 0.008).

    What is the AUC of the cubed forecasts?
    """
    y, q = np.array(y), np.array([0.729, 0.343, 0.216, 0.027, 0.008])
    return np.mean([a > b for a in q[y == 1] for b in q[y == 0]])


@cubed.mistake(
    lambda it: (
        f"{it:.3g} is the cube of the AUC. The cube is taken of the forecasts, and AUC looks at "
        "their order only: does that change?"
    )
)
def _cube_of_auc(y):
    return (_pairs(y)[0] / _pairs(y)[1]) ** 3


@cubed.mistake(
    lambda it: (
        f"{it:.3g} counts what stands the wrong way round. Which pairs does AUC count, those or "
        "the others?"
    )
)
def _wrong_pairs(y):
    return 1 - _pairs(y)[0] / _pairs(y)[1]


@cubed.mistake(
    lambda it: (
        f"{it:.3g} is the accuracy at a threshold of 0.5, after the cube. AUC needs no threshold: "
        "it looks at pairs of rows. Which are they?"
    )
)
def _accuracy(y):
    return np.mean((_SAID**3 > 0.5) == np.equal(y, 1))


@cubed.mistake(
    lambda it: (
        f"{it:.3g} divides by all ten pairs of rows. Only pairs of one row with y = 1 and one with "
        "y = 0 can be ranked right or wrong: how many are these?"
    )
)
def _all_pairs(y):
    return _pairs(y)[0] / 10


@cubed.mistake(
    "This is the log loss of the cubed forecasts. It does change; the question was for AUC, the "
    "share of pairs in the right order. Which are these?"
)
def _log_loss(y):
    return _loss(y, _SAID**3)


@cubed.mistake(
    "1 would be a perfect order. Does a row with y = 0 stand above one with y = 1 somewhere?"
)
def _perfect():
    return 1.0


@cubed.mistake(
    "This is the average precision: the share of ones down to each row with y = 1, averaged. AUC "
    "asks another question, about pairs: which?"
)
def _average_precision(y):
    return np.mean([np.mean(y[: i + 1]) for i in range(len(y)) if y[i]])


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
